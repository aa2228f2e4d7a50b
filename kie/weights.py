"""The released weights of key information extraction, and reading a user's own."""

from __future__ import annotations

import json
from pathlib import Path

from kie.network.config import KieConfig
from structure.core.weights import WeightFile, Weights, read_safetensors, refuse

TOKENIZER = "tokenizer.json"
"""Lies beside the weights."""

_FOLDER = Path(__file__).parent / "pretrained"

RELEASED: dict[str, Weights] = {}

TOKENIZER_SHA256 = ""
"""Digest of the tokenizer beside the released weights, which belongs to them."""


def config_of(file: WeightFile, path: Path) -> KieConfig:
    """The description of the network in the metadata of a weight file.

    Raises:
        ModelError: there is none, or not of this kind.
    """
    try:
        return KieConfig.from_dict(json.loads(file.metadata["config"]))
    except (KeyError, ValueError, TypeError) as error:
        raise refuse(path, f"no weights of this kind of network ({error})") from error


def read_user_weights(path: Path) -> WeightFile:
    """The arrays of a file made by `python -m kie.training`.

    Raises:
        ModelError: another suffix, or no readable file.
    """
    if path.suffix.lower() != ".safetensors":
        raise refuse(path, "unknown kind of weight file", "bring .safetensors")
    return read_safetensors(path)
