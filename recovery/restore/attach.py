"""Captions to their pictures and tables, all of a page at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from recovery.restore import markers
from recovery.restore.options import RestoreOptions
from recovery.restore.stacks import Stack
from structure.core.analysis import Label
from structure.core.geometry import Box

FloatKind = Literal["figure", "table"]

_REACH_LH = 6.0
"""A caption stands at most this far from its picture or table."""
_SIDE_LH = 2.0
"""What a caption on the unusual side costs."""
_MAX_JOINT = 12
"""With more pictures on a page than this, captions are given out nearest first."""


@dataclass(frozen=True, slots=True)
class Float:
    """A picture or table that may own a caption."""

    box: Box
    kind: FloatKind


@dataclass(frozen=True, slots=True)
class Sides:
    """Whether captions stand above (else below)."""

    table_above: bool = True
    figure_above: bool = False

    def above(self, kind: FloatKind) -> bool:
        """Whether captions of `kind` stand above."""
        return self.table_above if kind == "table" else self.figure_above


def caption_of_stack(stack: Stack) -> FloatKind | Literal["any"] | None:
    """What a stack is the caption of, by its words or else its class; None for no caption."""
    first = stack.rows[0]
    label = first.label
    if label == Label.FIGURE_CAPTION:
        return "figure" if markers.caption_kind(first.text) != "table" else "table"
    if label == Label.TABLE_CAPTION:
        return "table" if markers.caption_kind(first.text) != "figure" else "figure"
    if stack.ledger or not markers.is_plain_caption(first.text):
        return None
    return markers.caption_kind(first.text)


def attach_captions(
    stacks: Sequence[Stack],
    floats: Sequence[Float],
    line_height: float,
    sides: Sides,
    options: RestoreOptions,
) -> dict[int, int]:
    """Give captions to pictures and tables: the cheapest assignment of all together.

    The cost of a pair is the gap between them, plus a penalty where the caption stands on the
    unusual side.

    Returns:
        For the index of each stack that is a caption the index of its picture or table.
    """
    costs: dict[int, dict[int, float]] = {}
    for i, stack in enumerate(stacks):
        kind = caption_of_stack(stack)
        if kind is None:
            continue
        for k, owner in enumerate(floats):
            cost = _cost(stack.box, owner, line_height, sides, options)
            if cost is not None and kind in ("any", owner.kind):
                costs.setdefault(i, {})[k] = cost
    return _assign(costs, len(floats))


def _cost(
    caption: Box, owner: Float, line_height: float, sides: Sides, options: RestoreOptions
) -> float | None:
    if caption.overlap_x(owner.box) < options.caption_overlap * min(caption.width, owner.box.width):
        return None
    above = caption.center[1] < owner.box.center[1]
    gap = owner.box.y0 - caption.y1 if above else caption.y0 - owner.box.y1
    if gap > _REACH_LH * line_height:
        return None
    unusual = above != sides.above(owner.kind)
    return max(gap, 0.0) + (2 * _SIDE_LH * line_height if unusual else 0.0)


def _assign(costs: dict[int, dict[int, float]], count: int) -> dict[int, int]:
    captions = sorted(costs)
    if count > _MAX_JOINT:
        return _nearest_first(costs)

    @cache
    def best(position: int, taken: int) -> tuple[int, float, tuple[int, ...]]:
        """(minus the captions placed, cost, choices) for the captions from `position` on."""
        if position == len(captions):
            return 0, 0.0, ()
        placed, cost, rest = best(position + 1, taken)
        options = [(placed, cost, (-1, *rest))]
        for k, own in costs[captions[position]].items():
            if not taken >> k & 1:
                placed, cost, rest = best(position + 1, taken | 1 << k)
                options.append((placed - 1, cost + own, (k, *rest)))
        return min(options)

    choices = best(0, 0)[2]
    return {i: k for i, k in zip(captions, choices, strict=True) if k >= 0}


def _nearest_first(costs: dict[int, dict[int, float]]) -> dict[int, int]:
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, k in sorted((cost, i, k) for i, row in costs.items() for k, cost in row.items()):
        if i not in found and k not in taken:
            found[i] = k
            taken.add(k)
    return found


def usual_sides(pairs: Sequence[tuple[FloatKind, bool]]) -> Sides:
    """On which side captions stand in this document, by majority.

    Without any, those of tables stand above and those of figures below.

    Args:
        pairs: (kind, caption stands above) of every caption that was attached.
    """
    tables = [above for kind, above in pairs if kind == "table"]
    figures = [above for kind, above in pairs if kind == "figure"]
    return Sides(
        table_above=2 * sum(tables) >= len(tables),
        figure_above=2 * sum(figures) > len(figures),
    )
