"""What generators write with: headings, paragraphs, lists, tables, pictures, notes, columns."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Literal

from PIL import Image, ImageDraw

from recovery.score.manuscript import Break, Furnishing, Look, Manuscript, Paper, Section
from structure.core.document import (
    Align,
    Asset,
    Block,
    Family,
    FigureBlock,
    ListBlock,
    ListItem,
    Margins,
    Span,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
    TextType,
)
from structure.core.geometry import Box

_AFTER_TABLE = 8.0
NOWHERE = Box(0.0, 0.0, 0.0, 0.0)
A4, LETTER, A5 = (595.3, 841.9), (612.0, 792.0), (419.55, 595.3)
Rules = Literal["grid", "three-line", "horizontal", "none"]

SERIF: dict[Family, str] = {
    "serif": "Liberation Serif",
    "sans": "Liberation Sans",
    "mono": "Liberation Mono",
}
SANS: dict[Family, str] = {
    "serif": "Liberation Serif",
    "sans": "Carlito",
    "mono": "DejaVu Sans Mono",
}
WIDE: dict[Family, str] = {
    "serif": "DejaVu Serif",
    "sans": "DejaVu Sans",
    "mono": "DejaVu Sans Mono",
}


class Builder:
    """Gathers the blocks of a manuscript section by section.

    Args:
        rng: Where chance comes from; also for the pictures.
        body: Style of body paragraphs, all of it stated.
        look: Typography.
        headings: Style of heading levels 1, 2, 3.
        title: Style of the title.
        caption: Style of captions.
        lang: BCP 47 tag.
        rtl: Whether it is written from right to left.
    """

    def __init__(
        self,
        rng: Random,
        body: Style,
        look: Look,
        *,
        headings: Sequence[Style],
        title: Style | None = None,
        caption: Style | None = None,
        lang: str = "en",
        rtl: bool = False,
    ) -> None:
        self.rng, self.body, self.look = rng, body, look
        self._headings = headings
        size = body.size or 10.0
        self._title = title or replace(headings[0], size=1.5 * size)
        self._caption = caption or replace(
            body, size=size - 1, align="center", first_indent=0.0, space_before=4.0
        )
        self._lang, self._rtl = lang, rtl
        self._sections: list[Section] = []
        self._content: list[Block | Break] = []
        self._notes: list[TextBlock] = []
        self._assets: dict[str, Asset] = {}
        self._count = 0

    def _name(self) -> str:
        self._count += 1
        return f"b{self._count}"

    # -- blocks

    def text(
        self,
        text: str,
        style: Style,
        kind: TextType = "paragraph",
        *,
        level: int | None = None,
        spans: Sequence[Span] = (),
    ) -> str:
        """A block of text in a style of its own; returns its id."""
        name = self._name()
        if self._content and isinstance(self._content[-1], TableBlock):
            style = replace(style, space_before=max(style.space_before, _AFTER_TABLE))
        block = TextBlock(
            name, kind, 1, NOWHERE, text, level=level, style=style, spans=tuple(spans)
        )
        self._content.append(block)
        return name

    def title(self, text: str) -> None:
        """The title of the document."""
        self.text(text, self._title, "title")

    def heading(self, level: int, text: str) -> None:
        """A heading of level 1, 2 or 3."""
        self.text(text, self._headings[level - 1], "heading", level=level)

    def paragraph(self, text: str, *, spans: Sequence[Span] = (), indent: bool = True) -> None:
        """A body paragraph; without its first-line indent where `indent` is off."""
        style = self.body if indent else replace(self.body, first_indent=0.0)
        self.text(text, style, spans=spans)

    def noted(self, text: str, note: str, style: Style) -> None:
        """A body paragraph with a footnote, the mark of which stands at its end."""
        name = f"n{len(self._notes) + 1}"
        mark = str(len(self._notes) + 1)
        self._notes.append(TextBlock(name, "footnote", 1, NOWHERE, note, style=style))
        span = Span(len(text), len(text) + len(mark), sup=True, note=name)
        self.text(text + mark, self.body, spans=[span])

    def list(
        self,
        items: Sequence[tuple[int, str, str]],
        *,
        gap: float = 4.0,
        size: float | None = None,
    ) -> None:
        """A list of (level, label, text)."""
        name = self._name()
        made = tuple(
            ListItem(f"{name}.i{n}", label, text, level, 1, NOWHERE)
            for n, (level, label, text) in enumerate(items, start=1)
        )
        ordered = any(char.isalnum() for char in items[0][1])
        style = replace(self.body, first_indent=0.0, space_before=gap, size=size or self.body.size)
        self._content.append(
            ListBlock(
                name,
                1,
                NOWHERE,
                made,
                ordered=ordered,
                format=list_format(items[0][1]),
                style=style,
            )
        )

    def table(
        self,
        rows: Sequence[Sequence[str | tuple[str, int, int] | None]],
        widths: Sequence[float],
        *,
        header: int = 1,
        rules: Rules = "grid",
        align: Sequence[Align] = (),
        size: float | None = None,
        caption: str = "",
        fill: str | None = None,
        bold_last: bool = False,
    ) -> None:
        """A table with its caption above it.

        Args:
            rows: Texts; (text, rowspan, colspan) for a cell that spans; None where a span reaches.
            widths: Of the columns in points.
            header: Number of header rows.
            rules: Which rules are drawn.
            align: Of each column; left where it is short.
            size: Type size in points.
            caption: None where it is empty.
            fill: Background of the header as RRGGBB.
            bold_last: Whether the last row is bold.
        """
        name = self._name()
        caption_id = None
        if caption:
            style = replace(self._caption, space_before=8.0)
            caption_id = self.text(caption, style, "caption")
            block = self._content[-1]
            if isinstance(block, TextBlock):
                self._content[-1] = replace(block, caption_of=name)
        cells: list[TableCell] = []
        for r, row in enumerate(rows):
            for c, entry in enumerate(row):
                if entry is None:
                    continue
                text, down, across = entry if isinstance(entry, tuple) else (entry, 1, 1)
                side = align[c] if c < len(align) else "left"
                head = r < header
                cells.append(
                    TableCell(
                        f"{name}.r{r}c{c}",
                        r,
                        c,
                        down,
                        across,
                        text,
                        header=head,
                        align="center" if head and across > 1 else side,
                        bold=head or (bold_last and r == len(rows) - 1),
                        fill=fill if head else None,
                        valign="middle" if down > 1 else "top",
                    )
                )
        self._content.append(
            TableBlock(
                name,
                1,
                NOWHERE,
                len(rows),
                len(widths),
                tuple(cells),
                header_rows=header,
                col_widths=tuple(widths),
                rules=rules,
                style=replace(
                    self.body, size=size or (self.body.size or 10) - 1, align=None, first_indent=0.0
                ),
                caption=caption_id,
            )
        )

    def figure(self, width: float, height: float, caption: str = "", kind: str = "") -> None:
        """A drawn picture of a size in points, its caption below it."""
        name, asset = self._name(), f"picture{len(self._assets) + 1}"
        self._assets[asset] = draw(self.rng, width, height, kind)
        caption_id = f"{name}c" if caption else None
        self._content.append(
            FigureBlock(
                name, 1, Box(0.0, 0.0, width, height), asset, alt="A drawing", caption=caption_id
            )
        )
        if caption_id:
            self._content.append(
                TextBlock(
                    caption_id,
                    "caption",
                    1,
                    NOWHERE,
                    caption,
                    style=self._caption,
                    caption_of=name,
                )
            )

    def new_column(self) -> None:
        """What follows begins in the next column."""
        self._content.append("column")

    def new_page(self) -> None:
        """What follows begins on the next page."""
        self._content.append("page")

    # -- sections

    def section(
        self,
        paper: Paper,
        *,
        columns: int | Sequence[float] = 1,
        gap: float = 18.0,
        rule: bool = False,
        new_page: bool = True,
        furnishing: Furnishing | None = None,
    ) -> None:
        """Close a section around what was gathered since the last one."""
        if isinstance(columns, int):
            width = (paper.text_width - gap * (columns - 1)) / columns
            columns = (width,) * columns if columns > 1 else ()
        self._sections.append(
            Section(
                tuple(self._content),
                paper,
                tuple(columns),
                gap,
                rule,
                new_page,
                furnishing or Furnishing(),
            )
        )
        self._content = []

    def manuscript(self) -> Manuscript:
        """All sections that were closed."""
        return Manuscript(
            tuple(self._sections),
            self.look,
            self.body,
            self._lang,
            self._rtl,
            tuple(self._notes),
            self._assets,
        )


def list_format(label: str) -> Literal["bullet", "decimal", "lower_alpha", "lower_roman"]:
    """How a list that begins with `label` is numbered."""
    plain = label.strip("().")
    if plain.isdigit():
        return "decimal"
    if plain == "i":
        return "lower_roman"
    return "lower_alpha" if plain == "a" else "bullet"


def paper(size: tuple[float, float], side: float, top: float, *, across: bool = False) -> Paper:
    """A page with equal side margins and equal margins above and below, in points."""
    width, height = size if not across else (size[1], size[0])
    return Paper(width, height, Margins(side, top, side, top), 0.5 * top, 0.5 * top)


def draw(rng: Random, width: float, height: float, kind: str = "") -> Asset:
    """A picture without text at 200 dpi: bars, a curve, or a landscape."""
    kind = kind or rng.choice(("bars", "curve", "landscape"))
    size = round(width / 72 * 200), round(height / 72 * 200)
    image = Image.new("RGB", size, (255, 255, 255))
    pen = ImageDraw.Draw(image)
    w, h = size
    if kind == "landscape":
        _landscape(rng, image)
    else:
        pen.line([(0.06 * w, 0.05 * h), (0.06 * w, 0.92 * h), (0.97 * w, 0.92 * h)], (0, 0, 0), 3)
    if kind == "bars":
        count = rng.randint(4, 8)
        for n in range(count):
            x = (0.1 + 0.86 * n / count) * w
            top = (0.9 - rng.uniform(0.15, 0.8)) * h
            shade = rng.choice(((70, 110, 170), (200, 120, 60), (110, 110, 110)))
            pen.rectangle([x, top, x + 0.6 * 0.86 * w / count, 0.915 * h], shade, (30, 30, 30))
    elif kind == "curve":
        for shade in ((180, 40, 40), (40, 80, 160)):
            y, points = rng.uniform(0.3, 0.8), []
            for n in range(25):
                y = min(0.88, max(0.08, y + rng.uniform(-0.09, 0.08)))
                points.append(((0.06 + 0.9 * n / 24) * w, y * h))
            pen.line(points, shade, 5, joint="curve")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    data = buffer.getvalue()
    return Asset(data, "image/png", w, h, hashlib.sha256(data).hexdigest())


def _landscape(rng: Random, image: Image.Image) -> None:
    w, h = image.size
    pen = ImageDraw.Draw(image)
    for y in range(h):
        share = y / h
        pen.line([(0, y), (w, y)], (round(140 + 90 * share), round(180 + 50 * share), 225))
    pen.ellipse([0.7 * w, 0.1 * h, 0.7 * w + 0.15 * h, 0.25 * h], (250, 240, 190))
    for layer in range(3):
        base = 0.5 + 0.15 * layer
        hills = [(n / 12 * w, (base + rng.uniform(-0.1, 0.06)) * h) for n in range(13)]
        points = [(0.0, float(h)), *hills, (float(w), float(h))]
        pen.polygon(points, (60 + 20 * layer, 105 - 20 * layer, 75 - 15 * layer))
