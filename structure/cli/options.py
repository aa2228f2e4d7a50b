"""Options that several commands share."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from structure.core.errors import ConfigError, one_line
from structure.core.text import clean

_MAX_PASSWORD = 1000  # characters; a device may have no end

MAX_DEFAULT_THREADS = 4
"""More threads hardly shorten one page; many files at once are the better use of cores."""


def add_models(command: argparse.ArgumentParser) -> None:
    """`--device`, `--threads` and the weights of the user's own."""
    group = command.add_argument_group("models")
    group.add_argument(
        "--device",
        default="cpu",
        metavar="NAME",
        help="cpu (default) or a torch device: cuda, cuda:1",
    )
    group.add_argument(
        "--threads",
        type=positive,
        default=min(MAX_DEFAULT_THREADS, os.cpu_count() or 1),
        metavar="N",
        help="CPU threads (default: all cores, at most 4)",
    )


def positive(text: str) -> int:
    """A whole number of at least 1, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def share(text: str) -> float:
    """A number from 0 to 1, for argparse."""
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return number


def read_password(path: Path | None) -> str | None:
    """The first line of a password file; standard input for "-".

    Raises:
        ConfigError: the file cannot be read.
    """
    if path is None:
        return None
    try:
        if str(path) == "-":
            text = sys.stdin.readline(_MAX_PASSWORD)
        else:
            with path.open(encoding="utf-8") as file:
                text = file.readline(_MAX_PASSWORD)
    except (OSError, ValueError) as error:
        raise ConfigError(
            "the password file cannot be read", path=path, hint="check its path and rights"
        ) from error
    return text.splitlines()[0] if text else ""


def warn(code: str, message: str) -> None:
    """One line on stderr; never the word that marks errors."""
    print(f"structure: warning[{code}]: {' '.join(clean(message).split())}", file=sys.stderr)


def printable(text: str) -> str:
    """Text from outside on one line of a terminal, with control characters escaped."""
    return one_line(text, limit=1000)
