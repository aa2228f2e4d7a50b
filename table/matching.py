"""Text lines into the cells of a table.

A line that runs across several cells is first cut between its words. Then each line goes to the
cell whose row and column it fits best: single predicted boxes may be off, rows and columns as a
whole hardly are. Lines clearly outside the table (captions, footnotes inside the crop) stay
outside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box, union
from structure.core.grid import Cell, Grid
from structure.core.text import is_unspaced, is_wide

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Filled:
    """A table with its text.

    Attributes:
        grid: The cells with text, score and box: of their text, or as predicted where they are
            empty.
        lines: The lines in the cells, cut where a line ran across several.
        leftovers: The lines that belong to no cell.
    """

    grid: Grid
    lines: tuple[TextLine, ...]
    leftovers: tuple[TextLine, ...]


def fill(grid: Grid, lines: Sequence[TextLine], *, drawn: bool = False) -> Filled:
    """Put text lines into the cells of a grid.

    Args:
        grid: Cells with boxes, in the unit of the lines.
        lines: In any order; every one of them comes back, whole or in parts.
        drawn: Whether the boxes are whole cells, as drawn, not the extent of their text.
    """
    if not grid.cells:
        return Filled(grid, (), tuple(lines))
    boxes = _array([cell.box or Box(0, 0, 0, 0) for cell in grid.cells])
    if not drawn:
        boxes = _on_text_rows(grid, boxes, lines)
    parts = [part for line in lines for part in split(line, boxes, share=0.0 if drawn else 0.5)]
    inside, leftovers = _divide(parts, boxes)
    chosen: list[list[TextLine]] = [[] for _ in grid.cells]
    for line, place in zip(inside, _best_cells(grid, boxes, inside), strict=True):
        chosen[place].append(line)
    cells = tuple(_filled(cell, own) for cell, own in zip(grid.cells, chosen, strict=True))
    return Filled(
        Grid(grid.rows, grid.cols, cells),
        tuple(line for own in chosen for line in own),
        tuple(leftovers),
    )


def inside_of(grid: Grid, lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines in the table, cut between words where they run across several of its cells.

    Args:
        grid: Cells with boxes, in the unit of the lines.
        lines: In any order.
    """
    boxes = _array([cell.box for cell in grid.cells if cell.box is not None])
    if not len(boxes):
        return []
    parts = [part for line in lines for part in split(line, boxes)] if grid.cols > 1 else lines
    return _divide(parts, boxes)[0]


def split(line: TextLine, boxes: Floats, *, share: float = 0.5) -> list[TextLine]:
    """Cut a line between words where it runs across several cells.

    Args:
        line: With words, or without: then their places are estimated from the characters.
        boxes: (N, 4) boxes of the cells.
        share: Cells of whose width the line covers no more than this are not considered.

    Returns:
        The parts from left to right; the line itself where there is nothing to cut.
    """
    x0, y0, x1, y1 = line.box.as_tuple()
    across = np.minimum(boxes[:, 2], x1) - np.maximum(boxes[:, 0], x0)
    down = np.minimum(boxes[:, 3], y1) - np.maximum(boxes[:, 1], y0)
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    cells = boxes[(across > share * width) & (down > 0.5 * np.minimum(height, line.box.height))]
    words = _located_words(line) if len(cells) > 1 else []
    if len(words) < 2:
        return [line]
    owners = [_widest_overlap(word.box, cells) for word, _ in words]
    parts: list[TextLine] = []
    first = 0
    for last in range(len(words)):
        if last + 1 < len(words) and owners[last + 1] == owners[last]:
            continue
        run = words[first : last + 1]
        text = line.text[run[0][1] : run[-1][1] + len(run[-1][0].text)]
        own = tuple(word for word, _ in run)
        parts.append(replace(line, text=text, box=union(word.box for word in own), words=own))
        first = last + 1
    return parts if len(parts) > 1 else [line]


def join(lines: Sequence[TextLine]) -> str:
    """The text of one cell: lines side by side from left to right, then downwards.

    A space goes between two lines, but not between Chinese or Japanese characters and not after a
    hyphen that ends a line.
    """
    text = ""
    for row in visual_rows(lines):
        for number, line in enumerate(row):
            if text and line.text:
                text += glue(text, line.text, new_row=number == 0)
            text += line.text
    return text


def _filled(cell: Cell, lines: Sequence[TextLine]) -> Cell:
    if not lines:
        return cell
    scores = [line.score for line in lines if line.score is not None]
    return replace(
        cell,
        text=join(lines),
        box=union(line.box for line in lines),
        score=min(scores) if scores else None,
    )


