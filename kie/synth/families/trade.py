"""What goes with invoices: orders, offers, delivery notes, statements, reminders."""

from __future__ import annotations

from datetime import timedelta

from kie.synth import blocks, tables
from kie.synth.canvas import Mark, Span
from kie.synth.content import serial_number
from kie.synth.draft import Draft, Pair
from kie.synth.family import Family, Skeleton

ORDER_HEAD = (
    "customer_number", "supplier_number", "quote_number", "contact", "delivery_date",
    "payment_terms", "project", "buyer_reference", "valid_until", "seller_phone",
)  # fmt: skip
NOTE_HEAD = (
    "order_number", "order_date", "customer_number", "tracking", "contact", "buyer_reference",
    "invoice_number", "project", "pages",
)  # fmt: skip


def _head(d: Draft, names: tuple[str, ...], least: int = 1, most: int = 5) -> list[Pair]:
    chosen = d.rng.sample(names, d.rng.randint(least, most))
    return d.pairs([d.number_name, d.date_name, *[n for n in chosen if n != d.date_name]])


def _sums(d: Draft, x: float, y: float, right: float) -> float:
    """Sums of an order: without prepaid and due."""
    for name in ("prepaid", "amount_due"):
        d.content.amounts.pop(name, None)
    return tables.totals(d, x, y, right, tables.total_pairs(d, brief=d.chance(0.3)))


def purchase_order(d: Draft) -> None:
    """The buyer's letter to a supplier, with a ship-to block."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.07 * w, 0.93 * w
    y = blocks.party(d, x, 42, "buyer", bold=True)
    blocks.title(d, right, 48, align="right", full=0.1)
    blocks.columns(d, 0.6 * w, 80, _head(d, ORDER_HEAD, 0, 3))
    y = max(y, 0.15 * h) + d.pitch
    low = blocks.party(d, x, y, "seller", heading=True)
    y = max(low, blocks.party(d, 0.52 * w, y, "ship_to", heading=True)) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.74 * h)
    if done:
        _sums(d, 0.6 * w, y + d.pitch, right)
    d.canvas.put(x, 0.93 * h, (d.say("form_keys"), Mark("question")), "_" * 24)


def confirmation(d: Draft) -> None:
    """The seller's confirmation or offer."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.92 * w
    blocks.logo(d, right, 48, "right")
    y = blocks.party(d, x, blocks.sender_line(d, x, 0.15 * h), "buyer")
    low = blocks.meta(d, 0.58 * w, 0.15 * h, 0.34 * w, _head(d, ORDER_HEAD))
    y = blocks.title(d, x, max(y, low, 0.3 * h) + d.pitch, full=0.5) + d.pitch
    y = blocks.sentences(d, x, y, right - x, "prose", 1) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.76 * h)
    if done:
        y = _sums(d, 0.55 * w, y + d.pitch, right) + d.pitch
        blocks.terms(d, x, y, right - x)
    blocks.footer(d, 0.92 * h)


def order_grid(d: Draft) -> None:
    """Boxes of keys, the lines, signatures."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.05 * w, 0.95 * w
    y = blocks.title(d, w / 2, 40, align="center", full=0.3) + d.pitch
    y = blocks.grid(d, x, y, right - x, _head(d, ORDER_HEAD, 3, 7), 4) + 0.5 * d.pitch
    low = blocks.keyed_party(d, x, y, "seller", 0.15 * w)
    y = max(low, blocks.keyed_party(d, 0.52 * w, y, "buyer", 0.15 * w)) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.75 * h)
    if done:
        _sums(d, 0.6 * w, y + d.pitch, right)


def delivery_note(d: Draft) -> None:
    """Goods without prices, a line to sign on."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.09 * w, 0.92 * w
    low = blocks.party(d, 0.62 * w, 45, "seller", extras=("seller_phone", "seller_email"))
    y = blocks.party(d, x, 0.14 * h, "buyer")
    y = blocks.title(d, x, max(y, low) + 1.5 * d.pitch, full=0.6) + 0.5 * d.pitch
    y = blocks.inline_row(d, x, y, right - x, _head(d, NOTE_HEAD)) + d.pitch
    if d.chance(0.5):
        y = blocks.party(d, x, y, "ship_to", heading=True) + d.pitch
    y, _ = tables.items(d, x, y, right - x, 0.8 * h, only_goods=True)
    y = min(y + 2 * d.pitch, 0.88 * h)
    blocks.sentences(d, x, y, right - x, "legal", 1)
    d.canvas.put(x, 0.93 * h, (d.say("form_keys"), Mark("question")), "_" * 24)


