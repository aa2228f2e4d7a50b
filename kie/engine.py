"""The network without PyTorch: the same sums with numpy, for use on a CPU.

Importing torch takes seconds and hundreds of megabytes; reading one invoice should not. Torch
defines and trains the network (`kie.network`), and a test compares the two.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kie.inputs import EntityArrays, PageArrays
from kie.network.config import ENTITY_KINDS, RELATION_KINDS, EncoderConfig, KieConfig
from kie.relations import GEOMETRY, QUESTION
from kie.schema import GENERIC_BIO
from kie.types import GRID
from structure.core.weights import Arrays, refuse

FloatArray = NDArray[np.float32]
Shape = tuple[int, ...]

_NEVER = -1e4


def shapes_of(config: KieConfig) -> dict[str, Shape]:
    """Name and shape of every array of the network.

    Args:
        config: Of a network of words with both biases, which is the only kind this module runs.
    """
    encoder, size = config.encoder, config.pair_size
    hidden, rows = encoder.hidden, encoder.max_coordinates
    embeddings: dict[str, Shape] = {
        "word_embeddings.weight": (encoder.vocab_size, hidden),
        "position_embeddings.weight": (encoder.max_positions, hidden),
        "token_type_embeddings.weight": (1, hidden),
        "features.weight": (hidden, encoder.features),
        "pooling.place.weight": (encoder.max_pieces, hidden),
        **_linear("pooling.inner", hidden, hidden),
        **_linear("pooling.outer", hidden, hidden),
        **_norm("LayerNorm", hidden),
    }
    for axis in "xy":
        embeddings[f"{axis}_position_embeddings.weight"] = (rows, encoder.coordinate_size)
    for side in "hw":
        embeddings[f"{side}_position_embeddings.weight"] = (rows, encoder.shape_size)
    layer: dict[str, Shape] = {
        **_linear("attention.output.dense", hidden, hidden),
        **_norm("attention.output.LayerNorm", hidden),
        **_linear("intermediate.dense", encoder.intermediate, hidden),
        **_linear("output.dense", hidden, encoder.intermediate),
        **_norm("output.LayerNorm", hidden),
    }
    for part in ("query", "key", "value"):
        layer |= _linear(f"attention.self.{part}", hidden, hidden)
    outputs = len(RELATION_KINDS)
    return {
        **{f"encoder.embeddings.{name}": shape for name, shape in embeddings.items()},
        **{
            f"encoder.encoder.layer.{i}.{name}": shape
            for i in range(encoder.layers)
            for name, shape in layer.items()
        },
        "encoder.encoder.rel_pos_bias.weight": (encoder.heads, encoder.bins),
        "encoder.encoder.rel_pos_x_bias.weight": (encoder.heads, encoder.spatial_bins),
        "encoder.encoder.rel_pos_y_bias.weight": (encoder.heads, encoder.spatial_bins),
        **_linear("generic", len(GENERIC_BIO), hidden),
        **_linear("fields", 1 + 2 * len(config.fields), hidden),
        **_linear("page_type", len(config.page_types), hidden),
        "relations.kind.weight": (len(ENTITY_KINDS), hidden),
        **_linear("relations.head.0", size, hidden),
        **_linear("relations.tail.0", size, hidden),
        "relations.bilinear": (outputs, size, size),
        **_linear("relations.geometry.0", config.geometry_size, GEOMETRY),
        **_linear("relations.geometry.2", outputs, config.geometry_size),
        **_linear("relations.linear", outputs, 2 * size),
        "relations.cost_scale": (),
        "relations.cost_shift": (),
    }


def _linear(name: str, outputs: int, inputs: int) -> dict[str, Shape]:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _norm(name: str, size: int) -> dict[str, Shape]:
    return {f"{name}.weight": (size,), f"{name}.bias": (size,)}


class NumpyEngine:
    """Runs the network on one page at a time.

    Args:
        config: A network of words with both biases.
        arrays: By the names of `kie.network`'s state dict.
        source: The file they come from, for messages.

    Raises:
        ModelError: an array is missing, left over or of another shape.
    """

    def __init__(self, config: KieConfig, arrays: Arrays, source: Path) -> None:
        encoder = config.encoder
        if encoder.pooling != "word" or not (encoder.relative_bias and encoder.spatial_bias):
            raise refuse(source, "a kind of network that runs with PyTorch only")
        wanted = shapes_of(config)
        wrong = sorted(
            name
            for name in wanted.keys() | arrays.keys()
            if name not in wanted or name not in arrays or arrays[name].shape != wanted[name]
        )
        if wrong:
            raise refuse(source, f"weights of another network: {len(wrong)} differ {wrong[:2]}")
        self.config = config
        self.arrays = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
        self.buckets = {
            "": _buckets(encoder.max_positions, encoder.bins, encoder.max_distance),
            "x_": _spatial_buckets(encoder),
            "y_": _spatial_buckets(encoder),
        }

    def run(self, page: PageArrays) -> tuple[FloatArray, ...]:
        """Logits of fields, tags and page types (per word, all alike), and the last states.

        Args:
            page: At least one word.
        """
        boxes = np.clip(page.boxes, 0, GRID)
        low, high = np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])
        x = self._embed(page, low, high)
        bias = self._bias(low[:, 0], high[:, 1])
        for i in range(self.config.encoder.layers):
            x = self._layer(f"encoder.encoder.layer.{i}", x, bias)
        kinds = self._linear("page_type", x.mean(axis=0, keepdims=True))
        return (
            self._linear("fields", x),
            self._linear("generic", x),
            np.repeat(kinds, len(x), axis=0),
            x,
        )

    def relate(self, states: FloatArray, entities: EntityArrays) -> FloatArray:
        """(P, 3) logits: none, key and value, same row.

        Args:
            states: (n, hidden) of the last layer.
            entities: At least one pair.
        """
        name = "relations"
        sums = np.zeros((len(entities.kinds), states.shape[1]), np.float32)
        np.add.at(sums, entities.entity, states[entities.words])
        counts = np.bincount(entities.entity, minlength=len(sums)).clip(1)
        vectors = (sums / counts[:, None]).astype(np.float32)
        vectors += self.arrays[f"{name}.kind.weight"][entities.kinds]
        heads = np.maximum(self._linear(f"{name}.head.0", vectors), 0)
        tails = np.maximum(self._linear(f"{name}.tail.0", vectors), 0)
        turned = np.einsum("eh,oht->eot", heads, self.arrays[f"{name}.bilinear"], optimize=True)
        pairs = np.einsum("pot,pt->po", turned[entities.heads], tails[entities.tails])
        both = np.concatenate([heads[entities.heads], tails[entities.tails]], axis=1)
        shape = np.maximum(self._linear(f"{name}.geometry.0", entities.geometry), 0)
        logits = pairs + self._linear(f"{name}.linear", both)
        logits += self._linear(f"{name}.geometry.2", shape)
        shift, scale = self.arrays[f"{name}.cost_shift"], self.arrays[f"{name}.cost_scale"]
        logits[:, 1] += shift - scale * entities.costs
        key = entities.kinds[entities.heads] == QUESTION
        logits[key, 2] = _NEVER
        logits[~key, 1] = _NEVER
        return np.asarray(logits, np.float32)

    def _embed(
        self, page: PageArrays, low: NDArray[np.int64], high: NDArray[np.int64]
    ) -> FloatArray:
        name = "encoder.embeddings"
        count = len(page.boxes)

        def rows(table: str, index: NDArray[np.int64]) -> FloatArray:
            return self.arrays[f"{name}.{table}.weight"][index]

        parts = rows("word_embeddings", page.ids) + rows("pooling.place", page.place)
        parts = _gelu(self._linear(f"{name}.pooling.inner", parts))
        sums = np.zeros((count, parts.shape[1]), np.float32)
        np.add.at(sums, page.word, parts)
        counts = np.bincount(page.word, minlength=count).clip(1)
        texts = self._linear(
            f"{name}.pooling.outer", sums / np.sqrt(counts, dtype=np.float32)[:, None]
        )
        places = [
            rows("x_position_embeddings", low[:, 0]),
            rows("y_position_embeddings", low[:, 1]),
            rows("x_position_embeddings", high[:, 0]),
            rows("y_position_embeddings", high[:, 1]),
            rows("h_position_embeddings", high[:, 1] - low[:, 1]),
            rows("w_position_embeddings", high[:, 0] - low[:, 0]),
        ]
        total = texts + rows("position_embeddings", np.arange(count))
        total += np.concatenate(places, axis=1)
        total += self.arrays[f"{name}.token_type_embeddings.weight"][0]
        total += page.features @ self.arrays[f"{name}.features.weight"].T
        return self._norm(f"{name}.LayerNorm", total)

    def _bias(self, left: NDArray[np.int64], bottom: NDArray[np.int64]) -> FloatArray:
        """(heads, n, n): what is added to the attention logits of every layer."""
        starts = {"": np.arange(len(left)), "x_": left, "y_": bottom}
        total = np.zeros((self.config.encoder.heads, len(left), len(left)), np.float32)
        for axis, start in starts.items():
            table = self.arrays[f"encoder.encoder.rel_pos_{axis}bias.weight"]
            buckets = self.buckets[axis]
            by_distance = table[:, buckets]
            total += by_distance[:, start[None, :] - start[:, None] + len(buckets) // 2]
        return total

    def _layer(self, name: str, x: FloatArray, bias: FloatArray) -> FloatArray:
        heads = self.config.encoder.heads

        def split(part: str) -> FloatArray:
            flat = self._linear(f"{name}.attention.self.{part}", x)
            return flat.reshape(len(x), heads, -1).transpose(1, 0, 2)

        query, key, value = split("query"), split("key"), split("value")
        logits = query @ key.transpose(0, 2, 1)
        logits *= 1 / math.sqrt(query.shape[-1])
        logits += bias
        logits -= logits.max(axis=-1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=-1, keepdims=True)
        mixed = np.asarray((logits @ value).transpose(1, 0, 2), np.float32).reshape(len(x), -1)
        attended = self._linear(f"{name}.attention.output.dense", mixed)
        attended = self._norm(f"{name}.attention.output.LayerNorm", x + attended)
        wide = _gelu(self._linear(f"{name}.intermediate.dense", attended))
        narrow = self._linear(f"{name}.output.dense", wide)
        return self._norm(f"{name}.output.LayerNorm", attended + narrow)

    def _linear(self, name: str, x: FloatArray) -> FloatArray:
        found: FloatArray = x @ self.arrays[f"{name}.weight"].T
        found += self.arrays[f"{name}.bias"]
        return found

    def _norm(self, name: str, x: FloatArray) -> FloatArray:
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        centred /= np.sqrt(variance + np.float32(self.config.encoder.epsilon))
        return centred * self.arrays[f"{name}.weight"] + self.arrays[f"{name}.bias"]


def _gelu(x: FloatArray) -> FloatArray:
    """`x` times the normal distribution function of x, with an error below 1e-6.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
    """
    size = np.abs(x) * np.float32(math.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * size)
    polynomial = np.full_like(t, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        polynomial = polynomial * t + np.float32(factor)
    tail = polynomial * t * np.exp(-size * size)
    erf = np.copysign(1 - tail, x)
    return np.asarray(0.5 * x * (1 + erf), np.float32)


def _buckets(reach: int, bins: int, limit: int) -> NDArray[np.int64]:
    """The bucket of every distance from -reach to reach; see `kie.network.encoder.bucket`."""
    distance = np.arange(-reach, reach + 1)
    half = bins // 2
    exact = half // 2
    size = np.abs(distance)
    ratio = np.log(np.maximum(size, 1).astype(np.float32) / exact) / np.float32(
        math.log(limit / exact)
    )
    large = np.minimum(exact + (ratio * (half - exact)).astype(np.int64), half - 1)
    return np.where(size < exact, size, large) + half * (distance > 0)


def _spatial_buckets(encoder: EncoderConfig) -> NDArray[np.int64]:
    return _buckets(encoder.max_coordinates, encoder.spatial_bins, encoder.max_spatial_distance)
