from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.analysis import TextLine, Word
from structure.core.geometry import Affine, Box
from structure.core.lines import move_box, move_line

numbers = st.floats(-1000, 1000)
boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h), numbers, numbers, st.floats(0, 500), st.floats(0, 9)
)


@given(boxes, st.floats(-20, 20), numbers, numbers)
def test_a_box_comes_back_from_a_small_turn(box: Box, degrees: float, x: float, y: float) -> None:
    way = Affine.rotation(degrees, x, y)
    there = move_box(box, way)
    assert (there.width, there.height) == pytest.approx((box.width, box.height), abs=1e-9)
    assert move_box(there, way.inverse()).as_tuple() == pytest.approx(box.as_tuple(), abs=1e-6)


@given(boxes, st.sampled_from([0, 90, 180, 270]))
def test_a_quarter_turn_moves_the_corners(box: Box, degrees: int) -> None:
    way = Affine.quarter_turn(degrees, 800, 600)
    assert move_box(box, way).as_tuple() == pytest.approx(way.box(box).as_tuple(), abs=1e-9)


def test_words_and_angle_go_with_their_line() -> None:
    word = Word("a", Box(10, 20, 30, 40))
    line = TextLine("a", word.box, words=(word,), angle=100.0)
    moved = move_line(line, Affine.quarter_turn(90, 100, 200), turned=90)
    assert moved.box == moved.words[0].box == Box(20, 70, 40, 90)
    assert moved.angle == -170
