"""Text into drawn cells: forms and fully ruled tables, whose cells need no network.

A line that runs over an edge is cut there. Inside a cell, lines that were broken for want of room
are one paragraph; a label and the value below it are two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from structure.core.analysis import Table, TextLine
from structure.core.drawn import DrawnGrid
from structure.core.geometry import Box, union
from structure.core.grid import Cell, Grid
from structure.core.text import is_unspaced
from table.matching import glue, split, visual_rows

_COLUMN = 1.5
"""From so many heights of a line on, free room within a row parts columns."""
_APART = 0.9
"""Paragraphs part where the free room between two rows is so many heights of a line."""
_OTHER_SIZE = 1.3
"""Lines whose heights differ by more are set in different type."""
_MARGIN = 0.7
"""Room between the text and the right edge of its cell, in heights of a line."""
_FULL = 0.82
"""Share of the room from its beginning to the edge that a line fills where it was broken there."""
_LYING = 45.0
"""Degrees from which on a line does not lie in its row."""


def read_form(drawn: DrawnGrid, lines: Sequence[TextLine]) -> Table:
    """The table of drawn cells with their text.

    Args:
        drawn: Cells in the unit of the lines.
        lines: Those of the form, in any order; every one of them comes back in a cell, whole or in
            parts.
    """
    cells = drawn.grid.cells
    areas = [cell.box for cell in cells if cell.box is not None]
    boxes = np.array([area.as_tuple() for area in areas])
    own: list[list[TextLine]] = [[] for _ in cells]
    for line in lines:
        parts = [line] if abs(line.angle) > _LYING else split(line, boxes, share=0.0)
        for part in parts:
            own[_home(part.box, areas)].append(part)
    filled = tuple(
        _filled(cell, area, texts) for cell, area, texts in zip(cells, areas, own, strict=True)
    )
    return Table(
        box=drawn.box,
        grid=Grid(drawn.grid.rows, drawn.grid.cols, filled),
        lines=tuple(line for texts in own for line in texts),
        ruled=True,
        xs=drawn.xs,
        ys=drawn.ys,
    )


def cell_text(lines: Sequence[TextLine], area: Box) -> str:
    """The text of one cell: a line feed between paragraphs, a tab between columns within a row.

    Args:
        lines: The lines of the cell, in any order.
        area: The whole cell.
    """
    lines = [line for line in lines if line.text.strip()]
    rows = visual_rows([line for line in lines if abs(line.angle) <= _LYING])
    # What stands on its side is a stamp or a note; it comes after the text that it was put over.
    rows += [[line] for line in sorted(lines, key=_down) if abs(line.angle) > _LYING]
    text = ""
    for i, row in enumerate(rows):
        if i:
            text += (
                "\n" if _parts(rows[i - 1], row, area) else glue(text, row[0].text, new_row=True)
            )
        for k, line in enumerate(row):
            if k:
                gap = line.box.x0 - row[k - 1].box.x1
                wide = gap > _COLUMN * min(line.box.height, row[k - 1].box.height)
                text += "\t" if wide else glue(text, line.text, new_row=False)
            text += line.text
    return text


def _down(line: TextLine) -> tuple[float, float]:
    return line.box.y0, line.box.x0


def _home(box: Box, areas: Sequence[Box]) -> int:
    """The cell with most of a line, the nearest one where it lies outside all of them."""
    x, y = box.center
    return max(
        range(len(areas)),
        key=lambda i: (
            box.intersection(areas[i]).area,
            -max(areas[i].x0 - x, x - areas[i].x1, areas[i].y0 - y, y - areas[i].y1),
        ),
    )


def _filled(cell: Cell, area: Box, lines: Sequence[TextLine]) -> Cell:
    if not lines:
        return cell
    scores = [line.score for line in lines if line.score is not None]
    return replace(
        cell,
        text=cell_text(lines, area),
        box=union(line.box for line in lines),
        score=min(scores) if scores else None,
    )


def _parts(before: Sequence[TextLine], after: Sequence[TextLine], area: Box) -> bool:
    """Whether a paragraph ends between two rows of a cell."""
    if len(before) > 1 or len(after) > 1:
        return True
    a, b = before[0], after[0]
    if max(abs(a.angle), abs(b.angle)) > _LYING:
        return True
    sizes = (a.size, b.size) if a.size and b.size else (a.box.height, b.box.height)
    small = min(a.box.height, b.box.height)
    if max(sizes) > _OTHER_SIZE * min(sizes) or b.box.y0 - a.box.y1 > _APART * small:
        return True
    right = area.x1 - _MARGIN * small
    early = right - a.box.x1 > _first_width(b) + 0.3 * small
    return early or a.box.width < _FULL * (right - a.box.x0)


def _first_width(line: TextLine) -> float:
    """Width of the first word of a line, in the script that it is written in."""
    if is_unspaced(line.text.lstrip()[0]):
        return line.box.height
    if line.words:
        return line.words[0].box.width
    return line.box.width * len(line.text.split(maxsplit=1)[0]) / len(line.text)
