"""Drop capitals: large first letters beside the first lines of their paragraph.

A line detector takes such a letter for no line at all, or for a line of its own. Here it is read
and put before the first word of its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import TextLine, Word
from structure.core.crops import cut
from structure.core.geometry import Box
from structure.core.images import RGBImage

ReadLines = Callable[[Sequence[RGBImage]], list[tuple[str, float]]]

MIN_LINES = 1.6
"""Height of the letter in heights of the lines beside it; below, it is set larger and no more."""

MAX_LINES = 8.0
GAP = 1.6
"""Free width between the letter and its paragraph, in heights of a line."""

MARGIN = 0.5
"""How far the lines below the letter may begin from its left edge, likewise."""

ASPECT = (0.15, 1.7)
"""Width of a letter over its height, from I to W with a little room."""

MIN_SCORE = 0.6
CELLS = 12
"""Pixels of a line's height in the picture on which unread letters are looked for."""

_LETTER = re.compile(r"[\"'\u201c\u201d\u2018\u2019\u201e\u00ab(]?[^\W\d_]")
_ORDINARY = re.compile(r"[aeiouy]|[^aeiouy\W\d](?:[aeiouylrhwn]|$)|s[cklmnpqt]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_REST_OF_A = frozenset(
    ["gain", "bout", "mong", "round", "cross", "lone", "way", "nother", "re", "ny", "s", "n", "t"]
)
_REST_OF_I = frozenset(["n", "t", "f", "s", "ts", "nto"])


@dataclass(frozen=True, slots=True)
class Initial:
    """A large first letter and the lines beside it.

    Attributes:
        text: The letter, with an opening mark at most; empty where it could not be read.
        beside: Indices of the lines beside it, from top to bottom.
    """

    text: str
    box: Box
    score: float | None
    beside: tuple[int, ...]


def find_initials(
    lines: Sequence[TextLine], pixels: RGBImage, read_lines: ReadLines
) -> list[Initial]:
    """Large first letters that stand in no line.

    Args:
        lines: Text lines in pixels of the page, in any order.
        pixels: (H, W, 3) uint8, the page.
        read_lines: Reads pictures of one line each: text and score 0 to 1.
    """
    if not lines:
        return []
    places = []
    for box in _loose_marks(lines, pixels):
        beside = _beside(box, lines)
        if len(beside) >= 2 and _goes_on_below(box, lines, beside):
            places.append((box, beside))
    crops = [cut(pixels, box.padded(0.15 * box.height)).pixels for box, _ in places]
    readings = read_lines(crops) if crops else []
    found = []
    for (box, beside), (text, score) in zip(places, readings, strict=True):
        bare = text.strip()
        sure = score >= MIN_SCORE and _LETTER.fullmatch(bare) is not None
        found.append(Initial(bare if sure else "", box, score if sure else None, beside))
    return found


def with_initials(lines: Sequence[TextLine], found: Sequence[Initial]) -> list[TextLine]:
    """The lines of a page with each drop capital at the head of its paragraph.

    The line that it opens has its text and its word, and says in `initial` how many lines tall it
    is. The boxes of all lines beside it reach to its left edge, the edge of their column.

    Args:
        lines: Text lines, in any order; letters that were read as lines of their own among them.
        found: Those that stand in no line; those that could not be read are left out.
    """
    own = {i: beside for i, line in enumerate(lines) if (beside := _own_line(i, line, lines))}
    initials = [Initial(lines[i].text, lines[i].box, lines[i].score, b) for i, b in own.items()]
    result = list(lines)
    for initial in [*initials, *(i for i in found if i.text)]:
        first, *others = initial.beside
        result[first] = _opened(result[first], initial, lines)
        for index in others:
            box = result[index].box
            result[index] = replace(result[index], box=replace(box, x0=min(box.x0, initial.box.x0)))
    return [line for index, line in enumerate(result) if index not in own]


