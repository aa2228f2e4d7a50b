"""How the blocks of a document flow through Word: sections, columns, page and column breaks.

Pure planning, no XML. Rules: one band of a page is one section and neighbours with equal columns
share one; a source page starts on a new page unless a paragraph runs on into it; a column break is
asked for wherever the next block stands in the next column, unless a paragraph runs on into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from recovery.writers.docx_pictures import Wrap
from recovery.writers.joined_tables import JoinedTable
from structure.core.document import (
    Band,
    Block,
    Document,
    FigureBlock,
    ListBlock,
    Margins,
    Page,
    Place,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Box

SNAP = 3.0  # points within which two edges are meant to be the same
HEAD = 12  # letters by which the beginning of a line is found again
BESIDE = 0.3  # share of its height from which on a block stands beside a picture
STAMP = 0.1  # share of the page up to which a picture may stand behind text
LINE_BOX = 1.4  # height of a line in heights of its ink
ALOOF = 3.0  # heights of a line from which on the picture beside it did not make it end there
OVER = 0.1  # share of a picture from which on text stands over it
GUTTER = 18.0  # points kept free between columns that are widened
WIDENING = 0.2  # share of its width by which a column may grow into a wide gutter


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
        """The column that holds most of `box`; the nearest one where none holds any of it."""
        x = box.center[0]

        def fit(n: int) -> tuple[float, float]:
            x0, x1 = self.edges[n]
            return min(x1, box.x1) - max(x0, box.x0), -abs((x0 + x1) / 2 - x)

        return max(range(len(self.edges)), key=fit)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block in the flow.

    Attributes:
        column: (x0, x1) of its column in points of the page.
        starts_page: It is the first on a new page.
        page_break: It starts a page, and no section does that for it.
        column_break: It starts the next column.
        column_at: Where in its text it goes on in the next column, in the middle of a page; at the
            end of a page columns fill up by themselves.
        inset: Points by which its column is narrower than that of the section, left and right.
        wrap: A picture, or its caption, that keeps its place on the page, and how text goes around.
        place: That place where it is not the box of the block.
        gaps: Points that text keeps away from its left and right edge.
        framed: A picture or caption that keeps its place while a paragraph runs on around it.
    """

    block: Block
    column: tuple[float, float]
    starts_page: bool = False
    page_break: bool = False
    column_break: bool = False
    column_at: int | None = None
    inset: tuple[float, float] = (0.0, 0.0)
    wrap: Wrap | None = None
    place: Box | None = None
    gaps: tuple[float, float] = (0.0, 0.0)
    framed: bool = False

    @property
    def floating(self) -> bool:
        """Whether it takes no part in the flow."""
        return self.wrap is not None or self.framed


@dataclass(slots=True)
class Section:
    """Blocks that share page size, margins and columns; `page` is where it starts.

    `columns` reach to the margins that all sections of the page share; a piece in a narrower column
    knows by how much.
    """

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
    texts = _texts(document.body)
    blocks = list(_with_empty_pages(document, sorted(pages)))
    framed = _framed(blocks)
    sections: list[Section] = []
    current = min(pages)
    started = False
    waiting = (False, False)  # how a page begins whose first pieces float
    for block in blocks:
        new_page = not started or (block.page in pages and block.page > current)
        if block.page in pages and block.page > current:
            current = block.page
        page = pages[current]
        columns = _columns(page, bands.get(block.id), sections, new_page)
        forced = new_page and not (started and current in continued)
        starts_page = forced
        running = started and current in continued
        if _needs_section(
            sections, page, columns, new_page, forced, block, splits, running=running
        ):
            fits = bool(sections) and _same_paper(sections[-1].page, page, running=running)
            sections.append(Section(page, columns, forced or not fits))
            starts_page, forced = sections[-1].new_page, False
        section = sections[-1]
        piece = Piece(
            block,
            section.columns.edges[section.columns.index(block.box)],
            starts_page=starts_page or waiting[0],
            page_break=forced or waiting[1],
            framed=block.id in framed,
        )
        near = texts.get(block.page, ())
        wrap = None if piece.framed else _wrap(piece, section.columns, page, near)
        if _is_caption_of(block, section.pieces):
            wrap = "square"
        if wrap or piece.framed:
            waiting = (piece.starts_page, piece.page_break)
            piece = replace(piece, starts_page=False, page_break=False, wrap=wrap)
            if wrap == "square":
                piece = _settled(piece, section.pieces, near)
            elif wrap == "behind":
                piece = replace(piece, place=_clear_of(block.box, near))
        else:
            waiting = (False, False)
        section.pieces.append(piece)
        started = True
    if not sections:
        page = pages[current]
        sections.append(Section(page, _text_width(page), True))
    for n, section in enumerate(sections):
        inside = n + 1 < len(sections) and not sections[n + 1].new_page
        section.pieces = list(_with_column_breaks(section, inside))
    _share_margins(sections)
    return sections


def one_column(document: Document) -> Section:
    """All blocks one behind the other on the paper of the first page, without any break."""
    page = min(document.pages, key=lambda page: page.n, default=Page(1, 595.0, 842.0))
    columns = _text_width(page)
    x0, x1 = columns.edges[0]
    pieces = [Piece(_centred(block, (x0 + x1) / 2), (x0, x1)) for block in document.body]
    return Section(page, columns, True, pieces)


