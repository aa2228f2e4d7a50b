"""Weights of SLANet from graphs that Paddle exported, and from its checkpoints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from structure.core.nn.paddle_names import csp_pan_modules, number_parameters, paddle_arrays, rename
from structure.core.onnx_reader import read_onnx
from structure.core.paddle_reader import read_pdparams
from structure.core.weights import Arrays, WeightFile, read_safetensors, refuse
from table.network import SLANet, SLANetConfig
from table.vocabulary import CHINESE, ENGLISH

_CELL = "head.structure_attention_cell"
# In the order of construction, by which Paddle numbers them; it stores their weights as (in, out).
_LINEAR = (
    *(f"{_CELL}.{part}" for part in ("i2h", "h2h", "score")),
    *(f"head.{part}.{i}" for part in ("structure_generator", "loc_generator") for i in (0, 1)),
)
_GRU = {"weight_ih": "w_0", "weight_hh": "w_1", "bias_ih": "b_0", "bias_hh": "b_1"}
_TRANSPOSED = tuple(f"{name}.weight" for name in _LINEAR)


def read_weights(path: Path) -> WeightFile:
    """Read a file of SLANet weights.

    Args:
        path: `.safetensors` with our names, `.onnx` as exported by Paddle, or `.pdparams`.

    Returns:
        The arrays by our names; the vocabulary under `labels`.

    Raises:
        ModelError: the file cannot be read, or holds another network.
    """
    suffix = path.suffix.lower()
    if suffix == ".safetensors":
        arrays = read_safetensors(path).arrays
    elif suffix == ".onnx":
        arrays = rename(paddle_arrays(read_onnx(path)), paddle_names(), _TRANSPOSED, path)
    elif suffix == ".pdparams":
        arrays = {
            name: array.T if name in _TRANSPOSED else array
            for name, array in read_pdparams(path).arrays.items()
        }
    else:
        raise refuse(path, "unknown kind of weight file", "bring .safetensors, .onnx or .pdparams")
    bias = arrays.get("head.structure_generator.1.bias")
    vocabularies = {len(tokens): tokens for tokens in (CHINESE, ENGLISH)}
    if bias is None or bias.size not in vocabularies:
        raise refuse(path, "not a SLANet with one of the known vocabularies")
    return WeightFile(_plain(arrays), {"labels": "\n".join(vocabularies[bias.size])})


def network_config(arrays: Arrays, path: Path) -> SLANetConfig:
    """What the shapes say about the network.

    Args:
        arrays: State dict; three matrices of the head are looked at.
        path: The file concerned, for the message.

    Raises:
        ModelError: these are missing or of an impossible shape.
    """
    wanted = ("structure_generator.1", "loc_generator.1", "structure_attention_cell.i2h")
    shapes = [arrays[key].shape for name in wanted if (key := f"head.{name}.weight") in arrays]
    if len(shapes) < len(wanted) or any(len(shape) != 2 for shape in shapes):
        raise refuse(path, "not the weights of a SLANet")
    (classes, hidden), (locations, _), (_, channels) = shapes
    try:
        return SLANetConfig(classes, locations, hidden, channels)
    except ValueError as error:
        raise refuse(path, str(error)) from error


def paddle_names() -> dict[str, str]:
    """Our name of every weight -> the name of Paddle's variable."""
    with torch.device("meta"):
        network = SLANet()
    backbone = number_parameters(network, ["backbone"])
    used = sum(
        theirs.startswith("conv2d") and theirs.endswith("w_0") for theirs in backbone.values()
    )
    return {
        # The norms of the backbone bear another name, those of the neck begin again at 0.
        **{ours: theirs.replace("batch_norm2d", "batch_norm") for ours, theirs in backbone.items()},
        **number_parameters(network, csp_pan_modules(3, top_level=False), {"conv2d": used}),
        **number_parameters(network, _LINEAR),
        **{f"{_CELL}.rnn.{ours}": f"gru_cell_0.{theirs}" for ours, theirs in _GRU.items()},
    }


def _plain(arrays: Arrays) -> Arrays:
    return {name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}
