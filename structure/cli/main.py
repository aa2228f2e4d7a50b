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
from types import FrameType
from typing import NoReturn

from structure.cli import batch, convert, layout, models, table
from structure.core.errors import ExitCode, StructureError, one_line

EPILOG = """\
exit codes: 0 done, 2 usage, 3 input, 4 some pages failed, 5 locked, 6 output, 7 limit, 8 model, 1 a
bug of ours, 10 another run works here
"""


class _Stopped(BaseException):
    """SIGTERM arrived."""


class _Parser(argparse.ArgumentParser):
    """A parser that reports wrong usage in the same form as every other error."""

    def error(self, message: str) -> NoReturn:
        line = one_line(f"structure: error[E_USAGE]: {message}; see {self.prog} --help")
        print(line, file=sys.stderr)
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
    for command in (convert, batch, table, layout, models):
        command.register(commands)
    for command_parser in commands.choices.values():
        command_parser.add_argument(
            "--debug", action="store_true", help="show what goes on, and tracebacks"
        )
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Without the program's name; those of the process where None.

    Returns:
        The exit code (see `structure.core.errors.ExitCode`).
    """
    try:
        options = parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    logging.basicConfig(
        level=logging.DEBUG if options.debug else logging.CRITICAL, stream=sys.stderr
    )
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        return int(options.run(options))
    except StructureError as error:
        if options.debug:
            traceback.print_exc()
        _complain(error.code, str(error))
        return int(error.exit_code)
    except KeyboardInterrupt:
        _complain("E_STOPPED", "interrupted; nothing was written that is not complete")
        return int(ExitCode.INTERRUPTED)
    except _Stopped:
        _complain("E_STOPPED", "terminated; nothing was written that is not complete")
        return int(ExitCode.TERMINATED)
    except BrokenPipeError:
        # Whoever read our standard output has gone; that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.OK)
    except Exception as error:  # noqa: BLE001 (border: a bug becomes one line and exit code 1)
        if options.debug:
            traceback.print_exc()
        _complain(
            "E_INTERNAL",
            f"{type(error).__name__}: {error}; this is a bug: please report it with --debug",
        )
        return int(ExitCode.INTERNAL)
    finally:
        signal.signal(signal.SIGTERM, previous)


def _complain(code: str, message: str) -> None:
    print(one_line(f"structure: error[{code}]: {message}"), file=sys.stderr)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise _Stopped
