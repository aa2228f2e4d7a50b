"""Networks as functions of arrays, like the graphs of the CPU runtime."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from structure.core.errors import ModelError, one_line

FloatArray = NDArray[np.float32]


def as_function(network: nn.Module, device: str) -> Callable[[FloatArray], tuple[FloatArray, ...]]:
    """A function from one array to a flat tuple of arrays, computed in float32 on `device`.

    Args:
        network: Takes one tensor and returns a tensor, or a (nested) sequence of tensors.
        device: As PyTorch names it, for example "cpu" or "cuda".

    Raises:
        ModelError: there is no such device.
    """
    try:
        network = network.to(device).eval()
    except (RuntimeError, AssertionError) as error:
        raise ModelError(
            f"the device {one_line(device, 20)} cannot be used ({one_line(str(error), 80)})",
            hint='try device="cpu"',
        ) from error

    @torch.inference_mode()
    def run(batch: FloatArray) -> tuple[FloatArray, ...]:
        # A copy, because PyTorch warns about arrays that cannot be written to.
        tensor = torch.tensor(batch, dtype=torch.float32, device=device)
        return tuple(part.cpu().numpy() for part in _flat(network(tensor)))

    return run


def _flat(result: Tensor | Sequence[Tensor]) -> list[Tensor]:
    if isinstance(result, Tensor):
        return [result]
    return [tensor for part in result for tensor in _flat(part)]
