"""Pictures that are cut from a page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from PIL import Image

from structure.core.analysis import Picture
from structure.core.crops import Crop
from structure.core.geometry import Box
from structure.core.images import RGBImage

LINE_ART_COLOURS = 1024
"""More different colours than this (of 5 bits a channel) make a photograph."""

_SAME = 0.8
"""Share of what two boxes cover together that both cover, where they are one picture."""


def without_text(crop: Crop, texts: Sequence[Box]) -> Crop:
    """A picture with the ends of text lines that reach into it painted over.

    Args:
        crop: Cut from a page.
        texts: Boxes of lines that are not part of the picture, in pixels of the page.
    """
    inside = [box for box in texts if box.intersection(crop.box).area > 0]
    if not inside:
        return crop
    pixels = crop.pixels.copy()
    for box in inside:
        part = box.padded(1).intersection(crop.box).shifted(-crop.box.x0, -crop.box.y0)
        x0, y0, x1, y1 = (round(v) for v in part.as_tuple())
        patch = pixels[y0:y1, x0:x1]
        if patch.size:
            # The paper is the lighter part of a line's place.
            patch[:] = np.percentile(patch.reshape(-1, 3), 75, axis=0).astype(np.uint8)
    return Crop(pixels, crop.box)


def with_originals(pictures: Sequence[Picture], embedded: Sequence[Picture]) -> list[Picture]:
    """Put pictures that a PDF holds in the place of what was cut from the drawn page.

    Args:
        pictures: Cut from the page.
        embedded: Of the file, in pixels of the same page; nothing else is painted on them.
    """
    return [_original(picture, embedded) for picture in pictures]


def _original(cut_out: Picture, embedded: Sequence[Picture]) -> Picture:
    for picture in embedded:
        common = cut_out.box.intersection(picture.box).area
        both = cut_out.box.area + picture.box.area - common
        whole = all(picture.box.contains(*line.box.center) for line in cut_out.lines)
        if whole and common >= _SAME * both:
            return replace(picture, lines=cut_out.lines, label=cut_out.label)
    return cut_out


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
