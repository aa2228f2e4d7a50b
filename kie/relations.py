"""Which entities may be related, how they lie, and which relations to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kie.linker import link_costs
from kie.types import GRID, IntBox, Relation

NEAREST_KEYS = 12
"""Of a value, by the gaps between the boxes; holds 99 % of the pairs on public forms."""

NEAREST_CELLS = 8
"""Of a value, among the other values of about its height on the page."""

THRESHOLD = 0.5

HEADER, QUESTION, ANSWER = range(3)
"""Kinds of entities for relations; not the order of the tags."""

_STEPS = np.array([0.0, 5.0, 20.0, 60.0, 180.0])
"""Thousandths of the page height where a gap falls into the next bucket."""

BUCKETS = 2 * len(_STEPS) + 1
GEOMETRY = 2 * BUCKETS + 4
"""Numbers that describe how the boxes of a pair lie."""

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]


def candidate_pairs(
    boxes: Sequence[IntBox], kinds: Sequence[int], aspect: float
) -> tuple[IntArray, IntArray]:
    """The pairs worth a look: values with the nearest keys and with the nearest cells of a row.

    Args:
        boxes: Of the entities.
        kinds: `HEADER`, `QUESTION` or `ANSWER` of each.
        aspect: Width of the page over its height.

    Returns:
        (P,) heads and (P,) tails; every tail is an answer.
    """
    kind = np.asarray(kinds, np.int64)
    questions, answers = np.flatnonzero(kind == QUESTION), np.flatnonzero(kind == ANSWER)
    dx, dy = _gaps(boxes, aspect)
    pairs = [
        _nearest((dx + 2 * dy)[np.ix_(answers, questions)], answers, questions, NEAREST_KEYS),
        _nearest(
            _without_self((0.1 * dx + 2 * dy)[np.ix_(answers, answers)]),
            answers,
            answers,
            NEAREST_CELLS,
        ),
    ]
    return tuple(np.concatenate(side) for side in zip(*pairs, strict=True))  # type: ignore[return-value]


def _without_self(costs: NDArray[np.float64]) -> NDArray[np.float64]:
    costs[np.diag_indices(len(costs))] = np.inf
    return costs


def _nearest(
    costs: NDArray[np.float64], tails: IntArray, heads: IntArray, count: int
) -> tuple[IntArray, IntArray]:
    """For every row the `count` cheapest columns, as heads and tails; infinite ones are no pair."""
    order = np.argsort(costs, axis=1, kind="stable")[:, :count]
    finite = np.isfinite(np.take_along_axis(costs, order, axis=1))
    rows = np.broadcast_to(np.arange(len(tails))[:, None], order.shape)
    return heads[order[finite]], tails[rows[finite]]


def _gaps(
    boxes: Sequence[IntBox], aspect: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(E, E) gaps of all boxes on both axes, in thousandths of the page height."""
    table = np.array(boxes, np.float64).reshape(-1, 4)
    x0, y0, x1, y1 = table.T
    dx = np.maximum(0, np.maximum(x0[:, None] - x1[None], x0[None] - x1[:, None]))
    dy = np.maximum(0, np.maximum(y0[:, None] - y1[None], y0[None] - y1[:, None]))
    return dx * aspect, dy


def pair_geometry(
    boxes: Sequence[IntBox], heads: IntArray, tails: IntArray, aspect: float
) -> FloatArray:
    """How the boxes of pairs lie.

    Args:
        boxes: Of the entities.
        heads: (P,) entities.
        tails: (P,) entities.
        aspect: Width of the page over its height.

    Returns:
        (P, `GEOMETRY`) zeros and ones: bucket of the signed gap sideways, likewise downwards, then
        whether they share a row, a column, a left and a right edge.
    """
    table = np.array(boxes, np.float64).reshape(-1, 4)
    h, t = table[heads], table[tails]
    dx = _signed_gap(h[:, 0], h[:, 2], t[:, 0], t[:, 2]) * aspect
    dy = _signed_gap(h[:, 1], h[:, 3], t[:, 1], t[:, 3])
    found = np.zeros((len(heads), GEOMETRY), np.float32)
    rows = np.arange(len(heads))
    found[rows, _bucket(dx)] = 1
    found[rows, BUCKETS + _bucket(dy)] = 1
    edge = 0.006 * GRID
    flags = (dy == 0, dx == 0, abs(h[:, 0] - t[:, 0]) < edge, abs(h[:, 2] - t[:, 2]) < edge)
    found[:, 2 * BUCKETS :] = np.stack(flags, axis=1)
    return found


def _signed_gap(
    a0: NDArray[np.float64],
    a1: NDArray[np.float64],
    b0: NDArray[np.float64],
    b1: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Positive where b lies behind a, negative where before it, 0 where they overlap."""
    return np.maximum(0, b0 - a1) - np.maximum(0, a0 - b1)


def _bucket(gap: NDArray[np.float64]) -> IntArray:
    size = np.searchsorted(_STEPS, np.abs(gap), side="left")
    return (len(_STEPS) + np.sign(gap).astype(np.int64) * size).astype(np.int64)


def pair_costs(
    boxes: Sequence[IntBox], heads: IntArray, tails: IntArray, aspect: float
) -> FloatArray:
    """(P,) cost of the geometric rule, in hundreds of its unit."""
    if not len(heads):
        return np.zeros(0, np.float32)
    costs = link_costs(boxes, boxes, aspect=aspect)
    return (costs[tails, heads] / 100).astype(np.float32)


def choose(
    heads: IntArray,
    tails: IntArray,
    probabilities: FloatArray,
    kinds: Sequence[int],
    costs: FloatArray,
) -> list[Relation]:
    """For every value its best key, and for every cell the first cell of its row.

    Args:
        heads: (P,) entities.
        tails: (P,) entities.
        probabilities: (P, 3) none, key and value, same row.
        kinds: Of the entities.
        costs: (P,) of the geometric rule; the cheaper of two equally probable heads is taken.

    Returns:
        Relations whose probability is above one half, by tail.
    """
    key = np.asarray(kinds, np.int64)[heads] == QUESTION if len(heads) else np.zeros(0, bool)
    found: list[Relation] = []
    types: tuple[tuple[int, Literal["key_value", "same_row"], NDArray[np.bool_]], ...] = (
        (1, "key_value", key),
        (2, "same_row", ~key),
    )
    for column, name, possible in types:
        best: dict[int, tuple[float, float, int]] = {}
        for p in np.flatnonzero(possible & (probabilities[:, column] > THRESHOLD)):
            rank = (float(probabilities[p, column]), -float(costs[p]), int(heads[p]))
            best[int(tails[p])] = max(best.get(int(tails[p]), rank), rank)
        found += [Relation(head, tail, name, score) for tail, (score, _, head) in best.items()]
    return sorted(found, key=lambda relation: (relation.tail, relation.type))
