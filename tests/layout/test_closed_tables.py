from __future__ import annotations

import cv2
import numpy as np

from layout.closed_tables import closed
from layout.geometry import PageGeometry, measure
from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box

COLUMNS = (100, 400, 900)


class Drawn:
    """A page with rules and rows of words."""

    def __init__(self) -> None:
        self.pixels = np.full((1000, 1200, 3), 255, np.uint8)
        self.lines: list[TextLine] = []

    def rule(self, y: int, x0: int = 90, x1: int = 1000) -> None:
        cv2.line(self.pixels, (x0, y), (x1, y), (0, 0, 0), 2)

    def text(self, text: str, x: float, y: float) -> None:
        words, at = [], x
        for part in text.split():
            words.append(Word(part, Box(at, y, at + 12 * len(part), y + 24)))
            at += 12 * len(part) + 8
        box = Box(x, y, words[-1].box.x1, y + 24)
        self.lines.append(TextLine(text, box, 0.9, tuple(words)))

    def row(self, y: float, *texts: str) -> None:
        for text, x in zip(texts, COLUMNS, strict=True):
            if text:
                self.text(text, x, y)

    def page(self) -> PageGeometry:
        return measure(self.lines, self.pixels)


def options() -> Drawn:
    """A table with rules on top, below its header and at its end; some cells have two lines."""
    drawn = Drawn()
    for y in (90, 135, 345):
        drawn.rule(y)
    drawn.row(100, "Option", "Meaning", "Default")
    drawn.row(150, "winter", "What the supply supports", "41")
    drawn.row(182, "", "is suitable", "")
    drawn.row(220, "engine", "The houses are modern", "32")
    drawn.row(260, "vehicle", "The network shows it", "4")
    drawn.row(300, "procedure", "About six percent of all", "16")
    return drawn


def test_a_table_goes_on_to_the_rule_that_closes_it() -> None:
    found = closed(options().page(), Box(90, 90, 1000, 180))
    assert (round(found.y0), round(found.y1)) == (90, 346)


def test_a_table_takes_in_the_header_under_the_rule_above_it() -> None:
    found = closed(options().page(), Box(90, 136, 1000, 345))
    assert round(found.y0) == 90


def test_running_text_between_two_tables_is_no_part_of_either() -> None:
    drawn = options()
    for k in range(4):
        drawn.text(
            "the quick brown fox jumps over a lazy dog and then it rests again", 95, 360 + 34 * k
        )
    drawn.rule(520)
    found = closed(drawn.page(), Box(90, 90, 1000, 345))
    assert round(found.y1) == 346


def test_rules_of_another_length_do_not_close_a_table() -> None:
    drawn = options()
    drawn.pixels[340:350] = 255
    drawn.rule(345, 90, 700)
    assert closed(drawn.page(), Box(90, 90, 1000, 180)).y1 == 180


def test_a_table_without_rules_stays_as_it_is() -> None:
    drawn = options()
    drawn.pixels[:] = 255
    box = Box(90, 90, 1000, 180)
    assert closed(drawn.page(), box) == box


def test_a_rule_that_a_caption_hides_in_part_closes_a_table_too() -> None:
    drawn = options()
    drawn.pixels[85:96, 400:640] = 255
    found = closed(drawn.page(), Box(90, 140, 1000, 346))
    assert round(found.y0) == 90


def test_two_rules_with_a_gap_over_other_columns_close_no_table() -> None:
    drawn = options()
    drawn.pixels[85:96, 250:840] = 255
    assert round(closed(drawn.page(), Box(90, 140, 1000, 346)).y0) == 136
