"""What a hostile or oversized file may cost."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields

from structure.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds that hold before memory or time is spent; 0 switches one off, at your own risk.

    Attributes:
        file_size: Bytes of the input file; more is refused before it is read.
        pages: Selected pages of one file; more is refused before any is rendered.
        pixels: Pixels of a picture file, known from its header; more is refused.
        raster: Pixels of a page as the models see it; a larger one is scaled down.
        side: Longest side of that page, in pixels; likewise.
        page_seconds: Time that an external renderer may take for one page.

    Raises:
        ConfigError: one is negative or no finite number.
    """

    file_size: int = 500_000_000
    pages: int = 2000
    pixels: int = 200_000_000
    raster: int = 40_000_000
    side: int = 8000
    page_seconds: float = 120.0

    def __post_init__(self) -> None:
        for item, value in zip(fields(self), astuple(self), strict=True):
            if not (math.isfinite(value) and value >= 0):
                raise ConfigError(
                    f"the limit {item.name} cannot be {value}", hint="0 switches it off"
                )

    def raster_scale(self, width: float, height: float) -> float:
        """Factor (at most 1) that brings a page of `width` x `height` pixels within the limits."""
        scale = 1.0
        if self.raster and width * height > self.raster:
            scale = (self.raster / (width * height)) ** 0.5
        if self.side and max(width, height) * scale > self.side:
            scale = self.side / max(width, height)
        return scale
