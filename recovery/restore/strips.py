"""Which boxes stand at a height of the page, without asking all of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Self

from structure.core.geometry import Box

_MOST = 1000
"""A page is cut into so many strips at most."""


class Strips:
    """Boxes by the horizontal strips of the page that they touch.

    Args:
        boxes: They tell how high a strip should be; `add` enters them.
    """

    def __init__(self, boxes: Sequence[Box]) -> None:
        tall = 2 * median(box.height for box in boxes) if boxes else 1.0
        reach = max((abs(y) for box in boxes for y in (box.y0, box.y1)), default=1.0)
        self._height = max(tall, reach / _MOST, 1e-6)
        self._members: dict[int, list[int]] = defaultdict(list)

    @classmethod
    def of(cls, boxes: Sequence[Box]) -> Self:
        """Strips with all of `boxes` in them."""
        strips = cls(boxes)
        for index, box in enumerate(boxes):
            strips.add(index, box)
        return strips

    def add(self, index: int, box: Box) -> None:
        """Enter a box, or one more place of a known one."""
        for strip in self._touched(box.y0, box.y1):
            self._members[strip].append(index)

    def near(self, y0: float, y1: float) -> list[int]:
        """The indices, ascending, of all boxes that reach into `y0` to `y1`; maybe some more."""
        found: set[int] = set()
        for strip in self._touched(y0, y1):
            found.update(self._members.get(strip, ()))
        return sorted(found)

    def _touched(self, y0: float, y1: float) -> range:
        return range(math.floor(y0 / self._height), math.floor(max(y0, y1) / self._height) + 1)
