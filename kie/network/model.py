"""The networks: encoder and heads, the project's own and those of the released weights."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from kie.network.config import EncoderConfig, KieConfig
from kie.network.encoder import LayoutEncoder
from kie.network.heads import RelationHead, mean_of_page
from kie.schema import GENERIC_BIO


class KieOutput(NamedTuple):
    """What the heads say.

    Attributes:
        fields: (B, L, 1 + 2 F) logits.
        generic: (B, L, 7) logits.
        page_type: (B, types) logits.
        states: The output of every layer, each (B, L, hidden).
    """

    fields: Tensor
    generic: Tensor
    page_type: Tensor
    states: tuple[Tensor, ...]


class KieNetwork(nn.Module):
    """The project's own network: one pass of the encoder serves all heads."""

    def __init__(self, config: KieConfig) -> None:
        super().__init__()
        self.config = config
        hidden = config.encoder.hidden
        self.encoder = LayoutEncoder(config.encoder)
        self.generic = nn.Linear(hidden, len(GENERIC_BIO))
        self.fields = nn.Linear(hidden, 1 + 2 * len(config.fields))
        self.page_type = nn.Linear(hidden, len(config.page_types))
        self.relations = RelationHead(config)

    def forward(
        self, texts: Tensor, boxes: Tensor, mask: Tensor, features: Tensor | None = None
    ) -> KieOutput:
        """All heads but the relations, which need entities: `self.relations(states[-1], ...)`.

        Args:
            texts: (B, L, hidden), from `self.encoder.read`.
            boxes: (B, L, 4) in thousandths of the page.
            mask: (B, L) bool, True for what is there.
            features: (B, L, features), where the network has them.
        """
        states = self.encoder(texts, boxes, mask, features)
        last = states[-1]
        return KieOutput(
            self.fields(last), self.generic(last), self.page_type(mean_of_page(last, mask)), states
        )


class OfficialSer(nn.Module):
    """VI-LayoutXLM with a linear layer per word piece, as the released SER weights have it."""

    def __init__(self, config: EncoderConfig, classes: int) -> None:
        super().__init__()
        self.encoder = LayoutEncoder(config)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.hidden, classes)

    def forward(self, pieces: Tensor, boxes: Tensor, mask: Tensor) -> Tensor:
        """(B, L, classes) logits.

        Args:
            pieces: (B, L) ids, without `<s>` and `</s>`.
            boxes: (B, L, 4) in thousandths of the page.
            mask: (B, L) bool.
        """
        texts = self.encoder.read(pieces, (pieces.shape[0], pieces.shape[1]))
        return self.classifier(self.dropout(self.encoder(texts, boxes, mask)[-1]))


class Extractor(nn.Module):
    """The released relation decoder: only the first piece of an entity is read.

    Source: LayoutXLM, arXiv 2104.08836, section 2.4.
    """

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.entity_emb = nn.Embedding(3, hidden)
        self.ffnn_head = _projection(hidden)
        self.ffnn_tail = _projection(hidden)
        self.rel_classifier = Biaffine(hidden // 2)

    def forward(
        self, states: Tensor, first: Tensor, kinds: Tensor, heads: Tensor, tails: Tensor
    ) -> Tensor:
        """(P, 2) logits: not related, related.

        Args:
            states: (L, hidden) of one page.
            first: (E,) the first piece of each entity.
            kinds: (E,) 0 header, 1 question, 2 answer.
            heads: (P,) entities: the questions.
            tails: (P,) entities: the answers.
        """
        entities = torch.cat([states[first], self.entity_emb(kinds)], dim=-1)
        return self.rel_classifier(self.ffnn_head(entities)[heads], self.ffnn_tail(entities)[tails])


class Biaffine(nn.Module):
    """A bilinear form without bias and a linear one."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.bilinear = nn.Bilinear(size, size, 2, bias=False)
        self.linear = nn.Linear(2 * size, 2)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """(P, size) twice -> (P, 2)."""
        return self.bilinear(left, right) + self.linear(torch.cat([left, right], dim=-1))


class OfficialRe(nn.Module):
    """VI-LayoutXLM with the released relation decoder."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.encoder = LayoutEncoder(config)
        self.extractor = Extractor(config.hidden)

    def forward(
        self,
        pieces: Tensor,
        boxes: Tensor,
        mask: Tensor,
        first: Tensor,
        kinds: Tensor,
        pairs: tuple[Tensor, Tensor],
    ) -> Tensor:
        """(P, 2) logits for the pairs of one page.

        Args:
            pieces: (1, L) ids.
            boxes: (1, L, 4).
            mask: (1, L) bool.
            first: (E,) the first piece of each entity.
            kinds: (E,) 0 header, 1 question, 2 answer.
            pairs: (P,) entities at the head, and (P,) at the tail.
        """
        texts = self.encoder.read(pieces, (1, pieces.shape[1]))
        return self.extractor(self.encoder(texts, boxes, mask)[-1][0], first, kinds, *pairs)


def _projection(hidden: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(2 * hidden, hidden),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(hidden, hidden // 2),
        nn.ReLU(),
        nn.Dropout(0.1),
    )
