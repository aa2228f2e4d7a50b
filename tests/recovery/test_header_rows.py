from __future__ import annotations

from collections.abc import Sequence

import pytest

from recovery.restore.header_rows import with_header_rows
from structure.core.analysis import Font, Table, TextLine, Word
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid

PAGE = Box(0, 0, 400, 400)


def table(rows: Sequence[Sequence[str]], *, bold: Sequence[int] = ()) -> Table:
    cells, lines = [], []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            box = Box(100 * c, 20 * r, 100 * c + 80, 20 * r + 15)
            cells.append(Cell(r, c, text=text, box=box))
            word = Word(text, box, font=Font(10.0, bold=r in bold))
            lines.append(TextLine(text, box, words=(word,)))
    grid = Grid(len(rows), len(rows[0]), tuple(cells))
    return Table(PAGE, grid, lines=tuple(lines))


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["Region", "Pupils"], ["North", "1,200"], ["South", "900"]], 1),
        ([["Region", "2003\u201304", "2013"], ["North", "1,200", "5"], ["South", "900", "7"]], 1),
        (
            [
                ["", "In thousands"],
                ["Region", "2013"],
                ["North", "$ 12"],
                ["South", "9*"],
                ["West", "(8)"],
            ],
            2,
        ),
        ([["Region", "Pupils"], ["America", ""], ["North", "1,200"], ["South", "900"]], 1),
        ([["Event", "Year"], ["Founded", "1950"], ["Closed", "1999"]], 1),
        ([["Founded", "1950"], ["Moved", "1970"], ["Closed", "1999"]], 0),
        ([["", "Subtotal \u20ac 12,50"], ["Tax", "900"], ["Total", "800"], ["Paid", "80"]], 0),
        ([["North", "1,200"], ["South", "900"], ["West", "800"]], 0),
        ([["Name", "Town"], ["Ada", "London"], ["Karl", "Trier"]], 0),
        ([["Region", "Pupils"], ["North", "1,200"]], 0),
    ],
)
def test_words_over_numbers_are_a_header(rows: list[list[str]], count: int) -> None:
    assert with_header_rows(table(rows)).header_rows == count


def test_a_bold_first_row_is_a_header_only_where_the_rest_is_not_bold() -> None:
    rows = [["Name", "Town"], ["Ada", "London"], ["Karl", "Trier"]]
    assert with_header_rows(table(rows, bold=[0])).header_rows == 1
    assert with_header_rows(table(rows, bold=[0, 1, 2])).header_rows == 0


def test_what_the_network_said_holds() -> None:
    cells = tuple(Cell(r, c, text=f"{r}{c}", header=r < 2) for r in range(3) for c in range(2))
    assert with_header_rows(Table(PAGE, Grid(3, 2, cells))).header_rows == 2


def test_a_cell_that_reaches_into_the_body_is_not_torn() -> None:
    cells = (
        Cell(0, 0, rowspan=2, text="Region"),
        Cell(0, 1, text="Pupils"),
        Cell(1, 1, text="12"),
        Cell(2, 0, text="North"),
        Cell(2, 1, text="13"),
        Cell(3, 0, text="South"),
        Cell(3, 1, text="14"),
    )
    assert with_header_rows(Table(PAGE, Grid(4, 2, cells))).header_rows == 0
