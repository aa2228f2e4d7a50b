"""What the texts of a table column mean: numbers, amounts, percentages and dates, or just text.

A text becomes a number only if the whole of it is one without doubt and its number format shows the
same digits again. What could be two things (`1,234` alone, `3/4/2026`) is decided by the other
cells, then by the language, else it stays text; so does what only looks like a number: `0012`,
`1E5`, `3-2`, `+49 421`, more than 15 digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Literal

DecimalMark = Literal[".", ","]
DateOrder = Literal["dmy", "mdy"]

MOST_DIGITS = 15
FIRST_DATE = date(1900, 3, 1)  # spreadsheets count a 29 February 1900 that never was
FIRST_OF_1900S = 50  # years of two digits from here on belong to the twentieth century

_SPACES = "\u0020\u00a0\u2009\u202f"
_APOSTROPHES = "'\u2019"
_FULL_WIDTH = str.maketrans(
    {**{0xFF10 + n: str(n) for n in range(10)}, 0xFF0C: ",", 0xFF0E: ".", 0xFF05: "%", 0xFF0D: "-"}
)
_MINUS = "\u2212\u2012\u2013-"  # the hyphen last, or it would span a range
_SYMBOLS = (
    "US$ HK$ NT$ A$ C$ R$ \u20ac $ \u00a3 \u00a5 \uffe5 \u20b9 \u20bd \u20a9 \u20ba \u20b4 \u5143 "
    "\u5186 kr z\u0142 K\u010d Ft Fr. CHF EUR USD GBP JPY CNY RMB INR SEK NOK DKK PLN CZK AUD CAD"
)
_CURRENCY = "|".join(
    re.escape(symbol) for symbol in sorted(_SYMBOLS.split(), key=len, reverse=True)
)
_AMOUNT = re.compile(
    rf"""^(?P<open>\()?
    (?P<sign>[+{_MINUS}])?
    (?:(?P<before>{_CURRENCY})(?P<gap_before>[{_SPACES}]?))?
    (?P<inner>[+{_MINUS}])?
    (?P<digits>[0-9.,{_SPACES}{_APOSTROPHES}]*[0-9])
    (?P<trail>[{_MINUS}])?
    (?:(?P<gap_after>[{_SPACES}]?)(?P<after>%|{_CURRENCY}))?
    (?P<close>\))?$""",
    re.VERBOSE,
)
_COMMA_LANGUAGES = (
    "bg ca cs da de el es et fi fr hr hu id is it lt lv nb nl nn no pl "
    "pt ro ru sk sl sr sv tr uk vi"
)
_POINT_LANGUAGES = "en zh ja ko th he hi"
_DAY_FIRST = f"{_COMMA_LANGUAGES} en-gb en-au en-ie en-in en-nz"
_IDENTIFIER = re.compile(
    r"(?i)(?:^|.*[\W_])(?:id|no|nr|n\u00b0|code|key|sku|ean|isbn|iban|bic|ref|reference|serial|tel"
    r"|fax|zip|plz|account|konto|phone|telephone|telefon|mobile|postcode|postal code)"
    r"(?: (?:number|no|nr))?\W*$"
    r"|.*(?:\u7f16\u53f7|\u7535\u8bdd|\u90ae\u7f16|\u8d26\u53f7|\u5361\u53f7|\u578b\u53f7)$"
)
LONGEST_HEADER = 80
LONGEST_NUMBER = 40
_MIXED_IDENTIFIER = re.compile(r"^[A-Za-z]{1,4}[-/.]?\d{2,}$|^\d{2,}[-/]?[A-Za-z]{1,4}$")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


@dataclass(frozen=True, slots=True)
class Value:
    """The meaning of a text, and the number format that shows it as it was printed."""

    value: int | float | date
    number_format: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was printed.

    Attributes:
        value: Its value; a percentage divided by 100.
        digits: Significant digits printed.
        decimals: Digits after the mark.
        grouped: Whether thousands are set apart.
        bare: Nothing but digits: no mark, group, sign, symbol.
        in_parentheses: (1,234), which may mean a negative number.
        number_format: How a spreadsheet shows it the same way.
    """

    value: Decimal
    digits: int
    decimals: int
    grouped: bool
    bare: bool
    in_parentheses: bool
    number_format: str


