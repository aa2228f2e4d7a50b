"""Forms: questions with answers or blanks, boxes to tick, sections, small tables."""

from __future__ import annotations

from datetime import date, timedelta

from kie.synth import blocks
from kie.synth.canvas import Mark, Span
from kie.synth.draft import Draft, Pair
from kie.synth.family import Family, Skeleton
from kie.synth.ids import digits
from kie.synth.people import person_name

BOXES = (
    ("\u2610", "\u2612"),
    ("[ ]", "[x]"),
    ("\u25a1", "\u25a0"),
    ("( )", "(X)"),
    ("O", "\u2297"),
)


def question(d: Draft) -> str:
    """A question of a form."""
    return d.say("form_keys")


def answer_text(d: Draft) -> str:
    """What somebody may have filled in."""
    rng = d.rng
    day = date(1930, 1, 1) + timedelta(days=rng.randrange(34000))
    return rng.choice(
        (
            lambda: d.say("form_answers"),
            lambda: d.say("form_answers"),
            lambda: person_name(rng, d.locale),
            lambda: d.formats.date(day),
            lambda: d.content.buyer.street,
            lambda: d.content.buyer.town,
            lambda: d.content.buyer.phone,
            lambda: d.content.buyer.email,
            lambda: digits(rng, rng.randint(2, 9)),
            lambda: d.formats.number(rng.randint(100, 900000)),
            lambda: d.content.seller.name,
            lambda: d.say("goods"),
        )
    )()


def filled(d: Draft, key: str = "", share: float = 0.75) -> Pair:
    """A question with its answer, or with a blank to fill in."""
    mark = Mark("question")
    text = (key or question(d)) + d.style.colon
    if not d.chance(share):
        blank = d.rng.choice(("_" * d.rng.randint(5, 25), "." * d.rng.randint(8, 30), ""))
        return Pair(((text, mark),), (blank,) if blank else ())
    answer = Mark("answer")
    d.links.append((mark, answer, "key_value"))
    if d.chance(0.1):
        return Pair(((text, mark),), ("__", (answer_text(d), answer), "__"))
    return Pair(((text, mark),), ((answer_text(d), answer),))


def several(d: Draft, least: int, most: int, share: float = 0.75) -> list[Pair]:
    """Different questions."""
    pool = list(d.locale.list("form_keys"))
    count = min(len(pool), d.rng.randint(least, most))
    return [filled(d, key, share) for key in d.rng.sample(pool, count)]


def section(d: Draft, x: float, y: float) -> float:
    """The title of a section."""
    number = d.rng.choice(("", "", "I.", "1.", "A)", "II", "3"))
    spans: list[Span] = [number] if number else []
    d.canvas.put(x, y, *spans, (d.say("form_sections"), Mark("header")), bold=d.chance(0.8))
    return y + 1.5 * d.pitch


def ticks(d: Draft, x: float, y: float, width: float) -> float:
    """A question with options to tick; the chosen option is its answer."""
    empty, full = d.rng.choice(BOXES)
    options = d.rng.sample(d.locale.list("form_options"), d.rng.randint(2, 4))
    chosen = d.rng.randrange(len(options) + 1)
    mark = Mark("question")
    end = d.canvas.put(x, y, (question(d), mark)) if d.chance(0.8) else x
    step = max(40.0, (width - (end - x)) / (len(options) + 0.5))
    left = end + 12
    before = d.chance(0.75)
    for index, option in enumerate(options):
        if index == chosen:
            answer = Mark("answer")
            d.links.append((mark, answer, "key_value"))
            spans: tuple[Span, ...] = ((full, answer), (option, answer))
        else:
            spans = (empty, option)
        left_end = d.canvas.put(left, y, *(spans if before else spans[::-1]))
        left = max(left + step, left_end + 8)
    return y + 1.3 * d.pitch


def head(d: Draft, x: float, y: float, align: str = "left") -> float:
    """The office that wants it, the title, a hint, the form's number."""
    if d.chance(0.7):
        d.canvas.put(x, y, d.content.seller.name, align=align, bold=d.chance(0.5))
        y += 1.4 * d.pitch
    scale = d.rng.uniform(1.1, 1.9)
    y += d.size * (scale - 1)
    text = d.say("title.form")
    d.canvas.put(x, y, (text, Mark("header")), size=d.size * scale, align=align, bold=True)
    y += 1.5 * d.pitch
    if d.chance(0.5):
        d.canvas.put(x, y, d.say("form_hints"), size=d.size * 0.85, align=align)
        y += 1.3 * d.pitch
    return y + 0.5 * d.pitch


