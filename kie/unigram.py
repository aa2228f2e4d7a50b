"""Splitting text into word pieces by a unigram model.

Source: Kudo, Subword Regularization, arXiv 1804.10959, section 3.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

_UNKNOWN_PENALTY = 10.0
"""How much less likely than the rarest piece an unknown character is."""

_CACHED = 1 << 16


class Unigram:
    """The most probable split of a text into known pieces.

    Args:
        pieces: Text of each piece by its id; "" for those that no text becomes.
        scores: Logarithm of its probability.
        unknown: Id of what is not known; neighbouring unknown characters become one.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], unknown: int) -> None:
        self.pieces = tuple(pieces)
        self.ids = {piece: i for i, piece in enumerate(pieces) if piece}
        self.scores = tuple(scores)
        self.unknown = unknown
        self.longest = max(map(len, self.ids), default=1)
        self.penalty = min((scores[i] for i in self.ids.values()), default=0.0) - _UNKNOWN_PENALTY
        # Texts repeat: words of a page, of a language.
        self.split = lru_cache(_CACHED)(self._split)

    def __reduce__(self) -> tuple[type[Unigram], tuple[Sequence[str], tuple[float, ...], int]]:
        """The cache stays behind when a tokenizer is sent to another process."""
        return Unigram, (self.pieces, self.scores, self.unknown)

    def _split(self, text: str) -> tuple[tuple[int, int, int], ...]:
        """The pieces of `text`: id, start and end of each."""
        best = [0.0, *[-math.inf] * len(text)]
        came: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            base, alone = best[start], False
            for end in range(start + 1, min(len(text), start + self.longest) + 1):
                piece = self.ids.get(text[start:end])
                if piece is None:
                    continue
                alone = alone or end == start + 1
                if base + self.scores[piece] > best[end]:
                    best[end], came[end] = base + self.scores[piece], (start, piece)
            if not alone and base + self.penalty > best[start + 1]:
                best[start + 1], came[start + 1] = base + self.penalty, (start, self.unknown)
        return self._walk(came)

    def _walk(self, came: list[tuple[int, int]]) -> tuple[tuple[int, int, int], ...]:
        found: list[tuple[int, int, int]] = []
        end = len(came) - 1
        while end > 0:
            start, piece = came[end]
            if piece == self.unknown and found and found[-1][0] == piece:
                found[-1] = (piece, start, found[-1][2])
            else:
                found.append((piece, start, end))
            end = start
        return tuple(reversed(found))
