"""Invoices that look like a form, broadcasters' and agencies' among them."""

from __future__ import annotations

from kie.synth import blocks, tables
from kie.synth.canvas import Mark, Span
from kie.synth.draft import Draft, Pair
from kie.synth.families.letter import some_head
from kie.synth.family import Family, Skeleton
from kie.synth.ids import digits, letters

STATIONS = ("WKQT", "KBLR", "WXDM", "KTVN", "WPRL", "KOVE", "WNGB", "KSMA", "WDZT", "KRYL")
AGENCIES = ("Media Partners", "Strategic Buyers", "Airtime Group", "Spot Planning", "Reach Media")
CAMPAIGNS = (
    "for Senate",
    "for Congress",
    "2020",
    "Action Fund",
    "PAC",
    "for Governor",
    "Committee",
)
SHOWS = (
    "Morning News", "News at 6", "Late Show", "Game Night", "Sunday Sports", "Evening Edition",
    "Talk at Noon", "Movie of the Week", "Weather First", "Daybreak", "Prime Access",
)  # fmt: skip


def _plain(d: Draft, key: str, value: str) -> Pair:
    """A pair outside the schema."""
    question, answer = Mark("question"), Mark("answer")
    d.links.append((question, answer, "key_value"))
    end = d.style.colon if key[-1] not in "#." else ""
    return Pair(((key + end, question),), ((value, answer),))


def _named(d: Draft, key: str, name: str) -> Pair:
    """A pair of the schema under a key of this trade."""
    question = Mark("question")
    value = d.value(name)
    d.link_all(question, value)
    return Pair(((key + d.style.colon, question),), value)


def _flight(d: Draft) -> str:
    dates = d.content.dates
    return " - ".join(d.formats.date(dates[name]) for name in ("order_date", "due_date"))


def broadcast_pairs(d: Draft) -> list[Pair]:
    """What a station's invoice or contract tells at its head."""
    rng = d.rng
    surname = d.locale.pick(rng, "surnames")
    pairs = [
        _named(d, rng.choice(("Invoice #", "Invoice Number", "Invoice")), "invoice_number"),
        _named(d, rng.choice(("Invoice Date", "Date")), "invoice_date"),
        _plain(d, rng.choice(("Invoice Month", "Month")), rng.choice(("May 2020", "10/2018"))),
        _named(d, rng.choice(("Invoice Period", "Billing Period")), "period"),
        _named(d, rng.choice(("Order #", "Contract #", "Contract / Revision")), "order_number"),
        _plain(d, "Alt Order #", digits(rng, 8)),
        _plain(d, rng.choice(("Deal #", "Deal")), digits(rng, 5)),
        _plain(d, "Flight Dates", _flight(d)),
        _plain(d, "Advertiser", f"{surname} {rng.choice(CAMPAIGNS)}"),
        _plain(d, "Product", rng.choice(("Issue", "Candidate", surname.upper(), "Primary"))),
        _plain(d, rng.choice(("Estimate #", "Estimate")), digits(rng, 4)),
        _plain(d, rng.choice(("Account Executive", "Primary AE")), d.content.seller.contact),
        _plain(d, "Sales Office", rng.choice(("NATIONAL", "WASHINGTON", "LOCAL", "DALLAS"))),
        _plain(d, "Sales Region", rng.choice(("National", "Local", "Regional"))),
        _plain(d, rng.choice(("Agency Code", "Agency Ref")), digits(rng, 7)),
        _plain(d, rng.choice(("Advertiser Code", "Advertiser Ref")), digits(rng, 4)),
        _plain(d, "Billing Calendar", rng.choice(("Broadcast", "Calendar"))),
        _plain(d, "Billing Type", rng.choice(("Cash", "Trade", "Weekly"))),
        _plain(d, "Special Handling", rng.choice(("None", "Fax copy", "-"))),
        _plain(d, "Product 1", digits(rng, 3)),
        _plain(d, "Demographic", rng.choice(("Adults 35+", "A25-54", "W18-49"))),
    ]  # fmt: skip
    keep = [pair for pair in pairs[:2] if d.chance(0.95)]
    return keep + [pair for pair in pairs[2:] if d.chance(0.55)]


