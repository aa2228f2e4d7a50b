"""Styles and list definitions of a truth docx: every look a block may have is a named style."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from recovery.score.manuscript import Look, Manuscript
from recovery.score.truth_xml import Node, el
from structure.core.document import ListBlock, Style, TableBlock, TableCell, TextBlock

_BUILT_IN = {
    "title": ("Title", "Title"),
    "heading": ("Heading", "heading"),
    "paragraph": ("BodyText", "Body Text"),
    "code": ("Code", "HTML Preformatted"),
    "caption": ("Caption", "caption"),
    "footnote": ("FootnoteText", "footnote text"),
    "toc": ("TOC", "toc"),
    "reference": ("Bibliography", "Bibliography"),
    "key_value": ("Facts", "Facts"),
    "quote": ("Quote", "Quote"),
    "list": ("ListParagraph", "List Paragraph"),
    "table": ("TableText", "Table Text"),
    "figure": ("Figure", "Figure"),
    "header": ("Header", "header"),
    "footer": ("Footer", "footer"),
    "unknown": ("Other", "Other"),
}
"""Style id and the name that Word knows it by, for each kind of paragraph."""

_LEVELS = {"heading", "toc"}
_KEEP_NEXT = {"heading", "title", "figure"}
LIST_STEP = 20.0
"""Indent of each list level in points; the label hangs by as much."""


class StyleBook:
    """Names one paragraph style for every kind of paragraph and look that is asked for."""

    def __init__(self, manuscript: Manuscript) -> None:
        self._look, self._body, self._rtl = manuscript.look, manuscript.body, manuscript.rtl
        self._lang = manuscript.lang
        self._known: dict[tuple[str, int | None, Style], str] = {}
        self._nodes: list[Node] = []

    def name(self, kind: str, level: int | None, style: Style) -> str:
        """Id of the style; `level` counts from 1 for headings and lines of a table of contents."""
        key = kind, level, style
        if key not in self._known:
            base, name = _BUILT_IN[kind]
            if kind in _LEVELS:
                base, name = f"{base}{level or 1}", f"{name} {level or 1}"
            number = sum(known.split("_")[0] == base for known in self._known.values())
            self._known[key] = f"{base}_{number + 1}" if number else base
            shown = f"{name} {number + 1}" if number else name
            parent = base if number else "Normal"
            self._nodes.append(self._paragraph_style(self._known[key], shown, parent, key))
        return self._known[key]

    def xml(self) -> Node:
        """The styles part, once all names are known."""
        body = Style(size=self._body.size, family=self._body.family)
        fonts = el("rPrDefault", el("rPr", *self._run(body), _language(self._lang, self._rtl)))
        rest = el("pPrDefault", el("pPr", el("spacing", after=0, line=240, lineRule="auto")))
        normal = el(
            "style", el("name", val="Normal"), type="paragraph", default=1, styleId="Normal"
        )
        link = el(
            "style",
            el("name", val="Hyperlink"),
            el("rPr", el("color", val="1F4E9E"), el("u", val="single")),
            type="character",
            styleId="Hyperlink",
        )
        return el("styles", el("docDefaults", fonts, rest), normal, link, *self._nodes)

    def _paragraph_style(
        self, id_: str, name: str, parent: str, key: tuple[str, int | None, Style]
    ) -> Node:
        kind, level, style = key
        properties = paragraph_properties(
            style, self._look, rtl=self._rtl, keep=kind in _KEEP_NEXT, kind=kind
        )
        if kind == "heading":
            properties.append(el("outlineLvl", val=(level or 1) - 1))
        return el(
            "style",
            el("name", val=name),
            el("basedOn", val=parent),
            el("qFormat"),
            properties,
            el("rPr", *self._run(style)),
            type="paragraph",
            styleId=id_,
        )

    def _run(self, style: Style) -> list[Node]:
        font = self._look.fonts[style.family or self._body.family or "serif"]
        size = round(2 * (style.size or self._body.size or 10))
        nodes = [el("rFonts", ascii=font, hAnsi=font, cs=font, eastAsia=self._look.cjk)]
        # Stated either way: a second style of a kind rests on the first.
        nodes += [el(tag, val=int(style.bold)) for tag in ("b", "bCs")]
        nodes += [el(tag, val=int(style.italic)) for tag in ("i", "iCs")]
        if style.color:
            nodes.append(el("color", val=style.color))
        if self._rtl:
            return [*nodes, el("sz", val=size), el("szCs", val=size), el("rtl")]
        return [*nodes, el("sz", val=size), el("szCs", val=size)]


def paragraph_properties(style: Style, look: Look, *, rtl: bool, keep: bool, kind: str) -> Node:
    """The w:pPr of a style."""
    nodes: list[Node] = []
    if keep:
        nodes += [el("keepNext"), el("keepLines")]
    nodes.append(el("widowControl"))
    if style.tabs:
        leader = {"leader": "dot"} if kind == "toc" else {}
        place = "right" if kind == "toc" else "left"
        nodes.append(
            el("tabs", *(el("tab", val=place, pos=twips(t), **leader) for t in style.tabs))
        )
    if rtl:
        nodes.append(el("bidi"))
    leading = 1.0 if kind == "table" else look.leading
    nodes.append(
        el(
            "spacing",
            before=twips(style.space_before),
            after=0,
            line=round(240 * leading),
            lineRule="auto",
        )
    )
    indent = {"left": twips(style.left_indent)}
    if style.first_indent > 0:
        indent["firstLine"] = twips(style.first_indent)
    elif style.first_indent < 0:
        indent["hanging"] = twips(-style.first_indent)
    nodes.append(el("ind", **indent))
    align = {"left": "left", "right": "right", "center": "center", "justify": "both"}
    side = style.align or "left"
    if rtl and side in ("left", "right"):
        # In a paragraph from right to left the two names mean start and end.
        side = "right" if side == "left" else "left"
    nodes.append(el("jc", val=align[side]))
    return el("pPr", *nodes)


def twips(points: float) -> int:
    """Twentieths of a point."""
    return round(20 * points)


def style_of_text(block: TextBlock) -> tuple[str, int | None, Style]:
    """What `StyleBook.name` wants for a block of text."""
    level = block.level if block.type in _LEVELS else None
    return block.type, level, block.style


def style_of_cell(table: TableBlock, cell: TableCell) -> tuple[str, int | None, Style]:
    """What `StyleBook.name` wants for a cell."""
    look = Style(
        size=cell.size or table.style.size,
        bold=cell.bold,
        family=table.style.family,
        align=cell.align or "left",
    )
    return "table", None, look


def numbering(lists: Sequence[ListBlock], font: str, *, rtl: bool) -> Node:
    """The numbering part: a definition of its own for every list, numbered from 1."""
    definitions, uses = [], []
    for number, block in enumerate(lists, start=1):
        first: dict[int, str] = {}
        for item in block.items:
            first.setdefault(item.level, item.label)
        levels = [_level(level, label, block, font, rtl) for level, label in sorted(first.items())]
        definitions.append(
            el("abstractNum", el("multiLevelType", val="multilevel"), *levels, abstractNumId=number)
        )
        uses.append(el("num", el("abstractNumId", val=number), numId=number))
    return el("numbering", *definitions, *uses)


def _level(level: int, label: str, block: ListBlock, font: str, rtl: bool) -> Node:
    form, text, start = _format(level, label)
    left = twips(block.style.left_indent + LIST_STEP * (level + 1))
    return el(
        "lvl",
        el("start", val=start),
        el("numFmt", val=form),
        el("lvlText", val=text),
        el("lvlJc", val="right" if rtl else "left"),
        el("pPr", el("ind", left=left, hanging=twips(LIST_STEP))),
        el("rPr", el("rFonts", ascii=font, hAnsi=font, cs=font, hint="default")),
        ilvl=level,
    )


_LABEL = re.compile(r"^(\(?)(?:(\d+)|([ivx]+)|([a-z])|([A-Z]))([.)]?)$")


def _format(level: int, label: str) -> tuple[str, str, int]:
    """numFmt, lvlText and first number of a level that begins with `label`."""
    if re.fullmatch(r"(\d+\.)+\d+", label):
        parts = [f"%{n}" for n in range(1, level + 2)]
        return "decimal", ".".join(parts), int(label.rsplit(".", 1)[1])
    found = _LABEL.match(label)
    if found is None:
        return "bullet", label, 1
    text = f"{found[1]}%{level + 1}{found[6]}"
    if found[2]:
        return "decimal", text, int(found[2])
    if found[3]:
        return "lowerRoman", text, 1
    if found[4]:
        return "lowerLetter", text, ord(found[4]) - ord("a") + 1
    return "upperLetter", text, ord(found[5]) - ord("A") + 1


def _language(lang: str, rtl: bool) -> Node:
    east = lang if lang.startswith(("zh", "ja", "ko")) else "zh-CN"
    return el(
        "lang", val="en-US" if east == lang else lang, eastAsia=east, bidi=lang if rtl else "ar-SA"
    )


def to_bytes(node: Node) -> bytes:
    """The part as a file."""
    return etree.tostring(node, xml_declaration=True, encoding="UTF-8", standalone=True)
