"""Invoices that are mostly one table: spreadsheets, ERP prints, lists."""

from __future__ import annotations

from kie.synth import blocks, tables
from kie.synth.canvas import Mark, Span
from kie.synth.draft import Draft, Pair
from kie.synth.families.letter import some_head
from kie.synth.family import Family, Skeleton


def spreadsheet(d: Draft) -> None:
    """Cells of a spreadsheet: everything on a grid of columns, sums in the last ones."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.94 * w
    cols = [x + (right - x) * share for share in (0, 0.2, 0.4, 0.6, 0.8)]
    y = 42.0
    d.canvas.put(cols[0], y, d.answer("seller_name", d.content.seller.name), bold=True)
    d.canvas.put(cols[3], y, (d.title_text(), Mark("header")), bold=True)
    for index, pair in enumerate(d.pairs(some_head(d, 2, 5))):
        place = 3 if index < 3 else 0
        row = y + (1 + index % 3) * d.pitch
        d.canvas.put(cols[place], row, *pair.key)
        d.canvas.put(cols[place + 1], row, *pair.value)
    y += 5 * d.pitch
    y = blocks.keyed_party(d, x, y, "buyer", cols[1] - x) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.8 * h)
    if done:
        for pair in tables.total_pairs(d):
            d.canvas.put(cols[3], y, *pair.key, bold=pair.strong)
            d.canvas.put(right, y, *pair.value, align="right", bold=pair.strong)
            y += d.pitch


def erp_print(d: Draft) -> None:
    """A line printer's page: even width, a head of two rows of keys, dashes between the parts."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.04 * w, 0.97 * w
    dashes = "-" * int((right - x) / d.canvas.measure("-"))
    y = blocks.party(d, x, 30, "seller")
    d.canvas.put(right, 30, (d.title_text(), Mark("header")), align="right")
    for pair in d.pairs(["pages", "print_date"]):
        d.canvas.put(
            right, 30 + d.pitch * d.rng.randint(1, 2), *pair.key, *pair.value, align="right"
        )
    d.canvas.put(x, y, dashes)
    y = blocks.inline_row(d, x, y + d.pitch, right - x, d.pairs(some_head(d, 3, 6)))
    d.canvas.put(x, y, dashes)
    y = blocks.party(d, x + 20, y + d.pitch, "buyer") + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.8 * h)
    d.canvas.put(x, y, dashes)
    if done:
        tables.totals(d, 0.5 * w, y + d.pitch, right, tables.total_pairs(d))


def sums_inside(d: Draft) -> None:
    """The sums are the last rows of the table, the keys in the column of descriptions."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.08 * w, 0.92 * w
    low = blocks.party(d, x, 45, "seller", bold=True, extras=("seller_tax_id",))
    y = max(low, blocks.party(d, 0.55 * w, 45, "buyer", heading=d.chance(0.6))) + d.pitch
    y = blocks.title(d, x, y, full=0.7)
    y = blocks.inline_row(d, x, y, right - x, d.pairs(some_head(d, 0, 4))) + d.pitch
    kinds = d.rng.choice((tables.ORDERS[0], tables.ORDERS[7], tables.ORDERS[12], tables.ORDERS[14]))
    y, done = tables.items(d, x, y, right - x, 0.8 * h, kinds)
    if done:
        edge = x + d.rng.choice((0.0, 0.08, 0.45)) * w
        for pair in tables.total_pairs(d):
            d.canvas.put(edge, y, *pair.key, bold=pair.strong)
            d.canvas.put(right - 0.6 * d.size, y, *pair.value, align="right", bold=pair.strong)
            y += d.pitch
        blocks.terms(d, x, y + d.pitch, right - x)


def bookkeeping(d: Draft) -> None:
    """Dates and references before every line; balance at the end."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.95 * w
    y = blocks.title(d, x, 40, full=0.5)
    y = blocks.columns(d, 0.62 * w, 40, d.pairs(some_head(d, 1, 4))) + d.pitch
    low = blocks.party(d, x, 40 + 3 * d.pitch, "buyer", heading=True)
    y = max(y, low) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.82 * h, tables.ORDERS[17])
    if done:
        y = tables.totals_any(d, x, y + d.pitch, right - x) + d.pitch
    blocks.party(d, x, max(y, 0.88 * h), "seller", size=d.size * 0.8, extras=("iban", "bic"))


