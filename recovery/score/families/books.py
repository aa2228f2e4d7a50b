"""Long documents: manuals, book chapters, minutes with a page across, handbooks with contents."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from recovery.score.families.builder import (
    A4,
    A5,
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
from structure.core.document import Align, Span, Style

_RULES: tuple[Rules, ...] = ("grid", "three-line", "horizontal")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def manual(seed: int) -> Manuscript:
    """A manual with nested lists, listings of code and warnings in bold."""
    rng = Random(f"manual {seed}")
    prose = Prose(rng)
    size = (10.0, 10.5, 9.0)[seed % 3]
    body = Style(size=size, family="sans", align="left", space_before=6.0)
    heads = [
        Style(size=size + 6, bold=True, family="sans", align="left", space_before=16.0),
        Style(size=size + 2, bold=True, family="sans", align="left", space_before=12.0),
        Style(size=size, bold=True, family="sans", align="left", space_before=8.0),
    ]
    title = Style(size=24.0, bold=True, family="sans", align="left")
    page = paper((LETTER, A4, A4)[seed % 3], 72.0, 72.0)
    book = Builder(rng, body, Look((SERIF, SANS, WIDE)[seed % 3]), headings=heads, title=title)
    code = Style(size=size - 1, family="mono", align="left", left_indent=18.0, space_before=6.0)
    bullet, dash = ("•", "\u2013") if seed % 2 else ("▪", "◦")
    book.title(f"{prose.heading()}: user manual")
    book.paragraph(prose.paragraph(2, 3))
    for chapter in range(1, 4):
        book.heading(1, f"{chapter}. {prose.heading()}")
        book.paragraph(prose.paragraph(2, 4))
        book.heading(2, f"{chapter}.1 {prose.heading()}")
        if chapter == 1:
            book.list(
                [
                    (0, bullet, prose.sentence()),
                    (1, dash, prose.item()),
                    (1, dash, prose.sentence()),
                    (0, bullet, prose.sentence()),
                    (0, bullet, prose.item()),
                ]
            )
        else:
            book.list(
                [
                    (0, "1.", prose.sentence()),
                    (1, "a)", prose.item()),
                    (1, "b)", prose.sentence()),
                    (0, "2.", prose.sentence()),
                    (0, "3.", prose.sentence()),
                ]
            )
        note = prose.sentence()
        book.paragraph(f"Warning: {note}", spans=[Span(0, 8, bold=True)])
        book.heading(2, f"{chapter}.2 {prose.heading()}")
        book.paragraph(prose.paragraph(2, 3))
        book.text(_listing(rng), code, "code")
        book.paragraph(prose.paragraph(2, 3))
        if chapter == 2:
            book.heading(3, prose.heading())
            book.paragraph(prose.paragraph(2, 3))
            width = page.text_width
            rows = [["Option", "Meaning", "Default"]]
            rows += [
                [f"--{prose.word('noun')}", prose.sentence(), str(rng.randint(0, 64))]
                for _ in range(4)
            ]
            book.table(rows, [0.25 * width, 0.55 * width, 0.2 * width], rules=_RULES[seed % 3])
            book.paragraph(prose.paragraph(2, 3))
    head = Running(left="User manual", right=f"Version {rng.randint(1, 9)}.{rng.randint(0, 9)}")
    book.section(page, furnishing=Furnishing((head, Running(right="{page}", rule=True))))
    return book.manuscript()


def _listing(rng: Random) -> str:
    """A few lines that look like a program."""
    names = rng.sample(("pump", "valve", "level", "rate", "total", "limit", "station"), 4)
    a, b, c, d = names
    return (
        f"def {a}_{b}({c}, {d}={rng.randint(2, 64)}):\n"
        f"    for step in range({c}):\n"
        f"        if step % {rng.randint(2, 9)} == 0:\n"
        f"            {d} += step\n"
        f"    return {d}\n"
        f"print({a}_{b}({rng.randint(10, 99)}))"
    )


def chapter(seed: int) -> Manuscript:
    """A chapter of a book: footnotes, headers for odd and even pages, a quotation."""
    rng = Random(f"chapter {seed}")
    prose = Prose(rng, hyphens=True)
    size = (10.5, 10.0, 11.0)[seed % 3]
    body = Style(size=size, family="serif", align="justify", first_indent=1.5 * size)
    heads = [
        Style(size=size + 7, family="serif", align="center", space_before=40.0),
        Style(size=size + 1, italic=True, family="serif", align="left", space_before=12.0),
    ]
    page = paper((A5, LETTER, A5)[seed % 3], (50.0, 110.0, 54.0)[seed % 3], 64.0)
    look = Look((SERIF, SERIF, WIDE)[seed % 3], running_size=9.0)
    book = Builder(rng, body, look, headings=heads)
    small = replace(body, size=size - 2, first_indent=0.0, space_before=0.0)
    quote = replace(
        body, size=size - 1, left_indent=24.0, first_indent=0.0, space_before=6.0, align="left"
    )
    name = prose.heading()
    book.heading(1, f"Chapter {_ROMAN[rng.randint(0, 7)]}\n{name}" if seed % 2 else name)
    book.text(prose.paragraph(4, 6), replace(body, first_indent=0.0, space_before=24.0))
    for part in range(14):
        if part in (3, 6, 10):
            book.heading(2, prose.heading())
        if part in (1, 4, 7, 8, 12):
            book.noted(prose.paragraph(4, 6), prose.sentence().replace("\u00ad", ""), small)
        else:
            book.paragraph(prose.paragraph(4, 7), indent=part not in (3, 6, 10))
        if part == 4:
            book.text(prose.paragraph(2, 3).replace("\u00ad", ""), quote, "quote")
    odd = Running(center=name, right="{page}")
    even = Running(left="{page}", center=f"{prose.title()}")
    furniture = Furnishing(
        default=(odd, Running()),
        first=(Running(), Running(center="{page}")),
        even=(even, Running()),
    )
    book.section(page, furnishing=furniture)
    return book.manuscript()


def minutes(seed: int) -> Manuscript:
    """Minutes of a meeting with a wide table on a page across between upright ones."""
    rng = Random(f"minutes {seed}")
    prose = Prose(rng)
    size = (11.0, 10.5, 10.0)[seed % 3]
    body = Style(
        size=size,
        family="serif" if seed % 2 else "sans",
        align="left" if seed % 2 else "justify",
        space_before=6.0,
    )
    heads = [Style(size=size + 2, bold=True, family=body.family, align="left", space_before=14.0)]
    title = Style(size=18.0, bold=True, family=body.family, align="center")
    paper_size = LETTER if seed % 3 == 1 else A4
    page, wide = paper(paper_size, 72.0, 72.0), paper(paper_size, 60.0, 60.0, across=True)
    book = Builder(rng, body, Look((SERIF, SANS, SERIF)[seed % 3]), headings=heads, title=title)
    head = Running(left=f"Minutes of {prose.date()}", right=prose.place())
    furniture = Furnishing((head, Running(center="{page}")))
    book.title("Minutes of the committee")
    facts = replace(body, tabs=(90.0,), space_before=2.0)
    book.text(f"Present:\t{prose.name()}, {prose.name()}, {prose.name()}", facts, "key_value")
    book.text(f"Excused:\t{prose.name()}", facts, "key_value")
    book.text(f"Place:\t{prose.place()}, room {rng.randint(2, 40)}", facts, "key_value")
    for item in range(1, 4):
        book.heading(1, f"{item}. {prose.heading()}")
        book.paragraph(prose.paragraph(3, 5))
        book.paragraph(prose.paragraph(2, 4))
        if item == 2:
            book.list([(0, "•", prose.sentence()) for _ in range(3)])
    book.section(page, furnishing=furniture)
    quarters = ["Q1", "Q2", "Q3", "Q4"]
    rows: list[list[str | tuple[str, int, int] | None]] = [
        [
            *(("Measure", 2, 1), ("Responsible", 2, 1)),
            *(("Plan", 1, 4), None, None, None),
            *(("Actual", 1, 4), None, None, None),
        ],
        [None, None, *quarters, *quarters],
    ]
    rows += [
        [prose.item(), prose.name(), *(str(rng.randint(3, 980)) for _ in range(8))]
        for _ in range(11)
    ]
    width = wide.text_width
    numbers: list[Align] = ["right"] * 8
    align: list[Align] = ["left", "left", *numbers]
    book.heading(1, "Annex: measures and costs")
    book.table(
        rows,
        [0.24 * width, 0.16 * width] + [0.075 * width] * 8,
        header=2,
        rules=_RULES[seed % 3],
        align=align,
        caption=f"Table 1. {prose.heading()}",
    )
    book.paragraph(prose.paragraph(1, 2))
    book.section(wide, furnishing=furniture)
    for item in range(4, 6):
        book.heading(1, f"{item}. {prose.heading()}")
        book.paragraph(prose.paragraph(3, 5))
    book.text(f"{prose.name()}, secretary", replace(body, space_before=30.0))
    book.section(page, furnishing=furniture)
    return book.manuscript()


def handbook(seed: int) -> Manuscript:
    """About twelve pages: contents, chapters with their own running heads, tables over pages."""
    rng = Random(f"handbook {seed}")
    prose = Prose(rng, hyphens=seed % 2 == 0)
    size = (10.5, 11.0, 10.0)[seed % 3]
    body = Style(
        size=size,
        family="serif",
        align="justify" if seed % 2 == 0 else "left",
        space_before=5.0,
    )
    heads = [
        Style(size=size + 8, bold=True, family="sans", align="left", space_before=0.0),
        Style(size=size + 2, bold=True, family="sans", align="left", space_before=12.0),
        Style(size=size, bold=True, family="sans", align="left", space_before=8.0),
    ]
    title = Style(size=28.0, bold=True, family="sans", align="left", space_before=60.0)
    page = paper((A4, A4, LETTER)[seed % 3], 76.0, 80.0)
    book = Builder(rng, body, Look((SERIF, SERIF, WIDE)[seed % 3]), headings=heads, title=title)
    width = page.text_width
    name = prose.title()
    chapters = [prose.heading() for _ in range(6)]
    sections = [[prose.heading() for _ in range(2)] for _ in chapters]
    book.title(name)
    book.text(f"{prose.place()}, {prose.date()}", replace(body, space_before=20.0))
    book.heading(1, "Contents")
    for n, chapter_name in enumerate(chapters, start=1):
        entry = Style(
            size=size, bold=True, family="serif", align="left", tabs=(width,), space_before=6.0
        )
        book.text(f"{n} {chapter_name}\t{2 * n}", entry, "toc", level=1)
        for m, part in enumerate(sections[n - 1], start=1):
            line = replace(entry, bold=False, left_indent=14.0, space_before=1.0)
            book.text(f"{n}.{m} {part}\t{2 * n + m - 1}", line, "toc", level=2)
    book.section(page, furnishing=Furnishing((Running(), Running(center="{page}"))))
    for n, chapter_name in enumerate(chapters, start=1):
        book.heading(1, f"{n} {chapter_name}")
        book.paragraph(prose.paragraph(4, 6))
        for m, part in enumerate(sections[n - 1], start=1):
            book.heading(2, f"{n}.{m} {part}")
            for _ in range(4):
                book.paragraph(prose.paragraph(4, 7))
            if m == 1 and n == 1:
                book.figure(0.7 * width, 160.0, f"Figure {n}. {prose.heading()}", "curve")
            if m == 1 and n in (2, 4):
                _long_table(book, prose, width, n, _RULES[(seed + n) % 3])
            if m == 2:
                book.list([(0, "•", prose.sentence()) for _ in range(3)])
            book.paragraph(prose.paragraph(3, 5))
        running = Running(left=name, right=f"{n} {chapter_name}", rule=True)
        book.section(page, furnishing=Furnishing((running, Running(right="{page}"))))
    return book.manuscript()


def _long_table(book: Builder, prose: Prose, width: float, number: int, rules: Rules) -> None:
    """A table of more rows than the rest of a page holds."""
    rows = [["Station", "First reading", "Second reading", "Remark"]]
    rows += [[prose.place(), prose.number(), prose.amount(), prose.item()] for _ in range(34)]
    align: list[Align] = ["left", "right", "right", "left"]
    shares = (0.26, 0.2, 0.22, 0.32)
    book.table(
        rows,
        [share * width for share in shares],
        rules=rules,
        align=align,
        caption=f"Table {number}. {prose.heading()}",
    )
