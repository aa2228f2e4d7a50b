"""Check boxes: small drawn squares beside text, which a text recogniser reads as anything.

A square with ink on all four sides and none around it is a box to be ticked; with a mark inside it
is ticked, and so is one that was made a blot. It becomes one character of the line that it
stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from layout.geometry import line_height
from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box, union
from structure.core.images import RGBImage
from structure.core.text import is_wide

EMPTY, TICKED = "\u2610", "\u2612"

# Sides of a box, in heights of a usual line, and how much longer the longer ones are; larger and
# flatter ones count where there are others of their size.
_LEAST, _MOST = 0.55, 1.3
_SQUARE = 1.3
_LARGE, _FLAT = 2.0, 1.45
_PIXELS = 10
# Share of its bounding box that the outline takes; round letters leave the corners out.
_CORNERS = 0.88
# Share of each side that is drawn, and of the inside that is ink from a tick on and where it is
# filled: a bullet or a letter, unless other boxes of the page have the same size up to so much.
_SIDE = 0.85
_TICK = 0.1
_FULL = 0.7
_ALIKE = 0.15
# A worn or heavy outline is at most so thick against the box, and so much of its rows is ink.
_THICK = 0.34
_THROUGH = 0.4
# A stroke from side to side is part of a letter (B, 8), not of a tick.
_CROSSBAR = 0.9
# Free room left and right of a box, and how far its text stands from it at most, in heights of it.
_FREE = 0.12
_NEAR = 3.0
# A letter is at least so wide, in heights of a box beside it.
_NARROW = 0.45
# What boxes are read as where they stand alone, and where they touch a word.
_READ = "xXOoDVv0\u53e3\u56de\u25a1"
_SIGNS = "\u53e3\u56de\u25a1"


# A line of text is so many times as high as the box in it.
_WORD_HEIGHT = 1.1
# Ink behind a word that is a box typed over is so many times as wide as a box, and so dark.
_BLOT, _BLACK = (0.9, 2.5), 0.35


@dataclass(frozen=True, slots=True)
class CheckBox:
    """A box to be ticked, in pixels of the page; `over`: it was read as the end of a word."""

    box: Box
    ticked: bool
    over: bool = False


def with_checkboxes(lines: Sequence[TextLine], pixels: RGBImage) -> list[TextLine]:
    """The lines with the check boxes of the page in them, as U+2610 or U+2612.

    Args:
        lines: All text lines of the page; upright ones get the boxes that stand in or beside them.
        pixels: (H, W, 3) uint8, the page.
    """
    em = line_height(lines, pixels.shape[0])
    result = list(lines)
    boxes = find_checkboxes(pixels, em)
    for box in [*boxes, *_typed_over(lines, boxes, pixels)]:
        near = [
            (distance, i)
            for i, line in enumerate(result)
            if _may_hold(line) and (distance := _distance(line.box, box.box)) is not None
        ]
        if near:
            _, i = min(near)
            result[i] = _with_box(result[i], box)
    return result


def find_checkboxes(pixels: RGBImage, em: float) -> list[CheckBox]:
    """Squares of about the height of a line, drawn on all sides and standing free.

    Args:
        pixels: (H, W, 3) uint8, dark on light.
        em: Height of a usual line of text in pixels.
    """
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(
        gray, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 2 * round(em) + 1, 25
    )
    outlines, levels = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found: list[CheckBox] = []
    doubtful: list[CheckBox] = []
    empty: list[Box] = []
    for outline, (*_, parent) in zip(outlines, levels[0] if len(outlines) else (), strict=True):
        if parent >= 0:
            continue  # a hole
        x, y, w, h = cv2.boundingRect(outline)
        small, large = min(w, h), max(w, h)
        if not max(_PIXELS, _LEAST * em) <= small <= large <= min(_LARGE * em, _FLAT * small):
            continue
        if cv2.contourArea(outline) < _CORNERS * (w - 1) * (h - 1):
            continue
        box = Box(x, y, x + w, y + h)
        part = ink[y : y + h, x : x + w]
        inside = _inside(part)
        if inside is not None and _is_free(ink, x, y, w, h):
            usual = large <= min(_MOST * em, _SQUARE * small)
            sure = usual and inside < _FULL
            (found if sure else doubtful).append(CheckBox(box, inside >= _TICK))
            empty += [box] if inside < _TICK else []
    found += [c for c in doubtful if any(_alike(c.box, box) for box in empty if box is not c.box)]
    return sorted(found, key=lambda c: (c.box.y0, c.box.x0))


def _typed_over(
    lines: Sequence[TextLine], boxes: Sequence[CheckBox], pixels: RGBImage
) -> list[CheckBox]:
    """Boxes that an X of a typewriter has made a blot, which was read as a part of their word.

    They stand in a row with an empty box, and their word is wider than its letters by a box.
    """
    words = [word for line in lines for word in line.words if len(word.text) > 1]
    if not words:
        return []
    advance = median(word.box.width / len(word.text) / word.box.height for word in words)
    found = []
    for line in lines:
        last = line.words[-1] if line.words and abs(line.angle) <= 10 else None
        beside = [c.box for c in boxes if not c.ticked and last and _in_row(last.box, c.box)]
        if last is None or not beside or not last.text.isalpha():
            continue
        side = beside[0].height
        # A blot makes its word too high, not the box of the same row.
        letters = _WORD_HEIGHT * side * advance * len(last.text)
        blot = Box(last.box.x0 + letters, beside[0].y0, last.box.x1, beside[0].y1)
        if _BLOT[0] * side <= blot.width <= _BLOT[1] * side and _is_dark(pixels, blot):
            box = Box(blot.x1 - side, blot.y0, blot.x1, blot.y1)
            found.append(CheckBox(box, ticked=True, over=True))
    return found


def _in_row(word: Box, box: Box) -> bool:
    return box.x0 > word.x1 and word.overlap_y(box) > 0.7 * box.height


def _is_dark(pixels: RGBImage, box: Box) -> bool:
    """Whether a place holds far more ink than letters do."""
    x0, y0, x1, y1 = (max(0, round(v)) for v in box.as_tuple())
    part = pixels[y0:y1, x0:x1].mean(axis=2)
    if not part.size:
        return False
    return bool((part < (part.max() + part.min()) / 2).mean() >= _BLACK)


def _alike(a: Box, b: Box) -> bool:
    """Whether two boxes have the same size."""
    return all(
        abs(m - n) <= _ALIKE * max(m, n) for m, n in ((a.width, b.width), (a.height, b.height))
    )


def _inside(part: NDArray[np.uint8]) -> float | None:
    """Share of ink within a drawn square; None where its sides are not drawn or not straight."""
    height, width = part.shape
    rim = max(2, round(0.16 * min(height, width)))
    for side in (part[:rim], part[::-1][:rim], part.T[:rim], part.T[::-1][:rim]):
        # Two rows or columns beside each other hold all of a side, corner to corner; letters are
        # round or open.
        pairs = np.maximum(side[:-1], side[1:])
        best = pairs[pairs.mean(axis=1).argmax()]
        if best.mean() < _SIDE or not (best[:rim].any() and best[-rim:].any()):
            return None
    edge = max(rim, _thickness(part)) + 1
    inner = part[edge:-edge, edge:-edge]
    if not inner.size:
        return None
    middle = inner[len(inner) // 4 : len(inner) - len(inner) // 4]
    if middle.mean(axis=1).max() >= _CROSSBAR and inner.mean() < _FULL:
        return None
    return float(inner.mean())


def _thickness(part: NDArray[np.uint8]) -> int:
    """How thick the thickest side of a drawn square is, in pixels; a blot counts as thin."""
    most = round(_THICK * min(part.shape))
    sides = []
    for side in (part, part[::-1], part.T, part.T[::-1]):
        middle = side[: most + 1, side.shape[1] // 4 : side.shape[1] - side.shape[1] // 4]
        light = np.flatnonzero(middle.mean(axis=1) < _THROUGH)
        sides.append(int(light[0]) if len(light) else 0)
    return max(sides)


def _is_free(ink: NDArray[np.uint8], x: int, y: int, w: int, h: int) -> bool:
    reach = max(2, round(_FREE * h))
    top, left = max(0, y - reach), max(0, x - reach)
    around = (
        ink[y : y + h, left : max(0, x - 1)],
        ink[y : y + h, x + w + 1 : x + w + reach],
        ink[top : max(0, y - 1), x : x + w],
        ink[y + h + 1 : y + h + reach, x : x + w],
    )
    return not any(side.size and side.mean() > 0.25 for side in around)


def _may_hold(line: TextLine) -> bool:
    """Whether a line is upright and its words known; many Chinese characters look like boxes."""
    if abs(line.angle) > 10 or (line.words and " ".join(w.text for w in line.words) != line.text):
        return False
    return "\u25a1" in line.text or not any(map(is_wide, line.text))


def _distance(line: Box, box: Box) -> float | None:
    """How far a box stands from a line beside it; None where it stands elsewhere."""
    if line.overlap_y(box) < 0.5 * min(line.height, box.height) or line.height > 2.5 * box.height:
        return None
    apart = max(0.0, line.x0 - box.x1, box.x0 - line.x1)
    return apart if apart <= _NEAR * box.height else None


def _with_box(line: TextLine, box: CheckBox) -> TextLine:
    """The line with the character of the box among its words, instead of what was read for it."""
    words: list[Word] = []
    for word in line.words or (Word(line.text, line.box, line.score),):
        kept = _without(word, box.box) if not box.over else [_before(word, box.box)]
        if kept is None:
            return line  # a letter that looks like a box
        words += kept
    mark = Word(TICKED if box.ticked else EMPTY, box.box)
    words = sorted([*words, mark], key=lambda word: word.box.center[0])
    text = " ".join(word.text for word in words)
    return replace(line, text=text, box=union([line.box, box.box]), words=tuple(words))


def _before(word: Word, box: Box) -> Word:
    """A word that ends where a box begins, if the box stands in its place."""
    if word.box.intersection(box).area == 0:
        return word
    return replace(word, box=Box(word.box.x0, word.box.y0, box.x0, word.box.y1))


def _without(word: Word, box: Box) -> list[Word] | None:
    """A word without what was read for a box in it; None where the box is a part of its text."""
    text = word.text
    if word.box.intersection(box).width <= 0.3 * box.width or not text:
        return [word]
    if len(text) == 1 and (text in _READ or not text.isalnum()):
        return []
    if word.score is None and word.font is not None and not set(_SIGNS) & set(text):
        return None  # A text layer knows what its letters are.
    first = abs(box.x0 - word.box.x0) < abs(box.x1 - word.box.x1)
    char = text[0] if first else text[-1]
    if char.isalnum() and char not in _SIGNS:
        # The box of a word may begin at the square before it, but then it is too wide for its text.
        middle = (
            word.box.x0 + 0.2 * word.box.width < box.center[0] < word.box.x1 - 0.2 * word.box.width
        )
        return None if middle or word.box.width < (len(text) + 1) * _NARROW * box.height else [word]
    rest = text[1:] if first else text[:-1]
    area = (
        Box(min(box.x1, word.box.x1 - 1), word.box.y0, word.box.x1, word.box.y1)
        if first
        else Box(word.box.x0, word.box.y0, max(box.x0, word.box.x0 + 1), word.box.y1)
    )
    return [replace(word, text=rest, box=area)]
