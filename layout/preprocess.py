"""Pages to the input of the layout network."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.images import IMAGENET_MEAN, IMAGENET_STD, RGBImage

IMAGE_SIZE = (800, 608)
"""(height, width) that the networks were trained at; larger and smaller are worse."""

_SCALE = (1 / (255 * IMAGENET_STD)).astype(np.float32)
_SHIFT = (-IMAGENET_MEAN / IMAGENET_STD).astype(np.float32)


def to_batch(pages: Sequence[RGBImage], size: tuple[int, int] = IMAGE_SIZE) -> NDArray[np.float32]:
    """Pages squeezed to one size and normalised.

    Args:
        pages: (H, W, 3) uint8 RGB.
        size: (height, width), multiples of 32. The ratio of the page is not kept: so the networks
            were trained.

    Returns:
        (B, 3, height, width).
    """
    batch = np.empty((len(pages), 3, *size), np.float32)
    for planes, page in zip(batch, pages, strict=True):
        # Split first: reading every third byte takes twice as long.
        for channel, values in enumerate(cv2.split(resize(page, size))):
            np.multiply(values, _SCALE[channel], out=planes[channel])
            planes[channel] += _SHIFT[channel]
    return batch


def resize(page: RGBImage, size: tuple[int, int]) -> RGBImage:
    """Cubic, as in training; large pages are first averaged over squares of whole pixels.

    Args:
        page: (H, W, 3) uint8.
        size: (height, width).
    """
    height, width = page.shape[:2]
    # Cubic interpolation looks at 4 x 4 pixels only; from further away it would skip strokes.
    # Whole factors are 15 times faster than exact ones; they leave out a few pixels on two sides.
    factor = max(1, min(height // size[0], width // size[1]))
    if factor > 1:
        rows, columns = height // factor, width // factor
        page = page[: rows * factor, : columns * factor]
        page = cv2.resize(page, (columns, rows), interpolation=cv2.INTER_AREA)
    result: RGBImage = cv2.resize(page, size[::-1], interpolation=cv2.INTER_CUBIC)
    return result
