"""Credit notes and corrections, which speak of another invoice besides themselves."""

from __future__ import annotations

from kie.synth import blocks, tables
from kie.synth.canvas import Mark, Span
from kie.synth.content import serial_number
from kie.synth.draft import Draft, Pair
from kie.synth.families.letter import some_head
from kie.synth.family import Family, Skeleton


def original(d: Draft, key: str = "") -> Pair:
    """The invoice that is corrected: a number of an invoice that is not the document's own."""
    question, answer = Mark("question"), Mark("answer")
    d.links.append((question, answer, "key_value"))
    text = key or f"{d.say('title.invoice')} {d.say('title_numbers')}".strip()
    number = serial_number(d.rng, d.content.dates["order_date"].year)
    spans: list[Span] = [(number, answer)]
    if d.chance(0.5):
        spans += [d.say("title_dates"), d.formats.date(d.content.dates["order_date"])]
    return Pair(((text + d.style.colon, question),), tuple(spans))


def negate(d: Draft) -> None:
    """On half of the credit notes all amounts are below zero."""
    if d.chance(0.5):
        content = d.content
        content.amounts.update({name: -value for name, value in content.amounts.items()})
        for item in content.items:
            item.amount = -item.amount
            if d.chance(0.5):
                item.quantity = -item.quantity
            else:
                item.price = -item.price
        for tax in content.taxes:
            tax.base, tax.tax = -tax.base, -tax.tax


def own_number(d: Draft) -> list[Pair]:
    """Number and date of the credit note under keys that name it."""
    question = Mark("question")
    value = d.value("invoice_number")
    d.link_all(question, value)
    text = f"{d.title_text()} {d.say('title_numbers')}".strip()
    return [Pair(((text + d.style.colon, question),), value), *d.pairs(["invoice_date"])]


def letter_like(d: Draft) -> None:
    """A letter with a line that names the invoice."""
    negate(d)
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.93 * w
    blocks.logo(d, right, 45, "right")
    y = blocks.party(d, x, blocks.sender_line(d, x, 0.15 * h), "buyer")
    low = blocks.meta(d, 0.58 * w, 0.16 * h, 0.34 * w, d.pairs(some_head(d, 0, 3)))
    y = blocks.title(d, x, max(y, low, 0.28 * h) + d.pitch, full=0.5) + 0.5 * d.pitch
    y = blocks.inline_list(d, x, y, [original(d)]) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.75 * h)
    if done:
        y = tables.totals_any(d, x, y + d.pitch, right - x) + d.pitch
        blocks.sentences(d, x, y, right - x, "legal", 1)
    blocks.footer(d, 0.92 * h)


def us_memo(d: Draft) -> None:
    """A credit memo with boxes."""
    negate(d)
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.94 * w
    y = blocks.party(d, x, 44, "seller", bold=True, extras=("seller_phone",))
    d.canvas.put(right, 44, (d.title_text(), Mark("header")), align="right", size=d.size * 2)
    blocks.columns(d, 0.6 * w, 70, [*own_number(d), original(d)], right=right)
    y = blocks.party(d, x, max(y, 0.16 * h), "buyer", heading=True) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.75 * h)
    if done:
        tables.totals(d, 0.6 * w, y + d.pitch, right, tables.total_pairs(d))


def running(d: Draft) -> None:
    """Told in a sentence, with few numbers."""
    w = d.canvas.width
    x, right = 0.12 * w, 0.88 * w
    y = blocks.party(d, x, 50, "seller") + 2 * d.pitch
    y = blocks.party(d, x, y, "buyer") + d.pitch
    d.canvas.put(right, y, *d.value("invoice_date"), align="right")
    y = blocks.title(d, x, y + 2 * d.pitch, full=0.95) + d.pitch
    y = d.canvas.wrap(x, y, right - x, d.say("salutations")) + 0.5 * d.pitch
    pair = original(d)
    y = d.canvas.wrap(x, y, right - x, *pair.key, *pair.value, d.say("prose")) + d.pitch
    y = tables.totals(d, x + 10, y, right - 10, tables.total_pairs(d)) + d.pitch
    y = blocks.sentences(d, x, y, right - x, "prose", 2) + d.pitch
    d.canvas.put(x, y, d.say("closings"))


