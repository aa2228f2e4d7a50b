"""Papers of an office: letters, invoices, statements of account, brochures."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from recovery.score.families.builder import (
    A4,
    LETTER,
    SANS,
    SERIF,
    WIDE,
    Builder,
    Rules,
    paper,
)
from recovery.score.families.words import Prose
from recovery.score.manuscript import Furnishing, Look, Manuscript, Running
from structure.core.document import Align, Style

_RULES: tuple[Rules, ...] = ("horizontal", "grid", "three-line")


def letter(seed: int) -> Manuscript:
    """A letter with sender, address, date, subject and signature on one page."""
    rng = Random(f"letter {seed}")
    prose = Prose(rng)
    size = (11.0, 11.5, 10.5)[seed % 3]
    body = Style(
        size=size,
        family="serif" if seed % 2 else "sans",
        align="justify" if seed % 3 == 0 else "left",
        space_before=8.0,
    )
    subject = replace(body, bold=True, space_before=18.0)
    page = paper((LETTER, A4, A4)[seed % 3], 80.0, 72.0)
    book = Builder(rng, body, Look((SANS, SERIF, SERIF)[seed % 3]), headings=[subject])
    firm = f"{prose.name()} & {prose.name()} Ltd."
    side = "right" if seed % 2 else "left"
    plain = replace(body, align="left", space_before=0.0)
    sender = f"{firm}\n{rng.randint(2, 90)} Station Road\n{prose.place()}"
    book.text(sender, replace(plain, align="right" if side == "right" else "left"))
    to = f"Mr. {rng.choice('ABCDE')}. {prose.name()}\n{rng.randint(2, 90)} Harbour Lane\n"
    book.text(f"{to}{prose.place()}", replace(plain, space_before=28.0))
    book.text(prose.date(), replace(plain, align="right", space_before=22.0))
    book.heading(1, f"Re: {prose.heading()}, order no. {rng.randint(1000, 9999)}")
    book.paragraph(f"Dear Mr. {prose.name()},")
    for _ in range(3):
        book.paragraph(prose.paragraph(2, 4))
    book.list([(0, "\u2013", prose.sentence()) for _ in range(3)], gap=6.0)
    book.paragraph(prose.paragraph(2, 3))
    book.paragraph("Yours sincerely,")
    book.text(
        f"{rng.choice('FGHJ')}. {prose.name()}\nManaging Director",
        replace(plain, space_before=34.0),
    )
    foot = (
        f"{firm} · Reg. no. {rng.randint(100000, 999999)} · VAT GB{rng.randint(10**8, 10**9 - 1)}"
    )
    book.section(page, furnishing=Furnishing((Running(), Running(center=foot, rule=True))))
    return book.manuscript()


def invoice(seed: int) -> Manuscript:
    """An invoice: sender and buyer side by side, facts, items, totals, payment terms."""
    rng = Random(f"invoice {seed}")
    prose = Prose(rng)
    size = (10.0, 9.5, 10.5)[seed % 3]
    body = Style(size=size, family="sans", align="left", space_before=4.0)
    heads = [Style(size=size + 1, bold=True, family="sans", align="left", space_before=10.0)]
    title = Style(
        size=22.0, bold=True, family="sans", align="right" if seed % 2 else "left", color="1F3A5F"
    )
    page = paper((A4, LETTER, A4)[seed % 3], 60.0, 60.0)
    book = Builder(rng, body, Look((SANS, SERIF, SERIF)[seed % 3]), headings=heads, title=title)
    width = page.text_width
    firm = f"{prose.name()} {rng.choice(('Supplies', 'Tools', 'Print'))} Ltd."
    foot = f"{firm} · IBAN GB{rng.randint(10, 99)} NWBK {rng.randint(1000, 9999)} 2211 0099"
    furniture = Furnishing((Running(), Running(center=foot, rule=True)))
    book.title("INVOICE")
    book.section(page, furnishing=furniture)
    plain = replace(body, space_before=2.0)
    for who, name in (("From", firm), ("Bill to", f"{prose.name()} & Sons")):
        book.heading(1, who)
        address = f"{name}\n{rng.randint(2, 99)} {prose.place()} Street\n{prose.place()}"
        book.text(f"{address}\nVAT no. GB{rng.randint(10**8, 10**9 - 1)}", plain)
        if who == "From":
            book.new_column()
    book.section(page, columns=2, gap=30.0, new_page=False, furnishing=furniture)
    facts = replace(plain, tabs=(110.0,))
    lines = (
        ("Invoice no.", f"{prose.year()}-{rng.randint(100, 999):05d}"),
        ("Invoice date", prose.date()),
        ("Due date", prose.date()),
        ("Order no.", f"PO {rng.randint(10000, 99999)}"),
    )
    for n, (label, value) in enumerate(lines):
        book.text(
            f"{label}:\t{value}", replace(facts, space_before=2.0 if n else 14.0), "key_value"
        )
    rows: list[list[str | tuple[str, int, int] | None]] = [
        ["No.", "Description", "Quantity", "Unit price", "Amount"]
    ]
    total = 0
    for n in range(1, rng.randint(6, 9)):
        count, price = rng.randint(1, 40), rng.randint(120, 48000)
        total += count * price
        rows.append([str(n), prose.item(), str(count), _money(price), _money(count * price)])
    tax = round(0.2 * total)
    for label, sum_ in (("Net", total), ("VAT 20%", tax), ("Total due", total + tax)):
        rows.append([(label, 1, 4), None, None, None, _money(sum_)])
    align: list[Align] = ["left", "left", "right", "right", "right"]
    shares = (0.08, 0.42, 0.14, 0.18, 0.18)
    book.text("All amounts in EUR.", replace(plain, space_before=12.0))
    book.table(
        rows,
        [share * width for share in shares],
        rules=_RULES[seed % 3],
        align=align,
        size=size,
        fill="E8ECF2" if seed % 3 == 1 else None,
        bold_last=True,
    )
    book.heading(1, "Payment terms")
    book.paragraph(f"Payable within {rng.choice((14, 30, 60))} days. {prose.sentence()}")
    book.section(page, new_page=False, furnishing=furniture)
    return book.manuscript()


def _money(cents: int) -> str:
    return f"{cents / 100:,.2f}"


def statement(seed: int) -> Manuscript:
    """Financial statements: long tables over pages with groups, negative numbers, subtotals."""
    rng = Random(f"statement {seed}")
    prose = Prose(rng)
    size = (9.5, 10.0, 9.0)[seed % 3]
    body = Style(size=size, family="serif", align="justify", space_before=5.0)
    heads = [
        Style(size=size + 5, bold=True, family="serif", align="left", space_before=14.0),
        Style(size=size + 1, bold=True, family="serif", align="left", space_before=8.0),
    ]
    page = paper((LETTER, A4, A4)[seed % 3], (72.0, 60.0, 80.0)[seed % 3], 72.0)
    book = Builder(rng, body, Look((SERIF, SERIF, SANS)[seed % 3]), headings=heads)
    width = page.text_width
    firm = f"{prose.name()} {prose.place()} plc"
    year = rng.randint(2004, 2025)
    book.title(f"{firm}: annual accounts {year}")
    book.paragraph(prose.paragraph(3, 4))
    for number, name in enumerate(("Statement of income", "Balance sheet"), start=1):
        book.heading(1, f"{number}. {name}")
        book.paragraph(prose.paragraph(2, 3))
        rows: list[list[str | tuple[str, int, int] | None]] = [
            [
                *(("In thousands of euros", 2, 1), ("Note", 2, 1)),
                *(("Group", 1, 2), None, ("Company", 1, 2), None),
            ],
            [None, None, str(year), str(year - 1), str(year), str(year - 1)],
        ]
        for group in range(7):
            rows += [
                [prose.item(), str(rng.randint(1, 28)), *(_thousands(rng) for _ in "1234")]
                for _ in range(rng.randint(4, 7))
            ]
            rows.append([f"Total {group + 1}", "", *(_thousands(rng) for _ in "1234")])
        align: list[Align] = ["left", "center", "right", "right", "right", "right"]
        book.table(
            rows,
            [0.36 * width, 0.08 * width] + [0.14 * width] * 4,
            header=2,
            rules=_RULES[(seed + 2 * number) % 3],
            align=align,
            bold_last=True,
            caption=f"Table {number}. {name}, 31 December {year}",
        )
        book.paragraph(prose.paragraph(3, 4))
    book.heading(1, "3. Notes")
    for n in range(1, 4):
        book.heading(2, f"3.{n} {prose.heading()}")
        book.paragraph(prose.paragraph(3, 5))
    head = Running(left=firm, right=f"Annual accounts {year}", rule=True)
    cover = (Running(), Running(center="{page}"))
    book.section(page, furnishing=Furnishing((head, Running(center="{page}")), first=cover))
    return book.manuscript()


def _thousands(rng: Random) -> str:
    value = f"{rng.randint(12, 98000):,}"
    return rng.choice((value, value, value, f"({value})", "\u2013"))


def brochure(seed: int) -> Manuscript:
    """A leaflet: a wide column of text, a narrow one with a side bar, a picture over both."""
    rng = Random(f"brochure {seed}")
    prose = Prose(rng)
    size = (10.5, 10.0, 11.0)[seed % 3]
    body = Style(size=size, family="sans", align="left", space_before=5.0)
    heads = [
        Style(
            size=size + 5,
            bold=True,
            family="sans",
            align="left",
            space_before=10.0,
            color="7A1F1F",
        ),
        Style(size=size + 1, bold=True, family="sans", align="left", space_before=10.0),
    ]
    title = Style(size=30.0, bold=True, family="sans", align="left", color="7A1F1F")
    page = paper((A4, LETTER, A4)[seed % 3], 54.0, 54.0, across=seed % 3 == 2)
    book = Builder(rng, body, Look((WIDE, SANS, SERIF)[seed % 3]), headings=heads, title=title)
    gap, width = 24.0, page.text_width
    side = round(0.3 * (width - gap), 2)
    small = replace(body, size=size - 1.5, space_before=4.0)
    furniture = Furnishing((Running(), Running(left=prose.place(), right="www.example.org")))
    book.title(f"{prose.heading()} in {prose.place()}")
    book.text(prose.sentence(), replace(body, size=size + 2, italic=True, space_before=6.0))
    if seed % 3 != 2:
        book.figure(0.98 * width, 170.0, "", "landscape")
    book.section(page, furnishing=furniture)

    def bar() -> None:
        book.heading(2, "At a glance")
        for _ in range(3):
            book.text(prose.sentence(), small)
        book.list([(0, "•", prose.item()) for _ in range(4)], size=size - 1.5)
        book.heading(2, "Contact")
        address = f"{prose.name()} House\n{rng.randint(1, 99)} Quay Road"
        book.text(f"{address}\nTel. {rng.randint(10000, 99999)}", small)

    def main() -> None:
        book.heading(1, prose.heading())
        for _ in range(2):
            book.paragraph(prose.paragraph(3, 5))
        book.heading(1, prose.heading())
        book.paragraph(prose.paragraph(3, 5))

    first, second = (bar, main) if seed % 2 else (main, bar)
    first()
    book.new_column()
    second()
    columns = (side, width - gap - side) if seed % 2 else (width - gap - side, side)
    book.section(
        page, columns=columns, gap=gap, rule=seed % 3 == 0, new_page=False, furnishing=furniture
    )
    return book.manuscript()
