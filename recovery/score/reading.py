"""What scores compare: the content of a document, whichever file or model it was read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from structure.core.document import Align

Kind = Literal["title", "heading", "list", "caption", "footnote", "paragraph"]
"""What a word processor can say of a paragraph; all other types of text are paragraphs to it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The section that something stands in; lengths in points.

    Attributes:
        landscape: Whether the paper is said to lie across.
        margins: Left, top, right, bottom.
        columns: Number of text columns.
    """

    width: float
    height: float
    landscape: bool
    margins: tuple[float, float, float, float]
    columns: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with text.

    Attributes:
        id: Of the block in a model; empty where it was read from a file.
        text: Without the label of a list item.
        level: Of a heading from 1, of a list item from 0; else None.
        number: Of a list item, as drawn but without punctuation around it; empty for a bullet.
        sizes: In points, for every character of the text but white space.
        bolds: Likewise.
        one_line: Whether it is known to fill less than a line, so that nobody sees it justified.
    """

    kind: Kind
    text: str
    sheet: Sheet
    id: str = ""
    level: int | None = None
    number: str = ""
    sizes: tuple[float, ...] = ()
    bolds: tuple[bool, ...] = ()
    align: Align = "left"
    one_line: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table; rows and columns count from 0."""

    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1
    text: str = ""
    size: float | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `widths` are those of its columns in points."""

    cells: tuple[TableCell, ...]
    widths: tuple[float, ...]
    sheet: Sheet
    id: str = ""

    @property
    def text(self) -> str:
        """The texts of all cells, row by row."""
        return " ".join(cell.text for cell in self.cells if cell.text)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its size on the page in points, and a thumbnail to know it by.

    Attributes:
        thumbnail: Grey values, row by row; empty where the picture cannot be decoded.
    """

    width: float
    height: float
    thumbnail: tuple[float, ...]
    sheet: Sheet
    id: str = ""


Item = Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Running:
    """A text in a header or footer, and whether it counts pages (in a file: by a field)."""

    text: str
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document.

    Attributes:
        items: In reading order; a footnote follows the paragraph with its mark.
        sheets: The sections, in order.
        running: What headers and footers say, each once.
        direct: Share of paragraphs with direct formatting.
    """

    items: tuple[Item, ...]
    sheets: tuple[Sheet, ...]
    running: tuple[Running, ...] = ()
    direct: float = 0.0

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The text outside tables."""
        return tuple(item for item in self.items if isinstance(item, Paragraph))

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables."""
        return tuple(item for item in self.items if isinstance(item, Table))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures."""
        return tuple(item for item in self.items if isinstance(item, Picture))

    def texts(self) -> Iterator[str]:
        """All texts of the body, tables among them."""
        for item in self.items:
            if not isinstance(item, Picture):
                yield item.text


def fold(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())


def bare(text: str) -> str:
    """`text` without white space."""
    return "".join(text.split())


def plain_number(label: str) -> str:
    """The number in a list label: "3" of "(3)", "1.2" of "1.2."; empty for a bullet."""
    kept = [n for n, char in enumerate(label) if char.isalnum()]
    return label[kept[0] : kept[-1] + 1] if kept else ""
