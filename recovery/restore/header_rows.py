"""Header rows of tables where the network that read the table named none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from structure.core.analysis import Table
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid, places

_SYMBOLS = "$\u20ac\u00a3\u00a5%()+,.'\u2019\u2212\u2013\u00a0\u202f -"
_NUMBER = re.compile(rf"^[{re.escape(_SYMBOLS)}]*\d[\d{re.escape(_SYMBOLS)}]*[*\u2020\u2021]*$")
_AMOUNT = re.compile(r"(?:^|\s)\d[\d.,'\u2019]*[.,]\d\d$")
"""Words with an amount behind them: Subtotal 12.50."""
_YEAR = re.compile(r"^(?:19|20)\d\d(?:[-/\u2013](?:\d\d|(?:19|20)\d\d))?$")
_MOST_ROWS = 5
_MOST_SHARE = 0.5
"""A header takes at most so many rows, and such a share of the table."""
_NUMERIC = 0.6
"""Share of the filled cells of a column that are numbers, in a column of numbers."""
_FEW_BOLD = 0.34
"""Share of bold rows in the body at which a bold first row says nothing."""


def with_header_rows(table: Table) -> Grid:
    """The grid of `table` with its header rows marked.

    What the network said holds. Else the leading rows are header that hold words over columns of
    numbers (years count as words there), or that alone are set in bold.
    """
    grid = table.grid
    if grid.header_rows or grid.rows < 3 or grid.cols < 2:
        return grid
    count = _over_numbers(grid) or _in_bold(table)
    if count:
        # A cell that reaches from the header into the body would tear it.
        while any(cell.row < count < cell.row + cell.rowspan for cell in grid.cells):
            count -= 1
    cells = tuple(replace(cell, header=cell.header or cell.row < count) for cell in grid.cells)
    return replace(grid, cells=cells)


def _rows(grid: Grid) -> list[dict[int, Cell]]:
    """For every row, the filled cells by their column; a wide one stands in all of its columns."""
    rows: list[dict[int, Cell]] = [{} for _ in range(grid.rows)]
    for cell in grid.cells:
        if cell.text.strip():
            for row, col in places(cell):
                rows[row][col] = cell
    return rows


def _over_numbers(grid: Grid) -> int:
    rows = _rows(grid)
    numeric = [col for col in range(1, grid.cols) if _is_numeric(rows, col)]
    if not numeric:
        return 0
    years = {col for col in numeric if _share(rows, col, _YEAR) >= _NUMERIC}
    first = 0
    while first < grid.rows and not any(
        _is_datum(rows[first][col].text, year=col in years) for col in numeric if col in rows[first]
    ):
        first += 1
    # A row of words before the first numbers heads a group of rows, not the columns.
    while first and not any(col in rows[first - 1] for col in numeric):
        first -= 1
    return first if first <= min(_MOST_ROWS, _MOST_SHARE * grid.rows) else 0


def _is_numeric(rows: Sequence[dict[int, Cell]], col: int) -> bool:
    return _share(rows[1:], col, _NUMBER) >= _NUMERIC


def _share(rows: Sequence[dict[int, Cell]], col: int, pattern: re.Pattern[str]) -> float:
    texts = [row[col].text.strip() for row in rows if col in row]
    return sum(pattern.match(text) is not None for text in texts) / max(len(texts), 1)


def _is_datum(text: str, *, year: bool) -> bool:
    text = text.strip()
    if _AMOUNT.search(text):
        return True
    return _NUMBER.match(text) is not None and (year or _YEAR.match(text) is None)


def _in_bold(table: Table) -> int:
    """1 where the first row is set in bold and hardly any other is, else 0."""
    heavy = [
        _is_bold(table, [cell for cell in row if cell.text.strip()]) for row in table.grid.by_row()
    ]
    body = heavy[1:]
    filled = sum(bool(cell.text.strip()) for cell in table.grid.by_row()[0])
    return int(heavy[0] and filled > 1 and sum(body) <= _FEW_BOLD * len(body))


def _is_bold(table: Table, cells: Sequence[Cell]) -> bool:
    """Whether all words in `cells` are bold, as far as their fonts are known."""
    boxes = [cell.box for cell in cells if cell.box is not None]
    fonts = [
        word.font
        for line in table.lines
        for word in line.words
        if word.font is not None and _inside(word.box, boxes)
    ]
    return bool(fonts) and all(font.bold for font in fonts)


def _inside(word: Box, boxes: Sequence[Box]) -> bool:
    return any(box.contains(*word.center) for box in boxes)
