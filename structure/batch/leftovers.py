"""Hidden files that a killed process left among the outputs."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

_HIDDEN = re.compile(r"\.structure-(\d+)-[0-9a-f]+\.tmp")  # see structure.core.output
_OLD = 24 * 3600.0
"""Seconds after which one is stale even where its number now belongs to some other process."""


def remove_stale(root: Path) -> None:
    """Remove the hidden files and folders of dead writers below `root`."""
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            match = _HIDDEN.fullmatch(name)
            path = Path(folder, name)
            if match is None or not _is_stale(path, int(match[1])):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        folders[:] = [name for name in folders if not _HIDDEN.fullmatch(name)]


def _is_stale(path: Path, pid: int) -> bool:
    if not is_alive(pid):
        return True
    try:
        return time.time() - path.lstat().st_mtime > _OLD
    except OSError:
        return False


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        # Where nobody asks for the fate of orphans, as in many containers, they stay in the table
        # of processes for ever.
        state = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
        return state.rpartition(")")[2].split()[0] not in ("Z", "X")
    except (OSError, IndexError):
        pass
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass  # somebody else's process has this number now
    return True
