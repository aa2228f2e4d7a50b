"""One page through all models."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from statistics import median

import numpy as np

from layout import Settled, settle, with_checkboxes
from structure.core.analysis import (
    Label,
    Notice,
    PageAnalysis,
    Picture,
    Region,
    Table,
    TextLine,
)
from structure.core.crops import Crop, cut
from structure.core.drawn import with_fills
from structure.core.errors import one_line
from structure.core.geometry import Affine, Box, union
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.core.limits import Limits
from structure.core.lines import move_line
from structure.pipeline.contents import with_page_numbers
from structure.pipeline.crops import encode, with_originals, without_text
from structure.pipeline.initials import find_initials, with_initials
from structure.pipeline.logos import find_logos
from structure.pipeline.models import Models
from structure.transcription import Upright, read_text, set_upright
from table import read_form

logger = logging.getLogger(__name__)

SIGNATURE_HEIGHT = 1.8
"""A line so many times as high as the others of its form may be handwriting."""

SIGNATURE_SCORE = 0.8
"""Confidence below which it was not made out."""

INSIDE_RULES = 4
"""Pixels that a rule and its blur reach into a cell."""

HAIRLINE = 0.04
"""Strokes of print are thicker than this, in em; a pen's are not, however large it writes."""

PICTURE_LABELS = (Label.FIGURE, Label.EQUATION)


def analyze_page(
    page: PageImage | PageFailure, models: Models, *, most_lines: int = Limits().boxes
) -> PageAnalysis:
    """All that the models find on one page; a bad page does not raise, `failure` says why.

    Args:
        page: As it was read.
        models: To be asked.
        most_lines: Text lines of the page; of more, the surest are kept; 0 for any number.
    """
    return _guarded(page, models, partial(_analyze, most_lines=most_lines))


def analyze_table(page: PageImage | PageFailure, models: Models) -> PageAnalysis:
    """A page that is one table and nothing else; `tables` is empty where none was found."""
    return _guarded(page, models, _analyze_table)


def _guarded(
    page: PageImage | PageFailure,
    models: Models,
    work: Callable[[PageImage, Models], PageAnalysis],
) -> PageAnalysis:
    if isinstance(page, PageFailure):
        return failed_page(page)
    try:
        return work(page, models)
    except Exception as error:
        # Border: whatever breaks on a page costs that page, never the document.
        logger.debug("page %d failed", page.number, exc_info=True)
        reason = one_line(f"{type(error).__name__}: {error}")
        width, height = page.width * 72 / page.dpi, page.height * 72 / page.dpi
        return failed_page(PageFailure(page.number, reason, width, height))


def failed_page(page: PageFailure) -> PageAnalysis:
    """An empty page that says why, in its place and size."""
    message = f"page {page.number} could not be processed ({page.reason})"
    return PageAnalysis(
        page.number,
        page.width_pt,
        page.height_pt,
        72.0,
        failure=page.reason,
        notices=(Notice("W_PAGE", message, True, page.number),),
    )


