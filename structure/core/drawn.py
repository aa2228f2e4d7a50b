"""The cells that drawn rules enclose: forms and ruled tables as rectangular grids. No torch.

Rules that touch one another are a system. Of each, only what lies between two crossings counts: a
line to write on ends in the middle of its cell and is no edge of it. The sides of a form are often
open; where several rules end at the edge of their system at one height, the edge closes the cells
there, undrawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from structure.core.geometry import Affine, Box
from structure.core.grid import MAX_PLACES, Cell, Grid
from structure.core.images import RGBImage
from structure.core.rules import Rule, Rules

Flags = NDArray[np.bool_]

# Rules closer to each other than this (in em) are one edge: double lines, parts of a bent rule.
_SAME = 0.45
# A rule meets another from this distance on: corners of a scan do not quite close.
_JOINT = 0.7
# Breaks that are bridged where both ends hang in the air: text was written over the rule.
_BRIDGE = 6.0
# How far the rules of an open side may end from its edge.
_OPEN = 1.2
# Share of the side of a cell that must be drawn.
_DRAWN = 0.5
# Levels by which the colour of a cell differs from the paper, and pixels looked at to tell it.
_SHADE = 10
_SAMPLES = 4000
# A picture that takes so much of its cell hides the colour of the cell.
_HIDDEN = 0.3
# An outermost rule that runs along this share of its system is taken to close it.
_CLOSING = 0.65


@dataclass(frozen=True, slots=True)
class DrawnGrid:
    """Drawn cells, in pixels of the picture that the rules belong to.

    Attributes:
        grid: Cells without text; `box` is the whole cell, `borders` its drawn sides.
        xs: Edges of the columns, ascending; one more than there are columns.
        ys: Edges of the rows, likewise.
        closed: For each cell of the grid whether something separates it from all that lies beside
            it, be it drawn or the edge of an open side.
        by_text: Whether rows of text part some of its cells, where no rules do.
    """

    grid: Grid
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    closed: tuple[bool, ...]
    by_text: bool = False

    @property
    def box(self) -> Box:
        """Around all cells."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    @property
    def closed_share(self) -> float:
        """Share of the whole that lies in closed cells, 0 to 1."""
        pairs = zip(self.grid.cells, self.closed, strict=True)
        area = sum(cell.box.area for cell, closed in pairs if closed and cell.box is not None)
        return area / self.box.area if self.box.area > 0 else 0.0

    def shifted(self, dx: float, dy: float) -> DrawnGrid:
        """Moved by (dx, dy): from a crop to its page, for instance."""
        way = Affine.shift(dx, dy)
        cells = tuple(replace(c, box=c.box and way.box(c.box)) for c in self.grid.cells)
        return replace(
            self,
            grid=Grid(self.grid.rows, self.grid.cols, cells),
            xs=tuple(x + dx for x in self.xs),
            ys=tuple(y + dy for y in self.ys),
        )

    def bands(self) -> list[tuple[int, int]]:
        """First and end (exclusive) of the runs of rows that no cell reaches out of."""
        crossed = {r for c in self.grid.cells for r in range(c.row + 1, c.row + c.rowspan)}
        return list(pairwise(r for r in range(self.grid.rows + 1) if r not in crossed))

    def rows_between(self, first: int, end: int) -> DrawnGrid:
        """The rows from `first` to `end` (exclusive) alone; no cell may reach over their ends."""
        kept = [
            (replace(cell, row=cell.row - first), closed)
            for cell, closed in zip(self.grid.cells, self.closed, strict=True)
            if first <= cell.row < end
        ]
        return replace(
            self,
            grid=Grid(end - first, self.grid.cols, tuple(cell for cell, _ in kept)),
            ys=self.ys[first : end + 1],
            closed=tuple(closed for _, closed in kept),
        )


def drawn_grid(rules: Rules, *, em: float) -> DrawnGrid | None:
    """The cells of one system of rules.

    Args:
        rules: Rules that belong together (see `structure.core.rules.connected`).
        em: Height of a line of body text in pixels; all limits are multiples of it.

    Returns:
        None where the rules enclose fewer than two cells.
    """
    rows = _edges(rules.horizontal, em)
    columns = _edges(rules.vertical, em)
    if not rows or not columns:
        return None
    _close(rows, columns, em)
    _close(columns, rows, em)
    _open_sides(rows, columns, em)
    _open_sides(columns, rows, em)
    _trim(rows, columns, em)
    if len(rows) < 2 or len(columns) < 2 or (len(rows) - 1) * (len(columns) - 1) > MAX_PLACES:
        return None
    return _grid(rows, columns)