def _divide(lines: Sequence[TextLine], boxes: Floats) -> tuple[list[TextLine], list[TextLine]]:
    """Lines inside the table and lines more than a line height away from all of its cells."""
    hull = Box(*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    inside: list[TextLine] = []
    outside: list[TextLine] = []
    for line in lines:
        reach = hull.padded(line.box.height)
        meets = (
            line.box.x0 <= reach.x1
            and line.box.x1 >= reach.x0
            and line.box.y0 <= reach.y1
            and line.box.y1 >= reach.y0
        )
        (inside if meets else outside).append(line)
    return inside, outside


def _on_text_rows(grid: Grid, boxes: Floats, lines: Sequence[TextLine]) -> Floats:
    """The boxes at the height of the text, where there are as many rows of text as of cells.

    In tall tables the predicted boxes drift by up to a row.
    """
    rows = visual_rows(_divide(lines, boxes)[0])
    if len(rows) != grid.rows:
        return boxes
    extents = [union(line.box for line in row) for row in rows]
    fitted = boxes.copy()
    fitted[:, 1] = [extents[cell.row].y0 for cell in grid.cells]
    fitted[:, 3] = [extents[cell.row + cell.rowspan - 1].y1 for cell in grid.cells]
    return fitted


def _best_cells(grid: Grid, boxes: Floats, lines: Sequence[TextLine]) -> list[int]:
    """For each line the index of its cell."""
    if not lines:
        return []
    own = _array([line.box for line in lines])
    common = _overlap(own, boxes, 0) * _overlap(own, boxes, 1)
    hit = np.asarray((common > 0).any(axis=0))
    columns, rows = _bands(grid, boxes, hit, 0), _bands(grid, boxes, hit, 1)
    area, cell_area = _areas(own)[:, None], _areas(boxes)
    score = common / np.maximum(area, 1e-9)
    score += 0.5 * common / np.maximum(area + cell_area - common, 1e-9)
    for axis, bands in ((0, columns), (1, rows)):
        length = np.maximum(own[:, axis + 2] - own[:, axis], 1e-9)[:, None]
        score += _overlap(own, bands, axis) / length
    # Where nothing overlaps, the nearest cell; too small a term to decide anything else.
    centers, cells = (own[:, :2] + own[:, 2:]) / 2, (boxes[:, :2] + boxes[:, 2:]) / 2
    score -= 1e-6 * np.abs(centers[:, None] - cells[None]).sum(axis=2)
    return [int(place) for place in score.argmax(axis=1)]


def _bands(grid: Grid, boxes: Floats, hit: NDArray[np.bool_], axis: int) -> Floats:
    """Per cell the extent of its columns (axis 0) or rows (axis 1): boxes with that axis alone."""
    count = grid.cols if axis == 0 else grid.rows
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    starts = np.array([(cell.col, cell.row)[axis] for cell in grid.cells])
    spans = np.array([(cell.colspan, cell.rowspan)[axis] for cell in grid.cells])
    # Boxes of cells in a column begin and end anywhere within it, those of a row are alike.
    shares = (20, 80) if axis == 0 else (50, 50)
    for band in range(count):
        single = (starts == band) & (spans == 1)
        known = single & hit if (single & hit).any() else single
        if known.any():
            low[band] = np.percentile(boxes[known, axis], shares[0])
            high[band] = np.percentile(boxes[known, axis + 2], shares[1])
    found = np.flatnonzero(~np.isnan(low))
    if len(found):
        low = np.interp(np.arange(count), found, low[found])
        high = np.interp(np.arange(count), found, high[found])
    else:
        low[:], high[:] = boxes[:, axis].min(), boxes[:, axis + 2].max()
    bands = np.zeros_like(boxes)
    bands[:, axis], bands[:, axis + 2] = low[starts], high[starts + spans - 1]
    return bands


def _overlap(lines: Floats, cells: Floats, axis: int) -> Floats:
    """(L, C) length of the common interval along an axis."""
    ends = np.minimum(lines[:, None, axis + 2], cells[None, :, axis + 2])
    return np.maximum(ends - np.maximum(lines[:, None, axis], cells[None, :, axis]), 0.0)


def _areas(boxes: Floats) -> Floats:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def _array(boxes: Sequence[Box]) -> Floats:
    return np.array([box.as_tuple() for box in boxes], dtype=np.float64).reshape(-1, 4)


def _widest_overlap(box: Box, cells: Floats) -> int:
    """The cell that shares most of its width with the box, else the nearest one."""
    common = np.minimum(cells[:, 2], box.x1) - np.maximum(cells[:, 0], box.x0)
    return int(common.argmax())


def _located_words(line: TextLine) -> list[tuple[Word, int]]:
    """The words of a line and where each begins in its text."""
    located: list[tuple[Word, int]] = []
    position = 0
    for word in line.words:
        position = line.text.find(word.text, position)
        if position < 0 or not word.text:
            return _estimated_words(line)
        located.append((word, position))
        position += len(word.text)
    return located or _estimated_words(line)


def _estimated_words(line: TextLine) -> list[tuple[Word, int]]:
    """Words by their characters alone, wide characters taken as two narrow ones."""
    widths = np.array([2 if is_wide(c) else 1 for c in line.text])
    edges = line.box.x0 + line.box.width * np.concatenate([[0], np.cumsum(widths)]) / max(
        widths.sum(), 1
    )
    return [
        (
            Word(
                found[0],
                Box(
                    float(edges[found.start()]), line.box.y0, float(edges[found.end()]), line.box.y1
                ),
                line.score,
            ),
            found.start(),
        )
        for found in re.finditer(r"\S+", line.text)
    ]


def visual_rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Lines that stand side by side, from left to right; rows from top to bottom."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: (line.box.center[1], line.box.x0)):
        if rows:
            last = rows[-1][-1].box
            # What was typed on a dotted line stands a little higher than the words before it.
            beside = last.x1 <= line.box.x0 or line.box.x1 <= last.x0
            share = 0.35 if beside else 0.5
            if last.overlap_y(line.box) > share * min(last.height, line.box.height):
                rows[-1].append(line)
                continue
        rows.append([line])
    return [sorted(row, key=lambda line: line.box.x0) for row in rows]


def glue(before: str, after: str, *, new_row: bool) -> str:
    """What goes between two texts of one paragraph: a space, or nothing."""
    if before[-1].isspace() or after[0].isspace():
        return ""
    if is_unspaced(before[-1]) and is_unspaced(after[0]):
        return ""
    if new_row and before[-1] in "-\u2010" and before[-2:-1].isalnum():
        return ""
    return " "
