"""Firms and persons with their addresses, register numbers and bank accounts."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random

from kie.synth import ids
from kie.synth.coined import coined
from kie.synth.locale import Locale


@dataclass(frozen=True, slots=True)
class Party:
    """A firm or a person.

    Attributes:
        name: As it stands above the address.
        brand: A short form of the name, such as in a logo.
        contact: A person there.
        extra: A line between name and street, may be empty.
        street: Street and number, or a post box.
        town: Postcode and town.
        country: Printed only abroad, or on some pages.
        tax_id: VAT id or what stands in its place.
        tax_number: Number at the tax office, may be empty.
        register: Entry in the trade register.
        phone: Printed form.
        fax: Likewise.
        email: Likewise.
        web: Likewise.
        bank: Name of the bank.
        iban: Without blanks; empty where the country has none.
        bic: Likewise.
        account: National account number.
    """

    name: str
    brand: str
    contact: str
    extra: str
    street: str
    town: str
    country: str
    tax_id: str
    tax_number: str
    register: str
    phone: str
    fax: str
    email: str
    web: str
    bank: str
    iban: str
    bic: str
    account: str

    @property
    def address(self) -> list[str]:
        """Extra line, street and town."""
        return [line for line in (self.extra, self.street, self.town) if line]


def _fill(rng: Random, pattern: str) -> str:
    """Put a digit in the place of each hash."""
    return "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in pattern)


def _plain(text: str) -> str:
    """Small Latin letters and digits only; an invented name where nothing is left."""
    for old, new in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ł", "l"), ("ø", "o")):
        text = text.replace(old, new)
    base = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in base if sign.isascii() and sign.isalnum())


def person_name(rng: Random, locale: Locale) -> str:
    """First and last name in the order of the locale."""
    first = locale.pick(rng, "first_names")
    last = coined(rng, locale, locale.pick(rng, "surnames"))
    if locale.one("name_order") == "last":
        return f"{last}{'' if locale.language in ('zh', 'ja', 'ko') else ' '}{first}"
    return f"{first} {last}"


def firm_name(rng: Random, locale: Locale) -> tuple[str, str]:
    """A firm's full name and its short form."""
    surname = coined(rng, locale, locale.pick(rng, "surnames"))
    trade = locale.pick(rng, "trades")
    form = locale.pick(rng, "legal_forms")
    glue = "" if locale.language in ("zh", "ja") else " "
    shape = rng.randrange(7)
    if shape == 0:
        brand = f"{surname}{glue}{trade}"
    elif shape == 1:
        brand = f"{trade}{glue}{surname}"
    elif shape == 2:
        brand = f"{surname} & {locale.pick(rng, 'surnames')}"
    elif shape == 3:
        brand = _invented(rng) + (f"{glue}{trade}" if rng.random() < 0.6 else "")
    elif shape == 4:
        brand = f"{ids.letters(rng, rng.randint(2, 4))} {trade}"
    elif shape == 5:
        brand = f"{surname}{glue}{trade}"
    else:
        place = coined(rng, locale, locale.pick(rng, "places"))
        brand = f"{locale.pick(rng, 'trades')}{glue}{place}"
    if rng.random() < 0.12:
        return brand, brand
    if locale.one("form_first") and rng.random() < 0.8:
        return f"{form}{glue}{brand}", brand
    return f"{brand}{glue}{form}", brand


_ONSETS = ("Al", "Bor", "Cen", "Del", "Em", "Fen", "Gal", "Hex", "In", "Ka", "Lum", "Mer", "Nov")
_ENDS = ("tec", "sys", "dor", "via", "lux", "nova", "plan", "vita", "cor", "media", "tron", "is")


def _invented(rng: Random) -> str:
    name = rng.choice(_ONSETS) + rng.choice(("", "a", "o", "ti", "ra")) + rng.choice(_ENDS)
    return name.upper() if rng.random() < 0.25 else name


def _street(rng: Random, locale: Locale) -> str:
    number = str(rng.randint(1, 40) if rng.random() < 0.6 else rng.randint(1, 2400))
    if rng.random() < 0.12:
        number += rng.choice(("a", "b", " A", "-" + str(int(number) + 2), "/3", " bis"))
    pattern = locale.pick(rng, "street_forms")
    street = coined(rng, locale, locale.pick(rng, "streets"))
    return _fill(rng, pattern.format(street=street, n=number))


def _town(rng: Random, locale: Locale) -> str:
    town = _fill(rng, coined(rng, locale, locale.pick(rng, "towns")))
    if rng.random() < 0.08 and town[0].isdigit():
        town = f"{locale.country}{rng.choice((' ', '-'))}{town}"
    return town


def _contact_lines(rng: Random, locale: Locale, brand: str, person: str) -> tuple[str, str]:
    words = [word for word in (_plain(part) for part in brand.split()) if word]
    core = "".join(words[:2])[:20] or _plain(_invented(rng)) + str(rng.randint(1, 99))
    domain = f"{core}.{locale.pick(rng, 'domains')}"
    parts = [_plain(part) for part in person.split()]
    user = rng.choice(("info", "kontakt", "office", "mail", "sales", "billing", "service"))
    if all(parts) and rng.random() < 0.3:
        user = ".".join(parts)
    web = rng.choice(("www.", "www.", "http://www.", "https://", "")) + domain
    return f"{user}@{domain}", web


def make_party(rng: Random, locale: Locale, kind: str) -> Party:
    """Invent a party; `kind` is "firm" or "person"."""
    person = person_name(rng, locale)
    name, brand = (person, person) if kind == "person" else firm_name(rng, locale)
    email, web = _contact_lines(rng, locale, brand, person)
    phone = _fill(rng, locale.pick(rng, "phones"))
    bban = ids.iban(rng, locale.country)
    place = locale.pick(rng, "places")
    register = locale.list("registers", ("",))
    tax_numbers = locale.list("tax_numbers", ("",))
    return Party(
        name=name,
        brand=brand,
        contact=person_name(rng, locale),
        extra=locale.pick(rng, "address_extras") if rng.random() < 0.15 else "",
        street=_street(rng, locale),
        town=_town(rng, locale),
        country=locale.pick(rng, "country"),
        tax_id=ids.tax_id(rng, locale.country),
        tax_number=_fill(rng, rng.choice(tax_numbers)),
        register=_fill(rng, rng.choice(register)).format(place=place),
        phone=phone,
        fax=phone[:-1] + str(rng.randrange(10)) if rng.random() < 0.5 else "",
        email=email,
        web=web,
        bank=locale.pick(rng, "banks").format(place=place),
        iban=bban,
        bic=ids.bic(rng, locale.country) if bban else "",
        account=ids.digits(rng, rng.randint(8, 10)),
    )
