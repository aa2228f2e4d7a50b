"""What a generator of documents writes: content and typography, before anything is laid out.

The blocks are those of the document model, without places (page 1, an empty box): the layout is
LibreOffice's work, and what it did is read back from the rendering.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from structure.core.document import (
    Asset,
    Block,
    Family,
    ListBlock,
    Margins,
    Style,
    TableBlock,
    TextBlock,
)

Slot = Literal["left", "center", "right"]
Break = Literal["column", "page"]


@dataclass(frozen=True, slots=True)
class Paper:
    """A page in points: size, margins, and how far header and footer stand from its edges."""

    width: float
    height: float
    margins: Margins = field(default_factory=Margins)
    header: float = 36.0
    footer: float = 36.0

    @property
    def text_width(self) -> float:
        """Width between the side margins in points."""
        return self.width - self.margins.left - self.margins.right


@dataclass(frozen=True, slots=True)
class Running:
    """A page header or footer of up to three parts; `{page}` stands for the number of the page.

    Attributes:
        rule: Whether a line is drawn between it and the text.
    """

    left: str = ""
    center: str = ""
    right: str = ""
    rule: bool = False

    def parts(self) -> Iterator[tuple[Slot, str]]:
        """The parts that are there, from left to right."""
        if self.left:
            yield "left", self.left
        if self.center:
            yield "center", self.center
        if self.right:
            yield "right", self.right


@dataclass(frozen=True, slots=True)
class Furnishing:
    """Headers and footers of a section; `first` and `even` where those pages have their own.

    Each is a pair of header and footer, an empty one where there is none.
    """

    default: tuple[Running, Running] = (Running(), Running())
    first: tuple[Running, Running] | None = None
    even: tuple[Running, Running] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that share paper, columns and furnishing.

    Attributes:
        content: Blocks in reading order, and where a column or page is broken by force.
        columns: Width of each column in points; empty for one column over the whole width.
        gap: Distance between columns in points.
        rule: Whether a line is drawn between the columns.
        new_page: Whether the section begins on a new page.
    """

    content: tuple[Block | Break, ...]
    paper: Paper
    columns: tuple[float, ...] = ()
    gap: float = 18.0
    rule: bool = False
    new_page: bool = True
    furnishing: Furnishing = field(default_factory=Furnishing)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks without the breaks."""
        return tuple(item for item in self.content if not isinstance(item, str))


@dataclass(frozen=True, slots=True)
class Look:
    """Typography that the document model does not state.

    Attributes:
        fonts: Name of the font of each family.
        cjk: Font of Chinese and Japanese characters.
        leading: Line distance as a multiple of the font's own.
        cell_padding: Of table cells, above and below, in points.
        running_size: Type size of headers and footers in points.
    """

    fonts: Mapping[Family, str]
    cjk: str = "WenQuanYi Zen Hei"
    leading: float = 1.0
    cell_padding: float = 1.5
    running_size: float = 8.5


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A whole document before layout.

    Attributes:
        body: The style most paragraphs have.
        lang: BCP 47 tag.
        rtl: Whether it is written from right to left.
        notes: The footnotes, by the id that the spans of their marks name.
    """

    sections: tuple[Section, ...]
    look: Look
    body: Style
    lang: str = "en"
    rtl: bool = False
    notes: tuple[TextBlock, ...] = ()
    assets: Mapping[str, Asset] = field(default_factory=dict)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of all sections in reading order."""
        return tuple(block for section in self.sections for block in section.blocks)


def texts_of(block: Block) -> Iterator[tuple[str, str]]:
    """(id, text) of everything in `block` that is set in a colour of its own in the twin.

    The label of a list item has the id of the item with `.label`.
    """
    if isinstance(block, TextBlock):
        yield block.id, block.text
    elif isinstance(block, ListBlock):
        for item in block.items:
            yield f"{item.id}.label", item.label
            yield item.id, item.text
    elif isinstance(block, TableBlock):
        for cell in block.cells:
            yield cell.id, cell.text
