"""Reading order of boxes that stand side by side and below each other.

Two rules decide which of two boxes comes first (Breuel, "High performance document layout
analysis", 2003): the upper one of two that share a column; and the left one of two that do not,
unless a third box that shares a column with both stands between them in height and so separates
what is above it from what is below. Small boxes alone are no column: a number at the margin belongs
to the formula beside it, a date to what was done then. Rows of labels and values are taken together
first and read row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recovery.restore.options import RestoreOptions
from structure.core.geometry import Box, union

MAX_BOXES = 1200
"""With more boxes the cubic test for separators is left out: they are read in rows."""


def reading_order(
    boxes: Sequence[Box], line_height: float, options: RestoreOptions | None = None
) -> list[int]:
    """The order in which to read `boxes` (left to right, top to bottom scripts).

    Args:
        boxes: Any number, in any order, of one page that stands upright.
        line_height: Median height of the text lines, in the unit of the boxes.
        options: Thresholds.

    Returns:
        A permutation of the indices of `boxes`. It depends on the geometry alone; only boxes that
        are equal keep the order they came in.
    """
    options = options or RestoreOptions()
    by_place = sorted(range(len(boxes)), key=lambda i: boxes[i].as_tuple())
    placed = [boxes[i] for i in by_place]
    groups = _groups([*row_runs(placed, line_height, options)], placed)
    outer = [union(placed[i] for row in group for i in row) for group in groups]
    order = _by_precedence(outer, line_height, options)
    return [by_place[i] for g in order for row in groups[g] for i in row]


def form_order(
    boxes: Sequence[Box], line_height: float, options: RestoreOptions | None = None
) -> list[int]:
    """The order in which to read boxes that are no running text, as on forms and letterheads.

    Rows first: what an empty row of the page parts is read from top to bottom; then what an empty
    column parts, from left to right, at the widest gap. What cannot be parted is read by
    `reading_order`.
    """
    options = options or RestoreOptions()
    if len(boxes) < 2:
        return list(range(len(boxes)))
    parts = _bands(boxes, options.run_shrink_lh * line_height)
    if len(parts) == 1:
        parts = _halves(boxes, options.gutter_lh * line_height)
    if len(parts) == 1:
        return reading_order(boxes, line_height, options)
    return [
        part[k]
        for part in parts
        for k in form_order([boxes[i] for i in part], line_height, options)
    ]


def _halves(boxes: Sequence[Box], least: float) -> list[list[int]]:
    """The boxes to the left and to the right of the widest empty column, if it is wide enough."""
    order = sorted(range(len(boxes)), key=lambda i: (boxes[i].x0, boxes[i].x1))
    widest, at = least, 0
    right = boxes[order[0]].x1
    for k in range(1, len(order)):
        gap = boxes[order[k]].x0 - right
        if gap > widest:
            widest, at = gap, k
        right = max(right, boxes[order[k]].x1)
    return [order[:at], order[at:]] if at else [order]


def row_runs(
    boxes: Sequence[Box], line_height: float, options: RestoreOptions
) -> list[list[list[int]]]:
    """Runs of rows whose boxes stand side by side and are low: labels and values, signatures.

    Returns:
        For every run its rows from top to bottom, each with its boxes from left to right.
    """
    runs: list[list[list[int]]] = []
    current: list[list[int]] = []
    for band in _bands(boxes, options.run_shrink_lh * line_height):
        row = sorted(band, key=lambda i: (boxes[i].x0, boxes[i].y0))
        wide = len(row) >= options.run_boxes
        height = (options.run_head_lh if wide else options.run_box_lh) * line_height
        if _is_row([boxes[i] for i in row], height):
            current.append(row)
            continue
        runs.append(current)
        current = []
    runs.append(current)
    return [
        run
        for run in runs
        if len(run) >= options.run_rows or any(len(row) >= options.run_boxes for row in run)
    ]


def _bands(boxes: Sequence[Box], shrink: float) -> list[list[int]]:
    """Groups of boxes between empty rows of the page."""
    bands: list[list[int]] = []
    bottom = -np.inf
    for i in sorted(range(len(boxes)), key=lambda i: (boxes[i].y0, boxes[i].x0)):
        box = boxes[i]
        inset = min(shrink, 0.45 * box.height)
        if box.y0 + inset >= bottom:
            bands.append([])
        bands[-1].append(i)
        bottom = max(bottom, box.y1 - inset)
    return bands


def _is_row(row: Sequence[Box], max_height: float) -> bool:
    return (
        len(row) >= 2
        and all(box.height <= max_height for box in row)
        and all(
            left.x1 <= right.x0 + 0.2 * min(left.height, right.height)
            for left, right in pairwise(row)
        )
    )


def _groups(runs: list[list[list[int]]], boxes: Sequence[Box]) -> list[list[list[int]]]:
    inside = {i for run in runs for row in run for i in row}
    return runs + [[[i]] for i in range(len(boxes)) if i not in inside]


def _by_precedence(boxes: Sequence[Box], line_height: float, options: RestoreOptions) -> list[int]:
    count = len(boxes)
    if count < 2:
        return list(range(count))
    if count > MAX_BOXES:
        return [i for band in _bands(boxes, 0.2 * line_height) for i in band]
    corners = np.array([box.as_tuple() for box in boxes])
    return _sorted_topologically(_precedence(corners, line_height, options), corners, line_height)


def _precedence(
    corners: NDArray[np.float64], line_height: float, options: RestoreOptions
) -> NDArray[np.bool_]:
    """(N, N) where [i, j] says that box i comes before box j; corners are (N, 4) x0 y0 x1 y1."""
    x0, y0, x1, y1 = corners.T
    width = x1 - x0
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    common = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
    tolerance = np.minimum(
        options.overlap_lh * line_height, options.overlap_share * np.minimum.outer(width, width)
    )
    share = common > tolerance
    rank = np.empty(len(corners), dtype=np.intp)
    rank[np.lexsort((x0, middle_y))] = np.arange(len(corners))
    above = rank[:, None] < rank[None, :]
    left = middle_x[:, None] < middle_x[None, :]
    separated = _separated(share, middle_y)
    height = y1 - y0
    column_width = options.column_width_lh * line_height
    low = height <= options.run_box_lh * line_height
    small = np.where(low, width <= column_width, width <= 0.5 * column_width)
    common_y = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
    in_columns = _in_columns(share, small, common_y > 0)
    beside = common_y > options.same_row * np.minimum.outer(height, height)
    before = np.where(
        share,
        above,
        np.where(in_columns, left & ~separated, np.where(beside, left, above)),
    )
    np.fill_diagonal(before, False)
    return before


def _in_columns(
    share: NDArray[np.bool_], small: NDArray[np.bool_], at_one_height: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(N, N): whether i and j, which share no column, stand in two that run beside each other.

    Each must have a box that is not small above, below or where it stands, and not above or below
    the other; and one of these boxes must stand beside the other of the two.
    """
    large, apart = (share & ~small).astype(np.float32), ~share
    own = large @ apart.astype(np.float32) > 0
    next_to = large @ (apart & at_one_height).astype(np.float32) > 0
    return own & own.T & (next_to | next_to.T)


