"""The document: what writers write and what the JSON file holds.

Coordinates are points (1/72 inch), origin top left, of the upright page. Content is stored once, in
reading order, in `Document.body`; page headers, footers and page numbers stand in
`Document.furniture`. Block ids are `p{page}.b{n}`. `to_dict` and `from_dict` are exact inverses;
the JSON Schema lies beside this module (`document.schema.json`).
"""

from __future__ import annotations

import re
import types
import typing
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Self

from structure.core.geometry import Affine, Box

SCHEMA = "structure-document"
VERSION = "1.0"

TextType = Literal[
    "title",
    "heading",
    "paragraph",
    "code",
    "caption",
    "footnote",
    "toc",
    "reference",
    "key_value",
    "quote",
    "unknown",
]
PictureType = Literal["figure", "chart", "seal", "handwriting"]
FurnitureType = Literal["header", "footer", "page_number", "margin_note", "watermark", "stamp"]
Align = Literal["left", "right", "center", "justify"]
Family = Literal["serif", "sans", "mono"]
Named = Literal["Calibri", "Cambria", "Verdana"]
"""Faces of office documents that are not as wide as the usual one of their family."""
Face = Family | Named
"""What text is set in: the usual face of a family (as wide as Times, Arial, Courier), or a named
one."""
BLANK = re.compile(r"_{3,}")
"""A line to write on, in a text."""


