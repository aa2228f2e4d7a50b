"""Long tables in pieces.

The network was trained on tables that fit 500 tokens and a square of 488 pixels. Beyond some 35
rows of text it loses its place, so such a table is cut between rows and put together again. Shorter
tables are better left whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import TextLine
from structure.core.geometry import Affine
from structure.core.images import RGBImage
from table.preprocess import Prepared, ink_box, ink_mask

LONG = 35
"""Tables with at least so many rows of text are cut."""

PIECE = 25
"""Most rows of text in a piece."""

TOKENS = 440
"""Most tokens in a piece: a row has one for each cell and two of its own."""

_REACH = 3  # rows of text by which a cut may depart from an equal division
_RULE = 0.3  # share of the picture's side from which on a straight stroke is a rule


def text_rows(pixels: RGBImage) -> list[tuple[int, int]]:
    """(top, bottom) of every row of text, from top to bottom; drawn rules do not count.

    Args:
        pixels: A prepared picture: dark on light and upright.
    """
    ink = _without_rules(ink_mask(pixels))
    filled = np.concatenate([[False], ink.any(axis=1), [False]])
    edges = np.flatnonzero(filled[1:] != filled[:-1])
    rows = [(int(top), int(bottom)) for top, bottom in edges.reshape(-1, 2)]
    # What is far lower than a row of text is a dot, an accent or the rest of a rule.
    usual = float(np.median([bottom - top for top, bottom in rows])) if rows else 0.0
    return [(top, bottom) for top, bottom in rows if bottom - top > 0.4 * usual]


def rows_of_lines(lines: Sequence[TextLine]) -> list[tuple[int, int]]:
    """(top, bottom) of every row of text, from top to bottom, as the boxes of text lines tell.

    They see rows that touch each other or a coloured ground, where ink alone sees one.
    """
    usual = median(line.box.height for line in lines) if lines else 0.0
    rows: list[tuple[float, float]] = []
    for box in sorted((line.box for line in lines), key=lambda box: box.y0):
        if box.height > 2 * usual:
            continue
        # Boxes of neighbouring rows overlap by ascenders and descenders.
        top, bottom = box.y0 + 0.25 * box.height, box.y1 - 0.25 * box.height
        if rows and top < rows[-1][1]:
            rows[-1] = rows[-1][0], max(rows[-1][1], bottom)
        else:
            rows.append((top, bottom))
    return [(round(top), round(bottom)) for top, bottom in rows]


def pieces_needed(rows: int, cols: int) -> int:
    """Into how many pieces to cut: neither too many rows nor too many tokens in one."""
    most = max(2, min(PIECE, TOKENS // (cols + 2)))
    return max(2, math.ceil(rows / most))


def cut(picture: Prepared, rows: list[tuple[int, int]], pieces: int) -> list[Prepared]:
    """Cut a picture in the widest gaps between rows near an equal division.

    Args:
        picture: The whole table.
        rows: Its rows of text.
        pieces: How many pieces to make; fewer where there are not enough rows.

    Returns:
        The pieces from top to bottom, each cropped to its ink.
    """
    gaps = [(below[0] - above[1], (above[1] + below[0]) // 2) for above, below in pairwise(rows)]
    cuts = {0, picture.pixels.shape[0]}
    for number in range(1, pieces):
        middle = round(number * len(rows) / pieces) - 1
        near = range(max(0, middle - _REACH), min(len(gaps), middle + _REACH + 1))
        if near:
            # Of equally wide gaps the one nearest to the equal division.
            cuts.add(gaps[max(near, key=lambda i: (gaps[i][0], -abs(i - middle)))][1])
    parts = [_piece(picture, top, bottom) for top, bottom in pairwise(sorted(cuts))]
    return [part for part in parts if not part.blank]


def _piece(picture: Prepared, top: int, bottom: int) -> Prepared:
    part = picture.pixels[top:bottom]
    box = ink_box(ink_mask(part))
    x0, y0, x1, y1 = box or (0, 0, part.shape[1], part.shape[0])
    way = Affine.shift(x0, top + y0).then(picture.to_crop)
    return Prepared(np.ascontiguousarray(part[y0:y1, x0:x1]), way, blank=box is None)


def _without_rules(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = ink.shape
    for axis, side in ((1, width), (0, height)):
        rules = _long_runs(ink, axis, max(3, int(_RULE * side)))
        # One pixel more on each side: the soft edge of the stroke.
        ink = ink & ~cv2.dilate(rules, np.ones((3, 3), np.uint8)) & 1
    return ink


def _long_runs(ink: NDArray[np.uint8], axis: int, length: int) -> NDArray[np.uint8]:
    """(H, W) with 1 for ink in runs along `axis` of at least `length` pixels.

    Half of that is enough for a run that leaves the picture. An opening would do, but takes ten
    times as long with so long an element.
    """
    rows = ink if axis == 1 else cv2.transpose(ink)
    padded = cv2.copyMakeBorder(rows, 0, 0, 1, 1, cv2.BORDER_CONSTANT, value=0)
    width = padded.shape[1]
    # A run lies after its first edge and up to its second one.
    first, last = np.flatnonzero(np.diff(padded.ravel())).reshape(-1, 2).T
    lengths = last - first
    lengths += (first % width == 0) * (length // 2)
    lengths += (last % width == width - 2) * ((length - 1) // 2)
    runs = np.zeros_like(padded)
    flat = runs.ravel()
    for start, end in zip(first[lengths >= length], last[lengths >= length], strict=True):
        flat[start + 1 : end + 1] = 1
    found = runs[:, 1:-1]
    return np.ascontiguousarray(found if axis == 1 else found.T)
