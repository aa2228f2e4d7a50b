"""The one CPU runtime for networks given as ONNX graphs: OpenVINO.

It serves OCR and this project's own networks. PyTorch defines and trains them and runs them on a
GPU, but importing it takes seconds and hundreds of megabytes, so the CPU path does without.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from structure.core.errors import one_line
from structure.core.weights import refuse

FloatArray = NDArray[np.float32]


class Graph:
    """A compiled network; calls are serial (one graph per thread or process).

    Attributes:
        inputs: Names of the inputs.
        outputs: Names of the outputs, in the order of the results.
    """

    def __init__(self, compiled: Any) -> None:
        self._request = compiled.create_infer_request()
        self.inputs = tuple(port.any_name for port in compiled.inputs)
        self.outputs = tuple(port.any_name for port in compiled.outputs)

    def __call__(self, *inputs: FloatArray) -> tuple[FloatArray, ...]:
        """Run the network.

        Args:
            inputs: One float32 array per input of the graph.

        Returns:
            One array per output; they belong to the caller.
        """
        contiguous = [np.ascontiguousarray(array, np.float32) for array in inputs]
        self._request.infer(contiguous, share_inputs=True)
        return tuple(
            np.array(self._request.get_output_tensor(i).data) for i in range(len(self.outputs))
        )


@cache
def import_openvino() -> ModuleType:
    """OpenVINO without its telemetry; to be called before anything else imports it.

    At its import OpenVINO reports to a statistics server, with an identity that it keeps in the
    home folder. It does without where its package for that is not installed, so that is what it is
    made to believe.
    """
    name = "openvino_telemetry"
    wanted = name not in sys.modules
    if wanted:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        # Imported here: it takes a fifth of a second, which commands without a network need not.
        import openvino
    finally:
        if wanted:
            del sys.modules[name]
    return openvino


@cache
def _core() -> Any:
    return import_openvino().Core()


def open_graph(path: Path, *, threads: int = 1) -> Graph:
    """Compile a graph for the CPU, in float32 whatever the machine prefers, so that results agree.

    Args:
        path: An ONNX file; tensors in other files are looked for beside it.
        threads: How many threads one call may use.

    Raises:
        ModelError: the file is missing or is no graph that the runtime knows.
    """
    if not path.is_file():
        raise refuse(path, "the file is missing", "install docstructure again")
    try:
        core = _core()
        compiled = core.compile_model(
            core.read_model(path),
            "CPU",
            {
                "PERFORMANCE_HINT": "LATENCY",
                "INFERENCE_PRECISION_HINT": "f32",
                "INFERENCE_NUM_THREADS": threads,
                "NUM_STREAMS": 1,
                "ENABLE_CPU_PINNING": False,
            },
        )
    except RuntimeError as error:
        raise refuse(path, f"not a graph for the runtime ({one_line(str(error), 120)})") from error
    return Graph(compiled)