def _centred(block: Block, middle: float) -> Block:
    """A picture or table in the middle of its column, wherever it stood on a page with others."""
    if not isinstance(block, FigureBlock | TableBlock):
        return block
    left = middle - block.box.width / 2
    return replace(block, box=Box(left, block.box.y0, left + block.box.width, block.box.y1))


def _texts(body: Iterable[Block]) -> dict[int, list[tuple[str, Box]]]:
    """(block id, box) of everything but pictures, by page; a box for each line where known."""
    found: dict[int, list[tuple[str, Box]]] = {}
    for block in body:
        if isinstance(block, TextBlock | ListBlock | TableBlock):
            for place in places(block):
                boxes = [line.box for line in place.lines] or [place.box]
                if isinstance(block, TableBlock) and block.row_heights:
                    boxes.append(place.box)  # a signature in a drawn cell stands in the table
                found.setdefault(place.page, []).extend((block.id, box) for box in boxes)
    return found


def _wrap(
    piece: Piece, columns: Columns, page: Page, texts: Sequence[tuple[str, Box]]
) -> Wrap | None:
    """How text goes around a picture that cannot stand in the flow; None where it can.

    A stamp may stand behind text. A large picture may not: its crop shows the same text once more.
    """
    block, box = piece.block, piece.block.box
    if not isinstance(block, FigureBlock) or not box.area:
        return None
    own = [text for name, text in texts if name != block.caption]
    if sum(text.intersection(box).area for text in own) > OVER * box.area:
        return "behind" if box.area <= STAMP * page.w * page.h else None
    column = columns.index(box)
    beside = [
        text
        for text in own
        if columns.index(text) == column
        and text.overlap_y(box) > BESIDE * min(text.height, box.height)
        and text.overlap_x(box) < OVER * text.width
    ]
    if beside:
        aloof = all(_gap(text, box) > ALOOF * text.height for text in beside)
        if _turns(box, texts):
            return "behind" if aloof else "square"
        # LibreOffice counts the indent of such text from the picture, for which columns are narrow.
        level = [text for text in beside if box.y0 < text.center[1] < box.y1]
        clear = all(text.x0 >= box.x1 - text.height / 2 for text in level)
        return "behind" if level and clear and len(columns.edges) > 1 else "square"
    sticks_out = max(piece.column[0] - box.x0, box.x1 - piece.column[1])
    if sticks_out >= box.width:
        return "behind"  # it stands in the margin, in nobody's way
    if sticks_out <= 2 * SNAP:
        return None
    # Among columns it would push down the one that it comes in, wherever it stands itself.
    return "top_and_bottom" if len(columns.edges) == 1 else "square"


def _gap(text: Box, box: Box) -> float:
    """The distance in x of two boxes that stand beside each other."""
    return max(text.x0 - box.x1, box.x0 - text.x1)


def _clear_of(box: Box, texts: Sequence[tuple[str, Box]]) -> Box | None:
    """The place of a picture that text stands right of, made smaller so that it hides no letter."""
    starts = [
        text.x0 - text.height / 2
        for _, text in texts
        if box.y0 < text.center[1] < box.y1 and abs(text.x0 - box.x1) <= text.height / 2
    ]
    share = (min(starts, default=box.x1) - box.x0) / max(box.width, 1e-6)
    if not 0.5 < share < 1:
        return None
    return Box(box.x0, box.y0, box.x0 + share * box.width, box.y0 + share * box.height)


def _is_caption_of(block: Block, before: Sequence[Piece]) -> bool:
    """Whether this is the caption of a picture in one column that text runs around."""
    if not isinstance(block, TextBlock) or not block.caption_of or not before:
        return False
    owner = before[-1]
    return owner.block.id == block.caption_of and owner.wrap == "square" and owner.gaps != (0, 0)


def _settled(piece: Piece, before: Sequence[Piece], texts: Sequence[tuple[str, Box]]) -> Piece:
    """Where a picture or caption stands exactly, and how far text stays away from it."""
    block, box = piece.block, piece.block.box
    if not isinstance(block, FigureBlock):
        owner = before[-1].place or before[-1].block.box
        y0 = max(owner.y1, box.y0)
        return replace(piece, place=Box(owner.x0, y0, owner.x1, y0 + box.height))
    if block.caption is None and not _turns(box, texts):
        return piece
    beside = [text for _, text in texts if text.overlap_y(box) > BESIDE * text.height]
    # The room of most lines: a large first letter may reach into the picture.
    right = _median(t.x0 for t in beside if t.center[0] > box.x1) or box.x1
    left = _median(t.x1 for t in beside if t.center[0] < box.x0) or box.x0
    # What stands above needs its whole lines, not only the ink that it has.
    over = [
        earlier.block
        for earlier in before
        if not earlier.floating
        and earlier.block.page == block.page
        and earlier.block.box.overlap_x(box) > 0
        and earlier.block.box.center[1] < box.y0
    ]
    floor = max((b.box.y0 + LINE_BOX * b.box.height for b in over), default=box.y0)
    shrink = 1 - max(0.0, floor - box.y0) / max(box.height, 1e-6)
    if shrink < 0.5:
        shrink = 1.0
    width = shrink * box.width
    if right - box.x1 >= box.x0 - left:
        x0, gaps = box.x0, (0.0, max(0.0, right - box.x0 - width))
    else:
        x0, gaps = box.x1 - width, (max(0.0, box.x1 - width - left), 0.0)
    place = Box(x0, box.y1 - shrink * box.height, x0 + width, box.y1)
    return replace(piece, place=place, gaps=gaps)


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return median(found) if found else None


