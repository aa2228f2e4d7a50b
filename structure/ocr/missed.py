"""Ink that line detection gave no box: lone figures of a table, small print, handwriting.

Detectors are trained on words. A single digit in its cell, a note under a rule or three words
between blanks to fill in often get no box. Here is where such ink lies, so that it can be read.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import TextLine
from structure.core.geometry import Box
from structure.core.images import RGBImage
from structure.core.lines import with_room
from structure.core.text import is_wide

CELLS = 12
"""Pixels of a usual line's height in the picture on which ink is looked for."""

MOST = 150
"""Where more ink than so many places is unread, the paper is grainy or a photograph."""

# Lengths in heights of a usual line.
_HEIGHT = (0.45, 2.5)
_LEAST_WIDTH = 0.2
_LEAST_SIDE = 0.6
_RULE = 3.0
_LETTER_GAP = 0.9
_ROW_GAP = 0.25
_STROKES = 0.75
_PAPER = 3.4
_COARSE = 4
"""Paper changes slowly: every fourth pixel shows it."""

_EDGE = 0.25
_AROUND = (0.25, 0.15)
"""What lies so near to a line, beside it and above it, belongs to it."""

_FILL = (0.08, 0.9)
"""Share of its box that is ink; less is grain, more a bar."""
_CONTRAST, _DEPTH, _BLACK = 40, 0.25, 90
"""Grey levels, and share of the light of the paper, by which ink is darker than the paper around
it; and how light paper is at least."""

_SURE, _SURE_SHORT = 0.85, 0.96
"""Confidence from which a reading is text; one of one or two characters may be grain."""
_SHORT = 2
_COVERED = 0.3
_SLIVER = 0.4
"""A line so low against the usual one, with letters, is the edge of what was to be read."""


def missed_places(image: RGBImage, lines: Sequence[TextLine], *, em: float) -> list[Box]:
    """Where ink in the shape of text lies outside all lines, from top to bottom.

    Args:
        image: (H, W, 3) uint8 RGB.
        lines: All lines found so far, boxes in pixels of `image`.
        em: Height of a usual line in pixels.

    Returns:
        Boxes that are as wide and high as the ink.
    """
    step = max(1, min(round(em / CELLS), *image.shape[:2]))
    em /= step
    ink = _ink(image, step, em)
    for line in lines:
        area = with_room(line, *_AROUND).scaled(1 / step)
        x0, y0, x1, y1 = (max(0, round(v)) for v in area.as_tuple())
        ink[y0:y1, x0:x1] = 0
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _square(_LETTER_GAP * em, _ROW_GAP * em))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    height, width = ink.shape
    page = Box(0, 0, width, height).padded(-_EDGE * em)
    places = []
    for x, y, w, h, _ in stats[1:count].tolist():
        box = Box(x, y, x + w, y + h)
        shaped = (
            _HEIGHT[0] * em <= h <= _HEIGHT[1] * em
            and w >= _LEAST_WIDTH * em
            and max(w, h) >= _LEAST_SIDE * em
        )
        if not shaped or box.intersection(page) != box:
            continue
        if _FILL[0] <= float(ink[y : y + h, x : x + w].mean()) <= _FILL[1]:
            places.append(box.scaled(step))
    return places if len(places) <= MOST else []


def is_text(line: TextLine, *, em: float, wide: bool) -> bool:
    """Whether what was read in such a place is to be believed.

    Args:
        line: With its score.
        em: Height of a usual line in pixels.
        wide: Whether the page has Chinese characters elsewhere; strokes of a pen look like them.
    """
    letters = sum(char.isalnum() for char in line.text)
    foreign = not wide and any(is_wide(char) for char in line.text)
    if not letters or foreign or line.box.height < _SLIVER * em:
        return False
    short = letters < _SHORT or len(line.text) <= _SHORT
    return (line.score or 0.0) >= (_SURE_SHORT if short else _SURE)


def is_known(box: Box, lines: Sequence[TextLine]) -> bool:
    """Whether lines that were read before cover a part of a box that counts."""
    covered = sum(box.intersection(line.box).area for line in lines)
    return covered > _COVERED * box.area


def without_slivers(
    lines: Sequence[TextLine], found: Sequence[TextLine], *, em: float
) -> list[TextLine]:
    """The lines without those that were read from the mere edge of what has since been found.

    Detection at times gives a lone figure a box of a few rows of pixels below it.

    Args:
        lines: Lines of the page.
        found: Those that were found in addition.
        em: Height of a usual line in pixels.
    """

    def is_sliver(line: TextLine) -> bool:
        low = line.box.height < _SLIVER * em and any(char.isalnum() for char in line.text)
        return low and any(
            other.text == line.text and other.box.padded(em).contains(*line.box.center)
            for other in found
        )

    return [line for line in lines if not is_sliver(line)]


def _ink(image: RGBImage, step: int, em: float) -> NDArray[np.uint8]:
    """1 where a pixel is clearly darker than the paper around it, drawn rules left out."""
    height, width = image.shape[0] // step, image.shape[1] // step
    whole = image[: height * step, : width * step]  # OpenCV is three times as fast so.
    small = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA).min(axis=2)
    paper = _paper(small, em).astype(np.int16)
    below = paper - np.maximum(_CONTRAST, _DEPTH * paper)
    ink = np.asarray((small < below) & (paper >= _BLACK), np.uint8)
    for shape in (_square(_RULE * em, 1), _square(1, _RULE * em)):
        strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, shape)
        ink = np.asarray(cv2.subtract(ink, cv2.dilate(strokes, _square(3, 3))), np.uint8)
    return ink


def _paper(small: NDArray[np.uint8], em: float) -> NDArray[np.uint8]:
    """How light the paper is around each pixel: the median of what the ink leaves free."""
    height, width = small.shape
    light = cv2.dilate(small, _square(_STROKES * em, _STROKES * em))
    size = max(1, width // _COARSE), max(1, height // _COARSE)
    coarse = cv2.resize(light, size, interpolation=cv2.INTER_NEAREST)
    reach = 2 * round(_PAPER * em / _COARSE / 2) + 1
    blurred = cv2.medianBlur(coarse, reach)
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR))


def _square(width: float, height: float) -> NDArray[np.uint8]:
    return np.ones((max(1, round(height)), max(1, round(width))), np.uint8)
