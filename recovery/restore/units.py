"""Pixels to points, once, where an analysis enters restoration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Sheet, commonest, to_line
from structure.core.analysis import Label, PageAnalysis, Region, TextLine, Word
from structure.core.document import Span
from structure.core.lines import is_sideways
from structure.core.text import is_unspaced

PAPERS = {
    "A4": (595.28, 841.89),
    "Letter": (612.0, 792.0),
    "Legal": (612.0, 1008.0),
    "A3": (841.89, 1190.55),
    "A5": (419.53, 595.28),
    "B5": (498.9, 708.66),
}
"""Width and height in points, upright."""

_LEAST_DPI = 5.0
"""Anything below is no resolution."""
_MM = 72 / 25.4
_MAX_SIDE = 22 * 72.0
"""Largest side that Word accepts."""
_USUAL_EM = (5.0, 20.0)
"""Range of the median type size of a page that makes a claimed resolution believable."""
_MANY_LINES = 12
"""A poster or the cover of a book has fewer lines than this."""
_ROLLS_PT = (80 * _MM, 58 * _MM)
"""Widths of the paper of tills ..."""
_ROLL_SHAPE = 1.8
"""... that is so many times as long as wide ..."""
_ROLL_EM = (6.0, 12.0)
"""... and whose type has such a size."""


def to_sheet(page: PageAnalysis, options: RestoreOptions) -> Sheet:
    """The page with its lines and regions in points; tables and pictures stay in pixels."""
    scale = 72.0 / page.dpi if _LEAST_DPI <= page.dpi < math.inf else 0.5
    sheet = _scaled(page, scale)
    if not _believable(sheet, page.dpi_known):
        sheet = _scaled(page, scale * _correction(sheet))
    width, height = snapped(sheet.width, sheet.height, options.snap_paper_mm * _MM)
    return replace(sheet, width=width, height=height)


def snapped(width: float, height: float, tolerance: float) -> tuple[float, float]:
    """The paper, upright or across, both sides of which are within `tolerance` points, if any."""
    for w, h in PAPERS.values():
        for paper in ((w, h), (h, w)):
            if abs(paper[0] - width) <= tolerance and abs(paper[1] - height) <= tolerance:
                return paper
    return width, height


def _scaled(page: PageAnalysis, scale: float) -> Sheet:
    regions = tuple(Region(r.box.scaled(scale), r.label, r.score) for r in page.regions)
    pieces = tuple(
        _piece(line, index, page.regions, scale)
        for line, index in zip(page.lines, page.line_regions, strict=True)
    )
    # A table that could not be rebuilt must not take its text with it.
    loose = tuple(
        Piece(to_line(line, scale), Label.TABLE)
        for table in page.tables
        if not (table.grid.rows and table.grid.cols)
        for line in table.lines
    )
    drawn = tuple(replace(line, box=line.box.scaled(scale)) for line in page.drawn)
    size = page.width * scale, page.height * scale
    return Sheet(page, *size, scale, pieces + loose, regions, drawn)


def _piece(line: TextLine, index: int | None, regions: Sequence[Region], scale: float) -> Piece:
    known = index is not None and 0 <= index < len(regions)
    label = regions[index].label if known and index is not None else None
    fonts = [(len(word.text), word.font) for word in line.words if word.font is not None]
    # Small capitals are set in a smaller font than the text they belong to.
    mixed = [
        (len(word.text), word.font)
        for word in line.words
        if word.font is not None and any(char.islower() or is_unspaced(char) for char in word.text)
    ]
    font = commonest(mixed or fonts)
    return Piece(
        to_line(line, scale),
        label,
        index if known else None,
        replace(font, size=font.size * scale) if font else None,
        tuple(_marks(line.text, line.words)),
        ink_em=line.size * scale if line.size else None,
        stroke=line.stroke * scale if line.stroke else None,
        slant=line.slant,
        color=line.color,
        initial=line.initial,
        sideways=is_sideways(line),
        italic=bool(fonts) and all(font.italic for _, font in fonts),
        bold=bool(fonts) and all(font.bold for _, font in fonts if font.script is None),
    )


def _marks(text: str, words: Sequence[Word]) -> list[Span]:
    marks: list[Span] = []
    start = 0
    for word in words:
        at = text.find(word.text, start)
        if at < 0:
            continue
        start = at + len(word.text)
        bold = word.font is not None and word.font.bold
        italic = word.font is not None and word.font.italic
        script = word.font.script if word.font is not None else None
        if bold or italic or script or word.link:
            marks.append(
                Span(
                    at,
                    start,
                    bold=bold,
                    italic=italic,
                    sup=script == "sup",
                    sub=script == "sub",
                    link=word.link,
                )
            )
    return marks


def _believable(sheet: Sheet, dpi_known: bool) -> bool:
    """Whether the page has the size that its resolution claims."""
    if min(sheet.width, sheet.height) <= 0:
        return True
    usual = not sheet.pieces or _USUAL_EM[0] <= sheet.em <= _USUAL_EM[1]
    if snapped(sheet.width, sheet.height, 0.02 * sheet.height) in _both_ways():
        # A till receipt on a photograph may have the shape of a page, but not its type.
        return dpi_known or usual or len(sheet.pieces) < _MANY_LINES
    return dpi_known and max(sheet.width, sheet.height) <= _MAX_SIDE and usual


def _both_ways() -> set[tuple[float, float]]:
    return {side for w, h in PAPERS.values() for side in ((w, h), (h, w))}


def _correction(sheet: Sheet) -> float:
    """The factor that makes the page a usual paper of its shape with type of a usual size."""
    fitting = [
        (abs(w / h - sheet.width / sheet.height), w / sheet.width)
        for w, h in sorted(_both_ways())
        if abs((w / h) / (sheet.width / sheet.height) - 1) < 0.025
        and (not sheet.pieces or 6.5 <= sheet.em * w / sheet.width <= 15)
    ]
    if fitting:
        return min(fitting)[1]
    if sheet.pieces and sheet.height >= _ROLL_SHAPE * sheet.width:
        for width in _ROLLS_PT:
            if _ROLL_EM[0] <= sheet.em * width / sheet.width <= _ROLL_EM[1]:
                return width / sheet.width
    wanted = 10.0 / sheet.em if sheet.pieces else PAPERS["A4"][0] / sheet.width
    longest = max(sheet.width, sheet.height)
    return min(wanted, _MAX_SIDE / longest)
