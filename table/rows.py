"""Rows that the text of a table shows where the network has taken several for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from statistics import median

from structure.core.analysis import TextLine
from structure.core.geometry import Box, union
from structure.core.grid import Cell, Grid, arrange
from table.matching import visual_rows

_AMOUNT = re.compile(r"[-+]?\s*(rm|[a-z]{3}|[$€£¥])?\s*[-+]?\d[\d.,' ]*\s*(%|€|[a-z]{1,3})?", re.I)
"""A number by itself; what stands in brackets belongs to the number above it."""

_ROOM = 1.3
"""A cell that is less than so many lines high holds one."""
_AMOUNTS = 0.75
"""Such a share of values are amounts."""


def split_rows(grid: Grid, lines: Sequence[TextLine]) -> Grid | None:
    """The grid with rows cut apart where values below each other stand beside their labels.

    Only where there is no doubt: what the other cells of a row hold stands at the heights of the
    labels in its first cell, several in one cell at least; and either these are amounts, but for
    some that were read badly, or each label ends with a colon.

    Args:
        grid: With text; the box of a cell is that of its text.
        lines: The lines of the table, in any order.

    Returns:
        The grid without text; None where no row is cut.
    """
    rows: list[list[Cell]] = []
    spanned = {r for cell in grid.cells for r in range(cell.row + 1, cell.row + cell.rowspan)}
    high = _ROOM * median(line.box.height for line in lines) if lines else 0.0
    for r, own in enumerate(grid.by_row()):
        tall = any(cell.box is not None and cell.box.height > high for cell in own)
        parts = _parts(own, lines) if tall and r not in spanned else None
        rows += parts or [own]
    return arrange(rows)[0] if len(rows) > grid.rows else None


def _parts(row: Sequence[Cell], lines: Sequence[TextLine]) -> list[list[Cell]] | None:
    """The rows that one row is, each with its cells; None where it is one row."""
    if any(cell.rowspan > 1 for cell in row):
        return None
    texts = [visual_rows(_lines_of(cell, lines)) if cell.text else [] for cell in row]
    filled = [found for found in texts if found]
    if len(filled) < 2 or len(filled[0]) < 2 or max(map(len, filled[1:])) < 2:
        return None
    values = list(chain.from_iterable(chain.from_iterable(filled[1:])))
    amounts = sum(map(_is_amount, values)) >= _AMOUNTS * len(values)
    if not amounts and not all(map(_is_label, filled[0])):
        return None
    heads = [union(line.box for line in head) for head in filled[0]]
    places = [[_place(found, heads) for found in cell] for cell in filled[1:]]
    if any(None in own or len({*own}) < len(own) for own in places):
        return None
    return [
        [
            replace(cell, row=0, text="", score=None, box=_part(cell, found, head))
            for cell, found in zip(row, texts, strict=True)
        ]
        for head in heads
    ]


def _lines_of(cell: Cell, lines: Sequence[TextLine]) -> list[TextLine]:
    box = cell.box
    return [line for line in lines if box is not None and box.contains(*line.box.center)]


def _is_amount(line: TextLine) -> bool:
    return _AMOUNT.fullmatch(line.text.strip()) is not None


def _is_label(row: Sequence[TextLine]) -> bool:
    return row[-1].text.rstrip().endswith((":", "\uff1a"))


def _place(found: Sequence[TextLine], heads: Sequence[Box]) -> int | None:
    """The label that lines stand beside."""
    box = union(line.box for line in found)
    beside = [
        i
        for i, head in enumerate(heads)
        if box.overlap_y(head) > 0.5 * min(box.height, head.height)
    ]
    return beside[0] if len(beside) == 1 else None


def _part(cell: Cell, found: Sequence[Sequence[TextLine]], head: Box) -> Box | None:
    """The box of a cell in the row of one label."""
    own = [line.box for part in found for line in part if line.box.overlap_y(head) > 0]
    if own:
        return union(own)
    return None if cell.box is None else Box(cell.box.x0, head.y0, cell.box.x1, head.y1)
