"""Pages that are done, in a file without a name, so that the next worker need not do them again."""

from __future__ import annotations

import os
import struct
from contextlib import suppress

from structure.core.analysis import PageAnalysis
from structure.isolation.codec import BadValueError, decode, encode

_HEAD = struct.Struct("<QQI")
"""Number of the page, bytes of its JSON, number of its blobs."""
_SIZE = struct.Struct("<Q")


class Spool:
    """The pages of one task.

    Args:
        descriptor: An open file; it goes on to the worker after this one.
        fresh: Whether what it holds is of another task.
    """

    def __init__(self, descriptor: int, *, fresh: bool) -> None:
        self._file = descriptor
        if fresh:
            os.ftruncate(descriptor, 0)
        self._places: dict[int, int] = {}
        self._end = 0
        self._look_over()

    def keep(self, page: PageAnalysis) -> None:
        """Write a page down; one that cannot be written is done again if need be."""
        with suppress(OSError, BadValueError):
            data, blobs = encode(page)
            sizes = b"".join(_SIZE.pack(len(blob)) for blob in blobs)
            head = _HEAD.pack(page.number, len(data), len(blobs))
            record = head + sizes + data + b"".join(blobs)
            if os.pwrite(self._file, record, self._end) == len(record):
                self._places[page.number] = self._end
                self._end += len(record)

    def recall(self, number: int) -> PageAnalysis | None:
        """A page that was written down; None where it was not."""
        if number not in self._places:
            return None
        place = self._places[number]
        _, length, count = _HEAD.unpack(os.pread(self._file, _HEAD.size, place))
        place += _HEAD.size
        sizes = _SIZE.iter_unpack(os.pread(self._file, count * _SIZE.size, place))
        place += count * _SIZE.size
        data = os.pread(self._file, length, place)
        place += length
        blobs = []
        for (size,) in sizes:
            blobs.append(os.pread(self._file, size, place))
            place += size
        try:
            return decode(PageAnalysis, data, blobs)
        except BadValueError:
            return None

    def _look_over(self) -> None:
        """Find the whole records, and drop the one in whose middle a worker has died."""
        size = os.fstat(self._file).st_size
        place = 0
        while place + _HEAD.size <= size:
            number, length, count = _HEAD.unpack(os.pread(self._file, _HEAD.size, place))
            table = os.pread(self._file, count * _SIZE.size, place + _HEAD.size)
            if len(table) < count * _SIZE.size:
                break
            end = place + _HEAD.size + len(table) + length
            end += sum(length for (length,) in _SIZE.iter_unpack(table))
            if end > size:
                break
            self._places[number] = place
            place = end
        self._end = place
        os.ftruncate(self._file, place)
