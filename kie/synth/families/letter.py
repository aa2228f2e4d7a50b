"""Invoices in the form of a letter."""

from __future__ import annotations

from kie.synth import blocks, tables
from kie.synth.canvas import Mark, Span
from kie.synth.draft import Draft
from kie.synth.family import Family, Skeleton

HEAD = (
    "invoice_number", "invoice_date", "customer_number", "order_number", "order_date",
    "delivery_date", "delivery_note_number", "due_date", "buyer_reference", "contact", "project",
    "period", "buyer_tax_id", "payment_terms", "pages", "seller_tax_id", "seller_tax_number",
    "quote_number", "seller_phone", "seller_email", "supplier_number",
)  # fmt: skip


def some_head(d: Draft, least: int, most: int) -> list[str]:
    """Names for the block of numbers: the document's own first or among the others."""
    own = [d.number_name, d.date_name]
    rest = [name for name in HEAD if name not in own]
    chosen = own + d.rng.sample(rest[:13] if d.chance(0.8) else rest, d.rng.randint(least, most))
    if d.chance(0.4):
        d.rng.shuffle(chosen)
    return chosen


def din(d: Draft) -> None:
    """Window address on the left, block of numbers on the right, footer in columns."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.1 * w, 0.93 * w
    if d.chance(0.7):
        blocks.logo(
            d, d.rng.choice((left, right, 0.5 * w)) if d.chance(0.5) else right, 48, "right"
        )
    y = 0.155 * h
    if d.chance(0.75):
        y = blocks.sender_line(d, left, y)
    blocks.party(d, left, y + 6, "buyer", heading=d.chance(0.1))
    x = 0.58 * w
    low = blocks.meta(d, x, 0.15 * h, right - x, d.pairs(some_head(d, 1, 6)))
    y = max(0.34 * h, low + 10)
    y = blocks.title(d, left, y, full=0.45) + d.pitch
    if d.chance(0.8):
        y = blocks.sentences(d, left, y, right - left, "intro", d.rng.randint(1, 2)) + d.pitch
    y, done = tables.items(d, left, y, right - left, 0.78 * h)
    if done and y < 0.76 * h:
        y = tables.totals_any(d, left, y + d.pitch, right - left) + d.pitch
        if len(d.content.taxes) > 1 and d.chance(0.5) and y < 0.8 * h:
            y = tables.tax_table(d, left, y, 0.5 * w)
        if y < 0.84 * h:
            y = blocks.terms(d, left, y, right - left)
        if y < 0.84 * h:
            blocks.sentences(d, left, y, right - left, "legal", d.rng.randint(0, 2))
    blocks.footer(d, 0.92 * h)


def logo_right(d: Draft) -> None:
    """Sender with all contact data on the right, numbers in the title or in running text."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.11 * w, 0.9 * w
    x = 0.63 * w
    extras = [n for n in ("seller_phone", "fax", "seller_email", "seller_web") if d.chance(0.7)]
    extras += [n for n in ("seller_tax_id", "seller_tax_number") if d.chance(0.3)]
    low = blocks.party(d, x, 0.06 * h, "seller", extras=extras, bold=True)
    y = blocks.party(d, left, max(0.14 * h, 100), "buyer")
    y = max(y, low) + d.pitch
    place = d.say("places")
    date = d.value(d.date_name)
    d.canvas.put(right, y, place + ",", *date, align="right")
    y += 2.2 * d.pitch
    y = blocks.title(d, left, y, full=0.85) + 0.6 * d.pitch
    y = blocks.inline_list(d, left, y, d.pairs(d.rng.sample(HEAD[2:9], d.rng.randint(0, 3))))
    if d.chance(0.6):
        y = blocks.sentences(d, left, y + d.pitch, right - left, "intro", 2)
    y, done = tables.items(d, left, y + d.pitch, right - left, 0.75 * h)
    if done:
        y = tables.totals_any(d, left, y + 0.7 * d.pitch, right - left) + 1.5 * d.pitch
        if y < 0.85 * h:
            y = blocks.bank_sentence(d, left, y, right - left) + d.pitch
        if y < 0.88 * h:
            y = blocks.sentences(d, left, y, right - left, "thanks")
            d.canvas.put(left, y + 2 * d.pitch, (d.content.seller.contact, None))


