"""Footnotes of a docx file: the part that holds them, and the marks that refer to them.

Word counts the notes where it comes to the marks that were printed; all others keep their mark as
text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from recovery.writers.docx_text import Paragraphs
from recovery.writers.ooxml import Element, node, text_nodes, val
from structure.core.document import Document, ListBlock, Span, TextBlock

SEPARATORS = ((-1, "separator"), (0, "continuationSeparator"))
_COUNTED = re.compile(r"[1-9]\d{0,3}")
_AFTER_MARK = re.compile(r"[.):\]]?\s*")


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote that a mark refers to.

    Attributes:
        number: Id in the file, from 1 in the order of the marks.
        mark: As printed in the text.
        counted: Word numbers it with the printed mark.
        blocks: The paragraphs of the note.
    """

    number: int
    mark: str
    counted: bool
    blocks: tuple[TextBlock, ...]


class Notes:
    """The bound footnotes of a document.

    Attributes:
        start: Number of the first counted note.
        each_page: Numbers begin anew on every page.
    """

    def __init__(self, document: Document) -> None:
        marks = list(_marks(document))
        printed = [(mark, page) for mark, page, _ in marks]
        self.each_page = _begins_anew(printed)
        counted, self.start = _counted(printed, self.each_page)
        rest = _continuations(document, {block.id for _, _, block in marks})
        self._notes = {
            block.id: Note(n, mark, is_counted, (block, *rest.get(block.id, ())))
            for n, ((mark, _, block), is_counted) in enumerate(
                zip(marks, counted, strict=True), start=1
            )
        }
        self._referred: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._notes)

    def without(self, document: Document) -> Document:
        """`document` without the blocks that are written as footnotes."""
        if not self._notes:
            return document
        gone = {block.id for note in self._notes.values() for block in note.blocks}
        return replace(document, body=tuple(b for b in document.body if b.id not in gone))

    def tops(self) -> dict[int, float]:
        """Where the notes of each page begin, in points."""
        found: dict[int, float] = {}
        for note in self._notes.values():
            for block in note.blocks:
                found[block.page] = min(found.get(block.page, block.box.y0), block.box.y0)
        return found

    def reference(self, span: Span) -> tuple[Element, ...]:
        """What a run holds instead of a mark; empty for a mark that refers to no footnote."""
        note = self._notes.get(span.note or "")
        if note is None or span.note is None or span.note in self._referred:
            return ()
        self._referred.add(span.note)
        if note.counted:
            return (node("w:footnoteReference", id=note.number),)
        follows = node("w:footnoteReference", id=note.number, customMarkFollows=1)
        return follows, *text_nodes(note.mark)

    def lost(self) -> list[TextBlock]:
        """The blocks of notes whose mark was not written, so that their text must go elsewhere."""
        notes = self._notes.items()
        return [b for key, note in notes if key not in self._referred for b in note.blocks]

    def part(self, paragraphs: Paragraphs) -> Element | None:
        """`word/footnotes.xml`, or None without footnotes."""
        if not self._notes:
            return None
        separators = (
            node(
                "w:footnote",
                node("w:p", node("w:r", node(f"w:{kind}"))),
                type=kind,
                id=number,
            )
            for number, kind in SEPARATORS
        )
        notes = (
            node("w:footnote", *_paragraphs(note, paragraphs), id=note.number)
            for key, note in self._notes.items()
            if key in self._referred
        )
        return node("w:footnotes", *separators, *notes)

    def settings(self) -> Element | None:
        """`w:footnotePr` for the settings, or None without footnotes."""
        if not self._notes:
            return None
        separators = (node("w:footnote", id=number) for number, _ in SEPARATORS)
        return node("w:footnotePr", *self._numbering(), *separators)

    def section(self) -> Element | None:
        """`w:footnotePr` for a section, or None where notes are counted as usual.

        LibreOffice looks for it there only.
        """
        numbering = self._numbering()
        return node("w:footnotePr", *numbering) if numbering else None

    def _numbering(self) -> list[Element]:
        start = val("w:numStart", self.start) if self.start != 1 else None
        restart = val("w:numRestart", "eachPage") if self.each_page else None
        return [element for element in (start, restart) if element is not None]


def _marks(document: Document) -> Iterator[tuple[str, int, TextBlock]]:
    """(mark, page, footnote) of the first mark of every footnote that is referred to, in order."""
    notes = {
        block.id: block
        for block in document.body
        if isinstance(block, TextBlock) and block.type == "footnote"
    }
    for text, spans, page in _texts(document):
        for span in sorted(spans, key=lambda span: span.start):
            mark = text[span.start : span.end].strip()
            if mark and span.note in notes:
                yield mark, page, notes.pop(span.note or "")


def _texts(document: Document) -> Iterator[tuple[str, Sequence[Span], int]]:
    for block in document.body:
        if isinstance(block, TextBlock) and block.type != "footnote":
            yield block.text, block.spans, block.page
        elif isinstance(block, ListBlock):
            yield from ((item.text, item.spans, item.page) for item in block.items)


def _continuations(document: Document, marked: set[str]) -> dict[str, list[TextBlock]]:
    """The further paragraphs of each footnote: those behind it that no mark refers to or begins."""
    found: dict[str, list[TextBlock]] = {}
    last: TextBlock | None = None
    for block in document.body:
        if not isinstance(block, TextBlock) or block.type != "footnote":
            last = None
        elif (
            last is not None
            and block.id not in marked
            and last.page == block.page
            and not _begins_with_mark(block.text)
        ):
            found.setdefault(last.id, []).append(block)
        else:
            last = block
    return found


def _begins_with_mark(text: str) -> bool:
    return re.match(r"\s*(?:[\[(]?\d{1,3}[\])]?|[*†‡§¶①-⑳])", text) is not None


def _begins_anew(printed: Sequence[tuple[str, int]]) -> bool:
    """Whether the marks of every page count from 1, and not only those of the first."""
    pages = [[mark for mark, _ in group] for _, group in groupby(printed, lambda pair: pair[1])]
    counting = [[str(n) for n in range(1, len(marks) + 1)] for marks in pages]
    return len(pages) > 1 and pages == counting


def _counted(printed: Sequence[tuple[str, int]], each_page: bool) -> tuple[list[bool], int]:
    """Which marks Word's own counting gives, and the number that it must begin with."""
    numbers = [int(mark) if _COUNTED.fullmatch(mark) else None for mark, _ in printed]
    if each_page:
        return [True] * len(numbers), 1
    start = next((number for number in numbers if number is not None), 1)
    expected, found = start, []
    for number in numbers:
        found.append(number == expected)
        expected += number == expected
    return found, start


def _paragraphs(note: Note, paragraphs: Paragraphs) -> Iterator[Element]:
    for n, block in enumerate(note.blocks):
        text, cut = block.text, 0
        if n == 0 and text.lstrip().startswith(note.mark):
            cut = text.index(note.mark) + len(note.mark)
            cut += len(_AFTER_MARK.match(text, cut)[0])  # type: ignore[index]
        spans = [
            replace(span, start=max(span.start - cut, 0), end=span.end - cut)
            for span in block.spans
            if span.end > cut
        ]
        paragraph = paragraphs.make(text[cut:], "FootnoteText", spans=spans)
        if n == 0:
            own = (node("w:footnoteRef"),) if note.counted else text_nodes(note.mark)
            style = node("w:rPr", val("w:rStyle", "FootnoteReference"))
            paragraph.insert(1, node("w:r", style, *own))
            paragraph.insert(2, node("w:r", *text_nodes(" ")))
        yield paragraph
