"""A document that flows through Word: sections with columns, breaks at the pages of the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from recovery.writers.docx_blocks import Blocks
from recovery.writers.docx_direction import for_word, put_back
from recovery.writers.docx_frames import (
    anchor,
    frames,
    put_in_frame,
    put_under_picture,
    takes_section_end,
    tiny_paragraph,
)
from recovery.writers.docx_furniture import strips
from recovery.writers.docx_looks import KEEPS_NEXT, SPACE_STEP, StyleSheet
from recovery.writers.docx_notes import Notes
from recovery.writers.docx_package import Package
from recovery.writers.docx_placed import PlacedPage
from recovery.writers.docx_sections import SectionMaker, strip_room
from recovery.writers.docx_spacing import RESERVE, Fit, bottom_slack, fit, usual_fits
from recovery.writers.docx_text import Start
from recovery.writers.flow import Piece, Section, empty_page, one_column, plan, usable_margins
from recovery.writers.irregular import irregular_pages, without_pages
from recovery.writers.ooxml import Element
from structure.core.document import Document, Furniture, Page, TableBlock, TextBlock


class FlowLayout:
    """The body of a document that can be edited: everything in the flow that can be."""

    def __init__(
        self,
        document: Document,
        package: Package,
        *,
        paged: bool = True,
        styled: bool = False,
        threshold: float | None = None,
    ) -> None:
        """Plan a document.

        Args:
            document: A cleaned document.
            package: Gets pictures, headers and footers.
            paged: False: all runs through one column without breaks.
            styled: Styles alone say what it looks like; only where it is not `paged`.
            threshold: Words read with less confidence than this are marked.
        """
        document = for_word(document)
        irregular = irregular_pages(document) if paged else set()
        everything = document
        if irregular:
            document = replace(document, body=without_pages(document, irregular))
        if not paged:
            document = replace(document, furniture=(), pages=_one_page(document))
        self.notes = Notes(document)
        self._note_tops = self.notes.tops()
        document = self.notes.without(document)
        self.document = document
        self.strips = strips(document)
        if paged:
            self.sections = plan(document, self.strips.split_before)
            self.sheet = StyleSheet(everything, _widths(self.sections))
            found = fit(self.sections, self.sheet, document.assets, self._room)
            pieces = [piece for section in self.sections for piece in section.pieces]
            self.sheet.adopt(
                [
                    (piece.block, own.look, own.before[0])
                    for piece, own in zip(pieces, found, strict=True)
                    if not piece.floating
                ]
            )
            self.fits = iter(fit(self.sections, self.sheet, document.assets, self._room))
        else:
            self.sections = [one_column(document)]
            self.sheet = StyleSheet(everything)
            self.fits = iter(usual_fits(self.sections[0], self.sheet, styled=styled))
        self.blocks = Blocks(document, self.sheet, package, self.notes, threshold)
        self.section_maker = SectionMaker(
            document,
            self.strips,
            package,
            self.notes,
            self.sheet,
            self.sections,
            rtl=self.sheet.mirrored,
        )
        self.placed = {
            empty_page(n): PlacedPage(everything, n, self.sheet, self.blocks) for n in irregular
        }

    @property
    def even_and_odd(self) -> bool:
        """Whether even pages have a header of their own."""
        return self.strips.even is not None

    def elements(self) -> Iterator[Element]:
        """All children of `w:body`."""
        notes = _notes(self.document)
        for item in self.document.furniture:
            if item.type == "watermark":
                self.blocks.warn(
                    "W_WATERMARK", "a watermark is left out of the docx", item.page, item.id
                )
        for n, section in enumerate(self.sections):
            elements: list[Element] = []
            for element in self._section_content(section, notes):
                if self.sheet.mirrored:
                    put_back(element, section.page.w)
                yield from elements  # all but the last, which may have to end the section
                elements = [element]
            properties = self.section_maker.make(section, n)
            if n + 1 == len(self.sections):
                elements += [
                    self.blocks.paragraphs.make(block.text, "FootnoteText")
                    for block in self.notes.lost()
                ]
                elements.append(properties)
            elif elements and takes_section_end(elements[-1]) and not _ends_with_table(section):
                elements[-1][0].append(properties)
            else:
                # Behind a table LibreOffice drops the paragraph that ends a section, and what
                # follows begins a page too late; a second one keeps it from that.
                elements.append(tiny_paragraph(properties))
            yield from elements

    def _section_content(
        self, section: Section, notes: dict[int, list[Furniture]]
    ) -> Iterator[Element]:
        after_table = False
        leads = len(section.columns.edges) > 1
        anchored: list[Element] = []
        frame = frames(section)
        for n, piece in enumerate(section.pieces):
            fitted = next(self.fits)
            is_table = isinstance(piece.block, TableBlock)
            if after_table and is_table:
                yield tiny_paragraph()  # Word would join the two tables
            if leads and not piece.floating:
                leads = False
                yield from self._spacer(piece, fitted)
            later = section.pieces[n + 1] if n + 1 < len(section.pieces) else None
            start = self._start(piece, fitted, later)
            elements = self.blocks.make(piece, fitted, start, section.page)
            if elements and str(elements[0].tag).endswith("}r"):
                anchored += elements  # a picture with a place of its own
            else:
                if piece.block.id in self.placed:
                    elements += self.placed[piece.block.id].fill(elements[0])
                if piece.wrap and piece.place:
                    for element in elements:
                        put_under_picture(element, piece.place)
                elif piece.framed:
                    for element in elements:
                        put_in_frame(element, piece.block.box, frame[n])
                elif anchored and elements and takes_section_end(elements[0]):
                    anchor(elements[0], anchored)
                    anchored = []
                yield from elements
                after_table = is_table
            for note in notes.pop(piece.block.page, []):
                yield self.blocks.margin_note(note)
                after_table = False
        if after_table or anchored:
            last = tiny_paragraph(after=(fitted.after or 0.0) if after_table else 0.0)
            anchor(last, anchored)
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
            yield tiny_paragraph(after=before - 1.0)

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

    def _room(self, page: Page) -> tuple[float, float]:
        """Where the text of a page begins and must end: header and footer push it aside."""
        margins = usable_margins(page)
        header, footer = strip_room(self.document, page, self.strips, self.sheet)
        top = max(margins.top, header)
        bottom = max(margins.bottom - bottom_slack(page) + RESERVE, footer)
        return top, min(page.h - bottom, self._note_tops.get(page.n, page.h))


def _one_page(document: Document) -> tuple[Page, ...]:
    """The paper of all pages: that of the first."""
    first = min(document.pages, key=lambda page: page.n, default=None)
    return () if first is None else (replace(first, bands=(), failure=None),)


def _notes(document: Document) -> dict[int, list[Furniture]]:
    notes: dict[int, list[Furniture]] = {}
    for item in document.furniture:
        if item.type in ("margin_note", "stamp"):
            notes.setdefault(item.page, []).append(item)
    return notes


def _ends_with_table(section: Section) -> bool:
    flowing = [piece.block for piece in section.pieces if not piece.floating]
    return bool(flowing) and isinstance(flowing[-1], TableBlock)


def _widths(sections: Sequence[Section]) -> dict[str, float]:
    """Width of the column of every block."""
    return {
        piece.block.id: piece.column[1] - piece.column[0]
        for section in sections
        for piece in section.pieces
    }
