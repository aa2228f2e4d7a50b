"""Network output to regions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import Label, Region
from structure.core.geometry import Box

FloatArray = NDArray[np.float32]

STRIDES = (8, 16, 32, 64)
"""Pixels per cell of the levels."""

BINS = 8
"""Each edge of a box is a distribution over 0 to `BINS` - 1 strides."""

MAX_IOU = 0.5
_PER_LEVEL = 1000
_CANDIDATES = 200
_KEPT = 100

_SAME_IOU = 0.7
_IN_TABLE = 0.8
_SURE_TABLE = 0.5
_GRAPHIC = frozenset({Label.FIGURE, Label.TABLE})
_CAPTIONS = frozenset({Label.FIGURE_CAPTION, Label.TABLE_CAPTION})


class Cells(NamedTuple):
    """Cells of the feature maps that may hold a region.

    Attributes:
        boxes: (N, 4) x0, y0, x1, y1 in pixels of the network's input, not clipped.
        scores: (N, C), 0 to 1.
    """

    boxes: FloatArray
    scores: FloatArray


def integral(edges: FloatArray) -> FloatArray:
    """Mean of the distribution of every edge.

    Args:
        edges: (N, 4 * BINS) logits: left, top, right, bottom, each with its bins.

    Returns:
        (N, 4) distances from the middle of the cell in strides, 0 to BINS - 1.

    Source: Generalized Focal Loss, arXiv 2006.04388.
    """
    bins = edges.reshape(-1, 4, BINS)
    powers = np.exp(bins - bins.max(axis=-1, keepdims=True))
    steps = np.arange(BINS, dtype=np.float32)
    result: FloatArray = (powers @ steps) / powers.sum(axis=-1)
    return result


def decode(
    logits: Sequence[FloatArray],
    edges: Sequence[FloatArray],
    size: tuple[int, int],
    *,
    min_score: float,
) -> Cells:
    """The cells of one picture whose best score is above `min_score`.

    Scores are looked at first, so that boxes are computed for a few dozen cells and not for 10,000.

    Args:
        logits: Per level (cells, C), before the sigmoid; cells row by row.
        edges: Per level (cells, 4 * BINS) logits.
        size: (height, width) of the network's input.
        min_score: 0 to 1.
    """
    boxes: list[FloatArray] = []
    scores: list[FloatArray] = []
    least = _logit(min_score)
    for stride, level_logits, level_edges in zip(STRIDES, logits, edges, strict=True):
        best = level_logits.max(axis=1)
        cells = np.flatnonzero(best > least)
        cells = cells[np.argsort(-best[cells], kind="stable")[:_PER_LEVEL]]
        scores.append(np.reciprocal(1 + np.exp(-level_logits[cells])))
        columns = -(-size[1] // stride)
        x = (cells % columns + 0.5) * stride
        y = (cells // columns + 0.5) * stride
        left, top, right, bottom = (integral(level_edges[cells]) * stride).T
        boxes.append(np.stack([x - left, y - top, x + right, y + bottom], 1).astype(np.float32))
    return Cells(np.concatenate(boxes), np.concatenate(scores))


def _logit(probability: float) -> float:
    if not 0 < probability < 1:
        return -math.inf if probability <= 0 else math.inf
    return math.log(probability / (1 - probability))


def suppress(boxes: FloatArray, scores: FloatArray, max_iou: float = MAX_IOU) -> NDArray[np.intp]:
    """Greedy non-maximum suppression in one class.

    Args:
        boxes: (N, 4).
        scores: (N,).
        max_iou: A box that overlaps a better one more than this is dropped.

    Returns:
        Indices of the boxes that stay, best first; at most 100, from the 200 best.
    """
    order = np.argsort(-scores, kind="stable")[:_CANDIDATES]
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    kept: list[np.intp] = []
    while len(order) and len(kept) < _KEPT:
        first, rest = order[0], order[1:]
        kept.append(first)
        low = np.maximum(boxes[first, :2], boxes[rest, :2])
        high = np.minimum(boxes[first, 2:], boxes[rest, 2:])
        common = np.prod(np.maximum(high - low, 0), axis=1)
        order = rest[common / (areas[first] + areas[rest] - common + 1e-5) <= max_iou]
    return np.array(kept, np.intp)


def to_regions(
    cells: Cells,
    labels: Sequence[Label],
    size: tuple[int, int],
    page: tuple[int, int],
    *,
    min_score: float,
) -> list[Region]:
    """Suppress doubles in every class and scale to the page.

    Args:
        cells: Of one picture.
        labels: Of the classes; several classes may share one.
        size: (height, width) of the network's input.
        page: (height, width) of the page in pixels.
        min_score: 0 to 1.

    Returns:
        Regions in pixels of the page, inside it, best first. One place can have two labels.
    """
    # In the order x0, y0, x1, y1: clipped to the input, then scaled to the page.
    high = np.array([size[1], size[0], size[1], size[0]], np.float32)
    scale = np.array([page[1], page[0], page[1], page[0]]) / high
    regions: list[Region] = []
    for column, label in enumerate(labels):
        chosen = np.flatnonzero(cells.scores[:, column] > min_score)
        scores = cells.scores[chosen, column]
        for i in suppress(cells.boxes[chosen], scores):
            corners = np.clip(cells.boxes[chosen[i]], 0, high) * scale
            regions.append(Region(Box(*map(float, corners)), label, float(scores[i])))
    return sorted(regions, key=lambda r: (-r.score, r.label, r.box.as_tuple()))


def resolve(regions: Sequence[Region]) -> list[Region]:
    """One label per place.

    Of two text regions with an IoU above 0.7, and of two graphic ones, the better stays; text that
    lies in a table to 80 % belongs to it, unless it is a caption or the table scores below 0.5.

    Args:
        regions: Best first.

    Returns:
        Those that stay, in the same order.
    """
    kept: list[Region] = []
    for region in regions:
        rivals = (r for r in kept if (r.label in _GRAPHIC) == (region.label in _GRAPHIC))
        if all(region.box.iou(rival.box) <= _SAME_IOU for rival in rivals):
            kept.append(region)
    tables = [r.box for r in kept if r.label == Label.TABLE and r.score >= _SURE_TABLE]
    free = _GRAPHIC | _CAPTIONS
    return [
        r
        for r in kept
        if r.label in free or all(r.box.covered_by(table) < _IN_TABLE for table in tables)
    ]
