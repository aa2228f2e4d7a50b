"""Elements to the blocks of a document: ids, texts, spans, pictures."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import fmean

from recovery.restore import joining, tables
from recovery.restore.cells import cell_looks, usual_size
from recovery.restore.code import indent
from recovery.restore.elements import (
    Element,
    Paragraph,
    Part,
    PictureElement,
    TableElement,
    joins_of,
)
from recovery.restore.furniture import Running
from recovery.restore.header_rows import with_header_rows
from recovery.restore.joining import Vocabulary
from recovery.restore.lists import Item, ListElement
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row, to_line, to_lines
from structure.core.analysis import Label, Picture, Table
from structure.core.document import (
    Asset,
    Block,
    FigureBlock,
    FormulaBlock,
    Furniture,
    ListBlock,
    ListItem,
    Place,
    Span,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import union
from structure.core.grid import Grid


class Names:
    """Block ids `p{page}.b{n}`, counted on every page in reading order."""

    def __init__(self) -> None:
        self._count: dict[tuple[int, str], int] = defaultdict(int)

    def next(self, page: int, letter: str = "b") -> str:
        """The next id on `page`."""
        self._count[page, letter] += 1
        return f"p{page}.{letter}{self._count[page, letter]}"


class Assembler:
    """Turns elements into blocks one after the other; keeps the pictures on the way."""

    def __init__(self, words: Vocabulary, options: RestoreOptions) -> None:
        self._words, self._options = words, options
        self._names = Names()
        self.assets: dict[str, Asset] = {}

    def block(self, element: Element | ListElement) -> Block:
        """The block of one element, with the next id of its page."""
        name = self._names.next(element.page)
        if isinstance(element, Paragraph):
            return self._text(name, element)
        if isinstance(element, ListElement):
            return self._list(name, element)
        if isinstance(element, TableElement):
            return _table(name, element, self._options)
        return self._picture(name, element)

    def _text(self, name: str, paragraph: Paragraph) -> TextBlock:
        text, joins, spans = self._joined(paragraph)
        return TextBlock(
            id=name,
            type=paragraph.kind,
            page=paragraph.page,
            box=paragraph.box,
            text=text,
            level=paragraph.level,
            style=paragraph.style,
            spans=spans,
            joins=joins,
            at=tuple(_place(part) for part in paragraph.parts),
            conf=_confidence(paragraph.pieces),
        )

    def _joined(self, paragraph: Paragraph) -> tuple[str, tuple[str, ...], tuple[Span, ...]]:
        texts = [_text_of(piece, row, paragraph) for row in paragraph.rows for piece in row.pieces]
        joins = joins_of(paragraph, self._words, self._options)
        starts = joining.offsets(texts, joins)
        text = joining.join_texts(texts, joins)
        spans: list[Span] = []
        for piece, text_, start in zip(paragraph.pieces, texts, starts, strict=True):
            start += len(text_) - len(piece.text)
            for mark in piece.marks:
                bold = mark.bold and not paragraph.style.bold
                italic = mark.italic and not paragraph.style.italic
                if bold or italic or mark.sup or mark.sub or mark.link:
                    end = min(start + mark.end, len(text))
                    spans.append(
                        replace(mark, start=start + mark.start, end=end, bold=bold, italic=italic)
                    )
        return text, joins, _merged(spans, text)

    def _list(self, name: str, element: ListElement) -> ListBlock:
        items = tuple(
            self._item(f"{name}.i{n}", item) for n, item in enumerate(element.items, start=1)
        )
        first = element.items[0]
        return ListBlock(
            id=name,
            page=element.page,
            box=union(i.box for i in items if i.page == element.page),
            items=items,
            ordered=first.marker.format != "bullet",
            start=max(first.marker.value, 1),
            format=first.marker.format,
            style=replace(first.paragraph.style, first_indent=0.0),
        )

    def _item(self, name: str, item: Item) -> ListItem:
        text, _, spans = self._joined(item.paragraph)
        cut = len(text) - len(text[item.marker.length :].lstrip())
        kept = tuple(
            replace(span, start=max(0, span.start - cut), end=span.end - cut)
            for span in spans
            if span.end > cut
        )
        return ListItem(
            id=name,
            label=item.marker.label,
            text=text[cut:],
            level=item.level,
            page=item.paragraph.page,
            box=item.paragraph.box,
            checked=item.marker.checked,
            spans=kept,
            at=tuple(_place(part) for part in item.paragraph.parts),
        )

    def _picture(self, name: str, element: PictureElement) -> FigureBlock | FormulaBlock:
        picture = element.picture
        asset = f"{name}.img"
        self.assets[asset] = to_asset(picture)
        lines = to_lines(picture, element.scale)
        inner = " ".join(line.text for line in lines)
        if picture.label == Label.EQUATION:
            number = None
            if picture.number is not None:
                number = picture.number.text
                lines = (*lines, to_line(picture.number, element.scale))
            return FormulaBlock(
                name, element.page, element.box, asset, text=inner, number=number, lines=lines
            )
        return FigureBlock(name, element.page, element.box, asset, alt=inner, lines=lines)


def _table(name: str, element: TableElement, options: RestoreOptions) -> TableBlock:
    table, grid = element.table, with_header_rows(element.table)
    unsure = table.score is not None and table.score < options.table_score
    return TableBlock(
        id=name,
        page=element.page,
        box=element.box,
        rows=grid.rows,
        cols=grid.cols,
        cells=_cells(name, table, grid, element.scale),
        header_rows=grid.header_rows,
        col_widths=tables.column_widths(table, element.box, element.scale),
        row_heights=tables.row_heights(table, element.scale, with_pictures=bool(element.over)),
        rules=tables.rules_of(table),
        style=Style() if table.xs else Style(size=usual_size(table, element.scale)),
        lines=to_lines(table, element.scale),
        needs_review=table.needs_review or unsure,
        conf=table.score,
    )


def _cells(name: str, table: Table, grid: Grid, scale: float) -> tuple[TableCell, ...]:
    columns = [tables.column_alignment(grid, col) for col in range(grid.cols)]
    looks = cell_looks(table, scale) if table.xs else [None] * len(grid.cells)
    return tuple(
        TableCell(
            id=f"{name}.r{cell.row}c{cell.col}",
            row=cell.row,
            col=cell.col,
            rowspan=cell.rowspan,
            colspan=cell.colspan,
            text=cell.text,
            box=cell.box.scaled(scale) if cell.box else None,
            header=cell.header,
            align=tables.cell_align(cell, columns)
            if look is None
            else tables.drawn_align(cell, columns, look),
            valign=look.valign if look else None,
            size=look.size if look else None,
            borders=cell.borders,
            fill=cell.fill,
            conf=cell.score,
        )
        for cell, look in zip(grid.cells, looks, strict=True)
    )


def to_asset(picture: Picture) -> Asset:
    """The encoded picture with its digest."""
    digest = hashlib.sha256(picture.data).hexdigest()
    return Asset(picture.data, picture.media_type, picture.width, picture.height, digest)


def to_furniture(running: Sequence[Running], assets: dict[str, Asset]) -> tuple[Furniture, ...]:
    """Furniture with ids `p{page}.f{n}`; pictures go into `assets`, one for each group."""
    names = Names()
    found: list[Furniture] = []
    pictures: dict[str | None, str] = {}
    for item in _in_order(running):
        name = names.next(item.page, "f")
        lines = tuple(piece.line for piece in item.pieces)
        text = _running_text(item.pieces) if item.pieces else ""
        asset = None
        if item.picture is not None:
            asset = pictures.setdefault(item.group, f"{name}.img")
            assets.setdefault(asset, to_asset(item.picture))
            lines = to_lines(item.picture, item.scale)
            text = "\n".join(line.text for line in lines)
        found.append(
            Furniture(
                name, item.kind, item.page, item.box, text, item.align, item.group, lines, asset
            )
        )
    return tuple(found)


def _in_order(running: Sequence[Running]) -> list[Running]:
    """Page by page, from top to bottom, and from left to right in one row."""
    rows: list[list[Running]] = []
    for item in sorted(running, key=lambda item: (item.page, item.box.center[1])):
        last = rows[-1][-1] if rows else None
        if (
            last is not None
            and last.page == item.page
            and last.box.overlap_y(item.box) > 0.5 * min(last.box.height, item.box.height)
        ):
            rows[-1].append(item)
        else:
            rows.append([item])
    return [item for row in rows for item in sorted(row, key=lambda item: item.box.x0)]


def _running_text(pieces: Sequence[Piece]) -> str:
    """Pieces beside each other with tabs between them, those below each other as lines."""
    text = pieces[0].text.strip()
    for left, right in pairwise(pieces):
        below = right.box.center[1] > left.box.y1
        text += ("\n" if below else "\t") + right.text.strip()
    return text


def _text_of(piece: Piece, row: Row, paragraph: Paragraph) -> str:
    """What `piece` says; a line of code with the spaces before it."""
    if paragraph.kind != "code" or piece is not row.pieces[0]:
        return piece.text
    return indent(row, paragraph.rows) + piece.text


def _place(part: Part) -> Place:
    lines = tuple(piece.line for row in part.rows for piece in row.pieces)
    return Place(part.page, part.box, lines)


def _confidence(pieces: Sequence[Piece]) -> float | None:
    known = [piece.line.conf for piece in pieces if piece.line.conf is not None]
    return fmean(known) if known else None


def _merged(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Neighbours that look the same and have only a space between them become one."""
    merged: list[Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        if (
            last is not None
            and replace(span, start=last.start, end=last.end) == last
            and not text[last.end : span.start].strip()
        ):
            merged[-1] = replace(last, end=span.end)
        elif span.end > span.start:
            merged.append(span)
    return tuple(merged)
