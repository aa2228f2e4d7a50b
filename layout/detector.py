"""Finding the parts of a page."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from layout.labels import to_labels
from layout.postprocess import STRIDES, decode, resolve, to_regions
from layout.preprocess import IMAGE_SIZE, to_batch
from layout.weights import RELEASED
from structure.core.analysis import Label, Region
from structure.core.errors import ConfigError
from structure.core.images import RGBImage
from structure.core.runtime import open_graph

FloatArray = NDArray[np.float32]


class LayoutDetector:
    """PicoDet: text, titles, tables, figures and so on, each with a box.

    Args:
        network: (B, 3, 800, 608) normalised RGB -> class logits of the four levels, (B, cells, C)
            each, then edge logits, (B, cells, 32) each.
        labels: What the classes are.
    """

    def __init__(
        self, network: Callable[[FloatArray], tuple[FloatArray, ...]], labels: Sequence[Label]
    ) -> None:
        self.network = network
        self.labels = tuple(labels)

    @classmethod
    def from_pretrained(
        cls,
        name: str = "cdla",
        folder: Path | None = None,
        *,
        device: str = "cpu",
        threads: int = 1,
    ) -> Self:
        """A released network, without PyTorch on the CPU.

        Args:
            name: A key of `layout.weights.RELEASED`.
            folder: Where its files lie, if not in the package.
            device: "cpu", or a device of PyTorch.
            threads: How many threads one call may use on the CPU.

        Raises:
            ConfigError: nothing of that name is released.
            ModelError: the weights are missing or changed, or there is no such device.
        """
        if name not in RELEASED:
            raise ConfigError(
                f"no layout detector is called {name}", hint=f"choose from {', '.join(RELEASED)}"
            )
        weights = RELEASED[name].at(folder)
        weights.check()
        if device != "cpu":
            return cls.from_file(weights.path, device=device)
        labels = to_labels(weights.labels, len(weights.labels), weights.path)
        return cls(open_graph(weights.graph, threads=threads), labels)

    @classmethod
    def from_file(
        cls, path: str | os.PathLike[str], *, labels: Sequence[str] = (), device: str = "cpu"
    ) -> Self:
        """A user's weights, run by PyTorch.

        Args:
            path: .safetensors with our names, .onnx as Paddle exports it, or .pdparams.
            labels: Names of the classes; by default those in the file, or those of the published
                model with as many classes.
            device: A device of PyTorch.

        Raises:
            ModelError: the file cannot be read, holds another network, or has unknown classes; or
                there is no such device.
        """
        # Imported here: PyTorch takes seconds, and the released weights do without.
        from layout.importing import detector_config, read_detector
        from layout.network import PicoDet
        from structure.core.nn.loading import load_arrays
        from structure.core.nn.running import as_function

        source = Path(path)
        file = read_detector(source)
        config = detector_config(file.arrays, source)
        names = to_labels(labels or file.labels, config.classes, source)
        network = PicoDet(config)
        load_arrays(network, file.arrays, source)
        return cls(as_function(network, device), names)

    def __call__(self, pages: Sequence[RGBImage], *, min_score: float = 0.5) -> list[list[Region]]:
        """The regions of every page, best first, in pixels of the page.

        Args:
            pages: (H, W, 3) uint8 RGB, upright.
            min_score: 0 to 1; regions below are left out.
        """
        return [self._detect(page, min_score) for page in pages]

    def _detect(self, page: RGBImage, min_score: float) -> list[Region]:
        # Page by page: on a CPU a batch is no faster, and it needs more memory.
        output = [part[0] for part in self.network(to_batch([page]))]
        logits, edges = output[: len(STRIDES)], output[len(STRIDES) :]
        cells = decode(logits, edges, IMAGE_SIZE, min_score=min_score)
        height, width = page.shape[:2]
        return resolve(
            to_regions(cells, self.labels, IMAGE_SIZE, (height, width), min_score=min_score)
        )
