"""Setting pages upright, with the way back."""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.geometry import Affine
from structure.core.images import RGBImage
from structure.orientation.postprocess import Turn

# A pixel is ink if it is so much darker than the mean of so many around it.
_AROUND, _DARKER = 31, 25
# So few pixels of ink at the edge of a page are dirt.
_SPECKS = 12


class Turned(NamedTuple):
    """A turned picture.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        back: From its pixels to the pixels of the picture before.
    """

    pixels: RGBImage
    back: Affine


def upright(pixels: RGBImage, turn: Turn) -> Turned:
    """Turn a picture counter-clockwise by a multiple of 90 degrees; no pixel changes its value.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        turn: Degrees that the content is turned clockwise.
    """
    height, width = pixels.shape[:2]
    there = Affine.quarter_turn(turn, width, height)
    return Turned(np.ascontiguousarray(np.rot90(pixels, turn // 90)), there.inverse())


def deskew(pixels: RGBImage, angle: float) -> Turned:
    """Turn a picture clockwise by a small angle around its middle; what was outside becomes white.

    The size stays as it is where only empty paper would be cut off, and grows otherwise.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        angle: Degrees by which the content leans counter-clockwise (see `estimate_skew`).
    """
    if angle == 0:
        return Turned(pixels, Affine())
    height, width = pixels.shape[:2]
    cos, sin = math.cos(math.radians(angle)), abs(math.sin(math.radians(angle)))
    # Grown by an even number, so that the middle part is the picture of the old size.
    grow_x = 2 * math.ceil(max(0.0, width * cos + height * sin - width) / 2)
    grow_y = 2 * math.ceil(max(0.0, height * cos + width * sin - height) / 2)
    if not _leaves(pixels, Affine.rotation(-angle, width / 2, height / 2)):
        grow_x = grow_y = 0
    there = Affine.rotation(-angle, width / 2, height / 2).then(
        Affine.shift(grow_x / 2, grow_y / 2)
    )
    # OpenCV counts from the middle of the first pixel, we from its corner.
    matrix = Affine.shift(0.5, 0.5).then(there).then(Affine.shift(-0.5, -0.5))
    grey = _is_grey(pixels)  # Then one channel says all, in a third of the time.
    turned = cv2.warpAffine(
        np.ascontiguousarray(pixels[..., 0]) if grey else pixels,
        np.array([[matrix.a, matrix.c, matrix.e], [matrix.b, matrix.d, matrix.f]]),
        (width + grow_x, height + grow_y),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    straight: RGBImage = cv2.cvtColor(turned, cv2.COLOR_GRAY2RGB) if grey else turned
    return Turned(straight, there.inverse())


def _is_grey(pixels: RGBImage) -> bool:
    """Whether the channels of a picture are the same; few rows tell of most that they are not."""
    return all(
        np.array_equal(part[..., 0], part[..., 1]) and np.array_equal(part[..., 0], part[..., 2])
        for part in (pixels[::64], pixels)
    )


def _leaves(pixels: RGBImage, way: Affine) -> bool:
    """Whether ink of a picture leaves its frame on the way; noise, dust and shadows are none."""
    height, width = pixels.shape[:2]
    gone = 0
    for y, x in _edges(height, width, math.ceil(_farthest(height, width, way))):
        v, u = np.nonzero(_ink(pixels, y, x))
        u, v = u + x.start, v + y.start
        there_u, there_v = way.a * u + way.c * v + way.e, way.b * u + way.d * v + way.f
        out = (there_u < 0) | (there_v < 0) | (there_u > width) | (there_v > height)
        gone += int(np.count_nonzero(out))
    return gone > _SPECKS


def _farthest(height: int, width: int, way: Affine) -> float:
    """By how many pixels any point of a frame moves along an axis: a corner moves the most."""
    corners = ((0, 0), (width, 0), (0, height), (width, height))
    moved = ((way.point(x, y), (x, y)) for x, y in corners)
    return max(max(abs(u - x), abs(v - y)) for (u, v), (x, y) in moved)


def _edges(height: int, width: int, margin: int) -> tuple[tuple[slice, slice], ...]:
    """Rows and columns of the four strips along the edges of a frame, without overlap."""
    top, left = min(margin, height), min(margin, width)
    bottom, right = max(top, height - margin), max(left, width - margin)
    return (
        (slice(0, top), slice(0, width)),
        (slice(bottom, height), slice(0, width)),
        (slice(top, bottom), slice(0, left)),
        (slice(top, bottom), slice(right, width)),
    )


def _ink(pixels: RGBImage, rows: slice, columns: slice) -> NDArray[np.uint8]:
    """Where a part of a picture is darker than what is around it."""
    if rows.start == rows.stop or columns.start == columns.stop:
        return np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
    y, x = max(0, rows.start - _AROUND), max(0, columns.start - _AROUND)
    part = pixels[y : rows.stop + _AROUND, x : columns.stop + _AROUND]
    grey = cv2.medianBlur(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), 3)
    ink = cv2.adaptiveThreshold(
        grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _AROUND, _DARKER
    )
    return np.asarray(
        ink[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x], np.uint8
    )
