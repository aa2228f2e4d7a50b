"""Weights of LayoutXLM as others release them, to the names and shapes of `kie.network`.

PaddleNLP stores linear weights as (in, out); transformers and this project as (out, in). Many are
square, so only their names tell which are to be turned.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kie.network.config import EncoderConfig
from kie.network.model import OfficialRe, OfficialSer
from structure.core.nn.loading import load_arrays
from structure.core.paddle_reader import read_pdparams
from structure.core.weights import Arrays, read_bytes, read_safetensors, refuse

_PREFIXES = ("layoutxlm.", "layoutlmv2.")
_DROPPED = re.compile(r"^(visual|pooler\.)|position_ids$|_segment_embedding$")
_TURNED = re.compile(
    r"\.(query|key|value|dense)\.weight$|^classifier\.weight$|\.ffnn_(head|tail)\.\d\.weight$"
    r"|\.rel_classifier\.linear\.weight$|\.rel_pos_([xy]_)?bias\.weight$"
)
_FIRST_QUERY = "encoder.layer.0.attention.self.query.weight"
_CONFIG_FILES = ("model_config.json", "config.json")


def read_layoutxlm(path: Path) -> Arrays:
    """The arrays of a released file by our names; encoder and heads, without what sees pixels.

    Args:
        path: A `.pdparams` file of PaddleNLP or a `.safetensors` file of transformers.

    Raises:
        ModelError: another suffix, or no readable file.
    """
    suffix = path.suffix.lower()
    if suffix == ".pdparams":
        arrays, paddle = read_pdparams(path).arrays, True
    elif suffix == ".safetensors":
        arrays, paddle = read_safetensors(path).arrays, False
    else:
        raise refuse(path, "unknown kind of weight file", "bring .pdparams or .safetensors")
    found: Arrays = {}
    for name, array in arrays.items():
        for prefix in _PREFIXES:
            name = name.removeprefix(prefix)
        if _DROPPED.search(name):
            continue
        turned = paddle and _TURNED.search(name) and array.ndim == 2
        ours = name if name.startswith(("classifier.", "extractor.")) else f"encoder.{name}"
        found[ours] = np.ascontiguousarray(array.T) if turned else array
    if f"encoder.{_FIRST_QUERY}" not in found:
        raise refuse(path, "not the weights of a LayoutXLM")
    return found


def encoder_config(arrays: Arrays, folder: Path) -> EncoderConfig:
    """What shapes, and a configuration file beside the weights, say about the encoder.

    Args:
        arrays: From `read_layoutxlm`.
        folder: Where `model_config.json` or `config.json` may lie; the number of heads, which no
            shape tells, is read there and else taken as hidden size / 64.

    Raises:
        ModelError: shapes or configuration do not make an encoder.
    """
    try:
        inner = "encoder.embeddings"
        vocab_size, hidden = arrays[f"{inner}.word_embeddings.weight"].shape
        positions = arrays[f"{inner}.position_embeddings.weight"].shape[0]
        coordinates, coordinate_size = arrays[f"{inner}.x_position_embeddings.weight"].shape
        shape_size = arrays[f"{inner}.h_position_embeddings.weight"].shape[1]
        intermediate = arrays["encoder.encoder.layer.0.intermediate.dense.weight"].shape[0]
        layers = {int(m[1]) for name in arrays if (m := re.search(r"\.layer\.(\d+)\.", name))}
        settings = _settings(folder)
        config = EncoderConfig(
            vocab_size=vocab_size,
            hidden=hidden,
            layers=max(layers) + 1,
            heads=int(settings.get("num_attention_heads", max(1, hidden // 64))),
            intermediate=intermediate,
            coordinate_size=coordinate_size,
            shape_size=shape_size,
            max_positions=positions,
            max_coordinates=coordinates,
            epsilon=float(settings.get("layer_norm_eps", 1e-5)),
            relative_bias="encoder.encoder.rel_pos_bias.weight" in arrays,
            spatial_bias="encoder.encoder.rel_pos_x_bias.weight" in arrays,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise refuse(folder, f"not the weights of a LayoutXLM ({error})") from error
    return _with_bins(config, arrays)


def _with_bins(config: EncoderConfig, arrays: Arrays) -> EncoderConfig:
    """The number of buckets as in the file, where it has tables of biases."""
    if config.relative_bias:
        bins = arrays["encoder.encoder.rel_pos_bias.weight"].shape[1]
        config = replace(config, bins=bins)
    if config.spatial_bias:
        bins = arrays["encoder.encoder.rel_pos_x_bias.weight"].shape[1]
        config = replace(config, spatial_bins=bins)
    return config


def _settings(folder: Path) -> dict[str, Any]:
    """The configuration beside the weights; PaddleNLP nests it in `init_args`."""
    for name in _CONFIG_FILES:
        if (folder / name).is_file():
            found = json.loads(read_bytes(folder / name))
            while isinstance(found, dict) and "init_args" in found:
                inner = found["init_args"]
                found = inner[0] if isinstance(inner, list) and inner else inner
            return found if isinstance(found, dict) else {}
    return {}


def load_official_ser(path: Path) -> OfficialSer:
    """The SER network of released weights, in evaluation mode.

    Raises:
        ModelError: not such weights.
    """
    arrays = read_layoutxlm(path)
    if "classifier.weight" not in arrays:
        raise refuse(path, "the file has no classifier", "bring the weights of a SER model")
    arrays = {k: v for k, v in arrays.items() if not k.startswith("extractor.")}
    network = OfficialSer(
        encoder_config(arrays, path.parent), int(arrays["classifier.weight"].shape[0])
    )
    load_arrays(network, arrays, path)
    return network.eval()


def load_official_re(path: Path) -> OfficialRe:
    """The RE network of released weights, in evaluation mode.

    Raises:
        ModelError: not such weights.
    """
    arrays = read_layoutxlm(path)
    if "extractor.entity_emb.weight" not in arrays:
        raise refuse(path, "the file has no relation decoder", "bring the weights of an RE model")
    arrays = {k: v for k, v in arrays.items() if not k.startswith("classifier.")}
    network = OfficialRe(encoder_config(arrays, path.parent))
    load_arrays(network, arrays, path)
    return network.eval()
