# ruff: noqa: RUF001, SIM905 (letters of other alphabets are meant; one line holds many codes)
"""Signs and codes of currencies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

SIGNS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "CNY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₴": "UAH",
    "₺": "TRY", "₪": "ILS", "฿": "THB", "₫": "VND", "₱": "PHP", "₦": "NGN", "$": "USD",
    "US$": "USD", "USD$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD",
    "NZ$": "NZD", "S$": "SGD", "HK$": "HKD", "NT$": "TWD", "R$": "BRL", "MX$": "MXN",
    "RM": "MYR", "Rs": "INR", "Rs.": "INR", "INR": "INR", "Rp": "IDR", "zł": "PLN", "zl": "PLN",
    "Kč": "CZK", "Kc": "CZK", "Ft": "HUF", "lei": "RON", "RON": "RON", "TL": "TRY", "руб": "RUB",
    "руб.": "RUB", "р.": "RUB", "грн": "UAH", "грн.": "UAH", "лв": "BGN", "лв.": "BGN",
    "kn": "HRK", "元": "CNY", "圆": "CNY", "円": "JPY", "원": "KRW", "Euro": "EUR", "EURO": "EUR",
    "euro": "EUR", "euros": "EUR", "Euros": "EUR", "Fr.": "CHF", "SFr.": "CHF", "sFr.": "CHF",
    "kr": None, "kr.": None, "Kr": None, "Kr.": None, ",-": None,
}  # fmt: skip
"""What stands beside an amount, and the ISO 4217 code it means; None where several share it."""

CODES = frozenset(
    "EUR USD GBP CHF JPY CNY RMB INR KRW RUB UAH TRY ILS THB VND PHP NGN CAD AUD NZD SGD HKD TWD "
    "BRL MXN MYR IDR PLN CZK HUF RON BGN HRK SEK DKK NOK ISK ZAR AED SAR EGP MAD ARS CLP COP PEN "
    "RSD BAM MKD ALL GEL KZT PKR LKR BDT KES".split()
)

_KRONA = {"SEK", "DKK", "NOK", "ISK"}

_ALTERNATIVES = "|".join(
    re.escape(sign) for sign in sorted({*SIGNS, *CODES} - {",-"}, key=len, reverse=True)
)
PATTERN = rf"(?:(?<![^\W\d_])(?:{_ALTERNATIVES})(?![^\W\d_]))"
"""Any sign or code that is not part of a word."""


def code_of(sign: str) -> str | None:
    """The ISO 4217 code of a sign, None where it is unknown or shared by several countries."""
    found = SIGNS.get(sign, sign if sign in CODES else None)
    return "CNY" if found == "RMB" else found


def main_currency(signs: Iterable[str]) -> str | None:
    """The currency of a document by majority; codes count more than signs.

    A dollar sign beside the code of another dollar means that one, a krona likewise.
    """
    votes: Counter[str] = Counter()
    krona = False
    for sign in signs:
        code = code_of(sign)
        if code is None:
            krona = krona or sign.lower().startswith("kr")
            continue
        votes[code] += 3 if sign in CODES else 1
    if krona and not votes & Counter(_KRONA):
        return None
    if not votes:
        return None
    return min(votes, key=lambda code: (-votes[code], code))