def with_fills(drawn: DrawnGrid, pixels: RGBImage, pictures: Sequence[Box] = ()) -> DrawnGrid:
    """The grid with the colours of its cells, where they differ from the paper.

    Args:
        drawn: Cells in pixels of the picture.
        pixels: (H, W, 3) uint8, the page.
        pictures: In cells; one that takes much of its cell hides the colour.
    """
    paper = _ground(pixels, Box(0, 0, pixels.shape[1], pixels.shape[0]))
    cells = []
    for cell in drawn.grid.cells:
        fill = None
        area = cell.box
        hidden = area is not None and any(area.covered_by(p) > _HIDDEN for p in pictures)
        if paper is not None and cell.box is not None and not hidden:
            inner = cell.box.padded(-min(4.0, cell.box.width / 4, cell.box.height / 4))
            ground = _ground(pixels, inner)
            if ground is not None and np.abs(ground - paper).max() > _SHADE:
                fill = "".join(f"{round(value):02X}" for value in ground)
        cells.append(replace(cell, fill=fill))
    return replace(drawn, grid=Grid(drawn.grid.rows, drawn.grid.cols, tuple(cells)))


def _ground(pixels: RGBImage, box: Box) -> NDArray[np.float64] | None:
    """The colour of most pixels, (3,)."""
    x0, y0, x1, y1 = (round(v) for v in box.clipped(pixels.shape[1], pixels.shape[0]).as_tuple())
    step = max(1, round(((x1 - x0) * (y1 - y0) / _SAMPLES) ** 0.5))
    part = pixels[y0:y1:step, x0:x1:step].reshape(-1, 3)
    return np.median(part, axis=0) if len(part) else None


# --- Edges: rules at one place across their direction


@dataclass(slots=True)
class _Edge:
    """All rules at one place, as stretches along it; `open` are those that close an open side."""

    at: float
    parts: list[tuple[float, float]]
    open: list[tuple[float, float]]

    def covered(self, start: float, end: float, *, drawn: bool = False) -> float:
        """Share of a stretch that lies on the edge."""
        parts = self.parts if drawn else _union([*self.parts, *self.open])
        length = sum(max(0.0, min(e, end) - max(s, start)) for s, e in parts)
        return length / max(end - start, 1e-9)

    def touches(self, at: float, slack: float) -> bool:
        """Whether the edge comes to a place along its direction."""
        return any(s - slack <= at <= e + slack for s, e in (*self.parts, *self.open))


def _edges(rules: Iterable[Rule], em: float) -> list[_Edge]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: (r.at, r.start)):
        if groups and rule.at - _middle(groups[-1]) <= _SAME * em:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [_Edge(_middle(g), _union([(r.start, r.end) for r in g]), []) for g in groups]


def _middle(rules: Sequence[Rule]) -> float:
    return float(np.average([r.at for r in rules], weights=[max(r.length, 1e-9) for r in rules]))


