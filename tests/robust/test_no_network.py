"""Everything works where there is no network at all, not even a way back to this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = "import sys; from structure.cli import main; sys.exit(main())"
WITHOUT = ["unshare", "--map-root-user", "--net"]


@pytest.fixture(scope="module")
def without_network() -> list[str]:
    """What to write before a command that shall have no network."""
    if shutil.which(WITHOUT[0]) is None:
        pytest.skip("this system has no unshare")
    done = subprocess.run([*WITHOUT, "true"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this system lets nobody make a namespace without network")
    seen = subprocess.run([*WITHOUT, "cat", "/proc/net/route"], capture_output=True, check=True)
    assert len(seen.stdout.splitlines()) <= 1
    return WITHOUT


def test_documents_fields_tables_and_batches_need_no_network(
    without_network: list[str], examples: Path, tmp_path: Path
) -> None:
    def run(*arguments: str | Path) -> None:
        done = subprocess.run(
            [*without_network, sys.executable, "-c", CODE, *map(str, arguments)],
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    out = tmp_path / "out"
    out.mkdir()
    run("convert", examples / "scanned-letter.pdf", "--pages", "1", "-o", out / "a.docx")
    run("extract", examples / "receipt.jpg", "--schema", "receipt", "-o", out / "b.json")
    run("table", examples / "scanned-invoice.pdf", "-o", out / "c.html")
    (tmp_path / "in").mkdir()
    shutil.copy(examples / "digital-invoice.pdf", tmp_path / "in")
    run("batch", tmp_path / "in", "-o", tmp_path / "batch", "--to", "json")
    assert (out / "a.docx").stat().st_size > 5000
    assert json.loads((out / "b.json").read_text("utf-8"))["fields"]
    assert "<td" in (out / "c.html").read_text("utf-8")
    assert (tmp_path / "batch" / "digital-invoice.json").is_file()
