"""What the network wrote, as rows of cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from structure.core.geometry import Box
from structure.core.grid import Cell
from table.decoder import Decoded
from table.vocabulary import OPEN_CELL, PLAIN_CELL, span


def read_rows(
    decoded: Decoded, vocabulary: Sequence[str], width: int, height: int, *, square: bool = True
) -> list[list[Cell]]:
    """The cells row by row, with box, spans and header flag; their `row` and `col` are not yet set.

    Args:
        decoded: Tokens and locations.
        vocabulary: Tokens in the order of the ids.
        width: Of the picture that was padded and scaled, in pixels; the unit of the boxes.
        height: Likewise.
        square: Whether locations are fractions of the padded square (SLANet-plus), not of the
            picture's own sides (the first SLANet).
    """
    scale = (max(width, height),) * 2 if square else (width, height)
    rows: list[list[Cell]] = []
    header = False
    spans: dict[str, int] = {}
    for number, location in zip(decoded.tokens, decoded.locations, strict=True):
        token = vocabulary[number]
        if token in ("<thead>", "</thead>"):
            header = token == "<thead>"
        elif token == "<tr>":
            rows.append([])
        elif token in (PLAIN_CELL, OPEN_CELL):
            # The box belongs to the token that opens a cell, its spans follow.
            box = _box(location, scale).clipped(width, height)
            rows[-1].append(Cell(0, 0, box=box, header=header))
        elif (part := span(token)) is not None:
            spans[part[0]] = part[1]
        elif token == ">":
            last = rows[-1][-1]
            rows[-1][-1] = Cell(
                0, 0, spans.get("rowspan", 1), spans.get("colspan", 1), box=last.box, header=header
            )
            spans = {}
    return rows


def _box(location: np.ndarray, scale: tuple[float, float]) -> Box:
    """The upright box around the corners x, y, x, y ..."""
    xs, ys = location[0::2] * scale[0], location[1::2] * scale[1]
    return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
