"""The classifier that tells how a page is turned: PP-LCNet x1.0 with four classes."""

from __future__ import annotations

from torch import Tensor, nn

from structure.core.nn.pp_lcnet import PPLCNet

HIDDEN = 1280
KEEP = 0.8


class OrientationNetwork(nn.Module):
    """PP-LCNet with global pooling, one hidden layer and a linear classifier.

    Args:
        scale: Width multiplier of the backbone.
        classes: Number of classes; here 0, 90, 180 and 270 degrees clockwise.

    Source: PP-LCNet, arXiv 2109.15099; PaddleClas, PULC text_image_orientation.
    """

    def __init__(self, scale: float = 1.0, classes: int = 4) -> None:
        super().__init__()
        self.backbone = PPLCNet(scale)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.last_conv = nn.Conv2d(self.backbone.channels[-1], HIDDEN, 1, bias=False)
        self.act = nn.Hardswish()
        self.fc = nn.Linear(HIDDEN, classes)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W), normalised RGB -> (B, classes) logits."""
        features = self.act(self.last_conv(self.pool(self.backbone(x)[-1])))
        # The original dropout (p = 0.2) masks without rescaling in training and multiplies by 1 - p
        # in inference; PyTorch's does neither. Without the factor all logits grow by a quarter.
        if self.training:
            features = features * features.new_full(features.shape, KEEP).bernoulli()
        else:
            features = features * KEEP
        return self.fc(features.flatten(1))
