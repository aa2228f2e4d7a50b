"""How alike two tables are: TEDS, its variant on structure alone, and exact structure.

Source: PubTabNet, arXiv 1911.10683, section 5; arXiv 2210.05391, section 3.3. Needs the extra
`evaluate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from apted import APTED
from lxml import etree, html
from rapidfuzz.distance import Levenshtein

from structure.core.grid import MAX_COLSPAN, MAX_ROWSPAN

MAX_HTML = 10_000_000
"""Longer texts are refused, in characters."""

_PARTS = ("thead", "tbody", "tfoot")
_MAX_DEPTH = 100


@dataclass(slots=True)
class Node:
    """A node of a table's tree: a part, a row or a cell.

    Attributes:
        tag: Name of the HTML element.
        colspan: Of a cell; 1 otherwise.
        rowspan: Likewise.
        content: Of a cell: its characters, and inline elements as one entry each.
        children: Empty for a cell.
    """

    tag: str
    colspan: int = 1
    rowspan: int = 1
    content: tuple[str, ...] = ()
    children: list[Node] = field(default_factory=list)


class Tree(NamedTuple):
    """A table with the number of its nodes, inline elements inside cells included."""

    root: Node
    size: int


def parse(text: str, *, stripped: bool = False) -> Tree | None:
    """The first table of an HTML text; scripts, entities and the network are never touched.

    Args:
        text: HTML with or without `<html><body>`.
        stripped: Leave out thead, tbody and inline elements, and keep what is in them.

    Returns:
        None where there is no table.

    Raises:
        ValueError: the text is longer than `MAX_HTML`, or nested too deeply.
    """
    if len(text) > MAX_HTML:
        raise ValueError(f"{len(text)} characters of HTML are over {MAX_HTML}")
    if not text.strip():
        return None
    parser = html.HTMLParser(
        remove_comments=True, remove_pis=True, encoding="utf-8", no_network=True, huge_tree=False
    )
    try:
        document = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None
    table = next(document.iter("table"), None)
    if table is None:
        return None
    if _depth(table) > _MAX_DEPTH:
        raise ValueError(f"nested deeper than {_MAX_DEPTH}")
    root = _node(table, stripped)
    # The measure counts inline elements of the text as nodes, though its tree has none for them.
    size = _count(root) if stripped else sum(1 for _ in table.iter())
    return Tree(root, size - 1)


def teds(
    predicted: str, truth: str, *, structure_only: bool = False, stripped: bool = False
) -> float:
    """Tree edit distance based similarity of two tables, 0 to 1.

    Args:
        predicted: HTML.
        truth: HTML.
        structure_only: Ignore what the cells hold (TEDS-struct).
        stripped: Ignore thead, tbody and inline elements.

    Raises:
        ValueError: one of the texts is over the limits of `parse`.
    """
    found, wanted = parse(predicted, stripped=stripped), parse(truth, stripped=stripped)
    if found is None or wanted is None:
        return 0.0
    longest = max(found.size, wanted.size)
    if not longest:
        return 1.0
    if structure_only and _skeleton(found.root) == _skeleton(wanted.root):
        # Known beforehand, and the search takes seconds on a large table.
        return 1.0
    distance = APTED(found.root, wanted.root, _Costs(structure_only)).compute_edit_distance()
    return 1.0 - float(distance) / longest


def same_structure(predicted: str, truth: str, *, stripped: bool = False) -> bool:
    """Whether two tables have the same rows, cells and spans (and parts, unless `stripped`).

    Raises:
        ValueError: one of the texts is over the limits of `parse`.
    """
    found, wanted = parse(predicted, stripped=stripped), parse(truth, stripped=stripped)
    if found is None or wanted is None:
        return False
    return _skeleton(found.root) == _skeleton(wanted.root)


class _Costs:
    """What edits cost, in the form that `APTED` asks for."""

    valuecls = float

    def __init__(self, structure_only: bool) -> None:
        self._structure_only = structure_only
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {}

    def children(self, node: Node) -> list[Node]:
        return node.children

    def delete(self, node: Node) -> float:
        return 1.0

    def insert(self, node: Node) -> float:
        return 1.0

    def rename(self, node1: Node, node2: Node) -> float:
        if (node1.tag, node1.colspan, node1.rowspan) != (node2.tag, node2.colspan, node2.rowspan):
            return 1.0
        if self._structure_only or node1.content == node2.content:
            return 0.0
        pair = node1.content, node2.content
        if pair not in self._known:
            self._known[pair] = Levenshtein.normalized_distance(*pair)
        return self._known[pair]


def _node(element: html.HtmlElement, stripped: bool) -> Node:
    tag = str(element.tag)
    if tag == "td" or (tag == "th" and stripped):
        content = tuple(_content(element, stripped))
        return Node("td", _span(element, "colspan"), _span(element, "rowspan"), content)
    node = Node(tag)
    for child in element:
        inner = _node(child, stripped)
        node.children += inner.children if stripped and inner.tag in _PARTS else [inner]
    return node


def _content(element: html.HtmlElement, stripped: bool) -> Iterator[str]:
    """The characters of a cell, and `<tag>`, `</tag>` for what is inside it."""
    yield from element.text or ""
    for child in element:
        tag = str(child.tag)
        if not stripped:
            yield f"<{tag}>"
        yield from _content(child, stripped)
        if not stripped and tag != "unk":
            yield f"</{tag}>"
        yield from child.tail or ""


def _span(element: html.HtmlElement, name: str) -> int:
    """A span as a browser would take it: what is no positive number counts as 1."""
    value = element.get(name, "1").strip()
    limit = MAX_COLSPAN if name == "colspan" else MAX_ROWSPAN
    return max(1, min(int(value), limit)) if value.isascii() and value.isdigit() else 1


def _depth(element: html.HtmlElement) -> int:
    depth, level = 0, [element]
    while level:
        depth, level = depth + 1, [child for parent in level for child in parent]
    return depth


def _count(node: Node) -> int:
    return 1 + sum(_count(child) for child in node.children)


def _skeleton(node: Node) -> tuple[object, ...]:
    return node.tag, node.colspan, node.rowspan, *(_skeleton(child) for child in node.children)
