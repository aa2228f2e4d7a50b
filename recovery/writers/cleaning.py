"""One pass before any format sees a document: clean text, finite numbers, boxes on their page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from structure.core.document import Document, Page, Span, TableBlock, TableCell
from structure.core.geometry import Affine, Box
from structure.core.grid import MAX_PLACES
from structure.core.text import clean

T = TypeVar("T")


def cleaned(document: Document) -> Document:
    """`document` with text that every format can hold, finite numbers, and boxes inside their page.

    Spans move with their text; those that end up empty vanish. Pages keep a size of at least one
    point, so that no writer has to think about a page without area. What is clean already is
    returned as it is.
    """
    pages = tuple(_clean(_with_area(page), {}) for page in document.pages)
    sizes = {page.n: (page.w, page.h) for page in pages}
    body = tuple(
        tiled(block) if isinstance(block, TableBlock) else block for block in document.body
    )
    return _clean(replace(document, pages=pages, body=body), sizes)


def tiled(table: TableBlock) -> TableBlock:
    """`table` with cells that cover its places exactly once, as promised; texts are all kept.

    Spans are clipped to free places, holes are filled with empty cells. A cell whose place is taken
    adds its text to the cell there. Cells outside make the table larger; one of more places than
    `MAX_PLACES` becomes one column.
    """
    if not table.cells:
        return table if (table.rows, table.cols) == (0, 0) else replace(table, rows=0, cols=0)
    cells = table.cells
    cols = max(table.cols, *(cell.col + 1 for cell in cells), 1)
    rows = max(table.rows, *(cell.row + 1 for cell in cells), 1)
    if rows * cols > MAX_PLACES or min(min(cell.row, cell.col) for cell in cells) < 0:
        kept = cells[:MAX_PLACES]
        column = tuple(replace(c, row=n, col=0, rowspan=1, colspan=1) for n, c in enumerate(kept))
        return replace(table, cells=column, rows=len(column), cols=1, col_widths=())
    taken: dict[tuple[int, int], int] = {}
    placed: list[TableCell] = []
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.col)):
        at = taken.get((cell.row, cell.col))
        if at is not None:
            text = "\n".join(part for part in (placed[at].text, cell.text) if part)
            placed[at] = replace(placed[at], text=text)
            continue
        fitted = _fitted(cell, rows, cols, taken)
        for row in range(fitted.row, fitted.row + fitted.rowspan):
            for col in range(fitted.col, fitted.col + fitted.colspan):
                taken[row, col] = len(placed)
        placed.append(fitted)
    placed += [
        TableCell(f"{table.id}.r{row}c{col}", row, col)
        for row in range(rows)
        for col in range(cols)
        if (row, col) not in taken
    ]
    ordered = tuple(sorted(placed, key=lambda cell: (cell.row, cell.col)))
    if ordered == cells and (rows, cols) == (table.rows, table.cols):
        return table
    return replace(table, cells=ordered, rows=rows, cols=cols)


def _fitted(
    cell: TableCell, rows: int, cols: int, taken: Mapping[tuple[int, int], int]
) -> TableCell:
    """`cell` with its spans clipped to the table and to free places."""
    wide = 1
    while wide < min(cell.colspan, cols - cell.col) and (cell.row, cell.col + wide) not in taken:
        wide += 1
    high = 1
    while high < min(cell.rowspan, rows - cell.row) and all(
        (cell.row + high, cell.col + c) not in taken for c in range(wide)
    ):
        high += 1
    if (high, wide) == (cell.rowspan, cell.colspan):
        return cell
    return replace(cell, rowspan=high, colspan=wide)


def _with_area(page: Page) -> Page:
    def side(value: float, usual: float) -> float:
        return value if math.isfinite(value) and value >= 1.0 else usual

    w, h = side(page.w, 595.0), side(page.h, 842.0)
    return page if (w, h) == (page.w, page.h) else replace(page, w=w, h=h)


def _clean(
    value: T, sizes: Mapping[int, tuple[float, float]], page: tuple[float, float] | None = None
) -> T:
    """`value` cleaned in depth; `page` is the size of the page on which its boxes lie."""
    return cast(T, _clean_any(value, sizes, page))


def _clean_any(
    value: Any, sizes: Mapping[int, tuple[float, float]], page: tuple[float, float] | None
) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool | int | bytes) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else 0.0
    if isinstance(value, Box):
        return _clean_box(value, page)
    if isinstance(value, Affine):
        return value if all(map(math.isfinite, value.as_tuple())) else Affine()
    if is_dataclass(value) and not isinstance(value, type):
        return _clean_dataclass(value, sizes, page)
    if isinstance(value, Mapping):
        return {
            _clean_any(key, sizes, page): _clean_any(part, sizes, page)
            for key, part in value.items()
        }
    if isinstance(value, tuple | list):
        return type(value)(_clean_any(part, sizes, page) for part in value)
    return clean(str(value))


def _clean_dataclass(
    value: Any, sizes: Mapping[int, tuple[float, float]], page: tuple[float, float] | None
) -> Any:
    page = sizes.get(getattr(value, "page", None) or 0, page)
    changed: dict[str, Any] = {}
    for item in fields(value):
        before = getattr(value, item.name)
        after = _clean_any(before, sizes, page)
        if isinstance(before, float) and not math.isfinite(before) and item.default is None:
            after = None
        if item.name == "spans":
            after = _moved(after, value.text)
        if after is not before and (after != before or before != before):
            changed[item.name] = after
    return replace(value, **changed) if changed else value


def _moved(spans: tuple[Span, ...], text: str) -> tuple[Span, ...]:
    """`spans` of `text` as spans of its cleaned form."""
    length = len(clean(text))
    plain = length == len(text)

    def place(offset: int) -> int:
        offset = min(max(offset, 0), len(text))
        return offset if plain else len(clean(text[:offset]))

    moved = [replace(span, start=place(span.start), end=place(span.end)) for span in spans]
    return tuple(span for span in moved if span.start < span.end)


def _clean_box(box: Box, page: tuple[float, float] | None) -> Box:
    x0, y0, x1, y1 = (v if math.isfinite(v) else 0.0 for v in box.as_tuple())
    ordered = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return ordered.clipped(*page) if page is not None else ordered
