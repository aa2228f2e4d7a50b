"""How the blocks of a document flow through Word: sections, columns, page and column breaks.

Pure planning, no XML. Rules: one band of a page is one section and neighbours with equal columns
share one; a source page starts on a new page unless a paragraph runs on into it; a column break is
asked for only where Word's own balancing would fill the columns otherwise than the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from structure.core.document import (
    Band,
    Block,
    Document,
    ListBlock,
    Margins,
    Page,
    Place,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Box

SNAP = 3.0  # points within which two edges are meant to be the same
UNEVEN_LINES = 3.0  # lines by which column ends must differ before a break is forced
GUTTER = 18.0  # points kept free between columns that are widened
WIDENING = 0.2  # share of its width by which a column may grow into a wide gutter
PITCH = 13.0  # points from line to line where the document does not say


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a section: (x0, x1) of each on the page; `rule`: a line stands between them."""

    edges: tuple[tuple[float, float], ...]
    rule: bool = False

    @property
    def widths(self) -> list[float]:
        """Width of each column in points."""
        return [x1 - x0 for x0, x1 in self.edges]

    @property
    def gaps(self) -> list[float]:
        """Distance of each column to the next in points; one fewer than columns."""
        return [b[0] - a[1] for a, b in pairwise(self.edges)]

    @property
    def equal(self) -> bool:
        """Whether all columns and all gaps have one width."""
        return all(
            max(values) - min(values) <= SNAP for values in (self.widths, self.gaps) if values
        )

    def index(self, box: Box) -> int:
        """The column whose middle is nearest to that of `box`."""
        x = box.center[0]
        return min(range(len(self.edges)), key=lambda n: abs(sum(self.edges[n]) / 2 - x))


@dataclass(frozen=True, slots=True)
class Piece:
    """A block in the flow.

    Attributes:
        column: (x0, x1) of its column in points of the page.
        starts_page: It is the first on a new page.
        page_break: It starts a page, and no section does that for it.
        leads_columns: It is the first in a section of several columns in the middle of a page.
        column_break: It starts the next column.
        top_gap: Points between the upper margin and it, where it is the first of its page, else 0.
    """

    block: Block
    column: tuple[float, float]
    starts_page: bool = False
    page_break: bool = False
    leads_columns: bool = False
    column_break: bool = False
    top_gap: float = 0.0


@dataclass(slots=True)
class Section:
    """Blocks that share page size, margins and columns; `page` is where it starts."""

    page: Page
    columns: Columns
    new_page: bool
    pieces: list[Piece] = field(default_factory=list)


def plan(document: Document, split_before: Iterable[int] = ()) -> list[Section]:
    """Every block of the body once, in order, in sections; at least one section.

    Pages without any block get an empty paragraph, or one that says why the page could not be read,
    so that page numbers never shift.

    Args:
        document: A cleaned document.
        split_before: Pages that must start a section of their own (another page header).
    """
    splits = frozenset(split_before)
    pages = {page.n: page for page in document.pages} or {1: Page(n=1, w=595.0, h=842.0)}
    bands = {name: band for page in pages.values() for band in page.bands for name in band.blocks}
    failed = {page.n for page in document.pages if page.failure}
    continued = {n for b in document.body for n in _pages_of(b) if n > b.page} - failed
    pitch = document.style.pitch or PITCH
    sections: list[Section] = []
    current = min(pages)
    started = False
    for block in _with_empty_pages(document, sorted(pages)):
        new_page = not started or (block.page in pages and block.page > current)
        if block.page in pages and block.page > current:
            current = block.page
        page = pages[current]
        columns = _columns(page, bands.get(block.id), sections, new_page)
        forced = new_page and not (started and current in continued)
        starts_page = forced
        if _needs_section(sections, page, columns, new_page, forced, block, splits):
            fits = bool(sections) and _same_paper(sections[-1].page, page)
            sections.append(Section(page, columns, forced or not fits))
            starts_page, forced = sections[-1].new_page, False
        section = sections[-1]
        gap = block.box.y0 - page.margins.top if new_page and block.box.height else 0.0
        section.pieces.append(
            Piece(
                block,
                section.columns.edges[section.columns.index(block.box)],
                starts_page=starts_page,
                page_break=forced,
                leads_columns=len(section.columns.edges) > 1
                and not section.new_page
                and not section.pieces,
                top_gap=max(0.0, gap),
            )
        )
        started = True
    if not sections:
        page = pages[current]
        sections.append(Section(page, _text_width(page), True))
    for n, section in enumerate(sections):
        ends_page = n + 1 == len(sections) or sections[n + 1].new_page
        section.pieces = list(_with_column_breaks(section, pages, ends_page, pitch))
    return sections


