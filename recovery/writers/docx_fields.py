"""What Word counts and lines up by itself: numbers of captions, lines of a table of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from structure.core.document import Block, Document, Span, TableBlock, TextBlock

# A word and a plain number, not one of a chapter (2.1) and no letter behind it (3a).
_CAPTION_NUMBER = re.compile(r"^\D{1,24}?(\d{1,4})(?![\w\-]|[.,]\d)")
_CONTENTS_LINE = re.compile(
    r"(?P<title>[^\n]*?[^\s.·…_])"
    r"(?:[ ]*\t[ .·…_\t]*|[ ]*(?:[.·…_][ ]?){3,}|[ ]*…+[ ]*|[ ]{3,})"
    r"(?P<page>\d{1,4}|[ivxlcdmIVXLCDM]{1,8})(?=\n|$)"
)


@dataclass(frozen=True, slots=True)
class FieldAt:
    """Characters `start` to `end` (exclusive) of a text are what a field last showed."""

    start: int
    end: int
    code: str


class CaptionNumbers:
    """Counts figures and tables as Word's SEQ fields do."""

    def __init__(self, document: Document) -> None:
        self._owners: dict[str, Block] = {
            block.id: block for block in document.body if not isinstance(block, TextBlock)
        }
        self._counts: dict[str, int] = {}

    def field(self, block: TextBlock) -> FieldAt | None:
        """The number of a caption as a field, which shows the number that was printed."""
        owner = self._owners.get(block.caption_of or "")
        found = _CAPTION_NUMBER.match(block.text)
        if block.type != "caption" or owner is None or found is None:
            return None
        kind = "Table" if isinstance(owner, TableBlock) else "Figure"
        number = int(found[1])
        expected = self._counts.get(kind, 0) + 1
        self._counts[kind] = number
        reset = "" if number == expected else f" \\r {number}"
        if str(number) != found[1]:
            return None  # 007
        return FieldAt(*found.span(1), f"SEQ {kind} \\* ARABIC{reset}")


def contents_line(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]] | None:
    """Text and spans of lines of a table of contents with a tab between title and page number.

    None where a line has no page number.
    """
    found = list(_CONTENTS_LINE.finditer(text))
    if len(found) != text.count("\n") + 1:
        return None
    new = "\n".join(f"{line['title']}\t{line['page']}" for line in found)
    return new, tuple(_moved(found, spans))


def _moved(lines: Sequence[re.Match[str]], spans: Sequence[Span]) -> Iterator[Span]:
    """The parts of spans that lie in a title or a page number, at their new places."""
    at = 0
    for line in lines:
        for name in ("title", "page"):
            start, end = line.span(name)
            for span in spans:
                first, last = max(span.start, start), min(span.end, end)
                if first < last:
                    yield replace(span, start=first - start + at, end=last - start + at)
            at += end - start + 1
