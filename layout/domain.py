"""From what the detector says to what the page shows: regions settled with text, rules and ink.

The released detector knows papers. On invoices and forms it calls text a figure, misses tables and
swallows addresses. `settle` checks every region against the geometry of the page, and lets geometry
decide where the page is out of the detector's domain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from layout import limits
from layout.closed_tables import closed
from layout.drawn_lines import find_drawn_lines
from layout.forms import find_forms
from layout.formulas import find_formulas
from layout.geometry import PageGeometry, measure, text_blocks, words_in
from layout.pictures import find_in_cells, find_photos, find_pictures, joined
from layout.script import as_picture, find_script, unreadable
from layout.table_finder import (
    FoundTable,
    find_pairs,
    find_tables,
    grown_over_rows,
    ruled_tables,
    visual_rows,
)
from structure.core.analysis import DrawnLine, Label, Region, TextLine
from structure.core.drawn import DrawnGrid
from structure.core.geometry import Box, union
from structure.core.images import RGBImage

_CAPTIONS = frozenset({Label.FIGURE_CAPTION, Label.TABLE_CAPTION})
_GRAPHIC = frozenset({Label.FIGURE, Label.TABLE, Label.EQUATION})
_MARK = re.compile(
    r"\s*([\[(\uff08\u3010]\s*\d{1,3}\s*[\])\uff09\u3011]|\d{1,3}\s*[.)\u3001\uff0e]\s*\D)"
)
_CAPTION = re.compile(r"\s*(tab|fig|abb|table|cuadro|\u8868|\u56fe|\u56f3|\u5716)", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*\d{1,2}(\.\d{1,2})*\.?\s*[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Settled:
    """The regions of a page and the lines in them.

    Attributes:
        regions: Best first.
        line_regions: For every line the index into `regions`, or None.
        trusted: Whether the detector was believed; False where geometry decided.
        drawn: For every region its drawn cells, or None: a form or fully ruled table, whose cells
            need no network.
        numbers: For every region the line that is the number of this formula, or None.
        strokes: Lines drawn between blocks of text, and lines to write on.
    """

    regions: tuple[Region, ...]
    line_regions: tuple[int | None, ...]
    trusted: bool
    drawn: tuple[DrawnGrid | None, ...] = ()
    numbers: tuple[int | None, ...] = ()
    strokes: tuple[DrawnLine, ...] = ()


def settle(regions: Sequence[Region], lines: Sequence[TextLine], pixels: RGBImage) -> Settled:
    """Make the final regions of a page.

    Args:
        regions: What the detector found, after non-maximum suppression.
        lines: All text lines of the page, in any order.
        pixels: (H, W, 3) uint8, the page; boxes are in its pixels.
    """
    doubtful = unreadable(lines, regions, pixels)
    page = measure([line for i, line in enumerate(lines) if i not in doubtful], pixels)
    signs = {i: as_picture(lines[i], page) for i in doubtful}
    inside = [replace(r, box=r.box.clipped(page.width, page.height)) for r in regions]
    found = [r for r in inside if r.box.area > 0]
    figures = _figures(found, page)
    trusted = is_trusted(found, figures, page)
    forms = find_forms(page, [f.box for f in figures])
    drawn = [Region(form.box, Label.TABLE, limits.RULED_SCORE) for form in forms]
    found = _outside_forms(found, drawn)
    unread = _unread(found, page)
    found = [r for r in found if not any(r.box.covered_by(b.box) > 0.5 for b in unread)]
    figures = _apart([*figures, *unread], list(signs.values()))
    closed = [f.box for f in (*figures, *drawn)]
    seen = [r for r in found if r.label == Label.EQUATION]
    sure = [r.box for r in found if r.label == Label.TABLE and r.score >= limits.SURE_TABLE]
    formulas = find_formulas(page, seen, [*closed, *sure])
    tables = find_tables(page, [*closed, *(f.box for f in formulas)])
    graphics = [
        *figures,
        *drawn,
        *_tables(found, tables, page, trusted=trusted),
    ]
    graphics += _outside([f.region for f in formulas], graphics)
    final = (_corrected if trusted else _rebuilt)(found, _apart(graphics, drawn), drawn, page)
    stamps = _in_cells(page, forms)
    final += stamps
    final = sorted(final, key=lambda r: (-r.score, r.box.as_tuple(), r.label))
    cells = {form.box: form for form in forms}
    owners = tuple(cells.get(r.box) if r.label == Label.TABLE else None for r in final)
    number = {f.box: f.number for f in formulas}
    numbers = tuple(number.get(r.box) if r.label == Label.EQUATION else None for r in final)
    strokes = find_drawn_lines(page, [r.box for r in final if r.label in _GRAPHIC], pixels)
    line_regions = _lines_of(lines, final, owners, stamps, signs)
    return Settled(tuple(final), line_regions, trusted, owners, numbers, strokes)


def _lines_of(
    lines: Sequence[TextLine],
    regions: Sequence[Region],
    drawn: Sequence[DrawnGrid | None],
    stamps: Sequence[Region],
    signs: Mapping[int, Region],
) -> tuple[int | None, ...]:
    """For every line its region.

    Drawn cells keep the lines in them from all others, save those of the stamps in these cells. A
    line that was not made out belongs to the picture in its place; where a form shows without the
    line only, that is the picture of what is in its cell.
    """
    first = [i for i, region in enumerate(regions) if region in stamps]
    second = [i for i, grid in enumerate(drawn) if grid is not None]
    owners: list[int | None] = [None] * len(lines)
    for places in (range(len(regions)), second, first):
        for line, k in enumerate(assign_lines(lines, [regions[i] for i in places])):
            owners[line] = owners[line] if k is None else places[k]
    figures = [i for i, region in enumerate(regions) if region.label == Label.FIGURE]
    for line, sign in signs.items():
        shown = [i for i in figures if regions[i].box.contains(*sign.box.center)]
        owners[line] = shown[0] if shown else owners[line]
    return tuple(owners)


def is_trusted(regions: Sequence[Region], figures: Sequence[Region], page: PageGeometry) -> bool:
    """Whether the detector knows such pages: sure boxes, text covered and not called a picture.

    Args:
        regions: What the detector found.
        figures: Those of them that are figures indeed.
        page: The measured page.
    """
    if not page.lines or not regions:
        return bool(regions) or not page.lines
    owners = [
        regions[i] if i is not None else None
        for i in assign_lines(page.lines, regions, by_score=True)
    ]
    covered = [(o, line) for o, line in zip(owners, page.lines, strict=True) if o is not None]
    area = sum(line.box.area for _, line in covered)
    score = sum(o.score * line.box.area for o, line in covered)
    doubtful = {
        r
        for r in regions
        if (r.label == Label.FIGURE and r not in figures)
        or (r.label == Label.TABLE and not _looks_tabular(page, r.box))
    }
    misread = sum(o in doubtful for o, _ in covered)
    return (
        score >= limits.TRUSTED_SCORE * area
        and owners.count(None) <= limits.UNCOVERED_LINES * len(owners)
        and misread <= limits.MISREAD_LINES * len(owners)
    )


def assign_lines(
    lines: Sequence[TextLine], regions: Sequence[Region], *, by_score: bool = False
) -> tuple[int | None, ...]:
    """For every line the region that holds more than half of its area, or None.

    Args:
        lines: Text lines.
        regions: Their candidates.
        by_score: Of several, the one with the highest score instead of the smallest.
    """
    if not regions or not lines:
        return (None,) * len(lines)
    a = np.array([line.box.as_tuple() for line in lines])[:, None]
    b = np.array([r.box.as_tuple() for r in regions])[None]
    width = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    height = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    common = width.clip(0) * height.clip(0)
    cost = np.array([-r.score if by_score else r.box.area for r in regions])
    held = common > limits.LINE_IN_REGION * np.array([[line.box.area] for line in lines])
    best = np.where(held, cost[None], np.inf).argmin(axis=1)
    return tuple(int(i) if h else None for i, h in zip(best, held.any(axis=1), strict=True))


def _corrected(
    regions: Sequence[Region],
    graphics: Sequence[Region],
    forms: Sequence[Region],
    page: PageGeometry,
) -> list[Region]:
    """A page that the detector understands: its regions, with their errors mended."""
    final = {r.box for r in graphics}
    lost = [r.box for r in regions if r.label in (Label.FIGURE, Label.TABLE) and r.box not in final]
    tables = [r for r in graphics if r.label == Label.TABLE]
    text = [_whole_lines(_relabelled(r, page), page) for r in regions if r.label not in _GRAPHIC]
    kept = [*graphics, *_outside(text, tables)]
    kept += _pictures(page, kept, forms)
    left = [line for line in _unowned(page, kept) if any(_inside(line.box, b) for b in lost)]
    return [*kept, *_blocks(left, page)]


def _rebuilt(
    regions: Sequence[Region],
    graphics: Sequence[Region],
    forms: Sequence[Region],
    page: PageGeometry,
) -> list[Region]:
    """A page that the detector does not understand: geometry decides."""
    kept = [*graphics, *_pictures(page, graphics, forms)]
    pairs = [
        Region(box, Label.TEXT, limits.BLOCK_SCORE)
        for box in find_pairs(page, [r.box for r in kept])
    ]
    kept += pairs
    titles = [
        r
        for r in regions
        if r.label == Label.TITLE
        and r.score >= limits.SURE_TITLE
        and sum(_inside(line.box, r.box) for line in page.lines) <= limits.FIGURE_LINES
    ]
    kept += _outside([_whole_lines(t, page) for t in titles], kept)
    return [*kept, *_blocks(_unowned(page, kept), page)]


def _unowned(page: PageGeometry, regions: Sequence[Region]) -> list[TextLine]:
    owners = assign_lines(page.lines, regions)
    return [line for line, owner in zip(page.lines, owners, strict=True) if owner is None]


# --- Tables


def _outside_forms(regions: Sequence[Region], forms: Sequence[Region]) -> list[Region]:
    """Without what the detector sees in drawn cells, or takes for a table around them."""
    return [
        r
        for r in regions
        if not any(
            r.box.covered_by(form.box) > 0.5
            or (r.label == Label.TABLE and _overlap(r.box, form.box) > 0.5)
            for form in forms
        )
    ]


def _tables(
    regions: Sequence[Region], found: Sequence[FoundTable], page: PageGeometry, *, trusted: bool
) -> list[Region]:
    """The detector's tables with the extent that geometry shows, and those it missed."""
    result: list[Region] = []
    matched: set[int] = set()
    for region in (r for r in regions if r.label == Label.TABLE):
        parts = [i for i, t in enumerate(found) if _overlap(region.box, t.box) >= 0.5]
        matched.update(parts)
        result += _fitted(region, [found[i] for i in parts], page, trusted=trusted)
    for i, table in enumerate(found):
        if i not in matched:
            score = limits.RULED_SCORE if table.ruled else limits.ALIGNED_SCORE
            result.append(Region(grown_over_rows(page, table.box), Label.TABLE, score))
    return _one_per_place(_apart(replace(r, box=closed(page, r.box)) for r in result), page.em)


