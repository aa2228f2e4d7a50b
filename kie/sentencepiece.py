"""The model files of sentencepiece: a protobuf with pieces, scores and a map of characters."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from structure.core.weights import read_bytes, refuse

_VARINT, _EIGHT, _LENGTH, _FOUR = 0, 1, 2, 5
_NORMAL, _USER_DEFINED = 1, 4


@dataclass(frozen=True, slots=True)
class PieceModel:
    """What a model file holds.

    Attributes:
        texts: By id; "" for control pieces and the unknown one.
        scores: By id.
        characters: The precompiled map of characters; may be empty.
    """

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    characters: bytes


def read_model(path: Path) -> PieceModel:
    """Read a model file.

    Raises:
        ModelError: missing, or no such file.
    """
    data = read_bytes(path)
    texts: list[str] = []
    scores: list[float] = []
    characters = b""
    try:
        for number, value in _fields(data):
            if number == 1 and isinstance(value, bytes):
                piece = dict(_fields(value))
                kind = piece.get(3, _NORMAL)
                text = piece[1].decode() if isinstance(piece[1], bytes) else ""
                texts.append(text if kind in (_NORMAL, _USER_DEFINED) else "")
                score = piece.get(2, b"\0\0\0\0")
                scores.append(struct.unpack("<f", score)[0] if isinstance(score, bytes) else 0.0)
            elif number == 3 and isinstance(value, bytes):
                found = dict(_fields(value)).get(2, b"")
                characters = found if isinstance(found, bytes) else b""
    except (IndexError, KeyError, ValueError, struct.error) as error:
        raise refuse(path, f"not a sentencepiece model ({error})") from error
    if len(texts) < 4:
        raise refuse(path, "not a sentencepiece model (it has no pieces)")
    return PieceModel(tuple(texts), tuple(scores), characters)


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message: number and value; fixed-width values stay bytes."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        kind = key & 7
        if kind == _VARINT:
            value, place = _varint(data, place)
            yield key >> 3, value
            continue
        size = {_EIGHT: 8, _FOUR: 4}.get(kind)
        if kind == _LENGTH:
            size, place = _varint(data, place)
        if size is None or place + size > len(data):
            raise ValueError("a damaged message")
        yield key >> 3, data[place : place + size]
        place += size


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
        if shift > 63:
            raise ValueError("a number that does not end")


class CharacterMap:
    """Replaces characters, the longest known run first; a double array of UTF-8 bytes.

    Source: Darts-clone (double-array trie); sentencepiece's normaliser.
    """

    def __init__(self, data: bytes) -> None:
        size = struct.unpack("<I", data[:4])[0] if data else 0
        self.units: list[int] = np.frombuffer(data[4 : 4 + size], "<u4").tolist()
        self.texts = data[4 + size :]

    def normalise(self, text: str) -> str:
        """`text` with all replacements made."""
        if not self.units:
            return text
        data = text.encode()
        result = bytearray()
        place = 0
        while place < len(data):
            length, found = self._longest(data, place)
            if length:
                result += self.texts[found : self.texts.index(b"\0", found)]
            else:
                length = _width(data[place])
                result += data[place : place + length]
            place += length
        return result.decode("utf-8", "replace")

    def _longest(self, data: bytes, start: int) -> tuple[int, int]:
        """Bytes of the longest known run at `start`, and where its replacement begins."""
        node = _offset(self.units[0])
        best = (0, 0)
        for place in range(start, len(data)):
            node ^= data[place]
            if node >= len(self.units):
                break
            unit = self.units[node]
            if unit & 0x800000FF != data[place]:
                break
            node ^= _offset(unit)
            if unit >> 8 & 1 and node < len(self.units):
                best = (place + 1 - start, self.units[node] & 0x7FFFFFFF)
        return best


def _offset(unit: int) -> int:
    return (unit >> 10) << ((unit & 0x200) >> 6)


def _width(first: int) -> int:
    """Bytes of a character in UTF-8, by the first of them."""
    return 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
