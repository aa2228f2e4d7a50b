"""The released weights of key information extraction, and reading a user's own."""

from __future__ import annotations

import json
from pathlib import Path

from kie.network.config import KieConfig
from kie.schema import FIELDS
from structure.core.weights import Score, WeightFile, Weights, read_safetensors, refuse

TOKENIZER = "tokenizer.json"
"""Lies beside the weights."""

_FOLDER = Path(__file__).parent / "pretrained"

TOKENIZER_SHA256 = "4039138718ce0cf2307f3550380d67e30ea2e6a2994f2901a5488f2ac08d0af9"
"""Digest of the tokenizer beside the released weights, which belongs to them."""

_HELD_OUT = "generated pages of families and locales that no training saw"
_SYNTHETIC = "python -m benchmarks.accuracy.kie_synthetic"

RELEASED: dict[str, Weights] = {
    "kie": Weights(
        name="kie-mini",
        task="fields, keys, values and their relations on invoices, receipts and forms",
        path=_FOLDER / "kie-mini.safetensors",
        sha256="42265ade9976af57ae5f469f661ad4e2dcd800a981911b16597cae7eae4c4c56",
        labels=tuple(field.name for field in FIELDS),
        licence="Apache-2.0",
        source="trained by this project: python -m kie.training --config kie-mini",
        training_data="generated pages alone (kie.synth)",
        scores=(
            Score("Hmean of fields", 0.937, _HELD_OUT, _SYNTHETIC),
            Score("Hmean of keys, values and titles", 0.946, _HELD_OUT, _SYNTHETIC),
            Score("Hmean of key-value pairs, true entities", 0.959, _HELD_OUT, _SYNTHETIC),
            Score("Hmean of key-value pairs, own entities", 0.887, _HELD_OUT, _SYNTHETIC),
        ),
    )
}


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
