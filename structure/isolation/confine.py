"""Children of this program: how they are started, bound to their parent, and held within limits."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from structure.isolation.channel import Channel, widen

_PR_SET_PDEATHSIG = 1
_OPEN_FILES = 256
# The child runs what this process runs: the same packages, from the same places, in this order, and
# nothing from the current folder.
_START = """\
import sys
parent, debug, module, *sys.path = sys.argv[4:]
from importlib import import_module
from structure.isolation.confine import bind
bind(int(parent), int(sys.argv[3]))
import_module(module).main(int(sys.argv[1]), int(sys.argv[2]), debug=bool(debug))
"""


@dataclass(frozen=True, slots=True)
class Child:
    """A child process in a session of its own.

    Attributes:
        process: Its handle.
        channel: Messages to and from it.
        lifeline: A descriptor that the child watches: it ends when this one is closed, which the
            system does when this process dies, however that comes about.
    """

    process: subprocess.Popen[bytes]
    channel: Channel
    lifeline: int

    def kill(self) -> None:
        """End it and its own children now, and wait until it is gone."""
        kill_group(self.process.pid)
        self.process.wait()
        self.channel.close()
        os.close(self.lifeline)


def start(
    module: str,
    *,
    largest: int = 1 << 28,
    debug: bool = False,
    environment: Sequence[tuple[str, str]] = (),
    keep: Sequence[int] = (),
) -> Child:
    """Start `main` of a module in a new process.

    Args:
        module: Its name.
        largest: Bytes of a message from it.
        debug: Whether what it prints is shown; it is thrown away otherwise.
        environment: Variables to set for it.
        keep: Descriptors that it shall have too, under the same numbers.
    """
    down_reader, down_writer = os.pipe()
    up_reader, up_writer = os.pipe()
    line_reader, line_writer = os.pipe()
    theirs = (down_reader, up_writer, line_reader)
    widen(up_reader)
    shown = None if debug else subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _START,
                *map(str, theirs),
                str(os.getpid()),
                "yes" if debug else "",
                module,
                *sys.path,
            ],
            stdin=subprocess.DEVNULL,
            # Nobody shall mistake what a library prints for a result.
            stdout=2 if debug else subprocess.DEVNULL,
            stderr=shown,
            env={**os.environ, **dict(environment)},
            pass_fds=(*theirs, *keep),
            start_new_session=True,
        )
    except BaseException:
        for descriptor in (down_writer, up_reader, line_writer):
            os.close(descriptor)
        raise
    finally:
        for descriptor in theirs:
            os.close(descriptor)
    return Child(process, Channel(up_reader, down_writer, largest=largest), line_writer)


def bind(parent: int, lifeline: int) -> None:
    """Die with the parent, together with all children; called by a child first of all.

    Two ways, for each has a gap: Linux kills this process itself, but not its children, at the very
    moment; a thread that waits at the lifeline ends the whole group, but not while a library that
    hangs holds the interpreter.
    """
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    # What a file has brought down leaves no image of its memory behind.
    _limit(resource.RLIMIT_CORE, 0)
    threading.Thread(target=_wait_for_end, args=(lifeline,), daemon=True).start()


def die_with_parent() -> None:
    """Ask the system to kill this process when its parent dies; where it can (Linux)."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def limit_decoder(memory: int, seconds: float, file_bytes: int) -> None:
    """Hold this process, and each one that it starts, within limits.

    Args:
        memory: Bytes of address space; 0 for no limit.
        seconds: Of computing time; 0 for no limit.
        file_bytes: Bytes of each file that is written; 0 for no limit.
    """
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    if memory:
        _limit(resource.RLIMIT_AS, memory)
    if seconds:
        _limit(resource.RLIMIT_CPU, int(seconds) + 1)
    if file_bytes:
        # The write fails then; the signal would end the process instead.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _limit(resource.RLIMIT_FSIZE, file_bytes)


def kill_group(leader: int) -> None:
    """Kill a process and all others of its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # Some systems (macOS) know a limit and refuse to set it.
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value))


def _wait_for_end(lifeline: int) -> None:
    with suppress(OSError):
        os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


def _find_prctl() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    function: Callable[..., int] = ctypes.CDLL(None).prctl
    return function


_prctl = _find_prctl()