def signature(d: Draft, x: float, y: float, width: float) -> None:
    """Place, date and signature on lines, the keys below them."""
    for place in (0.0, 0.55):
        d.canvas.put(x + place * width, y, "_" * 22)
        key = (question(d), Mark("question"))
        d.canvas.put(x + place * width, y + d.size * 1.1, key, size=d.size * 0.8)


def plain(d: Draft) -> None:
    """Questions one below the other, in sections."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.09 * w, 0.92 * w
    y = head(d, x, 50)
    gap = d.rng.choice((0.0, 0.25 * w, 0.32 * w))
    while y < 0.8 * h:
        y = section(d, x, y)
        y = blocks.columns(d, x, y, several(d, 3, 7), gap=gap)
        if d.chance(0.6):
            y = ticks(d, x, y, right - x)
        y += d.pitch
        if d.chance(0.25):
            break
    signature(d, x, min(y + 2 * d.pitch, 0.95 * h), right - x)


def two_columns(d: Draft) -> None:
    """Two questions per line."""
    w, h = d.canvas.width, d.canvas.height
    x, middle = 0.07 * w, 0.52 * w
    y = head(d, w / 2, 48, "center")
    while y < 0.78 * h and not (y > 0.4 * h and d.chance(0.3)):
        y = section(d, x, y)
        left, right = several(d, 3, 6), several(d, 3, 6)
        low = blocks.inline_list(d, x, y, left) if d.chance(0.5) else blocks.columns(d, x, y, left)
        y = max(low, blocks.columns(d, middle, y, right)) + 0.5 * d.pitch
        y = ticks(d, x, y, 0.86 * w) + d.pitch
    signature(d, x, min(y + 2 * d.pitch, 0.95 * h), 0.85 * w)


def boxed(d: Draft) -> None:
    """A ruled grid with a small key in the corner of every cell."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.06 * w, 0.94 * w
    y = head(d, x, 45)
    number = 1
    for _ in range(d.rng.randint(2, 6)):
        pairs = several(d, 2, 5, 0.7)
        if d.chance(0.4):
            for pair in pairs:
                text, mark = pair.key[0][0], pair.key[0][1]
                pairs[pairs.index(pair)] = Pair(((f"{number}. {text}", mark),), pair.value)  # type: ignore[arg-type]
                number += 1
        y = blocks.grid(d, x, y, right - x, pairs, min(len(pairs), d.rng.randint(2, 4))) + 4
        if y > 0.85 * h:
            break
        if d.chance(0.3):
            y = section(d, x, y + d.pitch)
    if y < 0.88 * h:
        d.canvas.wrap(x, y + d.pitch, right - x, d.say("form_hints"), d.say("form_hints"))


def memo(d: Draft) -> None:
    """A cover sheet: to, from, date, subject, then remarks."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.1 * w, 0.9 * w
    y = head(d, d.rng.choice((x, w / 2)), 60, "left")
    keys = d.rng.sample(d.locale.list("form_keys"), 4)
    if d.locale.language == "en":
        keys = ["TO", "FROM", "DATE", "SUBJECT", "CC", "FAX", "PHONE", "PAGES"][
            : d.rng.randint(4, 8)
        ]
    pairs = [filled(d, key, 0.92) for key in keys]
    half = len(pairs) // 2
    if d.chance(0.5):
        low = blocks.columns(d, x, y, pairs[:half])
        y = max(low, blocks.columns(d, 0.55 * w, y, pairs[half:]))
    else:
        y = blocks.columns(d, x, y, pairs, gap=0.15 * w)
    y += 2 * d.pitch
    for _ in range(d.rng.randint(1, 3)):
        y = blocks.sentences(d, x, y, right - x, "prose", d.rng.randint(1, 4)) + d.pitch
    if d.chance(0.5):
        y = ticks(d, x, y, right - x)
    if d.chance(0.6) and y < 0.8 * h:
        blocks.columns(d, x, y + d.pitch, several(d, 2, 4), gap=0.2 * w)


def with_table(d: Draft) -> None:
    """Questions over a table that is filled in by hand, a sum below it."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.07 * w, 0.93 * w
    y = head(d, x, 48)
    y = blocks.inline_row(d, x, y, right - x, several(d, 3, 6)) + d.pitch
    count = d.rng.randint(3, 6)
    heads = [Mark("question") for _ in range(count)]
    edges = [x + place * (right - x) / count for place in range(count)]
    for edge, mark in zip(edges, heads, strict=True):
        d.canvas.put(edge, y, (question(d), mark), size=d.size * 0.85, bold=d.chance(0.5))
    y += 1.5 * d.pitch
    for _ in range(d.rng.randint(2, 10)):
        for edge, mark in zip(edges, heads, strict=True):
            if d.chance(0.7):
                answer = Mark("answer")
                d.links.append((mark, answer, "key_value"))
                text = answer_text(d) if d.chance(0.4) else digits(d.rng, d.rng.randint(1, 4))
                room = (right - x) / count / d.canvas.measure("n")
                d.canvas.put(edge, y, (text[: int(room)].strip() or "1", answer))
        y += 1.3 * d.pitch
        if y > 0.78 * h:
            break
    total = filled(d, d.key_text("total_gross"), 0.8)
    d.canvas.put(0.6 * w, y + d.pitch, *total.key, *total.value)
    y = blocks.columns(d, x, y + 3 * d.pitch, several(d, 1, 4))
    signature(d, x, min(y + 2 * d.pitch, 0.95 * h), right - x)


