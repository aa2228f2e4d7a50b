"""Tables whose cells are drawn: the rules say where the cells are, better than the network does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from structure.core.analysis import TextLine
from structure.core.drawn import DrawnGrid, drawn_grid
from structure.core.geometry import Box
from structure.core.grid import Grid
from structure.core.images import RGBImage
from structure.core.rules import Rules, connected, extent, find_rules, lattice, without_strokes
from table.matching import visual_rows

_WHOLE = 0.85
"""Share of the picture's width and height that the rules of the table reach over."""
_CLOSED = 0.95
_SPANNED = 3
_ROWS = 1.5
"""So many rows of text to a drawn row, each in several cells, are rows whose rules are left out."""

Lines = tuple[tuple[float, ...], tuple[float, ...]]
"""x of the vertical and y of the horizontal grid lines of a table, ascending."""


def drawn_lines(pixels: RGBImage, em: float) -> Lines | None:
    """The grid lines of a table with rules between its rows and between its columns.

    Args:
        pixels: A prepared picture: dark on light, upright, cropped to its ink.
        em: Height of a line of text in pixels.

    Returns:
        The drawn lines, with the sides of the picture where the table has no outer frame; None
        where there are not at least 2 x 2 drawn cells.
    """
    height, width = pixels.shape[:2]
    found = lattice(_rules(pixels, em), Box(0, 0, width, height), em=em)
    if found is None:
        return None
    return _closed(found[0], width, em), _closed(found[1], height, em)


def with_drawn_cells(grid: Grid, drawn: Lines) -> Grid | None:
    """The grid with the drawn cells for boxes.

    Returns:
        None where the drawing has another number of rows or columns than the grid: then it leaves
        out some of the lines, or shows more than them.
    """
    xs, ys = drawn
    if (len(ys) - 1, len(xs) - 1) != (grid.rows, grid.cols):
        return None
    cells = tuple(
        replace(
            cell,
            box=Box(
                xs[cell.col], ys[cell.row], xs[cell.col + cell.colspan], ys[cell.row + cell.rowspan]
            ),
        )
        for cell in grid.cells
    )
    return Grid(grid.rows, grid.cols, cells)


def with_drawn_borders(grid: Grid, drawn: Grid) -> Grid | None:
    """The grid with the boxes and borders of the drawn cells; None where the cells are others."""
    places = [(c.row, c.col, c.rowspan, c.colspan) for c in grid.cells]
    if places != [(c.row, c.col, c.rowspan, c.colspan) for c in drawn.cells]:
        return None
    cells = tuple(
        replace(cell, box=other.box, borders=other.borders)
        for cell, other in zip(grid.cells, drawn.cells, strict=True)
    )
    return Grid(grid.rows, grid.cols, cells)


def drawn_cells(pixels: RGBImage, lines: Sequence[TextLine], em: float) -> DrawnGrid | None:
    """The cells of a table that is ruled throughout: each in its own box.

    Args:
        pixels: A prepared picture.
        lines: Its text lines.
        em: Height of a line of text in pixels.

    Returns:
        None where rules are missing: between rows that the text shows, or around cells.
    """
    height, width = pixels.shape[:2]
    words = [word.box for line in lines for word in line.words]
    for rules in connected(without_strokes(_rules(pixels, em), words, em=em), em=em):
        box = extent(rules)
        if box.width < _WHOLE * width or box.height < _WHOLE * height:
            continue
        found = drawn_grid(rules, em=em)
        if (
            found is None
            or found.closed_share < _CLOSED
            or min(found.grid.rows, found.grid.cols) < 2
        ):
            return None
        return None if _lacks_rows(found, lines) else found
    return None


def _rules(pixels: RGBImage, em: float) -> Rules:
    border = max(1, round(em))
    # A rule on the very edge of the picture is none to the detector.
    framed = cv2.copyMakeBorder(
        pixels, border, border, border, border, cv2.BORDER_CONSTANT, value=(255, 255, 255)
    )
    return find_rules(framed, em=em).shifted(-border, -border)


def _lacks_rows(found: DrawnGrid, lines: Sequence[TextLine]) -> bool:
    """Whether the text stands in more rows than are drawn."""
    rows = 0
    for row in visual_rows(lines):
        columns = np.searchsorted(found.xs, [line.box.center[0] for line in row])
        rows += len(set(columns.tolist())) > 1
    if rows > _ROWS * found.grid.rows:
        return True
    for cell in found.grid.cells:
        area = cell.box
        own = [line for line in lines if area is not None and area.contains(*line.box.center)]
        if cell.rowspan >= _SPANNED and len(visual_rows(own)) >= 0.7 * cell.rowspan:
            return True  # rows that are drawn beside it, but not in it
    return False


def _closed(lines: tuple[float, ...], side: float, em: float) -> tuple[float, ...]:
    first = (0.0,) if lines[0] > em else ()
    last = (float(side),) if side - lines[-1] > em else ()
    return (*first, *lines, *last)
