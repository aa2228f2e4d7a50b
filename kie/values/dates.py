"""Dates in the styles of all countries, names of months included."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from string import ascii_lowercase
from typing import Literal

from kie.folding import squeeze
from kie.values.months import MONTHS

Order = Literal["dmy", "mdy"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
CENTURY_BEGINS = 60
"""Two-digit years from here on belong to the twentieth century."""

MIN_FUZZY = 6
"""Letters of a month of which one may be wrong."""

_LONG_YEAR = r"(?:(?:19|20)\d\d|(?-i:(?:19|2[0Oo])[\dOoIlZSB]{2})(?![^\W_]))"  # 20l8
_YEAR = rf"(?:{_LONG_YEAR}|'?\d\d(?!(?-i:[OoIlZSB\d]{{1,2}})(?![^\W\d_])))"
_LIKE_DIGITS = str.maketrans("OoIlZSB", "0011258")
_NAME = r"(?:ju1|[01]?[^\W\d_]{2,13})"  # 0ktober, Ju103'12: OCR puts digits for letters
_NUMERIC = re.compile(
    # The same mark twice; OCR takes a hyphen for a tilde, and puts blanks beside it.
    r"(?<![\d.,/-])(?P<a>\d{1,2})(?P<s>\s?(?P<mark>[./])\s?|\s?(?P<dash>[-~])\s?|\s)"
    r"(?P<b>\d{1,2})(?(mark)\s?(?P=mark)\s?|(?(dash)\s?[-~]\s?|\s))"
    # The time may follow without a space: 09/02/201811:40.
    rf"(?P<y>(?:19|20)\d\d(?=\d{{1,2}}:\d\d)|{_YEAR}(?!\d|[./-]\d))"
)
_RANGE = re.compile(
    r"(?<![\d.,/-])(\d{1,2})([./])(\d{1,2})\2((?:19|20)?\d\d)(\s?-\s?)(\d{1,2})\2(\d{1,2})\2"
    r"((?:19|20)?\d\d)(?!\d|[./-]\d)"
)
_ISO = re.compile(
    r"(?<![\d.,/-])(?P<y>(?:19|20)\d\d)\s?(?P<s>[./-])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<d>\d{1,2})"
    r"(?!\d|[./-]\d)"
)
_CJK = re.compile(
    r"(?P<y>(?:19|20)\d\d|\d\d)\s*[年\ub144]\s*(?P<m>\d{1,2})\s*[月\uc6d4]\s*"
    r"(?P<d>\d{1,2})\s*[日\uc77c号]"
)
_DAY_NAME = re.compile(
    rf"(?<![\d.,/])(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er|º|ª|-)?\s*(?:day\s+of\s+|de\s+|d')?"
    rf"[-\s./]*(?P<n>{_NAME})\.?(?:\s*de[l]?\s+)?[-\s.,/]*(?P<y>{_YEAR})(?!\d)",
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    rf"(?<![^\W\d_])(?P<n>{_NAME})\.?[-\s/]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:[-\s.,/]+|(?='))"
    rf"(?P<y>{_YEAR})(?![\d:]|[.,]\d)",
    re.IGNORECASE,
)
_YEAR_NAME_DAY = re.compile(
    rf"(?P<y>(?:19|20)\d\d)[-\s.,/]+(?P<n>{_NAME})\.?[-\s]*(?P<d>\d{{1,2}})(?!\d)"
)
_GLUED = re.compile(r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text.

    Attributes:
        start: Index of its first character.
        end: After its last one.
        readings: Year, month and day; two of them where day and month could be either.
        glued: Eight digits in a row, which may be a number as well.
    """

    start: int
    end: int
    readings: tuple[date, ...]
    glued: bool = False

    def value(self, order: Order) -> date:
        """The date, where `order` decides between day and month."""
        return self.readings[-1] if order == "mdy" else self.readings[0]

    @property
    def tells(self) -> Order | None:
        """The order that this date proves."""
        return None


@dataclass(frozen=True, slots=True)
class _Numeric(FoundDate):
    first: int = 0
    second: int = 0

    @property
    def tells(self) -> Order | None:
        if self.first > 12:
            return "dmy"
        return "mdy" if self.second > 12 else None


