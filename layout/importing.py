"""Weight files to the state dict of `PicoDet`: ours, released ONNX graphs, Paddle checkpoints."""

from __future__ import annotations

from pathlib import Path

from layout.network import PicoDet, PicoDetConfig
from layout.postprocess import BINS, STRIDES
from structure.core.nn.blocks import make_divisible
from structure.core.nn.paddle_names import (
    csp_pan_modules,
    number_parameters,
    paddle_arrays,
    rename,
)
from structure.core.onnx_reader import read_onnx
from structure.core.paddle_reader import read_pdparams
from structure.core.weights import Arrays, WeightFile, read_safetensors, refuse

_PREDICTOR = "head.head_cls0.weight"
_BACKBONE_END = "backbone.blocks6.1.pw_conv.conv.weight"
_SCALES = (0.25, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5)

# What Paddle numbers before a part of the head: two layers of a base class lie between the towers
# and the predictors, are thrown away, and still count.
_TOWER_CONV, _TOWER_NORM, _PREDICTOR_CONV = 66, 62, 100
_BACKBONE_END_CONV = 30

# Entries of a checkpoint that this head does not use.
_UNUSED = {
    *(f"head.p{level}_feat.scale_reg" for level in range(3, 7)),
    "head.distribution_project.project",
}


def read_detector(path: Path) -> WeightFile:
    """Read a file by its suffix: .safetensors, .onnx or .pdparams.

    Raises:
        ModelError: another suffix, or no weights of this network.
    """
    readers = {".safetensors": read_safetensors, ".onnx": from_onnx, ".pdparams": from_pdparams}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise refuse(path, "unknown kind of weight file", "bring .safetensors, .onnx or .pdparams")
    return reader(path)


def from_onnx(path: Path) -> WeightFile:
    """The weights in a graph that Paddle exported, with the class names in its metadata.

    Raises:
        ModelError: no readable graph, or the graph of another network.
    """
    file = read_onnx(path)
    found = paddle_arrays(file)
    ends = {
        _PREDICTOR: found.get(f"conv2d_{_PREDICTOR_CONV}.w_0"),
        _BACKBONE_END: found.get(f"conv2d_{_BACKBONE_END_CONV}.w_0"),
    }
    config = detector_config({k: v for k, v in ends.items() if v is not None}, path)
    arrays = rename(found, _paddle_names(config), [], path)
    return WeightFile(arrays, {"labels": "\n".join(file.labels)})


def from_pdparams(path: Path) -> WeightFile:
    """The weights in a training checkpoint, of the student where it was distilled; without labels.

    Raises:
        ModelError: not a checkpoint with plain arrays.
    """
    student = "student_model."
    arrays = {
        name.removeprefix(student): array
        for name, array in read_pdparams(path).arrays.items()
        if not name.startswith("teacher_model.")
    }
    return WeightFile({k: v for k, v in arrays.items() if k not in _UNUSED})


def detector_config(arrays: Arrays, path: Path) -> PicoDetConfig:
    """What the shapes say about the network.

    Args:
        arrays: State dict; the end of the backbone and the first predictor are looked at.
        path: The file concerned, for the message.

    Raises:
        ModelError: these two are missing or of no known size.
    """
    predictor, end = arrays.get(_PREDICTOR), arrays.get(_BACKBONE_END)
    if predictor is None or end is None or predictor.ndim != 4 or end.ndim != 4:
        raise refuse(path, "not the weights of a PicoDet layout detector")
    widths = {make_divisible(512 * scale): scale for scale in _SCALES}
    scale = widths.get(end.shape[0])
    classes = predictor.shape[0] - 4 * BINS
    if scale is None or not 1 <= classes <= 1000 or not 1 <= predictor.shape[1] <= 1024:
        raise refuse(path, "a detector of an unknown size")
    return PicoDetConfig(classes, scale, predictor.shape[1])


def _paddle_names(config: PicoDetConfig) -> dict[str, str]:
    network = PicoDet(config)
    names = number_parameters(network, ["backbone", *csp_pan_modules(2, top_level=True)])
    for level in range(len(STRIDES)):
        depth = len(list(network.head.conv_feat.get_submodule(f"cls_conv_dw{level}").children()))
        for layer in range(depth):
            for part, kind in enumerate(("dw", "pw")):
                place = 2 * (depth * level + layer) + part
                names |= number_parameters(
                    network,
                    [f"head.conv_feat.cls_conv_{kind}{level}.{layer}"],
                    {"conv2d": _TOWER_CONV + place, "batch_norm2d": _TOWER_NORM + place},
                )
        names |= number_parameters(
            network, [f"head.head_cls{level}"], {"conv2d": _PREDICTOR_CONV + level}
        )
    return names
