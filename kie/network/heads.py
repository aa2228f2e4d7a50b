"""Heads on top of the encoder: tags of words, kind of page, relations of entities."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from kie.network.config import ENTITY_KINDS, RELATION_KINDS, KieConfig
from kie.relations import GEOMETRY, QUESTION

_NEVER = -1e4
"""Logit of what cannot be; finite, so that no loss becomes so."""


@dataclass(frozen=True, slots=True)
class Entities:
    """The entities of a batch and the pairs of them that may be related.

    Attributes:
        words: (W,) word, `row * L + column` of the batch's (B, L) grid.
        entity: (W,) the entity that the word belongs to.
        kinds: (E,) index into `ENTITY_KINDS`.
        heads: (P,) entity at the head of each pair.
        tails: (P,) entity at its tail.
        geometry: (P, `GEOMETRY`) how their boxes lie.
        costs: (P,) cost of the geometric rule for a key and its value, in hundreds of units.
    """

    words: Tensor
    entity: Tensor
    kinds: Tensor
    heads: Tensor
    tails: Tensor
    geometry: Tensor
    costs: Tensor

    def to(self, device: torch.device | str) -> Entities:
        """The same on another device."""
        return Entities(
            self.words.to(device),
            self.entity.to(device),
            self.kinds.to(device),
            self.heads.to(device),
            self.tails.to(device),
            self.geometry.to(device),
            self.costs.to(device),
        )


class RelationHead(nn.Module):
    """Whether two entities are a key and its value, cells of one row, or nothing to each other.

    A biaffine form of the two entities, a linear one of them and their geometry, and the cost of
    the geometric rule, from which the training starts.

    Source: LayoutXLM, arXiv 2104.08836, section 2.4; Dozat and Manning, arXiv 1611.01734.
    """

    def __init__(self, config: KieConfig) -> None:
        super().__init__()
        hidden, size, drop = config.encoder.hidden, config.pair_size, config.encoder.dropout
        outputs = len(RELATION_KINDS)
        self.kind = nn.Embedding(len(ENTITY_KINDS), hidden)
        self.head = nn.Sequential(nn.Linear(hidden, size), nn.ReLU(), nn.Dropout(drop))
        self.tail = nn.Sequential(nn.Linear(hidden, size), nn.ReLU(), nn.Dropout(drop))
        self.bilinear = nn.Parameter(torch.empty(outputs, size, size))
        self.geometry = nn.Sequential(
            nn.Linear(GEOMETRY, config.geometry_size),
            nn.ReLU(),
            nn.Linear(config.geometry_size, outputs),
        )
        self.linear = nn.Linear(2 * size, outputs)
        # Twenty-five units of cost are one unit of logit; with this the rule alone links already.
        self.cost_scale = nn.Parameter(torch.tensor(4.0))
        self.cost_shift = nn.Parameter(torch.tensor(1.0))
        nn.init.normal_(self.bilinear, std=0.02)

    def forward(self, states: Tensor, entities: Entities) -> Tensor:
        """(P, 3) logits: none, key and value, same row.

        Args:
            states: (B, L, hidden) of the last layer.
            entities: What to relate.
        """
        vectors = mean_of_words(states, entities) + self.kind(entities.kinds)
        heads, tails = self.head(vectors), self.tail(vectors)
        turned = torch.einsum("eh,oht->eot", heads, self.bilinear)
        pairs = (turned[entities.heads] * tails[entities.tails][:, None]).sum(dim=-1)
        linear = self.linear(torch.cat([heads[entities.heads], tails[entities.tails]], dim=-1))
        logits = pairs + linear + self.geometry(entities.geometry)
        prior = self.cost_shift - self.cost_scale * entities.costs
        logits = logits + functional.pad(prior[:, None], (1, 1))
        # A key has values; only values share the row of a value.
        key = (entities.kinds == QUESTION)[entities.heads]
        return logits.masked_fill(torch.stack([key & False, ~key, key], dim=-1), _NEVER)


def mean_of_words(states: Tensor, entities: Entities) -> Tensor:
    """(E, hidden): the mean of the words of each entity.

    Args:
        states: (B, L, hidden).
        entities: Whose words are indices into the flattened grid.
    """
    count = len(entities.kinds)
    rows = states.flatten(0, 1)[entities.words]
    sums = rows.new_zeros(count, rows.shape[1]).index_add(0, entities.entity, rows)
    words = torch.bincount(entities.entity, minlength=count).clamp(min=1)
    return sums / words.to(sums)[:, None]


def mean_of_page(states: Tensor, mask: Tensor) -> Tensor:
    """(B, hidden): the mean of what is there; zeros for an empty page."""
    there = mask[..., None].to(states)
    return (states * there).sum(dim=1) / there.sum(dim=1).clamp(min=1)
