"""Which part of a document is which part of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from recovery.score.reading import Item, Paragraph, Picture, Reading, Table, fold
from recovery.score.thumbnail import likeness

LEAST_TEXT = 0.5
"""Paragraphs less alike than this are different ones."""
_LEAST_TABLE = 0.2
_LEAST_PICTURE = 0.6


@dataclass(frozen=True, slots=True)
class Matches:
    """Pairs of the same thing in the truth and in what was found.

    Attributes:
        paragraphs: Index in `truth.paragraphs` to index in `found.paragraphs`.
        tables: Likewise.
        pictures: Likewise.
        items: The same pairs by index in `truth.items` and `found.items`.
    """

    truth: Reading
    found: Reading
    paragraphs: Mapping[int, int]
    tables: Mapping[int, int]
    pictures: Mapping[int, int]
    items: Mapping[int, int]

    def text_pairs(self) -> list[tuple[Paragraph, Paragraph]]:
        """The paragraphs that were matched."""
        own, other = self.truth.paragraphs, self.found.paragraphs
        return [(own[i], other[j]) for i, j in self.paragraphs.items()]

    def table_pairs(self) -> list[tuple[Table, Table]]:
        """The tables that were matched."""
        own, other = self.truth.tables, self.found.tables
        return [(own[i], other[j]) for i, j in self.tables.items()]

    def picture_pairs(self) -> list[tuple[Picture, Picture]]:
        """The pictures that were matched."""
        own, other = self.truth.pictures, self.found.pictures
        return [(own[i], other[j]) for i, j in self.pictures.items()]


def match(truth: Reading, found: Reading) -> Matches:
    """Pair what is most alike first; of equals, what stands at about the same place."""
    paragraphs = pair(
        _text_likeness(
            [p.text for p in truth.paragraphs], [p.text for p in found.paragraphs], LEAST_TEXT
        )
    )
    tables = pair(
        _text_likeness(
            [fold(table.text) for table in truth.tables],
            [fold(table.text) for table in found.tables],
            _LEAST_TABLE,
        )
    )
    pictures = pair(_picture_likeness(truth.pictures, found.pictures))
    items: dict[int, int] = {}
    for kind, pairs in ((Paragraph, paragraphs), (Table, tables), (Picture, pictures)):
        own, other = _places(truth.items, kind), _places(found.items, kind)
        items.update({own[i]: other[j] for i, j in pairs.items()})
    return Matches(truth, found, paragraphs, tables, pictures, dict(sorted(items.items())))


def pair(alike: NDArray[np.float32]) -> dict[int, int]:
    """Greedy pairs of rows and columns by a matrix of likeness; 0 forbids a pair."""
    rows, columns = np.nonzero(alike)
    height, width = alike.shape
    candidates = sorted(
        zip(rows.tolist(), columns.tolist(), strict=True),
        key=lambda rc: (-float(alike[rc]), abs(rc[0] / height - rc[1] / width), rc),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for row, column in candidates:
        if row not in pairs and column not in taken:
            pairs[row] = column
            taken.add(column)
    return dict(sorted(pairs.items()))


def _text_likeness(truth: Sequence[str], found: Sequence[str], least: float) -> NDArray[np.float32]:
    if not truth or not found:
        return np.zeros((len(truth), len(found)), np.float32)
    return cdist(
        truth,
        found,
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=least,
        dtype=np.float32,
    )


def _picture_likeness(truth: Sequence[Picture], found: Sequence[Picture]) -> NDArray[np.float32]:
    alike = np.zeros((len(truth), len(found)), np.float32)
    for i, one in enumerate(truth):
        for j, two in enumerate(found):
            value = likeness(one.thumbnail, two.thumbnail)
            alike[i, j] = value if value >= _LEAST_PICTURE else 0.0
    return alike


def _places(items: Sequence[Item], kind: type[Item]) -> list[int]:
    return [n for n, item in enumerate(items) if isinstance(item, kind)]
