"""A document whose blocks all stand where they stood, for forms and certificates.

Text stands in boxes line by line, pictures behind it; tables stand in the flow, below each other at
their distances, as not every word processor sets them in boxes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recovery.metrics import text_width
from recovery.writers.content import raw_text
from recovery.writers.docx_blocks import Blocks
from recovery.writers.docx_direction import with_tables_turned
from recovery.writers.docx_frames import text_box, tiny_paragraph
from recovery.writers.docx_looks import Look, StyleSheet
from recovery.writers.docx_notes import Notes
from recovery.writers.docx_package import Package
from recovery.writers.docx_pictures import anchored_picture
from recovery.writers.docx_tables import table_element, table_height
from recovery.writers.fitting import BOLD
from recovery.writers.flow import places
from recovery.writers.ooxml import Element, node, twips, val
from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    Furniture,
    Line,
    ListBlock,
    Page,
    Span,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Box
from structure.core.text import is_rtl

LEADING = 1.2  # height of a line in em
RISE = 0.65  # em from the upper edge of a line in a text box to the middle of its letters
CLOSEST, WIDEST = -0.04, 0.06  # em by which letters are moved together or apart to fill a line
APART = 0.6  # em from the middle of a line to that of the next one below it
SMALLEST, LARGEST = 0.7, 1.1  # of its size that type may shrink or grow to
SLACK = 1.3  # times its width that a box is wide, so that no line is broken anew


@dataclass(frozen=True, slots=True)
class Text:
    """Lines that stand on one page in one style; `text` is what `spans` count in.

    Where lines are not `measured`, only the box of all of them is known.
    """

    lines: Sequence[Line]
    style: str
    look: Look
    text: str
    spans: Sequence[Span] = ()
    measured: bool = False


class ExactLayout:
    """The body of a document that looks like its pages."""

    even_and_odd = False

    def __init__(self, document: Document, package: Package, threshold: float | None) -> None:
        document = with_tables_turned(document)
        self.document, self.package = document, package
        self.notes = Notes(replace(document, body=()))
        self.sheet = StyleSheet(document, mirrored=False)
        self.blocks = Blocks(document, self.sheet, package, self.notes, threshold)
        self.blocks.paragraphs.comments = None  # Word takes none in text boxes

    def elements(self) -> Iterator[Element]:
        """All children of `w:body`."""
        pages = sorted(self.document.pages, key=lambda page: page.n) or [Page(1, 595.0, 842.0)]
        known = {page.n for page in pages}
        for n, page in enumerate(pages):
            blocks = [
                block
                for block in self.document.body
                if any(_page(place.page, known) == page.n for place in places(block))
            ]
            yield from self._page(page, blocks, known)
            properties = _section(page)
            yield properties if n + 1 == len(pages) else tiny_paragraph(properties)

    def _page(self, page: Page, blocks: Sequence[Block], known: set[int]) -> Iterator[Element]:
        runs = [run for block in blocks for run in self._pictures(block, page)]
        texts = [text for block in blocks for text in self._texts(block, page, known)]
        texts += [self._furniture(i) for i in self.document.furniture if i.page == page.n]
        runs += [run for text in texts for run in self._boxes(text, page)]
        if page.failure:
            reason = f"[Page {page.n} could not be read: {page.failure}]"
            look = self.sheet.named["BodyText"]
            lines = (Line(reason, Box(36, 36, page.w - 36, 36 + LEADING * look.size)),)
            runs += self._boxes(Text(lines, "BodyText", look, reason), page)
        anchor = tiny_paragraph()
        anchor.extend(runs)
        yield anchor
        yield from self._tables([b for b in blocks if isinstance(b, TableBlock)], page)

    def _tables(self, tables: Sequence[TableBlock], page: Page) -> Iterator[Element]:
        """The tables of a page, from top to bottom, each as near to its place as there is room."""
        column, cursor = self._corner(page)
        for block in sorted(tables, key=lambda block: block.box.y0):
            if block.page != page.n or not block.cells or _shows_crop(block):
                continue
            gap = max(block.box.y0 - cursor, 1.0)
            yield tiny_paragraph(before=gap - 1.0)
            try:
                table = table_element(block, column, 0.0, self.blocks.paragraphs)
                height = table_height(block, column, self.sheet)
            except ValueError as error:
                message = f"a table is written as plain text ({error})"
                self.blocks.warn("W_BLOCK_FALLBACK", message, block.page, block.id)
                table = self.blocks.paragraphs.make(raw_text(block), "BodyText")
                height = block.box.height
            yield table
            cursor += gap + height
        yield tiny_paragraph()

    def _corner(self, page: Page) -> tuple[tuple[float, float], float]:
        """(x0, x1) of what flows on a page, and the height where it begins."""
        return (0.0, page.w), 1.0

    def _pictures(self, block: Block, page: Page) -> Iterator[Element]:
        asset = getattr(block, "asset", None)
        if isinstance(block, TableBlock) and (_shows_crop(block) or not block.cells):
            asset = block.picture
        if asset is None or block.page != page.n:
            return
        try:
            relation = self.package.picture(self.document.assets[asset])
        except (LookupError, ValueError) as error:
            message = f"a {block.type} is written as plain text ({error})"
            self.blocks.warn("W_BLOCK_FALLBACK", message, block.page, block.id)
            return
        self.blocks.pictures += 1
        box = block.box.clipped(page.w, page.h)
        picture = anchored_picture(relation, box, "behind", self.blocks.pictures, raw_text(block))
        yield node("w:r", picture)

    def _texts(self, block: Block, page: Page, known: set[int]) -> Iterator[Text]:
        """The text of a block on a page, each part with a box of its own."""
        style = self.sheet.style_of(block)
        if isinstance(block, TextBlock | ListBlock):
            look = self.sheet.look_of(block)
            items = [block] if isinstance(block, TextBlock) else block.items
            for item in items:
                own = places(item) if isinstance(item, TextBlock) else item.at
                text = item.text if isinstance(item, TextBlock) else f"{item.label} {item.text}"
                if not own and _page(item.page, known) == page.n:
                    yield Text(_split(text, item.box), style, look, text)
                for n, place in enumerate(own):
                    if _page(place.page, known) != page.n:
                        continue
                    lines = place.lines or (_split(text, place.box) if n == 0 else ())
                    measured = bool(place.lines)
                    yield Text(lines, style, look, item.text, item.spans, measured)
        elif isinstance(block, FigureBlock | FormulaBlock) and block.page == page.n:
            asset = self.document.assets.get(block.asset or "")
            text = raw_text(block)
            if asset is None and text:
                look = self.sheet.named["BodyText"]
                yield Text(_split(text, block.box), "BodyText", look, text)
            if asset is not None and isinstance(block, FormulaBlock) and block.number:
                # The number stands beside the picture of its formula.
                look = self.sheet.named["BodyText"]
                stated = tuple(x for x in block.lines if x.text == block.number)[-1:]
                beside = stated or _split(block.number, block.box.shifted(block.box.width, 0))
                yield Text(beside, "BodyText", look, block.number, (), bool(stated))

    def _furniture(self, item: Furniture) -> Text:
        style = "Footer" if item.type == "footer" else "Header"
        look = self.sheet.named[style]
        lines = item.lines or _split(item.text, item.box)
        return Text(lines, style, look, item.text, (), bool(item.lines))

    def _boxes(self, text: Text, page: Page) -> Iterator[Element]:
        """Runs with text boxes that hold the lines of a text at their places.

        Lines beside each other stand in boxes of their own.
        """
        stack: list[tuple[Line, list[Span]]] = []
        for line, spans in _with_spans(text):
            above = stack[-1][0] if stack else line
            if stack and line.box.center[1] - above.box.center[1] < APART * text.look.size:
                yield self._box(text, stack, page)
                stack = []
            stack.append((line, spans))
        if stack:
            yield self._box(text, stack, page)

    def _box(self, text: Text, lines: Sequence[tuple[Line, list[Span]]], page: Page) -> Element:
        rise, height = RISE * text.look.size, LEADING * text.look.size
        x0 = min(line.box.x0 for line, _ in lines)
        x1 = max(line.box.x1 for line, _ in lines)
        top = cursor = lines[0][0].box.center[1] - rise
        paragraphs = []
        for line, spans in lines:
            place = line.box.center[1] - rise
            before = max(place - cursor, 0.0)
            paragraphs.append(self._line(line, text, spans, before, line.box.x0 - x0))
            cursor = max(place, cursor) + height
        width = (SLACK if text.measured else 1.0) * (x1 - x0) + text.look.size
        left, right = x0, min(x0 + width, page.w)
        if is_rtl(text.text):
            left, right = max(x1 - width, 0.0), x1
        self.blocks.pictures += 1
        box = Box(left, top, max(right, left + 1.0), cursor)
        return node("w:r", text_box(paragraphs, box, self.blocks.pictures))

    def _line(
        self, line: Line, text: Text, spans: Sequence[Span], before: float, left: float
    ) -> Element:
        look = replace(text.look, tracking=0.0)
        if text.measured:
            look = _filling(line, text.look, self.sheet.stretch_of(text.look.face))
        doubtful = self.blocks.doubts_in(line)
        content = line.text.replace("\n", " ")
        paragraph = self.blocks.paragraphs.make(
            content, text.style, look=look, spans=spans, doubtful=doubtful
        )
        rtl = is_rtl(content)
        properties = node(
            "w:pPr",
            val("w:pStyle", text.style),
            val("w:keepNext", 0),
            node("w:bidi") if rtl else None,
            node(
                "w:spacing",
                before=twips(before),
                after=0,
                line=twips(LEADING * text.look.size),
                lineRule="exact",
            ),
            node("w:ind", left=0 if rtl else max(0, twips(left)), right=0, firstLine=0),
            val("w:jc", "left"),
        )
        paragraph.replace(paragraph[0], properties)
        return paragraph


def _with_spans(text: Text) -> Iterator[tuple[Line, list[Span]]]:
    """Every line with the spans of the text that lie in it, where its characters are found."""
    found = 0
    for line in text.lines:
        at = text.text.find(line.text, found)
        if at < 0:
            yield line, []
            continue
        found = at + len(line.text)
        yield (
            line,
            [
                replace(span, start=max(span.start - at, 0), end=span.end - at, note=None)
                for span in text.spans
                if span.end > at and span.start < found
            ],
        )


def _page(number: int, known: set[int]) -> int:
    """The page of a block; the first one for a block on a page that is not there."""
    return number if number in known else min(known)


def _shows_crop(block: TableBlock) -> bool:
    return block.needs_review and block.picture is not None


def _split(text: str, box: Box) -> tuple[Line, ...]:
    """Lines of a text of which only its box is known, one below the other."""
    texts = text.split("\n")
    step = box.height / len(texts)
    return tuple(
        Line(line, Box(box.x0, box.y0 + n * step, box.x1, box.y0 + (n + 1) * step))
        for n, line in enumerate(texts)
        if line.strip()
    )


def _filling(line: Line, look: Look, stretch: float) -> Look:
    """`look` with letters so far apart, so small or so large that a line is as long as it was."""
    natural = text_width(line.text, look.face) * look.size * (BOLD if look.bold else 1.0) * stretch
    width = line.box.width
    if natural <= 0 or width <= 0 or "\t" in line.text:
        return replace(look, tracking=0.0)
    share = width / natural
    factor = share if share > 1.0 else min(1.0, share / (1 + 2 * CLOSEST))
    size = max(1.0, round(2 * look.size * min(max(factor, SMALLEST), LARGEST)) / 2)
    tracking = (width - natural * size / look.size) / max(len(line.text), 1)
    return replace(look, size=size, tracking=min(max(tracking, CLOSEST * size), WIDEST * size))


def _section(page: Page) -> Element:
    """`w:sectPr` of a page without margins: everything on it has a place."""
    return node(
        "w:sectPr",
        val("w:type", "nextPage"),
        node(
            "w:pgSz",
            w=twips(page.w),
            h=twips(page.h),
            orient="landscape" if page.w > page.h else None,
        ),
        node("w:pgMar", top=0, right=0, bottom=0, left=0, header=0, footer=0, gutter=0),
        node("w:cols", space=720),
    )
