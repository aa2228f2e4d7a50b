from __future__ import annotations

import random

from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid
from table.text_grid import grid_against, grid_of_text


def line(text: str, x: float, y: float, width: float | None = None) -> TextLine:
    return TextLine(text, Box(x, y, x + (width or 9 * len(text)), y + 14))


def statistics(rows: int) -> list[TextLine]:
    """A header with a spanning title and rows of a name and four numbers, right-aligned."""
    lines = [line("Sales of the year", 200, 0, 400)]
    lines += [
        line(name, 190 + 110 * i, 20) for i, name in enumerate(("one", "two", "three", "four"))
    ]
    for r in range(rows):
        lines.append(line(f"place {r}", 10, 50 + 20 * r))
        for c in range(4):
            text = str(10 ** (r % 4) + c)
            lines.append(line(text, 250 + 110 * c - 9 * len(text), 50 + 20 * r))
    return lines


def test_clear_rows_and_columns_become_a_grid() -> None:
    lines = statistics(40)
    random.Random(0).shuffle(lines)
    grid = grid_of_text(lines)
    assert grid is not None
    assert (grid.rows, grid.cols, grid.header_rows) == (42, 5, 1)
    title = next(cell for cell in grid.by_row()[0] if cell.colspan > 1)
    assert (title.col, title.colspan) == (1, 4)
    assert all(cell.box is not None for cell in grid.cells)


def test_a_missing_number_leaves_its_place_empty() -> None:
    lines = [x for x in statistics(40) if not (x.box.y0 == 250 and 300 < x.box.x0 < 400)]
    grid = grid_of_text(lines)
    assert grid is not None
    assert [cell.col for cell in grid.by_row()[12]] == [0, 1, 2, 3, 4]


def test_short_tables_and_running_text_are_left_to_the_network() -> None:
    assert grid_of_text(statistics(10)) is None
    assert grid_of_text([]) is None
    prose = [line("words that run across the page", 10, 20 * r, 500) for r in range(60)]
    assert grid_of_text(prose) is None


def test_lines_inside_cells_are_no_rows_of_the_table() -> None:
    lines = []
    for r in range(12):
        lines += [line(f"item {r}", 10, 80 * r), line("12", 200, 80 * r), line("34", 300, 80 * r)]
        lines += [line("and what it is", 400, 80 * r + 20 * k) for k in range(4)]
    assert grid_of_text(lines) is None


def test_text_without_order_is_no_grid() -> None:
    draw = random.Random(1)
    lines = [line("word", draw.uniform(0, 600), draw.uniform(0, 900)) for _ in range(300)]
    assert grid_of_text(lines) is None


def regression(dx: float = 0.0) -> list[TextLine]:
    """Estimates with their errors below: half of the rows have no label."""
    rows = [("", "(1)", "(2)"), ("mpg", "-238.90", "-49.51"), ("", "(53.08)", "(86.16)")]
    rows += [("weight", "", "1.75"), ("", "", "(0.64)"), ("constant", "11,253", "1,946")]
    rows += [("", "(1,171)", "(3,597)"), ("obs", "74", "74")]
    return [
        line(text, x + (dx if c == 1 else 0.0), 20 * r)
        for r, row in enumerate(rows)
        for c, (text, x) in enumerate(zip(row, (10, 120, 220), strict=True))
        if text
    ]


def torn(lines: list[TextLine]) -> Grid:
    """Two columns and no row of its own for the errors of the first estimate."""
    tops = [(0, 10), (20, 30), (40, 70), (80, 90), (100, 110), (120, 130), (140, 150)]
    cells = [
        Cell(r, c, box=Box(x0, y0, x1, y1 + 4), header=r == 0)
        for r, (y0, y1) in enumerate(tops)
        for c, (x0, x1) in enumerate(((10, 190), (220, 290)))
    ]
    return Grid(len(tops), 2, tuple(cells))


def test_a_grid_that_joins_neighbours_across_rows_and_columns_yields_to_the_text() -> None:
    lines = regression()
    grid = grid_against(torn(lines), lines)
    assert grid is not None
    assert (grid.rows, grid.cols, grid.header_rows) == (8, 3, 1)


def test_a_line_that_runs_on_into_the_next_column_is_cut() -> None:
    lines = [x for x in regression() if x.text not in ("constant", "11,253")]
    words = (Word("constant", Box(10, 100, 82, 114)), Word("11,253", Box(120, 100, 174, 114)))
    lines.append(TextLine("constant 11,253", Box(10, 100, 174, 114), words=words))
    grid = grid_against(torn(lines), lines)
    assert grid is not None
    assert grid.cols == 3


def test_a_grid_of_cells_with_lines_below_each_other_stands() -> None:
    lines = regression()
    cells = [
        Cell(r, c, box=Box(x0, 40 * r, x1, 40 * r + 34))
        for r in range(4)
        for c, (x0, x1) in enumerate(((0, 100), (110, 200), (210, 300)))
    ]
    assert grid_against(Grid(4, 3, tuple(cells)), lines) is None


def test_text_without_clear_columns_says_nothing_against_the_network() -> None:
    assert grid_against(torn(regression()), regression(dx=70)) is None
    over = [*regression(), line("(estimates)", 130, -20, 150)]
    assert grid_against(torn(over), over) is None
