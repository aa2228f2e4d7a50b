"""Pages that are no business documents with fields: letters, minutes, articles, lists."""

from __future__ import annotations

from kie.synth import blocks
from kie.synth.canvas import Mark, Span
from kie.synth.draft import Draft
from kie.synth.family import Family, Skeleton
from kie.synth.people import Party, person_name


def _lines(d: Draft, x: float, y: float, party: Party, align: str = "left") -> float:
    """An address that is of no field."""
    for line in (party.name, *party.address):
        d.canvas.put(x, y, line, align=align)
        y += d.pitch
    return y


def _paragraphs(d: Draft, x: float, y: float, width: float, bottom: float, count: int) -> float:
    for _ in range(count):
        if y > bottom:
            break
        y = blocks.sentences(d, x, y, width, "prose", d.rng.randint(1, 6)) + 0.7 * d.pitch
    return y


def _subject(d: Draft, x: float, y: float) -> float:
    d.canvas.put(x, y, (d.say("subjects"), Mark("header")), bold=d.chance(0.8))
    return y + 2 * d.pitch


def business(d: Draft) -> None:
    """A letter between firms."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.11 * w, 0.9 * w
    _lines(d, right, 50, d.content.seller, "right")
    y = _lines(d, x, 0.16 * h, d.content.buyer) + 2 * d.pitch
    d.canvas.put(
        right,
        y,
        d.say("places") + ",",
        d.formats.date(d.content.dates["print_date"]),
        align="right",
    )
    y = _subject(d, x, y + 2 * d.pitch)
    y = d.canvas.wrap(x, y, right - x, d.say("salutations")) + 0.5 * d.pitch
    y = _paragraphs(d, x, y, right - x, 0.75 * h, d.rng.randint(2, 5))
    d.canvas.put(x, y + d.pitch, d.say("closings"))
    d.canvas.put(x, y + 4 * d.pitch, d.content.seller.contact)


def private(d: Draft) -> None:
    """A letter without a head."""
    w = d.canvas.width
    x = 0.15 * w
    d.canvas.put(0.6 * w, 80, d.formats.date(d.content.dates["print_date"]))
    y = d.canvas.wrap(x, 80 + 4 * d.pitch, 0.7 * w, d.say("salutations")) + d.pitch
    y = _paragraphs(d, x, y, 0.7 * w, 0.8 * d.canvas.height, d.rng.randint(1, 4))
    d.canvas.put(x, y + d.pitch, d.say("closings"))
    d.canvas.put(x, y + 3 * d.pitch, person_name(d.rng, d.locale))


def with_references(d: Draft) -> None:
    """An authority's letter with keys of its own, which are no fields."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.92 * w
    blocks.logo(d, x, 46)
    y = _lines(d, x, 0.16 * h, d.content.buyer)
    low = blocks.columns(
        d, 0.6 * w, 0.13 * h, d.pairs(["contact", "fax", "print_date", "buyer_phone"])
    )
    y = _subject(d, x, max(y, low) + 2 * d.pitch)
    y = _paragraphs(d, x, y, right - x, 0.8 * h, d.rng.randint(3, 6))
    d.canvas.put(x, y + d.pitch, d.say("closings"))


def minutes(d: Draft) -> None:
    """Numbered points with titles."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.9 * w
    d.canvas.put(x, 60, (d.say("subjects"), Mark("header")), size=d.size * 1.4, bold=True)
    y = 60 + 2.5 * d.pitch
    d.canvas.put(x, y, d.say("places"), d.formats.date(d.content.dates["print_date"]))
    y += 2 * d.pitch
    for number in range(1, d.rng.randint(3, 8)):
        if y > 0.85 * h:
            break
        d.canvas.put(x, y, f"{number}.", (d.say("services"), Mark("header")), bold=True)
        y = (
            blocks.sentences(d, x + 12, y + d.pitch, right - x - 12, "prose", d.rng.randint(1, 3))
            + d.pitch
        )


def article(d: Draft) -> None:
    """Two columns of text under a headline."""
    w, h = d.canvas.width, d.canvas.height
    x, middle = 0.08 * w, 0.53 * w
    d.canvas.put(x, 60, (d.say("subjects"), Mark("header")), size=d.size * 1.8, bold=True)
    width = 0.4 * w
    _paragraphs(d, x, 100, width, 0.88 * h, 8)
    _paragraphs(d, middle, 100, width, 0.88 * h, d.rng.randint(2, 8))
    d.canvas.put(w / 2, 0.96 * h, str(d.rng.randint(1, 300)), align="center")


def contract(d: Draft) -> None:
    """Clauses between two parties."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.11 * w, 0.89 * w
    d.canvas.put(w / 2, 60, (d.say("services").upper(), Mark("header")), align="center", bold=True)
    y = 60 + 2 * d.pitch
    for party in (d.content.seller, d.content.buyer):
        y = (
            d.canvas.wrap(x, y, right - x, party.name + ",", ", ".join(party.address))
            + 0.5 * d.pitch
        )
    sign = d.rng.choice(("§", "", "Art.", ""))
    for number in range(1, d.rng.randint(4, 9)):
        if y > 0.85 * h:
            break
        spans: list[Span] = [f"{sign} {number}".strip() + d.rng.choice(("", ".")), d.say("legal")]
        y = d.canvas.wrap(x, y, right - x, *spans, d.say("prose"), d.say("legal")) + 0.6 * d.pitch


def price_list(d: Draft) -> None:
    """A menu or price list: amounts that belong to no invoice."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.15 * w, 0.85 * w
    d.canvas.put(
        w / 2, 60, (d.content.seller.brand, Mark("header")), size=d.size * 2, align="center"
    )
    y = 60 + 4 * d.pitch
    for _ in range(d.rng.randint(6, 24)):
        if y > 0.9 * h:
            break
        if d.chance(0.15):
            y += d.pitch
            d.canvas.put(x, y, (d.say("trades"), Mark("header")), bold=True)
            y += 1.3 * d.pitch
        d.canvas.put(x, y, d.say("food" if d.chance(0.5) else "goods"))
        d.canvas.put(right, y, d.formats.number(d.rng.randint(90, 9000)), align="right")
        y += 1.2 * d.pitch


def list_of_names(d: Draft) -> None:
    """A directory: names, phones, places."""
    w, h = d.canvas.width, d.canvas.height
    x = 0.08 * w
    d.canvas.put(x, 50, (d.say("form_sections"), Mark("header")), bold=True, size=d.size * 1.3)
    y = 50 + 2.5 * d.pitch
    phone = d.content.seller.phone
    for _ in range(d.rng.randint(5, 40)):
        if y > 0.93 * h:
            break
        d.canvas.put(x, y, person_name(d.rng, d.locale))
        d.canvas.put(0.38 * w, y, phone[:-2] + str(d.rng.randint(10, 99)))
        d.canvas.put(0.66 * w, y, d.say("places"))
        y += d.pitch


FAMILY = Family(
    "prose",
    7,
    (
        *(
            Skeleton(draw, ("letter",), lines=(1, 1), mono=0.12)
            for draw in (business, private, with_references)
        ),
        *(
            Skeleton(draw, ("other",), lines=(1, 1))
            for draw in (minutes, article, contract, price_list, list_of_names)
        ),
    ),
)
