from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.ocr.engine import MAX_WIDTH, Reading, _batches
from structure.ocr.lines import Ink, em_size, find_ink, split_words


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


def test_the_ink_of_neighbouring_lines_is_left_out() -> None:
    line = np.full((40, 100, 3), 255, np.uint8)
    line[:4, 20:80] = 0  # feet of the line above
    line[14:30, 5:95:3] = 0
    found = find_ink(line)
    assert (found.top, found.bottom) == (14, 30)


def test_white_ink_on_black_is_ink() -> None:
    line = np.zeros((30, 60, 3), np.uint8)
    line[10:20, 20:40] = 255
    found = find_ink(line)
    assert (found.top, found.bottom) == (10, 20)
    assert np.flatnonzero(found.columns).tolist() == list(range(20, 40))


def test_a_blank_line_picture_has_ink_nowhere_in_particular() -> None:
    found = find_ink(np.full((10, 20, 3), 255, np.uint8))
    assert 0 <= found.top < found.bottom <= 10


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


def test_bold_strokes_are_wider_than_regular_ones() -> None:
    def bars(stroke: int) -> float:
        line = np.full((40, 200, 3), 255, np.uint8)
        for x in range(10, 190, 15):
            line[8:32, x : x + stroke] = 0
        return find_ink(line).stroke

    assert bars(3) == pytest.approx(3, rel=0.15)
    assert bars(5) == pytest.approx(5, rel=0.2)


def test_the_feet_of_a_touching_line_above_do_not_count() -> None:
    line = np.full((60, 200, 3), 255, np.uint8)
    line[25:40, 10:190:4] = 0  # small letters
    line[17:25, 10:190:40] = 0  # ascenders
    line[0:17, 20:190:60] = 0  # what hangs down from above and touches
    found = find_ink(line)
    assert 12 <= found.top <= 17
    assert found.body == 15


@pytest.mark.parametrize(
    ("text", "em"), [("small letters", 20 / 0.48), ("CAPITALS 42", 20 / 0.69), ("中文", 20 / 0.9)]
)
def test_the_em_size_follows_from_the_kind_of_letters(text: str, em: float) -> None:
    ink = Ink(0, 30, np.ones(10, np.bool_), 2.0, 20.0)
    assert em_size(text, ink) == pytest.approx(em)
    assert em_size("...", ink) is None


def test_the_rules_of_a_table_are_no_ink_of_a_number() -> None:
    picture = np.full((40, 60, 3), 255, np.uint8)
    picture[12:28, 20:40] = 0
    picture[12:28, 24:36] = 255
    picture[34:37] = 0
    picture[:, 55:58] = 0
    ink = find_ink(picture)
    assert (ink.top, ink.bottom) == (12, 28)
    assert list(np.flatnonzero(ink.columns)[[0, -1]]) == [20, 39]
