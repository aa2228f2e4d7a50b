from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.errors import ModelError
from structure.core.onnx_reader import OnnxFile, read_onnx


def varint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def message(field: int, content: bytes | str) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def tensor(name: str, array: np.ndarray, element: int = 1) -> bytes:
    shape = b"".join(number(1, side) for side in array.shape)
    return shape + number(2, element) + message(8, name) + message(9, array.tobytes())


def node(op: str, inputs: list[str], outputs: list[str], attribute: bytes = b"") -> bytes:
    named = [message(1, name) for name in inputs] + [message(2, name) for name in outputs]
    return b"".join(named) + message(4, op) + (message(5, attribute) if attribute else b"")


WEIGHT = np.arange(6, dtype="<f4").reshape(2, 3)
CONSTANT = node("Constant", [], ["c"], message(1, "value") + message(5, tensor("", WEIGHT * 2)))
GRAPH = (
    message(1, node("Relu", ["x"], ["y"])) + message(1, CONSTANT) + message(5, tensor("w", WEIGHT))
)
MODEL = number(1, 8) + message(7, GRAPH) + message(14, message(1, "character") + message(2, "a\nb"))


def read(tmp_path: Path, data: bytes) -> OnnxFile:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    return read_onnx(path)


def test_initializers_constants_nodes_and_metadata_are_found(tmp_path: Path) -> None:
    file = read(tmp_path, MODEL)
    assert file.arrays["w"].tolist() == WEIGHT.tolist()
    assert file.arrays["c"].tolist() == (WEIGHT * 2).tolist()
    assert [(n.op, n.inputs, n.outputs) for n in file.nodes] == [("Relu", ("x",), ("y",))]
    assert file.labels == ("a", "b")


def test_packed_and_single_numbers_mean_the_same(tmp_path: Path) -> None:
    packed = message(1, varint(3)) + number(2, 7) + message(8, "n") + message(7, b"\x01\x02\x03")
    single = (
        number(1, 3) + number(2, 7) + message(8, "m") + b"".join(number(7, i) for i in (1, 2, 3))
    )
    graph = message(1, node("Relu", ["x"], ["y"])) + message(5, packed) + message(5, single)
    arrays = read(tmp_path, message(7, graph)).arrays
    assert arrays["n"].tolist() == arrays["m"].tolist() == [1, 2, 3]


def model_with(content: bytes) -> bytes:
    return message(7, message(1, node("Relu", ["x"], ["y"])) + message(5, content))


HOSTILE = {
    "empty": b"",
    "text": b"this is no model",
    "cut": MODEL[: len(MODEL) // 2],
    "endless number": b"\xff" * 40,
    "huge length": varint(7 << 3 | 2) + varint(2**60) + b"x",
    "group": varint(7 << 3 | 3),
    "number for a graph": number(7, 5),
    "element type": model_with(number(1, 1) + number(2, 8) + message(9, b"abcd")),
    "huge shape": model_with(b"".join(number(1, 2**40) for _ in range(4)) + number(2, 1)),
    "negative shape": model_with(number(1, 2**64 - 1) + number(2, 1) + message(9, b"abcd")),
    "many dimensions": model_with(number(1, 1) * 99 + number(2, 1) + message(9, b"\0" * 4)),
    "too few bytes": model_with(number(1, 3) + number(2, 1) + message(9, b"\0" * 4)),
    "another file": model_with(number(1, 0) + number(2, 1) + message(13, b"") + number(14, 1)),
    "not a number": model_with(number(1, 1) + number(2, 1) + message(9, b"\0\0\xc0\x7f")),
    "bad text": message(7, message(1, message(4, b"\xff\xfe"))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError) as caught:
        read(tmp_path, HOSTILE[name])
    assert caught.value.code == "E_WEIGHTS"


@given(st.integers(0, len(MODEL) - 1), st.integers(0, 255))
def test_one_changed_byte_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    data = bytearray(MODEL)
    data[place] = value
    with contextlib.suppress(ModelError):
        read(tmp_path_factory.mktemp("onnx"), bytes(data))
