"""The tensors, nodes and metadata of an ONNX file, without the `onnx` package.

Only what is needed to take weights out of a graph: a walk over the protobuf wire format with a
fixed depth, in which every length is checked against what is left.

Source: `onnx/onnx.proto`; the protobuf encoding guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from structure.core.weights import Arrays, check_finite, read_bytes, refuse

_ELEMENTS = {
    1: "<f4",
    2: "|u1",
    3: "|i1",
    6: "<i4",
    7: "<i8",
    9: "|b1",
    10: "<f2",
    11: "<f8",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: its type and the names of the values that go in and out."""

    op: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """What an ONNX file holds on its top level; bodies of loops and branches are not entered.

    Attributes:
        arrays: Initializers by name and `Constant` nodes by the name of their output.
        nodes: All other nodes, in the order of the file.
        metadata: Key -> value, for example the class names under `character`.
    """

    arrays: Arrays
    nodes: tuple[Node, ...]
    metadata: dict[str, str]

    @property
    def labels(self) -> tuple[str, ...]:
        """The class names under `character` or `labels`; empty where there are none."""
        text = self.metadata.get("labels") or self.metadata.get("character", "")
        return tuple(line for line in text.split("\n") if line)


def read_onnx(path: Path) -> OnnxFile:
    """Read a file with all its tensors inside.

    Raises:
        ModelError: missing, damaged, of an unknown element type, with external data, or with values
            that are not finite.
    """
    data = memoryview(read_bytes(path))
    try:
        file = _model(data)
    except (ValueError, IndexError) as error:
        raise refuse(path, f"not a readable ONNX file ({error})") from error
    if not file.nodes:
        raise refuse(path, "not a readable ONNX file (no graph)")
    check_finite(path, file.arrays)
    return file


_Field = tuple[int, int | memoryview]


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (1 << 64) - 1, at
    raise ValueError("a number of more than ten bytes")


def _fields(data: memoryview) -> Iterator[_Field]:
    """(Field number, integer or bytes) one after the other."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        if wire == 2:
            length, at = _varint(data, at)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")
        if length > len(data) - at:
            raise ValueError("cut off")
        yield key >> 3, data[at : at + length]
        at += length


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number in place of a message")
    return value


def _text(value: int | memoryview) -> str:
    return bytes(_message(value)).decode("utf-8")


def _model(data: memoryview) -> OnnxFile:
    file = OnnxFile({}, (), {})
    metadata: dict[str, str] = {}
    for number, value in _fields(data):
        if number == 7:
            file = _graph(_message(value))
        elif number == 14:
            entry = {n: _text(v) for n, v in _fields(_message(value)) if n in (1, 2)}
            metadata[entry.get(1, "")] = entry.get(2, "")
    return OnnxFile(file.arrays, file.nodes, metadata)


def _graph(data: memoryview) -> OnnxFile:
    arrays: Arrays = {}
    nodes: list[Node] = []
    for number, value in _fields(data):
        if number == 5:
            name, array = _tensor(_message(value))
            arrays[name] = array
        elif number == 1:
            node, constant = _node(_message(value))
            if node.op == "Constant" and constant is not None and node.outputs:
                arrays[node.outputs[0]] = constant
            else:
                nodes.append(node)
    return OnnxFile(arrays, tuple(nodes), {})


def _node(data: memoryview) -> tuple[Node, NDArray[np.generic] | None]:
    inputs: list[str] = []
    outputs: list[str] = []
    op, constant = "", None
    attributes: list[memoryview] = []
    for number, value in _fields(data):
        if number == 1:
            inputs.append(_text(value))
        elif number == 2:
            outputs.append(_text(value))
        elif number == 4:
            op = _text(value)
        elif number == 5:
            attributes.append(_message(value))
    if op == "Constant":
        for attribute in attributes:
            for number, value in _fields(attribute):
                if number == 5:
                    constant = _tensor(_message(value))[1]
    return Node(op, tuple(inputs), tuple(outputs)), constant


def _tensor(data: memoryview) -> tuple[str, NDArray[np.generic]]:
    shape: list[int] = []
    name, element = "", 0
    raw: memoryview = memoryview(b"")
    floats = bytearray()
    integers: list[int] = []
    for number, value in _fields(data):
        if number == 1:
            shape += [value] if isinstance(value, int) else _packed(value)
        elif number == 2 and isinstance(value, int):
            element = value
        elif number == 4:
            floats += _message(value)
        elif number in (5, 7):
            integers += [value] if isinstance(value, int) else _packed(value)
        elif number == 8:
            name = _text(value)
        elif number == 9:
            raw = _message(value)
        elif number in (13, 14) and value != 0:
            raise ValueError("tensors in another file")
    if element not in _ELEMENTS:
        raise ValueError(f"element type {element}")
    dtype = np.dtype(_ELEMENTS[element])
    content = bytes(raw) or bytes(floats)
    if integers and not content:
        content = np.array(integers, np.uint64).astype(dtype).tobytes()
    count = 1
    for side in shape:
        count *= side
    if len(shape) > 8 or count * dtype.itemsize != len(content):
        raise ValueError(f"tensor {name} of shape {shape} has {len(content)} bytes")
    return name, np.frombuffer(content, dtype, count).reshape(shape)


def _packed(data: memoryview) -> list[int]:
    at, values = 0, []
    while at < len(data):
        value, at = _varint(data, at)
        values.append(value)
    return values
