"""Probabilities to a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Turn = Literal[0, 90, 180, 270]
TURNS: tuple[Turn, ...] = (0, 90, 180, 270)

MIN_SCORE = 0.6
"""A best probability below this turns no page; right answers mostly have 0.89 and more."""

MIN_LEAD = 0.3
"""By how much a turn must lead "upright", so that a page in doubt stays as it is."""

CLEAR = 0.85
"""A first look below this is followed by a closer one; clear pages have 0.89 and more."""

TELLING = 0.5
"""Parts of a page whose best probability is below this hold no text and do not count."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a page was found.

    Attributes:
        turn: Degrees that the content is turned clockwise; turn the page back by as much.
        score: Probability of the likeliest turn; saturates near 0.93.
        sure: False where the network hesitates; then `turn` is 0.
    """

    turn: Turn
    score: float
    sure: bool


def decide(probabilities: NDArray[np.float32]) -> Orientation:
    """The turn, but only a clear one: a page wrongly turned is worse than one left as it is.

    Args:
        probabilities: (4,) for 0, 90, 180, 270 degrees clockwise.
    """
    best = int(probabilities.argmax())
    score = float(probabilities[best])
    clear = score >= MIN_SCORE and (best == 0 or score - float(probabilities[0]) >= MIN_LEAD)
    return Orientation(TURNS[best] if clear else 0, score, clear)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return result
