"""Headings that the outline of a PDF names."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence

from recovery.restore import markers
from recovery.restore.elements import Element, Paragraph
from recovery.restore.options import RestoreOptions
from structure.core.analysis import Bookmark

_ALIKE = 0.85
"""Least similarity of an entry and the heading it names."""
_LONGEST = 300
"""More characters than any heading has."""


def match_outline(
    elements: Sequence[Element], outline: Sequence[Bookmark], options: RestoreOptions
) -> dict[int, int]:
    """Which elements the outline names, and how deep they stand in it (0 for the outermost).

    A name matches a short paragraph of its page if the two are at least 85 % alike, with or without
    the number in front, spaces and case apart. Each entry matches one paragraph at most, each
    paragraph the deepest-fitting entry once.

    Args:
        elements: In reading order.
        outline: Of the source, in its order.
        options: Thresholds.
    """
    by_page: dict[int, list[int]] = {}
    for i, element in enumerate(elements):
        if isinstance(element, Paragraph) and _may_be_heading(element, options):
            by_page.setdefault(element.page, []).append(i)
    found: dict[int, int] = {}
    for entry in outline:
        wanted = _keys(entry.title)
        alike = [
            (_similarity(wanted, _keys(element.plain)), -i)
            for i in by_page.get(entry.page, ())
            if i not in found and isinstance(element := elements[i], Paragraph)
        ]
        best, index = max(alike, default=(0.0, 0))
        if best >= _ALIKE:
            found[-index] = entry.depth
    return found


def _may_be_heading(paragraph: Paragraph, options: RestoreOptions) -> bool:
    return (
        paragraph.kind == "paragraph"
        and len(paragraph.parts) == 1
        and len(paragraph.rows) <= options.heading_lines + 1
        and len(paragraph.plain) <= _LONGEST
        and not markers.caption_kind(paragraph.plain.strip())
    )


def _keys(text: str) -> tuple[str, ...]:
    """`text` and `text` without its number, reduced to letters and digits."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    number = markers.heading_number(text)
    variants = (text, text[number.length :]) if number else (text,)
    reduced = ("".join(filter(str.isalnum, part)).casefold() for part in variants)
    return tuple(key for key in reduced if key)


def _similarity(one: Sequence[str], two: Sequence[str]) -> float:
    return max(
        (
            difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()
            for a in one
            for b in two
            if 2 * min(len(a), len(b)) >= _ALIKE * (len(a) + len(b))
        ),
        default=0.0,
    )
