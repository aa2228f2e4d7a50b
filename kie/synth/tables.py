"""Tables of a business document: line items, sums, tax breakdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kie.synth.blocks import columns, head_row
from kie.synth.canvas import Mark, Span
from kie.synth.content import Item
from kie.synth.draft import Draft, Pair
from kie.synth.ids import digits

ORDERS = (
    ("position", "description", "quantity", "unit", "unit_price", "amount"),
    ("position", "article_number", "description", "quantity", "unit", "unit_price", "amount"),
    ("position", "article_number", "description", "quantity", "unit_price", "tax_rate", "amount"),
    ("position", "quantity", "unit", "description", "unit_price", "amount"),
    ("position", "description", "quantity", "unit_price", "discount", "amount"),
    ("quantity", "description", "unit_price", "amount"),
    ("quantity", "unit", "article_number", "description", "unit_price", "amount"),
    ("description", "quantity", "unit_price", "amount"),
    ("description", "quantity", "unit_price", "tax_rate", "amount"),
    ("description", "tax_rate", "unit_price", "quantity", "amount"),
    ("description", "unit_price", "quantity", "amount"),
    ("description", "unit", "quantity", "unit_price", "amount"),
    ("description", "amount"),
    ("position", "description", "amount"),
    ("article_number", "description", "quantity", "unit_price", "amount"),
    ("article_number", "description", "quantity", "unit", "unit_price", "tax_rate", "amount"),
    ("article_number", "quantity", "description", "unit_price", "amount"),
    ("date", "description", "quantity", "unit_price", "amount"),
    ("position", "article_number", "quantity", "unit", "description", "unit_price", "amount"),
)
"""Columns of tables of line items, from left to right."""

_WIDTHS = {
    "position": 3.2, "article_number": 8.0, "quantity": 4.6, "unit": 4.2, "unit_price": 6.8,
    "tax_rate": 4.2, "amount": 7.2, "discount": 4.2, "date": 6.5,
}  # fmt: skip
"""In type sizes; the description takes the rest."""

_NUMERIC = frozenset(("quantity", "unit_price", "tax_rate", "amount", "discount"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table and its head."""

    kind: str
    x0: float
    x1: float
    align: str
    head: tuple[str, Mark]

    @property
    def edge(self) -> float:
        """Where its text is aligned."""
        return {"left": self.x0, "right": self.x1, "center": (self.x0 + self.x1) / 2}[self.align]


def lay_columns(d: Draft, x: float, width: float, kinds: Sequence[str]) -> list[Column]:
    """Columns over the width; small ones go until the description has room."""
    kinds = list(kinds)
    scale = d.size * d.rng.uniform(0.95, 1.15) * (1.15 if d.canvas.mono else 1.0)
    while True:
        taken = sum(_WIDTHS.get(kind, 0.0) for kind in kinds) * scale
        rest = width - taken
        spare = [kind for kind in ("discount", "tax_rate", "unit", "position") if kind in kinds]
        if rest > 11 * d.size or not spare:
            break
        kinds.remove(spare[0])
    rest = max(rest, 6 * d.size)
    head_align = d.rng.random() < 0.5
    number_align = d.rng.choice(("right", "right", "right", "right", "left", "center"))
    laid = []
    for kind in kinds:
        wide = _WIDTHS.get(kind, 0.0) * scale or rest
        align = number_align if kind in _NUMERIC else "left"
        if kind == "position" and head_align:
            align = "center"
        text = d.locale.pick(d.rng, f"col.{kind}")
        if d.style.upper:
            text = text.upper()
        laid.append(Column(kind, x, x + wide - 0.6 * d.size, align, (text, Mark("question"))))
        x += wide
    return laid


