"""Tables that go on on the next page, made one again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from structure.core.document import Block, Document, Page, Place, TableBlock, TextBlock

SAME_PAPER = 3.0
"""Points by which pages may differ that one table runs over."""
SAME_WIDTH = 0.15
"""Share of the wider one by which the widths of two parts of a table may differ."""


@dataclass(frozen=True, slots=True)
class JoinedTable(TableBlock):
    """A table of several pages.

    Attributes:
        at: Its place on each of them.
        starts: The first row on each of them.
    """

    at: tuple[Place, ...] = ()
    starts: tuple[int, ...] = ()


def with_joined_tables(document: Document) -> Document:
    """`document` with every table that goes on from another as rows of that one.

    Parts stay apart where something else stands between them, where the later one has a header of
    its own, or where the paper is turned in between: no table runs on like that.
    """
    pages = {page.n: page for page in document.pages}
    body: list[Block] = []
    last = ""  # id of the last part of the table that may still go on
    at = 0  # where that table is in `body`
    for block in document.body:
        upper = body[at] if last else None
        if (
            isinstance(block, TableBlock)
            and isinstance(upper, TableBlock)
            and block.continued_from == last
            and _fits(upper, block, pages)
        ):
            body[at] = _joined(upper, block)
            last = block.id
            continue
        body.append(block)
        if isinstance(block, TableBlock) and block.cells:
            last, at = block.id, len(body) - 1
        elif not (isinstance(block, TextBlock) and block.type == "footnote"):
            last = ""
    return document if len(body) == len(document.body) else replace(document, body=tuple(body))


def parts_of(block: TableBlock) -> tuple[tuple[int, int], ...]:
    """(first row, row behind the last) of a table on each of its pages."""
    if not isinstance(block, JoinedTable):
        return ((0, block.rows),)
    return tuple(zip(block.starts, (*block.starts[1:], block.rows), strict=True))


def _fits(upper: TableBlock, lower: TableBlock, pages: dict[int, Page]) -> bool:
    one, two = pages.get(upper.page), pages.get(lower.page)
    wide = max(upper.box.width, lower.box.width)
    return (
        upper.cols == lower.cols
        and bool(lower.cells)
        and not lower.header_rows
        and lower.page > upper.page
        and abs(upper.box.width - lower.box.width) <= SAME_WIDTH * wide
        and (one is None or two is None or _same_paper((one, two)))
    )


def _same_paper(pages: Iterable[Page]) -> bool:
    one, two = pages
    return abs(one.w - two.w) <= SAME_PAPER and abs(one.h - two.h) <= SAME_PAPER


def _joined(upper: TableBlock, lower: TableBlock) -> JoinedTable:
    at: tuple[Place, ...] = (Place(upper.page, upper.box, upper.lines),)
    starts: tuple[int, ...] = (0,)
    if isinstance(upper, JoinedTable):
        at, starts = upper.at, upper.starts
    moved = tuple(replace(cell, row=cell.row + upper.rows) for cell in lower.cells)
    heights = _heights(upper) + _heights(lower)
    values = {name: getattr(upper, name) for name in TableBlock.__dataclass_fields__}
    values |= {
        "rows": upper.rows + lower.rows,
        "cells": upper.cells + moved,
        "row_heights": heights if len(heights) == upper.rows + lower.rows else (),
        "lines": upper.lines + lower.lines,
        "needs_review": upper.needs_review or lower.needs_review,
        "conf": min((c for c in (upper.conf, lower.conf) if c is not None), default=None),
    }
    at = (*at, Place(lower.page, lower.box, lower.lines))
    return JoinedTable(**values, at=at, starts=(*starts, upper.rows))


def _heights(block: TableBlock) -> tuple[float, ...]:
    return block.row_heights if len(block.row_heights) == block.rows else ()
