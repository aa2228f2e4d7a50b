"""Drawings at the edges of digital pages that neither text layer nor detector know."""

from __future__ import annotations

import numpy as np

from structure.core.geometry import Box
from structure.core.images import RGBImage
from structure.pipeline.logos import find_logos

EM = 20.0


def page() -> RGBImage:
    return np.full((1400, 1000, 3), 255, np.uint8)


def test_a_logo_above_the_text_is_found_whole() -> None:
    pixels = page()
    pixels[40:90, 60:110] = (200, 30, 30)
    pixels[50:80, 120:260:4] = 0
    assert find_logos(pixels, (), EM) == [Box(60, 40, 257, 90)]


def test_text_pictures_rules_and_the_middle_of_the_page_are_none() -> None:
    pixels = page()
    pixels[40:80, 60:400:2] = 0
    pixels[100:103, :] = 0
    pixels[600:700, 400:500] = 0
    assert find_logos(pixels, [Box(60, 40, 400, 80)], EM) == []


def test_a_page_with_ornaments_all_over_has_no_logo() -> None:
    pixels = page()
    for x in range(50, 950, 150):
        pixels[40:90, x : x + 50] = 0
    assert find_logos(pixels, (), EM) == []


def test_a_bar_as_wide_as_the_page_is_no_logo() -> None:
    pixels = page()
    pixels[30:90] = (20, 60, 140)
    assert find_logos(pixels, (), EM) == []