def _one_per_place(tables: Sequence[Region], em: float) -> list[Region]:
    """Tables with those that share rows as one: no row belongs to two of them."""
    result: list[Region] = []
    for table in tables:
        whole = table
        shared = [r for r in result if _share_rows(r.box, table.box, em)]
        while shared:
            best = max([whole, *shared], key=lambda r: r.score)
            whole = replace(best, box=union([whole.box, *(r.box for r in shared)]))
            result = [r for r in result if r not in shared]
            shared = [r for r in result if _share_rows(r.box, whole.box, em)]
        result.append(whole)
    return result


def _share_rows(a: Box, b: Box, em: float) -> bool:
    """Whether two boxes cross over the height of a line and more than half of a width."""
    return a.overlap_y(b) >= em and a.overlap_x(b) > 0.5 * min(a.width, b.width)


def _fitted(
    region: Region, parts: Sequence[FoundTable], page: PageGeometry, *, trusted: bool
) -> list[Region]:
    """The detector's table as geometry sees it: grown, cut, in parts, or not at all."""
    if not parts:
        sure = trusted and region.score >= limits.SURE_TABLE and not _is_text(page, region.box)
        if not (sure or _looks_tabular(page, region.box)):
            return []
        return [replace(region, box=grown_over_rows(page, _whole_lines(region, page).box))]
    ruled = sum(t.ruled for t in parts)
    sure = region.score >= limits.SURE_TABLE and (trusted or _looks_tabular(page, region.box))
    swallowed = region.box.area > limits.SWALLOWED * sum(t.box.area for t in parts)
    if ruled > 1 or (swallowed and (ruled or trusted or not sure)):
        return [replace(region, box=grown_over_rows(page, t.box)) for t in parts]
    if sure:
        # What geometry shows may be a part of it, or a frame around it, its title and its notes.
        return [replace(region, box=grown_over_rows(page, _whole_lines(region, page).box))]
    whole = union([region.box, *(t.box for t in parts)])
    return [replace(region, box=grown_over_rows(page, whole))]


