"""Text that runs on around a picture: some of its lines beside it, the others over the full width.

Such lines are one text in one column. What stands beside the picture is only narrower, so that its
edges are measured there and say nothing of an indent.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from recovery.restore.elements import Column
from recovery.restore.options import RestoreOptions
from recovery.restore.paragraphs import ends_sentence, fits, split_paragraphs
from recovery.restore.pieces import Row
from recovery.restore.stacks import Stack
from structure.core.geometry import Box

_LEAST_ROWS = 3
"""A picture that text runs around has at least so many lines beside it."""
_UNDER = 0.5
"""Share of the width of the picture that lines above or below it cover."""
_CAPTION_LH = 3.0
"""A line under a picture is its caption up to this distance."""

Run = tuple[tuple[Row, ...], Column]
"""Lines and the column that they stand in."""


def picture_within(
    stack: Stack, pictures: Sequence[Box], line_height: float, options: RestoreOptions
) -> Box | None:
    """The picture that `stack` runs around, if there is one."""
    if stack.ledger or not stack.prose:
        return None
    for picture in pictures:
        beside = [row for row in stack.rows if _beside(row.box, picture)]
        across = [
            row
            for row in stack.rows
            if not _beside(row.box, picture) and row.box.overlap_x(picture) > _UNDER * picture.width
        ]
        apart = all(
            row.box.overlap_x(picture) < options.overlap_share * row.box.width for row in beside
        )
        if len(beside) >= _LEAST_ROWS and across and apart and picture.height > 3 * line_height:
            return picture
    return None


def _beside(row: Box, picture: Box) -> bool:
    return picture.y0 < row.center[1] < picture.y1


def caption_under(
    picture: Box, stacks: Sequence[Stack], around: Stack, line_height: float
) -> Stack | None:
    """The low stack right under a picture that text runs around: its caption, whatever it says."""
    found = [
        stack
        for stack in stacks
        if stack is not around
        and len(stack.rows) <= 2
        and picture.x0 <= stack.box.center[0] <= picture.x1
        and stack.box.width <= 1.1 * picture.width
        and -line_height < stack.box.y0 - picture.y1 < _CAPTION_LH * line_height
        and around.box.y0 < stack.box.center[1] < around.box.y1
    ]
    return min(found, key=lambda stack: stack.box.y0, default=None)


def paragraphs_around(
    stack: Stack, picture: Box, column: Column, options: RestoreOptions
) -> list[list[Run]]:
    """The paragraphs of a stack that runs around a picture.

    Args:
        stack: Its lines.
        picture: What they run around.
        column: (x0, x1) of the whole stack.
        options: Thresholds.

    Returns:
        For each paragraph its lines above, beside and below the picture, as far as there are any,
        each with the column that is left there.
    """
    found: list[list[Run]] = []
    right = picture.center[0] < stack.box.center[0]
    for beside, group in groupby(stack.rows, key=lambda row: _beside_any(row, picture)):
        rows = tuple(group)
        own = _left_over(rows, column, right) if beside else column
        first = rows[0]
        if beside and first.box.x0 < own[0] - options.indent_em * first.em and len(rows) > 1:
            # A large first letter reaches into the picture; that is no hanging indent.
            found.append([((first,), (first.box.x0, own[1]))])
            rows = rows[1:]
        for n, part in enumerate(split_paragraphs(rows, options)):
            before = found[-1][-1] if found else None
            if before is None or not _runs_on(before, (part, own), n == 0, options):
                found.append([(part, own)])
            elif n == 0:
                found[-1].append((part, own))
            else:
                found[-1][-1] = ((*before[0], *part), own)
    return found


def _beside_any(row: Row, picture: Box) -> bool:
    """Whether a line has only the room beside the picture, be it that of its caption below it."""
    near = picture.y0 - row.box.height < row.box.center[1] < picture.y1 + 3 * row.box.height
    return near and row.box.overlap_x(picture) < _UNDER * picture.width


def _left_over(rows: Sequence[Row], column: Column, right: bool) -> Column:
    """What is left of `column` to the right or to the left of the picture."""
    if right:
        edges = sorted(row.box.x0 for row in rows)
        return edges[len(edges) // 10], column[1]
    edges = sorted((row.box.x1 for row in rows), reverse=True)
    return column[0], edges[len(edges) // 10]


def _runs_on(upper: Run, lower: Run, turns: bool, options: RestoreOptions) -> bool:
    """Whether the paragraph of `upper` goes on in `lower`; `turns`: the lines become wider there.

    Scanned lines of one size do not all measure alike; where a sentence runs on, they are one text.
    """
    (before, (_, right)), (behind, (left, _)) = upper, lower
    last, first = before[-1], behind[0]
    if first.box.x0 - left >= options.indent_em * first.em:
        return False
    if turns:
        return not (ends_sentence(last.text) and fits(last, first, right, options))
    sentence = not ends_sentence(last.text) and first.text[:1].islower()
    return sentence and not fits(last, first, right, options)
