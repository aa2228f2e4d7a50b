"""Tables whose cells are drawn: the rules say where the cells are, better than the network does."""

from __future__ import annotations

from dataclasses import replace

import cv2

from structure.core.geometry import Box
from structure.core.grid import Grid
from structure.core.images import RGBImage
from structure.core.rules import find_rules, lattice

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
    border = max(1, round(em))
    # A rule on the very edge of the picture is none to the detector.
    framed = cv2.copyMakeBorder(
        pixels, border, border, border, border, cv2.BORDER_CONSTANT, value=(255, 255, 255)
    )
    height, width = pixels.shape[:2]
    rules = find_rules(framed, em=em).shifted(-border, -border)
    found = lattice(rules, Box(0, 0, width, height), em=em)
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


def _closed(lines: tuple[float, ...], side: float, em: float) -> tuple[float, ...]:
    first = (0.0,) if lines[0] > em else ()
    last = (float(side),) if side - lines[-1] > em else ()
    return (*first, *lines, *last)
