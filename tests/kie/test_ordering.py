"""The order of lines: the published loop with its faults, and what replaces it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie.ordering import order_tbyx, rows_of

EXAMPLE = {
    "No.": (400, 100),
    "INVOICE": (40, 108),
    "2024-17": (470, 95),
    "Date": (400, 131),
    "03.05.2024": (470, 126),
    "ACME Ltd": (40, 134),
    "Due": (400, 158),
}


def ordered(points: list[tuple[float, float]], mode: str) -> list[int]:
    boxes = [(x, y, x + 60, y + 20) for x, y in points]
    return order_tbyx(boxes, mode=mode)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("published", "2024-17, INVOICE, No., ACME Ltd, Date, 03.05.2024, Due"),
        ("fixed", "INVOICE, No., 2024-17, ACME Ltd, Date, 03.05.2024, Due"),
    ],
)
def test_the_published_loop_never_moves_the_first_line(mode: str, expected: str) -> None:
    names = list(EXAMPLE)
    assert ", ".join(names[i] for i in ordered(list(EXAMPLE.values()), mode)) == expected


def test_rows_put_every_line_of_the_example_into_its_row() -> None:
    names = list(EXAMPLE)
    boxes = [(x, y, x + 60, y + 24) for x, y in EXAMPLE.values()]
    assert [[names[i] for i in row] for row in rows_of(boxes)] == [
        ["INVOICE", "No.", "2024-17"],
        ["ACME Ltd", "Date", "03.05.2024"],
        ["Due"],
    ]


def test_nearly_the_same_height_is_not_transitive_in_the_older_modes() -> None:
    points = [(300, 100), (200, 112), (100, 124), (10, 136)]
    assert ["abcd"[i] for i in ordered(points, "fixed")] == ["b", "a", "d", "c"]


corners = st.tuples(*[st.integers(0, 900)] * 2, *[st.integers(1, 90)] * 2).map(
    lambda t: (t[0], t[1], t[0] + t[2], t[1] + t[3])
)


@given(st.lists(corners, max_size=40, unique=True), st.integers(0, 9))
def test_rows_do_not_depend_on_the_order_of_the_input(
    boxes: list[tuple[float, float, float, float]], seed: int
) -> None:
    shuffled = boxes.copy()
    random.Random(seed).shuffle(shuffled)
    straight = [boxes[i] for i in order_tbyx(boxes)]
    assert [shuffled[i] for i in order_tbyx(shuffled)] == straight


@given(st.lists(corners, max_size=40), st.sampled_from([2, 3, 0.5]))
def test_rows_do_not_depend_on_the_resolution(
    boxes: list[tuple[float, float, float, float]], factor: float
) -> None:
    larger = [tuple(v * factor for v in box) for box in boxes]
    assert order_tbyx(larger) == order_tbyx(boxes)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["published", "fixed", "rows"])
def test_no_lines_and_one_line_are_legal(mode: str) -> None:
    assert ordered([], mode) == []
    assert ordered([(5, 5)], mode) == [0]
