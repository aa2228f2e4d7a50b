"""A manuscript as a docx, by means of its own: nothing here comes from the writers under test.

The same function writes the twin, in which every text has a colour and every cell a fill.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import cast

from lxml import etree

from recovery.score.manuscript import Furnishing, Manuscript, Running, Section, Slot
from recovery.score.truth_styles import (
    LIST_STEP,
    StyleBook,
    numbering,
    style_of_cell,
    style_of_text,
    to_bytes,
    twips,
)
from recovery.score.truth_xml import RELATION, WORD, Node, el, other, text
from structure.core.document import (
    FigureBlock,
    ListBlock,
    Span,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
)

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_EMU = 12700
_SOFT_HYPHEN = "\u00ad"
_FIRST_NOTE = 1
_TOGETHER = 16
"""Tables of so many rows are kept on one page."""
_THICK, _THIN = 12, 4
"""Rules in eighths of a point."""

Tint = Callable[[str], str | None]
"""RRGGBB for the id of a text, None for no colour of its own."""


def running_id(part: str, slot: Slot) -> str:
    """What the colour of a part of a header or footer is asked by."""
    return f"{part}.{slot}"


def write_truth(
    manuscript: Manuscript, *, tint: Tint = lambda _: None, fill: Tint = lambda _: None
) -> bytes:
    """The docx of a manuscript; the same bytes for the same input.

    Args:
        manuscript: Content and typography. Soft hyphens in its texts become Word's own.
        tint: Colour of each text: ids of blocks, items, cells, `item.label`, and of headers and
            footers as `running_id` names them.
        fill: Background of each table cell, by its id.
    """
    return _Writer(manuscript, tint, fill).package()


def part_names(number: int, furnishing: Furnishing) -> Iterator[tuple[str, str, str, Running]]:
    """(part, "header" or "footer", w:type, content) of the furnishing of section `number`."""
    kinds = {
        "default": furnishing.default,
        "first": furnishing.first,
        "even": furnishing.even,
    }
    for kind, pair in kinds.items():
        if pair is not None:
            for what, running in zip(("header", "footer"), pair, strict=True):
                yield f"{what}{number}{kind}", what, kind, running


class _Writer:
    def __init__(self, manuscript: Manuscript, tint: Tint, fill: Tint) -> None:
        self._manuscript, self._tint, self._fill = manuscript, tint, fill
        self._styles = StyleBook(manuscript)
        self._lists = [b for b in manuscript.blocks if isinstance(b, ListBlock)]
        self._tables = {b.id for b in manuscript.blocks if isinstance(b, TableBlock)}
        self._notes = {note.id: n for n, note in enumerate(manuscript.notes, start=_FIRST_NOTE)}
        self._parts: dict[str, tuple[bytes, str]] = {}
        self._relations: list[tuple[str, str, str]] = []
        self._pictures = 0

    def package(self) -> bytes:
        for name, asset in sorted(self._manuscript.assets.items()):
            self._add(f"media/{name}.png", asset.data, "image/png", "image")
        body = self._body()
        if self._lists:
            font = self._manuscript.look.fonts[self._manuscript.body.family or "serif"]
            node = numbering(self._lists, font, rtl=self._manuscript.rtl)
            self._add("numbering.xml", to_bytes(node), f"{_TYPE}numbering+xml", "numbering")
        if self._notes:
            node = self._footnotes()
            self._add("footnotes.xml", to_bytes(node), f"{_TYPE}footnotes+xml", "footnotes")
        self._add("settings.xml", to_bytes(self._settings()), f"{_TYPE}settings+xml", "settings")
        self._add("styles.xml", to_bytes(self._styles.xml()), f"{_TYPE}styles+xml", "styles")
        return _zip(to_bytes(el("document", body)), self._parts, self._relations)

    def _add(self, name: str, data: bytes, media_type: str, kind: str) -> str:
        id_ = f"rId{len(self._relations) + 1}"
        self._parts[f"word/{name}"] = data, media_type
        self._relations.append((id_, _OFFICE + kind, name))
        return id_

    def _link(self, target: str) -> str:
        id_ = f"rId{len(self._relations) + 1}"
        self._relations.append((id_, _OFFICE + "hyperlink", target))
        return id_

    # -- body

    def _body(self) -> Node:
        body = el("body")
        sections = self._manuscript.sections
        for n, section in enumerate(sections, start=1):
            nodes = self._content(section)
            properties = self._section(n, section)
            if section is sections[-1]:
                body.extend([*nodes, properties])
                continue
            if not nodes or nodes[-1].tag != el("p").tag:
                nodes.append(_spacer())
            own = nodes[-1].find(el("pPr").tag)
            if own is None:
                own = el("pPr")
                nodes[-1].insert(0, own)
            own.append(properties)
            body.extend(nodes)
        return body

    def _content(self, section: Section) -> list[Node]:
        nodes: list[Node] = []
        pending: str | None = None
        for item in section.content:
            if isinstance(item, str):
                pending = item
                continue
            if isinstance(item, TableBlock):
                if nodes and nodes[-1].tag == el("tbl").tag:
                    nodes.append(_spacer())
                nodes.append(self._table(item))
            elif isinstance(item, ListBlock):
                nodes.extend(self._list(item))
            elif isinstance(item, FigureBlock):
                nodes.append(self._figure(item))
            elif isinstance(item, TextBlock):
                nodes.append(self._paragraph(item, pending))
                pending = None
        if section is self._manuscript.sections[-1] and nodes[-1].tag == el("tbl").tag:
            nodes.append(_spacer())
        return nodes

    def _paragraph(self, block: TextBlock, broken: str | None = None) -> Node:
        properties = el("pPr", el("pStyle", val=self._styles.name(*style_of_text(block))))
        if block.type == "caption" and block.caption_of in self._tables:
            properties.append(el("keepNext"))
        paragraph = el("p", properties)
        if broken:
            paragraph.append(el("r", el("br", type=broken)))
        paragraph.extend(self._runs(block.text, block.spans, self._tint(block.id)))
        return paragraph

    def _list(self, block: ListBlock) -> Iterator[Node]:
        number = self._lists.index(block) + 1
        for n, item in enumerate(block.items):
            before = block.style.space_before if n == 0 else 0.0
            indent = block.style.left_indent + LIST_STEP * (item.level + 1)
            look = Style(
                size=block.style.size,
                family=block.style.family,
                align=block.style.align,
                space_before=before,
                left_indent=indent,
                first_indent=-LIST_STEP,
            )
            properties = el(
                "pPr",
                el("pStyle", val=self._styles.name("list", None, look)),
                el("numPr", el("ilvl", val=item.level), el("numId", val=number)),
            )
            color = self._tint(f"{item.id}.label")
            if color:
                properties.append(el("rPr", el("color", val=color)))
            yield el("p", properties, *self._runs(item.text, item.spans, self._tint(item.id)))

    def _runs(self, content: str, spans: Sequence[Span], color: str | None) -> Iterator[Node]:
        """The text cut where its look changes, tabs and line ends apart."""
        edges = {0, len(content)}
        for span in spans:
            edges |= {span.start, span.end}
        cuts = sorted(edge for edge in edges if 0 <= edge <= len(content))
        for start, end in pairwise(cuts):
            own = [s for s in spans if s.start <= start and s.end >= end]
            note = next((s.note for s in own if s.note), None)
            link = next((s.link for s in own if s.link), None)
            if note is not None:
                mark = el("footnoteReference", id=self._notes[note])
                yield el("r", _look(own, color, note=True), mark)
                continue
            runs = list(_pieces(content[start:end], own, color))
            if link is None:
                yield from runs
                continue
            node = el("hyperlink", *runs)
            node.set(f"{{{RELATION}}}id", self._link(link))
            yield node

    # -- tables and pictures

    def _table(self, block: TableBlock) -> Node:
        rows: list[list[TableCell]] = [[] for _ in range(block.rows)]
        for cell in block.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                rows[row].append(cell)
        padding = twips(self._manuscript.look.cell_padding)
        properties = el(
            "tblPr",
            el("tblW", w=twips(sum(block.col_widths)), type="dxa"),
            el("jc", val="center"),
            el("tblBorders", *_borders(block)),
            el("tblLayout", type="fixed"),
            el(
                "tblCellMar",
                el("top", w=padding, type="dxa"),
                el("left", w=80, type="dxa"),
                el("bottom", w=padding, type="dxa"),
                el("right", w=80, type="dxa"),
            ),
        )
        grid = el("tblGrid", *(el("gridCol", w=twips(width)) for width in block.col_widths))
        return el(
            "tbl",
            properties,
            grid,
            *(self._row(block, n, cells) for n, cells in enumerate(rows)),
        )

    def _row(self, block: TableBlock, n: int, cells: Sequence[TableCell]) -> Node:
        properties = el("trPr", el("cantSplit"))
        if n < block.header_rows:
            properties.append(el("tblHeader"))
        ordered = sorted(cells, key=lambda cell: cell.col)
        return el("tr", properties, *(self._cell(block, n, cell) for cell in ordered))

    def _cell(self, block: TableBlock, row: int, cell: TableCell) -> Node:
        width = sum(block.col_widths[cell.col : cell.col + cell.colspan])
        properties = el("tcPr", el("tcW", w=twips(width), type="dxa"))
        if cell.colspan > 1:
            properties.append(el("gridSpan", val=cell.colspan))
        if cell.rowspan > 1:
            first = {"val": "restart"} if row == cell.row else {}
            properties.append(el("vMerge", **first))
        last = cell.row + cell.rowspan
        if block.rules == "three-line" and last == block.header_rows:
            line = el("bottom", val="single", sz=6, space=0, color="000000")
            properties.append(el("tcBorders", line))
        shade = self._fill(cell.id) or cell.fill
        if shade:
            properties.append(el("shd", val="clear", color="auto", fill=shade))
        if cell.valign in ("middle", "bottom"):
            properties.append(el("vAlign", val="center" if cell.valign == "middle" else "bottom"))
        style = el("pPr", el("pStyle", val=self._styles.name(*style_of_cell(block, cell))))
        if block.rows <= _TOGETHER:
            style.append(el("keepNext"))
        runs = self._runs(cell.text, (), self._tint(cell.id)) if row == cell.row else iter(())
        return el("tc", properties, el("p", style, *runs))

    def _figure(self, block: FigureBlock) -> Node:
        self._pictures += 1
        target = f"media/{block.asset}.png"
        relation = next(id_ for id_, _, name in self._relations if name == target)
        width, height = round(block.box.width * _EMU), round(block.box.height * _EMU)
        blip = other("a", "blip")
        blip.set(f"{{{RELATION}}}embed", relation)
        names: dict[str, str | int] = {
            "id": self._pictures,
            "name": f"Picture {self._pictures}",
            "descr": block.alt,
        }
        placed = other(
            "a",
            "xfrm",
            other("a", "off", x=0, y=0),
            other("a", "ext", cx=width, cy=height),
        )
        shape = other("a", "prstGeom", other("a", "avLst"), prst="rect")
        picture = other(
            "pic",
            "pic",
            other("pic", "nvPicPr", other("pic", "cNvPr", **names), other("pic", "cNvPicPr")),
            other("pic", "blipFill", blip, other("a", "stretch", other("a", "fillRect"))),
            other("pic", "spPr", placed, shape),
        )
        graphic = other(
            "a",
            "graphic",
            other(
                "a",
                "graphicData",
                picture,
                uri="http://schemas.openxmlformats.org/drawingml/2006/picture",
            ),
        )
        inline = other(
            "wp",
            "inline",
            other("wp", "extent", cx=width, cy=height),
            other("wp", "docPr", **names),
            graphic,
            # Without them LibreOffice keeps 9 points free on each side, and out of the column.
            distT=0,
            distB=0,
            distL=0,
            distR=0,
        )
        style = self._styles.name("figure", None, Style(align="center", space_before=6.0))
        return el("p", el("pPr", el("pStyle", val=style)), el("r", el("drawing", inline)))

    # -- sections, furniture, notes

    def _section(self, number: int, section: Section) -> Node:
        paper, margins = section.paper, section.paper.margins
        nodes: list[Node] = []
        kinds = sorted(part_names(number, section.furnishing), key=lambda part: part[1] != "header")
        for name, what, kind, running in kinds:
            id_ = self._running(name, what, running, section)
            reference = el(f"{what}Reference", type=kind)
            reference.set(f"{{{RELATION}}}id", id_)
            nodes.append(reference)
        size = {"w": twips(paper.width), "h": twips(paper.height)}
        across = {"orient": "landscape"} if paper.width > paper.height else {}
        nodes += [
            el("type", val="nextPage" if section.new_page else "continuous"),
            el("pgSz", **size, **across),
            el(
                "pgMar",
                top=twips(margins.top),
                right=twips(margins.right),
                bottom=twips(margins.bottom),
                left=twips(margins.left),
                header=twips(paper.header),
                footer=twips(paper.footer),
                gutter=0,
            ),
            _columns(section),
        ]
        if section.furnishing.first is not None:
            nodes.append(el("titlePg"))
        return el("sectPr", *nodes)

    def _running(self, name: str, what: str, running: Running, section: Section) -> str:
        width = section.paper.text_width
        slots = [slot for slot, _ in running.parts()]
        alone = slots[0] if len(slots) == 1 else "left"
        look = Style(size=self._manuscript.look.running_size, align=alone)
        properties = el("pPr", el("pStyle", val=self._styles.name(what, None, look)))
        if running.rule:
            side = "bottom" if what == "header" else "top"
            line = el(side, val="single", sz=_THIN, space=1, color="000000")
            properties.append(el("pBdr", line))
        if len(slots) > 1:
            stops = [("center", width / 2), ("right", width)]
            properties.append(el("tabs", *(el("tab", val=v, pos=twips(p)) for v, p in stops)))
        paragraph = el("p", properties)
        at = 0
        for slot, content in running.parts():
            place = ("left", "center", "right").index(slot) if len(slots) > 1 else 0
            paragraph.extend(el("r", el("tab")) for _ in range(place - at))
            at = place
            color = self._tint(running_id(name, slot))
            before, found, after = content.partition("{page}")
            paragraph.extend(_pieces(before, (), color))
            if found:
                paragraph.extend(_field("PAGE", color))
            paragraph.extend(_pieces(after, (), color))
        node = el("hdr" if what == "header" else "ftr", paragraph)
        return self._add(f"{name}.xml", to_bytes(node), f"{_TYPE}{what}+xml", what)

    def _footnotes(self) -> Node:
        lines = ((-1, "separator"), (0, "continuationSeparator"))
        nodes = [
            el("footnote", el("p", el("r", el(kind))), type=kind, id=id_) for id_, kind in lines
        ]
        for note in self._manuscript.notes:
            paragraph = self._paragraph(note)
            paragraph.insert(1, el("r", _look((), None, note=True), el("footnoteRef")))
            # In the colour of the note: a space of its own would be measured by itself.
            paragraph.insert(2, el("r", _look((), self._tint(note.id)), text(" ")))
            nodes.append(el("footnote", paragraph, id=self._notes[note.id]))
        return el("footnotes", *nodes)

    def _settings(self) -> Node:
        nodes: list[Node] = []
        if any(section.furnishing.even for section in self._manuscript.sections):
            nodes.append(el("evenAndOddHeaders"))
        mode = el(
            "compatSetting",
            name="compatibilityMode",
            uri="http://schemas.microsoft.com/office/word",
            val=15,
        )
        return el("settings", *nodes, el("compat", mode))


def _pieces(content: str, own: Sequence[Span], color: str | None) -> Iterator[Node]:
    """Runs of one look; tabs are left without colour, so that their leaders have none."""
    for k, line in enumerate(content.split("\n")):
        if k:
            yield el("r", el("br"))
        for n, cell in enumerate(line.split("\t")):
            if n:
                yield el("r", el("tab"))
            if cell:
                run = el("r", _look(own, color))
                for m, part in enumerate(cell.split(_SOFT_HYPHEN)):
                    if m:
                        run.append(el("softHyphen"))
                    run.append(text(part))
                yield run


def _look(own: Sequence[Span], color: str | None, *, note: bool = False) -> Node:
    properties = el("rPr")
    if any(span.link for span in own):
        properties.append(el("rStyle", val="Hyperlink"))
    if any(span.bold for span in own):
        properties.extend([el("b"), el("bCs")])
    if any(span.italic for span in own):
        properties.extend([el("i"), el("iCs")])
    if color:
        properties.append(el("color", val=color))
    if note or any(span.sup for span in own):
        properties.append(el("vertAlign", val="superscript"))
    elif any(span.sub for span in own):
        properties.append(el("vertAlign", val="subscript"))
    return properties


def _field(code: str, color: str | None) -> Iterator[Node]:
    """The runs of a field."""
    instruction = el("instrText")
    instruction.text = f" {code} "
    parts = (
        el("fldChar", fldCharType="begin"),
        instruction,
        el("fldChar", fldCharType="separate"),
        text("1"),
        el("fldChar", fldCharType="end"),
    )
    for part in parts:
        yield el("r", _look((), color), part)


def _spacer() -> Node:
    """A paragraph so low that nobody sees it, where Word wants one."""
    flat = el("spacing", before=0, after=0, line=20, lineRule="exact")
    return el("p", el("pPr", flat, el("rPr", el("sz", val=2))))


def _columns(section: Section) -> Node:
    count = max(1, len(section.columns))
    node = el("cols", num=count, space=twips(section.gap))
    if section.rule:
        node.set(f"{{{WORD}}}sep", "1")
    if count > 1 and max(section.columns) - min(section.columns) > 0.5:
        node.set(f"{{{WORD}}}equalWidth", "0")
        for n, width in enumerate(section.columns, start=1):
            gap = {"space": twips(section.gap)} if n < count else {}
            node.append(el("col", w=twips(width), **gap))
    return node


def _borders(block: TableBlock) -> Iterator[Node]:
    drawn = {
        "grid": dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), _THIN),
        "three-line": {"top": _THICK, "bottom": _THICK},
        "horizontal": {"top": _THIN, "bottom": _THIN, "insideH": _THIN},
        "none": {},
    }[block.rules]
    for side, size in drawn.items():
        yield el(side, val="single", sz=size, space=0, color="000000")


def _zip(
    document: bytes, parts: dict[str, tuple[bytes, str]], relations: Sequence[tuple[str, str, str]]
) -> bytes:
    types = [
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
        '<Default Extension="png" ContentType="image/png"/>',
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}document.main+xml"/>',
    ]
    types += [
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, (_, kind) in parts.items()
        if kind != "image/png"
    ]
    package = "http://schemas.openxmlformats.org/package/2006/"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    top = [("rId1", _OFFICE + "officeDocument", "word/document.xml")]
    files = {
        "[Content_Types].xml": (
            f'{head}<Types xmlns="{package}content-types">{"".join(types)}</Types>'
        ).encode(),
        "_rels/.rels": _relations(top),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(relations),
        **{name: data for name, (data, _) in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


def _relations(entries: Sequence[tuple[str, str, str]]) -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = etree.Element(f"{{{space}}}Relationships", nsmap=cast(dict[str, str], {None: space}))
    for id_, kind, target in entries:
        node = etree.SubElement(root, f"{{{space}}}Relationship")
        node.set("Id", id_)
        node.set("Type", kind)
        node.set("Target", target)
        if kind.endswith("/hyperlink"):
            node.set("TargetMode", "External")
    return to_bytes(root)
