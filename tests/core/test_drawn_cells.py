"""Rules to cells: forms closed and open at their sides, spans, lines to write on, double rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.drawn import DrawnGrid, drawn_grid, with_fills
from structure.core.rules import Rule, Rules

EM = 20.0


def rules(
    horizontal: list[tuple[float, float, float]], vertical: list[tuple[float, float, float]]
) -> Rules:
    """Rules from (at, start, end)."""
    return Rules(
        tuple(Rule(float(at), float(a), float(b)) for at, a, b in horizontal),
        tuple(Rule(float(at), float(a), float(b)) for at, a, b in vertical),
    )


def found(given: Rules) -> DrawnGrid:
    grid = drawn_grid(given, em=EM)
    assert grid is not None
    return grid


def shape(grid: DrawnGrid) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.col, c.rowspan, c.colspan) for c in grid.grid.cells]


FRAME = [(0, 0, 600), (200, 0, 600)], [(0, 0, 200), (600, 0, 200)]


def test_a_closed_lattice_gives_its_cells() -> None:
    grid = found(
        rules(
            [(0, 0, 600), (100, 0, 600), (200, 0, 600)],
            [(0, 0, 200), (300, 0, 200), (600, 0, 200)],
        )
    )
    assert shape(grid) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]
    assert (grid.xs, grid.ys) == ((0, 300, 600), (0, 100, 200))
    assert {c.borders for c in grid.grid.cells} == {"trbl"}
    assert grid.closed_share == 1


def test_a_rule_that_ends_at_another_makes_spans() -> None:
    horizontal, vertical = FRAME
    grid = found(rules([*horizontal, (100, 0, 300)], [*vertical, (300, 0, 200)]))
    assert shape(grid) == [(0, 0, 1, 1), (0, 1, 2, 1), (1, 0, 1, 1)]


def test_open_sides_close_cells_without_a_border() -> None:
    grid = found(rules([(0, 0, 600), (100, 3, 598), (200, 0, 600)], [(400, 0, 100)]))
    assert shape(grid) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)]
    assert [c.borders for c in grid.grid.cells] == ["trb", "tbl", "tb"]
    assert grid.closed_share == 1


def test_lines_to_write_on_are_no_edges() -> None:
    horizontal, vertical = FRAME
    lines = [(y, 120, 290) for y in (60, 90, 120, 150)]
    grid = found(rules([*horizontal, *lines], [*vertical, (300, 0, 200)]))
    assert shape(grid) == [(0, 0, 1, 1), (0, 1, 1, 1)]


def test_double_rules_are_one_edge() -> None:
    horizontal, vertical = FRAME
    double = [(100, 0, 600), (106, 0, 600)]
    assert len(found(rules([*horizontal, *double], vertical)).ys) == 3


def test_text_over_a_rule_does_not_open_its_cell() -> None:
    horizontal, vertical = FRAME
    grid = found(rules([*horizontal, (100, 0, 200), (100, 290, 600)], [*vertical]))
    assert shape(grid) == [(0, 0, 1, 1), (1, 0, 1, 1)]


def test_an_outer_rule_that_is_partly_overwritten_still_closes() -> None:
    grid = found(rules([(0, 0, 600), (100, 0, 600), (200, 130, 600)], [(300, 0, 200)]))
    assert shape(grid) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]
    assert grid.closed_share == 1


@pytest.mark.parametrize(
    "given",
    [
        rules(*FRAME),  # one box around a text
        rules([(500, 100, 600)], [(100, 0, 500)]),  # the axes of a chart
        rules([(0, 0, 600), (200, 0, 600)], []),
        Rules(),
    ],
    ids=["frame", "axes", "no upright rule", "nothing"],
)
def test_what_encloses_less_than_two_cells_is_no_grid(given: Rules) -> None:
    assert drawn_grid(given, em=EM) is None


def test_an_area_that_is_no_rectangle_is_tiled_without_rules_inside() -> None:
    horizontal, vertical = FRAME
    # A cell in the corner; what is left has the shape of an L.
    grid = found(rules([*horizontal, (100, 300, 600)], [*vertical, (300, 0, 100)]))
    assert shape(grid) == [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]
    assert grid.grid.cells[2].borders == "trb"
    assert grid.closed == (True, True, True)


def test_shifting_moves_cells_and_edges() -> None:
    grid = found(rules([*FRAME[0], (100, 0, 600)], FRAME[1])).shifted(10, 20)
    assert grid.box.as_tuple() == (10, 20, 610, 220)
    first = grid.grid.cells[0].box
    assert first is not None
    assert first.as_tuple() == (10, 20, 610, 120)


def test_the_colour_of_a_shaded_cell_is_kept_through_its_text() -> None:
    grid = found(rules([*FRAME[0], (100, 0, 600)], FRAME[1]))
    pixels = np.full((400, 700, 3), 250, np.uint8)
    pixels[0:100, 0:600] = (200, 210, 220)
    pixels[40:60, 100:300] = 0
    assert [c.fill for c in with_fills(grid, pixels).grid.cells] == ["C8D2DC", None]
    first = grid.grid.cells[0].box
    assert first is not None
    assert [c.fill for c in with_fills(grid, pixels, [first]).grid.cells] == [None, None]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), max_size=9),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), max_size=9),
)
def test_any_rules_give_a_full_rectangle_or_nothing(
    horizontal: list[tuple[int, int, int]], vertical: list[tuple[int, int, int]]
) -> None:
    def some(parts: list[tuple[int, int, int]]) -> list[tuple[float, float, float]]:
        return [(30.0 * at, 30.0 * min(a, b), 30.0 * max(a, b) + 40) for at, a, b in parts]

    grid = drawn_grid(rules(some(horizontal), some(vertical)), em=EM)
    if grid is not None:  # `Grid` itself refuses cells that do not tile it
        assert len(grid.xs) == grid.grid.cols + 1
        assert len(grid.ys) == grid.grid.rows + 1
        assert sum(grid.closed) >= 2
