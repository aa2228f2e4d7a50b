"""Numbers in the margin that count the lines of a page, as in transcripts, pleadings and poems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, median

from recovery.restore.furniture import Running
from recovery.restore.pieces import Piece, Sheet

_LEAST = 8
"""So many numbers below each other count lines."""
_STEPS = (1, 2, 5, 10)
_REGULAR = 0.85
"""Share of the steps, in number and in height, that must be alike."""
_HEIGHT = 0.5
"""Share of the height of all text that the numbers reach over."""
_MOST_DIGITS = 4
_EDGE_EM = 0.8
"""Slack of the edge that the numbers share."""
_TEXT_CHARS = 28
"""Mean length of the lines of running text."""
_PACE = 0.35
"""Slack of a step in height, as a share of the usual one."""


def find_line_numbers(sheets: Sequence[Sheet]) -> list[Running]:
    """The line numbers of each page as one margin note.

    They stand beside all other text, count regularly and run on beside empty lines; the numbers of
    the rows of a table have its other columns beside them and are left alone.
    """
    found = [(sheet, _of_sheet(sheet)) for sheet in sheets]
    return [
        Running(sheet.number, "margin_note", numbers, "right", "lines")
        for sheet, numbers in found
        if numbers
    ]


def _of_sheet(sheet: Sheet) -> tuple[Piece, ...]:
    numbers = [
        p for p in sheet.pieces if p.text.strip().isdecimal() and len(p.text) <= _MOST_DIGITS
    ]
    if len(numbers) < _LEAST:
        return ()
    for side in (0, 1):
        column = _column(numbers, rightmost=bool(side))
        if _counts(column) and _beside_all(column, sheet, rightmost=bool(side)):
            return tuple(column)
    return ()


def _column(numbers: Sequence[Piece], *, rightmost: bool) -> list[Piece]:
    """The numbers that end on the outermost edge at one side, from top to bottom."""
    edges = [piece.box.x1 for piece in numbers]
    slack = _EDGE_EM * median(piece.box.height for piece in numbers)
    counted = [sum(abs(other - edge) <= slack for other in edges) for edge in edges]
    able = [edge for edge, count in zip(edges, counted, strict=True) if count >= _LEAST]
    if not able:
        return []
    edge = max(able) if rightmost else min(able)
    middle = median(other for other in edges if abs(other - edge) <= slack)
    own = [piece for piece in numbers if abs(piece.box.x1 - middle) <= slack]
    return sorted(own, key=lambda piece: piece.box.center[1])


def _counts(column: Sequence[Piece]) -> bool:
    """Whether the numbers grow by the same step and stand at the same distance."""
    if len(column) < _LEAST:
        return False
    values = [int(piece.text) for piece in column]
    steps = [b - a for a, b in pairwise(values)]
    step, times = Counter(steps).most_common(1)[0]
    if step not in _STEPS or times < _REGULAR * len(steps):
        return False
    falls = [b.box.center[1] - a.box.center[1] for a, b in pairwise(column)]
    usual = median(falls)
    even = sum(abs(fall - usual) <= _PACE * usual for fall in falls)
    return even >= _REGULAR * len(falls)


def _beside_all(column: Sequence[Piece], sheet: Sheet, *, rightmost: bool) -> bool:
    """Whether the numbers reach over the page, outside its text, which is no table."""
    own = {id(piece) for piece in column}
    top, bottom = column[0].box.y0, column[-1].box.y1
    others = [
        piece
        for piece in sheet.pieces
        if id(piece) not in own and top < piece.box.center[1] < bottom
    ]
    x0, x1 = min(p.box.x0 for p in column), max(p.box.x1 for p in column)
    outside = all(p.box.x1 <= x0 if rightmost else p.box.x0 >= x1 for p in others)
    height = max(p.box.y1 for p in sheet.pieces) - min(p.box.y0 for p in sheet.pieces)
    if not others or not outside or bottom - top < _HEIGHT * height or sheet.analysis.tables:
        return False
    beside = [sum(p.box.overlap_y(number.box) > 0 for p in others) for number in column]
    rows = sum(count <= 2 for count in beside) > len(column) / 2
    return rows and (0 in beside or fmean(len(p.text) for p in others) >= _TEXT_CHARS)
