"""Weight files: what is released with the package, and safe reading of files that users bring.

Nothing here runs code from a file: safetensors holds plain arrays, ONNX is read by
`structure.core.onnx_reader` and Paddle's pickles by `structure.core.paddle_reader`. Every refusal
is a `ModelError` with the code `E_WEIGHTS`.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from structure.core.errors import ModelError, one_line

Arrays = dict[str, NDArray[np.generic]]
"""Tensor name -> array."""

MAX_FILE_BYTES = 2 << 30
"""Larger weight files are refused; the largest network of this project has 30 MB."""


@dataclass(frozen=True, slots=True)
class Score:
    """A measured figure: what was measured, on what, and how to measure it again."""

    metric: str
    value: float
    data: str
    command: str


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight file that ships with the package; `structure models` lists these.

    Attributes:
        name: Name for `from_pretrained`.
        task: What the network does, in a few words.
        path: The safetensors file; beside it may lie a graph of the same name (see `graph`).
        sha256: Digest of `path`.
        labels: Class names in the order of the network's outputs; empty where there are none.
        licence: SPDX identifier.
        source: Who trained it and where the file came from.
        training_data: What it was trained on, as far as its authors say.
        scores: Measured by this project.
        graph_sha256: Digest of `graph`; empty where no graph is shipped.
    """

    name: str
    task: str
    path: Path
    sha256: str
    labels: tuple[str, ...]
    licence: str
    source: str
    training_data: str
    scores: tuple[Score, ...] = ()
    graph_sha256: str = ""

    @property
    def graph(self) -> Path:
        """The ONNX graph for the CPU runtime; its tensors lie in `path`."""
        return self.path.with_suffix(".onnx")

    def at(self, folder: Path | None) -> Weights:
        """The same weights in another folder; None is where the package has them."""
        return self if folder is None else replace(self, path=folder / self.path.name)

    def read(self) -> WeightFile:
        """Check the digest and read the arrays.

        Raises:
            ModelError: the file is missing, has another digest or cannot be read.
        """
        self.check()
        return read_safetensors(self.path)

    def check(self) -> None:
        """Compare the digests of `path` and, where one is shipped, of `graph`.

        Raises:
            ModelError: a file is missing or has another digest.
        """
        check_digest(self.path, self.sha256)
        if self.graph_sha256:
            check_digest(self.graph, self.graph_sha256)


@dataclass(frozen=True, slots=True)
class WeightFile:
    """The content of a weight file."""

    arrays: Arrays
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def labels(self) -> tuple[str, ...]:
        """The class names in the metadata; empty where there are none."""
        return tuple(line for line in self.metadata.get("labels", "").split("\n") if line)


def refuse(path: Path, what: str, hint: str = "") -> ModelError:
    """The error for a weight file that is missing, damaged or of another network."""
    return ModelError(one_line(what), hint=hint, path=path, code="E_WEIGHTS")


def read_size(path: Path) -> int:
    """Bytes of a weight file.

    Raises:
        ModelError: it is missing, no regular file, or larger than `MAX_FILE_BYTES`.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(path, f"cannot be read ({reason})") from error
    if not stat.S_ISREG(status.st_mode):
        raise refuse(path, "not a regular file")
    if status.st_size > MAX_FILE_BYTES:
        raise refuse(path, f"a weight file of {status.st_size} bytes is over {MAX_FILE_BYTES}")
    return status.st_size


def read_bytes(path: Path) -> bytes:
    """The whole file.

    Raises:
        ModelError: as `read_size`, or it cannot be read.
    """
    read_size(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise refuse(path, f"cannot be read ({error.strerror})") from error


def check_digest(path: Path, sha256: str) -> None:
    """Compare the SHA-256 of a file with the expected one.

    Raises:
        ModelError: the file is missing or differs.
    """
    found = hashlib.sha256(read_bytes(path)).hexdigest()
    if found != sha256:
        raise refuse(path, f"SHA-256 is {found[:16]}..., not {sha256[:16]}...", "install it again")


def check_finite(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Demand that no array holds NaN or infinity.

    Raises:
        ModelError: one does.
    """
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise refuse(path, f"{name} holds values that are not finite")


def read_safetensors(path: Path) -> WeightFile:
    """Read all tensors of a safetensors file.

    Raises:
        ModelError: missing, damaged, of an element type that numpy lacks, or with values that are
            not finite.
    """
    read_size(path)
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = MappingProxyType(dict(file.metadata() or {}))
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, TypeError, AttributeError, KeyError) as error:
        raise refuse(path, f"not a readable safetensors file ({error})") from error
    check_finite(path, arrays)
    return WeightFile(arrays, metadata)
