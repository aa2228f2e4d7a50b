"""What is wrong with a docx file: LibreOffice opens nearly everything, Word does not.

Looked at are the order of children, ids that must be unique, and every reference from one part to
another: relationships, styles, numberings, footnotes, comments.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from recovery.writers.ooxml import NAMESPACES, Element, child_rank, tag_of

_W = f"{{{NAMESPACES['w']}}}"
_R = f"{{{NAMESPACES['r']}}}"
# Elements that count by an attribute of their own, which no other of them may have in the part.
_UNIQUE = {
    "w:style": f"{_W}styleId",
    "w:abstractNum": f"{_W}abstractNumId",
    "w:num": f"{_W}numId",
    "w:footnote": f"{_W}id",
    "w:comment": f"{_W}id",
    "w:commentRangeStart": f"{_W}id",
    "w:commentReference": f"{_W}id",
    "w:footnoteReference": f"{_W}id",
    "w:bookmarkStart": f"{_W}id",
    "wp:docPr": "id",
}
_STYLE_KINDS = {
    "w:pStyle": "paragraph",
    "w:rStyle": "character",
    "w:tblStyle": "table",
    "w:next": "paragraph",
}


def check_order(path: Path) -> list[str]:
    """The faults of a docx file; empty for a good one."""
    return check_bytes(path.read_bytes())


def check_bytes(data: bytes) -> list[str]:
    """The faults of a docx file that is held in memory; empty for a good one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names if name.endswith((".xml", ".rels"))}
    faults = [f"{name} is there twice" for name, n in Counter(names).items() if n > 1]
    faults += _content_types(names, parts)
    roots = {
        name: etree.fromstring(part)
        for name, part in parts.items()
        if name.startswith("word/") and name.endswith(".xml")
    }
    for name, root in roots.items():
        relations = _relations(name, parts, set(names))
        lost = [f"the target of {key} is missing" for key, there in relations.items() if not there]
        for fault in (*lost, *_part_faults(root, relations), *_references(root, roots)):
            faults.append(f"{name}: {fault}")
    return faults


def _content_types(names: list[str], parts: Mapping[str, bytes]) -> Iterator[str]:
    data = parts.get("[Content_Types].xml")
    if data is None:
        yield "there are no content types"
        return
    root = etree.fromstring(data)
    extensions = {child.get("Extension") for child in root}
    named = {child.get("PartName") for child in root}
    for name in names:
        typed = f"/{name}" in named or name.rpartition(".")[2] in extensions
        if name != "[Content_Types].xml" and not typed:
            yield f"{name} has no content type"
    missing = {name for name in named if name and name[1:] not in names}
    yield from (f"{name} has a type but is missing" for name in sorted(missing))


def _relations(name: str, parts: Mapping[str, bytes], names: set[str]) -> dict[str, bool]:
    """Whether the target is there, for the id of each relationship of a part."""
    folder, _, base = name.rpartition("/")
    data = parts.get(f"{folder}/_rels/{base}.rels")
    found: dict[str, bool] = {}
    for child in [] if data is None else etree.fromstring(data):
        target = str(child.get("Target"))
        inside = posixpath.normpath(f"{folder}/{target}") if target[:1] != "/" else target[1:]
        known = child.get("TargetMode") == "External" or inside in names
        found[str(child.get("Id"))] = known
    return found


def _part_faults(root: Element, relations: Mapping[str, bool]) -> Iterator[str]:
    seen: Counter[tuple[str, str]] = Counter()
    depth = 0
    for element in root.iter(etree.Element):
        tag = tag_of(element)
        yield from _element_faults(element, tag, relations)
        if tag in _UNIQUE and (own := element.get(_UNIQUE[tag])) is not None:
            seen[tag, own] += 1
        if tag == "w:fldChar":
            step = {"begin": 1, "separate": 0, "end": -1}.get(element.get(f"{_W}fldCharType", ""))
            depth += step or 0
            if step is None or depth < 0:
                yield "a field ends that has not begun"
    if depth > 0:
        yield "a field does not end"
    yield from (f"<{tag}> {own} is there {n} times" for (tag, own), n in seen.items() if n > 1)


def _is_foreign(parent: str, child: str) -> bool:
    return child.startswith("?:") or (parent == "w:settings" and not child.startswith("w:"))


def _name(element: Element | None) -> str | None:
    return None if element is None else tag_of(element)


def _element_faults(element: Element, tag: str, relations: Mapping[str, bool]) -> Iterator[str]:
    try:
        # Other programs put in between what only they know; a reader passes over it.
        own = [c for c in element.iterchildren(etree.Element) if not _is_foreign(tag, tag_of(c))]
        ranks = [rank for child in own if (rank := child_rank(tag, child)) is not None]
    except ValueError as error:
        yield str(error)
    else:
        if ranks != sorted(ranks):
            yield f"children of <{tag}> out of order: {[tag_of(child) for child in element]}"
    last = tag_of(element[-1]) if len(element) else None
    listed = tag == "w:footnote" and _name(element.getparent()) == "w:footnotePr"
    holds_text = tag in ("w:tc", "w:footnote", "w:comment", "w:txbxContent") and not listed
    if holds_text and last != "w:p":
        yield {"w:tc": "a cell"}.get(tag, f"<{tag}>") + " does not end with a paragraph"
    if tag == "w:body" and last != "w:sectPr":
        yield "the body does not end with section properties"
    if tag == "w:t" and "\n" in (element.text or ""):
        yield "a line feed inside <w:t>"
    for key, value in element.attrib.items():
        if str(key).startswith(_R) and not relations.get(str(value), False):
            yield f"<{tag}> points to the missing relationship {value!r}"


def _references(root: Element, roots: Mapping[str, Element]) -> Iterator[str]:
    """References of a part to styles, numberings, footnotes and comments that are not there."""
    styles: dict[str, set[str]] = {}
    for style in _all(roots, "styles", "w:style"):
        styles.setdefault(style.get(f"{_W}type", ""), set()).add(style.get(f"{_W}styleId", ""))
    numbers = _ids(roots, "numbering", "w:num", "numId") | {"0"}
    abstract = _ids(roots, "numbering", "w:abstractNum", "abstractNumId")
    notes = _ids(roots, "footnotes", "w:footnote", "id")
    comments = _ids(roots, "comments", "w:comment", "id")
    known = {
        **{tag: styles.get(kind, set()) for tag, kind in _STYLE_KINDS.items()},
        "w:basedOn": {name for names in styles.values() for name in names},
        "w:numId": numbers,
        "w:abstractNumId": abstract,
        "w:footnoteReference": notes,
        "w:commentReference": comments,
        "w:commentRangeStart": comments,
        "w:commentRangeEnd": comments,
    }
    for element in root.iter(etree.Element):
        tag = tag_of(element)
        if tag in known:
            value = element.get(f"{_W}val", element.get(f"{_W}id", ""))
            if value not in known[tag]:
                yield f"<{tag}> refers to {value!r}, which is not there"


def _all(roots: Mapping[str, Element], part: str, tag: str) -> list[Element]:
    root = roots.get(f"word/{part}.xml")
    return [] if root is None else root.findall(tag, NAMESPACES)


def _ids(roots: Mapping[str, Element], part: str, tag: str, name: str) -> set[str]:
    return {element.get(f"{_W}{name}", "") for element in _all(roots, part, tag)}
