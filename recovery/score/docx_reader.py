"""Any docx file as a reading: what a word processor would show of it, not what its writer meant."""

from __future__ import annotations

import io
import posixpath
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from recovery.score.reading import (
    Item,
    Paragraph,
    Picture,
    Reading,
    Running,
    Sheet,
    Table,
    TableCell,
    bare,
    fold,
    plain_number,
)
from recovery.score.thumbnail import thumbnail
from recovery.score.word_numbering import Numbering
from recovery.score.word_styles import Element, Styles, W, attribute, is_on
from structure.core.document import Align

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_V = "{urn:schemas-microsoft-com:vml}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_EMU = 12700
_ALIGN: dict[str, Align] = {
    "left": "left",
    "start": "left",
    "right": "right",
    "end": "right",
    "center": "center",
    "both": "justify",
    "distribute": "justify",
}
_MIRRORED: dict[Align, Align] = {"left": "right", "right": "left"}
_IN_PLACE = (
    "pStyle", "numPr", "sectPr", "rPr", "keepNext", "keepLines", "pageBreakBefore",
    "widowControl", "bidi", "outlineLvl", "suppressAutoHyphens", "cnfStyle",
)  # fmt: skip
_NO_FORMATTING = {f"{W}{name}" for name in _IN_PLACE}
"""Properties of a paragraph that change its place in the text, and not its look."""
_LOOKS = {f"{W}{name}" for name in ("rFonts", "sz", "szCs", "color", "spacing", "w", "position")}
_GONE = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}delText"}
_SIGNS = {f"{W}noBreakHyphen": "-", f"{W}tab": "\t", f"{W}cr": "\n", f"{W}ptab": "\t"}
_PAGE_FIELD = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b")
_LENGTH = re.compile(r"(width|height):([\d.]+)(pt|in|px|cm|mm)?")
_POINTS = {"pt": 1.0, "in": 72.0, "px": 0.75, "cm": 28.3465, "mm": 2.83465, None: 1.0}


