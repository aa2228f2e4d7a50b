"""Pages longer than a network reads at once, in windows that overlap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

OVERLAP = 0.25
"""Of a window that the next one reads again."""


def split_windows(lines: Sequence[int], limit: int) -> list[tuple[int, int]]:
    """Start and end of windows of at most `limit` words that together hold all words.

    Windows begin and end with a line, except inside a line longer than a window.

    Args:
        lines: Line of every word; words of a line follow each other.
        limit: Most words of a window, at least 4.

    Returns:
        At least one window, except for no words.
    """
    count = len(lines)
    # A border is a place between two words; those inside a line serve only where there is no other.
    borders = [i for i in range(1, count) if lines[i] != lines[i - 1]]
    found: list[tuple[int, int]] = []
    start = last = 0
    while start < count:
        end = min(count, start + limit)
        if end < count:
            # Beyond the last window's end, or nothing would be gained.
            end = _last(borders, max(last + 1, start + limit // 2), end) or end
        found.append((start, end))
        if end == count:
            break
        last = end
        again = end - int(OVERLAP * limit)
        start = _last(borders, max(start + 1, end - limit // 2), again) or max(start + 1, again)
    return found


def _last(borders: Sequence[int], low: int, high: int) -> int | None:
    """The last border from `low` to `high`, both included."""
    at = int(np.searchsorted(np.asarray(borders, np.int64), high, side="right"))
    return int(borders[at - 1]) if at and borders[at - 1] >= low else None


def triangle(length: int) -> FloatArray:
    """Weight of every word of a window: most in its middle, little at its edges; never zero."""
    distance = np.minimum(np.arange(length), np.arange(length)[::-1]) + 1
    return (distance / distance.max(initial=1)).astype(np.float32)


def merge_windows(
    windows: Sequence[tuple[int, int]], parts: Sequence[FloatArray], count: int
) -> FloatArray:
    """One row per word from the rows of all windows that hold it.

    Args:
        windows: From `split_windows`; at least one.
        parts: (length, columns) per window.
        count: Number of words of the page.

    Returns:
        (count, columns), averaged with the weights of `triangle`.
    """
    total = np.zeros((count, parts[0].shape[1]), np.float32)
    weights = np.zeros((count, 1), np.float32)
    for (start, end), part in zip(windows, parts, strict=True):
        weight = triangle(end - start)[:, None]
        total[start:end] += weight * part
        weights[start:end] += weight
    return total / weights
