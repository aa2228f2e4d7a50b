"""Table pictures to feature maps: by the CPU runtime, or by torch on any device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from structure.core.weights import Arrays

Floats = NDArray[np.float32]


class Encode(Protocol):
    """Pictures to features."""

    def __call__(self, images: Sequence[Floats]) -> list[Floats]:
        """(3, SIDE, SIDE) each, from `to_input` -> (T, channels) each."""
        ...


class TorchEncoder:
    """The network itself.

    Args:
        weights: State dict of `table.network.SLANet`.
        device: A torch device.

    Raises:
        ValueError: the weights are those of another network.
    """

    def __init__(self, weights: Arrays, device: str) -> None:
        # Imported here: torch takes seconds, and the CPU runtime does without it.
        import torch

        from table.network import SLANet, SLANetConfig

        classes, hidden = weights["head.structure_generator.1.weight"].shape
        locations = weights["head.loc_generator.1.weight"].shape[0]
        self._network = SLANet(SLANetConfig(classes, locations, hidden)).eval()
        state = {name: torch.from_numpy(np.array(value)) for name, value in weights.items()}
        counters = {
            name: value
            for name, value in self._network.state_dict().items()
            if name.endswith("num_batches_tracked")
        }
        try:
            self._network.load_state_dict(counters | state)
        except RuntimeError as error:
            raise ValueError(f"not the weights of this SLANet: {error}") from error
        self._network.to(device)
        # One by one on a CPU, where a batch is slower than its parts.
        self._batch = 1 if device == "cpu" else 16
        self._device = device

    def __call__(self, images: Sequence[Floats]) -> list[Floats]:
        """(3, SIDE, SIDE) each -> (T, channels) each."""
        import torch

        found: list[Floats] = []
        for start in range(0, len(images), self._batch):
            batch = torch.from_numpy(np.stack(images[start : start + self._batch]))
            with torch.inference_mode():
                found.extend(self._network.encode(batch.to(self._device)).cpu().numpy())
        return found