def us_classic(d: Draft) -> None:
    """Seller left, large title right, bill-to and ship-to, a bar of keys, the table, sums."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.07 * w, 0.93 * w
    d.canvas.put(right, 60, (d.title_text(), Mark("header")), size=d.size * 2.4, align="right")
    extras = [n for n in ("seller_phone", "fax", "seller_email", "seller_web") if d.chance(0.5)]
    y = blocks.party(d, left, 50, "seller", extras=extras, bold=True)
    head = blocks.columns if d.chance(0.6) else blocks.inline_list
    y = max(y, head(d, 0.66 * w, 88, d.pairs(some_head(d, 0, 2)))) + 1.5 * d.pitch
    low = blocks.party(d, left, y, "buyer", heading=True)
    if d.chance(0.6):
        low = max(low, blocks.party(d, 0.52 * w, y, "ship_to", heading=True))
    y = low + d.pitch
    names = ["order_number", "payment_terms", "contact", "delivery_date", "due_date", "tracking"]
    if d.chance(0.7):
        chosen = d.pairs(d.rng.sample(names, d.rng.randint(3, 5)))
        y = blocks.head_row(d, left, y, right - left, chosen) + d.pitch
    y, done = tables.items(d, left, y, right - left, 0.74 * h)
    if done:
        y = max(y, d.rng.uniform(0.4, 0.72) * h) if d.chance(0.4) else y
        low = tables.totals(d, 0.62 * w, y + d.pitch, right - 4, tables.total_pairs(d))
        if d.chance(0.6):
            blocks.sentences(d, left, y + d.pitch, 0.42 * w, "legal", d.rng.randint(1, 3))
        y = low + d.pitch
    d.canvas.put(w / 2, 0.93 * h, d.say("thanks"), align="center")


def centred(d: Draft) -> None:
    """A centred letterhead over everything, keys side by side."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.09 * w, 0.91 * w
    y = blocks.party(d, w / 2, 45, "seller", align="center", bold=True, size=d.size * 1.15)
    contact = d.pairs(
        [n for n in ("seller_phone", "fax", "seller_email", "seller_tax_id") if d.chance(0.6)]
    )
    spans: list[Span] = [span for pair in contact for span in (*pair.key, *pair.value)]
    if spans:
        d.canvas.put(w / 2, y, *spans, size=d.size * 0.85, align="center")
    y = blocks.title(d, w / 2, y + 2.5 * d.pitch, align="center", full=0.2) + d.pitch
    y = blocks.inline_row(d, left, y, right - left, d.pairs(some_head(d, 1, 4))) + d.pitch
    y = blocks.party(
        d, left, y, "buyer", heading=d.chance(0.8), extras=("buyer_tax_id",)[: d.rng.randint(0, 1)]
    )
    y, done = tables.items(d, left, y + d.pitch, right - left, 0.78 * h)
    if done:
        y = tables.totals_any(d, left, y + d.pitch, right - left)
        y = blocks.columns(d, left, y + d.pitch, d.pairs(["payment_method", "bank", "iban", "bic"]))
    d.canvas.put(w / 2, 0.95 * h, d.say("legal"), align="center", size=d.size * 0.7)


