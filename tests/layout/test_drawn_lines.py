"""Lines that stand between blocks of text, told from all other strokes of a page."""

from __future__ import annotations

import cv2
import numpy as np

from layout.drawn_lines import find_drawn_lines
from layout.geometry import measure
from structure.core.analysis import DrawnLine, TextLine, Word
from structure.core.geometry import Box
from structure.core.images import RGBImage

EM = 28
WIDTH, HEIGHT = 1200, 1600
BODY = "the seal of the letter was broken when it came"


def paper() -> RGBImage:
    return np.full((HEIGHT, WIDTH, 3), 255, np.uint8)


def stroke(
    page: RGBImage, y: int, x0: int = 100, x1: int = 1100, thick: int = 3, ink: int = 0
) -> None:
    page[y : y + thick, x0:x1] = ink


def text(page: RGBImage, y: int, words: str = BODY, x0: int = 100) -> TextLine:
    """A line of print whose box begins at `y`."""
    (width, _), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_DUPLEX, 0.9, 1)
    cv2.putText(page, words, (x0, y + EM - 7), cv2.FONT_HERSHEY_DUPLEX, 0.9, (0, 0, 0), 1)
    box = Box(x0, y, x0 + width, y + EM)
    return TextLine(words, box, words=(Word(words, box),))


def found(
    page: RGBImage, lines: list[TextLine], graphics: tuple[Box, ...] = ()
) -> tuple[DrawnLine, ...]:
    return find_drawn_lines(measure(lines, page), graphics, page)


def test_a_rule_between_two_blocks_is_found_with_its_thickness_and_colour() -> None:
    page = paper()
    lines = [text(page, 200), text(page, 400)]
    page[300:304, 100:1100] = (200, 40, 40)
    (line,) = found(page, lines)
    assert abs(line.box.center[1] - 302) < 2
    assert abs(line.box.x0 - 100) < 6
    assert abs(line.box.x1 - 1100) < 6
    assert abs(line.box.height - 4) < 0.6
    assert line.color == "C82828"


def test_an_underlined_heading_has_no_rule() -> None:
    page = paper()
    heading = text(page, 200, "Minutes of the committee")
    stroke(page, 200 + EM + 4, 100, round(heading.box.x1))
    assert found(page, [heading, text(page, 400)]) == ()


def test_a_rule_under_a_short_heading_over_the_whole_column_is_one() -> None:
    page = paper()
    lines = [text(page, 200, "Minutes"), text(page, 400)]
    stroke(page, 200 + EM + 5)
    assert len(found(page, lines)) == 1


def test_the_edge_of_a_picture_or_table_is_no_rule() -> None:
    page = paper()
    lines = [text(page, 200), text(page, 900)]
    stroke(page, 400)
    stroke(page, 700)
    assert found(page, lines, (Box(100, 405, 1100, 698),)) == ()


def test_a_frame_is_no_rule() -> None:
    page = paper()
    lines = [text(page, 200), text(page, 450), text(page, 900)]
    cv2.rectangle(page, (100, 400), (1100, 600), (0, 0, 0), 3)
    assert found(page, lines) == ()


def test_the_border_of_a_scan_is_no_rule() -> None:
    page = paper()
    lines = [text(page, 200), text(page, 400)]
    stroke(page, HEIGHT - 12)
    stroke(page, 700, 0, 900)
    stroke(page, 900, 300, WIDTH)
    assert found(page, lines) == ()


def test_a_staff_is_no_rule() -> None:
    page = paper()
    lines = [text(page, 200), text(page, 900)]
    for k in range(5):
        stroke(page, 500 + 20 * k, thick=2)
    assert found(page, lines) == ()


def test_what_was_read_as_underscores_is_not_found_again() -> None:
    page = paper()
    label = text(page, 200, "Name:")
    stroke(page, 222, 200, 700)
    box = Box(200, 200, 700, 228)
    read = TextLine("________________", box, words=(Word("________________", box),))
    assert found(page, [label, read, text(page, 400)]) == ()
    assert len(found(page, [label, text(page, 400)])) == 1


def test_a_double_rule_is_one() -> None:
    page = paper()
    lines = [text(page, 200), text(page, 400)]
    stroke(page, 300, thick=4)
    stroke(page, 311, 104, 1096, thick=2)
    assert len(found(page, lines)) == 1


def test_speckles_of_an_old_scan_are_no_rule() -> None:
    page = paper()
    lines = [text(page, 200), text(page, 900)]
    speckles = np.random.default_rng(3).random((HEIGHT, WIDTH)) < 0.01
    page[speckles] = 60
    for x in range(100, 1100, 90):
        stroke(page, 500 + (x * 7) % 23, x, x + 40, 2, 120)
    assert found(page, lines) == ()
