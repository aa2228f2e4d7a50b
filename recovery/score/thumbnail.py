"""Pictures made small, to know them again after they were cropped out, compressed or scaled."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

SIDE = 16


def thumbnail(data: bytes) -> tuple[float, ...]:
    """Grey values of a picture shrunk to 16 x 16; empty where it cannot be decoded."""
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        pixels = None
    if pixels is None:
        return ()
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return tuple(float(value) for value in small.ravel())


def likeness(one: Sequence[float], two: Sequence[float]) -> float:
    """Correlation of two thumbnails, 0 where they have nothing in common."""
    if not one or not two:
        return 0.0
    a, b = np.array(one) - np.mean(one), np.array(two) - np.mean(two)
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    if norm == 0.0:
        # Without any contrast only the shade is left to compare.
        return max(0.0, 1.0 - abs(float(np.mean(one)) - float(np.mean(two))) / 255)
    return min(1.0, max(0.0, float(a @ b) / norm))
