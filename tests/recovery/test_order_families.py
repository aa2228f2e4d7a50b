"""Pages of many designs, made with a seed, in their true order; the rule must find it again."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.restore.options import RestoreOptions
from recovery.restore.order import form_order, reading_order, row_runs
from structure.core.geometry import Box

LINE = 14.0
LEFT, RIGHT, TOP, BOTTOM = 80.0, 920.0, 80.0, 1320.0
GUTTER = 30.0


class Maker:
    """Draws boxes downwards and remembers them in reading order."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.y, self.boxes = rng, TOP, []

    def add(self, x0: float, x1: float, y0: float, y1: float) -> None:
        self.boxes.append(Box(x0, y0, x1, y1))

    def full(self, lines: int, x0: float = LEFT, x1: float = RIGHT) -> None:
        self.add(x0, x1, self.y, self.y + lines * LINE)
        self.y += lines * LINE + self.rng.uniform(0.8, 1.6) * LINE

    def centred(self, share: float, lines: int = 1) -> None:
        half = share * (RIGHT - LEFT) / 2
        middle = (LEFT + RIGHT) / 2
        self.full(lines, middle - half, middle + half)

    def column(self, x0: float, x1: float, y0: float, y1: float) -> None:
        """Paragraphs from `y0` to about `y1`."""
        y = y0
        while y < y1 - 3 * LINE:
            high = min(self.rng.randint(3, 9) * LINE, y1 - y)
            short = self.rng.choice([1.0, 1.0, 0.7, 0.4]) if high < 4 * LINE else 1.0
            self.add(x0, x0 + short * (x1 - x0), y, y + high)
            y += high + self.rng.uniform(0.4, 1.4) * LINE

    def columns(self, edges: list[tuple[float, float]], height: float, uneven: float = 0.0) -> None:
        lowest = self.y
        for x0, x1 in edges:
            bottom = self.y + height * (1 - self.rng.uniform(0, uneven))
            self.column(x0, x1, self.y, bottom)
            lowest = max(lowest, self.boxes[-1].y1)
        self.y = lowest + self.rng.uniform(1.0, 2.0) * LINE


def equal(count: int, gutter: float = GUTTER) -> list[tuple[float, float]]:
    width = (RIGHT - LEFT - (count - 1) * gutter) / count
    return [
        (LEFT + k * (width + gutter), LEFT + k * (width + gutter) + width) for k in range(count)
    ]


def one_column(m: Maker) -> None:
    m.columns([(LEFT, RIGHT)], 1100)


def two_columns(m: Maker) -> None:
    m.columns(equal(2), 1100, 0.1)


def three_columns(m: Maker) -> None:
    m.columns(equal(3), 1100, 0.1)


def title_over_two(m: Maker) -> None:
    m.centred(0.7, 2)
    m.columns(equal(2), 900, 0.1)


def title_over_three(m: Maker) -> None:
    m.centred(0.8, 2)
    m.columns(equal(3), 900, 0.1)


def figure_between_two(m: Maker) -> None:
    m.columns(equal(2), 400, 0.1)
    m.full(15)
    m.columns(equal(2), 400, 0.1)


def figure_between_three(m: Maker) -> None:
    m.columns(equal(3), 400, 0.1)
    m.full(12)
    m.columns(equal(3), 400, 0.1)


def table_under_two(m: Maker) -> None:
    m.columns(equal(2), 700, 0.1)
    m.full(12)


def table_under_three(m: Maker) -> None:
    m.columns(equal(3), 700, 0.1)
    m.full(12)


def heading_between_two(m: Maker) -> None:
    m.columns(equal(2), 400, 0.1)
    m.centred(m.rng.uniform(0.25, 0.6))
    m.columns(equal(2), 400, 0.1)


def unequal_columns(m: Maker) -> None:
    cut = LEFT + m.rng.uniform(0.3, 0.7) * (RIGHT - LEFT)
    m.columns([(LEFT, cut), (cut + GUTTER, RIGHT)], 1000, 0.4)


def side_bar(m: Maker) -> None:
    m.full(2)
    cut = LEFT + 0.27 * (RIGHT - LEFT)
    m.columns([(LEFT, cut), (cut + GUTTER, RIGHT)], 900, 0.1)


def narrow_gutter(m: Maker) -> None:
    m.columns(equal(2, 14.0), 1100, 0.1)


def overlapping(m: Maker) -> None:
    start = len(m.boxes)
    m.columns(equal(2), 1100, 0.1)
    m.boxes[start:] = [b.padded(0.2 * LINE, 0.2 * LINE) for b in m.boxes[start:]]


def headline_over_two_of_three(m: Maker) -> None:
    first, second, third = equal(3)
    top = m.y
    m.full(3, first[0], second[1])
    m.columns([first, second], 700, 0.05)
    m.column(*third, top, top + 750)


def labels_and_values(m: Maker) -> None:
    for _ in range(m.rng.randint(6, 14)):
        width = m.rng.uniform(60, 200)
        value = LEFT + 320
        m.add(LEFT, LEFT + width, m.y, m.y + LINE)
        m.add(value, value + m.rng.uniform(60, 400), m.y, m.y + LINE)
        m.y += m.rng.uniform(1.6, 2.4) * LINE


def mixed_form(m: Maker) -> None:
    m.centred(0.5, 2)
    m.full(4)
    labels_and_values(m)
    m.y += LINE
    m.full(5)


