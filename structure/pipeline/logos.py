"""Drawings at the upper and lower edge of digital pages that no detector has seen: logos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.geometry import Box
from structure.core.images import RGBImage

_ZONE = 0.12
"""Share of the page height, above and below, where logos are looked for."""
_CONTRAST = 40
"""Grey levels, in any channel, by which ink differs from the paper."""
_LONG_EM = 8.0
"""Straight strokes of this length are rules and bars, no part of a logo."""
_REACH_EM = 1.5
"""Parts of a logo are at most so far from each other, side by side ..."""
_CLOSE_EM = 0.6
"""... and this far, one below the other."""
_LEAST_EM = 1.2
"""A logo is at least this high and wide ..."""
_LEAST_INK = 0.08
"""... has at least this share of ink ..."""
_MOST_WIDTH = 0.5
"""... and is at most this wide, as a share of the page."""
_MOST = 4
"""Where there are more, the page is decorated and nothing is a logo."""


def find_logos(pixels: RGBImage, known: Iterable[Box], em: float) -> list[Box]:
    """Boxes of drawings that stand where nothing is known, from top to bottom.

    Args:
        pixels: A page drawn from a file, clean and upright.
        known: Boxes of text, pictures and tables.
        em: Height of a line of text, in pixels.
    """
    height, width = pixels.shape[:2]
    if em < 2 or min(height, width) < 8 * em:
        return []
    depth = round(_ZONE * height)
    taken = list(known)
    found: list[Box] = []
    for top in (0, height - depth):
        ink = _ink(pixels[top : top + depth])
        for box in taken:
            x0, y0, x1, y1 = (round(v) for v in box.padded(0.2 * em).as_tuple())
            ink[max(y0 - top, 0) : max(y1 - top, 0), max(x0, 0) : max(x1, 0)] = 0
        found += [box.shifted(0, top) for box in _drawings(ink, em)]
    good = [box for box in found if box.width <= _MOST_WIDTH * width]
    return good if len(good) <= _MOST else []


def _ink(part: RGBImage) -> NDArray[np.uint8]:
    """255 where a pixel differs from the paper."""
    paper = np.median(part[::4, ::4].reshape(-1, 3), axis=0).astype(np.int16)
    off = np.abs(part.astype(np.int16) - paper).max(axis=2)
    return np.where(off > _CONTRAST, 255, 0).astype(np.uint8)


def _drawings(ink: NDArray[np.uint8], em: float) -> Iterator[Box]:
    long = max(3, round(_LONG_EM * em))
    for shape in ((1, long), (long, 1)):
        strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = cv2.subtract(ink, cv2.dilate(strokes, np.ones((3, 3), np.uint8)))
    reach = np.ones((max(3, round(_CLOSE_EM * em)), max(3, round(_REACH_EM * em))), np.uint8)
    joined = cv2.dilate(ink, reach)
    _, places = cv2.connectedComponents(joined)
    for place in range(1, int(places.max()) + 1):
        ys, xs = np.nonzero((places == place) & (ink > 0))
        if not len(xs):
            continue
        box = Box(float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))
        if min(box.width, box.height) >= _LEAST_EM * em and len(xs) >= _LEAST_INK * box.area:
            yield box
