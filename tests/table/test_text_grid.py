from __future__ import annotations

import random

from structure.core.analysis import TextLine
from structure.core.geometry import Box
from table.text_grid import grid_of_text


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
