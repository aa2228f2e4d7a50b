"""Receipts on a paper roll: tills, restaurants, fuel, parking, cards."""

from __future__ import annotations

from kie.synth import blocks, tables
from kie.synth.canvas import Mark, Span
from kie.synth.content import Item
from kie.synth.draft import Draft, Pair
from kie.synth.family import Family, Skeleton
from kie.synth.ids import digits


class Roll:
    """The roll: one line after the other, between two edges."""

    def __init__(self, d: Draft) -> None:
        self.d = d
        self.left = 0.05 * d.canvas.width
        self.right = 0.95 * d.canvas.width
        self.y = d.rng.uniform(14, 40)
        self.step = d.size * d.rng.uniform(1.12, 1.45)

    @property
    def middle(self) -> float:
        """Centre of the roll."""
        return (self.left + self.right) / 2

    def centre(self, *spans: Span, scale: float = 1.0, bold: bool = False) -> None:
        """A centred line, or several if it is too long."""
        d = self.d
        self.y = d.canvas.wrap(
            self.middle, self.y, self.right - self.left, *spans,
            size=d.size * scale, leading=self.step / d.size, align="center", bold=bold,
        )  # fmt: skip

    def line(self, *spans: Span, bold: bool = False, scale: float = 1.0) -> None:
        """A line from the left edge."""
        self.d.canvas.put(self.left, self.y, *spans, bold=bold, size=self.d.size * scale)
        self.y += self.step * scale

    def spread(
        self,
        left: tuple[Span, ...],
        right: tuple[Span, ...],
        bold: bool = False,
        scale: float = 1.0,
    ) -> None:
        """A line with something at either edge."""
        self.d.canvas.put(self.left, self.y, *left, bold=bold, size=self.d.size * scale)
        self.d.canvas.put(
            self.right, self.y, *right, align="right", bold=bold, size=self.d.size * scale
        )
        self.y += self.step * scale

    def rule(self) -> None:
        """A line of dashes or stars, or a gap."""
        d = self.d
        sign = d.rng.choice("--==*")
        if d.chance(0.7):
            count = int((self.right - self.left) / d.canvas.measure(sign))
            d.canvas.put(self.left, self.y, sign * count)
            self.y += self.step
        else:
            self.y += 0.7 * self.step

    def end(self) -> None:
        """Cut the paper here."""
        self.d.canvas.height = self.y + self.d.rng.uniform(10, 60)


def _moment(d: Draft) -> tuple[Span, ...]:
    """Date and time side by side."""
    clock = f"{d.rng.randint(0, 23):02d}:{d.rng.randint(0, 59):02d}"
    if d.chance(0.35):
        clock += f":{d.rng.randint(0, 59):02d}"
    elif d.locale.language == "en" and d.chance(0.4):
        clock = f"{d.rng.randint(1, 12)}:{d.rng.randint(0, 59):02d} {d.rng.choice(('AM', 'PM'))}"
    spans: list[Span] = list(d.value("invoice_date"))
    if d.chance(0.15):
        spans.append("-")
    spans.append(d.answer("time", clock))
    return tuple(spans)


def _moment_line(roll: Roll) -> None:
    d = roll.d
    moment = _moment(d)
    if d.chance(0.5):
        date, clock = d.key("invoice_date"), d.key("time")
        d.links += [
            (date[1], s[1], "key_value") for s in moment[:1] if not isinstance(s, str) and s[1]
        ]
        if d.chance(0.5):
            last = moment[-1]
            d.link_all(clock[1], (last,))
            if d.chance(0.5):
                roll.line(date, moment[0])
                roll.line(clock, last)
            else:
                roll.line(date, moment[0], clock, last)
            return
        roll.line(date, *moment)
    elif d.chance(0.5):
        roll.centre(*moment)
    else:
        roll.spread(moment[:1], moment[1:])


