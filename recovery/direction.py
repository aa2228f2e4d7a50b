"""Text from right to left, by looking at it in a mirror.

Where most letters of a page run from right to left, lines begin at the right, indents are there,
and columns are read from there. In the mirror such a page is one like any other: restoration
mirrors what goes in and what comes out, and everything between knows one direction. So does the
docx writer, for Word itself counts from the side where lines begin.

In a document boxes, margins, rules and alignment are those of the page, never of the mirror; the
columns of a table count from the side where its rows begin.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from structure.core.analysis import PageAnalysis, Picture, Region, Table, TextLine
from structure.core.document import (
    Align,
    Block,
    Document,
    Furniture,
    Line,
    ListBlock,
    Page,
    Place,
    Style,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Box
from structure.core.grid import Cell
from structure.core.text import is_rtl

_OTHER_SIDE: Mapping[Align, Align] = {"left": "right", "right": "left"}
_OTHER_RULES = str.maketrans("lr", "rl")


@dataclass(frozen=True, slots=True)
class _Way:
    """x goes to `sign * x + shift`."""

    sign: int = 1
    shift: float = 0.0

    def box(self, box: Box) -> Box:
        if self.sign > 0:
            return box.shifted(self.shift, 0.0)
        return Box(self.shift - box.x1, box.y0, self.shift - box.x0, box.y1)

    def known(self, box: Box | None) -> Box | None:
        return None if box is None else self.box(box)

    def text_line(self, line: TextLine) -> TextLine:
        words = tuple(replace(word, box=self.box(word.box)) for word in line.words)
        return replace(line, box=self.box(line.box), words=words, angle=self.sign * line.angle)

    def line(self, line: Line) -> Line:
        words = tuple(replace(word, box=self.box(word.box)) for word in line.words)
        return replace(line, box=self.box(line.box), words=words)

    def align(self, align: Align | None) -> Align | None:
        return align if align is None or self.sign > 0 else other_side(align)

    def rules(self, borders: str | None) -> str | None:
        return borders if borders is None or self.sign > 0 else borders.translate(_OTHER_RULES)


_STAY = _Way()


def other_side(align: Align) -> Align:
    """Right for left and left for right."""
    return _OTHER_SIDE.get(align, align)


# -- which way


def pages_rtl(pages: Sequence[PageAnalysis]) -> tuple[bool, frozenset[int]]:
    """Whether a document runs from right to left, and the numbers of the pages that do.

    A page without letters is like the document.
    """
    texts = {page.number: " ".join(_texts(page)) for page in pages}
    rtl = is_rtl(" ".join(texts.values()))
    return rtl, frozenset(n for n, text in texts.items() if is_rtl(text, default=rtl))


def _texts(page: PageAnalysis) -> Sequence[str]:
    inside = (cell.text for table in page.tables for cell in table.grid.cells)
    return [*(line.text for line in page.lines), *inside]


def document_rtl(document: Document) -> bool:
    """Whether most letters of a document run from right to left."""
    return is_rtl(" ".join(chain.from_iterable(map(_texts_of, document.body))))


def _texts_of(block: Block) -> Sequence[str]:
    if isinstance(block, TextBlock):
        return [block.text]
    if isinstance(block, ListBlock):
        return [item.text for item in block.items]
    return [cell.text for cell in block.cells] if isinstance(block, TableBlock) else []


def table_rtl(block: TableBlock, document: bool) -> bool:
    """Whether the first column of a table is the right one.

    Args:
        block: The table.
        document: Whether its document runs from right to left: a table of figures is like it.
    """
    return is_rtl(" ".join(cell.text for cell in block.cells), default=document)


def with_mark(text: str) -> str:
    """`text` with an invisible mark in front where its first letter runs against the others.

    Programs that are not told otherwise go by the first letter.
    """
    first = next((char for char in text if char.isalpha()), "")
    rtl = is_rtl(text)
    return text if not first or is_rtl(first) == rtl else ("\u200f" if rtl else "\u200e") + text


# -- pages before restoration


def mirrored_page(page: PageAnalysis, *, rtl: bool, document: bool) -> PageAnalysis:
    """What was found on a page, so that everything begins on the left.

    Pixels of pictures stay as they are. A table that runs against its page keeps its inside.

    Args:
        page: In pixels, counted from the left; the columns of its tables too.
        rtl: Whether the page runs from right to left.
        document: Whether the document does.
    """
    way = _Way(-1, page.width) if rtl else _STAY
    return replace(
        page,
        regions=tuple(Region(way.box(r.box), r.label, r.score) for r in page.regions),
        lines=tuple(map(way.text_line, page.lines)),
        tables=tuple(_turned_table(table, way, document) for table in page.tables),
        pictures=tuple(_turned_picture(picture, way) for picture in page.pictures),
        drawn=tuple(replace(line, box=way.box(line.box)) for line in page.drawn),
    )


def _turned_picture(picture: Picture, way: _Way) -> Picture:
    return replace(
        picture, box=way.box(picture.box), lines=tuple(map(way.text_line, picture.lines))
    )


def _turned_table(table: Table, way: _Way, document: bool) -> Table:
    rtl = is_rtl(" ".join(cell.text for cell in table.grid.cells), default=document)
    box = way.box(table.box)
    inner = _inside(table.box, box, rtl)
    grid = table.grid
    cells = [
        replace(
            cell,
            col=grid.cols - cell.col - cell.colspan if rtl else cell.col,
            box=inner.known(cell.box),
            borders=inner.rules(cell.borders),
        )
        for cell in grid.cells
    ]
    xs = sorted(inner.sign * x + inner.shift for x in table.xs)
    return replace(
        table,
        box=box,
        grid=replace(grid, cells=tuple(sorted(cells, key=_place))),
        lines=tuple(map(inner.text_line, table.lines)),
        xs=tuple(xs),
    )


def _inside(old: Box, new: Box, rtl: bool) -> _Way:
    """From the inside of `old` to that of `new`, which is as wide; mirrored for `rtl`."""
    return _Way(-1, new.x0 + old.x1) if rtl else _Way(1, new.x0 - old.x0)


def _place(cell: Cell) -> tuple[int, int]:
    return cell.row, cell.col


# -- documents after restoration, and before a writer that counts from where lines begin


def mirrored_document(
    document: Document, *, rtl: bool, pages: Collection[int], widths: Mapping[int, float]
) -> Document:
    """The document with left and right exchanged where it runs from right to left.

    Doing it twice gives the document back. What tables and texts say keeps its order.

    Args:
        document: As it is seen, or as it is in the mirror.
        rtl: Whether it runs from right to left as a whole.
        pages: Numbers of the pages that do.
        widths: How wide those pages are, in points.
    """
    if not (rtl or pages or any(isinstance(b, TableBlock) for b in document.body)):
        return document
    ways = {n: _Way(-1, widths[n]) for n in pages if n in widths}
    turn = _Turn(ways, rtl, document.style.align)
    style = document.style
    return replace(
        document,
        pages=tuple(_turned_page(page, ways.get(page.n, _STAY)) for page in document.pages),
        body=tuple(map(turn.block, document.body)),
        furniture=tuple(map(turn.furniture, document.furniture)),
        style=replace(style, align=_Way(-1).align(style.align)) if rtl else style,
    )


def _turned_page(page: Page, way: _Way) -> Page:
    if way.sign > 0:
        return page
    # A paper of a usual size may be a little wider than the picture of it.
    more, margins = page.w - way.shift, page.margins
    bands = tuple(
        replace(
            band,
            columns=tuple((way.shift - x1, way.shift - x0) for x0, x1 in reversed(band.columns)),
        )
        for band in page.bands
    )
    margins = replace(margins, left=margins.right - more, right=margins.left + more)
    return replace(page, margins=margins, bands=bands)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The ways of all pages, whether the document is turned, and the alignment of its body."""

    ways: Mapping[int, _Way]
    rtl: bool
    align: Align | None

    def way(self, page: int) -> _Way:
        return self.ways.get(page, _STAY)

    def style(self, style: Style, page: int) -> Style:
        way = self.way(page)
        align = style.align
        if align is None and (way.sign < 0) != self.rtl and self.align in _OTHER_SIDE:
            align = self.align  # the body is turned and this page is not, or the other way
        return replace(style, align=way.align(align))

    def places(self, places: Sequence[Place]) -> tuple[Place, ...]:
        return tuple(
            replace(
                place,
                box=self.way(place.page).box(place.box),
                lines=tuple(map(self.way(place.page).line, place.lines)),
            )
            for place in places
        )

    def furniture(self, item: Furniture) -> Furniture:
        way = self.way(item.page)
        return replace(
            item,
            box=way.box(item.box),
            align=way.align(item.align) or "left",
            lines=tuple(map(way.line, item.lines)),
        )

    def block(self, block: Block) -> Block:
        way = self.way(block.page)
        if isinstance(block, TextBlock):
            return replace(
                block,
                box=way.box(block.box),
                at=self.places(block.at),
                style=self.style(block.style, block.page),
            )
        if isinstance(block, ListBlock):
            items = tuple(
                replace(item, box=self.way(item.page).box(item.box), at=self.places(item.at))
                for item in block.items
            )
            style = self.style(block.style, block.page)
            return replace(block, box=way.box(block.box), items=items, style=style)
        if isinstance(block, TableBlock):
            return self._table(block, way)
        return replace(block, box=way.box(block.box), lines=tuple(map(way.line, block.lines)))

    def _table(self, block: TableBlock, way: _Way) -> TableBlock:
        box = way.box(block.box)
        inner = _inside(block.box, box, table_rtl(block, self.rtl))
        cells = tuple(
            replace(
                cell,
                box=inner.known(cell.box),
                align=inner.align(cell.align),
                borders=inner.rules(cell.borders),
            )
            for cell in block.cells
        )
        return replace(block, box=box, cells=cells, lines=tuple(map(inner.line, block.lines)))
