"""Table pictures to features: by the CPU runtime, or by torch on any device."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from structure.core.runtime import open_graph
from structure.core.weights import Arrays

Floats = NDArray[np.float32]

_BATCH = 16  # pictures at once on a GPU


class Encode(Protocol):
    """What turns pictures into features."""

    def __call__(self, images: Sequence[Floats]) -> list[Floats]:
        """(3, SIDE, SIDE) each, from `to_input` -> (T, channels) each."""
        ...


class GraphEncoder:
    """The exported encoder in the CPU runtime, one picture after the other.

    Args:
        path: The graph.
        threads: CPU threads of one call.

    Raises:
        ModelError: the graph cannot be read.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._graph = open_graph(path, threads=threads)

    def __call__(self, images: Sequence[Floats]) -> list[Floats]:
        """(3, SIDE, SIDE) each -> (T, channels) each."""
        return [self._graph(image[None])[0][0] for image in images]


class TorchEncoder:
    """The network itself: for a GPU, and for weights without an exported graph.

    Args:
        weights: State dict of `table.network.SLANet`.
        source: The file that they come from, for messages.
        device: A torch device.

    Raises:
        ModelError: the weights are those of another network, or there is no such device.
    """

    def __init__(self, weights: Arrays, source: Path, device: str) -> None:
        # Imported here: torch takes seconds, and the CPU runtime does without it.
        from structure.core.nn.loading import load_arrays
        from structure.core.nn.running import as_function
        from table.importing import network_config
        from table.network import SLANet, TableEncoder

        network = SLANet(network_config(weights, source))
        load_arrays(network, weights, source)
        encoder = TableEncoder(network.config.channels)
        encoder.backbone, encoder.neck = network.backbone, network.neck
        self._run = as_function(encoder, device)
        # On a CPU a batch is slower than its parts.
        self._batch = 1 if device == "cpu" else _BATCH

    def __call__(self, images: Sequence[Floats]) -> list[Floats]:
        """(3, SIDE, SIDE) each -> (T, channels) each."""
        found: list[Floats] = []
        for start in range(0, len(images), self._batch):
            found.extend(self._run(np.stack(images[start : start + self._batch]))[0])
        return found
