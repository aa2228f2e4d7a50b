"""What a writer gives back, and what all writers need to know about blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    TableBlock,
    TextBlock,
    Warning,
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document in a file format.

    Attributes:
        data: The bytes of the file.
        side_files: Files that lie in the folder `<name>_assets` beside it, by plain name.
        warnings: What the format could not express.
    """

    data: bytes
    side_files: dict[str, bytes] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()


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
