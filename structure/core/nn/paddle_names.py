"""How Paddle numbers the parameters of a network, and how to find them in an exported ONNX graph.

Paddle counts layers in the order in which they were constructed: `conv2d_7.w_0` is the weight of
the eighth convolution. Nodes of a graph stand in the order of execution, which differs, and the
layers that change places have equal shapes; so weights are matched by name, never by position.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import nn

from structure.core.onnx_reader import OnnxFile
from structure.core.weights import Arrays, refuse

_KINDS: tuple[tuple[type[nn.Module], str, dict[str, str]], ...] = (
    (nn.Conv2d, "conv2d", {"weight": "w_0", "bias": "b_0"}),
    (
        nn.BatchNorm2d,
        "batch_norm2d",
        {"weight": "w_0", "bias": "b_0", "running_mean": "w_1", "running_var": "w_2"},
    ),
    (nn.Linear, "linear", {"weight": "w_0", "bias": "b_0"}),
)
_PARAMETER = re.compile(r"(?:conv2d|batch_norm(?:2d)?|linear|gru_cell)_\d+\.[wb]_\d+")
_COPY = re.compile(r"_deepcopy_\d+$")


def number_parameters(
    network: nn.Module, modules: Sequence[str], start: Mapping[str, int] | None = None
) -> dict[str, str]:
    """Name of every parameter in `network` -> its name in Paddle.

    Args:
        network: Where the modules are.
        modules: Names of modules in the order of construction; each is walked with all it contains.
        start: First number of `conv2d`, `batch_norm2d`, `linear`; 0 by default.
    """
    counters = {kind: (start or {}).get(kind, 0) for _, kind, _ in _KINDS}
    names: dict[str, str] = {}
    for root in modules:
        for inner, module in network.get_submodule(root).named_modules(prefix=root):
            for cls, kind, suffixes in _KINDS:
                if isinstance(module, cls):
                    own = f"{kind}_{counters[kind]}"
                    counters[kind] += 1
                    names |= {
                        f"{inner}.{key}": f"{own}.{suffix}"
                        for key, suffix in suffixes.items()
                        if getattr(module, key) is not None
                    }
    return names


def csp_pan_modules(steps: int, prefix: str = "neck", *, top_level: bool) -> list[str]:
    """The parts of a `CSPPAN` with `steps` + 1 inputs in the order of construction in Paddle."""
    top = ["first_top_conv", "second_top_conv"] if top_level else []
    up = [f"{part}.{i}" for i in range(steps) for part in ("downsamples", "bottom_up_blocks")]
    return [f"{prefix}.{name}" for name in ("conv_t", *top, "top_down_blocks", *up)]


def paddle_arrays(file: OnnxFile) -> Arrays:
    """The parameters in an exported graph by their Paddle names; all other constants are left out.

    Biases that the exporter took out of their convolution, `Add(Conv(x, w), b)` with `b` of shape
    (1, C, 1, 1), come back under the name that belongs to `w`.
    """
    arrays = {_COPY.sub("", name): array for name, array in file.arrays.items()}
    found = {name: array for name, array in arrays.items() if _PARAMETER.fullmatch(name)}
    convolutions = {
        node.outputs[0]: _COPY.sub("", node.inputs[1])
        for node in file.nodes
        if node.op == "Conv" and len(node.inputs) == 2 and node.outputs
    }
    for node in file.nodes:
        if node.op != "Add" or len(node.inputs) != 2:
            continue
        for value, other in (node.inputs, node.inputs[::-1]):
            weight, bias = convolutions.get(value), file.arrays.get(other)
            if weight is not None and bias is not None and bias.shape == (1, bias.size, 1, 1):
                found[weight.removesuffix(".w_0") + ".b_0"] = bias.reshape(-1)
    return found


def rename(arrays: Arrays, names: Mapping[str, str], linear: Sequence[str], source: Path) -> Arrays:
    """Arrays by Paddle name -> arrays by our name.

    Args:
        arrays: By Paddle name.
        names: Our name -> Paddle name, for all of them.
        linear: Our names of the weights that Paddle stores as (in, out).
        source: The file concerned, for the message.

    Raises:
        ModelError: an array is missing or left over.
    """
    missing, unknown = set(names.values()) - arrays.keys(), arrays.keys() - set(names.values())
    if missing or unknown:
        raise refuse(
            source,
            f"a graph of another network: {len(missing)} tensors missing {sorted(missing)[:2]}, "
            f"{len(unknown)} unknown {sorted(unknown)[:2]}",
        )
    return {
        ours: arrays[theirs].T if ours in linear else arrays[theirs]
        for ours, theirs in names.items()
    }