def find_dates(text: str) -> list[FoundDate]:
    """All dates of a folded text, from left to right, none inside another."""
    found = sorted(_all(text), key=lambda d: (d.start, d.start - d.end))
    kept: list[FoundDate] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _all(text: str) -> Iterator[FoundDate]:
    if sum(char.isdigit() for char in text) < 2:
        return
    for match in _NUMERIC.finditer(text):
        yield from _numeric(match.span(), match.group("a", "s", "b", "y"))
    for match in _RANGE.finditer(text):
        # "01/27/20-02/23/20": without spaces neither end looks like a date.
        yield from _numeric((match.start(), match.end(4)), match.group(1, 2, 3, 4))
        yield from _numeric((match.start(6), match.end()), match.group(6, 2, 7, 8))
    for pattern in (_ISO, _CJK):
        for match in pattern.finditer(text):
            yield from _known(match, int(match["m"]))
    for pattern in (_DAY_NAME, _NAME_DAY, _YEAR_NAME_DAY):
        yield from _named(pattern, text)
    for match in _GLUED.finditer(text):
        yield from _known(match, int(match["m"]), glued=True)


def _named(pattern: re.Pattern[str], text: str) -> Iterator[FoundDate]:
    """Dates with the name of a month; "17 vom 24. Mai 2022" holds one behind what is none."""
    at = 0
    while (match := pattern.search(text, at)) is not None:
        month = month_of(match["n"])
        at = match.end() if month is not None else match.start() + 1
        if month is not None:
            yield from _known(match, month)


def month_of(name: str) -> int | None:
    """The month of a name, with 0 and 1 for letters and at most one wrong letter of a long one."""
    plain = squeeze(name.replace("0", "o").replace("1", "l"))
    known = MONTHS.get(plain) or MONTHS.get(plain.replace("rn", "m"))
    if known is None and len(plain) >= MIN_FUZZY:
        known = _misread().get(plain)
    return known


@cache
def _misread() -> dict[str, int]:
    """Long names of months with one letter taken for another, where that can mean only one."""
    found: dict[str, int] = {}
    doubtful: set[str] = set()
    for name, month in MONTHS.items():
        if len(name) < MIN_FUZZY or not name.isascii():
            continue
        for at in range(len(name)):
            for letter in ascii_lowercase:
                other = name[:at] + letter + name[at + 1 :]
                if found.setdefault(other, month) != month:
                    doubtful.add(other)
    return {name: month for name, month in found.items() if name not in doubtful}


def _numeric(span: tuple[int, int], parts: Sequence[str]) -> Iterator[FoundDate]:
    """A date of two numbers, what separates them, and the year in the third place."""
    a, separator, b, y = parts
    first, second, year = int(a), int(b), _year(y)
    two_digits = len(y) == 2
    if separator == " " and two_digits:
        return  # three numbers beside each other
    readings = [_date(year, second, first)]
    # Points separate day, month and year, in that order; also a first number above 12 tells.
    if "." not in separator or readings[0] is None:
        readings.append(_date(year, first, second))
    # 24-05-03: the year may come first where only that gives a date.
    if two_digits and not any(readings):
        readings.append(_date(_year(a), second, int(y)))
    dates = tuple(dict.fromkeys(d for d in readings if d is not None))
    if dates:
        yield _Numeric(*span, dates, False, first, second)


def _known(match: re.Match[str], month: int, *, glued: bool = False) -> Iterator[FoundDate]:
    value = _date(_year(match["y"]), month, int(match["d"]))
    if value is not None:
        yield FoundDate(*match.span(), (value,), glued)


def _year(digits: str) -> int:
    number = int(digits.lstrip("'").translate(_LIKE_DIGITS))
    if number >= 100:
        return number
    return 1900 + number if number >= CENTURY_BEGINS else 2000 + number


def _date(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def tells_order(dates: Iterable[FoundDate]) -> bool:
    """Whether a date of a document proves the order of day and month."""
    return any(found.tells is not None for found in dates)


def date_order(dates: Iterable[FoundDate], *, american: bool) -> Order:
    """Whether the day or the month comes first, as the dates of a document prove it.

    Args:
        dates: All of a document.
        american: What else speaks for the month first; decides where no date proves anything.
    """
    votes = Counter(found.tells for found in dates if found.tells is not None)
    if votes["dmy"] != votes["mdy"]:
        return "dmy" if votes["dmy"] > votes["mdy"] else "mdy"
    return "mdy" if american else "dmy"
