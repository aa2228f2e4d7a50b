"""Lines of code: set in type of one width among other type, as the widths of words tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import TypeVar

import numpy as np

from recovery.metrics import text_width
from recovery.restore.pieces import Piece, Row, Sheet
from recovery.restore.typewriting import is_typewritten
from structure.core.analysis import Font, TextLine, Word
from structure.core.document import WordBox

AnyWord = TypeVar("AnyWord", Word, WordBox)

_LEAST_WORDS = 6
"""Words of a font that must agree before its letters are believed to be equally wide."""
_LEAST_CHARS = 3
_BEARING = 0.15
"""How much narrower, in letters, a word's ink is than its letters with their side bearings."""
_AGREE = 0.012
"""Largest median deviation of the width of a letter, as a share."""
_AGREE_IN_LINE = 0.05
"""The same of the words of one line, which are few."""
_SAME_ADVANCE = 0.05
"""Letters of two lines of code are equally wide up to this share."""
_NEAR = 2.5
"""Lines of code follow each other in at most so many heights of a line."""
_MOSTLY = 0.75
"""Share of the letters of a line of code that are of one width."""
_ADDRESS = re.compile(r"https?://|www\.|\S+@\S+\.", re.IGNORECASE)


def with_code(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Mark the lines that are code; where most text is of such type, none is."""
    return _with_scanned_code(_with_stated_code(sheets))


def _with_stated_code(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Mark the lines of a text layer, whose fonts tell."""
    words = [word for sheet in sheets for line in sheet.analysis.lines for word in line.words]
    fixed = _fixed_fonts(words)
    stated = [word for word in words if word.font is not None]
    typed = sum(len(word.text) for word in stated if word.font in fixed)
    if not fixed or 2 * typed > sum(len(word.text) for word in stated):
        return list(sheets)
    return [_marked(sheet, fixed) for sheet in sheets]


def _with_scanned_code(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Mark lines below each other whose letters are all equally wide; none of a typescript."""
    if is_typewritten([[p for p in sheet.pieces if p.font is None] for sheet in sheets]):
        return list(sheets)
    found = {id(piece) for sheet in sheets for run in _scanned_runs(sheet.pieces) for piece in run}
    scanned = [p for sheet in sheets for p in sheet.pieces if p.font is None]
    typed = sum(len(p.text) for p in scanned if id(p) in found)
    if not found or 2 * typed > sum(len(p.text) for p in scanned):
        return list(sheets)
    return [
        replace(
            sheet,
            pieces=tuple(
                replace(piece, code=True, bold=False) if id(piece) in found else piece
                for piece in sheet.pieces
            ),
        )
        for sheet in sheets
    ]


def _scanned_runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Runs of scanned lines, each below the one before it, in type of one width."""
    run: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and _may_be_code(piece) and (not run or _follows(run[-1], piece)):
            run.append(piece)
            continue
        if len(run) > 1 and _is_fixed_run([word for own in run for word in own.line.words]):
            yield run
        run = [piece] if piece is not None and _may_be_code(piece) else []


def _is_fixed_run(words: Sequence[WordBox]) -> bool:
    """Whether all words of a few lines, where many may be the same, are set in fixed width."""
    telling = list({word.text: word for word in _telling(words)}.values())
    if len(telling) < _LEAST_WORDS:
        return False
    fixed = _scatter(telling, _letters)
    serif = _scatter(telling, lambda text: text_width(text, "serif"))
    sans = _scatter(telling, lambda text: text_width(text, "sans"))
    return fixed < _AGREE_IN_LINE and 2 * fixed < min(serif, sans)


def _scatter(words: Sequence[WordBox], width: Callable[[str], float]) -> float:
    return float(np.std(np.log([word.box.width / width(word.text) for word in words])))


def _may_be_code(piece: Piece) -> bool:
    """Whether the words of a scanned line agree in the width of a letter, or are too few to say."""
    if piece.font is not None or not piece.line.words or _ADDRESS.search(piece.text):
        return False
    telling = _telling(piece.line.words)
    return len(telling) < 2 or _scatter(telling, _letters) < _AGREE_IN_LINE


def _follows(above: Piece, below: Piece) -> bool:
    """Whether a line stands right below another, in type of the same width."""
    step = below.box.center[1] - above.box.center[1]
    if not 0 < step < _NEAR * max(above.box.height, below.box.height):
        return False
    one, two = ([_advance(word) for word in _telling(p.line.words)] for p in (above, below))
    return not one or not two or abs(median(one) / median(two) - 1) < _SAME_ADVANCE


def _advance(word: Word | WordBox) -> float:
    return word.box.width / _letters(word.text)


def _letters(text: str) -> float:
    return len(text) - _BEARING


def _telling(words: Sequence[AnyWord]) -> list[AnyWord]:
    """The words whose width says something about the letters."""
    return [
        word
        for word in words
        if len(word.text) >= _LEAST_CHARS and word.text.isascii() and word.box.width > 0
    ]


def code_runs(rows: Sequence[Row]) -> Iterator[tuple[bool, tuple[Row, ...]]]:
    """Cut rows into the longest runs that are all code or all not, from top to bottom."""
    start = 0
    for k in range(1, len(rows) + 1):
        if k == len(rows) or rows[k].code != rows[start].code:
            yield rows[start].code, tuple(rows[start:k])
            start = k


def indent(row: Row, rows: Sequence[Row]) -> str:
    """The spaces that `row` is set in by, against the leftmost of `rows`."""
    letters = sum(_letters(other.text) for other in rows)
    advance = sum(other.box.width for other in rows) / letters if letters > 0 else 0.0
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
    telling = _telling(words)
    if len(telling) < _LEAST_WORDS:
        return False
    fixed = _spread(telling, _letters)
    serif = _spread(telling, lambda text: text_width(text, "serif"))
    sans = _spread(telling, lambda text: text_width(text, "sans"))
    return fixed < _AGREE and 2 * fixed < min(serif, sans)


def _spread(words: Sequence[AnyWord], width: Callable[[str], float]) -> float:
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
