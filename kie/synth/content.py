"""What a business document says, before anything of it is printed: parties, lines, sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from kie.synth import ids
from kie.synth.locale import Locale
from kie.synth.people import Party, make_party


@dataclass(slots=True)
class Item:
    """A line item; money in units of the currency's last decimal, quantities in thousandths."""

    position: str
    article: str
    description: str
    extra: tuple[str, ...]
    quantity: int
    unit: str
    price: int
    rate: int
    amount: int


@dataclass(slots=True)
class TaxRow:
    """One rate of the tax breakdown; the rate in hundredths of a percent."""

    rate: int
    base: int
    tax: int


@dataclass(slots=True)
class Content:
    """A document with sums that add up, save on the few pages with a deliberate fault.

    Attributes:
        kind: A page type of `kie.labelled`.
        seller: Who writes it.
        buyer: To whom.
        ship_to: Where the goods go, may be the buyer.
        dates: Such as "invoice_date", "due_date", "order_date".
        numbers: Such as "invoice_number", and numbers of no field, such as "project".
        items: At least one.
        taxes: One row per rate, none where nothing is taxed.
        amounts: Such as "total_net", "total_gross", "subtotal".
        gross_prices: The prices contain the tax, as on receipts.
        days: To pay, 0 for at once.
        faulty: The sums were made not to match.
    """

    kind: str
    seller: Party
    buyer: Party
    ship_to: Party
    dates: dict[str, date] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    taxes: list[TaxRow] = field(default_factory=list)
    amounts: dict[str, int] = field(default_factory=dict)
    gross_prices: bool = False
    days: int = 14
    faulty: bool = False


def make_content(
    rng: Random, locale: Locale, kind: str, lines: tuple[int, int] = (1, 12), retail: bool = False
) -> Content:
    """Invent a document.

    Args:
        rng: Source of all choices.
        locale: Where it is written.
        kind: A page type of `kie.labelled`.
        lines: Least and largest number of line items; small numbers are more frequent.
        retail: A receipt: small amounts, prices with tax.
    """
    seller = make_party(rng, locale, "firm")
    buyer = make_party(rng, locale, "person" if rng.random() < 0.25 else "firm")
    ship_to = buyer if rng.random() < 0.7 else make_party(rng, locale, "firm")
    content = Content(kind, seller, buyer, ship_to, gross_prices=retail or rng.random() < 0.06)
    _add_dates(rng, content)
    _add_numbers(rng, content)
    count = rng.randint(*lines)
    if rng.random() < 0.5:
        count = min(count, rng.randint(*lines))
    rates = _rates(rng, locale, retail)
    content.items = [_make_item(rng, locale, index, rates, retail) for index in range(count)]
    _add_totals(rng, content)
    if rng.random() < 0.03:
        content.faulty = True
        content.amounts["total_gross"] += rng.choice((-100, 9, 90, 100, 1000, 1))
    return content


def _add_dates(rng: Random, content: Content) -> None:
    day = date(1998, 1, 1) + timedelta(days=rng.randrange(11000))
    if rng.random() < 0.7:
        day = date(2014, 1, 1) + timedelta(days=rng.randrange(5200))
    content.days = rng.choice((0, 7, 8, 10, 14, 14, 20, 30, 30, 30, 45, 60, 90))
    delivered = day - timedelta(days=rng.choice((0, 0, 1, 2, 3, 5, 9)))
    ordered = delivered - timedelta(days=rng.randint(1, 40))
    start = day.replace(day=1)
    if rng.random() < 0.7:
        start = (start - timedelta(days=rng.choice((1, 1, 1, 62, 92)))).replace(day=1)
    end = (start + timedelta(days=rng.choice((31, 31, 31, 92)))).replace(day=1) - timedelta(days=1)
    content.dates = {
        "invoice_date": day,
        "due_date": day + timedelta(days=content.days),
        "delivery_date": delivered,
        "order_date": ordered,
        "period_start": start,
        "period_end": end,
        "print_date": day + timedelta(days=rng.choice((0, 0, 1, 3))),
        "valid_until": day + timedelta(days=30),
    }