def _shop(roll: Roll, centred: bool = True) -> None:
    """Name, address, phone and tax id of the shop."""
    d, seller = roll.d, roll.d.content.seller
    put = roll.centre if centred else roll.line
    upper = d.chance(0.4)

    def cased(text: str) -> str:
        return text.upper() if upper else text

    def remarks(kind: str, share: float) -> None:
        while d.chance(share):
            put(cased(d.say(kind)), scale=d.rng.choice((1.0, 1.0, 1.0, 1.4)))

    remarks("shop_above", 0.3)
    name = _shop_name(d)
    # A brand above the name in full is of no field; alone it is the name.
    if d.chance(0.35) and seller.brand in name:
        put((cased(seller.brand), None), scale=1.4, bold=True)
    put(
        d.answer("seller_name", cased(name)),
        bold=d.chance(0.6),
        scale=d.rng.choice((1.0, 1.0, 1.3)),
    )
    remarks("shop_below", 0.2)
    if d.chance(0.4) and seller.register:
        put((cased(seller.register), None))
    lines = seller.address
    address = d.answer("seller_address", " ".join(lines))[1]
    if d.chance(0.15):
        lines = [", ".join(lines)]
    for line in lines:
        put((cased(line), address))
    for name in ("seller_phone", "seller_web", "seller_tax_id", "seller_tax_number"):
        found = d.pair(name) if d.chance(0.55 if name != "seller_web" else 0.2) else None
        if found is not None:
            key = () if name in ("seller_phone", "seller_web") and d.chance(0.3) else found.key
            put(*key, *found.value)
    remarks("shop_below", 0.15)


def _shop_name(d: Draft) -> str:
    """The firm's name with or without its form; with its place, or that of its owner."""
    seller, shape = d.content.seller, d.rng.randrange(10)
    if shape < 5:
        return seller.name
    if shape < 7:
        return seller.brand
    if shape == 7:
        return f"{seller.brand} {d.locale.pick(d.rng, 'places')}"
    owner = d.locale.pick(d.rng, "surnames")
    return f"{owner}'s" if d.locale.language == "en" and d.chance(0.5) else owner


def _numbers(roll: Roll) -> None:
    """Bill number, table, till and cashier."""
    d = roll.d
    bill = d.pair("invoice_number") if d.chance(0.8) else None
    if bill is not None:
        if d.chance(0.5):
            roll.line(*bill.key, *bill.value)
        else:
            roll.spread(bill.key, bill.value)
    cashier, answer = d.key("cashier"), Mark("answer")
    d.links.append((cashier[1], answer, "key_value"))
    name = d.content.seller.contact.split()[0]
    if d.chance(0.6):
        roll.line(cashier, (name if d.chance(0.7) else digits(d.rng, 2), answer))
    if d.chance(0.3):
        roll.line(f"#{digits(d.rng, 4)}", digits(d.rng, 2), digits(d.rng, 6))


def _unlink(d: Draft, item: Item, row: int, *names: str) -> dict[str, tuple[Span, ...]]:
    """Cells of a line item by name, linked as one row."""
    cells = {name: tables.cell(d, item, name, row) for name in names}
    marks = [
        span[1]
        for spans in cells.values()
        for span in spans
        if not isinstance(span, str) and span[1] is not None
    ]
    d.links += [(marks[0], mark, "same_row") for mark in marks[1:]]
    return cells


