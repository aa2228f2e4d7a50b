"""Typed values to bytes and back, without pickle: whoever sends them may be in a stranger's hands.

A value is built of dataclasses, tuples, strings, numbers, paths, bytes and pictures. It becomes
JSON, in which a dataclass is the list of its fields, and blobs for bytes and pixels. The way back
is driven by the expected type alone: nothing in the data chooses what is made of it, and everything
that does not fit the type is refused.
"""

from __future__ import annotations

import json
import math
import os
import sys
import types
import typing
from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from structure.core import analysis

if TYPE_CHECKING:
    from structure.core.images import RGBImage

T = TypeVar("T")
Blob = bytes | bytearray | memoryview
_Read = Callable[[Any, Sequence[Blob]], Any]

MAX_INTEGER = 1 << 63


class BadValueError(ValueError):
    """The data is not what the type says."""


def encode(value: object) -> tuple[bytes, list[Blob]]:
    """JSON and blobs of a value.

    Raises:
        BadValueError: a part of it is of a type that has no encoding, or no finite number.
    """
    blobs: list[Blob] = []
    plain = _plain(value, blobs)
    try:
        return json.dumps(plain, allow_nan=False, separators=(",", ":")).encode(), blobs
    except ValueError as error:
        raise BadValueError(str(error)) from error


def decode(kind: type[T], data: Blob, blobs: Sequence[Blob] = ()) -> T:
    """The value of type `kind` that `encode` took apart.

    Raises:
        BadValueError: the data is no value of this type.
    """
    try:
        plain = json.loads(bytes(data))
    except (ValueError, RecursionError) as error:
        raise BadValueError("no JSON") from error
    return cast(T, _reader(cast(Hashable, kind))(plain, blobs))


def _plain(value: object, blobs: list[Blob]) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Path):
        return os.fspath(value)
    if isinstance(value, tuple):
        return [_plain(item, blobs) for item in value]
    if isinstance(value, bytes):
        blobs.append(value)
        return len(blobs) - 1
    if _is_array_type(type(value)):
        pixels = cast("RGBImage", value)
        if pixels.dtype.str != "|u1":
            raise BadValueError(f"no encoding for pixels of {pixels.dtype}")
        blobs.append(pixels.tobytes() if not pixels.flags.c_contiguous else pixels.data.cast("B"))
        return [len(blobs) - 1, *pixels.shape]
    if is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, name), blobs) for name in _names(type(value))]
    raise BadValueError(f"no encoding for {type(value).__name__}")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


@cache
def _reader(kind: Any) -> _Read:
    """What makes a value of type `kind` of plain data and blobs."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _optional(arguments)
    if origin is typing.Literal:
        return _one_of({option: option for option in arguments})
    if origin is tuple:
        return _tuple(arguments)
    if _is_array_type(origin):
        return _pixels
    if isinstance(kind, type):
        if is_dataclass(kind):
            return _dataclass(kind)
        if issubclass(kind, Enum):
            return _one_of({option.value: option for option in kind})
        if kind in _SIMPLE:
            return _SIMPLE[kind]
    raise TypeError(f"no decoding for {kind}")


def _optional(arguments: tuple[Any, ...]) -> _Read:
    (kind,) = (each for each in arguments if each is not types.NoneType)
    inner = _reader(kind)
    return lambda data, blobs: None if data is None else inner(data, blobs)


def _one_of(options: dict[Any, Any]) -> _Read:
    def read(data: Any, blobs: Sequence[Blob]) -> Any:
        if isinstance(data, str | int) and not isinstance(data, bool) and data in options:
            return options[data]
        raise BadValueError(f"{data!r:.40} is none of {list(options)}")

    return read


def _tuple(arguments: tuple[Any, ...]) -> _Read:
    if arguments[-1] is Ellipsis:
        inner = _reader(arguments[0])
        return lambda data, blobs: tuple([inner(item, blobs) for item in _list(data)])
    readers = [_reader(argument) for argument in arguments]

    def read(data: Any, blobs: Sequence[Blob]) -> Any:
        items = _list(data, len(readers))
        return tuple(inner(item, blobs) for inner, item in zip(readers, items, strict=True))

    return read


def _dataclass(kind: type) -> _Read:
    hints = typing.get_type_hints(kind, localns=vars(analysis))
    readers = [_reader(hints[name]) for name in _names(kind)]

    def read(data: Any, blobs: Sequence[Blob]) -> Any:
        items = _list(data, len(readers))
        try:
            return kind(*[inner(item, blobs) for inner, item in zip(readers, items, strict=True)])
        except ValueError as error:
            raise BadValueError(f"{kind.__name__}: {error}") from error

    return read


def _list(data: Any, length: int | None = None) -> list[Any]:
    if not isinstance(data, list) or (length is not None and len(data) != length):
        raise BadValueError(f"{data!r:.40} is no list of {length or 'items'}")
    return data


def _blob(index: Any, blobs: Sequence[Blob]) -> Blob:
    if type(index) is not int or not 0 <= index < len(blobs):
        raise BadValueError(f"there is no blob {index!r:.20}")
    return blobs[index]


def _is_array_type(kind: object) -> bool:
    # Processes that only hand out tasks never load numpy, and then no value is an array.
    numpy = sys.modules.get("numpy")
    return numpy is not None and kind is numpy.ndarray


def _pixels(data: Any, blobs: Sequence[Blob]) -> RGBImage:
    import numpy as np

    index, height, width, channels = (_whole(item, ()) for item in _list(data, 4))
    blob = _blob(index, blobs)
    if height < 1 or width < 1 or channels != 3 or height * width * 3 != len(blob):
        raise BadValueError(f"{len(blob)} bytes are no {height} x {width} x {channels} picture")
    return np.frombuffer(blob, np.uint8).reshape(height, width, 3)


def _whole(data: Any, blobs: Sequence[Blob]) -> int:
    if type(data) is not int or not -MAX_INTEGER < data < MAX_INTEGER:
        raise BadValueError(f"{data!r:.40} is no whole number")
    return data


def _number(data: Any, blobs: Sequence[Blob]) -> float:
    if type(data) is int and -MAX_INTEGER < data < MAX_INTEGER:
        return float(data)
    if type(data) is not float or not math.isfinite(data):
        raise BadValueError(f"{data!r:.40} is no finite number")
    return data


def _text(data: Any, blobs: Sequence[Blob]) -> str:
    if type(data) is not str:
        raise BadValueError(f"{data!r:.40} is no text")
    return data


def _truth(data: Any, blobs: Sequence[Blob]) -> bool:
    if type(data) is not bool:
        raise BadValueError(f"{data!r:.40} is neither true nor false")
    return data


_SIMPLE: dict[type, _Read] = {
    int: _whole,
    float: _number,
    str: _text,
    bool: _truth,
    bytes: lambda data, blobs: bytes(_blob(data, blobs)),
    Path: lambda data, blobs: Path(_text(data, blobs)),
}
