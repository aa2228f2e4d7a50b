from __future__ import annotations

import zlib

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from layout.network import PicoDet, PicoDetConfig
from structure.orientation.network import OrientationNetwork


def fill(network: nn.Module, prefix: str = "") -> None:
    """Give every parameter a value that depends on its name in Paddle and nothing else."""
    state = {}
    for key, value in network.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        name = key.removeprefix(prefix)
        name = name.replace(".running_mean", "._mean").replace(".running_var", "._variance")
        transposed = name == "fc.weight"
        shape = tuple(value.shape[::-1] if transposed else value.shape)
        wave = np.sin(0.7 * np.arange(value.numel()) + zlib.crc32(name.encode()) % 1000)
        wave = wave.reshape(shape)
        if name.endswith("_variance"):
            array = 1 + 0.2 * wave
        elif name.endswith("_mean"):
            array = 0.05 * wave
        elif transposed:
            array = 0.05 * wave.T
        elif len(shape) == 4:
            array = 1.4 * wave * np.sqrt(2 / np.prod(shape[1:]))
        elif name.endswith("weight"):
            array = 1 + 0.2 * wave
        else:
            array = 0.1 * wave
        state[key] = torch.from_numpy(array.astype(np.float32).copy())
    network.load_state_dict(state, strict=False)
    network.eval()


def picture(height: int, width: int) -> Tensor:
    flat = np.sin(0.01 * np.arange(3 * height * width))
    return torch.from_numpy(flat.astype(np.float32)).reshape(1, 3, height, width)


# Name, shape, mean, population standard deviation, first and last value.
GOLDEN = [
    ("C3", (128, 16, 8), 0.127081, 0.487878, 0.354584, 0.201154),
    ("C4", (256, 8, 4), 0.032997, 0.238723, -0.204396, -0.193582),
    ("C5", (512, 4, 2), 0.022261, 0.180710, -0.177986, -0.194044),
    ("n3", (128, 16, 8), 0.023885, 0.206293, 0.033776, 0.102193),
    ("n4", (128, 8, 4), 0.033985, 0.218991, 0.366051, 0.457841),
    ("n5", (128, 4, 2), 0.059298, 0.300716, -0.163963, -0.100233),
    ("n6", (128, 2, 1), 0.122303, 0.363460, 0.519423, 0.592955),
    ("cls 8", (128, 10), 0.476792, 0.150745, 0.297570, 0.522723),
    ("cls 16", (32, 10), 0.493178, 0.097828, 0.372605, 0.583276),
    ("cls 32", (8, 10), 0.499089, 0.118574, 0.370676, 0.650384),
    ("cls 64", (2, 10), 0.499009, 0.036069, 0.467117, 0.543926),
    ("reg 8", (128, 32), 0.039060, 0.643649, 0.901238, 0.727716),
    ("reg 16", (32, 32), 0.018263, 0.383501, 0.505182, 0.168822),
    ("reg 32", (8, 32), 0.004982, 0.466653, 0.451190, 0.010781),
    ("reg 64", (2, 32), -0.004638, 0.154324, 0.140645, 0.056531),
]


@pytest.fixture(scope="module")
def tensors() -> dict[str, Tensor]:
    network = PicoDet(PicoDetConfig(classes=10))
    fill(network)
    with torch.no_grad():
        maps = network.backbone(picture(128, 64))[1:]
        neck = network.neck(maps)
        output = network.head(neck)
    names = [*(row[0] for row in GOLDEN)]
    scores = [logits.sigmoid() for logits in output.logits]
    return dict(zip(names, [*maps, *neck, *scores, *output.edges], strict=True))


@pytest.mark.parametrize(("name", "shape", "mean", "std", "first", "last"), GOLDEN)
def test_every_stage_of_the_detector_matches_the_reference(
    tensors: dict[str, Tensor],
    name: str,
    shape: tuple[int, ...],
    mean: float,
    std: float,
    first: float,
    last: float,
) -> None:
    value = tensors[name][0]
    flat = value.flatten()
    assert tuple(value.shape) == shape
    found = (flat.mean(), flat.std(correction=0), flat[0], flat[-1])
    assert [float(x) for x in found] == pytest.approx([mean, std, first, last], abs=2e-6)


def test_the_classifier_matches_the_reference() -> None:
    network = OrientationNetwork()
    fill(network, "backbone.")
    with torch.no_grad():
        logits = network(picture(64, 64))[0]
    expected = [0.0907008, 0.0388691, -0.0312433, -0.0866617]
    assert logits.tolist() == pytest.approx(expected, abs=1e-6)


def test_dropout_masks_in_training_and_scales_in_inference() -> None:
    network = OrientationNetwork(scale=0.25)
    fill(network, "backbone.")
    network.pool.eval()
    with torch.no_grad():
        steady = {tuple(network(picture(32, 32))[0].tolist()) for _ in range(2)}
        network.train()
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        masked = {tuple(network(picture(32, 32))[0].tolist()) for _ in range(2)}
    assert len(steady) == 1
    assert len(masked) == 2


@pytest.mark.parametrize(("scale", "millions"), [(1.0, 1.795), (2.5, 7.049)])
def test_the_detectors_have_the_published_size(scale: float, millions: float) -> None:
    network = PicoDet(PicoDetConfig(classes=10, scale=scale))
    count = sum(p.numel() for p in network.parameters())
    assert count / 1e6 == pytest.approx(millions, abs=6e-4)


def test_sides_that_64_does_not_divide_are_rounded_up_on_the_coarsest_level() -> None:
    network = PicoDet(PicoDetConfig(classes=1, scale=0.25)).eval()
    with torch.no_grad():
        output = network(torch.zeros(2, 3, 160, 96))
    assert [x.shape[1] for x in output.logits] == [20 * 12, 10 * 6, 5 * 3, 3 * 2]
    assert all(x.shape[0] == 2 for x in output.edges)
