"""Readable views of electronic invoices: every party, sum and line item told by keys."""

from __future__ import annotations

from collections.abc import Sequence

from kie.synth import blocks, tables
from kie.synth.canvas import Mark, Span
from kie.synth.draft import Draft, Pair
from kie.synth.family import Family, Skeleton
from kie.synth.ids import digits

DATA = (
    "invoice_number", "invoice_date", "currency", "due_date", "delivery_date", "period",
    "order_number", "buyer_reference", "delivery_note_number", "contract", "project",
    "customer_number", "supplier_number",
)  # fmt: skip


def some_data(d: Draft, least: int = 2, most: int = 7) -> list[Pair]:
    """Keys of the document in the order of the standard, the number and date nearly always."""
    chosen = set(d.rng.sample(DATA[2:], d.rng.randint(least, most)))
    chosen |= {name for name in DATA[:2] if d.chance(0.92)}
    return d.pairs([name for name in DATA if name in chosen])


def heading(d: Draft, x: float, y: float, text: str, size: float = 0.0) -> float:
    """The title of a section."""
    d.canvas.put(x, y, (text, Mark("header")), bold=d.chance(0.8), size=size or d.size * 1.1)
    return y + 1.4 * d.pitch


def urns(d: Draft, x: float, y: float, gap: float) -> float:
    """Process and profile identifiers that look like numbers of the document."""
    year = d.rng.randint(2014, 2024)
    for key, value in (
        ("ProfileID", f"urn:cen.eu:en16931:{year}"),
        ("Business process", f"urn:fdc:peppol.eu:{year}:poacc:billing:01:1.0"),
        ("GLN", digits(d.rng, 13, "40")),
    ):
        if d.chance(0.4):
            mark, answer = Mark("question"), Mark("answer")
            d.links.append((mark, answer, "key_value"))
            d.canvas.put(x, y, (key + d.style.colon, mark))
            d.canvas.put(x + gap, y, (value, answer))
            y += d.pitch
    return y


def legal_block(
    d: Draft, x: float, y: float, width: float, lines: int, bold: bool = False
) -> float:
    """Many lines about the seller: address, register, managers, phones, sentences."""
    size = d.size * d.rng.choice((0.85, 1.0, 1.0))
    if d.chance(0.6):
        y = blocks.party(d, x, y, "seller", bold=bold, size=size)
    names = ["director", "register", "seller_tax_id", "seller_tax_number", "seller_phone", "fax"]
    names += ["seller_email", "seller_web", "bank", "iban", "bic", "account", "creditor"]
    for _ in range(lines):
        if d.chance(0.55) and names:
            found = d.pair(names.pop(d.rng.randrange(len(names))))
            if found is None:
                continue
            key = () if d.chance(0.15) else found.key
            d.canvas.put(x, y, *key, *found.value, size=size, bold=bold)
            y += size * d.style.leading
        else:
            y = d.canvas.wrap(x, y, width, d.say("legal"), size=size, bold=bold)
    return y


def item_blocks(d: Draft, x: float, y: float, gap: float, bottom: float) -> tuple[float, bool]:
    """Line items as lists of keys and values, one below the other."""
    names = ["article_number", "description", "quantity", "unit_price", "tax_rate", "amount"]
    chosen = [name for name in names if name in ("description", "amount") or d.chance(0.75)]
    keys = {name: d.locale.pick(d.rng, "col." + name) for name in chosen}
    position = d.locale.pick(d.rng, "col.position")
    numbered = d.chance(0.8)
    for row, item in enumerate(d.content.items):
        if y > bottom:
            return y, False
        if numbered:
            number = d.answer("line.position", item.position, row)
            d.canvas.put(x, y, (position, Mark("question")), number, bold=d.chance(0.5))
            y += d.pitch
        for name in chosen:
            spans = tables.cell(d, item, name, row)
            if name == "quantity" and d.chance(0.7):
                spans = (*spans, *tables.cell(d, item, "unit", row))
            mark = Mark("question")
            d.link_all(mark, spans)
            end = d.canvas.put(x, y, (keys[name] + d.style.colon, mark))
            d.canvas.put(max(x + gap, end + 4), y, *spans)
            y += d.pitch
        marks = tables.row_marks(d, row)
        first = next((mark for mark in marks if mark.field == "line.description"), None)
        if first is not None:
            d.links += [(first, mark, "same_row") for mark in marks if mark is not first]
        y += 0.6 * d.pitch
    return y, True


