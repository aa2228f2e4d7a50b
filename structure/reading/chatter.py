"""Keep what C libraries print to stderr from the user, and from being lost."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_STDERR = 2
_KEPT_BYTES = 4000


@contextmanager
def captured_stderr() -> Iterator[list[str]]:
    """Collect the lines that are printed to file descriptor 2 inside the block.

    libtiff tells only there that a picture is damaged. The descriptor belongs to the whole process:
    what other threads print in this short time is collected too.

    Yields:
        A list that holds the lines once the block has ended.
    """
    lines: list[str] = []
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        original = os.dup(_STDERR)
    except OSError:  # a process without stderr
        yield lines
        return
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), _STDERR)
        try:
            yield lines
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(original, _STDERR)
            os.close(original)
            file.seek(0)
            lines += file.read(_KEPT_BYTES).decode("utf-8", "replace").splitlines()
