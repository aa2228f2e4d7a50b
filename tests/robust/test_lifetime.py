"""Nobody is left behind, however the program ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from structure.isolation import watch

CODE = "import sys; from structure.cli import main; sys.exit(main())"


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def started(
    environment: dict[str, str], good: dict[str, Path], out: Path, tmp_path: Path
) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """A command that has come to hang in some stage, in a group of its own."""
    processes: list[subprocess.Popen[bytes]] = []
    reached = tmp_path / "reached"

    def start(fault: str) -> subprocess.Popen[bytes]:
        arguments = ["convert", str(good["pdf"]), "-o", str(out / "a.docx")]
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, *arguments],
            env={
                **environment,
                "STRUCTURE_TEST_FAULT": fault,
                "STRUCTURE_TEST_REACHED": str(reached),
            },
            stderr=subprocess.PIPE,
            start_new_session=True,
            # Whoever runs the tests in the background makes them deaf for Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        processes.append(process)
        assert wait_for(reached.exists, 60), process.poll()
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


# "analyze:hang" leaves a worker that hangs and a decoder that waits, "read:spin" a decoder that
# holds its interpreter, so that only the system can end it.
@pytest.mark.parametrize("fault", ["analyze:hang", "read:spin"])
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGKILL, -signal.SIGKILL),
        (signal.SIGTERM, 143),
        (signal.SIGINT, 130),
    ],
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_children_end_with_their_parent(
    fault: str,
    number: signal.Signals,
    code: int,
    started: Callable[[str], subprocess.Popen[bytes]],
    out: Path,
) -> None:
    process = started(fault)
    family = watch.family(process.pid)
    assert len(family) >= 3
    os.kill(process.pid, number)
    assert process.wait(10) == code
    assert wait_for(lambda: not any(map(is_alive, family)), 3)
    assert list(out.iterdir()) == []
