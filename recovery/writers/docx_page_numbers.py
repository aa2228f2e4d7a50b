"""Printed page numbers and the fields of Word that take their place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from structure.core.document import Document, Furniture

HEADER_TYPES = ("header", "footer", "page_number")
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"(?i)(?<![a-z])[ivxlc]+(?![a-z])")
_ROMAN_VALUES = (
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MOST = 2**16
"""Page numbers from here on are left as text: LibreOffice keeps them in 16 bits."""
_MOST_OF_GROUP = 0.8
"""Share of the lines of a group that must hold the number of their page."""
_PAGE = "\0"
"""Stands for the number of the page in a running line."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a header line: literal text, or a field that Word fills in."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """How pages are numbered: what the first page shows, and Word's name of the format."""

    start: int
    format: str | None = None


class RunningTexts:
    """What the furniture of a document says, with fields in the place of page numbers."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._first = min((page.n for page in document.pages), default=1)
        self._groups: dict[str, list[Furniture]] = defaultdict(list)
        for item in document.furniture:
            if item.type in ("header", "footer") and item.group and item.asset is None:
                self._groups[f"{item.type}/{item.group}"].append(item)
        self.numbers = self._numbering() or self._numbering_inside()
        self._counting = {key for key in self._groups if self._counts(key)}
        self._usual = self._usual_texts()

    def of(self, item: Furniture) -> list[list[Text]]:
        """The text of an item, in the parts that tabs and line ends separate."""
        if item.type == "page_number":
            return [list(self._number(item))]
        masked = self._masked(item)
        usual = self._usual.get((_key(item), *_NUMBER.findall(masked)), masked)
        return [list(self._line(part)) for part in re.split(r"[\t\n]", usual)]

    def _number(self, item: Furniture) -> Iterator[Text]:
        shown = self._shown(item.page)
        before, found, rest = item.text.partition(shown) if shown else (item.text, "", "")
        if not found:
            yield Text(item.text)
        else:
            yield from self._line(f"{before}{_PAGE}{rest}")

    def _line(self, masked: str) -> Iterator[Text]:
        before, found, rest = masked.partition(_PAGE)
        if before:
            yield Text(before)
        if not found:
            return
        yield Text("1", "PAGE")  # what Word shows until it counts; equal on all pages
        total = _NUMBER.search(rest)
        if total and int(total[0][:9]) == len(self._document.pages) > 1:
            if rest[: total.start()]:
                yield Text(rest[: total.start()])
            yield Text(total[0], "NUMPAGES")
            rest = rest[total.end() :]
        if rest:
            yield Text(rest)

    def _shown(self, page: int) -> str:
        """The number that a page shows; empty where pages are not numbered."""
        numbers = self.numbers
        return shown(numbers.start + page - self._first, numbers.format) if numbers else ""

    def _masked(self, item: Furniture) -> str:
        """The text with its first page number masked, where its group counts pages."""
        if _key(item) not in self._counting:
            return item.text
        return re.sub(rf"(?<!\d){self._shown(item.page)}(?!\d)", _PAGE, item.text, count=1)

    def _counts(self, key: str) -> bool:
        items = self._groups[key]
        found = sum(self._shown(item.page) in _NUMBER.findall(item.text) for item in items)
        return found > 1 and found >= _MOST_OF_GROUP * len(items)

    def _usual_texts(self) -> dict[tuple[str, ...], str]:
        """The commonest text of each group: a misread letter must not make a header of its own.

        Other digits make another text, of another chapter or date.
        """
        counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for key, items in self._groups.items():
            for item in items:
                masked = self._masked(item)
                counts[key, *_NUMBER.findall(masked)][masked] += 1
        return {key: counter.most_common(1)[0][0] for key, counter in counts.items()}

    def _numbering(self) -> PageNumbers | None:
        """The numbering that most printed page numbers agree with."""
        votes: Counter[PageNumbers] = Counter()
        for item in self._document.furniture:
            if item.type != "page_number":
                continue
            step = item.page - self._first
            for match in list(_NUMBER.finditer(item.text))[:1]:
                start = int(match[0][:9]) - step
                if 0 <= start < _MOST:
                    votes[PageNumbers(start)] += 1
            for match in list(_ROMAN.finditer(item.text))[:1]:
                value = _roman_value(match[0].lower())
                kind = "lowerRoman" if match[0].islower() else "upperRoman"
                if value is not None and value - step >= 1:
                    votes[PageNumbers(value - step, kind)] += 1
        return votes.most_common(1)[0][0] if votes else None

    def _numbering_inside(self) -> PageNumbers | None:
        """The numbering of pages whose numbers stand inside running lines only."""
        votes: Counter[int] = Counter()
        for items in self._groups.values():
            starts = Counter(
                start
                for item in items
                for start in {
                    int(number[:9]) - item.page + self._first
                    for number in _NUMBER.findall(item.text)
                }
                if 0 <= start < _MOST
            )
            for start, count in starts.items():
                if count > 1 and count >= _MOST_OF_GROUP * len(items):
                    votes[start] += count
        return PageNumbers(votes.most_common(1)[0][0]) if votes else None


def _key(item: Furniture) -> str:
    return f"{item.type}/{item.group}"


def shown(number: int, format_: str | None) -> str:
    """A page number as it is printed; `format_` as Word names it, None for decimals."""
    if format_ is None:
        return str(number)
    text, left = "", number
    for value, letters in _ROMAN_VALUES:
        while left >= value:
            text, left = text + letters, left - value
    return text if format_ == "lowerRoman" else text.upper()


def _roman_value(text: str) -> int | None:
    return next((n for n in range(1, 400) if shown(n, "lowerRoman") == text), None)
