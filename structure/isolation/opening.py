"""Files read in processes of their own, for callers that hold the models themselves."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import Unpack

from structure.core.limits import Limits
from structure.reading import OpenFile, Reading, SourceFile, open_source


def file_opener(
    limits: Limits | None = None, *, in_process: bool = False, debug: bool = False
) -> OpenFile:
    """What opens files as `structure.reading.open_source` does, each in a process of its own.

    A file that crashes or hangs its reader costs the page it was at. Nobody watches over the
    caller's own process; `WorkerPool` does that for whole documents.

    Args:
        limits: For each file.
        in_process: Read in this process after all, as systems other than Linux and macOS do.
        debug: Whether what libraries print is shown.
    """
    limits = limits or Limits()
    if in_process or os.name != "posix":
        return partial(open_source, limits=limits)
    return partial(_open, limits, debug)


def _open(
    usual: Limits, debug: bool, path: str | os.PathLike[str], /, **reading: Unpack[Reading]
) -> SourceFile:
    # Imported here: other systems lack what it is made of.
    from structure.isolation.remote import Clock, Opener

    reading.setdefault("limits", usual)
    until = time.monotonic() + usual.file_seconds if usual.file_seconds else None
    return Opener(Clock(usual.page_seconds, until), debug=debug)(Path(path), **reading)
