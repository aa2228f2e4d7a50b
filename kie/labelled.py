"""A page whose words carry labels: what the generator makes and what training reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

EntityKind = Literal["header", "question", "answer"]
LinkKind = Literal["key_value", "same_row"]

LINE_PREFIX = "line."
"""Fields of a line item: `kie.schema` names them with an underscore in place of the point."""


@dataclass(frozen=True, slots=True)
class LabelledWord:
    """A word, where it stands and the line that an OCR engine found it in.

    Attributes:
        text: As read, with the errors of reading.
        box: x0, y0, x1, y1 in thousandths of the page's width and height, x0 <= x1, y0 <= y1.
        line: Id of the line (segment) it came from.
    """

    text: str
    box: tuple[int, int, int, int]
    line: int


@dataclass(frozen=True, slots=True)
class LabelledEntity:
    """Words that belong together: a title, a key or a value.

    Attributes:
        id: Its index on the page; links name it.
        kind: Title, key (also a column's head) or value.
        field: A name in `kie.schema.FIELDS`, those of line items as "line.amount"; None for titles,
            keys and values outside the schema.
        words: Indices into the page's words, in the order in which they are read.
        row: Line item, or row of the tax breakdown, that it belongs to.
    """

    id: int
    kind: EntityKind
    field: str | None
    words: tuple[int, ...]
    row: int | None


@dataclass(frozen=True, slots=True)
class LabelledLink:
    """A key and its value, or the first cell of a line item and another of the same item."""

    head: int
    tail: int
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page with all its labels.

    Attributes:
        words: In the order in which an OCR engine delivers its lines.
        entities: Their ids are their indices.
        links: Between entities of this page.
        page_type: One of `kie.schema.PAGE_TYPES`.
        locale: Such as "de-DE".
        family: Group of layouts.
        skeleton: Layout within the family.
        width: Points.
        height: Points.
        truth: Scalar fields as they are printed on this page, free of reading errors.
    """

    words: tuple[LabelledWord, ...]
    entities: tuple[LabelledEntity, ...]
    links: tuple[LabelledLink, ...]
    page_type: str
    locale: str
    family: str
    skeleton: str
    width: float
    height: float
    truth: Mapping[str, str]
