"""What the styles of a docx file say: kinds of paragraphs, and looks through inheritance."""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from recovery.score.reading import Kind

Element = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEFAULT_SIZE = 10.0
_HEADING = re.compile(r"heading (\d)\b")
_NAMES: dict[str, Kind] = {
    "title": "title",
    "caption": "caption",
    "image caption": "caption",
    "table caption": "caption",
    "footnote text": "footnote",
}
"""By the name that every program writes for its built-in style, whatever it shows to its user."""
_MAX_DEPTH = 30


def attribute(element: Element | None, name: str = "val") -> str | None:
    """An attribute of the main namespace, None where the element is missing."""
    return None if element is None else element.get(W + name)


def is_on(element: Element | None) -> bool | None:
    """The state of a switch such as `w:b`; None where it is missing."""
    if element is None:
        return None
    return (attribute(element) or "1") not in ("0", "false", "off", "none")


class Styles:
    """The styles part of a file; an empty one where it has none."""

    def __init__(self, root: Element | None) -> None:
        found = [] if root is None else root.findall(f"{W}style")
        self._styles = {attribute(style, "styleId"): style for style in found}
        self._default = next(
            (
                attribute(style, "styleId")
                for style in found
                if attribute(style, "type") == "paragraph" and attribute(style, "default") == "1"
            ),
            None,
        )
        self._defaults = None if root is None else root.find(f"{W}docDefaults")
        self._chain = cache(self._inherited)

    def _inherited(self, id_: str | None) -> tuple[Element, ...]:
        chain: list[Element] = []
        while id_ in self._styles and len(chain) < _MAX_DEPTH:
            chain.append(self._styles[id_])
            id_ = attribute(chain[-1].find(f"{W}basedOn"))
        return tuple(chain)

    def paragraph_chain(self, paragraph: Element) -> tuple[Element, ...]:
        """The styles of a `w:p`, the nearest first."""
        named = attribute(paragraph.find(f"{W}pPr/{W}pStyle"))
        return self._chain(named if named in self._styles else self._default)

    def of_paragraph(self, paragraph: Element, name: str) -> Element | None:
        """A paragraph property, its own or inherited."""
        own = paragraph.find(f"{W}pPr/{W}{name}")
        if own is not None:
            return own
        for style in self.paragraph_chain(paragraph):
            found = style.find(f"{W}pPr/{W}{name}")
            if found is not None:
                return found
        return self._default_of("pPr", name)

    def of_run(self, paragraph: Element, run: Element, name: str) -> Element | None:
        """A run property, its own or inherited through its style and that of the paragraph."""
        own = run.find(f"{W}rPr/{W}{name}")
        if own is not None:
            return own
        named = self._chain(attribute(run.find(f"{W}rPr/{W}rStyle")))
        for style in (*named, *self.paragraph_chain(paragraph)):
            found = style.find(f"{W}rPr/{W}{name}")
            if found is not None:
                return found
        return self._default_of("rPr", name)

    def _default_of(self, part: str, name: str) -> Element | None:
        if self._defaults is None:
            return None
        return self._defaults.find(f"{W}{part}Default/{W}{part}/{W}{name}")

    def size(self, paragraph: Element, run: Element, *, complex_script: bool) -> float:
        """Type size in points."""
        found = attribute(self.of_run(paragraph, run, "szCs" if complex_script else "sz"))
        try:
            return float(found) / 2 if found else _DEFAULT_SIZE
        except ValueError:
            return _DEFAULT_SIZE

    def bold(self, paragraph: Element, run: Element, *, complex_script: bool) -> bool:
        """Whether a run is bold."""
        return bool(is_on(self.of_run(paragraph, run, "bCs" if complex_script else "b")))

    def kind(self, paragraph: Element) -> tuple[Kind, int | None]:
        """What a paragraph is by its style, and the level of a heading.

        A style that is known by no name is a heading where it has a level in the outline; so are
        localised names understood.
        """
        for style in self.paragraph_chain(paragraph):
            name = (attribute(style.find(f"{W}name")) or "").lower()
            heading = _HEADING.match(name)
            if heading:
                return "heading", int(heading[1])
            # Looks that differ from a named style are styles of their own: "Title 2".
            known = _NAMES.get(name) or _NAMES.get(re.sub(r" \d+$", "", name))
            if known:
                return known, None
        level = attribute(self.of_paragraph(paragraph, "outlineLvl"))
        if level is not None and level.isdigit() and int(level) < 9:
            return "heading", int(level) + 1
        return "paragraph", None
