"""Words of a page in, entities, relations and typed field values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from structure.core.analysis import Notice, TextLine
from structure.core.geometry import Box

GRID = 1000
"""Word boxes are given in thousandths of the page, on both axes."""

IntBox = tuple[int, int, int, int]
"""x0, y0, x1, y1 in thousandths of the page width and height, 0 to 1000, x0 <= x1, y0 <= y1."""

Value = str | Decimal | date
"""Text, ids, codes and times are `str`; amounts, numbers and percentages `Decimal`."""

Source = Literal["model", "rule", "xml"]
"""What found a value: the network, the rules alone, or the file's embedded e-invoice."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space, where it stands, and where its text comes from.

    Attributes:
        text: As read; normalise (NFKC) only to compare.
        box: Thousandths of the page.
        line_id: Index of its line on the page.
        char_span: Start and end of the word in the text of that line.
        score: Confidence of the reading, 0 to 1; 1 for a text layer.
    """

    text: str
    box: IntBox
    line_id: int
    char_span: tuple[int, int] = (0, 0)
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class KiePage:
    """The words of one upright page in reading order.

    Attributes:
        words: In the order of `kie.ordering` (rows from top to bottom).
        width: Pixels of the upright page.
        height: Likewise.
        number: 1-based page number in its file.
        places: Box of each word in pixels; empty where only `Word.box` is known.
        lines: The text lines that the words were cut from; index is `Word.line_id`.
    """

    words: tuple[Word, ...]
    width: float
    height: float
    number: int = 1
    places: tuple[Box, ...] = ()
    lines: tuple[TextLine, ...] = ()

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height if self.height > 0 else 1.0

    def place(self, index: int) -> Box:
        """Box of a word in pixels of the page."""
        if self.places:
            return self.places[index]
        x0, y0, x1, y1 = self.words[index].box
        sx, sy = self.width / GRID, self.height / GRID
        return Box(x0 * sx, y0 * sy, x1 * sx, y1 * sy)


@dataclass(frozen=True, slots=True)
class Entity:
    """Words that belong together.

    Attributes:
        id: Unique on its page.
        label: QUESTION, ANSWER or HEADER, or the name of a field.
        words: Indices into the words of the page.
        box: Pixels of the page, around all of them.
        score: 0 to 1.
    """

    id: int
    label: str
    words: tuple[int, ...]
    text: str
    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Relation:
    """A link between two entities of a page.

    Attributes:
        head: Id of the key (or of the first entity of a row).
        tail: Id of the value (or of another entity of that row).
        score: 0 to 1.
    """

    head: int
    tail: int
    type: Literal["key_value", "same_row"]
    score: float


@dataclass(frozen=True, slots=True)
class PagePrediction:
    """What a network says about a page.

    Attributes:
        fields: (words, 1 + 2 F) probabilities, rows sum to 1: O, then B and I of each field in the
            order of `kie.schema.FIELDS`.
        generic: (words, 7) probabilities: O, B-QUESTION, I-QUESTION, B-ANSWER, I-ANSWER, B-HEADER,
            I-HEADER.
        entities: Of the generic head.
        relations: Between these entities.
        page_type: Probability of each of `kie.schema.PAGE_TYPES`.
    """

    fields: NDArray[np.float32]
    generic: NDArray[np.float32]
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    page_type: Mapping[str, float] = field(default_factory=dict)


class Predictor(Protocol):
    """A network with its tokenizer and windows."""

    def predict(self, page: KiePage) -> PagePrediction:
        """All heads on one page; also on one without words."""
        ...


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A typed value with the place it was read from.

    Attributes:
        name: See `kie.schema`, or the caller's own name of a custom field.
        raw: The words as they stand on the page (or in the embedded XML).
        value: Typed; None where `raw` could not be understood.
        currency: ISO 4217 code of an amount, where known.
        score: Probability that the value is right, calibrated on real pages.
        accepted: Whether the score is high enough to go without a look.
        page: 1-based page number; None for a value of the embedded XML.
        boxes: Pixels of that upright page, a box per word or line.
    """

    name: str
    raw: str
    value: Value | None
    currency: str | None = None
    score: float = 1.0
    accepted: bool = True
    page: int | None = None
    boxes: tuple[Box, ...] = ()
    source: Source = "rule"


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its value, as they stand on the page.

    Attributes:
        value: Empty where the key has none.
        score: None where the key has no value.
    """

    key: str
    value: str
    score: float | None
    page: int
    key_box: Box
    value_box: Box | None = None


LineItem = Mapping[str, FieldValue]
"""One row of an invoice: names of `kie.schema.LINE_FIELDS` without the prefix `line_`."""


@dataclass(frozen=True, slots=True)
class KieResult:
    """All that was extracted from one document.

    Attributes:
        schema: Name of the schema, "custom" for the caller's own.
        fields: By name; fields that were not found are absent.
        parts: One result per document where a file holds several; then the rest of this result
            speaks of the first.
        pages: Numbers of the pages that it was read from.
    """

    schema: str
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    line_items: tuple[LineItem, ...] = ()
    pairs: tuple[Pair, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    warnings: tuple[Notice, ...] = ()
    pages: tuple[int, ...] = ()
    parts: tuple[KieResult, ...] = ()

    def to_json(self) -> str:
        """Strict JSON; see `docs/guides/invoices.md` for its keys."""
        # Imported here: it needs the types of this module.
        from kie.serializing import to_json

        return to_json(self)