def _needs_section(
    sections: Sequence[Section],
    page: Page,
    columns: Columns,
    new_page: bool,
    forced: bool,
    block: Block,
    splits: frozenset[int],
) -> bool:
    if not sections:
        return True
    last = sections[-1]
    if not _same_paper(last.page, page) or not _same_columns(last.columns, columns):
        return True
    # A table has no paragraph of its own that could carry the page break.
    return (new_page and page.n in splits) or (forced and isinstance(block, TableBlock))


def _with_empty_pages(document: Document, numbers: Sequence[int]) -> Iterator[Block]:
    filled = {n for block in document.body for n in _pages_of(block)}
    empty = [page for page in document.pages if page.failure or page.n not in filled]
    waiting = sorted(empty, key=lambda page: page.n)
    for block in _floats_first(document.body):
        while waiting and waiting[0].n < block.page and block.page in numbers:
            yield _placeholder(waiting.pop(0))
        yield block
    for page in waiting:
        yield _placeholder(page)


def _floats_first(body: Sequence[Block]) -> list[Block]:
    """`body` with pictures and tables before the paragraph that runs on around them.

    Where a paragraph breaks off above a picture and goes on in the next column, the picture would
    be pushed behind all of it; before it, both keep their column.
    """
    result: list[Block] = []
    waiting: TextBlock | None = None
    for block in body:
        if waiting is not None and _floats_under(waiting, block):
            result.append(block)
            continue
        if waiting is not None:
            result.append(waiting)
            waiting = None
        if isinstance(block, TextBlock) and len(block.at) > 1:
            waiting = block
        else:
            result.append(block)
    return result if waiting is None else [*result, waiting]


def _floats_under(running: TextBlock, block: Block) -> bool:
    """Whether `block` is a picture, table or caption below the first part of a paragraph."""
    if isinstance(block, ListBlock) or (isinstance(block, TextBlock) and not block.caption_of):
        return False
    first = running.at[0]
    return (
        block.page == first.page
        and block.box.y0 >= first.box.y1 - SNAP
        and block.box.overlap_x(first.box) > 0.5 * min(block.box.width, first.box.width)
    )


def _placeholder(page: Page) -> TextBlock:
    text = f"[Page {page.n} could not be read: {page.failure}]" if page.failure else ""
    return TextBlock(f"p{page.n}.empty", "paragraph", page.n, Box(0.0, 0.0, 0.0, 0.0), text)


def places(block: Block) -> list[Place]:
    """Where a block stands; one place for a block that does not say more."""
    if isinstance(block, TextBlock) and block.at:
        return list(block.at)
    if isinstance(block, ListBlock) and block.items:
        return [
            place for item in block.items for place in (item.at or (Place(item.page, item.box),))
        ]
    return [Place(block.page, block.box)]


def _pages_of(block: Block) -> set[int]:
    return {block.page, *(place.page for place in places(block))}


