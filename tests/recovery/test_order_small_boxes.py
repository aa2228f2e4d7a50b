"""Small boxes beside formulas and at margins are no columns of their own."""

from __future__ import annotations

from recovery.restore.order import reading_order
from structure.core.geometry import Box

LINE = 10.0


def read(*boxes: Box) -> list[int]:
    return reading_order(boxes, LINE)


def test_the_number_of_a_formula_follows_upon_it() -> None:
    assert read(
        Box(50, 0, 550, 60),
        Box(200, 70, 400, 90),  # formula
        Box(530, 75, 550, 85),  # its number
        Box(200, 100, 400, 120),
        Box(530, 105, 550, 115),
        Box(50, 130, 550, 190),
    ) == [0, 1, 2, 3, 4, 5]


def test_numbers_in_one_stack_follow_upon_their_formulas() -> None:
    assert read(
        Box(50, 0, 550, 60),
        Box(200, 70, 400, 84),
        Box(530, 72, 550, 82),
        Box(200, 100, 400, 150),
        Box(530, 102, 550, 148),
        Box(50, 160, 550, 200),
    ) == [0, 1, 2, 3, 4, 5]


def test_a_short_line_between_formulas_stays_between_them() -> None:
    assert read(
        Box(50, 0, 70, 10),  # "were"
        Box(200, 20, 400, 40),
        Box(50, 50, 70, 60),  # "and"
        Box(200, 70, 400, 90),
        Box(50, 100, 550, 160),
    ) == [0, 1, 2, 3, 4]


def test_a_line_that_ends_before_the_formula_above_it_begins_comes_after_it() -> None:
    assert read(
        Box(50, 0, 550, 60),
        Box(260, 70, 400, 90),
        Box(50, 100, 240, 110),
        Box(220, 120, 420, 150),
        Box(50, 160, 550, 200),
    ) == [0, 1, 2, 3, 4]


def test_a_short_heading_stays_in_its_column() -> None:
    left = [Box(50, 0, 290, 200), Box(50, 210, 95, 220), Box(50, 230, 290, 500)]
    right = [Box(310, 0, 550, 150), Box(310, 160, 355, 170), Box(310, 180, 550, 500)]
    assert read(*left, *right) == [0, 1, 2, 3, 4, 5]


def test_a_column_may_go_on_below_the_end_of_the_next() -> None:
    left = [Box(50, 0, 290, 100), Box(50, 110, 290, 300)]
    assert read(*left, Box(310, 0, 550, 90)) == [0, 1, 2]


def test_the_number_of_a_formula_in_a_column_stays_there() -> None:
    left = [Box(50, 0, 290, 100), Box(100, 110, 220, 120), Box(275, 110, 290, 120)]
    left += [Box(50, 130, 290, 300)]
    assert read(*left, Box(310, 0, 550, 300)) == [0, 1, 2, 3, 4]


def test_dates_at_the_margin_stand_before_what_was_done_then() -> None:
    assert read(
        Box(50, 0, 90, 10),
        Box(120, 0, 550, 30),
        Box(50, 50, 90, 60),
        Box(120, 50, 550, 90),
    ) == [0, 1, 2, 3]


def test_the_heads_of_a_tables_columns_are_one_row_between_what_is_above_and_below() -> None:
    """As on a bill whose sender, title and facts each stand above some of the heads."""
    left = [Box(19, 33, 123, 124), Box(18, 123, 94, 131), Box(20, 143, 74, 151)]
    left += [Box(120, 48, 225, 121), Box(93, 166, 214, 207), Box(19, 243, 211, 313)]
    right = [Box(295, 23, 357, 35), Box(312, 39, 588, 280)]
    heads = [Box(19, 342, 78, 348), Box(90, 342, 122, 348), Box(138, 342, 177, 350)]
    heads += [Box(230, 343, 283, 349), Box(304, 344, 337, 349), Box(376, 343, 399, 351)]
    heads += [Box(411, 331, 434, 349), Box(464, 343, 480, 349), Box(499, 343, 517, 351)]
    assert reading_order([*left, *right, *heads], 7.9) == [*range(17)]
