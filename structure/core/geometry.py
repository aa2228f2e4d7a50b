"""Boxes and affine maps; origin top left, x to the right, y downwards, ends exclusive."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned box; in pixels where an analysis owns it, in points where a document does."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Extent in x, never negative."""
        return max(0.0, self.x1 - self.x0)

    @property
    def height(self) -> float:
        """Extent in y, never negative."""
        return max(0.0, self.y1 - self.y0)

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        """(x, y) of the middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def as_tuple(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1)."""
        return self.x0, self.y0, self.x1, self.y1

    def intersection(self, other: Box) -> Box:
        """The common part; a box of area 0 where there is none."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return Box(x0, y0, max(x0, min(self.x1, other.x1)), max(y0, min(self.y1, other.y1)))

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1; 0 for two empty boxes."""
        common = self.intersection(other).area
        union = self.area + other.area - common
        return common / union if union > 0 else 0.0

    def covered_by(self, other: Box) -> float:
        """Share of this box that lies inside `other`, 0 to 1; 0 for an empty box."""
        return self.intersection(other).area / self.area if self.area > 0 else 0.0

    def overlap_x(self, other: Box) -> float:
        """Length of the common interval in x, at least 0."""
        return max(0.0, min(self.x1, other.x1) - max(self.x0, other.x0))

    def overlap_y(self, other: Box) -> float:
        """Length of the common interval in y, at least 0."""
        return max(0.0, min(self.y1, other.y1) - max(self.y0, other.y0))

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside (ends exclusive)."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def padded(self, dx: float, dy: float | None = None) -> Box:
        """Grown by `dx` on the left and right and by `dy` (default `dx`) above and below."""
        dy = dx if dy is None else dy
        return Box(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)

    def shifted(self, dx: float, dy: float) -> Box:
        """Moved by (dx, dy)."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def scaled(self, sx: float, sy: float | None = None) -> Box:
        """Multiplied by `sx` in x and by `sy` (default `sx`) in y."""
        sy = sx if sy is None else sy
        return Box(self.x0 * sx, self.y0 * sy, self.x1 * sx, self.y1 * sy)

    def clipped(self, width: float, height: float) -> Box:
        """Cut to (0, 0, width, height); a box outside becomes an empty one on the border."""
        x0, y0 = min(max(self.x0, 0.0), width), min(max(self.y0, 0.0), height)
        return Box(x0, y0, max(x0, min(self.x1, width)), max(y0, min(self.y1, height)))


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of `boxes`.

    Raises:
        ValueError: there are none.
    """
    parts = list(boxes)
    if not parts:
        raise ValueError("union of no boxes")
    return Box(
        min(b.x0 for b in parts),
        min(b.y0 for b in parts),
        max(b.x1 for b in parts),
        max(b.y1 for b in parts),
    )


@dataclass(frozen=True, slots=True)
class Affine:
    """The map (x, y) -> (a x + c y + e, b x + d y + f), in the order that PDF uses."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def as_tuple(self) -> tuple[float, float, float, float, float, float]:
        """(a, b, c, d, e, f)."""
        return self.a, self.b, self.c, self.d, self.e, self.f

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where (x, y) goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, box: Box) -> Box:
        """The axis-aligned box around the image of `box`."""
        corners = [
            self.point(x, y)
            for x, y in (
                (box.x0, box.y0),
                (box.x1, box.y0),
                (box.x1, box.y1),
                (box.x0, box.y1),
            )
        ]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    def then(self, after: Affine) -> Affine:
        """First this map, then `after`."""
        e, f = after.point(self.e, self.f)
        return Affine(
            after.a * self.a + after.c * self.b,
            after.b * self.a + after.d * self.b,
            after.a * self.c + after.c * self.d,
            after.b * self.c + after.d * self.d,
            e,
            f,
        )

    def inverse(self) -> Affine:
        """The way back.

        Raises:
            ValueError: the map is singular.
        """
        det = self.a * self.d - self.b * self.c
        if det == 0 or not math.isfinite(det):
            raise ValueError(f"{self} has no inverse")
        return Affine(
            self.d / det,
            -self.b / det,
            -self.c / det,
            self.a / det,
            (self.c * self.f - self.d * self.e) / det,
            (self.b * self.e - self.a * self.f) / det,
        )

    @staticmethod
    def scale(sx: float, sy: float | None = None) -> Affine:
        """Multiplication by `sx` in x and by `sy` (default `sx`) in y."""
        return Affine(sx, 0.0, 0.0, sx if sy is None else sy, 0.0, 0.0)

    @staticmethod
    def shift(dx: float, dy: float) -> Affine:
        """Translation."""
        return Affine(1.0, 0.0, 0.0, 1.0, dx, dy)

    @staticmethod
    def quarter_turn(degrees: int, width: float, height: float) -> Affine:
        """Counter-clockwise turn of a picture of `width` x `height` by 0, 90, 180 or 270 degrees.

        The turned picture starts at the origin again, so a point inside the picture stays inside.

        Raises:
            ValueError: `degrees` is another number.
        """
        turns = {
            0: Affine(),
            90: Affine(0.0, -1.0, 1.0, 0.0, 0.0, width),
            180: Affine(-1.0, 0.0, 0.0, -1.0, width, height),
            270: Affine(0.0, 1.0, -1.0, 0.0, height, 0.0),
        }
        if degrees not in turns:
            raise ValueError(f"a turn of {degrees} degrees is not 0, 90, 180 or 270")
        return turns[degrees]

    @staticmethod
    def rotation(degrees: float, cx: float, cy: float) -> Affine:
        """Counter-clockwise rotation (as seen on the page, y downwards) around (cx, cy)."""
        rad = math.radians(degrees)
        cos, sin = math.cos(rad), math.sin(rad)
        return (
            Affine.shift(-cx, -cy)
            .then(Affine(cos, -sin, sin, cos, 0.0, 0.0))
            .then(Affine.shift(cx, cy))
        )
