"""Messages between processes, over a pair of pipes."""

from __future__ import annotations

import fcntl
import math
import os
import select
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TypeVar

from structure.isolation.codec import BadValueError, Blob, decode, encode

T = TypeVar("T")

_HEAD = struct.Struct("<16sQI")
"""Kind of the message, bytes of its JSON, number of its blobs."""
_SIZE = struct.Struct("<Q")
_MAX_BLOBS = 100_000
_PIPE_BYTES = 1 << 20
_MAX_PART = 1 << 20


class GoneError(Exception):
    """The other side has ended, or sends what no honest one would."""


class LateError(Exception):
    """The other side has not answered in time."""


class Message:
    """A message that has arrived; its kind is known, its value not yet looked at."""

    def __init__(self, kind: str, data: bytes, blobs: Sequence[Blob]) -> None:
        self.kind, self._data, self._blobs = kind, data, blobs

    def value(self, kind: type[T]) -> T:
        """What it holds, as a `kind`.

        Raises:
            GoneError: it holds something else.
        """
        try:
            return decode(kind, self._data, self._blobs)
        except BadValueError as error:
            raise GoneError(f"a message of {self.kind}: {error}") from error


class Channel:
    """One end of a connection.

    Args:
        reader: Descriptor to read from.
        writer: Descriptor to write to.
        largest: Bytes of a message; a longer one is refused unread.
    """

    def __init__(self, reader: int, writer: int, *, largest: int = 1 << 28) -> None:
        self._reader, self._writer, self._largest = reader, writer, largest
        self._poll = select.poll()
        self._poll.register(reader, select.POLLIN)

    def fileno(self) -> int:
        """The descriptor to read from, for selectors."""
        return self._reader

    def send(self, kind: str, value: object = None) -> None:
        """Send a message; waits where the other side is slow to read.

        Raises:
            BadValueError: the value has no encoding.
            GoneError: the other side has ended.
        """
        data, blobs = encode(value)
        head = _HEAD.pack(kind.encode(), len(data), len(blobs))
        sizes = b"".join(_SIZE.pack(len(blob)) for blob in blobs)
        for part in (head + sizes + data, *blobs):
            self._write(part)

    def receive(self, until: float | None = None) -> Message:
        """The next message.

        Args:
            until: By when it must have come, as `time.monotonic` counts; None waits for ever.

        Raises:
            GoneError: the other side has ended, or the message is too long.
            LateError: it has not come in time.
        """
        kind, length, count = _HEAD.unpack(self._read(_HEAD.size, until))
        if count > _MAX_BLOBS:
            raise GoneError(f"{count} blobs")
        table = self._read(count * _SIZE.size, until)
        sizes = [size for (size,) in _SIZE.iter_unpack(table)]
        if length + sum(sizes) > self._largest:
            raise GoneError(f"a message of {length + sum(sizes)} bytes")
        data = self._read(length, until)
        blobs = [self._read(size, until) for size in sizes]
        return Message(kind.rstrip(b"\0").decode("ascii", "replace"), bytes(data), blobs)

    def close(self) -> None:
        """Close both descriptors."""
        os.close(self._reader)
        os.close(self._writer)

    def _write(self, data: Blob) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._writer, rest[:_MAX_PART]) :]
        except BrokenPipeError as error:
            raise GoneError("the other side has ended") from error

    def _read(self, count: int, until: float | None) -> bytearray:
        found = bytearray(count)
        rest = memoryview(found)
        while rest:
            if until is not None:
                wait = max(0.0, until - time.monotonic())
                if not self._poll.poll(math.ceil(wait * 1000)):
                    raise LateError
            got = os.readv(self._reader, [rest[:_MAX_PART]])
            if not got:
                raise GoneError("the other side has ended")
            rest = rest[got:]
        return found


def widen(descriptor: int) -> None:
    """Let a pipe hold more than usual, so that a page takes fewer turns; where that is allowed."""
    with suppress(OSError, AttributeError):
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)  # type: ignore[attr-defined,unused-ignore]
