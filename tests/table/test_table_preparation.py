from __future__ import annotations

import cv2
import numpy as np

from structure.core.images import RGBImage
from table.preprocess import cleaned, prepare


def table() -> RGBImage:
    """Rows of numbers between rules, in the middle of white paper."""
    pixels = np.full((400, 600, 3), 255, np.uint8)
    for row in range(5):
        cv2.line(pixels, (100, 80 + 50 * row), (500, 80 + 50 * row), (0, 0, 0), 2)
        for col in range(3):
            place = (120 + 130 * col, 115 + 50 * row)
            cv2.putText(pixels, "4711", place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    return pixels


def worn(pixels: RGBImage) -> RGBImage:
    """The same on darker paper with grain, and in the shade at the right."""
    light = np.linspace(0.9, 0.65, pixels.shape[1])[None, :, None]
    grain = np.random.default_rng(5).normal(0, 9, pixels.shape[:2])[..., None]
    return np.clip(pixels * light + grain, 0, 255).astype(np.uint8)


def test_a_picture_without_grain_comes_back_as_it_is() -> None:
    tinted = table()
    tinted[80:130, 100:500] = np.minimum(tinted[80:130, 100:500], 200)
    assert np.array_equal(cleaned(tinted), tinted)


def test_grain_and_shade_give_way_to_white_paper() -> None:
    pixels = cleaned(worn(table()))
    assert np.median(pixels) == 255
    assert (pixels[:60] > 230).mean() > 0.99
    assert pixels[79:82, 150:450].mean() < 120


def test_the_margin_of_a_worn_table_is_taken_off() -> None:
    clean, found = prepare(table()), prepare(worn(table()))
    assert abs(clean.pixels.shape[0] - found.pixels.shape[0]) <= 8
    assert abs(clean.pixels.shape[1] - found.pixels.shape[1]) <= 8