def _own_line(index: int, line: TextLine, lines: Sequence[TextLine]) -> tuple[int, ...]:
    """The lines beside a line that is nothing but a large first letter; empty for any other."""
    if _LETTER.fullmatch(line.text) is None:
        return ()
    beside = tuple(i for i in _beside(line.box, lines) if i != index)
    return beside if len(beside) >= 2 and _goes_on_below(line.box, lines, beside) else ()


def _beside(box: Box, lines: Sequence[TextLine]) -> tuple[int, ...]:
    """The lines that begin directly to the right of a letter this high, from top to bottom."""
    found = []
    for index, line in enumerate(lines):
        height = line.box.height
        gap = line.box.x0 - box.x1
        level = box.y0 - 0.3 * height <= line.box.center[1] <= box.y1 + 0.1 * height
        tall = MIN_LINES * height <= box.height <= MAX_LINES * height
        if level and tall and -0.5 * height <= gap <= GAP * height and len(line.text) > 2:
            found.append(index)
    return tuple(sorted(found, key=lambda i: lines[i].box.y0))


def _goes_on_below(box: Box, lines: Sequence[TextLine], beside: Sequence[int]) -> bool:
    """Whether the paragraph goes on under the letter, or ends beside it after full lines.

    The letter begins no lower than the first line beside it, and nothing stands over the two that
    would make it one more line of a column.
    """
    first = lines[beside[0]].box
    height = first.height
    if first.y0 < box.y0 - 0.8 * height or first.y0 > box.y0 + 0.8 * box.height / len(beside):
        return False
    return any(
        abs(line.box.x0 - box.x0) <= MARGIN * height
        and -0.4 * height <= line.box.y0 - box.y1 <= 1.2 * height
        and line.box.x1 > box.x1 + 2 * height
        and 0.6 * height <= line.box.height <= 1.6 * height
        for i, line in enumerate(lines)
        if i not in beside
    )


def _loose_marks(lines: Sequence[TextLine], pixels: RGBImage) -> list[Box]:
    """Ink outside all lines in the shape of a large letter, with the pieces of broken type."""
    em = float(np.median([line.box.height for line in lines]))
    step = max(1, min(round(em / CELLS), *pixels.shape[:2]))
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height, width = gray.shape[0] // step, gray.shape[1] // step
    small = cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA)
    _, dark = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    for line in lines:
        _clear(dark, line.box, step)
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    marks = []
    for x, y, w, h, _ in stats[1:count].tolist():
        tall = MIN_LINES * CELLS * 0.8 <= h <= MAX_LINES * CELLS * 1.2
        if tall and ASPECT[0] * h <= w <= ASPECT[1] * h:
            marks.append(Box(x * step, y * step, (x + w) * step, (y + h) * step))
    return marks


def _clear(mask: NDArray[np.uint8], box: Box, step: int) -> None:
    x0, y0, x1, y1 = (max(0, round(v)) for v in box.scaled(1 / step).as_tuple())
    mask[y0:y1, x0:x1] = 0


def _opened(line: TextLine, initial: Initial, lines: Sequence[TextLine]) -> TextLine:
    """The first line of a paragraph with its letter before it."""
    first = line.words[:1]
    text = initial.text
    apart = text[-1] in "AI" and _is_word(text[-1], line.text, lines)
    if apart or not first:
        words = (Word(text, initial.box, initial.score), *line.words)
    else:
        words = (replace(first[0], text=text + first[0].text), *line.words[1:])
    return replace(
        line,
        text=text + (" " if apart else "") + line.text,
        box=replace(line.box, x0=min(line.box.x0, initial.box.x0)),
        words=words,
        initial=len(initial.beside),
    )


def _is_word(letter: str, rest: str, lines: Sequence[TextLine]) -> bool:
    """Whether A or I before `rest` is a word, not the first letter of one."""
    found = _WORD.match(rest)
    if found is None:
        return False
    token = found.group().lower()
    if token in (_REST_OF_A if letter == "A" else _REST_OF_I):
        return False
    known = {word.group().lower() for line in lines for word in _WORD.finditer(line.text)}
    return (letter.lower() + token) not in known and _ORDINARY.match(token) is not None