def _items(roll: Roll, shape: int) -> None:
    """Line items in one of the shapes of tills."""
    d = roll.d
    if shape == 3:
        heads = ("description", "quantity", "unit_price", "amount")
        edges = [roll.left + share * (roll.right - roll.left) for share in (0, 0.56, 0.76, 1.0)]
        for name, edge in zip(heads, edges, strict=True):
            align = "left" if edge == roll.left else "right"
            d.canvas.put(
                edge,
                roll.y,
                (d.say("col." + name), Mark("question")),
                align=align,
                size=d.size * 0.9,
            )
        roll.y += roll.step
    codes = d.chance(0.3)
    upper = d.chance(0.4)
    letter = d.rng.choice(("", "", " A", " B", " T", " *", " SR"))
    for row, item in enumerate(d.content.items):
        if upper:
            item.description = item.description.upper()
        if shape == 0:  # name ... amount
            cells = _unlink(d, item, row, "description", "amount")
            roll.spread(cells["description"], (*cells["amount"], letter.strip()))
        elif shape == 1:  # 2 x 3.50 under the name
            cells = _unlink(d, item, row, "description", "quantity", "unit_price", "amount")
            roll.line(*cells["description"])
            times = d.rng.choice(("x", "X", "@", "*"))
            lead = d.canvas.measure("MMM")
            d.canvas.put(roll.left + lead, roll.y, *cells["quantity"], times, *cells["unit_price"])
            d.canvas.put(roll.right, roll.y, *cells["amount"], letter.strip(), align="right")
            roll.y += roll.step
        elif shape == 2:  # 2 name ... amount
            cells = _unlink(d, item, row, "quantity", "description", "amount")
            roll.spread((*cells["quantity"], *cells["description"]), cells["amount"])
        elif shape == 3:  # columns
            cells = _unlink(d, item, row, "description", "quantity", "unit_price", "amount")
            if d.canvas.measure(item.description) > 0.45 * (roll.right - roll.left):
                roll.line(*cells["description"])
            else:
                d.canvas.put(roll.left, roll.y, *cells["description"])
            for name, edge in zip(("quantity", "unit_price", "amount"), edges[1:], strict=True):
                d.canvas.put(edge, roll.y, *cells[name], align="right")
            roll.y += roll.step
        else:  # code first, name after
            cells = _unlink(
                d, item, row, "article_number", "quantity", "unit_price", "amount", "description"
            )
            d.canvas.put(roll.left, roll.y, *cells["article_number"])
            d.canvas.put(
                roll.right,
                roll.y,
                *cells["quantity"],
                *cells["unit_price"],
                *cells["amount"],
                align="right",
            )
            roll.y += roll.step
            roll.line(*cells["description"])
        if codes and d.chance(0.4):
            roll.line(digits(d.rng, 13), scale=0.9)


def _sums(roll: Roll) -> None:
    """Subtotal, tax, total in large type, what was given and returned, the card."""
    d = roll.d
    pairs = tables.total_pairs(d, brief=d.chance(0.4))
    pairs = [pair for pair in pairs if pair.strong or d.chance(0.8)]
    if d.chance(0.2):
        d.rng.shuffle(pairs)
    for pair in pairs:
        large = pair.strong and d.chance(0.6)
        scale = d.rng.choice((1.0, 1.2, 1.6)) if large else 1.0
        if d.chance(0.12):
            roll.line(*pair.key, *pair.value, bold=large, scale=scale)
        else:
            roll.spread(pair.key, pair.value, bold=large, scale=scale)
    _paid(roll)


