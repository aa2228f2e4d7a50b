"""A page being written: what its document says, how it is printed, and what has been labelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from kie.labelled import LinkKind
from kie.schema import FIELDS
from kie.synth.canvas import Canvas, Mark, Span
from kie.synth.content import Content
from kie.synth.formats import Formats
from kie.synth.ids import digits, spaced
from kie.synth.locale import Locale
from kie.synth.people import firm_name

SCHEMA_NAMES = frozenset(known.name for known in FIELDS)

DOCUMENT_NUMBER = {
    "invoice": "invoice_number",
    "credit_note": "invoice_number",
    "receipt": "invoice_number",
    "order": "order_number",
    "delivery_note": "delivery_note_number",
}
"""The field that the number of the document itself belongs to."""

DOCUMENT_DATE = {
    "invoice": "invoice_date",
    "credit_note": "invoice_date",
    "receipt": "invoice_date",
    "order": "order_date",
    "delivery_note": "delivery_date",
}


_GAPS = {
    "{date}": "due_date",
    "{day}": "delivery_date",
    "{order}": "order_number",
    "{phone}": "seller_phone",
    "{email}": "seller_email",
}
"""What the gaps in sentences about the document are."""


@dataclass(frozen=True, slots=True)
class Style:
    """Habits of one page besides those of `Formats`.

    Attributes:
        colon: After keys: "", ":" or " :".
        upper: Keys in capitals.
        bold_keys: Keys in bold.
        bold_values: Values in bold.
        leading: Line pitch in type sizes.
        iban_step: Digits per group of an IBAN, 0 for none.
        bare_tax_id: The VAT id without its country.
        space_tax_id: A blank after the country.
    """

    colon: str
    upper: bool
    bold_keys: bool
    bold_values: bool
    leading: float
    iban_step: int
    bare_tax_id: bool
    space_tax_id: bool


def choose_style(rng: Random, locale: Locale) -> Style:
    """The habits of one page."""
    return Style(
        colon=rng.choice((":", ":", ":", "", "", " :")),
        upper=rng.random() < 0.12,
        bold_keys=rng.random() < 0.25,
        bold_values=rng.random() < 0.2,
        leading=rng.uniform(1.15, 1.6),
        iban_step=rng.choice((4, 4, 4, 0, 0)),
        bare_tax_id=rng.random() < float(locale.one("bare_tax_id", "0.1")),
        space_tax_id=rng.random() < 0.2,
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its value, ready to be put down."""

    key: tuple[Span, ...]
    value: tuple[Span, ...]
    strong: bool = False


