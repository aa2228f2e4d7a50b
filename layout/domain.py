"""From what the detector says to what the page shows: regions settled with text, rules and ink.

The released detector knows papers. On invoices and forms it calls text a figure, misses tables and
swallows addresses. `settle` checks every region against the geometry of the page, and lets geometry
decide where the page is out of the detector's domain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from layout import limits
from layout.geometry import (
    FoundTable,
    PageGeometry,
    find_pictures,
    find_tables,
    measure,
    text_blocks,
    visual_rows,
)
from structure.core.analysis import Label, Region, TextLine
from structure.core.geometry import Box, union
from structure.core.images import RGBImage

CAPTIONS = frozenset({Label.FIGURE_CAPTION, Label.TABLE_CAPTION})
_GRAPHIC = frozenset({Label.FIGURE, Label.TABLE, Label.EQUATION})
_MARK = re.compile(
    r"\s*([\[(\uff08\u3010]\s*\d{1,3}\s*[\])\uff09\u3011]|\d{1,3}\s*[.)\u3001\uff0e]\s*\D)"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """The regions of a page and the lines in them.

    Attributes:
        regions: Best first.
        line_regions: For every line the index into `regions`, or None.
        trusted: Whether the detector was believed; False where geometry decided.
    """

    regions: tuple[Region, ...]
    line_regions: tuple[int | None, ...]
    trusted: bool


def settle(regions: Sequence[Region], lines: Sequence[TextLine], pixels: RGBImage) -> Settled:
    """Make the final regions of a page.

    Args:
        regions: What the detector found, after non-maximum suppression.
        lines: All text lines of the page, in any order.
        pixels: (H, W, 3) uint8, the page; boxes are in its pixels.
    """
    page = measure(lines, pixels)
    inside = [replace(r, box=r.box.clipped(page.width, page.height)) for r in regions]
    found = [r for r in inside if r.box.area > 0]
    tables = find_tables(page)
    trusted = is_trusted(found, page)
    final = _corrected(found, tables, page) if trusted else _rebuilt(found, tables, page)
    final = sorted(final, key=lambda r: (-r.score, r.box.as_tuple(), r.label))
    return Settled(tuple(final), assign_lines(lines, final), trusted)


def is_trusted(regions: Sequence[Region], page: PageGeometry) -> bool:
    """Whether the detector knows such pages: sure boxes, text covered and not called a picture."""
    area = sum(r.box.area for r in regions)
    if not regions or sum(r.box.area * r.score for r in regions) < limits.TRUSTED_SCORE * area:
        return False
    if not page.lines:
        return True
    owners = [
        regions[i].label if i is not None else None for i in assign_lines(page.lines, regions)
    ]
    drawn = [r.box for r in regions if r.label == Label.FIGURE and _is_figure(page, r.box)]
    misread = sum(
        owner == Label.FIGURE and not any(_inside(line.box, b) for b in drawn)
        for owner, line in zip(owners, page.lines, strict=True)
    )
    return owners.count(None) <= limits.UNCOVERED_LINES * len(
        owners
    ) and misread <= limits.LINES_IN_FIGURES * len(owners)


def assign_lines(lines: Sequence[TextLine], regions: Sequence[Region]) -> tuple[int | None, ...]:
    """For every line the smallest region that holds more than half of its area, or None."""
    if not regions or not lines:
        return (None,) * len(lines)
    a = np.array([line.box.as_tuple() for line in lines])[:, None]
    b = np.array([r.box.as_tuple() for r in regions])[None]
    width = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    height = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    common = width.clip(0) * height.clip(0)
    sizes = np.array([r.box.area for r in regions])
    held = common > limits.LINE_IN_REGION * np.array([[line.box.area] for line in lines])
    best = np.where(held, sizes[None], np.inf).argmin(axis=1)
    return tuple(int(i) if h else None for i, h in zip(best, held.any(axis=1), strict=True))


def _corrected(
    regions: Sequence[Region], tables: Sequence[FoundTable], page: PageGeometry
) -> list[Region]:
    """A page that the detector understands: its regions, with their errors mended."""
    final_tables = _tables(regions, tables, page, trusted=True)
    figures = _figures(regions, final_tables, page)
    demoted = [
        r.box for r in regions if r.label == Label.FIGURE and all(r.box != f.box for f in figures)
    ]
    pictures = [
        _region(box, Label.FIGURE, limits.PICTURE_SCORE)
        for box in find_pictures(page, [r.box for r in (*final_tables, *figures)])
        if any(_inside(box, d) for d in demoted)
    ]
    graphics = [*final_tables, *figures, *pictures]
    text = _without_tables(
        [_whole_lines(_relabelled(r, page), page) for r in regions if r.label not in _GRAPHIC],
        final_tables,
    )
    equations = [r for r in regions if r.label == Label.EQUATION]
    kept = [*graphics, *text, *equations]
    left = [
        line
        for line, owner in zip(page.lines, assign_lines(page.lines, kept), strict=True)
        if owner is None and any(_inside(line.box, d) for d in demoted)
    ]
    return [*kept, *_blocks(left, (), page)]


def _rebuilt(
    regions: Sequence[Region], tables: Sequence[FoundTable], page: PageGeometry
) -> list[Region]:
    """A page that the detector does not understand: geometry decides."""
    final_tables = _tables(regions, tables, page, trusted=False)
    figures = _figures(regions, final_tables, page)
    pictures = [
        _region(box, Label.FIGURE, limits.PICTURE_SCORE)
        for box in find_pictures(page, [r.box for r in (*final_tables, *figures)])
    ]
    graphics = [*final_tables, *figures, *pictures]
    left = [
        line
        for line, owner in zip(page.lines, assign_lines(page.lines, graphics), strict=True)
        if owner is None
    ]
    return [*graphics, *_blocks(left, regions, page)]


# --- Tables
# ----------------------------------------------------------------------------------------------


def _tables(
    regions: Sequence[Region], found: Sequence[FoundTable], page: PageGeometry, *, trusted: bool
) -> list[Region]:
    """The detector's tables with the extent that geometry shows, and those it missed."""
    result: list[Region] = []
    matched: set[int] = set()
    for region in (r for r in regions if r.label == Label.TABLE):
        parts = [i for i, t in enumerate(found) if _same(region.box, t.box)]
        matched.update(parts)
        if parts:
            result += [_fitted(region, found[i]) for i in parts]
        elif trusted or _looks_tabular(page, region.box):
            result.append(_whole_lines(region, page))
    for i, table in enumerate(found):
        if i not in matched:
            score = limits.RULED_SCORE if table.ruled else limits.ALIGNED_SCORE
            result.append(_region(table.box, Label.TABLE, score))
    return _apart(result)