def wide_landscape(d: Draft) -> None:
    """A sheet on its side: a head of four groups over a long table."""
    d.canvas.width, d.canvas.height = d.canvas.height, d.canvas.width
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.04 * w, 0.96 * w
    low = blocks.party(d, x, 36, "seller", bold=True)
    low = max(low, blocks.party(d, 0.27 * w, 36, "buyer", heading=True))
    pairs = d.pairs(some_head(d, 3, 7))
    half = -(-len(pairs) // 2)
    low = max(low, blocks.columns(d, 0.52 * w, 36, pairs[:half]))
    low = max(low, blocks.columns(d, 0.75 * w, 36, pairs[half:]))
    y = blocks.title(d, x, low + 1.5 * d.pitch) + 0.5 * d.pitch
    y, done = tables.items(d, x, y, right - x, 0.78 * h, tables.ORDERS[d.rng.choice((1, 2, 6, 15))])
    if done:
        if d.chance(0.5):
            tables.tax_table(d, x, y + d.pitch, 0.35 * w)
        tables.totals(d, 0.7 * w, y + d.pitch, right, tables.total_pairs(d))


def sectioned(d: Draft) -> None:
    """Groups of lines with a title and a subtotal each, as building firms write."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.09 * w, 0.93 * w
    low = blocks.party(d, x, 50, "buyer")
    y = max(low, blocks.meta(d, 0.6 * w, 50, 0.33 * w, d.pairs(some_head(d, 1, 5)))) + d.pitch
    y = blocks.title(d, x, y, full=0.6) + d.pitch
    laid = tables.lay_columns(d, x, right - x, tables.ORDERS[0])
    y = tables.put_heads(d, y, laid)
    size = d.rng.randint(2, 4)
    group_sum, group = 0, 0
    for row, item in enumerate(d.content.items):
        if y > 0.72 * h:
            return
        if row % size == 0:
            group += 1
            d.canvas.put(x, y, f"{group:02d}", (d.say("services"), Mark("header")), bold=True)
            y += 1.3 * d.pitch
        item.position = f"{group:02d}.{row % size + 1:02d}"
        y = tables.put_item(d, y, laid, item, row)
        group_sum += item.amount
        if row % size == size - 1 or row == len(d.content.items) - 1:
            d.canvas.put(laid[1].x0, y, d.key_text("subtotal"), f"{group:02d}")
            d.canvas.put(laid[-1].edge, y, d.formats.number(group_sum), align=laid[-1].align)
            y += 1.5 * d.pitch
            group_sum = 0
    tables.totals(d, 0.55 * w, y, right, tables.total_pairs(d))
    blocks.footer(d, 0.92 * h)


def headless(d: Draft) -> None:
    """A table without heads, hardly any keys: positions tell what is what."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.9 * w
    y = blocks.party(d, d.rng.choice((x, w / 2)), 45, "seller") + d.pitch
    d.canvas.put(right, y, d.title_text(), *d.value(d.number_name), align="right")
    d.canvas.put(right, y + d.pitch, *d.value(d.date_name), align="right")
    y = blocks.party(d, x, y, "buyer") + 2 * d.pitch
    y, done = tables.items(
        d, x, y, right - x, 0.75 * h, tables.ORDERS[d.rng.choice((5, 7, 12))], heads=False
    )
    if done:
        tables.totals(d, 0.5 * w, y + d.pitch, right, tables.total_pairs(d, brief=d.chance(0.5)))


def head_and_foot_grid(d: Draft) -> None:
    """Ruled throughout: keys in a grid, table, and a grid of rates and sums at the foot."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.05 * w, 0.95 * w
    low = blocks.party(d, x, 36, "seller", extras=("seller_phone", "seller_tax_id"), bold=True)
    low = max(low, blocks.party(d, 0.55 * w, 36, "buyer", heading=True, extras=("buyer_tax_id",)))
    pairs: list[Pair] = d.pairs(some_head(d, 3, 6))
    y = blocks.head_row(d, x, low + d.pitch, right - x, pairs[:6]) + 0.5 * d.pitch
    y, done = tables.items(d, x, y, right - x, 0.7 * h)
    if done:
        y = max(y, 0.74 * h)
        tables.tax_table(d, x, y, 0.5 * w)
        tables.totals(d, 0.62 * w, y, right, tables.total_pairs(d))
        y += (len(d.content.taxes) + 4) * d.pitch
        spans: list[Span] = []
        for pair in d.pairs(["payment_method", "due_date", "bank", "iban"]):
            spans += [*pair.key, *pair.value]
        d.canvas.wrap(x, y, 0.5 * w, *spans)


def many_lines(d: Draft) -> None:
    """A wholesaler's list in small type that fills the page."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.04 * w, 0.96 * w
    y = 30.0
    pairs = d.pairs([d.number_name, d.date_name, "customer_number", "pages"])
    if d.chance(0.5):
        y = blocks.inline_row(d, x, y, right - x, pairs) + d.pitch
    else:
        low = blocks.party(d, x, y, "seller", bold=True)
        blocks.columns(d, 0.7 * w, y, pairs)
        y = blocks.party(d, x, max(low, y + 6 * d.pitch), "buyer") + d.pitch
        y = blocks.title(d, x, y)
    y, done = tables.items(
        d, x, y, right - x, 0.88 * h, tables.ORDERS[d.rng.choice((2, 6, 15, 18))]
    )
    if done and y < 0.86 * h:
        tables.totals_any(d, x, y + d.pitch, right - x)
    else:
        d.canvas.put(0.6 * w, 0.94 * h, d.key_text("carried"))
        d.canvas.put(right, 0.94 * h, d.formats.number(d.rng.randint(1000, 900000)), align="right")


KINDS = ("invoice",) * 14 + ("credit_note",)

FAMILY = Family(
    "tabular",
    11,
    (
        Skeleton(spreadsheet, KINDS, lines=(1, 12)),
        Skeleton(erp_print, KINDS, lines=(1, 14), mono=0.9, sizes=(7, 9)),
        Skeleton(sums_inside, KINDS, lines=(1, 12)),
        Skeleton(bookkeeping, KINDS, lines=(2, 16)),
        Skeleton(wide_landscape, KINDS, lines=(1, 14)),
        Skeleton(sectioned, KINDS, lines=(2, 9)),
        Skeleton(headless, KINDS, lines=(1, 8)),
        Skeleton(head_and_foot_grid, KINDS, lines=(1, 10)),
        Skeleton(many_lines, KINDS, lines=(12, 45), sizes=(6.5, 8.5)),
    ),
)
