"""Parts of a page picture."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from structure.core.geometry import Box
from structure.core.images import RGBImage

LINE_ART_COLOURS = 1024
"""More different colours than this (of 5 bits a channel) make a photograph."""


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


def encode(pixels: RGBImage) -> tuple[bytes, Literal["image/png", "image/jpeg"]]:
    """A picture file: PNG for line art, JPEG (quality 90) for photographs."""
    picture = Image.fromarray(pixels)
    buffer = io.BytesIO()
    coarse = (pixels[::2, ::2] >> 3).astype(np.uint32)
    colours = np.unique((coarse[..., 0] << 10) | (coarse[..., 1] << 5) | coarse[..., 2])
    if len(colours) > LINE_ART_COLOURS:
        picture.save(buffer, "JPEG", quality=90)
        return buffer.getvalue(), "image/jpeg"
    picture.save(buffer, "PNG")
    return buffer.getvalue(), "image/png"
