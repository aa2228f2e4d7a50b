from __future__ import annotations

import collections
import contextlib
import os
import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.errors import ModelError
from structure.core.paddle_reader import read_pdparams
from structure.core.weights import WeightFile

WEIGHT = np.arange(6, dtype=np.float32).reshape(2, 3)


def read(tmp_path: Path, data: bytes) -> WeightFile:
    path = tmp_path / "model.pdparams"
    path.write_bytes(data)
    return read_pdparams(path)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_arrays_of_every_protocol_come_back(tmp_path: Path, protocol: int) -> None:
    content = {
        "conv.weight": WEIGHT,
        "bn._mean": WEIGHT[0],
        "bn._variance": np.asfortranarray(WEIGHT),
        "one": np.float32(7),
        "StructuredToParameterName@@": {"conv.weight": "conv2d_0.w_0"},
    }
    arrays = read(tmp_path, pickle.dumps(content, protocol)).arrays
    assert set(arrays) == {"conv.weight", "bn.running_mean", "bn.running_var", "one"}
    assert arrays["conv.weight"].tolist() == WEIGHT.tolist()
    assert arrays["bn.running_var"].tolist() == WEIGHT.tolist()
    assert arrays["one"].tolist() == 7


def test_old_paths_of_numpy_are_known(tmp_path: Path) -> None:
    data = pickle.dumps({"w": WEIGHT}, 2)
    assert b"numpy._core.multiarray" in data
    old = data.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    assert read(tmp_path, old).arrays["w"].tolist() == WEIGHT.tolist()


def test_tensors_saved_as_pairs_in_a_nested_map_are_found(tmp_path: Path) -> None:
    content = {"model": collections.OrderedDict(w=("conv2d_0.w_0", WEIGHT))}
    assert read(tmp_path, pickle.dumps(content, 4)).arrays["w"].tolist() == WEIGHT.tolist()


class Runs:
    """Pickles to a call of `function`."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.function, self.arguments


def calls(module: str, name: str, argument: str) -> bytes:
    """A pickle of protocol 4 that calls module.name(argument)."""

    def text(value: str) -> bytes:
        return b"\x8c" + bytes([len(value)]) + value.encode()

    return b"\x80\x04" + text(module) + text(name) + b"\x93" + text(argument) + b"\x85R."


RECONSTRUCT = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
INT = b"J" + struct.pack("<i", 2**31 - 1)


def hostile(marker: Path) -> dict[str, bytes]:
    command = f"touch {marker}"
    return {
        "system call": pickle.dumps(Runs(os.system, command)),
        "system call inside a map": pickle.dumps({"w": Runs(os.system, command)}),
        "eval": pickle.dumps(Runs(eval, f"open({str(marker)!r}, 'w')")),
        "open": pickle.dumps(Runs(open, str(marker), "w")),
        "protocol 0": pickle.dumps(Runs(os.system, command), 0),
        "dotted name": calls("numpy", "ndarray.tofile", str(marker)),
        "dotted name in builtins": calls("builtins", "tuple.__class__", "x"),
        "other module": calls("numpy.core.multiarray.os", "system", command),
        "newline in a name": calls("numpy\nos", "system", command),
        "object array": pickle.dumps({"w": np.array([WEIGHT, None], object)}),
        "structured array": pickle.dumps({"w": np.zeros(2, [("a", "f4")])}),
        "text array": pickle.dumps({"w": np.array(["a" * 50])}),
        "big-endian array": pickle.dumps({"w": WEIGHT.astype(">f4")}),
        "huge array": RECONSTRUCT + INT + b"\x85U\x01b\x87R.",
        "array without content": RECONSTRUCT + b"K\x00\x85U\x01b\x87R.",
        "huge memo index": b"\x80\x02}r\xff\xff\xff\x7fj\xff\xff\xff\x7f0.",
        "huge text": b"\x80\x04\x8d" + struct.pack("<Q", 2**62) + b"x.",
        "persistent id": b"\x80\x02X\x01\x00\x00\x00xQ.",
        "extension": b"\x80\x02\x82\x01.",
        "build on a map": b"\x80\x02}}b.",
        "call of an array": b"\x80\x02cnumpy\nndarray\n)R.",
        "a list": pickle.dumps([WEIGHT]),
        "a map of numbers": pickle.dumps({"w": 1}),
        "an empty map": pickle.dumps({}),
        "a key that is no text": pickle.dumps({1: WEIGHT}),
        "infinite values": pickle.dumps({"w": np.array([np.inf])}),
        "nothing": b"",
        "nothing but an end": b"\x80\x04.",
        "text": b"hello",
        "stack underflow": b"\x80\x04R.",
        "mark underflow": b"\x80\x04t.",
        "cut off": pickle.dumps({"w": WEIGHT})[:-20],
    }


@pytest.mark.parametrize("name", hostile(Path("x")))
def test_a_hostile_pickle_is_refused_and_runs_nothing(tmp_path: Path, name: str) -> None:
    marker = tmp_path / "marker"
    with pytest.raises(ModelError) as caught:
        read(tmp_path, hostile(marker)[name])
    assert caught.value.code == "E_WEIGHTS"
    assert not marker.exists()


# t = (); then 60 times t = (t, t): to hash or to print it visits 2 ** 60 tuples.
NESTED = b")" + b"".join(b"q" + bytes([i]) + b"h" + bytes([i]) + b"\x86" for i in range(60))


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04}" + NESTED + b"Ns.",
        b"\x80\x04cnumpy\ndtype\n" + NESTED + b"\x85R.",
        RECONSTRUCT + NESTED + b"U\x01b\x87R.",
        RECONSTRUCT + NESTED + b"X\x01\x00\x00\x00b\x87R.",
        b"\x80\x04}X\x01\x00\x00\x00w" + NESTED + b"s.",
    ],
    ids=["key", "element type", "shape", "shape and code", "value"],
)
def test_a_value_that_would_take_ages_to_hash_is_refused_at_once(
    tmp_path: Path, data: bytes
) -> None:
    with pytest.raises(ModelError):
        read(tmp_path, data)


HONEST = pickle.dumps({"conv.weight": WEIGHT, "bn._mean": WEIGHT[0]}, 4)


@given(st.integers(0, len(HONEST) - 1), st.integers(0, 255))
def test_one_changed_byte_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    data = bytearray(HONEST)
    data[place] = value
    with contextlib.suppress(ModelError):
        read(tmp_path_factory.mktemp("pickle"), bytes(data))
