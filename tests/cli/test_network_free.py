"""Nothing leaves the machine, and nothing is left on it but the output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

GUARD = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        # A thread or a forked process would swallow an exception; what stands on stderr stays.
        import os, traceback
        traceback.print_stack()
        os._exit(99)

sys.addaudithook(refuse)
"""


def run(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run Python code under the guard, which holds for each Python that it starts as well."""
    home.mkdir()
    guard = home.parent / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(GUARD)
    temporary = home.parent / "temporary"
    temporary.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(guard),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=home,
    )
    assert list(temporary.iterdir()) == []
    return done


def test_the_guard_notices_a_connection(tmp_path: Path) -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    assert run(code, tmp_path / "home").returncode == 99


def test_the_guard_holds_for_children_too(tmp_path: Path) -> None:
    connect = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    code = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {connect!r}]))"
    assert run(code, tmp_path / "home").returncode == 99


def test_the_suite_reaches_no_other_machine() -> None:
    import socket

    with socket.socket() as outside, pytest.raises(AssertionError, match="192"):
        outside.connect(("192.0.2.1", 80))


def test_converting_opens_no_connection_and_leaves_nothing_behind(
    tmp_path: Path, examples: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    arguments = ["convert", str(examples / "scanned-letter.pdf"), "--pages", "1", "--quiet"]
    for name in ("a.docx", "a.xlsx", "a.html", "a.json", "a.txt"):
        arguments += ["-o", str(out / name)]
    code = f"import sys; from structure.cli import main; sys.exit(main({arguments!r}))"
    done = run(code, tmp_path / "home")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list((tmp_path / "home").iterdir()) == []
    assert sorted(path.name for path in out.iterdir()) == [
        "a.docx", "a.html", "a.json", "a.txt", "a.xlsx",
    ]  # fmt: skip


def test_the_models_of_the_ocr_engine_are_never_fetched(tmp_path: Path) -> None:
    # rapidocr downloads a model that it does not find in its place.
    code = """
import structure.ocr.engine as engine
from structure.core.errors import ModelError
engine.RECOGNIZER = "not-there.onnx"
try:
    engine.Engine()
except ModelError as error:
    print(error)
"""
    done = run(code, tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("not-there.onnx: the file is missing")
