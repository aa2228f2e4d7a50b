"""How probable it is that a chosen value is right.

The constants were fitted on half "a" of the real invoices, receipts and contracts (see
`benchmarks/accuracy/kie_confidence.py`); half "b" tells how well they hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kie.options import Option

ACCEPT = 0.9
"""Score from which a value goes without a look."""

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
    "id": Curve(3.2, 2.0, -2.2),
    "date": Curve(3.2, 2.0, -1.9),
    "amount": Curve(3.2, 2.0, -1.6),
    "code": Curve(3.0, 1.0, -1.6),
    "text": Curve(3.5, 1.0, -1.9),
    "time": Curve(3.0, 1.0, -0.8),
    "custom": Curve(3.2, 2.0, -1.6),
}
"""By kind of field."""


def confidence(kind: str, option: Option, runner_up: float) -> float:
    """Of a chosen option.

    Args:
        kind: A key of `CURVES`.
        option: The chosen value.
        runner_up: Score of the best other value, 0 without one.
    """
    return CURVES[kind](option.score, option.score - runner_up)
