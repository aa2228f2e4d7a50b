"""How far the lines of a page lean from the horizontal."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from structure.core.images import RGBImage

MAX_ANGLE = 20.0
"""Degrees; pages that lean further are found upright."""

# On a page reduced to this longer side a line of text is still 10 pixels high, and a lean of 0.1
# degrees moves the end of a line by more than one.
_SIDE = 1000
# Steps in degrees: the peak of the energy is about half a degree wide, its top is interpolated.
_COARSE = 0.5
_FINE = 0.1
# So many points tell the nearest half degree; on 60 real pages the angle stayed the same.
_COARSE_POINTS = 8000
# Edge points of two or three words; fewer say nothing.
_MIN_POINTS = 200
# Energy of the best direction against the median: 3 and more for pages of text, 1.05 for noise.
_MIN_RISE = 1.4


def estimate_skew(pixels: RGBImage) -> float:
    """The small angle by which the content leans counter-clockwise.

    The lower edges of ink are projected along lines of many slopes. Along the direction of the text
    they pile up on few lines, so the sum of the squares of the profile is largest there.

    Args:
        pixels: (H, W, 3) uint8 RGB, upright but for the lean.

    Returns:
        Degrees, positive counter-clockwise, -20 to 20, good to about 0.1; 0.0 where no direction
        stands out (blank pages, photographs, a few words).

    Source: W. Postl, Detection of linear oblique structures and skew scan in digitized documents,
        ICPR 1986.
    """
    points = _lower_edges(pixels)
    if len(points) < _MIN_POINTS:
        return 0.0
    coarse = np.arange(-MAX_ANGLE, MAX_ANGLE + _COARSE / 2, _COARSE)
    some = points[:: max(1, len(points) // _COARSE_POINTS)]
    energies = np.array([_energy(some, angle) for angle in coarse])
    best = int(energies.argmax())
    if best in (0, len(coarse) - 1) or energies[best] < _MIN_RISE * np.median(energies):
        return 0.0
    fine = coarse[best] + np.arange(-_COARSE, _COARSE + _FINE / 2, _FINE)
    energies = np.array([_energy(points, angle) for angle in fine])
    return round(_vertex(fine, energies), 2) + 0.0


def _lower_edges(pixels: RGBImage) -> NDArray[np.float64]:
    """(N, 2) x and y of ink with paper below it, in pixels of the reduced page, from its middle."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = _SIDE / max(gray.shape)
    if scale < 1:
        size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    # Against the local mean, so that shadows and dark scan borders are not ink.
    ink = cv2.adaptiveThreshold(gray, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    y, x = np.nonzero(ink[:-1] > ink[1:])
    return np.column_stack([x - gray.shape[1] / 2, y - gray.shape[0] / 2])


def _energy(points: NDArray[np.float64], angle: float) -> float:
    """Sum of squares of the profile along lines that lean counter-clockwise by `angle` degrees."""
    radians = math.radians(angle)
    rows = points[:, 0] * math.sin(radians) + points[:, 1] * math.cos(radians)
    profile = np.bincount((rows - rows.min()).astype(np.intp))
    return float(np.square(profile, dtype=np.float64).sum())


def _vertex(angles: NDArray[np.float64], energies: NDArray[np.float64]) -> float:
    """Where the parabola through the highest value and its neighbours has its top."""
    i = int(energies.argmax())
    if i in (0, len(angles) - 1):
        return float(angles[i])
    left, top, right = energies[i - 1 : i + 2]
    bend = left - 2 * top + right
    offset = 0.5 * (left - right) / bend if bend else 0.0
    return float(angles[i] + offset * (angles[1] - angles[0]))
