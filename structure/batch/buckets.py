"""Inputs and outputs by URL: s3, gs, and whatever else fsspec has a file system for."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from structure.batch.places import STATE_FOLDER, Folder, Found, Place
from structure.core.errors import ConfigError, OutputError
from structure.core.output import Content

_CHUNK = 1 << 20
_HERE = ("file", "local")
_AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "memory"})
"""Where an object appears whole or not at all by itself."""

_VERSIONS = ("ETag", "etag", "generation", "mtime", "LastModified", "last_modified", "created")
"""What file systems tell that changes with the content."""


def open_place(
    place: str, *, follow_links: bool = False, skip: Iterable[Path] = ()
) -> Folder | Bucket:
    """A folder of this machine, or what a URL names.

    Args:
        place: A path, or a URL such as "s3://bucket/folder".
        follow_links: See `Folder`.
        skip: See `Folder`.

    Raises:
        ConfigError: no installed library knows the URL.
    """
    if is_url(place):
        return Bucket(place)
    return Folder(local_path(place), follow_links=follow_links, skip=skip)


def local_path(place: str) -> Path:
    """The path that a place of this machine has, which may be written as a URL ("file:///...")."""
    scheme, separator, rest = place.partition("://")
    return Path(unquote(rest)) if separator and scheme in _HERE else Path(place)


def is_url(place: str) -> bool:
    """Whether `place` is a URL of something else than this machine's files."""
    scheme, separator, _ = place.partition("://")
    return bool(separator) and scheme not in _HERE


class Bucket(Place):
    """A tree of objects.

    Args:
        url: Its root.

    Raises:
        ConfigError: no installed library knows the URL.
    """

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs

            files, root = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise ConfigError(
                f"{url.partition('://')[0]}:// cannot be used here ({error})",
                hint="install docstructure[cluster] and the fsspec package for this kind of URL",
            ) from error
        self._files: Any = files
        self._root = root.rstrip("/")
        protocol = files.protocol
        self._at_once = bool(
            _AT_ONCE & set([protocol] if isinstance(protocol, str) else list(protocol))
        )

    def _locate(self, path: bytes) -> str:
        return f"{self._root}/{os.fsdecode(path)}" if path else self._root

    def walk(self) -> Iterator[Found]:
        """All objects but hidden ones, folder by folder, each in the order of its names."""
        waiting: list[tuple[bytes, Mapping[str, Any] | None]] = [(b"", None)]
        while waiting:
            path, info = waiting.pop()
            if info is not None and info["type"] != "directory":
                yield _found(path, info)
                continue
            with _as_os_errors():
                listed = self._files.ls(self._locate(path), detail=True)
            named = {_name(child): child for child in listed if _name(child) != _name_of(path)}
            if STATE_FOLDER in named and path:
                continue
            above = path + b"/" if path else b""
            waiting += [
                (above + os.fsencode(name), named[name])
                for name in sorted(named, reverse=True)
                if name and not name.startswith(".")
            ]

    def look(self, path: bytes) -> Found | None:
        """Size and stamp as of now; None where there is no object."""
        try:
            with _as_os_errors():
                self._files.invalidate_cache()
                info = self._files.info(self._locate(path))
        except OSError:
            return None
        return _found(path, info) if info["type"] == "file" else None

    def head(self, path: bytes, count: int) -> bytes:
        """The first bytes."""
        with _as_os_errors():
            return bytes(self._files.cat_file(self._locate(path), start=0, end=count))

    def digest(self, path: bytes) -> str:
        """SHA-256 in hexadecimal."""
        sum_ = hashlib.sha256()
        with _as_os_errors(), self._files.open(self._locate(path), "rb") as file:
            while chunk := file.read(_CHUNK):
                sum_.update(chunk)
        return sum_.hexdigest()

    def read(self, path: bytes) -> bytes:
        """The whole object."""
        with _as_os_errors():
            return bytes(self._files.cat_file(self._locate(path)))

    def write(self, path: bytes, data: Content) -> None:
        """Write an object whole or not at all."""
        if callable(data):
            raise TypeError("an object is written from bytes")
        target = self._locate(path)
        try:
            with _as_os_errors():
                if self._at_once:
                    self._files.pipe_file(target, data)
                    return
                self.make_folder(path)
                folder = target.rpartition("/")[0]
                hidden = f"{folder}/.structure-{os.getpid()}-{secrets.token_hex(4)}.tmp"
                self._files.pipe_file(hidden, data)
                self._files.mv(hidden, target)
        except OSError as error:
            raise OutputError(f"cannot be written ({error})", path=target) from error

    def write_side(self, path: bytes, files: Mapping[str, bytes]) -> None:
        """Write side files below a name."""
        for name, data in files.items():
            self.write(path + b"/" + name.encode(), data)

    def make_folder(self, path: bytes) -> None:
        """Make the folder of a file, where the file system has folders at all."""
        if not self._at_once:
            with _as_os_errors():
                self._files.makedirs(self._locate(path).rpartition("/")[0], exist_ok=True)

    def list_folder(self, path: bytes) -> list[bytes]:
        """The objects right below a name, sorted; none where there are none."""
        try:
            with _as_os_errors():
                listed = self._files.ls(self._locate(path), detail=True)
        except OSError:
            return []
        return sorted(
            path + b"/" + os.fsencode(_name(info)) for info in listed if info["type"] == "file"
        )

    def remove(self, path: bytes) -> None:
        """Remove an object; harmless where there is none."""
        with _as_os_errors():
            if self._files.exists(self._locate(path)):
                self._files.rm_file(self._locate(path))


def _found(path: bytes, info: Mapping[str, Any]) -> Found:
    stamp = " ".join(str(info[key]) for key in _VERSIONS if info.get(key) is not None)
    return Found(path, int(info.get("size") or 0), stamp)


def _name(info: Mapping[str, Any]) -> str:
    return str(info["name"]).rstrip("/").rpartition("/")[2]


def _name_of(path: bytes) -> str:
    # Some stores list the marker object of a folder in the folder itself.
    return os.fsdecode(path).rpartition("/")[2] if path else ""


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """Clients of stores raise errors of their own; here they are all faults of input or output."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(0, f"{type(error).__name__}: {error}") from error
