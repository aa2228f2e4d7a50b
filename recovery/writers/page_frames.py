"""Pixels of a page picture, in which ALTO and hOCR say where things stand."""

from __future__ import annotations

import math
from dataclasses import dataclass

from structure.core.document import Page
from structure.core.geometry import Affine, Box

_USUAL_DPI = 200.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of a page.

    Attributes:
        way: From points of the upright page to pixels of the picture.
        width: Pixels.
        height: Pixels.
        dpi: Pixels per inch in x and y.
    """

    way: Affine
    width: int
    height: int
    dpi: tuple[float, float]

    @property
    def angle(self) -> float:
        """Degrees counter-clockwise by which lines of the page run in the picture."""
        return round(-math.degrees(math.atan2(self.way.b, self.way.a)), 2) + 0.0

    def box(self, box: Box) -> tuple[int, int, int, int]:
        """x0, y0, x1, y1 in whole pixels inside the picture, at least one pixel wide and high."""
        placed = self.way.box(box)
        x0 = min(max(round(placed.x0), 0), self.width - 1)
        y0 = min(max(round(placed.y0), 0), self.height - 1)
        x1 = min(max(round(placed.x1), x0 + 1), self.width)
        y1 = min(max(round(placed.y1), y0 + 1), self.height)
        return x0, y0, x1, y1


def source_frame(page: Page, extent: Box) -> Frame:
    """The picture file as it lies; for a PDF, which has no pixels, the same as `upright_frame`.

    Args:
        page: A page.
        extent: What of its source it shows.
    """
    if not _is_picture(page):
        return upright_frame(page, extent)
    return _frame(page, page.to_source, extent)


def upright_frame(page: Page, extent: Box) -> Frame:
    """The picture file, or the PDF page drawn at the resolution of reading, turned upright.

    It is turned by quarters only: a small angle by which a scan leans stays in the picture.
    """
    scale = 1.0
    if not _is_picture(page):
        unit = math.hypot(page.to_source.a, page.to_source.b)
        scale = (page.dpi or _USUAL_DPI) / 72 / max(unit, 1e-9)
    turned = quarter(page.to_source.inverse(), scale, scale)
    box = turned.box(extent)
    way = page.to_source.then(turned).then(Affine.shift(-box.x0, -box.y0))
    return _frame(page, way, box)


def quarter(way: Affine, x_scale: float, y_scale: float) -> Affine:
    """The turn by quarters, mirrored if need be, that is nearest to `way`, with other scales."""
    if abs(way.a) >= abs(way.b):
        x, y = math.copysign(x_scale, way.a), math.copysign(y_scale, way.d)
        return Affine(x, 0.0, 0.0, y, 0.0, 0.0)
    x, y = math.copysign(x_scale, way.b), math.copysign(y_scale, way.c)
    return Affine(0.0, x, y, 0.0, 0.0, 0.0)


def _is_picture(page: Page) -> bool:
    # User space has its y upwards, which mirrors; so do the rare pictures stored mirrored, and
    # those are told about as they look.
    way = page.to_source
    return way.a * way.d - way.b * way.c > 0


def _frame(page: Page, way: Affine, box: Box) -> Frame:
    dpi = math.hypot(way.a, way.c) * 72, math.hypot(way.b, way.d) * 72
    return Frame(way, max(round(box.width), 1), max(round(box.height), 1), dpi)
