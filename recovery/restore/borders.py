"""Lines drawn between blocks: each becomes the border of the block that is nearer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from structure.core.analysis import DrawnLine
from structure.core.document import (
    Block,
    Border,
    Furniture,
    ListBlock,
    Page,
    Place,
    Style,
    TextBlock,
)
from structure.core.geometry import Box

MOST_SPACE = 31.0
"""Points that Word keeps at most between a border and its text."""

_RUNNING = ("header", "footer", "page_number")
_COVERED, _LONGER = 0.8, 0.1
"""A line covers so much of its column, and stands out at its ends by no more than this."""
_INDENT = 0.1
"""A block set in by more of its column than this would have too short a border."""
_THINNEST, _THICKEST = 0.25, 6.0
_NEARLY_BLACK = 96
"""Ink as dark as this in all channels is black that faded."""
_INTO = 3.0
"""Points by which the box of a line of text reaches over a line below or above it."""
_AT_TOP, _LEAST_MARGIN = 3.0, 14.2
"""Text so near to the upper margin begins at it; and the least margin that printers leave."""
_FARTHEST = 60.0
"""Points beyond which a line has nothing to do with a text."""


@dataclass(frozen=True, slots=True)
class _Neighbour:
    """What stands above or below a line: its number among the blocks, None for furniture."""

    gap: float
    block: int | None


def with_borders(
    blocks: Sequence[Block],
    pages: Sequence[Page],
    drawn: Mapping[int, Sequence[DrawnLine]],
    outside: Sequence[tuple[int, Box]],
) -> list[Block]:
    """The blocks with the lines that stand between them; each line is drawn once, or not at all.

    Args:
        blocks: The body, in reading order.
        pages: With the bands that the blocks stand in.
        drawn: Of each page, by its number, in points.
        outside: Pages and boxes of what stands outside the flow, such as page headers.
    """
    result = list(blocks)
    columns = {name: band.columns for page in pages for band in page.bands for name in band.blocks}
    widths = {page.n: (page.margins.left, page.w - page.margins.right) for page in pages}
    noted = {span.note for block in blocks if isinstance(block, TextBlock) for span in block.spans}
    for n, lines in drawn.items():
        if n not in widths:
            continue
        around: list[tuple[Box, int | None]] = [
            (place.box, k) for k, block in enumerate(blocks) for place in _places(block, n)
        ]
        around += [(box, None) for page, box in outside if page == n]
        for line in lines:
            above, below = (_nearest(line.box, around, up=up) for up in (True, False))
            if below is not None and below.block is not None and blocks[below.block].id in noted:
                continue  # word processors draw the line above notes by themselves
            found = [
                (side.gap, k, name)
                for side, name in ((above, "border_below"), (below, "border_above"))
                if side is not None and side.gap <= _FARTHEST and (k := side.block) is not None
                if _takes(result[k], name, n, line.box, columns, widths[n])
            ]
            nearer = _nearer(above, below)
            if found and nearer is not None and nearer.block is not None:
                gap, k, name = min(found, key=lambda f: f[0])
                result[k] = _bordered(result[k], name, _border(line, gap))
    return _told_apart(result)


def with_running_borders(
    furniture: Sequence[Furniture],
    blocks: Sequence[Block],
    pages: Sequence[Page],
    drawn: Mapping[int, Sequence[DrawnLine]],
) -> tuple[Furniture, ...]:
    """The furniture with the lines below page headers and above page footers.

    What recurs on several pages has its line on all of them if it has it on most.
    """
    found: dict[str, Border] = {}
    for page in pages:
        around: list[tuple[Box, int | None]] = [
            (place.box, k) for k, block in enumerate(blocks) for place in _places(block, page.n)
        ]
        items = [item for item in furniture if item.page == page.n and item.type in _RUNNING]
        around += [(item.box, None) for item in items]
        x0, x1 = page.margins.left, page.w - page.margins.right
        for line in drawn.get(page.n, ()):
            covered = min(line.box.x1, x1) - max(line.box.x0, x0)
            above, below = (_nearest(line.box, around, up=up) for up in (True, False))
            side = _nearer(above, below)
            if side is None or side.block is not None or covered < _COVERED * (x1 - x0):
                continue
            head = side is above
            if side.gap > MOST_SPACE or head != (line.box.y0 < page.h / 2):
                continue
            for item in items:
                gap = line.box.y0 - item.box.y1 if head else item.box.y0 - line.box.y1
                if -_INTO < gap < side.gap + _INTO and item.asset is None:
                    found[item.id] = _border(line, side.gap)
    return tuple(replace(item, border=_of_most(item, furniture, found)) for item in furniture)


def _of_most(
    item: Furniture, furniture: Sequence[Furniture], found: Mapping[str, Border]
) -> Border | None:
    if item.group is None:
        return found.get(item.id)
    alike = [other.id for other in furniture if other.group == item.group]
    own = [found[name] for name in alike if name in found]
    return found.get(item.id, own[0]) if len(own) >= max(1, 0.5 * len(alike)) else None


def with_room(pages: Sequence[Page], blocks: Sequence[Block]) -> tuple[Page, ...]:
    """The pages with an upper margin that leaves room for a border at the top of their text."""
    return tuple(_with_room(page, blocks) for page in pages)


def _with_room(page: Page, blocks: Sequence[Block]) -> Page:
    tops = [(place.box.y0, k) for k, block in enumerate(blocks) for place in _places(block, page.n)]
    if not tops:
        return page
    first = blocks[min(tops)[1]]
    style = first.style if isinstance(first, TextBlock | ListBlock) else Style()
    border = style.border_above
    if border is None or first.page != page.n or min(tops)[0] > page.margins.top + _AT_TOP:
        return page
    top = page.margins.top - border.space - border.width
    return replace(page, margins=replace(page.margins, top=max(top, _LEAST_MARGIN)))


def _nearer(above: _Neighbour | None, below: _Neighbour | None) -> _Neighbour | None:
    sides = [side for side in (above, below) if side is not None]
    return min(sides, key=lambda side: side.gap) if sides else None


def _places(block: Block, page: int) -> list[Place]:
    if isinstance(block, ListBlock):
        own = [p for item in block.items for p in item.at or (Place(item.page, item.box),)]
        return [place for place in own if place.page == page]
    own = list(block.at) if isinstance(block, TextBlock) else []
    return [p for p in own or [Place(block.page, block.box)] if p.page == page]


def _nearest(line: Box, around: Sequence[tuple[Box, int | None]], *, up: bool) -> _Neighbour | None:
    """The nearest of all that stands over or under a line and shares width with it."""
    found = []
    for box, k in around:
        gap = line.y0 - box.y1 if up else box.y0 - line.y1
        middle = box.center[1] < line.y0 if up else box.center[1] > line.y1
        if middle and gap > -_INTO and line.overlap_x(box) > 0:
            found.append(_Neighbour(max(gap, 0.0), k))
    return min(found, key=lambda side: side.gap) if found else None


def _takes(
    block: Block,
    name: str,
    page: int,
    line: Box,
    columns: Mapping[str, Sequence[tuple[float, float]]],
    text: tuple[float, float],
) -> bool:
    """Whether a line is as wide as the column of a block that has none at this side yet."""
    if not isinstance(block, TextBlock | ListBlock) or getattr(block.style, name) is not None:
        return False
    own = block.at if isinstance(block, TextBlock) else ()
    end = own[-1 if name == "border_below" else 0].page if own else block.page
    if end != page or block.style.drop_cap:
        return False
    found = columns.get(block.id, ())
    choices = found if len(found) > 1 else (text,)
    x0, x1 = max(choices, key=lambda c: min(c[1], block.box.x1) - max(c[0], block.box.x0))
    width = max(x1 - x0, 1.0)
    covered = min(line.x1, x1) - max(line.x0, x0)
    out = max(x0 - line.x0, line.x1 - x1)
    indent = max(block.style.left_indent, 0.0)
    return covered >= _COVERED * width and out <= _LONGER * width and indent <= _INDENT * width


def _border(line: DrawnLine, gap: float) -> Border:
    width = min(max(round(8 * line.box.height) / 8, _THINNEST), _THICKEST)
    dark = max(int(line.color[i : i + 2], 16) for i in (0, 2, 4)) < _NEARLY_BLACK
    color = "000000" if dark else line.color
    return Border(width, float(min(round(gap), MOST_SPACE)), color)


def _bordered(block: Block, name: str, border: Border) -> Block:
    if not isinstance(block, TextBlock | ListBlock):
        return block
    style: Style = replace(block.style, **{name: border})  # type: ignore[arg-type]
    return replace(block, style=style)


def _told_apart(blocks: Sequence[Block]) -> list[Block]:
    """Blocks after each other whose borders are alike made to differ by a point.

    Word draws equal borders around all such paragraphs together and none between them.
    """
    result: list[Block] = []
    before: tuple[Border | None, Border | None] = (None, None)
    for block in blocks:
        if isinstance(block, TextBlock | ListBlock):
            own = block.style.border_above, block.style.border_below
            if own == before and own != (None, None):
                above, below = (
                    b and replace(b, space=b.space + (1 if b.space < MOST_SPACE else -1))
                    for b in own
                )
                style = replace(block.style, border_above=above, border_below=below)
                block = replace(block, style=style)
                own = above, below
            before = own
        else:
            before = None, None
        result.append(block)
    return result
