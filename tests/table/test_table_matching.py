from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid
from table.columns import only_columns
from table.matching import fill, join, split


def line(text: str, x0: float, y0: float, x1: float, y1: float, score: float = 0.9) -> TextLine:
    return TextLine(text, Box(x0, y0, x1, y1), score)


def worded(text: str, y: float, *starts: float) -> TextLine:
    """A line whose words are 20 wide and begin at `starts`."""
    words = tuple(
        Word(part, Box(x, y, x + 20, y + 10)) for part, x in zip(text.split(), starts, strict=True)
    )
    return TextLine(text, Box(starts[0], y, starts[-1] + 20, y + 10), 0.9, words)


def grid(rows: int, cols: int) -> Grid:
    """Cells of 80 x 10 text at multiples of (100, 20)."""
    return Grid(
        rows,
        cols,
        tuple(
            Cell(r, c, box=Box(100.0 * c, 20.0 * r, 100.0 * c + 80, 20.0 * r + 10))
            for r in range(rows)
            for c in range(cols)
        ),
    )


def texts(found: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in found.by_row()]


def test_each_line_finds_its_cell() -> None:
    filled = fill(
        grid(2, 2),
        [line("d", 110, 21, 120, 29), line("a", 2, 1, 12, 9), line("b", 100, 0, 180, 10)],
    )
    assert texts(filled.grid) == [["a", "b"], ["", "d"]]
    assert filled.leftovers == ()
    assert filled.grid.cells[0].box == Box(2, 1, 12, 9)
    assert filled.grid.cells[2].box == Box(0, 20, 80, 30)


def test_a_shifted_box_does_not_move_its_text() -> None:
    cells = list(grid(4, 2).cells)
    # The predicted box of cell (1, 1) lies on the row below.
    cells[3] = Cell(1, 1, box=Box(100, 38, 180, 48))
    found = [line("x", 110, 20, 170, 30), line("y", 110, 40, 170, 50)]
    filled = fill(Grid(4, 2, tuple(cells)), found)
    assert texts(filled.grid) == [["", ""], ["", "x"], ["", "y"], ["", ""]]


def test_a_line_across_columns_is_cut_between_its_words() -> None:
    filled = fill(grid(1, 3), [worded("Mean SD Median", 0, 10, 120, 240)])
    assert texts(filled.grid) == [["Mean", "SD", "Median"]]
    assert [part.text for part in filled.lines] == ["Mean", "SD", "Median"]
    assert filled.lines[1].box == Box(120, 0, 140, 10)


def test_a_line_without_words_is_cut_by_its_characters() -> None:
    filled = fill(grid(1, 2), [line("aaaaaaaa bbbbbbbb", 0, 0, 180, 10)])
    assert texts(filled.grid) == [["aaaaaaaa", "bbbbbbbb"]]


def test_a_line_in_a_spanning_cell_stays_whole() -> None:
    wide = Grid(1, 2, (Cell(0, 0, colspan=2, box=Box(0, 0, 180, 10)),))
    assert texts(fill(wide, [worded("one two", 0, 10, 120)]).grid) == [["one two"]]


def test_spaces_inside_a_part_stay_as_they_were() -> None:
    parts = split(
        TextLine(
            "a  b c",
            Box(0, 0, 180, 10),
            None,
            tuple(
                Word(text, Box(x, 0, x + 10, 10)) for text, x in (("a", 0), ("b", 60), ("c", 150))
            ),
        ),
        np.array([[0.0, 0, 80, 10], [100, 0, 180, 10]]),
    )
    assert [part.text for part in parts] == ["a  b", "c"]


def test_columns_that_the_network_missed_come_from_the_text() -> None:
    one = Grid(3, 1, tuple(Cell(r, 0, box=Box(0, 20.0 * r, 180, 20.0 * r + 10)) for r in range(3)))
    rows = [
        piece
        for y in (0, 20, 40)
        for piece in (line(f"a{y}", 0, y, 40, y + 10), line(f"b{y}", 100, y, 150, y + 10))
    ]
    found = only_columns(one, rows)
    assert found is not None
    assert texts(fill(found, rows).grid) == [["a0", "b0"], ["a20", "b20"], ["a40", "b40"]]
    # A line across the stripe between them closes it.
    wide = [*rows, line("c", 20, 41, 120, 50)]
    assert only_columns(one, wide) is None
    assert only_columns(one, [line("a", 0, y, 170, y + 10) for y in (0, 20, 40)]) is None
    assert only_columns(grid(3, 2), rows) is None


def test_rows_of_boxes_that_drifted_follow_the_text() -> None:
    cells = tuple(replace(c, box=c.box and c.box.shifted(0, 4.0 * c.row)) for c in grid(6, 2).cells)
    found = [line(f"{r}", 0, 20 * r, 50, 20 * r + 10) for r in range(6)]
    assert [row[0] for row in texts(fill(Grid(6, 2, cells), found).grid)] == list("012345")


def test_a_caption_is_left_over_and_not_lost() -> None:
    caption = line("Table 1", 0, -40, 80, -30)
    filled = fill(grid(2, 2), [caption, line("a", 0, 0, 10, 10)])
    assert filled.leftovers == (caption,)
    assert [part.text for part in filled.lines] == ["a"]


def test_without_cells_every_line_is_left_over() -> None:
    lines = [line("a", 0, 0, 10, 10)]
    assert fill(Grid(), lines).leftovers == tuple(lines)


def test_cell_text_runs_from_left_to_right_then_down() -> None:
    parts = [line("c", 0, 20, 10, 30), line("b", 50, 2, 60, 12), line("a", 0, 0, 10, 10)]
    assert join(parts) == "a b c"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("中文", "表格", "中文表格"),
        ("中文", "text", "中文 text"),
        ("한국", "어", "한국 어"),
        ("binding-", "site", "binding-site"),
        ("sum -", "3", "sum - 3"),
        ("a ", "b", "a b"),
        ("", "b", "b"),
    ],
)
def test_lines_of_a_cell_are_glued_as_their_script_asks(
    first: str, second: str, joined: str
) -> None:
    assert join([line(first, 0, 0, 50, 10), line(second, 0, 20, 50, 30)]) == joined


def test_a_cell_is_as_sure_as_its_least_sure_line() -> None:
    filled = fill(grid(1, 1), [line("a", 0, 0, 9, 4, 0.9), line("b", 0, 5, 9, 9, 0.4)])
    assert filled.grid.cells[0].score == 0.4


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *(st.floats(-300, 600) for _ in range(2)),
    *(st.floats(0, 400) for _ in range(2)),
)
words = st.text("ab- 中", min_size=1, max_size=12)
lines = st.lists(st.builds(TextLine, words, boxes), max_size=12)


@given(lines, st.integers(1, 4), st.integers(1, 4))
def test_no_character_is_lost(found: list[TextLine], rows: int, cols: int) -> None:
    filled = fill(grid(rows, cols), found)

    def letters(parts: list[str]) -> list[str]:
        return sorted(char for part in parts for char in part if not char.isspace())

    everything = [part.text for part in (*filled.lines, *filled.leftovers)]
    assert letters(everything) == letters([part.text for part in found])
    in_cells = [cell.text for cell in filled.grid.cells]
    assert letters(in_cells) == letters([part.text for part in filled.lines])


@given(lines.filter(lambda found: len({line.box for line in found}) == len(found)))
def test_the_order_of_the_lines_does_not_matter(found: list[TextLine]) -> None:
    assert fill(grid(3, 3), found).grid == fill(grid(3, 3), found[::-1]).grid
