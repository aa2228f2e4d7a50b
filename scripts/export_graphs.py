"""Write the ONNX graph of a network next to its safetensors file, with no weights of its own.

Every initializer of the graph is ONNX "external data": a place in the safetensors file, which is a
header followed by raw little-endian tensors. So one copy of the weights serves PyTorch and the CPU
runtime. The graph is taken from `torch.export` and keeps batch norms apart; runtimes fold them.

    python scripts/export_graphs.py            # writes all graphs, prints their digests

Needs the `export` dependency group (onnx).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import TensorProto, helper
from torch import nn

OPSET = 18
_END = 2**63 - 1


class _Builder:
    """Collects ONNX nodes while somebody walks over an exported program.

    Args:
        names: Name in the program -> name in the graph, where they differ.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def name(self, value: Any) -> str:
        return self.names.get(value.name, value.name)

    def add(self, op: str, inputs: Sequence[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(op, list(inputs), [output], output, **attributes))

    def integers(self, name: str, values: Sequence[int]) -> str:
        self.constants.append(
            helper.make_tensor(name, TensorProto.INT64, [len(values)], list(values))
        )
        return name

    def number(self, name: str, value: float) -> str:
        self.constants.append(helper.make_tensor(name, TensorProto.FLOAT, [], [value]))
        return name


Translate = Callable[[_Builder, str, Sequence[Any]], None]


def _same(op: str, **attributes: Any) -> Translate:
    return lambda b, out, args: b.add(op, [b.name(args[0])], out, **attributes)


def _conv(b: _Builder, out: str, args: Sequence[Any]) -> None:
    # Trailing arguments that have their default value are left out.
    defaults = (None, [1, 1], [0, 0], [1, 1], 1)
    x, weight, *rest = args
    bias, stride, padding, dilation, groups = (*rest, *defaults[len(rest) :])
    b.add(
        "Conv",
        [b.name(value) for value in (x, weight, bias) if value is not None],
        out,
        kernel_shape=list(weight.meta["val"].shape[2:]),
        strides=list(stride),
        pads=[*padding, *padding],
        dilations=list(dilation),
        group=groups,
    )


def _batch_norm(b: _Builder, out: str, args: Sequence[Any]) -> None:
    b.add("BatchNormalization", [b.name(a) for a in args[:5]], out, epsilon=args[7])


def _pool(b: _Builder, out: str, args: Sequence[Any]) -> None:
    if list(args[1]) != [1, 1]:
        raise ValueError("only global pooling is translated")
    b.add("GlobalAveragePool", [b.name(args[0])], out)


def _binary(op: str) -> Translate:
    def translate(b: _Builder, out: str, args: Sequence[Any]) -> None:
        left, right = args
        other = b.number(f"{out}.value", right) if isinstance(right, float) else b.name(right)
        b.add(op, [b.name(left), other], out)

    return translate


def _upsample(b: _Builder, out: str, args: Sequence[Any]) -> None:
    sizes = b.integers(f"{out}.sizes", args[1])
    b.add(
        "Resize",
        [b.name(args[0]), "", "", sizes],
        out,
        axes=[2, 3],
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _cat(b: _Builder, out: str, args: Sequence[Any]) -> None:
    b.add("Concat", [b.name(a) for a in args[0]], out, axis=args[1])


def _flatten(b: _Builder, out: str, args: Sequence[Any]) -> None:
    # 0 keeps the dimension, so the batch stays free.
    shape = b.integers(f"{out}.shape", [0] * args[1] + [-1])
    b.add("Reshape", [b.name(args[0]), shape], out)


def _transpose(b: _Builder, out: str, args: Sequence[Any]) -> None:
    x, first, second = args
    order = list(range(x.meta["val"].dim()))
    order[first], order[second] = order[second], order[first]
    b.add("Transpose", [b.name(x)], out, perm=order)


def _slice(b: _Builder, out: str, args: Sequence[Any]) -> None:
    x, axis, start, end = args
    names = [
        b.integers(f"{out}.{key}", [value])
        for key, value in (("start", start), ("end", min(end, _END)), ("axis", axis))
    ]
    b.add("Slice", [b.name(x), *names], out)


def _linear(b: _Builder, out: str, args: Sequence[Any]) -> None:
    b.add("Gemm", [b.name(a) for a in args], out, transB=1)


_TRANSLATIONS: dict[str, Translate] = {
    "aten.conv2d.default": _conv,
    "aten.batch_norm.default": _batch_norm,
    "aten.hardswish.default": _same("HardSwish"),
    "aten.hardsigmoid.default": _same("HardSigmoid", alpha=1 / 6, beta=0.5),
    "aten.relu.default": _same("Relu"),
    "aten.adaptive_avg_pool2d.default": _pool,
    "aten.mul.Tensor": _binary("Mul"),
    "aten.add.Tensor": _binary("Add"),
    "aten.upsample_nearest2d.vec": _upsample,
    "aten.cat.default": _cat,
    "aten.flatten.using_ints": _flatten,
    "aten.transpose.int": _transpose,
    "aten.slice.Tensor": _slice,
    "aten.linear.default": _linear,
}


def tensor_places(path: Path) -> dict[str, tuple[list[int], int, int]]:
    """Tensor name -> (shape, offset in the file, length) of a file of float32 tensors."""
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
    header.pop("__metadata__", None)
    return {
        name: (
            entry["shape"],
            8 + length + entry["data_offsets"][0],
            entry["data_offsets"][1] - entry["data_offsets"][0],
        )
        for name, entry in header.items()
    }


def _external(name: str, weights: Path, place: tuple[list[int], int, int]) -> onnx.TensorProto:
    shape, offset, length = place
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", weights.name), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def export_graph(
    network: nn.Module,
    weights: Path,
    image: tuple[int, int, int],
    *,
    input_name: str,
    output_names: Sequence[str],
    metadata: dict[str, str],
) -> Path:
    """Write `weights` with the suffix .onnx.

    Args:
        network: Takes one batch of pictures, returns a tensor or a flat tuple of tensors.
        weights: Safetensors file with the state dict of `network`.
        image: Channels, height, width of one picture; the batch stays free.
        input_name: Of the graph.
        output_names: Likewise, in the order of the outputs.
        metadata: For the graph, for example the labels.

    Returns:
        Path of the graph.

    Raises:
        ValueError: the network holds an operation that is not translated here.
    """
    program = torch.export.export(
        network.eval(), (torch.zeros(2, *image),), dynamic_shapes=({0: torch.export.Dim("batch")},)
    )
    signature = program.graph_signature
    names = {
        **signature.inputs_to_parameters,
        **signature.inputs_to_buffers,
        **dict(zip(signature.user_inputs, [input_name], strict=True)),
        **dict(zip(signature.user_outputs, output_names, strict=True)),
    }
    builder = _Builder(names)
    shapes: dict[str, list[int | str]] = {input_name: ["batch", *image]}
    for node in program.graph.nodes:
        if node.op != "call_function":
            continue
        translate = _TRANSLATIONS.get(str(node.target))
        if translate is None:
            raise ValueError(f"no translation for {node.target}")
        translate(builder, builder.name(node), node.args)
        shapes[builder.name(node)] = ["batch", *map(int, node.meta["val"].shape[1:])]
    used = {name for node in builder.nodes for name in node.input}
    graph = helper.make_graph(
        builder.nodes,
        weights.stem,
        [_port(input_name, shapes[input_name])],
        [_port(name, shapes[name]) for name in output_names],
        [
            *builder.constants,
            *(
                _external(name, weights, place)
                for name, place in tensor_places(weights).items()
                if name in used
            ),
        ],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8, producer_name=""
    )
    helper.set_model_props(model, dict(sorted(metadata.items())))
    path = weights.with_suffix(".onnx")
    path.write_bytes(model.SerializeToString(deterministic=True))
    onnx.checker.check_model(path, full_check=True)
    return path


def _port(name: str, shape: Sequence[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