def sums(d: Draft, x: float, y: float, gap: float, right: float = 0.0) -> float:
    """All sums of the standard, also those that are nought."""
    pairs = tables.total_pairs(d)
    if d.chance(0.4):
        subtotal = d.pair("subtotal")
        pairs = ([subtotal] if subtotal else []) + pairs
    if d.chance(0.35):
        # A view of all terms of the standard also shows those without an amount.
        for name in ("charge", "discount", "prepaid"):
            if name not in d.content.amounts and d.chance(0.7):
                key = d.key(name)
                blank: tuple[Span, ...] = ()
                if d.chance(0.4):
                    blank = ((d.formats.number(0), Mark("answer")),)
                    d.link_all(key[1], blank)
                pairs.insert(d.rng.randint(0, len(pairs)), Pair((key,), blank))
    return blocks.columns(d, x, y, pairs, gap=gap, right=right)


def payment(d: Draft, x: float, y: float, width: float, gap: float) -> float:
    """Terms and account."""
    names = ["payment_method", "due_date", "iban", "bic", "bank", "account", "mandate"]
    y = blocks.columns(d, x, y, d.pairs([name for name in names if d.chance(0.6)]), gap=gap)
    return blocks.terms(d, x, y, width) if d.chance(0.7) else y


def mono_view(d: Draft) -> None:
    """Typewriter face, title with code, number and date, keyed parties, a long legal text."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.08 * w, 0.93 * w
    gap = d.canvas.measure("M" * d.rng.randint(11, 18))
    if d.chance(0.7):
        d.canvas.put(x, 36, d.say("banner"), "-", d.say("title.invoice"), size=d.size * 0.9)
    y = blocks.title(d, x, 72, scale=d.rng.choice((1.0, 1.3, 1.6)), full=0.95) + d.pitch
    y = urns(d, x, y, gap) + d.pitch * d.rng.choice((0, 1, 2))
    rest = [name for name in DATA[2:] if d.chance(0.45)]
    y = blocks.columns(d, x, y, d.pairs(rest), gap=gap) + d.pitch * d.rng.choice((0.5, 1, 2))
    roles = ["seller", "buyer"] + ["ship_to"] * d.chance(0.35)
    if d.locale.has("key.other_party"):
        roles += ["other_party"] * d.rng.choice((0, 0, 1, 2))
        if d.chance(0.5):
            roles[2:] = d.rng.sample(roles[2:], len(roles) - 2)
    for role in roles:
        y = blocks.keyed_party(d, x, y, role, gap) + d.pitch
    if y < 0.62 * h and d.chance(0.8):
        y = legal_block(d, x, y, right - x, d.rng.randint(2, 9), bold=d.chance(0.6)) + d.pitch
    if y < 0.8 * h:
        if d.chance(0.5):
            y, done = item_blocks(d, x, y, gap, 0.86 * h)
        else:
            y, done = tables.items(d, x, y, right - x, 0.86 * h)
        if done and y < 0.8 * h:
            sums(d, x, y + d.pitch, gap, right if d.chance(0.5) else 0.0)


def second_page(d: Draft) -> None:
    """What such a view goes on with: line items, tax breakdown, sums, payment."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.08 * w, 0.93 * w
    gap = d.canvas.measure("M" * d.rng.randint(11, 20))
    y = 45.0
    if d.chance(0.4):
        y = legal_block(d, x, y, right - x, d.rng.randint(2, 6)) + d.pitch
    if d.chance(0.5):
        y, done = item_blocks(d, x, y, gap, 0.62 * h)
    else:
        y, done = tables.items(d, x, y, right - x, 0.62 * h)
    if done:
        if d.chance(0.6):
            y = tables.tax_table(d, x, y + d.pitch, (right - x) * d.rng.choice((0.6, 1.0)))
        y = sums(d, x, y + d.pitch, gap * 1.5, right if d.chance(0.5) else 0.0) + d.pitch
        payment(d, x, y, right - x, gap)
    blocks.page_number(d, 0.96 * h)


def two_boxes(d: Draft) -> None:
    """Seller and buyer side by side, each with keys; the document below; sums at the end."""
    w, h = d.canvas.width, d.canvas.height
    x, middle, right = 0.06 * w, 0.52 * w, 0.95 * w
    y = blocks.title(d, x, 48, scale=1.4, full=0.4) + d.pitch
    order = ("buyer", "seller") if d.chance(0.5) else ("seller", "buyer")
    low = blocks.keyed_party(d, x, y, order[0], 0.17 * w)
    y = max(low, blocks.keyed_party(d, middle, y, order[1], 0.17 * w)) + d.pitch
    y = heading(d, x, y, d.title_text())
    pairs = some_data(d)
    half = -(-len(pairs) // 2)
    low = blocks.columns(d, x, y, pairs[:half], gap=0.2 * w)
    y = max(low, blocks.columns(d, middle, y, pairs[half:], gap=0.2 * w)) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.7 * h)
    if done:
        y = heading(d, x, y + d.pitch, d.key_text("total_gross"))
        y = sums(d, x, y, 0.3 * w, d.rng.choice((0.0, middle, right))) + d.pitch
        if d.chance(0.6):
            y = tables.tax_table(d, x, y, 0.6 * w)
        if y < 0.86 * h:
            payment(d, x, heading(d, x, y, d.key_text("payment_terms")), right - x, 0.25 * w)


