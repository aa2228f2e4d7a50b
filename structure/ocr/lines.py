"""From a line picture and its characters to words: the ink decides where the spaces are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from structure.core.text import is_unspaced, is_wide
from structure.ocr.engine import Reading
from structure.ocr.ink import Ink

OPENING = "([{\u2018\u201c\u00ab"
THIN = "iIlj|!"
CLOSING = ".,;:!?)]}%'\u2019\u201d\u00bb"

MIN_SPACE = 0.28
"""Narrowest gap, as a share of the ink height of the line, that may become a space."""

MIN_THIN_SPACE = 0.6
"""The same beside a digit or a thin letter."""


COUNTED_SPACE = 0.6
"""The same between a digit and a Chinese or Japanese character: these are set with a quarter of an
em between them, and half of the square of a character is free beside a thin one."""


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
        gap >= COUNTED_SPACE * size
        if (a.isdigit() and is_unspaced(b)) or (is_unspaced(a) and b.isdigit())
        else not (is_wide(a) and is_wide(b) and gap < 0.8 * size)
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
