"""Everything on a page that could be the value of a typed field."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from kie.folding import Folded, fold
from kie.keys import Key, find_keys
from kie.types import KiePage, Value
from kie.values.amounts import Amount, Mark, decimal_mark, find_amounts
from kie.values.codes import Code, CodeKind, find_codes
from kie.values.currencies import main_currency
from kie.values.dates import FoundDate, Order, date_order, find_dates, tells_order
from structure.core.geometry import Box, union

CandidateKind = (
    Literal["date", "amount", "number", "percent", "id", "time", "label", "card"] | CodeKind
)

_ID = re.compile(r"[^\W_](?:[\w./\-+]*[^\W_])?", re.UNICODE)
_TIME = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-3])[:h]([0-5]\d)(?:[:.]([0-5]\d))?\s*([AaPp]\.?[Mm]\b)?"
)
_CARD = re.compile(r"[*xX\u2022#.]{3,}[\s*xX-]*(?P<tail>\d{4})(?!\d)")
_SPACED = re.compile(r"(?<![\w.,/-])\d{1,4}(?: \d{3}){1,3}(?![\w.,/-]|\s?%|\s\d)")
_DATE_START = re.compile(r"\d{1,2}(?:\.|st|nd|rd|th|er)?(?:\s|$)|[^\W\d_]{3,}\.?(?:\s\d{1,2},?)?$")
_TERM = re.compile(r"B[TG]-\d{1,3}(?:-\d)?")  # names of fields, as readers of e-invoices print them
_IBAN_START = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}[ A-Z0-9]{4,28}$")
_LIKE_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")  # the 7th invoice of March 2024 in Poland
_LOST_MARK = re.compile(r"\s*(\d{1,4})\s(\d\d)\s*")
_PREFIX = re.compile(r"[A-Z]{1,4}")
_ZIP_STATE = re.compile(
    r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|"
    r"T[NX]|UT|V[AT]|W[AIVY])\.?,?\s+\d{5}(?:-\d{4})?\b"
)


MONEY = 3
"""Amounts written like money from which a page is full of them."""

PIECE, GAP = 14, 3.0
"""Letters of a piece of a date at most, and heights of a line between two of them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A typed piece of text.

    Attributes:
        words: Indices on its page.
        raw: As it stands there.
        value: Typed; for ids and codes without spaces.
        box: Pixels.
        line: Index of its line.
        money: Whether an amount is written like money.
        proven: Whether a check digit is right.
        currency: Of an amount.
        doubtful: Whether the day of a date could as well be its month, and nothing tells.
    """

    kind: CandidateKind
    words: tuple[int, ...]
    raw: str
    value: Value
    box: Box
    line: int
    page: int
    money: bool = False
    proven: bool = False
    currency: str | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a document writes numbers and dates.

    Attributes:
        whole: Whether its amounts have no decimals, as in yen.
        told: Whether something on its pages tells the order of day and month.
    """

    mark: Mark = "."
    order: Order = "dmy"
    currency: str | None = None
    whole: bool = False
    told: bool = True