def _analyze(page: PageImage, models: Models, *, most_lines: int) -> PageAnalysis:
    straight = set_upright(page, models.turn)
    lines, source, notices = read_text(straight, models.read)
    if 0 < most_lines < len(lines):
        message = f"{len(lines)} text lines; the {most_lines} surest are kept"
        notices = [*notices, Notice("W_MANY", message, loss=True)]
        lines = surest(lines, most_lines)
    lines = with_checkboxes(lines, straight.pixels)
    initials = find_initials(lines, straight.pixels, models.read.read_lines)
    lines = with_initials(lines, initials)
    lines = with_page_numbers(lines, straight.pixels, models.read.read_lines)
    (found,) = models.regions([straight.pixels])
    # A first letter too ornate to be read is a picture.
    found = [*found, *(Region(i.box, Label.FIGURE, 1.0) for i in initials if not i.text)]
    settled = settle(found, lines, straight.pixels)
    signed = _in_handwriting(settled, lines)
    tables, leftovers, table_notices = _read_tables(straight.pixels, settled, lines, signed, models)
    taken = {
        i
        for i, r in enumerate(settled.line_regions)
        if r is not None and settled.regions[r].label in (Label.TABLE, *PICTURE_LABELS)
    }
    taken |= {i for i in settled.numbers if i is not None}
    free = [i for i in range(len(lines)) if i not in taken]
    pictures = _cut_pictures(straight.pixels, settled, lines)
    if not (straight.turn or straight.skew):
        pictures = with_originals(pictures, page.embedded)
    pictures = [*pictures, *_logos(page, straight.pixels, settled, lines)]
    signatures = [
        _encoded(
            cut(straight.pixels, _within_cell(lines[i].box, settled)), Label.FIGURE, (lines[i],)
        )
        for i in signed
    ]
    return replace(
        _bare(page, straight, [*notices, *table_notices]),
        text_source=source,
        regions=settled.regions,
        lines=tuple(lines[i] for i in free) + tuple(leftovers),
        line_regions=tuple(settled.line_regions[i] for i in free) + (None,) * len(leftovers),
        tables=tuple(tables),
        pictures=(*pictures, *signatures),
        layout_trusted=settled.trusted,
        drawn=settled.strokes,
    )


def surest(lines: Sequence[TextLine], count: int) -> list[TextLine]:
    """The `count` lines that were read with the greatest confidence, in their order."""
    scores = [1.0 if line.score is None else line.score for line in lines]
    best = sorted(range(len(lines)), key=lambda i: -scores[i])[:count]
    return [lines[i] for i in sorted(best)]


def _logos(
    page: PageImage, pixels: RGBImage, settled: Settled, lines: Sequence[TextLine]
) -> list[Picture]:
    """Drawings at the edges of a page with a text layer: without OCR nobody else sees them."""
    if page.lines is None or not lines:
        return []
    known = [line.box for line in lines]
    known += [r.box for r in settled.regions if r.label in (Label.TABLE, *PICTURE_LABELS)]
    boxes = find_logos(pixels, known, median(line.box.height for line in lines))
    return [_encoded(cut(pixels, box.padded(2)), Label.FIGURE, ()) for box in boxes]


def _analyze_table(page: PageImage, models: Models) -> PageAnalysis:
    straight = set_upright(page, models.turn)
    lines, source, notices = read_text(straight, models.read)
    (found,) = models.tables([straight.pixels], [lines])
    return replace(
        _bare(page, straight, notices),
        text_source=source,
        lines=found.leftovers,
        line_regions=(None,) * len(found.leftovers),
        tables=(found.table,) if found.table.grid.cells else (),
    )


def _bare(page: PageImage, straight: Upright, notices: Sequence[Notice]) -> PageAnalysis:
    """An analysis that says all about the page but what is on it."""
    return PageAnalysis(
        number=page.number,
        width=straight.pixels.shape[1],
        height=straight.pixels.shape[0],
        dpi=page.dpi,
        dpi_known=page.dpi_known,
        turn=straight.turn,
        skew=straight.skew,
        to_source=straight.to_page.then(page.to_source),
        notices=tuple(
            replace(notice, page=page.number)
            for notice in (*page.notices, *straight.notices, *notices)
        ),
    )


