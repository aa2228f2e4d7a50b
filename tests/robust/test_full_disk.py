"""A disk that is full in the middle: one line says so, and nothing half is left."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from structure.core.errors import ExitCode

# A small file system of its own, which only this process and its children see.
CODE = """
import json, os, subprocess, sys
target, size, *arguments = sys.argv[1:]
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", target], check=True)
from structure.cli import main
code = main(arguments)
left = [os.path.join(path, name) for path, _, names in os.walk(target) for name in names]
print(json.dumps(sorted(os.path.relpath(path, target) for path in left)))
sys.exit(code)
"""
ALONE = ["unshare", "--map-root-user", "--mount"]

Full = Callable[..., tuple[int, list[str], str]]


@pytest.fixture
def full(environment: dict[str, str], tmp_path: Path) -> Full:
    """Run a command over a small disk; exit code, files left on the disk, error lines."""
    if shutil.which(ALONE[0]) is None:
        pytest.skip("this system has no unshare")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "none", str(disk)]
    if subprocess.run([*ALONE, *mount], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk")

    def run(size: str, *arguments: object) -> tuple[int, list[str], str]:
        done = subprocess.run(
            [*ALONE, sys.executable, "-c", CODE, str(disk), size, *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert list(Path(environment["TMPDIR"]).iterdir()) == []
        return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stderr

    return run


def test_a_document_that_does_not_fit_is_not_there(
    full: Full, good: dict[str, Path], tmp_path: Path
) -> None:
    target = tmp_path / "disk" / "a.docx"
    code, left, err = full("4k", "convert", good["pdf"], "-o", target, "--min-free", "0")
    assert (code, left) == (ExitCode.OUTPUT, [])
    assert err.startswith("structure: error[E_OUTPUT]: a.docx: no space left")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("size", ["16k", "200k"])
def test_a_batch_on_a_disk_that_fills_up_ends_with_whole_files_only(
    size: str, full: Full, good: dict[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(12):
        (tmp_path / "in" / f"{number}.png").write_bytes(good["png"].read_bytes())
    arguments = ("-o", tmp_path / "disk", "--to", "docx", "--min-free", "0", "--jobs", "1")
    code, left, err = full(size, "batch", tmp_path / "in", *arguments)
    assert code in (ExitCode.PARTIAL, ExitCode.OUTPUT), err
    assert [line for line in err.splitlines() if "error[" not in line] == []
    assert len(err.splitlines()) == (code == ExitCode.OUTPUT)
    assert [name for name in left if name.endswith(".tmp")] == []


@pytest.mark.parametrize("command", ["convert", "batch"])
def test_a_disk_that_may_only_be_read_is_told(
    command: str, full: Full, good: dict[str, Path], tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    single = ("convert", good["png"], "-o", disk / "a.docx", "--min-free", "0")
    whole = ("batch", good["png"].parent, "-o", disk)
    code, left, err = full("4k,ro", *(single if command == "convert" else whole))
    assert (code, left) == (ExitCode.OUTPUT, [])
    assert err.startswith("structure: error[E_OUTPUT]")
    assert len(err.splitlines()) == 1
