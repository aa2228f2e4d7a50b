"""Paragraphs that run on in the next column, on the next page, or below a picture."""

from __future__ import annotations

from collections.abc import Sequence

from recovery.restore import markers, paragraphs
from recovery.restore.elements import Element, Paragraph
from recovery.restore.options import RestoreOptions
from structure.core.analysis import Label
from structure.core.text import is_unspaced

_SKIPPED = ("caption", "footnote")


def join_continued(elements: Sequence[Element], options: RestoreOptions) -> list[Element]:
    """Give the rest of a cut paragraph back to it; what stands between comes after it."""
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
            and _runs_on(open_, element, interrupted, options)
        ):
            result[last] = open_.extended(element)
        else:
            result.append(element)
            last = len(result) - 1
        interrupted = False
    return result


def _runs_on(a: Paragraph, b: Paragraph, interrupted: bool, options: RestoreOptions) -> bool:
    if not (_flows(a) and _flows(b)):
        return False
    if markers.list_marker(b.plain) or markers.heading_number(b.plain):
        return False
    last, first = a.parts[-1], b.parts[0]
    moved = first.page != last.page or first.box.y0 < last.rows[-1].box.y0
    if first.page - last.page > 1 or not (moved or interrupted):
        return False
    ratio = a.em / b.em
    if not 1 - 2 * options.continue_size <= ratio <= 1 + 2 * options.continue_size:
        return False
    return _unfinished(a, b, options) and not _indented(b, options)


def _flows(paragraph: Paragraph) -> bool:
    return paragraph.kind == "paragraph" and not paragraph.ledger and paragraph.label != Label.TITLE


def _unfinished(a: Paragraph, b: Paragraph, options: RestoreOptions) -> bool:
    """Whether the last line of `a` is full and its sentence goes on in `b`."""
    text, behind = a.plain.rstrip(), b.plain.lstrip()
    if not text or not behind:
        return False
    if text[-1] in "-\u2010\u00ad" and behind[0].islower():
        return True
    part = a.parts[-1]
    row = part.rows[-1]
    right = max(r.box.x1 for r in part.rows) if len(part.rows) > 2 else part.column[1]
    full = not paragraphs.fits(row, b.rows[0], right, options) or row.box.x1 > right - row.em
    if not full or len(text) < 25:
        return False
    if paragraphs.ends_sentence(text):
        return behind[0].islower() and not text.endswith((":", ";"))
    return behind[0].islower() or behind[0].isdigit() or is_unspaced(behind[0]) or text[-1] == ","


def _indented(b: Paragraph, options: RestoreOptions) -> bool:
    rows = b.parts[0].rows
    if len(rows) < 2:
        return rows[0].box.x0 - b.column[0] > options.indent_em * b.em
    return rows[0].box.x0 - rows[1].box.x0 > options.indent_em * b.em