SPOT_HEADS = (
    "Line", "Start Date", "End Date", "Description", "Start/End Time", "MTWTFSS", "Length", "Spots",
    "Rate", "Amount",
)  # fmt: skip


def _spots(d: Draft, x: float, y: float, width: float, bottom: float) -> float:
    """Lines of spots: dates, weekdays, times, a programme, a rate; often rows of airings."""
    rng = d.rng
    edges = (0.0, 0.05, 0.14, 0.23, 0.41, 0.56, 0.67, 0.74, 0.82, 0.92)
    marks = [Mark("question") for _ in SPOT_HEADS]
    for head, edge, mark in zip(SPOT_HEADS, edges, marks, strict=True):
        d.canvas.put(x + edge * width, y, (head, mark), size=d.size * 0.85)
    y += 1.5 * d.pitch
    airings = d.chance(0.5)
    for row, item in enumerate(d.content.items):
        if y > bottom:
            break
        item.description = rng.choice(SHOWS) if d.chance(0.8) else f"M-F {rng.choice(SHOWS)}"
        days = "".join(sign if rng.random() < 0.6 else "-" for sign in "MTWTFSS")
        hour = rng.randint(1, 11)
        cells: list[tuple[Span, ...]] = [
            (d.answer("line.position", item.position, row),),
            (d.formats.date(d.content.dates["order_date"]),),
            (d.formats.date(d.content.dates["delivery_date"]),),
            (d.answer("line.description", item.description, row),),
            (f"{hour}:00 PM-{hour + 1}:00 PM" if d.chance(0.6) else f"{hour}a-{hour}:30a",),
            (days,),
            (rng.choice((":30", ":60", "0:30", "30")),),
            (d.answer("line.quantity", str(item.quantity // 1000 or 1), row),),
            d.money("line.unit_price", item.price, row),
            d.money("line.amount", item.amount, row),
        ]
        first = cells[3][0]
        for edge, mark, spans in zip(edges, marks, cells, strict=True):
            d.link_all(mark, spans)
            d.canvas.put(x + edge * width, y, *spans, size=d.size * 0.85)
            for span in spans:
                if not isinstance(span, str) and span is not first and not isinstance(first, str):
                    _same_row(d, first[1], span[1])
        y += d.pitch
        if airings:
            for airing in range(rng.randint(1, 3)):
                clock = f"{rng.randint(1, 12)}:{rng.randint(0, 59):02d} {rng.choice(('AM', 'PM'))}"
                d.canvas.put(
                    x + 0.08 * width, y, str(airing + 1), rng.choice(STATIONS),
                    rng.choice(("M", "Tu", "W", "Th", "F")),
                    d.formats.date(d.content.dates["order_date"]), clock, item.description, ":30",
                    letters(rng, 4) + digits(rng, 6), d.formats.number(item.price),
                    size=d.size * 0.8,
                )  # fmt: skip
                y += d.size
    return y


def _same_row(d: Draft, first: Mark | None, other: Mark | None) -> None:
    if first is not None and other is not None:
        d.links.append((first, other, "same_row"))


GROSS_KEYS = ("Gross Total", "Gross Amount", "Total Gross", "Actual Gross Billing", "Gross Billing")
NET_KEYS = ("Net Due", "Net Amount Due", "Net Total", "Amount Due", "Total Due", "Net Amount")
COMMISSION_KEYS = ("Agency Commission", "Agency Comm", "Commission 15%")


def _broadcast_sums(d: Draft, x: float, y: float, right: float) -> float:
    """Gross, agency commission, net due: the gross of this trade is before the commission."""
    amounts = d.content.amounts
    subtotal = sum(item.amount for item in d.content.items)
    amounts.clear()
    commission = round(subtotal * 0.15)
    amounts.update(total_gross=subtotal, discount=commission, amount_due=subtotal - commission)
    rows = [
        _named(d, d.rng.choice(GROSS_KEYS), "total_gross"),
        _named(d, d.rng.choice(COMMISSION_KEYS), "discount"),
        _named(d, d.rng.choice(NET_KEYS), "amount_due"),
    ]  # fmt: skip
    return tables.totals(d, x, y, right, rows)


def station(d: Draft) -> None:
    """A station's invoice: call sign, billing address, a ruled box of keys, spots."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.04 * w, 0.96 * w
    title = d.rng.choice(("INVOICE", "CONTRACT", "ORDER", "Invoice"))
    d.canvas.put(w / 2, 36, (title, Mark("header")), size=1.8 * d.size, align="center", bold=True)
    call = d.rng.choice(STATIONS) + d.rng.choice(("", "-TV", "-FM", "-AM"))
    d.canvas.put(0.2 * w, 48, (call, None), bold=True)
    low = blocks.party(d, 0.2 * w, 60, "seller", extras=("seller_phone",))
    d.canvas.put(x, low + d.pitch, ("Billing Address:", Mark("question")), size=d.size * 0.9)
    low = blocks.party(d, 0.12 * w, low + 2.5 * d.pitch, "buyer", heading=False)
    if d.chance(0.6):
        d.canvas.put(x, low + d.pitch, ("Send Payment To:", Mark("question")), size=d.size * 0.9)
        low = blocks.party(d, 0.12 * w, low + 2.3 * d.pitch, "seller")
    pairs = broadcast_pairs(d)
    low = max(low, blocks.columns(d, 0.55 * w, 58, pairs, gap=0.17 * w, size=d.size * 0.9))
    y = _spots(d, x, low + 1.5 * d.pitch, right - x, 0.82 * h)
    if y < 0.86 * h:
        y = _broadcast_sums(d, 0.6 * w, y + d.pitch, right)
    d.canvas.wrap(x, 0.93 * h, right - x, d.say("legal"), size=d.size * 0.7)


def radio_order(d: Draft) -> None:
    """An order or confirmation of air time: three groups of keys, a month table, few lines."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.05 * w, 0.95 * w
    d.canvas.put(
        w / 2,
        34,
        (d.rng.choice(("ORDER", "Contract", "INVOICE")), Mark("header")),
        bold=True,
        size=d.size * 1.8,
    )
    d.canvas.put(
        0.6 * w, 22, "Print Date", d.formats.date(d.content.dates["print_date"]), size=d.size * 0.8
    )
    pairs = broadcast_pairs(d)
    half = -(-len(pairs) // 2)
    y = blocks.columns(d, x, 70, pairs[:half], gap=0.16 * w)
    y = max(y, blocks.columns(d, 0.55 * w, 70, pairs[half:], gap=0.18 * w)) + d.pitch
    low = blocks.keyed_party(d, x, y, "buyer", 0.14 * w)
    y = max(low, blocks.party(d, 0.55 * w, y, "seller", extras=("seller_phone", "fax"))) + d.pitch
    y = _spots(d, x, y, right - x, 0.8 * h) + d.pitch
    _broadcast_sums(d, 0.62 * w, y, right)


def ad_bill(d: Draft) -> None:
    """An agency's bill: a grid of boxes with a key in the corner of each."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.05 * w, 0.95 * w
    y = blocks.logo(d, x, 40)
    blocks.party(d, x, y + d.pitch, "seller", size=d.size * 0.9)
    d.canvas.put(0.75 * w, 40, (d.title_text(), Mark("header")), size=d.size * 1.6, bold=True)
    pairs = broadcast_pairs(d)[:12]
    y = blocks.grid(d, 0.45 * w, 70, 0.5 * w, pairs, 3) + d.pitch
    y = max(y, 0.2 * h)
    agency = d.rng.choice(AGENCIES)
    y = blocks.inline_list(d, x, y, [_plain(d, "Agency", agency)])
    y = blocks.party(d, x, y + d.pitch, "buyer", heading=d.chance(0.7)) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.75 * h)
    if done:
        _broadcast_sums(d, 0.6 * w, y + d.pitch, right)


def boxed(d: Draft) -> None:
    """Sender and receiver in a tall box on the left, small keys over values on the right."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.95 * w
    small = d.chance(0.7)
    for role, top in (("seller", 45.0), ("buyer", 0.15 * h)):
        key = d.key("seller_name" if role == "seller" else "buyer_name", colon=False)
        d.canvas.put(x, top, key, size=d.size * (0.65 if small else 1.0))
        blocks.party(d, x + 15, top + 1.5 * d.pitch, role, abroad=0.5)
    y = blocks.title(d, 0.6 * w, 60, scale=1.2, full=0.15) + 4
    step = d.size * d.rng.uniform(1.3, 1.6)
    for pair in d.pairs(some_head(d, 2, 5)):
        d.canvas.put(0.6 * w, y, *pair.key, size=d.size * (0.65 if small else 0.9))
        d.canvas.put(
            right, y + (step * 0.55 if small else 0), *pair.value, align="right", bold=True
        )
        y += step * (1.1 if small else 1)
    y = blocks.sentences(
        d, 0.6 * w, y + 8, right - 0.6 * w, "legal", d.rng.randint(0, 2), d.size * 0.85
    )
    y = max(y, 0.28 * h) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.7 * h)
    if done:
        y = (
            tables.totals(d, x + 20, y + d.pitch, right - d.size * 3, tables.total_pairs(d))
            + 2 * d.pitch
        )
        y = blocks.bank_sentence(d, x, y, right - x) + d.pitch
        chosen = d.pairs(
            [
                "account",
                "iban",
                "register",
                "bank",
                "bic",
                "seller_tax_id",
                "director",
                "seller_tax_number",
            ]
        )
        blocks.inline_row(d, x, y, right - x, chosen)


def two_grids(d: Draft) -> None:
    """Two rows of cells, each with a key above its value, then the table."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.94 * w
    y = blocks.party(d, x, 45, "seller", bold=True)
    blocks.title(d, right, 45, align="right", full=0.1)
    y = (
        blocks.grid(d, x, y + d.pitch, right - x, d.pairs(some_head(d, 3, 8)), d.rng.randint(3, 5))
        + d.pitch
    )
    low = blocks.party(d, x, y, "buyer", heading=True)
    y = max(low, blocks.party(d, 0.5 * w, y, "ship_to", heading=True)) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.75 * h)
    if done:
        pairs = tables.total_pairs(d)
        y = blocks.grid(d, x, y + d.pitch, right - x, pairs, min(len(pairs), 4), "right") + d.pitch
        blocks.grid(d, x, y, right - x, d.pairs(["payment_terms", "iban", "bic"]), 3)


def numbered_boxes(d: Draft) -> None:
    """An official sheet whose boxes are numbered: 1 Exporter, 2 Invoice No. and date."""
    w, h = d.canvas.width, d.canvas.height
    x, middle = 0.05 * w, 0.5 * w
    y = 50.0
    d.canvas.put(
        w / 2, 32, (d.title_text(), Mark("header")), align="center", bold=True, size=d.size * 1.3
    )
    number = d.rng.randint(1, 3)
    low = blocks.party(d, x + 8, y + d.size, "seller", heading=True)
    for pair in d.pairs(some_head(d, 2, 5)):
        d.canvas.put(middle, y, f"{number}.", *pair.key, size=d.size * 0.85)
        d.canvas.put(middle + 10, y + d.size * 1.2, *pair.value)
        y += 2.6 * d.size
        number += 1
    y = max(y, low) + d.pitch
    low = blocks.party(d, x + 8, y, "buyer", heading=True, extras=("buyer_tax_id",))
    y = (
        max(low, blocks.stacked(d, middle, y, d.pairs(["payment_terms", "currency", "tracking"])))
        + d.pitch
    )
    y, done = tables.items(d, x, y, 0.9 * w, 0.75 * h, tables.ORDERS[d.rng.choice((1, 6, 14, 17))])
    if done:
        y = tables.totals(d, middle, y + d.pitch, 0.95 * w, tables.total_pairs(d)) + 2 * d.pitch
        y = blocks.sentences(d, x, y, 0.9 * w, "legal", 2) + 2 * d.pitch
        d.canvas.put(x, y, (d.say("form_keys"), Mark("question")), "_" * 24)


def left_rail(d: Draft) -> None:
    """All keys in a rail on the left, values beside them, no address blocks at all."""
    w, h = d.canvas.width, d.canvas.height
    x, gap, right = 0.07 * w, 0.23 * w, 0.93 * w
    y = blocks.title(d, x, 50, full=0.2) + d.pitch
    names = ["seller_name", d.number_name, d.date_name, "buyer_name", "customer_number", "project"]
    names += [
        "due_date",
        "order_number",
        "contact",
        "seller_phone",
        "seller_email",
        "seller_tax_id",
    ]
    chosen = [name for name in names if name in names[:4] or d.chance(0.5)]
    y = blocks.columns(d, x, y, d.pairs(chosen), gap=gap) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.72 * h)
    if done:
        y = blocks.columns(d, x, y + d.pitch, tables.total_pairs(d), gap=gap) + d.pitch
        blocks.columns(
            d, x, y, d.pairs(["payment_terms", "iban", "bic", "bank", "account"]), gap=gap
        )


def service_ticket(d: Draft) -> None:
    """A workshop's sheet: many short pairs in rows, blanks to fill in, sums in the corner."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.94 * w
    y = blocks.party(d, w / 2, 40, "seller", align="center", extras=("seller_phone",), bold=True)
    d.canvas.put(x, y, (d.title_text(), Mark("header")), size=d.size * 1.3, bold=True)
    end = d.pair(d.number_name)
    if end is not None:
        d.canvas.put(right, y, *end.key, *end.value, align="right", size=d.size * 1.1)
    y += 2 * d.pitch
    chosen = d.pairs(
        [d.date_name, "buyer_name", "buyer_phone", "project", "contact", "order_number"]
    )
    blanks = [
        Pair(((d.say("form_keys") + ":", Mark("question")),), ("_" * d.rng.randint(6, 18),))
        for _ in range(4)
    ]
    rows = chosen + blanks
    d.rng.shuffle(rows)
    y = blocks.inline_row(d, x, y, right - x, rows) + d.pitch
    address = d.answer("buyer_address", ", ".join(d.content.buyer.address))
    key = d.key("address")
    d.links.append((key[1], address[1], "key_value"))
    d.canvas.put(x, y, key, address)
    y, done = tables.items(d, x, y + 2 * d.pitch, right - x, 0.7 * h)
    if done:
        low = tables.totals(d, 0.6 * w, y + d.pitch, right, tables.total_pairs(d))
        blocks.sentences(d, x, y + d.pitch, 0.45 * w, "legal", 2)
        d.canvas.put(x, max(low, y) + 2 * d.pitch, (d.say("form_keys"), Mark("question")), "_" * 20)


KINDS = ("invoice",) * 14 + ("credit_note",)

FAMILY = Family(
    "sheet",
    13,
    (
        Skeleton(
            station, ("invoice", "invoice", "order"), lines=(1, 24), sizes=(7, 9), languages=("en",)
        ),
        Skeleton(radio_order, ("order", "invoice"), lines=(1, 8), languages=("en",)),
        Skeleton(ad_bill, ("invoice",), languages=("en",)),
        Skeleton(boxed, KINDS),
        Skeleton(two_grids, KINDS),
        Skeleton(numbered_boxes, KINDS),
        Skeleton(left_rail, KINDS, lines=(1, 8)),
        Skeleton(service_ticket, KINDS, lines=(1, 8)),
    ),
)
