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
        with suppress(OSError, ValueError):
            for children in (_PROC / str(member) / "task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
    return found


def resident(pid: int) -> int:
    """Resident bytes of a process and all processes below it; 0 where the system does not tell."""
    total = 0
    for member in family(pid):
        with suppress(OSError, ValueError, IndexError):
            total += int((_PROC / str(member) / "statm").read_text().split()[1]) * _PAGE
    return total
