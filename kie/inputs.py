"""Words of a page as arrays for the network; the same in training and in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kie.features import word_features
from kie.tokenizer import WordTokenizer
from kie.types import KiePage, Word

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PageArrays:
    """A page, or a window of it.

    Attributes:
        ids: (P,) pieces of all words.
        word: (P,) the word of each piece.
        place: (P,) the place of each piece in its word.
        boxes: (n, 4) thousandths of the page.
        features: (n, features) zeros and ones.
    """

    ids: IntArray
    word: IntArray
    place: IntArray
    boxes: IntArray
    features: FloatArray

    def window(self, start: int, end: int) -> PageArrays:
        """The words from `start` to before `end`."""
        low, high = np.searchsorted(self.word, [start, end])
        return PageArrays(
            self.ids[low:high],
            self.word[low:high] - start,
            self.place[low:high],
            self.boxes[start:end],
            self.features[start:end],
        )


def page_arrays(page: KiePage, tokenizer: WordTokenizer, max_pieces: int) -> PageArrays:
    """The arrays of a whole page.

    Args:
        page: Its words in reading order.
        tokenizer: Of the network.
        max_pieces: Of a word, at most.
    """
    pieces = [tokenizer.encode(word.text, max_pieces) for word in page.words]
    counts = np.array([len(ids) for ids in pieces], np.int64)
    flat = np.array([piece for ids in pieces for piece in ids], np.int64)
    starts = np.cumsum(counts) - counts
    return PageArrays(
        flat,
        np.repeat(np.arange(len(pieces)), counts),
        np.arange(len(flat)) - np.repeat(starts, counts),
        np.array([word.box for word in page.words], np.int64).reshape(-1, 4),
        _features(page.words),
    )


def _features(words: Sequence[Word]) -> FloatArray:
    """What rules say about each word, then whether it begins and whether it ends a line."""
    lines = np.array([word.line_id for word in words], np.int64)
    change = lines[1:] != lines[:-1]
    edge = np.ones(min(1, len(words)), bool)
    first, last = np.concatenate([edge, change]), np.concatenate([change, edge])
    marks = np.asarray(word_features(words)).reshape(len(words), -1)
    return np.column_stack([marks, first, last]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class EntityArrays:
    """The entities of a page and the pairs of them that may be related.

    Attributes:
        words: (W,) word of the page.
        entity: (W,) the entity that the word belongs to.
        kinds: (E,) index into `kie.network.config.ENTITY_KINDS`.
        heads: (P,) entity at the head of each pair.
        tails: (P,) entity at its tail.
        geometry: (P, GEOMETRY) how their boxes lie.
        costs: (P,) cost of the geometric rule, in hundreds of units.
    """

    words: IntArray
    entity: IntArray
    kinds: IntArray
    heads: IntArray
    tails: IntArray
    geometry: FloatArray
    costs: FloatArray
