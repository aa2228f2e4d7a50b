"""Displayed formulas: put together from fragments, with their number, and never running text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from layout.formulas import find_formulas, is_number, wordiness
from layout.geometry import PageGeometry, measure
from structure.core.analysis import Label, Region, TextLine
from structure.core.geometry import Box

Row = tuple[str, float, float, float, float]

PROSE = "where the outward normal of the body is denoted by a letter as before and"
COLUMN: tuple[Row, ...] = tuple((PROSE, 100, y, 900, y + 20) for y in (100, 130, 160, 400, 430))


def page(*rows: Row) -> PageGeometry:
    lines = [TextLine(text, Box(x0, y0, x1, y1)) for text, x0, y0, x1, y1 in (*COLUMN, *rows)]
    return measure(lines, np.full((600, 1000, 3), 255, np.uint8))


def boxes(rows: Sequence[Row], seen: Sequence[Region] = ()) -> list[tuple[float, ...]]:
    return [f.box.as_tuple() for f in find_formulas(page(*rows), seen)]


def test_the_fragments_of_a_centred_formula_are_one_region() -> None:
    rows = [
        ("u(x+) + u(x*) =", 380, 270, 560, 295),
        ("∂u", 575, 255, 600, 275),
        ("∂v", 575, 285, 600, 305),
        ("(x+),", 605, 270, 640, 295),
    ]
    assert boxes(rows) == [(380, 255, 640, 305)]


def test_the_number_at_the_edge_belongs_to_its_formula_and_not_to_its_box() -> None:
    rows = [("a = b + c", 300, 270, 450, 295), ("(2.10)", 840, 272, 900, 294)]
    (found,) = find_formulas(page(*rows), ())
    assert found.box.as_tuple() == (300, 270, 450, 295)
    assert found.number == len(COLUMN) + 1


def test_two_formulas_with_a_number_each_are_two() -> None:
    rows = [
        ("a = b + c", 300, 250, 450, 270),
        ("(1)", 860, 250, 900, 270),
        ("d = e + f", 300, 280, 450, 300),
        ("(2)", 860, 280, 900, 300),
    ]
    found = find_formulas(page(*rows), ())
    assert [f.number for f in found] == [len(COLUMN) + 1, len(COLUMN) + 3]


@pytest.mark.parametrize(
    "row",
    [
        ("a = b + c", 100, 270, 250, 295),  # at the left edge, and no number
        ("x y z", 450, 270, 550, 295),  # nothing is said of them
        ("The sum of both sides = nought", 350, 270, 650, 295),
    ],
)
def test_what_is_neither_centred_nor_mathematics_is_left_alone(row: Row) -> None:
    assert boxes([row]) == []


def test_a_fragment_in_the_row_of_words_is_a_part_of_their_line() -> None:
    rows = [("a = b + c", 430, 270, 560, 295), ("holds for every one of them", 575, 270, 900, 295)]
    assert boxes(rows) == []


def test_a_formula_of_the_detector_over_running_text_is_none() -> None:
    over_text = Region(Box(100, 95, 900, 185), Label.EQUATION, 0.9)
    assert boxes([], [over_text]) == []
    right = Region(Box(350, 260, 650, 300), Label.EQUATION, 0.9)
    assert boxes([("f g h", 360, 270, 640, 295)], [right]) == [(350, 260, 650, 300)]


@pytest.mark.parametrize("text", ["(8)", "(2.10a)", "(A.3)", "[12]", " (1.20) "])
def test_numbers_of_formulas_are_known(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["8", "(see 8)", "f(8)", "(x)", ""])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not is_number(text)


def test_words_are_told_from_letters_of_a_formula() -> None:
    assert wordiness("Here we have shown") > 0.7
    assert wordiness("Z = ∫DAµDc lim exp(iS)") == 0
    assert wordiness("") == 0
