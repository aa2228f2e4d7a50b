"""Codes that prove themselves: bank accounts, tax numbers, addresses on the net."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CodeKind = Literal["iban", "bic", "vat", "tax", "email", "web", "phone", "ein"]

IBAN_LENGTH = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27,
    "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24,
    "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "XK": 20,
}  # fmt: skip
"""Characters of an IBAN by country (ISO 13616)."""

VAT = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}",
    "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}", "FR": r"[A-Z0-9]{2}\d{9}", "GB": r"(?:\d{12}|\d{9})", "HR": r"\d{11}",
    "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}",
    "LT": r"(?:\d{12}|\d{9})", "LU": r"\d{8}",
    "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "PL": r"\d{10}",
    "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{10}01", "SI": r"\d{8}", "SK": r"\d{10}",
    "CHE": r"\d{9}", "NO": r"\d{9}",
}  # fmt: skip
"""Form of the VAT number of each country, without its letters in front."""

_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[\dOoIlQ]{2}(?:[\s.-]?[A-Z0-9oli]){9,31}")
_LIKE_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?\d{4}){3,7}(?: ?\d{1,3})?(?![A-Za-z0-9])")
LONGEST_PHONE = 15
"""Digits of a telephone number (E.164)."""

_LIKE_DIGITS = str.maketrans("OoQIliSB", "00011158")
"""Letters that OCR puts for digits."""

_VAT = re.compile(
    r"(?<![A-Za-z0-9])(CHE|AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|"
    r"RO|SE|SI|SK|NO)[\s-]?([A-Z0-9+*](?:[\s.-]{0,1}[A-Z0-9+*]){1,13})(?![A-Za-z0-9])"
)
_BIC = re.compile(
    r"(?<![A-Z0-9])[A-Z]{4}\s?[A-Z]{2}\s?[A-Z0-9]{2}(?:\s?[A-Z0-9]{3})?(?![A-Za-z0-9])"
)
_GERMAN_TAX = re.compile(
    r"(?<![\d/])(?:\d{2,3}\s?/\s?\d{3,4}\s?/\s?\d{4,5}|\d{2,3}\s\d{3,4}\s\d{4,5})(?![\d/])"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(r"(?<![@\w])(?:https?://|www\.)[\w-]+(?:\.[\w-]+)+(?:/[^\s,;)]*)?", re.IGNORECASE)
_BARE_WEB = re.compile(
    r"(?<![@\w.-])[a-z0-9][a-z0-9-]{2,}(?:\.[a-z0-9-]{2,})*\.(?:com|net|org|eu|info|biz|shop|online|"
    r"at|au|be|bg|ca|ch|cn|cz|de|dk|ee|es|fi|fr|gr|hr|hu|ie|in|io|it|jp|lt|lu|lv|my|nl|no|nz|pl|pt|"
    r"ro|rs|se|sg|si|sk|tr|ua|uk|us|za)(?![\w@.-])"
)
_PHONE = re.compile(
    r"(?<![\w/.-])(?<!\d )(?:\+|00|\(?0|\(\d{3}\))[\d\s()/.-]{6,18}\d(?![\w/])"
    r"|(?<![\w/.-])\d{3}[-. ]\d{3}[-. ]\d{4}(?![\w/-])"
)
_LOOSE_PHONE = re.compile(r"(?<![\w/.,+(-])\(?\d[\d ()/.-]{5,17}\d(?![\w/,-]|\.\d)")
_EIN = re.compile(r"(?<![\d-])\d{2}-\d{7}(?![\d-])")


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a text.

    Attributes:
        start: Index of its first character.
        end: After its last one.
        value: Without spaces.
        proven: Whether it has a check digit, and that is right.
    """

    start: int
    end: int
    kind: CodeKind
    value: str
    proven: bool = False


def find_codes(text: str) -> Iterator[Code]:
    """All codes of a folded text; those without a check digit may be something else."""
    ibans = [found for match in _IBAN.finditer(text) if (found := _iban(text, match))]
    yield from ibans
    if not ibans:
        for match in _LIKE_IBAN.finditer(text):
            # As printed: a digit may be missing, and examples have the length of no country.
            yield Code(*match.span(), "iban", re.sub(r"\s", "", match[0]))
    for match in _VAT.finditer(text):
        country, rest = match[1], match[2]
        while rest:
            body = re.sub(r"[\s.-]", "", rest)
            if re.fullmatch(VAT[country], body):
                sure = vat_checks(country, body) is True
                yield Code(match.start(), match.start(2) + len(rest), "vat", country + body, sure)
                break
            # A word in capitals may follow.
            rest = rest.rpartition(" ")[0]
    for match in _BIC.finditer(text):
        value = re.sub(r"\s", "", match[0])
        if value[4:6] in IBAN_LENGTH or value[4:6] in ("US", "JP", "CN", "IN", "AU", "CA", "RU"):
            yield Code(*match.span(), "bic", value)
    patterns: tuple[tuple[CodeKind, re.Pattern[str]], ...] = (
        ("tax", _GERMAN_TAX), ("email", _EMAIL), ("web", _WEB), ("phone", _PHONE), ("ein", _EIN),
    )  # fmt: skip
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            if kind == "phone" and sum(char.isdigit() for char in match[0]) > LONGEST_PHONE:
                continue
            value = match[0] if kind == "phone" else re.sub(r"\s", "", match[0])
            yield Code(*match.span(), kind, value.rstrip(".,;"))
    if "www." not in text.lower() and "://" not in text:
        for match in _BARE_WEB.finditer(text):
            yield Code(*match.span(), "web", match[0])
    known = [match.span() for match in _PHONE.finditer(text)]
    for match in _LOOSE_PHONE.finditer(text):
        # Within a country numbers need not begin with 0: it takes a key to know them.
        inside = any(start < match.end() and match.start() < end for start, end in known)
        digits = sum(char.isdigit() for char in match[0])
        if 7 <= digits <= LONGEST_PHONE and not inside:
            yield Code(*match.span(), "phone", match[0])


