"""Displayed formulas and their numbers, found by their signs and by where they stand.

A recogniser of text reads a formula as fragments: the line itself, the parts of its fractions, its
limits. What is no running text, holds hardly a word and stands close together is put together
again; it is a formula if it has a sign of relation and stands in the middle of its column, has a
number at the edge, or the detector saw it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from layout import limits
from layout.geometry import PageGeometry
from structure.core.analysis import Label, Region, TextLine
from structure.core.geometry import Box, union

_NUMBER = re.compile(r"[(\[\uff08]\s*[A-Z]?\.?\d[\d.a-z\u2032']*\s*[)\]\uff09]")
_RELATION = re.compile(
    "[=<>\u2248\u2261\u2264\u2265\u2208\u221d\u223c\u2243\u2192\u222b\u2211\u220f\u226a\u226b"
    "\u300a\u300b\u2202\u2282\u2286\u2260]"
)
_SIGN = re.compile("[=+*/\u2212\u00b1\u00d7\u2200-\u22ff\u0391-\u03c9\u00b5]")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_VOWEL = re.compile(r"[aeiouy\u00e0-\u00ff]", re.IGNORECASE)
_LATIN, _GREEK = re.compile("[A-Za-z]"), re.compile("[\u0391-\u03c9\u00b5]")
_FUNCTIONS = frozenset(
    {"lim", "sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "max", "min", "inf", "sup"}
    | {"arg", "argmax", "argmin", "det", "dim", "ker", "mod", "var", "cov", "diag", "sign", "rank"}
)
# Wordiness from which on a line is no part of a formula, and is running text.
_MOST_WORDS, _RUNNING = 0.4, 0.6


@dataclass(frozen=True, slots=True)
class Formula:
    """A displayed formula.

    Attributes:
        number: Index of the line that is its number, or None.
        score: Of the detector, or that of a region that no network scored.
    """

    box: Box
    number: int | None
    score: float

    @property
    def region(self) -> Region:
        """It as a region of the page."""
        return Region(self.box, Label.EQUATION, self.score)


def find_formulas(
    page: PageGeometry, seen: Sequence[Region], taken: Sequence[Box] = ()
) -> list[Formula]:
    """Displayed formulas, each in one piece, from top to bottom.

    Args:
        page: The measured page.
        seen: What the detector takes for formulas; those over running text are left out.
        taken: Where there is something else: figures, forms, tables.
    """
    free = [i for i, line in enumerate(page.lines) if not _is_taken(line.box, taken)]
    numbers = [i for i in free if is_number(page.lines[i].text)]
    parts = [
        i for i in free if i not in page.prose and i not in numbers and _is_part(page.lines[i].text)
    ]
    words = [i for i in free if i not in parts and i not in numbers]
    boxes = [(r.box, r.score) for r in seen if _is_formula(page, r, free, numbers)]
    groups = [
        (box, limits.BLOCK_SCORE)
        for group in _groups([page.lines[i] for i in parts], page.em)
        if (box := _displayed(page, [parts[k] for k in group], words, numbers, boxes)) is not None
    ]
    left = list(numbers)
    found = []
    for whole, score in _merged(page, [*boxes, *groups], [*words, *numbers]):
        for box in _rows(page, whole, numbers):
            found.append(_with_number(page, box, score, left))
            if found[-1].number is not None:
                left.remove(found[-1].number)
    return found


def is_number(text: str) -> bool:
    """Whether a line is the number of a formula, such as `(8)` or `(2.10a)`."""
    return _NUMBER.fullmatch(text.strip()) is not None


def wordiness(text: str) -> float:
    """Share of the signs of a text that are letters of words, 0 to 1."""
    signs = sum(not c.isspace() for c in text)
    letters = sum(len(w) for w in _WORD.findall(text) if _is_word(w))
    return letters / signs if signs else 0.0


def _is_part(text: str) -> bool:
    """Whether a line may be a part of a formula: hardly a word, or few beside many signs."""
    signs = len(_SIGN.findall(text)) >= limits.FORMULA_SIGNS
    return wordiness(text) < (_RUNNING if signs else _MOST_WORDS)


def _is_word(text: str) -> bool:
    """Whether letters are a word: one script, no capital inside, vowels, no known function."""
    if any("\u3040" <= c <= "\u9fff" for c in text):
        return True
    if _LATIN.search(text) and _GREEK.search(text):
        return False
    plain = text[1:].islower() or (text.isupper() and len(text) > 3)
    vowels = _VOWEL.search(text) is not None
    return len(text) >= 3 and plain and vowels and text.lower() not in _FUNCTIONS


def _is_taken(box: Box, taken: Sequence[Box]) -> bool:
    return any(box.covered_by(t) > limits.LINE_IN_REGION for t in taken)


def _is_formula(
    page: PageGeometry, region: Region, free: Sequence[int], numbers: Sequence[int]
) -> bool:
    """Whether a formula of the detector has no running text in it."""
    inside = [
        i
        for i in free
        if i not in numbers and page.lines[i].box.covered_by(region.box) > limits.LINE_IN_REGION
    ]
    text = sum(page.lines[i].box.area for i in inside)
    words = sum(page.lines[i].box.area for i in inside if wordiness(page.lines[i].text) >= _RUNNING)
    return words <= limits.FORMULA_WORDS * text and region.score >= limits.SEEN_FORMULA


def _groups(lines: Sequence[TextLine], em: float) -> list[list[int]]:
    """Lines that stand close to each other, as indices."""
    group = list(range(len(lines)))
    for i, one in enumerate(lines):
        for k in range(i):
            if group[k] != group[i] and _is_near(one.box, lines[k].box, em):
                old, new = group[i], group[k]
                group = [new if g == old else g for g in group]
    return [[i for i, g in enumerate(group) if g == name] for name in sorted(set(group))]


def _is_near(a: Box, b: Box, em: float) -> bool:
    """Whether two lines stand beside each other in a row, or one on the other."""
    gap_x = max(a.x0, b.x0) - min(a.x1, b.x1)
    gap_y = max(a.y0, b.y0) - min(a.y1, b.y1)
    beside = gap_y <= -limits.FORMULA_ROW * min(a.height, b.height)
    if beside:
        return gap_x <= limits.FORMULA_GAP * em
    return gap_x <= limits.FORMULA_PARTS * em and gap_y <= limits.FORMULA_LEADING * em


def _displayed(
    page: PageGeometry,
    group: Sequence[int],
    words: Sequence[int],
    numbers: Sequence[int],
    seen: Sequence[tuple[Box, float]],
) -> Box | None:
    """The box of a group of fragments that is a displayed formula."""
    lines = [page.lines[i] for i in group]
    box = union(line.box for line in lines)
    text = " ".join(line.text for line in lines)
    if not _RELATION.search(text) or not _is_part(text):
        return None
    if any(_interrupts(page.lines[i].box, box, page.em) for i in words):
        return None
    known = any(box.intersection(b).area > 0 for b, _ in seen)
    if known or _number_of(page, box, numbers) is not None:
        return box
    rows = limits.FORMULA_ROWS * page.em
    return box if box.height <= rows and _is_centred(page, box, words) else None


def _interrupts(line: Box, box: Box, em: float) -> bool:
    """Whether words stand in the row of a formula, close to it."""
    gap_x = max(line.x0, box.x0) - min(line.x1, box.x1)
    common = line.overlap_y(box)
    return common > 0.5 * min(line.height, box.height) and gap_x <= limits.FORMULA_GAP * em / 2


def _is_centred(page: PageGeometry, box: Box, words: Sequence[int]) -> bool:
    """Whether a box stands in the middle of the column of running text around it."""
    column = [
        line
        for i in words
        if (line := page.lines[i].box).width >= limits.PROSE_WIDTH * page.em
        and line.overlap_x(box) > 0.5 * box.width
    ]
    if len(column) < 2:
        return False
    near = sorted(column, key=lambda b: abs(b.center[1] - box.center[1]))[:6]
    whole = union(near)
    left, right = box.x0 - whole.x0, whole.x1 - box.x1
    return (
        min(left, right) >= limits.FORMULA_INDENT * page.em
        and abs(left - right) <= limits.FORMULA_CENTRE * whole.width
    )


def _merged(
    page: PageGeometry, boxes: Sequence[tuple[Box, float]], others: Sequence[int]
) -> list[tuple[Box, float]]:
    """Boxes that meet, as one, unless words or a number would come into it."""
    kept: list[tuple[Box, float]] = []
    for found, rating in sorted(boxes, key=lambda b: (-b[1], b[0].as_tuple())):
        box, score = found, rating
        for other in [k for k in kept if k[0].intersection(box).area > 0]:
            whole = union([box, other[0]])
            added = [
                i
                for i in others
                if page.lines[i].box.covered_by(whole) > limits.LINE_IN_REGION
                and max(page.lines[i].box.covered_by(b) for b in (box, other[0]))
                <= limits.LINE_IN_REGION
            ]
            if added:
                continue
            kept.remove(other)
            box, score = whole, max(score, other[1])
        kept.append((box, score))
    return sorted(kept, key=lambda k: (k[0].y0, k[0].x0))


def _rows(page: PageGeometry, box: Box, numbers: Sequence[int]) -> list[Box]:
    """A box cut between its numbers: formulas that stand close below each other."""
    places = sorted(
        page.lines[i].box.center[1]
        for i in numbers
        if box.y0 < page.lines[i].box.center[1] < box.y1 and _is_at_end(page.lines[i].box, box)
    )
    inside = [b for line in page.lines if (b := line.box).covered_by(box) > limits.LINE_IN_REGION]
    parts, top = [], box.y0
    for above, below in pairwise(places):
        middle = (above + below) / 2
        cuts = [middle, *(y for b in inside for y in (b.y0, b.y1) if above < y < below)]
        cut = min(cuts, key=lambda y: (sum(b.y0 < y < b.y1 for b in inside), abs(y - middle)))
        parts.append(Box(box.x0, top, box.x1, cut))
        top = cut
    return [*parts, Box(box.x0, top, box.x1, box.y1)]


def _with_number(page: PageGeometry, box: Box, score: float, numbers: Sequence[int]) -> Formula:
    """A formula with its number, which no longer lies in its box."""
    number = _number_of(page, box, numbers)
    if number is not None and page.lines[number].box.overlap_y(box) > 0:
        place = page.lines[number].box
        if place.x0 > box.center[0]:
            box = Box(box.x0, box.y0, min(box.x1, place.x0), box.y1)
        else:
            box = Box(max(box.x0, place.x1), box.y0, box.x1, box.y1)
    return Formula(box, number, score)


def _number_of(page: PageGeometry, box: Box, numbers: Sequence[int]) -> int | None:
    """The number at the height of a formula, or at the end of the row next to a long one."""
    found = []
    for i in numbers:
        place = page.lines[i].box
        gap = max(place.y0 - box.y1, box.y0 - place.y1)
        row = place.overlap_y(box) > 0.5 * place.height
        near = 0 <= gap <= page.em and place.x0 > box.center[0] and box.x1 > place.x0
        if ((row and _is_at_end(place, box)) or near) and not _is_blocked(page, box, place):
            found.append((not row, abs(place.center[1] - box.center[1]), i))
    return min(found)[2] if found else None


def _is_at_end(place: Box, box: Box) -> bool:
    """Whether a number stands outside a formula, or is the last thing or the first in its box."""
    return place.x0 >= box.x1 - 2 * place.width or place.x1 <= box.x0 + 2 * place.width


def _is_blocked(page: PageGeometry, box: Box, place: Box) -> bool:
    """Whether words stand in the row of a number, between it and its formula."""
    between = union([box, place])
    return any(
        line.box.overlap_y(place) > 0.5 * place.height
        and line.box.covered_by(between) > limits.LINE_IN_REGION
        and line.box.covered_by(box) <= limits.LINE_IN_REGION
        and wordiness(line.text) >= _MOST_WORDS
        for line in page.lines
    )