def put_heads(d: Draft, y: float, laid: Sequence[Column], bold: bool = True) -> float:
    """The heads, those that are too long on two lines."""
    lowest = y
    size = d.size * d.rng.choice((0.8, 0.9, 1.0, 1.0))
    for column in laid:
        text, mark = column.head
        room = column.x1 - column.x0
        if " " in text and d.canvas.measure(text, size, bold) > room:
            head, _, tail = text.partition(" ")
            d.canvas.put(column.edge, y, (head, mark), size=size, align=column.align, bold=bold)
            below = y + size * 1.1
            d.canvas.put(column.edge, below, (tail, mark), size=size, align=column.align, bold=bold)
            lowest = below
        else:
            d.canvas.put(column.edge, y, (text, mark), size=size, align=column.align, bold=bold)
    return lowest + d.size * d.rng.uniform(1.3, 2.0)


def cell(d: Draft, item: Item, kind: str, row: int) -> tuple[Span, ...]:
    """The text of a cell with its entity; nothing where it is empty."""
    f = d.formats
    if kind in ("unit_price", "amount"):
        return d.money("line." + kind, item.price if kind == "unit_price" else item.amount, row)
    if kind == "discount":
        return (d.rng.choice(("0", "5 %", "10%", "-")),) if d.chance(0.5) else ()
    if kind == "date":
        return (f.date(d.content.dates["delivery_date"]),)
    text = {
        "position": item.position,
        "article_number": item.article,
        "description": item.description,
        "quantity": f.quantity(item.quantity),
        "unit": item.unit,
        "tax_rate": f.percent(item.rate, "%" if d.style.bold_keys else " %"),
    }[kind]
    return (d.answer("line." + kind, text, row),)


def items(
    d: Draft,
    x: float,
    y: float,
    width: float,
    bottom: float,
    kinds: Sequence[str] = (),
    heads: bool = True,
    only_goods: bool = False,
) -> tuple[float, bool]:
    """The table of line items.

    Args:
        d: The page.
        x: Left edge.
        y: First baseline.
        width: Of the table.
        bottom: No row begins below.
        kinds: Columns; one of `ORDERS` if empty.
        heads: With a row of heads.
        only_goods: Without prices, as on delivery notes.

    Returns:
        The next free baseline, and whether all items found room.
    """
    kinds = list(kinds or d.rng.choice(ORDERS))
    if only_goods:
        kinds = [
            kind for kind in kinds if kind not in ("unit_price", "amount", "tax_rate", "discount")
        ]
        kinds = kinds if "quantity" in kinds else [*kinds, "quantity"]
    laid = lay_columns(d, x, width, kinds)
    if heads:
        y = put_heads(d, y, laid, bold=d.chance(0.7))
    gap = d.pitch * d.rng.choice((0.0, 0.0, 0.15, 0.4, 1.0))
    with_extra = d.chance(0.8)
    group_row = d.chance(0.06)
    if group_row:
        d.canvas.put(x, y, f"01 {d.say('services')}", bold=True)
        y += d.pitch * 1.2
    for row, item in enumerate(d.content.items):
        if y > bottom:
            return y, False
        y = put_item(d, y, laid, item, row, with_extra) + gap
    return y, True


def put_item(
    d: Draft, y: float, laid: Sequence[Column], item: Item, row: int, with_extra: bool = True
) -> float:
    """One line item with its further lines."""
    first: Mark | None = None
    below = y + d.pitch
    for column in laid:
        spans = cell(d, item, column.kind, row)
        for span in spans:
            if isinstance(span, str) or span[1] is None:
                continue
            d.links.append((column.head[1], span[1], "key_value"))
        if column.kind == "description":
            room = column.x1 - column.x0
            lower = d.canvas.wrap(column.x0, y, room, *spans, leading=d.style.leading)
            if with_extra:
                lower = _extras(d, column.x0, lower, room, item, spans)
            below = max(below, lower)
        else:
            d.canvas.put(column.edge, y, *spans, align=column.align)
    marks = row_marks(d, row)
    first = next((mark for mark in marks if mark.field == "line.description"), None)
    first = first or (marks[0] if marks else None)
    for mark in marks:
        if first is not None and mark is not first:
            d.links.append((first, mark, "same_row"))
    return below


