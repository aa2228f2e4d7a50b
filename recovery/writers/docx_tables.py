"""Tables of a docx file, built straight from the grid in one pass."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recovery.direction import table_rtl
from recovery.writers.content import header_rows
from recovery.writers.docx_looks import MIN_SIZE, RULE, StyleSheet
from recovery.writers.docx_text import Paragraphs
from recovery.writers.docx_uncertain import Doubt
from recovery.writers.fitting import Squeeze, count_lines, widest_word
from recovery.writers.flow import places
from recovery.writers.joined_tables import parts_of
from recovery.writers.ooxml import Element, flag, node, twips, val
from structure.core.document import TableBlock, TableCell

WORD_COLUMNS = 63  # Word opens no table with more
NARROW = 1400  # twips
MOST_PADDING = 6.0  # points
DRAWN_PADDING = 3.0  # points; forms have labels close under the rules of high rows
TALL_CELL = 8  # lines from which on a row may be torn by a page end
_THICK, _THIN = 12, 6  # eighths of a point
_COLOUR = re.compile("[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class _Setting:
    """A table and how it is set: column widths in twips, header rows, who draws the rules.

    Attributes:
        rtl: Whether its first column is the right one.
    """

    block: TableBlock
    widths: Sequence[int]
    heads: int
    draws_cells: bool
    paragraphs: Paragraphs
    rtl: bool


def squeezed(block: TableBlock, squeeze: Squeeze, sheet: StyleSheet) -> TableBlock:
    """A table with lower rows and in smaller type, in halves of a point."""
    heights = tuple(squeeze.space * height for height in block.row_heights)
    cells = block.cells
    if squeeze.cells < 1.0:
        usual = sheet.named["TableText"].size
        cells = tuple(
            replace(c, size=max(MIN_SIZE, math.floor(2 * squeeze.cells * (c.size or usual)) / 2))
            for c in cells
        )
    return replace(block, cells=cells, row_heights=heights)


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
    widths = column_widths(block, column[1] - column[0], paragraphs.sheet)
    rtl = table_rtl(block, paragraphs.sheet.rtl)
    setting = _Setting(block, widths, header_rows(block), _draws_cells(block), paragraphs, rtl)
    return node(
        "w:tbl",
        _properties(setting, column, inset),
        node("w:tblGrid", *(node("w:gridCol", w=width) for width in widths)),
        *(_row(setting, row, grid) for row in range(block.rows)),
    )


def column_widths(block: TableBlock, available: float, sheet: StyleSheet) -> list[int]:
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
    needed = _needed_widths(block, widths, sheet)
    if sum(needed) <= max(available, sum(widths)):
        widths = _with_room(widths, needed, available)
    return [max(20, twips(width)) for width in widths]


def _needed_widths(block: TableBlock, widths: Sequence[float], sheet: StyleSheet) -> list[float]:
    """Points that each column needs for its widest word."""
    look = sheet.named["TableText"]
    stretch = sheet.stretch_of(look.face)
    sides = 2 * _side_margin([twips(width) for width in widths]) / 20
    needed = [sides] * block.cols
    for cell in block.cells:
        if cell.colspan == 1 and cell.text:
            bold = look.bold or cell.bold or cell.header
            size = stretch * (cell.size or look.size)
            word = widest_word(cell.text, look.face, bold=bold) * size
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


def _properties(setting: _Setting, column: tuple[float, float], inset: float) -> Element:
    block, widths = setting.block, setting.widths
    total, room = sum(widths), twips(column[1] - column[0])
    left = twips(block.box.x0 - column[0])
    right = twips(column[1] - block.box.x1)
    if setting.rtl != setting.paragraphs.sheet.mirrored:
        left, right = right, left
    centred = not inset and room - total > 120 and abs(left - right) < 0.08 * room
    pad = _padding(block, widths, setting.paragraphs.sheet)
    indent = min(max(left, 0), max(room - total, 0)) if not centred else 0
    indent += twips(inset)
    grid = block.rules == "grid" and not setting.draws_cells
    return node(
        "w:tblPr",
        val("w:tblStyle", "TableGrid" if grid else "TableNormal"),
        flag("w:bidiVisual", setting.rtl),
        node("w:tblW", w=total, type="dxa"),
        val("w:jc", "center") if centred else None,
        node("w:tblInd", w=indent, type="dxa") if indent > 60 else None,
        None if setting.draws_cells else _borders(block.rules),
        node("w:tblLayout", type="fixed"),
        node(
            "w:tblCellMar",
            *(node(f"w:{side}", w=pad, type="dxa") for side in ("top", "bottom")),
            *(node(f"w:{side}", w=_side_margin(widths), type="dxa") for side in ("left", "right")),
        ),
        node("w:tblLook", val="0000"),
    )


def table_height(
    block: TableBlock, column: tuple[float, float], sheet: StyleSheet, part: int = 0
) -> float:
    """Points that one part of a table takes on its page, from its upper to its lower rule."""
    widths = column_widths(block, column[1] - column[0], sheet)
    heights = _row_heights(block, widths, sheet)
    start, end = parts_of(block)[part]
    own = heights[start:end] + (heights[: header_rows(block)] if part else [])
    rules = 0.0 if _has_heights(block) else RULE * (len(own) + 1)  # drawn heights hold them
    return sum(own) + rules


def _row_heights(block: TableBlock, widths: Sequence[int], sheet: StyleSheet) -> list[float]:
    """Points that each row takes without its rules."""
    pads = 2 * _padding(block, widths, sheet) / 20
    line = sheet.line_height("TableText")
    heights = [lines * line + pads for lines in _lines(block, widths, sheet)]
    if not _has_heights(block):
        return heights
    return [max(own, drawn) for own, drawn in zip(heights, block.row_heights, strict=True)]


def _has_heights(block: TableBlock) -> bool:
    return len(block.row_heights) == block.rows and min(block.row_heights, default=0.0) > 0


def _padding(block: TableBlock, widths: Sequence[int], sheet: StyleSheet) -> int:
    """Twips above and below the text of a cell, so that the table is as high as in the source.

    Where the height of each row is known, that is what even the tightest row leaves.
    """
    if _has_heights(block):
        line = sheet.line_height("TableText")
        taken = [lines * line + 2 * RULE for lines in _lines(block, widths, sheet)]
        spare = min(h - own for h, own in zip(block.row_heights, taken, strict=True)) / 2
        return int(20 * min(max(spare, 0.0), DRAWN_PADDING))
    lines = _lines(block, widths, sheet)
    again = (len(parts_of(block)) - 1) * lines[: header_rows(block)]  # on its further pages
    lines += again
    text = sum(lines) * sheet.line_height("TableText")
    height = sum(place.box.height for place in places(block))
    spare = (height - text - RULE * (len(lines) + 1)) / len(lines) / 2
    return int(20 * min(max(spare, 0.0), MOST_PADDING))


def _lines(block: TableBlock, widths: Sequence[int], sheet: StyleSheet) -> list[float]:
    """Lines of usual text that each row of a table takes in columns of `widths`."""
    look = sheet.named["TableText"]
    sides = 2 * _side_margin(widths)
    lines = [0.0] * block.rows
    for cell in block.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            lines[row] = max(lines[row], (cell.size or look.size) / look.size)
        if cell.rowspan == 1 and cell.text:
            width = (sum(widths[cell.col : cell.col + cell.colspan]) - sides) / 20 - 2 * RULE
            size = cell.size or look.size
            room = width / sheet.stretch_of(look.face)
            taken = count_lines(cell.text, look.face, size, (room, room), bold=cell.bold)
            lines[cell.row] = max(lines[cell.row], taken * size / look.size)
    return lines


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


def _row(setting: _Setting, row: int, grid: dict[tuple[int, int], TableCell]) -> Element:
    block = setting.block
    cells = list(_row_cells(block, row, grid))
    lines = max((cell.text.count("\n") + 1 for cell in cells), default=1)
    height = None
    if _has_heights(block):
        height = node("w:trHeight", val=twips(block.row_heights[row]), hRule="atLeast")
    return node(
        "w:tr",
        node(
            "w:trPr",
            flag("w:cantSplit", lines < TALL_CELL),
            height,
            flag("w:tblHeader", row < setting.heads < block.rows),
        ),
        *(_cell(setting, cell, row) for cell in cells),
    )


def _row_cells(
    block: TableBlock, row: int, grid: dict[tuple[int, int], TableCell]
) -> Iterator[TableCell]:
    col = 0
    while col < block.cols:
        cell = grid[row, col]
        yield cell
        col = cell.col + cell.colspan


def _draws_cells(block: TableBlock) -> bool:
    """Whether cells say which of their sides are ruled."""
    return any(cell.borders is not None for cell in block.cells)


def _cell_borders(setting: _Setting, cell: TableCell, row: int) -> Element | None:
    """`w:tcBorders` of what of a cell stands in one row.

    Sides without a rule are left out rather than forbidden: the neighbour may draw it.
    """
    first = cell.row == row
    last = cell.row + cell.rowspan - 1 == row
    if setting.draws_cells:
        usual = "trbl" if setting.block.rules == "grid" else ""
        own = usual if cell.borders is None else cell.borders
        sides = {"t": ("top", first), "l": ("left", True), "b": ("bottom", last)}
        sides["r"] = ("right", True)
        drawn = [name for letter, (name, there) in sides.items() if there and letter in own]
        return node("w:tcBorders", *(_line(name, _THIN) for name in drawn)) if drawn else None
    if setting.block.rules == "three-line" and row == setting.heads - 1 and last:
        return node("w:tcBorders", _line("bottom", _THIN))
    return None


def _cell(setting: _Setting, cell: TableCell, row: int) -> Element:
    widths = setting.widths
    first = cell.row == row
    align = cell.valign or ("middle" if cell.rowspan > 1 else None)
    fill = cell.fill if cell.fill and _COLOUR.fullmatch(cell.fill) else None
    return node(
        "w:tc",
        node(
            "w:tcPr",
            node("w:tcW", w=sum(widths[cell.col : cell.col + cell.colspan]), type="dxa"),
            val("w:gridSpan", cell.colspan) if cell.colspan > 1 else None,
            None if cell.rowspan == 1 else node("w:vMerge", val="restart" if first else None),
            _cell_borders(setting, cell, row),
            node("w:shd", val="clear", color="auto", fill=fill.upper()) if fill else None,
            val("w:vAlign", {"middle": "center"}.get(align, align)) if align else None,
        ),
        *(_content(setting, cell) if first else [_empty(cell)]),
    )


def _empty(cell: TableCell) -> Element:
    return node("w:p", node("w:pPr", val("w:pStyle", "TableText"), _mark(cell)))


def _mark(cell: TableCell) -> Element | None:
    """The size of a paragraph without text, which is as high as a line."""
    if cell.size is None:
        return None
    return node("w:rPr", val("w:sz", round(2 * cell.size)), val("w:szCs", round(2 * cell.size)))


def _content(setting: _Setting, cell: TableCell) -> list[Element]:
    """The paragraphs of a cell: one for each line of its text."""
    paragraphs = setting.paragraphs
    bold = cell.row < setting.heads or cell.header or cell.bold
    style = "TableHeading" if bold else "TableText"
    base = paragraphs.sheet.named[style]
    look = replace(base, align=cell.align or base.align, size=cell.size or base.size)
    made = []
    for line in cell.text.split("\n"):
        doubt = Doubt(0, len(line), cell.conf or 0.0)
        doubtful = [doubt] if line.strip() and _is_doubtful(cell, paragraphs.threshold) else []
        extra = [] if line.strip() else [_mark(cell)]
        made.append(
            paragraphs.make(line, style, look=look, extra=extra, doubtful=doubtful, rtl=setting.rtl)
        )
    return made


def _is_doubtful(cell: TableCell, threshold: float | None) -> bool:
    return threshold is not None and cell.conf is not None and cell.conf < threshold
