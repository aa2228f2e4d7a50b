"""Whether text is from a typewriter: all its letters are equally wide."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from recovery.metrics import Shape, text_width, word_bearing
from recovery.restore.pieces import Piece

_LETTERS, _PAIRS = 3, 8
"""Words of so many letters are compared, and so many pairs of them at least."""
_SHARE = 0.5
"""The words agree so much better than in any face whose letters differ."""
_OTHERS: tuple[Shape, ...] = ("sans", "serif", "Calibri", "Verdana", "wide serif")


def is_typewritten(blocks: Iterable[Sequence[Piece]]) -> bool:
    """Whether the words of scanned lines are as wide as they have letters.

    Neighbouring words of a line or a paragraph are of one size. In type of one width they tell it
    whatever their letters; in all other type they differ by a tenth if their letters are taken to
    be equally wide. The median over all pairs bears a letterhead in print and words read badly.

    Args:
        blocks: Lines of text that follow each other; words are compared within a block only.
    """
    pairs = [
        pair
        for pieces in blocks
        for pair in pairwise(
            (word.text, word.box.width)
            for piece in pieces
            for word in piece.line.words
            if sum(map(str.isalpha, word.text)) >= _LETTERS and word.box.width > 0
        )
    ]
    if len(pairs) < _PAIRS:
        return False

    def disagreement(shape: Shape) -> float:
        bearing = word_bearing(shape)
        return median(
            abs(math.log(a_width / b_width * _width(b, shape, bearing) / _width(a, shape, bearing)))
            for (a, a_width), (b, b_width) in pairs
        )

    return disagreement("mono") < _SHARE * min(map(disagreement, _OTHERS))


def _width(word: str, shape: Shape, bearing: float) -> float:
    return text_width(word, shape) - bearing
