"""Facts of a document among its pages: where `convert` is asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from kie import FieldValue, KieExtractor, KieResult, page_of
from kie.serializing import plain
from kie.types import KiePage
from structure.core.analysis import PageAnalysis
from structure.core.document import Document, Style, TableBlock, TableCell, TextBlock, Warning
from structure.core.geometry import Box

HEADING = "Fields"
_ROW, _MARGIN = 18.0, 56.0
"""Points: the height of a row of the table, and its distance from the edges of the page."""

_TITLE_SIZE, _SIZE = 13.0, 9.0
"""Points: letters of the heading, and of the table."""


class FieldPages:
    """Keeps the words of analysed pages, and extracts fields once all have passed."""

    def __init__(self, schema: str) -> None:
        self._schema = schema
        self._pages: list[KiePage] = []

    def watch(self, analyses: Iterable[PageAnalysis]) -> Iterator[PageAnalysis]:
        """The same pages."""
        for page in analyses:
            if page.failure is None:
                inside = [line for table in page.tables for line in table.lines]
                inside += [line for picture in page.pictures for line in picture.lines]
                lines = (*page.lines, *inside)
                self._pages.append(page_of(lines, page.width, page.height, page.number))
            yield page

    def add_to(self, document: Document) -> Document:
        """The document with its facts in `fields`, and what does not fit together as warnings."""
        result = KieExtractor().extract(self._pages, self._schema)
        told = tuple(
            Warning(notice.code, notice.message, "loss" if notice.loss else "info", notice.page)
            for notice in result.warnings
        )
        return replace(document, fields=facts(result), warnings=(*document.warnings, *told))


def facts(result: KieResult) -> tuple[dict[str, Any], ...]:
    """One entry per field; pairs of keys and values where there are no fields."""
    found = [
        _fact(f"{number}. {name}" if result.parts else name, field)
        for number, part in enumerate(result.parts or (result,), start=1)
        for name, field in part.fields.items()
    ]
    if not found:
        found = [
            {"field": pair.key, "value": pair.value, "score": pair.score, "page": pair.page}
            for pair in result.pairs
        ]
    return tuple(found)


def _fact(name: str, field: FieldValue) -> dict[str, Any]:
    fact: dict[str, Any] = {"field": name, "value": plain(field.value), "raw": field.raw}
    if field.currency is not None:
        fact["currency"] = field.currency
    return fact | {
        "score": field.score,
        "accepted": field.accepted,
        "page": field.page,
        "source": field.source,
    }


def with_table(document: Document) -> Document:
    """The facts as a table behind the last page's text, for formats that people read."""
    if not document.fields or not document.pages:
        return document
    page = document.pages[-1]
    width = max(page.w - 2 * _MARGIN, 100.0)
    rows = [("Field", "Value", "Score"), *(_row(fact) for fact in document.fields)]
    below = max((block.box.y1 for block in document.body if block.page == page.n), default=_MARGIN)
    top = below + _ROW
    heading = TextBlock(
        "fields-heading",
        "heading",
        page.n,
        Box(_MARGIN, top, _MARGIN + width, top + _ROW),
        HEADING,
        level=2,
        style=Style(size=_TITLE_SIZE, bold=True),
    )
    cells = tuple(
        TableCell(f"fields-{r}-{c}", r, c, text=text, header=r == 0)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    table = TableBlock(
        "fields-table",
        page.n,
        Box(_MARGIN, top + _ROW, _MARGIN + width, top + _ROW * (len(rows) + 1)),
        len(rows),
        3,
        cells,
        header_rows=1,
        col_widths=(0.3 * width, 0.55 * width, 0.15 * width),
        style=Style(size=_SIZE),
    )
    return replace(document, body=(*document.body, heading, table))


def _row(fact: dict[str, Any]) -> tuple[str, str, str]:
    value = " ".join(str(part) for part in (fact["value"], fact.get("currency")) if part)
    score = fact["score"]
    return fact["field"].replace("_", " "), value, "" if score is None else f"{score:.0%}"
