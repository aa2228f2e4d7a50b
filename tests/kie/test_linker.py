"""Values find their keys by where they stand."""

from __future__ import annotations

from kie.linker import link, link_costs

KEY = (100, 100, 200, 120)


def test_the_value_to_the_right_beats_the_one_below() -> None:
    (costs,) = link_costs([KEY], [(220, 100, 300, 120)], aspect=0.7)
    (below,) = link_costs([KEY], [(100, 130, 180, 150)], aspect=0.7)
    assert costs[0] < below[0]


def test_a_value_takes_the_key_of_its_own_row() -> None:
    keys = [(100, 100, 200, 120), (100, 130, 200, 150)]
    assert link(keys, [(220, 131, 300, 150), (220, 101, 300, 119)], aspect=0.7) == [1, 0]


def test_a_value_below_takes_the_key_it_is_aligned_with() -> None:
    keys = [(100, 100, 200, 120), (300, 100, 400, 120)]
    assert link(keys, [(300, 125, 380, 140), (100, 125, 180, 140)], aspect=0.7) == [1, 0]


def test_far_values_and_pages_without_keys_are_not_linked() -> None:
    assert link([KEY], [(100, 900, 200, 920)], aspect=0.7) == [None]
    assert link([], [KEY], aspect=0.7) == [None]
    assert link([KEY], [], aspect=0.7) == []


def test_in_text_from_right_to_left_the_value_stands_on_the_left() -> None:
    keys = [(800, 100, 900, 120), (500, 100, 600, 120)]
    value = [(620, 100, 780, 120)]
    assert link(keys, value, aspect=0.7, rtl=True) == [0]
    assert link(keys, value, aspect=0.7) == [1]