def plain_list(d: Draft) -> None:
    """One long list under headings."""
    w, h = d.canvas.width, d.canvas.height
    x, gap = d.rng.uniform(0.06, 0.14) * w, d.rng.uniform(0.25, 0.45) * w
    y = heading(d, x, 45, d.title_text(), d.size * 1.5)
    y = blocks.columns(d, x, y, some_data(d, 3, 9), gap=gap) + d.pitch
    y = blocks.keyed_party(d, x, y, "seller", gap) + d.pitch
    y = blocks.keyed_party(d, x, y, "buyer", gap) + d.pitch
    parts = ["sums", "payment"]
    if d.chance(0.5):
        parts.reverse()
    for part in parts:
        if y < 0.75 * h:
            y = sums(d, x, y, gap) if part == "sums" else payment(d, x, y, 0.8 * w, gap)
            y += d.pitch
    if y < 0.85 * h:
        item_blocks(d, x, y, gap, 0.92 * h)


def with_codes(d: Draft) -> None:
    """Every key with the code of its business term."""
    w, h = d.canvas.width, d.canvas.height
    x, gap = 0.07 * w, 0.42 * w
    before = d.chance(0.5)
    y = blocks.title(d, x, 45, full=0.3)
    rows: list[Pair] = some_data(d, 4, 9)
    rows += d.pairs(["seller_name", "seller_tax_id", "seller_phone", "seller_email"])
    rows += d.pairs(["buyer_name", "buyer_tax_id", "payment_terms", "iban", "bic"])
    rows += tables.total_pairs(d)
    for pair in rows:
        code = f"BT-{d.rng.randint(1, 160)}" if d.chance(0.9) else f"BG-{d.rng.randint(1, 32)}"
        if before:
            d.canvas.put(x, y, code, size=d.size * 0.85)
            d.canvas.put(x + 0.09 * w, y, *pair.key)
        else:
            d.canvas.put(x, y, *pair.key, f"({code})")
        d.canvas.put(x + gap, y, *pair.value)
        y += d.pitch
        if y > 0.93 * h:
            return
    item_blocks(d, x, y + d.pitch, gap, 0.9 * h)


def wide_table(d: Draft) -> None:
    """Parties as plain blocks under headings, a wide table in small type, sums in a row."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.04 * w, 0.96 * w
    y = blocks.title(d, w / 2, 40, align="center", full=0.5) + d.pitch
    low = blocks.party(d, x, y, "seller", heading=True, extras=("seller_tax_id", "seller_phone"))
    low = max(low, blocks.party(d, 0.37 * w, y, "buyer", heading=True, extras=("buyer_tax_id",)))
    blocks.stacked(d, 0.7 * w, y, some_data(d, 0, 3)[:5])
    y = max(low, y + 10 * d.pitch) + d.pitch
    kinds = tables.ORDERS[d.rng.choice((1, 2, 15))]
    y, done = tables.items(d, x, y, right - x, 0.72 * h, kinds)
    if done:
        pairs = tables.total_pairs(d)
        if len(pairs) < 6 and d.chance(0.6):
            y = blocks.head_row(d, x, y + d.pitch, right - x, pairs) + d.pitch
        else:
            y = tables.totals(d, 0.6 * w, y + d.pitch, right, pairs) + d.pitch
        legal_block(d, x, y, right - x, d.rng.randint(1, 6))


def summary_first(d: Draft) -> None:
    """The amount and the account at the top, the details after them."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.08 * w, 0.92 * w
    y = heading(d, x, 48, d.title_text(), d.size * 1.6)
    pairs = d.pairs([d.number_name, d.date_name])
    pairs += d.pairs(
        ["amount_due" if "amount_due" in d.content.amounts else "total_gross", "due_date"]
    )
    y = blocks.grid(d, x, y, right - x, pairs, d.rng.choice((2, 4))) + d.pitch
    y = payment(d, x, y, right - x, 0.22 * w) + d.pitch
    low = blocks.party(d, x, y, "seller", heading=True, extras=("seller_tax_id", "seller_email"))
    y = max(low, blocks.party(d, 0.52 * w, y, "buyer", heading=True)) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.78 * h)
    if done:
        tables.totals(d, 0.55 * w, y + d.pitch, right, tables.total_pairs(d))