def _columns(page: Page, band: Band | None, sections: Sequence[Section], new_page: bool) -> Columns:
    if band is None:
        # A block that no band names goes on where the one before it stood.
        return sections[-1].columns if sections and not new_page else _text_width(page)
    edges = sorted(edge for edge in band.columns if edge[1] - edge[0] > SNAP)
    if len(edges) < 2 or any(b[0] < a[1] for a, b in pairwise(edges)):
        return _text_width(page)
    margins = _margins(page)
    # Ragged text rarely reaches the end of its column, and other fonts run wider: use some of a
    # wide gutter. Columns of running text have narrow ones and stay as they are.
    for n, (x0, x1) in enumerate(edges):
        end = edges[n + 1][0] if n + 1 < len(edges) else page.w - margins.right + GUTTER
        if end - x1 > 2 * GUTTER:
            edges[n] = (x0, min(end - GUTTER, x1 + WIDENING * (x1 - x0)))
    # Outer edges that miss the margin by a hair mean the margin.
    if abs(edges[0][0] - margins.left) <= 2 * SNAP:
        edges[0] = (margins.left, edges[0][1])
    if abs(edges[-1][1] - (page.w - margins.right)) <= 2 * SNAP:
        edges[-1] = (edges[-1][0], page.w - margins.right)
    return Columns(tuple(edges), band.rule)


def _text_width(page: Page) -> Columns:
    margins = _margins(page)
    return Columns(((margins.left, page.w - margins.right),))


def _margins(page: Page) -> Margins:
    """The margins of a page, or a tenth of the page where they leave no room for text."""
    m = page.margins
    fits_x = m.left >= 0 and m.right >= 0 and page.w - m.left - m.right >= page.w / 5
    fits_y = m.top >= 0 and m.bottom >= 0 and page.h - m.top - m.bottom >= page.h / 5
    return replace(
        m,
        left=m.left if fits_x else page.w / 10,
        right=m.right if fits_x else page.w / 10,
        top=m.top if fits_y else page.h / 10,
        bottom=m.bottom if fits_y else page.h / 10,
    )


def usable_margins(page: Page) -> Margins:
    """The margins that a section of this page gets."""
    return _margins(page)


def _same_paper(a: Page, b: Page) -> bool:
    one, two = _margins(a), _margins(b)
    return all(
        abs(x - y) <= SNAP
        for x, y in (
            (a.w, b.w),
            (a.h, b.h),
            (one.left, two.left),
            (one.right, two.right),
            (one.top, two.top),
            (one.bottom, two.bottom),
        )
    )


def _same_columns(a: Columns, b: Columns) -> bool:
    return (
        a.rule == b.rule
        and len(a.edges) == len(b.edges)
        and all(
            abs(x - y) <= 2 * SNAP
            for one, two in zip(a.edges, b.edges, strict=True)
            for x, y in zip(one, two, strict=True)
        )
    )


def _with_column_breaks(
    section: Section, pages: dict[int, Page], ends_page: bool, pitch: float
) -> Iterator[Piece]:
    if len(section.columns.edges) < 2:
        yield from section.pieces
        return
    ends = _column_ends(section)
    last_page = max((piece.block.page for piece in section.pieces), default=0)
    before: Place | None = None
    for piece in section.pieces:
        first = places(piece.block)[0]
        if before is not None and before.page == first.page and not piece.page_break:
            left, right = (section.columns.index(place.box) for place in (before, first))
            page = pages.get(first.page, section.page)
            floor = page.h - _margins(page).bottom if ends_page or first.page < last_page else None
            if left < right and _uneven(ends[first.page], left, right, floor, pitch):
                piece = replace(piece, column_break=True)
        before = places(piece.block)[-1]
        yield piece


def _column_ends(section: Section) -> dict[int, dict[int, float]]:
    """The lower end of each column, by page."""
    ends: dict[int, dict[int, float]] = {}
    for piece in section.pieces:
        for place in places(piece.block):
            by_column = ends.setdefault(place.page, {})
            column = section.columns.index(place.box)
            by_column[column] = max(by_column.get(column, 0.0), place.box.y1)
    return ends


def _uneven(
    ends: dict[int, float], left: int, right: int, floor: float | None, pitch: float
) -> bool:
    """Whether Word would fill these columns otherwise; `floor` is where the page ends."""
    slack = UNEVEN_LINES * pitch
    if floor is not None:
        # Without a following section on the page nothing is balanced: a column is filled down to
        # the margin.
        return ends[left] < floor - slack
    return abs(ends[left] - ends[right]) > slack
