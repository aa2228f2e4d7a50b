"""One pass before any format sees a document: clean text, finite numbers, boxes on their page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from structure.core.document import Document, Page, Span
from structure.core.geometry import Affine, Box
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
    return _clean(replace(document, pages=pages), sizes)


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
