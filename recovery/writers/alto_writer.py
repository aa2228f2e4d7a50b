"""ALTO 4: every word with its place and confidence, as libraries and archives keep it.

One file holds all pages of a document. Coordinates are pixels of the source picture, those of a PDF
pixels of its upright page at the resolution of reading. Blocks follow each other in reading order,
and IDNEXT says so across the margins.

Source: ALTO 4.2, https://www.loc.gov/standards/alto/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from lxml import etree

from recovery.writers.cleaning import cleaned
from recovery.writers.options import Original
from recovery.writers.originals import Shown, shown
from recovery.writers.page_frames import Frame, source_frame
from recovery.writers.placed_words import Area, areas_of, inside_cells, joined_words, words_of
from recovery.writers.rendered import Rendered
from structure.core.document import (
    Document,
    FigureBlock,
    FormulaBlock,
    Furniture,
    Page,
    Style,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Box, union

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_VERSION = "4.2"
_SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-2.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ALIGN = {"left": "Left", "right": "Right", "center": "Center", "justify": "Block"}
_FAMILIES = {
    "serif": ("Times New Roman", "serif", "proportional"),
    "sans": ("Arial", "sans-serif", "proportional"),
    "mono": ("Courier New", "serif", "fixed"),
}
_BELOW_BASELINE = 0.2  # share of a line's height
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")


def render_alto(document: Document, originals: Sequence[Original] = ()) -> Rendered:
    """The document as one ALTO file.

    Args:
        document: What to write.
        originals: What it was made from; they tell the exact size of the pictures.
    """
    document = cleaned(document)
    root = _AltoWriter(document, shown(document, originals)).root()
    data = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    return Rendered(data)


class _AltoWriter:
    """State of writing one document."""

    def __init__(self, document: Document, views: Sequence[Shown]) -> None:
        self.document = document
        self.frames = {
            page.n: source_frame(page, view.extent)
            for page, view in zip(document.pages, views, strict=True)
        }
        self._ids: set[str] = set()
        self._fonts: dict[tuple[Any, ...], str] = {}
        self._aligns: dict[str, str] = {}
        self._tags: dict[tuple[str, str], str] = {}
        own = document.lang[0] if len(document.lang) == 1 else ""
        self._lang = own if _LANGUAGE.fullmatch(own) else ""

    def root(self) -> etree._Element:
        """The whole file."""
        names: dict[Any, str] = {None: NAMESPACE, "xsi": _XSI}
        root = etree.Element(_name("alto"), {"SCHEMAVERSION": _VERSION}, nsmap=names)
        root.set(f"{{{_XSI}}}schemaLocation", f"{NAMESPACE} {_SCHEMA}")
        # Styles and tags stand first and are known last.
        layout = etree.Element(_name("Layout"))
        areas = areas_of(self.document)
        for page in self.document.pages:
            layout.append(self._page(page, areas.get(page.n, [])))
        root.append(self._description())
        root.extend([*self._styles(), *self._tag_list(), layout])
        return root

    def _description(self) -> etree._Element:
        description = etree.Element(_name("Description"))
        _text(description, "MeasurementUnit", "pixel")
        source = _add(description, "sourceImageInformation")
        _text(source, "fileName", self.document.source.name)
        producer = self.document.producer
        processing = _add(description, "Processing", ID=self._id("processing"))
        _text(processing, "processingCategory", "contentGeneration")
        if producer.models:
            models = "; ".join(f"{key}: {value}" for key, value in producer.models.items())
            _text(processing, "processingStepSettings", models)
        software = _add(processing, "processingSoftware")
        _text(software, "softwareName", producer.name)
        _text(software, "softwareVersion", producer.version)
        return description

    def _styles(self) -> Iterator[etree._Element]:
        if not self._fonts and not self._aligns:
            return
        styles = etree.Element(_name("Styles"))
        for (family, size, looks), name in self._fonts.items():
            typeface, kind, width = _FAMILIES[family]
            font = _add(
                styles, "TextStyle", ID=name, FONTFAMILY=typeface, FONTTYPE=kind, FONTWIDTH=width
            )
            if size:
                font.set("FONTSIZE", f"{size:g}")
            if looks:
                font.set("FONTSTYLE", looks)
        for align, name in self._aligns.items():
            _add(styles, "ParagraphStyle", ID=name, ALIGN=_ALIGN[align])
        yield styles

    def _tag_list(self) -> Iterator[etree._Element]:
        if self._tags:
            tags = etree.Element(_name("Tags"))
            for (label, description), name in self._tags.items():
                tag = _add(tags, "LayoutTag", ID=name, LABEL=label)
                if description:
                    tag.set("DESCRIPTION", description)
            yield tags

    def _page(self, page: Page, areas: Sequence[Area]) -> etree._Element:
        frame = self.frames[page.n]
        element = etree.Element(
            _name("Page"),
            ID=self._id(f"page{page.n}"),
            PHYSICAL_IMG_NR=str(page.n),
            WIDTH=str(frame.width),
            HEIGHT=str(frame.height),
        )
        if page.mean_conf is not None:
            element.set("PC", _share(page.mean_conf))
        if page.failure is not None:
            element.set("QUALITY", "Damaged")
            element.set("QUALITY_DETAIL", page.failure)
        parts: dict[str, list[etree._Element]] = {}
        boxes: dict[str, list[Box]] = {}
        chain: list[etree._Element] = []
        for area in areas:
            block = self._block(area, frame)
            chain.append(block)
            part = _part(area, page)
            parts.setdefault(part, []).append(block)
            boxes.setdefault(part, []).append(area.box)
        for block, following in pairwise(chain):
            block.set("IDNEXT", following.get("ID", ""))
        for part in ("TopMargin", "LeftMargin", "RightMargin", "BottomMargin", "PrintSpace"):
            if part in parts or part == "PrintSpace":
                box = union(boxes[part]) if part in parts else Box(0.0, 0.0, page.w, page.h)
                space = _add(element, part, **_place(frame, box))
                space.extend(parts.get(part, []))
        return element

    def _block(self, area: Area, frame: Frame) -> etree._Element:
        owner = area.owner
        if isinstance(owner, TableBlock):
            return self._table(owner, area, frame)
        if isinstance(owner, FigureBlock | FormulaBlock):
            return self._picture(owner, area, frame)
        block = self._text_block(owner.id, area, frame)
        block.set("TAGREFS", self._tag(area))
        style = owner.style if isinstance(owner, TextBlock) else Style()
        block.set("STYLEREFS", " ".join(self._style_names(style)))
        return block

    def _table(self, table: TableBlock, area: Area, frame: Frame) -> etree._Element:
        composed = self._composed(table.id, "table", area, frame)
        for cell, box, lines in inside_cells(table, area.lines):
            name = cell.id if cell is not None else table.id
            part = Area(table, box, lines)
            composed.append(self._text_block(name, part, frame))
        return composed

    def _picture(
        self, owner: FigureBlock | FormulaBlock, area: Area, frame: Frame
    ) -> etree._Element:
        if not area.lines:
            picture = _element("Illustration", self._id(owner.id), frame, area.box)
            picture.set("TYPE", owner.type)
            picture.set("TAGREFS", self._tag(area))
            return picture
        composed = self._composed(owner.id, owner.type, area, frame)
        if isinstance(owner, FigureBlock) or owner.asset:
            picture = _element("Illustration", self._id(owner.id), frame, area.box)
            picture.set("TYPE", owner.type)
            composed.append(picture)
        composed.append(self._text_block(owner.id, area, frame))
        return composed

    def _composed(self, name: str, kind: str, area: Area, frame: Frame) -> etree._Element:
        composed = _element("ComposedBlock", self._id(name), frame, area.box)
        composed.set("TYPE", kind)
        composed.set("TAGREFS", self._tag(area))
        return composed

    def _text_block(self, name: str, area: Area, frame: Frame) -> etree._Element:
        block = _element("TextBlock", self._id(name), frame, area.box)
        if frame.angle:
            block.set("ROTATION", f"{frame.angle:g}")
        if self._lang:
            block.set("LANG", self._lang)
        joined = joined_words(area)
        for n, line in enumerate(area.lines):
            words = words_of(line)
            if not words:
                continue
            element = _add(
                block, "TextLine", ID=self._id(f"{name}.l{n}"), **_place(frame, line.box)
            )
            element.set("BASELINE", _baseline(frame, line.box))
            before, after = joined[n]
            for k, word in enumerate(words):
                content = word.text
                broken = after if k == len(words) - 1 else None
                if broken is not None:
                    content = content[:-1]
                string = _add(element, "String", **_place(frame, word.box), CONTENT=content)
                if word.conf is not None:
                    string.set("WC", _share(word.conf))
                whole = broken or (before if k == 0 else None)
                if whole is not None:
                    string.set("SUBS_TYPE", "HypPart1" if broken else "HypPart2")
                    string.set("SUBS_CONTENT", whole)
                if broken is not None:
                    _add(element, "HYP", CONTENT=word.text[-1])
                elif word.space:
                    _add(element, "SP")
        return block

    def _tag(self, area: Area) -> str:
        level = area.owner.level if isinstance(area.owner, TextBlock) else None
        key = area.type, f"level {level}" if level else ""
        if key not in self._tags:
            self._tags[key] = self._id("tag." + area.type + (f".{level}" if level else ""))
        return self._tags[key]

    def _style_names(self, style: Style) -> list[str]:
        body = self.document.style
        looks = " ".join(
            name for on, name in ((style.bold, "bold"), (style.italic, "italics")) if on
        )
        font = style.family or body.family or "serif", style.size or body.size or 0.0, looks
        names = [self._fonts.setdefault(font, f"font{len(self._fonts) + 1}")]
        align = style.align or body.align
        if align is not None:
            names.append(self._aligns.setdefault(align, f"paragraph.{align}"))
        self._ids.update(names)
        return names

    def _id(self, wanted: str) -> str:
        """A name that XML takes as an id and that no other element has."""
        name = re.sub(r"[^A-Za-z0-9._-]", "_", wanted)
        name = name if re.match(r"[A-Za-z_]", name) else f"_{name}"
        unique, n = name, 1
        while unique in self._ids:
            n += 1
            unique = f"{name}-{n}"
        self._ids.add(unique)
        return unique


def _part(area: Area, page: Page) -> str:
    """Which part of an ALTO page holds an area."""
    if not isinstance(area.owner, Furniture):
        return "PrintSpace"
    x, y = area.box.center
    if area.owner.type == "margin_note":
        return "LeftMargin" if x < page.w / 2 else "RightMargin"
    if area.owner.type in ("header", "footer", "page_number"):
        return "TopMargin" if y < page.h / 2 else "BottomMargin"
    return "PrintSpace"


def _baseline(frame: Frame, box: Box) -> str:
    y = box.y1 - _BELOW_BASELINE * box.height
    ends = (frame.way.point(x, y) for x in (box.x0, box.x1))
    return " ".join(f"{round(x)},{round(y)}" for x, y in ends)


def _element(kind: str, name: str, frame: Frame, box: Box) -> etree._Element:
    return etree.Element(_name(kind), {"ID": name, **_place(frame, box)})


def _place(frame: Frame, box: Box) -> dict[str, str]:
    x0, y0, x1, y1 = frame.box(box)
    return {"HPOS": str(x0), "VPOS": str(y0), "WIDTH": str(x1 - x0), "HEIGHT": str(y1 - y0)}


def _share(value: float) -> str:
    return f"{min(max(value, 0.0), 1.0):.3g}"


def _add(parent: etree._Element, kind: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _name(kind), attributes)


def _text(parent: etree._Element, kind: str, text: str) -> None:
    _add(parent, kind).text = text


def _name(kind: str) -> str:
    return f"{{{NAMESPACE}}}{kind}"
