from __future__ import annotations

import numpy as np
import pytest

from kie.relations import (
    ANSWER,
    GEOMETRY,
    HEADER,
    NEAREST_KEYS,
    QUESTION,
    candidate_pairs,
    choose,
    pair_costs,
    pair_geometry,
)
from kie.types import IntBox


def row(count: int) -> list[IntBox]:
    return [(30 * i, 100, 30 * i + 20, 110) for i in range(count)]


def test_a_page_without_entities_or_with_one_has_no_pairs() -> None:
    for kinds in ([], [ANSWER], [QUESTION], [HEADER]):
        heads, tails = candidate_pairs(row(len(kinds)), kinds, 0.7)
        assert len(heads) == len(tails) == 0
        assert pair_geometry(row(len(kinds)), heads, tails, 0.7).shape == (0, GEOMETRY)
        assert len(pair_costs(row(len(kinds)), heads, tails, 0.7)) == 0


def test_one_key_and_one_value_make_a_pair() -> None:
    heads, tails = candidate_pairs(row(2), [QUESTION, ANSWER], 0.7)
    assert (heads.tolist(), tails.tolist()) == ([0], [1])


def test_a_value_is_paired_with_the_nearest_keys_only() -> None:
    count = NEAREST_KEYS + 5
    kinds = [QUESTION] * count + [ANSWER]
    heads, tails = candidate_pairs(row(count + 1), kinds, 0.7)
    assert set(tails.tolist()) == {count}
    assert sorted(heads.tolist()) == list(range(5, count))


def test_values_are_paired_with_each_other_and_never_with_themselves() -> None:
    heads, tails = candidate_pairs(row(3), [ANSWER] * 3, 0.7)
    assert {*zip(heads.tolist(), tails.tolist(), strict=True)} == {
        (a, b) for a in range(3) for b in range(3) if a != b
    }


def test_geometry_tells_left_from_right_and_rows_from_columns() -> None:
    boxes = [(100, 100, 150, 110), (160, 100, 200, 110), (100, 300, 150, 310)]
    right = pair_geometry(boxes, np.array([0]), np.array([1]), 1.0)[0]
    left = pair_geometry(boxes, np.array([1]), np.array([0]), 1.0)[0]
    below = pair_geometry(boxes, np.array([0]), np.array([2]), 1.0)[0]
    assert right.sum() == left.sum() == 3  # a bucket on each axis, and the same row
    assert not np.array_equal(right, left)
    assert below[-4:].tolist() == [0, 1, 1, 1]
    assert right[-4:].tolist() == [1, 0, 0, 0]


def test_each_value_takes_its_best_key_and_not_the_first_that_claims_it() -> None:
    heads, tails = np.array([0, 1]), np.array([2, 2])
    probabilities = np.array([[0.4, 0.6, 0], [0.1, 0.9, 0]], np.float32)
    kinds = [QUESTION, QUESTION, ANSWER]
    (found,) = choose(heads, tails, probabilities, kinds, np.zeros(2, np.float32))
    assert (found.head, found.tail, found.type) == (1, 2, "key_value")
    assert found.score == pytest.approx(0.9)


def test_equally_good_keys_are_told_apart_by_distance() -> None:
    probabilities = np.array([[0, 1, 0], [0, 1, 0]], np.float32)
    (found,) = choose(
        np.array([0, 1]),
        np.array([2, 2]),
        probabilities,
        [QUESTION, QUESTION, ANSWER],
        np.array([0.5, 3.0], np.float32),
    )
    assert found.head == 0


def test_what_is_improbable_is_left_out_and_cells_have_no_keys_among_cells() -> None:
    probabilities = np.array([[0.5, 0.5, 0], [0, 0.9, 0.1]], np.float32)
    kinds = [QUESTION, ANSWER, ANSWER]
    heads, tails = np.array([0, 1]), np.array([1, 2])
    assert choose(heads, tails, probabilities, kinds, np.zeros(2, np.float32)) == []
    same_row = np.array([[1, 0, 0], [0, 0.2, 0.8]], np.float32)
    (found,) = choose(heads, tails, same_row, kinds, np.zeros(2, np.float32))
    assert found.type == "same_row"
