"""Columns that the text of a table shows and the network has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from structure.core.analysis import TextLine
from structure.core.geometry import Box, union
from structure.core.grid import Cell, Grid, arrange
from table.matching import inside_of, visual_rows

MIN_ROWS = 3
FULL = 0.4
"""Least share of the rows, below the header, that have one line in each column ..."""
CLEAR = 0.9
"""... and of those that have at most one line in each, and none in two."""


def split_columns(grid: Grid, lines: Sequence[TextLine]) -> Grid | None:
    """The rows of the network with the columns of the text, where it took several for one.

    Only where the text leaves no doubt: many rows of the network below the header have the same
    number of lines side by side, more than the network saw columns, with empty stripes between them
    from top to bottom; nearly all others have lines in some of these columns; and none of them
    holds mere signs, as the currency signs of a column of amounts.

    Args:
        grid: As the network sees it; cells with boxes in the unit of the lines.
        lines: The lines of the table, in any order.

    Returns:
        The grid with a box for every cell and no text yet; None where the network is not refuted.
    """
    if grid.cols < 2:
        return None
    rows = _by_rows(grid, inside_of(grid, lines))
    if not all(rows):
        return None
    count, _ = Counter(map(len, rows)).most_common(1)[0]
    full = [row for row in rows if len(row) == count]
    head = next(r for r, row in enumerate(rows) if len(row) == count)
    if count <= grid.cols or len(full) < max(MIN_ROWS, FULL * (len(rows) - head)):
        return None
    if any(cell.rowspan > 1 and cell.row + cell.rowspan > head for cell in grid.cells):
        return None
    stripes = _stripes(full)
    if len(stripes) != count or any(map(_mere_signs, zip(*full, strict=True))):
        return None
    clear = sum(_is_clear(row, stripes) for row in rows[head:])
    if clear < CLEAR * (len(rows) - head):
        return None
    headers = {cell.row for cell in grid.cells if cell.header}
    cells = [
        _cells(row, spans, stripes, r in headers)
        for r, (row, spans) in enumerate(zip(rows, _spans(rows, stripes, head), strict=True))
    ]
    return arrange(cells)[0]


def only_columns(grid: Grid, lines: Sequence[TextLine]) -> Grid | None:
    """The grid with the columns that the text shows, where the network saw only one.

    Returns:
        None where the grid has several columns, or the text does not stand in columns: at least
        half of its rows have lines side by side, and empty stripes run between them from top to
        bottom.
    """
    if grid.cols != 1 or any(cell.rowspan > 1 or cell.box is None for cell in grid.cells):
        return None
    rows = visual_rows(inside_of(grid, lines))
    several = [row for row in rows if len(row) > 1]
    stripes = _stripes(several)
    if len(several) < 2 or 2 * len(several) < len(rows) or len(stripes) < 2:
        return None
    cells = tuple(
        replace(cell, col=col, box=Box(stripe.x0, cell.box.y0, stripe.x1, cell.box.y1))
        for cell in grid.cells
        for col, stripe in enumerate(stripes)
        if cell.box is not None
    )
    return Grid(grid.rows, len(stripes), cells)


def _by_rows(grid: Grid, lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """The lines of each row of the grid, from left to right."""
    middles = [
        median(
            [c.box.center[1] for c in grid.cells if c.row == r and c.rowspan == 1 and c.box]
            or [float("inf")]
        )
        for r in range(grid.rows)
    ]
    rows: list[list[TextLine]] = [[] for _ in middles]
    for line in sorted(lines, key=lambda line: line.box.x0):
        own = min(range(len(rows)), key=lambda r: abs(middles[r] - line.box.center[1]))
        rows[own].append(line)
    return rows


def _stripes(rows: Sequence[Sequence[TextLine]]) -> list[Box]:
    """What is left of the page's width between the stripes that no line touches."""
    stripes: list[Box] = []
    for box in sorted((line.box for row in rows for line in row), key=lambda box: box.x0):
        if stripes and box.x0 <= stripes[-1].x1:
            stripes[-1] = union([stripes[-1], box])
        else:
            stripes.append(box)
    return stripes


def _is_clear(row: Sequence[TextLine], stripes: Sequence[Box]) -> bool:
    """Whether each line of a row stands in one column, and no two in the same."""
    spans = [_covered(line.box, stripes) for line in row]
    return all(a == b for a, b in spans) and len({*spans}) == len(spans)


def _mere_signs(column: Sequence[TextLine]) -> bool:
    signs = sum(not any(char.isalnum() for char in line.text) for line in column)
    return 2 * signs > len(column)


def _spans(
    rows: Sequence[Sequence[TextLine]], stripes: Sequence[Box], head: int
) -> list[list[tuple[int, int]]]:
    """First and last column of every line.

    A line of the header also covers the columns of the header lines below that are nearest to it.
    """
    spans = [[_covered(line.box, stripes) for line in row] for row in rows]
    for r in range(head - 1):
        below = sorted({col for first, last in spans[r + 1] for col in range(first, last + 1)})
        above = [
            k for k, (first, last) in enumerate(spans[r]) if {*range(first, last + 1)} & {*below}
        ]
        if len(below) <= len(above):
            continue
        for col in below if above else ():
            middle = stripes[col].center[0]
            nearest = min(above, key=lambda k: abs(rows[r][k].box.center[0] - middle))
            first, last = spans[r][nearest]
            spans[r][nearest] = min(first, col), max(last, col)
    return spans


def _covered(box: Box, stripes: Sequence[Box]) -> tuple[int, int]:
    shared = [i for i, stripe in enumerate(stripes) if box.overlap_x(stripe) > 0.2 * stripe.width]
    if not shared:
        nearest = min(range(len(stripes)), key=lambda i: abs(stripes[i].center[0] - box.center[0]))
        return nearest, nearest
    return shared[0], shared[-1]


def _cells(
    row: Sequence[TextLine], spans: Sequence[tuple[int, int]], stripes: Sequence[Box], header: bool
) -> list[Cell]:
    """The cells of a row from left to right; places without text get the box of their column."""
    height = union(line.box for line in row)
    starts = dict(sorted(spans))
    cells: list[Cell] = []
    col = 0
    while col < len(stripes):
        last = starts.get(col, col)
        following = [first for first in starts if col < first <= last]
        last = min(following) - 1 if following else last
        extent = union(stripes[col : last + 1])
        box = Box(extent.x0, height.y0, extent.x1, height.y1)
        cells.append(Cell(0, 0, 1, last - col + 1, box=box, header=header))
        col = last + 1
    return cells
