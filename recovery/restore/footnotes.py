"""Footnotes: small text with a mark in front, at the foot of a column, and their marks above."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from recovery.restore.elements import Element, Paragraph
from recovery.restore.options import RestoreOptions
from structure.core.document import Block, ListBlock, ListItem, Span, TextBlock

_MARK = re.compile(r"^\s*(?:\d{1,3}(?=\s?[^\W\d_]|\s[\"“\u2018(])|[*†‡§¶](?=\s?\S)|[①-⑳])")

_RAISED_DIGITS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_RAISED = str.maketrans("0123456789", _RAISED_DIGITS)
_ENDS = ".!?)\u201d\u2019"


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
        # Justified lines look wider than they are set, but not higher.
        if min(element.em, median(row.ink_em for row in element.rows)) > small or element.ledger:
            break
        if _MARK.match(element.plain):
            first = i
    return list(range(first, end))


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where in a body a mark may stand.

    Attributes:
        raised: Its look says that it is one.
        ends: It is a number behind the end of a sentence.
    """

    block: int
    item: int
    start: int
    end: int
    raised: bool
    ends: bool = False


def bind_footnotes(body: Sequence[Block]) -> list[Block]:
    """Let the marks in the text refer to the footnotes of their page.

    Marks stand in the order of their notes. A raised mark is sure by itself; digits that a reader
    took for the end of a word, and symbols, count only where every note of the page finds its mark.
    Digits behind the end of a sentence are rarely anything else: most of the notes are enough.
    """
    result = list(body)
    for page in sorted({block.page for block in body if block.type == "footnote"}):
        notes = [
            (n, match[0].strip())
            for n, block in enumerate(body)
            if isinstance(block, TextBlock) and block.type == "footnote" and block.page == page
            if (match := _MARK.match(block.text))
        ]
        for (n, _), mark in zip(notes, _found(body, page, [m for _, m in notes]), strict=True):
            if mark is not None:
                result[mark.block] = _with_note(result[mark.block], mark, body[n].id)
    return result


def _found(body: Sequence[Block], page: int, marks: Sequence[str]) -> list[_Mark | None]:
    """The place of each of `marks` in the text of a page, one behind the other."""
    found: list[_Mark | None] = []
    last = (-1, -1, -1)
    for mark in marks:
        ahead = [m for m in _places(body, page, mark) if (m.block, m.item, m.start) > last]
        best = next((m for m in ahead if m.raised), None)
        if best is None and len(ahead) == 1:
            best = ahead[0]
        found.append(best)
        last = last if best is None else (best.block, best.item, best.end)
    if None not in found:
        return found
    most = 2 * found.count(None) < len(found)
    return [m if m is not None and (m.raised or (most and m.ends)) else None for m in found]


def _places(body: Sequence[Block], page: int, mark: str) -> Iterator[_Mark]:
    glued = re.compile(
        rf"(?<=[^\W\d_]|[.,;:!?)\]\"\u201d\u2019]){re.escape(mark)}(?=[\s.,;:!?)]|$)"
    )
    if not mark.isdigit():
        glued = re.compile(rf"(?<=\S){re.escape(mark)}")
    for n, block in enumerate(body):
        for item, text, spans in _texts(block, page):
            raised = {(s.start, s.end) for s in spans if s.sup and text[s.start : s.end] == mark}
            if mark.isdecimal():
                raised |= {match.span() for match in re.finditer(_as_raised(mark), text)}
            yield from (_Mark(n, item, start, end, True) for start, end in sorted(raised))
            for match in glued.finditer(text):
                if match.span() not in raised:
                    ends = mark.isdigit() and text[match.start() - 1] in _ENDS
                    yield _Mark(n, item, *match.span(), False, ends)


def _as_raised(mark: str) -> str:
    """What finds a number of raised digits, which are characters of their own; no square metres."""
    raised = mark.translate(_RAISED)
    return rf"(?<=\S)(?<![m{_RAISED_DIGITS}]){raised}(?![{_RAISED_DIGITS}])"


def _texts(block: Block, page: int) -> Iterator[tuple[int, str, tuple[Span, ...]]]:
    """(item, text, spans) of a block that stands on a page and may hold marks."""
    if isinstance(block, TextBlock) and block.type not in ("footnote", "code"):
        if page in {block.page, *(place.page for place in block.at)}:
            yield 0, block.text, block.spans
    elif isinstance(block, ListBlock):
        for n, item in enumerate(block.items):
            if page in {item.page, *(place.page for place in item.at)}:
                yield n, item.text, item.spans


def _with_note(block: Block, mark: _Mark, note: str) -> Block:
    def text(owner: TextBlock | ListItem) -> str:
        plain = unicodedata.normalize("NFKC", owner.text[mark.start : mark.end])
        return owner.text[: mark.start] + plain + owner.text[mark.end :]

    def spans(owner: TextBlock | ListItem) -> tuple[Span, ...]:
        at = (mark.start, mark.end)
        others = tuple(s for s in owner.spans if not (s.sup and (s.start, s.end) == at))
        added = Span(mark.start, mark.end, sup=True, note=note)
        return tuple(sorted((*others, added), key=lambda span: (span.start, span.end)))

    if isinstance(block, TextBlock):
        return replace(block, text=text(block), spans=spans(block))
    if isinstance(block, ListBlock):
        items = list(block.items)
        item = items[mark.item]
        items[mark.item] = replace(item, text=text(item), spans=spans(item))
        return replace(block, items=tuple(items))
    return block
