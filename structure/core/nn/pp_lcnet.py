"""PP-LCNet, the backbone of the orientation, layout and table networks (arXiv 2109.15099)."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from structure.core.nn.blocks import ConvBNAct, DepthwiseSeparable, make_divisible


class Row(NamedTuple):
    """One depthwise separable block, channels at scale 1."""

    kernel: int
    channels_in: int
    channels_out: int
    stride: int
    se: bool = False


STAGES: dict[str, tuple[Row, ...]] = {
    "blocks2": (Row(3, 16, 32, 1),),
    "blocks3": (Row(3, 32, 64, 2), Row(3, 64, 64, 1)),
    "blocks4": (Row(3, 64, 128, 2), Row(3, 128, 128, 1)),
    "blocks5": (Row(3, 128, 256, 2), *(Row(5, 256, 256, 1) for _ in range(5))),
    "blocks6": (Row(5, 256, 512, 2, se=True), Row(5, 512, 512, 1, se=True)),
}


class PPLCNet(nn.Module):
    """The feature maps of PP-LCNet.

    Args:
        scale: Width multiplier, 0.25 to 2.5.
    """

    def __init__(self, scale: float = 1.0) -> None:
        super().__init__()

        def width(channels: int) -> int:
            return make_divisible(channels * scale)

        self.conv1 = ConvBNAct(3, width(16), 3, 2)
        for name, rows in STAGES.items():
            blocks = [
                DepthwiseSeparable(
                    r.kernel, width(r.channels_in), width(r.channels_out), r.stride, se=r.se
                )
                for r in rows
            ]
            self.add_module(name, nn.Sequential(*blocks))
        self.channels: tuple[int, ...] = tuple(width(c) for c in (64, 128, 256, 512))

    def forward(self, x: Tensor) -> list[Tensor]:
        """(B, 3, H, W) -> four maps (B, `channels[i]`, H/s, W/s) with strides s = 4, 8, 16, 32."""
        x = self.get_submodule("blocks2")(self.conv1(x))
        maps: list[Tensor] = []
        for name in ("blocks3", "blocks4", "blocks5", "blocks6"):
            x = self.get_submodule(name)(x)
            maps.append(x)
        return maps
