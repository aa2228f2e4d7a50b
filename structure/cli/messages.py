"""What goes to stderr: one line per error and warning, for people or as JSON."""

from __future__ import annotations

import json
import re
import sys
from contextvars import ContextVar

from structure.core.errors import one_line

FORMATS = ("text", "json")

_ERROR = re.compile(r"(?i)error")

form: ContextVar[str] = ContextVar("form", default="text")
"""How errors and warnings are written, one of `FORMATS`; `main` sets it for a run."""


def complain(code: str, message: str, exit_code: int) -> None:
    """The one line of an error."""
    if form.get() == "json":
        _as_json(level="error", code=code, message=one_line(message), exit_code=exit_code)
    else:
        print(one_line(f"structure: error[{code}]: {message}"), file=sys.stderr)


def warn(code: str, message: str, page: int | None = None) -> None:
    """The one line of a warning; never with the word that marks errors."""
    if form.get() == "json":
        _as_json(level="warning", code=code, message=one_line(message), page=page)
        return
    place = "" if page is None else f"page {page}: "
    line = one_line(f"structure: warning[{code}]: {place}{message}", 1000)
    print(_ERROR.sub("fault", line), file=sys.stderr)


def _as_json(**facts: str | int | None) -> None:
    print(json.dumps(facts, ensure_ascii=True), file=sys.stderr)
