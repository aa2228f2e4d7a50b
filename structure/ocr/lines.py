"""From a line picture and its characters to words: the ink decides where the spaces are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.images import RGBImage
from structure.core.text import is_wide
from structure.ocr.engine import Reading

OPENING = "([{\u2018\u201c\u00ab"
THIN = "iIlj|!"
CLOSING = ".,;:!?)]}%'\u2019\u201d\u00bb"

MIN_SPACE = 0.28
"""Narrowest gap, as a share of the ink height of the line, that may become a space."""

MIN_THIN_SPACE = 0.6
"""The same beside a digit or a thin letter."""

FULL_ROW, FULL_COLUMN = 0.85, 0.98
"""Share of ink from which a row or column of a line picture is a drawn rule and no letter."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Where the ink of a line picture lies.

    Attributes:
        top: First row of the line's ink.
        bottom: Row after the last one.
        columns: (W,) whether a column holds ink between `top` and `bottom`.
        stroke: Mean width of the strokes in pixels, 0 without ink.
        body: Height in pixels of the rows that hold most ink: of the small letters, or of the
            capitals where a line has no small ones.
    """

    top: int
    bottom: int
    columns: NDArray[np.bool_]
    stroke: float = 0.0
    body: float = 0.0


def find_ink(line: RGBImage) -> Ink:
    """Separate ink from paper (Otsu) and follow the ink up and down from the middle of the line.

    Parts of the lines above and below, which a line picture often shows at its edges, are left out.
    """
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    threshold, _ = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark = grey <= threshold
    if dark.mean() > 0.5:
        dark = ~dark
    dark = _without_rules(dark)
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
    amount = dark[top:bottom].sum(axis=1)
    body = np.flatnonzero(amount >= 0.5 * amount.max())
    height = float(body[-1] - body[0] + 1)
    top, bottom = _without_neighbours(dark, top, bottom)
    stroke = _stroke(grey[top:bottom], dark[top:bottom])
    columns = np.asarray(dark[top:bottom].any(axis=0), np.bool_)
    return Ink(top, bottom, columns, stroke, height)


def em_size(text: str, ink: Ink) -> float | None:
    """Em size in pixels of a line, from the height of its letters; None for a line without any.

    Small letters are 0.45 em high in Times and 0.52 em in Arial, capitals and figures 0.66 to 0.72
    em, Chinese characters fill 0.9 em.
    """
    wide = sum(is_wide(char) for char in text)
    small = sum(char.islower() for char in text)
    tall = sum(char.isupper() or char.isdigit() for char in text)
    if max(wide, small, tall) == 0 or ink.body == 0:
        return None
    if wide >= max(small, tall):
        return ink.body / 0.9
    return ink.body / (0.48 if small >= tall else 0.69)


def _without_neighbours(dark: NDArray[np.bool_], top: int, bottom: int) -> tuple[int, int]:
    """Cut off the feet of the line above and the heads of the line below where they touch this one.

    Most ink of a line lies between its baseline and the height of its small letters (or of its
    capitals). Ascenders and descenders reach at most 0.65 of that height beyond it: 0.53 and 0.48
    in Times, 0.40 and 0.40 in Arial.
    """
    amount = dark[top:bottom].sum(axis=1)
    heavy = np.flatnonzero(amount >= 0.35 * amount.max())
    first, last = top + int(heavy[0]), top + int(heavy[-1]) + 1
    reach = round(0.65 * (last - first)) + 1
    return max(top, first - reach), min(bottom, last + reach)


def _stroke(grey: NDArray[np.uint8], dark: NDArray[np.bool_]) -> float:
    """Mean stroke width: twice the area of the ink over the length of its outline.

    Area and outline are taken from grey values, the outline as total variation, so that the width
    is finer than a pixel and blur hardly changes it.
    """
    if dark.all() or not dark.any():
        return 0.0
    ink, paper = float(np.median(grey[dark])), float(np.median(grey[~dark]))
    amount = np.clip((paper - grey.astype(np.float32)) / (paper - ink), 0.0, 1.0)
    padded = np.pad(amount, 1)
    down, right = np.diff(padded, axis=0)[:, :-1], np.diff(padded, axis=1)[:-1]
    outline = float(np.hypot(down, right).sum())
    return 2 * float(amount.sum()) / outline if outline > 0 else 0.0


def _without_rules(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Take out rows and columns of a line picture that are ink from end to end.

    The rules of a table beside, below or above a number would count as a part of it.
    """
    rest = dark & (dark.mean(axis=1, keepdims=True) < FULL_ROW)
    rest &= dark.mean(axis=0, keepdims=True) < FULL_COLUMN
    return rest if rest.any() else dark


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a line: its text, its columns in the line picture, its score."""

    text: str
    x0: float
    x1: float
    score: float


def split_words(reading: Reading, ink: Ink) -> tuple[str, list[Part]]:
    """Put the spaces of a line where its gaps are.

    The recogniser drops many spaces and its character places are only good to an eighth of the line
    height, but the gaps of the ink between two characters are exact. A space that the recogniser
    saw stays unless the ink runs through; one is added where the gap is as wide as the other spaces
    of the line.

    Returns:
        The text with its spaces, and its words from left to right. Runs of Chinese, Japanese or
        Korean characters are split into words only at gaps and at the border to another script,
        without a space in the text.
    """
    characters = [c for c in reading.text if not c.isspace()]
    spaced = _space_before(reading.text)
    if not characters:
        return "", []
    width = len(ink.columns)
    size = ink.bottom - ink.top
    centers = [min(width - 1.0, c * width) for c in reading.centers]
    gaps = [_gap(ink.columns, a, b) for a, b in pairwise(centers)]
    cuts = _decide(characters, spaced, [end - start for start, end in gaps], size)
    text, parts, begin = characters[0], [], 0
    left = _first_ink(ink.columns)
    for i, (start, end) in enumerate(gaps, start=1):
        word_ends = cuts[i - 1] or _script_change(characters[i - 1], characters[i])
        if word_ends:
            parts.append(_part(characters, reading.scores, begin, i, left, start))
            begin, left = i, float(end)
        text += (" " if cuts[i - 1] else "") + characters[i]
    right = width - _first_ink(ink.columns[::-1])
    parts.append(_part(characters, reading.scores, begin, len(characters), left, right))
    return text, parts


def _space_before(text: str) -> list[bool]:
    """For every character that is no space but the first: whether a space stands before it."""
    flags, pending = [], False
    for char in text:
        if char.isspace():
            pending = True
        else:
            flags.append(pending)
            pending = False
    return flags[1:]


def _gap(columns: NDArray[np.bool_], a: float, b: float) -> tuple[int, int]:
    """The widest run of columns without ink between two character centres, as (start, end)."""
    begin, end = int(a), max(int(a) + 1, int(np.ceil(b)))
    middle = round((a + b) / 2)
    best = (middle, middle)
    start: int | None = None
    for x in range(begin, min(end, len(columns)) + 1):
        empty = x < min(end, len(columns)) and not columns[x]
        if empty and start is None:
            start = x
        elif not empty and start is not None:
            if x - start > best[1] - best[0]:
                best = (start, x)
            start = None
    return best


def _decide(characters: list[str], spaced: list[bool], gaps: list[int], size: int) -> list[bool]:
    """Which gaps are spaces; `size` is the ink height of the line."""
    seen = [g for g, s in zip(gaps, spaced, strict=True) if s]
    inner = [g for g, s in zip(gaps, spaced, strict=True) if not s]
    usual = float(np.median(seen)) if len(seen) >= 3 else 0.3 * size
    tight = float(np.median(inner)) if inner else 0.0
    enough = max(MIN_SPACE * size, 0.75 * usual, 2.2 * tight + 2)
    return [
        not (is_wide(a) and is_wide(b) and gap < 0.8 * size)
        and (had or (gap >= enough and _may_part(a, b, gap / max(1, size))))
        for a, b, had, gap in zip(characters[:-1], characters[1:], spaced, gaps, strict=True)
    ]


def _may_part(a: str, b: str, gap: float) -> bool:
    """Whether a space may be added between two characters that were read without one.

    Args:
        a: The character on the left.
        b: The character on the right.
        gap: Their distance as a share of the ink height.
    """
    if is_wide(a) != is_wide(b) or b in CLOSING or a in OPENING:
        return False
    # Digits are set in equal squares, so there is much paper beside a 1; thin letters are alike.
    return gap > MIN_THIN_SPACE or not any(c.isdigit() or c in THIN for c in (a, b))


def _script_change(a: str, b: str) -> bool:
    return is_wide(a) != is_wide(b)


def _first_ink(columns: NDArray[np.bool_]) -> float:
    inked = np.flatnonzero(columns)
    return float(inked[0]) if len(inked) else 0.0


def _part(
    characters: list[str],
    scores: tuple[float, ...],
    begin: int,
    end: int,
    x0: float,
    x1: float,
) -> Part:
    return Part(
        "".join(characters[begin:end]),
        x0,
        max(x0, float(x1)),
        float(np.mean(scores[begin:end])),
    )
