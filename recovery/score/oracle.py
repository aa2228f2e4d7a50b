"""What perfect models would find on the pages of a sample: restoration alone is then measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

import cv2

from recovery.score.raster import Image, rasterize
from recovery.score.sample import Sample
from structure.core.analysis import Label, PageAnalysis, Picture, Region, Table, TextLine, Word
from structure.core.document import (
    Block,
    Document,
    Family,
    FigureBlock,
    Furniture,
    Line,
    ListBlock,
    Style,
    TableBlock,
    TextBlock,
    TextType,
)
from structure.core.geometry import Affine, Box, union
from structure.core.grid import Cell, Grid
from structure.core.text import is_cjk

_LABELS: dict[TextType, Label] = {
    "title": Label.TITLE,
    "heading": Label.TITLE,
    "reference": Label.REFERENCE,
}
_STROKES: dict[Family, float] = {"serif": 0.072, "sans": 0.079, "mono": 0.088}
"""Stroke width of regular type in em, as the line reader measures it on clean pages of 200 dpi."""
_CJK_STROKE = 0.074
_ITALIC = 12.0
_BOLD = 1.35
"""How much wider the strokes of bold type are, measured likewise."""
_GAP = 2.0
"""A gap of so many em separates two lines, as it does for a text detector."""


@dataclass
class _Sheet:
    """What is gathered of one page, in points."""

    regions: list[Region] = field(default_factory=list)
    lines: list[tuple[TextLine, int]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)

    def add(self, label: Label, box: Box, lines: Sequence[TextLine]) -> None:
        self.regions.append(Region(box, label, 1.0))
        self.lines += [(line, len(self.regions) - 1) for line in lines]


def oracle_pages(sample: Sample, dpi: float = 200.0) -> list[PageAnalysis]:
    """The pages of a sample as perfect models and a perfect reader would describe them.

    Args:
        sample: The document.
        dpi: Resolution of the pixels that the analyses speak of.
    """
    document = sample.document
    sheets = {page.n: _Sheet() for page in document.pages}
    for block in document.body:
        _add_block(sheets, block, sample)
    for item in document.furniture:
        _add_furniture(sheets, item, sample)
    images = rasterize(sample.pdf, dpi)
    return [
        _analysis(page.n, sheets[page.n], image, dpi)
        for page, image in zip(document.pages, images, strict=True)
    ]


def _add_block(sheets: dict[int, _Sheet], block: Block, sample: Sample) -> None:
    if isinstance(block, TextBlock):
        label = _LABELS.get(block.type, Label.TEXT)
        if block.type == "caption":
            label = _caption_label(block, sample.document)
        for place in block.at:
            lines = _text_lines(place.lines, block.style)
            sheets[place.page].add(label, place.box, lines)
    elif isinstance(block, ListBlock):
        for page, parts in _list_places(block):
            lines = [line for own in parts for line in _text_lines(own, block.style)]
            sheets[page].add(Label.LIST, union(line.box for line in lines), lines)
    elif isinstance(block, TableBlock):
        sheet, printed = sheets[block.page], sample.printed[block.id]
        sheet.regions.append(Region(printed.box, Label.TABLE, 1.0))
        sheet.tables.append(_table(printed))
    elif isinstance(block, FigureBlock):
        sheets[block.page].regions.append(Region(block.box, Label.FIGURE, 1.0))
        sheets[block.page].pictures.append(block.box)


def _caption_label(block: TextBlock, document: Document) -> Label:
    owner = next((b for b in document.body if b.id == block.caption_of), None)
    return Label.TABLE_CAPTION if isinstance(owner, TableBlock) else Label.FIGURE_CAPTION


def _list_places(block: ListBlock) -> Iterator[tuple[int, list[tuple[Line, ...]]]]:
    """The lines of a list by page and column."""
    group: list[tuple[Line, ...]] = []
    page, bottom = 0, 0.0
    for item in block.items:
        for place in item.at:
            if group and (place.page != page or place.box.y0 < bottom):
                yield page, group
                group = []
            group.append(place.lines)
            page, bottom = place.page, place.box.center[1]
    yield page, group


def _add_furniture(sheets: dict[int, _Sheet], item: Furniture, sample: Sample) -> None:
    page = sample.document.pages[item.page - 1]
    label = Label.HEADER if item.box.center[1] < page.h / 2 else Label.FOOTER
    lines = _text_lines(item.lines, Style(size=sample.running_size))
    sheets[item.page].add(label, item.box, lines)


def _text_lines(lines: Sequence[Line], style: Style) -> list[TextLine]:
    return [part for line in lines for part in _split(line, style)]


def _split(line: Line, style: Style) -> Iterator[TextLine]:
    """A printed line cut where its gaps are wider than a text detector bridges."""
    size = style.size or 10.0
    ordered = sorted(line.words, key=lambda word: word.box.x0)
    wide = [
        (a.box.x1 + b.box.x0) / 2
        for a, b in pairwise(ordered)
        if b.box.x0 - a.box.x1 > _GAP * size and not _is_label(line, a.text)
    ]
    for x0, x1 in pairwise([float("-inf"), *wide, float("inf")]):
        words = [word for word in line.words if x0 < word.box.center[0] < x1]
        text = _joined([word.text for word in words], line.text)
        made = tuple(Word(word.text, word.box, 1.0) for word in words)
        stroke = size * (_CJK_STROKE if is_cjk(text) else _STROKES[style.family or "serif"])
        yield TextLine(
            text,
            union(word.box for word in words),
            1.0,
            made,
            stroke=stroke * (_BOLD if style.bold else 1.0),
            size=size,
            slant=_ITALIC if style.italic else 0.0,
            color=style.color,
        )


def _is_label(line: Line, text: str) -> bool:
    """Whether `text` is the label in front of a line of a list, which readers keep with it."""
    return text == line.words[0].text and not any(char.isalpha() for char in text)


def _joined(words: Sequence[str], line: str) -> str:
    """The words with the spaces that the line has between them."""
    text, at = "", 0
    for word in words:
        found = line.find(word, at)
        if text and found > at and line[at:found].strip() == "" and line[at:found]:
            text += " "
        text += word
        at = found + len(word)
    return text


def _table(block: TableBlock) -> Table:
    ruled = block.rules == "grid"
    leftwards = _runs_leftwards(block)
    cells = [
        Cell(
            cell.row,
            block.cols - cell.col - cell.colspan if leftwards else cell.col,
            cell.rowspan,
            cell.colspan,
            cell.text.replace("\u00ad", ""),
            cell.box,
            1.0,
            cell.header,
            "trbl" if ruled else None,
            cell.fill,
        )
        for cell in block.cells
    ]
    cells.sort(key=lambda cell: (cell.row, cell.col))
    lines = [part for line in block.lines for part in _split(line, block.style)]
    grid = Grid(block.rows, block.cols, tuple(cells))
    return Table(
        block.box,
        grid,
        1.0,
        lines=tuple(lines),
        ruled=ruled,
        xs=_edges(block.box.x0, block.col_widths[:: -1 if leftwards else 1]) if ruled else (),
        ys=_edges(block.box.y0, block.row_heights) if ruled else (),
    )


def _edges(start: float, sizes: Sequence[float]) -> tuple[float, ...]:
    return tuple(accumulate(sizes, initial=start))


def _runs_leftwards(block: TableBlock) -> bool:
    """Whether the first column stands on the right; table recognition counts from the left."""
    placed = [(cell.col, cell.box) for cell in block.cells if cell.box and cell.colspan == 1]
    first = [box.center[0] for col, box in placed if col == 0]
    last = [box.center[0] for col, box in placed if col == block.cols - 1]
    return bool(first and last) and min(first) > max(last)


# -- points to pixels
# --------------------------------------------------------------------------------------


def _analysis(number: int, sheet: _Sheet, image: Image, dpi: float) -> PageAnalysis:
    scale = dpi / 72
    height, width = image.shape[:2]
    return PageAnalysis(
        number,
        width,
        height,
        dpi,
        text_source="ocr" if sheet.lines or sheet.tables else "none",
        regions=tuple(replace(r, box=r.box.scaled(scale)) for r in sheet.regions),
        lines=tuple(_scaled(line, scale) for line, _ in sheet.lines),
        line_regions=tuple(index for _, index in sheet.lines),
        tables=tuple(_scaled_table(table, scale) for table in sheet.tables),
        pictures=tuple(_picture(box.scaled(scale), image) for box in sheet.pictures),
        to_source=Affine(),
    )


def _scaled(line: TextLine, scale: float) -> TextLine:
    words = tuple(replace(word, box=word.box.scaled(scale)) for word in line.words)
    return replace(
        line,
        box=line.box.scaled(scale),
        words=words,
        stroke=(line.stroke or 0.0) * scale,
        size=(line.size or 0.0) * scale,
    )


def _scaled_table(table: Table, scale: float) -> Table:
    cells = tuple(
        replace(cell, box=cell.box.scaled(scale) if cell.box else None) for cell in table.grid.cells
    )
    return replace(
        table,
        box=table.box.scaled(scale),
        grid=replace(table.grid, cells=cells),
        lines=tuple(_scaled(line, scale) for line in table.lines),
        xs=tuple(scale * x for x in table.xs),
        ys=tuple(scale * y for y in table.ys),
    )


def _picture(box: Box, image: Image) -> Picture:
    height, width = image.shape[:2]
    box = box.clipped(width, height)
    x0, y0, x1, y1 = (round(value) for value in box.as_tuple())
    crop = image[y0:y1, x0:x1]
    done, data = cv2.imencode(".png", crop[..., ::-1])
    if not done:
        raise ValueError(f"no picture at {box}")
    return Picture(box, data.tobytes(), "image/png", crop.shape[1], crop.shape[0])
