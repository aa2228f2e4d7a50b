"""Lines of code: set in type of one width among other type, as the widths of words tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from recovery.metrics import text_width
from recovery.restore.pieces import Row, Sheet
from structure.core.analysis import Font, TextLine, Word

_LEAST_WORDS = 6
"""Words of a font that must agree before its letters are believed to be equally wide."""
_LEAST_CHARS = 3
_BEARING = 0.15
"""How much narrower, in letters, a word's ink is than its letters with their side bearings."""
_AGREE = 0.012
"""Largest median deviation of the width of a letter, as a share."""
_MOSTLY = 0.75
"""Share of the letters of a line of code that are of one width."""
_ADDRESS = re.compile(r"https?://|www\.|\S+@\S+\.", re.IGNORECASE)


def with_code(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Mark the lines of a text layer that are code; where most text is of such type, none is."""
    words = [word for sheet in sheets for line in sheet.analysis.lines for word in line.words]
    fixed = _fixed_fonts(words)
    stated = [word for word in words if word.font is not None]
    typed = sum(len(word.text) for word in stated if word.font in fixed)
    if not fixed or 2 * typed > sum(len(word.text) for word in stated):
        return list(sheets)
    return [_marked(sheet, fixed) for sheet in sheets]


def code_runs(rows: Sequence[Row]) -> Iterator[tuple[bool, tuple[Row, ...]]]:
    """Cut rows into the longest runs that are all code or all not, from top to bottom."""
    start = 0
    for k in range(1, len(rows) + 1):
        if k == len(rows) or rows[k].code != rows[start].code:
            yield rows[start].code, tuple(rows[start:k])
            start = k


def indent(row: Row, rows: Sequence[Row]) -> str:
    """The spaces that `row` is set in by, against the leftmost of `rows`."""
    advance = row.box.width / max(len(row.text), 1)
    offset = row.box.x0 - min(other.box.x0 for other in rows)
    return " " * round(offset / advance) if advance > 0 else ""


def _fixed_fonts(words: Sequence[Word]) -> set[Font]:
    """The fonts that state it, and those whose words are as wide as they have letters."""
    found: dict[Font, list[Word]] = defaultdict(list)
    for word in words:
        if word.font is not None and word.box.width > 0:
            found[word.font].append(word)
    return {font for font, own in found.items() if font.family == "mono" or _is_fixed(own)}


def _is_fixed(words: Sequence[Word]) -> bool:
    telling = [word for word in words if len(word.text) >= _LEAST_CHARS and word.text.isascii()]
    if len(telling) < _LEAST_WORDS:
        return False
    fixed = _spread(telling, lambda text: len(text) - _BEARING)
    serif = _spread(telling, lambda text: text_width(text, "serif"))
    sans = _spread(telling, lambda text: text_width(text, "sans"))
    return fixed < _AGREE and 2 * fixed < min(serif, sans)


def _spread(words: Sequence[Word], width: Callable[[str], float]) -> float:
    sizes = np.log([word.box.width / width(word.text) for word in words])
    return float(np.median(np.abs(sizes - np.median(sizes))))


def _marked(sheet: Sheet, fixed: set[Font]) -> Sheet:
    lines = sheet.analysis.lines
    code = [_is_code(line, fixed) for line in lines] + [False] * (len(sheet.pieces) - len(lines))
    return replace(
        sheet,
        pieces=tuple(
            replace(piece, code=True, font=replace(piece.font, family="mono"))
            if is_code and piece.font is not None
            else piece
            for piece, is_code in zip(sheet.pieces, code, strict=True)
        ),
    )


def _is_code(line: TextLine, fixed: set[Font]) -> bool:
    if not line.words or _ADDRESS.search(line.text):
        return False
    letters = sum(len(word.text) for word in line.words)
    # A comment may be set in another colour that has too few words to be judged.
    return sum(len(word.text) for word in line.words if word.font in fixed) > _MOSTLY * letters
