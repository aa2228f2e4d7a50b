"""Moving boxes and text lines from one coordinate system to another."""

from __future__ import annotations

from dataclasses import replace

from structure.core.analysis import TextLine
from structure.core.geometry import Affine, Box


def is_sideways(line: TextLine) -> bool:
    """Whether a line runs up or down the page."""
    return 45 < abs(line.angle) < 135


def with_room(line: TextLine, along: float, across: float) -> Box:
    """The box of a line, larger at its ends and at its sides.

    Args:
        line: Upright or sideways.
        along: Room before and behind it, in heights of the line.
        across: Room above and below it, likewise.
    """
    if is_sideways(line):
        return line.box.padded(across * line.box.width, along * line.box.width)
    return line.box.padded(along * line.box.height, across * line.box.height)


def move_box(box: Box, way: Affine) -> Box:
    """The box around the moved middle, of the same size; lying where it was turned on its side.

    The box around the turned corners would grow each time; after a turn by a few degrees and back,
    this one is where it was.

    Args:
        box: In the coordinates that `way` starts from.
        way: A turn and a shift; sizes are not scaled.
    """
    x, y = way.point(*box.center)
    width, height = box.width, box.height
    if abs(way.b) > abs(way.a):
        width, height = height, width
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def move_line(line: TextLine, way: Affine, *, turned: float = 0.0) -> TextLine:
    """A line with its words in other coordinates.

    Args:
        line: A line whose boxes are in the coordinates that `way` starts from.
        way: A turn and a shift (see `move_box`); font sizes are not scaled either.
        turned: Degrees counter-clockwise by which `way` turns, clockwise negative.
    """
    words = tuple(replace(word, box=move_box(word.box, way)) for word in line.words)
    angle = (line.angle + turned + 180) % 360 - 180
    return replace(line, box=move_box(line.box, way), words=words, angle=angle)