def reference_line(d: Draft) -> None:
    """A row of references above the title, as in older letters."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.115 * w, 0.93 * w
    blocks.logo(d, left, 50)
    y = blocks.sender_line(d, left, 0.16 * h)
    y = blocks.party(d, left, y, "buyer")
    y = max(y, 0.29 * h) + d.pitch
    names = [
        "buyer_reference",
        "order_date",
        "contact",
        "seller_phone",
        d.date_name,
        "customer_number",
    ]
    y = blocks.head_row(d, left, y, right - left, d.pairs(d.rng.sample(names, d.rng.randint(3, 5))))
    y = blocks.title(d, left, y + 1.5 * d.pitch, full=0.9) + d.pitch
    y = blocks.sentences(d, left, y, right - left, "intro", 2) + d.pitch
    y, done = tables.items(d, left, y, right - left, 0.72 * h)
    if done:
        pairs = tables.total_pairs(d)
        if len(pairs) <= 5 and d.chance(0.5):
            y = blocks.head_row(d, left, y + d.pitch, right - left, pairs)
        else:
            y = tables.totals(d, left, y + d.pitch, right - 0.6 * d.size, pairs)
        y = blocks.terms(d, left, y + d.pitch, right - left) + d.pitch
        if y < 0.84 * h:
            d.canvas.put(left, y, d.say("closings"))
    blocks.footer(d, 0.91 * h, 3)


def running_text(d: Draft) -> None:
    """Fees told in sentences, the sums as indented lines."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.13 * w, 0.87 * w
    y = blocks.party(d, left, 0.06 * h, "seller", bold=d.chance(0.5), extras=("seller_phone",))
    y = blocks.party(d, left, y + 2 * d.pitch, "buyer") + d.pitch
    d.canvas.put(right, y, *d.value(d.date_name), align="right")
    y = blocks.title(d, left, y + 2 * d.pitch, scale=1.1, full=0.6) + d.pitch
    for pair in d.pairs([d.number_name, "project", "order_number"][: d.rng.randint(0, 3)]):
        y = d.canvas.wrap(left, y, right - left, *pair.key, *pair.value)
    y = d.canvas.wrap(left, y + d.pitch, right - left, d.say("salutations")) + 0.5 * d.pitch
    y = blocks.sentences(d, left, y, right - left, "intro", 3) + d.pitch
    for row, item in enumerate(d.content.items[:6]):
        about = d.answer("line.description", item.description, row)
        amount = d.money("line.amount", item.amount, row)
        d.canvas.put(left + 20, y, about)
        d.canvas.put(right, y, *amount, align="right")
        d.links += [
            (about[1], span[1], "same_row")
            for span in amount
            if not isinstance(span, str) and span[1] is not None
        ]
        y += d.pitch
    if len(d.content.items) <= 6:
        y = tables.totals(d, left + 20, y + 0.5 * d.pitch, right, tables.total_pairs(d)) + d.pitch
        y = blocks.terms(d, left, y, right - left)
        y = blocks.bank_sentence(d, left, y + 0.5 * d.pitch, right - left) + d.pitch
    y = d.canvas.wrap(left, y, right - left, d.say("closings")) + 2 * d.pitch
    d.canvas.put(left, y, d.content.seller.contact)
    if d.chance(0.5):
        blocks.footer(d, max(y + 2 * d.pitch, 0.93 * h), 3)


def sidebar(d: Draft) -> None:
    """A narrow column with the seller and all numbers beside the letter."""
    w, h = d.canvas.width, d.canvas.height
    on_left = d.chance(0.5)
    side, left = (0.05 * w, 0.3 * w) if on_left else (0.76 * w, 0.07 * w)
    right = left + 0.65 * w
    small = d.size * 0.85
    y = blocks.logo(d, side if not on_left else 0.05 * w, 50)
    y = blocks.party(d, side, y + 2 * d.pitch, "seller", size=small)
    for pair in d.pairs(["seller_phone", "seller_email", "seller_tax_id", "iban", "bic"]):
        d.canvas.put(side, y, *pair.key, size=small)
        y = d.canvas.wrap(side, y + small * 1.2, 0.19 * w, *pair.value, size=small) + 2
    blocks.stacked(d, side, y + 2 * d.pitch, d.pairs(some_head(d, 1, 3)))
    y = blocks.party(d, left, 0.15 * h, "buyer", heading=d.chance(0.3))
    y = blocks.title(d, left, max(y + 2 * d.pitch, 0.3 * h), full=0.4) + d.pitch
    y = blocks.sentences(d, left, y, right - left, "intro") + d.pitch
    kinds = ("description", "quantity", "unit_price", "amount")
    y, done = tables.items(d, left, y, right - left, 0.78 * h, kinds if d.chance(0.6) else ())
    if done:
        y = tables.totals(d, left + 0.2 * w, y + d.pitch, right, tables.total_pairs(d))
        y = blocks.terms(d, left, y + d.pitch, right - left)
    blocks.sentences(d, left, 0.93 * h, right - left, "legal", 1, size=small)


