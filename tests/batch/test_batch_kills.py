"""Killed at random moments and resumed: nothing lost, nothing double, nothing half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("slow_copy.py")
COMMAND = "import sys; from structure.cli import main; sys.exit(main())"
FILES = 30
KILLS = 3


def start(inputs: Path, outputs: Path, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(inputs), str(outputs), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def content(number: int) -> bytes:
    return f"{number} ".encode() * 2000


def fill(folder: Path) -> None:
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:02}.pdf").write_bytes(content(number))


def finals(outputs: Path) -> Sequence[Path]:
    return sorted(outputs.glob("*.txt"))


def assert_whole(outputs: Path) -> None:
    for path in finals(outputs):
        assert path.read_bytes() == content(int(path.stem)), path


@pytest.mark.parametrize("whole_group", [True, False], ids=["group", "parent only"])
def test_after_any_number_of_kills_one_run_completes_all(tmp_path: Path, whole_group: bool) -> None:
    inputs, outputs = tmp_path / "in", tmp_path / "out"
    fill(inputs)
    chance = random.Random(7)
    progress = []
    for _ in range(KILLS):
        process = start(inputs, outputs, 0.04)
        # Long enough to begin, too short to end.
        end = time.monotonic() + 10
        before = len(finals(outputs))
        while len(finals(outputs)) < before + 2 and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.2)
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()
        assert_whole(outputs)
        progress.append(len(finals(outputs)))
    assert progress == sorted(progress)
    assert 6 <= progress[-1] < FILES
    process = start(inputs, outputs, 0.0)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    # At most the file that was in work at a kill is done twice.
    again, _, files = out.split()
    assert int(files) == FILES
    assert FILES - progress[-1] <= int(again) <= FILES - progress[-1] + KILLS
    assert len(finals(outputs)) == FILES
    assert_whole(outputs)
    assert [path.name for path in outputs.iterdir() if path.name.startswith(".")] == [".structure"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_run_is_refused_at_once_and_the_first_can_be_stopped(
    tmp_path: Path, number: signal.Signals
) -> None:
    inputs, outputs = tmp_path / "in", tmp_path / "out"
    fill(inputs)
    first = start(inputs, outputs, 0.2)
    try:
        while not finals(outputs):
            assert first.poll() is None
            time.sleep(0.01)
        second = subprocess.run(
            [sys.executable, "-c", COMMAND, "batch", str(inputs), "-o", str(outputs)],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.kill(first.pid, number)
        first.communicate(timeout=10)
    assert second.returncode == 10
    assert f"process {first.pid} " in second.stderr
    assert_whole(outputs)
