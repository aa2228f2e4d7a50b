"""Paper that Word opens: pages that are too large or too small for it are scaled."""

from __future__ import annotations

from dataclasses import replace

from structure.core.document import Block, Document, ListBlock, Page, Place, TextBlock

# Word opens pages from 0.1 to 22 inches.
SMALLEST_SIDE, LARGEST_SIDE = 7.2, 1584.0


def fit_paper(document: Document) -> Document:
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
    body = tuple(_scaled(block, factors.get(block.page, 1.0)) for block in document.body)
    furniture = tuple(
        item
        if (factor := factors.get(item.page, 1.0)) == 1.0
        else replace(item, box=item.box.scaled(factor), lines=())
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


def _scaled(block: Block, factor: float) -> Block:
    """`block` at its place on the scaled page; its lines are left out, as type keeps its size."""

    def places(at: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(Place(place.page, place.box.scaled(factor)) for place in at)

    if factor == 1.0:
        return block
    box = block.box.scaled(factor)
    if isinstance(block, TextBlock):
        return replace(block, box=box, at=places(block.at))
    if isinstance(block, ListBlock):
        items = (
            replace(item, box=item.box.scaled(factor), at=places(item.at)) for item in block.items
        )
        return replace(block, box=box, items=tuple(items))
    return replace(block, box=box)