def continuation(d: Draft) -> None:
    """The last page of several: a carry-over, the rest of the lines, the sums."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.1 * w, 0.92 * w
    names = [name for name in (d.number_name, d.date_name, "customer_number") if d.chance(0.7)]
    blocks.inline_row(d, left, 40, right - left, d.pairs([*names, "pages"]))
    y = 80.0
    first = d.rng.randint(4, 40)
    for index, item in enumerate(d.content.items):
        item.position = str(first + index)
    carried = d.rng.randint(1000, 900000)
    if d.chance(0.6):
        d.canvas.put(left, y, (d.key_text("carried"), None))
        d.canvas.put(right, y, d.formats.number(carried), align="right")
        y += 1.5 * d.pitch
    y, done = tables.items(d, left, y, right - left, 0.7 * h, heads=d.chance(0.7))
    if done:
        y = tables.totals_any(d, left, y + d.pitch, right - left) + d.pitch
        if d.chance(0.5):
            y = tables.tax_table(d, left, y, 0.5 * w)
        y = blocks.terms(d, left, y, right - left) + d.pitch
        y = blocks.columns(
            d, left, y, d.pairs([n for n in ("bank", "iban", "bic") if d.chance(0.8)])
        )
        y = blocks.sentences(d, left, y + d.pitch, right - left, "legal", d.rng.randint(1, 6))
    if d.chance(0.7):
        blocks.footer(d, max(0.92 * h, y + 2 * d.pitch))


def buyer_right(d: Draft) -> None:
    """Seller and numbers on the left, the buyer in a window on the right."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.06 * w, 0.94 * w
    extras = [
        n
        for n in ("seller_phone", "seller_email", "seller_web", "seller_tax_id", "register")
        if d.chance(0.5)
    ]
    y = blocks.party(d, left, 50, "seller", extras=extras, bold=True)
    low = blocks.party(d, 0.56 * w, d.rng.uniform(0.1, 0.17) * h, "buyer", heading=d.chance(0.25))
    if d.chance(0.5):
        y = blocks.title(d, left, y + 1.5 * d.pitch, full=0.4)
        y = blocks.meta(d, left, y, 0.4 * w, d.pairs(some_head(d, 1, 4)))
        y = max(y, low) + d.pitch
    else:
        y = blocks.title(d, left, max(y, low) + 2 * d.pitch, full=0.4)
        y = blocks.inline_row(d, left, y, right - left, d.pairs(some_head(d, 1, 4))) + d.pitch
    y, done = tables.items(d, left, y, right - left, 0.74 * h)
    if done:
        top = y + d.pitch
        if d.chance(0.6):
            tables.tax_table(d, left, top, 0.38 * w)
        y = tables.totals(d, 0.6 * w, top, right, tables.total_pairs(d))
        y = max(y, top + d.pitch * (len(d.content.taxes) + 2)) + d.pitch
        chosen = d.pairs(["payment_method", "payment_terms", "due_date", "iban", "bic"])
        y = blocks.columns(d, left, y, chosen[d.rng.randint(0, 2) :])
        y = blocks.sentences(
            d, left, y + d.pitch, right - left, "legal", d.rng.randint(1, 4), d.size * 0.8
        )
    d.canvas.put(
        w / 2, 0.965 * h, d.content.seller.name, "-", " ".join(d.content.seller.address),
        size=d.size * 0.75, align="center",
    )  # fmt: skip