def _turns(box: Box, texts: Sequence[tuple[str, Box]]) -> bool:
    """Whether lines run on above or below a picture that others of them stand beside."""
    names = {name for name, text in texts if text.overlap_y(box) > BESIDE * text.height}
    return any(
        name in names and text.overlap_x(box) > 0.5 * box.width and not text.overlap_y(box) > 0
        for name, text in texts
    )


def _share_margins(sections: Sequence[Section]) -> None:
    """Give all sections of a page the widest margins that one of them needs.

    A section in the middle of a page that is wider than the first one loses its right edge in
    LibreOffice.
    """
    start = 0
    while start < len(sections):
        end = start + 1
        while end < len(sections) and not sections[end].new_page:
            end += 1
        run = sections[start:end]
        left = min(section.columns.edges[0][0] for section in run)
        right = max(section.columns.edges[-1][1] for section in run)
        for section in run:
            narrow = section.columns.edges
            edges = [*narrow]
            edges[0] = (left, edges[0][1])
            edges[-1] = (edges[-1][0], right)
            section.columns = replace(section.columns, edges=tuple(edges))
            section.pieces = [
                replace(piece, inset=_inset(piece.column, edges[narrow.index(piece.column)]))
                for piece in section.pieces
            ]
        start = end


def _inset(column: tuple[float, float], outer: tuple[float, float]) -> tuple[float, float]:
    return column[0] - outer[0], outer[1] - column[1]


def _needs_section(
    sections: Sequence[Section],
    page: Page,
    columns: Columns,
    new_page: bool,
    forced: bool,
    block: Block,
    splits: frozenset[int],
    *,
    running: bool,
) -> bool:
    if not sections:
        return True
    last = sections[-1]
    if not _same_paper(last.page, page, running=running) or not _same_columns(
        last.columns, columns
    ):
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


def _framed(blocks: Sequence[Block]) -> set[str]:
    """Ids of the pictures and captions that a paragraph runs on around."""
    found: set[str] = set()
    run: list[Block] = []
    for block in blocks:
        if isinstance(block, TextBlock) and len(block.at) > 1:
            under = [one for one in run if _floats_under(block, one)]
            if under and all(isinstance(one, FigureBlock | TextBlock) for one in under):
                found |= {one.id for one in under}
            run = []
        else:
            run.append(block)
    return found


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


def empty_page(number: int) -> str:
    """Id of the paragraph that stands for a page without blocks."""
    return f"p{number}.empty"


def _placeholder(page: Page) -> TextBlock:
    text = f"[Page {page.n} could not be read: {page.failure}]" if page.failure else ""
    return TextBlock(empty_page(page.n), "paragraph", page.n, Box(0.0, 0.0, 0.0, 0.0), text)


def places(block: Block) -> list[Place]:
    """Where a block stands; one place for a block that does not say more."""
    if isinstance(block, TextBlock | JoinedTable) and block.at:
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


def _same_paper(a: Page, b: Page, *, running: bool = False) -> bool:
    """Whether two pages can share a section; margins do not part what is `running` on."""
    one, two = _margins(a), _margins(a if running else b)
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


def _with_column_breaks(section: Section, inside: bool) -> Iterator[Piece]:
    """The pieces with their column breaks; `inside`: another section follows on the page."""
    before: Place | None = None
    for piece in section.pieces:
        if piece.floating:
            yield piece
            continue
        own = places(piece.block)
        if before is not None and before.page == own[0].page and not piece.page_break:
            left, right = (section.columns.index(place.box) for place in (before, own[0]))
            if left < right:
                piece = replace(piece, column_break=True)
        if inside and isinstance(piece.block, TextBlock) and len(own) == 2:
            left, right = (section.columns.index(place.box) for place in own)
            if left < right and own[0].page == own[1].page:
                piece = replace(piece, column_at=_second_place(piece.block.text, own))
        before = own[-1]
        yield piece


def _second_place(text: str, own: Sequence[Place]) -> int | None:
    """Where in a text its second place begins: at the word that the first line there begins with.

    None where that cannot be told.
    """
    first, second = ([line.text for line in place.lines] for place in own)
    if not first or not second:
        return None
    expected = sum(len(line) + 1 for line in first)
    head = second[0].strip()[:HEAD]
    at = text.find(head, max(0, expected - HEAD - len(first)))
    if not head or not 0 < at <= expected + HEAD:
        return None
    return text.rfind(" ", 0, at + 1) + 1 or None
