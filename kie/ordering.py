"""The order of the lines of a page, which a network with one-dimensional positions depends on.

Source: TB-YX of PP-StructureV2, arXiv 2210.05391, and two repairs of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Literal

Corners = tuple[float, float, float, float]
"""x0, y0, x1, y1."""

OrderMode = Literal["published", "fixed", "rows"]

THRESHOLD = 20.0
"""Pixels: lines whose tops differ by less stand in one row, in the two older modes."""

ROW_BAND = 0.5
"""Of the median line height: how far the middle of a line may lie from that of its row."""


def order_tbyx(
    boxes: Sequence[Corners], *, threshold: float = THRESHOLD, mode: OrderMode = "rows"
) -> list[int]:
    """From top to bottom, and within a row from left to right.

    Args:
        boxes: One box per line, origin top left.
        threshold: For the modes other than "rows", in the unit of the boxes.
        mode: "published" is the loop that the released VI-LayoutXLM weights were trained with; it
            never moves the first line. "fixed" moves it too. "rows" needs no absolute threshold,
            and its result does not depend on the order of the input.

    Returns:
        Indices into `boxes`.
    """
    if mode == "rows":
        return [index for row in rows_of(boxes) for index in row]
    order = sorted(range(len(boxes)), key=lambda i: (boxes[i][1], boxes[i][0]))
    last = 1 if mode == "published" else 0
    for start in range(len(order) - 1):
        for j in range(start, last - 1, -1):
            upper, lower = boxes[order[j]], boxes[order[j + 1]]
            if abs(lower[1] - upper[1]) >= threshold or lower[0] >= upper[0]:
                break
            order[j], order[j + 1] = order[j + 1], order[j]
    return order


def rows_of(boxes: Sequence[Corners]) -> list[list[int]]:
    """Lines that stand side by side, as indices; rows downwards, each from left to right.

    Args:
        boxes: One box per line, origin top left.
    """
    if not boxes:
        return []
    band = ROW_BAND * median(y1 - y0 for _, y0, _, y1 in boxes)
    downwards = sorted(range(len(boxes)), key=lambda i: (_middle(boxes[i]), *boxes[i]))
    rows: list[list[int]] = []
    total = 0.0  # of the middles of the last row
    for index in downwards:
        middle = _middle(boxes[index])
        if rows and middle - total / len(rows[-1]) <= band:
            rows[-1].append(index)
            total += middle
        else:
            rows.append([index])
            total = middle
    return [sorted(row, key=lambda i: (boxes[i][0], *boxes[i])) for row in rows]


def _middle(box: Corners) -> float:
    return (box[1] + box[3]) / 2
