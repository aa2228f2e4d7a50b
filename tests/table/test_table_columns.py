"""Columns that the text of a table shows and the network has not seen."""

from __future__ import annotations

from structure.core.analysis import TextLine
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid
from table.columns import split_columns
from table.matching import fill

STARTS = (0.0, 100.0, 160.0, 220.0)
NAMES = ("Method", "Size", "Time", "Error")


def line(text: str, x0: float, y0: float, width: float = 30.0) -> TextLine:
    return TextLine(text, Box(x0, y0, x0 + width, y0 + 10), 0.9)


def two_columns(rows: int) -> Grid:
    """What the network saw: one wide column where there are three."""
    edges = ((0.0, 80.0), (100.0, 260.0))
    return Grid(
        rows,
        2,
        tuple(
            Cell(r, c, box=Box(x0, 20.0 * r, x1, 20.0 * r + 10), header=r == 0)
            for r in range(rows)
            for c, (x0, x1) in enumerate(edges)
        ),
    )


def body(first: int, rows: int) -> list[TextLine]:
    return [line(f"{r}{c}", x, 20.0 * r) for r in range(first, rows) for c, x in enumerate(STARTS)]


def texts(grid: Grid, lines: list[TextLine]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in fill(grid, lines).grid.by_row()]


def test_columns_taken_for_one_come_apart() -> None:
    lines = [*(line(n, x, 0) for n, x in zip(NAMES, STARTS, strict=True)), *body(1, 5)]
    found = split_columns(two_columns(5), lines)
    assert found is not None
    assert texts(found, lines)[0] == list(NAMES)
    assert texts(found, lines)[4] == ["40", "41", "42", "43"]


def test_a_header_over_several_of_them_spans_them() -> None:
    heads = [line("Method", 0, 0), line("Results", 140, 0, 50)]
    named = [line(n, x, 20) for n, x in zip(NAMES[1:], STARTS[1:], strict=True)]
    lines = [*heads, *named, *body(2, 6)]
    found = split_columns(two_columns(6), lines)
    assert found is not None
    assert [(cell.col, cell.colspan) for cell in found.by_row()[0]] == [(0, 1), (1, 3)]


def test_a_gap_in_one_row_leaves_its_cell_empty() -> None:
    lines = [row for row in body(0, 5) if row.text != "32"]
    found = split_columns(two_columns(5), lines)
    assert found is not None
    assert texts(found, lines)[3] == ["30", "31", "", "33"]


def test_words_of_one_column_do_not_make_two() -> None:
    """Words that begin anywhere leave no stripe empty from top to bottom."""
    lines = [
        part
        for r in range(5)
        for part in (
            line("name", 0, 20.0 * r),
            line("some", 100 + 9.0 * r, 20.0 * r, 45),
            line("words", 150 + 9.0 * r, 20.0 * r, 45),
        )
    ]
    assert split_columns(two_columns(5), lines) is None


def test_currency_signs_are_no_column() -> None:
    lines = [
        part
        for r in range(5)
        for part in (
            line("rent", 0, 20.0 * r),
            line("$", 100, 20.0 * r, 8),
            line("12.00", 160, 20.0 * r),
        )
    ]
    assert split_columns(two_columns(5), lines) is None


def test_columns_come_apart_where_many_rows_have_gaps() -> None:
    gaps = {"12", "23", "33", "41"}
    lines = [row for row in body(0, 8) if row.text not in gaps]
    found = split_columns(two_columns(8), lines)
    assert found is not None
    assert texts(found, lines)[3] == ["30", "31", "32", ""]


def test_rows_that_reach_over_columns_keep_them_together() -> None:
    lines = [row for row in body(0, 8) if row.text[0] not in "345"]
    lines += [
        part for r in (3, 4, 5) for part in (line("x", 0, 20.0 * r), line("y", 120, 20 * r, 90))
    ]
    assert split_columns(two_columns(8), lines) is None


def test_a_header_spans_the_columns_nearest_to_it_beside_headers_that_stand_alone() -> None:
    heads = [line("Method", 0, 0), line("Size", 100, 0), line("Results", 180, 0, 40)]
    named = [line("Time", 160, 20), line("Error", 220, 20)]
    lines = [*heads, *named, *body(2, 6)]
    found = split_columns(two_columns(6), lines)
    assert found is not None
    assert [(cell.col, cell.colspan) for cell in found.by_row()[0]] == [(0, 1), (1, 1), (2, 2)]
