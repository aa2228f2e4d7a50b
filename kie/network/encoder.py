"""The encoder: BERT with the places of words, and optional biases from distances.

Modules are named as in LayoutLMv2, so that released weights map by simple rules.

Source: BERT, arXiv 1810.04805; LayoutLMv2, arXiv 2012.14740, section 2.2.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from kie.network.config import EncoderConfig
from kie.network.embeddings import LayoutEmbeddings, Pieces, clip_boxes


def bucket(distance: Tensor, bins: int, limit: int) -> Tensor:
    """The bucket of signed distances: small ones have their own, large ones share by logarithm.

    Args:
        distance: Whole numbers, of any shape.
        bins: Number of buckets; the upper half is for positive distances.
        limit: Distance from which on all share the last bucket.

    Returns:
        Whole numbers from 0 to `bins - 1`.

    Source: T5, arXiv 1910.10683, section 2.1.
    """
    half = bins // 2
    exact = half // 2
    size = distance.abs()
    # At least 1 before the logarithm: the result for small ones is thrown away, but must exist.
    ratio = torch.log(size.clamp(min=1).float() / exact) / math.log(limit / exact)
    large = (exact + (ratio * (half - exact)).long()).clamp(max=half - 1)
    return torch.where(size < exact, size, large) + half * (distance > 0)


class BucketTable(nn.Module):
    """A number per attention head for every bucket of distances."""

    index: Tensor

    def __init__(self, heads: int, bins: int, limit: int, reach: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(heads, bins))
        self.reach = reach
        distances = torch.arange(-reach, reach + 1)
        self.register_buffer("index", bucket(distances, bins, limit), persistent=False)

    def forward(self, start: Tensor) -> Tensor:
        """(B, heads, L, L): bias of query i towards key j by `start[j] - start[i]`.

        Args:
            start: (B, L) whole numbers from 0 to `reach`.
        """
        distance = start[:, None, :] - start[:, :, None] + self.reach
        by_distance = self.weight.t()[self.index]
        return functional.embedding(distance, by_distance).permute(0, 3, 1, 2)


class SelfAttention(nn.Module):
    """Queries, keys, values and their mixture."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.drop = config.attention_dropout
        self.query = nn.Linear(config.hidden, config.hidden)
        self.key = nn.Linear(config.hidden, config.hidden)
        self.value = nn.Linear(config.hidden, config.hidden)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(B, L, hidden) -> (B, L, hidden); `bias` is added to the logits."""
        query, key, value = (self.split(part(x)) for part in (self.query, self.key, self.value))
        mixed = functional.scaled_dot_product_attention(
            query, key, value, bias.to(query.dtype), dropout_p=self.drop if self.training else 0.0
        )
        return mixed.transpose(1, 2).flatten(2)

    def split(self, x: Tensor) -> Tensor:
        """(B, L, hidden) -> (B, heads, L, hidden / heads)."""
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)


class Residual(nn.Module):
    """Linear, dropout, sum with the input, layer norm."""

    def __init__(self, width: int, config: EncoderConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(width, config.hidden)
        self.LayerNorm = nn.LayerNorm(config.hidden, eps=config.epsilon)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, inner: Tensor, x: Tensor) -> Tensor:
        """(B, L, width) and (B, L, hidden) -> (B, L, hidden)."""
        return self.LayerNorm(x + self.dropout(self.dense(inner)))


class Attention(nn.Module):
    """Self-attention with its residual."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.self = SelfAttention(config)
        self.output = Residual(config.hidden, config)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(B, L, hidden) -> (B, L, hidden)."""
        return self.output(self.self(x, bias), x)


class Intermediate(nn.Module):
    """The wide half of the feed-forward part."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(config.hidden, config.intermediate)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, hidden) -> (B, L, intermediate)."""
        return functional.gelu(self.dense(x))


class Layer(nn.Module):
    """Attention and feed-forward, each normalised after its sum."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.attention = Attention(config)
        self.intermediate = Intermediate(config)
        self.output = Residual(config.intermediate, config)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(B, L, hidden) -> (B, L, hidden)."""
        x = self.attention(x, bias)
        return self.output(self.intermediate(x), x)


class Layers(nn.Module):
    """The layers and the tables of biases they share."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(config) for _ in range(config.layers))
        if config.relative_bias:
            self.rel_pos_bias = BucketTable(
                config.heads, config.bins, config.max_distance, config.max_positions
            )
        if config.spatial_bias:
            spatial = (config.heads, config.spatial_bins, config.max_spatial_distance)
            self.rel_pos_x_bias = BucketTable(*spatial, config.max_coordinates)
            self.rel_pos_y_bias = BucketTable(*spatial, config.max_coordinates)
        self.config = config

    def bias(self, boxes: Tensor, mask: Tensor, dtype: torch.dtype) -> Tensor:
        """(B, heads or 1, L, L): what is added to the attention logits of every layer.

        Args:
            boxes: (B, L, 4), clipped.
            mask: (B, L), True for what is there; the rest is no key.
            dtype: Element type of the logits.
        """
        total = torch.zeros(len(mask), 1, 1, mask.shape[1], dtype=dtype, device=mask.device)
        if self.config.relative_bias:
            positions = torch.arange(mask.shape[1], device=mask.device)[None]
            total = total + self.rel_pos_bias(positions)
        if self.config.spatial_bias:
            total = total + self.rel_pos_x_bias(boxes[..., 0])
            total = total + self.rel_pos_y_bias(boxes[..., 3])
        # The least number and not minus infinity: a row without keys must stay finite.
        return total.to(dtype).masked_fill(~mask[:, None, None, :], torch.finfo(dtype).min)

    def forward(self, x: Tensor, boxes: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """The output of every layer; arguments as of `LayoutEncoder`."""
        dtype = (
            torch.get_autocast_dtype(x.device.type)
            if torch.is_autocast_enabled(x.device.type)
            else x.dtype
        )
        bias = self.bias(boxes, mask, dtype)
        states = []
        for layer in self.layer:
            x = layer(x, bias)
            states.append(x)
        return tuple(states)


class LayoutEncoder(nn.Module):
    """Embeddings and layers; no head."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.embeddings = LayoutEmbeddings(config)
        self.encoder = Layers(config)
        self.apply(_initialise)

    def read(self, pieces: Tensor | Pieces, shape: tuple[int, int]) -> Tensor:
        """(B, L, hidden): what the texts alone say; see `LayoutEmbeddings.texts`."""
        return self.embeddings.texts(pieces, shape)

    def forward(
        self, texts: Tensor, boxes: Tensor, mask: Tensor, features: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """The output of every layer, each (B, L, hidden).

        Args:
            texts: (B, L, hidden), from `read`.
            boxes: (B, L, 4) in thousandths of the page; clipped here.
            mask: (B, L) bool, True for what is there.
            features: (B, L, features), where the network has them.
        """
        boxes = clip_boxes(boxes)
        return self.encoder(self.embeddings(texts, boxes, features), boxes, mask)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
