"""Footnotes: small text with a mark in front, at the foot of a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from recovery.restore.elements import Element, Paragraph
from recovery.restore.options import RestoreOptions

_MARK = re.compile(r"^\s*(?:\d{1,3}(?=\s?[^\W\d_]|\s[\"“\u2018(])|[*†‡§¶](?=\s?\S)|[①-⑳])")


def find_footnotes(elements: Sequence[Element], options: RestoreOptions) -> list[Element]:
    """Give the last paragraphs of a column that are small and begin with a mark their kind.

    What follows a footnote in its column without a mark of its own belongs to the notes as well.

    Args:
        elements: In reading order; each paragraph in one place.
        options: Thresholds.
    """
    result = list(elements)
    sizes = [e.em for e in elements if isinstance(e, Paragraph) for _ in e.rows]
    small = options.footnote_size * median(sizes) if sizes else 0.0
    end = len(result)
    while end > 0:
        start = _column_start(result, end)
        for i in _notes(result, start, end, small):
            note = result[i]
            if isinstance(note, Paragraph):
                result[i] = replace(note, kind="footnote")
        end = start
    return result


def _column_start(elements: Sequence[Element], end: int) -> int:
    """Index of the first element in the column of the element before `end`."""
    start = end - 1
    while start > 0 and _below(elements[start - 1], elements[start]):
        start -= 1
    return start


def _below(upper: Element, lower: Element) -> bool:
    return upper.page == lower.page and lower.box.y0 > upper.box.y0


def _notes(elements: Sequence[Element], start: int, end: int, small: float) -> list[int]:
    """Indices of the notes among the elements from `start` to `end` (exclusive), one column."""
    first = end
    for i in range(end - 1, start, -1):  # the first of a column is no note
        element = elements[i]
        if not isinstance(element, Paragraph) or element.kind != "paragraph":
            break
        if element.em > small or element.ledger:
            break
        if _MARK.match(element.plain):
            first = i
    return list(range(first, end))
