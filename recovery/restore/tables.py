"""Column widths, alignment and rules of tables, and tables that go on over pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import fmean, median
from typing import Literal

import numpy as np

from recovery.restore.cells import CellLook
from recovery.restore.options import RestoreOptions
from structure.core.analysis import Table
from structure.core.document import Align, TableBlock
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid

_NUMERIC = re.compile(r"^[\s$€£¥%()+\-\u2013\u2212.,'\d*]*\d[\s$€£¥%()+\-\u2013\u2212.,'\d*]*$")
_LEAST_SHARE, _MOST_SHARE = 0.08, 0.6


def column_widths(table: Table, box: Box, scale: float) -> tuple[float, ...]:
    """Width of each column in points; together they fill the width of the table.

    Where no edges are drawn, they lie half way between the texts of neighbouring columns; cells
    that span columns say nothing. Where cells have no boxes, the lengths of the texts decide.

    Args:
        table: Cell boxes and drawn edges in pixels.
        box: Of the table, in points.
        scale: Points per pixel.
    """
    if table.xs:
        return tuple(scale * (b - a) for a, b in pairwise(table.xs))
    grid = table.grid
    edges = _edges_of_columns(grid, box, scale)
    if edges is not None:
        return tuple(float(width) for width in np.diff(edges))
    lengths = np.ones(grid.cols)
    for cell in grid.cells:
        if cell.colspan == 1:
            longest = max((len(line) for line in cell.text.split("\n")), default=0)
            lengths[cell.col] = max(lengths[cell.col], longest)
    shares = lengths / lengths.sum()
    if grid.cols * _LEAST_SHARE < 1:
        shares = np.clip(shares, _LEAST_SHARE, _MOST_SHARE)
    return tuple(float(width) for width in box.width * shares / shares.sum())


def row_heights(table: Table, scale: float, *, with_pictures: bool) -> tuple[float, ...]:
    """Height of each row in points where drawn rules show it, else empty.

    In a table that leaves room for pictures, a row goes from its text to that of the next one.
    """
    if table.ys or not with_pictures:
        return tuple(scale * (b - a) for a, b in pairwise(table.ys))
    tops: list[float | None] = [None] * table.grid.rows
    for cell in table.grid.cells:
        if cell.box is not None and cell.box.height > 0:
            top = tops[cell.row]
            tops[cell.row] = cell.box.y0 if top is None else min(top, cell.box.y0)
    if any(top is None for top in tops):
        return ()
    edges = [table.box.y0, *(top for top in tops[1:] if top is not None), table.box.y1]
    heights = [scale * (b - a) for a, b in pairwise(edges)]
    return tuple(heights) if min(heights) > 0 else ()


def _edges_of_columns(grid: Grid, box: Box, scale: float) -> list[float] | None:
    lefts: list[list[float]] = [[] for _ in range(grid.cols)]
    rights: list[list[float]] = [[] for _ in range(grid.cols)]
    for cell in grid.cells:
        if cell.box is not None and cell.box.width > 0 and cell.colspan == 1:
            lefts[cell.col].append(cell.box.x0 * scale)
            rights[cell.col].append(cell.box.x1 * scale)
    if any(not values for values in lefts):
        return None
    starts = [_robust(values, 0.1) for values in lefts]
    ends = [_robust(values, 0.9) for values in rights]
    inner = [(ends[k] + starts[k + 1]) / 2 for k in range(grid.cols - 1)]
    edges = [box.x0, *inner, box.x1]
    return edges if all(b - a > 2 for a, b in pairwise(edges)) else None


def _robust(values: Sequence[float], share: float) -> float:
    return float(np.quantile(values, share))


def column_alignment(grid: Grid, col: int) -> Align:
    """How the cells of one column stand: by their boxes; numbers in doubt to the right."""
    cells = [
        cell
        for cell in grid.cells
        if cell.col == col and cell.colspan == 1 and not cell.header and cell.text.strip()
    ]
    boxes = [cell.box for cell in cells if cell.box is not None]
    numeric = [bool(_NUMERIC.match(cell.text)) for cell in cells]
    mostly_numbers = bool(numeric) and fmean(numeric) >= 0.7
    if len(boxes) < 3:
        return "right" if mostly_numbers else "left"
    spreads: list[tuple[float, Align]] = [
        (_spread([box.x0 for box in boxes]), "left"),
        (_spread([box.x1 for box in boxes]), "right"),
        (_spread([box.center[0] for box in boxes]), "center"),
    ]
    best = min(value for value, _ in spreads)
    height = median(box.height for box in boxes)
    close = [align for value, align in spreads if value <= best + 0.15 * height]
    if mostly_numbers and "right" in close:
        return "right"
    return close[0]


def _spread(values: Sequence[float]) -> float:
    middle = median(values)
    return fmean(abs(value - middle) for value in values)


def rules_of(table: Table) -> Literal["grid", "three-line", "horizontal", "none"]:
    """Which rules are drawn: those found, else the three lines of a printed table with a header."""
    if table.ruled:
        return "grid"
    return "three-line" if 0 < table.grid.header_rows < table.grid.rows else "none"


def has_content(grid: Grid) -> bool:
    """Whether a table was rebuilt at all."""
    return grid.rows > 0 and grid.cols > 0


def cell_align(cell: Cell, columns: Sequence[Align]) -> Align | None:
    """Alignment of one cell; None where it is the default, left."""
    if cell.colspan > 1:
        return "center" if cell.header else None
    align = columns[cell.col]
    return align if align != "left" else None


def drawn_align(cell: Cell, columns: Sequence[Align], look: CellLook) -> Align | None:
    """Alignment of one drawn cell: its own, that of its column where its text fills it."""
    if look.align is None:
        return cell_align(cell, columns)
    return look.align if look.align != "left" else None


def continues(upper: TableBlock, lower: TableBlock, options: RestoreOptions) -> bool:
    """Whether `lower`, first on its page, goes on from `upper`, last on the page before."""
    wide = max(upper.box.width, lower.box.width)
    return (
        lower.page == upper.page + 1
        and upper.cols == lower.cols
        and abs(upper.box.width - lower.box.width) < options.merge_width * wide
    )


def without_repeated_header(upper: TableBlock, lower: TableBlock) -> TableBlock:
    """`lower` as the rest of `upper`, without header rows that only repeat those of `upper`."""
    repeated = 0
    for row in range(min(upper.header_rows or 1, lower.rows - 1)):
        if _row_key(upper, row) != _row_key(lower, row) or not _row_key(lower, row):
            break
        repeated = row + 1
    if any(cell.row < repeated < cell.row + cell.rowspan for cell in lower.cells):
        repeated = 0
    cells = tuple(
        replace(cell, row=cell.row - repeated) for cell in lower.cells if cell.row >= repeated
    )
    return replace(
        lower,
        continued_from=upper.id,
        rows=lower.rows - repeated,
        cells=cells,
        row_heights=lower.row_heights[repeated:],
        header_rows=max(0, lower.header_rows - repeated),
        col_widths=upper.col_widths,
    )


def _row_key(block: TableBlock, row: int) -> str:
    """What a row says, whichever way it is cut into cells."""
    text = "".join(cell.text for cell in block.cells if cell.row == row)
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
