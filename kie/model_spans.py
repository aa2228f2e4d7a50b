"""Runs of words that the network labels as one field: names, addresses, terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kie.options import Pool, columns_of

SURE = 0.5
"""Probability from which a word belongs to a run."""


@dataclass(frozen=True, slots=True)
class ModelSpan:
    """Words of one line, their page by index, and the mean probability."""

    page: int
    words: tuple[int, ...]
    probability: float


def spans_of(pool: Pool, name: str) -> list[ModelSpan]:
    """Runs of a field in reading order; none without a network."""
    columns = columns_of(name)
    found: list[ModelSpan] = []
    if columns is None:
        return found
    for index, prediction in enumerate(pool.predictions):
        if not len(prediction.fields):
            continue
        shares = prediction.fields[:, list(columns)].sum(axis=1)
        for words in pool.pages[index].words_of:
            run: list[int] = []
            for word in [*words, None]:
                if word is not None and shares[word] > SURE:
                    run.append(word)
                    continue
                if run:
                    found.append(ModelSpan(index, tuple(run), float(shares[run].mean())))
                run = []
    return found


def probability(pool: Pool, page: int, words: Sequence[int], name: str) -> float:
    """Mean probability of a field over some words; 0 without a network."""
    columns = columns_of(name)
    if not pool.predictions or columns is None or not words:
        return 0.0
    rows = pool.predictions[page].fields[list(words)][:, list(columns)]
    return float(np.mean(rows.sum(axis=1)))
