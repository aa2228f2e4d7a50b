"""The blocks of a document as elements of a docx file, wherever they stand in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from recovery.metrics import text_width
from recovery.writers.content import raw_text
from recovery.writers.docx_borders import borders, ends_known, moved, tab_stops, with_tabs
from recovery.writers.docx_fields import CaptionNumbers, contents_line
from recovery.writers.docx_formulas import office_math
from recovery.writers.docx_frames import drop_cap, text_box, tiny_paragraph
from recovery.writers.docx_looks import CLOSEST, MIN_SIZE, SPACE_STEP, Look, StyleSheet
from recovery.writers.docx_notes import Notes
from recovery.writers.docx_numbering import Numbering, indent_element
from recovery.writers.docx_package import Package
from recovery.writers.docx_pictures import (
    MOST_OF_PAGE,
    anchored_picture,
    inline_picture,
    picture_size,
)
from recovery.writers.docx_spacing import Fit
from recovery.writers.docx_tables import squeezed, table_element
from recovery.writers.docx_text import Paragraphs, Start
from recovery.writers.docx_uncertain import Doubt, doubts
from recovery.writers.flow import Piece, usable_margins
from recovery.writers.ooxml import Element, node, text_nodes, twips, val
from structure.core.document import (
    Align,
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    Furniture,
    Line,
    ListBlock,
    Page,
    Place,
    Span,
    TableBlock,
    TextBlock,
    Warning,
)

ON_ITS_SIDE = 3.0  # widths from which on a margin note is so high that it runs up the page
# What a block that is not as the model promises may raise in the builders.
_BLOCK_ERRORS = (ValueError, LookupError, ArithmeticError)


class Blocks:
    """Makes the elements of blocks; collects lists, pictures and warnings on the way."""

    def __init__(
        self,
        document: Document,
        sheet: StyleSheet,
        package: Package,
        notes: Notes,
        threshold: float | None = None,
    ) -> None:
        """Prepare for a document; words read with less confidence than `threshold` are marked."""
        self.document, self.sheet, self.package = document, sheet, package
        self.paragraphs = Paragraphs(sheet, package, reference=notes.reference, threshold=threshold)
        self.captions = CaptionNumbers(document)
        self.numbering = Numbering()
        self.warnings: list[Warning] = []
        self.pictures = 0

    def make(self, piece: Piece, fitted: Fit, start: Start, page: Page) -> list[Element]:
        """The elements of a block; its bare text where it cannot be written as what it is.

        A picture with a place of its own is a single `w:r`, which belongs into any paragraph on its
        page.
        """
        try:
            return list(self._block(piece, fitted, start, page))
        except _BLOCK_ERRORS as error:
            block = piece.block
            self.warn(
                "W_BLOCK_FALLBACK",
                f"a {block.type} is written as plain text ({error})",
                block.page,
                block.id,
            )
            text = raw_text(block) or f"[{block.type}]"
            return [self.paragraphs.make(text, "BodyText", start=start)]

    def _block(self, piece: Piece, fitted: Fit, start: Start, page: Page) -> Iterator[Element]:
        block = piece.block
        if isinstance(block, TextBlock):
            yield from self._text(block, piece, fitted.look, start)
        elif isinstance(block, ListBlock):
            yield from self._list(block, piece, fitted, start)
        elif isinstance(block, TableBlock) and not block.cells and block.picture:
            yield self._figure(block, block.picture, piece, start, page)
        elif isinstance(block, TableBlock):
            lead = fitted.before[0] or 0.0
            if start.column_break or lead > SPACE_STEP:
                yield tiny_paragraph(column_break=start.column_break, before=lead - 1.0)
            sized = squeezed(block, fitted.squeeze, self.sheet)
            yield table_element(sized, piece.column, piece.inset[0], self.paragraphs)
        elif isinstance(block, FigureBlock):
            yield self._figure(block, block.asset, piece, start, page)
        else:
            yield self._formula(block, piece, start, page)

    def _text(self, block: TextBlock, piece: Piece, look: Look, start: Start) -> Iterator[Element]:
        if look.align == "justify" and "\n" in block.text:
            look = replace(look, align="left")  # a line that ends with a break would be stretched
        style, look = self.sheet.style_of(block), _inset(look, piece)
        text, spans, drawn = block.text, block.spans, ends_known(block)
        tabs = tab_stops(block, look, _width(piece), piece.inset[0], drawn=drawn)
        number = self.captions.field(block)
        doubtful: Sequence[Doubt] = self._doubts(block.text, block.at)
        if drawn:
            spans, doubtful = moved(text, spans), moved(text, doubtful)
            text = with_tabs(text)
        contents = contents_line(text, spans) if block.type == "toc" else None
        if contents is not None:
            text, spans = contents
            doubtful = self._doubts(text, block.at)
            tabs = _leader(piece)
        if block.style.drop_cap > 1 and text[:1].isalnum() and not piece.framed:
            yield drop_cap(text[0], block.style.drop_cap, look, style, self.sheet)
            text, spans, doubtful = text[1:], _shifted(spans, -1), _shifted(doubtful, -1)
            if start.column_at is not None:
                start = replace(start, column_at=start.column_at - 1)
        yield self.paragraphs.make(
            text,
            style,
            look=look,
            spans=spans,
            start=start,
            extra=[borders(block.style), tabs],
            fields=[] if number is None else [number],
            doubtful=doubtful,
        )

    def _doubts(self, text: str, at: Sequence[Place]) -> list[Doubt]:
        threshold = self.paragraphs.threshold
        return [] if threshold is None else doubts(text, at, threshold)

    def doubts_in(self, line: Line) -> list[Doubt]:
        """The badly read parts of a line that is written as it was read."""
        return self._doubts(line.text, [Place(1, line.box, (line,))])

    def _list(self, block: ListBlock, piece: Piece, fitted: Fit, start: Start) -> Iterator[Element]:
        left, _ = piece.inset
        levels = {
            level: replace(indent, left=indent.left + left)
            for level, indent in fitted.indents.items()
        }
        numbers = self.numbering.add(block, levels)
        base = self.sheet.named["ListParagraph"]
        own = replace(fitted.look, first=base.first, left=base.left)
        last = len(block.items) - 1
        for n, item in enumerate(block.items):
            text, spans = item.text, item.spans
            extra = [borders(block.style, first=n == 0, last=n == last)]
            doubtful: Sequence[Doubt] = self._doubts(item.text, item.at)
            level = min(max(item.level, 0), 8)
            if numbers is not None:
                extra.append(node("w:numPr", val("w:ilvl", level), val("w:numId", numbers[n])))
            else:
                label = item.label or {True: "☒", False: "☐", None: ""}[item.checked]
                text = f"{label}\t{item.text}"
                spans = _shifted(item.spans, len(label) + 1)
                doubtful = _shifted(doubtful, len(label) + 1)
                extra.append(indent_element(levels[level]))
            begin = start if n == 0 else Start()
            begin = replace(
                begin, before=fitted.before[n], after=start.after if n == last else None
            )
            look = replace(own, before=base.before)
            yield self.paragraphs.make(
                text,
                "ListParagraph",
                look=look,
                spans=spans,
                start=begin,
                extra=extra,
                doubtful=doubtful,
            )

    def _figure(self, block: Block, asset: str, piece: Piece, start: Start, page: Page) -> Element:
        picture = self._picture(asset, block, piece, page)
        if piece.wrap:
            return node("w:r", picture)
        align = "left" if piece.framed else _alignment(block, piece.column)
        paragraph = self._picture_paragraph(piece, start, align)
        paragraph.append(node("w:r", picture))
        return paragraph

    def _formula(self, block: FormulaBlock, piece: Piece, start: Start, page: Page) -> Element:
        """A formula that can be edited, else a picture of it, else its text."""
        math = office_math(block.latex) if block.latex else None
        if math is None and block.asset is None:
            return self.paragraphs.make(raw_text(block), "Figure", start=start)
        shown = math
        if shown is None:
            shown = node("w:r", self._picture(block.asset or "", block, piece, page))
        if not block.number:
            paragraph = self._picture_paragraph(piece, start, "center")
            paragraph.append(shown if math is None else node("m:oMathPara", shown))
            return paragraph
        width = twips(piece.column[1] - piece.column[0])
        tabs = node(
            "w:tabs",
            node("w:tab", val="center", pos=width // 2),
            node("w:tab", val="right", pos=width),
        )
        paragraph = self._picture_paragraph(piece, start, "left", tabs)
        paragraph.append(node("w:r", node("w:tab")))
        paragraph.append(shown)
        paragraph.append(node("w:r", node("w:tab"), *text_nodes(block.number)))
        return paragraph

    def _picture_paragraph(
        self, piece: Piece, start: Start, align: Align, tabs: Element | None = None
    ) -> Element:
        look = _inset(replace(self.sheet.named["Figure"], align=align), piece)
        return self.paragraphs.make("", "Figure", look=look, start=start, extra=[tabs])

    def _picture(self, asset_id: str, block: Block, piece: Piece, page: Page) -> Element:
        """`w:drawing` of an asset: at its place on the page, or in the flow of its column."""
        asset = self.document.assets[asset_id]
        relation = self.package.picture(asset)
        latex = block.latex if isinstance(block, FormulaBlock) else None
        alt = latex or raw_text(block)
        self.pictures += 1
        if piece.wrap:
            box = (piece.place or block.box).clipped(page.w, page.h)
            return anchored_picture(relation, box, piece.wrap, self.pictures, alt, piece.gaps)
        margins = usable_margins(page)
        width = piece.column[1] - piece.column[0]
        room = (width, (page.h - margins.top - margins.bottom) * MOST_OF_PAGE)
        return inline_picture(relation, picture_size(asset, block.box, room), self.pictures, alt)

    def margin_note(self, note: Furniture) -> Element:
        """A margin note or stamp as a frame that stays at its place on the page."""
        if len(note.text) > 1 and note.box.height > ON_ITS_SIDE * note.box.width:
            return self._side_note(note)
        frame = node(
            "w:framePr",
            w=max(twips(note.box.width), 200),
            hSpace=60,
            wrap="around",
            vAnchor="page",
            hAnchor="page",
            x=max(1, twips(note.box.x0)),
            y=max(1, twips(note.box.y0)),
        )
        look = self.sheet.named["MarginNote"]
        if len(note.lines) > 1:
            first, last = (line.box.center[1] for line in (note.lines[0], note.lines[-1]))
            pitch = (last - first) / (len(note.lines) - 1)
            line = max(CLOSEST, pitch / self.sheet.natural_height(look))
            look = replace(look, line=line, align=note.align)
        return self.paragraphs.make(note.text, "MarginNote", look=look, extra=[frame])

    def _side_note(self, note: Furniture) -> Element:
        """A margin note that runs up the left margin, or down the right one."""
        self.pictures += 1
        widths = {page.n: page.w for page in self.document.pages}
        left = note.box.center[0] < widths.get(note.page, 0.0) / 2
        look = self.sheet.named["MarginNote"]
        room = note.box.height / max(text_width(note.text, look.face), 1.0)
        size = max(MIN_SIZE, math.floor(2 * min(look.size, room)) / 2)
        look = replace(look, size=size, align="left")
        room = max(0.0, self.sheet.natural_height(look) - note.box.width)
        box = note.box.padded(room / 2, 0.02 * note.box.height)
        text = self.paragraphs.make(note.text, "MarginNote", look=look)
        holder = tiny_paragraph()
        shape = text_box([text], box, self.pictures, "vert270" if left else "vert")
        holder.append(node("w:r", shape))
        return holder

    def warn(self, code: str, message: str, page: int, block: str) -> None:
        """Note what the format could not express."""
        self.warnings.append(Warning(code, message, page=page, block=block))


def _width(piece: Piece) -> float:
    return piece.column[1] - piece.column[0]


def _leader(piece: Piece) -> Element:
    """A tab stop at the right edge of the column, with dots that lead to it."""
    edge = twips(piece.column[1] - piece.column[0] + piece.inset[0])
    return node("w:tabs", node("w:tab", val="right", leader="dot", pos=edge))


_Part = TypeVar("_Part", Span, Doubt)


def _shifted(parts: Sequence[_Part], by: int) -> tuple[_Part, ...]:
    """Parts of a text that begins `by` characters later (negative: earlier)."""
    moved = (replace(p, start=max(p.start + by, 0), end=p.end + by) for p in parts)
    return tuple(part for part in moved if part.end > part.start)


def _inset(look: Look, piece: Piece) -> Look:
    """`look` in a section whose columns are wider than those of its page were."""
    left, right = piece.inset
    return replace(look, left=look.left + left, right=look.right + right)


def _alignment(block: Block, column: tuple[float, float]) -> Align:
    """Where a picture stands in its column: by the free space at its sides."""
    left, right = block.box.x0 - column[0], column[1] - block.box.x1
    if abs(left - right) <= 0.1 * (column[1] - column[0]):
        return "center"
    return "left" if left < right else "right"
