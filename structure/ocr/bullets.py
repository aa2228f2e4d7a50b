"""Bullets before the items of a list, which text recognition leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box, union
from structure.core.images import RGBImage

# All lengths as shares of the height of the line's ink.
_REACHES = (3.2, 4.8)
"""How far to the left of a line a bullet is looked for: first near it, then farther."""
_INTO = 2.0
"""How far into the first word of a line, which may hold the bullet."""
_LEAST_GAP = 0.25
_DOT, _SQUARE_SIZE = (0.15, 0.62), (0.15, 0.85)
"""How wide and high a round bullet is, and a square one, which no letter looks like."""
_DASH_WIDTH = (0.3, 1.4)
_DASH_HEIGHT = 0.2
_MIDDLE = (0.22, 0.82)
"""Where the middle of a bullet stands between the top and the bottom of the line."""
_SPECK = 0.06
_ALIGNED = 0.35
"""Bullets of one list stand below each other, this exactly."""

_ROUND = (0.7, 1.4)
_FILLED, _SQUARE = 0.6, 0.93
"""Share of its box that a filled bullet covers, and a square one."""
_LONG = 2.2
_LEVEL = 2.0
"""Degrees by which a line may lean."""
_LETTERS = 3
"""An item has so many letters; a dash before a number is a sign."""
_ROUND_DOT, _SQUARE_DOT, _DASH = "•", "▪", "\u2013"
_MARKS = "•·▪■○●◦‣□◆◇►▶➢❖✓\u2013—-*"


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    mark: str
    box: Box
    text_x0: float


def with_bullets(lines: Sequence[TextLine], image: RGBImage) -> list[TextLine]:
    """Put a bullet before each line that has one on the page but not in its text.

    A lone mark proves nothing: two lines at least must have the same one, below each other.

    Args:
        lines: Lines of the page, boxes in pixels of `image`.
        image: (H, W, 3) uint8 RGB.

    Returns:
        As many lines, in the same order.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    seen = (
        next(filter(None, (_before(i, lines, grey, reach) for reach in _REACHES)), None)
        for i in range(len(lines))
    )
    found = [one for one in seen if one is not None]
    marked = list(lines)
    for one in found:
        alike = [other for other in found if _same_list(one, other, lines)]
        if len(alike) > 1:
            # Blur rounds a square, but nothing squares a dot.
            mark = one.mark if all(other.mark == one.mark for other in alike) else _ROUND_DOT
            marked[one.line] = _marked(lines[one.line], replace(one, mark=mark))
    return marked


def _same_list(a: _Found, b: _Found, lines: Sequence[TextLine]) -> bool:
    height = max(lines[a.line].box.height, lines[b.line].box.height)
    dashes = a.mark == _DASH, b.mark == _DASH
    return dashes[0] == dashes[1] and abs(a.box.x0 - b.box.x0) <= _ALIGNED * height


def _before(
    index: int, lines: Sequence[TextLine], grey: NDArray[np.uint8], reach: float
) -> _Found | None:
    line = lines[index]
    box, height = line.box, line.box.height
    if (
        abs(line.angle) > _LEVEL
        or not line.words
        or line.text[:1] in _MARKS
        or sum(char.isalpha() for char in line.text) < _LETTERS
    ):
        return None
    left = max(
        [0.0, box.x0 - reach * height]
        + [
            other.box.x1
            for other in lines
            if other is not line and other.box.x1 <= box.x0 and other.box.overlap_y(box) > 0
        ]
    )
    right = min(line.words[0].box.x1, box.x0 + _INTO * height)
    x0, x1, y0, y1 = round(left), round(right), round(box.y0), round(box.y1)
    if x1 - x0 < 4 or y1 - y0 < 6:
        return None
    parts = _parts(grey[y0:y1, x0:x1], _SPECK * height)
    if len(parts) < 2:
        return None
    (bx0, by0, bx1, by1, filled), following = parts[0], parts[1]
    mark = _mark((bx1 - bx0) / height, (by1 - by0) / height, filled)
    middle = (by0 + by1) / 2 / height
    free = bx0 > 0 and by0 > 0 and by1 < y1 - y0 and _MIDDLE[0] <= middle <= _MIDDLE[1]
    gap = min(part[0] for part in parts[1:]) - bx1
    if mark is None or not free or gap < _LEAST_GAP * height:
        return None
    if x0 + following[0] < box.x0 - _LEAST_GAP * height:
        return None  # something else stands between the mark and the line
    return _Found(
        index, mark, Box(x0 + bx0, y0 + by0, x0 + bx1, y0 + by1), float(x0 + following[0])
    )


def _parts(grey: NDArray[np.uint8], least: float) -> list[tuple[int, int, int, int, float]]:
    """(x0, y0, x1, y1, filled share) of all connected ink, from left to right, without specks."""
    threshold, _ = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark = grey <= threshold
    if dark.mean() > 0.5:
        dark = ~dark
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    return sorted(
        (int(x), int(y), int(x + w), int(y + h), float(area / (w * h)))
        for x, y, w, h, area in stats[1:]
        if max(w, h) >= max(least, 2)
    )


def _mark(width: float, height: float, filled: float) -> str | None:
    """The bullet of this size (in heights of the line) and shape."""
    ratio = width / max(height, 1e-6)
    if _ROUND[0] <= ratio <= _ROUND[1]:
        size = max(width, height)
        if filled >= _SQUARE and _SQUARE_SIZE[0] <= size <= _SQUARE_SIZE[1]:
            return _SQUARE_DOT
        return _ROUND_DOT if filled >= _FILLED and _DOT[0] <= size <= _DOT[1] else None
    flat = height <= _DASH_HEIGHT and ratio >= _LONG and filled >= _FILLED
    return _DASH if flat and _DASH_WIDTH[0] <= width <= _DASH_WIDTH[1] else None


def _marked(line: TextLine, found: _Found) -> TextLine:
    first = line.words[0]
    start = min(max(found.text_x0, first.box.x0), first.box.x1)
    own = replace(first, box=Box(start, first.box.y0, first.box.x1, first.box.y1))
    return replace(
        line,
        text=f"{found.mark} {line.text}",
        box=union([line.box, found.box]),
        words=(Word(found.mark, found.box, line.score), own, *line.words[1:]),
    )