def read_docx(data: bytes) -> Reading:
    """Read a docx file.

    Raises:
        ValueError: it is no zip file, or a part of it is missing or no XML.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        return _Reader(parts).reading()
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise ValueError(f"not a docx file ({error})") from error


@dataclass(slots=True)
class _Run:
    """A paragraph as it is gathered.

    Attributes:
        pieces: (text, size, bold) in order.
        notes: Ids of footnotes.
        inner: Pictures and the paragraphs of text boxes.
        fields: For every open field, whether its code is over and its result is shown.
    """

    pieces: list[tuple[str, float, bool]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    inner: list[Item] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)


class _Part:
    """An XML part with its relationships."""

    def __init__(self, parts: dict[str, bytes], name: str) -> None:
        self.root = etree.fromstring(parts[name])
        folder, base = posixpath.split(name)
        links = parts.get(f"{folder}/_rels/{base}.rels")
        relations = [] if links is None else list(etree.fromstring(links))
        self.targets = {
            str(link.get("Id")): posixpath.normpath(posixpath.join(folder, link.get("Target", "")))
            if not link.get("Target", "").startswith("/")
            else link.get("Target", "").lstrip("/")
            for link in relations
            if link.get("TargetMode") != "External"
        }
        self.kinds = {str(link.get("Id")): str(link.get("Type")) for link in relations}

    def other(self, kind: str) -> str | None:
        """Name of the part that a relationship of this kind leads to."""
        found = (id_ for id_, type_ in self.kinds.items() if type_.endswith(f"/{kind}"))
        return next((self.targets[id_] for id_ in found if id_ in self.targets), None)


class _Reader:
    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        top = etree.fromstring(parts["_rels/.rels"])
        main = next(link for link in top if str(link.get("Type")).endswith("/officeDocument"))
        self._main = _Part(parts, main.get("Target", "").lstrip("/"))
        self._part = self._main
        self._styles = Styles(self._root("styles"))
        self._numbering = Numbering(self._root("numbering"))
        self._notes = self._note_elements()
        self._paragraphs = self._direct = 0

    def _root(self, kind: str) -> Element | None:
        name = self._main.other(kind)
        return etree.fromstring(self._parts[name]) if name in self._parts else None

    def _note_elements(self) -> dict[str, Element]:
        root = self._root("footnotes")
        found = [] if root is None else root.findall(f"{W}footnote")
        return {attribute(note, "id") or "": note for note in found}

    def reading(self) -> Reading:
        body = self._main.root.find(f"{W}body")
        children = [] if body is None else list(_flat(body))
        sheets: list[Sheet] = []
        waiting: list[Element] = []
        items: list[Item] = []
        running: list[Running] = []
        for child in children:
            end = child if child.tag == f"{W}sectPr" else child.find(f"{W}pPr/{W}sectPr")
            if child.tag != f"{W}sectPr":
                waiting.append(child)
            if end is not None:
                sheets.append(_sheet(end))
                items += self._items(waiting, sheets[-1])
                waiting = []
                running += self._running(end)
        if waiting or not sheets:
            sheets.append(sheets[-1] if sheets else _sheet(etree.Element(f"{W}sectPr")))
            items += self._items(waiting, sheets[-1])
        direct = self._direct / self._paragraphs if self._paragraphs else 0.0
        said = tuple(dict.fromkeys(item for item in running if item.text or item.counts))
        return Reading(tuple(items), tuple(sheets), said, direct)

    # -- text

    def _items(self, elements: Sequence[Element], sheet: Sheet) -> list[Item]:
        items: list[Item] = []
        for element in elements:
            if element.tag == f"{W}p":
                items += self._paragraph(element, sheet)
            elif element.tag == f"{W}tbl":
                items.append(self._table(element, sheet))
        return items

    def _paragraph(self, element: Element, sheet: Sheet) -> list[Item]:
        run = _Run()
        self._gather(element, element, run, sheet)
        text = "".join(piece for piece, _, _ in run.pieces)
        kind, level = self._styles.kind(element)
        number = ""
        label = self._label(element)
        if label is not None and kind in ("heading", "title"):
            text = f"{label[1]} {text}" if any(c.isalnum() for c in label[1]) else text
        elif label is not None and bare(text):
            kind, level, number = "list", label[0], plain_number(label[1])
        items: list[Item] = list(run.inner)
        if bare(text):
            self._paragraphs += 1
            self._direct += _is_direct(element)
            looks = [(size, bold) for piece, size, bold in run.pieces for _ in bare(piece)]
            missing = len(bare(text)) - len(looks)
            looks = looks[:1] * missing + looks
            items.append(
                Paragraph(
                    kind,
                    fold(text),
                    sheet,
                    level=level,
                    number=number,
                    sizes=tuple(size for size, _ in looks),
                    bolds=tuple(bold for _, bold in looks),
                    align=self._align(element),
                )
            )
        for id_ in run.notes:
            items += self._note(id_, sheet)
        return items

    def _note(self, id_: str, sheet: Sheet) -> Iterator[Paragraph]:
        note = self._notes.get(id_)
        found = [] if note is None else self._items(list(_flat(note)), sheet)
        texts = [item for item in found if isinstance(item, Paragraph)]
        if texts:
            yield replace(
                texts[0],
                kind="footnote",
                text=" ".join(part.text for part in texts),
                sizes=tuple(size for part in texts for size in part.sizes),
                bolds=tuple(bold for part in texts for bold in part.bolds),
            )

    def _gather(self, owner: Element, element: Element, run: _Run, sheet: Sheet) -> None:
        """Collect what is inside `element`, a part of the paragraph `owner`."""
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _GONE:
                continue
            if child.tag == f"{W}r":
                self._gather_run(owner, child, run, sheet)
            elif child.tag == f"{_MC}AlternateContent":
                chosen = child.find(f"{_MC}Choice")
                if chosen is not None:
                    self._gather(owner, chosen, run, sheet)
            elif child.tag in (f"{_M}oMath", f"{_M}oMathPara"):
                run.pieces.append(("".join(t.text or "" for t in child.iter(f"{_M}t")), 0.0, False))
            else:
                self._gather(owner, child, run, sheet)

    def _gather_run(self, owner: Element, element: Element, run: _Run, sheet: Sheet) -> None:
        if is_on(element.find(f"{W}rPr/{W}vanish")):
            return
        text = ""
        for child in element:
            if child.tag == f"{W}fldChar":
                _field(attribute(child, "fldCharType"), run.fields)
            elif child.tag == f"{W}t" and all(run.fields):
                text += child.text or ""
            elif child.tag in _SIGNS:
                text += _SIGNS[child.tag]
            elif child.tag == f"{W}br" and attribute(child, "type") not in ("page", "column"):
                text += "\n"
            elif child.tag == f"{W}sym":
                text += _symbol(child)
            elif child.tag == f"{W}footnoteReference":
                run.notes.append(attribute(child, "id") or "")
            elif child.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                run.inner += self._drawn(child, sheet)
            elif child.tag == f"{_MC}AlternateContent":
                chosen = child.find(f"{_MC}Choice")
                for drawing in [] if chosen is None else chosen:
                    run.inner += self._drawn(drawing, sheet)
        if text:
            complex_script = any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)
            size = self._styles.size(owner, element, complex_script=complex_script)
            bold = self._styles.bold(owner, element, complex_script=complex_script)
            run.pieces.append((text, size, bold))

    def _label(self, element: Element) -> tuple[int, str] | None:
        """Level and label of a list item, None for any other paragraph."""
        properties = self._styles.of_paragraph(element, "numPr")
        if properties is None:
            return None
        number = attribute(properties.find(f"{W}numId")) or "0"
        depth = attribute(properties.find(f"{W}ilvl")) or "0"
        level = int(depth) if depth.isdigit() else 0
        label = None if number == "0" else self._numbering.label(number, level)
        return None if label is None else (level, label)

    def _align(self, element: Element) -> Align:
        align = _ALIGN.get(attribute(self._styles.of_paragraph(element, "jc")) or "left", "left")
        if is_on(self._styles.of_paragraph(element, "bidi")):
            # There the two names mean where lines begin and end.
            return _MIRRORED.get(align, align)
        return align

    # -- tables and pictures

    def _table(self, element: Element, sheet: Sheet) -> Table:
        cells: list[TableCell] = []
        open_cells: dict[int, int] = {}
        widths = [_twips(c, "w") for c in element.findall(f"{W}tblGrid/{W}gridCol")]
        measured: dict[int, float] = {}
        for r, row in enumerate(_rows(element)):
            col = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
            for cell in _flat(row, f"{W}tc"):
                span = _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merge is not None and attribute(merge) != "restart"
                if span == 1:
                    measured.setdefault(col, _twips(cell.find(f"{W}tcPr/{W}tcW"), "w"))
                if goes_on and col in open_cells:
                    n = open_cells[col]
                    cells[n] = replace(cells[n], rowspan=r - cells[n].row + 1)
                else:
                    open_cells.pop(col, None)
                    if merge is not None:
                        open_cells[col] = len(cells)
                    cells.append(self._cell(cell, r, col, span, sheet))
                col += span
        count = max((cell.col + cell.colspan for cell in cells), default=0)
        if len(widths) < count or not sum(widths):
            widths = [measured.get(c, 0.0) for c in range(count)]
        return Table(tuple(cells), tuple(widths[:count]), sheet)

    def _cell(self, element: Element, row: int, col: int, span: int, sheet: Sheet) -> TableCell:
        known = self._paragraphs, self._direct
        content = self._items(list(_flat(element)), sheet)
        self._paragraphs, self._direct = known
        texts = [item for item in content if not isinstance(item, Picture)]
        sizes = [s for item in texts if isinstance(item, Paragraph) for s in item.sizes]
        bolds = [b for item in texts if isinstance(item, Paragraph) for b in item.bolds]
        return TableCell(
            row,
            col,
            1,
            span,
            "\n".join(item.text for item in texts),
            Counter(sizes).most_common(1)[0][0] if sizes else None,
            2 * sum(bolds) > len(bolds),
        )

    def _drawn(self, element: Element, sheet: Sheet) -> Iterator[Item]:
        """The pictures of a drawing, and what stands in its text boxes."""
        for blip in element.iter(f"{_A}blip", f"{_V}imagedata"):
            target = self._part.targets.get(
                blip.get(f"{_R}embed") or blip.get(f"{_R}id") or blip.get(f"{_R}link") or ""
            )
            width, height = _extent(element)
            yield Picture(width, height, thumbnail(self._parts.get(target or "", b"")), sheet)
        for box in element.iter(f"{W}txbxContent"):
            yield from self._items(list(_flat(box)), sheet)

    # -- headers and footers

    def _running(self, section: Element) -> Iterator[Running]:
        """What the headers and footers of a section say."""
        for reference in section:
            if reference.tag in (f"{W}headerReference", f"{W}footerReference"):
                name = self._main.targets.get(reference.get(f"{_R}id", ""))
                if name in self._parts:
                    root = etree.fromstring(self._parts[name])
                    for paragraph in root.iter(f"{W}p"):
                        yield _running_text(paragraph)


def _field(kind: str | None, fields: list[bool]) -> None:
    """Keep account of fields at one of their marks."""
    if kind == "begin":
        fields.append(False)
    elif fields and kind == "separate":
        fields[-1] = True
    elif fields and kind == "end":
        fields.pop()


def _running_text(paragraph: Element) -> Running:
    """Text of a paragraph of a header, fields as they showed last."""
    text, code, counts = "", "", False
    for element in paragraph.iter(etree.Element):
        if element.tag == f"{W}fldSimple":
            counts = counts or bool(_PAGE_FIELD.match(attribute(element, "instr") or ""))
        elif element.tag == f"{W}fldChar":
            kind = attribute(element, "fldCharType")
            counts = counts or bool(_PAGE_FIELD.match(code))
            code = "" if kind == "begin" else code
        elif element.tag == f"{W}instrText":
            code += element.text or ""
        elif element.tag == f"{W}t":
            text += element.text or ""
        elif element.tag in _SIGNS:
            text += _SIGNS[element.tag]
    return Running(fold(text), counts)


def _flat(element: Element, wanted: str | None = None) -> Iterator[Element]:
    """The children, with content controls and the like opened."""
    for child in element:
        if child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}smartTag"):
            yield from _flat(child, wanted)
        elif isinstance(child.tag, str) and wanted in (None, child.tag):
            yield child


def _rows(table: Element) -> Iterator[Element]:
    return _flat(table, f"{W}tr")


def _sheet(section: Element) -> Sheet:
    size, sides = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    columns = section.find(f"{W}cols")
    count = 1
    if columns is not None:
        own = columns.findall(f"{W}col")
        unequal = attribute(columns, "equalWidth") in ("0", "false", "off")
        count = len(own) if unequal and own else int(attribute(columns, "num") or 1)
    return Sheet(
        _twips(size, "w", 612.0),
        _twips(size, "h", 792.0),
        attribute(size, "orient") == "landscape",
        (
            _twips(sides, "left", 72.0),
            abs(_twips(sides, "top", 72.0)),
            _twips(sides, "right", 72.0),
            abs(_twips(sides, "bottom", 72.0)),
        ),
        max(1, count),
    )


def _twips(element: Element | None, name: str, otherwise: float = 0.0) -> float:
    """A length in points."""
    try:
        return float(attribute(element, name) or 20 * otherwise) / 20
    except ValueError:
        return otherwise


def _number(element: Element | None, otherwise: int) -> int:
    value = attribute(element) or ""
    return int(value) if value.isdigit() else otherwise


def _extent(drawing: Element) -> tuple[float, float]:
    """Width and height of a drawing in points."""
    extent = next(drawing.iter(f"{_WP}extent"), None)
    if extent is not None:
        return int(extent.get("cx", "0")) / _EMU, int(extent.get("cy", "0")) / _EMU
    for shape in drawing.iter(f"{_V}shape", f"{_V}rect"):
        found = {
            m[1]: float(m[2]) * _POINTS[m[3]] for m in _LENGTH.finditer(shape.get("style", ""))
        }
        if found:
            return found.get("width", 0.0), found.get("height", 0.0)
    return 0.0, 0.0


def _symbol(element: Element) -> str:
    try:
        return chr(int(attribute(element, "char") or "", 16))
    except ValueError:
        return ""


def _is_direct(paragraph: Element) -> bool:
    """Whether a paragraph has a look of its own, beyond emphasis inside its text."""
    properties = paragraph.find(f"{W}pPr")
    if properties is not None and any(child.tag not in _NO_FORMATTING for child in properties):
        return True
    for run in paragraph.iter(f"{W}r"):
        own = run.find(f"{W}rPr")
        if own is not None and any(_is_look(child) for child in own):
            return True
    return False


def _is_look(element: Element) -> bool:
    if element.tag == f"{W}rFonts":
        return set(element.attrib) != {f"{W}hint"}
    return element.tag in _LOOKS
