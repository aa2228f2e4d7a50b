"""The recurrent head of SLANet in numpy: the tokens of the network in a fraction of its time.

What the network computes anew at every step is computed once here: the projection of the features;
the two matrices that meet the state, as one; a one-hot token times a matrix, as a row of it; two
linear layers without an activation between them, as one; and the locations, after the last step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from structure.core.weights import Arrays
from table.vocabulary import CLOSED, MAX_TOKENS, grammar

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decoded:
    """One table as the network wrote it.

    Attributes:
        tokens: (N,) ids without start and end.
        probabilities: (N,) or, with that of the end, (N + 1,) probability of each chosen token.
        locations: (N, R) 0 to 1 of the input's side.
        truncated: Whether the longest sequence was reached before the end.
        fixes: How often the best token would have broken the grammar and the next legal one was
            taken.
    """

    tokens: NDArray[np.intp]
    probabilities: Floats
    locations: Floats
    truncated: bool
    fixes: int


class TokenDecoder:
    """Greedy decoding of features into tokens that always form a table.

    Args:
        weights: State dict of `table.network.SLANet`; only its `head.` entries are read.
        vocabulary: Tokens in the order of the classes.

    Raises:
        ValueError: the vocabulary has another size than the weights.
    """

    def __init__(self, weights: Arrays, vocabulary: Sequence[str]) -> None:
        head = {
            name.removeprefix("head."): np.asarray(value, dtype=np.float32)
            for name, value in weights.items()
            if name.startswith("head.")
        }
        cell = "structure_attention_cell"
        into_gates = head[f"{cell}.rnn.weight_ih"]
        self.hidden = into_gates.shape[0] // 3
        channels = head[f"{cell}.i2h.weight"].shape[1]
        if into_gates.shape[1] - channels != len(vocabulary):
            raise ValueError(
                f"{into_gates.shape[1] - channels} classes for {len(vocabulary)} tokens"
            )
        self._project = _columns(head[f"{cell}.i2h.weight"])
        self._project_bias = head[f"{cell}.h2h.bias"]
        self._from_state = _columns(
            np.concatenate([head[f"{cell}.h2h.weight"], head[f"{cell}.rnn.weight_hh"]])
        )
        self._state_bias = head[f"{cell}.rnn.bias_hh"]
        self._score = head[f"{cell}.score.weight"][0]
        self._from_context = _columns(into_gates[:, :channels])
        self._from_token = _columns(into_gates[:, channels:]) + head[f"{cell}.rnn.bias_ih"]
        self._classify, self._classify_bias = _folded(head, "structure_generator")
        self._locate, self._locate_bias = _folded(head, "loc_generator")
        self._following = grammar(vocabulary)
        self._end = len(vocabulary) - 1

    def __call__(self, features: Floats, max_tokens: int = MAX_TOKENS) -> Decoded:
        """Decode one table.

        Args:
            features: (T, channels) float32, from `SLANet.encode`.
            max_tokens: Most steps to take, the one that ends the table included.
        """
        hidden = self.hidden
        projected = features @ self._project + self._project_bias
        energy = np.empty_like(projected)
        states = np.empty((max_tokens, hidden), dtype=np.float32)
        state = np.zeros(hidden, dtype=np.float32)
        tokens: list[int] = []
        logits = np.empty((max_tokens, self._end + 1), dtype=np.float32)
        token, place, fixes, truncated = 0, 0, 0, True
        for step in range(max_tokens):
            from_state = state @ self._from_state
            np.add(projected, from_state[:hidden], out=energy)
            np.tanh(energy, out=energy)
            attention = _softmax(energy @ self._score)
            inner = (attention @ features) @ self._from_context + self._from_token[token]
            outer = from_state[hidden:] + self._state_bias
            gates = _sigmoid(inner[: 2 * hidden] + outer[: 2 * hidden])
            reset, update = gates[:hidden], gates[hidden:]
            fresh = np.tanh(inner[2 * hidden :] + reset * outer[2 * hidden :])
            state = fresh + update * (state - fresh)
            states[step] = state
            logits[step] = state @ self._classify + self._classify_bias
            token = int(logits[step].argmax())
            if self._following[place, token] == CLOSED:
                legal = self._following[place] != CLOSED
                token = int(np.where(legal, logits[step], -np.inf).argmax())
                fixes += 1
            place = int(self._following[place, token])
            tokens.append(token)
            if token == self._end:
                truncated = False
                break
        steps, count = len(tokens), len(tokens) - (not truncated)
        chances = _softmax(logits[:steps])[np.arange(steps), tokens]
        locations = _sigmoid(states[:count] @ self._locate + self._locate_bias)
        return Decoded(
            np.array(tokens[:count], dtype=np.intp), chances, locations, truncated, fixes
        )


def _columns(matrix: Floats) -> Floats:
    """The transpose, laid out for a vector from the left."""
    return np.ascontiguousarray(matrix.T)


def _folded(head: Mapping[str, Floats], name: str) -> tuple[Floats, Floats]:
    """Two linear layers in a row as one matrix (in, out) and one bias."""
    first, second = head[f"{name}.0.weight"], head[f"{name}.1.weight"]
    bias = second @ head[f"{name}.0.bias"] + head[f"{name}.1.bias"]
    return _columns(second @ first), bias


def _softmax(x: Floats) -> Floats:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _sigmoid(x: Floats) -> Floats:
    # By the tangent, which cannot overflow.
    return 0.5 * np.tanh(0.5 * x) + 0.5
