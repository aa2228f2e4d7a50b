"""How a page prints its numbers, dates and amounts: one choice per page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from kie.synth.locale import Locale

CURRENCY_PLACES = (
    "none",
    "before",
    "before_glued",
    "after",
    "after_glued",
    "code_before",
    "code",
    "code_glued",
)


@dataclass(frozen=True, slots=True)
class Formats:
    """The printing habits of one page.

    Attributes:
        locale: Month names and the currency come from it.
        decimal: Mark before the decimals.
        grouping: Mark between thousands, may be empty.
        indian: Groups of two above the thousands.
        decimals: Decimal digits of amounts.
        date_style: Such as "{dd}.{mm}.{yyyy}".
        place: Where the currency stands, one of `CURRENCY_PLACES`.
        all_amounts: The currency also stands beside the amounts of line items.
        negative: "-{}", "{}-", "({})".
        price_decimals: Of unit prices; 4 or not more than `decimals`.
    """

    locale: Locale
    decimal: str
    grouping: str
    indian: bool
    decimals: int
    date_style: str
    place: str
    all_amounts: bool
    negative: str
    price_decimals: int = 2

    def unit_price(self, value: int) -> str:
        """The price of one piece, with four decimals on some pages."""
        if self.price_decimals > self.decimals:
            return self.number(value * 10 ** (self.price_decimals - self.decimals), 4)
        return self.number(value)

    def number(self, value: int, decimals: int | None = None, grouped: bool = True) -> str:
        """An integer in units of the last decimal, such as 123456 as "1.234,56"."""
        places = self.decimals if decimals is None else decimals
        whole, rest = divmod(abs(value), 10**places)
        digits = str(whole)
        if grouped and self.grouping and len(digits) > 3:
            digits = self._group(digits)
        text = f"{digits}{self.decimal}{rest:0{places}d}" if places else digits
        return self.negative.format(text) if value < 0 else text

    def _group(self, digits: str) -> str:
        head, tail = digits[:-3], digits[-3:]
        step = 2 if self.indian else 3
        parts: list[str] = []
        while head:
            parts.insert(0, head[-step:])
            head = head[:-step]
        return self.grouping.join([*parts, tail])

    def quantity(self, thousandths: int) -> str:
        """A quantity without superfluous decimals, or with two of them."""
        if thousandths % 1000 == 0:
            return str(thousandths // 1000)
        if thousandths % 10:
            return self.number(thousandths, 3, grouped=False)
        return self.number(thousandths // 10, 2, grouped=False)

    def percent(self, hundredths: int, sign: str = "%") -> str:
        """A tax rate such as 1900 as "19%"; decimals only where they are needed."""
        if hundredths % 100 == 0:
            return f"{hundredths // 100}{sign}"
        if hundredths % 10 == 0:
            return f"{hundredths // 100}{self.decimal}{hundredths % 100 // 10}{sign}"
        return f"{hundredths // 100}{self.decimal}{hundredths % 100:02d}{sign}"

    def date(self, day: date, style: str | None = None) -> str:
        """A date in the style of the page."""
        return (style or self.date_style).format(
            d=day.day,
            dd=f"{day.day:02d}",
            m=day.month,
            mm=f"{day.month:02d}",
            yyyy=day.year,
            yy=f"{day.year % 100:02d}",
            mon=self.locale.list("months_short")[day.month - 1],
            month=self.locale.list("months")[day.month - 1],
            ord=_ordinal(day.day),
        )

    def currency_words(self, number: str, total: bool) -> tuple[str, str, str]:
        """What stands before the number, the number, and what stands after it.

        A symbol that is glued to the number is part of the number.
        """
        if self.place == "none" or not (total or self.all_amounts):
            return "", number, ""
        symbol, code = self.locale.one("symbol"), self.locale.one("currency")
        return {
            "before": (symbol, number, ""),
            "before_glued": ("", symbol + number, ""),
            "after": ("", number, symbol),
            "after_glued": ("", number + symbol, ""),
            "code_before": (code, number, ""),
            "code": ("", number, code),
            "code_glued": ("", code + number, ""),
        }[self.place]


def _ordinal(day: int) -> str:
    if 10 < day < 20:
        return f"{day}th"
    return f"{day}{({1: 'st', 2: 'nd', 3: 'rd'}).get(day % 10, 'th')}"


def choose_formats(rng: Random, locale: Locale) -> Formats:
    """The habits of one page, drawn from those of its locale."""
    style = rng.choice(locale.list("numbers"))
    decimal = style[-3] if style[-3] in ".," else ","
    indian = "23,456" in style and style.startswith("1,2")
    grouping = "" if style[1].isdigit() else style[1]
    if grouping == "_":
        grouping = rng.choice((" ", " ", "\u00a0"))
    negatives = ("-{}", "-{}", "-{}", "{}-", "({})", "\u2212{}")
    place = rng.choice(locale.list("currency_places", CURRENCY_PLACES))
    if rng.random() < 0.03:
        place = "code_glued"
    return Formats(
        locale=locale,
        decimal=decimal,
        grouping=grouping,
        indian=indian,
        decimals=int(locale.one("decimals", "2")),
        date_style=rng.choice(locale.list("dates")),
        place=place,
        all_amounts=rng.random() < 0.4,
        negative=rng.choice(negatives),
        price_decimals=4 if rng.random() < 0.07 and locale.one("decimals", "2") == "2" else 2,
    )
