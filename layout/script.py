"""Ink that nobody could read, outside drawn cells: signatures, notes by hand, worn small print.

It is kept as pictures where text detection gave it no line.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2

from layout import limits
from layout.geometry import PageGeometry
from layout.pictures import grown, masses
from structure.core.geometry import Box


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
