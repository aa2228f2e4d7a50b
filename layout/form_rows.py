"""Rows of text in columns that are drawn: invoices rule the columns of their items, not the rows.

Where no rule parts the rows, the text does: what stands at one height is a row, and a row with
nothing but further words for the cells above it goes on with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from layout import limits
from layout.geometry import Chunk, PageGeometry
from layout.table_finder import visual_rows
from structure.core.drawn import DrawnGrid
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of text in drawn columns.

    Attributes:
        top: Upper end of its ink, in pixels.
        bottom: Lower end.
        columns: Those with words in them.
        joined: Those whose right edge a word is written over.
    """

    top: float
    bottom: float
    columns: frozenset[int]
    joined: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows of drawn cells that no cell reaches out of.

    Attributes:
        cells: With whether each is closed.
        edges: The numbers of the vertical edges that its cells begin and end at.
    """

    first: int
    end: int
    cells: tuple[tuple[Cell, bool], ...]
    edges: tuple[int, ...]


def with_rows_of_text(page: PageGeometry, drawn: DrawnGrid) -> DrawnGrid:
    """The drawn cells, with those cut into rows that hold many rows of text side by side.

    Args:
        page: The measured page.
        drawn: Cells in its pixels.
    """
    cells: list[tuple[Cell, bool]] = []
    ys: list[float] = [drawn.ys[0]]
    for band in _bands(drawn):
        rows = _rows_of_text(page, drawn, band)
        first = len(ys) - 1
        if rows:
            ends = _ends(rows, drawn.ys[band.end], page.em)
            cells += _cut(drawn, band, rows, (ys[-1], *ends), first)
        else:
            ends = drawn.ys[band.first + 1 : band.end + 1]
            cells += [(replace(c, row=c.row - band.first + first), shut) for c, shut in band.cells]
        ys += ends
    cells.sort(key=lambda pair: (pair[0].row, pair[0].col))
    return DrawnGrid(
        Grid(len(ys) - 1, drawn.grid.cols, tuple(cell for cell, _ in cells)),
        drawn.xs,
        tuple(ys),
        tuple(closed for _, closed in cells),
        by_text=len(ys) != len(drawn.ys),
    )


def _bands(drawn: DrawnGrid) -> Iterator[_Band]:
    pairs = list(zip(drawn.grid.cells, drawn.closed, strict=True))
    for first, end in drawn.bands():
        own = tuple((cell, closed) for cell, closed in pairs if first <= cell.row < end)
        edges = {edge for cell, _ in own for edge in (cell.col, cell.col + cell.colspan)}
        yield _Band(first, end, own, tuple(sorted(edges)))


def _rows_of_text(page: PageGeometry, drawn: DrawnGrid, band: _Band) -> list[_Row]:
    """The rows of a band; none where rules part them, or its columns hold running text."""
    xs = [drawn.xs[edge] for edge in band.edges]
    if len(xs) - 1 < limits.RULED_COLUMNS:
        return []
    area = Box(xs[0], drawn.ys[band.first], xs[-1], drawn.ys[band.end])
    words = [
        Chunk(word.box, word.text, n)
        for n, line in enumerate(page.lines)
        for word in line.words
        if area.contains(*word.box.center)
    ]
    found = visual_rows(words)
    rows = [_row(row, xs, page.em) for row in found]
    full = [row for row in rows if len(row.columns) >= limits.RULED_COLUMNS]
    if not any(_holds_rows(cell, full, drawn, band) for cell, _ in band.cells):
        return []
    if _is_running_text(found, xs) or not _is_of_values(found, xs):
        return []
    return _merged(rows, page.em)


def _row(words: Sequence[Chunk], xs: Sequence[float], em: float) -> _Row:
    over = limits.OVER_EDGE * em
    inner = list(enumerate(xs[1:-1]))
    joined = {i for i, x in inner for w in words if w.box.x0 < x - over and w.box.x1 > x + over}
    columns = {_column(word.box, xs) for word in words}
    return _Row(
        min(word.box.y0 for word in words),
        max(word.box.y1 for word in words),
        frozenset(columns | joined | {i + 1 for i in joined}),
        frozenset(joined),
    )


def _column(box: Box, xs: Sequence[float]) -> int:
    return sum(x <= box.center[0] for x in xs[1:-1])


def _holds_rows(cell: Cell, full: Sequence[_Row], drawn: DrawnGrid, band: _Band) -> bool:
    """Whether several full rows have words in one cell."""
    top, bottom = drawn.ys[cell.row], drawn.ys[cell.row + cell.rowspan]
    own = {i for i, edge in enumerate(band.edges) if cell.col <= edge < cell.col + cell.colspan}
    inside = [row for row in full if top < (row.top + row.bottom) / 2 < bottom]
    return sum(bool(own & row.columns) for row in inside) >= limits.FORM_ROWS_IN_CELL


def _is_running_text(rows: Sequence[Sequence[Chunk]], xs: Sequence[float]) -> bool:
    """Whether the rows fill most of their columns from edge to edge, as those of a newspaper."""
    shares: list[list[float]] = [[] for _ in xs[1:]]
    for row in rows:
        ends: dict[int, tuple[float, float]] = {}
        for word in row:
            column = _column(word.box, xs)
            x0, x1 = ends.get(column, (word.box.x0, word.box.x1))
            ends[column] = min(x0, word.box.x0), max(x1, word.box.x1)
        for column, (x0, x1) in ends.items():
            shares[column].append((x1 - x0) / max(xs[column + 1] - xs[column], 1e-6))
    filled = [median(own) > limits.FULL_COLUMN for own in shares if own]
    return 2 * sum(filled) > len(filled)


def _is_of_values(rows: Sequence[Sequence[Chunk]], xs: Sequence[float]) -> bool:
    """Whether some columns hold numbers in most of their rows: no wrapped text in a few cells."""
    counts = [[0, 0] for _ in xs[1:]]
    for row in rows:
        digits: dict[int, bool] = {}
        for word in row:
            column = _column(word.box, xs)
            digits[column] = digits.get(column, False) or any(map(str.isdigit, word.text))
        for column, there in digits.items():
            counts[column][0] += there
            counts[column][1] += 1
    values = sum(own >= limits.VALUES * every > 0 for own, every in counts)
    return values >= limits.VALUE_COLUMNS


def _merged(rows: Sequence[_Row], em: float) -> list[_Row]:
    """The rows, with those that go on with the cells of the one above joined to it."""
    leading = _leading(rows)
    merged: list[_Row] = []
    size = 0
    for row in rows:
        above = merged[-1] if merged else None
        if (
            above is not None
            and leading not in row.columns
            and row.columns <= above.columns
            and 2 * len(row.columns) <= size
            and not row.joined
            and not row.columns & (above.joined | {i + 1 for i in above.joined})
            and row.top - above.bottom < limits.ROW_GOES_ON * em
        ):
            merged[-1] = replace(above, bottom=max(above.bottom, row.bottom))
        else:
            merged.append(row)
            size = len(row.columns)
    return merged


def _leading(rows: Sequence[_Row]) -> int:
    """The first column that many rows have words in: it names the row."""
    counts: dict[int, int] = {}
    for row in rows:
        for column in row.columns:
            counts[column] = counts.get(column, 0) + 1
    often = [c for c, count in counts.items() if count >= limits.LEADING_COLUMN * len(rows)]
    return min(often, default=0)


def _ends(rows: Sequence[_Row], bottom: float, em: float) -> tuple[float, ...]:
    """Y at which the rows end, and an empty one below them where much room is left."""
    between = [(a.bottom + b.top) / 2 for a, b in pairwise(rows)]
    if bottom - rows[-1].bottom > limits.EMPTY_ROW * em:
        between.append(rows[-1].bottom + em / 2)
    return (*between, bottom)


def _cut(
    drawn: DrawnGrid, band: _Band, rows: Sequence[_Row], ys: Sequence[float], first: int
) -> Iterator[tuple[Cell, bool]]:
    """The cells of a band that is cut at `ys`; the first row has the number `first`."""
    last = len(ys) - 2
    for r, (y0, y1) in enumerate(pairwise(ys)):
        joined = rows[r].joined if r < len(rows) else frozenset()
        start = 0
        for end in range(1, len(band.edges)):
            if end - 1 in joined:
                continue
            left, right = band.edges[start], band.edges[end]
            borders = _borders(band, left, right, top=r == 0, bottom=r == last)
            box = Box(drawn.xs[left], y0, drawn.xs[right], y1)
            closed = all(c for cell, c in band.cells if left <= cell.col < right)
            yield Cell(first + r, left, 1, right - left, box=box, borders=borders), closed
            start = end


def _borders(band: _Band, left: int, right: int, *, top: bool, bottom: bool) -> str:
    """The sides that are drawn around the columns between two edges."""
    cells = [cell for cell, _ in band.cells]
    beside = [c for c in cells if c.col < right and left < c.col + c.colspan]
    drawn = {
        "t": top and _draw("t", [c for c in beside if c.row == band.first]),
        "r": _draw("r", [c for c in cells if c.col + c.colspan == right])
        or _draw("l", [c for c in cells if c.col == right]),
        "b": bottom and _draw("b", [c for c in beside if c.row + c.rowspan == band.end]),
        "l": _draw("l", [c for c in cells if c.col == left])
        or _draw("r", [c for c in cells if c.col + c.colspan == left]),
    }
    return "".join(side for side, there in drawn.items() if there)


def _draw(side: str, cells: Sequence[Cell]) -> bool:
    return any(side in (cell.borders or "") for cell in cells)
