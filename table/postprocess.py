"""What the network wrote, as rows of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from structure.core.geometry import Box
from structure.core.grid import Cell, arrange
from table.decoder import Decoded
from table.vocabulary import OPEN_CELL, PLAIN_CELL, span


@dataclass(frozen=True, slots=True)
class Structure:
    """A table without its text.

    Attributes:
        rows: Cells with box, spans and header flag; their `row` and `col` are not set.
        score: Lowest probability of a token, 0 to 1.
        tokens: Length of the sequence.
        truncated: Whether the sequence was cut off before its end.
        fixes: How often the grammar overruled the network.
    """

    rows: tuple[tuple[Cell, ...], ...]
    score: float
    tokens: int
    truncated: bool
    fixes: int

    @property
    def cols(self) -> int:
        """Number of columns."""
        return arrange(self.rows)[0].cols

    def shifted(self, dx: float, dy: float) -> Structure:
        """Moved by (dx, dy): from a piece to its whole."""
        rows = tuple(
            tuple(replace(c, box=c.box and c.box.shifted(dx, dy)) for c in row) for row in self.rows
        )
        return replace(self, rows=rows)


EMPTY = Structure((), 1.0, 0, truncated=False, fixes=0)
"""No table at all."""


def stack(pieces: Sequence[Structure]) -> Structure:
    """Pieces of one table, from top to bottom, as one.

    Only the first piece may have a header, and no span reaches from one piece into the next.

    Raises:
        ValueError: there are none.
    """
    if not pieces:
        raise ValueError("no pieces to stack")
    rows = [
        tuple(
            replace(
                cell,
                header=cell.header and number == 0,
                rowspan=min(cell.rowspan, len(piece.rows) - row),
            )
            for cell in cells
        )
        for number, piece in enumerate(pieces)
        for row, cells in enumerate(piece.rows)
    ]
    return Structure(
        tuple(rows),
        min(piece.score for piece in pieces),
        sum(piece.tokens for piece in pieces),
        any(piece.truncated for piece in pieces),
        sum(piece.fixes for piece in pieces),
    )


def read_structure(
    decoded: Decoded, vocabulary: Sequence[str], width: int, height: int, *, square: bool = True
) -> Structure:
    """Tokens and locations to cells.

    Args:
        decoded: What the network wrote.
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
    return Structure(
        tuple(tuple(row) for row in rows),
        float(decoded.probabilities.min(initial=1.0)),
        len(decoded.tokens),
        decoded.truncated,
        decoded.fixes,
    )


def _box(location: np.ndarray, scale: tuple[float, float]) -> Box:
    """The upright box around the corners x, y, x, y ..."""
    xs, ys = location[0::2] * scale[0], location[1::2] * scale[1]
    return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
