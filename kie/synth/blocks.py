"""Parts that skeletons are put together from: key lists, parties, titles, footers, prose.

Every function draws from the baseline `y` downwards and returns the next free baseline.
"""

from __future__ import annotations

from collections.abc import Sequence

from kie.synth.canvas import Mark, Span
from kie.synth.draft import Draft, Pair
from kie.synth.people import Party, make_party


def inline(d: Draft, x: float, y: float, pair: Pair, size: float = 0.0) -> float:
    """Key and value as one line; the right edge."""
    return d.canvas.put(x, y, *pair.key, *pair.value, size=size, bold=pair.strong and d.chance(0.5))


def inline_list(d: Draft, x: float, y: float, pairs: Sequence[Pair], size: float = 0.0) -> float:
    """One pair per line."""
    for pair in pairs:
        inline(d, x, y, pair, size)
        y += (size or d.size) * d.style.leading
    return y


def inline_row(d: Draft, x: float, y: float, width: float, pairs: Sequence[Pair]) -> float:
    """Pairs side by side at even distances; those that do not fit go to a further row."""
    per_row = max(1, min(len(pairs), round(width / (17 * d.size))))
    for index, pair in enumerate(pairs):
        row, place = divmod(index, per_row)
        inline(d, x + place * width / per_row, y + row * d.pitch, pair)
    return y + -(-len(pairs) // per_row) * d.pitch


def columns(
    d: Draft,
    x: float,
    y: float,
    pairs: Sequence[Pair],
    gap: float = 0.0,
    right: float = 0.0,
    size: float = 0.0,
) -> float:
    """Keys in one column, values in another.

    Args:
        d: The page.
        x: Left edge of the keys.
        y: First baseline.
        pairs: One per line.
        gap: From the left edge of the keys to that of the values; 0 takes the longest key.
        right: Right edge of the values instead, if not 0.
        size: Type size.
    """
    size = size or d.size
    if not gap:
        longest = max((d.canvas.measure(_text(pair.key), size, True) for pair in pairs), default=0)
        gap = longest + size * 1.2
    # Some forms set the colon apart, right before the value.
    lone_colon = d.style.colon == " :"
    for pair in pairs:
        key = pair.key
        if lone_colon and len(key) == 1 and not isinstance(key[0], str):
            text, mark = key[0]
            key = ((text.removesuffix(" :"), mark),)
            d.canvas.put(x + gap - size, y, (":", None), size=size)
        bold = pair.strong or d.style.bold_values
        end = d.canvas.put(x, y, *key, size=size, bold=d.style.bold_keys)
        if right:
            d.canvas.put(right, y, *pair.value, size=size, bold=bold, align="right")
        else:
            d.canvas.put(max(x + gap, end + 2), y, *pair.value, size=size, bold=bold)
        y += size * d.style.leading
    return y


def stacked(d: Draft, x: float, y: float, pairs: Sequence[Pair], small: float = 0.8) -> float:
    """Small key above its value."""
    for pair in pairs:
        d.canvas.put(x, y, *pair.key, size=d.size * small, bold=d.style.bold_keys)
        d.canvas.put(x, y + d.size * 1.15, *pair.value, bold=d.style.bold_values)
        y += d.size * 2.1 + d.pitch * 0.5
    return y


def grid(
    d: Draft,
    x: float,
    y: float,
    width: float,
    pairs: Sequence[Pair],
    per_row: int,
    align: str = "left",
) -> float:
    """Cells with a key above its value, `per_row` of them in a row, as in a ruled box."""
    cell = width / per_row
    shift = {"left": 3.0, "center": cell / 2, "right": cell - 3}[align]
    small = d.size * d.rng.uniform(0.7, 1.0)
    lowest = y
    for index, pair in enumerate(pairs):
        place = index % per_row
        if place == 0:
            y = lowest
        left = x + place * cell + shift
        d.canvas.put(left, y, *pair.key, size=small, align=align, bold=d.style.bold_keys)
        lower = y + d.size * 1.25
        if align == "left" and d.canvas.measure(_text(pair.value)) > cell - 6:
            end = d.canvas.wrap(left, lower, cell - 6, *pair.value, size=d.size * 0.85)
            lowest = max(lowest, end + d.size * 0.6)
        else:
            d.canvas.put(left, lower, *pair.value, align=align, bold=d.style.bold_values)
            lowest = max(lowest, y + d.size * 2.9)
    return lowest


def head_row(d: Draft, x: float, y: float, width: float, pairs: Sequence[Pair]) -> float:
    """A row of keys and a row of their values below: a table of one row."""
    if not pairs:
        return y
    return grid(d, x, y, width, pairs, len(pairs), d.rng.choice(("left", "left", "center")))


def meta(d: Draft, x: float, y: float, width: float, pairs: Sequence[Pair]) -> float:
    """The numbers and dates of a document in one of the usual shapes, in a block so wide."""
    shape = d.rng.randrange(7)
    if shape == 0:
        return inline_list(d, x, y, pairs)
    if shape in (1, 2):
        return columns(d, x, y, pairs, right=x + width)
    if shape == 3:
        return stacked(d, x, y, pairs[:6])
    if shape == 4 and width > 18 * d.size:
        return grid(d, x, y, width, pairs, 2)
    return columns(d, x, y, pairs)


def _text(spans: Sequence[Span]) -> str:
    return " ".join(span if isinstance(span, str) else span[0] for span in spans)


def party_of(d: Draft, role: str) -> tuple[Party, str, str]:
    """The party of a role, and the fields of its name and address."""
    if role == "seller":
        return d.content.seller, "seller_name", "seller_address"
    if role == "buyer":
        return d.content.buyer, "buyer_name", "buyer_address"
    if role == "other_party":
        return make_party(d.rng, d.locale, "firm"), "other_name", "other_address"
    return d.content.ship_to, "ship_name", "ship_address"


def party(
    d: Draft,
    x: float,
    y: float,
    role: str,
    heading: bool = False,
    extras: Sequence[str] = (),
    bold: bool = False,
    align: str = "left",
    size: float = 0.0,
    abroad: float = 0.2,
) -> float:
    """Name and address one below the other.

    Args:
        d: The page.
        x: Edge that the lines are aligned to.
        y: First baseline.
        role: "seller", "buyer" or "ship_to".
        heading: With a key such as "Bill to" above.
        extras: Names of pairs that follow, such as "seller_phone".
        bold: The name in bold.
        align: Of all lines.
        size: Type size.
        abroad: How often the country is printed.
    """
    size = size or d.size
    step = size * d.style.leading
    who, name_field, address_field = party_of(d, role)
    name = d.answer(name_field, who.name)
    lines = list(who.address)
    if d.chance(abroad):
        lines.append(who.country)
    if d.chance(0.12):
        lines = [", ".join(lines)] if d.chance(0.5) else [lines[0], ", ".join(lines[1:])]
    address = d.answer(address_field, " ".join(line for line in lines if line))
    if heading:
        key = d.key(role if role == "ship_to" else name_field)
        d.links += [(key[1], name[1], "key_value"), (key[1], address[1], "key_value")]
        d.canvas.put(x, y, key, size=size, align=align, bold=d.chance(0.5))
        y += step
    d.canvas.put(x, y, name, size=size, align=align, bold=bold)
    y += step
    if role == "buyer" and d.chance(0.12):
        y = _attention(d, x, y, size, align)
    for line in lines:
        if line:
            d.canvas.put(x, y, (line, address[1]), size=size, align=align)
            y += step
    for pair in d.pairs(extras):
        d.canvas.put(x, y, *pair.key, *pair.value, size=size, align=align)
        y += step
    return y


def _attention(d: Draft, x: float, y: float, size: float, align: str) -> float:
    found = d.pair("buyer_contact")
    if found is not None:
        d.canvas.put(x, y, *found.key, *found.value, size=size, align=align)
        y += size * d.style.leading
    return y


def keyed_party(d: Draft, x: float, y: float, role: str, gap: float = 0.0) -> float:
    """A party as a list of keys and values under a heading, as style sheets print it."""
    who, name_field, address_field = party_of(d, role)
    heading = d.key_text(role if role in ("ship_to", "other_party") else name_field)
    d.canvas.put(x, y, (heading + d.style.colon, Mark("header")), bold=d.chance(0.7))
    y += d.pitch
    gap = gap or d.canvas.measure("M" * 9)
    number = {"seller": "supplier_number", "buyer": "customer_number"}.get(role)
    if number and d.chance(0.6):
        # The key says only "number": whose it is follows from the heading.
        value = d.value(number)
        y = _keyed_line(d, x, y, gap, d.say("key.plain_number"), value)
    street = d.answer(address_field, " ".join(who.address))
    name = d.answer(name_field, who.name)
    keyed = d.chance(0.6)
    y = _keyed_line(d, x, y, gap, d.key_text("name") if keyed else "", (name,), bold=d.chance(0.4))
    lines = list(who.address)
    for index, line in enumerate(lines):
        key = ""
        if keyed:
            town = index == len(lines) - 1
            key = d.key_text("town" if town else "address") if town or index == 0 else ""
        y = _keyed_line(d, x, y, gap, key, ((line, street[1]),))
    if d.chance(0.4):
        y = _keyed_line(
            d, x, y, gap, d.key_text("country") if keyed else "", ((who.country, None),)
        )
    if role == "other_party" and d.chance(0.7):
        # A tax id that is neither the seller's nor the buyer's.
        label = d.key_text(d.rng.choice(("seller_tax_id", "buyer_tax_id")))
        y = _keyed_line(d, x, y, gap, label, ((d.tax_id(who.tax_id), Mark("answer")),))
    names = {
        "seller": ("seller_tax_id", "seller_tax_number", "seller_phone", "seller_email"),
        "buyer": ("buyer_tax_id", "buyer_contact", "buyer_phone"),
    }.get(role, ())
    if d.chance(0.3):
        y += d.pitch * d.rng.choice((0.5, 1, 2))
    return columns(d, x, y, d.pairs([name for name in names if d.chance(0.6)]), gap=gap)


def _keyed_line(
    d: Draft, x: float, y: float, gap: float, key: str, value: Sequence[Span], bold: bool = False
) -> float:
    if not key:
        indent = 0.0 if d.style.leading < 1.4 else gap
        d.canvas.put(x + indent, y, *value, bold=bold)
        return y + d.pitch
    mark = Mark("question")
    d.link_all(mark, value)
    end = d.canvas.put(x, y, (key + (d.style.colon or ":"), mark))
    d.canvas.put(max(x + gap, end + 4), y, *value, bold=bold)
    return y + d.pitch


def sender_line(d: Draft, x: float, y: float) -> float:
    """The small line above the window of an envelope."""
    seller = d.content.seller
    dot = d.rng.choice(("\u00b7", "-", ",", "|", "\u2022", "*"))
    address = d.answer("seller_address", " ".join(seller.address))[1]
    spans: list[Span] = [d.answer("seller_name", seller.name)]
    for line in seller.address:
        spans += [dot, (line, address)]
    d.canvas.put(x, y, *spans, size=d.size * 0.7)
    return y + d.size * 1.6


def logo(d: Draft, x: float, y: float, align: str = "left") -> float:
    """A brand in large type, now and then with a slogan; the name in full stands elsewhere."""
    seller = d.content.seller
    size = d.size * d.rng.uniform(1.5, 2.6)
    text = seller.brand.upper() if d.chance(0.3) else seller.brand
    # The brand alone counts as the name only where it is the name.
    mark = d.answer("seller_name", text)[1] if text == seller.name else None
    d.canvas.put(x, y, (text, mark), size=size, align=align, bold=True)
    y += size
    if d.chance(0.3):
        d.canvas.put(x, y, d.say("goods"), size=d.size * 0.8, align=align)
        y += d.size
    return y


_TYPE_CODES = {"invoice": "(380)", "credit_note": "(381)"}


def title(
    d: Draft, x: float, y: float, align: str = "left", scale: float = 0.0, full: float = 0.3
) -> float:
    """The title, now and then with number and date in it.

    Args:
        d: The page.
        x: Edge or middle.
        y: Baseline.
        align: As in `Canvas.put`.
        scale: Of the type; 0 for a usual one.
        full: How often the number stands in the title.
    """
    scale = scale or d.rng.choice((1.0, 1.2, 1.4, 1.6, 2.0))
    text = d.title_text()
    if d.chance(0.05):
        text = " ".join(text)
    header = Mark("header")
    spans: list[Span] = [(text, header)]
    number = d.content.numbers.get(d.number_name)
    if d.chance(full) and number is not None:
        if d.chance(0.25) and d.page_type in _TYPE_CODES:
            spans.append(_TYPE_CODES[d.page_type])
        sign = d.say("title_numbers")
        if sign:
            spans.append((sign, header))
        spans.append(d.answer(d.number_name, number))
        if d.chance(0.5):
            spans += [d.say("title_dates"), *d.value(d.date_name)]
    d.canvas.put(x, y, *spans, size=d.size * scale, align=align, bold=d.chance(0.8))
    return y + d.size * (scale + 0.5)


def banner(d: Draft) -> None:
    """A line of small type at the very top or a stamp somewhere: of no field."""
    width = d.canvas.width
    if d.chance(0.6):
        x = d.rng.choice((0.08, 0.35, 0.6)) * width
        d.canvas.put(x, d.rng.uniform(14, 24), d.say("banner"), size=d.size * 0.8)
    else:
        x, y = d.rng.uniform(0.2, 0.6) * width, d.rng.uniform(0.02, 0.05) * d.canvas.height
        d.canvas.put(x, y, d.say("banner"), size=d.size * d.rng.uniform(1.2, 2.2), bold=True)


def sentences(
    d: Draft, x: float, y: float, width: float, name: str, count: int = 1, size: float = 0.0
) -> float:
    """A paragraph of sentences of one list."""
    spans: list[Span] = []
    for _ in range(count):
        # What letters talk about is no part of the document that they come with.
        spans += [d.say(name)] if name == "prose" else d.say_spans(name)
    return d.canvas.wrap(x, y, width, *spans, size=size, leading=d.style.leading)


def terms(d: Draft, x: float, y: float, width: float) -> float:
    """How and when to pay, with a key or as a sentence."""
    if d.chance(0.5):
        found = d.pair("payment_terms")
        if found is not None:
            return d.canvas.wrap(x, y, width, *found.key, *found.value, leading=d.style.leading)
    return d.canvas.wrap(x, y, width, *d.value("payment_terms"), leading=d.style.leading)


def bank_sentence(d: Draft, x: float, y: float, width: float) -> float:
    """The account in running text."""
    spans: list[Span] = [d.say("legal"), d.content.seller.bank]
    for name in ("iban", "bic"):
        found = d.pair(name)
        if found is not None:
            spans += [*found.key, *found.value]
    return d.canvas.wrap(x, y, width, *spans, leading=d.style.leading)


def footer(d: Draft, top: float, count: int = 0) -> None:
    """Two to four columns of small type at the foot: address, contact, bank, register."""
    count = count or d.rng.randint(2, 4)
    size = d.size * d.rng.uniform(0.65, 0.85)
    step = size * 1.3
    margin = 0.07 * d.canvas.width
    cell = (d.canvas.width - 2 * margin) / count
    keyless = 0.12
    groups = [
        None,
        ("seller_phone", "fax", "seller_email", "seller_web"),
        ("bank", "account", "iban", "bic"),
        ("register", "director", "seller_tax_id", "seller_tax_number"),
    ]
    if d.chance(0.3):
        d.rng.shuffle(groups)
    chosen = (
        groups if count >= 4 else [groups[0], *d.rng.sample(groups[1:], len(groups) - 1)][:count]
    )
    for place, group in enumerate(chosen):
        x, y = margin + place * cell, top
        if group is None:
            party(d, x, y, "seller", size=size, abroad=0.2)
            continue
        for pair in d.pairs([name for name in group if d.chance(0.85)]):
            key = () if d.chance(keyless) else pair.key
            end = d.canvas.put(x, y, *key, *pair.value, size=size)
            # Too long for its column: the neighbour is pushed by giving the rest of the line away.
            if end > x + cell and place < count - 1:
                _narrow(d, x, x + cell - 4)
            y += step


def _narrow(d: Draft, left: float, right: float) -> None:
    """Set the last line in a narrower face, so that it ends at `right`."""
    words = d.canvas.segments[-1].words
    factor = (right - left) / (words[-1].x1 - left)
    for word in words:
        word.x0 = left + (word.x0 - left) * factor
        word.x1 = left + (word.x1 - left) * factor


def small_print(d: Draft) -> None:
    """Terms of business in small type, in one column or two, where the page is empty."""
    width, height = d.canvas.width, d.canvas.height
    lows = [part.bottom for part in d.canvas.segments if part.bottom < 0.86 * height]
    top = max(lows, default=0.0) + 2 * d.pitch
    if top > 0.72 * height:
        return
    size = d.size * d.rng.uniform(0.6, 0.9)
    count = d.rng.choice((1, 1, 2))
    cell = 0.86 * width / count
    for place in range(count):
        y = top
        for _ in range(d.rng.randint(2, 9)):
            y = sentences(d, 0.07 * width + place * cell, y, cell - 12, "legal", 2, size)
            if y > 0.82 * height:
                break


def page_number(d: Draft, y: float) -> None:
    """Somewhere at the edge of the page."""
    found = d.pair("pages")
    if found is not None:
        x = d.canvas.width * d.rng.choice((0.5, 0.85, 0.1))
        d.canvas.put(x, y, *found.key, *found.value, size=d.size * 0.8)
