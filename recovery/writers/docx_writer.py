"""Word documents: real styles, sections, columns, tables and page headers, not boxes on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from recovery.writers.cleaning import cleaned
from recovery.writers.content import raw_text, title_of
from recovery.writers.docx_furniture import Strip, strip_part, strips
from recovery.writers.docx_numbering import Numbering, indent_element
from recovery.writers.docx_package import Package
from recovery.writers.docx_paper import LARGEST_SIDE, fit_paper
from recovery.writers.docx_pictures import (
    MOST_OF_PAGE,
    anchored_picture,
    inline_picture,
    picture_size,
)
from recovery.writers.docx_spacing import Fit, bottom_slack, fit
from recovery.writers.docx_styles import (
    KEEPS_NEXT,
    SPACE_STEP,
    Look,
    StyleSheet,
    settings_part,
    styles_part,
)
from recovery.writers.docx_tables import table_element
from recovery.writers.docx_text import Paragraphs, Start
from recovery.writers.flow import Piece, Section, plan, usable_margins
from recovery.writers.ooxml import NAMESPACES, Element, flag, node, text_nodes, twips, val
from recovery.writers.rendered import Rendered
from structure.core.document import (
    Align,
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    Furniture,
    ListBlock,
    Page,
    TableBlock,
    TextBlock,
    Warning,
)
from structure.core.geometry import Box, union

HEADER_DISTANCE = 36.0
# What a block that is not as the model promises may raise in the builders.
_BLOCK_ERRORS = (ValueError, LookupError, ArithmeticError)


def render_docx(document: Document) -> Rendered:
    """The document as a docx file; equal documents give equal bytes.

    A block that cannot be written as what it is becomes plain paragraphs, with the warning
    `W_BLOCK_FALLBACK`.
    """
    return _DocxWriter(fit_paper(cleaned(document))).render()


class _DocxWriter:
    """State of writing one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.strips = strips(document)
        self.sections = plan(document, self.strips.split_before)
        self.sheet = StyleSheet(document, _widths(self.sections))
        self.fits = iter(fit(self.sections, self.sheet, document.assets, self._room))
        self.package = Package()
        self.paragraphs = Paragraphs(self.sheet, self.package)
        self.numbering = Numbering()
        self.warnings: list[Warning] = []
        self.pictures = 0

    def render(self) -> Rendered:
        body = node("w:body", *self._body())
        package = self.package
        package.add("styles", "styles", styles_part(self.sheet))
        even_and_odd = self.strips.even is not None
        package.add(
            "settings", "settings", settings_part(even_and_odd=even_and_odd, sheet=self.sheet)
        )
        numbering = self.numbering.part()
        if numbering is not None:
            package.add("numbering", "numbering", numbering)
        producer = self.document.producer
        data = package.to_bytes(
            node("w:document", body),
            title=title_of(self.document),
            language=self.document.lang[0] if self.document.lang else None,
            creator=f"{producer.name} {producer.version}".strip(),
        )
        return Rendered(data, warnings=tuple(self.warnings))

    def _room(self, page: Page) -> tuple[float, float]:
        """Where the text of a page begins and must end: header and footer push it aside."""
        margins = usable_margins(page)
        header_at, footer_at = _strip_distances(self.document, page)
        pairs = [pair for _, pair in self.strips.runs]
        header, footer = (
            max((len(pair[k].lines) for pair in pairs), default=0) * self.sheet.line_height(style)
            for k, style in enumerate(("Header", "Footer"))
        )
        top = max(margins.top, header_at + header if header else 0.0)
        bottom = max(margins.bottom - bottom_slack(page) / 4, footer_at + footer if footer else 0.0)
        return top, page.h - bottom

    def _body(self) -> Iterator[Element]:
        notes = _notes(self.document)
        for item in self.document.furniture:
            if item.type == "watermark":
                self._warn("W_WATERMARK", "a watermark is left out of the docx", item.page, item.id)
        for n, section in enumerate(self.sections):
            elements = list(self._section_content(section, notes))
            properties = self._section_properties(section, n)
            if n + 1 == len(self.sections):
                elements.append(properties)
            elif elements and _takes_section_end(elements[-1]) and not _ends_with_table(section):
                elements[-1][0].append(properties)
            else:
                # Behind a table LibreOffice drops the paragraph that ends a section, and what
                # follows begins a page too late; a second one keeps it from that.
                elements.append(_tiny_paragraph(properties))
            yield from elements

    def _section_content(
        self, section: Section, notes: dict[int, list[Furniture]]
    ) -> Iterator[Element]:
        after_table = False
        leads = len(section.columns.edges) > 1
        anchored: list[Element] = []
        frame = _frames(section)
        for n, piece in enumerate(section.pieces):
            fitted = next(self.fits)
            is_table = isinstance(piece.block, TableBlock)
            if after_table and is_table:
                yield _tiny_paragraph()  # Word would join the two tables
            if leads and not piece.floating:
                leads = False
                yield from self._spacer(piece, fitted)
            later = section.pieces[n + 1] if n + 1 < len(section.pieces) else None
            elements = self._safely(piece, fitted, later, section.page)
            if elements and str(elements[0].tag).endswith("}r"):
                anchored += elements  # a picture with a place of its own
            else:
                if piece.framed:
                    for element in elements:
                        _put_in_frame(element, piece.block.box, frame[n])
                elif anchored and elements and _takes_section_end(elements[0]):
                    _anchor(elements[0], anchored)
                    anchored = []
                yield from elements
                after_table = is_table
            for note in notes.pop(piece.block.page, []):
                yield self._note(note)
                after_table = False
        if after_table or anchored:
            last = _tiny_paragraph(after=(fitted.after or 0.0) if after_table else 0.0)
            _anchor(last, anchored)
            yield last

    def _spacer(self, piece: Piece, fitted: Fit) -> Iterator[Element]:
        """The distance above the first block of several columns, as a paragraph of its own.

        LibreOffice puts the space above that block over all of its columns.
        """
        before = fitted.before[0]
        if before is None:
            before = self.sheet.named[self.sheet.style_of(piece.block)].before
        if before > SPACE_STEP and not piece.page_break:
            fitted.before[0] = 0.0
            yield _tiny_paragraph(after=before - 1.0)

    def _start(self, piece: Piece, fitted: Fit, later: Piece | None) -> Start:
        """Breaks of a block, and the distances that were found for it."""
        block = piece.block
        if piece.floating:
            return Start()
        keep: bool | None = None
        if later is None or later.column_break or later.page_break:
            # Kept together over the end of a column, both would leave the page.
            keep = False if self.sheet.style_of(block) in KEEPS_NEXT else None
        elif isinstance(block, TextBlock) and block.type == "caption" and block.caption_of:
            keep = True if block.caption_of == later.block.id else None
        elif isinstance(later.block, TextBlock) and later.block.caption_of == block.id:
            keep = True
        return Start(
            piece.page_break,
            piece.column_break,
            fitted.before[0],
            fitted.after,
            keep,
            piece.column_at,
        )

    def _section_properties(self, section: Section, n: int) -> Element:
        page, columns = section.page, section.columns
        margins = usable_margins(page)
        strips = self.strips
        header_at, footer_at = _strip_distances(self.document, page)
        references: list[Element] = []
        run = next((k for k, (first, _) in enumerate(strips.runs) if first == page.n), None)
        if strips.runs and (n == 0 or (run is not None and section.new_page)):
            references += self._references("default", strips.runs[run or 0][1], page, run or 0)
            if n == 0 and strips.first is not None:
                references += self._references("first", strips.first, page, 0)
            if n == 0 and strips.even is not None:
                references += self._references("even", strips.even, page, 0)
        numbers = strips.numbers
        start = numbers.start if numbers and n == 0 and numbers.start != 1 else None
        format_ = numbers.format if numbers else None
        return node(
            "w:sectPr",
            *references,
            val("w:type", "nextPage" if section.new_page else "continuous"),
            node(
                "w:pgSz",
                w=twips(page.w),
                h=twips(page.h),
                orient="landscape" if page.w > page.h else None,
            ),
            node(
                "w:pgMar",
                top=twips(margins.top),
                right=max(0, twips(page.w - columns.edges[-1][1])),
                bottom=twips(margins.bottom - bottom_slack(page)),
                left=max(0, twips(columns.edges[0][0])),
                header=twips(header_at),
                footer=twips(footer_at),
                gutter=0,
            ),
            node("w:pgNumType", fmt=format_, start=start) if start is not None or format_ else None,
            _columns_element(section),
            flag("w:titlePg", n == 0 and strips.first is not None),
        )

    def _references(
        self, kind: str, pair: tuple[Strip, Strip], page: Page, run: int
    ) -> Iterator[Element]:
        for name, root, strip in (("header", "hdr", pair[0]), ("footer", "ftr", pair[1])):
            part = f"{name}_{kind}{run + 1}"
            yield node(
                f"w:{name}Reference",
                type=kind,
                r_id=self.package.add(part, name, strip_part(root, strip, page)),
            )

    def _safely(self, piece: Piece, fitted: Fit, later: Piece | None, page: Page) -> list[Element]:
        """The elements of a block; its bare text where it cannot be written as what it is."""
        start = self._start(piece, fitted, later)
        try:
            return list(self._block(piece, fitted, start, page))
        except _BLOCK_ERRORS as error:
            block = piece.block
            self._warn(
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
            yield self._text(block, piece, fitted.look, start)
        elif isinstance(block, ListBlock):
            yield from self._list(block, piece, fitted, start)
        elif isinstance(block, TableBlock) and not block.cells and block.picture:
            yield self._figure(block, block.picture, piece, start, page)
        elif isinstance(block, TableBlock):
            lead = fitted.before[0] or 0.0
            if start.column_break or lead > SPACE_STEP:
                yield _tiny_paragraph(column_break=start.column_break, before=lead - 1.0)
            yield table_element(block, piece.column, piece.inset[0], self.paragraphs)
        elif isinstance(block, FigureBlock):
            yield self._figure(block, block.asset, piece, start, page)
        else:
            yield self._formula(block, piece, start, page)

    def _text(self, block: TextBlock, piece: Piece, look: Look, start: Start) -> Element:
        if look.align == "justify" and "\n" in block.text:
            look = replace(look, align="left")  # a line that ends with a break would be stretched
        return self.paragraphs.make(
            block.text,
            self.sheet.style_of(block),
            look=_inset(look, piece),
            spans=block.spans,
            start=start,
            extra=[_tabs(block, piece.inset[0])],
        )

    def _list(self, block: ListBlock, piece: Piece, fitted: Fit, start: Start) -> Iterator[Element]:
        left, _ = piece.inset
        levels = {
            level: replace(indent, left=indent.left + left)
            for level, indent in fitted.indents.items()
        }
        number = self.numbering.add(block, levels).number
        base = self.sheet.named["ListParagraph"]
        own = replace(fitted.look, first=base.first, left=base.left)
        last = len(block.items) - 1
        for n, item in enumerate(block.items):
            text, spans, extra = item.text, item.spans, []
            level = min(max(item.level, 0), 8)
            if number is not None:
                extra.append(node("w:numPr", val("w:ilvl", level), val("w:numId", number)))
            else:
                label = item.label or {True: "☒", False: "☐", None: ""}[item.checked]
                text = f"{label}\t{item.text}"
                shift = len(label) + 1
                spans = tuple(
                    replace(span, start=span.start + shift, end=span.end + shift)
                    for span in item.spans
                )
                extra.append(indent_element(levels[level]))
            begin = start if n == 0 else Start()
            begin = replace(
                begin, before=fitted.before[n], after=start.after if n == last else None
            )
            look = replace(own, before=base.before)
            yield self.paragraphs.make(
                text, "ListParagraph", look=look, spans=spans, start=begin, extra=extra
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
        if block.asset is None:
            return self.paragraphs.make(raw_text(block), "Figure", start=start)
        picture = self._picture(block.asset, block, piece, page)
        if not block.number:
            paragraph = self._picture_paragraph(piece, start, "center")
            paragraph.append(node("w:r", picture))
            return paragraph
        width = twips(piece.column[1] - piece.column[0])
        tabs = node(
            "w:tabs",
            node("w:tab", val="center", pos=width // 2),
            node("w:tab", val="right", pos=width),
        )
        paragraph = self._picture_paragraph(piece, start, "left", tabs)
        paragraph.append(node("w:r", node("w:tab")))
        paragraph.append(node("w:r", picture))
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
        alt = raw_text(block)
        self.pictures += 1
        if piece.wrap:
            box = block.box.clipped(page.w, page.h)
            return anchored_picture(relation, box, piece.wrap, self.pictures, alt)
        margins = usable_margins(page)
        width = piece.column[1] - piece.column[0]
        room = (width, (page.h - margins.top - margins.bottom) * MOST_OF_PAGE)
        return inline_picture(relation, picture_size(asset, block.box, room), self.pictures, alt)

    def _note(self, note: Furniture) -> Element:
        """A margin note or stamp as a frame that stays at its place on the page."""
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
        return self.paragraphs.make(note.text, "MarginNote", extra=[frame])

    def _warn(self, code: str, message: str, page: int, block: str) -> None:
        self.warnings.append(Warning(code, message, page=page, block=block))


def _notes(document: Document) -> dict[int, list[Furniture]]:
    notes: dict[int, list[Furniture]] = {}
    for item in document.furniture:
        if item.type in ("margin_note", "stamp"):
            notes.setdefault(item.page, []).append(item)
    return notes


def _strip_distances(document: Document, page: Page) -> tuple[float, float]:
    """Distance of header and footer from the paper's edge, as on the first page that has one."""
    tops = [item.box.y0 for item in document.furniture if item.type == "header"]
    bottoms = [
        page.h - item.box.y1
        for item in document.furniture
        if item.type == "footer" or (item.type == "page_number" and item.box.y0 > page.h / 2)
    ]
    margins = usable_margins(page)
    header = min(tops, default=min(HEADER_DISTANCE, margins.top / 2))
    footer = min(bottoms, default=min(HEADER_DISTANCE, margins.bottom / 2))
    return max(0.0, min(header, page.h / 4)), max(0.0, min(footer, page.h / 4))


def _columns_element(section: Section) -> Element:
    columns = section.columns
    count = len(columns.edges)
    if count == 1:
        return node("w:cols", space=720)
    gaps = columns.gaps
    if columns.equal:
        return node(
            "w:cols",
            num=count,
            sep=1 if columns.rule else None,
            space=twips(sum(gaps) / len(gaps)),
        )
    return node(
        "w:cols",
        *(
            node("w:col", w=twips(width), space=twips(gap) if gap is not None else None)
            for width, gap in zip(columns.widths, [*gaps, None], strict=True)
        ),
        num=count,
        sep=1 if columns.rule else None,
        equalWidth=0,
    )


def _tabs(block: TextBlock, inset: float) -> Element | None:
    """Tab stops of a paragraph; Word too counts them from the edge of the column."""
    stops = sorted({twips(stop + inset) for stop in block.style.tabs if 0 < stop < LARGEST_SIDE})
    if not stops:
        return None
    return node("w:tabs", *(node("w:tab", val="left", pos=stop) for stop in stops))


def _takes_section_end(element: Element) -> bool:
    """Whether a section can end with this element: a paragraph that is no frame."""
    if not str(element.tag).endswith("}p"):
        return False
    return all(not str(child.tag).endswith("}framePr") for child in element[0])


def _ends_with_table(section: Section) -> bool:
    flowing = [piece.block for piece in section.pieces if not piece.floating]
    return bool(flowing) and isinstance(flowing[-1], TableBlock)


def _tiny_paragraph(
    section_end: Element | None = None,
    *,
    column_break: bool = False,
    before: float = 0.0,
    after: float = 0.0,
) -> Element:
    """A paragraph of one point, where Word needs one and the reader must not see it."""
    return node(
        "w:p",
        node(
            "w:pPr",
            node(
                "w:spacing",
                before=max(0, twips(before)),
                after=twips(after),
                line=20,
                lineRule="exact",
            ),
            node("w:rPr", val("w:sz", 2)),
            section_end,
        ),
        node("w:r", node("w:br", type="column")) if column_break else None,
    )


def _anchor(paragraph: Element, runs: Sequence[Element]) -> None:
    """Put anchored pictures at the beginning of a paragraph on their page."""
    for n, run in enumerate(runs, start=1):
        paragraph.insert(n, run)


def _frames(section: Section) -> dict[int, Box]:
    """The frame of each framed piece, by its place in the section; neighbours share one.

    A frame reaches to the end of the page: the paragraph around it goes on in the next column, and
    must not have a line below it.
    """
    found: dict[int, Box] = {}
    floor = section.page.h - usable_margins(section.page).bottom + bottom_slack(section.page)
    numbers = [n for n, piece in enumerate(section.pieces) if piece.framed]
    for n in numbers:
        run = [n]
        while run[-1] + 1 in numbers:
            run.append(run[-1] + 1)
        if n not in found:
            frame = union(section.pieces[k].block.box for k in run)
            frame = Box(frame.x0, frame.y0, frame.x1, max(frame.y1, floor))
            found.update(dict.fromkeys(run, frame))
    return found


def _put_in_frame(paragraph: Element, box: Box, frame: Box) -> None:
    """Give a paragraph a place of its own on the page, with text above and below only."""
    properties = paragraph[0]
    for child in properties.findall("w:ind", NAMESPACES):
        properties.remove(child)
    kept = list(properties)
    place = node(
        "w:framePr",
        w=twips(frame.width),
        h=twips(frame.height),
        hRule="atLeast",
        wrap="notBeside",
        vAnchor="page",
        hAnchor="page",
        x=max(1, twips(frame.x0)),
        y=max(1, twips(frame.y0)),
    )
    indent = node("w:ind", left=max(0, twips(box.x0 - frame.x0)), firstLine=0)
    paragraph.replace(properties, node("w:pPr", *kept, place, indent))


def _inset(look: Look, piece: Piece) -> Look:
    """`look` in a section whose columns are wider than those of its page were."""
    left, right = piece.inset
    return replace(look, left=look.left + left, right=look.right + right)


def _widths(sections: Sequence[Section]) -> dict[str, float]:
    """Width of the column of every block."""
    return {
        piece.block.id: piece.column[1] - piece.column[0]
        for section in sections
        for piece in section.pieces
    }


def _alignment(block: Block, column: tuple[float, float]) -> Align:
    """Where a picture stands in its column: by the free space at its sides."""
    left, right = block.box.x0 - column[0], column[1] - block.box.x1
    if abs(left - right) <= 0.1 * (column[1] - column[0]):
        return "center"
    return "left" if left < right else "right"
