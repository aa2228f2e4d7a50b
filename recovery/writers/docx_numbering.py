"""Real numbering for lists: every list gets its own, so that no list counts on from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median_low

from recovery.metrics import text_width
from recovery.writers.labels import LABEL, LEVELS, countable, format_of, value_of
from recovery.writers.ooxml import Element, node, twips, val
from structure.core.document import Face, ListBlock, ListItem

BULLETS = "\u2022\u2013\u25aa"
STEP = 18.0  # points by which each level is pushed in where the source does not say
LABEL_GAP = 1.5  # points between a label and its text at least
_FORMATS = {
    "decimal": "decimal",
    "lower_alpha": "lowerLetter",
    "upper_alpha": "upperLetter",
    "lower_roman": "lowerRoman",
    "upper_roman": "upperRoman",
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """Id of the `w:num` of a list; None where labels are written as they were printed."""

    number: int | None


@dataclass(frozen=True, slots=True)
class Indent:
    """Points from the edge of the column to the text of an item, and from its label to its text."""

    left: float
    hanging: float


def indents(block: ListBlock, edge: float, size: float, face: Face) -> dict[int, Indent]:
    """Indent of every level of a list, from where labels and texts stand on the page.

    Args:
        block: The list.
        edge: Left edge of its column.
        size: Of the type.
        face: Of the type.
    """
    found = {level: Indent(STEP * (level + 1), STEP) for level in range(LEVELS)}
    for level in {min(max(item.level, 0), LEVELS - 1) for item in block.items}:
        items = [item for item in block.items if min(max(item.level, 0), LEVELS - 1) == level]
        texts = [x for item in items if (x := _text_edge(item)) is not None]
        if not texts:
            continue
        label = median_low([item.box.x0 for item in items if _text_edge(item) is not None])
        widest = max(text_width(item.label, face) for item in items) * size
        hanging = max(median_low(texts) - label, widest + LABEL_GAP)
        found[level] = Indent(max(label - edge, 0.0) + hanging, hanging)
    return found


def _text_edge(item: ListItem) -> float | None:
    """Left edge of the text of an item: its second line, else the word behind its label."""
    lines = [line for place in item.at for line in place.lines]
    if len(lines) > 1:
        return min(line.box.x0 for line in lines[1:])
    if lines and len(lines[0].words) > 1 and lines[0].words[0].text == item.label:
        return lines[0].words[1].box.x0
    return None


class Numbering:
    """Collects the `w:abstractNum` and `w:num` elements of a document."""

    def __init__(self) -> None:
        self._lists: list[Element] = []

    def add(self, block: ListBlock, indents: Mapping[int, Indent]) -> Numbered:
        """Number a list; labels that no counter gives (1, 3, 7, boxes to tick) are left as text."""
        if not countable(block):
            return Numbered(None)
        number = len(self._lists) + 1
        self._lists.append(
            node(
                "w:abstractNum",
                val("w:multiLevelType", "multilevel"),
                *(self._level(n, block, indents[n]) for n in range(LEVELS)),
                abstractNumId=number,
            )
        )
        return Numbered(number)

    def _level(self, level: int, block: ListBlock, indent: Indent) -> Element:
        first = next((item for item in block.items if item.level == level), None)
        format_ = format_of(block, level)
        if block.ordered and (level == 0 or (first and value_of(first.label, format_))):
            match = LABEL.match(first.label.strip()) if first else None
            before, after = (match["before"], match["after"]) if match else ("", ".")
            text = f"{before.replace('%', '')}%{level + 1}{after.replace('%', '')}"
            kind = _FORMATS.get(format_, "decimal")
            start = block.start if level == 0 else value_of(first.label, format_) if first else 1
        else:
            mark = first.label.strip() if first else ""
            text, kind, start = (mark if len(mark) == 1 else BULLETS[level % 3]), "bullet", 1
        return node(
            "w:lvl",
            val("w:start", start),
            val("w:numFmt", kind),
            val("w:lvlText", text),
            val("w:lvlJc", "left"),
            node("w:pPr", indent_element(indent)),
            ilvl=level,
        )

    def part(self) -> Element | None:
        """`word/numbering.xml`, or None for a document without numbered lists."""
        if not self._lists:
            return None
        numbers = [
            node("w:num", val("w:abstractNumId", n), numId=n)
            for n in range(1, len(self._lists) + 1)
        ]
        return node("w:numbering", *self._lists, *numbers)


def indent_element(indent: Indent) -> Element:
    """`w:ind` of a list item: text pushed in, label hanging."""
    return node("w:ind", left=twips(indent.left), hanging=twips(indent.hanging))
