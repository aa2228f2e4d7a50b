"""The parts of a docx file, their relationships and content types, as deterministic bytes."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from lxml import etree

from recovery.writers.ooxml import Element, core_properties, xml_bytes, zip_bytes
from structure.core.document import Asset

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PICTURES = {
    "image/png": ("png", b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": ("jpeg", b"\xff\xd8\xff"),
    "image/gif": ("gif", b"GIF8"),
}


class Package:
    """A docx file under construction. Relationship ids of a part count from 1 in order of use."""

    def __init__(self) -> None:
        self._parts: dict[str, bytes] = {}
        self._types: dict[str, str] = {}
        self._relations: dict[str, dict[tuple[str, str, bool], str]] = {"document": {}}

    def relate(
        self, kind: str, target: str, *, external: bool = False, part: str = "document"
    ) -> str:
        """The id of a relationship of `word/{part}.xml`; the same target gets the same id."""
        relations = self._relations.setdefault(part, {})
        return relations.setdefault((kind, target, external), f"rId{len(relations) + 1}")

    def add(self, name: str, kind: str, root: Element) -> str:
        """Add the XML part `word/{name}.xml` of this kind; returns its relationship id."""
        self._parts[f"word/{name}.xml"] = xml_bytes(root)
        self._types[f"/word/{name}.xml"] = f"{_WORD}.{kind}+xml"
        return self.relate(kind, f"{name}.xml")

    def take(self, name: str, data: bytes, content_type: str) -> None:
        """Add a finished part under its name in the archive, as another file had it."""
        self._parts[name] = data
        self._types[f"/{name}"] = content_type

    def take_relations(self, part: str, relations: list[tuple[str, str, str, bool]]) -> None:
        """Add the (id, kind, target, external) relationships of a part that was taken over."""
        own = {(kind, target, far): key for key, kind, target, far in relations}
        self._relations[part] = own

    def picture(self, asset: Asset, part: str = "document") -> str:
        """Embed a picture once; returns its relationship id in `word/{part}.xml`.

        Raises:
            ValueError: not a PNG, JPEG or GIF file, or one without size.
        """
        extension, magic = _PICTURES.get(asset.media_type, ("", b"\0"))
        if not extension or not asset.data.startswith(magic):
            raise ValueError(f"a picture of type {asset.media_type!r} cannot be embedded")
        if asset.width < 1 or asset.height < 1:
            raise ValueError("a picture without size cannot be embedded")
        name = f"media/{sha256(asset.data).hexdigest()[:16]}.{extension}"
        self._parts[f"word/{name}"] = asset.data
        return self.relate("image", name, part=part)

    def link(self, url: str, part: str = "document") -> str:
        """The relationship id of an outside address in `word/{part}.xml`."""
        return self.relate("hyperlink", url, external=True, part=part)

    def to_bytes(self, document: bytes, *, title: str, language: str | None, creator: str) -> bytes:
        """The whole file around the main part `document`."""
        main = f"{_WORD}.document.main+xml"
        core = "application/vnd.openxmlformats-package.core-properties+xml"
        types = {"/word/document.xml": main, "/docProps/core.xml": core, **self._types}
        parts = {
            "[Content_Types].xml": _content_types(types),
            "_rels/.rels": _relationships(
                {
                    "rId1": (f"{_OFFICE}/officeDocument", "word/document.xml", False),
                    "rId2": (
                        f"{_PACKAGE}/relationships/metadata/core-properties",
                        "docProps/core.xml",
                        False,
                    ),
                }
            ),
            "docProps/core.xml": core_properties(title, language, creator),
            "word/document.xml": document,
            **{
                f"word/_rels/{part}.xml.rels": _relationships(
                    {
                        key: (f"{_OFFICE}/{kind}", target, far)
                        for (kind, target, far), key in relations.items()
                    }
                )
                for part, relations in self._relations.items()
            },
        }
        return zip_bytes({**parts, **self._parts})


def _content_types(overrides: dict[str, str]) -> bytes:
    space = f"{_PACKAGE}/content-types"
    root = _root("Types", space)
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        **{extension: kind for kind, (extension, _) in _PICTURES.items()},
    }
    for extension, kind in defaults.items():
        etree.SubElement(root, f"{{{space}}}Default", Extension=extension, ContentType=kind)
    for name, kind in overrides.items():
        etree.SubElement(root, f"{{{space}}}Override", PartName=name, ContentType=kind)
    return _plain_xml(root)


def _relationships(relations: Mapping[str, tuple[str, str, bool]]) -> bytes:
    space = f"{_PACKAGE}/relationships"
    root = _root("Relationships", space)
    for key, (kind, target, external) in relations.items():
        child = etree.SubElement(root, f"{{{space}}}Relationship", Id=key, Type=kind, Target=target)
        if external:
            child.set("TargetMode", "External")
    return _plain_xml(root)


def _root(name: str, space: str) -> Element:
    nsmap: Any = {None: space}  # the stubs know no default namespace
    return etree.Element(f"{{{space}}}{name}", nsmap=nsmap)


def _plain_xml(root: Element) -> bytes:
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
