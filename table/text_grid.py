"""The grid that text itself shows, for tables too dense for the network.

A page-wide statistical table shrinks to letters of five pixels in a picture of 488, and the network
loses count of its rows. But just such tables stand in clear rows and columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from structure.core.analysis import TextLine
from structure.core.geometry import Box, union
from structure.core.grid import Cell, Grid, arrange
from table.matching import split

MIN_ROWS = 20
MIN_COLS = 3

REGULAR = 0.8
"""Least share of the rows in which every line has a column to itself."""

CLEAR_ROWS = 4
"""Fewer rows say nothing against the network."""

RUN_ON = 0.15
"""Share of the rows whose line may run on into the next column; it is cut between its words."""

FULL = 0.7
"""Least share of the rows that fill `FULL` of the columns: in a table with cells of several lines
most rows of text fill few columns, and are no rows of the table."""

STRAY = 0.03
"""Share of the rows that may reach into the white between two columns."""


def grid_of_text(lines: Sequence[TextLine]) -> Grid | None:
    """Rows and columns of text lines, each cell with the box of its text.

    A line over several columns becomes a spanning cell. The header is the rows above the first row
    that fills most columns.

    Args:
        lines: In pixels of the table.

    Returns:
        None where the text does not stand in at least `MIN_ROWS` rows and `MIN_COLS` columns.
    """
    rows = _rows(lines)
    if len(rows) < MIN_ROWS:
        return None
    columns = _columns(rows)
    if len(columns) < MIN_COLS:
        return None
    spans = [[_span(line.box, columns) for line in row] for row in rows]
    regular = sum(len({c for first, last in row for c in range(first, last + 1)})
                  == sum(last - first + 1 for first, last in row) for row in spans)  # fmt: skip
    if regular < REGULAR * len(rows):
        return None
    filled = [len({first for first, _ in row}) for row in spans]
    if sum(count >= FULL * len(columns) for count in filled) < FULL * len(rows):
        return None
    full = [sum(first == last for first, last in row) > len(columns) / 2 for row in spans]
    head = full.index(True) if True in full else 0
    cells = [
        _row_cells(row, own, columns, r < head)
        for r, (row, own) in enumerate(zip(rows, spans, strict=True))
    ]
    return arrange(cells)[0]


def grid_against(grid: Grid, lines: Sequence[TextLine]) -> Grid | None:
    """The grid of the text where that of the network tears it apart.

    A cell that holds one line of one column and another line of the next row and column cannot be:
    the network has lost count. Where the text stands in clear rows and columns, these are the
    table.

    Args:
        grid: Filled; the box of a cell is that of its text.
        lines: The lines of the table, in any order.

    Returns:
        None where no cell is like that, or the text does not tell its rows and columns.
    """
    rows = _rows(lines)
    beside = [row for row in rows if len(row) > 1]
    if len(rows) < CLEAR_ROWS or 2 * len(beside) < len(rows):
        return None
    columns = _columns(beside, stray=RUN_ON)
    around = union(line.box for line in lines)
    whole = np.array([(x0, around.y0, x1, around.y1) for x0, x1 in columns])
    lines = [part for line in lines for part in split(line, whole)]
    rows = _rows(lines)
    spans = [[_span(line.box, columns) for line in row] for row in rows]
    if any(first != last for row in spans for first, last in row):
        return None
    if any(len({*row}) < len(row) for row in spans):
        return None
    place = {
        id(line): (r, span[0])
        for r, (row, own) in enumerate(zip(rows, spans, strict=True))
        for line, span in zip(row, own, strict=True)
    }
    if not any(_is_torn([place[id(line)] for line in _inside(cell, lines)]) for cell in grid.cells):
        return None
    head = max((c.box.y1 for c in grid.cells if c.header and c.box), default=float("-inf"))
    cells = [
        _row_cells(row, own, columns, union(line.box for line in row).center[1] < head)
        for row, own in zip(rows, spans, strict=True)
    ]
    return arrange(cells)[0]


def _inside(cell: Cell, lines: Sequence[TextLine]) -> list[TextLine]:
    box = cell.box
    if box is None or cell.rowspan > 1 or cell.colspan > 1:
        return []
    return [line for line in lines if box.contains(*line.box.center)]


def _is_torn(places: Sequence[tuple[int, int]]) -> bool:
    """Whether two of the (row, column) differ in both, and no third one stands between them."""
    return any(
        a[0] < b[0] and (a[0], b[1]) not in places and (b[0], a[1]) not in places
        for a in places
        for b in places
    )


def _rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Lines that stand beside each other, from top to bottom, each row from left to right."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.box.center[1]):
        middle = line.box.center[1]
        height = line.box.height
        if rows and middle - median(x.box.center[1] for x in rows[-1]) < 0.5 * height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box.x0) for row in rows]


def _columns(rows: Sequence[Sequence[TextLine]], stray: float = STRAY) -> list[tuple[float, float]]:
    """(x0, x1) of the stripes that text fills in rows with many lines."""
    most = max(len(row) for row in rows)
    many = [row for row in rows if len(row) >= 0.6 * most]
    right = max(line.box.x1 for row in many for line in row)
    filled = np.zeros(int(right) + 2, np.int64)
    for row in many:
        for line in row:
            filled[int(line.box.x0) : int(np.ceil(line.box.x1))] += 1
    ink = np.concatenate([[False], filled > stray * len(many), [False]])
    edges = np.flatnonzero(ink[1:] != ink[:-1]).reshape(-1, 2)
    return [(float(a), float(b)) for a, b in edges]


def _span(box: Box, columns: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """First and last column that a box covers; the nearest one where it covers none."""
    shares = [min(box.x1, b) - max(box.x0, a) for a, b in columns]
    covered = [
        i
        for i, share in enumerate(shares)
        if share > 0.2 * min(box.width, columns[i][1] - columns[i][0])
    ]
    if not covered:
        nearest = int(np.argmax(shares))
        return nearest, nearest
    return covered[0], covered[-1]


def _row_cells(
    lines: Sequence[TextLine],
    spans: Sequence[tuple[int, int]],
    columns: Sequence[tuple[float, float]],
    header: bool,
) -> list[Cell]:
    """The cells of a row from left to right; places without text get the box of their column."""
    box = union(line.box for line in lines)
    taken: dict[int, tuple[int, Box]] = {}
    for line, (first, last) in zip(lines, spans, strict=True):
        if first in taken:
            taken[first] = max(taken[first][0], last), union([taken[first][1], line.box])
        else:
            taken[first] = last, line.box
    cells: list[Cell] = []
    col = 0
    while col < len(columns):
        last, own = taken.get(col, (col, Box(columns[col][0], box.y0, columns[col][1], box.y1)))
        blocked = [c for c in taken if col < c <= last]
        last = min(blocked) - 1 if blocked else last
        cells.append(Cell(0, 0, 1, last - col + 1, box=own, header=header))
        col = last + 1
    return cells