def _overlap(a: Box, b: Box) -> float:
    """Share of the smaller box that the two have in common."""
    small = min(a.area, b.area)
    return a.intersection(b).area / small if small > 0 else 0.0


def _is_text(page: PageGeometry, box: Box) -> bool:
    """Whether a box holds mostly running text, or most of the page."""
    inside = [i for i, line in enumerate(page.lines) if _inside(line.box, box)]
    prose = sum(i in page.prose for i in inside)
    return (
        prose > limits.TABULAR_PROSE * len(inside)
        or box.area > limits.TABULAR_PAGE * page.width * page.height
    )


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


def _apart(regions: Iterable[Region], first: Sequence[Region] = ()) -> list[Region]:
    """Of regions that are mostly the same place, the best; those in `first` before all others."""
    kept = list(first)
    for region in sorted(regions, key=lambda r: (-r.score, r.box.as_tuple(), r.label)):
        if not any(_overlap(region.box, k.box) > 0.5 for k in kept):
            kept.append(region)
    return kept


# --- Figures


def _figures(regions: Sequence[Region], page: PageGeometry) -> list[Region]:
    """The detector's figures that are pictures, and not a ruled table again."""
    figures = [
        _beside_text(r, page) for r in regions if r.label == Label.FIGURE and _is_figure(page, r)
    ]
    tables = [t.box for t in ruled_tables(page) if t.filled >= limits.FULL_TABLE] if figures else []
    return _apart(
        f
        for f in figures
        if f.score >= limits.SURE_FIGURE
        or not any(t.covered_by(f.box) > 0.5 and t.area > 0.5 * f.box.area for t in tables)
    )


