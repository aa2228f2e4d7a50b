"""Looks that several paragraphs share, as named styles instead of direct formatting.

Who edits a document changes such a look once, in its style. A look that is used only once or twice
stays with its paragraphs: a list of styles with hundreds of names helps nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from recovery.writers.docx_looks import STYLE_NAMES
from recovery.writers.ooxml import NAMESPACES, Element, node, serialized, val

SHARED_BY = 3
"""Paragraphs from which on a look has a style."""

_W = f"{{{NAMESPACES['w']}}}"
_VARIED = frozenset(
    {"BodyText", "BodyTextFirstIndent", "ListParagraph", "Quote", "Code", "Bibliography"}
    | {"Figure", "TableText", "TableHeading"}
)
# A heading of another style would be missing in the table of contents that Word makes.
_OF_PARAGRAPHS = frozenset(_W + name for name in ("tabs", "spacing", "ind", "jc"))
_OF_RUNS = frozenset(
    _W + name for name in ("rFonts", "w", "sz", "szCs", "b", "bCs", "i", "iCs", "color", "spacing")
)
_ALIGNED = {"right": "Right", "center": "Centered", "both": "Justified", "left": "Left"}

_Look = tuple[str, tuple[bytes, ...], tuple[bytes, ...]]
"""A style, and what its paragraphs and their runs add to it, as XML."""


@dataclass(slots=True)
class _Users:
    """The paragraphs with one look, until they are enough for a style."""

    waiting: list[Element] = field(default_factory=list)
    style: str | None = None


class Variants:
    """Gives looks that are shared a style, while the elements of a document go by.

    Attributes:
        styles: `w:style` of each look that got one, in order of their first use.
    """

    def __init__(self) -> None:
        self.styles: list[Element] = []
        self._users: dict[_Look, _Users] = {}
        self._names: set[str] = set()

    def document(self, elements: Iterable[Element]) -> list[Element | bytes]:
        """The elements in their order; only those that may still change are kept as trees."""
        parts: list[Element | bytes] = []
        for element in elements:
            waits = [self._waits(paragraph) for paragraph in element.iter(f"{_W}p")]
            parts.append(element if any(waits) else serialized(element))
        return parts

    def _waits(self, paragraph: Element) -> bool:
        """Whether the look of a paragraph is not yet shared by enough others."""
        look = _look_of(paragraph)
        if look is None:
            return False
        users = self._users.setdefault(look, _Users())
        if users.style is None:
            users.waiting.append(paragraph)
            if len(users.waiting) < SHARED_BY:
                return True
            users.style = self._add(look, paragraph)
        for own in users.waiting or [paragraph]:
            _put(own, users.style)
        users.waiting = []
        return False

    def _add(self, look: _Look, example: Element) -> str:
        base = look[0]
        properties = [deepcopy(p) for p in _of_paragraph(example)]
        runs = [deepcopy(p) for p in _of_runs(example)]
        name = self._name(base, [*properties, *runs])
        style = name.replace(" ", "").replace(".", "_")
        self.styles.append(
            node(
                "w:style",
                val("w:name", name),
                val("w:basedOn", base),
                node("w:qFormat"),
                node("w:pPr", *properties) if properties else None,
                node("w:rPr", *runs) if runs else None,
                type="paragraph",
                customStyle=1,
                styleId=style,
            )
        )
        return style

    def _name(self, base: str, properties: Iterable[Element]) -> str:
        """A name that says what is different, as far as that is alignment and size."""
        said = {str(p.tag).removeprefix(_W): p.get(f"{_W}val", "") for p in properties}
        words = [STYLE_NAMES[base], _ALIGNED.get(said.get("jc", ""), "")]
        if "sz" in said:
            words.append(f"{int(said['sz']) / 2:g} pt")
        plain = " ".join(filter(None, words))
        known = said.keys() <= {"jc", "sz", "szCs"}
        name, count = plain if known else f"{plain} Variant", 1
        while name in self._names:
            count += 1
            name = f"{plain} Variant {count}"
        self._names.add(name)
        return name


def _look_of(paragraph: Element) -> _Look | None:
    named = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style = "" if named is None else named.get(f"{_W}val", "")
    if style not in _VARIED:
        return None
    of_paragraph = tuple(etree.tostring(p) for p in _of_paragraph(paragraph))
    of_runs = tuple(etree.tostring(p) for p in _of_runs(paragraph))
    return (style, of_paragraph, of_runs) if of_paragraph or of_runs else None


def _of_paragraph(paragraph: Element) -> list[Element]:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None or properties.find(f"{_W}framePr") is not None:
        return []  # a frame is fitted to what stands in it
    # The indent of a numbering outdoes that of a style, though not that of a paragraph.
    numbered = properties.find(f"{_W}numPr") is not None
    return [p for p in properties if p.tag in _OF_PARAGRAPHS and not (numbered and _is_ind(p))]


def _is_ind(element: Element) -> bool:
    return element.tag == f"{_W}ind"


def _of_runs(paragraph: Element) -> list[Element]:
    """What all runs have in common."""
    runs = list(paragraph.iter(f"{_W}r"))
    if not runs or any(paragraph.find(f".//{_W}{name}") is not None for name in ("rStyle", "p")):
        return []  # the style of a link outdoes that of its paragraph; a text box has paragraphs
    properties = [{etree.tostring(p): p for p in run.iterfind(f"{_W}rPr/*")} for run in runs]
    shared = set.intersection(*(set(own) for own in properties))
    return [p for key, p in properties[0].items() if key in shared and p.tag in _OF_RUNS]


def _put(paragraph: Element, style: str) -> None:
    """Give a paragraph a style that says what it said itself."""
    for own in (_of_paragraph(paragraph), *_shared_by_runs(paragraph)):
        for element in own:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
                if not len(parent) and str(parent.tag) == f"{_W}rPr":
                    _drop(parent)
    named = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if named is not None:
        named.set(f"{_W}val", style)


def _shared_by_runs(paragraph: Element) -> list[list[Element]]:
    shared = {etree.tostring(p) for p in _of_runs(paragraph)}
    return [
        [p for p in run.iterfind(f"{_W}rPr/*") if etree.tostring(p) in shared]
        for run in paragraph.iter(f"{_W}r")
    ]


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
