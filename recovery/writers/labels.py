"""Labels of list items: what they count, and whether a counter would give the same ones."""

from __future__ import annotations

import re

from structure.core.document import ListBlock

LEVELS = 9  # levels that a Word list has
LABEL = re.compile(r"^(?P<before>\W*)(?P<number>\d+|[a-zA-Z]+)(?P<after>\W*)$")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def countable(block: ListBlock) -> bool:
    """Whether a counter gives the labels that were printed."""
    if not block.items or any(item.checked is not None for item in block.items):
        return False
    if any(not 0 <= item.level < LEVELS for item in block.items):
        return False
    if not block.ordered:
        return all(len(item.label.strip()) <= 1 for item in block.items)
    return 0 <= block.start < 2**15 and _counts(block)


def format_of(block: ListBlock, level: int) -> str:
    """How the labels of a level are numbered; inside a list its first label tells."""
    if level == 0:
        return block.format
    first = next((item.label for item in block.items if item.level == level), "")
    match = LABEL.match(first.strip())
    if match is None or not match["number"].isalpha():
        return "decimal"
    case = "lower" if match["number"].islower() else "upper"
    return f"{case}_roman" if match["number"].lower() == "i" else f"{case}_alpha"


def _counts(block: ListBlock) -> bool:
    """Whether ordered labels run on by one on every level, deeper levels always from 1."""
    items, start = block.items, block.start
    counters: dict[int, int] = {}
    shapes: dict[int, tuple[str, str]] = {}
    for item in items:
        counters = {level: n for level, n in counters.items() if level <= item.level}
        match = LABEL.match(item.label.strip())
        if match is None:
            # An unlabelled or bulleted inner level does not count.
            if item.level == 0 or item.label.strip().isalnum():
                return False
            continue
        value = value_of(item.label, format_of(block, item.level))
        expected = counters.get(item.level, (start if item.level == 0 else 1) - 1) + 1
        shape = (match["before"], match["after"])
        if value != expected or shapes.setdefault(item.level, shape) != shape:
            return False
        counters[item.level] = expected
    return True


def value_of(label: str, format_: str) -> int | None:
    """The number that a label shows, or None where it shows none in that format."""
    match = LABEL.match(label.strip())
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
