"""Options that several commands share."""

from __future__ import annotations

import argparse
import math
import os
import re
import sys
from pathlib import Path

from structure.core.errors import ConfigError, one_line
from structure.core.limits import Limits

_MAX_PASSWORD = 1000  # characters; a device may have no end

_QUANTITY = re.compile(
    r"(?P<number>\d{1,18}(\.\d{1,6})?)\s*(?P<prefix>[kmgt])?(?P<binary>i)?b?", re.IGNORECASE
)

FORMATS = ("docx", "xlsx", "html", "md", "json", "txt", "pdf", "alto.xml", "hocr.html")
"""What documents are written as; a test compares this with the writers."""

MAX_DEFAULT_THREADS = 4
"""More threads hardly shorten one page; many files at once are the better use of cores."""


def add_reading(command: argparse._ActionsContainer) -> None:
    """`--dpi` and `--ocr`: how pages are drawn and read."""
    command.add_argument(
        "--dpi", type=int, default=200, help="resolution for PDF pages (default: 200)"
    )
    command.add_argument(
        "--ocr", choices=("auto", "always", "never"), default="auto",
        help="whether to read text from pixels where a PDF has a text layer (default: auto)",
    )  # fmt: skip


def add_inputs(command: argparse.ArgumentParser) -> None:
    """`IN...`, `--pages`, `--password-file` and what `add_reading` adds."""
    command.add_argument("inputs", nargs="+", type=Path, metavar="IN", help="PDF or picture")
    command.add_argument("--pages", metavar="LIST", help="which pages, for example 1-3,7 or 5-")
    add_reading(command)
    command.add_argument(
        "--password-file", type=Path, metavar="FILE",
        help="password of an encrypted PDF; - for stdin",
    )  # fmt: skip


def add_docx_styles(command: argparse._ActionsContainer) -> None:
    """`--template` and `--mark-uncertain`."""
    command.add_argument(
        "--template", type=Path, metavar="FILE", help="docx: a document whose styles are used"
    )
    command.add_argument(
        "--mark-uncertain", type=share, metavar="T",
        help="mark words read with a confidence below T (0 to 1)",
    )  # fmt: skip


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


def add_limits(command: argparse.ArgumentParser) -> None:
    """Upper bounds for what a file may cost, and whether they can be enforced."""
    usual = Limits()
    group = command.add_argument_group(
        "limits",
        "0 switches a limit off; a hostile or broken file may then take all memory, disk or time "
        "there is. Sizes may end in k, M, G, with B or iB.",
    )
    for flag, value, what in (
        ("--max-file-size", f"{usual.file_size // 10**6}MB", "bytes of an input file"),
        ("--max-pages", f"{usual.pages}", "pages of a file, as selected"),
        ("--max-pixels", f"{usual.pixels // 10**6}M", "pixels of a picture file"),
        ("--max-raster", f"{usual.raster // 10**6}M", "pixels of a page; larger ones are scaled"),
        ("--max-boxes", f"{usual.boxes}", "text lines of a page; the surest are kept"),
        ("--max-memory", f"{usual.memory >> 30}GiB", "memory of the processes at a file"),
        ("--max-output", f"{usual.output >> 30}GiB", "bytes of an output file"),
        ("--min-free", f"{usual.free // 10**6}MB", "bytes that stay free where files are written"),
    ):
        group.add_argument(
            flag, type=quantity, default=value, metavar="N", help=f"{what} (default: {value})"
        )
    for flag, value, what in (
        ("--page-timeout", f"{usual.page_seconds:g}", "a page; then it failed, the rest goes on"),
        ("--file-timeout", f"{usual.file_seconds:g}", "a file; the pages done by then are kept"),
    ):
        group.add_argument(
            flag, type=seconds, default=value, metavar="S", help=f"time for {what} ({value} s)"
        )
    group.add_argument(
        "--in-process", action="store_true",
        help="do all work in this process: for a debugger; no limit of time and memory holds, and "
        "a file that crashes a library ends the whole run",
    )  # fmt: skip


def limits_of(options: argparse.Namespace) -> Limits:
    """The limits that the options of `add_limits` ask for."""
    return Limits(
        file_size=options.max_file_size,
        pages=options.max_pages,
        pixels=options.max_pixels,
        raster=options.max_raster,
        side=Limits().side if options.max_raster else 0,
        page_seconds=options.page_timeout,
        file_seconds=options.file_timeout,
        memory=options.max_memory,
        boxes=options.max_boxes,
        output=options.max_output,
        free=options.min_free,
    )


def quantity(text: str) -> int:
    """A whole number of at least 0, such as 2000, 40M, 500MB or 4GiB, for argparse."""
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 2000, 40M, 500MB or 4GiB")
    base = 1024 if found["binary"] else 1000
    power = " kmgt".index((found["prefix"] or " ").lower())
    return round(float(found["number"]) * base**power)


def seconds(text: str) -> float:
    """A time of at least 0, for argparse."""
    number = float(text)
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f"{text} is no time in seconds")
    return number


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


def printable(text: str) -> str:
    """Text from outside on one line of a terminal, with control characters escaped."""
    return one_line(text, limit=1000)