def column_values(
    texts: Sequence[str],
    *,
    header: str = "",
    lang: Sequence[str] = (),
    mark: DecimalMark | None = None,
) -> list[Value | None]:
    """The meaning of every text in a column; None where it is just text.

    Args:
        texts: The texts of the column below its header.
        header: The header's text; a column of phone numbers or codes stays text.
        lang: Languages of the document, most frequent first.
        mark: The decimal mark that the rest of the table uses, where it tells (`decimal_mark`).
    """
    if _IDENTIFIER.match(header.strip()[:LONGEST_HEADER]):
        return [None] * len(texts)
    mark = decimal_mark(texts) or mark or _usual_mark(lang)
    order = _date_order(texts, lang)
    numbers = [parse_number(text, mark) for text in texts]
    if any(_MIXED_IDENTIFIER.match(text.strip()) for text in texts):
        numbers = [None if number and number.bare else number for number in numbers]
    # Codes of one length, some with leading zeros, are codes all of them.
    coded = {len(t.strip()) for t in texts if re.fullmatch(r"0\d+", t.strip())}
    plain = any(number and not number.in_parentheses for number in numbers)
    values: list[Value | None] = []
    for text, number in zip(texts, numbers, strict=True):
        if number is None or (number.bare and len(text.strip()) in coded):
            values.append(parse_date(text, order))
        elif number.in_parentheses and not plain:
            values.append(None)  # (1), (2), (3): labels, not debts
        else:
            values.append(_number_value(number))
    return values


def decimal_mark(texts: Iterable[str]) -> DecimalMark | None:
    """The decimal mark that the texts agree on, or None where they do not tell or quarrel."""
    votes = {".": 0, ",": 0}
    for text in texts:
        point, comma = parse_number(text, "."), parse_number(text, ",")
        if point and not comma:
            votes["."] += 1
        elif comma and not point:
            votes[","] += 1
    if votes["."] > 2 * votes[","]:
        return "."
    return "," if votes[","] > 2 * votes["."] else None


def parse_number(text: str, mark: DecimalMark | None) -> Number | None:
    """`text` as a number with this decimal mark, or None.

    With `mark` None only what means the same with either mark is a number.
    """
    if mark is None:
        point, comma = parse_number(text, "."), parse_number(text, ",")
        return point if point == comma else None
    if len(text) > LONGEST_NUMBER:
        return None
    match = _AMOUNT.match(text.strip().translate(_FULL_WIDTH))
    if match is None or (match["open"] is None) != (match["close"] is None):
        return None
    signs = [match[name] for name in ("open", "sign", "inner", "trail") if match[name]]
    if len(signs) > 1 or (match["before"] and match["after"] not in (None, "%")):
        return None
    parts = _split(match["digits"], mark)
    if parts is None:
        return None
    whole, fraction, group = parts
    plus = "+" in signs
    if plus and ((group and group in _SPACES) or len(whole) > 6):
        return None  # a telephone number
    digits = len((whole + fraction).lstrip("0")) or 1
    if digits > MOST_DIGITS or (len(whole) > 1 and whole.startswith("0")):
        return None
    value = Decimal(f"{whole or '0'}.{fraction or '0'}")
    percent = match["after"] == "%"
    if percent:
        value /= 100
    if signs and not plus:
        value = -value
    return Number(
        value,
        digits,
        len(fraction),
        bool(group),
        bare=not (fraction or group or signs or match["before"] or match["after"]),
        in_parentheses=match["open"] is not None,
        number_format=_number_format(match, whole, fraction, bool(group), plus),
    )


def _split(text: str, mark: DecimalMark) -> tuple[str, str, str] | None:
    """(whole, fraction, group mark) of digits with separators, or None."""
    whole, _, fraction = text.partition(mark)
    if fraction and not fraction.isdigit():
        return None
    separators = {char for char in whole if not char.isdigit()}
    if not separators:
        return whole, fraction, ""
    if len(separators) > 1:
        return None
    (group,) = separators
    parts = whole.split(group)
    first, middle, last = parts[0], parts[1:-1], parts[-1]
    thousands = len(first) <= 3 and all(len(part) == 3 for part in parts[1:])
    lakhs = group == "," and len(first) <= 2 and len(last) == 3 and bool(middle)
    lakhs = lakhs and all(len(part) == 2 for part in middle)
    if not (thousands or lakhs) or not first or first.startswith("0"):
        return None
    return "".join(parts), fraction, group


def _number_format(
    match: re.Match[str], whole: str, fraction: str, grouped: bool, plus: bool
) -> str:
    core = "#,##0" if grouped else ("0" if whole else "")
    if fraction:
        core += "." + "0" * len(fraction)
    if match["before"]:
        core = f'"{match["before"]}{" " if match["gap_before"] else ""}"{core}'
    gap = " " if match["gap_after"] else ""
    if match["after"] == "%":
        core += f"{gap}%"
    elif match["after"]:
        core += f'"{gap}{match["after"]}"'
    if match["open"]:
        return f"{core}_);({core})"
    return f"+{core};-{core}" if plus else core


