from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from structure.core.errors import ModelError
from structure.core.nn.blocks import make_divisible
from structure.core.nn.loading import load_arrays
from structure.core.nn.paddle_names import (
    csp_pan_modules,
    number_parameters,
    paddle_arrays,
    rename,
)
from structure.core.nn.pp_lcnet import PPLCNet
from structure.core.nn.running import as_function
from structure.core.onnx_reader import Node, OnnxFile


@given(st.floats(0.5, 4000))
def test_rounded_widths_are_multiples_and_hardly_smaller(channels: float) -> None:
    rounded = make_divisible(channels)
    assert rounded % 8 == 0
    assert rounded >= 0.9 * channels
    assert rounded <= max(8, channels + 8)


@pytest.mark.parametrize(
    ("scale", "widths"),
    [
        (0.25, (16, 32, 64, 128)),
        (0.35, (24, 48, 88, 176)),
        (1.0, (64, 128, 256, 512)),
        (2.5, (160, 320, 640, 1280)),
    ],
)
def test_the_backbone_has_the_published_widths(scale: float, widths: tuple[int, ...]) -> None:
    network = PPLCNet(scale).eval()
    with torch.no_grad():
        maps = network(torch.zeros(1, 3, 64, 96))
    assert network.channels == widths
    assert [tuple(x.shape[1:]) for x in maps] == [
        (width, 64 // stride, 96 // stride)
        for width, stride in zip(widths, (4, 8, 16, 32), strict=True)
    ]


def test_parameters_are_numbered_per_kind_in_the_order_given() -> None:
    network = nn.ModuleDict(
        {
            "late": nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.BatchNorm2d(1)),
            "early": nn.Sequential(nn.Conv2d(1, 1, 1), nn.Linear(1, 1)),
        }
    )
    names = number_parameters(network, ["early", "late"], {"conv2d": 5})
    assert names == {
        "early.0.weight": "conv2d_5.w_0",
        "early.0.bias": "conv2d_5.b_0",
        "early.1.weight": "linear_0.w_0",
        "early.1.bias": "linear_0.b_0",
        "late.0.weight": "conv2d_6.w_0",
        "late.1.weight": "batch_norm2d_0.w_0",
        "late.1.bias": "batch_norm2d_0.b_0",
        "late.1.running_mean": "batch_norm2d_0.w_1",
        "late.1.running_var": "batch_norm2d_0.w_2",
    }


def test_the_parts_of_the_neck_come_in_the_order_of_construction() -> None:
    assert csp_pan_modules(2, top_level=True) == [
        "neck.conv_t",
        "neck.first_top_conv",
        "neck.second_top_conv",
        "neck.top_down_blocks",
        "neck.downsamples.0",
        "neck.bottom_up_blocks.0",
        "neck.downsamples.1",
        "neck.bottom_up_blocks.1",
    ]


def test_a_bias_that_was_split_off_finds_its_convolution() -> None:
    weight, bias = np.zeros((4, 2, 1, 1), np.float32), np.ones((1, 4, 1, 1), np.float32)
    file = OnnxFile(
        {"conv2d_3.w_0_deepcopy_9": weight, "reshape.0": bias, "other": bias},
        (
            Node("Conv", ("x", "conv2d_3.w_0_deepcopy_9"), ("y",)),
            Node("Add", ("y", "reshape.0"), ("z",)),
            Node("Add", ("z", "other"), ("out",)),
        ),
        {},
    )
    found = paddle_arrays(file)
    assert set(found) == {"conv2d_3.w_0", "conv2d_3.b_0"}
    assert found["conv2d_3.b_0"].tolist() == [1, 1, 1, 1]


def test_linear_weights_are_transposed() -> None:
    arrays = {"linear_0.w_0": np.arange(6, dtype=np.float32).reshape(2, 3)}
    renamed = rename(arrays, {"fc.weight": "linear_0.w_0"}, ["fc.weight"], Path("f"))
    assert renamed["fc.weight"].shape == (3, 2)


@pytest.mark.parametrize("names", [{}, {"a": "conv2d_0.w_0", "b": "conv2d_1.w_0"}])
def test_left_over_and_missing_tensors_are_refused(names: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="another network"):
        rename({"conv2d_0.w_0": np.zeros(1, np.float32)}, names, [], Path("f"))


def test_half_precision_files_are_loaded_as_float32() -> None:
    network = nn.Linear(2, 1)
    arrays = {"weight": np.array([[1, 2]], np.float16), "bias": np.array([3], np.float16)}
    load_arrays(network, arrays, Path("f"))
    assert network.weight.dtype == torch.float32
    assert as_function(network, "cpu")(np.array([[10, 100]], np.float32))[0].tolist() == [[213]]
