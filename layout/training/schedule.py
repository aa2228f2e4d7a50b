"""Learning rate over the steps of a run."""

from __future__ import annotations

import math

WARM_UP = 300
WARM_UP_FACTOR = 0.1
BASE = 0.4


def learning_rate(step: int, total: int, base: float = BASE) -> float:
    """Linear from a tenth of `base` over 300 steps, then half a cosine down to zero.

    Args:
        step: From 0.
        total: Steps of the whole run, more than 300.
        base: Highest value; 0.4 was used with 24 pictures on each of several cards.
    """
    if step < WARM_UP:
        return base * (WARM_UP_FACTOR + (1 - WARM_UP_FACTOR) * step / WARM_UP)
    progress = (step - WARM_UP) / (total - WARM_UP)
    return 0.5 * base * (1 + math.cos(math.pi * progress))