class ReadPage:
    """A page with what is found in each of its lines, computed once."""

    def __init__(self, page: KiePage) -> None:
        self.page = page
        self.words_of: list[list[int]] = [[] for _ in page.lines]
        for index, word in enumerate(page.words):
            self.words_of[word.line_id].append(index)
        self.folded: list[Folded] = [fold(line.text) for line in page.lines]
        self.dates: list[list[FoundDate]] = [find_dates(f.text) for f in self.folded]
        self.amounts: list[list[Amount]] = _with_lost_marks(
            [f.text for f in self.folded], [list(find_amounts(f.text)) for f in self.folded]
        )
        self.codes: list[list[Code]] = [list(find_codes(f.text)) for f in self.folded]

    @cached_property
    def keys(self) -> list[Key]:
        """Built-in keys."""
        return find_keys(self.page.words, wide=True)

    @cached_property
    def line_height(self) -> float:
        """Median, in pixels; 1 on an empty page."""
        heights = sorted(self.page.place(i).height for i in range(len(self.page.words)))
        return max(heights[len(heights) // 2], 1.0) if heights else 1.0

    @cached_property
    def centers(self) -> list[tuple[float, float]]:
        """Middle of each word, in pixels."""
        return [self.page.place(i).center for i in range(len(self.page.words))]

    @cached_property
    def _by_height(self) -> tuple[list[float], list[int]]:
        order = sorted(range(len(self.centers)), key=lambda i: self.centers[i][1])
        return [self.centers[i][1] for i in order], order

    def between(self, top: float, bottom: float) -> list[int]:
        """Words whose middle lies between two heights."""
        heights, order = self._by_height
        return order[bisect_left(heights, top) : bisect_right(heights, bottom)]

    def words_at(self, line: int, start: int, end: int) -> tuple[int, ...]:
        """Words of a line that share characters with a span of its folded text."""
        first, last = self.folded[line].span(start, end)
        return tuple(
            i
            for i in self.words_of[line]
            if self.page.words[i].char_span[0] < last and self.page.words[i].char_span[1] > first
        )

    def box_of(self, words: Sequence[int]) -> Box:
        """Around some words, in pixels."""
        return union(self.page.place(i) for i in words)

    def raw(self, line: int, start: int, end: int) -> str:
        """The original text of a span of the folded text."""
        first, last = self.folded[line].span(start, end)
        return self.page.lines[line].text[first:last].strip()


def _with_lost_marks(texts: Sequence[str], amounts: list[list[Amount]]) -> list[list[Amount]]:
    """The amounts of lines, "20 00" among others like 21.20 with the mark that OCR lost."""
    if sum(amount.is_money for line in amounts for amount in line) < MONEY:
        return amounts
    return [
        [Amount(0, len(text), f"{match[1]}.{match[2]}", negative=False)] if match else line
        for text, line in zip(texts, amounts, strict=True)
        for match in [_LOST_MARK.fullmatch(text)]
    ]


def conventions_of(pages: Sequence[ReadPage]) -> Conventions:
    """What the numbers and dates of all pages together tell."""
    amounts = [amount for page in pages for line in page.amounts for amount in line]
    currency = main_currency(amount.currency for amount in amounts if amount.currency)
    if currency is None:
        # The currency may stand in a heading ("Betrag in EUR").
        currency = main_currency(
            word.text.strip("()[]:,;") for page in pages for word in page.page.words
        )
    texts = [f.text for page in pages for f in page.folded]
    american = currency in ("USD", None) and any(_ZIP_STATE.search(text) for text in texts)
    dates = [found for page in pages for line in page.dates for found in line]
    dotted = any(re.search(r"\d\.\d{1,2}\.\d{2,4}", text) for text in texts)
    mark = decimal_mark(amounts, "," if dotted else ".")
    whole = not any(amount.is_money and amount.decimals == 2 for amount in amounts)
    told = american or currency not in ("USD", "CAD", None) or tells_order(dates)
    return Conventions(mark, date_order(dates, american=american), currency, whole, told)


def find_candidates(page: ReadPage, conventions: Conventions) -> list[Candidate]:
    """All candidates of a page; a piece of text may be several things at once."""
    found = [
        candidate
        for line in range(len(page.page.lines))
        for candidate in _in_line(page, line, conventions)
        if candidate.words
    ]
    return [*found, *_broken_dates(page, conventions), *_broken_ibans(page)]


def _broken_ibans(page: ReadPage) -> Iterator[Candidate]:
    """IBANs in narrow columns, that go on in the line below; their check digits prove them."""
    lines = page.page.lines
    for first, folded in enumerate(page.folded):
        start = _IBAN_START.search(folded.text)
        if start is None or any(code.kind == "iban" and code.proven for code in page.codes[first]):
            continue
        box = lines[first].box
        below = [
            i
            for i, line in enumerate(lines)
            if 0 < line.box.center[1] - box.center[1] < 2 * box.height
            and line.box.x0 <= box.x1
            and box.x0 <= line.box.x1
        ]
        for second in below:
            text = f"{start[0]} {page.folded[second].text}"
            for code in find_codes(text):
                if code.kind == "iban" and code.proven:
                    rest = code.end - len(start[0]) - 1
                    words = page.words_at(first, *start.span()) + page.words_at(second, 0, rest)
                    raw = text[: code.end]
                    yield Candidate(
                        "iban", words, raw, code.value, page.box_of(words), first,
                        page.page.number, proven=True,
                    )  # fmt: skip


def _broken_dates(page: ReadPage, conventions: Conventions) -> Iterator[Candidate]:
    """Dates with the name of a month that OCR cut into several lines of one row."""
    lines = page.page.lines
    short = [
        i
        for i, line in enumerate(lines)
        if len(line.text) <= PIECE and page.words_of[i] and not page.dates[i]
    ]
    for first in short:
        if not _DATE_START.match(page.folded[first].text):
            continue
        chain = [first]
        while len(chain) < 3:
            last = lines[chain[-1]].box
            near = [
                (lines[i].box.x0, i)
                for i in short
                if -0.3 * last.height <= lines[i].box.x0 - last.x1 < GAP * last.height
                and lines[i].box.overlap_y(last) > 0.5 * min(last.height, lines[i].box.height)
                and i not in chain
            ]
            if not near:
                break
            chain.append(min(near)[1])
            text = " ".join(page.folded[i].text.strip() for i in chain)
            dates = find_dates(text)
            if dates and dates[0].start == 0 and len(text) - dates[0].end < 3:
                words = tuple(w for i in chain for w in page.words_of[i])
                raw = " ".join(lines[i].text for i in chain)
                value, box = dates[0].value(conventions.order), page.box_of(words)
                yield Candidate("date", words, raw, value, box, first, page.page.number)
                break


def _in_line(page: ReadPage, line: int, conventions: Conventions) -> Iterator[Candidate]:
    taken: list[tuple[int, int]] = []
    for found in page.dates[line]:
        if not found.glued:
            taken.append((found.start, found.end))
        value = found.value(conventions.order)
        made = _made(page, line, found.start, found.end, "date", value)
        yield replace(made, doubtful=len(found.readings) > 1 and not conventions.told)
        written = page.folded[line].text[found.start : found.end]
        if _LIKE_DATE.fullmatch(written):
            yield _made(page, line, found.start, found.end, "id", written)
    for code in page.codes[line]:
        if code.kind == "phone" and _inside(code.start, code.end, taken):
            continue  # a date
        if code.kind in ("iban", "email", "web") or code.proven:
            taken.append((code.start, code.end))
        made = _made(page, line, code.start, code.end, code.kind, code.value, proven=code.proven)
        yield made
    for match in _TIME.finditer(page.folded[line].text):
        taken.append(match.span())
        yield _made(page, line, *match.span(), "time", _time(match))
    for amount in page.amounts[line]:
        if _inside(amount.start, amount.end, taken):
            continue
        number = amount.value(conventions.mark)
        if number is None:
            continue
        kind: CandidateKind = "percent" if amount.percent else "amount"
        currency = amount.currency_code or conventions.currency
        yield _made(
            page,
            line,
            amount.start,
            amount.end,
            kind,
            number,
            money=amount.is_money or (conventions.whole and kind == "amount" and number >= 100),
            currency=currency,
        )
        if amount.is_money or amount.percent:
            taken.append((amount.start, amount.end))
    text = page.folded[line].text
    for match in _CARD.finditer(text):
        yield _made(page, line, *match.span(), "card", match["tail"])
    for match in _SPACED.finditer(text):
        # "568 233" is a number of a customer as well as an amount.
        if not _inside(*match.span(), taken):
            yield _made(page, line, *match.span(), "id", match[0].replace(" ", ""))
            taken.append(match.span())
    yield from _ids(page, line, taken)


def _ids(page: ReadPage, line: int, taken: Sequence[tuple[int, int]]) -> Iterator[Candidate]:
    """Words with a digit that are nothing else, joined over dashes and slashes."""
    text = page.folded[line].text
    indices = page.words_of[line]
    spans = [_folded_span(page, line, i) for i in indices]
    at = 0
    while at < len(spans):
        start, end = spans[at]
        stop = at + 1
        while stop < len(spans) and (text[end - 1 : end] in "-/" or text[spans[stop][0]] in "-/"):
            end = spans[stop][1]
            stop += 1
        # "Rechnung - 4711": what is joined may be a word, and the number behind it.
        matches = (m for m in _ID.finditer(text, start, end) if any(c.isdigit() for c in m[0]))
        match = next(matches, None)
        if match and not _TERM.fullmatch(match[0]) and not _inside(*match.span(), taken):
            first, token = match.start(), match[0]
            before = text[spans[at - 1][0] : spans[at - 1][1]] if at else ""
            if _PREFIX.fullmatch(before) and at and token[0].isdigit():
                # "RE 2024-17": letters in front belong to a number.
                yield _made(page, line, spans[at - 1][0], match.end(), "id", before + token)
            yield _made(page, line, first, match.end(), "id", token)
        at = stop


def _folded_span(page: ReadPage, line: int, word: int) -> tuple[int, int]:
    start, end = page.page.words[word].char_span
    offsets = page.folded[line].offsets
    if len(offsets) == offsets[-1] + 1:
        return start, end  # folding changed no length
    first = next(k for k, o in enumerate(offsets) if o >= start)
    last = next((k for k, o in enumerate(offsets) if o >= end), len(offsets) - 1)
    return first, last


def _made(
    page: ReadPage,
    line: int,
    start: int,
    end: int,
    kind: CandidateKind,
    value: str | Decimal | date,
    *,
    money: bool = False,
    proven: bool = False,
    currency: str | None = None,
) -> Candidate:
    words = page.words_at(line, start, end)
    box = page.box_of(words) if words else Box(0, 0, 0, 0)
    raw = page.raw(line, start, end)
    number = page.page.number
    return Candidate(kind, words, raw, value, box, line, number, money, proven, currency)


def _time(match: re.Match[str]) -> str:
    hour = int(match[1])
    half = (match[4] or "").lower()[:1]
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return f"{hour:02}:{match[2]}" + (f":{match[3]}" if match[3] else "")


def _inside(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(a < end and start < b for a, b in taken)