def serial_number(rng: Random, year: int) -> str:
    """A document number in one of the many ways in which they are made."""
    run = rng.randint(1, 99999)
    prefix = rng.choice(("RE", "RG", "INV", "FA", "F", "R", "IN", "SI", "V", "A", "RN", "FV", "CI"))
    wide = rng.randint(4, 7)
    return rng.choice(
        (
            lambda: ids.digits(rng, rng.randint(3, 10)),
            lambda: ids.digits(rng, rng.randint(5, 8)),
            lambda: f"{year}-{run:0{wide}d}",
            lambda: f"{prefix}-{year}-{run:05d}",
            lambda: f"{prefix}{year}{run:04d}",
            lambda: f"{prefix}{run:0{wide}d}",
            lambda: f"{prefix}-{run:0{wide}d}",
            lambda: f"{year}/{run:0{wide}d}",
            lambda: f"{run:04d}/{year}",
            lambda: f"{prefix}/{year % 100:02d}/{rng.randint(1, 12):02d}/{run % 1000:03d}",
            lambda: f"{rng.randint(1, 12)}/{rng.randint(1, 99):02d}/{year}",
            lambda: f"{ids.digits(rng, 6)}-{rng.randint(1, 9)}",
            lambda: f"{year % 100:02d}{rng.randint(1, 12):02d}{run:05d}",
            lambda: f"{ids.letters(rng, 2)}{ids.digits(rng, 6)}",
            lambda: f"{ids.digits(rng, 10)}/{run % 1000:03d}/{ids.letters(rng, 1)}/00",
            lambda: f"{ids.digits(rng, 3)}.{ids.digits(rng, 4)}.{year % 100:02d}",
            lambda: f"{prefix} {ids.digits(rng, 5)}",
        )
    )()


def _add_numbers(rng: Random, content: Content) -> None:
    year = content.dates["invoice_date"].year
    short = content.seller.name.split()[0][:2].upper()
    content.numbers = {
        "invoice_number": serial_number(rng, year),
        "order_number": serial_number(rng, year),
        "delivery_note_number": serial_number(rng, year),
        "customer_number": rng.choice(
            (
                ids.digits(rng, rng.randint(4, 8)),
                f"K{ids.digits(rng, 5)}",
                f"{short}-{ids.digits(rng, 4)}",
                f"D{ids.digits(rng, 6)}",
                f"{ids.digits(rng, 3)} {ids.digits(rng, 3)}",
                f"C-{ids.digits(rng, 5)}",
            )
        ),
        "buyer_reference": rng.choice(
            (
                f"{short.lower()}/{ids.letters(rng, 2).lower()}",
                f"{ids.digits(rng, 5)}-{ids.digits(rng, 4)}-{ids.digits(rng, 2)}",
                f"PO {ids.digits(rng, 4)}",
                f"{ids.letters(rng, 3)}-{ids.digits(rng, 3)}",
            )
        ),
        "project": f"{rng.choice(('P', 'PRJ-', '', 'BV ', 'KST '))}{ids.digits(rng, 4)}",
        "contract": ids.digits(rng, 8),
        "meter": f"{rng.randint(1, 9)} {ids.letters(rng, 3)} {ids.digits(rng, 10)}",
        "supplier_number": ids.digits(rng, rng.randint(4, 8)),
        "quote_number": serial_number(rng, year),
        "tracking": ids.letters(rng, 2) + ids.digits(rng, 9) + "DE",
        "mandate": f"M-{ids.digits(rng, 6)}",
        "creditor": f"DE{ids.digits(rng, 2)}ZZZ{ids.digits(rng, 11)}",
        "contact": content.seller.contact,
    }


def _rates(rng: Random, locale: Locale, retail: bool) -> list[int]:
    offered = [int(rate) for rate in locale.list("tax_rates")]
    if rng.random() < 0.06 and not retail:
        return [0]
    if rng.random() < 0.72 or len(offered) == 1:
        return [offered[0]]
    return offered[: rng.randint(2, min(3, len(offered)))]


_EXTRA_CODES = ("EAN", "GTIN", "S/N", "Ref.", "SKU", "Lot", "HS", "LOT")


def _make_item(rng: Random, locale: Locale, index: int, rates: list[int], retail: bool) -> Item:
    service = not retail and rng.random() < 0.3
    description = locale.pick(rng, "food" if retail and rng.random() < 0.6 else "goods")
    if service:
        description = locale.pick(rng, "services")
    elif rng.random() < 0.5:
        description += " " + _variant(rng)
    extra: list[str] = []
    if not retail and rng.random() < 0.3:
        extra = [_extra_line(rng, locale) for _ in range(rng.randint(1, 3))]
    scale = 10 ** (2 - int(locale.one("decimals", "2")))
    money = float(locale.one("price_scale", "1")) / scale
    if retail:
        price = rng.randint(30, 2500) if rng.random() < 0.85 else rng.randint(2500, 30000)
        quantity = rng.choice((1, 1, 1, 1, 2, 2, 3, 4, 6)) * 1000
    else:
        price = round(10 ** rng.uniform(2, 5.4))
        if rng.random() < 0.4:
            price = max(100, round(price, -2))
        quantity = rng.choice((1, 1, 1, 2, 3, 4, 5, 8, 10, 12, 20, 25, 50, 100, 250)) * 1000
        if rng.random() < 0.15:
            quantity = rng.randint(1, 60) * 250 + rng.choice((0, 0, 500))
    price = max(1, round(price * money))
    if scale == 100 and price > 1000:
        price = round(price, -1)
    return Item(
        position=str(index + 1),
        article=_article(rng),
        description=description,
        extra=tuple(extra),
        quantity=quantity,
        unit=locale.pick(rng, "time_units" if service else "units"),
        price=price,
        rate=rng.choice(rates),
        amount=round(price * quantity / 1000),
    )


