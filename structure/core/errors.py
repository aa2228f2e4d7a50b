"""Every error that leaves a public function, and the exit code that the command gives it.

    StructureError            1  internal
    ├── ConfigError           2  unknown or contradictory options
    ├── InputError            3  missing, empty, damaged or unsupported input
    ├── LockedError           5  needs a password
    ├── OutputError           6  cannot be written
    ├── LimitError            7  a size, page, pixel, time or memory limit fired
    ├── ModelError            8  weights missing, refused or wrong; a required program is missing
    └── BusyError            10  another run holds the folder

Each error carries `code` (E_...), `hint` (what to do) and `page` (1-based, or None), and its text
is one line.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class ExitCode(IntEnum):
    """Exit codes of the command; a stable part of its interface."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    INPUT = 3
    PARTIAL = 4
    LOCKED = 5
    OUTPUT = 6
    LIMIT = 7
    MODEL = 8
    BUSY = 10
    INTERRUPTED = 130
    TERMINATED = 143


class StructureError(Exception):
    """Base of all errors of this project.

    Args:
        what: What is wrong, in a few words.
        hint: What the user can do about it.
        path: The file concerned; only its base name is shown.
        code: The error code, `E_...`; each class has a default.
        page: 1-based page number, or None.
    """

    exit_code = ExitCode.INTERNAL
    default_code = "E_INTERNAL"

    def __init__(
        self,
        what: str,
        *,
        hint: str = "",
        path: str | os.PathLike[str] | None = None,
        code: str | None = None,
        page: int | None = None,
    ) -> None:
        self.what, self.hint, self.path, self.page = what, hint, path, page
        self.code = code or self.default_code
        name = f"{display_name(path)}: " if path is not None else ""
        super().__init__(f"{name}{what}" + (f"; {hint}" if hint else ""))


def bug(error: Exception, path: str | os.PathLike[str] | None = None) -> StructureError:
    """What becomes of an exception that nobody foresaw."""
    what = one_line(f"{type(error).__name__}: {error}", 200)
    return StructureError(
        what, hint="this is a bug: please report it with its traceback (--debug)", path=path
    )


def public(function: Callable[P, R]) -> Callable[P, R]:
    """Let a public function raise nothing but `StructureError`, and `MemoryError`.

    What nobody foresaw comes as the `__cause__` of one with the code `E_INTERNAL`. A call with
    arguments that the function does not have is a `TypeError`, as everywhere.
    """

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (StructureError, MemoryError):
            raise
        except Exception as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is None:
                raise  # the call itself failed
            raise bug(error) from error

    return called


class ConfigError(StructureError):
    """The options contradict each other or hold an impossible value."""

    exit_code = ExitCode.USAGE
    default_code = "E_USAGE"


class InputError(StructureError):
    """The input is missing, not a regular file, empty, unsupported or damaged."""

    exit_code = ExitCode.INPUT
    default_code = "E_INPUT"


class LockedError(StructureError):
    """The input needs a password or a certificate."""

    exit_code = ExitCode.LOCKED
    default_code = "E_LOCKED"


class OutputError(StructureError):
    """The output cannot be written."""

    exit_code = ExitCode.OUTPUT
    default_code = "E_OUTPUT"


class LimitError(StructureError):
    """A limit fired and nothing could be delivered."""

    exit_code = ExitCode.LIMIT
    default_code = "E_LIMIT"


class ModelError(StructureError):
    """Weights are missing, refused or wrong, or a required program is missing."""

    exit_code = ExitCode.MODEL
    default_code = "E_MODEL"


class BusyError(StructureError):
    """Another live run holds the output folder."""

    exit_code = ExitCode.BUSY
    default_code = "E_BUSY"


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def display_name(path: str | os.PathLike[str], limit: int = 80) -> str:
    """The base name of `path`, safe to print.

    Control and bidirectional characters are escaped, and a long name is shortened in its middle.
    """
    name = Path(os.fsdecode(path)).name or os.fsdecode(path)
    shown = "".join(_visible(char) for char in name)
    if len(shown) <= limit:
        return shown
    return f"{shown[: limit // 2 - 2]}...{shown[-(limit // 2 - 1) :]}"


def one_line(text: str, limit: int = 300) -> str:
    """`text` on one line of at most `limit` characters, with control characters escaped."""
    shown = "".join(_visible(char) for char in " ".join(text.split()))
    return shown if len(shown) <= limit else shown[: limit - 3] + "..."


def _visible(char: str) -> str:
    if char in _BIDI or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
        return char.encode("unicode_escape", "surrogatepass").decode("ascii")
    return char
