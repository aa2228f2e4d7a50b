"""Paper sizes, and what they tell about the resolution of a picture."""

from __future__ import annotations

import math

_MM = 25.4
_SHEETS_MM = (
    # In the order of preference where several have the same aspect.
    (210.0, 297.0),  # A4
    (215.9, 279.4),  # Letter
    (215.9, 355.6),  # Legal
    (297.0, 420.0),  # A3
    (148.0, 210.0),  # A5
    (176.0, 250.0),  # B5
    (182.0, 257.0),  # B5 as cut in Japan
    (279.4, 431.8),  # Tabloid
    (184.2, 266.7),  # Executive
)
_ROLLS_MM = (80.0, 58.0)
_TOLERANCE = 0.02
_DPI_RANGE = (72.0, 600.0)


def is_known_size(width_inch: float, height_inch: float) -> bool:
    """Whether a sheet or a receipt of these sizes exists, within 2 % on each side."""
    sides = sorted((width_inch * _MM, height_inch * _MM))
    for sheet in _SHEETS_MM:
        if all(abs(a - b) <= _TOLERANCE * b for a, b in zip(sides, sheet, strict=True)):
            return True
    longer = height_inch > 1.5 * width_inch
    return longer and any(abs(width_inch * _MM - w) <= _TOLERANCE * w for w in _ROLLS_MM)


def assumed_dpi(width: int, height: int) -> float:
    """A resolution for a picture whose file tells none: the one that makes it a usual sheet.

    Where the aspect is within 2 % of a known sheet, the picture becomes that sheet; otherwise it
    gets the width of A4, as long as documents are scanned at such a resolution (72 to 600).

    Args:
        width: Pixels, at least 1.
        height: Likewise.

    Returns:
        Pixels per inch.
    """
    aspect = max(width, height) / min(width, height)
    nearest = min(_SHEETS_MM, key=lambda s: round(abs(math.log(aspect * s[0] / s[1])), 3))
    if abs(aspect * nearest[0] / nearest[1] - 1) <= _TOLERANCE:
        return math.sqrt((width * height) / (nearest[0] * nearest[1])) * _MM
    return min(max(width * _MM / _SHEETS_MM[0][0], _DPI_RANGE[0]), _DPI_RANGE[1])
