"""Ink without a line: what lies where detection found nothing, and what of it is believed."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from structure.core.analysis import TextLine
from structure.core.geometry import Box
from structure.core.images import RGBImage
from structure.ocr import PageReader, default_reader
from structure.ocr.engine import Quad
from structure.ocr.missed import MOST, is_known, is_text, missed_places, without_slivers
from structure.reading import open_source

EM = 24.0


def paper() -> RGBImage:
    return np.full((600, 800, 3), 255, np.uint8)


def written(pixels: RGBImage, text: str, x: int, y: int, size: int = 30) -> RGBImage:
    picture = Image.fromarray(pixels)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(picture).text((x, y), text, fill="black", font=font)
    return np.array(picture)


def line(text: str, box: Box, score: float = 0.99) -> TextLine:
    return TextLine(text, box, score)


def test_a_lone_figure_is_a_place_and_what_was_read_is_none() -> None:
    pixels = written(written(paper(), "Number of guns", 60, 100), "5", 600, 100)
    known = line("Number of guns", Box(60, 102, 290, 136))
    (place,) = missed_places(pixels, [known], em=EM)
    dark = np.argwhere(pixels[:, 500:].min(axis=2) < 128)
    (y0, x0), (y1, x1) = dark.min(axis=0), dark.max(axis=0)
    assert place.as_tuple() == pytest.approx((x0 + 500, y0, x1 + 501, y1 + 1), abs=4)
    assert len(missed_places(pixels, [], em=EM)) > 1


def test_a_figure_in_its_cell_is_a_place_without_the_rules() -> None:
    pixels = written(paper(), "5", 300, 104)
    cv2.rectangle(pixels, (290, 96), (420, 246), (0, 0, 0), 2)
    (place,) = missed_places(pixels, [], em=EM)
    assert place.intersection(Box(296, 100, 330, 142)) == place


@pytest.mark.parametrize("side", [0, 1])
def test_rules_specks_and_bars_are_no_text(side: int) -> None:
    pixels = paper()
    cv2.line(pixels, (100, 100), (100 + 500 * side, 100 + 400 * (1 - side)), (0, 0, 0), 3)
    cv2.circle(pixels, (700, 300), 2, (0, 0, 0), -1)
    cv2.rectangle(pixels, (200, 500), (260, 520), (0, 0, 0), -1)
    assert missed_places(pixels, [], em=EM) == []


def test_ink_at_the_edge_of_the_page_is_left_alone() -> None:
    assert missed_places(written(paper(), "7", 0, 200), [], em=EM) == []
    assert missed_places(written(paper(), "7", 300, 200), [], em=EM)


def test_text_on_a_grey_ground_is_seen_and_the_ground_is_not() -> None:
    pixels = paper()
    pixels[80:160, 100:700] = 190
    (place,) = missed_places(written(pixels, "12", 400, 100), [], em=EM)
    assert place.intersection(Box(395, 95, 440, 140)) == place


def test_grain_all_over_the_page_is_not_read() -> None:
    pixels = paper()
    for y in range(20, 580, 36):
        for x in range(20, 780, 60):
            pixels = cv2.circle(pixels, (x, y), 8, (0, 0, 0), 2)
    assert MOST < (580 // 36) * (780 // 60)
    assert missed_places(pixels, [], em=EM) == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 760), st.integers(0, 560), st.integers(4, 60), st.integers(4, 60)),
        max_size=8,
    ),
    st.floats(9, 60),
)
def test_places_lie_on_the_page_and_off_the_lines(
    inks: list[tuple[int, int, int, int]], em: float
) -> None:
    pixels = paper()
    for x, y, w, h in inks:
        cv2.rectangle(pixels, (x, y), (x + w, y + h), (0, 0, 0), 2)
    lines = [line("x", Box(x, y, x + w, y + h)) for x, y, w, h in inks[::2]]
    for place in missed_places(pixels, lines, em=em):
        assert place.clipped(800, 600) == place
        assert not any(place.covered_by(known.box) == 1 for known in lines)


@pytest.mark.parametrize(
    ("text", "score", "wide", "expected"),
    [
        ("5", 0.99, False, True),
        ("5", 0.9, False, False),  # a stroke of a stamp looks like a figure
        ("N/A", 0.9, False, True),
        ("1------", 0.9, False, False),
        ("1------", 0.98, False, True),
        ("this 4 day of", 0.86, False, True),
        ("this 4 day of", 0.8, False, False),
        ("\u4eba", 0.99, False, False),
        ("\u4eba", 0.99, True, True),
        ("---", 0.99, False, False),
        ("", 0.99, False, False),
    ],
)
def test_little_text_must_be_read_with_more_confidence(
    text: str, score: float, wide: bool, expected: bool
) -> None:
    found = line(text, Box(0, 0, 20, 20), score)
    assert is_text(found, em=EM, wide=wide) is expected


def test_a_reading_as_low_as_a_dash_is_none() -> None:
    assert not is_text(line("1", Box(0, 0, 20, 6)), em=EM, wide=False)


def test_what_lines_cover_is_known() -> None:
    known = [line("x", Box(0, 0, 50, 20))]
    assert is_known(Box(10, 0, 60, 20), known)
    assert not is_known(Box(45, 0, 95, 20), known)
    assert not is_known(Box(45, 0, 95, 20), [])


def test_a_line_read_from_the_foot_of_a_figure_gives_way_to_it() -> None:
    sliver = line("0", Box(95, 122, 115, 125))
    found = [line("0", Box(100, 102, 112, 120))]
    other = line("9", Box(95, 122, 115, 125))
    rule = line("--", Box(95, 122, 115, 125))
    assert without_slivers([sliver, other, rule], found, em=EM) == [other, rule]
    assert without_slivers([sliver], [], em=EM) == [sliver]
    far = [line("0", Box(100, 302, 112, 320))]
    assert without_slivers([sliver], far, em=EM) == [sliver]


@pytest.fixture(scope="module")
def read() -> PageReader:
    return default_reader()


def test_what_detection_leaves_out_is_read_all_the_same(
    read: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = paper()
    for row, text in enumerate(("Applications", "Withdrawals", "Admissions", "Remainders")):
        pixels = written(pixels, text, 80, 60 + 90 * row)
        pixels = written(pixels, f"{row + 4}", 500, 60 + 90 * row)
    pixels = written(pixels, "as of the end of the year", 80, 480, size=16)
    whole = pixels.shape
    detect = read._engine.detect

    def blind(image: RGBImage, side: int) -> list[Quad]:
        quads = detect(image, side)
        if image.shape != whole:
            return quads
        return [q for q in quads if q[:, 0].max() < 450 and q[:, 1].max() < 450]

    monkeypatch.setattr(read._engine, "detect", blind)
    lines = read(pixels)
    assert {"4", "5", "6", "7"} <= {line.text for line in lines}
    assert any(line.text == "as of the end of the year" for line in lines)
    assert len(lines) == 9
    seven = next(line for line in lines if line.text == "7")
    assert seven.box.intersection(Box(495, 325, 525, 375)) == seven.box


def test_the_date_between_blanks_of_an_old_form_is_read(
    shared_data: Path, read: PageReader
) -> None:
    path = shared_data / "form-fara/pdf/626f83dbcc.pdf"
    with open_source(path, pages="1", ocr="always") as source:
        page = next(iter(source))
    texts = [line.text for line in read(page.pixels)]  # type: ignore[union-attr]
    assert any(text.startswith("this 4") and text.endswith("day of") for text in texts)
