"""How alike two texts are; pure functions.

Words and characters are compared after `normalize`, which treats both sides alike: Unicode NFKC
(so ligatures and full-width forms fall together), one kind of quotation marks and of dashes, and no
hyphen or dash between two letters, with the space around it, so that it does not matter whether a
word divided at a line end was joined again.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from structure.core.geometry import Box

_QUOTES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufffe\x02", "-")
    | {"\u00ad": "-"}
)
_JOINS = re.compile(r"(?<=[^\W\d_])\s*-+\s*(?=[^\W\d_])")
_TWO_QUOTES = re.compile(r"''")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character of the truth and its centre in pixels."""

    char: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as an engine read it.

    Attributes:
        along: Unit vector (x, y) of the direction of reading, y downwards.
    """

    text: str
    box: Box
    along: tuple[float, float] = (1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Errors:
    """Edits needed, and what they are a share of; adds up over pages."""

    edits: int
    length: int

    @property
    def rate(self) -> float:
        """Edits per unit of the truth; 0 for an empty truth."""
        return self.edits / self.length if self.length else 0.0

    def __add__(self, other: Errors) -> Errors:
        return Errors(self.edits + other.edits, self.length + other.length)


def normalize(text: str) -> str:
    """See the head of this module."""
    plain = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES)
    return _JOINS.sub("", _TWO_QUOTES.sub('"', plain))


def words(text: str) -> list[str]:
    """Runs without white space of the normalised text; Chinese, Japanese and Korean one by one."""
    found: list[str] = []
    for run in normalize(text).split():
        start = 0
        for n, char in enumerate(run):
            if _is_square(char):
                if n > start:
                    found.append(run[start:n])
                found.append(char)
                start = n + 1
        if start < len(run):
            found.append(run[start:])
    return found


def bag_f1(truth: Sequence[str], found: Sequence[str]) -> float:
    """Harmonic mean of precision and recall of words, wherever they stand; 1 for two empty ones."""
    if not truth and not found:
        return 1.0
    common = sum((Counter(truth) & Counter(found)).values())
    return 2 * common / (len(truth) + len(found))


def errors_in_order(
    truth: Sequence[str], found: Sequence[str], loose: Sequence[str] = ()
) -> Errors:
    """Insertions, deletions and replacements that turn the words found into the true ones.

    Args:
        truth: In reading order.
        found: In the order of the engine.
        loose: Words that have no place in the order (page headers and footers, text in pictures):
            each may stand for a true word that is missing from `found`; the rest are insertions.
    """
    missing: Counter[str] = Counter()
    edits = 0
    for part in Levenshtein.opcodes(truth, found):
        if part.tag == "equal":
            continue
        edits += max(part.src_end - part.src_start, part.dest_end - part.dest_start)
        if part.tag == "delete":
            missing.update(truth[part.src_start : part.src_end])
    common = sum((missing & Counter(loose)).values())
    return Errors(edits - common + len(loose) - common, len(truth))


def character_errors(truth: str, found: str) -> Errors:
    """Edits between two normalised texts without their white space."""
    one, two = ("".join(normalize(text).split()) for text in (truth, found))
    return Errors(Levenshtein.distance(one, two), len(one))


def placed_character_errors(glyphs: Sequence[Glyph], lines: Sequence[ReadLine]) -> Errors:
    """Edits between the characters of a page and the lines read, matched by position.

    A character belongs to the line whose box, grown by a quarter of its height and two pixels,
    holds its centre; of several the one whose middle is nearest across the direction of reading.
    Characters in no line are errors. A line without any character of the truth counts nothing: it
    may be text in a picture, which the truth does not know.

    Only NFKC and the removal of white space come before the comparison.
    """
    own: list[list[Glyph]] = [[] for _ in lines]
    stray = ""
    for glyph in glyphs:
        owner = _owner(glyph, lines)
        if owner is None:
            stray += glyph.char
        else:
            own[owner].append(glyph)
    total = Errors(len(_bare(stray)), len(_bare(stray)))
    for line, members in zip(lines, own, strict=True):
        if members:
            dx, dy = line.along
            ordered = sorted(members, key=lambda glyph: glyph.x * dx + glyph.y * dy)
            truth = _bare("".join(glyph.char for glyph in ordered))
            total += Errors(Levenshtein.distance(truth, _bare(line.text)), len(truth))
    return total


def _owner(glyph: Glyph, lines: Sequence[ReadLine]) -> int | None:
    best: tuple[float, int] | None = None
    for n, line in enumerate(lines):
        dx, dy = line.along
        grown = line.box.padded(2 + 0.25 * min(line.box.width, line.box.height))
        if grown.contains(glyph.x, glyph.y):
            cx, cy = line.box.center
            across = abs((glyph.x - cx) * -dy + (glyph.y - cy) * dx)
            if best is None or (across, n) < best:
                best = (across, n)
    return None if best is None else best[1]


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _is_square(char: str) -> bool:
    """Whether a character is written without spaces between words."""
    return unicodedata.east_asian_width(char) in ("W", "F")


def read_share(truth: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> float:
    """Share of the true characters that were read, wherever they stand on their page.

    Equal words are paired first, then the most alike of the rest; what is extra counts nothing.

    Args:
        truth: The words of every page.
        found: Likewise, as read.
    """
    right = total = 0
    for n, page in enumerate(truth):
        own = Counter(words(" ".join(page)))
        other = Counter(words(" ".join(found[n]))) if n < len(found) else Counter[str]()
        total += sum(len(word) * count for word, count in own.items())
        right += sum(len(word) * count for word, count in (own & other).items())
        right += _nearly_right([*(own - other).elements()], [*(other - own).elements()])
    return right / total if total else 1.0


def _nearly_right(truth: Sequence[str], found: Sequence[str]) -> int:
    """Characters that are right in words that are not."""
    if not truth or not found:
        return 0
    edits = cdist(truth, found, scorer=Levenshtein.distance)
    order = sorted(np.ndindex(*edits.shape), key=lambda rc: (edits[rc], rc))
    right, rows, columns = 0, set[int](), set[int]()
    for row, column in order:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            right += max(0, len(truth[row]) - int(edits[row, column]))
    return right
