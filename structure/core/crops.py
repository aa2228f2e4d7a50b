"""Parts of a picture, cut out on whole pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from structure.core.geometry import Box
from structure.core.images import RGBImage


@dataclass(frozen=True, slots=True)
class Crop:
    """Pixels of a part of a page, and the whole-pixel box that they come from."""

    pixels: RGBImage
    box: Box


def cut(pixels: RGBImage, box: Box) -> Crop:
    """The part of a page inside `box`, grown to whole pixels and cut at the edges of the page."""
    height, width = pixels.shape[:2]
    inside = box.clipped(width, height)
    x0, y0 = math.floor(inside.x0), math.floor(inside.y0)
    x1, y1 = math.ceil(inside.x1), math.ceil(inside.y1)
    return Crop(np.ascontiguousarray(pixels[y0:y1, x0:x1]), Box(x0, y0, x1, y1))
