"""A page as a picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from structure.core.geometry import Affine, Box

if TYPE_CHECKING:
    from structure.core.analysis import Notice, Picture, TextLine

RGBImage = NDArray[np.uint8]
"""(H, W, 3) uint8, colours in the order red, green, blue."""

IMAGENET_MEAN = np.array([0.485, 0.456, 0.406])
"""Of red, green and blue from 0 to 1: what the released networks expect to be subtracted."""

IMAGENET_STD = np.array([0.229, 0.224, 0.225])
"""And by what they expect it to be divided."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as it was read: pixels, and what the file itself says about it.

    Attributes:
        number: 1-based page number in its file.
        pixels: (H, W, 3) uint8 RGB; the visible part of the page, turned as the file asks for
            (EXIF orientation, /Rotate).
        dpi: Pixels per inch of `pixels`.
        dpi_known: Whether the file says so; False where `dpi` is only an assumption.
        lines: Text lines of a PDF text layer that deserves trust, boxes in pixels of `pixels`;
            None where the page has no such layer (then it must be read by OCR).
        unread: Pictures on a page with a trusted text layer that may hold text of their own (at
            least 2 % of the page, hardly covered by the layer); pixels of `pixels`.
        to_source: From pixels of `pixels` to the source: pixels of the picture file, or points of
            PDF user space (origin bottom left, y upwards).
        notices: What the reader wants to be known (garbled text layer, scaled down, truncated ...).
        embedded: Pictures of a PDF that stand on the page alone and unchanged, as they lie in the
            file; boxes in pixels of `pixels`.
    """

    number: int
    pixels: RGBImage
    dpi: float
    dpi_known: bool = True
    lines: tuple[TextLine, ...] | None = None
    unread: tuple[Box, ...] = ()
    to_source: Affine = field(default_factory=Affine)
    notices: tuple[Notice, ...] = ()
    embedded: tuple[Picture, ...] = ()

    @property
    def width(self) -> int:
        """Pixels per row."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Number of rows."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A page that could not be read; it stays in the result so that page numbers never shift.

    Attributes:
        number: 1-based page number in its file.
        reason: What is wrong, on one line.
        width_pt: Width of the page in points, as far as known (A4 otherwise).
        height_pt: Likewise.
    """

    number: int
    reason: str
    width_pt: float = 595.0
    height_pt: float = 842.0