def _iban(text: str, match: re.Match[str]) -> Code | None:
    """The longest beginning of a match that is an IBAN, since other words may follow it."""
    length = IBAN_LENGTH.get(match[0][:2])
    if length is None:
        return None
    taken, end = "", match.start()
    for char in match[0]:
        end += 1
        if char.isalnum():
            taken += char
        if len(taken) == length:
            break
    if len(taken) != length or (end < len(text) and text[end].isalnum()):
        return None
    if iban_checks(taken):
        return Code(match.start(), end, "iban", taken, True)
    # Read with letters for digits: the check digits prove which ones were meant.
    for fixed in (taken[:2] + taken[2:].translate(_LIKE_DIGITS), _digits_only_at_ends(taken)):
        if iban_checks(fixed):
            return Code(match.start(), end, "iban", fixed, True)
    if not taken[2:4].isdigit() or not re.fullmatch(r"[A-Z0-9]+", taken):
        return None
    return Code(match.start(), end, "iban", taken)


def _digits_only_at_ends(iban: str) -> str:
    """With digits for the letters in the check digits and after the code of the bank."""
    return iban[:2] + iban[2:4].translate(_LIKE_DIGITS) + iban[4:8] + iban[8:].translate(
        _LIKE_DIGITS
    )  # fmt: skip


def iban_checks(iban: str) -> bool:
    """Whether the check digits of an IBAN without spaces are right (ISO 7064, modulo 97)."""
    turned = iban[4:] + iban[:4]
    if not turned.isascii() or not turned.isalnum():
        return False
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def vat_checks(country: str, body: str) -> bool | None:
    """Whether the check digit of a VAT number is right; None where we know no rule.

    Args:
        country: Its letters in front, "EL" for Greece, "CHE" for Switzerland.
        body: The rest, without spaces.
    """
    digits = [int(char) for char in body if char.isdigit()]
    rules = {
        "DE": lambda: _mod_11_10(digits),
        "HR": lambda: _mod_11_10(digits),
        "AT": lambda: (10 - (_luhn_sum(digits[:7][::-1]) + 4) % 10) % 10 == digits[7],
        "BE": lambda: 97 - int(body[:8]) % 97 == int(body[8:]),
        "FR": lambda: body[:2].isdigit() and (12 + 3 * (int(body[2:]) % 97)) % 97 == int(body[:2]),
        "IT": lambda: _luhn_sum(digits[::-1]) % 10 == 0,
        "PL": lambda: _weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == digits[9],
        "PT": lambda: _pt(digits),
        "NL": lambda: _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2)) % 11 == digits[8],
        "DK": lambda: _weighted(digits, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0,
        "FI": lambda: (11 - _weighted(digits, (7, 9, 10, 5, 8, 4, 2)) % 11) % 11 == digits[7],
        "LU": lambda: int(body[:6]) % 89 == int(body[6:]),
        "SI": lambda: (11 - _weighted(digits, (8, 7, 6, 5, 4, 3, 2)) % 11) % 10 == digits[7],
        "CHE": lambda: (11 - _weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4)) % 11) % 11 == digits[8],
        "SE": lambda: _luhn_sum(digits[:10][::-1]) % 10 == 0,
    }
    rule = rules.get(country)
    return None if rule is None else bool(rule())


def _mod_11_10(digits: list[int]) -> bool:
    product = 10
    for digit in digits[:-1]:
        total = (digit + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == digits[-1]


def _luhn_sum(backwards: list[int]) -> int:
    """Sum of digits, every second one doubled, beginning with the second."""
    total = 0
    for place, digit in enumerate(backwards):
        doubled = digit * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total


def _weighted(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(d * w for d, w in zip(digits, weights, strict=False))


def _pt(digits: list[int]) -> bool:
    rest = _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return digits[8] == (0 if rest < 2 else 11 - rest)
