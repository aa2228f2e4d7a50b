"""Text lines of a page to words in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kie.ordering import order_tbyx
from kie.types import GRID, IntBox, KiePage, Word
from structure.core.analysis import TextLine
from structure.core.analysis import Word as LineWord
from structure.core.geometry import Box
from structure.core.text import clean, is_rtl, is_unspaced

MAX_WORDS = 20_000
"""Per page; no page that people read has more."""


def page_of(lines: Sequence[TextLine], width: float, height: float, number: int = 1) -> KiePage:
    """The words of a page in rows from top to bottom.

    The result does not depend on the order of `lines`. Words of a line keep the order in which the
    line has them, which is from right to left on the page for some scripts.

    Args:
        lines: In pixels of the upright page.
        width: Of that page, in pixels.
        height: Likewise.
        number: 1-based page number in its file.
    """
    sorted_lines = sorted(lines, key=lambda line: (line.box.as_tuple(), line.text))
    order = order_tbyx([line.box.as_tuple() for line in sorted_lines])
    kept: list[TextLine] = []
    words: list[Word] = []
    places: list[Box] = []
    for index in order:
        line = replace(sorted_lines[index], text=clean(sorted_lines[index].text))
        parts = _parts(line)
        if not parts or len(words) + len(parts) > MAX_WORDS:
            continue
        for (start, end), box, score in parts:
            text = line.text[start:end]
            words.append(Word(text, grid_box(box, width, height), len(kept), (start, end), score))
            places.append(box)
        kept.append(line)
    return KiePage(tuple(words), width, height, number, tuple(places), tuple(kept))


def grid_box(box: Box, width: float, height: float) -> IntBox:
    """A box in thousandths of the page, cut at its edges and rounded down."""
    sx, sy = (GRID / side if side > 0 else 0.0 for side in (width, height))
    x0, x1 = sorted((_clip(box.x0 * sx), _clip(box.x1 * sx)))
    y0, y1 = sorted((_clip(box.y0 * sy), _clip(box.y1 * sy)))
    return x0, y0, x1, y1


def _clip(value: float) -> int:
    # A little more than nothing is added: the same page at another resolution may lie a rounding
    # error below a whole number.
    return int(min(max(value + 1e-6, 0.0), GRID))


def _parts(line: TextLine) -> list[tuple[tuple[int, int], Box, float]]:
    """Spans of the words in the text of a line, with their boxes and scores."""
    found = _located(line)
    if found is None:
        score = 1.0 if line.score is None else line.score
        spans = [match.span() for match in re.finditer(r"\S+", line.text)]
        found = [(span, _share(line.box, line.text, span), score) for span in spans]
    return [piece for part in found for piece in _pieces(line.text, part)]


def _located(line: TextLine) -> list[tuple[tuple[int, int], Box, float]] | None:
    """The words that the line brings with it; None where they do not make up its text."""
    if not line.words:
        return None
    found, position, taken = [], 0, 0
    for word in line.words:
        text = clean(word.text).strip()
        if not text:
            continue
        start = line.text.find(text, position)
        if start < 0:
            return None
        position = start + len(text)
        taken += len(text)
        found.append(((start, position), word.box, _score(line, word)))
    visible = sum(not char.isspace() for char in line.text)
    return found if taken >= 0.9 * visible else None


def _score(line: TextLine, word: LineWord) -> float:
    for score in (word.score, line.score):
        if score is not None:
            return score
    return 1.0


def _pieces(
    text: str, part: tuple[tuple[int, int], Box, float]
) -> list[tuple[tuple[int, int], Box, float]]:
    """A word cut between a key and its value, and where Chinese or Japanese meets Latin."""
    (start, end), box, score = part
    word = text[start:end]
    cuts = [i for i in range(1, len(word)) if _is_glued(word, i) or _script_changes(word, i)]
    spans = list(pairwise([0, *cuts, len(word)]))
    if len(spans) < 2:
        return [part]
    return [((start + a, start + b), _share(box, word, (a, b)), score) for a, b in spans]


def _is_glued(word: str, i: int) -> bool:
    """Whether a key ends before character i ("No.:4711"); not inside times and web addresses."""
    before, after = word[i - 1], word[i]
    if before not in ":\uff1a" or after in ":\uff1a/\\":
        return False
    return any(char.isalpha() for char in word[: i - 1])


def _script_changes(word: str, i: int) -> bool:
    left, right = word[i - 1], word[i]
    if not (left.isalnum() and right.isalnum()):
        return False
    # Dates such as 2024年5月3日 stay whole.
    if left.isdigit() or right.isdigit():
        number, other = (left, right) if left.isdigit() else (right, left)
        return is_unspaced(other) and other not in "年月日号円元" and not is_unspaced(number)
    return is_unspaced(left) != is_unspaced(right)


def _share(box: Box, text: str, span: tuple[int, int]) -> Box:
    """The part of a box that some of its characters take, all of them equally wide."""
    unit = box.width / max(1, len(text))
    start, end = span
    if is_rtl(text):
        return Box(box.x1 - end * unit, box.y0, box.x1 - start * unit, box.y1)
    return Box(box.x0 + start * unit, box.y0, box.x0 + end * unit, box.y1)
