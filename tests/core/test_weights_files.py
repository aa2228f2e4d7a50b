from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from structure.core.errors import ExitCode, ModelError
from structure.core.weights import Weights, check_digest, read_safetensors


def write(path: Path, header: object, body: bytes = b"") -> Path:
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    return path


def entry(dtype: str = "F32", shape: object = (2,), end: object = 8) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [0, end]}


def test_arrays_and_labels_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"w": np.arange(6, dtype=np.float32).reshape(2, 3)}, path, {"labels": "text\ntable"})
    file = read_safetensors(path)
    assert file.arrays["w"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert file.labels == ("text", "table")


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"[" * 100_000,
        [],
        {"w": entry(shape=(3,))},
        {"w": entry(end=10**12)},
        {"w": entry(dtype="F4")},
        {"w": entry(dtype="BF16", shape=(4,))},
        {"w": entry(shape=(-1, -2))},
        {"w": entry(shape=(2**62, 4))},
        {"__metadata__": {"labels": 1}, "w": entry()},
    ],
)
def test_a_damaged_header_is_refused(tmp_path: Path, header: object) -> None:
    path = write(tmp_path / "bad.safetensors", header, b"\0" * 8)
    with pytest.raises(ModelError) as caught:
        read_safetensors(path)
    assert caught.value.code == "E_WEIGHTS"
    assert caught.value.exit_code == ExitCode.MODEL
    assert "\n" not in str(caught.value)


def test_a_header_longer_than_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(struct.pack("<Q", 2**63))
    with pytest.raises(ModelError):
        read_safetensors(path)


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "nan.safetensors"
    save_file({"w": np.array([1, np.nan], np.float32)}, path)
    with pytest.raises(ModelError, match="not finite"):
        read_safetensors(path)


def test_a_missing_file_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_safetensors(tmp_path / "none.safetensors")


def test_a_folder_is_no_weight_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a regular file"):
        read_safetensors(tmp_path)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"other")
    with pytest.raises(ModelError, match="SHA-256"):
        check_digest(path, "0" * 64)


def test_weights_in_another_folder_keep_their_digest(tmp_path: Path) -> None:
    weights = Weights("n", "t", Path("/a/n.safetensors"), "0" * 64, (), "l", "s", "d")
    moved = weights.at(tmp_path)
    assert moved.path == tmp_path / "n.safetensors"
    assert moved.graph == tmp_path / "n.onnx"
    assert moved.sha256 == weights.sha256
