"""Text into drawn cells: cut at edges, paragraphs, columns within a cell, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from structure.core.analysis import TextLine, Word
from structure.core.drawn import DrawnGrid
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid
from table import read_form
from table.forms import cell_text

AREA = Box(0, 0, 400, 200)

DRAWN = DrawnGrid(
    Grid(1, 2, (Cell(0, 0, box=Box(0, 0, 400, 200)), Cell(0, 1, box=Box(400, 0, 800, 200)))),
    (0, 400, 800),
    (0, 200),
    (True, True),
)


def line(
    text: str, x0: float, y0: float, x1: float, *, height: float = 20, angle: float = 0
) -> TextLine:
    return TextLine(text, Box(x0, y0, x1, y0 + height), 0.9, angle=angle)


def test_a_line_over_an_edge_is_cut_there() -> None:
    words = (Word("Name", Box(300, 50, 360, 70)), Word("Number", Box(430, 50, 510, 70)))
    whole = TextLine("Name Number", Box(300, 50, 510, 70), words=words)
    table = read_form(DRAWN, [whole])
    assert [cell.text for cell in table.grid.cells] == ["Name", "Number"]
    assert (table.xs, table.ys, table.ruled) == ((0, 400, 800), (0, 200), True)


def test_lines_broken_at_the_edge_are_one_paragraph() -> None:
    lines = [
        line("Name of the foreign principal on whose", 10, 10, 380),
        line("behalf", 10, 32, 70),
    ]
    assert cell_text(lines, AREA) == "Name of the foreign principal on whose behalf"


def test_a_label_and_its_value_are_two_paragraphs() -> None:
    lines = [line("Fax", 60, 40, 100), line("6. Means of transmission", 10, 10, 200)]
    assert cell_text(lines, AREA) == "6. Means of transmission\nFax"


def test_larger_type_begins_a_paragraph() -> None:
    lines = [line("a label that runs to the very edge here", 10, 10, 390, height=14)]
    lines.append(line("Value", 10, 30, 90, height=26))
    assert cell_text(lines, AREA) == "a label that runs to the very edge here\nValue"


def test_columns_within_a_cell_are_parted_by_tabs() -> None:
    lines = [line("Ohio", 10, 10, 60), line("Iowa", 200, 11, 250), line("Texas", 10, 40, 70)]
    assert cell_text(lines, AREA) == "Ohio\tIowa\nTexas"


def test_what_was_typed_a_little_higher_stays_behind_its_label() -> None:
    lines = [line("12/31/2016", 260, 10, 380), line("for the period ending", 10, 22, 240)]
    assert cell_text(lines, AREA) == "for the period ending 12/31/2016"


def test_what_stands_on_its_side_comes_last() -> None:
    lines = [line("RECEIVED", 300, 5, 320, height=180, angle=90), line("None", 10, 90, 60)]
    assert cell_text(lines, AREA) == "None\nRECEIVED"


def test_a_line_outside_goes_to_the_nearest_cell() -> None:
    table = read_form(DRAWN, [line("late", 500, 230, 560)])
    assert [cell.text for cell in table.grid.cells] == ["", "late"]


def test_an_empty_line_of_text_is_no_paragraph() -> None:
    assert cell_text([line("", 10, 10, 60), line("here", 10, 40, 60)], AREA) == "here"


@given(
    st.lists(
        st.tuples(
            st.text("ab ", min_size=1, max_size=12), st.floats(-50, 850), st.floats(-50, 250)
        ),
        max_size=12,
    )
)
def test_no_character_is_lost(parts: list[tuple[str, float, float]]) -> None:
    lines = [line(text, x, y, x + 10 * len(text)) for text, x, y in parts]
    table = read_form(DRAWN, lines)
    before = sorted("".join("".join(text.split()) for text, *_ in parts))
    after = sorted("".join("".join(cell.text.split()) for cell in table.grid.cells))
    assert after == before
