"""A document of the model as a reading: the truth that files are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from recovery.score.reading import (
    Item,
    Kind,
    Paragraph,
    Picture,
    Reading,
    Running,
    Sheet,
    Table,
    TableCell,
    bare,
    fold,
    plain_number,
)
from recovery.score.thumbnail import thumbnail
from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    Page,
    Place,
    Span,
    Style,
    TableBlock,
    TextBlock,
)

_KINDS: Mapping[str, Kind] = {
    "title": "title",
    "heading": "heading",
    "caption": "caption",
    "footnote": "footnote",
}
_RUNNING = ("header", "footer", "page_number")
_BODY_SIZE = 10.0


def read_document(document: Document) -> Reading:
    """What a word processor should show of `document`.

    Marks of footnotes are no text, and a footnote follows the block with its mark. The parts of a
    table that goes on over pages are one table.
    """
    reader = _Reader(document)
    items = tuple(item for block in _in_order(document.body) for item in reader.items(block))
    sheets = [_sheet(page, len(band.columns)) for page in document.pages for band in page.bands]
    running = [item for item in document.furniture if item.type in _RUNNING]
    return Reading(
        items,
        tuple(sheets or [_sheet(page, 1) for page in document.pages]),
        tuple(dict.fromkeys(Running(item.text, item.type == "page_number") for item in running)),
    )


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._pages = {page.n: page for page in document.pages}
        self._columns = {
            (page.n, id_): len(band.columns)
            for page in document.pages
            for band in page.bands
            for id_ in band.blocks
        }
        self._parts: dict[str, list[TableBlock]] = {}
        for block in document.body:
            if isinstance(block, TableBlock):
                first = block.continued_from
                if first is None:
                    self._parts[block.id] = [block]
                else:
                    # Each part names the one before it; all belong to the list of the first.
                    own = next(p for p in self._parts.values() if p[-1].id == first)
                    own.append(block)

    def items(self, block: Block) -> Iterator[Item]:
        if isinstance(block, TextBlock):
            yield from self._text(block)
        elif isinstance(block, ListBlock):
            yield from self._list(block)
        elif isinstance(block, TableBlock):
            if block.id in self._parts:
                yield self._table(self._parts[block.id])
        elif isinstance(block, FigureBlock):
            box = block.box
            small = thumbnail(self._document.assets[block.asset].data)
            yield Picture(box.width, box.height, small, self._sheet(block), block.id)
        elif isinstance(block, FormulaBlock) and block.text.strip():
            yield Paragraph("paragraph", block.text, self._sheet(block), block.id)

    def _text(self, block: TextBlock) -> Iterator[Paragraph]:
        text, bolds = _without_marks(block.text, block.spans, block.style.bold)
        if text.strip():
            yield Paragraph(
                _KINDS.get(block.type, "paragraph"),
                text,
                self._sheet(block),
                block.id,
                level=(block.level or 1) if block.type == "heading" else None,
                sizes=(self._size(block.style),) * len(bolds),
                bolds=bolds,
                align=block.style.align or self._document.style.align or "left",
                one_line=_line_count(block.at) == 1,
            )

    def _list(self, block: ListBlock) -> Iterator[Paragraph]:
        for item in block.items:
            text, bolds = _without_marks(item.text, item.spans, block.style.bold)
            if text.strip():
                yield Paragraph(
                    "list",
                    text,
                    self._sheet(block, item.page),
                    item.id,
                    level=item.level,
                    number=plain_number(item.label),
                    sizes=(self._size(block.style),) * len(bolds),
                    bolds=bolds,
                    align=block.style.align or self._document.style.align or "left",
                    one_line=_line_count(item.at) == 1,
                )

    def _table(self, parts: Sequence[TableBlock]) -> Table:
        cells: list[TableCell] = []
        top = 0
        for part in parts:
            size = self._size(part.style)
            cells += [
                TableCell(
                    top + cell.row,
                    cell.col,
                    cell.rowspan,
                    cell.colspan,
                    cell.text,
                    cell.size or size,
                    cell.bold or part.style.bold,
                )
                for cell in part.cells
            ]
            top += part.rows
        return Table(tuple(cells), parts[0].col_widths, self._sheet(parts[0]), parts[0].id)

    def _size(self, style: Style) -> float:
        return style.size or self._document.style.size or _BODY_SIZE

    def _sheet(self, block: Block, number: int | None = None) -> Sheet:
        number = number or block.page
        return _sheet(self._pages[number], self._columns.get((number, block.id), 1))


def _sheet(page: Page, columns: int) -> Sheet:
    sides = page.margins
    margins = sides.left, sides.top, sides.right, sides.bottom
    return Sheet(page.w, page.h, page.w > page.h, margins, columns)


def _line_count(at: Sequence[Place]) -> int:
    return sum(len(place.lines) for place in at)


def _without_marks(text: str, spans: Sequence[Span], bold: bool) -> tuple[str, tuple[bool, ...]]:
    """The folded text without marks of footnotes, and whether each visible character is bold."""
    marks = {n for span in spans if span.note for n in range(span.start, span.end)}
    strong = {n for span in spans if span.bold for n in range(span.start, span.end)}
    kept = [n for n in range(len(text)) if n not in marks]
    bolds = tuple(bold or n in strong for n in kept if bare(text[n]))
    return fold("".join(text[n] for n in kept)), bolds


def _in_order(body: Sequence[Block]) -> list[Block]:
    """The blocks with every footnote right behind the block that refers to it."""
    notes = {b.id: b for b in body if isinstance(b, TextBlock) and b.type == "footnote"}
    bound = {id_ for block in body for id_ in _notes_of(block) if id_ in notes}
    ordered: list[Block] = []
    for block in body:
        if block.id not in bound:
            ordered.append(block)
            ordered += [notes[id_] for id_ in _notes_of(block) if id_ in notes]
    return ordered


def _notes_of(block: Block) -> list[str]:
    if isinstance(block, TextBlock):
        return [span.note for span in block.spans if span.note]
    if isinstance(block, ListBlock):
        return [span.note for item in block.items for span in item.spans if span.note]
    return []
