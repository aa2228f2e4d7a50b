from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.accuracy.ink import Page, boxes_of, ink_of, shown, summary
from structure.core.analysis import PageAnalysis, Picture, TextLine
from structure.core.geometry import Box
from structure.core.images import RGBImage


def page() -> RGBImage:
    pixels = np.full((800, 600, 3), 230, np.uint8)
    pixels[100:116, 100:110] = 20  # a letter
    return pixels


def test_only_print_and_script_count_as_ink() -> None:
    pixels = page()
    cv2.line(pixels, (50, 300), (550, 300), (0, 0, 0), 3)
    pixels[500:503, 200:212] = 0
    pixels[600:800, 580:600] = 0
    ink = ink_of(pixels)
    assert ink.sum() == 160
    assert ink[100:116, 100:110].all()


def test_a_shaded_page_has_no_ink_but_its_letters() -> None:
    shade = np.linspace(1, 0.6, 600)[None, :, None]
    assert ink_of((page() * shade).astype(np.uint8)).sum() == pytest.approx(160, abs=20)


def test_ink_is_shown_by_lines_and_pictures() -> None:
    ink = ink_of(page())
    assert shown(ink, []) == 0
    assert shown(ink, [Box(100, 100, 110, 108)]) == 80
    assert shown(ink, [Box(90, 90, 120, 140), Box(0, 0, 300, 300)]) == 160
    line = TextLine("I", Box(100, 102, 110, 114))
    analysis = PageAnalysis(1, 600, 800, 200, lines=(line,), line_regions=(None,))
    assert shown(ink, boxes_of(analysis)) == 160
    drawn = Picture(Box(100, 100, 105, 130), b"", "image/png", 5, 30)
    assert shown(ink, boxes_of(PageAnalysis(1, 600, 800, 200, pictures=(drawn,)))) == 80


def test_pages_are_summed_by_their_ink() -> None:
    figures = summary([Page("a p1", "a", 100, 50), Page("b p1", "b", 300, 300)])
    assert figures == {"pages": 2, "kept": 0.875, "median": 0.75, "at_99": 1}
    assert summary([])["kept"] == 1
