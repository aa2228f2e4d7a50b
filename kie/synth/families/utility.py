"""Bills of suppliers of energy, water and telephone: periods, meters, instalments, slips."""

from __future__ import annotations

from datetime import timedelta

from kie.synth import blocks, tables
from kie.synth.canvas import Mark, Span
from kie.synth.content import Item
from kie.synth.draft import Draft, Pair
from kie.synth.family import Family, Skeleton
from kie.synth.ids import digits

ACCOUNT = (
    "customer_number",
    "contract",
    "invoice_number",
    "invoice_date",
    "period",
    "due_date",
    "meter",
)


def account(d: Draft, least: int = 3) -> list[Pair]:
    """Customer, contract, number and period, in any order."""
    names = d.rng.sample(ACCOUNT, d.rng.randint(least, len(ACCOUNT)))
    if "invoice_number" not in names and d.chance(0.8):
        names.append("invoice_number")
    return d.pairs(names)


def _free(d: Draft, key: str, text: str) -> Pair:
    question, answer = d.key(key), Mark("answer")
    d.links.append((question[1], answer, "key_value"))
    return Pair((question,), ((text, answer),))


def readings(d: Draft) -> list[Pair]:
    """Old and new reading, consumption, tariff."""
    old = d.rng.randint(100, 60000)
    used = d.rng.randint(50, 4000)
    unit = d.rng.choice(("kWh", "m³", "", "kWh"))
    number = d.formats.number
    return [
        _free(d, "reading_old", number(old, 0)),
        _free(d, "reading_new", number(old + used, 0)),
        _free(d, "consumption", f"{number(used, 0)} {unit}".strip()),
        _free(d, "tariff", d.rng.choice(("Basic", "Flex 12", "Eco Plus", "Standard", "Fix 24"))),
    ]


def due_box(d: Draft, x: float, y: float, width: float) -> float:
    """The amount to pay in large type, and until when."""
    name = "amount_due" if "amount_due" in d.content.amounts else "total_gross"
    pairs = d.pairs([name, "due_date"])
    if d.chance(0.5):
        return blocks.grid(d, x, y, width, pairs, 2, d.rng.choice(("left", "center")))
    for pair in pairs:
        size = d.size * (1.6 if pair.strong else 1.0)
        d.canvas.put(x, y, *pair.key)
        d.canvas.put(x, y + size * 1.2, *pair.value, size=size, bold=True)
        y += size * 1.3 + 1.5 * d.pitch
    return y


def charges(d: Draft, x: float, y: float, right: float) -> float:
    """Charges as text and amount."""
    for row, item in enumerate(d.content.items):
        about = d.answer("line.description", item.description, row)
        amount = d.money("line.amount", item.amount, row)
        d.canvas.put(x, y, about)
        d.canvas.put(right, y, *amount, align="right")
        marks = [span[1] for span in amount if not isinstance(span, str)]
        d.links += [(about[1], mark, "same_row") for mark in marks if mark is not None]
        y += d.pitch
    return y


def slip(d: Draft, y: float) -> None:
    """The lowest part of the page, to cut off and send back."""
    w = d.canvas.width
    d.canvas.put(
        0.06 * w, y, d.rng.choice(("- " * 55, "." * 100, d.say("legal"))), size=d.size * 0.8
    )
    y += 2 * d.pitch
    names = ["customer_number", "invoice_number", "due_date"]
    names.append("amount_due" if "amount_due" in d.content.amounts else "total_gross")
    blocks.columns(d, 0.58 * w, y, d.pairs(names), right=0.93 * w)
    low = blocks.party(d, 0.07 * w, y, "buyer", size=d.size * 0.9)
    blocks.party(d, 0.07 * w, low + d.pitch, "seller", heading=d.chance(0.6), size=d.size * 0.9)
    d.canvas.put(0.1 * w, d.canvas.height - 20, digits(d.rng, 20), digits(d.rng, 10))


