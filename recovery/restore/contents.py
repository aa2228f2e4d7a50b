"""Lines of a table of contents: a title, leaders, and the number of its page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from recovery.restore.pieces import Row

_ENTRY = re.compile(
    r"\S.*?(?:…|(?:[.·_\u2024\u2025]\s?){3})[….·_\u2024\u2025\s]*(\d{1,4}|[ivxlc]+)$"
)
_LEAST = 3
"""Fewer such lines on a page are no table of contents."""
_STEP_EM = 0.6
"""Titles set in by so much more are a level deeper."""
_WRAPPED = 0.5
"""A line that is this long, in widths of an entry, is the beginning of the entry below it."""


def entry_levels(rows: Sequence[Row]) -> dict[int, int]:
    """Level, from 1, of every row of a page that is an entry of a table of contents.

    Args:
        rows: Of one page, in any order.

    Returns:
        By id of the row; empty where there are few entries, or their pages do not grow.
    """
    found = [
        (row, match[1])
        for row in sorted(rows, key=lambda row: row.box.center[1])
        if (match := _ENTRY.match(row.text.strip()))
    ]
    numbers = [int(page) for _, page in found if page.isdigit()]
    if len(found) < _LEAST or any(b < a for a, b in pairwise(numbers)):
        return {}
    levels: dict[int, int] = {}
    edge, level = float("-inf"), 0
    for row, _ in sorted(found, key=lambda entry: entry[0].box.x0):
        if row.box.x0 > edge + _STEP_EM * row.em:
            level += 1
            edge = row.box.x0
        levels[id(row)] = level
    return levels


def entry_runs(
    rows: Sequence[Row], levels: Mapping[int, int]
) -> Iterator[tuple[int | None, tuple[Row, ...]]]:
    """Cut the rows of a stack into entries with their level, and what stands between them.

    A title too long for one line begins in the line above the one with its page.
    """
    waiting: list[Row] = []
    for row in rows:
        if id(row) not in levels:
            waiting.append(row)
            continue
        above: list[Row] = []
        if waiting and waiting[-1].box.width > _WRAPPED * row.box.width:
            above = [waiting.pop()]
        if waiting:
            yield None, tuple(waiting)
        yield levels[id(row)], (*above, row)
        waiting = []
    if waiting:
        yield None, tuple(waiting)