def freelancer(d: Draft) -> None:
    """Little text, much space, no rules: numbers as small keys over their values."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.12 * w, 0.88 * w
    d.canvas.put(left, 70, (d.title_text(), Mark("header")), size=d.size * d.rng.uniform(2, 3.2))
    y = blocks.grid(d, left, 120, right - left, d.pairs(some_head(d, 1, 2)), 4)
    y += 2 * d.pitch
    middle = d.rng.choice((0.4, 0.5)) * w
    heading = d.chance(0.7)
    low = blocks.party(
        d, left, y, "seller", heading=heading, extras=("seller_email",)[: d.rng.randint(0, 1)]
    )
    y = max(low, blocks.party(d, middle, y, "buyer", heading=heading)) + 2 * d.pitch
    kinds = d.rng.choice(
        (("description", "amount"), ("description", "quantity", "unit_price", "amount"))
    )
    y, done = tables.items(d, left, y, right - left, 0.75 * h, kinds, heads=d.chance(0.7))
    if done:
        y = tables.totals(d, middle, y + 1.5 * d.pitch, right, tables.total_pairs(d)) + 2 * d.pitch
        y = blocks.stacked(
            d, left, y, d.pairs(["payment_terms", "due_date", "iban", "bic", "account"])
        )
        blocks.sentences(d, left, y + d.pitch, 0.6 * w, "thanks")


def with_slip(d: Draft) -> None:
    """A letter whose lowest third repeats payee, number and amount on a slip to cut off."""
    w, h = d.canvas.width, d.canvas.height
    left, right = 0.09 * w, 0.92 * w
    y = blocks.party(d, left, 45, "seller", bold=True)
    blocks.columns(d, 0.6 * w, 45, d.pairs(some_head(d, 1, 4)))
    y = blocks.party(d, left, max(y + d.pitch, 0.15 * h), "buyer")
    y = blocks.title(d, left, y + 1.5 * d.pitch) + 0.5 * d.pitch
    y, done = tables.items(d, left, y, right - left, 0.55 * h)
    if done:
        tables.totals(d, 0.55 * w, y + d.pitch, right, tables.total_pairs(d))
    y = 0.75 * h
    d.canvas.put(left, y, "- " * 60, size=d.size * 0.8)
    y += 1.5 * d.pitch
    low = blocks.party(d, left, y, "seller", heading=d.chance(0.7))
    names = [d.number_name, "customer_number", "due_date", "amount_due", "iban", "bic"]
    if "amount_due" not in d.content.amounts:
        names[3] = "total_gross"
    blocks.columns(d, 0.5 * w, y, d.pairs([name for name in names if d.chance(0.8)]), right=right)
    blocks.party(d, left, low + d.pitch, "buyer", size=d.size * 0.9)


KINDS = ("invoice",) * 16 + ("credit_note",)

FAMILY = Family(
    "letter",
    20,
    (
        Skeleton(din, KINDS, lines=(1, 14)),
        Skeleton(logo_right, KINDS),
        Skeleton(us_classic, KINDS, lines=(1, 14)),
        Skeleton(centred, KINDS),
        Skeleton(reference_line, KINDS),
        Skeleton(running_text, KINDS, lines=(1, 6), mono=0.15),
        Skeleton(sidebar, KINDS, lines=(1, 8)),
        Skeleton(continuation, KINDS, lines=(1, 30)),
        Skeleton(buyer_right, KINDS, lines=(1, 16)),
        Skeleton(freelancer, KINDS, lines=(1, 6)),
        Skeleton(with_slip, KINDS, lines=(1, 7)),
    ),
)
