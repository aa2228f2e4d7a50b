"""The text of a document, and of the docx file made from it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    ListItem,
    TableBlock,
    TextBlock,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_TAGS = (f"{_W}t",)
_SPACES = {f"{_W}p": "\n", f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}
_ROMAN = (
    ("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50),
    ("xl", 40), ("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1),
)  # fmt: skip
_SIGNS = {f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": "\u00ad"}


def body_text(document: Document) -> str:
    """The text of the body in reading order, tables row by row; no text inside pictures."""
    blocks = [_text(block) for block in document.body if not isinstance(block, FigureBlock)]
    return "\n".join(text for text in blocks if text)


def loose_text(document: Document) -> str:
    """Text that has no place in the order: page headers and footers, text inside pictures."""
    figures = [_text(block) for block in document.body if isinstance(block, FigureBlock)]
    return "\n".join([*(item.text for item in document.furniture), *figures])


def text_from_top(document: Document) -> str:
    """All text of a document of one page: what stands above the body first, what is below last."""
    middle = document.pages[0].h / 2
    upper = [item.text for item in document.furniture if item.box.center[1] < middle]
    lower = [item.text for item in document.furniture if item.box.center[1] >= middle]
    return "\n".join([*upper, *(_text(block) for block in document.body), *lower])


def text_of_page(document: Document, number: int) -> str:
    """All text of the page, also inside pictures; a block counts where each part of it stands.

    Blocks that run over several pages give each page the lines that stand on it.
    """
    parts: list[str] = []
    for block in document.body:
        parts += _on_page(block, number)
    parts += [item.text for item in document.furniture if item.page == number]
    return "\n".join(parts)


def docx_text(data: bytes) -> str:
    """All text of a docx file as a reader sees it.

    Body, headers, footers and notes, the markers of lists, and what pictures are said to show.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [n for n in sorted(package.namelist()) if re.fullmatch(r"word/\w+\.xml", n)]
        parts = {name: etree.fromstring(package.read(name)) for name in names}
    markers = _Markers(parts.pop("word/numbering.xml", None))
    return "".join(text for root in parts.values() for text in _runs(root, markers))


class _Markers:
    """The numbers and bullets that Word draws before list items."""

    def __init__(self, numbering: etree._Element | None) -> None:
        self._levels: dict[tuple[str, str], tuple[str, str, int]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        if numbering is None:
            return
        abstract = {_get(x, "abstractNumId"): x for x in numbering.iter(f"{_W}abstractNum")}
        for number in numbering.iter(f"{_W}num"):
            chosen = abstract[_get(number.find(f"{_W}abstractNumId"), "val")]
            for level in chosen.iter(f"{_W}lvl"):
                kind, text, start = (
                    _get(level.find(f"{_W}{name}"), "val")
                    for name in ("numFmt", "lvlText", "start")
                )
                key = (_get(number, "numId"), _get(level, "ilvl"))
                self._levels[key] = (kind, text, int(start or 1))

    def next(self, properties: etree._Element) -> str:
        """The marker of a paragraph with these `w:numPr`."""
        number, depth = (_get(properties.find(f"{_W}{name}"), "val") for name in ("numId", "ilvl"))
        kind, text, start = self._levels.get((number, depth), ("bullet", "", 1))
        value = self._counts[number, depth] = self._counts.get((number, depth), start - 1) + 1
        for key in [k for k in self._counts if k[0] == number and k[1] > depth]:
            del self._counts[key]
        return text.replace(f"%{int(depth or 0) + 1}", _numeral(value, kind)) + "\t"


def _numeral(value: int, kind: str) -> str:
    if kind.endswith("Letter"):
        text = chr(ord("a") + (value - 1) % 26) * (1 + (value - 1) // 26)
    elif kind.endswith("Roman"):
        text = ""
        for sign, worth in _ROMAN:
            text += sign * (value // worth)
            value %= worth
    else:
        return str(value)
    return text.upper() if kind.startswith("upper") else text


def _get(element: etree._Element | None, name: str) -> str:
    return "" if element is None else element.get(f"{_W}{name}", "")


def _runs(root: etree._Element, markers: _Markers) -> Iterator[str]:
    for element in root.iter(etree.Element):
        if element.tag in _TEXT_TAGS:
            yield element.text or ""
        elif element.tag in _SPACES:
            yield _SPACES[element.tag]
        elif element.tag in _SIGNS:
            yield _SIGNS[element.tag]
        elif element.tag == f"{_W}numPr" and root.tag != f"{_W}styles":
            yield markers.next(element)
        elif str(element.tag).endswith("}docPr"):
            yield f"\n{element.get('descr', '')}\n"


def _text(block: Block) -> str:
    if isinstance(block, TextBlock):
        return block.text
    if isinstance(block, ListBlock):
        return "\n".join(f"{item.label} {item.text}".strip() for item in block.items)
    if isinstance(block, TableBlock):
        return _table_text(block)
    if isinstance(block, FormulaBlock):
        return " ".join(filter(None, (block.text, block.number)))
    return "\n".join(line.text for line in block.lines) or block.alt


def _table_text(block: TableBlock) -> str:
    rows: dict[int, list[str]] = {}
    for cell in block.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return "\n".join("\t".join(texts) for _, texts in sorted(rows.items()))


def _on_page(block: Block, number: int) -> list[str]:
    if isinstance(block, TextBlock) and len({place.page for place in block.at}) > 1:
        return [line.text for p in block.at if p.page == number for line in p.lines]
    if isinstance(block, ListBlock):
        return [text for item in block.items for text in _of_item(item, number)]
    return [_text(block)] if block.page == number else []


def _of_item(item: ListItem, number: int) -> list[str]:
    """The text of an item on a page; its label stands where it begins."""
    label = [item.label] if item.page == number else []
    if len({place.page for place in item.at}) > 1:
        return label + [line.text for p in item.at if p.page == number for line in p.lines]
    return [f"{item.label} {item.text}"] if label else []
