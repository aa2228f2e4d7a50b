"""Everything that a document says as plain paragraphs, one behind the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recovery.writers.content import raw_text
from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    ListBlock,
    Span,
    Style,
    TableBlock,
    TextBlock,
    Warning,
)


def plain_document(document: Document) -> tuple[Document, list[Warning]]:
    """`document` with paragraphs only, and what was left out of it.

    Rows of tables become lines with tabs, labels of lists text. Pictures without words are left
    out; links stay.
    """
    body: list[Block] = []
    warnings: list[Warning] = []
    for block in document.body:
        paragraphs = list(_paragraphs(block))
        body += paragraphs
        if isinstance(block, FigureBlock) and not paragraphs:
            message = "a picture is left out of plain paragraphs"
            warnings.append(Warning("W_BLOCK_FALLBACK", message, "loss", block.page, block.id))
    return replace(document, body=tuple(body), style=Style()), warnings


def _paragraphs(block: Block) -> Iterator[TextBlock]:
    if isinstance(block, TextBlock):
        links = tuple(Span(s.start, s.end, link=s.link) for s in block.spans if s.link)
        yield TextBlock(
            block.id, "paragraph", block.page, block.box, block.text, spans=links, at=block.at
        )
    elif isinstance(block, ListBlock):
        for item in block.items:
            text = f"{item.label} {item.text}".strip()
            yield TextBlock(item.id, "paragraph", item.page, item.box, text, at=item.at)
    else:
        rows = raw_text(block).split("\n") if isinstance(block, TableBlock) else [raw_text(block)]
        for n, row in enumerate(rows):
            if row.strip():
                name = f"{block.id}.t{n}"
                yield TextBlock(name, "paragraph", block.page, block.box, row)
