"""Sections of a docx file: paper, margins, columns, and which header and footer they show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recovery.writers.docx_furniture import Strip, Strips, is_above
from recovery.writers.docx_looks import StyleSheet
from recovery.writers.docx_notes import Notes
from recovery.writers.docx_package import Package
from recovery.writers.docx_spacing import bottom_slack, runs_on
from recovery.writers.docx_strips import Frame, strip_height, strip_part
from recovery.writers.flow import SNAP, Section, usable_margins
from recovery.writers.ooxml import Element, flag, node, twips, val
from structure.core.document import Document, Page

HEADER_DISTANCE = 36.0


class SectionMaker:
    """Makes `w:sectPr` elements, and the header and footer parts that they refer to."""

    def __init__(
        self,
        document: Document,
        strips: Strips,
        package: Package,
        notes: Notes,
        sheet: StyleSheet,
        sections: Sequence[Section],
        *,
        rtl: bool = False,
    ) -> None:
        """Prepare for a document; `rtl` says that it is in the mirror, where left is right."""
        later = (section for section in sections[1:] if section.new_page)
        self._after_first = next(later, None)
        self.document, self.strips, self.package = document, strips, package
        self.notes, self.sheet, self.rtl = notes, sheet, rtl
        self._run = 0  # of headers and footers, that the section before showed
        self._width: float | None = None  # of the paper that they were made for

    def make(self, section: Section, n: int) -> Element:
        """`w:sectPr` of a section, the `n`-th from 0."""
        page, columns = section.page, section.columns
        margins = usable_margins(page)
        strips = self.strips
        header_at, footer_at = strip_distances(self.document, page)
        references: list[Element] = []
        run = next((k for k, (first, _) in enumerate(strips.runs) if first == page.n), None)
        other = self._width is not None and abs(self._width - page.w) > SNAP
        if strips.runs and (n == 0 or (section.new_page and (run is not None or other))):
            self._run = self._run if run is None else run
            self._width = page.w
            name = f"default{n + 1}" if other else "default"
            pair = strips.runs[self._run][1]
            if other:  # its places are those of narrower or wider paper
                pair = strips.pages.get(page.n, pair)
            # Where the first page has its own, these stand between the margins of the next.
            shown = self._after_first if n == 0 and strips.first is not None else None
            references += self._references(
                "default", pair, shown or section, f"{name}{self._run + 1}"
            )
            if n == 0 and strips.first is not None:
                references += self._references("first", strips.first, section, "first1")
            if n == 0 and strips.even is not None:
                references += self._references("even", strips.even, section, "even1")
        sides = twips(columns.edges[0][0]), twips(page.w - columns.edges[-1][1])
        left, right = sides[::-1] if self.rtl else sides
        numbers = strips.numbers
        start = numbers.start if numbers and n == 0 and numbers.start != 1 else None
        format_ = numbers.format if numbers else None
        return node(
            "w:sectPr",
            *references,
            self.notes.section(),
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
                right=max(0, right),
                bottom=twips(margins.bottom - bottom_slack(page, running=runs_on(section))),
                left=max(0, left),
                header=twips(header_at),
                footer=twips(footer_at),
                gutter=0,
            ),
            node("w:pgNumType", fmt=format_, start=start) if start is not None or format_ else None,
            _columns_element(section),
            flag("w:titlePg", n == 0 and strips.first is not None),
            flag("w:bidi", self.rtl),
        )

    def _references(
        self, kind: str, pair: tuple[Strip, Strip], section: Section, part_name: str
    ) -> Iterator[Element]:
        frames = strip_frames(self.document, section.page, self.sheet, section.columns.edges)
        for name, root, strip, frame in zip(
            ("header", "footer"), ("hdr", "ftr"), pair, frames, strict=True
        ):
            part = f"{name}_{part_name}"
            made = strip_part(part, root, strip, frame, self.package, self.document.assets)
            yield node(f"w:{name}Reference", type=kind, r_id=self.package.add(part, name, made))


def strip_room(
    document: Document, page: Page, strips: Strips, sheet: StyleSheet
) -> tuple[float, float]:
    """How far header and footer of a page reach into it, in points; 0 for none."""
    frames = strip_frames(document, page, sheet, ())
    reach = [0.0, 0.0]
    for pair in [strips.pages[page.n]] if page.n in strips.pages else strips.all():
        for side, (strip, frame) in enumerate(zip(pair, frames, strict=True)):
            if strip.lines:
                height = strip_height(strip, frame, top=side == 0)
                reach[side] = max(reach[side], frame.at + height)
    return reach[0], reach[1]


def strip_frames(
    document: Document, page: Page, sheet: StyleSheet, columns: Sequence[tuple[float, float]]
) -> tuple[Frame, Frame]:
    """The places of header and footer over and below columns."""
    margins = usable_margins(page)
    left, right = (
        (columns[0][0], columns[-1][1]) if columns else (margins.left, page.w - margins.right)
    )
    header, footer = (
        Frame(left, right, at, page.h, sheet.named[style].size, sheet.line_height(style))
        for at, style in zip(strip_distances(document, page), ("Header", "Footer"), strict=True)
    )
    return header, footer


def strip_distances(document: Document, page: Page) -> tuple[float, float]:
    """Distance of header and footer from the paper's edge: the least on paper of this height."""
    alike = {p.n for p in document.pages if abs(p.h - page.h) <= SNAP}
    texts = [
        item
        for item in document.furniture
        if item.type in ("header", "footer", "page_number")
        and item.asset is None
        and item.page in alike
    ]
    above = [is_above(item, page) for item in texts]
    tops = [item.box.y0 for item, top in zip(texts, above, strict=True) if top]
    bottoms = [page.h - item.box.y1 for item, top in zip(texts, above, strict=True) if not top]
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
