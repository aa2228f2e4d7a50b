"""The arrays of a Paddle checkpoint (`.pdparams`), a pickle, without running anything it names.

A pickle is a program for a small stack machine. This module interprets the two dozen instructions
that honest checkpoints consist of; everything else is refused. The few names that a checkpoint may
mention stand for functions of this module, which build descriptions of arrays and check every size,
so that neither numpy's nor anybody else's code is called by the file.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from structure.core.weights import Arrays, WeightFile, check_finite, read_bytes, refuse

_NUMBERS = frozenset({"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "b1"})
_NAMES_ENTRY = "StructuredToParameterName@@"


def read_pdparams(path: Path) -> WeightFile:
    """Read a checkpoint: a flat map of structure names to arrays, or one such map inside a map.

    The entry that maps structure names to parameter names is left out; `._mean` and `._variance`
    become `.running_mean` and `.running_var`. Linear weights stay as stored, (in, out).

    Raises:
        ModelError: missing, damaged, or asking for anything but plain arrays.
    """
    data = read_bytes(path)
    try:
        content = _Machine().run(data)
        arrays = _arrays(content)
    # What an instruction raises that finds the wrong Python values is one of these.
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError) as error:
        raise refuse(path, f"not a checkpoint with plain arrays ({error})") from error
    check_finite(path, arrays)
    return WeightFile(arrays)


def _arrays(content: object) -> Arrays:
    if not isinstance(content, dict):
        raise ValueError("no map of arrays")
    entries = {key: value for key, value in content.items() if key != _NAMES_ENTRY}
    inner = [value for value in entries.values() if isinstance(value, dict)]
    if len(inner) == 1 and not any(_array_of(value) for value in entries.values()):
        entries = {key: value for key, value in inner[0].items() if key != _NAMES_ENTRY}
    arrays: Arrays = {}
    for key, value in entries.items():
        array = _array_of(value)
        if array is None:
            raise ValueError(f"{key} is no array")
        name = key.replace("._mean", ".running_mean").replace("._variance", ".running_var")
        arrays[name] = array.value()
    if not arrays:
        raise ValueError("no arrays")
    return arrays


def _array_of(value: object) -> _Array | None:
    if isinstance(value, tuple) and len(value) == 2:
        value = value[1]
    return value if isinstance(value, _Array) else None


@dataclass(slots=True)
class _Element:
    """An element type on its way: `numpy.dtype(code, align, copy)` and then its state."""

    code: str

    def set_state(self, state: object) -> None:
        # (version, byte order, subtype, names, fields, size, alignment, flags)
        if not isinstance(state, tuple) or state[1] not in ("<", "|") or any(state[2:5]):
            raise ValueError("an element type other than a little-endian number")


@dataclass(slots=True)
class _Array:
    """An array on its way; made empty and then given its state."""

    array: NDArray[np.generic] | None = None

    def set_state(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) != 5:
            raise ValueError("a damaged array")
        _, shape, element, fortran, content = state
        self.fill(shape, element, content, "F" if fortran else "C")

    def fill(self, shape: object, element: object, content: object, order: str) -> None:
        if not isinstance(element, _Element) or not isinstance(content, bytes | bytearray):
            raise ValueError("an array of objects")
        if not isinstance(shape, tuple) or len(shape) > 8:
            raise ValueError("a damaged shape")
        count = 1
        for side in shape:
            if not isinstance(side, int) or side < 0:
                raise ValueError("a damaged shape")
            count *= side
        dtype = np.dtype(element.code)
        if count * dtype.itemsize != len(content):
            raise ValueError(f"shape {shape} with {len(content)} bytes")
        flat = np.frombuffer(content, dtype, count)
        self.array = flat.reshape(shape, order="F" if order == "F" else "C")

    def value(self) -> NDArray[np.generic]:
        if self.array is None:
            raise ValueError("an array without content")
        return self.array


_ARRAY_CLASS = object()


def _reconstruct(cls: object, shape: object, code: object) -> _Array:
    if cls is not _ARRAY_CLASS or shape != (0,):
        raise ValueError("an array that is not made empty")
    return _Array()


def _from_buffer(content: object, element: object, shape: object, order: object) -> _Array:
    array = _Array()
    array.fill(shape, element, content, str(order))
    return array


def _scalar(element: object, content: object) -> _Array:
    array = _Array()
    array.fill((), element, content, "C")
    return array


def _element(code: object, align: object = False, copy: object = False) -> _Element:
    # Asked for the type first: hashing nested tuples can take ages.
    if not isinstance(code, str) or code not in _NUMBERS:
        raise ValueError("an element type that is no number")
    return _Element(code)


def _encode(text: object, encoding: object) -> bytes:
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise ValueError("a text encoding other than latin1")
    return text.encode("latin-1")


def _tuple(items: object) -> tuple[object, ...]:
    if not isinstance(items, tuple):
        raise ValueError("a tuple of something else")
    return items


def _ordered_dict() -> dict[str, object]:
    return {}


_NUMPY_CORES = ("numpy.core", "numpy._core")
_GLOBALS: dict[tuple[str, str], object] = {
    ("numpy", "ndarray"): _ARRAY_CLASS,
    ("numpy", "dtype"): _element,
    ("_codecs", "encode"): _encode,
    ("collections", "OrderedDict"): _ordered_dict,
    ("builtins", "tuple"): _tuple,
    ("__builtin__", "tuple"): _tuple,
    **{(f"{core}.multiarray", "_reconstruct"): _reconstruct for core in _NUMPY_CORES},
    **{(f"{core}.multiarray", "scalar"): _scalar for core in _NUMPY_CORES},
    **{(f"{core}.numeric", "_frombuffer"): _from_buffer for core in _NUMPY_CORES},
}
_CALLABLE: tuple[Callable[..., object], ...] = (
    _element,
    _encode,
    _ordered_dict,
    _tuple,
    _reconstruct,
    _scalar,
    _from_buffer,
)

_PUSH = frozenset(
    {
        "BININT",
        "BININT1",
        "BININT2",
        "LONG1",
        "BINUNICODE",
        "SHORT_BINUNICODE",
        "BINUNICODE8",
        "BINBYTES",
        "SHORT_BINBYTES",
        "BINBYTES8",
        "BYTEARRAY8",
    }
)
_CONSTANTS: dict[str, object] = {
    "NONE": None,
    "NEWTRUE": True,
    "NEWFALSE": False,
    "EMPTY_TUPLE": (),
}
_SKIP = frozenset({"PROTO", "FRAME"})
_SIZED_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Machine:
    """The stack machine; only what checkpoints use."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self, data: bytes) -> object:
        """Interpret a pickle and return its value."""
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name == "STOP":
                return self.stack.pop()
            self.step(opcode.name, argument)
        raise ValueError("cut off")

    def step(self, name: str, argument: Any) -> None:
        """One instruction."""
        if name in _PUSH:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _SIZED_TUPLES:
            self.stack.append(tuple(self.pop(_SIZED_TUPLES[name])))
        elif name not in _SKIP:
            handler = _STEPS.get(name)
            if handler is None:
                raise ValueError(f"instruction {name}")
            handler(self, argument)

    def pop(self, count: int) -> list[Any]:
        """The topmost `count` values."""
        if len(self.stack) < count:
            raise ValueError("too few values")
        values = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return values

    def pop_mark(self) -> list[Any]:
        """All values above the last mark."""
        return self.pop(len(self.stack) - self.marks.pop())

    def find(self, module: object, name: object) -> None:
        """Push what an allowed pair of module and name stands for."""
        if not isinstance(module, str) or not isinstance(name, str):
            raise ValueError("a name that is no text")
        found = _GLOBALS.get((module, name))
        if found is None:
            raise ValueError(f"the name {module}.{name}")
        self.stack.append(found)

    def call(self) -> None:
        """Call one of the functions of this module."""
        function, arguments = self.pop(2)
        if not any(function is allowed for allowed in _CALLABLE):
            raise ValueError("a call of something that is no function")
        self.stack.append(function(*arguments))

    def build(self) -> None:
        """Give an array or element type its state."""
        (state,) = self.pop(1)
        target = self.stack[-1]
        if not isinstance(target, _Array | _Element):
            raise ValueError("a state for something else")
        target.set_state(state)

    def set_items(self, pairs: list[Any]) -> None:
        """Put pairs into the map on top; keys are texts, so that hashing stays cheap."""
        target = self.stack[-1]
        if not isinstance(target, dict) or len(pairs) % 2:
            raise ValueError("entries for something that is no map")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if not isinstance(key, str):
                raise ValueError("a key that is no text")
            target[key] = value


def _name_of(argument: str) -> tuple[str, str]:
    module, _, name = argument.partition(" ")
    return module, name


_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": lambda m, _: m.marks.append(len(m.stack)),
    "TUPLE": lambda m, _: m.stack.append(tuple(m.pop_mark())),
    "EMPTY_DICT": lambda m, _: m.stack.append({}),
    "SETITEM": lambda m, _: m.set_items(m.pop(2)),
    "SETITEMS": lambda m, _: m.set_items(m.pop_mark()),
    "GLOBAL": lambda m, argument: m.find(*_name_of(argument)),
    "STACK_GLOBAL": lambda m, _: m.find(*m.pop(2)),
    "REDUCE": lambda m, _: m.call(),
    "BUILD": lambda m, _: m.build(),
    "MEMOIZE": lambda m, _: m.memo.update({len(m.memo): m.stack[-1]}),
    "BINPUT": lambda m, index: m.memo.update({index: m.stack[-1]}),
    "LONG_BINPUT": lambda m, index: m.memo.update({index: m.stack[-1]}),
    "BINGET": lambda m, index: m.stack.append(m.memo[index]),
    "LONG_BINGET": lambda m, index: m.stack.append(m.memo[index]),
}