def _beside_text(figure: Region, page: PageGeometry) -> Region:
    """A figure without the line of text that its upper or lower edge cuts or just takes in."""
    box = figure.box
    slack = limits.FIGURE_SLACK * box.height
    for line in page.lines:
        part = line.box.covered_by(box)
        sticks_out = line.box.x1 > box.x1 or line.box.x0 < box.x0 or part < limits.WITHIN
        if part == 0 or not sticks_out or words_in(line) <= limits.SPOKEN_WORDS:
            continue
        if line.box.y0 > box.y1 - slack:
            box = Box(box.x0, box.y0, box.x1, min(box.y1, line.box.y0))
        elif line.box.y1 < box.y0 + slack:
            box = Box(box.x0, max(box.y0, line.box.y1), box.x1, box.y1)
    return replace(figure, box=box)


def _pictures(
    page: PageGeometry, others: Sequence[Region], forms: Sequence[Region]
) -> list[Region]:
    """Pictures outside all other regions: logos, stamps, photos; no shadow around a form."""
    boxes = find_pictures(page, [r.box for r in others])
    graphics = [r.box for r in others if r.label in _GRAPHIC]
    boxes += joined(page, find_script(page, [*graphics, *boxes]))
    tables = [r.box for r in others if r.label == Label.TABLE]
    if tables:
        photos = find_photos(page, [r.box for r in others if r.label != Label.TABLE])
        boxes += [b for b in photos if any(b.covered_by(t) > 0.8 for t in tables)]
    return [
        Region(box, Label.FIGURE, limits.PICTURE_SCORE)
        for box in boxes
        if not any(box.intersection(form.box).area > 0.2 * box.area for form in forms)
    ]


