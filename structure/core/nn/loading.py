"""Arrays into networks, strictly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from structure.core.weights import refuse

_COUNTER = ".num_batches_tracked"


def load_arrays(
    network: nn.Module, arrays: Mapping[str, NDArray[np.generic]], source: Path
) -> None:
    """Fill every parameter and buffer of `network`; the counters of batch norms may be absent.

    Args:
        network: The network to fill.
        arrays: By the names of its state dict.
        source: The file that the arrays come from, for the message.

    Raises:
        ModelError: a name is missing or left over, a shape differs, or an array holds no numbers.
    """
    expected = {k: v for k, v in network.state_dict().items() if not k.endswith(_COUNTER)}
    given = {k: v for k, v in arrays.items() if not k.endswith(_COUNTER)}
    missing, unknown = expected.keys() - given.keys(), given.keys() - expected.keys()
    if missing or unknown:
        raise refuse(
            source,
            f"weights of another network: {len(missing)} tensors missing {sorted(missing)[:2]}, "
            f"{len(unknown)} unknown {sorted(unknown)[:2]}",
        )
    for name, parameter in expected.items():
        if tuple(parameter.shape) != given[name].shape or given[name].dtype.kind != "f":
            raise refuse(
                source,
                f"{name} is {given[name].dtype}{given[name].shape}, not {tuple(parameter.shape)}",
            )
    state = {k: torch.from_numpy(v.astype(np.float32)) for k, v in given.items()}
    network.load_state_dict(state, strict=False)