def keyed(d: Draft) -> None:
    """A list of keys for everything."""
    negate(d)
    w, h = d.canvas.width, d.canvas.height
    x, gap = 0.08 * w, 0.3 * w
    y = blocks.title(d, x, 48, full=0.5) + d.pitch
    y = blocks.columns(
        d, x, y, [*own_number(d), original(d), *d.pairs(["customer_number"])], gap=gap
    )
    y = blocks.keyed_party(d, x, y + d.pitch, "seller", gap) + d.pitch
    y = blocks.keyed_party(d, x, y, "buyer", gap) + d.pitch
    y, done = tables.items(d, x, y, 0.85 * w, 0.75 * h)
    if done:
        blocks.columns(d, x, y + d.pitch, tables.total_pairs(d), gap=gap)


def grid_head(d: Draft) -> None:
    """A row of keys over the table; the invoice is one of the keys."""
    negate(d)
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.07 * w, 0.93 * w
    low = blocks.party(d, x, 45, "seller")
    low = max(low, blocks.party(d, 0.56 * w, 45, "buyer", heading=d.chance(0.5)))
    y = blocks.title(d, x, low + d.pitch) + d.pitch
    pairs = [*d.pairs(["invoice_number", "invoice_date", "customer_number"]), original(d)]
    d.rng.shuffle(pairs)
    y = blocks.head_row(d, x, y, right - x, pairs) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.75 * h)
    if done:
        tables.tax_table(d, x, y + d.pitch, 0.4 * w)
        tables.totals(d, 0.58 * w, y + d.pitch, right, tables.total_pairs(d))


def self_billed(d: Draft) -> None:
    """Written by the one who pays: the receiver of the letter is the seller."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.92 * w
    blocks.party(d, right, 45, "buyer", align="right", bold=True)
    y = blocks.party(d, x, 0.14 * h, "seller", heading=d.chance(0.4))
    y = blocks.title(d, x, y + 2 * d.pitch, full=0.5) + d.pitch
    names = ["invoice_number", "invoice_date", "supplier_number", "period", "seller_tax_id"]
    y = blocks.columns(d, x, y, d.pairs([name for name in names if d.chance(0.8)])) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.75 * h)
    if done:
        y = tables.totals_any(d, x, y + d.pitch, right - x) + d.pitch
        blocks.columns(d, x, y, d.pairs(["iban", "bic", "bank"]))


def before_after(d: Draft) -> None:
    """A correction: the lines as they were, and as they should have been."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.95 * w
    y = blocks.title(d, x, 42, full=0.8) + 0.5 * d.pitch
    y = (
        blocks.inline_list(d, x, y, [original(d), *d.pairs(["delivery_date", "due_date"])])
        + d.pitch
    )
    low = blocks.party(d, x, y, "seller", heading=True, extras=("seller_tax_id",))
    y = (
        max(low, blocks.party(d, 0.5 * w, y, "buyer", heading=True, extras=("buyer_tax_id",)))
        + d.pitch
    )
    item = d.content.items[0]
    wrong = [str(d.rng.randint(1, 99)), item.unit, d.formats.number(item.price)]
    d.canvas.put(x, y, item.description, *wrong, d.formats.number(item.price * d.rng.randint(2, 9)))
    y, done = tables.items(d, x, y + 2 * d.pitch, right - x, 0.75 * h, tables.ORDERS[0])
    if done:
        y = tables.totals(d, 0.5 * w, y + d.pitch, right, tables.total_pairs(d)) + d.pitch
        blocks.sentences(d, x, y, right - x, "legal", 1)


def refund_slip(d: Draft) -> None:
    """A short slip: one line, one sum, the account that the money goes to."""
    negate(d)
    w = d.canvas.width
    x = 0.15 * w
    y = blocks.party(d, w / 2, 60, "seller", align="center")
    y = blocks.title(d, w / 2, y + d.pitch, align="center") + d.pitch
    pairs = [*own_number(d), original(d), *d.pairs(["buyer_name", "payment_method"])]
    y = blocks.columns(d, x, y, pairs, gap=0.35 * w) + d.pitch
    y = blocks.columns(d, x, y, tables.total_pairs(d), gap=0.35 * w) + 2 * d.pitch
    d.canvas.put(x, y, (d.say("form_keys"), Mark("question")), "_" * 20)


KINDS = ("credit_note",)

FAMILY = Family(
    "credit_note",
    5,
    tuple(
        Skeleton(draw, KINDS, lines=(1, 6))
        for draw in (
            letter_like, us_memo, running, keyed, grid_head, self_billed, before_after, refund_slip,
        )
    ),
)  # fmt: skip
