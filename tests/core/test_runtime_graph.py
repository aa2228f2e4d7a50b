from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from structure.core.errors import ModelError
from structure.core.runtime import open_graph
from structure.orientation.weights import RELEASED

GRAPH = RELEASED["orientation"].graph


def batch(count: int = 1) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 3, 224, 224)).astype(np.float32)


def test_a_graph_knows_its_ends() -> None:
    graph = open_graph(GRAPH)
    assert (graph.inputs, graph.outputs) == (("image",), ("logits",))


def test_the_batch_is_free_and_rows_do_not_touch_each_other() -> None:
    graph = open_graph(GRAPH)
    (both,) = graph(batch(2))
    (first,) = graph(batch(2)[:1])
    (second,) = graph(batch(2)[1:])
    assert both == pytest.approx(np.concatenate([first, second]), abs=1e-5)


def test_a_result_belongs_to_the_caller() -> None:
    graph = open_graph(GRAPH)
    (first,) = graph(batch())
    before = first.copy()
    graph(batch() + 1)
    assert (first == before).all()
    first += 1


def test_equal_input_gives_equal_bytes() -> None:
    results = {open_graph(GRAPH)(batch())[0].tobytes() for _ in range(2)}
    assert len(results) == 1


def test_the_number_of_threads_does_not_change_the_result() -> None:
    (one,) = open_graph(GRAPH)(batch())
    (two,) = open_graph(GRAPH, threads=2)(batch())
    assert one == pytest.approx(two, abs=1e-5)


def test_input_in_another_order_of_memory_is_understood() -> None:
    graph = open_graph(GRAPH)
    turned = np.asfortranarray(batch())
    assert graph(turned)[0] == pytest.approx(graph(batch())[0], abs=1e-6)


def test_a_missing_graph_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        open_graph(tmp_path / "none.onnx")


@pytest.mark.parametrize("content", [b"", b"no graph", b"\xff" * 100])
def test_what_is_no_graph_is_a_model_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        open_graph(path)
    assert caught.value.code == "E_WEIGHTS"


def test_a_graph_without_its_weights_is_a_model_error(tmp_path: Path) -> None:
    path = tmp_path / GRAPH.name
    path.write_bytes(GRAPH.read_bytes())
    with pytest.raises(ModelError):
        open_graph(path)
