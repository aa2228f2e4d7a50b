from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.metrics import text_width
from recovery.writers.fitting import (
    SQUEEZES,
    Part,
    Squeeze,
    count_lines,
    settle,
    tracking_for,
    widest_word,
)

TEXT = "the lines of a paragraph are counted from the widths of its words " * 4


def test_a_text_takes_as_many_lines_as_its_width_needs() -> None:
    width = text_width("aaaa aaaa", "serif") * 10 + 0.1
    assert count_lines("aaaa aaaa aaaa aaaa", "serif", 10, (width, width)) == 2
    assert count_lines("aaaa aaaa aaaa aaaa", "serif", 11, (width, width)) == 4
    assert count_lines("aaaa aaaa\naaaa", "serif", 10, (width, width)) == 2
    assert count_lines("aaaa aaaa aaaa", "serif", 10, (width / 2, width)) == 2


def test_chinese_text_ends_its_lines_anywhere() -> None:
    assert count_lines("\u6587" * 25, "serif", 10, (100.0, 100.0)) == 3


def test_a_word_that_no_line_holds_is_torn() -> None:
    assert count_lines("m" * 30, "mono", 10, (100.0, 100.0)) == 2


@given(st.floats(4, 40), st.floats(20, 500), st.floats(-0.5, 0))
def test_smaller_or_closer_text_never_takes_more_lines(
    size: float, width: float, tracking: float
) -> None:
    widths = (width, width)
    lines = count_lines(TEXT, "serif", size, widths)
    assert count_lines(TEXT, "serif", size, widths, tracking=tracking) <= lines
    assert count_lines(TEXT, "serif", size / 2, widths) <= lines
    assert count_lines(TEXT, "serif", size, widths, bold=True) >= lines


def test_letters_move_closer_until_the_lines_are_those_of_the_page() -> None:
    width = text_width("one two three", "serif") * 10 - 0.5
    assert tracking_for("one two three", 1, "serif", 10, (width, width)) == -0.1
    assert tracking_for("one two three", 2, "serif", 10, (width, width)) == 0.0
    assert tracking_for("one two three", 1, "serif", 10, (width / 2, width / 2)) == 0.0


def test_the_usual_distance_of_letters_is_kept_where_it_serves() -> None:
    width = text_width("one two three", "serif") * 10 + 5
    assert tracking_for("one two three", 1, "serif", 10, (width, width), first=-0.2) == -0.2


def test_the_widest_word_decides_how_narrow_a_column_may_be() -> None:
    assert widest_word("a mmmm\nb", "mono") == pytest.approx(2.4)
    assert widest_word("", "mono") == 0.0


def parts(*rows: tuple[float, float, float]) -> list[Part]:
    return [Part(top, bottom, height) for top, bottom, height in rows]


def test_blocks_stand_where_they_stood() -> None:
    column = parts((100, 120, 20), (150, 170, 20))
    assert settle(column, 80, Squeeze(), step=1) == ([20, 30], 170)


def test_what_runs_longer_is_taken_from_the_distances_below() -> None:
    column = parts((100, 120, 40), (150, 170, 20), (180, 190, 10))
    assert settle(column, 100, Squeeze(gap=0.5), step=1) == ([None, 15, 5], 190)


def test_what_runs_shorter_leaves_room_only_on_pages_that_have_it() -> None:
    column = parts((100, 160, 20), (170, 180, 10))
    assert settle(column, 100, Squeeze(), step=1) == ([None, 50], 180)
    assert settle(column, 100, Squeeze(held=False), step=1) == ([None, 10], 140)


def test_what_stood_beside_the_block_above_moves_closer_where_a_page_is_tight() -> None:
    column = [Part(100, 120, 20), Part(105, 115, 10, before=10.0)]
    assert settle(column, 100, Squeeze(), step=1) == ([None, None], 140)
    assert settle(column, 100, Squeeze(held=False), step=1) == ([None, 2], 132)


def test_small_differences_are_left_to_the_style() -> None:
    column = [Part(100, 120, 20), Part(126, 140, 14, before=5.0)]
    assert settle(column, 100, Squeeze(), step=3) == ([None, None], 139)


def test_the_rest_of_a_block_has_no_distance_of_its_own() -> None:
    column = [Part(100, 120, 20, before=9.0, begins=False)]
    assert settle(column, 80, Squeeze(), step=1) == ([None], 100)


@given(
    st.lists(st.tuples(st.floats(0, 700), st.floats(1, 90), st.floats(1, 90)), max_size=12),
)
def test_each_squeeze_makes_a_column_no_longer(rows: list[tuple[float, float, float]]) -> None:
    column = [Part(top, top + high, height) for top, high, height in sorted(rows)]
    ends = [settle(column, 0.0, squeeze, step=0.0)[1] for squeeze in SQUEEZES]
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(ends))


@given(st.lists(st.floats(0, 80), min_size=2, max_size=8))
def test_each_squeeze_takes_less_room(gaps: list[float]) -> None:
    parts, y = [], 50.0
    for gap in gaps:
        parts.append(Part(y + gap, y + gap + 20, 24))
        y += gap + 20
    ends = [settle(parts, 50.0, squeeze, step=0.0)[1] for squeeze in SQUEEZES]
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(ends))


def test_a_page_that_stands_too_low_gives_up_some_of_its_widest_distance() -> None:
    parts = [Part(50, 62, 12), Part(400, 412, 12)]
    (_, gap), end = settle(parts, 50, Squeeze(held=False, space=0.9), step=1.0)
    assert gap == pytest.approx(0.9 * 338)
    assert end == pytest.approx(50 + 12 + 0.9 * 338 + 12)
