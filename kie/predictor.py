"""The network behind the interface that extraction uses: a page in, probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kie.engine import NumpyEngine
from kie.inputs import EntityArrays, PageArrays, page_arrays
from kie.network.config import KieConfig
from kie.relations import (
    ANSWER,
    HEADER,
    QUESTION,
    candidate_pairs,
    choose,
    pair_costs,
    pair_geometry,
)
from kie.schema import BY_NAME, FIELD_BIO, FIELDS, GENERIC_LABELS
from kie.ser import best_tags, entity_of, join_lines, spans_of, union
from kie.tokenizer import WordTokenizer
from kie.types import Entity, KiePage, PagePrediction, Relation
from kie.weights import RELEASED, TOKENIZER, TOKENIZER_SHA256, config_of, read_user_weights
from kie.windows import merge_windows, split_windows
from structure.core.weights import check_digest

FloatArray = NDArray[np.float32]

WINDOW = 512
"""Words; longer pages are read in windows."""

_KIND = {"QUESTION": QUESTION, "ANSWER": ANSWER, "HEADER": HEADER}


class Engine(Protocol):
    """Runs a network: `kie.engine.NumpyEngine` or `kie.torch_engine.TorchEngine`."""

    config: KieConfig

    def run(self, page: PageArrays) -> tuple[FloatArray, ...]:
        """Logits of fields, tags and page types (per word, all alike), and the last states."""
        ...

    def relate(self, states: FloatArray, entities: EntityArrays) -> FloatArray:
        """(P, 3) logits: none, key and value, same row."""
        ...


class NetworkPredictor:
    """A network with its tokenizer; see `kie.types.Predictor`.

    Args:
        engine: Runs the network.
        tokenizer: The pieces it was trained with.
        window: Most words of a window.
    """

    def __init__(self, engine: Engine, tokenizer: WordTokenizer, *, window: int = WINDOW) -> None:
        self.engine, self.tokenizer, self.window = engine, tokenizer, window
        self.config = engine.config
        self.columns = _columns(self.config)

    @classmethod
    def from_pretrained(
        cls, name: str = "kie", folder: Path | None = None, *, device: str = "cpu"
    ) -> NetworkPredictor:
        """The network that ships with the package.

        Raises:
            ModelError: its files are missing or damaged.
        """
        weights = RELEASED[name].at(folder)
        weights.check()
        check_digest(weights.path.parent / TOKENIZER, TOKENIZER_SHA256)
        return cls.from_file(weights.path, device=device)

    @classmethod
    def from_file(cls, path: Path, *, device: str = "cpu") -> NetworkPredictor:
        """A network that `python -m kie.training` wrote; its `tokenizer.json` lies beside it.

        Args:
            path: The weights.
            device: "cpu" runs without PyTorch; else as PyTorch names it.

        Raises:
            ModelError: no such weights.
        """
        file = read_user_weights(path)
        config = config_of(file, path)
        tokenizer = WordTokenizer.read(path.parent / TOKENIZER)
        if device == "cpu":
            return cls(NumpyEngine(config, file.arrays, path), tokenizer)
        # Imported here: on a CPU nothing else needs torch.
        from kie.network.model import KieNetwork
        from kie.torch_engine import TorchEngine
        from structure.core.nn.loading import load_arrays

        network = KieNetwork(config)
        load_arrays(network, file.arrays, path)
        return cls(TorchEngine(network, device), tokenizer)

    def predict(self, page: KiePage) -> PagePrediction:
        """All heads on one page; also on one without words."""
        count = len(page.words)
        if not count:
            return PagePrediction(
                np.zeros((0, len(FIELD_BIO)), np.float32),
                np.zeros((0, 1 + 2 * len(GENERIC_LABELS)), np.float32),
            )
        fields, generic, kinds, states = self._read(page)
        probabilities = _softmax(generic)
        tags = best_tags(np.log(np.maximum(probabilities, 1e-9)), _line_starts(page))
        entities = self._entities(page, probabilities, tags)
        types = _softmax(kinds.mean(axis=0, keepdims=True))[0]
        return PagePrediction(
            self._by_schema(_softmax(fields)),
            probabilities,
            entities,
            self._relations(page, entities, states),
            dict(zip(self.config.page_types, map(float, types), strict=True)),
        )

    def relate(self, page: KiePage, entities: Sequence[Entity]) -> tuple[Relation, ...]:
        """The relations of entities that somebody else found; they name indices into `entities`."""
        return self._relations(page, entities, self._read(page)[3]) if entities else ()

    def custom(self, page: KiePage) -> tuple[Entity, ...]:
        """Entities of the fields that the network knows and the schema does not."""
        own = [i for i, name in enumerate(self.config.fields) if name not in BY_NAME]
        if not own or not page.words:
            return ()
        probabilities = _softmax(self._read(page)[0])
        tags = best_tags(np.log(np.maximum(probabilities, 1e-9)))
        sure = probabilities[np.arange(len(tags)), tags]
        spans = [span for span in spans_of(tags.tolist()) if span.label in own]
        return tuple(
            entity_of(i, self.config.fields[span.label], span.words, page, sure)
            for i, span in enumerate(join_lines(spans, page.words))
        )

    def _read(self, page: KiePage) -> tuple[FloatArray, ...]:
        """A row per word of what the engine gives, from all windows of a page with words."""
        arrays = page_arrays(page, self.tokenizer, self.config.encoder.max_pieces)
        windows = split_windows([word.line_id for word in page.words], self.window)
        parts = [self.engine.run(arrays.window(*window)) for window in windows]
        return tuple(
            merge_windows(windows, [part[i] for part in parts], len(page.words)) for i in range(4)
        )

    def _entities(
        self, page: KiePage, probabilities: FloatArray, tags: NDArray[np.int64]
    ) -> tuple[Entity, ...]:
        sure = probabilities[np.arange(len(tags)), tags]
        spans = join_lines(spans_of(tags.tolist(), _line_starts(page).tolist()), page.words)
        return tuple(
            entity_of(i, GENERIC_LABELS[span.label], span.words, page, sure)
            for i, span in enumerate(spans)
        )

    def _relations(
        self, page: KiePage, entities: Sequence[Entity], states: FloatArray
    ) -> tuple[Relation, ...]:
        boxes = [union([page.words[i].box for i in entity.words]) for entity in entities]
        kinds = [_KIND[entity.label] for entity in entities]
        if not boxes:
            return ()
        heads, tails = candidate_pairs(boxes, kinds, page.aspect)
        if not len(heads):
            return ()
        costs = pair_costs(boxes, heads, tails, page.aspect)
        counts = np.array([len(entity.words) for entity in entities])
        given = EntityArrays(
            np.array([i for entity in entities for i in entity.words]),
            np.repeat(np.arange(len(entities)), counts),
            np.array(kinds),
            heads,
            tails,
            pair_geometry(boxes, heads, tails, page.aspect),
            costs,
        )
        chosen = choose(heads, tails, _softmax(self.engine.relate(states, given)), kinds, costs)
        return tuple(chosen)

    def _by_schema(self, probabilities: FloatArray) -> FloatArray:
        """Columns in the order of the schema; what the network does not know has probability 0."""
        found = np.zeros((len(probabilities), len(FIELD_BIO)), np.float32)
        ours, theirs = self.columns
        found[:, theirs] = probabilities[:, ours]
        # Fields of the user's own belong to no column: to the schema they are O.
        found[:, 0] += 1 - found.sum(axis=1)
        return found


def _line_starts(page: KiePage) -> NDArray[np.bool_]:
    lines = np.array([word.line_id for word in page.words])
    return np.concatenate([[True], lines[1:] != lines[:-1]])


def _columns(config: KieConfig) -> tuple[list[int], list[int]]:
    """Columns of the network's field head, and where they stand in the schema's."""
    order = {field.name: i for i, field in enumerate(FIELDS)}
    ours, theirs = [0], [0]
    for i, name in enumerate(config.fields):
        if name in order:
            ours += [1 + 2 * i, 2 + 2 * i]
            theirs += [1 + 2 * order[name], 2 + 2 * order[name]]
    return ours, theirs


def _softmax(logits: NDArray[np.floating]) -> FloatArray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
