"""Paragraphs, runs and links of a docx file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from recovery.writers.content import pieces
from recovery.writers.docx_looks import Look, StyleSheet
from recovery.writers.docx_package import Package
from recovery.writers.docx_styles import paragraph_properties, run_properties
from recovery.writers.ooxml import Element, flag, node, text_nodes, val
from structure.core.document import Align, Span
from structure.core.text import is_cjk, is_rtl, safe_link


@dataclass(frozen=True, slots=True)
class Start:
    """How a paragraph begins, and what it keeps to its neighbours.

    Attributes:
        page_break: On a new page.
        column_break: In the next column.
        before: Points below the block above; None as its style has it.
        after: Points above the block below; None as its style has it.
        keep_next: On one page with the block below; None as its style has it.
        column_at: Where in its text it goes on in the next column.
    """

    page_break: bool = False
    column_break: bool = False
    before: float | None = None
    after: float | None = None
    keep_next: bool | None = None
    column_at: int | None = None


class Paragraphs:
    """Makes `w:p` elements in the styles of one document."""

    def __init__(
        self,
        sheet: StyleSheet,
        package: Package,
        *,
        part: str = "document",
        reference: Callable[[Span], tuple[Element, ...]] = lambda span: (),
    ) -> None:
        """Prepare for the part `word/{part}.xml`.

        `reference` gives what a run holds instead of a mark that refers to a footnote.
        """
        self.sheet, self.package, self.part = sheet, package, part
        self.reference = reference

    def make(
        self,
        text: str,
        style: str,
        *,
        look: Look | None = None,
        spans: Sequence[Span] = (),
        start: Start = Start(),
        extra: Iterable[Element | None] = (),
    ) -> Element:
        """A paragraph of `text` in a named style.

        Args:
            text: Cleaned text; line feeds become line breaks.
            style: Style id.
            look: What the paragraph really looks like; only what differs from the style is written.
            spans: Parts of `text` that look different or link somewhere.
            start: How it begins.
            extra: Further children of `w:pPr`.
        """
        base = self.sheet.named[style]
        look = look or base
        if start.before is not None:
            look = replace(look, before=start.before)
        look = replace(look, after=base.after if start.after is None else start.after)
        rtl = is_rtl(text)
        if rtl:
            look = replace(look, align=_mirrored(look, base))
        direct = run_properties(look, base, self.sheet)
        if not self.sheet.cjk and is_cjk(text):
            _hint_east_asian(direct)
        if start.column_at is not None:
            spans = (*spans, Span(start.column_at, start.column_at))
        runs = list(self._runs(text, spans, direct, rtl, start.column_at))
        if start.column_break:
            runs.insert(0, node("w:r", node("w:br", type="column")))
        return node(
            "w:p",
            node(
                "w:pPr",
                val("w:pStyle", style),
                None
                if start.keep_next is None
                else node("w:keepNext", val=None if start.keep_next else 0),
                flag("w:pageBreakBefore", start.page_break),
                flag("w:bidi", rtl),
                *paragraph_properties(look, base, self.sheet),
                *extra,
            ),
            *runs,
        )

    def _runs(
        self,
        text: str,
        spans: Sequence[Span],
        direct: Sequence[Element],
        rtl: bool,
        column_at: int | None,
    ) -> Iterator[Element]:
        for part, span in pieces(text, spans):
            if span.start == column_at:
                yield node("w:r", node("w:br", type="column"))
            properties = list(direct)
            link = safe_link(span.link)
            for on, tags in ((span.bold, ("w:b", "w:bCs")), (span.italic, ("w:i", "w:iCs"))):
                if on:
                    properties = [p for p in properties if not _is(p, tags)]
                    properties += [node(tag) for tag in tags]
            if span.sup or span.sub:
                properties.append(
                    node("w:vertAlign", val="superscript" if span.sup else "subscript")
                )
            mark = self.reference(span) if span.note else ()
            if mark:
                properties = [p for p in properties if not _is(p, ("w:vertAlign",))]
                properties.append(val_style("FootnoteReference"))
            elif link:
                properties.append(val_style("Hyperlink"))
            if rtl:
                properties.append(node("w:rtl"))
            copies = [_copy(p) for p in properties]
            content = mark or text_nodes(part)
            run = node("w:r", node("w:rPr", *copies) if copies else None, *content)
            if link and not mark:
                yield node("w:hyperlink", run, r_id=self.package.link(link, self.part))
            else:
                yield run


def val_style(name: str) -> Element:
    """`w:rStyle` of a character style."""
    return node("w:rStyle", val=name)


def _mirrored(look: Look, base: Look) -> Align:
    """In a right-to-left paragraph Word's "left" is the side where lines start: the right one."""
    if look.align == base.align:
        return look.align
    mirrored: dict[Align, Align] = {"left": "right", "right": "left"}
    return mirrored.get(look.align, look.align)


def _hint_east_asian(properties: list[Element]) -> None:
    """Quotes and dashes in a Chinese paragraph of an otherwise Latin document are Chinese ones."""
    faces = next((p for p in properties if _is(p, ("w:rFonts",))), None)
    if faces is None:
        properties.append(node("w:rFonts", hint="eastAsia"))
    else:
        faces.attrib.update(node("w:rFonts", hint="eastAsia").attrib)


def _is(element: Element, tags: Sequence[str]) -> bool:
    name = str(element.tag).rpartition("}")[2]
    return f"w:{name}" in tags


def _copy(element: Element) -> Element:
    copied = node(f"w:{str(element.tag).rpartition('}')[2]}")
    copied.attrib.update(element.attrib)
    return copied
