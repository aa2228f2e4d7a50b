"""Moving text lines from one coordinate system to another."""

from __future__ import annotations

from dataclasses import replace

from structure.core.analysis import TextLine
from structure.core.geometry import Affine


def move_line(line: TextLine, way: Affine, *, turned: float = 0.0) -> TextLine:
    """A line with its words in other coordinates.

    Args:
        line: A line whose boxes are in the coordinates that `way` starts from.
        way: Where points go. Font sizes are not scaled: use it for turns and shifts.
        turned: Degrees counter-clockwise by which `way` turns, clockwise negative.
    """
    words = tuple(replace(word, box=way.box(word.box)) for word in line.words)
    angle = (line.angle + turned + 180) % 360 - 180
    return replace(line, box=way.box(line.box), words=words, angle=angle)