def _extra_line(rng: Random, locale: Locale) -> str:
    return rng.choice(
        (
            f"{rng.choice(_EXTRA_CODES)}: {ids.digits(rng, rng.randint(6, 13))}",
            locale.pick(rng, "goods") + " " + _variant(rng),
            locale.pick(rng, "notes"),
        )
    )


def _variant(rng: Random) -> str:
    return rng.choice(
        (
            f"{rng.randint(1, 40) * 25} g",
            f"{rng.randint(1, 20)}kg",
            f"{rng.randint(2, 40)}x{rng.randint(2, 90)}mm",
            f"{rng.choice(('A4', 'A5', 'XL', 'M', 'S', 'L', 'Pro', 'Plus', 'II', 'Set', 'Basic'))}",
            f"{ids.letters(rng, 2)}-{ids.digits(rng, 3)}",
            f"{ids.letters(rng, 1)}{ids.digits(rng, 2)}",
            f'{rng.randint(1, 9)}/{rng.randint(2, 9)}"',
            f"({rng.randint(2, 24)} x {rng.randint(1, 9)})",
            f"{rng.randint(1, 9)},{rng.randint(0, 9)} l",
            f"Nr. {rng.randint(1, 300)}",
            f"{rng.randint(10, 600)} ml",
        )
    )


def _article(rng: Random) -> str:
    return rng.choice(
        (
            lambda: ids.digits(rng, rng.randint(4, 8)),
            lambda: ids.digits(rng, 13, "4"),
            lambda: f"{ids.letters(rng, 2)}{ids.digits(rng, 4)}",
            lambda: f"{ids.letters(rng, 3)}-{ids.digits(rng, 3)}",
            lambda: f"{ids.digits(rng, 3)}.{ids.digits(rng, 3)}.{ids.digits(rng, 2)}",
            lambda: f"{ids.digits(rng, 2)}-{ids.digits(rng, 4)}-{ids.letters(rng, 1)}",
            lambda: f"{ids.letters(rng, 1)}{ids.digits(rng, 3)}/{ids.digits(rng, 2)}",
        )
    )()


def _add_totals(rng: Random, content: Content) -> None:
    """Sums after EN 16931: net is after discount and charges, due is gross less prepaid."""
    amounts = content.amounts
    bases: dict[int, int] = {}
    for item in content.items:
        bases[item.rate] = bases.get(item.rate, 0) + item.amount
    subtotal = sum(bases.values())
    amounts["subtotal"] = subtotal
    first = next(iter(bases))
    if rng.random() < 0.22 and len(bases) == 1:
        amounts["discount"] = round(subtotal * rng.choice((2, 3, 5, 10, 15, 20)) / 100)
        bases[first] -= amounts["discount"]
    for name, chance in (("shipping", 0.25), ("charge", 0.08)):
        if rng.random() < chance and not content.gross_prices:
            amounts[name] = max(1, min(round(subtotal * 0.04), 4900))
            bases[first] += amounts[name]
    for rate, base in sorted(bases.items(), reverse=rng.random() < 0.5):
        if content.gross_prices:
            tax = round(base * rate / (10000 + rate))
            content.taxes.append(TaxRow(rate, base - tax, tax))
        else:
            content.taxes.append(TaxRow(rate, base, round(base * rate / 10000)))
    amounts["total_net"] = sum(row.base for row in content.taxes)
    amounts["total_tax"] = sum(row.tax for row in content.taxes)
    gross = amounts["total_net"] + amounts["total_tax"]
    amounts["total_gross"] = gross
    if rng.random() < 0.16:
        amounts["prepaid"] = round(gross * rng.choice((10, 20, 30, 50, 100)) / 100)
        amounts["amount_due"] = gross - amounts["prepaid"]
    elif rng.random() < 0.25:
        amounts["amount_due"] = gross