def power_bill(d: Draft) -> None:
    """Account box on the right, sum in large type, meter table, charges, slip."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.07 * w, 0.93 * w
    blocks.logo(d, x, 48)
    blocks.columns(d, 0.56 * w, 48, account(d), right=right if d.chance(0.5) else 0.0)
    y = blocks.party(d, x, 0.15 * h, "buyer")
    y = blocks.title(d, x, max(y, 0.26 * h) + d.pitch, full=0.2) + d.pitch
    y = due_box(d, x, y, right - x) + d.pitch
    y = blocks.head_row(d, x, y, right - x, readings(d)) + d.pitch
    y = charges(d, x, y, right)
    y = tables.totals(d, x, y + 0.5 * d.pitch, right, tables.total_pairs(d)) + d.pitch
    if d.chance(0.6):
        slip(d, max(y, 0.78 * h))
    else:
        blocks.footer(d, 0.93 * h)


def phone_bill(d: Draft) -> None:
    """A telephone bill: sections per line with call totals."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.9 * w
    low = blocks.party(d, 0.62 * w, 45, "seller", extras=("seller_phone", "seller_web"), bold=True)
    y = blocks.party(d, x, 0.13 * h, "buyer")
    y = max(y, low) + d.pitch
    y = blocks.grid(d, x, y, right - x, account(d), 4)
    y = blocks.title(d, x, y + d.pitch, full=0.3) + 0.5 * d.pitch
    for row, item in enumerate(d.content.items):
        if row % 3 == 0:
            d.canvas.put(x, y, (d.content.buyer.phone, Mark("header")), bold=True)
            y += d.pitch
        minutes = f"{d.rng.randint(0, 400)}:{d.rng.randint(0, 59):02d}"
        about = d.answer("line.description", item.description, row)
        amount = d.money("line.amount", item.amount, row)
        d.canvas.put(x + 10, y, about)
        d.canvas.put(0.65 * w, y, minutes, align="right")
        d.canvas.put(right, y, *amount, align="right")
        d.links += [(about[1], s[1], "same_row") for s in amount if not isinstance(s, str) and s[1]]
        y += d.pitch
    y = tables.totals(d, 0.5 * w, y + d.pitch, right, tables.total_pairs(d)) + d.pitch
    y = blocks.terms(d, x, y, right - x)
    blocks.bank_sentence(d, x, y + d.pitch, right - x)


def us_utility(d: Draft) -> None:
    """An account summary on the left, usage on the right, a payment coupon at the foot."""
    w, h = d.canvas.width, d.canvas.height
    x, middle, right = 0.06 * w, 0.54 * w, 0.94 * w
    blocks.party(d, x, 40, "seller", bold=True, extras=("seller_phone",))
    due_box(d, 0.65 * w, 40, 0.3 * w)
    y = 0.17 * h
    d.canvas.put(x, y, (d.title_text(), Mark("header")), bold=True, size=d.size * 1.2)
    d.canvas.put(middle, y, (d.key_text("consumption"), Mark("header")), bold=True)
    blocks.columns(d, middle, y + 1.5 * d.pitch, readings(d), right=right)
    y = blocks.columns(d, x, y + 1.5 * d.pitch, account(d), right=middle - 20) + d.pitch
    y = blocks.party(d, x, y, "ship_to", heading=True) + d.pitch
    y = charges(d, x, y, middle - 20)
    y = tables.totals(d, x, y, middle - 20, tables.total_pairs(d))
    blocks.sentences(d, middle, 0.42 * h, right - middle, "legal", 4)
    slip(d, max(y + d.pitch, 0.74 * h))


def water_bill(d: Draft) -> None:
    """A notice by a town: centred head, keys in rows, quantity times rate."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.09 * w, 0.91 * w
    y = blocks.party(d, w / 2, 42, "seller", align="center", bold=True)
    y = blocks.title(d, w / 2, y + d.pitch, align="center") + d.pitch
    y = blocks.party(d, x, y, "buyer") + d.pitch
    y = blocks.inline_row(d, x, y, right - x, account(d)) + 0.5 * d.pitch
    y = blocks.inline_row(d, x, y, right - x, readings(d)) + d.pitch
    y, done = tables.items(
        d, x, y, right - x, 0.7 * h, ("description", "quantity", "unit", "unit_price", "amount")
    )
    if done:
        y = tables.totals_any(d, x, y + d.pitch, right - x) + d.pitch
        blocks.columns(d, x, y, d.pairs(["due_date", "bank", "iban", "bic", "account"]))
    blocks.sentences(d, x, 0.9 * h, right - x, "legal", 2, d.size * 0.8)


def two_column_bill(d: Draft) -> None:
    """Two columns of small sections, each with a heading."""
    w, h = d.canvas.width, d.canvas.height
    x, middle, right = 0.06 * w, 0.53 * w, 0.95 * w
    y = blocks.logo(d, middle, 44)
    low = blocks.party(d, x, 60, "buyer", size=d.size * 1.05)
    y = max(y, low) + 2 * d.pitch
    sections = [account(d)[:4], readings(d), tables.total_pairs(d)]
    sections.append(d.pairs(["seller_phone", "seller_email", "seller_web", "seller_tax_id"]))
    sections.append(d.pairs(["payment_method", "mandate", "iban", "bic", "creditor"]))
    d.rng.shuffle(sections)
    lows = [y, y]
    for pairs in sections:
        side = 0 if lows[0] <= lows[1] else 1
        left, edge = ((x, middle - 15), (middle, right))[side]
        d.canvas.put(left, lows[side], (d.say("services"), Mark("header")), bold=True)
        low = blocks.columns(d, left, lows[side] + 1.3 * d.pitch, pairs, right=edge)
        lows[side] = low + d.pitch
    y = charges(d, x, max(lows) + d.pitch, right)
    blocks.party(d, x, max(y + d.pitch, 0.9 * h), "seller", size=d.size * 0.8)


def yearly(d: Draft) -> None:
    """A yearly statement: monthly instalments paid, what is left, the coming instalments."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.92 * w
    blocks.party(d, 0.6 * w, 45, "seller", extras=("seller_phone", "seller_email"))
    y = blocks.sender_line(d, x, 0.15 * h)
    y = blocks.party(d, x, y, "buyer") + 2 * d.pitch
    y = blocks.columns(d, x, y, account(d, 4)) + d.pitch
    y = blocks.title(d, x, y, full=0.3) + d.pitch
    y = blocks.sentences(d, x, y, right - x, "intro", 1) + d.pitch
    y = tables.totals(d, x, y, right, tables.total_pairs(d)) + d.pitch
    day = d.content.dates["due_date"]
    part = d.formats.number(d.rng.randint(2000, 20000))
    for month in range(d.rng.randint(2, 11)):
        d.canvas.put(x + 20, y, d.formats.date(day + timedelta(days=30 * month)))
        d.canvas.put(right, y, part, align="right")
        y += d.pitch
    y = blocks.terms(d, x, y + d.pitch, right - x)
    if y < 0.85 * h:
        blocks.head_row(d, x, y + d.pitch, right - x, readings(d))
    blocks.footer(d, 0.93 * h)


