"""Horizontal lines that stand for themselves: between blocks of text, or to write on.

Rules that belong to tables, frames and pictures, underline words, cross text or come from the edge
of a scan are none. Where a line is in doubt it is left out: a wrong one is uglier than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from layout.geometry import PageGeometry
from structure.core.analysis import DrawnLine
from structure.core.geometry import Box
from structure.core.images import RGBImage
from structure.core.rules import Rule, Rules, connected, without_strokes

_LEAST_EM = 3.0
"""A shorter line is a dash or a part of a drawing."""
_NEAR_GRAPHIC_EM = 0.6
"""Lines so near to a table or picture are its edge."""
_EDGE = 0.012
"""Share of the page along its edges that holds shadows of a scanner ..."""
_BLEED = 0.006
"""... and where a line that runs over the edge ends."""
_DOUBLE_EM = 0.45
"""The strokes of a double line are so near to each other."""
_STAFF_EM, _STAFF_LINES = 1.3, 3
"""So many other lines so near to each other in step are a staff or hatching."""
_SITS_EM = (-0.45, 0.4)
"""What stands so far above a line, by its lower edge, is underlined ..."""
_UNDERLINED = 0.6
"""... if it covers this share of the line ..."""
_CROSSED = 0.08
"""... and a line with text on this share of it is crossed by the text."""
_READ_AS_LINE = re.compile(r"[_\u2014\u2500.\u2026]{3,}")
"""How text recognition and text layers have a drawn line."""
_SAMPLES = 400


def find_drawn_lines(
    page: PageGeometry, graphics: Sequence[Box], pixels: RGBImage
) -> tuple[DrawnLine, ...]:
    """The lines of a page that belong to nothing else, from top to bottom.

    Args:
        page: The measured page.
        graphics: Its tables and pictures.
        pixels: (H, W, 3) uint8, the page.
    """
    words = [word.box for line in page.lines for word in line.words]
    rules = without_strokes(page.rules, words, em=page.em)
    crossing = {rule for group in connected(rules, em=page.em) for rule in group.horizontal}
    free = [
        rule
        for rule in rules.horizontal
        if rule not in crossing
        and rule.length >= _LEAST_EM * page.em
        and not _at_edge(rule, page)
        and not any(_along(rule, box, page.em) for box in graphics)
        and not _is_staff(rule, rules, page.em)
    ]
    kept: list[Rule] = []
    for rule in sorted(free, key=lambda r: -r.length):
        double = any(_beside(rule, other, _DOUBLE_EM * page.em) for other in kept)
        if not double and not _is_of_text(rule, page):
            kept.append(rule)
    return tuple(_measured(rule, pixels) for rule in sorted(kept, key=lambda r: (r.at, r.start)))


def _at_edge(rule: Rule, page: PageGeometry) -> bool:
    return (
        not _EDGE * page.height < rule.at < (1 - _EDGE) * page.height
        or rule.start < _BLEED * page.width
        or rule.end > (1 - _BLEED) * page.width
    )


def _along(rule: Rule, box: Box, em: float) -> bool:
    """Whether a rule lies in or at the edge of a box."""
    area = box.padded(_NEAR_GRAPHIC_EM * em)
    common = min(rule.end, area.x1) - max(rule.start, area.x0)
    return area.y0 <= rule.at <= area.y1 and common > 0.1 * rule.length


def _beside(a: Rule, b: Rule, reach: float) -> bool:
    common = min(a.end, b.end) - max(a.start, b.start)
    return abs(a.at - b.at) <= reach and common > 0.5 * min(a.length, b.length)


def _is_staff(rule: Rule, rules: Rules, em: float) -> bool:
    near = [r for r in rules.horizontal if r is not rule and _beside(rule, r, 3 * _STAFF_EM * em)]
    steps = np.diff(sorted(r.at for r in (*near, rule)))
    return int(np.count_nonzero((_DOUBLE_EM * em < steps) & (steps <= _STAFF_EM * em))) >= (
        _STAFF_LINES
    )


def _is_of_text(rule: Rule, page: PageGeometry) -> bool:
    """Whether a rule underlines or crosses text, or was read as text."""
    on = crossed = 0.0
    for line in page.lines:
        parts = line.words or (line,)
        for part in parts:
            box = part.box
            common = min(rule.end, box.x1) - max(rule.start, box.x0)
            if common <= 0:
                continue
            read = _READ_AS_LINE.search(part.text)
            if read and box.y0 - 0.3 * page.em < rule.at < box.y1 + 0.3 * page.em:
                return True
            low, high = box.y0 + 0.1 * box.height, box.y1 - 0.25 * box.height
            if low < rule.at < high:
                crossed += common
            elif _SITS_EM[0] * page.em <= rule.at - box.y1 <= _SITS_EM[1] * page.em:
                on += common
    return on > _UNDERLINED * rule.length or crossed > _CROSSED * rule.length


def _measured(rule: Rule, pixels: RGBImage) -> DrawnLine:
    """The line with the thickness that its ink has and its colour, both in the median."""
    reach = max(2, round(rule.thickness) + 1)
    y0, y1 = max(0, round(rule.at) - reach), min(len(pixels), round(rule.at) + reach + 1)
    step = max(1, round(rule.length / _SAMPLES))
    part = pixels[y0:y1, max(0, round(rule.start)) : round(rule.end) : step].astype(np.float64)
    light = part.sum(axis=2)
    dark = light.max(axis=0) - light
    peak = np.maximum(dark.max(axis=0), 1.0)
    # Blur spreads the ink of a stroke and takes none of it away.
    thickness = float(np.median(dark.sum(axis=0) / peak))
    color = np.median(part[dark.argmax(axis=0), np.arange(part.shape[1])], axis=0)
    top = float(rule.at) - thickness / 2
    return DrawnLine(
        Box(float(rule.start), top, float(rule.end), top + thickness),
        "".join(f"{round(value):02X}" for value in color.tolist()),
    )
