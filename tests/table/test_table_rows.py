"""Rows that the network took for one come apart where amounts stand beside labels."""

from __future__ import annotations

from structure.core.analysis import TextLine
from structure.core.geometry import Box, union
from structure.core.grid import Cell, Grid
from table.matching import fill
from table.rows import split_rows


def line(text: str, x: float, y: float) -> TextLine:
    return TextLine(text, Box(x, y, x + 9 * len(text), y + 16), 0.9)


def filled(*rows: tuple[list[TextLine], ...]) -> tuple[Grid, list[TextLine]]:
    """A grid with one row for each argument, its cells around their lines."""
    cells = tuple(
        Cell(r, c, text=" ".join(x.text for x in own), box=union(x.box for x in own))
        for r, row in enumerate(rows)
        for c, own in enumerate(row)
    )
    return Grid(len(rows), len(rows[0]), cells), [x for row in rows for own in row for x in own]


HEAD = ([line("Item", 10, 10)], [line("Amount", 300, 10)])


def texts(grid: Grid, lines: list[TextLine]) -> list[tuple[int, int, str]]:
    return [(cell.row, cell.col, cell.text) for cell in fill(grid, lines).grid.cells]


def test_totals_below_each_other_become_rows() -> None:
    labels = [line(text, 10, 40 + 24 * i) for i, text in enumerate(("TOTAL", "CASH", "CHANGE"))]
    amounts = [line(t, 300, 40 + 24 * i) for i, t in enumerate(("RM 29.70", "30.00", "-0.30"))]
    grid, lines = filled(HEAD, (labels, amounts))
    apart = split_rows(grid, lines)
    assert apart is not None
    assert texts(apart, lines)[2:] == [
        (1, 0, "TOTAL"), (1, 1, "RM 29.70"), (2, 0, "CASH"),
        (2, 1, "30.00"), (3, 0, "CHANGE"), (3, 1, "-0.30"),
    ]  # fmt: skip


def test_a_label_without_an_amount_keeps_an_empty_cell() -> None:
    labels = [line(text, 10, 40 + 24 * i) for i, text in enumerate(("Taxes", "GST", "PST"))]
    amounts = [line("1.00", 300, 64), line("2.00", 300, 88)]
    grid, lines = filled(HEAD, (labels, amounts))
    apart = split_rows(grid, lines)
    assert apart is not None
    assert [cell.text for cell in fill(apart, lines).grid.cells if cell.row == 1] == ["Taxes", ""]


def test_words_beside_a_label_of_two_lines_stay_together() -> None:
    note = [line("sent by", 300, 40), line("12", 300, 64)]
    grid, lines = filled(HEAD, ([line("Body", 10, 40), line("mass", 10, 64)], note))
    assert split_rows(grid, lines) is None


def test_a_number_with_its_error_in_brackets_stays_together() -> None:
    values = [line("12.5", 300, 40), line("(0.98)", 300, 64)]
    grid, lines = filled(HEAD, ([line("Body", 10, 40), line("mass", 10, 64)], values))
    assert split_rows(grid, lines) is None


def test_amounts_between_the_labels_stay_together() -> None:
    values = [line("12.5", 300, 52), line("13.5", 300, 76)]
    grid, lines = filled(HEAD, ([line("Body", 10, 40), line("mass", 10, 64)], values))
    assert split_rows(grid, lines) is None


def test_labels_with_colons_part_whatever_stands_beside_them() -> None:
    labels = [line("Agency:", 10, 40), line("Buyer:", 10, 64)]
    grid, lines = filled(HEAD, (labels, [line("Media Services", 300, 40), line("Jo", 300, 64)]))
    apart = split_rows(grid, lines)
    assert apart is not None
    assert [text for _, _, text in texts(apart, lines)[2:]] == [
        "Agency:", "Media Services", "Buyer:", "Jo",
    ]  # fmt: skip


def test_a_label_of_two_lines_keeps_the_words_beside_it() -> None:
    labels = [line("Agency and", 10, 40), line("buyer:", 10, 64)]
    grid, lines = filled(HEAD, (labels, [line("Media Services", 300, 40), line("Jo", 300, 64)]))
    assert split_rows(grid, lines) is None


def test_an_amount_that_was_read_badly_does_not_hold_the_rows_together() -> None:
    names, prices = ("SEAFOOD", "CAKE", "TEA", "RICE"), ("2.20 ZRL", "8.50 ZRi.", "1.00", "3.10")
    labels = [line(text, 10, 40 + 24 * i) for i, text in enumerate(names)]
    amounts = [line(text, 300, 40 + 24 * i) for i, text in enumerate(prices)]
    grid, lines = filled(HEAD, (labels, amounts))
    apart = split_rows(grid, lines)
    assert apart is not None
    assert [text for _, _, text in texts(apart, lines)[4:6]] == ["CAKE", "8.50 ZRi."]
