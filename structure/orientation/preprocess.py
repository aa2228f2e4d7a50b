"""Pages to the input of the orientation network."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.images import IMAGENET_MEAN, IMAGENET_STD, RGBImage

SIDE = 224
_SHORT_SIDE = 256


def to_batch(pages: Sequence[RGBImage]) -> NDArray[np.float32]:
    """The middle of every page, 224/256 of its shorter side, normalised.

    The same as reducing the shorter side to 256 and cutting 224 x 224 out of the middle, but
    independent of how long the other side is.

    Returns:
        (B, 3, 224, 224).
    """
    scale, shift = 1 / (255 * IMAGENET_STD), -IMAGENET_MEAN / IMAGENET_STD
    batch = np.empty((len(pages), 3, SIDE, SIDE), np.float32)
    for planes, page in zip(batch, pages, strict=True):
        small = _middle(page)
        for channel in range(3):
            np.multiply(small[..., channel], scale[channel], out=planes[channel], casting="unsafe")
            planes[channel] += shift[channel]
    return batch


def _middle(page: RGBImage) -> RGBImage:
    height, width = page.shape[:2]
    side = max(1, round(min(height, width) * SIDE / _SHORT_SIDE))
    top, left = (height - side) // 2, (width - side) // 2
    square = page[top : top + side, left : left + side]
    # Sampling without averaging loses thin strokes once several pixels fall into one.
    method = cv2.INTER_AREA if side > 2 * SIDE else cv2.INTER_LINEAR
    small: RGBImage = cv2.resize(square, (SIDE, SIDE), interpolation=method)
    return small


def parts(page: RGBImage) -> list[RGBImage]:
    """Squares of half the shorter side, spread over the page: 2 to 4 in each direction."""
    height, width = page.shape[:2]
    side = max(1, min(height, width) // 2)
    return [
        page[top : top + side, left : left + side]
        for top in _starts(height, side)
        for left in _starts(width, side)
    ]


def _starts(length: int, side: int) -> list[int]:
    count = min(4, max(2, round(length / side)))
    return [round(i * (length - side) / (count - 1)) for i in range(count)]
