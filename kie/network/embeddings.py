"""From pieces and places to vectors.

Source: LayoutLMv2, arXiv 2012.14740; LayoutXLM, arXiv 2104.08836; PP-StructureV2, arXiv 2210.05391.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from kie.network.config import EncoderConfig


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a batch of words, packed without padding.

    Attributes:
        ids: (P,) piece.
        word: (P,) its word, `row * L + column` of the batch's (B, L) grid.
        place: (P,) its place in the word, from 0.
    """

    ids: Tensor
    word: Tensor
    place: Tensor

    def to(self, device: torch.device | str) -> Pieces:
        """The same on another device."""
        return Pieces(self.ids.to(device), self.word.to(device), self.place.to(device))


def clip_boxes(boxes: Tensor) -> Tensor:
    """Whole numbers from 0 to 1000 with x0 <= x1 and y0 <= y1, whatever came in.

    Args:
        boxes: (..., 4) x0, y0, x1, y1 in thousandths of the page; truncated, not rounded.
    """
    whole = boxes.nan_to_num(0.0) if boxes.is_floating_point() else boxes
    clipped = whole.clamp(0, 1000).long()
    low = torch.minimum(clipped[..., :2], clipped[..., 2:])
    high = torch.maximum(clipped[..., :2], clipped[..., 2:])
    return torch.cat([low, high], dim=-1)


class WordPooling(nn.Module):
    """The vector of a word from its pieces: a sum over pieces that see their place in the word."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.place = nn.Embedding(config.max_pieces, config.hidden)
        self.inner = nn.Linear(config.hidden, config.hidden)
        self.outer = nn.Linear(config.hidden, config.hidden)

    def forward(self, table: nn.Embedding, pieces: Pieces, words: int) -> Tensor:
        """(words, hidden): zero-piece words get the vector of nothing.

        Args:
            table: Vectors of the pieces.
            pieces: Packed pieces.
            words: Number of words, B * L.
        """
        parts = functional.gelu(self.inner(table(pieces.ids) + self.place(pieces.place)))
        sums = parts.new_zeros(words, parts.shape[1]).index_add(0, pieces.word, parts)
        counts = torch.bincount(pieces.word, minlength=words).clamp(min=1)
        return self.outer(sums / counts.to(sums).sqrt()[:, None])


class LayoutEmbeddings(nn.Module):
    """Text, position in the sequence, place on the page and type, added and normalised."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        hidden, rows = config.hidden, config.max_coordinates
        self.word_embeddings = nn.Embedding(config.vocab_size, hidden)
        self.position_embeddings = nn.Embedding(config.max_positions, hidden)
        self.x_position_embeddings = nn.Embedding(rows, config.coordinate_size)
        self.y_position_embeddings = nn.Embedding(rows, config.coordinate_size)
        self.h_position_embeddings = nn.Embedding(rows, config.shape_size)
        self.w_position_embeddings = nn.Embedding(rows, config.shape_size)
        self.token_type_embeddings = nn.Embedding(1, hidden)
        self.LayerNorm = nn.LayerNorm(hidden, eps=config.epsilon)
        self.dropout = nn.Dropout(config.dropout)
        if config.pooling == "word":
            self.pooling = WordPooling(config)
        if config.features:
            self.features = nn.Linear(config.features, hidden, bias=False)

    def texts(self, pieces: Tensor | Pieces, shape: tuple[int, int]) -> Tensor:
        """(B, L, hidden): what the texts alone say.

        Args:
            pieces: (B, L) piece ids, or the packed pieces of words.
            shape: (B, L).
        """
        if isinstance(pieces, Tensor):
            return self.word_embeddings(pieces)
        rows, columns = shape
        flat = self.pooling(self.word_embeddings, pieces, rows * columns)
        return flat.view(rows, columns, -1)

    def places(self, boxes: Tensor) -> Tensor:
        """(B, L, hidden): what the boxes, clipped already, say."""
        x0, y0, x1, y1 = boxes.unbind(dim=-1)
        return torch.cat(
            [
                self.x_position_embeddings(x0),
                self.y_position_embeddings(y0),
                self.x_position_embeddings(x1),
                self.y_position_embeddings(y1),
                self.h_position_embeddings(y1 - y0),
                self.w_position_embeddings(x1 - x0),
            ],
            dim=-1,
        )

    def forward(self, texts: Tensor, boxes: Tensor, features: Tensor | None = None) -> Tensor:
        """(B, L, hidden).

        Args:
            texts: (B, L, hidden) from `texts`.
            boxes: (B, L, 4), clipped.
            features: (B, L, features) of zeros and ones, where the network has them.
        """
        # Positions count from 0; XLM-R's own offset of 2 is not applied to these tables.
        positions = torch.arange(texts.shape[1], device=texts.device)
        total = (
            texts
            + self.position_embeddings(positions)
            + self.places(boxes)
            + self.token_type_embeddings.weight[0]
        )
        if features is not None:
            total = total + self.features(features.to(total.dtype))
        return self.dropout(self.LayerNorm(total))
