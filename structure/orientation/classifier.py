"""Which way up a page is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from structure.core.images import RGBImage
from structure.core.runtime import open_graph
from structure.orientation.postprocess import CLEAR, TELLING, Orientation, decide, softmax
from structure.orientation.preprocess import parts, to_batch
from structure.orientation.weights import RELEASED

FloatArray = NDArray[np.float32]


class OrientationClassifier:
    """Tells pages that are turned by 90, 180 or 270 degrees.

    Args:
        network: (B, 3, 224, 224) normalised RGB -> a tuple with (B, 4) logits.
    """

    def __init__(self, network: Callable[[FloatArray], tuple[FloatArray, ...]]) -> None:
        self.network = network

    @classmethod
    def from_pretrained(cls, *, device: str = "cpu", threads: int = 1) -> Self:
        """The released network, without PyTorch on the CPU.

        Args:
            device: "cpu", or a device of PyTorch.
            threads: How many threads one call may use on the CPU.

        Raises:
            ModelError: the weights are missing or changed, or there is no such device.
        """
        weights = RELEASED["orientation"]
        if device == "cpu":
            weights.check()
            return cls(open_graph(weights.graph, threads=threads))
        # Imported here: PyTorch takes seconds and the CPU does without.
        from structure.core.nn.loading import load_arrays
        from structure.core.nn.running import as_function
        from structure.orientation.network import OrientationNetwork

        network = OrientationNetwork()
        load_arrays(network, weights.read().arrays, weights.path)
        return cls(as_function(network, device))

    def __call__(self, pages: Sequence[RGBImage]) -> list[Orientation]:
        """One answer per page.

        Args:
            pages: (H, W, 3) uint8 RGB.
        """
        if not pages:
            return []
        first = self._look(pages)
        return [
            decide(row if row.max() >= CLEAR else self._look_closely(page, row))
            for page, row in zip(pages, first, strict=True)
        ]

    def _look(self, pictures: Sequence[RGBImage]) -> FloatArray:
        return softmax(self.network(to_batch(pictures))[0])

    def _look_closely(self, page: RGBImage, first: FloatArray) -> FloatArray:
        """The mean over the page and its parts, as far as these say anything."""
        looks = np.vstack([first[None], self._look(parts(page))])
        telling = looks[looks.max(axis=1) >= TELLING]
        return telling.mean(axis=0) if len(telling) else first