def row_marks(d: Draft, row: int) -> list[Mark]:
    """Entities of a line item among the last lines put down, in the order of drawing."""
    found: dict[Mark, None] = {}
    for segment in reversed(d.canvas.segments[-40:]):
        for word in segment.words:
            mark = word.mark
            if mark is not None and mark.row == row and (mark.field or "").startswith("line."):
                found[mark] = None
    return list(found)


def _extras(d: Draft, x: float, y: float, width: float, item: Item, spans: Sequence[Span]) -> float:
    """Further lines of a description; codes among them belong to nothing."""
    mark = next((span[1] for span in spans if not isinstance(span, str)), None)
    size = d.size * d.rng.choice((0.8, 0.9, 1.0))
    if d.details and d.chance(0.8):
        y = _details(d, x, y, size)
    for line in item.extra:
        own = None if ":" in line else mark
        y = d.canvas.wrap(x, y, width, (line, own), size=size, leading=d.style.leading)
    return y


def _details(d: Draft, x: float, y: float, size: float) -> float:
    """Keys and values below a description: price before discount, origin, batch."""
    for key in d.rng.sample(d.locale.list("item_details"), 2):
        question, answer = Mark("question"), Mark("answer")
        d.links.append((question, answer, "key_value"))
        dates = d.content.dates
        value = d.rng.choice(
            (
                d.formats.number(d.rng.randint(100, 900000)),
                d.locale.country,
                f"1 {d.say('units')}",
                digits(d.rng, d.rng.randint(4, 9)),
                f"{d.formats.date(dates['period_start'])} - {d.formats.date(dates['period_end'])}",
            )
        )
        lead = d.rng.choice(("", "* ", "- "))
        d.canvas.put(x, y, lead, (key + ":", question), (value, answer), size=size)
        y += size * d.style.leading
    return y


def tax_key(d: Draft, row: int, rate: int, base: int) -> tuple[tuple[Span, ...], Mark]:
    """Such as "19% MwSt. auf 1.234,00", with rate and base as entities of their own."""
    mark = Mark("question")
    phrase = d.locale.pick(d.rng, "tax_phrases")
    if d.chance(0.2):
        phrase = "{key}"
    spans: list[Span] = []
    for word in phrase.split(" "):
        if "{rate}" in word:
            text = word.replace("{rate}", d.formats.percent(rate, d.rng.choice(("%", " %"))))
            spans.append(d.answer("tax_rate", text, row))
        elif "{base}" in word:
            spans.append(d.answer("tax_base", d.formats.number(base), row))
        else:
            text = word.replace("{key}", d.key_text("total_tax"))
            spans.append((text, mark))
    return tuple(spans), mark


def total_pairs(d: Draft, brief: bool = False) -> list[Pair]:
    """The sums of the document, from the subtotal to what is due."""
    content, amounts = d.content, d.content.amounts
    rows: list[Pair | None] = []
    steps = [name for name in ("discount", "shipping", "charge") if name in amounts]
    if steps:
        rows.append(d.pair("subtotal"))
        for name in steps:
            sign = -1 if name == "discount" and d.chance(0.5) else 1
            rows.append(_amount_pair(d, name, sign * amounts[name]))
    untaxed = content.amounts["total_tax"] == 0
    if not (brief or (untaxed and d.chance(0.6))):
        rows.append(d.pair("total_net"))
    rows += _tax_pairs(d, untaxed)
    rows.append(d.pair("total_gross"))
    if "prepaid" in amounts:
        sign = -1 if d.chance(0.4) else 1
        rows.append(_amount_pair(d, "prepaid", sign * amounts["prepaid"]))
    if "amount_due" in amounts:
        rows.append(d.pair("amount_due"))
    return [row for row in rows if row is not None]


def _amount_pair(d: Draft, name: str, value: int) -> Pair:
    key = d.key(name)
    spans = d.money(name, value)
    d.link_all(key[1], spans)
    return Pair((key,), spans)