@dataclass(frozen=True, slots=True)
class WordBox:
    """A word and where it stands; `conf` is 0 to 1, or None where no model read it."""

    text: str
    box: Box
    conf: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read, before joining; raw material that is never changed.

    A line to write on that is drawn behind its text stands in it as underscores.
    """

    text: str
    box: Box
    conf: float | None = None
    words: tuple[WordBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Border:
    """A line drawn above or below a block, as wide as its column.

    Attributes:
        width: Its thickness in points, in eighths.
        space: Its distance from the text in points, 0 to 31.
        color: RRGGBB.
    """

    width: float
    space: float = 1.0
    color: str = "000000"


@dataclass(frozen=True, slots=True)
class Style:
    """How a block looks; None where nothing is known (then the body style holds).

    Attributes:
        size: Font size in points, in halves.
        pitch: Distance of baselines in points.
        first_indent: Of the first line against the others, in points; negative where it hangs.
        left_indent: Of the whole block against its column, in points.
        space_before: Extra distance to the block above, in points.
        face: The face, where it is known and not the usual one of its family.
        color: RRGGBB.
        tabs: Tab stops in points from the left edge of the column.
        drop_cap: Lines that the first letter takes, set large; 0 for a plain beginning.
        blanks: Where the lines to write on end, in points from the left edge of the column, one
            for each run of underscores in the text; empty where that is not known.
        border_above: The line drawn above the block; it belongs to no other one.
        border_below: That below it, likewise.
    """

    size: float | None = None
    bold: bool = False
    italic: bool = False
    family: Family | None = None
    face: Named | None = None
    align: Align | None = None
    pitch: float | None = None
    first_indent: float = 0.0
    left_indent: float = 0.0
    space_before: float = 0.0
    color: str | None = None
    tabs: tuple[float, ...] = ()
    drop_cap: int = 0
    blanks: tuple[float, ...] = ()
    border_above: Border | None = None
    border_below: Border | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text that look different or lead somewhere.

    Attributes:
        link: Target of a hyperlink.
        note: Id of the footnote block that these characters, a mark, refer to.
    """

    start: int
    end: int
    bold: bool = False
    italic: bool = False
    sup: bool = False
    sub: bool = False
    link: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a block on one page or column: its box and the lines in it."""

    page: int
    box: Box
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, heading, caption or any other run of text.

    Attributes:
        level: 1 to 6 for a heading, else None.
        joins: How each line was joined to the next: "space", "none", "dehyphen", "hyphen", "tab",
            "break".
        at: Every place of the block; more than one where it runs over a column or page.
        caption_of: Id of the figure or table that a caption belongs to.
        order_conf: How sure the reading order is here, 0 to 1.
    """

    id: str
    type: TextType
    page: int
    box: Box
    text: str
    level: int | None = None
    style: Style = field(default_factory=Style)
    spans: tuple[Span, ...] = ()
    joins: tuple[str, ...] = ()
    at: tuple[Place, ...] = ()
    caption_of: str | None = None
    conf: float | None = None
    order_conf: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list; `label` is the marker as printed, `level` 0 for the outermost."""

    id: str
    label: str
    text: str
    level: int
    page: int
    box: Box
    checked: bool | None = None
    spans: tuple[Span, ...] = ()
    at: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; `format` and `start` say how it is numbered."""

    id: str
    page: int
    box: Box
    items: tuple[ListItem, ...]
    type: Literal["list"] = "list"
    ordered: bool = False
    start: int = 1
    format: Literal[
        "bullet", "decimal", "lower_alpha", "upper_alpha", "lower_roman", "upper_roman"
    ] = "bullet"
    style: Style = field(default_factory=Style)
    order_conf: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table block; rows and columns count from 0.

    Attributes:
        size: Font size in points; None for that of the table.
        borders: The sides on which a rule is drawn, letters of "trbl"; None: as `TableBlock.rules`
            says.
        fill: Background as RRGGBB.
    """

    id: str
    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1
    text: str = ""
    box: Box | None = None
    header: bool = False
    align: Align | None = None
    valign: Literal["top", "middle", "bottom"] | None = None
    bold: bool = False
    size: float | None = None
    borders: str | None = None
    fill: str | None = None
    conf: float | None = None


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table; its cells cover `rows` x `cols` places exactly once, sorted by row and column.

    Attributes:
        col_widths: Width of each column in points.
        row_heights: Height of each row in points, where drawn rules or pictures on it show it.
        rules: Which rules are drawn.
        caption: Id of its caption block.
        lines: The lines that were put into the cells.
        picture: Asset id of a crop of the table, where it may be read wrong.
        continued_from: Id of the table on the page before that this one goes on from.
    """

    id: str
    page: int
    box: Box
    rows: int
    cols: int
    cells: tuple[TableCell, ...]
    type: Literal["table"] = "table"
    header_rows: int = 0
    col_widths: tuple[float, ...] = ()
    row_heights: tuple[float, ...] = ()
    rules: Literal["grid", "three-line", "horizontal", "none"] = "grid"
    style: Style = field(default_factory=Style)
    caption: str | None = None
    lines: tuple[Line, ...] = ()
    picture: str | None = None
    continued_from: str | None = None
    needs_review: bool = False
    conf: float | None = None
    order_conf: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A picture; `lines` is the text inside it, for search and not for the body."""

    id: str
    page: int
    box: Box
    asset: str
    type: PictureType = "figure"
    alt: str = ""
    caption: str | None = None
    lines: tuple[Line, ...] = ()
    conf: float | None = None
    order_conf: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormulaBlock:
    """A displayed formula: a picture of it, its text as read, and LaTeX where known."""

    id: str
    page: int
    box: Box
    asset: str | None = None
    type: Literal["formula"] = "formula"
    text: str = ""
    latex: str | None = None
    number: str | None = None
    lines: tuple[Line, ...] = ()
    order_conf: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)


Block = TextBlock | ListBlock | TableBlock | FigureBlock | FormulaBlock


@dataclass(frozen=True, slots=True)
class Furniture:
    """Text outside the flow: page header, footer, page number and the like.

    Attributes:
        group: Furniture of several pages that is the same thing shares a group.
        asset: Of a picture; then `text` is what was read inside it.
        border: The line between a page header or footer and the text of the page.
    """

    id: str
    type: FurnitureType
    page: int
    box: Box
    text: str
    align: Align = "left"
    group: str | None = None
    lines: tuple[Line, ...] = ()
    asset: str | None = None
    border: Border | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A horizontal strip of a page with one set of columns, each (x0, x1) in points.

    Attributes:
        blocks: Ids of the blocks in it, in reading order.
        rule: Whether a line is drawn between the columns.
    """

    y0: float
    y1: float
    columns: tuple[tuple[float, float], ...]
    blocks: tuple[str, ...] = ()
    rule: bool = False


