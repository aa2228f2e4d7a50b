"""Building blocks that the orientation, layout and table networks share.

Attribute names are those of the original networks, so that a state dict lines up entry by entry.
"""

from __future__ import annotations

from torch import Tensor, nn


def make_divisible(channels: float, divisor: int = 8) -> int:
    """`channels` rounded to a multiple of `divisor`, at most 10 % below (arXiv 2109.15099)."""
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


class ConvBNAct(nn.Module):
    """Convolution without bias, batch norm, HardSwish: (B, in, H, W) -> (B, out, H/s, W/s)."""

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int = 1, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=False
        )
        self.bn = nn.BatchNorm2d(channels_out)
        self.act = nn.Hardswish()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.bn(self.conv(x)))


class SqueezeExcitation(nn.Module):
    """Channel weights from the mean of each channel; shape kept (arXiv 1709.01507)."""

    def __init__(self, channels: int, reduction: int = 4) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.conv1 = nn.Conv2d(channels, channels // reduction, 1)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(channels // reduction, channels, 1)
        self.gate = nn.Hardsigmoid()

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gate(self.conv2(self.relu(self.conv1(self.pool(x)))))


class DepthwiseSeparable(nn.Module):
    """Depthwise and pointwise `ConvBNAct`, with squeeze-and-excitation between where asked for."""

    def __init__(
        self, kernel: int, channels_in: int, channels_out: int, stride: int = 1, *, se: bool = False
    ) -> None:
        super().__init__()
        self.dw_conv = ConvBNAct(channels_in, channels_in, kernel, stride, groups=channels_in)
        self.se: nn.Module = SqueezeExcitation(channels_in) if se else nn.Identity()
        self.pw_conv = ConvBNAct(channels_in, channels_out)

    def forward(self, x: Tensor) -> Tensor:
        return self.pw_conv(self.se(self.dw_conv(x)))
