"""Lines of a table of contents: a title, leaders, and the number of its page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from recovery.restore.pieces import Row
from structure.core.analysis import PageAnalysis, TextLine
from structure.core.geometry import union

_ENTRY = re.compile(
    r"\S.*?(?:…|(?:[.·_\u2024\u2025]\s?){3})[….·_\u2024\u2025\s]*(\d{1,4}|[ivxlc]+)$"
)
_LEAST = 3
"""Fewer such lines on a page are no table of contents."""
_STEP_EM = 0.6
"""Titles set in by so much more are a level deeper."""
_WRAPPED = 0.5
"""A line that is this long, in widths of an entry, is the beginning of the entry below it."""
_LEADER = re.compile(r"[^\W\d_].*?(?:\u2026|(?:[.\u00b7]\s?){2,})\s*(\d{1,4})?$")
_NUMBER = re.compile(r"[.\u00b7\u2026\s]*(\d{1,4})")
_CONTENTS_SHARE = 0.8
"""Lines of a table that are titles with leaders, or their numbers, if it is one of contents."""


def with_contents_as_text(page: PageAnalysis) -> PageAnalysis:
    """The page with the lines of a table of contents that was taken for a table of cells."""
    tables, lines = [], list(page.lines)
    for table in page.tables:
        entries = [] if table.ruled else _entries(table.lines)
        tables += [] if entries else [table]
        lines += entries
    owners = (*page.line_regions, *(None,) * (len(lines) - len(page.lines)))
    return replace(page, tables=tuple(tables), lines=tuple(lines), line_regions=owners)


def _entries(lines: Sequence[TextLine]) -> list[TextLine]:
    """Titles with leaders and their numbers, if the lines are hardly anything else."""
    titles = [line for line in lines if _LEADER.search(line.text)]
    numbers = [line for line in lines if _NUMBER.fullmatch(line.text)]
    few = len(titles) + len(numbers) < _CONTENTS_SHARE * len(lines)
    if len(titles) < _LEAST or 2 * len(titles) < len(numbers) or few:
        return []
    found = [line for line in lines if line not in titles and line not in numbers]
    for title in titles:
        own = [n for n in numbers if n.box.y0 < title.box.center[1] < n.box.y1]
        numbers = [n for n in numbers if n not in own]
        found.append(_led(title, own[0]) if len(own) == 1 else title)
        found += own if len(own) != 1 else []
    return [*found, *numbers]


def _led(title: TextLine, number: TextLine) -> TextLine:
    match = _NUMBER.fullmatch(number.text)
    stem = title.text.rstrip()
    dots = len(stem) - len(stem.rstrip(".\u00b7\u2026 "))
    return replace(
        title,
        text=f"{stem}{'.' * max(0, 3 - dots)} {number.text if match is None else match[1]}",
        box=union((title.box, number.box)),
        words=(*title.words, *number.words) if title.words else (),
    )


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
