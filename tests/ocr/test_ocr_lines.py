from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.ocr.engine import MAX_WIDTH, Reading, _batches
from structure.ocr.ink import Ink
from structure.ocr.lines import split_words


def reading(text: str, centers: list[float]) -> Reading:
    return Reading(text, 0.9, tuple(centers), (0.9,) * len(centers))


def ink_with_gaps(width: int, gaps: list[tuple[int, int]], height: int = 20) -> Ink:
    columns = np.ones(width, np.bool_)
    for start, end in gaps:
        columns[start:end] = False
    return Ink(0, height, columns)


def test_a_space_is_added_where_the_ink_has_a_gap() -> None:
    centers = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9]
    text, parts = split_words(reading("catdog", centers), ink_with_gaps(100, [(38, 60)]))
    assert text == "cat dog"
    assert [(part.text, part.x0, part.x1) for part in parts] == [("cat", 0, 38), ("dog", 60, 100)]


def test_a_space_that_was_read_stays() -> None:
    text, parts = split_words(reading("a b", [0.3, 0.7]), ink_with_gaps(100, [(48, 50)]))
    assert text == "a b"
    assert [part.text for part in parts] == ["a", "b"]


def test_the_paper_beside_a_one_is_no_space() -> None:
    text, _ = split_words(reading("201", [0.2, 0.5, 0.8]), ink_with_gaps(60, [(36, 45)]))
    assert text == "201"


def test_chinese_text_gets_no_spaces() -> None:
    text, parts = split_words(reading("中文 字", [0.2, 0.5, 0.8]), ink_with_gaps(60, [(38, 42)]))
    assert text == "中文字"
    assert [part.text for part in parts] == ["中文字"]


def test_a_number_stands_apart_from_chinese_text_only_by_a_wide_gap() -> None:
    centers = [0.1, 0.5, 0.8]
    close = [(38, 43)]  # a quarter of the height, read as a space
    text, _ = split_words(reading("8 \u6708\u65e5", centers), ink_with_gaps(60, [(10, 15), *close]))
    assert text == "8\u6708\u65e5"
    text, _ = split_words(reading("2\u6708\u65e5", centers), ink_with_gaps(60, [(10, 26), *close]))
    assert text == "2 \u6708\u65e5"


def test_an_empty_reading_has_no_words() -> None:
    assert split_words(Reading("", 0.0, (), ()), ink_with_gaps(10, [])) == ("", [])


@given(
    st.text(st.sampled_from("abcI1., 中文"), min_size=1, max_size=30),
    st.lists(st.booleans(), min_size=50, max_size=50),
)
def test_no_character_is_lost_and_words_go_from_left_to_right(text: str, inked: list[bool]) -> None:
    seen = [c for c in text if not c.isspace()]
    centers = [(i + 0.5) / len(seen) for i in range(len(seen))]
    ink = Ink(0, 12, np.array(inked, np.bool_))
    spaced, parts = split_words(reading(text, centers), ink)
    assert [c for c in spaced if not c.isspace()] == seen
    assert "".join(part.text for part in parts) == "".join(seen)
    assert all(a.x1 <= b.x0 + 1e-9 for a, b in pairwise(parts))


@given(st.lists(st.integers(1, MAX_WIDTH), max_size=40))
def test_every_line_is_in_one_batch_that_is_wide_enough(widths: list[int]) -> None:
    batches = _batches(widths)
    assert sorted(i for _, batch in batches for i in batch) == list(range(len(widths)))
    for padded, batch in batches:
        assert all(widths[i] <= padded <= 1.25 * widths[i] + 32 for i in batch)


def test_lines_of_all_widths_come_in_few_shapes() -> None:
    # Each shape of its input costs the runtime memory for good.
    widths = [w for w in range(1, 1600) for _ in range(7)]
    assert len({(padded, len(batch)) for padded, batch in _batches(widths)}) < 50


@pytest.mark.parametrize("text", ["a", "ab", "a b c"])
def test_scores_of_words_are_means_of_their_characters(text: str) -> None:
    seen = [c for c in text if c != " "]
    values = tuple(0.5 + 0.1 * i for i in range(len(seen)))
    centers = tuple((i + 0.5) / len(seen) for i in range(len(seen)))
    ink = ink_with_gaps(30 * len(seen), [])
    _, parts = split_words(Reading(text, 0.9, centers, values), ink)
    total = sum(part.score * len(part.text) for part in parts)
    assert total == pytest.approx(sum(values))
