"""A table as a full rectangle of cells, and its HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from structure.core.geometry import Box

MAX_COLSPAN = 1000
MAX_ROWSPAN = 65534
MAX_PLACES = 200_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        row: 0-based row of its top left place.
        col: 0-based column of its top left place.
        box: Where its text stands on the page (pixels in an analysis), None where nothing is known.
        score: Confidence 0 to 1 of its text, None where no model read it.
        header: Whether it belongs to the header rows.
        borders: The sides on which a rule is drawn, letters of "trbl"; None where nobody looked.
        fill: Background as RRGGBB; None for that of the page.
    """

    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1
    text: str = ""
    box: Box | None = None
    score: float | None = None
    header: bool = False
    borders: str | None = None
    fill: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells that cover `rows` x `cols` places exactly once, sorted by row, then column."""

    rows: int = 0
    cols: int = 0
    cells: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        covered = {place for cell in self.cells for place in places(cell)}
        area = sum(cell.rowspan * cell.colspan for cell in self.cells)
        if len(covered) != area or covered != {
            (r, c) for r in range(self.rows) for c in range(self.cols)
        }:
            raise ValueError(f"the cells do not tile {self.rows} x {self.cols} places")

    @property
    def header_rows(self) -> int:
        """Number of leading rows whose own cells are all header cells."""
        heads = [True] * self.rows
        for cell in self.cells:
            heads[cell.row] = heads[cell.row] and cell.header
        return heads.index(False) if False in heads else 0

    def by_row(self) -> list[list[Cell]]:
        """The cells that start in each row, from left to right."""
        rows: list[list[Cell]] = [[] for _ in range(self.rows)]
        for cell in self.cells:
            rows[cell.row].append(cell)
        return rows


def places(cell: Cell) -> Iterator[tuple[int, int]]:
    """All (row, column) places that a cell covers."""
    for row in range(cell.row, cell.row + cell.rowspan):
        for col in range(cell.col, cell.col + cell.colspan):
            yield row, col


def arrange(rows: Sequence[Sequence[Cell]]) -> tuple[Grid, list[str]]:
    """Place cells that came row by row (their `row` and `col` are ignored) into a full rectangle.

    As in HTML, a cell goes to the next place of its row that no span from above has taken. What
    does not fit is repaired, and every repair is named: spans are clipped to the table and to free
    places, holes become empty cells, rows without a cell of their own are dropped.

    Returns:
        The grid and the repairs, one line each.
    """
    repairs: list[str] = []
    taken: dict[tuple[int, int], Cell] = {}
    placed: list[Cell] = []
    kept = [row for row in rows if row]
    if len(kept) < len(rows):
        repairs.append(f"{len(rows) - len(kept)} rows without a cell dropped")
    for r, row in enumerate(kept):
        col = 0
        for cell in row:
            while (r, col) in taken:
                col += 1
            fitted = _fit(replace(cell, row=r, col=col), len(kept), taken)
            if (fitted.rowspan, fitted.colspan) != (cell.rowspan, cell.colspan):
                repairs.append(f"span of cell {r},{col} clipped")
            if len(taken) + fitted.rowspan * fitted.colspan > MAX_PLACES:
                repairs.append(f"cut at {MAX_PLACES} places")
                break
            taken.update(dict.fromkeys(places(fitted), fitted))
            placed.append(fitted)
            col += fitted.colspan
    cols = max((c for _, c in taken), default=-1) + 1
    height = max((r for r, _ in taken), default=-1) + 1
    plain = {cell.row for cell in placed if not cell.header}
    holes = [
        # A hole in a header row belongs to the header.
        Cell(r, c, header=r not in plain)
        for r in range(height)
        for c in range(cols)
        if (r, c) not in taken
    ]
    if holes:
        repairs.append(f"{len(holes)} missing cells added")
    cells = sorted(placed + holes, key=lambda cell: (cell.row, cell.col))
    return Grid(height, cols, tuple(cells)), repairs


def _fit(cell: Cell, rows: int, taken: dict[tuple[int, int], Cell]) -> Cell:
    rowspan = max(1, min(cell.rowspan, MAX_ROWSPAN, rows - cell.row))
    colspan = max(1, min(cell.colspan, MAX_COLSPAN))
    free = 1
    while free < colspan and (cell.row, cell.col + free) not in taken:
        free += 1
    clear = 1
    while clear < rowspan and all(
        (cell.row + clear, cell.col + c) not in taken for c in range(free)
    ):
        clear += 1
    return replace(cell, rowspan=clear, colspan=free)


def to_html(grid: Grid, *, bold_header: bool = False) -> str:
    """`<table>...</table>` with thead and tbody, integer spans and escaped text.

    Args:
        grid: The table.
        bold_header: Wrap the text of header cells in `<b>`, as PubTabNet's labels do.
    """
    head = grid.header_rows
    rows = [
        f"<tr>{''.join(_cell_html(cell, bold_header and cell.header) for cell in row)}</tr>"
        for row in grid.by_row()
    ]
    parts = [f"<thead>{''.join(rows[:head])}</thead>"] if head else []
    if rows[head:]:
        parts.append(f"<tbody>{''.join(rows[head:])}</tbody>")
    return f"<table>{''.join(parts)}</table>"


def _cell_html(cell: Cell, bold: bool) -> str:
    spans = "".join(
        f' {name}="{value}"'
        for name, value in (("rowspan", cell.rowspan), ("colspan", cell.colspan))
        if value > 1
    )
    text = escape(cell.text, quote=False)
    return f"<td{spans}>{f'<b>{text}</b>' if bold and text else text}</td>"
