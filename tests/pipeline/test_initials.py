from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import TextLine, Word
from structure.core.crops import Crop
from structure.core.geometry import Box
from structure.pipeline.crops import without_text
from structure.pipeline.initials import find_initials, with_initials

Pixels = NDArray[np.uint8]


def line(text: str, x: float, y: float, width: float = 300) -> TextLine:
    words = tuple(
        Word(part, Box(x + 60 * n, y, x + 60 * n + 50, y + 20))
        for n, part in enumerate(text.split())
    )
    return TextLine(text, Box(x, y, x + width, y + 20), 0.99, words)


def paragraph(first: str = "ince the first of May") -> list[TextLine]:
    return [
        line(first, 170, 100),
        line("all of us have been", 170, 126),
        line("in the garden and have", 100, 152, 370),
        line("not seen a single bee.", 100, 178, 370),
    ]


def drawn() -> Pixels:
    pixels = np.full((400, 600, 3), 255, np.uint8)
    cv2.putText(pixels, "S", (104, 146), cv2.FONT_HERSHEY_SIMPLEX, 2.1, (0, 0, 0), 5)
    for text in paragraph():
        x0, y0, x1, y1 = (round(v) for v in text.box.as_tuple())
        pixels[y0 + 4 : y1 - 4 : 3, x0:x1] = 0
    return pixels


def test_a_large_letter_that_no_line_holds_opens_the_first_word() -> None:
    seen: list[tuple[int, ...]] = []

    def read(crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        seen.extend(crop.shape for crop in crops)
        return [("S", 0.97) for _ in crops]

    found = find_initials(paragraph(), drawn(), read)
    first, second, third, _ = with_initials(paragraph(), found)
    assert len(seen) == 1
    assert first.text == "Since the first of May"
    assert first.words[0].text == "Since"
    assert first.initial == 2
    assert abs(first.box.x0 - 104) < 8
    assert first.box.x0 == second.box.x0
    assert third == paragraph()[2]


def test_a_letter_that_was_read_as_a_line_of_its_own_is_joined_as_well() -> None:
    own = TextLine("S", Box(104, 98, 160, 148), 0.9, (Word("S", Box(104, 98, 160, 148)),))
    first, *others = with_initials([own, *paragraph()], [])
    assert first.text == "Since the first of May"
    assert first.initial == 2
    assert len(others) == 3


def test_an_article_stays_a_word_and_the_first_letter_of_a_word_does_not() -> None:
    own = TextLine("A", Box(104, 98, 160, 148), 0.9, ())
    for rest, text in (("man came", "A man came"), ("fter that", "After that")):
        first, *_ = with_initials([own, *paragraph(rest)], [])
        assert first.text == text


def test_a_letter_that_cannot_be_read_changes_no_text() -> None:
    found = find_initials(paragraph(), drawn(), lambda crops: [("?!", 0.3) for _ in crops])
    assert [initial.text for initial in found] == [""]
    assert with_initials(paragraph(), found) == paragraph()


def test_a_bracket_beside_lines_with_nothing_below_is_no_initial() -> None:
    lines = paragraph()[:2]
    found = find_initials(lines, drawn(), lambda crops: [("S", 0.97) for _ in crops])
    assert found == []


def test_a_number_beside_two_lines_is_no_initial() -> None:
    own = TextLine("7", Box(104, 98, 160, 148), 0.9, ())
    assert with_initials([own, *paragraph()], []) == [own, *paragraph()]


def test_ends_of_lines_that_reach_into_a_picture_are_painted_over() -> None:
    pixels = np.full((100, 100, 3), 240, np.uint8)
    pixels[40:60:4, 80:] = 0
    crop = without_text(Crop(pixels, Box(0, 0, 100, 100)), [Box(80, 40, 300, 60)])
    assert crop.pixels.min() == 240
    assert pixels.min() == 0
