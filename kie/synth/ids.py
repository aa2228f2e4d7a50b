"""Register numbers with valid check digits: VAT ids, tax numbers, IBAN, BIC.

Sources: ISO 13616 (IBAN), ISO 7064 (mod 11,10), the VIES notes on national VAT number formats, and
the publications of the tax offices of the other countries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

IBAN_PATTERNS = {
    "AT": "16n", "BE": "12n", "CH": "17n", "CZ": "20n", "DE": "18n", "DK": "14n", "ES": "20n",
    "FI": "14n", "FR": "23n", "GB": "4a14n", "GR": "23n", "HU": "24n", "IE": "4a14n", "IT": "1a22n",
    "LU": "16n", "NL": "4a10n", "NO": "11n", "PL": "24n", "PT": "21n", "RO": "4a16n", "SE": "20n",
    "TR": "22n", "UA": "25n", "BG": "4a14n", "HR": "17n", "SK": "20n",
}  # fmt: skip
"""What follows the check digits: so many letters (a), so many digits (n)."""

_BANKS = ("COBA", "DEUT", "BNPA", "SOGE", "INGB", "RABO", "BARC", "LOYD", "UNCR", "BCIT", "NDEA")


def digits(rng: Random, count: int, first: str = "") -> str:
    """So many digits, beginning with `first`, never with a zero."""
    if not first:
        first = str(rng.randint(1, 9))
    rest = count - len(first)
    return first + (f"{rng.randrange(10**rest):0{rest}d}" if rest > 0 else "")


def letters(rng: Random, count: int, alphabet: str = "ABCDEFGHJKLMNPRSTUVWXYZ") -> str:
    """So many capital letters."""
    return "".join(rng.choice(alphabet) for _ in range(count))


def iban(rng: Random, country: str) -> str:
    """An IBAN without blanks; empty where the country has none."""
    pattern = IBAN_PATTERNS.get(country)
    if pattern is None:
        return ""
    head, _, tail = pattern.rpartition("a")
    bban = letters(rng, int(head or 0)) + digits(rng, int(tail[:-1]))
    return f"{country}{98 - _iban_remainder(bban + country + '00'):02d}{bban}"


def _iban_remainder(rearranged: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in rearranged)) % 97


def bic(rng: Random, country: str) -> str:
    """A BIC of eight places, or eleven; XXX is the branch code of a head office."""
    code = rng.choice(_BANKS) if rng.random() < 0.6 else letters(rng, 4)
    branch = rng.choice(("", "", "XXX", digits(rng, 3)))
    return f"{code}{country}{letters(rng, 1)}{rng.choice('23456789MXL')}{branch}"


def _weighted(number: str, weights: Sequence[int]) -> int:
    return sum(int(sign) * weight for sign, weight in zip(number, weights, strict=False))


def _luhn_digit(number: str) -> int:
    total = 0
    for index, sign in enumerate(reversed(number)):
        doubled = int(sign) * (2 if index % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def _mod_11_10(number: str) -> int:
    product = 10
    for sign in number:
        product = ((int(sign) + product - 1) % 10 + 1) * 2 % 11
    return (11 - product) % 10


def _until(rng: Random, attempt: Callable[[Random], str | None]) -> str:
    """Draw until the number has a check digit: some remainders are not in use."""
    while (found := attempt(rng)) is None:
        pass
    return found


def _de(rng: Random) -> str:
    body = digits(rng, 8)
    return f"DE{body}{_mod_11_10(body)}"


def _at(rng: Random) -> str:
    body = digits(rng, 7)
    total = sum(
        int(sign) if index % 2 == 0 else int(sign) * 2 // 10 + int(sign) * 2 % 10
        for index, sign in enumerate(body)
    )
    return f"ATU{body}{(96 - total) % 10}"


def _be(rng: Random) -> str:
    body = digits(rng, 8, "0" + str(rng.randint(4, 9)))
    return f"BE{body}{97 - int(body) % 97:02d}"


def _ch(rng: Random) -> str | None:
    body = digits(rng, 8)
    check = 11 - _weighted(body, (5, 4, 3, 2, 7, 6, 5, 4)) % 11
    if check == 10:
        return None
    full = body + str(check % 11)
    return f"CHE-{full[:3]}.{full[3:6]}.{full[6:]}"


def _cz(rng: Random) -> str:
    body = digits(rng, 7)
    check = (11 - _weighted(body, (8, 7, 6, 5, 4, 3, 2)) % 11) % 10
    return f"CZ{body}{check}"


def _dk(rng: Random) -> str | None:
    body = digits(rng, 7)
    check = -_weighted(body, (2, 7, 6, 5, 4, 3, 2)) % 11
    return None if check == 10 else f"DK{body}{check}"


def _es(rng: Random) -> str:
    body = digits(rng, 7)
    return f"ES{rng.choice('AB')}{body}{_luhn_digit(body)}"


def _fi(rng: Random) -> str | None:
    body = digits(rng, 7)
    check = -_weighted(body, (7, 9, 10, 5, 8, 4, 2)) % 11
    return None if check == 10 else f"FI{body}{check}"


def _fr(rng: Random) -> str:
    body = digits(rng, 8)
    siren = body + str(_luhn_digit(body))
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _gb(rng: Random) -> str:
    body = digits(rng, 7)
    return f"GB{body}{97 - _weighted(body, (8, 7, 6, 5, 4, 3, 2)) % 97:02d}"


def _gr(rng: Random) -> str:
    body = digits(rng, 8, rng.choice("089"))
    total = sum(int(sign) << (8 - index) for index, sign in enumerate(body))
    return f"EL{body}{total % 11 % 10}"


def _hu(rng: Random) -> str:
    body = digits(rng, 7)
    return f"HU{body}{-_weighted(body, (9, 7, 3, 1, 9, 7, 3)) % 10}"


def _it(rng: Random) -> str:
    body = digits(rng, 10, "0" + str(rng.randint(1, 9)))
    return f"IT{body}{_luhn_digit(body)}"


def _nl(rng: Random) -> str | None:
    body = digits(rng, 8)
    check = _weighted(body, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return None if check == 10 else f"NL{body}{check}B{rng.randint(1, 9):02d}"


def _pl(rng: Random) -> str | None:
    body = digits(rng, 9)
    check = _weighted(body, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11
    return None if check == 10 else f"PL{body}{check}"


def _pt(rng: Random) -> str:
    body = digits(rng, 8, "5")
    check = 11 - _weighted(body, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return f"PT{body}{check if check < 10 else 0}"


def _ro(rng: Random) -> str:
    body = digits(rng, rng.randint(5, 8))
    check = _weighted(body.zfill(9), (7, 5, 3, 2, 1, 7, 5, 3, 2)) * 10 % 11 % 10
    return f"RO{body}{check}"


def _se(rng: Random) -> str:
    body = digits(rng, 9, "55")
    return f"SE{body}{_luhn_digit(body)}01"


def _tr(rng: Random) -> str:
    body = digits(rng, 9)
    total = 0
    for index, sign in enumerate(body):
        shifted = (int(sign) + 9 - index) % 10
        power = shifted * 2 ** (9 - index) % 9
        total += 9 if shifted and not power else power
    return body + str(-total % 10)


def _ru(rng: Random) -> str:
    body = digits(rng, 9)
    return body + str(_weighted(body, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10)


def _ua(rng: Random) -> str:
    body = digits(rng, 7, "3")
    check = _weighted(body, (1, 2, 3, 4, 5, 6, 7)) % 11
    if check == 10:
        check = _weighted(body, (3, 4, 5, 6, 7, 8, 9)) % 11 % 10
    return body + str(check)


_CHINESE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _cn(rng: Random) -> str:
    body = "91" + digits(rng, 6) + "".join(rng.choice(_CHINESE) for _ in range(9))
    total = sum(_CHINESE.index(sign) * (3**index % 31) for index, sign in enumerate(body))
    return body + _CHINESE[-total % 31]


def _jp(rng: Random) -> str:
    body = digits(rng, 12)
    total = sum(int(sign) * (1 + index % 2) for index, sign in enumerate(reversed(body)))
    return f"T{9 - total % 9}{body}"


def _kr(rng: Random) -> str:
    body = digits(rng, 9)
    total = _weighted(body, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(body[8]) * 5 // 10
    full = body + str(-total % 10)
    return f"{full[:3]}-{full[3:5]}-{full[5:]}"


def _in(rng: Random) -> str:
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    body = f"{rng.randint(1, 35):02d}{letters(rng, 5)}{digits(rng, 4)}{letters(rng, 1)}1Z"
    total = 0
    for index, sign in enumerate(body):
        product = signs.index(sign) * (1 + index % 2)
        total += product // 36 + product % 36
    return body + signs[-total % 36]


def _au(rng: Random) -> str:
    body = digits(rng, 9)
    rest = _weighted(body, (3, 5, 7, 9, 11, 13, 15, 17, 19))
    # The first two digits are weighted 10 and 1, the first after subtracting one.
    lead = next(
        lead for lead in range(10, 100) if (lead // 10 * 10 - 10 + lead % 10 + rest) % 89 == 0
    )
    full = f"{lead}{body}"
    return f"{full[:2]} {full[2:5]} {full[5:8]} {full[8:]}"


def _us(rng: Random) -> str:
    return f"{digits(rng, 2)}-{digits(rng, 7)}"


def _my(rng: Random) -> str:
    return f"00{digits(rng, 10)}"


_MAKERS: dict[str, Callable[[Random], str | None]] = {
    "DE": _de, "AT": _at, "BE": _be, "CH": _ch, "CZ": _cz, "DK": _dk, "ES": _es, "FI": _fi,
    "FR": _fr, "GB": _gb, "GR": _gr, "HU": _hu, "IT": _it, "NL": _nl, "PL": _pl, "PT": _pt,
    "RO": _ro, "SE": _se, "TR": _tr, "RU": _ru, "UA": _ua, "CN": _cn, "JP": _jp, "KR": _kr,
    "IN": _in, "AU": _au, "US": _us, "MY": _my,
}  # fmt: skip

TAX_ID_COUNTRIES = tuple(_MAKERS)


def tax_id(rng: Random, country: str) -> str:
    """A VAT id, or what a business of that country prints in its place."""
    return _until(rng, _MAKERS[country])


def spaced(text: str, step: int = 4) -> str:
    """An IBAN or number in groups, as it is printed."""
    return " ".join(text[start : start + step] for start in range(0, len(text), step))