def _same(a: Box, b: Box) -> bool:
    small = min(a.area, b.area)
    return small > 0 and a.intersection(b).area >= 0.5 * small


def _fitted(region: Region, table: FoundTable) -> Region:
    """The detector's table with the extent that geometry shows."""
    both = union([region.box, table.box])
    swallowed = region.box.area > limits.SWALLOWED * table.box.area
    return replace(region, box=table.box if swallowed else both)


def _looks_tabular(page: PageGeometry, box: Box) -> bool:
    inside = [c for c in page.chunks if box.contains(*c.box.center)]
    if not inside or box.area > limits.TABULAR_PAGE * page.width * page.height:
        return False
    rows = visual_rows(inside)
    several = sum(len(row) > 1 for row in rows)
    prose = sum(c.line in page.prose for c in inside)
    return (
        several >= 2
        and several >= limits.TABULAR_ROWS * len(rows)
        and prose <= limits.TABULAR_PROSE * len(inside)
    )


def _apart(regions: Iterable[Region]) -> list[Region]:
    """Of regions that are mostly the same place, the best."""
    kept: list[Region] = []
    for region in sorted(regions, key=lambda r: (-r.score, r.box.as_tuple())):
        if not any(
            region.box.intersection(k.box).area > 0.5 * min(region.box.area, k.box.area)
            for k in kept
        ):
            kept.append(region)
    return kept


# --- Figures
# ---------------------------------------------------------------------------------------------


def _figures(
    regions: Sequence[Region], tables: Sequence[Region], page: PageGeometry
) -> list[Region]:
    """The detector's figures that are pictures and not a table again."""
    return _apart(
        r
        for r in regions
        if r.label == Label.FIGURE
        and _is_figure(page, r.box)
        and not any(
            r.box.intersection(t.box).area > limits.SAME_THING * min(r.box.area, t.box.area)
            for t in tables
        )
    )


def _is_figure(page: PageGeometry, box: Box) -> bool:
    """Whether a box is a picture: not blank beside its text, and little text against its ink."""
    inside = [line for line in page.lines if _inside(line.box, box)]
    ink = page.ink.share(box)
    text = sum(line.box.intersection(box).area for line in inside) / box.area
    if len(inside) <= limits.FIGURE_LINES:
        return ink >= limits.BLANK_INK or not inside
    if box.area >= limits.WHOLE_PAGE_FIGURE * page.width * page.height:
        return ink >= limits.PHOTO_INK
    return ink >= limits.PICTURE_INK or (ink >= limits.CHART_INK and text <= limits.CHART_TEXT)


# --- Text
# ------------------------------------------------------------------------------------------------


def _relabelled(region: Region, page: PageGeometry) -> Region:
    """A reference list without a number in sight is text."""
    if region.label != Label.REFERENCE:
        return region
    inside = [line for line in page.lines if _inside(line.box, region.box)]
    marks = sum(_MARK.match(line.text) is not None for line in inside)
    is_list = inside and marks >= max(1.0, limits.REFERENCE_MARKS * len(inside))
    return region if is_list else replace(region, label=Label.TEXT)


def _whole_lines(region: Region, page: PageGeometry) -> Region:
    """Grown over the lines that it cuts."""
    cut = [line.box for line in page.lines if _inside(line.box, region.box)]
    return replace(region, box=union([region.box, *cut])) if cut else region


def _without_tables(regions: Iterable[Region], tables: Sequence[Region]) -> list[Region]:
    return [
        r
        for r in regions
        if r.label in CAPTIONS
        or not any(r.box.covered_by(t.box) >= limits.TEXT_IN_TABLE for t in tables)
    ]


def _blocks(lines: Sequence[TextLine], named: Sequence[Region], page: PageGeometry) -> list[Region]:
    """Blocks of lines as regions; titles where type is large or the detector saw a title."""
    blocks = []
    titles = [r.box for r in named if r.label == Label.TITLE]
    for block in text_blocks(lines, page.rules):
        box = union(lines[i].box for i in block)
        height = float(np.median([lines[i].box.height for i in block]))
        tall = height >= limits.TITLE_HEIGHT * page.em and len(block) <= limits.FIGURE_LINES
        is_title = tall or any(box.iou(t) >= 0.5 for t in titles)
        blocks.append(_region(box, Label.TITLE if is_title else Label.TEXT, limits.BLOCK_SCORE))
    return blocks


def _region(box: Box, label: Label, score: float) -> Region:
    return Region(box, label, score)


def _inside(part: Box, whole: Box) -> bool:
    return part.covered_by(whole) > limits.LINE_IN_REGION