def _read_tables(
    pixels: RGBImage,
    settled: Settled,
    lines: Sequence[TextLine],
    signed: Sequence[int],
    models: Models,
) -> tuple[list[Table], list[TextLine], list[Notice]]:
    """The tables, the lines in their regions that are in no cell, and why tables are missing."""
    owners = [None if i in signed else r for i, r in enumerate(settled.line_regions)]
    pictures = [r.box for r in settled.regions if r.label in PICTURE_LABELS]
    crops, inside = [], []
    tables: list[Table] = []
    instead: list[Table | None] = []  # of the network's table, where it doubts what is drawn
    for i, (region, drawn) in enumerate(zip(settled.regions, settled.drawn, strict=True)):
        if region.label is not Label.TABLE:
            continue
        own = [line for line, r in zip(lines, owners, strict=True) if r == i]
        form = None
        if drawn is not None:
            form = read_form(with_fills(drawn, pixels, pictures), own)
            if not drawn.by_text:
                tables.append(form)
                continue
        instead.append(form)
        crop = cut(pixels, _around(region.box, own).padded(4))
        way = Affine.shift(-crop.box.x0, -crop.box.y0)
        crops.append(crop)
        inside.append([move_line(line, way) for line in own])
    leftovers: list[TextLine] = []
    notices: list[Notice] = []
    recognitions = models.tables([crop.pixels for crop in crops], inside) if crops else []
    for crop, recognition, form in zip(crops, recognitions, instead, strict=True):
        found = recognition.shifted(crop.box.x0, crop.box.y0)
        if form is not None and not _agree(found.table, form):
            tables.append(form)
            continue
        leftovers += found.leftovers
        if found.table.grid.cols == 1 and not found.table.ruled:
            leftovers += found.table.lines  # lines below each other are text
        elif found.table.grid.cells:
            tables.append(found.table)
        else:
            notices += found.table.notices
    return tables, leftovers, notices


def _agree(table: Table, form: Table) -> bool:
    """Whether the network is sure of the drawn columns; then it knows more about the rows."""
    return not table.needs_review and table.grid.cols == max(map(len, form.grid.by_row()))


def _in_handwriting(settled: Settled, lines: Sequence[TextLine]) -> list[int]:
    """Lines in drawn cells that are signatures: far taller than others, and hardly read or thin.

    They are kept as pictures, with what was read as their text.
    """
    found = []
    for number, drawn in enumerate(settled.drawn):
        own = [i for i, r in enumerate(settled.line_regions) if r == number]
        if drawn is None or not own:
            continue
        usual = median(lines[i].box.height for i in own)
        found += [
            i
            for i in own
            if lines[i].box.height >= SIGNATURE_HEIGHT * usual
            and _is_of_pen(lines[i])
            and lines[i].box.width > lines[i].box.height
        ]
    return found


def _within_cell(box: Box, settled: Settled) -> Box:
    """A box with a little room around it, but within the rules of its drawn cell."""
    cells = [
        c.box for d in settled.drawn if d is not None for c in d.grid.cells if c.box is not None
    ]
    own = next((cell for cell in cells if cell.contains(*box.center)), box.padded(INSIDE_RULES))
    return box.padded(2).intersection(own.padded(-INSIDE_RULES))


def _is_of_pen(line: TextLine) -> bool:
    thin = line.stroke and line.size and line.stroke < HAIRLINE * line.size
    return (line.score or 1.0) < SIGNATURE_SCORE or bool(thin)


def _around(box: Box, lines: Sequence[TextLine]) -> Box:
    return union([box, *(line.box for line in lines)])


def _cut_pictures(pixels: RGBImage, settled: Settled, lines: Sequence[TextLine]) -> list[Picture]:
    pictures = []
    numbers = set(settled.numbers)
    for i, (region, number) in enumerate(zip(settled.regions, settled.numbers, strict=True)):
        if region.label not in PICTURE_LABELS:
            continue
        own = tuple(
            line
            for k, (line, r) in enumerate(zip(lines, settled.line_regions, strict=True))
            if r == i and k not in numbers
        )
        crop = cut(pixels, _around(region.box, own).padded(2))
        if 0 in crop.pixels.shape:
            continue
        crop = without_text(crop, [line.box for line in lines if line not in own])
        picture = _encoded(crop, region.label, own)
        pictures.append(replace(picture, number=None if number is None else lines[number]))
    return pictures


def _encoded(crop: Crop, label: Label, lines: tuple[TextLine, ...]) -> Picture:
    data, media_type = encode(np.ascontiguousarray(crop.pixels))
    height, width = crop.pixels.shape[:2]
    return Picture(crop.box, data, media_type, width, height, lines, label)
