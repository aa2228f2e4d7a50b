"""One run per folder; the lock dies with its owner."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from structure.batch.locking import FolderLock
from structure.core.errors import BusyError

HOLD = """
import sys, time
from pathlib import Path
from structure.batch.locking import FolderLock
with FolderLock(Path(sys.argv[1]), "out"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    second = FolderLock(tmp_path / "lock", tmp_path)
    message = f"process {os.getpid()} is working"
    with FolderLock(tmp_path / "lock", tmp_path), pytest.raises(BusyError, match=message):
        second.__enter__()
    with FolderLock(tmp_path / "lock", tmp_path):
        pass


def test_the_death_of_its_owner_opens_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BusyError, match=f"process {holder.pid} "):
            FolderLock(path, tmp_path).__enter__()
    finally:
        holder.kill()
        holder.communicate()
    with FolderLock(path, tmp_path):
        assert path.read_text() == f"{os.getpid()}\n"
