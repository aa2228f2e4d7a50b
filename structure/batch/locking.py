"""One run per output folder, by a lock that the operating system releases when its owner dies."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from structure.core.errors import BusyError, OutputError

_PATIENCE = 0.5
"""Seconds to wait for the owner of a lock to write down who it is."""

_LOCKED_BYTE = 1 << 20
"""Where Windows locks: far behind the text, which others must be able to read."""


class FolderLock:
    """Held from entering to leaving a `with` block, or to the death of this process.

    Args:
        path: The lock file; its folder must exist. The file stays: removing it would let two
            processes hold locks on two files of one name.
        folder: What is locked, for the message.

    Raises:
        BusyError: on entering, another live process holds it.
        OutputError: on entering, the file cannot be written, or this file system has no locks.
    """

    def __init__(self, path: Path, folder: str | os.PathLike[str]) -> None:
        self._path, self._folder = path, folder
        self._handle: int | None = None

    def __enter__(self) -> Self:
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise OutputError(
                f"cannot be written here ({error.strerror})", path=self._folder
            ) from error
        try:
            _take(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise BusyError(
                    f"{self._owner()} is working on this folder",
                    hint="wait for it, or choose another output folder",
                    path=self._folder,
                ) from error
            raise OutputError(
                f"this file system cannot lock ({error.strerror})",
                hint="keep the ledger elsewhere with --state",
                path=self._folder,
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _owner(self) -> str:
        end = time.monotonic() + _PATIENCE
        while True:
            text = self._path.read_text("ascii", errors="replace").strip()
            if text.isdecimal():
                return f"process {text}"
            if time.monotonic() > end:
                return "another process"
            time.sleep(0.05)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