def insurance(d: Draft) -> None:
    """A notice of premium: policy, period, sum in the text and in a frame."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.11 * w, 0.9 * w
    blocks.logo(d, right, 50, "right")
    y = blocks.party(d, x, 0.15 * h, "buyer") + d.pitch
    low = blocks.stacked(d, 0.66 * w, 0.15 * h, account(d)[:5])
    y = max(y, low) + d.pitch
    y = blocks.title(d, x, y, full=0.2) + d.pitch
    y = d.canvas.wrap(x, y, right - x, d.say("salutations")) + 0.5 * d.pitch
    y = blocks.sentences(d, x, y, right - x, "prose", 2) + d.pitch
    y = charges(d, x + 15, y, right - 15)
    y = tables.totals(d, x + 15, y + 0.5 * d.pitch, right - 15, tables.total_pairs(d)) + d.pitch
    y = blocks.terms(d, x, y, right - x)
    y = blocks.bank_sentence(d, x, y + 0.5 * d.pitch, right - x) + d.pitch
    d.canvas.put(x, y, d.say("closings"))
    blocks.footer(d, 0.92 * h, 3)


def toll_list(d: Draft) -> None:
    """Dated single charges (tolls, rides, calls) in a narrow table, many rows."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.08 * w, 0.92 * w
    low = blocks.party(d, x, 42, "seller", extras=("seller_tax_id",))
    low = max(low, blocks.columns(d, 0.58 * w, 42, account(d)))
    y = blocks.party(d, x, low + d.pitch, "buyer", heading=d.chance(0.5)) + d.pitch
    y = blocks.title(d, x, y) + 0.5 * d.pitch
    template: list[Item] = d.content.items
    day = d.content.dates["period_start"]
    head: tuple[Span, ...] = (d.say("col.date"), d.say("col.description"))
    d.canvas.put(x, y, *head)
    d.canvas.put(right, y, d.say("col.amount"), align="right")
    y += d.pitch
    for row, item in enumerate(template):
        if y > 0.75 * h:
            return
        about = d.answer("line.description", item.description, row)
        amount = d.money("line.amount", item.amount, row)
        d.canvas.put(
            x, y, d.formats.date(day + timedelta(days=row)), f"{d.rng.randint(0, 23):02d}:15"
        )
        d.canvas.put(x + 0.22 * w, y, about)
        d.canvas.put(right, y, *amount, align="right")
        d.links += [(about[1], s[1], "same_row") for s in amount if not isinstance(s, str) and s[1]]
        y += d.pitch
    y = tables.totals(d, 0.55 * w, y + d.pitch, right, tables.total_pairs(d)) + d.pitch
    blocks.terms(d, x, y, right - x)


FAMILY = Family(
    "utility",
    8,
    (
        Skeleton(power_bill, lines=(1, 6)),
        Skeleton(phone_bill, lines=(2, 10)),
        Skeleton(us_utility, lines=(1, 5)),
        Skeleton(water_bill, lines=(1, 5)),
        Skeleton(two_column_bill, lines=(1, 5)),
        Skeleton(yearly, lines=(1, 2)),
        Skeleton(insurance, lines=(1, 3)),
        Skeleton(toll_list, lines=(3, 20)),
    ),
)