def _separated(share: NDArray[np.bool_], middle_y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(N, N): whether a box that shares a column with both stands between i and j in height."""
    count = len(share)
    order = np.argsort(middle_y, kind="stable")
    heights = middle_y[order]
    after = np.searchsorted(heights, middle_y, side="right")
    until = np.searchsorted(heights, middle_y, side="left")
    sorted_share = share[order]  # rows: candidates from top to bottom
    result = np.zeros((count, count), dtype=bool)
    columns = np.arange(count)
    for i in range(count):
        both = sorted_share & sorted_share[:, i : i + 1]
        upto = np.zeros((count + 1, count), dtype=np.int32)
        np.cumsum(both, axis=0, out=upto[1:])
        low = np.minimum(after[i], after)
        high = np.maximum(until[i], until)
        result[i] = upto[np.maximum(high, low), columns] - upto[low, columns] > 0
    return result


def _sorted_topologically(
    before: NDArray[np.bool_], corners: NDArray[np.float64], line_height: float
) -> list[int]:
    """Kahn's algorithm; of the free the leftmost column, then the topmost.

    A cycle is cut at the box that the fewest others must precede.
    """
    unmet = before.sum(axis=0)
    column = np.round(corners[:, 0] / max(2 * line_height, 1e-6))
    keys = np.lexsort((corners[:, 0], corners[:, 1], column))
    in_cycle = np.lexsort((corners[:, 0], corners[:, 1]))
    done = np.zeros(len(before), dtype=bool)
    order: list[int] = []
    for _ in range(len(before)):
        free = ~done & (unmet == 0)
        if free.any():
            pick = int(keys[free[keys]][0])
        else:
            least = ~done & (unmet == unmet[~done].min())
            pick = int(in_cycle[least[in_cycle]][0])
        done[pick] = True
        unmet = unmet - before[pick]
        order.append(pick)
    return order
