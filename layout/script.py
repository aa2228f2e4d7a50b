"""Ink that nobody could read, outside drawn cells: signatures, notes by hand, worn small print.

It is kept as pictures, whether text detection gave it no line or recognition made nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from layout import limits
from layout.forms import find_forms
from layout.geometry import PageGeometry, measure
from layout.pictures import grown, masses
from structure.core.analysis import Label, Region, TextLine
from structure.core.geometry import Box, union
from structure.core.images import RGBImage


def find_script(page: PageGeometry, taken: Iterable[Box] = ()) -> list[Box]:
    """Rows of ink that nobody could read: signatures, notes by hand, print too small or worn.

    They are too low for a picture, but as wide as a word, with strokes that hang together, which
    those of grain do not, and with nothing of the evenness of a tear or fold of the paper.

    Args:
        page: The measured page.
        taken: Tables and pictures; what lies over text regions alone is looked at.
    """
    used = list(taken)
    edges = page.ink.frame.padded(-limits.SCRIPT_OFF_EDGE * page.em)
    found = masses(page, used)
    script = [
        mass.box
        for mass in found
        if mass.box.width >= limits.SCRIPT_WORD * page.em
        and mass.box.height >= limits.SCRIPT_LOW * page.em
        and mass.box.height <= limits.SCRIPT_HIGH * page.em
        and limits.SCRIPT_THIN <= mass.fill <= limits.SCRIPT_FILL
        and mass.rough >= limits.SCRIPT_ROUGH
        and mass.box.intersection(edges) == mass.box
        and _longest_stroke(page, mass.box)
        >= max(limits.STROKE_LONG * page.em, limits.SCRIPT_STROKE * mass.box.width)
    ]
    return grown(page, script, found, used)


def _longest_stroke(page: PageGeometry, box: Box) -> float:
    """How long the longest piece of ink is that hangs together, in pixels of the page."""
    x0, y0, x1, y1 = (max(0, round(v)) for v in box.scaled(1 / page.ink.step).as_tuple())
    part = page.ink.loose[y0:y1, x0:x1]
    count, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    sides = stats[1:count, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return float(sides.max(initial=0)) * page.ink.step


def unreadable(
    lines: Sequence[TextLine], regions: Sequence[Region], pixels: RGBImage
) -> frozenset[int]:
    """Lines far taller than the others and hardly made out: signatures, notes by hand, lettering.

    Those in drawn cells are left to whoever reads the cells, and formulas that the detector has
    seen are none. Where there are many, the page is worn or its lines lean.

    Args:
        lines: All lines of the page.
        regions: What the detector found.
        pixels: (H, W, 3) uint8, the page.

    Returns:
        Their indices.
    """
    usual = float(np.median([line.box.height for line in lines])) if lines else 0.0
    formulas = [r.box for r in regions if r.label == Label.EQUATION]
    found = [
        i
        for i, line in enumerate(lines)
        if line.box.height >= limits.UNREADABLE_HEIGHT * usual
        and line.score is not None
        and line.score < limits.UNREADABLE_SCORE
        and line.box.width > line.box.height
        and not any(line.box.covered_by(box) > limits.LINE_IN_REGION for box in formulas)
    ]
    if not 0 < len(found) <= limits.UNREADABLE_LINES:
        return frozenset()
    forms = find_forms(measure(lines, pixels), [])
    return frozenset(
        i for i in found if not any(f.box.contains(*lines[i].box.center) for f in forms)
    )


def as_picture(line: TextLine, page: PageGeometry) -> Region:
    """The picture of a line that was not made out, as wide as its strokes reach."""
    box = _between(line.box, [other.box for other in page.lines])
    strokes = [b for b in find_script(page) if b.intersection(box).area > 0]
    return Region(union([box, *strokes]), Label.FIGURE, limits.PICTURE_SCORE)


def _between(box: Box, others: Sequence[Box]) -> Box:
    """A box without what reaches over its upper or lower edge; half of its height is kept."""
    middle = box.center[1]
    beside = [other for other in others if other.overlap_x(box) > 0]
    above = [o.y1 for o in beside if o.center[1] < middle and o.y1 > box.y0]
    below = [o.y0 for o in beside if o.center[1] >= middle and o.y0 < box.y1]
    y0 = min(max([box.y0, *above]), box.y0 + box.height / 4)
    y1 = max(min([box.y1, *below]), box.y1 - box.height / 4)
    return Box(box.x0, y0, box.x1, y1)