def _paid(roll: Roll) -> None:
    d = roll.d
    gross = d.content.amounts["total_gross"]
    unit = 10**d.formats.decimals
    if d.chance(0.5):
        step = d.rng.choice((5, 10, 20, 50)) * unit
        given = -(-gross // step) * step
        for name, value in (("tendered", given), ("change", given - gross)):
            key = d.key(name)
            spans = d.money(name, value)
            d.link_all(key[1], spans)
            roll.spread((key,), spans)
    elif d.chance(0.7):
        method = d.answer("payment_method", d.say("key.card"))
        roll.spread((method,), (d.formats.number(gross),))
        if d.chance(0.7):
            stars = d.rng.choice(("XXXX XXXX XXXX ", "************", "xxxx", "x", "**** "))
            tail = d.answer("card_tail", stars.replace(" ", "") + digits(d.rng, 4))
            roll.line(tail)
        if d.chance(0.4):
            roll.line("Auth", digits(d.rng, 6), "Ref", digits(d.rng, 8))


def _tip(roll: Roll) -> None:
    """A tip, or a blank to write it into."""
    d = roll.d
    if d.chance(0.3):
        return
    key = d.key("tip")
    if d.chance(0.3):
        roll.line(key, "_" * 12)
    else:
        spans = d.money("tip", max(1, d.content.amounts["total_gross"] // d.rng.randint(5, 12)))
        d.link_all(key[1], spans)
        roll.spread((key,), spans)


def _close(roll: Roll) -> None:
    d = roll.d
    roll.y += 0.5 * roll.step
    for _ in range(d.rng.randint(0, 3)):
        roll.centre(d.say("thanks" if d.chance(0.7) else "legal"))
    if d.chance(0.3):
        roll.centre(digits(d.rng, 14))
    roll.end()


def till(d: Draft) -> None:
    """A supermarket's till."""
    roll = Roll(d)
    _shop(roll)
    roll.rule()
    _items(roll, d.rng.choice((0, 0, 1, 2)))
    roll.rule()
    _sums(roll)
    roll.rule()
    if d.chance(0.6):
        roll.y = tables.tax_table(d, roll.left, roll.y, roll.right - roll.left)
    _numbers(roll)
    _moment_line(roll)
    _close(roll)


def restaurant(d: Draft) -> None:
    """A bill for a table, with a tip to fill in."""
    roll = Roll(d)
    _shop(roll)
    if d.chance(0.6):
        roll.centre((d.title_text(), Mark("header")), bold=True)
    roll.rule()
    _numbers(roll)
    roll.spread(
        (f"T{d.rng.randint(1, 60)}",), (d.say("key.cashier"), d.content.seller.contact.split()[-1])
    )
    _moment_line(roll)
    roll.rule()
    _items(roll, d.rng.choice((0, 2, 2, 3)))
    roll.rule()
    _sums(roll)
    _tip(roll)
    _close(roll)


def title_first(d: Draft) -> None:
    """Title and number at once below the shop, columns with heads."""
    roll = Roll(d)
    _shop(roll, centred=d.chance(0.6))
    roll.y += roll.step
    roll.centre((d.title_text(), Mark("header")), scale=d.rng.choice((1.0, 1.3)), bold=True)
    roll.y += 0.5 * roll.step
    pairs = d.pairs(["invoice_number", "invoice_date"])
    roll.y = blocks.columns(d, roll.left, roll.y, pairs)
    _numbers(roll)
    roll.rule()
    _items(roll, 3)
    roll.rule()
    _sums(roll)
    if d.chance(0.5):
        roll.y = tables.tax_table(d, roll.left, roll.y + roll.step, roll.right - roll.left)
    _close(roll)


def wholesale(d: Draft) -> None:
    """Codes, quantities and prices in one row, the name in the next; a count of pieces."""
    roll = Roll(d)
    _shop(roll, centred=d.chance(0.3))
    roll.rule()
    buyer = d.pair("buyer_name") if d.chance(0.5) else None
    if buyer is not None:
        roll.line(*buyer.key, *buyer.value)
    _numbers(roll)
    _moment_line(roll)
    roll.rule()
    _items(roll, 4)
    roll.rule()
    roll.spread((d.say("col.quantity"),), (str(sum(i.quantity for i in d.content.items) // 1000),))
    _sums(roll)
    _close(roll)


def fuel(d: Draft) -> None:
    """A filling station or a parking: one line, litres and price per litre."""
    roll = Roll(d)
    _shop(roll)
    roll.rule()
    _moment_line(roll)
    _numbers(roll)
    litres = d.rng.randint(500, 8000)
    roll.y += roll.step
    d.content.items = d.content.items[:1]
    item = d.content.items[0]
    item.description = d.rng.choice(
        ("Super E10", "Diesel", "Unleaded", "SP95", "Regular", "Parking")
    )
    about = d.answer("line.description", item.description, 0)
    roll.line(f"*{d.rng.randint(1, 9)}", about, f"{d.formats.number(litres, 2)} l")
    roll.line(d.formats.number(litres // 10, 3), "/l")
    roll.rule()
    _sums(roll)
    _close(roll)


def card_slip(d: Draft) -> None:
    """The slip of a card terminal: amount, card, codes, no items."""
    roll = Roll(d)
    _shop(roll)
    roll.y += roll.step
    for key in ("Terminal ID", "Merchant", "TID", "VU-Nr.", "AID", "Trace"):
        if d.chance(0.5):
            question, answer = Mark("question"), Mark("answer")
            d.links.append((question, answer, "key_value"))
            roll.spread(((key + ":", question),), ((digits(d.rng, d.rng.randint(5, 10)), answer),))
    _moment_line(roll)
    roll.rule()
    method = d.answer("payment_method", d.say("key.card"))
    roll.line(method)
    roll.line(d.answer("card_tail", "############" + digits(d.rng, 4)))
    roll.y += roll.step
    found = d.pair("total_gross")
    if found is not None:
        roll.spread(found.key, found.value, bold=True, scale=1.3)
    if d.chance(0.4):
        _tip(roll)
    roll.y += roll.step
    roll.centre(d.rng.choice(("APPROVED", "00", "OK", "PIN OK")), digits(d.rng, 6))
    _close(roll)


def handwritten_book(d: Draft) -> None:
    """A form from a receipt book: few printed keys and one amount."""
    roll = Roll(d)
    roll.centre((d.title_text(), Mark("header")), scale=1.5, bold=True)
    names = ["invoice_number", "invoice_date", "buyer_name"]
    for pair in d.pairs(names):
        roll.line(*pair.key, *pair.value)
        roll.y += 0.5 * roll.step
    item = d.content.items[0]
    roll.line(d.answer("line.description", item.description, 0))
    d.content.items = [item]
    for pair in tables.total_pairs(d, brief=True):
        roll.spread(pair.key, pair.value)
    roll.y += roll.step
    _shop(roll, centred=False)
    _close(roll)


def hotel_folio(d: Draft) -> None:
    """A folio on a wider roll: rooms, nights, dated charges."""
    d.canvas.width *= 1.5
    roll = Roll(d)
    _shop(roll, centred=d.chance(0.5))
    roll.rule()
    pairs = d.pairs(["invoice_number", "invoice_date", "buyer_name", "contact"])
    room, answer = Mark("question"), Mark("answer")
    d.links.append((room, answer, "key_value"))
    pairs.append(Pair((("Room:", room),), ((digits(d.rng, 3), answer),)))
    roll.y = blocks.inline_row(d, roll.left, roll.y, roll.right - roll.left, pairs)
    roll.rule()
    for row, item in enumerate(d.content.items):
        cells = _unlink(d, item, row, "description", "amount")
        day = d.formats.date(d.content.dates["delivery_date"])
        roll.spread((day, *cells["description"]), cells["amount"])
    roll.rule()
    _sums(roll)
    roll.y = tables.tax_table(d, roll.left, roll.y + roll.step, 0.8 * (roll.right - roll.left))
    _close(roll)


def shop_invoice(d: Draft) -> None:
    """A till's tax invoice: right-aligned sums with long keys, a summary of tax."""
    roll = Roll(d)
    _shop(roll)
    roll.rule()
    roll.centre((d.title_text(), Mark("header")))
    roll.rule()
    bill = d.pair("invoice_number")
    if bill is not None:
        roll.line(*bill.key, *bill.value)
    _moment_line(roll)
    _items(roll, d.rng.choice((1, 3, 4)))
    roll.rule()
    middle = roll.left + 0.62 * (roll.right - roll.left)
    for pair in tables.total_pairs(d):
        d.canvas.put(middle, roll.y, *pair.key, align="right", bold=pair.strong)
        d.canvas.put(roll.right, roll.y, *pair.value, align="right", bold=pair.strong)
        roll.y += roll.step
    if d.chance(0.5):
        rounding, answer = Mark("question"), Mark("answer")
        d.links.append((rounding, answer, "key_value"))
        roll.spread(
            (("Rounding", rounding),),
            ((f"{d.rng.choice(('-', ''))}0.0{d.rng.randint(0, 4)}", answer),),
        )
    _paid(roll)
    if d.chance(0.6):
        roll.y = tables.tax_table(d, roll.left, roll.y + roll.step, roll.right - roll.left)
    _close(roll)


def _roll(draw: object, lines: tuple[int, int] = (1, 12)) -> Skeleton:
    return Skeleton(draw, ("receipt",), lines, retail=True, narrow=True, mono=0.55, sizes=(6.5, 10))  # type: ignore[arg-type]


FAMILY = Family(
    "receipt",
    18,
    (
        _roll(till, (1, 18)),
        _roll(restaurant),
        _roll(title_first),
        _roll(wholesale),
        _roll(fuel, (1, 1)),
        _roll(card_slip, (1, 1)),
        _roll(handwritten_book, (1, 1)),
        _roll(hotel_folio, (1, 8)),
        _roll(shop_invoice),
    ),
)
