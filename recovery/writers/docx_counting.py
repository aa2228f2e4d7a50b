"""How Word must count so that a list shows the labels that were printed, on all of its levels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from recovery.writers.labels import LEVELS, value_of
from structure.core.document import ListBlock, ListItem

BULLETS = "\u2022\u2013\u25aa"
MOST_RESTARTS = 1 / 3
"""Share of the items that may begin to count anew; more of them is no list that counts."""
_NUMBER = re.compile(
    r"^(?P<before>\W*)(?P<above>(?:\d+\.)*)(?P<number>\d+|[a-zA-Z]+)(?P<after>\W*)$"
)
_FORMATS = {
    "decimal": "decimal",
    "lower_alpha": "lowerLetter",
    "upper_alpha": "upperLetter",
    "lower_roman": "lowerRoman",
    "upper_roman": "upperRoman",
}


@dataclass(frozen=True, slots=True)
class LevelLabels:
    """The labels of one level of a list: `w:numFmt`, `w:lvlText` and `w:start`."""

    form: str
    text: str
    start: int = 1


@dataclass(frozen=True, slots=True)
class Run:
    """Items that count on without a break.

    Attributes:
        first: Index of the first of them.
        starts: The number with which levels begin here, where they do not begin or go on by
            themselves.
    """

    first: int
    starts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counting:
    """Labels of every level that has items, and the runs of the list, at least one."""

    levels: Mapping[int, LevelLabels]
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class _Level:
    """Labels of one level, with the number of each of its items; `nested`: it shows those above."""

    labels: LevelLabels
    values: Mapping[int, int]
    nested: bool = False


def counting(block: ListBlock) -> Counting | None:
    """How a list counts; None where its labels have to be written as text."""
    items = block.items
    if not items or any(item.checked is not None for item in items):
        return None
    if any(not 0 <= item.level < LEVELS for item in items):
        return None
    levels: dict[int, _Level] = {}
    for level in sorted({item.level for item in items}):
        found = _level(block, level)
        if found is None:
            return None
        levels[level] = found
    if block.ordered and 0 in levels and levels[0].labels.form == "bullet":
        return None
    runs = list(_runs(items, levels))
    broken = len(runs) > 1 and any(level.nested for level in levels.values())
    if len(runs) - 1 > MOST_RESTARTS * len(items) or broken or not _shows_parents(items, levels):
        return None
    return Counting({n: level.labels for n, level in levels.items()}, runs)


def _level(block: ListBlock, level: int) -> _Level | None:
    own = {n: item.label.strip() for n, item in enumerate(block.items) if item.level == level}
    labels = set(own.values())
    bullets = all(len(label) <= 1 for label in labels) or len(labels) == 1
    numbers = [] if level == 0 and not block.ordered else list(_numbers(block, level, own))
    if numbers and not (len(labels) == 1 and len(own) > 1 and level > 0):
        return min(
            numbers, key=lambda found: (_breaks(block.items, level, found), found.labels.start)
        )
    if bullets and (not block.ordered or level > 0):
        mark = next(iter(own.values())) or BULLETS[level % 3]
        return _Level(LevelLabels("bullet", mark.replace("%", "")), {})
    return None


def _numbers(block: ListBlock, level: int, own: Mapping[int, str]) -> Iterator[_Level]:
    """What the labels of a level may count, in every format that all of them have."""
    matches = {n: _NUMBER.match(label) for n, label in own.items()}
    shapes = {(m["before"], bool(m["above"]), m["after"]) if m else None for m in matches.values()}
    if len(shapes) != 1 or None in shapes:
        return
    ((before, nested, after),) = (shape for shape in shapes if shape)
    if nested and level == 0:
        return
    parts = [f"%{n}" for n in range(1, level + 2)] if nested else [f"%{level + 1}"]
    text = f"{before.replace('%', '')}{'.'.join(parts)}{after.replace('%', '')}"
    for name, form in _FORMATS.items():
        if level == 0 and name != block.format:
            continue
        values = {n: value_of(m["number"], name) for n, m in matches.items() if m}
        known = {n: value for n, value in values.items() if value is not None and value < 2**15}
        if len(known) == len(own):
            yield _Level(LevelLabels(form, text, next(iter(known.values()))), known, nested)


def _breaks(items: Sequence[ListItem], level: int, found: _Level) -> int:
    return sum(1 for run in _runs(items, {level: found}) if level in run.starts)


def _runs(items: Sequence[ListItem], levels: Mapping[int, _Level]) -> Iterator[Run]:
    """The runs of a list: a new one wherever Word would not go on to the number that is printed.

    In a new run the levels above go on from where they were; what a level begins with after it was
    given a number of its own is not the same in all programs, so that it gets one again.
    """
    counts: dict[int, int] = {}
    stated: set[int] = set()
    yield Run(0)
    for n, item in enumerate(items):
        counts = {level: count for level, count in counts.items() if level <= item.level}
        own = levels.get(item.level)
        if own is None or n not in own.values:
            continue
        value = own.values[n]
        known = item.level in counts
        expected = counts[item.level] + 1 if known else own.labels.start
        if value != expected or (not known and item.level in stated):
            above = {level: count + 1 for level, count in counts.items() if level < item.level}
            starts = {**above, item.level: value}
            stated = set(starts)
            yield Run(n, starts)
        counts[item.level] = value


def _shows_parents(items: Sequence[ListItem], levels: Mapping[int, _Level]) -> bool:
    """Whether labels such as 2.1.3 show the numbers of the items that they stand under."""
    above: dict[int, int | None] = {}
    for n, item in enumerate(items):
        own = levels[item.level]
        above = {level: count for level, count in above.items() if level < item.level}
        if own.nested:
            match = _NUMBER.match(item.label.strip())
            printed = match["above"].split(".")[:-1] if match else []
            if printed != [str(above.get(level)) for level in range(item.level)]:
                return False
        above[item.level] = own.values.get(n)
    return True
