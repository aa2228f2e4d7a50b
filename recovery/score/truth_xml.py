"""WordprocessingML elements in one line each."""

from __future__ import annotations

from lxml import etree

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PLACING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
SPACES = {"w": WORD, "r": RELATION, "a": DRAWING, "wp": PLACING, "pic": PICTURE}

Node = etree._Element


def el(tag: str, *children: Node, **attributes: str | int) -> Node:
    """`<w:tag w:name="value">`; `type_` and the like lose their underscore."""
    node = etree.Element(f"{{{WORD}}}{tag}", nsmap=SPACES)
    for name, value in attributes.items():
        node.set(f"{{{WORD}}}{name.rstrip('_')}", str(value))
    node.extend(children)
    return node


def other(space: str, tag: str, *children: Node, **attributes: str | int) -> Node:
    """An element of another namespace with plain attributes."""
    node = etree.Element(f"{{{SPACES[space]}}}{tag}", nsmap=SPACES)
    for name, value in attributes.items():
        node.set(name, str(value))
    node.extend(children)
    return node


def text(content: str) -> Node:
    """`<w:t>` that keeps its spaces."""
    node = el("t")
    node.text = content
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return node
