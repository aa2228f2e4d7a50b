"""Paragraphs that run on in the next column, on the next page, or below a picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from recovery.restore import markers, paragraphs
from recovery.restore.elements import Element, Paragraph, line_breaks
from recovery.restore.options import RestoreOptions
from structure.core.analysis import Label
from structure.core.text import is_unspaced

_SKIPPED = ("caption", "footnote")
_LEAST_CHARS = 25
"""A shorter text is no paragraph that a column cuts."""
_ENOUGH, _MOST = 3, 0.7
"""So many paragraphs, and this share of them, make an indent the sign of a paragraph."""


def join_continued(elements: Sequence[Element], options: RestoreOptions) -> list[Element]:
    """Give the rest of a cut paragraph back to it; what stands between comes after it."""
    indents = _indents(elements, options)
    result: list[Element] = []
    last: int | None = None  # index in `result` of the paragraph that may run on
    interrupted = False
    for element in elements:
        if not isinstance(element, Paragraph) or element.kind in _SKIPPED:
            result.append(element)
            interrupted = True
            continue
        open_ = result[last] if last is not None else None
        if (
            last is not None
            and isinstance(open_, Paragraph)
            and _may_run_on(open_, element, interrupted, options)
            and _unfinished(open_, element, indents, options)
        ):
            result[last] = open_.extended(element)
        else:
            result.append(element)
            last = len(result) - 1
        interrupted = False
    return result


def _indents(elements: Sequence[Element], options: RestoreOptions) -> bool:
    """Whether paragraphs of this document that stand below another begin with an indent."""
    found = [
        _indented(b, options)
        for a, b in pairwise(elements)
        if isinstance(a, Paragraph)
        and isinstance(b, Paragraph)
        and _flows(a)
        and _flows(b)
        and min(len(a.rows), len(b.rows)) > 1
        and not _moved(a, b)
    ]
    return len(found) >= _ENOUGH and sum(found) >= _MOST * len(found)


def _moved(a: Paragraph, b: Paragraph) -> bool:
    """Whether `b` begins on another page or above the end of `a`."""
    last, first = a.parts[-1], b.parts[0]
    return first.page != last.page or first.box.y0 < last.rows[-1].box.y0


def _may_run_on(a: Paragraph, b: Paragraph, interrupted: bool, options: RestoreOptions) -> bool:
    if not (_flows(a) and _flows(b)):
        return False
    if markers.list_marker(b.plain) or markers.heading_number(b.plain):
        return False
    if b.page - a.parts[-1].page > 1 or not (_moved(a, b) or interrupted):
        return False
    ratio = a.em / b.em
    if not 1 - 2 * options.continue_size <= ratio <= 1 + 2 * options.continue_size:
        return False
    return not _indented(b, options)


def _flows(paragraph: Paragraph) -> bool:
    return paragraph.kind == "paragraph" and not paragraph.ledger and paragraph.label != Label.TITLE


def _unfinished(a: Paragraph, b: Paragraph, indents: bool, options: RestoreOptions) -> bool:
    """Whether the last line of `a` is full and its sentence, or its paragraph, goes on in `b`.

    Args:
        a: Before the end of a column, of a page, or before a picture.
        b: After it; without an indent.
        indents: Whether an indent is what tells a new paragraph in this document.
        options: Thresholds.
    """
    text, behind = a.plain.rstrip(), b.plain.lstrip()
    if not text or not behind:
        return False
    if text[-1] in "-\u2010\u00ad" and behind[0].islower():
        return True
    part = a.parts[-1]
    row = part.rows[-1]
    right = max(r.box.x1 for r in part.rows) if len(part.rows) > 2 else part.column[1]
    full = not paragraphs.fits(row, b.rows[0], right, options) or row.box.x1 > right - row.em
    if not full or len(text) < _LEAST_CHARS:
        return False
    prose = _is_prose(a, options) and _is_prose(b, options)
    if paragraphs.ends_sentence(text):
        lower = behind[0].islower() and not text.endswith(":")
        return lower or (indents and prose and not text.endswith(":"))
    return prose or behind[0].islower() or behind[0].isdigit() or is_unspaced(behind[0])


def _is_prose(paragraph: Paragraph, options: RestoreOptions) -> bool:
    """Whether these are several lines, none of which ends before it is full."""
    return len(paragraph.rows) > 1 and not any(line_breaks(paragraph, options))


def _indented(b: Paragraph, options: RestoreOptions) -> bool:
    rows = b.parts[0].rows
    if len(rows) < 2:
        return rows[0].box.x0 - b.column[0] > options.indent_em * b.em
    return rows[0].box.x0 - rows[1].box.x0 > options.indent_em * b.em