def _number_value(number: Number) -> Value:
    exact = number.value == number.value.to_integral_value()
    value = int(number.value) if exact else float(number.value)
    return Value(value, number.number_format)


def _usual_mark(lang: Sequence[str]) -> DecimalMark | None:
    language = lang[0].lower().split("-")[0] if lang else ""
    if language in _POINT_LANGUAGES.split():
        return "."
    return "," if language in _COMMA_LANGUAGES.split() else None


def parse_date(text: str, order: DateOrder | None) -> Value | None:
    """`text` as a date, or None; `order` says what 3/4/2026 means."""
    text = text.strip().translate(_FULL_WIDTH)
    for pattern, read in _DATES:
        match = pattern.match(text)
        if match:
            found = read(match, order)
            return found if found and found.value >= FIRST_DATE else None  # type: ignore[operator]
    return None


def _value(year: str, month: str | int, day: str, number_format: str) -> Value | None:
    try:
        return Value(date(int(year), int(month), int(day)), number_format)
    except ValueError:
        return None


def _ymd(match: re.Match[str], order: DateOrder | None) -> Value | None:
    sep = match["sep"]
    return _value(
        match["y"],
        match["m"],
        match["d"],
        f"yyyy{sep}{_field('m', match)}{sep}{_field('d', match)}",
    )


def _chinese(match: re.Match[str], order: DateOrder | None) -> Value | None:
    return _value(match["y"], match["m"], match["d"], 'yyyy"\u5e74"m"\u6708"d"\u65e5"')


def _dotted(match: re.Match[str], order: DateOrder | None) -> Value | None:
    shown = f"{_field('d', match)}.{_field('m', match)}.yyyy"
    return _value(match["y"], match["m"], match["d"], shown)


def _slashed(match: re.Match[str], order: DateOrder | None) -> Value | None:
    if order is None:
        return None
    first, second = ("d", "m") if order == "dmy" else ("m", "d")
    fields = {first: match["a"], second: match["b"]}
    shown = "/".join(name * len(fields[name]) for name in (first, second))
    year = match["y"]
    if len(year) == 2:
        century = "20" if int(year) < FIRST_OF_1900S else "19"
        return _value(century + year, fields["m"], fields["d"], f"{shown}/yy")
    return _value(year, fields["m"], fields["d"], f"{shown}/yyyy")


def _named(match: re.Match[str], order: DateOrder | None, *, month_first: bool) -> Value | None:
    name = match["name"].lower()
    months = [n for n, month in enumerate(_MONTHS, start=1) if name in (month, month[:3])]
    if not months:
        return None
    month = "mmmm" if len(name) > 3 or name == "may" else "mmm"
    day = _field("d", match)
    comma = match["comma"]
    shown = f"{month} {day}{comma} yyyy" if month_first else f"{day} {month}{comma} yyyy"
    return _value(match["y"], months[0], match["d"], shown)


def _field(name: str, match: re.Match[str]) -> str:
    return name * len(match[name])


_DAY, _MONTH, _YEAR = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})", r"(?P<y>\d{4})"
_DATES: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], DateOrder | None], Value | None]], ...
] = (
    (re.compile(rf"^{_YEAR}(?P<sep>[-/]){_MONTH}(?P=sep){_DAY}$", re.ASCII), _ymd),
    (re.compile(rf"^{_YEAR}\u5e74{_MONTH}\u6708{_DAY}\u65e5$", re.ASCII), _chinese),
    (re.compile(rf"^{_DAY}\.{_MONTH}\.{_YEAR}$", re.ASCII), _dotted),
    (re.compile(r"^(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4}|\d\d)$", re.ASCII), _slashed),
    (
        re.compile(rf"^{_DAY} (?P<name>[A-Za-z]+)(?P<comma>,?) {_YEAR}$", re.ASCII),
        partial(_named, month_first=False),
    ),
    (
        re.compile(rf"^(?P<name>[A-Za-z]+) {_DAY}(?P<comma>,?) {_YEAR}$", re.ASCII),
        partial(_named, month_first=True),
    ),
)


def _date_order(texts: Sequence[str], lang: Sequence[str]) -> DateOrder | None:
    """Day or month first, by the first column entry that has no choice, else by the language."""
    pattern = _DATES[3][0]
    pairs = [(int(m["a"]), int(m["b"])) for m in map(pattern.match, map(str.strip, texts)) if m]
    day_first, month_first = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    if day_first or month_first:
        return None if day_first and month_first else "dmy" if day_first else "mdy"
    tag = lang[0].lower() if lang else ""
    if {tag, tag.split("-")[0]} & set(_DAY_FIRST.split()):
        return "dmy"
    return "mdy" if tag == "en-us" else None
