"""What it takes to build the networks: the official one and the project's own."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

RELATION_KINDS = ("none", "key_value", "same_row")
"""Outputs of the relation head."""

ENTITY_KINDS = ("header", "question", "answer")
"""What the relation head tells apart; not the order of the tags, both are as in the original."""

POOLINGS = ("token", "word")


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """Size and kind of the encoder.

    Attributes:
        vocab_size: Word pieces, special ones included.
        hidden: Width; `4 * coordinate_size + 2 * shape_size`.
        layers: Number of layers.
        heads: Attention heads; they divide `hidden`.
        intermediate: Width inside the feed-forward part.
        coordinate_size: Width of the tables for x0, y0, x1, y1.
        shape_size: Width of the tables for height and width.
        max_positions: Longest sequence; the official table has two rows more than are used.
        max_coordinates: Rows of the tables for places; boxes are integers from 0 to 1000.
        dropout: Of embeddings and layer outputs, in training.
        attention_dropout: Of attention weights, in training.
        epsilon: Of the layer norms.
        pad_id: Piece that fills sequences up.
        relative_bias: Whether attention sees the distance in the sequence.
        spatial_bias: Whether attention sees the distance of left and of bottom edges.
        bins: Buckets of sequence distances.
        max_distance: Sequence distance from which on all fall into one bucket.
        spatial_bins: Buckets of distances on the page.
        max_spatial_distance: Likewise, in thousandths of the page.
        pooling: "token" for a sequence of word pieces, "word" for a sequence of words whose pieces
            are averaged.
        max_pieces: Pieces of a word that are read, with "word".
        features: Binary marks of a word that are added to its vector, with "word"; 0 for none.
    """

    vocab_size: int = 250002
    hidden: int = 768
    layers: int = 12
    heads: int = 12
    intermediate: int = 3072
    coordinate_size: int = 128
    shape_size: int = 128
    max_positions: int = 514
    max_coordinates: int = 1024
    dropout: float = 0.1
    attention_dropout: float = 0.1
    epsilon: float = 1e-5
    pad_id: int = 1
    relative_bias: bool = False
    spatial_bias: bool = False
    bins: int = 32
    max_distance: int = 128
    spatial_bins: int = 64
    max_spatial_distance: int = 256
    pooling: str = "token"
    max_pieces: int = 24
    features: int = 0

    def __post_init__(self) -> None:
        if self.hidden % self.heads:
            raise ValueError(f"{self.heads} heads do not divide a width of {self.hidden}")
        if 4 * self.coordinate_size + 2 * self.shape_size != self.hidden:
            raise ValueError(
                f"4 x {self.coordinate_size} + 2 x {self.shape_size} is not {self.hidden}"
            )
        if self.pooling not in POOLINGS:
            raise ValueError(f"pooling {self.pooling!r} is none of {POOLINGS}")
        if self.features and self.pooling != "word":
            raise ValueError("only words have features")


@dataclass(frozen=True, slots=True)
class KieConfig:
    """The project's own network: encoder and heads.

    Attributes:
        encoder: The encoder; its pooling is "word".
        fields: Names of the fields; the tags of the field head are O, then B- and I- of each.
        page_types: Names of the kinds of pages.
        pair_size: Width of an entity inside the relation head.
        geometry_size: Width of the geometry of a pair inside the relation head.
    """

    encoder: EncoderConfig
    fields: tuple[str, ...]
    page_types: tuple[str, ...]
    pair_size: int = 96
    geometry_size: int = 16

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> KieConfig:
        """The reverse of `to_dict`.

        Raises:
            ValueError: a name is unknown or missing, or a value impossible.
        """
        try:
            return cls(
                **{
                    **data,
                    "encoder": EncoderConfig(**data["encoder"]),
                    "fields": tuple(data["fields"]),
                    "page_types": tuple(data["page_types"]),
                }
            )
        except (KeyError, TypeError) as error:
            names = [field.name for field in fields(cls)]
            raise ValueError(f"not the description of a network ({error}); {names}") from error


OFFICIAL = EncoderConfig()
"""VI-LayoutXLM as published: no attention biases, XLM-R's vocabulary."""

MINI = EncoderConfig(
    vocab_size=8192,
    hidden=192,
    dropout=0.0,
    attention_dropout=0.0,
    layers=4,
    heads=6,
    intermediate=768,
    coordinate_size=32,
    shape_size=32,
    max_positions=1024,
    pad_id=0,
    relative_bias=True,
    spatial_bias=True,
    pooling="word",
    features=18,
)
"""Trains on a CPU in an hour. No dropout: no generated page is seen twice."""

SMALL = EncoderConfig(
    vocab_size=8192,
    hidden=320,
    dropout=0.0,
    attention_dropout=0.0,
    layers=6,
    heads=10,
    intermediate=1280,
    coordinate_size=56,
    shape_size=48,
    max_positions=1024,
    pad_id=0,
    relative_bias=True,
    spatial_bias=True,
    pooling="word",
    features=18,
)
"""Wants a GPU, or a night."""

SIZES = {"mini": MINI, "small": SMALL}
