"""A whole page picture to text lines with words and confidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import TextLine, Word
from structure.core.crops import cut
from structure.core.geometry import Affine, Box
from structure.core.images import RGBImage
from structure.core.lines import move_line
from structure.core.text import is_wide
from structure.ocr.bullets import with_bullets
from structure.ocr.engine import Engine, Quad, Reading
from structure.ocr.ink import em_size, find_ink
from structure.ocr.lines import split_words
from structure.ocr.missed import is_known, is_text, missed_places, without_slivers

FIRST_SIDE = 1280
"""Longer side for line detection: enough for body text, a third of the time of full size."""

LAST_SIDE = 2560
SMALL_LINE = 13.0
"""Lower quartile of line heights, in network pixels, under which small print is lost."""

GOOD_LINE = 17.0
"""Line height in network pixels that a second detection aims at."""

SURE = 0.90
"""Lines read with less are read again upside down; 13 of 14 such lines scored below this."""

CLEARLY = 0.15
"""The reading upside down must score so much more; short lines of digits read well either way."""

MIN_SCORE = 0.5
"""Lines below are noise: ruled paper, stamps, photographs."""

AROUND_MISSED = 0.18
"""Room around ink that detection gave no box, in heights of it."""

LINE_MISSED = 3.0
"""Such ink is looked at by the detector again where it is so many times as wide as high ..."""

ENLARGED = 1.5
"""... so many times enlarged."""

MIN_SIDE = 48
"""Smaller pictures are framed before detection, which needs some paper around a line."""


class ReadText(Protocol):
    """An OCR engine: a page picture in, its text lines out. Another engine is an argument."""

    def __call__(self, image: RGBImage) -> list[TextLine]:
        """Read (H, W, 3) uint8 RGB; boxes in pixels of `image`, from top to bottom."""
        ...

    def read_lines(self, lines: Sequence[RGBImage]) -> list[tuple[str, float]]:
        """Read pictures of one line each: text and score 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class _Crop:
    """A line cut out and set straight, with the way from its pixels to those of the page."""

    pixels: RGBImage
    to_page: NDArray[np.float64]  # 3 x 3 projective map
    angle: float


class PageReader:
    """PP-OCRv6 with the settings that measured best on business pages (see docs/decisions/0004)."""

    def __init__(self, *, threads: int = 1) -> None:
        self._engine = Engine(threads=threads)

    def __call__(self, image: RGBImage) -> list[TextLine]:
        """Read (H, W, 3) uint8 RGB; boxes in pixels of `image`, from top to bottom."""
        framed, shift = _frame(image)
        quads = self._detect(framed)
        if not quads:
            return []
        usual = float(np.median([_height(quad) for quad in quads]))
        lines = [x for x in self._lines(framed, quads, usual) if (x.score or 0.0) >= MIN_SCORE]
        lines = self._with_missed(framed, lines)
        back = Affine.shift(-shift, -shift)
        inside = [_moved(line, back, image.shape[1], image.shape[0]) for line in lines]
        marked = with_bullets(inside, image)
        return sorted(marked, key=lambda line: (line.box.y0, line.box.x0))

    def read_lines(self, lines: Sequence[RGBImage]) -> list[tuple[str, float]]:
        """Read pictures of one line each: text and score 0 to 1."""
        texts = []
        for pixels, (reading, turned) in zip(lines, self._read(lines), strict=True):
            upright = np.ascontiguousarray(pixels[::-1, ::-1]) if turned else pixels
            texts.append((split_words(reading, find_ink(upright))[0], reading.score))
        return texts

    def _detect(self, image: RGBImage) -> list[Quad]:
        longest = max(image.shape[:2])
        side = min(FIRST_SIDE, 3 * longest)
        quads = self._engine.detect(image, side)
        if not quads:
            return quads
        small = float(np.percentile([_height(quad) for quad in quads], 25)) * side / longest
        if small >= SMALL_LINE or side >= LAST_SIDE:
            return quads
        wanted = min(LAST_SIDE, 32 * math.ceil(side * GOOD_LINE / small / 32))
        return self._engine.detect(image, min(wanted, 3 * longest))

    def _with_missed(self, image: RGBImage, lines: Sequence[TextLine]) -> list[TextLine]:
        """The lines and the text among the ink that has no line."""
        if not lines:
            return []
        em = float(np.median([line.box.height for line in lines]))
        places = missed_places(image, lines, em=em)
        wide = any(is_wide(char) for line in lines for char in line.text)
        found: list[TextLine] = []

        def keep(read: Sequence[TextLine]) -> None:
            for line in read:
                if is_text(line, em=em, wide=wide) and not is_known(line.box, [*lines, *found]):
                    found.append(line)

        keep(self._lines(image, [_around(place) for place in places], em))
        flat = [p for p in places if p.width >= LINE_MISSED * p.height and not is_known(p, found)]
        keep(self._lines(image, [q for p in flat for q in self._parts(image, p)], em))
        return [*without_slivers(lines, found, em=em), *found]

    def _parts(self, image: RGBImage, place: Box) -> list[Quad]:
        """The lines in a place, which detection sees where it is enlarged."""
        crop = cut(image, place.padded(0.5 * place.height))
        side = round(ENLARGED * max(crop.pixels.shape[:2]))
        found = self._engine.detect(crop.pixels, min(side, LAST_SIDE))
        corner = np.array([crop.box.x0, crop.box.y0], np.float32)
        quads = [quad + corner for quad in found]
        return [quad for quad in quads if place.contains(*quad.mean(axis=0))]

    def _lines(self, image: RGBImage, quads: Sequence[Quad], usual: float) -> list[TextLine]:
        """What stands in these places, where anything does."""
        crops = [_cut(image, quad, usual) for quad in quads]
        readings = self._read([crop.pixels for crop in crops])
        lines = [
            _line(crop, reading, turned)
            for crop, (reading, turned) in zip(crops, readings, strict=True)
        ]
        return [line for line in lines if line is not None]

    def _read(self, lines: Sequence[RGBImage]) -> list[tuple[Reading, bool]]:
        """Each line's reading, and whether it was clearly better upside down."""
        readings = self._engine.recognize(lines)
        unsure = [i for i, reading in enumerate(readings) if reading.score < SURE]
        turned = self._engine.recognize(
            [np.ascontiguousarray(lines[i][::-1, ::-1]) for i in unsure]
        )
        results = [(reading, False) for reading in readings]
        for i, reading in zip(unsure, turned, strict=True):
            if reading.score > readings[i].score + CLEARLY and len(reading.text) > 1:
                results[i] = (reading, True)
        return results


