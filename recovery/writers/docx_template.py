"""A docx of the user's whose styles, paper, header and footer a document takes over.

Styles are found by the names that Word gives them in every language version; one that the template
lacks is added. The body of the template, its comments and notes, macros and links to other files
are left out.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recovery.writers.docx_package import Package
from recovery.writers.ooxml import NAMESPACES, Element, node
from structure.core.document import Margins, Page
from structure.core.errors import ConfigError
from structure.core.safe_xml import parse_xml

LARGEST_PART = 64 * 2**20  # bytes
_W = f"{{{NAMESPACES['w']}}}"
_R = f"{{{NAMESPACES['r']}}}"
_KEPT = ("styles", "settings", "theme", "fontTable", "numbering", "header", "footer", "image")
# What stands in for a style that a template lacks, before our own is added.
_INSTEAD = {"BodyTextFirstIndent": "BodyText", "BodyText": "Normal"}
_STYLE_TAGS = ("w:pStyle", "w:rStyle", "w:tblStyle")


@dataclass(frozen=True, slots=True)
class _Relation:
    id: str
    kind: str
    target: str
    external: bool


class Template:
    """The parts of a template that are taken over.

    Attributes:
        page: Its paper and margins.
    """

    def __init__(self, path: Path) -> None:
        """Read a template.

        Raises:
            ConfigError: it is damaged, or larger than any template should be.
        """
        try:
            with zipfile.ZipFile(path) as archive:
                if any(entry.file_size > LARGEST_PART for entry in archive.infolist()):
                    raise ConfigError("the template is too large", hint="use another", path=path)
                self._files = {name: archive.read(name) for name in archive.namelist()}
            self._types = _xml(self._files["[Content_Types].xml"])
            self._main = _main_part(self._files)
            body = _xml(self._files[self._main]).find("w:body", NAMESPACES)
        except (OSError, KeyError, zipfile.BadZipFile, ValueError) as error:
            hint = "save it once more in Word"
            raise ConfigError("the template is damaged", hint=hint, path=path) from error
        found = None if body is None else body.find("w:sectPr", NAMESPACES)
        self._section = node("w:sectPr") if found is None else found
        self.page = _page(self._section)

    def apply(
        self, package: Package, body: Element, parts: Mapping[str, Element | None]
    ) -> dict[str, Element | None]:
        """Put the parts of the template into `package`, and its styles into `body`.

        Args:
            package: Gets headers, footers, theme and what belongs to them.
            body: `w:body`; names of styles and numbers of lists in it are changed, and its last
                section becomes that of the template.
            parts: Our own parts by name.

        Returns:
            The parts that are to be written, merged with those of the template.
        """
        ids = self._add_parts(package)
        for reference in self._section.iter(f"{_W}headerReference", f"{_W}footerReference"):
            old = reference.get(f"{_R}id", "")
            if old in ids:
                reference.set(f"{_R}id", ids[old])
            else:
                self._section.remove(reference)
        for tag in ("footnotePr", "endnotePr"):
            _drop(self._section, tag)
        body.remove(body[-1])
        body.append(self._section)
        shown = [body, *(part for name in ("footnotes",) if (part := parts[name]) is not None)]
        return {
            **parts,
            "styles": self._styles(shown, parts["styles"]),
            "settings": self._settings(parts["settings"]),
            "numbering": self._numbering(body, parts["numbering"]),
        }

    def _relations(self, part: str) -> list[_Relation]:
        folder, _, base = part.rpartition("/")
        data = self._files.get(f"{folder}/_rels/{base}.rels")
        return [
            _Relation(
                str(child.get("Id")),
                str(child.get("Type")).rpartition("/")[2],
                _inside(folder, str(child.get("Target"))),
                child.get("TargetMode") == "External",
            )
            for child in ([] if data is None else _xml(data))
        ]

    def _add_parts(self, package: Package) -> dict[str, str]:
        """Ids of the relationships to headers and footers, by the ids in the template."""
        found: dict[str, str] = {}
        for relation in self._relations(self._main):
            if relation.kind not in ("header", "footer", "theme", "fontTable"):
                continue
            if relation.external or relation.target not in self._files:
                continue
            self._take(package, relation.target)
            name = posixpath.relpath(relation.target, "word")
            found[relation.id] = package.relate(relation.kind, name)
        return found

    def _take(self, package: Package, part: str) -> None:
        """A part and the pictures and links that it refers to."""
        package.take(part, self._files[part], self._type_of(part))
        name = posixpath.relpath(part, "word").removesuffix(".xml")
        relations = []
        for relation in self._relations(part):
            if relation.external and relation.kind == "hyperlink":
                relations.append((relation.id, relation.kind, relation.target, True))
            elif relation.kind in _KEPT and relation.target in self._files:
                package.take(
                    relation.target, self._files[relation.target], self._type_of(relation.target)
                )
                target = posixpath.relpath(relation.target, posixpath.dirname(part))
                relations.append((relation.id, relation.kind, target, False))
        if relations:
            package.take_relations(name, relations)

    def _type_of(self, part: str) -> str:
        extension = part.rpartition(".")[2].lower()
        for child in self._types:
            if child.get("PartName") == f"/{part}":
                return str(child.get("ContentType"))
        for child in self._types:
            if str(child.get("Extension")).lower() == extension:
                return str(child.get("ContentType"))
        return "application/octet-stream"

    def _part(self, kind: str) -> Element | None:
        for relation in self._relations(self._main):
            if relation.kind == kind and relation.target in self._files:
                return _xml(self._files[relation.target])
        return None

    def _styles(self, shown: Iterable[Element], ours: Element | None) -> Element | None:
        """The styles of the template with those of ours that it lacks; `shown` then uses them."""
        theirs = self._part("styles")
        if theirs is None or ours is None:
            return ours
        by_name = {_name_of(style): style for style in theirs.findall("w:style", NAMESPACES)}
        taken = {style.get(f"{_W}styleId") for style in by_name.values()}
        own = {
            style.get(f"{_W}styleId", ""): style for style in ours.findall("w:style", NAMESPACES)
        }
        ids: dict[str, str] = {}

        def id_for(style_id: str) -> str:
            if style_id in ids or style_id not in own:
                return ids.get(style_id, style_id)
            style = own[style_id]
            known = by_name.get(_name_of(style))
            if known is not None:
                ids[style_id] = known.get(f"{_W}styleId", style_id)
            elif style_id in _INSTEAD:
                ids[style_id] = id_for(_INSTEAD[style_id])
            else:
                free = style_id if style_id not in taken else f"{style_id}Docstructure"
                ids[style_id] = free
                taken.add(free)
                style.set(f"{_W}styleId", free)
                style.attrib.pop(f"{_W}default", "")
                _without_faces(style, keep=style_id == "Code")
                for reference in style.iter(f"{_W}basedOn", f"{_W}next"):
                    reference.set(f"{_W}val", id_for(reference.get(f"{_W}val", "")))
                theirs.append(style)
            return ids[style_id]

        tags = [f"{_W}{tag.partition(':')[2]}" for tag in _STYLE_TAGS]
        for root in shown:
            for element in root.iter(*tags):
                element.set(f"{_W}val", id_for(element.get(f"{_W}val", "")))
        return theirs

    def _settings(self, ours: Element | None) -> Element | None:
        theirs = self._part("settings")
        if theirs is None:
            return ours
        for tag in ("attachedTemplate", "footnotePr", "endnotePr", "mailMerge"):
            _drop(theirs, tag)
        notes = None if ours is None else ours.find("w:footnotePr", NAMESPACES)
        if notes is not None:
            compat = theirs.find("w:compat", NAMESPACES)
            at = len(theirs) if compat is None else list(theirs).index(compat)
            theirs.insert(at, notes)
        return theirs

    def _numbering(self, body: Element, ours: Element | None) -> Element | None:
        """The lists of the template, and ours behind them under numbers of their own."""
        theirs = self._part("numbering")
        if theirs is None or ours is None:
            return theirs if ours is None else ours
        shift_kinds = _largest(theirs, "abstractNum", "abstractNumId")
        shift = _largest(theirs, "num", "numId")
        first = theirs.find("w:num", NAMESPACES)
        at = len(theirs) if first is None else list(theirs).index(first)
        for kind in ours.findall("w:abstractNum", NAMESPACES):
            _add(kind, "abstractNumId", shift_kinds)
            theirs.insert(at, kind)
            at += 1
        for number in ours.findall("w:num", NAMESPACES):
            _add(number, "numId", shift)
            _add(number[0], "val", shift_kinds)
            theirs.append(number)
        for used in body.iter(f"{_W}numId"):
            _add(used, "val", shift)
        return theirs


def _xml(data: bytes) -> Element:
    root: Element = parse_xml(data)
    return root


def _main_part(files: Mapping[str, bytes]) -> str:
    for child in _xml(files["_rels/.rels"]):
        if str(child.get("Type")).endswith("/officeDocument"):
            return _inside("", str(child.get("Target")))
    raise KeyError("officeDocument")


def _inside(folder: str, target: str) -> str:
    """Name in the archive of what a relationship of a part in `folder` leads to."""
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(folder, target))


def _name_of(style: Element) -> str:
    name = style.find("w:name", NAMESPACES)
    kind = style.get(f"{_W}type", "")
    return f"{kind} {'' if name is None else name.get(f'{_W}val', '').lower()}"


def _without_faces(style: Element, *, keep: bool) -> None:
    """Leave faces, sizes and colours of an added style to what it is based on."""
    for properties in () if keep else style.findall("w:rPr", NAMESPACES):
        for tag in ("rFonts", "sz", "szCs", "color"):
            _drop(properties, tag)


def _drop(parent: Element, tag: str) -> None:
    for child in parent.findall(f"w:{tag}", NAMESPACES):
        parent.remove(child)


def _largest(root: Element, tag: str, name: str) -> int:
    numbers = (int(e.get(f"{_W}{name}", "0")) for e in root.findall(f"w:{tag}", NAMESPACES))
    return max(numbers, default=0)


def _add(element: Element, name: str, shift: int) -> None:
    element.set(f"{_W}{name}", str(int(element.get(f"{_W}{name}", "0")) + shift))


def _page(section: Element) -> Page:
    def points(tag: str, name: str, usual: float) -> float:
        element = section.find(f"w:{tag}", NAMESPACES)
        text = "" if element is None else element.get(f"{_W}{name}", "")
        return abs(int(text)) / 20 if text.lstrip("-").isdigit() else usual

    margins = Margins(*(points("pgMar", side, 72.0) for side in ("left", "top", "right", "bottom")))
    return Page(1, points("pgSz", "w", 595.0), points("pgSz", "h", 842.0), margins=margins)
