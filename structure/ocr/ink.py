"""The ink of a line picture: where it lies, how thick its strokes are, how large its letters."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.images import RGBImage
from structure.core.text import is_wide

FULL_COLUMN = 0.98
"""Share of ink from which a column of a line picture is a drawn rule and no letter."""

RULE_LENGTH = 1.5
"""A horizontal stroke so many times as long as the picture is high is a drawn rule."""

ASCENDERS, DESCENDERS = "bdfhkl\u00df", "gjpqy"
NEITHER = "tij"
"""Small letters that are neither as high as an x nor as a capital."""

SMALL_EM, TALL_EM, WIDE_EM = 0.48, 0.7, 0.92
"""Height in em of small letters (0.45 in Times, 0.52 in Arial), of capitals and figures (0.66 and
0.72), of Chinese characters."""

WIDE_SHARE = 0.34
"""Chinese characters among others, against these, from which on they make the height of a line."""

BAR = 0.25
"""Share of the height of a line that its small letters take at least."""

SLANTS = range(-6, 25, 2)
"""Degrees that are tried; italic type leans by 12 to 18."""

LEAST_HEIGHT, WIDEST, FAINT = 6, 600, 0.2
"""Pixels in height from which a line tells its slant, how much of its width is looked at, and the
amount of ink below which a pixel is paper."""

CORE = 0.25
"""Share of the ink, the darkest, that shows its colour."""

COLORED, LEAST_BRIGHT, NEUTRAL = 0.4, 90.0, 30.0
"""Spread of the channels of coloured ink, as a share of its brightest one, which counts as at least
so bright; and the spread of paper that is white or grey."""

_EMPTY: NDArray[np.float32] = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Ink:
    """Where the ink of a line picture lies.

    Attributes:
        top: First row of the line's ink.
        bottom: Row after the last one.
        columns: (W,) whether a column holds ink between `top` and `bottom`.
        stroke: Mean width of the strokes in pixels, 0 without ink.
        rows: (bottom - top,) amount of ink in each row, in pixels of full ink.
        slant: How far the letters lean to the right, in degrees.
        color: "RRGGBB" of ink that is clearly coloured, on paper that is not.
    """

    top: int
    bottom: int
    columns: NDArray[np.bool_]
    stroke: float = 0.0
    rows: NDArray[np.float32] = field(default_factory=lambda: _EMPTY)
    slant: float = 0.0
    color: str | None = None


def find_ink(line: RGBImage) -> Ink:
    """Separate ink from paper (Otsu) and follow the ink up and down from the middle of the line.

    Parts of the lines above and below, which a line picture often shows at its edges, and drawn
    rules are left out.
    """
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    threshold, _ = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    black = grey <= threshold
    light = bool(black.mean() > 0.5)
    if light:
        black = ~black
    dark = _without_rules(black)
    rows = dark.sum(axis=1) >= max(1.0, 0.004 * width)
    middle = height // 2
    if not rows.any():
        return Ink(0, height, np.ones(width, np.bool_))
    if not rows[middle]:
        middle = int(np.flatnonzero(rows)[np.abs(np.flatnonzero(rows) - middle).argmin()])
    empty = np.flatnonzero(~rows)
    above, below = empty[empty < middle], empty[empty > middle]
    top = int(above[-1]) + 1 if len(above) else 0
    bottom = int(below[0]) if len(below) else height
    # Dots of i and j, accents and the lower part of a colon stand apart from the letters.
    reach = round(0.25 * (bottom - top))
    for row in range(top - 1, max(-1, top - 1 - reach), -1):
        if rows[row]:
            top = row
    for row in range(bottom, min(height, bottom + reach)):
        if rows[row]:
            bottom = row + 1
    top, bottom = _without_neighbours(dark, top, bottom)
    amount = _amount(grey, black)
    columns = np.asarray(dark[top:bottom].any(axis=0), np.bool_)
    rules = cv2.dilate((black & ~dark).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    profile = np.where(rules, 0.0, amount)[top:bottom].sum(axis=1).astype(np.float32)
    letters = np.where(rules, 0.0, amount)[top:bottom].astype(np.float32)
    color = None if light else ink_color(line[top:bottom], dark[top:bottom])
    stroke = _stroke(amount[top:bottom])
    return Ink(top, bottom, columns, stroke, profile, slant_of(letters), color)


def slant_of(amount: NDArray[np.float32]) -> float:
    """Degrees by which letters lean to the right: where their stems, set upright, fall together.

    Args:
        amount: (H, W) how much of each pixel is ink, 0 to 1.
    """
    height, width = amount.shape
    if height < LEAST_HEIGHT or not amount.any():
        return 0.0
    ys, xs = np.nonzero(amount[:, :WIDEST] > FAINT)
    weights = amount[ys, xs].astype(np.float64)
    best, slant = -1.0, 0.0
    for angle in SLANTS:
        lean = math.tan(math.radians(angle))
        at = xs + lean * (ys - height / 2) + height
        cells = np.floor(at).astype(np.intp)
        part = at - cells
        size = min(width, WIDEST) + 2 * height + 2
        profile = np.bincount(cells, weights * (1 - part), size)
        profile += np.bincount(cells + 1, weights * part, size)
        # Upright type is not spread over two cells as leaning type is; smoothing makes them equal.
        smooth = np.convolve(profile, (0.25, 0.5, 0.25))
        sharpness = float((np.diff(smooth) ** 2).sum())
        if sharpness > best:
            best, slant = sharpness, float(angle)
    return slant


def ink_color(line: RGBImage, dark: NDArray[np.bool_]) -> str | None:
    """Clearly coloured ink as "RRGGBB"; None where it is black or grey, or the paper coloured.

    Args:
        line: (H, W, 3) picture of a line.
        dark: (H, W) where its ink is.
    """
    if not dark.any() or dark.all():
        return None
    paper = np.median(line[~dark], axis=0)
    ink = line[dark].astype(np.float32)
    if float(np.ptp(paper)) > NEUTRAL:
        return None
    # The edges of letters are half paper.
    brightness = ink.sum(axis=1)
    core = np.median(ink[brightness <= np.quantile(brightness, CORE)], axis=0)
    if float(np.ptp(core)) < COLORED * max(float(core.max()), LEAST_BRIGHT):
        return None
    red, green, blue = (round(float(value)) for value in core)
    return f"{red:02X}{green:02X}{blue:02X}"


def em_size(text: str, ink: Ink) -> float | None:
    """Em size in pixels of a line, from the height of its letters; None for a line without any.

    The height is finer than a pixel: it is taken between the places where the amount of ink passes
    half of what there is on one side less what the tall letters, or the tails, leave on the other.
    """
    rows = ink.rows
    wide = sum(is_wide(char) for char in text)
    tall = sum(char.isupper() or char.isdigit() or char in ASCENDERS for char in text)
    small = sum(char.islower() and char not in ASCENDERS + NEITHER for char in text)
    if max(wide, small, tall) == 0 or not rows.any():
        return None
    heavy = np.flatnonzero(rows >= 0.5 * rows.max())
    first, last = int(heavy[0]), int(heavy[-1])
    level = float(np.median(rows[first : last + 1]))
    if wide >= WIDE_SHARE * (small + tall):
        return _extent(rows, 0.25 * level, 0.25 * level) / WIDE_EM
    share = tall / (small + tall)
    if small >= tall:
        middle = (first + last) // 2
        above, below = rows[first : middle + 1], rows[middle : last + 1]
        top = _passes(rows, first + int(above.argmax()), -1, (0.5 + 0.4 * share) * level)
        base = _passes(rows, middle + int(below.argmax()), 1, 0.6 * level)
        return (base - top) / SMALL_EM
    tails = any(char in DESCENDERS or char in ",;()" for char in text)
    upper = 0.45 * level * share
    return _extent(rows, upper, 0.6 * level if tails else upper) / TALL_EM


def _passes(rows: NDArray[np.float32], start: int, step: Literal[-1, 1], level: float) -> float:
    """Where the ink falls below `level` on the way from row `start`; rows count from edges."""
    row = start
    while 0 <= row + step < len(rows) and rows[row + step] >= level:
        row += step
    return _between(rows, row, step, level)


def _extent(rows: NDArray[np.float32], upper: float, lower: float) -> float:
    """From the first row with as much ink as `upper` to the last one with `lower`."""
    top, bottom = np.flatnonzero(rows >= upper), np.flatnonzero(rows >= lower)
    return _between(rows, int(bottom[-1]), 1, lower) - _between(rows, int(top[0]), -1, upper)


def _between(rows: NDArray[np.float32], row: int, step: Literal[-1, 1], level: float) -> float:
    """Where between a row and the next one the ink falls below `level`."""
    if not 0 <= row + step < len(rows):
        return row + 0.5 + 0.5 * step
    inner, outer = float(rows[row]), float(rows[row + step])
    return row + 0.5 + step * (inner - level) / max(inner - outer, 1e-6)


def _without_neighbours(dark: NDArray[np.bool_], top: int, bottom: int) -> tuple[int, int]:
    """Cut off the feet of the line above and the heads of the line below where they touch this one.

    Most ink of a line lies between its baseline and the height of its small letters (or of its
    capitals). Ascenders and descenders reach at most 0.65 of that height beyond it: 0.53 and 0.48
    in Times, 0.40 and 0.40 in Arial.
    """
    amount = dark[top:bottom].sum(axis=1)
    heavy = np.flatnonzero(amount >= 0.35 * amount.max())
    first, last = top + int(heavy[0]), top + int(heavy[-1]) + 1
    if last - first < BAR * (bottom - top):
        return top, bottom  # the bar of a lone 7 or T
    reach = round(0.65 * (last - first)) + 1
    return max(top, first - reach), min(bottom, last + reach)


def _amount(grey: NDArray[np.uint8], dark: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How much of each pixel is ink, 0 to 1, as its grey value tells."""
    if dark.all() or not dark.any():
        return np.zeros(grey.shape, np.float32)
    ink, paper = float(np.median(grey[dark])), float(np.median(grey[~dark]))
    return np.clip((paper - grey.astype(np.float32)) / (paper - ink), 0.0, 1.0)


def _stroke(amount: NDArray[np.float32]) -> float:
    """Mean stroke width: twice the area of the ink over the length of its outline.

    Area and outline are taken from grey values, the outline as total variation, so that the width
    is finer than a pixel and blur hardly changes it.
    """
    padded = np.pad(amount, 1)
    down, right = np.diff(padded, axis=0)[:, :-1], np.diff(padded, axis=1)[:-1]
    outline = float(np.hypot(down, right).sum())
    return 2 * float(amount.sum()) / outline if outline > 0 else 0.0


def _without_rules(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Take out drawn rules, which may lean a little: the lines of a table around a number.

    They would count as a part of it.
    """
    height, width = dark.shape
    length = min(round(RULE_LENGTH * height), width)
    rest = dark & (dark.mean(axis=0, keepdims=True) < FULL_COLUMN)
    if length >= height:
        strokes = cv2.morphologyEx(
            dark.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, length), np.uint8)
        )
        rest &= cv2.dilate(strokes, np.ones((3, 1), np.uint8)) == 0
    return rest if rest.any() else dark
