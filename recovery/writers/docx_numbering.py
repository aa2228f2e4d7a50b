"""Real numbering for lists: every list gets its own, so that no list counts on from another."""

from __future__ import annotations

from dataclasses import dataclass

from recovery.writers.labels import LABEL, LEVELS, countable, value_of
from recovery.writers.ooxml import Element, node, twips, val
from structure.core.document import ListBlock

BULLETS = "\u2022\u2013\u25aa"
STEP = 18.0  # points by which each level is pushed in
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


class Numbering:
    """Collects the `w:abstractNum` and `w:num` elements of a document."""

    def __init__(self) -> None:
        self._lists: list[Element] = []

    def add(self, block: ListBlock) -> Numbered:
        """Number a list; labels that no counter gives (1, 3, 7, boxes to tick) are left as text."""
        if not countable(block):
            return Numbered(None)
        number = len(self._lists) + 1
        self._lists.append(
            node(
                "w:abstractNum",
                val("w:multiLevelType", "multilevel"),
                *(self._level(n, block) for n in range(LEVELS)),
                abstractNumId=number,
            )
        )
        return Numbered(number)

    def _level(self, level: int, block: ListBlock) -> Element:
        first = next((item for item in block.items if item.level == level), None)
        if block.ordered and (level == 0 or (first and value_of(first.label, "decimal"))):
            format_ = block.format if level == 0 else "decimal"
            match = LABEL.match(first.label.strip()) if first else None
            before, after = (match["before"], match["after"]) if match else ("", ".")
            text = f"{before.replace('%', '')}%{level + 1}{after.replace('%', '')}"
            kind = _FORMATS.get(format_, "decimal")
            start = block.start if level == 0 else value_of(first.label, "decimal") if first else 1
        else:
            mark = first.label.strip() if first else ""
            text, kind, start = (mark if len(mark) == 1 else BULLETS[level % 3]), "bullet", 1
        return node(
            "w:lvl",
            val("w:start", start),
            val("w:numFmt", kind),
            val("w:lvlText", text),
            val("w:lvlJc", "left"),
            node("w:pPr", indent(level)),
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


def indent(level: int) -> Element:
    """`w:ind` of a list item: text pushed in, label hanging."""
    return node("w:ind", left=twips(STEP * (level + 1)), hanging=twips(STEP))
