"""Strips find every box at a height, and do not look at all others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recovery.restore.strips import Strips
from structure.core.geometry import Box

edges = st.floats(-50, 900)
boxes = st.tuples(edges, st.floats(0, 300)).map(lambda e: Box(0, e[0], 10, e[0] + e[1]))


@given(st.lists(boxes, max_size=30), edges, st.floats(0, 200))
def test_all_boxes_at_a_height_are_found(found: list[Box], y0: float, height: float) -> None:
    near = Strips.of(found).near(y0, y0 + height)
    inside = {k for k, box in enumerate(found) if box.y0 <= y0 + height and box.y1 >= y0}
    assert inside <= set(near)
    assert near == sorted(set(near))


def test_boxes_far_away_are_not_looked_at() -> None:
    lines = [Box(0, 12 * k, 100, 12 * k + 10) for k in range(500)]
    assert len(Strips.of(lines).near(600, 610)) <= 8
