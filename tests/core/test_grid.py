from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from structure.core.grid import MAX_PLACES, Cell, Grid, arrange, places, to_html


def cells(*texts: str) -> list[Cell]:
    return [Cell(0, 0, text=text) for text in texts]


def test_cells_move_right_past_a_rowspan() -> None:
    grid, repairs = arrange([[Cell(0, 0, rowspan=2, text="a"), *cells("b")], cells("c")])
    assert repairs == []
    assert [(cell.text, cell.row, cell.col) for cell in grid.cells] == [
        ("a", 0, 0),
        ("b", 0, 1),
        ("c", 1, 1),
    ]


def test_a_rowspan_beyond_the_last_row_is_clipped() -> None:
    grid, repairs = arrange([[Cell(0, 0, rowspan=5), *cells("b")]])
    assert (grid.rows, grid.cols) == (1, 2)
    assert len(repairs) == 1


def test_overlapping_spans_are_clipped() -> None:
    grid, repairs = arrange([[*cells("a"), Cell(0, 0, rowspan=2)], [Cell(0, 0, colspan=2)]])
    assert repairs == ["span of cell 1,0 clipped"]
    assert [(cell.row, cell.col) for cell in grid.cells] == [(0, 0), (0, 1), (1, 0)]


def test_short_rows_are_filled_with_empty_cells() -> None:
    grid, repairs = arrange([cells("a", "b", "c"), cells("d")])
    assert [len(row) for row in grid.by_row()] == [3, 3]
    assert repairs == ["2 missing cells added"]


def test_rows_without_a_cell_are_dropped() -> None:
    grid, repairs = arrange([cells("a"), [], cells("b")])
    assert grid.rows == 2
    assert len(repairs) == 1


def test_nothing_makes_an_empty_grid() -> None:
    assert arrange([]) == (Grid(), [])
    assert to_html(Grid()) == "<table></table>"


def test_a_hostile_span_is_cut() -> None:
    grid, repairs = arrange([[Cell(0, 0, colspan=10**9, rowspan=10**9)] * 400] * 2)
    assert grid.rows * grid.cols <= MAX_PLACES + 2000
    assert repairs


def test_a_grid_with_a_hole_is_refused() -> None:
    with pytest.raises(ValueError, match="tile"):
        Grid(1, 2, (Cell(0, 0),))
    with pytest.raises(ValueError, match="tile"):
        Grid(1, 1, (Cell(0, 0), Cell(0, 0)))


@given(
    st.lists(
        st.lists(
            st.builds(Cell, st.just(0), st.just(0), st.integers(1, 5), st.integers(1, 5)),
            max_size=6,
        ),
        max_size=6,
    )
)
def test_any_rows_become_a_full_rectangle(rows: list[list[Cell]]) -> None:
    grid, _ = arrange(rows)
    covered = sorted(place for cell in grid.cells for place in places(cell))
    assert covered == [(r, c) for r in range(grid.rows) for c in range(grid.cols)]
    assert arrange(grid.by_row()) == (grid, [])


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20))
def test_text_survives_the_way_to_html_and_back(text: str) -> None:
    grid, _ = arrange([[Cell(0, 0, text=text)]])
    assert html.fromstring(to_html(grid)).findtext(".//td") == text


@pytest.mark.parametrize("text", ["a<b c", "R&D", "<script>alert(1)</script>", "&lt;", '"'])
def test_markup_in_a_cell_stays_text(text: str) -> None:
    grid, _ = arrange([cells(text)])
    tree = html.fromstring(to_html(grid))
    assert tree.findtext(".//td") == text
    assert not tree.findall(".//script")


def test_header_rows_stand_in_thead_and_can_be_bold() -> None:
    head = [replace(cell, header=True) for cell in cells("a", "")]
    grid, _ = arrange([head, cells("c", "d")])
    assert grid.header_rows == 1
    assert to_html(grid, bold_header=True) == (
        "<table><thead><tr><td><b>a</b></td><td></td></tr></thead>"
        "<tbody><tr><td>c</td><td>d</td></tr></tbody></table>"
    )


def test_spans_are_written_once_and_only_above_one() -> None:
    grid, _ = arrange([[Cell(0, 0, 2, 3, "a"), Cell(0, 0)], cells("b")])
    assert to_html(grid).startswith('<table><tbody><tr><td rowspan="2" colspan="3">a</td><td></td>')
