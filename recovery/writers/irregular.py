"""Pages that no columns of Word can hold: newspapers, posters, forms with boxes all over the page.

In a band of one column everything stands below each other. Where much of its text stands beside
other text, the page would come out several times as long as it was.
"""

from __future__ import annotations

from collections.abc import Iterable

from recovery.writers.flow import places
from structure.core.document import (
    Block,
    Document,
    ListBlock,
    Page,
    TableBlock,
    TextBlock,
    Warning,
)
from structure.core.geometry import Box

LEAST_SHARE = 0.3  # of the letters of a page that stand beside other text in one column
LEAST_LETTERS = 400  # such letters on a page; the few of a letterhead fit everywhere
LEAST_BLOCKS = 8  # such blocks on a page
BESIDE = 0.5  # share of the height of the lower of two blocks that they have in common
APART = 0.1  # share of the width of the narrower of two that they may have in common


def irregular_pages(document: Document) -> set[int]:
    """The pages whose blocks keep their places; none that a paragraph runs on from or into."""
    found = {page.n for page in document.pages if not page.failure and _irregular(page, document)}
    for block in document.body:
        own = {block.page, *(place.page for place in places(block))}
        if len(own) > 1:
            found -= own
    return found


def without_pages(document: Document, numbers: Iterable[int]) -> tuple[Block, ...]:
    """The blocks of all other pages."""
    left_out = set(numbers)
    return tuple(block for block in document.body if block.page not in left_out)


def placed_warning(page: int) -> Warning:
    """What a reader should know of such a page."""
    return Warning(
        "W_PLACED",
        f"page {page} is not set in columns: its text stands in boxes, in its place",
        page=page,
    )


def _irregular(page: Page, document: Document) -> bool:
    band_of = {name: n for n, band in enumerate(page.bands) for name in band.blocks}
    columns = [len(band.columns) for band in page.bands]
    blocks = [
        block
        for block in document.body
        if block.page == page.n
        and block.id in band_of
        and isinstance(block, TextBlock | ListBlock | TableBlock)
    ]
    letters = beside = count = 0
    for block in blocks:
        own = _letters(block)
        letters += own
        band = band_of[block.id]
        if columns[band] == 1 and not isinstance(block, TableBlock):
            others = [b.box for b in blocks if b is not block and band_of[b.id] == band]
            if any(_stand_beside(block.box, box) for box in others):
                beside += own
                count += 1
    enough = count >= LEAST_BLOCKS and beside >= LEAST_LETTERS
    return enough and beside >= LEAST_SHARE * letters


def _letters(block: TextBlock | ListBlock | TableBlock) -> int:
    if isinstance(block, TextBlock):
        return len(block.text)
    parts = block.items if isinstance(block, ListBlock) else block.cells
    return sum(len(part.text) for part in parts)


def _stand_beside(a: Box, b: Box) -> bool:
    low = BESIDE * min(a.height, b.height)
    return a.overlap_y(b) > low and a.overlap_x(b) < APART * min(a.width, b.width)
