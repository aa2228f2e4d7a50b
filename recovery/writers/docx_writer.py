"""Word documents: real styles, sections, columns, tables and page headers, not boxes on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from recovery.writers.cleaning import cleaned
from recovery.writers.content import raw_text, title_of
from recovery.writers.docx_furniture import Strip, strip_part, strips
from recovery.writers.docx_numbering import Numbering, indent
from recovery.writers.docx_package import Package
from recovery.writers.docx_styles import SPACE_STEP, StyleSheet, settings_part, styles_part
from recovery.writers.docx_tables import table_element
from recovery.writers.docx_text import Paragraphs, Start
from recovery.writers.flow import Piece, Section, plan, usable_margins
from recovery.writers.ooxml import NAMESPACES, Element, emu, flag, node, text_nodes, twips, val
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
    Style,
    TableBlock,
    TextBlock,
    Warning,
)

# Word opens pages from 0.1 to 22 inches.
SMALLEST_SIDE, LARGEST_SIDE = 7.2, 1584.0
HEADER_DISTANCE = 36.0
# Points by which the lower margin is smaller than in the source: with other fonts a full page runs
# a line or two longer, and must not spill over. Word keeps text off the footer by itself.
BOTTOM_SLACK = 24.0
TABLE_GAP = 4.0  # points kept free above and below a table at least
TABLE_GAP_MOST = 24.0
# What a block that is not as the model promises may raise in the builders.
_BLOCK_ERRORS = (ValueError, LookupError, ArithmeticError)


def render_docx(document: Document) -> Rendered:
    """The document as a docx file; equal documents give equal bytes.

    A block that cannot be written as what it is becomes plain paragraphs, with the warning
    `W_BLOCK_FALLBACK`.
    """
    return _DocxWriter(_fit_paper(cleaned(document))).render()


class _DocxWriter:
    """State of writing one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sheet = StyleSheet(document)
        self.package = Package()
        self.paragraphs = Paragraphs(self.sheet, self.package)
        self.numbering = Numbering()
        self.strips = strips(document)
        self.warnings: list[Warning] = []
        self.pictures = 0

    def render(self) -> Rendered:
        sections = plan(self.document, self.strips.split_before)
        body = node("w:body", *self._body(sections))
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

    def _body(self, sections: list[Section]) -> Iterator[Element]:
        notes = _notes(self.document)
        for item in self.document.furniture:
            if item.type == "watermark":
                self._warn("W_WATERMARK", "a watermark is left out of the docx", item.page, item.id)
        starts = iter(self._starts([piece for section in sections for piece in section.pieces]))
        for n, section in enumerate(sections):
            elements = list(self._section_content(section, starts, notes))
            properties = self._section_properties(section, n)
            if n + 1 == len(sections):
                elements.append(properties)
            elif elements and _takes_section_end(elements[-1]):
                elements[-1][0].append(properties)
            else:
                elements.append(_tiny_paragraph(properties))
            yield from elements

    def _section_content(
        self, section: Section, starts: Iterator[Start], notes: dict[int, list[Furniture]]
    ) -> Iterator[Element]:
        after_table = False
        for piece in section.pieces:
            is_table = isinstance(piece.block, TableBlock)
            if after_table and is_table:
                yield _tiny_paragraph()  # Word would join the two tables
            yield from self._safely(piece, next(starts), section.page)
            after_table = is_table
            for note in notes.pop(piece.block.page, []):
                yield self._note(note)
                after_table = False
        if after_table:
            yield _tiny_paragraph()

    def _starts(self, pieces: Sequence[Piece]) -> list[Start]:
        """How each piece of the document begins; its neighbours have a say in that."""
        starts: list[Start] = []
        top = 0.0
        for n, piece in enumerate(pieces):
            later = pieces[n + 1] if n + 1 < len(pieces) else None
            previous = None if n == 0 or piece.starts_page else pieces[n - 1].block
            following = None if later is None or later.starts_page else later.block
            start = self._start(piece, previous, following)
            if piece.leads_columns:
                # Columns begin at one height only if none has space above; it goes to the block
                # before them.
                if starts and start.before:
                    starts[-1] = replace(starts[-1], after=start.before)
                start, top = replace(start, before=0.0), piece.block.box.y0
            elif piece.column_break:
                lower = piece.block.box.y0 - top
                start = replace(start, before=lower if top and lower > SPACE_STEP else 0.0)
            starts.append(start)
        return starts

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
                bottom=twips(margins.bottom - min(BOTTOM_SLACK, margins.bottom / 3)),
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

    def _start(self, piece: Piece, previous: Block | None, following: Block | None) -> Start:
        """Breaks and distances of a block that depend on its neighbours."""
        block = piece.block
        before = after = None
        if getattr(block, "style", Style()) != Style() or not isinstance(block, TextBlock):
            before = self.sheet.look_of(block).before
            if previous is not None and not isinstance(previous, TableBlock):
                before = max(0.0, before - self.sheet.named[self.sheet.style_of(previous)].after)
        if piece.top_gap > SPACE_STEP:
            before = piece.top_gap
        elif isinstance(previous, TableBlock):
            gap = max(block.box.y0 - previous.box.y1, before or 0.0)
            before = min(max(gap, TABLE_GAP), TABLE_GAP_MOST)
        if isinstance(following, TableBlock) and following.page == block.page:
            gap = following.box.y0 - block.box.y1
            after = min(max(gap, TABLE_GAP), TABLE_GAP_MOST)
        owner = isinstance(block, TextBlock) and block.type == "caption" and block.caption_of
        keep = following is not None and (
            (bool(owner) and owner == following.id)
            or (isinstance(following, TextBlock) and following.caption_of == block.id)
        )
        return Start(piece.page_break, piece.column_break, before, after, keep)

    def _safely(self, piece: Piece, start: Start, page: Page) -> list[Element]:
        """The elements of a block; its bare text where it cannot be written as what it is."""
        try:
            return list(self._block(piece, start, page))
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

    def _block(self, piece: Piece, start: Start, page: Page) -> Iterator[Element]:
        block = piece.block
        if isinstance(block, TextBlock):
            yield self._text(block, start)
        elif isinstance(block, ListBlock):
            yield from self._list(block, start)
        elif isinstance(block, TableBlock) and not block.cells and block.picture:
            yield self._figure(block, block.picture, piece, start, page)
        elif isinstance(block, TableBlock):
            if start.column_break:
                yield _tiny_paragraph(column_break=True)
            yield table_element(block, piece.column, self.paragraphs)
        elif isinstance(block, FigureBlock):
            yield self._figure(block, block.asset, piece, start, page)
        else:
            yield self._formula(block, piece, start, page)

    def _text(self, block: TextBlock, start: Start) -> Element:
        look = self.sheet.look_of(block)
        style = self.sheet.style_of(block)
        return self.paragraphs.make(
            block.text, style, look=look, spans=block.spans, start=start, extra=[_tabs(block)]
        )

    def _list(self, block: ListBlock, start: Start) -> Iterator[Element]:
        number = self.numbering.add(block).number
        look = self.sheet.look_of(block)
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
                extra.append(indent(level))
            base = self.sheet.named["ListParagraph"]
            own = replace(look, first=base.first, left=base.left)
            yield self.paragraphs.make(
                text,
                "ListParagraph",
                look=own if n == 0 else replace(own, before=base.before),
                spans=spans,
                start=start if n == 0 else Start(),
                extra=extra,
            )

    def _figure(self, block: Block, asset: str, piece: Piece, start: Start, page: Page) -> Element:
        picture = self._picture(asset, block, piece, page)
        paragraph = self._picture_paragraph(start, _alignment(block, piece.column))
        paragraph.append(node("w:r", picture))
        return paragraph

    def _formula(self, block: FormulaBlock, piece: Piece, start: Start, page: Page) -> Element:
        if block.asset is None:
            return self.paragraphs.make(raw_text(block), "Figure", start=start)
        picture = self._picture(block.asset, block, piece, page)
        if not block.number:
            paragraph = self._picture_paragraph(start, "center")
            paragraph.append(node("w:r", picture))
            return paragraph
        width = twips(piece.column[1] - piece.column[0])
        tabs = node(
            "w:tabs",
            node("w:tab", val="center", pos=width // 2),
            node("w:tab", val="right", pos=width),
        )
        paragraph = self._picture_paragraph(start, "left", tabs)
        paragraph.append(node("w:r", node("w:tab")))
        paragraph.append(node("w:r", picture))
        paragraph.append(node("w:r", node("w:tab"), *text_nodes(block.number)))
        return paragraph

    def _picture_paragraph(
        self, start: Start, align: Align, tabs: Element | None = None
    ) -> Element:
        base = self.sheet.named["Figure"]
        look = replace(base, align=align)
        return self.paragraphs.make("", "Figure", look=look, start=start, extra=[tabs])

    def _picture(self, asset_id: str, block: Block, piece: Piece, page: Page) -> Element:
        """`w:drawing` of an asset as wide as in the source, at most as wide as its column."""
        asset = self.document.assets[asset_id]
        relation = self.package.picture(asset)
        margins = usable_margins(page)
        room_x = piece.column[1] - piece.column[0]
        room_y = (page.h - margins.top - margins.bottom) * 0.9
        width = min(block.box.width or room_x, room_x, room_y * asset.width / asset.height)
        width = max(width, 1.0)
        alt = raw_text(block)
        self.pictures += 1
        return _drawing(relation, width, width * asset.height / asset.width, self.pictures, alt)

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


def _fit_paper(document: Document) -> Document:
    """`document` with pages that Word opens; a poster shrinks, but its type keeps its size."""
    factors = {page.n: _paper_factor(page) for page in document.pages}
    if all(f == 1.0 for f in factors.values()) and all(
        min(page.w, page.h) >= SMALLEST_SIDE for page in document.pages
    ):
        return document
    pages = []
    for page in document.pages:
        f, m = factors[page.n], page.margins
        pages.append(
            replace(
                page,
                w=_paper_side(page.w * f),
                h=_paper_side(page.h * f),
                margins=replace(
                    m, left=m.left * f, top=m.top * f, right=m.right * f, bottom=m.bottom * f
                ),
                bands=tuple(
                    replace(
                        band,
                        y0=band.y0 * f,
                        y1=band.y1 * f,
                        columns=tuple((x0 * f, x1 * f) for x0, x1 in band.columns),
                    )
                    for band in page.bands
                ),
            )
        )
    body = tuple(
        replace(block, box=block.box.scaled(factors.get(block.page, 1.0)))
        for block in document.body
    )
    furniture = tuple(
        replace(item, box=item.box.scaled(factors.get(item.page, 1.0)))
        for item in document.furniture
    )
    return replace(document, pages=tuple(pages), body=body, furniture=furniture)


def _paper_factor(page: Page) -> float:
    long, short = max(page.w, page.h), min(page.w, page.h)
    if long > LARGEST_SIDE:
        return LARGEST_SIDE / long
    grow = SMALLEST_SIDE / short
    return grow if 1 < grow <= LARGEST_SIDE / long else 1.0


def _paper_side(points: float) -> float:
    return min(max(points, SMALLEST_SIDE), LARGEST_SIDE)


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


def _tabs(block: TextBlock) -> Element | None:
    """Tab stops of a paragraph; Word too counts them from the edge of the column."""
    stops = sorted({twips(stop) for stop in block.style.tabs if 0 < stop < LARGEST_SIDE})
    if not stops:
        return None
    return node("w:tabs", *(node("w:tab", val="left", pos=stop) for stop in stops))


def _takes_section_end(element: Element) -> bool:
    """Whether a section can end with this element: a paragraph that is no frame."""
    if not str(element.tag).endswith("}p"):
        return False
    return all(not str(child.tag).endswith("}framePr") for child in element[0])


def _tiny_paragraph(section_end: Element | None = None, *, column_break: bool = False) -> Element:
    """A paragraph of one point, where Word needs one and the reader must not see it."""
    return node(
        "w:p",
        node(
            "w:pPr",
            node("w:spacing", before=0, after=0, line=20, lineRule="exact"),
            node("w:rPr", val("w:sz", 2)),
            section_end,
        ),
        node("w:r", node("w:br", type="column")) if column_break else None,
    )


def _alignment(block: Block, column: tuple[float, float]) -> Align:
    """Where a picture stands in its column: by the free space at its sides."""
    left, right = block.box.x0 - column[0], column[1] - block.box.x1
    if abs(left - right) <= 0.1 * (column[1] - column[0]):
        return "center"
    return "left" if left < right else "right"


def _drawing(relation: str, width: float, height: float, number: int, alt: str) -> Element:
    """An inline picture, sizes in points; without the four distances LibreOffice adds its own."""
    size = {"cx": emu(width), "cy": emu(height)}
    name = f"Picture {number}"
    picture = node(
        "pic:pic",
        node(
            "pic:nvPicPr",
            node("pic:cNvPr", id=number, name=name, descr=alt or None),
            node("pic:cNvPicPr"),
        ),
        node(
            "pic:blipFill",
            node("a:blip", r_embed=relation),
            node("a:stretch", node("a:fillRect")),
        ),
        node(
            "pic:spPr",
            node("a:xfrm", node("a:off", x=0, y=0), node("a:ext", **size)),
            node("a:prstGeom", node("a:avLst"), prst="rect"),
        ),
    )
    return node(
        "w:drawing",
        node(
            "wp:inline",
            node("wp:extent", **size),
            node("wp:docPr", id=number, name=name, descr=alt or None),
            node("wp:cNvGraphicFramePr", node("a:graphicFrameLocks", noChangeAspect=1)),
            node("a:graphic", node("a:graphicData", picture, uri=NAMESPACES["pic"])),
            distT=0,
            distB=0,
            distL=0,
            distR=0,
        ),
    )
