"""Check boxes: squares become characters, letters and pictures do not."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from layout.checkboxes import EMPTY, TICKED, find_checkboxes, with_checkboxes
from structure.core.analysis import Font, TextLine, Word
from structure.core.geometry import Box

EM = 28.0


def page() -> NDArray[np.uint8]:
    return np.full((300, 800, 3), 255, np.uint8)


def with_square(x: int, y: int, *, ticked: bool = False, side: int = 24) -> NDArray[np.uint8]:
    pixels = page()
    cv2.rectangle(pixels, (x, y), (x + side, y + side), (0, 0, 0), 2)
    if ticked:
        cv2.line(pixels, (x + 3, y + 3), (x + side - 3, y + side - 3), (0, 0, 0), 2)
        cv2.line(pixels, (x + 3, y + side - 3), (x + side - 3, y + 3), (0, 0, 0), 2)
    return pixels


def line(*words: tuple[str, float, float]) -> TextLine:
    own = tuple(Word(text, Box(x0, 100, x1, 128)) for text, x0, x1 in words)
    return TextLine(
        " ".join(text for text, *_ in words),
        Box(own[0].box.x0, 100, own[-1].box.x1, 128),
        words=own,
    )


@pytest.mark.parametrize("ticked", [False, True])
def test_a_square_before_its_text_becomes_a_character(ticked: bool) -> None:
    (found,) = with_checkboxes([line(("Yes", 140, 180))], with_square(100, 102, ticked=ticked))
    assert found.text == f"{TICKED if ticked else EMPTY} Yes"
    assert found.box.x0 == pytest.approx(100, abs=2)


@pytest.mark.parametrize("read", ["\u25a1", "D", "x", "O"])
def test_what_was_read_for_a_square_gives_way_to_it(read: str) -> None:
    own = line(("No", 50, 90), (read, 99, 126), ("Yes", 140, 180))
    (found,) = with_checkboxes([own], with_square(100, 102))
    assert found.text == f"No {EMPTY} Yes"


def typed_over() -> tuple[list[TextLine], NDArray[np.uint8]]:
    """Yes and No, each with its box; over the first one an X was typed, and read as part of Yes."""
    pixels = with_square(300, 102)
    for x in (110, 116):
        cv2.line(pixels, (x, 98), (x + 26, 128), (0, 0, 0), 9)
        cv2.line(pixels, (x, 128), (x + 26, 98), (0, 0, 0), 9)
    below = line(("filed", 60, 130), ("before", 145, 230))
    words = tuple(replace(word, box=word.box.shifted(0, 80)) for word in below.words)
    below = replace(below, box=below.box.shifted(0, 80), words=words)
    return [below, line(("Yes", 60, 143)), line(("No", 250, 278))], pixels


def test_a_box_that_was_typed_over_is_ticked() -> None:
    lines, pixels = typed_over()
    found = with_checkboxes(lines, pixels)
    assert [own.text for own in found[1:]] == [f"Yes {TICKED}", f"No {EMPTY}"]


def test_a_wide_word_beside_an_empty_box_is_not_ticked() -> None:
    lines, pixels = typed_over()
    pixels[:, 100:150] = 255
    assert [own.text for own in with_checkboxes(lines, pixels)[1:]] == ["Yes", f"No {EMPTY}"]


def test_ink_behind_a_word_without_a_box_in_its_row_is_no_box() -> None:
    lines, pixels = typed_over()
    pixels[:, 290:] = 255
    assert [own.text for own in with_checkboxes(lines, pixels)[1:]] == ["Yes", "No"]


def test_a_square_glued_to_a_word_is_parted_from_it() -> None:
    (found,) = with_checkboxes([line(("No\u25a1", 50, 125))], with_square(100, 102))
    assert [word.text for word in found.words] == ["No", EMPTY]


def test_a_square_that_was_read_as_part_of_a_word_leaves_the_text_alone() -> None:
    own = line(("HOTEL", 50, 170))
    assert with_checkboxes([own], with_square(100, 102)) == [own]


def test_a_letter_of_a_text_layer_that_looks_like_a_box_stays_a_letter() -> None:
    words = (Word("or", Box(98, 100, 160, 128), font=Font(24.0)),)
    own = TextLine("or", Box(98, 100, 160, 128), words=words)
    assert with_checkboxes([own], with_square(100, 102)) == [own]


def test_a_square_with_a_bar_across_is_a_letter() -> None:
    pixels = with_square(100, 102)
    assert len(find_checkboxes(pixels, EM)) == 1
    cv2.line(pixels, (100, 114), (124, 114), (0, 0, 0), 2)
    assert find_checkboxes(pixels, EM) == []


def test_a_filled_square_is_a_tick_among_boxes_of_its_size_and_a_bullet_elsewhere() -> None:
    pixels = page()
    cv2.rectangle(pixels, (100, 102), (124, 126), (0, 0, 0), -1)
    assert find_checkboxes(pixels, EM) == []
    cv2.rectangle(pixels, (100, 180), (124, 204), (0, 0, 0), 2)
    assert [box.ticked for box in find_checkboxes(pixels, EM)] == [True, False]


def test_large_flat_boxes_are_boxes_where_there_are_several() -> None:
    pixels = page()
    cv2.rectangle(pixels, (100, 102), (146, 136), (0, 0, 0), 2)
    assert find_checkboxes(pixels, EM) == []
    cv2.rectangle(pixels, (100, 180), (146, 214), (0, 0, 0), 2)
    assert len(find_checkboxes(pixels, EM)) == 2


def test_squares_no_higher_than_small_letters_are_no_boxes() -> None:
    assert find_checkboxes(with_square(100, 102, side=12), EM) == []


def test_letters_bullets_and_large_frames_are_no_boxes() -> None:
    pixels = page()
    cv2.putText(pixels, "ODBQO0 88", (20, 130), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 3)
    pixels[200:220, 100:120] = 0  # a bullet
    cv2.rectangle(pixels, (400, 150), (500, 250), (0, 0, 0), 2)
    assert find_checkboxes(pixels, EM) == []


def test_a_square_far_from_any_text_adds_nothing() -> None:
    own = line(("Yes", 140, 180))
    assert with_checkboxes([own], with_square(600, 102)) == [own]
    assert with_checkboxes([own], with_square(100, 202)) == [own]


def test_chinese_characters_are_not_taken_for_boxes() -> None:
    own = line(("\u4e2d\u56fd\u4eba\u53e3", 50, 170))
    assert with_checkboxes([own], with_square(100, 102)) == [own]


def test_a_page_without_ink_or_text_has_none() -> None:
    assert with_checkboxes([], page()) == []
    assert find_checkboxes(page()[:1, :1], EM) == []


@pytest.mark.parametrize(
    ("thick", "ticked"), [(3, False), (3, True), (5, True), (6, False), (7, False)]
)
def test_a_heavy_outline_is_no_tick(thick: int, ticked: bool) -> None:
    pixels = page()
    cv2.rectangle(pixels, (100, 102), (124, 126), (0, 0, 0), -1)
    inner = slice(102 + thick, 127 - thick), slice(100 + thick, 125 - thick)
    pixels[inner] = 255
    # Worn outlines are not straight on their inner side.
    pixels[102 + thick, 106:114] = 0
    if ticked:
        cv2.line(pixels, (104, 106), (120, 122), (0, 0, 0), 2)
        cv2.line(pixels, (104, 122), (120, 106), (0, 0, 0), 2)
    (box,) = find_checkboxes(pixels, EM)
    assert box.ticked is ticked
