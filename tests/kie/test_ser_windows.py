from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie.windows import merge_windows, split_windows, triangle


@given(st.lists(st.integers(1, 40), max_size=40), st.integers(4, 50))
def test_windows_hold_every_word_and_are_never_too_long(lines: list[int], limit: int) -> None:
    owners = [number for number, length in enumerate(lines) for _ in range(length)]
    windows = split_windows(owners, limit)
    held = {i for start, end in windows for i in range(start, end)}
    assert held == set(range(len(owners)))
    assert all(0 < end - start <= limit for start, end in windows)
    assert all(a < b and c < d for (a, c), (b, d) in pairwise(windows))


def test_windows_end_with_a_line_and_overlap() -> None:
    owners = [i // 10 for i in range(100)]
    windows = split_windows(owners, 32)
    assert windows[0] == (0, 30)
    assert all(start % 10 == 0 and end % 10 == 0 for start, end in windows)
    assert all(b[0] < a[1] for a, b in pairwise(windows))


def test_a_line_longer_than_a_window_is_cut() -> None:
    windows = split_windows([0] * 100, 16)
    assert windows[0] == (0, 16)
    assert windows[-1][1] == 100


def test_a_short_page_is_one_window_and_an_empty_one_none() -> None:
    assert split_windows([0, 0, 1], 16) == [(0, 3)]
    assert split_windows([], 16) == []


def test_the_middle_of_a_window_counts_most() -> None:
    assert triangle(5).tolist() == pytest.approx([1 / 3, 2 / 3, 1, 2 / 3, 1 / 3])
    assert triangle(1).tolist() == [1]
    first, second = np.zeros((4, 1), np.float32), np.ones((4, 1), np.float32)
    merged = merge_windows([(0, 4), (2, 6)], [first, second], 6)[:, 0]
    assert merged.tolist() == pytest.approx([0, 0, 1 / 3, 2 / 3, 1, 1])
