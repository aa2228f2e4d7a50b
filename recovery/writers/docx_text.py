"""Paragraphs, runs and links of a docx file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from recovery.writers.content import pieces
from recovery.writers.docx_direction import against
from recovery.writers.docx_fields import FieldAt
from recovery.writers.docx_looks import Look, StyleSheet
from recovery.writers.docx_package import Package
from recovery.writers.docx_styles import paragraph_properties, run_properties
from recovery.writers.docx_uncertain import Comments, Doubt
from recovery.writers.ooxml import NAMESPACES, Element, field_runs, flag, node, text_nodes, val
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
        threshold: float | None = None,
    ) -> None:
        """Prepare for the part `word/{part}.xml`.

        `reference` gives what a run holds instead of a mark that refers to a footnote; what was
        read with less confidence than `threshold` is to be marked.
        """
        self.threshold = threshold
        self.sheet, self.package, self.part = sheet, package, part
        self.reference = reference
        self.comments: Comments | None = Comments()

    def make(
        self,
        text: str,
        style: str,
        *,
        look: Look | None = None,
        spans: Sequence[Span] = (),
        start: Start = Start(),
        extra: Iterable[Element | None] = (),
        fields: Sequence[FieldAt] = (),
        doubtful: Sequence[Doubt] = (),
        rtl: bool | None = None,
    ) -> Element:
        """A paragraph of `text` in a named style.

        Args:
            text: Cleaned text; line feeds become line breaks.
            style: Style id.
            look: What the paragraph really looks like; only what differs from the style is written.
            spans: Parts of `text` that look different or link somewhere.
            start: How it begins.
            extra: Further children of `w:pPr`.
            fields: Parts of `text` that are fields.
            doubtful: Parts of `text` that are marked as badly read.
            rtl: Whether left and right of `look` are exchanged, as around this text; None: as in
                the document.
        """
        base = self.sheet.named[style]
        look = look or base
        look = replace(
            look,
            before=base.before if start.before is None else start.before,
            after=base.after if start.after is None else start.after,
        )
        around = self.sheet.mirrored if rtl is None else rtl
        rtl = is_rtl(text, default=around)
        if rtl != around:
            look = replace(look, align=_mirrored(look, base))
        direct = run_properties(look, base, self.sheet)
        if not self.sheet.cjk and is_cjk(text):
            _hint_east_asian(direct)
        if start.column_at is not None:
            spans = (*spans, Span(start.column_at, start.column_at))
        cuts = [Span(part.start, part.end) for part in fields]
        cuts += [Span(part.start, part.end) for part in doubtful]
        foreign = against(text, rtl=rtl)
        shown = self._runs(
            text, (*spans, *cuts, *foreign), direct, (rtl, foreign), start.column_at, fields
        )
        runs = list(self._marked(shown, doubtful))
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
                flag("w:bidi", rtl) if rtl or not self.sheet.mirrored else val("w:bidi", 0),
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
        direction: tuple[bool, Sequence[Span]],
        column_at: int | None,
        fields: Sequence[FieldAt],
    ) -> Iterator[tuple[Span, Element]]:
        """The runs of a text, each with the characters that it shows.

        `direction` says whether it runs from right to left, and which parts do not as it does.
        """
        rtl, foreign = direction
        codes = {(field.start, field.end): field.code for field in fields}
        for part, span in pieces(text, spans):
            if span.start == column_at:
                yield Span(span.start, span.start), node("w:r", node("w:br", type="column"))
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
            if rtl != any(other.start <= span.start < other.end for other in foreign):
                properties.append(node("w:rtl"))
            copies = [_copy(p) for p in properties]
            shape = node("w:rPr", *copies) if copies else None
            code = codes.get((span.start, span.end))
            if code and not mark:
                yield from ((span, run) for run in field_runs(code, part, shape))
                continue
            run = node("w:r", shape, *(mark or text_nodes(part)))
            if link and not mark:
                run = node("w:hyperlink", run, r_id=self.package.link(link, self.part))
            yield span, run

    def _marked(
        self, runs: Iterable[tuple[Span, Element]], doubtful: Sequence[Doubt]
    ) -> Iterator[Element]:
        """The runs, badly read ones highlighted and with a comment that says how sure they are."""
        waiting = list(doubtful)
        number: int | None = None
        for span, run in runs:
            doubt = waiting[0] if waiting and span.start >= waiting[0].start else None
            if doubt is not None and number is None and self.comments is not None:
                number = self.comments.add(f"Confidence {doubt.conf:.2f}")
                yield node("w:commentRangeStart", id=number)
            if doubt is not None:
                _highlight(run)
            yield run
            if doubt is None or span.end < doubt.end:
                continue
            waiting.pop(0)
            if number is not None:
                yield node("w:commentRangeEnd", id=number)
                yield node("w:r", node("w:commentReference", id=number))
                number = None


def _highlight(run: Element) -> None:
    """Mark a run, or the one in a hyperlink, in yellow."""
    if str(run.tag).endswith("}hyperlink"):
        run = run[0]
    properties = run.find("w:rPr", NAMESPACES)
    kept = [] if properties is None else list(properties)
    if properties is not None:
        run.remove(properties)
    run.insert(0, node("w:rPr", *kept, val("w:highlight", "yellow")))


def val_style(name: str) -> Element:
    """`w:rStyle` of a character style."""
    return node("w:rStyle", val=name)


def _mirrored(look: Look, base: Look) -> Align:
    """In a right-to-left paragraph Word's "left" is the side where lines start: the right one.

    Text against the direction of its document begins where it begins by itself, if nothing else is
    said.
    """
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