def _in_cells(page: PageGeometry, forms: Sequence[DrawnGrid]) -> list[Region]:
    cells = [cell.box for form in forms for cell in form.grid.cells if cell.box is not None]
    return [Region(box, Label.FIGURE, limits.PICTURE_SCORE) for box in find_in_cells(page, cells)]


def _unread(regions: Sequence[Region], page: PageGeometry) -> list[Region]:
    """What the detector takes for text, where there is none but ink: logos, lettering."""
    least = limits.UNREAD_SIDE * page.em
    boxes = [
        r.box
        for r in regions
        if r.label not in (*_GRAPHIC, *_CAPTIONS)
        and min(r.box.width, r.box.height) >= least
        and page.ink.shares(r.box)[0] >= limits.UNREAD_INK
        and not any(line.box.intersection(r.box).area > 0 for line in page.lines)
    ]
    return [Region(b, Label.FIGURE, limits.PICTURE_SCORE) for b in joined(page, boxes)]


def _is_figure(page: PageGeometry, region: Region) -> bool:
    """Whether a box is a picture: not blank beside its text, and little text against its ink."""
    box = region.box
    inside = [line for line in page.lines if _inside(line.box, box)]
    ink, rough = page.ink.shares(box)
    text = sum(line.box.intersection(box).area for line in inside) / box.area
    if len(inside) <= limits.FIGURE_LINES:
        return ink >= limits.BLANK_INK or not inside
    whole_page = box.area >= limits.WHOLE_PAGE_FIGURE * page.width * page.height
    most_text = len(inside) > max(limits.MANY_LABELS, len(page.lines) / 2)
    if whole_page or most_text:
        return rough >= limits.PHOTO_INK
    across, down = _rules_in(page, box)
    axes = max(across, default=0) >= limits.AXIS * box.width
    axes = axes and max(down, default=0) >= limits.AXIS * box.height
    sure = region.score >= limits.SURE_FIGURE or rough >= limits.BUSY_CHART or axes
    chart = sure and text <= limits.CHART_TEXT
    chart = chart and ink >= limits.CHART_INK and rough >= limits.CHART_ROUGH
    diagram = region.score >= limits.SURE_DIAGRAM and text <= limits.CHART_TEXT
    # Boxes have sides; rules one below the other only are those of a table.
    diagram = diagram and len(down) > 0 and len(across) + len(down) >= limits.DIAGRAM_RULES
    return chart or diagram or rough >= limits.PICTURE_INK


def _rules_in(page: PageGeometry, box: Box) -> tuple[list[float], list[float]]:
    """Lengths of the horizontal and of the vertical rules in a box."""
    return (
        [r.length for r in page.rules.horizontal if box.contains((r.start + r.end) / 2, r.at)],
        [r.length for r in page.rules.vertical if box.contains(r.at, (r.start + r.end) / 2)],
    )