def _tax_pairs(d: Draft, untaxed: bool) -> list[Pair | None]:
    taxes = d.content.taxes
    if untaxed and d.chance(0.5):
        return []
    if len(taxes) == 1:
        key, mark = tax_key(d, 0, taxes[0].rate, taxes[0].base)
        value = d.money("total_tax", d.content.amounts["total_tax"])
        d.link_all(mark, value)
        return [Pair(key, value)]
    rows: list[Pair | None] = []
    for row, tax in enumerate(taxes):
        key, mark = tax_key(d, row, tax.rate, tax.base)
        value = d.money("tax_amount", tax.tax, row)
        d.link_all(mark, value)
        rows.append(Pair(key, value))
    if d.chance(0.5):
        rows.append(d.pair("total_tax"))
    return rows


def totals(d: Draft, x: float, y: float, right: float, pairs: Sequence[Pair]) -> float:
    """Sums one below the other; values end at `right`, keys begin at `x` or end before them."""
    keys_right = d.chance(0.3)
    apart = d.chance(0.4)
    widest = max((_width(d, pair.value) for pair in pairs), default=0.0)
    for pair in pairs:
        bold = pair.strong and d.chance(0.8)
        size = d.size * (1.15 if pair.strong and bold and d.chance(0.4) else 1.0)
        if keys_right:
            edge = right - widest - 2.5 * d.size
            d.canvas.put(edge, y, *pair.key, align="right", bold=bold)
        else:
            d.canvas.put(x, y, *pair.key, bold=bold)
        value = pair.value
        if apart and len(value) == 2 and isinstance(value[0], str):
            # The currency stands in a column of its own.
            d.canvas.put(right - widest - 1.2 * d.size, y, value[0], bold=bold)
            value = value[1:]
        d.canvas.put(right, y, *value, align="right", bold=bold, size=size)
        y += d.pitch * (1.3 if pair.strong else 1.05)
    return y


def _width(d: Draft, spans: Sequence[Span]) -> float:
    return d.canvas.measure(" ".join(s if isinstance(s, str) else s[0] for s in spans), bold=True)


def totals_any(d: Draft, x: float, y: float, width: float) -> float:
    """Sums in one of the usual shapes, in a block so wide."""
    pairs = total_pairs(d, brief=d.chance(0.12))
    right = x + width
    shape = d.rng.randrange(10)
    if shape == 0 and len(pairs) <= 6:
        return head_row(d, x, y, width, pairs)
    if shape == 1:
        return columns(d, x, y, pairs)
    if shape == 2:
        return totals(d, x, y, right, pairs)
    return totals(d, right - max(20 * d.size, 0.38 * width), y, right, pairs)


def tax_table(d: Draft, x: float, y: float, width: float) -> float:
    """Rate, base and tax of each rate as a table."""
    names = ["tax_rate", "tax_base", "tax_amount"]
    if d.chance(0.3):
        names = ["tax_base", "tax_rate", "tax_amount"]
    heads = {name: d.key(name, colon=False) for name in names}
    cellw = width / len(names)
    align = d.rng.choice(("left", "right", "right"))
    shift = cellw - 4 if align == "right" else 0.0
    for place, name in enumerate(names):
        d.canvas.put(x + place * cellw + shift, y, heads[name], size=d.size * 0.9, align=align)
    for row, tax in enumerate(d.content.taxes):
        y += d.pitch
        cells = {
            "tax_rate": (d.answer("tax_rate", d.formats.percent(tax.rate), row),),
            "tax_base": d.money("tax_base", tax.base, row),
            "tax_amount": d.money("tax_amount", tax.tax, row),
        }
        for place, name in enumerate(names):
            d.link_all(heads[name][1], cells[name])
            d.canvas.put(x + place * cellw + shift, y, *cells[name], size=d.size * 0.9, align=align)
    return y + d.pitch * 1.5
