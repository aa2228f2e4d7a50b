"""Arguments in, exit code out; the one place where an error becomes a line on stderr."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from structure.cli import batch, convert, extract, layout, models, table
from structure.cli.configuration import configured
from structure.cli.messages import FORMATS, complain, form
from structure.core.errors import ExitCode, StructureError, bug

EPILOG = """\
exit codes: 0 done, 2 usage, 3 input, 4 some pages failed, 5 locked, 6 output, 7 limit, 8 model, 1 a
bug of ours, 10 another run works here
"""


_UNHARMED = "nothing was written that is not complete"


class _Stopped(BaseException):
    """SIGTERM arrived."""


class _Parser(argparse.ArgumentParser):
    """A parser that reports wrong usage in the same form as every other error.

    Options are not to be shortened: an option that comes later would change what is meant.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        complain("E_USAGE", f"{message}; see {self.prog} --help", ExitCode.USAGE)
        raise SystemExit(ExitCode.USAGE)


def parser() -> argparse.ArgumentParser:
    """The command line of `structure`."""
    top = _Parser(
        prog="structure",
        description="Turn scans, photos and PDFs into editable documents, offline, on a CPU.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"structure {version('docstructure')}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in (convert, extract, batch, table, layout, models):
        command.register(commands)
    for command_parser in commands.choices.values():
        group = command_parser.add_argument_group("running")
        group.add_argument("--debug", action="store_true", help="show what goes on, and tracebacks")
        group.add_argument(
            "--log-format", choices=FORMATS, default=FORMATS[0],
            help="how errors and warnings are written (default: text)",
        )  # fmt: skip
        group.add_argument(
            "--config", type=Path, metavar="FILE",
            help="TOML or JSON with options by their names; those given here count more",
        )  # fmt: skip
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Without the program's name; those of the process where None.

    Returns:
        The exit code (see `structure.core.errors.ExitCode`).
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    token = form.set("json" if _asks_for_json(given) else "text")
    try:
        return _run(given)
    finally:
        form.reset(token)


def _run(given: list[str]) -> int:
    try:
        options = parser().parse_args(given)
        if options.config is not None:
            place = given.index(options.command) + 1
            given[place:place] = configured(options.config)
            options = parser().parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    except StructureError as error:
        complain(error.code, str(error), error.exit_code)
        return int(error.exit_code)
    form.set(options.log_format)
    logging.basicConfig(
        level=logging.DEBUG if options.debug else logging.CRITICAL, stream=sys.stderr
    )
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        return int(options.run(options))
    except StructureError as error:
        if options.debug:
            traceback.print_exc()
        complain(error.code, str(error), error.exit_code)
        return int(error.exit_code)
    except KeyboardInterrupt:
        complain("E_STOPPED", f"interrupted; {_UNHARMED}", ExitCode.INTERRUPTED)
        return int(ExitCode.INTERRUPTED)
    except _Stopped:
        complain("E_STOPPED", f"terminated; {_UNHARMED}", ExitCode.TERMINATED)
        return int(ExitCode.TERMINATED)
    except BrokenPipeError:
        # Whoever read our standard output has gone; that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.OK)
    except Exception as error:  # noqa: BLE001 (border: a bug becomes one line and exit code 1)
        if options.debug:
            traceback.print_exc()
        complain("E_INTERNAL", str(bug(error)), ExitCode.INTERNAL)
        return int(ExitCode.INTERNAL)
    finally:
        signal.signal(signal.SIGTERM, previous)


def _asks_for_json(given: Sequence[str]) -> bool:
    """Whether errors are to be JSON, also such as keep the arguments from being understood."""
    return "--log-format=json" in given or ("--log-format", "json") in pairwise(given)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise _Stopped
