"""Focal and global distillation (FGD): the small detector imitates the feature maps of a large one.

Source: FGD, arXiv 2111.11837; PP-StructureV2, arXiv 2210.05391, section 2.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

TEMPERATURE = 0.5
FOREGROUND_WEIGHT = 0.001
BACKGROUND_WEIGHT = 0.0005
ATTENTION_WEIGHT = 0.0005
RELATION_WEIGHT = 5e-6


class FgdTerms(NamedTuple):
    """The terms of one level, not weighted."""

    foreground: Tensor
    background: Tensor
    attention: Tensor
    relation: Tensor

    @property
    def total(self) -> Tensor:
        """Sum with the weights of the layout model."""
        return (
            FOREGROUND_WEIGHT * self.foreground
            + BACKGROUND_WEIGHT * self.background
            + ATTENTION_WEIGHT * self.attention
            + RELATION_WEIGHT * self.relation
        )


def fgd_terms(
    student: Tensor, teacher: Tensor, boxes: Sequence[Tensor], image: tuple[int, int]
) -> FgdTerms:
    """The terms for one level of the necks.

    The published relation blocks start as the identity and are never trained, so the relation term
    is the squared distance of the maps; this is what made the published weights.

    Args:
        student: (N, C, H, W).
        teacher: Likewise; no gradient flows into it.
        boxes: Per picture (G, 4) x0, y0, x1, y1 in pixels; pictures without boxes are left out.
        image: (height, width) of the pictures in pixels.
    """
    teacher = teacher.detach()
    told = [i for i, b in enumerate(boxes) if len(b)]
    zero = student.sum() * 0
    if not told:
        return FgdTerms(zero, zero, zero, zero)
    student, teacher = student[told], teacher[told]
    size = (student.shape[2], student.shape[3])
    foreground = torch.stack([foreground_mask(boxes[i], size, image) for i in told]).to(student)
    background = (foreground == 0).to(student)
    background = background / background.sum(dim=(1, 2), keepdim=True).clamp(min=1)

    spatial, channel = attention(teacher)
    own_spatial, own_channel = attention(student)
    distance = (student - teacher).square()
    focus = distance * spatial[:, None] * channel[:, :, None, None]
    count = len(told)
    gap = (channel - own_channel).abs().sum() + (spatial - own_spatial).abs().sum()
    return FgdTerms(
        (focus * foreground[:, None]).sum() / count,
        (focus * background[:, None]).sum() / count,
        gap / count,
        distance.sum() / count,
    )


def attention(features: Tensor) -> tuple[Tensor, Tensor]:
    """Where and in which channels a map is strong.

    Args:
        features: (N, C, H, W).

    Returns:
        (N, H, W) with sum H W, and (N, C) with sum C.
    """
    n, c, h, w = features.shape
    strength = features.abs()
    spatial = (strength.mean(dim=1) / TEMPERATURE).reshape(n, -1).softmax(dim=1) * (h * w)
    channel = (strength.mean(dim=(2, 3)) / TEMPERATURE).softmax(dim=1) * c
    return spatial.reshape(n, h, w), channel


def foreground_mask(boxes: Tensor, size: tuple[int, int], image: tuple[int, int]) -> Tensor:
    """One over the number of cells of the region, largest where regions overlap; 0 outside.

    Args:
        boxes: (G, 4) in pixels.
        size: (rows, columns) of the cells.
        image: (height, width) in pixels.
    """
    mask = torch.zeros(size)
    for x0, y0, x1, y1 in boxes.tolist():
        top, bottom = _span(y0, y1, size[0] / image[0])
        left, right = _span(x0, x1, size[1] / image[1])
        share = 1 / ((bottom - top) * (right - left))
        part = mask[max(top, 0) : bottom, max(left, 0) : right]
        part.clamp_(min=share)
    return mask


def _span(start: float, end: float, scale: float) -> tuple[int, int]:
    """First cell, and one past the last; the cell at the rounded-up end belongs to it."""
    return math.floor(start * scale), math.ceil(end * scale) + 1