@dataclass(frozen=True, slots=True)
class Margins:
    """Distance of the text from the edges of the page, in points."""

    left: float = 72.0
    top: float = 72.0
    right: float = 72.0
    bottom: float = 72.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the source.

    Attributes:
        w: Width in points.
        h: Height in points.
        rotation_applied: Degrees counter-clockwise by which the page was turned to stand upright.
        to_source: From points of this page to the source (pixels of the picture, or PDF user
            space).
        failure: Why nothing could be read from it; None for a good page.
    """

    n: int
    w: float
    h: float
    rotation_applied: int = 0
    skew_deg: float = 0.0
    text_source: Literal["ocr", "text", "mixed", "none"] = "none"
    dpi: float | None = None
    to_source: Affine = field(default_factory=Affine)
    margins: Margins = field(default_factory=Margins)
    bands: tuple[Band, ...] = ()
    mean_conf: float | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture of the document, encoded; base64 in JSON."""

    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Warning:
    """Something to know about; severity `loss` means that something of the source is missing."""

    code: str
    message: str
    severity: Literal["info", "loss"] = "info"
    page: int | None = None
    block: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The file that the document was made from."""

    name: str
    media_type: str
    sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class Producer:
    """What made this document: program version and models with their digests."""

    name: str
    version: str
    models: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Attributes:
        style: The body style, the one most characters have; blocks state only what differs.
        lang: BCP 47 tags, most frequent first.
    """

    producer: Producer
    source: Source
    pages: tuple[Page, ...] = ()
    body: tuple[Block, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    style: Style = field(default_factory=Style)
    lang: tuple[str, ...] = ()
    assets: dict[str, Asset] = field(default_factory=dict)
    fields: tuple[dict[str, Any], ...] = ()
    warnings: tuple[Warning, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; defaults are left out, lengths rounded to 2 decimals."""
        return {"schema": SCHEMA, "version": VERSION, **_encode(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The document of `to_dict`; unknown fields of blocks and the document stay in `extra`.

        Raises:
            ValueError: another schema, another major version, or a value of the wrong shape.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"schema {data.get('schema')!r} is not {SCHEMA!r}")
        version = str(data.get("version", ""))
        if version.split(".")[0] != VERSION.split(".", maxsplit=1)[0]:
            raise ValueError(f"version {version!r} cannot be read by {VERSION}")
        plain = {key: value for key, value in data.items() if key not in ("schema", "version")}
        return typing.cast(Self, _decode(cls, plain))


def _encode(value: Any) -> Any:
    if isinstance(value, Box | Affine):
        digits = 2 if isinstance(value, Box) else 6
        return [round(float(part), digits) for part in value.as_tuple()]
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, float):
        return round(value, 4)
    if is_dataclass(value) and not isinstance(value, type):
        out: dict[str, Any] = {}
        for item in fields(value):
            part = getattr(value, item.name)
            if item.name == "extra":
                out.update(part)
            elif item.name == "type" or _encode(part) != _encode(_default(item)):
                # Compared as written: a length that rounds to its default is the default.
                out[item.name] = _encode(part)
        return out
    if isinstance(value, Mapping):
        return {key: _encode(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_encode(part) for part in value]
    return value


def _default(item: Any) -> Any:
    if item.default is not MISSING:
        return item.default
    return item.default_factory() if item.default_factory is not MISSING else MISSING


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if kind is Any:
        return value
    if origin is Literal:
        if value not in arguments:
            raise ValueError(f"{value!r} is not one of {', '.join(map(repr, arguments))}")
        return value
    if origin in (typing.Union, types.UnionType):
        return _decode_union(arguments, value)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError(f"{value!r} is not a list")
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_decode(arguments[0], part) for part in value)
        return tuple(_decode(a, part) for a, part in zip(arguments, value, strict=True))
    if origin is dict:
        if not isinstance(value, Mapping):
            raise ValueError(f"{value!r} is not a dictionary")
        return {key: _decode(arguments[1], part) for key, part in value.items()}
    if kind in (Box, Affine):
        if not isinstance(value, list | tuple) or len(value) != len(fields(kind)):
            raise ValueError(f"{value!r} is not a {kind.__name__}")
        return kind(*(_decode(float, part) for part in value))
    if kind is bytes:
        return b64decode(_decode(str, value))
    if is_dataclass(kind):
        return _decode_dataclass(typing.cast(type, kind), value)
    if not isinstance(value, (float, int) if kind is float else kind):
        raise ValueError(f"{value!r} is not a {kind.__name__}")
    return float(value) if kind is float else value


def _decode_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None
    concrete = [kind for kind in kinds if kind is not type(None)]
    if len(concrete) == 1:
        return _decode(concrete[0], value)
    if not isinstance(value, Mapping) or "type" not in value:
        raise ValueError(f"{value!r} is not a block")
    for kind in concrete:
        if value["type"] in typing.get_args(_hints(kind)["type"]):
            return _decode(kind, value)
    raise ValueError(f"unknown block type {value['type']!r}")


def _decode_dataclass(kind: type, value: Mapping[str, Any]) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"{value!r} is not a {kind.__name__}")
    hints = _hints(kind)
    known = {key: _decode(hints[key], part) for key, part in value.items() if key in hints}
    if "extra" in hints:
        known["extra"] = {key: part for key, part in value.items() if key not in hints}
    try:
        return kind(**known)
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error
