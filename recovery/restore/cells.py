"""How the text stands in drawn cells: its size, and where in its cell."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import median
from typing import Literal

from recovery.metrics import text_width
from recovery.restore.pieces import Piece, to_line
from structure.core.analysis import Table, TextLine
from structure.core.document import Align
from structure.core.geometry import Box, union
from structure.core.grid import Cell

_ALIKE = 1.18
"""Lines whose sizes differ by less are set in one size."""
_COMMON = 0.12
"""Share of the characters of a table from which on their size is one of its sizes."""
_LEAST_SIZE = 5.0
_SIDES = 4.0
"""Points beside the text of a narrow cell."""
_NARROWEST = 0.75
"""Type that runs narrower than ours is set smaller, down to this share, to stay in its line."""
_MANY = 0.2
"""Share of the cells of one size that need a smaller one, from which on all are set so."""
_LINE = 1.17
"""Height of a line of text, in its type size."""
_ONE_LINE = 2.6
"""A cell that is less than so many heights of a line high has room for one only."""
_EVEN = 0.3
"""Text is in the middle where the smaller of the gaps beside it is this share of both, or more."""
_FLUSH = 1.2
"""Text is flush where it ends nearer than so many heights of a line to the edge of its cell."""
_RIGHT_ROWS, _RIGHT_SHARE = 3, 0.8
"""So many cells of a column are flush right for sure, and such a share may be: then all are."""
_LYING = 45.0


@dataclass(frozen=True, slots=True)
class CellLook:
    """How the text of one cell stands; None where nothing is known."""

    size: float | None = None
    align: Align | None = None
    valign: Literal["top", "middle", "bottom"] | None = None


def cell_looks(table: Table, scale: float) -> list[CellLook]:
    """The look of every cell of a table with drawn edges, in the order of its cells.

    Args:
        table: With `xs` and `ys`.
        scale: Points per pixel.
    """
    areas = [cell_area(table, cell) for cell in table.grid.cells]
    own: list[list[TextLine]] = [[] for _ in areas]
    for line in table.lines:
        if abs(line.angle) <= _LYING:
            for lines, area in zip(own, areas, strict=True):
                if area.contains(*line.box.center):
                    lines.append(line)
                    break
    common = _common_sizes([line for lines in own for line in lines], scale)
    looks = [
        _look(lines, area, common, scale) if lines else CellLook()
        for lines, area in zip(own, areas, strict=True)
    ]
    across = [_across(lines, area, scale) for lines, area in zip(own, areas, strict=True)]
    return _level(table, own, _flush(table, own, areas, _narrowed(looks, across)))


def usual_size(table: Table, scale: float) -> float | None:
    """The type size in points of most of a table, in halves; None without text."""
    lines = [line for line in table.lines if abs(line.angle) <= _LYING]
    return round(2 * _common_sizes(lines, scale)[0]) / 2 if lines else None


def _flush(
    table: Table,
    own: Sequence[Sequence[TextLine]],
    areas: Sequence[Box],
    looks: Sequence[CellLook],
) -> list[CellLook]:
    """Cells that end at the right edge of a column whose text is flush right, flush as well.

    A long number leaves so little room that it alone does not tell.
    """
    result = list(looks)
    for col in range(table.grid.cols):
        members = [
            i
            for i, cell in enumerate(table.grid.cells)
            if cell.col == col and cell.colspan == 1 and own[i]
        ]
        flush = [
            i
            for i in members
            if areas[i].x1 - min(line.box.x1 for line in own[i])
            <= _FLUSH * median(line.box.height for line in own[i])
        ]
        sure = sum(looks[i].align == "right" for i in members)
        if sure >= _RIGHT_ROWS and len(flush) >= _RIGHT_SHARE * len(members):
            for i in flush:
                result[i] = replace(looks[i], align="right")
    return result


def _across(lines: Sequence[TextLine], area: Box, scale: float) -> float:
    """The size in points in which no line of a cell is wider than the cell."""
    widest = max((text_width(line.text, "sans") for line in lines), default=0.0)
    return (area.width * scale - _SIDES) / max(widest, 1e-3)


def _narrowed(looks: Sequence[CellLook], across: Sequence[float]) -> list[CellLook]:
    """Type that runs narrower than ours set smaller, so that its lines stay whole.

    Cells of one size keep one size where many of them need a smaller one.
    """
    fitting: dict[float, list[float]] = {}
    for look, most in zip(looks, across, strict=True):
        if look.size is not None:
            fitting.setdefault(look.size, []).append(max(most, _NARROWEST * look.size))
    result = []
    for look, most in zip(looks, across, strict=True):
        if look.size is not None:
            limited = [size for size in fitting[look.size] if size < look.size]
            many = len(limited) >= _MANY * len(fitting[look.size])
            size = min(look.size, max(most, _NARROWEST * look.size))
            size = min(size, median(limited)) if many else size
            look = replace(look, size=max(_LEAST_SIZE, math.floor(2 * size) / 2))
        result.append(look)
    return result


def _level(
    table: Table, own: Sequence[Sequence[TextLine]], looks: Sequence[CellLook]
) -> list[CellLook]:
    """Cells of one row whose text begins at one height, with their text at the top."""
    tops = [min((line.box.y0 for line in lines), default=None) for lines in own]
    heights = [median(line.box.height for line in lines) if lines else 0.0 for lines in own]
    result = list(looks)
    for row in range(table.grid.rows):
        members = [
            i for i, c in enumerate(table.grid.cells) if c.row == row and tops[i] is not None
        ]
        if len({looks[i].valign for i in members}) < 2:
            continue
        known = [top for i in members if (top := tops[i]) is not None]
        if max(known) - min(known) <= 0.6 * median(heights[i] for i in members):
            for i in members:
                result[i] = replace(looks[i], valign="top")
    return result


def cell_area(table: Table, cell: Cell) -> Box:
    """The whole cell between its drawn edges, in pixels."""
    return Box(
        table.xs[cell.col],
        table.ys[cell.row],
        table.xs[cell.col + cell.colspan],
        table.ys[cell.row + cell.rowspan],
    )


def _look(lines: Sequence[TextLine], area: Box, common: Sequence[float], scale: float) -> CellLook:
    box = union(line.box for line in lines)
    height = median(line.box.height for line in lines)
    sizes = [min(common, key=lambda c: abs(c - _em(line, scale))) for line in lines]
    # One size for a whole cell: that of most of the table, if anything in it has that.
    size = common[0] if common[0] in sizes else median(sizes)
    rows = _rows(lines)
    room = area.height * scale / (_LINE * max(1, rows))
    size = max(_LEAST_SIZE, min(size, room))
    return CellLook(round(2 * size) / 2, _align(lines, area, height), _valign(box, area, height))


def _align(lines: Sequence[TextLine], area: Box, height: float) -> Align | None:
    """By the room on both sides; None where there is none."""
    lefts = [line.box.x0 - area.x0 for line in lines]
    rights = [area.x1 - line.box.x1 for line in lines]
    gaps = list(zip(lefts, rights, strict=True))
    if all(a + b < 1.5 * height for a, b in gaps):
        return None
    if all(min(a, b) > height and min(a, b) >= _EVEN * 1.3 * (a + b) for a, b in gaps):
        return "center"
    if max(rights) <= _FLUSH * height and min(lefts) > 2 * max(rights) + height:
        return "right"
    return "left"


def _valign(box: Box, area: Box, height: float) -> Literal["top", "middle", "bottom"]:
    above, below = box.y0 - area.y0, area.y1 - box.y1
    if area.height < _ONE_LINE * height or min(above, below) >= _EVEN * (above + below):
        return "middle"
    return "top" if above <= below else "bottom"


def _rows(lines: Sequence[TextLine]) -> int:
    rows: list[Box] = []
    for box in sorted((line.box for line in lines), key=lambda b: b.center[1]):
        if not rows or rows[-1].overlap_y(box) <= 0.5 * min(rows[-1].height, box.height):
            rows.append(box)
    return len(rows)


def _em(line: TextLine, scale: float) -> float:
    fonts = [(len(word.text), word.font) for word in line.words if word.font is not None]
    if fonts:
        return max(fonts, key=lambda pair: pair[0])[1].size * scale
    piece = Piece(to_line(line, scale), ink_em=line.size * scale if line.size else None)
    # Typescript is wider than its size.
    return min(piece.em, piece.height_em)


def _common_sizes(lines: Sequence[TextLine], scale: float) -> list[float]:
    """The few sizes that much of the text of a table is set in, the most frequent first."""
    sizes_of = [(_em(line, scale), len(line.text)) for line in lines if len(line.text.strip()) > 1]
    left = sorted(found for found in sizes_of if found[0] > 0) or [(10.0, 1)]
    least = _COMMON * sum(count for _, count in left)
    sizes: list[float] = []
    while left and (not sizes or sum(count for _, count in left) >= least):
        totals = list(accumulate(count for _, count in left))
        size = left[bisect_left(totals, totals[-1] / 2)][0]
        alike = [(s, n) for s, n in left if size / _ALIKE < s < size * _ALIKE]
        if not sizes or sum(count for _, count in alike) >= least:
            sizes.append(size)
        left = [part for part in left if part not in alike]
    return sizes
