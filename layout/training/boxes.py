"""Boxes as tensors: the last axis holds x0, y0, x1, y1."""

from __future__ import annotations

import torch
from torch import Tensor


def area(boxes: Tensor) -> Tensor:
    """(..., 4) -> (...), never negative."""
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(dim=-1)


def iou(a: Tensor, b: Tensor, smallest_union: float = 1e-6) -> Tensor:
    """Intersection over union of boxes that broadcast against each other, 0 to 1."""
    common = _common(a, b)
    return common / (area(a) + area(b) - common).clamp(min=smallest_union)


def giou(a: Tensor, b: Tensor, epsilon: float = 1e-9) -> Tensor:
    """Generalised IoU, -1 to 1, of boxes that broadcast against each other (arXiv 1902.09630)."""
    common = _common(a, b)
    union = area(a) + area(b) - common + epsilon
    low = torch.minimum(a[..., :2], b[..., :2])
    high = torch.maximum(a[..., 2:], b[..., 2:])
    hull = (high - low).clamp(min=0).prod(dim=-1) + epsilon
    return common / union - (hull - union) / hull


def _common(a: Tensor, b: Tensor) -> Tensor:
    low = torch.maximum(a[..., :2], b[..., :2])
    high = torch.minimum(a[..., 2:], b[..., 2:])
    return (high - low).clamp(min=0).prod(dim=-1)


def cell_centers(sizes: list[tuple[int, int]], strides: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Middles of the cells of all levels, row by row.

    Args:
        sizes: (rows, columns) per level.
        strides: Pixels per cell, per level.

    Returns:
        (A, 2) x and y in pixels, and (A,) the stride of each cell.
    """
    centers: list[Tensor] = []
    steps: list[Tensor] = []
    for (rows, columns), stride in zip(sizes, strides, strict=True):
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        centers.append((torch.stack([x, y], dim=-1).reshape(-1, 2) + 0.5) * stride)
        steps.append(torch.full((rows * columns,), float(stride)))
    return torch.cat(centers), torch.cat(steps)