def _union(parts: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches without overlaps, ascending."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _open_sides(along: Sequence[_Edge], across: list[_Edge], em: float) -> None:
    """Close the two sides at which the edges `along` end together, where no edge is drawn."""
    ruled = [edge for edge in along if edge.parts]
    low, high = _reach(ruled)
    for side, last in ((low, False), (high, True)):
        ends = [edge.parts[-1][1] if last else edge.parts[0][0] for edge in ruled]
        near = [e for e, end in zip(ruled, ends, strict=True) if abs(end - side) <= _OPEN * em]
        if len(near) < 2:
            continue
        stretch = (near[0].at, near[-1].at)
        known = [edge for edge in across if abs(edge.at - side) <= _OPEN * em]
        if known:
            known[0].open.append(stretch)
        else:
            across.append(_Edge(side, [], [stretch]))
    across.sort(key=lambda edge: edge.at)


def _close(along: Sequence[_Edge], across: Sequence[_Edge], em: float) -> None:
    """Lengthen the outermost edges to the others' ends where most of them is drawn."""
    low, high = _reach(along)
    for edge, side in zip((along[0], along[-1]), _reach(across), strict=True):
        if abs(edge.at - side) <= _OPEN * em and edge.covered(low, high) >= _CLOSING:
            edge.parts = [(low, high)]


def _reach(edges: Iterable[_Edge]) -> tuple[float, float]:
    parts = [part for edge in edges for part in edge.parts]
    return min(start for start, _ in parts), max(end for _, end in parts)


def _trim(rows: list[_Edge], columns: list[_Edge], em: float) -> None:
    """Cut all edges back to their outermost crossings, until nothing hangs in the air."""
    while True:
        before = [(edge.at, *edge.parts, *edge.open) for edge in (*rows, *columns)]
        for own, others in ((rows, columns), (columns, rows)):
            for edge in own:
                edge.parts = _between_crossings(edge, others, em)
            own[:] = [edge for edge in own if edge.parts or edge.open]
        if [(edge.at, *edge.parts, *edge.open) for edge in (*rows, *columns)] == before:
            return


def _between_crossings(
    edge: _Edge, others: Sequence[_Edge], em: float
) -> list[tuple[float, float]]:
    slack = _JOINT * em
    crossings = [o.at for o in others if o.touches(edge.at, slack)]

    def held(place: float) -> bool:
        return any(abs(place - c) <= slack for c in crossings)

    joined: list[tuple[float, float]] = []
    for start, end in edge.parts:
        if joined:
            ends = held(joined[-1][1]), held(start)
            # Both held, it is the room between two boxes.
            bridge = 0.0 if all(ends) else _JOINT if any(ends) else _BRIDGE
            if start - joined[-1][1] <= bridge * em:
                joined[-1] = joined[-1][0], end
                continue
        joined.append((start, end))
    trimmed = []
    for start, end in joined:
        on = [c for c in crossings if start - slack <= c <= end + slack]
        if len(on) > 1 and max(on) > min(on):
            trimmed.append((min(on), max(on)))
    return _union(trimmed)


# --- Cells


def _grid(rows: Sequence[_Edge], columns: Sequence[_Edge]) -> DrawnGrid | None:
    ys, xs = [edge.at for edge in rows], [edge.at for edge in columns]
    # (lines, places): whether an edge stands there; the first and last close the whole.
    across = _standing(rows, xs, drawn=False)
    along = _standing(columns, ys, drawn=False)
    across_drawn = _standing(rows, xs, drawn=True)
    along_drawn = _standing(columns, ys, drawn=True)
    label = _places(across, along)
    leaking = _leaking(label, across, along)
    boxes = _rectangles(label)
    # Lines that bound no cell are left out.
    used_y = sorted({r for r0, _, r1, _ in boxes for r in (r0, r1)})
    used_x = sorted({c for _, c0, _, c1 in boxes for c in (c0, c1)})
    row_of, col_of = {r: i for i, r in enumerate(used_y)}, {c: i for i, c in enumerate(used_x)}
    cells, closed = [], []
    for r0, c0, r1, c1 in sorted(boxes):
        sides = (
            (across_drawn[r0, c0:c1], "t"),
            (along_drawn[c1, r0:r1], "r"),
            (across_drawn[r1, c0:c1], "b"),
            (along_drawn[c0, r0:r1], "l"),
        )
        cells.append(
            Cell(
                row_of[r0],
                col_of[c0],
                row_of[r1] - row_of[r0],
                col_of[c1] - col_of[c0],
                box=Box(xs[c0], ys[r0], xs[c1], ys[r1]),
                borders="".join(name for drawn, name in sides if drawn.mean() > _DRAWN),
            )
        )
        closed.append(int(label[r0, c0]) not in leaking)
    if len(np.setdiff1d(label, list(leaking))) < 2:
        return None
    grid = Grid(len(used_y) - 1, len(used_x) - 1, tuple(cells))
    return DrawnGrid(
        grid, tuple(xs[c] for c in used_x), tuple(ys[r] for r in used_y), tuple(closed)
    )


def _standing(edges: Sequence[_Edge], stops: Sequence[float], *, drawn: bool) -> Flags:
    """(edges, stops - 1): whether each edge stands between two neighbouring stops."""
    return np.array(
        [[edge.covered(a, b, drawn=drawn) >= _DRAWN for a, b in pairwise(stops)] for edge in edges],
        dtype=bool,
    )


def _places(across: Flags, along: Flags) -> NDArray[np.intp]:
    """(rows, columns): a number for each connected area that no edge divides."""
    rows, columns = len(across) - 1, len(along) - 1
    label = np.arange(rows * columns).reshape(rows, columns)
    while True:
        before = label.copy()
        for r in range(rows):
            for c in range(columns):
                if r and not across[r, c]:
                    label[r - 1, c] = label[r, c] = min(label[r - 1, c], label[r, c])
                if c and not along[c, r]:
                    label[r, c - 1] = label[r, c] = min(label[r, c - 1], label[r, c])
        if (label == before).all():
            return label


def _leaking(label: NDArray[np.intp], across: Flags, along: Flags) -> set[int]:
    """The areas that are open to what lies around the whole."""
    sides = (
        (label[0], across[0]),
        (label[-1], across[-1]),
        (label[:, 0], along[0]),
        (label[:, -1], along[-1]),
    )
    return {int(area) for areas, standing in sides for area in areas[~standing]}


def _rectangles(label: NDArray[np.intp]) -> list[tuple[int, int, int, int]]:
    """(row, column, end row, end column) of rectangles that tile the places, areas kept apart."""
    taken = np.zeros(label.shape, dtype=bool)
    boxes = []
    for r, c in np.ndindex(label.shape):
        if taken[r, c]:
            continue
        free = (label == label[r, c]) & ~taken
        right = c
        while right < label.shape[1] and free[r, right]:
            right += 1
        bottom = r
        while bottom < label.shape[0] and free[bottom, c:right].all():
            bottom += 1
        taken[r:bottom, c:right] = True
        boxes.append((r, c, bottom, right))
    return boxes
