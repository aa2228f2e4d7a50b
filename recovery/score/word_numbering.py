"""The labels that a word processor draws before list items: real numbering, counted through."""

from __future__ import annotations

import re

from recovery.score.word_styles import Element, W, attribute

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_PLACE = re.compile(r"%(\d)")


class Numbering:
    """The numbering part of a file, and how far each of its lists has counted."""

    def __init__(self, root: Element | None) -> None:
        found = [] if root is None else root.findall(f"{W}num")
        self._nums = {attribute(num, "numId"): num for num in found}
        lists = [] if root is None else root.findall(f"{W}abstractNum")
        self._lists = {attribute(item, "abstractNumId"): item for item in lists}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, number: str, level: int) -> str | None:
        """The label of the next item at a level from 0; None where nothing is drawn."""
        definition = self._level(number, level)
        if definition is None:
            return None
        form = attribute(definition.find(f"{W}numFmt")) or "decimal"
        pattern = attribute(definition.find(f"{W}lvlText")) or ""
        if form == "none" and not pattern:
            return None
        counts = self._counts.setdefault(self._list_of(number), {})
        restart = self._restart(number, level)
        if restart is not None and (number, level) not in self._begun:
            counts[level] = restart - 1
        self._begun.add((number, level))
        counts[level] = counts.get(level, self._start(definition) - 1) + 1
        for deeper in [known for known in counts if known > level]:
            del counts[deeper]
        if form == "bullet":
            return pattern or "\u2022"
        return _PLACE.sub(lambda found: self._part(number, int(found[1]) - 1, counts), pattern)

    def _part(self, number: str, level: int, counts: dict[int, int]) -> str:
        definition = self._level(number, level)
        if definition is None:
            return ""
        form = attribute(definition.find(f"{W}numFmt")) or "decimal"
        return _numeral(counts.get(level, self._start(definition)), form)

    def _list_of(self, number: str) -> str:
        return attribute(self._nums[number].find(f"{W}abstractNumId")) or ""

    def _level(self, number: str, level: int) -> Element | None:
        num = self._nums.get(number)
        if num is None:
            return None
        wanted = str(level)
        for override in num.findall(f"{W}lvlOverride"):
            own = override.find(f"{W}lvl")
            if own is not None and attribute(override, "ilvl") == wanted:
                return own
        base = self._lists.get(attribute(num.find(f"{W}abstractNumId")))
        if base is None:
            return None
        levels = base.findall(f"{W}lvl")
        return next((item for item in levels if attribute(item, "ilvl") == wanted), None)

    def _restart(self, number: str, level: int) -> int | None:
        for override in self._nums[number].findall(f"{W}lvlOverride"):
            start = attribute(override.find(f"{W}startOverride"))
            if start is not None and attribute(override, "ilvl") == str(level):
                return int(start)
        return None

    @staticmethod
    def _start(definition: Element) -> int:
        return int(attribute(definition.find(f"{W}start")) or 1)


def _numeral(value: int, form: str) -> str:
    if form.endswith("Letter"):
        text = chr(ord("a") + (value - 1) % 26) * (1 + (value - 1) // 26)
    elif form.endswith("Roman"):
        text = ""
        for worth, sign in _ROMAN:
            text += sign * (value // worth)
            value %= worth
    else:
        return str(value)
    return text.upper() if form.startswith("upper") else text
