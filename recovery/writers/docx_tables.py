"""Tables of a docx file, built straight from the grid in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from recovery.writers.content import header_rows
from recovery.writers.docx_looks import RULE, Look, StyleSheet
from recovery.writers.docx_text import Paragraphs
from recovery.writers.fitting import count_lines, widest_word
from recovery.writers.ooxml import Element, flag, node, twips, val
from structure.core.document import TableBlock, TableCell

WORD_COLUMNS = 63  # Word opens no table with more
NARROW = 1400  # twips
MOST_PADDING = 6.0  # points
TALL_CELL = 8  # lines from which on a row may be torn by a page end
_THICK, _THIN = 12, 6  # eighths of a point


def table_element(
    block: TableBlock, column: tuple[float, float], inset: float, paragraphs: Paragraphs
) -> Element:
    """`w:tbl` of a table block.

    Args:
        block: A table whose cells cover its places exactly once.
        column: (x0, x1) of the column it stands in; a wider table is scaled down.
        inset: Points by which the column of the section begins further left.
        paragraphs: Makes the paragraphs in the cells.

    Raises:
        ValueError: no cells, or more columns than Word takes.
    """
    grid = {
        (row, col): cell
        for cell in block.cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for col in range(cell.col, cell.col + cell.colspan)
    }
    if not 0 < block.cols <= WORD_COLUMNS:
        raise ValueError(f"a table of {block.cols} columns cannot be written")
    look = paragraphs.sheet.named["TableText"]
    widths = column_widths(block, column[1] - column[0], look)
    heads = header_rows(block)
    return node(
        "w:tbl",
        _properties(block, widths, column, inset, paragraphs.sheet),
        node("w:tblGrid", *(node("w:gridCol", w=width) for width in widths)),
        *(_row(block, row, grid, widths, heads, paragraphs) for row in range(block.rows)),
    )


def column_widths(block: TableBlock, available: float, look: Look) -> list[int]:
    """Width of every column in twips: as in the source, scaled down to `available` points.

    A column that would tear a word takes the room for it from those that have more than they need,
    and from what is left of `available`.
    """
    widths = list(block.col_widths)
    if len(widths) != block.cols or any(width <= 0 for width in widths):
        total = block.box.width or available
        widths = [total / block.cols] * block.cols
    scale = min(1.0, available / sum(widths)) if available > 0 else 1.0
    widths = [width * scale for width in widths]
    needed = _needed_widths(block, widths, look)
    if sum(needed) <= max(available, sum(widths)):
        widths = _with_room(widths, needed, available)
    return [max(20, twips(width)) for width in widths]


def _needed_widths(block: TableBlock, widths: Sequence[float], look: Look) -> list[float]:
    """Points that each column needs for its widest word."""
    sides = 2 * _side_margin([twips(width) for width in widths]) / 20
    needed = [sides] * block.cols
    for cell in block.cells:
        if cell.colspan == 1 and cell.text:
            bold = look.bold or cell.bold or cell.header
            word = widest_word(cell.text, look.family, bold=bold) * look.size
            needed[cell.col] = max(needed[cell.col], word + sides + 1.0)
    return needed


def _with_room(widths: Sequence[float], needed: Sequence[float], available: float) -> list[float]:
    """`widths` with at least what is `needed`, together no wider than they or `available` are."""
    lacking = [max(0.0, need - width) for width, need in zip(widths, needed, strict=True)]
    spare = [max(0.0, width - need) for width, need in zip(widths, needed, strict=True)]
    taken = max(0.0, sum(lacking) - max(0.0, available - sum(widths)))
    share = taken / sum(spare) if taken and sum(spare) else 0.0
    return [
        width + lack - share * extra
        for width, lack, extra in zip(widths, lacking, spare, strict=True)
    ]


def _properties(
    block: TableBlock,
    widths: Sequence[int],
    column: tuple[float, float],
    inset: float,
    sheet: StyleSheet,
) -> Element:
    total, room = sum(widths), twips(column[1] - column[0])
    left = twips(block.box.x0 - column[0])
    right = twips(column[1] - block.box.x1)
    centred = not inset and room - total > 120 and abs(left - right) < 0.08 * room
    pad = _padding(block, widths, sheet)
    indent = min(max(left, 0), max(room - total, 0)) if not centred else 0
    indent += twips(inset)
    return node(
        "w:tblPr",
        val("w:tblStyle", "TableGrid" if block.rules == "grid" else "TableNormal"),
        node("w:tblW", w=total, type="dxa"),
        val("w:jc", "center") if centred else None,
        node("w:tblInd", w=indent, type="dxa") if indent > 60 else None,
        _borders(block.rules),
        node("w:tblLayout", type="fixed"),
        node(
            "w:tblCellMar",
            *(node(f"w:{side}", w=pad, type="dxa") for side in ("top", "bottom")),
            *(node(f"w:{side}", w=_side_margin(widths), type="dxa") for side in ("left", "right")),
        ),
        node("w:tblLook", val="0000"),
    )


def table_height(block: TableBlock, column: tuple[float, float], sheet: StyleSheet) -> float:
    """Points that a table takes from its upper to its lower rule."""
    widths = column_widths(block, column[1] - column[0], sheet.named["TableText"])
    text = _lines(block, widths, sheet) * sheet.line_height("TableText")
    return text + block.rows * 2 * _padding(block, widths, sheet) / 20 + RULE * (block.rows + 1)


def _padding(block: TableBlock, widths: Sequence[int], sheet: StyleSheet) -> int:
    """Twips above and below the text of a cell, so that the table is as high as in the source."""
    text = _lines(block, widths, sheet) * sheet.line_height("TableText")
    spare = (block.box.height - text - RULE * (block.rows + 1)) / block.rows / 2
    return int(20 * min(max(spare, 0.0), MOST_PADDING))


def _lines(block: TableBlock, widths: Sequence[int], sheet: StyleSheet) -> int:
    """Lines of text that the rows of a table take one below the other in columns of `widths`."""
    look = sheet.named["TableText"]
    sides = 2 * _side_margin(widths)
    lines = [1] * block.rows
    for cell in block.cells:
        if cell.rowspan == 1 and cell.text:
            width = (sum(widths[cell.col : cell.col + cell.colspan]) - sides) / 20 - 2 * RULE
            taken = count_lines(cell.text, look.family, look.size, (width, width), bold=cell.bold)
            lines[cell.row] = max(lines[cell.row], taken)
    return sum(lines)


def _side_margin(widths: Sequence[int]) -> int:
    """Twips beside the text of a cell: 5 points, or 2 where narrow columns need their room."""
    return 100 if min(widths) >= NARROW else 40


def _borders(rules: str) -> Element | None:
    sides = {
        "three-line": {"top": _THICK, "bottom": _THICK},
        "horizontal": {"top": _THIN, "bottom": _THIN, "insideH": _THIN},
    }.get(rules)
    if sides is None:
        return None
    return node("w:tblBorders", *(_line(side, size) for side, size in sides.items()))


def _line(side: str, size: int) -> Element:
    return node(f"w:{side}", val="single", sz=size, space=0, color="auto")


def _row(
    block: TableBlock,
    row: int,
    grid: dict[tuple[int, int], TableCell],
    widths: Sequence[int],
    heads: int,
    paragraphs: Paragraphs,
) -> Element:
    cells = list(_row_cells(block, row, grid))
    lines = max((cell.text.count("\n") + 1 for cell in cells), default=1)
    rule_below = block.rules == "three-line" and row == heads - 1
    return node(
        "w:tr",
        node(
            "w:trPr",
            flag("w:cantSplit", lines < TALL_CELL),
            flag("w:tblHeader", row < heads < block.rows),
        ),
        *(_cell(cell, row, widths, rule_below, row < heads, paragraphs) for cell in cells),
    )


def _row_cells(
    block: TableBlock, row: int, grid: dict[tuple[int, int], TableCell]
) -> Iterator[TableCell]:
    col = 0
    while col < block.cols:
        cell = grid[row, col]
        yield cell
        col = cell.col + cell.colspan


def _cell(
    cell: TableCell,
    row: int,
    widths: Sequence[int],
    rule_below: bool,
    head: bool,
    paragraphs: Paragraphs,
) -> Element:
    first = cell.row == row
    last = cell.row + cell.rowspan - 1 == row
    return node(
        "w:tc",
        node(
            "w:tcPr",
            node("w:tcW", w=sum(widths[cell.col : cell.col + cell.colspan]), type="dxa"),
            val("w:gridSpan", cell.colspan) if cell.colspan > 1 else None,
            None if cell.rowspan == 1 else node("w:vMerge", val="restart" if first else None),
            node("w:tcBorders", _line("bottom", _THIN)) if rule_below and last else None,
            val("w:vAlign", "center") if cell.rowspan > 1 else None,
        ),
        _content(cell, head, paragraphs) if first else _empty(),
    )


def _empty() -> Element:
    return node("w:p", node("w:pPr", val("w:pStyle", "TableText")))


def _content(cell: TableCell, head: bool, paragraphs: Paragraphs) -> Element:
    bold = head or cell.header or cell.bold
    style = "TableHeading" if bold else "TableText"
    base = paragraphs.sheet.named[style]
    look = replace(base, align=cell.align) if cell.align else base
    return paragraphs.make(cell.text, style, look=look)
