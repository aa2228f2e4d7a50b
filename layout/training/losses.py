"""The three terms of the detection loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from layout.network import PicoDetOutput, edge_distances
from layout.postprocess import BINS
from layout.training.assigner import Truth, assign
from layout.training.boxes import cell_centers, giou, iou

VFL_ALPHA = 0.75
VFL_GAMMA = 2.0
GIOU_WEIGHT = 2.0
DFL_WEIGHT = 0.25


def varifocal(logits: Tensor, targets: Tensor) -> Tensor:
    """Varifocal loss of every element.

    Args:
        logits: Any shape.
        targets: Likewise; the IoU of the predicted box for the class of a positive cell, else 0.

    Source: VarifocalNet, arXiv 2008.13367.
    """
    miss = (logits.detach().sigmoid() - targets).abs().pow(VFL_GAMMA)
    weights = torch.where(targets > 0, targets, VFL_ALPHA * miss)
    return weights * F.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def distribution_focal(edges: Tensor, targets: Tensor) -> Tensor:
    """Cross entropy against the two bins next to the target, of every edge.

    Args:
        edges: (..., BINS) logits.
        targets: (...) distances in strides, 0 to BINS - 1, the end excluded.

    Source: Generalized Focal Loss, arXiv 2006.04388.
    """
    low = targets.floor().long()
    log_probabilities = edges.log_softmax(dim=-1)
    at_low = log_probabilities.gather(-1, low[..., None])[..., 0]
    at_high = log_probabilities.gather(-1, low[..., None] + 1)[..., 0]
    return -((low + 1 - targets) * at_low + (targets - low) * at_high)


@dataclass(frozen=True, slots=True)
class DetectionLoss:
    """The terms, weighted; their sum is what is minimised.

    Attributes:
        classes: Varifocal loss.
        boxes: Generalised IoU loss.
        edges: Distribution focal loss.
        positives: Cells that were given a region.
    """

    classes: Tensor
    boxes: Tensor
    edges: Tensor
    positives: int

    @property
    def total(self) -> Tensor:
        """Sum of the three terms."""
        return self.classes + self.boxes + self.edges


def detection_loss(
    output: PicoDetOutput,
    sizes: list[tuple[int, int]],
    strides: tuple[int, ...],
    truths: Sequence[Truth],
) -> DetectionLoss:
    """The loss of one batch.

    Args:
        output: Of the network.
        sizes: (rows, columns) of the cells per level.
        strides: Pixels per cell, per level.
        truths: What is on each picture.
    """
    logits = torch.cat(output.logits, dim=1)
    edges = torch.cat(output.edges, dim=1)
    centers, steps = cell_centers(sizes, strides)
    centers, steps = centers.to(logits), steps.to(logits)
    distances = edge_distances(edges) * steps[:, None]
    boxes = torch.cat([centers - distances[..., :2], centers + distances[..., 2:]], dim=-1)

    targets = torch.zeros_like(logits)
    picture: list[Tensor] = []
    cell: list[Tensor] = []
    wanted: list[Tensor] = []
    count = 0
    for i, truth in enumerate(truths):
        owner = assign(logits[i].detach().sigmoid(), boxes[i].detach(), centers, steps, truth)
        positive = (owner >= 0).nonzero()[:, 0]
        gold = truth.boxes.to(logits)[owner[positive]]
        targets[i, positive, truth.classes.to(owner)[owner[positive]]] = iou(
            boxes[i, positive].detach(), gold
        )
        picture.append(torch.full_like(positive, i))
        cell.append(positive)
        wanted.append(gold)
        count += max(len(positive), 1)

    class_term = varifocal(logits, targets).sum() / count
    where, gold = (torch.cat(picture), torch.cat(cell)), torch.cat(wanted)
    weights = logits[where].detach().sigmoid().amax(dim=-1)
    scale = weights.sum().clamp(min=1)
    box_term = GIOU_WEIGHT * (weights * (1 - giou(boxes[where], gold))).sum() / scale
    edge_losses = distribution_focal(
        edges[where].reshape(-1, 4, BINS), edge_targets(centers[where[1]], steps[where[1]], gold)
    )
    edge_term = DFL_WEIGHT * (weights[:, None] * edge_losses).sum() / 4 / scale
    return DetectionLoss(class_term, box_term, edge_term, len(gold))


def edge_targets(centers: Tensor, steps: Tensor, boxes: Tensor) -> Tensor:
    """Distances to left, top, right, bottom in strides, as far as the bins reach.

    Args:
        centers: (N, 2).
        steps: (N,) pixels per cell.
        boxes: (N, 4).

    Returns:
        (N, 4), 0 to BINS - 1.1.
    """
    distances = torch.cat([centers - boxes[:, :2], boxes[:, 2:] - centers], dim=-1)
    return (distances / steps[:, None]).clamp(0, BINS - 1 - 0.1)