@dataclass(slots=True)
class Draft:
    """Everything that a skeleton needs: a canvas to draw on, and labelled text to draw."""

    rng: Random
    locale: Locale
    content: Content
    formats: Formats
    style: Style
    canvas: Canvas
    links: list[tuple[Mark, Mark, LinkKind]] = field(default_factory=list)
    page_type: str = "invoice"

    @property
    def details(self) -> bool:
        """Line items carry keys and values of their own: on one page in eight."""
        return self.locale.has("item_details") and self.style.leading < 1.2

    @property
    def size(self) -> float:
        """Type size of the page."""
        return self.canvas.size

    @property
    def pitch(self) -> float:
        """Distance of baselines."""
        return self.canvas.size * self.style.leading

    def chance(self, share: float) -> bool:
        """True in that share of the cases."""
        return self.rng.random() < share

    def say(self, name: str) -> str:
        """An entry of a list of the locale, with the document's data in its gaps."""
        return self._fill(self.locale.pick(self.rng, name))

    def _fill(self, text: str) -> str:
        if "{" not in text:
            return text
        dates, numbers = self.content.dates, self.content.numbers
        return text.format(
            days=self.content.days or 14,
            date=self.formats.date(dates["due_date"]),
            day=self.formats.date(dates["delivery_date"]),
            order=numbers["order_number"],
            seller=self.content.seller.brand,
            place=self.locale.pick(self.rng, "places"),
            percent=self.rng.choice((2, 3)),
            number=digits(self.rng, self.rng.choice((1, 2, 2, 3, 3, 4))),
            person=self.content.seller.contact,
            food=self.locale.pick(self.rng, "food"),
            firm=firm_name(self.rng, self.locale)[0],
            phone=self.content.seller.phone,
            email=self.content.seller.email,
        )

    def say_spans(self, name: str) -> list[Span]:
        """The same, with the entities that the sentence mentions."""
        spans: list[Span] = []
        for word in self.locale.pick(self.rng, name).split(" "):
            field = next((value for gap, value in _GAPS.items() if gap in word), "")
            if field and self.page_type in DOCUMENT_NUMBER:
                spans += self.value(field)
            else:
                spans.append(self._fill(word) if "{" in word else word)
        return spans

    def _terms(self) -> tuple[Span, ...]:
        """How and when to pay; a date among the words is the due date, and ends the terms."""
        mark = Mark("answer", "payment_terms")
        spans: list[Span] = []
        rest: Mark | None = mark
        for word in self.locale.pick(self.rng, "terms").split(" "):
            if "{date}" in word:
                spans += self.value("due_date")
                rest = None
            else:
                spans.append((self._fill(word), rest))
        return tuple(spans)

    def key_text(self, name: str) -> str:
        """Wording of a key, without a colon."""
        text = self.locale.pick(self.rng, "key." + name)
        return text.upper() if self.style.upper else text

    def key(self, name: str, colon: bool = True) -> tuple[str, Mark]:
        """A key with its entity."""
        text = self.key_text(name)
        end = self.style.colon if colon and text[-1] not in ".:#" else ""
        return text + end, Mark("question")

    def answer(self, name: str, text: str, row: int | None = None) -> tuple[str, Mark]:
        """A value with its entity."""
        known = name if name.replace(".", "_") in SCHEMA_NAMES else None
        return text, Mark("answer", known, row)

    def money(self, name: str, value: int, row: int | None = None) -> tuple[Span, ...]:
        """An amount, with the currency where the page prints one."""
        total = not name.startswith("line.")
        unit = name == "line.unit_price"
        text = self.formats.unit_price(value) if unit else self.formats.number(value)
        before, number, after = self.formats.currency_words(text, total)
        parts: list[Span] = [before] if before else []
        parts.append(self.answer(name, number, row))
        if after:
            parts.append(after)
        return tuple(parts)

    def period(self) -> tuple[Span, ...]:
        """First and last day of a period."""
        dates = self.content.dates
        dash = self.rng.choice(("-", "-", "\u2013", *self.locale.list("until", ("-",))))
        return (
            self.answer("period_start", self.formats.date(dates["period_start"])),
            dash,
            self.answer("period_end", self.formats.date(dates["period_end"])),
        )

    def value(self, name: str) -> tuple[Span, ...]:
        """What the document has for a name; empty where it has nothing."""
        content = self.content
        if name == "period":
            return self.period()
        if name == "payment_terms":
            return self._terms()
        if name in content.dates:
            return (self.answer(name, self.formats.date(content.dates[name])),)
        if name in content.amounts:
            return self.money(name, content.amounts[name])
        if name in content.numbers:
            return (self.answer(name, content.numbers[name]),)
        text = self._party_value(name)
        return (self.answer(name, text),) if text else ()

    def _party_value(self, name: str) -> str:
        seller, buyer = self.content.seller, self.content.buyer
        if name in ("seller_tax_id", "buyer_tax_id"):
            return self.tax_id((seller if name[0] == "s" else buyer).tax_id)
        if name == "iban":
            return spaced(seller.iban, self.style.iban_step or 99)
        if name == "payment_method":
            return self.say("payment_methods")
        if name == "currency":
            return self.locale.one("currency")
        if name == "pages":
            return self.rng.choice(
                ("1", "1/1", "1 / 2", "1 von 1" if self.locale.language == "de" else "1")
            )
        texts = {
            "seller_name": seller.name,
            "seller_tax_number": seller.tax_number,
            "seller_phone": seller.phone,
            "seller_email": seller.email,
            "seller_web": seller.web,
            "buyer_name": buyer.name,
            "bic": seller.bic,
            "bank": seller.bank,
            "account": seller.account,
            "fax": seller.fax,
            "register": seller.register,
            "director": seller.contact,
            "buyer_contact": buyer.contact,
            "buyer_phone": buyer.phone,
        }
        return texts[name]

    def tax_id(self, text: str) -> str:
        """A VAT id as this page prints it."""
        if text[:2].isalpha() and text[2:3].isdigit():
            if self.style.bare_tax_id:
                return text[2:]
            if self.style.space_tax_id:
                return f"{text[:2]} {text[2:]}"
        return text

    def pair(self, name: str, key: str | None = None) -> Pair | None:
        """Key and value of a name; None where the document or the locale has none."""
        if not self.locale.has("key." + (key or name)):
            return None
        value = self.value(name)
        if not value:
            return None
        label = self.key(key or name)
        self.link_all(label[1], value)
        return Pair((label,), value, name in ("total_gross", "amount_due"))

    def pairs(self, names: Sequence[str]) -> list[Pair]:
        """The pairs of those names that there are."""
        return [found for name in names if (found := self.pair(name)) is not None]

    def link_all(self, key: Mark, spans: Sequence[Span]) -> None:
        """Link a key with every entity among spans."""
        for span in spans:
            if not isinstance(span, str) and span[1] is not None:
                self.links.append((key, span[1], "key_value"))

    @property
    def number_name(self) -> str:
        """Field of the document's own number."""
        return DOCUMENT_NUMBER.get(self.page_type, "statement_number")

    @property
    def date_name(self) -> str:
        """Field of the document's own date."""
        return DOCUMENT_DATE.get(self.page_type, "print_date")

    def title_text(self) -> str:
        """A title for the type of the document."""
        return self.say("title." + self.page_type)