def default_reader(*, threads: int = 1) -> PageReader:
    """The OCR engine that is used where the caller brings none."""
    return PageReader(threads=threads)


def _frame(image: RGBImage) -> tuple[RGBImage, int]:
    """Put a border in the colour of the edge around a picture too small for line detection."""
    if min(image.shape[:2]) >= MIN_SIDE:
        return image, 0
    border = MIN_SIDE
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    colour = [int(value) for value in np.median(edge, axis=0)]
    framed = cv2.copyMakeBorder(
        image, border, border, border, border, cv2.BORDER_CONSTANT, value=colour
    )
    return framed, border


def _around(place: Box) -> Quad:
    """The corners of a box with a little room around it."""
    x0, y0, x1, y1 = place.padded(AROUND_MISSED * min(place.width, place.height)).as_tuple()
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float32)


def _height(quad: Quad) -> float:
    left = float(np.linalg.norm(quad[3] - quad[0]))
    right = float(np.linalg.norm(quad[2] - quad[1]))
    top = float(np.linalg.norm(quad[1] - quad[0]))
    return min(max(left, right), max(top, 1.0))


def _cut(image: RGBImage, quad: Quad, usual_height: float) -> _Crop:
    """Cut a line out and set it horizontal; a column of text is laid on its side.

    A tall, narrow picture is a vertical line only if it is longer than a line is high: a lone digit
    is not.
    """
    width = max(1, round(max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3]))))
    height = max(
        1, round(max(np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1])))
    )
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    if height >= 1.5 * width and height > 1.8 * usual_height:
        # Text on its side reads from the bottom up.
        width, height = height, width
        corners = np.array([[0, height], [0, 0], [width, 0], [width, height]], np.float32)
    forward = cv2.getPerspectiveTransform(np.ascontiguousarray(quad, np.float32), corners)
    pixels = cv2.warpPerspective(
        image, forward, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    back = np.linalg.inv(forward)
    (x0, y0), (x1, y1) = _project(back, 0, height / 2), _project(back, width, height / 2)
    angle = math.degrees(math.atan2(y0 - y1, x1 - x0))
    return _Crop(np.asarray(pixels, np.uint8), back, angle)


def _project(matrix: NDArray[np.float64], x: float, y: float) -> tuple[float, float]:
    u, v, w = matrix @ (x, y, 1.0)
    return float(u / w), float(v / w)


def _line(crop: _Crop, reading: Reading, turned: bool) -> TextLine | None:
    pixels = np.ascontiguousarray(crop.pixels[::-1, ::-1]) if turned else crop.pixels
    ink = find_ink(pixels)
    text, parts = split_words(reading, ink)
    if not parts:
        return None
    height, width = pixels.shape[:2]

    def place(x0: float, x1: float) -> Box:
        if turned:
            x0, x1, y0, y1 = width - x1, width - x0, height - ink.bottom, height - ink.top
        else:
            y0, y1 = ink.top, ink.bottom
        corners = [_project(crop.to_page, x, y) for x in (x0, x1) for y in (y0, y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    words = tuple(Word(part.text, place(part.x0, part.x1), part.score) for part in parts)
    angle = crop.angle + 180 if turned else crop.angle
    box = place(parts[0].x0, parts[-1].x1)
    size = em_size(text, ink)
    return TextLine(
        text,
        box,
        reading.score,
        words,
        angle=round((angle + 180) % 360 - 180, 2),
        stroke=round(ink.stroke, 2),
        size=None if size is None else round(size, 1),
        slant=ink.slant,
        color=ink.color,
    )


def _moved(line: TextLine, way: Affine, width: int, height: int) -> TextLine:
    moved = move_line(line, way)
    words = tuple(replace(word, box=word.box.clipped(width, height)) for word in moved.words)
    return replace(moved, box=moved.box.clipped(width, height), words=words)
