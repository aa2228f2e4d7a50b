"""A table picture to the network's input, and the way back.

SLANet was trained on tight, upright, dark-on-light crops without augmentation, so whatever departs
from that is taken out first: a dark background, a lean, the margin around the ink.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.geometry import Affine
from structure.core.images import IMAGENET_MEAN, IMAGENET_STD, RGBImage
from structure.orientation import Turned, deskew, estimate_skew

SIDE = 488
"""Side of the square input; it may not be trimmed, the weights expect all of it."""

_MEAN, _STD = IMAGENET_MEAN.astype(np.float32), IMAGENET_STD.astype(np.float32)
_DARK = 128  # a background below this grey level is dark
_LEAN = 0.7  # degrees up to which the network does not mind a lean
_CONTRAST = 32  # ink differs from the background by more than this
_SPECK = 4  # fewer connected pixels are noise
_GRAIN = 3  # levels by which half of the pixels of a noisy picture differ from those around them
_STRIPE, _STRIPES = 16, 12  # rows of a stripe, and how many there are
_PAPER_STEP = 8  # pixels in which the light of the paper hardly changes
_PAPER_REACH = 9  # steps from one place without ink to the next
_PAPER = 0.88  # share of the light of the paper that is white: grain and faint ink are above it
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
    """Invert a dark picture, set a leaning one straight and crop it to its ink.

    Args:
        crop: (H, W, 3) uint8 RGB.
    """
    if crop.size == 0:
        return Prepared(np.full((1, 1, 3), 255, np.uint8), Affine(), blank=True)
    if _background(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)) < _DARK:
        crop = 255 - crop
    crop = cleaned(crop)
    angle = estimate_skew(crop)
    straight, back = deskew(crop, angle) if abs(angle) > _LEAN else Turned(crop, Affine())
    ink = ink_box(ink_mask(straight))
    if ink is None:
        return Prepared(straight, back, blank=True)
    x0, y0, x1, y1 = ink
    to_crop = Affine.shift(x0, y0).then(back)
    return Prepared(np.ascontiguousarray(straight[y0:y1, x0:x1]), to_crop)


def cleaned(crop: RGBImage) -> RGBImage:
    """A noisy picture on white paper again: no grain, no shadow, no ink of the other side.

    Args:
        crop: (H, W, 3) uint8 RGB, dark on light. Pictures without grain come back as they are.
    """
    if _grain(crop) < _GRAIN:
        return crop
    smooth = cv2.medianBlur(crop, 3)
    height, width = crop.shape[:2]
    step = min(_PAPER_STEP, height, width)
    small = cv2.resize(smooth, (width // step, height // step), interpolation=cv2.INTER_AREA)
    light = cv2.dilate(small, np.ones((_PAPER_REACH, _PAPER_REACH), np.uint8))
    light = cv2.erode(light, np.ones((_PAPER_REACH, _PAPER_REACH), np.uint8))
    paper = cv2.resize(cv2.blur(light, (3, 3)), (width, height), interpolation=cv2.INTER_LINEAR)
    share = smooth.astype(np.float32) / np.maximum(paper, 1)
    return np.clip(255 / _PAPER * share, 0, 255).astype(np.uint8)


def _grain(crop: RGBImage) -> int:
    """Levels by which half of the pixels differ from those around them; some stripes tell."""
    step = max(1, crop.shape[0] // _STRIPES)
    stripes = [crop[y : y + _STRIPE] for y in range(0, crop.shape[0], max(step, _STRIPE))]
    gray = [cv2.cvtColor(stripe, cv2.COLOR_RGB2GRAY) for stripe in stripes]
    return _median(np.concatenate([cv2.absdiff(one, cv2.medianBlur(one, 3)) for one in gray]))


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


def ink_mask(pixels: RGBImage) -> NDArray[np.uint8]:
    """(H, W) with 1 for ink and 0 for the background; specks are background."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    ink = (cv2.absdiff(gray, float(_background(gray))) > _CONTRAST).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = (stats[:, cv2.CC_STAT_AREA] >= _SPECK).astype(np.uint8)
    large[0] = 0
    return large[labels]


def ink_box(ink: NDArray[np.uint8]) -> tuple[int, int, int, int] | None:
    """x0, y0, x1, y1 around all ink, with a margin of a few pixels; None where there is none."""
    xs, ys = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not len(xs):
        return None
    height, width = ink.shape
    return (
        max(0, int(xs[0]) - _MARGIN),
        max(0, int(ys[0]) - _MARGIN),
        min(width, int(xs[-1]) + 1 + _MARGIN),
        min(height, int(ys[-1]) + 1 + _MARGIN),
    )


def _background(gray: NDArray[np.uint8]) -> int:
    """The grey level of the paper."""
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    # A tight crop may have a black frame for a border; a filled table may have a white margin.
    return max(_median(border), _median(gray))


def _median(gray: NDArray[np.uint8]) -> int:
    """The median, rounded down; by counting, a third of the time that ordering takes."""
    below = np.cumsum(cv2.calcHist([gray], [0], None, [256], [0, 256]).astype(np.int64))
    low, high = np.searchsorted(below, [(gray.size + 1) // 2, gray.size // 2 + 1])
    return int(low + high) // 2
