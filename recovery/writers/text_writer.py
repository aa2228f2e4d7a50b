"""Plain text in reading order, for searching: form feeds between pages, tables in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recovery.writers.cleaning import cleaned
from recovery.writers.content import pages_of, raw_text
from recovery.writers.joined_tables import with_joined_tables
from recovery.writers.rendered import Rendered
from structure.core.document import Block, Document, ListBlock, TableBlock, TableCell
from structure.core.text import width

WIDEST_TABLE = 200  # columns of text beyond which cells are set apart by tabs only
_GAP = "  "


def render_text(document: Document) -> Rendered:
    """UTF-8 text; what stands in the upper half of the margins above its page, the rest below."""
    document = with_joined_tables(cleaned(document))
    pages = []
    for number, page, blocks in pages_of(document):
        items = [item for item in document.furniture if item.page == number]
        middle = page.h / 2 if page is not None else float("inf")
        upper = [item for item in items if item.box.center[1] < middle]
        parts = [item.text for item in upper]
        if page is not None and page.failure is not None:
            parts.append(f"[Page {number} could not be read: {page.failure}]")
        parts += [_block(block) for block in blocks]
        parts += [item.text for item in items if item not in upper]
        pages.append("\n\n".join(part for part in parts if part.strip()))
    text = "\n\f".join(pages)
    return Rendered((text + "\n" if text else "").encode("utf-8"))


def _block(block: Block) -> str:
    if isinstance(block, ListBlock):
        return "\n".join(
            f"{'  ' * item.level}{item.label} {item.text}".rstrip() for item in block.items
        )
    if isinstance(block, TableBlock) and block.cells:
        return table_text(block)
    return raw_text(block)


def table_text(block: TableBlock) -> str:
    """A table in aligned columns; wide East Asian characters count twice."""
    widths = [0] * block.cols
    for cell in block.cells:
        if cell.colspan == 1:
            widths[cell.col] = max(widths[cell.col], *map(width, cell.text.split("\n")))
    if sum(widths) + len(_GAP) * (block.cols - 1) > WIDEST_TABLE:
        return raw_text(block)
    rows: list[list[TableCell]] = [[] for _ in range(block.rows)]
    for cell in block.cells:
        rows[cell.row].append(cell)
    return "\n".join(line for row in rows for line in _row_lines(row, widths))


def _row_lines(row: Sequence[TableCell], widths: Sequence[int]) -> Iterator[str]:
    texts = [cell.text.split("\n") for cell in row]
    for n in range(max(map(len, texts), default=1)):
        line = ""
        for cell, lines in zip(row, texts, strict=True):
            room = sum(widths[: cell.col]) + len(_GAP) * cell.col - width(line)
            line += " " * room
            own = sum(widths[cell.col : cell.col + cell.colspan])
            own += len(_GAP) * (cell.colspan - 1)
            text = lines[n] if n < len(lines) else ""
            space = max(0, own - width(text))
            line += (
                " " * space + text
                if cell.align == "right"
                else " " * (space // 2) + text
                if cell.align == "center"
                else text
            )
        yield line.rstrip()
