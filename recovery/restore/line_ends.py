"""Line ends that are meant, against those where a line was merely full."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from recovery.restore import facts, paragraphs
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Row

_MUCH_ROOM = 0.2
"""A line is broken on purpose where the next word had fitted with so much of the width to spare."""
_FRAMED = 3
"""More lines than this that are all full are running text, however narrow."""
_MOST = 0.5
"""Where so many line ends of a centred or flush right stack are meant, all of them are."""


def meant(rows: Sequence[Row], column: tuple[float, float], options: RestoreOptions) -> list[bool]:
    """Whether each line end inside `rows` is meant; one entry less than there are rows.

    Args:
        rows: Of one paragraph in one column, from top to bottom.
        column: Its left and right edge.
        options: Thresholds.
    """
    width = column[1] - column[0]
    if facts.are_facts(rows, width):
        return [True] * (len(rows) - 1)
    if floats(rows, options):
        return _of_floating(rows, width, options)
    left = min(row.box.x0 for row in rows)
    own = max(row.box.x1 for row in rows) - left
    short = facts.longest(rows) < facts.SHORT_CHARS
    ends: list[bool] = []
    for (a, b), label in zip(pairwise(rows), facts.labelled(rows), strict=True):
        room = left + own - a.box.x1 - paragraphs.first_word_width(b)
        early = room > options.fit_em * a.em
        much = short or room > _MUCH_ROOM * own
        sure = paragraphs.ends_sentence(a.text) or (much and facts.opens(b.text))
        ends.append(label or (early and sure and not facts.hyphenated(a.text)))
    return ends


def floats(rows: Sequence[Row], options: RestoreOptions) -> bool:
    """Whether the lines have no left edge in common, but a middle or the right one."""
    if len(rows) < 2:
        return False
    edge = options.edge_em * rows[0].em
    lefts = _spread([row.box.x0 for row in rows])
    rights = _spread([row.box.x1 for row in rows])
    if lefts <= edge:
        return False
    if len(rows) > 2 and facts.longest(rows) < facts.SHORT_CHARS:
        steps = [abs(a.box.x0 - b.box.x0) for a, b in pairwise(rows)]
        if min(steps) > edge:
            return True  # neither, but running text does not move its left edge from line to line
    return rights <= edge or _spread([row.box.center[0] for row in rows]) <= edge


def _of_floating(rows: Sequence[Row], width: float, options: RestoreOptions) -> list[bool]:
    """Line ends of a centred or flush right stack in a column of `width`.

    Running text leaves no room for its next word in its widest line; what does was broken by hand.
    """
    own = max(row.box.width for row in rows)
    in_own = [_leaves_room(a, b, own, options) for a, b in pairwise(rows)]
    if len(rows) > _FRAMED and not any(in_own):
        return in_own
    early = [_leaves_room(a, b, width, options) for a, b in pairwise(rows)]
    if len(rows) > 2 and sum(early) >= _MOST * len(early):
        early = [True] * len(early)
    return [
        end and not facts.hyphenated(row.text) for end, row in zip(early, rows[:-1], strict=True)
    ]


def _leaves_room(a: Row, b: Row, width: float, options: RestoreOptions) -> bool:
    return width - a.box.width > paragraphs.first_word_width(b) + options.fit_em * a.em


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)