FAMILIES: list[Callable[[Maker], None]] = [
    one_column,
    two_columns,
    three_columns,
    title_over_two,
    title_over_three,
    figure_between_two,
    figure_between_three,
    table_under_two,
    table_under_three,
    heading_between_two,
    unequal_columns,
    side_bar,
    narrow_gutter,
    overlapping,
    headline_over_two_of_three,
    labels_and_values,
    mixed_form,
]


def page(family: Callable[[Maker], None], seed: int) -> list[Box]:
    maker = Maker(random.Random(f"{family.__name__}{seed}"))
    family(maker)
    return maker.boxes


def skewed(boxes: list[Box], degrees: float, jitter: float, rng: random.Random) -> list[Box]:
    """Boxes of a page that leans: every box keeps its size and moves with its middle."""
    slope = math.tan(math.radians(degrees))
    return [
        Box(
            b.x0 + rng.uniform(-jitter, jitter) - slope * b.center[1],
            b.y0 + rng.uniform(-jitter, jitter) + slope * b.center[0],
            b.x1 + rng.uniform(-jitter, jitter) - slope * b.center[1],
            b.y1 + rng.uniform(-jitter, jitter) + slope * b.center[0],
        )
        for b in boxes
    ]


def found_order(boxes: list[Box], rng: random.Random) -> list[int]:
    shuffled = list(range(len(boxes)))
    rng.shuffle(shuffled)
    return [shuffled[i] for i in reading_order([boxes[k] for k in shuffled], LINE)]


@pytest.mark.parametrize(("degrees", "jitter"), [(0.0, 1.0), (0.6, 3.0)])
def test_the_order_of_designed_pages_is_found_again(degrees: float, jitter: float) -> None:
    exact: dict[str, int] = {}
    for family in FAMILIES:
        for seed in range(30):
            rng = random.Random(f"{family.__name__}{seed}{degrees}")
            boxes = skewed(page(family, seed), rng.uniform(-degrees, degrees), jitter, rng)
            right = found_order(boxes, rng) == list(range(len(boxes)))
            exact[family.__name__] = exact.get(family.__name__, 0) + right
    share = sum(exact.values()) / (30 * len(FAMILIES))
    assert share >= 0.98, {name: count for name, count in exact.items() if count < 30}


boxes_anywhere = st.lists(
    st.builds(
        lambda x, y, w, h: Box(x, y, x + w, y + h),
        st.floats(0, 900),
        st.floats(0, 1300),
        st.floats(0, 500),
        st.floats(0, 200),
    ),
    max_size=25,
)


@given(boxes_anywhere)
def test_any_boxes_get_one_place_each(boxes: list[Box]) -> None:
    everyone = list(range(len(boxes)))
    assert sorted(reading_order(boxes, LINE)) == everyone
    assert sorted(form_order(boxes, LINE)) == everyone


@given(boxes_anywhere, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_input(
    boxes: list[Box], rng: random.Random
) -> None:
    shuffled = list(boxes)
    rng.shuffle(shuffled)
    assert [boxes[i] for i in reading_order(boxes, LINE)] == [
        shuffled[i] for i in reading_order(shuffled, LINE)
    ]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("factor", [0.25, 4.0])
def test_the_order_does_not_depend_on_the_scale(
    family: Callable[[Maker], None], factor: float
) -> None:
    boxes = page(family, 1)
    scaled = [box.scaled(factor) for box in boxes]
    assert reading_order(scaled, factor * LINE) == reading_order(boxes, LINE)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_little_jitter_of_one_box_changes_nothing(family: Callable[[Maker], None]) -> None:
    boxes = page(family, 2)
    rng = random.Random(5)
    for _ in range(10):
        moved = list(boxes)
        k = rng.randrange(len(boxes))
        moved[k] = boxes[k].shifted(
            rng.uniform(-0.09, 0.09) * LINE, rng.uniform(-0.09, 0.09) * LINE
        )
        assert reading_order(moved, LINE) == reading_order(boxes, LINE)


def test_nothing_one_box_and_equal_boxes_have_an_order() -> None:
    box = Box(10, 10, 50, 20)
    assert reading_order([], LINE) == []
    assert reading_order([box], LINE) == [0]
    assert reading_order([box] * 5, LINE) == [0, 1, 2, 3, 4]


def test_thousands_of_boxes_are_read_in_rows() -> None:
    boxes = [Box(x * 60, y * 20, x * 60 + 70, y * 20 + 10) for y in range(150) for x in range(10)]
    assert reading_order(boxes, 10.0) == list(range(1500))


def test_rows_of_labels_and_values_form_a_run() -> None:
    boxes = [Box(x, y, x + 50, y + 10) for y in (0, 20, 40) for x in (0, 200)]
    assert row_runs(boxes, 10.0, RestoreOptions()) == [[[0, 1], [2, 3], [4, 5]]]
    assert row_runs(boxes[:4], 10.0, RestoreOptions()) == []


def test_a_form_is_read_by_its_rows_although_its_columns_are_wide_apart() -> None:
    rows = [[(0, 200), (400, 600)], [(0, 150), (250, 380), (420, 600)]]
    boxes = [Box(x0, 100 * k, x1, 100 * k + 50) for k, row in enumerate(rows) for x0, x1 in row]
    assert form_order(boxes, 12.0) == [0, 1, 2, 3, 4]
