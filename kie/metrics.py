"""How well entities and relations are found."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kie.ser import spans_of

_Item = TypeVar("_Item", bound=Hashable)

WordsOfEntity = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, predicted and true things; counts of pages add up to those of a set."""

    right: int = 0
    predicted: int = 0
    true: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right,
            self.predicted + other.predicted,
            self.true + other.true,
        )

    @property
    def precision(self) -> float:
        """Right among the predicted; 0 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right among the true; 0 where there is nothing."""
        return self.right / self.true if self.true else 0.0

    @property
    def hmean(self) -> float:
        """Harmonic mean of both; 0 where nothing is right."""
        return 2 * self.right / (self.predicted + self.true) if self.right else 0.0


def count(predicted: Iterable[_Item], true: Iterable[_Item]) -> Counts:
    """Compare two sets."""
    found, wanted = set(predicted), set(true)
    return Counts(len(found & wanted), len(found), len(wanted))


def ser_counts(predicted: Sequence[int], true: Sequence[int]) -> Counts:
    """Entities that agree in label and in all of their words.

    Args:
        predicted: Tags of the words of a page: 0 for O, 1 + 2 l for B and 2 + 2 l for I of label l.
        true: Likewise.

    Source: the rule of seqeval, which PaddleOCR scores SER with: an I after O, or after another
    label, begins an entity.
    """
    return count(
        ((span.label, span.words) for span in spans_of(predicted)),
        ((span.label, span.words) for span in spans_of(true)),
    )


def relation_counts(
    predicted: Iterable[tuple[WordsOfEntity, WordsOfEntity]],
    true: Iterable[tuple[WordsOfEntity, WordsOfEntity]],
) -> Counts:
    """Relations of one kind that agree in the words of both ends.

    With the true entities given to the network this is the measure of XFUND's RE task; with the
    entities that the network found itself it is the measure of both tasks together.
    """
    return count(predicted, true)