def packing_slip(d: Draft) -> None:
    """Keys in a row, ship-to in large type, quantities ordered and shipped."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.94 * w
    blocks.party(d, x, 40, "seller")
    blocks.title(d, right, 44, align="right")
    y = 0.16 * h
    low = blocks.party(d, x, y, "ship_to", heading=True, size=d.size * 1.15)
    y = max(low, blocks.party(d, 0.52 * w, y, "buyer", heading=True)) + d.pitch
    y = blocks.head_row(d, x, y, right - x, _head(d, NOTE_HEAD, 1, 3)) + d.pitch
    kinds = d.rng.choice(
        (
            ("article_number", "description", "quantity"),
            ("quantity", "unit", "article_number", "description"),
        )
    )
    tables.items(d, x, y, right - x, 0.85 * h, kinds)


def waybill(d: Draft) -> None:
    """A freight paper of boxes: sender, receiver, packages, weights."""
    w, h = d.canvas.width, d.canvas.height
    x, middle, right = 0.06 * w, 0.52 * w, 0.94 * w
    y = blocks.title(d, x, 42) + 0.5 * d.pitch
    low = blocks.keyed_party(d, x, y, "seller", 0.14 * w)
    pairs = _head(d, NOTE_HEAD, 2, 4)
    for key in ("kg", "m³", "Colli"):
        question, answer = Mark("question"), Mark("answer")
        d.links.append((question, answer, "key_value"))
        pairs.append(
            Pair(((key, question),), ((d.formats.number(d.rng.randint(100, 99999), 1), answer),))
        )
    y = max(low, blocks.columns(d, middle, y, pairs)) + d.pitch
    y = blocks.keyed_party(d, x, y, "ship_to", 0.14 * w) + d.pitch
    tables.items(d, x, y, right - x, 0.85 * h, only_goods=True)


def _entries(d: Draft, x: float, y: float, width: float, count: int) -> float:
    """Open items: date, number, amount, balance."""
    names = ("date", "reference", "debit", "credit", "balance")
    edges = [x + share * width for share in (0.0, 0.18, 0.62, 0.8, 1.0)]
    heads = [Mark("question") for _ in names]
    aligns = ("left", "left", "right", "right", "right")
    for name, edge, mark, align in zip(names, edges, heads, aligns, strict=True):
        d.canvas.put(edge, y, (d.say("col." + name), mark), align=align, bold=d.chance(0.5))
    y += 1.4 * d.pitch
    balance = 0
    day = d.content.dates["order_date"]
    for _ in range(count):
        amount = d.rng.randint(500, 500000)
        paid = d.chance(0.3)
        balance += -amount if paid else amount
        day += timedelta(days=d.rng.randint(0, 20))
        cells = [
            d.formats.date(day), serial_number(d.rng, day.year),
            "" if paid else d.formats.number(amount), d.formats.number(amount) if paid else "",
            d.formats.number(balance),
        ]  # fmt: skip
        for text, edge, mark, align in zip(cells, edges, heads, aligns, strict=True):
            if text:
                answer = Mark("answer")
                d.links.append((mark, answer, "key_value"))
                d.canvas.put(edge, y, (text, answer), align=align)
        y += d.pitch
    due: tuple[Span, ...] = d.money("amount_due", balance)
    key = d.key("amount_due")
    d.link_all(key[1], due)
    d.canvas.put(edges[2], y + 0.5 * d.pitch, key, align="right", bold=True)
    d.canvas.put(edges[4], y + 0.5 * d.pitch, *due, align="right", bold=True)
    return y + 2 * d.pitch


def statement(d: Draft) -> None:
    """A statement of account."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.08 * w, 0.93 * w
    low = blocks.party(d, x, 44, "seller", bold=True, extras=("seller_phone",))
    y = blocks.title(d, right, 50, align="right") + d.pitch
    low = max(
        low, blocks.columns(d, 0.6 * w, y, d.pairs(["print_date", "customer_number", "period"]))
    )
    y = blocks.party(d, x, low + d.pitch, "buyer", heading=d.chance(0.5)) + d.pitch
    y = _entries(d, x, y, right - x, d.rng.randint(2, 16))
    blocks.columns(d, x, y, d.pairs(["payment_terms", "iban", "bic", "account"]))
    blocks.sentences(d, x, 0.9 * h, right - x, "legal", 1)


def reminder(d: Draft) -> None:
    """A letter that asks for money again."""
    w = d.canvas.width
    x, right = 0.1 * w, 0.92 * w
    y = blocks.party(d, x, blocks.sender_line(d, x, 0.15 * d.canvas.height), "buyer")
    low = blocks.columns(
        d, 0.6 * w, 0.16 * d.canvas.height, d.pairs(["print_date", "customer_number", "contact"])
    )
    y = blocks.title(d, x, max(y, low) + 2 * d.pitch) + d.pitch
    y = d.canvas.wrap(x, y, right - x, d.say("salutations")) + 0.5 * d.pitch
    y = blocks.sentences(d, x, y, right - x, "prose", 2) + d.pitch
    y = _entries(d, x, y, right - x, d.rng.randint(1, 4))
    y = blocks.terms(d, x, y, right - x) + d.pitch
    d.canvas.put(x, y, d.say("closings"))
    blocks.footer(d, 0.92 * d.canvas.height)


def bank_statement(d: Draft) -> None:
    """A bank's list of movements."""
    w = d.canvas.width
    x, right = 0.07 * w, 0.94 * w
    d.canvas.put(x, 44, (d.content.seller.bank, None), bold=True, size=d.size * 1.4)
    y = blocks.title(d, x, 44 + 2 * d.pitch) + 0.5 * d.pitch
    y = (
        blocks.inline_row(
            d, x, y, right - x, d.pairs(["account", "iban", "bic", "period", "pages"])
        )
        + d.pitch
    )
    y = blocks.party(d, x, y, "buyer") + d.pitch
    _entries(d, x, y, right - x, d.rng.randint(4, 24))


FAMILY = Family(
    "trade",
    9,
    (
        Skeleton(purchase_order, ("order",)),
        Skeleton(confirmation, ("order",)),
        Skeleton(order_grid, ("order",)),
        Skeleton(delivery_note, ("delivery_note",), lines=(1, 14)),
        Skeleton(packing_slip, ("delivery_note",), lines=(1, 14)),
        Skeleton(waybill, ("delivery_note",), lines=(1, 6)),
        Skeleton(statement, ("statement",), lines=(1, 1)),
        Skeleton(reminder, ("statement",), lines=(1, 1)),
        Skeleton(bank_statement, ("statement",), lines=(1, 1)),
    ),
)