TECHNICAL = {
    "invoice_number": ("InvoiceNumber", "ID", "Invoice ID", "cbc:ID"),
    "invoice_date": ("IssueDate", "IssueDateTime", "Issue date", "cbc:IssueDate"),
    "due_date": ("DueDate", "DueDateDateTime", "Payment due date"),
    "currency": ("DocumentCurrencyCode", "InvoiceCurrencyCode", "Currency"),
    "order_number": ("OrderReference", "BuyerOrderReferencedDocument", "Order reference"),
    "buyer_reference": ("BuyerReference", "Buyer reference"),
    "seller_name": ("SellerTradeParty Name", "Seller name", "AccountingSupplierParty"),
    "seller_tax_id": ("Seller VAT ID", "SpecifiedTaxRegistration VA", "CompanyID"),
    "buyer_name": ("BuyerTradeParty Name", "Buyer name", "AccountingCustomerParty"),
    "buyer_tax_id": ("Buyer VAT ID", "BuyerTaxRegistration"),
    "total_net": ("TaxBasisTotalAmount", "TaxExclusiveAmount", "Invoice total without VAT"),
    "total_tax": ("TaxTotalAmount", "TaxAmount", "Invoice total VAT amount"),
    "total_gross": ("GrandTotalAmount", "TaxInclusiveAmount", "Invoice total with VAT"),
    "amount_due": ("DuePayableAmount", "PayableAmount", "Amount due for payment"),
    "iban": ("PayeeFinancialAccount", "IBANID", "Payment account identifier"),
    "bic": ("FinancialInstitutionBranch", "BICID"),
}


def technical(d: Draft) -> None:
    """Names of elements of the file in place of words, in the order of the file."""
    w, h = d.canvas.width, d.canvas.height
    x, gap = 0.06 * w, 0.38 * w
    y = 40.0
    if d.chance(0.6):
        y = blocks.title(d, x, y, full=0.3)
    y = urns(d, x, y, gap)
    for name, keys in TECHNICAL.items():
        value = d.value(name) if name != "amount_due" or name in d.content.amounts else ()
        if value and d.chance(0.85):
            mark = Mark("question")
            d.link_all(mark, value)
            d.canvas.put(x, y, (d.rng.choice(keys) + d.style.colon, mark))
            d.canvas.put(x + gap, y, *value)
            y += d.pitch
    y += d.pitch
    item_blocks(d, x, y, gap, 0.88 * h)


def three_columns(d: Draft) -> None:
    """Seller, buyer and document in three boxes with small keys above the values."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.05 * w, 0.95 * w
    if d.chance(0.5):
        blocks.logo(d, x, 40)
    y = blocks.title(d, right, 60, align="right", full=0.3) + 1.5 * d.pitch
    names: Sequence[str] = ("seller_name", "seller_tax_id", "seller_phone", "iban", "bic")
    low = blocks.stacked(
        d, x, y, d.pairs([n for n in names if n == "seller_name" or d.chance(0.7)])
    )
    names = ("buyer_name", "customer_number", "buyer_tax_id", "buyer_reference")
    low = max(low, blocks.stacked(d, 0.36 * w, y, d.pairs([n for n in names if d.chance(0.8)])))
    y = max(low, blocks.stacked(d, 0.67 * w, y, some_data(d, 0, 3)[:5])) + d.pitch
    y, done = tables.items(d, x, y, right - x, 0.76 * h)
    if done:
        y = tables.totals_any(d, x, y + d.pitch, right - x) + d.pitch
        spans: list[Span] = [d.say("legal") for _ in range(d.rng.randint(0, 4))]
        d.canvas.wrap(x, y, right - x, *spans, size=d.size * 0.8)


KINDS = ("invoice",) * 8 + ("credit_note",)

FAMILY = Family(
    "einvoice",
    15,
    (
        Skeleton(mono_view, KINDS, lines=(1, 6), mono=0.7),
        Skeleton(mono_view, KINDS, lines=(1, 4), mono=0.7, languages=("de",)),
        Skeleton(second_page, KINDS, lines=(1, 8), mono=0.5),
        Skeleton(two_boxes, KINDS, lines=(1, 8)),
        Skeleton(plain_list, KINDS, lines=(1, 4), mono=0.2),
        Skeleton(with_codes, KINDS, lines=(1, 3)),
        Skeleton(wide_table, KINDS, lines=(1, 12), sizes=(6.5, 9)),
        Skeleton(summary_first, KINDS, lines=(1, 10)),
        Skeleton(technical, KINDS, lines=(1, 4), mono=0.4),
        Skeleton(three_columns, KINDS, lines=(1, 10)),
    ),
)
