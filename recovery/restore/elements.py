"""What stands on the pages in reading order, on the way from stacks of lines to blocks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median

from recovery.restore import joining, line_ends
from recovery.restore.joining import Vocabulary
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row
from structure.core.analysis import Label, Picture, Table
from structure.core.document import Style, TextType
from structure.core.geometry import Box, union

Column = tuple[float, float]


@dataclass(frozen=True)
class Part:
    """Rows of a paragraph in one column of one page."""

    page: int
    rows: tuple[Row, ...]
    column: Column

    @cached_property
    def box(self) -> Box:
        """Around the rows."""
        return union(row.box for row in self.rows)


@dataclass(frozen=True)
class Paragraph:
    """Lines that are read as one text.

    Attributes:
        ledger: One row of labels and values.
        level: Of a heading, 1 to 6.
        common_em: Type size in points that it shares with its neighbours in a ledger.
    """

    parts: tuple[Part, ...]
    kind: TextType = "paragraph"
    ledger: bool = False
    level: int | None = None
    common_em: float | None = None
    style: Style = field(default_factory=Style)

    @property
    def page(self) -> int:
        """Page where it begins."""
        return self.parts[0].page

    @property
    def box(self) -> Box:
        """Around its first part."""
        return self.parts[0].box

    @property
    def column(self) -> Column:
        """Column of its first part."""
        return self.parts[0].column

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return tuple(row for part in self.parts for row in part.rows)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces."""
        return tuple(piece for row in self.rows for piece in row.pieces)

    @property
    def label(self) -> Label | None:
        """Layout class of its first row."""
        return self.rows[0].label

    @cached_property
    def plain(self) -> str:
        """Its text with a space at every line end: for looking at, not for writing."""
        return " ".join(row.text for row in self.rows)

    @cached_property
    def em(self) -> float:
        """Median type size in points, each piece counted by its length."""
        if self.common_em is not None:
            return self.common_em
        sizes = [piece.em for piece in self.pieces for _ in range(max(1, len(piece.text) // 8))]
        return median(sizes)

    @cached_property
    def pitch(self) -> float | None:
        """Median step between its lines in points; None for a single line."""
        steps = [
            b.box.center[1] - a.box.center[1]
            for part in self.parts
            for a, b in zip(part.rows, part.rows[1:], strict=False)
        ]
        return median(steps) if steps else None

    def extended(self, other: Paragraph) -> Paragraph:
        """This paragraph with the lines of `other` after its own."""
        return replace(self, parts=self.parts + other.parts)


@dataclass(frozen=True)
class TableElement:
    """A table on its page; `box` in points, `over` likewise: pictures that lie on it."""

    page: int
    box: Box
    table: Table
    scale: float
    over: tuple[Box, ...] = ()


@dataclass(frozen=True)
class PictureElement:
    """A picture on its page; `box` in points."""

    page: int
    box: Box
    picture: Picture
    scale: float


Element = Paragraph | TableElement | PictureElement


def joins_of(paragraph: Paragraph, words: Vocabulary, options: RestoreOptions) -> tuple[str, ...]:
    """How the pieces of `paragraph` are joined, one entry less than there are pieces."""
    tab_em = options.ledger_tab_em if paragraph.ledger else options.tab_em
    breaks = line_breaks(paragraph, options)
    return joining.join_rows(paragraph.rows, breaks, tab_em, words, options)


def line_breaks(paragraph: Paragraph, options: RestoreOptions) -> list[bool]:
    """Whether each line end is meant; one entry less than there are rows."""
    if paragraph.kind == "code":
        return [True] * (len(paragraph.rows) - 1)
    breaks: list[bool] = []
    for part in paragraph.parts:
        if part is not paragraph.parts[0]:
            breaks.append(False)  # a paragraph that runs on in the next column
        meant = line_ends.meant(part.rows, part.column, options)
        blank = [not row.text.strip("_ ") for row in part.rows]
        breaks += [any(ends) for ends in zip(meant, blank, blank[1:], strict=False)]
    return breaks
