"""Where inputs come from and outputs go: a folder here, or (see `structure.batch.buckets`) a URL.

Inputs are walked in a stable order. Links are not followed unless asked for, hidden files and
folders are passed over, and so are the output folders of batches: the one of this run and any
other that has a ledger.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from structure.core.output import Content, write_atomic, write_folder

STATE_FOLDER = ".structure"
LEDGER_NAME = "ledger.sqlite"


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the walk met it.

    Attributes:
        path: Relative to the root, parts separated by "/"; bytes, for a name need not be text.
        size: Bytes.
        stamp: Differs after any change of the file, and after some that changed nothing.
        problem: Why it cannot be read (a folder that cannot be listed is found as such), or None.
    """

    path: bytes
    size: int
    stamp: str
    problem: str | None = None


class Place(Protocol):
    """A tree of files. Paths and names are relative to its root, separated by "/"."""

    def walk(self) -> Iterator[Found]:
        """All files that may be inputs, in a stable order."""
        ...

    def look(self, path: bytes) -> Found | None:
        """Size and stamp as of now; None where there is no regular file."""
        ...

    def head(self, path: bytes, count: int) -> bytes:
        """The first bytes.

        Raises:
            OSError: it cannot be read.
        """
        ...

    def digest(self, path: bytes) -> str:
        """SHA-256 in hexadecimal.

        Raises:
            OSError: it cannot be read.
        """
        ...

    def read(self, path: bytes) -> bytes:
        """The whole file.

        Raises:
            OSError: it cannot be read.
        """
        ...

    def write(self, path: bytes, data: Content) -> None:
        """Write a file whole or not at all; missing folders are made.

        Raises:
            OutputError: it cannot be written.
        """
        ...

    def write_side(self, path: bytes, files: Mapping[str, bytes]) -> None:
        """Write side files into a folder.

        Raises:
            OutputError: it cannot be written.
        """
        ...

    def make_folder(self, path: bytes) -> None:
        """Make the folder that a file will lie in.

        Raises:
            OSError: it cannot be made.
        """
        ...

    def list_folder(self, path: bytes) -> list[bytes]:
        """The files in one folder, sorted; none where it does not exist."""
        ...

    def remove(self, path: bytes) -> None:
        """Remove a file; harmless where there is none."""
        ...


class Folder:
    """A folder of this machine.

    Args:
        root: The folder.
        follow_links: Whether the walk follows symbolic links; loops are noticed.
        skip: Folders that the walk does not enter.
    """

    def __init__(
        self, root: Path, *, follow_links: bool = False, skip: Iterable[Path] = ()
    ) -> None:
        self.root, self.follow_links = root, follow_links
        self._base = os.fsencode(root)
        self._skip = {_identity(path.stat()) for path in skip if path.exists()}

    def locate(self, path: bytes) -> Path:
        """The path of a file on this machine."""
        return Path(os.fsdecode(os.path.join(self._base, path)))  # noqa: PTH118 (bytes)

    def walk(self) -> Iterator[Found]:
        """All files that may be inputs, folder by folder, each in the order of its names."""
        entered: set[tuple[int, int]] = set()
        waiting: list[tuple[bytes, os.DirEntry[bytes] | None]] = [(b"", None)]
        while waiting:
            path, entry = waiting.pop()
            if entry is not None and not entry.is_dir(follow_symlinks=self.follow_links):
                found = self.look(path)
                if found is not None:
                    yield found
                continue
            full = os.path.join(self._base, path)  # noqa: PTH118 (bytes)
            try:
                known = _identity(os.stat(full))  # noqa: PTH116 (bytes)
                if known in self._skip or known in entered or self._is_output(full, path):
                    continue
                entered.add(known)
                inside = self._entries(full)
            except OSError as error:
                yield Found(path, 0, "", f"the folder cannot be listed ({error.strerror})")
                continue
            # The last one in is the first one out: names in order, folders in their place.
            above = path + b"/" if path else b""
            waiting += [(above + child.name, child) for child in reversed(inside)]

    def _entries(self, folder: bytes) -> list[os.DirEntry[bytes]]:
        with os.scandir(folder) as entries:
            kept = [
                entry
                for entry in entries
                if not entry.name.startswith(b".") and (self.follow_links or not entry.is_symlink())
            ]
        return sorted(kept, key=lambda entry: entry.name)

    @staticmethod
    def _is_output(full: bytes, path: bytes) -> bool:
        ledger = os.path.join(full, STATE_FOLDER.encode(), LEDGER_NAME.encode())  # noqa: PTH118
        return bool(path) and os.path.exists(ledger)  # noqa: PTH110 (bytes)

    def look(self, path: bytes) -> Found | None:
        """Size and stamp as of now; None where there is no regular file."""
        try:
            info = self.locate(path).stat()
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(info.st_mode):
            return None
        # The change time cannot be set back by a program, as the modification time can.
        return Found(path, info.st_size, f"{info.st_mtime_ns}.{info.st_ctime_ns}")

    def head(self, path: bytes, count: int) -> bytes:
        """The first bytes."""
        with self._open(path) as file:
            return file.read(count)

    def digest(self, path: bytes) -> str:
        """SHA-256 in hexadecimal."""
        with self._open(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def read(self, path: bytes) -> bytes:
        """The whole file."""
        with self._open(path) as file:
            return file.read()

    def _open(self, path: bytes):  # type: ignore[no-untyped-def]
        # Without waiting: a pipe that took the place of a file would block for ever.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        return os.fdopen(os.open(self.locate(path), flags), "rb")

    def write(self, path: bytes, data: Content) -> None:
        """Write a file whole or not at all; missing folders are made."""
        self.make_folder(path)
        write_atomic(self.locate(path), data)

    def make_folder(self, path: bytes) -> None:
        """Make the folder that a file will lie in."""
        self.locate(path).parent.mkdir(parents=True, exist_ok=True)

    def write_side(self, path: bytes, files: Mapping[str, bytes]) -> None:
        """Write side files into a folder."""
        self.make_folder(path)
        write_folder(self.locate(path), files)

    def list_folder(self, path: bytes) -> list[bytes]:
        """The files in one folder, sorted; none where it does not exist."""
        try:
            names = sorted(os.listdir(os.fsencode(self.locate(path))))  # noqa: PTH208 (bytes)
        except OSError:
            return []
        return [path + b"/" + name for name in names if self.look(path + b"/" + name)]

    def remove(self, path: bytes) -> None:
        """Remove a file; harmless where there is none."""
        self.locate(path).unlink(missing_ok=True)


def _identity(info: os.stat_result) -> tuple[int, int]:
    return info.st_dev, info.st_ino