def questionnaire(d: Draft) -> None:
    """Numbered questions as sentences with options."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.09 * w, 0.91 * w
    y = head(d, x, 50)
    number = 1
    while y < 0.86 * h:
        mark = Mark("question")
        y = d.canvas.wrap(x, y, right - x, f"{number}.", (d.say("prose"), mark))
        if d.chance(0.6):
            y = ticks(d, x + 15, y, right - x)
        elif d.chance(0.7):
            answer = Mark("answer")
            d.links.append((mark, answer, "key_value"))
            d.canvas.put(x + 15, y, (answer_text(d), answer))
            y += d.pitch
        else:
            d.canvas.put(x + 15, y, "_" * 50)
            y += d.pitch
        y += 0.6 * d.pitch
        number += 1
        if d.chance(0.1):
            break


def value_above(d: Draft) -> None:
    """Answers on lines, the questions in small type below them."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.08 * w, 0.92 * w
    y = head(d, w / 2, 52, "center")
    while y < 0.85 * h and not d.chance(0.06):
        per_row = d.rng.randint(1, 4)
        cellw = (right - x) / per_row
        for place, pair in enumerate(several(d, per_row, per_row)):
            left = x + place * cellw
            if pair.value:
                d.canvas.put(left, y, *pair.value)
            d.canvas.put(left, y + d.size * 1.15, *pair.key, size=d.size * 0.75)
        y += 3 * d.size
    signature(d, x, min(y + d.pitch, 0.95 * h), right - x)


def card(d: Draft) -> None:
    """A small card or label on a large page: a dozen questions close together."""
    w, h = d.canvas.width, d.canvas.height
    d.canvas.height = h * d.rng.uniform(0.45, 0.7)
    x = 0.1 * w
    y = head(d, x, 40)
    pairs = several(d, 6, 12, 0.85)
    if d.chance(0.5):
        y = blocks.inline_row(d, x, y, 0.8 * w, pairs)
    else:
        y = blocks.columns(d, x, y, pairs, gap=0.22 * w)
    ticks(d, x, y + 0.5 * d.pitch, 0.8 * w)


def report(d: Draft) -> None:
    """A sheet of measurements or a brand: keys over several values, remarks."""
    w, h = d.canvas.width, d.canvas.height
    x, right = 0.08 * w, 0.93 * w
    d.canvas.put(
        w / 2, 46, (d.say("title.form").upper(), Mark("header")), align="center", bold=True
    )
    y = 46 + 2 * d.pitch
    for _ in range(d.rng.randint(2, 4)):
        y = section(d, x, y)
        for pair in several(d, 3, 6, 0.85):
            end = d.canvas.put(x, y, *pair.key)
            left = max(end + 10, 0.32 * w)
            left = d.canvas.put(left, y, *pair.value) if pair.value else left
            if d.chance(0.3):
                more = Mark("answer")
                mark = pair.key[0][1]
                assert isinstance(mark, Mark)
                d.links.append((mark, more, "key_value"))
                d.canvas.put(max(left + 15, 0.62 * w), y, (answer_text(d), more))
            y += 1.2 * d.pitch
        y += d.pitch
        if y > 0.8 * h:
            break
    if y < 0.9 * h:
        blocks.sentences(d, x, y, right - x, "prose", 2)


FAMILY = Family(
    "form",
    14,
    tuple(
        Skeleton(draw, ("form",), lines=(1, 1), mono=0.1)
        for draw in (
            plain, two_columns, boxed, memo, with_table, questionnaire, value_above, card, report,
        )
    ),
)  # fmt: skip
