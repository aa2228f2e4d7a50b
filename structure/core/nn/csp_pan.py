"""CSP-PAN, the neck of PicoDet and SLANet.

Source: arXiv 2111.00902, section 3.2; arXiv 2210.05391, section 2.2.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from structure.core.nn.blocks import ConvBNAct


class DepthwisePointwise(nn.Module):
    """Depthwise 5x5, batch norm, HardSwish, pointwise, batch norm, HardSwish; channels kept."""

    def __init__(self, channels: int, kernel: int = 5, stride: int = 1) -> None:
        super().__init__()
        self.dwconv = nn.Conv2d(
            channels, channels, kernel, stride, kernel // 2, groups=channels, bias=False
        )
        self.bn1 = nn.BatchNorm2d(channels)
        self.pwconv = nn.Conv2d(channels, channels, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.act = nn.Hardswish()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.bn2(self.pwconv(self.act(self.bn1(self.dwconv(x))))))


class Bottleneck(nn.Module):
    """1x1, then depthwise and pointwise; a residual shortcut is left out on purpose."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.conv1 = ConvBNAct(channels, channels)
        self.conv2 = DepthwisePointwise(channels, kernel)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv2(self.conv1(x))


class CSPLayer(nn.Module):
    """Cross stage partial layer: half of the channels take the bottleneck, half go by it."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int) -> None:
        super().__init__()
        mid = channels_out // 2
        self.main_conv = ConvBNAct(channels_in, mid)
        self.short_conv = ConvBNAct(channels_in, mid)
        self.final_conv = ConvBNAct(2 * mid, channels_out)
        self.blocks = nn.Sequential(Bottleneck(mid, kernel))

    def forward(self, x: Tensor) -> Tensor:
        # The order matters: the released weights expect the main branch first.
        return self.final_conv(
            torch.cat([self.blocks(self.main_conv(x)), self.short_conv(x)], dim=1)
        )


class ChannelProjector(nn.Module):
    """A 1x1 convolution per level to one common number of channels."""

    def __init__(self, channels_in: Sequence[int], channels_out: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList(ConvBNAct(c, channels_out) for c in channels_in)

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        return [conv(x) for conv, x in zip(self.convs, maps, strict=True)]


class CSPPAN(nn.Module):
    """Top-down and bottom-up fusion of feature maps.

    Args:
        channels_in: Channels of the maps, finest first; each has half the size of the one before.
        channels: Channels of every output.
        kernel: Side of the depthwise kernels.
        top_level: Add one coarser output, made of the coarsest input and output (PicoDet).
    """

    def __init__(
        self, channels_in: Sequence[int], channels: int, *, kernel: int = 5, top_level: bool = False
    ) -> None:
        super().__init__()
        steps = len(channels_in) - 1
        self.conv_t = ChannelProjector(channels_in, channels)
        self.first_top_conv = DepthwisePointwise(channels, kernel, 2) if top_level else None
        self.second_top_conv = DepthwisePointwise(channels, kernel, 2) if top_level else None
        self.top_down_blocks = nn.ModuleList(
            CSPLayer(2 * channels, channels, kernel) for _ in range(steps)
        )
        self.downsamples = nn.ModuleList(
            DepthwisePointwise(channels, kernel, 2) for _ in range(steps)
        )
        self.bottom_up_blocks = nn.ModuleList(
            CSPLayer(2 * channels, channels, kernel) for _ in range(steps)
        )

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """Fuse maps (B, C_i, H/2^i, W/2^i), finest first, into as many, or one more."""
        projected = self.conv_t(maps)
        down = [projected[-1]]
        for block, lateral in zip(self.top_down_blocks, projected[-2::-1], strict=True):
            coarse = F.interpolate(down[0], size=lateral.shape[-2:], mode="nearest")
            down.insert(0, block(torch.cat([coarse, lateral], dim=1)))
        out = [down[0]]
        for shrink, block, lateral in zip(
            self.downsamples, self.bottom_up_blocks, down[1:], strict=True
        ):
            out.append(block(torch.cat([shrink(out[-1]), lateral], dim=1)))
        if self.first_top_conv is not None and self.second_top_conv is not None:
            out.append(self.first_top_conv(projected[-1]) + self.second_top_conv(out[-1]))
        return out
