"""What the processes below another one hold of the memory, as Linux tells it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def family(pid: int) -> list[int]:
    """A process and all processes below it; only itself where the system does not tell."""
    found = [pid]
    for member in found:
        for thread in _threads(member):
            # One that ends meanwhile has no children any more.
            with suppress(OSError, ValueError):
                children = (_PROC / str(member) / "task" / thread / "children").read_text()
                found += map(int, children.split())
    return found


def resident(pid: int) -> int:
    """Resident bytes of a process and all processes below it; 0 where the system does not tell."""
    total = 0
    for member in family(pid):
        with suppress(OSError, ValueError, IndexError):
            total += int((_PROC / str(member) / "statm").read_text().split()[1]) * _PAGE
    return total


def _threads(pid: int) -> list[str]:
    try:
        return os.listdir(_PROC / str(pid) / "task")  # noqa: PTH208 (names alone, five times a second)
    except OSError:
        return []
