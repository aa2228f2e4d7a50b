"""What a hostile or oversized file may cost."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields

from structure.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds that hold before memory or time is spent; 0 switches one off, at your own risk.

    The times and the memory of a whole file are kept by whoever can end the processes at work
    (`structure.isolation`); in the caller's own process nobody can.

    Attributes:
        file_size: Bytes of the input file; more is refused before it is read.
        pages: Selected pages of one file; more is refused before any is rendered.
        pixels: Pixels of a picture file, known from its header; more is refused.
        raster: Pixels of a page as the models see it; a larger one is scaled down.
        side: Longest side of that page, in pixels; likewise.
        page_seconds: Time that one page may take; then it failed, and the others go on.
        file_seconds: Time that one file may take; the pages done by then are kept.
        memory: Resident bytes of the processes that work on a file, together.
        boxes: Text lines of a page; of more, the surest are kept.
        output: Bytes of a file that is written; a larger one is not.
        free: Bytes that must be free on a disk before something is written there.

    Raises:
        ConfigError: one is negative or no finite number.
    """

    file_size: int = 500_000_000
    pages: int = 2000
    pixels: int = 200_000_000
    raster: int = 40_000_000
    side: int = 8000
    page_seconds: float = 120.0
    file_seconds: float = 1800.0
    memory: int = 4 << 30
    boxes: int = 20_000
    output: int = 1 << 30
    free: int = 500_000_000

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
