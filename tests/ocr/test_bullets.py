"""Bullets that text recognition leaves out are found on the page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box
from structure.ocr.bullets import with_bullets

HEIGHT = 24


def page(rows: int = 4) -> tuple[NDArray[np.uint8], list[TextLine]]:
    """A page with lines of bars for words, 24 pixels high, from x = 100 on."""
    image = np.full((80 + 40 * rows, 600, 3), 255, np.uint8)
    lines = []
    for k in range(rows):
        y = 40 + 40 * k
        for x in range(100, 400, 20):
            cv2.rectangle(image, (x, y), (x + 13, y + HEIGHT - 1), (0, 0, 0), -1)
        box = Box(100, y, 394, y + HEIGHT)
        words = (Word("every", Box(100, y, 194, y + HEIGHT)), Word("item", Box(200, y, 394, 64)))
        lines.append(TextLine("every item", box, 0.9, words))
    return image, lines


def dot(image: NDArray[np.uint8], line: TextLine, x: int, radius: int = 5) -> None:
    cv2.circle(image, (x, round(line.box.center[1])), radius, (0, 0, 0), -1)


def dash(image: NDArray[np.uint8], line: TextLine, x: int) -> None:
    y = round(line.box.center[1])
    cv2.rectangle(image, (x, y), (x + 12, y + 1), (0, 0, 0), -1)


def texts(lines: list[TextLine]) -> list[str]:
    return [line.text for line in lines]


def test_dots_below_each_other_are_bullets_of_their_lines() -> None:
    image, lines = page()
    for line in lines[1:]:
        dot(image, line, 70)
    found = with_bullets(lines, image)
    assert texts(found) == ["every item", *["\u2022 every item"] * 3]
    assert found[1].words[0].text == "\u2022"
    assert found[1].box.x0 == found[1].words[0].box.x0 < 70 < found[1].words[0].box.x1
    assert found[1].words[1].box.x0 == 100


def test_dashes_are_bullets_too() -> None:
    image, lines = page()
    for line in lines[:2]:
        dash(image, line, 60)
    assert texts(with_bullets(lines, image))[:2] == ["\u2013 every item"] * 2


def test_a_bullet_inside_the_box_of_its_line_is_parted_from_the_first_word() -> None:
    image, lines = page()
    wide = []
    for line in lines:
        dot(image, line, 70)
        first = Word("every", Box(65, line.box.y0, 194, line.box.y1))
        box = Box(65, line.box.y0, 394, line.box.y1)
        wide.append(TextLine(line.text, box, 0.9, (first, line.words[1])))
    found = with_bullets(wide, image)
    assert texts(found) == ["\u2022 every item"] * 4
    assert found[0].words[1].box.x0 == 100


def test_a_lone_dot_or_dots_at_different_places_are_dirt() -> None:
    image, lines = page()
    dot(image, lines[0], 70)
    dot(image, lines[2], 50)
    assert with_bullets(lines, image) == lines


def test_marks_at_the_foot_of_a_line_or_far_away_are_no_bullets() -> None:
    image, lines = page()
    for line in lines:
        cv2.circle(image, (75, round(line.box.y1) - 3), 3, (0, 0, 0), -1)
        dot(image, line, 10)
    assert with_bullets(lines, image) == lines


def test_a_dash_before_a_number_is_a_sign() -> None:
    image, lines = page()
    numbers = []
    for line in lines:
        dash(image, line, 70)
        box = line.box
        numbers.append(TextLine("12 345", box, 0.9, (Word("12", box), Word("345", box))))
    assert with_bullets(numbers, image) == numbers


def test_a_bullet_that_was_read_is_not_doubled() -> None:
    image, lines = page()
    read = []
    for line in lines:
        dot(image, line, 70)
        read.append(TextLine("\u2022 every item", line.box, 0.9, line.words))
    assert with_bullets(read, image) == read


def test_white_bullets_on_black_are_found() -> None:
    image, lines = page()
    for line in lines:
        dot(image, line, 70)
    assert texts(with_bullets(lines, 255 - image)) == ["\u2022 every item"] * 4


def test_bullets_half_an_inch_before_their_lines_are_found() -> None:
    image, lines = page()
    for line in lines[1:]:
        dot(image, line, 12)
    assert texts(with_bullets(lines, image))[1:] == ["\u2022 every item"] * 3


def test_what_stands_farther_away_hides_no_bullet() -> None:
    image, lines = page()
    cv2.rectangle(image, (8, 0), (10, image.shape[0]), (0, 0, 0), -1)  # a line along the margin
    for line in lines[1:]:
        dot(image, line, 70)
    assert texts(with_bullets(lines, image))[1:] == ["\u2022 every item"] * 3


def test_squares_nearly_as_high_as_letters_are_bullets_and_such_discs_are_not() -> None:
    image, lines = page()
    for line in lines[:2]:
        cv2.rectangle(image, (60, round(line.box.y0) + 2), (78, round(line.box.y0) + 20), 0, -1)
    for line in lines[2:]:
        dot(image, line, 70, 9)
    assert texts(with_bullets(lines, image)) == ["\u25aa every item"] * 2 + ["every item"] * 2
