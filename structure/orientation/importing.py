"""Released files of the orientation network to our state dict."""

from __future__ import annotations

from pathlib import Path

from structure.core.nn.paddle_names import number_parameters, paddle_arrays, rename
from structure.core.onnx_reader import read_onnx
from structure.core.weights import WeightFile
from structure.orientation.network import OrientationNetwork


def from_onnx(path: Path) -> WeightFile:
    """The weights in the released graph.

    Raises:
        ModelError: no readable graph, or the graph of another network.
    """
    file = read_onnx(path)
    names = number_parameters(OrientationNetwork(), ["backbone", "last_conv", "fc"])
    arrays = rename(paddle_arrays(file), names, ["fc.weight"], path)
    return WeightFile(arrays, {"labels": "\n".join(file.labels)})