# --- Text


def _relabelled(region: Region, page: PageGeometry) -> Region:
    """A region with a label that its text bears out."""
    inside = [i for i, line in enumerate(page.lines) if _inside(line.box, region.box)]
    if not inside:
        return region
    texts = [page.lines[i].text for i in inside]
    if region.label == Label.REFERENCE:
        # A reference list without a number in sight is text.
        marks = sum(_MARK.match(text) is not None for text in texts)
        is_list = marks >= max(1.0, limits.REFERENCE_MARKS * len(inside))
        return region if is_list else replace(region, label=Label.TEXT)
    if region.label == Label.TABLE_CAPTION and not _CAPTION.match(texts[0]):
        if len(inside) == 1 and (_NUMBERED.match(texts[0]) or _is_large(inside[0], page)):
            return replace(region, label=Label.TITLE)
        if len(inside) > 1 and texts[-1].rstrip().endswith((".", "\u3002")):
            return replace(region, label=Label.TEXT)
    if region.label == Label.TITLE and _is_small_print(region.box, inside, page):
        return replace(region, label=Label.FOOTER)
    return region


def _is_large(line: int, page: PageGeometry) -> bool:
    """Whether the type of a line is clearly larger than most on its page."""
    own, usual = page.lines[line].size, _usual_size(page)
    return own is not None and own >= limits.CAPTION_SIZE * usual


def _is_small_print(box: Box, inside: Sequence[int], page: PageGeometry) -> bool:
    """Whether a line stands alone at the very bottom of the page, smaller than its text."""
    own = page.lines[inside[0]].size
    others = [line.box for i, line in enumerate(page.lines) if i not in inside]
    return (
        len(inside) == 1
        and own is not None
        and box.y0 >= (1 - limits.FOOTER_ZONE) * page.height
        and own <= limits.FOOTER_SIZE * _usual_size(page)
        and box.y0 - max((b.y1 for b in others), default=0.0) >= limits.FOOTER_GAP * page.em
    )


def _usual_size(page: PageGeometry) -> float:
    return float(np.median([line.size for line in page.lines if line.size is not None] or [0.0]))


def _whole_lines(region: Region, page: PageGeometry) -> Region:
    """Grown over the lines that it cuts."""
    cut = [line.box for line in page.lines if _inside(line.box, region.box)]
    return replace(region, box=union([region.box, *cut])) if cut else region


def _outside(regions: Iterable[Region], others: Sequence[Region]) -> list[Region]:
    """Without the regions inside others, captions excepted."""
    return [
        r
        for r in regions
        if r.label in _CAPTIONS
        or not any(r.box.covered_by(t.box) >= limits.TEXT_IN_TABLE for t in others)
    ]


def _blocks(lines: Sequence[TextLine], page: PageGeometry) -> list[Region]:
    """Blocks of lines as regions; few lines in large type are a title, small print a footer."""
    places = {id(line): i for i, line in enumerate(page.lines)}
    blocks = []
    for block in text_blocks(lines, page.rules):
        box = union(lines[i].box for i in block)
        height = float(np.median([lines[i].box.height for i in block]))
        label = Label.TEXT
        tall = height >= limits.TITLE_HEIGHT * page.em
        sizes = [size for i in block if (size := lines[i].size) is not None]
        # A box may be high from what touches its line, such as a signature.
        tall = tall and (not sizes or max(sizes) >= limits.TITLE_SIZE * _usual_size(page))
        if tall and len(block) <= limits.FIGURE_LINES:
            label = Label.TITLE
        elif _is_small_print(box, [places[id(lines[i])] for i in block], page):
            label = Label.FOOTER
        blocks.append(Region(box, label, limits.BLOCK_SCORE))
    return blocks


def _inside(part: Box, whole: Box) -> bool:
    return part.covered_by(whole) > limits.LINE_IN_REGION
