"""All that reading and the models found on one page, in pixels of the upright page."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from structure.core.document import Named
from structure.core.geometry import Affine, Box
from structure.core.grid import Grid


class Label(StrEnum):
    """What a region is. Detectors with other class names are mapped to these."""

    TEXT = "text"
    TITLE = "title"
    LIST = "list"
    FIGURE = "figure"
    FIGURE_CAPTION = "figure_caption"
    TABLE = "table"
    TABLE_CAPTION = "table_caption"
    HEADER = "header"
    FOOTER = "footer"
    REFERENCE = "reference"
    EQUATION = "equation"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know; never an exception.

    Attributes:
        code: `W_...`, stable.
        message: One line.
        loss: Whether something on the page is missing from the result.
        page: 1-based page number, or None.
    """

    code: str
    message: str
    loss: bool = False
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry in the outline of a file: its title, its 1-based page, 0 for the outermost depth."""

    title: str
    page: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Font:
    """How a text looks, where a text layer tells.

    Attributes:
        size: Em size in the unit of its owner (pixels in an analysis).
        family: Kind of type face.
        face: The face itself, where it is one that a document can name.
        color: RRGGBB in hexadecimal.
        script: Raised or lowered against the text it stands in, and smaller.
    """

    size: float
    family: Literal["serif", "sans", "mono"] = "serif"
    face: Named | None = None
    bold: bool = False
    italic: bool = False
    color: str = "000000"
    script: Literal["sup", "sub"] | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space.

    Attributes:
        score: Confidence 0 to 1; None where the text did not come from a model.
    """

    text: str
    box: Box
    score: float | None = None
    font: Font | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words that stand on one line and belong together; never across a column gap.

    Attributes:
        text: The words with the spaces between them (none between Chinese characters).
        angle: Direction of the line in degrees counter-clockwise from horizontal.
        stroke: Mean width of the pen strokes in pixels; None where nobody looked at the pixels.
        size: Em size in pixels as the height of the letters tells it, good to about 5 %; None
            likewise.
        initial: Height in lines of a drop capital, the first letter of `text`; 0 without one. The
            box of the line begins at its left edge.
        slant: Degrees by which its letters lean to the right, good to about 3; None where nobody
            looked at the pixels.
        color: "RRGGBB" of ink that is clearly coloured.
    """

    text: str
    box: Box
    score: float | None = None
    words: tuple[Word, ...] = ()
    angle: float = 0.0
    stroke: float | None = None
    size: float | None = None
    initial: int = 0
    slant: float | None = None
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """One part of a page: where, what, how sure (0 to 1)."""

    box: Box
    label: Label
    score: float


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised table.

    Attributes:
        box: Where it stands on the page.
        grid: Rectangular grid of cells with their text.
        score: Lowest probability of a structure token, 0 to 1; None where no model was asked.
        needs_review: Truncated, unsure or repaired: a person should look at it.
        lines: The text lines that were put into the cells (raw material, kept for reversibility).
        ruled: Whether drawn rules separate rows and columns.
        xs: Drawn edges of its columns, one more than there are columns; empty where the rules do
            not tell.
        ys: Drawn edges of its rows, likewise.
    """

    box: Box
    grid: Grid
    score: float | None = None
    needs_review: bool = False
    lines: tuple[TextLine, ...] = ()
    ruled: bool = False
    notices: tuple[Notice, ...] = ()
    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of the page kept as pixels.

    Attributes:
        box: Where it stands on the page.
        data: The encoded file (PNG for line art, JPEG for photographs).
        width: Pixels of the encoded picture.
        height: Likewise.
        lines: Text lines inside it: for search and alternative text, not for the body.
        label: FIGURE or EQUATION (or TABLE where a table could not be rebuilt).
        number: The number of a formula, which stands beside it; not among `lines`.
    """

    box: Box
    data: bytes
    media_type: Literal["image/png", "image/jpeg"]
    width: int
    height: int
    lines: tuple[TextLine, ...] = ()
    label: Label = Label.FIGURE
    number: TextLine | None = None


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A horizontal line that is no part of a table, a picture or a text.

    Attributes:
        box: Where it is drawn; its height is the thickness of the stroke.
        color: RRGGBB.
    """

    box: Box
    color: str = "000000"


@dataclass(frozen=True, slots=True)
class PageAnalysis:
    """One page after all models.

    Every text line is in exactly one place: `lines`, the lines of a table, or the lines of a
    picture.

    Attributes:
        number: 1-based page number in its file.
        width: Pixels of the upright page.
        height: Likewise.
        dpi: Pixels per inch.
        turn: Degrees that the content was found turned clockwise (0, 90, 180, 270); the page was
            turned back.
        skew: Small angle in degrees by which the content leaned counter-clockwise; also turned
            back.
        text_source: Where the text came from; "none" for a page without text.
        regions: What layout detection found, after resolution; best first.
        lines: Text lines outside tables and pictures.
        line_regions: For every entry of `lines` the index into `regions`, or None for a leftover.
        to_source: From pixels of the upright page to the source (see `PageImage.to_source`).
        layout_trusted: False where the page is out of the detector's domain and geometry decided.
        failure: Why this page could not be processed; then everything else is empty.
        drawn: Lines between blocks of text and lines to write on, from top to bottom.
    """

    number: int
    width: float
    height: float
    dpi: float
    dpi_known: bool = True
    turn: Literal[0, 90, 180, 270] = 0
    skew: float = 0.0
    text_source: Literal["ocr", "text", "mixed", "none"] = "none"
    regions: tuple[Region, ...] = ()
    lines: tuple[TextLine, ...] = ()
    line_regions: tuple[int | None, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    to_source: Affine = field(default_factory=Affine)
    layout_trusted: bool = True
    notices: tuple[Notice, ...] = ()
    failure: str | None = None
    drawn: tuple[DrawnLine, ...] = ()

    def __post_init__(self) -> None:
        if len(self.lines) != len(self.line_regions):
            raise ValueError(
                f"{len(self.lines)} lines with {len(self.line_regions)} region indices"
            )
