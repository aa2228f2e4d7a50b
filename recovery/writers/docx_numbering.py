"""Real numbering for lists: every list gets its own, so that no list counts on from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median_low

from recovery.metrics import text_width
from recovery.writers.docx_counting import BULLETS, LevelLabels, counting
from recovery.writers.labels import LEVELS
from recovery.writers.ooxml import Element, node, twips, val
from structure.core.document import Face, ListBlock, ListItem

STEP = 18.0  # points by which each level is pushed in where the source does not say
LABEL_GAP = 1.5  # points between a label and its text at least


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
        self._numbers: list[Element] = []

    def add(self, block: ListBlock, indents: Mapping[int, Indent]) -> list[int] | None:
        """Number a list: the id of the `w:num` of every item.

        None for labels that no counter gives (1, 3, 7, boxes to tick): they are left as text.
        """
        found = counting(block)
        if found is None:
            return None
        own = len(self._lists) + 1
        self._lists.append(
            node(
                "w:abstractNum",
                val("w:multiLevelType", "multilevel"),
                *(_level(n, found.levels.get(n), indents[n]) for n in range(LEVELS)),
                abstractNumId=own,
            )
        )
        ends = [*(run.first for run in found.runs[1:]), len(block.items)]
        numbers: list[int] = []
        for run, end in zip(found.runs, ends, strict=True):
            number = len(self._numbers) + 1
            starts = (
                node("w:lvlOverride", val("w:startOverride", start), ilvl=level)
                for level, start in sorted(run.starts.items())
            )
            self._numbers.append(node("w:num", val("w:abstractNumId", own), *starts, numId=number))
            numbers += [number] * (end - run.first)
        return numbers

    def part(self) -> Element | None:
        """`word/numbering.xml`, or None for a document without numbered lists."""
        if not self._lists:
            return None
        return node("w:numbering", *self._lists, *self._numbers)


def _level(level: int, labels: LevelLabels | None, indent: Indent) -> Element:
    labels = labels or LevelLabels("bullet", BULLETS[level % 3])
    return node(
        "w:lvl",
        val("w:start", labels.start),
        val("w:numFmt", labels.form),
        val("w:lvlText", labels.text),
        val("w:lvlJc", "left"),
        node("w:pPr", indent_element(indent)),
        ilvl=level,
    )


def indent_element(indent: Indent) -> Element:
    """`w:ind` of a list item: text pushed in, label hanging."""
    return node("w:ind", left=twips(indent.left), hanging=twips(indent.hanging))
