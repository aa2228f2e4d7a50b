"""Paragraphs that start with markers to lists with levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recovery.restore import markers
from recovery.restore.elements import Element, Paragraph
from recovery.restore.markers import Marker
from recovery.restore.options import RestoreOptions
from structure.core.analysis import Label

_ALIGNED_EM = 3.0
"""Items of one numbered list begin within so many em of each other."""


@dataclass(frozen=True)
class Item:
    """One item: its paragraph with the marker still in the text."""

    paragraph: Paragraph
    marker: Marker
    level: int


@dataclass(frozen=True)
class ListElement:
    """Items that follow each other; at least one."""

    items: tuple[Item, ...]

    @property
    def page(self) -> int:
        """Page where it begins."""
        return self.items[0].paragraph.page


def find_lists(elements: Sequence[Element], options: RestoreOptions) -> list[Element | ListElement]:
    """Gather runs of paragraphs with fitting markers; everything else stays as it is."""
    result: list[Element | ListElement] = []
    run: list[Item] = []
    for element in elements:
        item = _item(element, run, options)
        if item is None:
            result.extend(_closed(run))
            run = []
            item = _item(element, run, options)
        if item is None:
            result.append(element)
        else:
            run.append(item)
    return result + _closed(run)


def _item(element: Element, run: Sequence[Item], options: RestoreOptions) -> Item | None:
    """The element as the next item of `run`, or None where it is none or does not go on with it."""
    if not isinstance(element, Paragraph) or element.kind != "paragraph" or element.ledger:
        return None
    if element.label == Label.TITLE:
        return None
    text = element.rows[0].text
    marker = markers.list_marker(text)
    if marker is None or not element.plain[marker.length :].strip():
        return None
    if not run:
        return (
            Item(element, marker, 0)
            if marker.value <= 1 or element.label == Label.LIST
            else (Item(element, markers.as_alpha(marker), 0))
        )
    return _continued(element, marker, run, options)


def _continued(
    element: Paragraph, marker: Marker, run: Sequence[Item], options: RestoreOptions
) -> Item | None:
    for candidate in (marker, markers.as_alpha(marker)):
        for item in reversed(run):
            grows = candidate.format == "bullet" or candidate.value == item.marker.value + 1
            if grows and item.marker.family == candidate.family and _aligned(element, item):
                return Item(element, candidate, _bullet_level(element, item, run, options))
    last = run[-1]
    starts = marker.value <= 1
    deeper = _offset(element) - _offset(last.paragraph) >= options.list_indent_em * element.em
    if starts and deeper:
        return Item(element, marker, last.level + 1)
    return None


def _aligned(element: Paragraph, item: Item) -> bool:
    """Whether numbers stand below each other, as in a list and not in the cells of a form."""
    near = abs(_offset(element) - _offset(item.paragraph)) < _ALIGNED_EM * element.em
    return near or item.marker.format == "bullet"


def _bullet_level(
    element: Paragraph, same: Item, run: Sequence[Item], options: RestoreOptions
) -> int:
    """The level of its family; where one bullet serves all levels, that of its left edge."""
    if same.marker.format != "bullet":
        return same.level
    step = options.list_indent_em * element.em
    offset = _offset(element)
    last = run[-1]
    if offset - _offset(last.paragraph) >= step:
        return last.level + 1
    for item in reversed(run):
        if abs(_offset(item.paragraph) - offset) < step:
            return item.level
    return 0


def _offset(paragraph: Paragraph) -> float:
    return paragraph.rows[0].box.x0 - paragraph.column[0]


def _closed(run: Sequence[Item]) -> list[Element | ListElement]:
    """The run as a list, or as paragraphs where it is too short or too unsure to be one."""
    if not run:
        return []
    sure = any(item.paragraph.label == Label.LIST for item in run)
    first = run[0].marker
    enough = len(run) >= 2 or sure or first.label in "•▪■●◦○◆►➢☐☑☒✓✔"
    return [ListElement(tuple(run))] if enough else [item.paragraph for item in run]
