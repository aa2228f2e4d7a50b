"""Page numbers of a table of contents that text detection left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from structure.core.analysis import TextLine
from structure.core.geometry import Box
from structure.core.images import RGBImage
from structure.pipeline.contents import with_page_numbers

TITLES = [
    "1 Samples of the market....",
    "1.1 Well-known temperature..",
    "2 Readings and network...",
]


def page() -> RGBImage:
    return np.full((400, 800, 3), 250, np.uint8)


def lines(titles: Sequence[str]) -> list[TextLine]:
    return [
        TextLine(text, Box(60, 40 + 40 * n, 400, 64 + 40 * n), 0.99)
        for n, text in enumerate(titles)
    ]


def with_figures(count: int) -> RGBImage:
    """A page with dots and a dark figure at the end of each of the first `count` lines."""
    pixels = page()
    for n in range(count):
        y = 40 + 40 * n
        pixels[y + 18 : y + 20, 410:700:12] = 40
        pixels[y + 4 : y + 20, 720:730] = 40
    return pixels


def reader(pictures: Sequence[RGBImage]) -> list[tuple[str, float]]:
    assert all(picture.shape[1] < 60 for picture in pictures)  # figures without leaders
    return [(str(n + 3), 0.9) for n in range(len(pictures))]


def test_the_number_at_the_end_of_the_leaders_is_read() -> None:
    found = with_page_numbers(lines(TITLES), with_figures(3), reader)
    assert [line.text for line in found] == [
        "1 Samples of the market.... 3",
        "1.1 Well-known temperature... 4",
        "2 Readings and network... 5",
    ]
    assert [line.box.x1 for line in found] == pytest.approx([730, 730, 730], abs=2)


def test_a_line_with_one_dot_between_them_gets_its_number() -> None:
    found = with_page_numbers(lines([*TITLES, "3 Tools of the building."]), with_figures(4), reader)
    assert found[3].text == "3 Tools of the building... 6"


def test_a_number_that_was_read_joins_its_title() -> None:
    numbers = [TextLine(str(n), Box(720, 42 + 40 * n, 732, 62 + 40 * n), 0.9) for n in range(3)]
    found = with_page_numbers([*lines(TITLES), *numbers], with_figures(3), reader)
    assert [line.text[-2:] for line in found] == [" 0", " 1", " 2"]


@pytest.mark.parametrize(
    "titles", [TITLES[:2], ["He waited...", "She waited...", "Nobody came..."], []]
)
def test_other_lines_are_left_alone(titles: list[str]) -> None:
    pixels = with_figures(2) if len(titles) == 2 else page()
    assert with_page_numbers(lines(titles), pixels, reader) == lines(titles)
