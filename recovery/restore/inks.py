"""What the ink of scanned lines says of their type: its weight, its slant, its colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from recovery.metrics import text_width
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Sheet
from structure.core.text import is_unspaced

_STROKE = 0.078
"""Usual width of the strokes of regular type, in em: 0.077 in Times, 0.086 in Arial."""
_LEANING, _FEW_LETTERS = 5.0, 5
"""Degrees by which italic type leans at least, and letters of a line that tell it."""
_SAME_COLOR = 60.0
"""Colours so near to each other, as a sum over the channels, are one that scanners see apart."""


def with_looks(sheets: Sequence[Sheet], options: RestoreOptions) -> list[Sheet]:
    """Mark the scanned lines whose type is bold, italic or coloured."""
    return _with_colors(_with_slants(_with_weights(sheets, options)))


def _with_weights(sheets: Sequence[Sheet], options: RestoreOptions) -> list[Sheet]:
    """Mark the lines whose strokes are clearly thicker than those of the body.

    What counts is the stroke over the type size, against the median of all lines of the document.
    Blur widens a stroke as its own width and that of the blur add up in squares; it is taken off
    first, as the body tells it.
    """
    scanned = [p for sheet in sheets for p in sheet.pieces if p.font is None and p.ink_em]
    inked = [one for p in scanned if p.stroke for one in [(p.stroke, _em(p))] * len(p.text)]
    if not inked:
        return list(sheets)
    strokes, ems = np.array([s for s, _ in inked]), np.array([em for _, em in inked])
    usual = float(np.median(strokes / ems))
    blur = max(0.0, usual**2 - _STROKE**2) * float(np.median(ems)) ** 2
    ratios = np.sqrt(np.maximum(strokes**2 - blur, 0.0)) / ems
    usual = float(np.median(ratios))
    spread = 1.48 * float(np.median(np.abs(ratios - usual)))
    least = max(options.bold_ratio * usual, usual + options.bold_sigma * spread)
    thin = float(np.median(strokes))

    def weighed(piece: Piece) -> Piece:
        if piece.font is not None or not piece.stroke or not piece.ink_em:
            return piece
        letters = sum(char.isalpha() for char in piece.text)
        # Small print looks heavy on a scan: its strokes must also be thicker in themselves.
        heavy = math.sqrt(max(piece.stroke**2 - blur, 0.0)) >= least * _em(piece)
        return replace(piece, bold=heavy and piece.stroke > 1.1 * thin and letters >= 3)

    return [replace(sheet, pieces=tuple(map(weighed, sheet.pieces))) for sheet in sheets]


def _em(piece: Piece) -> float:
    """Type size by the height of the letters or by their width, whichever is less.

    Numbers and Chinese beside Latin letters look higher than they are, bold type runs wider.
    """
    height = max(piece.height_em, 0.5)
    if sum(char.isalpha() for char in piece.text) < 3:
        return height
    return min(height, max(piece.box.width / max(text_width(piece.text, "sans"), 0.1), 0.5))


def _with_slants(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Mark the lines that lean; on a page that leans as a whole, more than the others."""
    slants = [p.slant for sheet in sheets for p in sheet.pieces if p.slant is not None]
    if not slants:
        return list(sheets)
    least = _LEANING + min(max(float(np.median(slants)), -_LEANING), _LEANING)

    def leaned(piece: Piece) -> Piece:
        letters = sum(char.isalpha() and not is_unspaced(char) for char in piece.text)
        leans = piece.font is None and piece.slant is not None and piece.slant > least
        return replace(piece, italic=True) if leans and letters >= _FEW_LETTERS else piece

    return [replace(sheet, pieces=tuple(map(leaned, sheet.pieces))) for sheet in sheets]


def _with_colors(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Give colours that are nearly the same the one that most letters have."""
    letters: dict[str, int] = {}
    for sheet in sheets:
        for piece in sheet.pieces:
            if piece.color is not None:
                letters[piece.color] = letters.get(piece.color, 0) + len(piece.text)
    leaders: list[str] = []
    for color in sorted(letters, key=lambda color: (-letters[color], color)):
        if all(_distance(color, leader) > _SAME_COLOR for leader in leaders):
            leaders.append(color)

    def colored(piece: Piece) -> Piece:
        if piece.color is None:
            return piece
        color = piece.color
        return replace(piece, color=min(leaders, key=lambda leader: _distance(color, leader)))

    return [replace(sheet, pieces=tuple(map(colored, sheet.pieces))) for sheet in sheets]


def _distance(one: str, two: str) -> int:
    return sum(abs(a - b) for a, b in zip(bytes.fromhex(one), bytes.fromhex(two), strict=True))
