"""Writing files so that they appear whole or not at all.

A file is written under a hidden name beside its target, flushed to the disk, checked, and then
renamed over the target. Whatever fails on the way removes the hidden file and leaves the target as
it was.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from structure.core.errors import OutputError

Content = bytes | Callable[[BinaryIO], None]

_REASONS = {
    errno.ENOENT: ("the folder does not exist", "create it first"),
    errno.ENOTDIR: ("a part of its path is not a folder", "choose another place"),
    errno.EACCES: ("cannot be written here", "check the rights of the folder"),
    errno.EPERM: ("cannot be written here", "check the rights of the folder"),
    errno.EROFS: ("the file system is read-only", "choose another place"),
    errno.ENOSPC: ("no space left", "free some space or choose another place"),
    errno.EDQUOT: ("the disk quota is used up", "free some space or choose another place"),
    errno.EFBIG: ("larger than this system allows a file to be", "choose another place"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
    errno.ELOOP: ("a symbolic link that leads in a circle", "choose another place"),
}


def write_atomic(
    path: str | os.PathLike[str],
    data: Content,
    *,
    check: Callable[[Path], None] | None = None,
    forbidden: Iterable[str | os.PathLike[str]] = (),
    replace: bool = True,
) -> None:
    """Write a file whole or not at all.

    Args:
        path: The target. A symbolic link is followed and stays a link.
        data: The bytes, or a function that writes them to a binary file.
        check: Reads the finished file under its hidden name; what it raises is passed on, and the
            target stays as it was.
        forbidden: Files that must not be overwritten (the inputs), found also through links.
        replace: Whether an existing file is replaced; otherwise it is refused, also where it
            appears in the meantime.

    Raises:
        OutputError: the target cannot be written, is not a regular file, or is one of `forbidden`.
    """
    with _explained(path):
        target = output_target(path, forbidden=forbidden, replace=replace)
        hidden = _hidden(target)
        try:
            with _create(hidden) as file:
                if callable(data):
                    data(file)
                else:
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if check is not None:
                check(hidden)
            if replace:
                hidden.replace(target)
            else:
                _give_free_name(hidden, target)
        except BaseException:
            hidden.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)


def write_folder(path: str | os.PathLike[str], files: Mapping[str, bytes]) -> None:
    """Write side files (the pictures of a markdown file) into the folder `path`.

    A folder that does not exist yet appears whole or not at all. In an existing one each file is
    replaced atomically, and files of other names stay.

    Args:
        path: The folder; the one above it must exist.
        files: Plain file names and their bytes.

    Raises:
        OutputError: the folder cannot be written, or `path` is something else.
        ValueError: a name in `files` is not a plain file name.
    """
    for name in files:
        if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
            raise ValueError(f"{name!r} is not a plain file name")
    with _explained(path):
        target = Path(os.path.realpath(path))
        if target.is_dir():
            for name, data in files.items():
                write_atomic(target / name, data)
            return
        if os.path.lexists(target):
            raise OutputError("is not a folder", hint="choose another name", path=path)
        hidden = _hidden(target)
        try:
            hidden.mkdir()
            for name, data in files.items():
                with _create(hidden / name) as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            hidden.rename(target)
        except BaseException:
            shutil.rmtree(hidden, ignore_errors=True)
            raise
        _sync_folder(target.parent)


def output_target(
    path: str | os.PathLike[str],
    *,
    forbidden: Iterable[str | os.PathLike[str]] = (),
    replace: bool = True,
) -> Path:
    """The file that writing to `path` would replace or create, with links followed.

    Worth calling before the work starts, so that an impossible target costs no time.

    Raises:
        OutputError: its folder is missing, it is not a regular file, it is one of `forbidden`, or
            it exists and is not to be replaced.
    """
    with _explained(path):
        target = Path(os.path.realpath(path))
        folder = target.parent.stat()
        if not stat.S_ISDIR(folder.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        try:
            found = target.lstat()
        except FileNotFoundError:
            if target.name in ("", ".", ".."):
                raise OutputError("is a folder", hint="name a file", path=path) from None
            return target
        if stat.S_ISDIR(found.st_mode):
            raise OutputError("is a folder", hint="name a file in it", path=path)
        if not stat.S_ISREG(found.st_mode):
            raise OutputError("is not a regular file", hint="choose another name", path=path)
        for source in forbidden:
            with suppress(OSError):
                if os.path.samestat(found, Path(source).stat()):
                    raise OutputError("is the input itself", hint="choose another name", path=path)
        if not replace:
            raise _exists(path)
        return target


def check_space(folder: str | os.PathLike[str], needed: int) -> None:
    """Demand that so many bytes are free where a folder lies.

    Raises:
        OutputError: fewer are, or there is no such folder.
    """
    with _explained(folder):
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise OutputError(
                f"only {free / 1e6:.0f} MB are free there, and {needed / 1e6:g} MB are demanded",
                hint="free some space or choose another place",
                path=folder,
                code="E_SPACE",
            )


@contextmanager
def _explained(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn what the system says into an `OutputError` that a user understands."""
    try:
        yield
    except OSError as error:
        what, hint = _REASONS.get(
            error.errno or 0, (f"cannot be written ({os.strerror(error.errno or 0)})", "")
        )
        raise OutputError(what, hint=hint, path=path) from error
    except UnicodeEncodeError as error:
        raise OutputError("the name holds half a character", path=path) from error
    except ValueError as error:
        if "null byte" not in str(error):
            raise
        raise OutputError("the name holds a null character", path=path) from error


def _exists(path: str | os.PathLike[str]) -> OutputError:
    hint = "choose another name, or let it be replaced"
    return OutputError("exists already", hint=hint, path=path, code="E_EXISTS")


def _give_free_name(hidden: Path, target: Path) -> None:
    """Rename to a name that nobody else has taken, not even a moment ago."""
    try:
        target.hardlink_to(hidden)
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError:
        # A file system without hard links: nothing there renames without replacing.
        if os.path.lexists(target):
            raise _exists(target) from None
        hidden.rename(target)
    else:
        hidden.unlink()


def remove_leftovers(folder: Path, pid: int) -> None:
    """Remove the hidden files that a process has left in a folder because it was killed."""
    with suppress(OSError):
        for path in folder.glob(f".structure-{pid}-*.tmp"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _hidden(target: Path) -> Path:
    return target.with_name(f".structure-{os.getpid()}-{secrets.token_hex(4)}.tmp")


def _create(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o666), "wb")


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders, and some network file systems refuse to sync them; the file is in
    # place then as well, only not yet proof against a power cut.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
