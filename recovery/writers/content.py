"""What all writers need to know about the content of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    Page,
    Span,
    TableBlock,
    TextBlock,
)

_TELLING = 0.5
"""Share of letters in an alternative text that says something."""
_NOTE_MARK = re.compile(r"^\s*(?:\d{1,3}|[*\u2020\u2021\u00a7\u00b6]+|[\u2460-\u2473])[.)]?\s*")


def raw_text(block: Block) -> str:
    """All text of a block, line by line, without any form: what is left when nothing else works."""
    if isinstance(block, TextBlock):
        return block.text
    if isinstance(block, ListBlock):
        return "\n".join(f"{item.label} {item.text}".strip() for item in block.items)
    if isinstance(block, TableBlock):
        rows: dict[int, list[str]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(cell.text.replace("\n", " "))
        if rows:
            return "\n".join("\t".join(texts) for _, texts in sorted(rows.items()))
        return "\n".join(line.text for line in block.lines)
    if isinstance(block, FormulaBlock):
        text = block.text or block.latex or " ".join(line.text for line in block.lines)
        return f"{text}  {block.number}" if block.number else text
    return figure_text(block)


def figure_text(block: FigureBlock) -> str:
    """What can be said about a picture in words: its alternative text, else the text inside it."""
    return block.alt or " ".join(line.text for line in block.lines)


def alt_text(block: FigureBlock) -> str:
    """Alternative text of a picture: nothing where it would be the figures along an axis."""
    text = figure_text(block)
    letters = sum(char.isalpha() for char in text)
    return text if letters >= _TELLING * len("".join(text.split())) else ""


def note_numbers(document: Document) -> dict[str, int]:
    """Number of every footnote block that some mark refers to, in the order of the blocks."""
    spans = [
        span
        for block in document.body
        for owner in (block.items if isinstance(block, ListBlock) else (block,))
        for span in getattr(owner, "spans", ())
    ]
    wanted = {span.note for span in spans if span.note}
    notes = [block.id for block in document.body if block.id in wanted]
    return {name: n for n, name in enumerate(notes, start=1)}


def without_mark(text: str) -> str:
    """The text of a footnote without the mark in front."""
    return _NOTE_MARK.sub("", text, count=1)


def title_of(document: Document) -> str:
    """The title block, else the first heading, else the name of the source."""
    for kind in ("title", "heading"):
        for block in document.body:
            if block.type == kind and isinstance(block, TextBlock) and block.text.strip():
                return " ".join(block.text.split())[:200]
    return document.source.name


def header_rows(block: TableBlock) -> int:
    """Number of leading rows that are header: as stated, else those whose own cells all are."""
    if block.header_rows:
        return max(0, min(block.header_rows, block.rows))
    heads = {cell.row for cell in block.cells if cell.header}
    plain = {cell.row for cell in block.cells if not cell.header}
    count = 0
    while count in heads and count not in plain:
        count += 1
    return count


def text_lines(block: TableBlock) -> int:
    """Lines of text that the rows of a table take one below the other."""
    lines = [1] * block.rows
    for cell in block.cells:
        if cell.rowspan == 1:
            lines[cell.row] = max(lines[cell.row], cell.text.count("\n") + 1)
    return sum(lines)


def pages_of(document: Document) -> Iterator[tuple[int, Page | None, list[Block]]]:
    """(number, page, its blocks): every page and every block once, blocks in reading order."""
    waiting = sorted(document.pages, key=lambda page: page.n)
    pages = {page.n: page for page in waiting}
    current: list[Block] = []
    number: int | None = None
    for block in document.body:
        if number is None or block.page > number:
            if number is not None:
                yield number, pages.get(number), current
            while waiting and waiting[0].n < block.page:
                page = waiting.pop(0)
                if number is None or page.n > number:
                    yield page.n, page, []
            number, current = block.page, []
        current.append(block)
    if number is not None:
        yield number, pages.get(number), current
    for page in waiting:
        if number is None or page.n > number:
            yield page.n, page, []


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    """`text` cut where the formatting changes, each part with all that holds for it."""
    cuts = sorted({0, len(text), *(s.start for s in spans), *(s.end for s in spans)})
    cuts = [cut for cut in cuts if 0 <= cut <= len(text)]
    for start, end in pairwise(cuts):
        over = [span for span in spans if span.start <= start and span.end >= end]
        yield (
            text[start:end],
            Span(
                start,
                end,
                bold=any(span.bold for span in over),
                italic=any(span.italic for span in over),
                sup=any(span.sup for span in over),
                sub=any(span.sub for span in over),
                link=next((span.link for span in over if span.link), None),
                note=next((span.note for span in over if span.note), None),
            ),
        )
