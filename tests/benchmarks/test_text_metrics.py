from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy.text_metrics import (
    Errors,
    Glyph,
    ReadLine,
    bag_f1,
    character_errors,
    errors_in_order,
    normalize,
    placed_character_errors,
    words,
)
from structure.core.geometry import Box

some_words = st.lists(st.sampled_from(["the", "old", "man", "and", "sea"]), max_size=12)


def glyphs(text: str, x: float, y: float) -> list[Glyph]:
    return [Glyph(char, x + 10 * n, y) for n, char in enumerate(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u201cfi\u201d", '"\ufb01"'),
        ("impor-\ntant", "important"),
        ("twenty\u2014five", "twenty-five"),
        ("l\u2019\u00e9t\u00e9", "l'e\u0301te\u0301"),
    ],
)
def test_ways_to_set_the_same_text_are_equal(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


def test_a_minus_before_a_number_stays() -> None:
    assert words("loss -12") == ["loss", "-12"]


def test_chinese_characters_are_words_of_their_own() -> None:
    assert words("PDF\u6587\u4ef6 ok") == ["PDF", "\u6587", "\u4ef6", "ok"]


def test_the_bag_knows_no_order_but_counts() -> None:
    assert bag_f1(["a", "b", "b"], ["b", "a", "b"]) == 1
    assert bag_f1(["a", "b", "b"], ["a", "b"]) == pytest.approx(0.8)
    assert bag_f1(["a"], []) == 0


def test_a_swapped_half_costs_words_in_order() -> None:
    assert errors_in_order(["a", "b", "c", "d"], ["c", "d", "a", "b"]).rate == 1


def test_a_page_header_may_stand_anywhere() -> None:
    truth = ["Chapter", "One", "it", "was", "late"]
    assert errors_in_order(truth, ["it", "was", "late"], ["One", "Chapter"]) == Errors(0, 5)


def test_a_header_that_is_not_in_the_truth_is_an_insertion() -> None:
    assert errors_in_order(["it", "was"], ["it", "was"], ["Chapter"]) == Errors(1, 2)


def test_a_header_does_not_hide_a_wrong_word() -> None:
    assert errors_in_order(["it", "was"], ["it", "wos"], ["was"]) == Errors(2, 2)


@given(some_words, some_words, some_words)
def test_errors_in_order_stay_within_their_bounds(
    truth: list[str], found: list[str], loose: list[str]
) -> None:
    errors = errors_in_order(truth, found, loose)
    assert 0 <= errors.edits <= max(len(truth), len(found)) + len(loose)
    assert errors_in_order(truth, truth).edits == 0


def test_white_space_costs_no_characters() -> None:
    assert character_errors("a b\nc", "abc") == Errors(0, 3)
    assert character_errors("abcd", "abd").rate == 0.25


def test_errors_of_pages_add_up() -> None:
    assert Errors(1, 10) + Errors(2, 20) == Errors(3, 30)
    assert Errors(0, 0).rate == 0


def test_characters_meet_the_line_that_holds_them() -> None:
    truth = glyphs("left", 5, 10) + glyphs("right", 105, 10)
    lines = [ReadLine("right", Box(100, 0, 150, 20)), ReadLine("lift", Box(0, 0, 40, 20))]
    assert placed_character_errors(truth, lines) == Errors(1, 9)


def test_of_two_lines_the_nearer_one_takes_a_character() -> None:
    lines = [ReadLine("up", Box(0, 0, 30, 20)), ReadLine("dn", Box(0, 14, 30, 34))]
    truth = glyphs("up", 5, 11) + glyphs("dn", 5, 23)
    assert placed_character_errors(truth, lines).edits == 0


def test_characters_in_no_line_are_errors() -> None:
    assert placed_character_errors(glyphs("lost", 0, 500), []) == Errors(4, 4)


def test_a_line_without_truth_counts_nothing() -> None:
    assert placed_character_errors([], [ReadLine("logo", Box(0, 0, 9, 9))]) == Errors(0, 0)


def test_a_line_that_runs_upwards_is_read_upwards() -> None:
    truth = [Glyph(char, 10, 100 - 10 * n) for n, char in enumerate("side")]
    line = ReadLine("side", Box(0, 60, 20, 110), along=(0.0, -1.0))
    assert placed_character_errors(truth, [line]).edits == 0
