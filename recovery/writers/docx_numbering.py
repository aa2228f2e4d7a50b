"""Real numbering for lists: every list gets its own, so that no list counts on from another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from recovery.writers.ooxml import Element, node, twips, val
from structure.core.document import ListBlock, ListItem

LEVELS = 9
BULLETS = "\u2022\u2013\u25aa"
STEP = 18.0  # points by which each level is pushed in
_FORMATS = {
    "decimal": "decimal",
    "lower_alpha": "lowerLetter",
    "upper_alpha": "upperLetter",
    "lower_roman": "lowerRoman",
    "upper_roman": "upperRoman",
}
_LABEL = re.compile(r"^(?P<before>\W*)(?P<number>\d+|[a-zA-Z]+)(?P<after>\W*)$")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


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
            match = _LABEL.match(first.label.strip()) if first else None
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


def countable(block: ListBlock) -> bool:
    """Whether a counter gives the labels that were printed."""
    if not block.items or any(item.checked is not None for item in block.items):
        return False
    if any(not 0 <= item.level < LEVELS for item in block.items):
        return False
    if not block.ordered:
        return all(len(item.label.strip()) <= 1 for item in block.items)
    return 0 <= block.start < 2**15 and _counts(block.items, block.start, block.format)


def _counts(items: Sequence[ListItem], start: int, format_: str) -> bool:
    """Whether ordered labels run on by one on every level, deeper levels always from 1."""
    counters: dict[int, int] = {}
    shapes: dict[int, tuple[str, str]] = {}
    for item in items:
        counters = {level: n for level, n in counters.items() if level <= item.level}
        match = _LABEL.match(item.label.strip())
        if match is None:
            # An unlabelled or bulleted inner level does not count.
            if item.level == 0 or item.label.strip().isalnum():
                return False
            continue
        value = value_of(item.label, format_ if item.level == 0 else "decimal")
        expected = counters.get(item.level, (start if item.level == 0 else 1) - 1) + 1
        shape = (match["before"], match["after"])
        if value != expected or shapes.setdefault(item.level, shape) != shape:
            return False
        counters[item.level] = expected
    return True


def value_of(label: str, format_: str) -> int | None:
    """The number that a label shows, or None where it shows none in that format."""
    match = _LABEL.match(label.strip())
    if match is None:
        return None
    text = match["number"]
    if format_ == "decimal":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
    if not text.isalpha() or text.islower() != format_.startswith("lower"):
        return None
    if format_.endswith("alpha"):
        return ord(text.lower()) - 96 if len(text) == 1 else None
    digits = [_ROMAN.get(char) for char in text.lower()]
    if None in digits:
        return None
    values = [digit or 0 for digit in digits]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
