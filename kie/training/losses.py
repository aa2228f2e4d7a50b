"""What the network is trained towards, and mutual learning of two networks.

Source: LayoutLM, arXiv 1912.13318 (masked words keep their place); U-DML in PP-StructureV2,
arXiv 2210.05391, section 2.4; Deep Mutual Learning, arXiv 1706.00384.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from kie.network.config import KieConfig
from kie.network.model import KieNetwork, KieOutput
from kie.training.batches import Batch
from kie.training.pages import IGNORED, SHAPES

MASKED_WEIGHT = 0.5
PAGE_TYPE_WEIGHT = 0.1
STATES_WEIGHT = 0.5
NEGATIVES = 64
"""Pieces that a masked word is said not to have."""

_TINY = 1e-8


class Answer(NamedTuple):
    """What a learner says about a batch."""

    output: KieOutput
    relations: Tensor
    losses: dict[str, Tensor]

    @property
    def total(self) -> Tensor:
        """The weighted sum of the losses."""
        weights = {"masked": MASKED_WEIGHT, "page_type": PAGE_TYPE_WEIGHT}
        return torch.stack([weights.get(k, 1.0) * v for k, v in self.losses.items()]).sum()


class Learner(nn.Module):
    """The network with what only training needs: the vector of hidden words, and guessing them."""

    def __init__(self, config: KieConfig) -> None:
        super().__init__()
        hidden = config.encoder.hidden
        self.network = KieNetwork(config)
        self.mask = nn.Parameter(torch.zeros(hidden))
        self.guess = nn.Linear(hidden, hidden)
        self.shape = nn.Linear(hidden, SHAPES)

    def forward(self, batch: Batch) -> Answer:
        """All heads, and how wrong they are."""
        network = self.network
        texts = network.encoder.read(batch.pieces, (batch.mask.shape[0], batch.mask.shape[1]))
        texts = torch.where(batch.masked[..., None], self.mask.to(texts.dtype), texts)
        output: KieOutput = network(texts, batch.boxes, batch.mask, batch.features)
        relations = network.relations(output.states[-1], batch.entities)
        losses = {
            "generic": _tags(output.generic, batch.generic),
            "fields": _tags(output.fields, batch.fields),
            "relations": _mean(
                functional.cross_entropy(relations.float(), batch.related, reduction="none")
            ),
            "masked": self._masked(output.states[-1], batch),
            "page_type": _tags(output.page_type, batch.page_type),
        }
        return Answer(output, relations, losses)

    def _masked(self, states: Tensor, batch: Batch) -> Tensor:
        """How badly hidden words are guessed: which pieces they hold, and of what kind they are."""
        hidden = states[batch.masked]
        if not len(hidden):
            return states.sum() * 0
        shape = functional.cross_entropy(self.shape(hidden).float(), batch.shapes[batch.masked])
        table = self.network.encoder.embeddings.word_embeddings.weight
        number = batch.masked.flatten().cumsum(0) - 1
        own = batch.masked.flatten()[batch.pieces.word]
        ids, word = batch.pieces.ids[own], number[batch.pieces.word[own]]
        guessed = self.guess(hidden)
        present = (guessed[word] * table[ids]).sum(dim=-1)
        # Others are drawn from the batch, so that frequent pieces are frequent among them too.
        drawn = torch.randint(len(batch.pieces.ids), (NEGATIVES,), device=states.device)
        others = batch.pieces.ids[drawn]
        absent = guessed @ table[others].t()
        held = torch.zeros(len(hidden), len(table), dtype=torch.bool, device=states.device)
        held[word, ids] = True
        rest = functional.softplus(absent.float()).masked_fill(held[:, others], 0)
        return shape + _mean(functional.softplus(-present.float())) + rest.mean()


def _tags(logits: Tensor, tags: Tensor) -> Tensor:
    """Cross-entropy over what is labelled; 0 where nothing is."""
    flat, answers = logits.float().flatten(0, -2), tags.flatten()
    total = functional.cross_entropy(flat, answers, ignore_index=IGNORED, reduction="sum")
    return total / (answers != IGNORED).sum().clamp(min=1)


def _mean(values: Tensor) -> Tensor:
    """The mean; 0 where there is nothing to be wrong about."""
    return values.sum() / max(1, values.numel())


def mutual_layers(layers: int) -> tuple[int, int]:
    """The layers whose outputs two networks are drawn together at, from 0.

    Half way and three quarters of the way up: the sixth and ninth of twelve, as published.
    """
    return max(0, layers // 2 - 1), max(0, (3 * layers + 3) // 4 - 1)


def mutual_loss(first: Answer, second: Answer, batch: Batch) -> Tensor:
    """How far two networks of one architecture are apart; the gradient flows into both.

    The published form compares tags and states; the relations are compared here as well, for they
    are few and noisy.
    """
    there = batch.mask
    distances = [
        divergence(first.output.fields[there], second.output.fields[there]),
        divergence(first.output.generic[there], second.output.generic[there]),
        divergence(first.relations, second.relations),
    ]
    for layer in mutual_layers(len(first.output.states)):
        one, two = first.output.states[layer][there], second.output.states[layer][there]
        distances.append(STATES_WEIGHT * functional.mse_loss(one.float(), two.float()))
    return torch.stack(distances).sum()


def divergence(first: Tensor, second: Tensor) -> Tensor:
    """Half the sum of both Kullback-Leibler divergences, mean over the rows; 0 without rows.

    Args:
        first: (N, C) logits.
        second: (N, C) logits.
    """
    p, q = first.float().softmax(dim=-1) + _TINY, second.float().softmax(dim=-1) + _TINY
    both = ((p - q) * (p.log() - q.log())).sum(dim=-1)
    return 0.5 * _mean(both)
