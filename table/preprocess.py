"""A table picture to the network's input, and the way back.

SLANet was trained on tight, upright, dark-on-light crops without augmentation, so whatever departs
from that is taken out first: a dark background, a lean, the margin around the ink.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.geometry import Affine, Box
from structure.core.images import RGBImage

SIDE = 488
"""Side of the square input; it may not be trimmed, the weights expect all of it."""

_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)
_DARK = 128  # a background below this grey level is dark
_CONTRAST = 32  # ink differs from the background by more than this
_SPECK = 4  # fewer connected pixels are noise
_MARGIN = 2  # pixels left around the ink


@dataclass(frozen=True, slots=True)
class Prepared:
    """A crop made easy to read.

    Attributes:
        pixels: Dark on light, upright, cropped to the ink; at least one pixel.
        to_crop: From pixels of `pixels` to pixels of the caller's crop.
        blank: Whether there is no ink at all.
    """

    pixels: RGBImage
    to_crop: Affine
    blank: bool = False


def prepare(crop: RGBImage) -> Prepared:
    """Invert a dark picture and crop it to its ink.

    Args:
        crop: (H, W, 3) uint8 RGB.
    """
    if crop.size == 0:
        return Prepared(np.full((1, 1, 3), 255, np.uint8), Affine(), blank=True)
    gray = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    background = _background(gray)
    if background < _DARK:
        crop, gray, background = 255 - crop, 255 - gray, 255 - background
    ink = _ink_box(gray, background)
    if ink is None:
        return Prepared(crop, Affine(), blank=True)
    x0, y0, x1, y1 = (int(side) for side in ink.as_tuple())
    return Prepared(np.ascontiguousarray(crop[y0:y1, x0:x1]), Affine.shift(x0, y0))


def to_input(pixels: RGBImage) -> NDArray[np.float32]:
    """(H, W, 3) uint8 RGB -> (3, SIDE, SIDE): longer side scaled to `SIDE`, padded with zeros."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    size = max(1, int(width * scale)), max(1, int(height * scale))
    # The weights were trained on BGR, with ImageNet's RGB statistics applied in that order.
    small = cv2.resize(pixels[:, :, ::-1], size, interpolation=cv2.INTER_LINEAR)
    canvas = np.zeros((SIDE, SIDE, 3), dtype=np.float32)
    canvas[: size[1], : size[0]] = (small.astype(np.float32) / 255 - _MEAN) / _STD
    return np.ascontiguousarray(canvas.transpose(2, 0, 1))


def _background(gray: NDArray[np.uint8]) -> int:
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    # A tight crop may have a black frame for a border; a filled table may have a white margin.
    return int(max(np.median(border), np.median(gray)))


def _ink_box(gray: NDArray[np.uint8], background: int) -> Box | None:
    """The box around all ink, with a small margin; None where there is none."""
    ink = (np.abs(gray.astype(np.int16) - background) > _CONTRAST).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    parts = stats[1:count]
    parts = parts[parts[:, cv2.CC_STAT_AREA] >= _SPECK]
    if not len(parts):
        return None
    x0, y0 = parts[:, :2].min(axis=0)
    x1, y1 = (parts[:, :2] + parts[:, 2:4]).max(axis=0)
    height, width = gray.shape
    return Box(float(x0), float(y0), float(x1), float(y1)).padded(_MARGIN).clipped(width, height)
