"""Average precision of detected regions, as COCO defines it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import Label, Region

IOU_THRESHOLDS = tuple(0.5 + 0.05 * i for i in range(10))
_RECALLS = np.linspace(0, 1, 101)
_PER_PAGE = 100


def average_precision(
    found: Sequence[Sequence[Region]],
    truth: Sequence[Sequence[Region]],
    *,
    thresholds: Sequence[float] = IOU_THRESHOLDS,
) -> dict[Label, float]:
    """Average precision of every label that occurs in the truth.

    Precision is taken at 101 values of recall and averaged over them and over the thresholds. At
    most 100 regions per page and label count.

    Args:
        found: Regions per page, with scores.
        truth: Regions per page; their scores are ignored.
        thresholds: IoU from which on a region counts as found; 0.5 to 0.95 is "AP .5:.95".

    Returns:
        Label -> 0 to 1.

    Raises:
        ValueError: `found` and `truth` have different numbers of pages.

    Source: the COCO detection evaluation, https://cocodataset.org/#detection-eval.
    """
    labels = sorted({region.label for page in truth for region in page})
    pages = list(zip(found, truth, strict=True))
    return {
        label: float(np.mean([_at(pages, label, threshold) for threshold in thresholds]))
        for label in labels
    }


def _at(
    pages: Sequence[tuple[Sequence[Region], Sequence[Region]]], label: Label, threshold: float
) -> float:
    scores: list[float] = []
    hits: list[bool] = []
    total = 0
    for found, truth in pages:
        own = sorted((r for r in found if r.label == label), key=lambda r: -r.score)[:_PER_PAGE]
        gold = [r for r in truth if r.label == label]
        total += len(gold)
        scores += [r.score for r in own]
        hits += match(own, gold, threshold)
    order = np.argsort(-np.array(scores), kind="stable")
    return _area(np.array(hits, bool)[order], total)


def match(found: Sequence[Region], gold: Sequence[Region], threshold: float) -> list[bool]:
    """Which of `found`, best first, hit a region that no better one has hit.

    Args:
        found: Regions of one page and label, best first.
        gold: The true ones.
        threshold: Smallest IoU of a hit.
    """
    free = list(gold)
    hits: list[bool] = []
    for region in found:
        best = max(free, key=lambda g: region.box.iou(g.box), default=None)
        hit = best is not None and region.box.iou(best.box) >= threshold
        if hit and best is not None:
            free.remove(best)
        hits.append(hit)
    return hits


def _area(hits: NDArray[np.bool_], total: int) -> float:
    """Mean of the interpolated precision at 101 recalls; `hits` are ordered by score."""
    caught = np.cumsum(hits)
    precision = caught / np.arange(1, len(hits) + 1)
    # Interpolated: the best precision at this recall or a higher one.
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(caught / total, _RECALLS, side="left")
    reached = places < len(hits)
    return float(np.where(reached, np.append(precision, 0)[places], 0).mean())
