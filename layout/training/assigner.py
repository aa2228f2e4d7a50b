"""Which cells learn which region: SimOTA."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from layout.training.boxes import giou, iou

_RADIUS = 2.5
_TOP = 10
_IOU_WEIGHT = 6.0
_OUTSIDE = 1e8
_ALPHA = 0.75
_GAMMA = 2.0


@dataclass(frozen=True, slots=True)
class Truth:
    """The regions of one picture.

    Attributes:
        boxes: (G, 4) x0, y0, x1, y1 in pixels of the network's input.
        classes: (G,) indices.
    """

    boxes: Tensor
    classes: Tensor


@torch.no_grad()
def assign(scores: Tensor, boxes: Tensor, centers: Tensor, steps: Tensor, truth: Truth) -> Tensor:
    """Give every region the cells that predict it at the lowest cost.

    Args:
        scores: (A, C) probabilities.
        boxes: (A, 4) predicted boxes in pixels.
        centers: (A, 2) middles of the cells in pixels.
        steps: (A,) pixels per cell.
        truth: The regions.

    Returns:
        (A,) index of the region, or -1 for background.

    Source: YOLOX, arXiv 2107.08430, section 2; PP-PicoDet, arXiv 2111.00902.
    """
    owner = torch.full((len(scores),), -1, dtype=torch.long, device=scores.device)
    gold = truth.boxes.to(boxes)
    if not len(gold):
        return owner
    inside, central = _inside(centers, gold), _central(centers, steps, gold)
    candidates = (inside | central).any(dim=1).nonzero()[:, 0]
    if not len(candidates):
        return owner
    predicted = boxes[candidates][:, None]
    overlaps = iou(predicted, gold)
    cost = (
        _class_cost(scores[candidates], overlaps, truth.classes.to(owner))
        + _IOU_WEIGHT * (1 - giou(predicted, gold))
        + _OUTSIDE * ~(inside & central)[candidates]
    )
    best = overlaps.topk(min(_TOP, len(candidates)), dim=0).values
    taken = torch.zeros_like(cost, dtype=torch.bool)
    for region, count in enumerate(best.sum(dim=0).int().clamp(min=1).tolist()):
        taken[cost[:, region].topk(min(count, len(candidates)), largest=False).indices, region] = (
            True
        )
    # A cell that several regions took goes to the cheapest of all regions, taken or not.
    contested = taken.sum(dim=1) > 1
    choice = torch.where(contested, cost.argmin(dim=1), taken.float().argmax(dim=1))
    chosen = taken.any(dim=1)
    owner[candidates[chosen]] = choice[chosen]
    return owner


def _inside(centers: Tensor, gold: Tensor) -> Tensor:
    """(A, G): whether the cell's middle lies strictly inside the region."""
    low = centers[:, None] > gold[:, :2]
    high = centers[:, None] < gold[:, 2:]
    return (low & high).all(dim=-1)


def _central(centers: Tensor, steps: Tensor, gold: Tensor) -> Tensor:
    """(A, G): whether the cell's middle lies near the middle of the region."""
    middle = (gold[:, :2] + gold[:, 2:]) / 2
    return ((centers[:, None] - middle).abs() < _RADIUS * steps[:, None, None]).all(dim=-1)


def _class_cost(scores: Tensor, overlaps: Tensor, classes: Tensor) -> Tensor:
    """(A, G): varifocal loss if the cell were given to the region, summed over the classes."""
    targets = torch.zeros(*overlaps.shape, scores.shape[1], device=scores.device)
    index = classes[None, :, None].expand(*overlaps.shape, 1)
    targets.scatter_(2, index, overlaps[..., None])
    probabilities = scores[:, None].expand_as(targets)
    weights = torch.where(
        targets > 0, targets, _ALPHA * (probabilities - targets).abs().pow(_GAMMA)
    )
    entropy = torch.nn.functional.binary_cross_entropy(probabilities, targets, reduction="none")
    return (weights * entropy).sum(dim=-1)
