"""How probable it is that a chosen value is right.

The constants were fitted on half "a" of the real invoices, receipts and contracts (see
`benchmarks/accuracy/kie_confidence.py`); half "b" tells how well they hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kie.options import Option

ACCEPT = 0.96
"""Score from which a value goes without a look."""

CLEAR, WORST, LEAST = 0.92, 0.5, 0.3
"""Confidence of reading from which a value counts fully, and at which next to nothing is left."""

UNPROVEN = 0.95
"""Most that a value is given that nothing on its page proves; see `kie.proof`."""

VIOLATED = 0.5
"""Factor for amounts that do not add up."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve over a score and its distance to the runner-up."""

    score: float
    margin: float
    offset: float

    def __call__(self, score: float, margin: float) -> float:
        """Probability, 0.01 to 0.99."""
        z = self.score * min(score, 1.6) + self.margin * min(max(margin, 0.0), 1.0) + self.offset
        return min(max(1 / (1 + math.exp(-z)), 0.01), 0.99)


CURVES = {
    "id": Curve(2.2, 1.4, -0.2),
    "date": Curve(2.8, 1.8, -0.2),
    "amount": Curve(2.9, 1.8, -1.2),
    "code": Curve(3.9, 1.3, -0.9),
    "text": Curve(1.8, 0.5, -0.6),
    "time": Curve(5.0, 1.7, -0.9),
    "custom": Curve(1.4, 0.9, 0.2),
}
"""By kind of field."""


def confidence(kind: str, option: Option, runner_up: float, reading: float = 1.0) -> float:
    """Of a chosen option.

    Args:
        kind: A key of `CURVES`.
        option: The chosen value.
        runner_up: Sureness of the best other value, 0 without one.
        reading: Least confidence with which a word of the value was read, 0 to 1.
    """
    return CURVES[kind](option.sureness, option.sureness - runner_up) * legible(reading)


def legible(reading: float) -> float:
    """What is left of a probability where a value was read with some confidence."""
    return min(max((reading - WORST) / (CLEAR - WORST), LEAST), 1.0)
