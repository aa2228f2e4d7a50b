"""Amounts, quantities and percentages as exact decimals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kie.values.currencies import PATTERN, code_of

Mark = Literal[".", ","]

MAX_DIGITS = 15
"""Longer numbers are codes."""

_GROUPED = (
    r"(?:\d{1,3}(?P<group>[ '.,])\d{3}(?:(?P=group)\d{3})*(?:[.,]\d{1,4})?(?!\d)"
    r"|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d{1,2})?)"  # as in India
)
# With a space after the decimal mark, as OCR makes them, where a currency follows.
_SPACED = rf"\d{{1,3}}(?:[.,']\d{{3}})*[.,] \d\d(?=\s?{PATTERN})"
_NUMBER = rf"(?:{_SPACED}|{_GROUPED}|\d+[.,]\d{{1,5}}|[.,]\d{{2}}|\d+)"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<before>{PATTERN})?\s*(?P<inner>[-+])?\s*"
    # Right after a currency the number may follow without a space; else it begins a word.
    rf"(?(before)|(?<![\w.,/])(?<!\d:))(?P<number>{_NUMBER})(?P<dash>[.,](?:-{{1,2}}|\u2014))?"
    rf"(?![\d/:]|[.,]\d)(?P<trail>-(?![\w-]))?\s*(?P<after>{PATTERN}|%)?\s*(?P<close>\))?"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a text.

    Attributes:
        start: Index of its first character.
        end: After its last one, signs of currency included.
        number: The digits with their marks, as written.
        negative: By a minus before or after it, or by parentheses.
        currency: Sign or code beside it, empty where there is none.
        percent: Whether a percent sign follows.
    """

    start: int
    end: int
    number: str
    negative: bool
    currency: str = ""
    percent: bool = False

    @property
    def decimals(self) -> int:
        """Digits after the last point or comma; 0 without one."""
        tail = re.search(r"[.,](\d+)$", self.number)
        return len(tail[1]) if tail else 0

    @property
    def is_money(self) -> bool:
        """Whether it is written like money: with a currency or with two decimals."""
        if self.percent or self.currency:
            return not self.percent
        # "750.740.81" is a number of a register rather than a misread comma.
        marks = [char for char in self.number if char in ".,"]
        return self.decimals == 2 and not (len(marks) > 1 and len(set(marks)) == 1)

    def value(self, mark: Mark) -> Decimal | None:
        """The number, where `mark` separates the decimals; None where it has too many digits."""
        found = parse_number(self.number, mark)
        return -found if found is not None and self.negative else found

    @property
    def currency_code(self) -> str | None:
        """ISO 4217 code."""
        return code_of(self.currency) if self.currency else None


def find_amounts(text: str) -> Iterator[Amount]:
    """All numbers of a folded text that may be amounts, quantities or percentages."""
    for match in _AMOUNT.finditer(text):
        number = match["number"]
        after_number = text[match.end("number") : match.end("number") + 1]
        # Letters after decimals are a tax code ("12.00SR") or a unit, after whole digits a code.
        if after_number.isalpha() and not match["after"] and not _has_decimals(number):
            continue
        if sum(char.isdigit() for char in number) > MAX_DIGITS:
            continue
        after = match["after"] or ""
        currency = match["before"] or (after if after != "%" else "")
        start, end = match.span()
        bracketed = bool(match["open"] and match["close"])
        if not bracketed:
            # A bracket on one side belongs to the words around.
            start = match.start("open") + 1 if match["open"] else start
            end = match.start("close") if match["close"] else end
        while start < end and text[start] == " ":
            start += 1
        while end > start and text[end - 1] == " ":
            end -= 1
        minus = "-" in (match["sign"], match["inner"], match["trail"])
        if match["sign"] == "-" and match.start("sign") > 0:
            # "2024-17": the dash stands between words, it is no sign.
            minus = minus and not text[match.start("sign") - 1].isalnum()
        negative = minus or (bracketed and after != "%" and _has_decimals(number))
        yield Amount(start, end, number, negative, currency, after == "%")


def _has_decimals(number: str) -> bool:
    return re.search(r"[.,]\d{2}$", number) is not None


def parse_number(number: str, mark: Mark) -> Decimal | None:
    """Digits with marks to a decimal.

    Args:
        number: For example "1.234,56", "1'234.50", "12,5", "1 234".
        mark: What separates the decimals where the number alone does not tell.
    """
    plain = number.replace(" ", "").replace("'", "")
    if sum(char.isdigit() for char in plain) > MAX_DIGITS or not plain:
        return None
    points, commas = plain.count("."), plain.count(",")
    if points and commas:
        decimal = max(plain.rfind("."), plain.rfind(","))
    elif points + commas == 1:
        place = max(plain.find("."), plain.find(","))
        own = plain[place]
        digits_after = len(plain) - place - 1
        # Three digits after the other mark are a group of thousands; any other number are decimals.
        grouped = digits_after == 3 and own != mark and 0 < place <= 3 and plain[0] != "0"
        decimal = -1 if grouped else place
    else:
        # "1.234.67" is a misread comma.
        decimal = max(plain.rfind("."), plain.rfind(",")) if re.search(r"[.,]\d\d$", plain) else -1
    whole, fraction = (plain, "") if decimal < 0 else (plain[:decimal], plain[decimal + 1 :])
    digits = re.sub(r"\D", "", whole)
    if not digits and not fraction:
        return None
    return Decimal(f"{digits or '0'}.{fraction}" if fraction else digits)


def decimal_mark(amounts: Iterable[Amount], default: Mark = ".") -> Mark:
    """The decimal mark of a page, by majority of the numbers that tell it."""
    votes: Counter[Mark] = Counter()
    for amount in amounts:
        marks = [char for char in amount.number if char in ".,"]
        if not marks or amount.percent:
            continue
        last: Mark = "." if marks[-1] == "." else ","
        if len(set(marks)) == 2:
            votes[last] += 3
        elif amount.decimals in (1, 2) and len(marks) == 1:
            votes[last] += 2
        elif len(marks) > 1:
            votes["," if last == "." else "."] += 1
    if not votes or votes["."] == votes[","]:
        return default
    return "." if votes["."] > votes[","] else ","
