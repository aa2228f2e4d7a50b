"""PicoDet, the layout detector: PP-LCNet, CSP-PAN and a head of four levels.

The 2021 form, which PP-StructureV2 uses: one tower for classes and boxes, no align branch.

Source: PP-PicoDet, arXiv 2111.00902; PP-StructureV2, arXiv 2210.05391, section 2.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from layout.postprocess import BINS, STRIDES
from structure.core.nn.csp_pan import CSPPAN
from structure.core.nn.pp_lcnet import PPLCNet

_TOWER_DEPTH = 4
_KERNEL = 5


@dataclass(frozen=True, slots=True)
class PicoDetConfig:
    """What it takes to build the network.

    Attributes:
        classes: Number of classes.
        scale: Width multiplier of the backbone: 1.0, or 2.5 for the teacher.
        channels: Of neck and head.
    """

    classes: int = 10
    scale: float = 1.0
    channels: int = 128


class PicoDetOutput(NamedTuple):
    """One tensor per level, strides 8, 16, 32, 64; cells row by row.

    Attributes:
        logits: (B, cells, classes), before the sigmoid.
        edges: (B, cells, 4 * BINS), left, top, right, bottom, each with its bins.
    """

    logits: tuple[Tensor, ...]
    edges: tuple[Tensor, ...]


class ConvNorm(nn.Module):
    """Convolution without bias, batch norm, HardSwish; size kept. Named as in the original head."""

    def __init__(self, channels: int, kernel: int, groups: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            channels, channels, kernel, padding=kernel // 2, groups=groups, bias=False
        )
        self.norm = nn.BatchNorm2d(channels)
        self.act = nn.Hardswish()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.norm(self.conv(x)))


class PicoFeatures(nn.Module):
    """The towers: per level four times depthwise 5x5 and pointwise; no weights are shared."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        for level in range(len(STRIDES)):
            for kind, kernel, groups in (("dw", _KERNEL, channels), ("pw", 1, 1)):
                layers = [ConvNorm(channels, kernel, groups) for _ in range(_TOWER_DEPTH)]
                self.add_module(f"cls_conv_{kind}{level}", nn.ModuleList(layers))

    def forward(self, x: Tensor, level: int) -> Tensor:
        depthwise = self.get_submodule(f"cls_conv_dw{level}").children()
        pointwise = self.get_submodule(f"cls_conv_pw{level}").children()
        for dw, pw in zip(depthwise, pointwise, strict=True):
            x = pw(dw(x))
        return x


class PicoHead(nn.Module):
    """Class and edge logits from one tower per level."""

    def __init__(self, classes: int, channels: int) -> None:
        super().__init__()
        self.classes = classes
        self.conv_feat = PicoFeatures(channels)
        for level in range(len(STRIDES)):
            self.add_module(f"head_cls{level}", nn.Conv2d(channels, classes + 4 * BINS, 1))

    def forward(self, maps: list[Tensor]) -> PicoDetOutput:
        logits: list[Tensor] = []
        edges: list[Tensor] = []
        for level, x in enumerate(maps):
            both = self.get_submodule(f"head_cls{level}")(self.conv_feat(x, level))
            cells = both.flatten(2).transpose(1, 2)
            logits.append(cells[..., : self.classes])
            edges.append(cells[..., self.classes :])
        return PicoDetOutput(tuple(logits), tuple(edges))


class PicoDet(nn.Module):
    """The whole detector."""

    def __init__(self, config: PicoDetConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = PPLCNet(config.scale)
        self.neck = CSPPAN(self.backbone.channels[1:], config.channels, top_level=True)
        self.head = PicoHead(config.classes, config.channels)

    def features(self, x: Tensor) -> list[Tensor]:
        """(B, 3, H, W), sides multiples of 32 -> four maps (B, channels, ceil(H/s), ceil(W/s))."""
        return self.neck(self.backbone(x)[1:])

    def forward(self, x: Tensor) -> PicoDetOutput:
        """(B, 3, H, W), normalised RGB, sides multiples of 32 -> class and edge logits per cell."""
        return self.head(self.features(x))


def edge_distances(edges: Tensor) -> Tensor:
    """Mean of the distribution of every edge.

    Args:
        edges: (..., 4 * BINS) logits.

    Returns:
        (..., 4) distances from the centre of the cell in strides, 0 to BINS - 1.

    Source: Generalized Focal Loss, arXiv 2006.04388.
    """
    bins = edges.reshape(*edges.shape[:-1], 4, BINS).softmax(dim=-1)
    return bins @ torch.arange(BINS, dtype=edges.dtype, device=edges.device)
