"""Running prose: reports in one column, papers in two, newspapers in three."""

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
from structure.core.document import Align, Span, Style

_RULES: tuple[Rules, ...] = ("grid", "three-line", "horizontal", "none")


def report(seed: int) -> Manuscript:
    """A report in one column with numbered headings, lists, a table and a chart."""
    rng = Random(f"report {seed}")
    spaced = seed % 2 == 1
    prose = Prose(rng, hyphens=not spaced)
    size = (10.5, 11.0, 10.0)[seed % 3]
    body = Style(
        size=size,
        family="serif" if seed % 3 else "sans",
        align="left" if spaced else "justify",
        first_indent=0.0 if spaced else 1.5 * size,
        space_before=6.0 if spaced else 0.0,
    )
    look = Look((SANS, SERIF, WIDE)[seed % 3], leading=(1.0, 1.15, 1.0)[seed % 3])
    heads = [
        Style(size=size + 4, bold=True, family="sans", align="left", space_before=14.0),
        Style(size=size + 1.5, bold=True, family="sans", align="left", space_before=10.0),
        Style(size=size, bold=True, family="sans", align="left", space_before=8.0),
    ]
    title = Style(size=size + 10, bold=True, family="sans", align="left", space_before=0.0)
    page = paper((A4, LETTER, A4)[seed % 3], (72.0, 64.0, 85.0)[seed % 3], 72.0)
    book = Builder(rng, body, look, headings=heads, title=title)
    book.title(prose.title())
    for chapter in range(1, 4):
        book.heading(1, f"{chapter} {prose.heading()}" if seed % 3 else prose.heading())
        book.paragraph(prose.paragraph(), indent=False)
        book.paragraph(prose.paragraph())
        if chapter == 1:
            book.list([(0, "•", prose.sentence()) for _ in range(3)])
            book.paragraph(prose.paragraph())
        if chapter == 2:
            book.heading(2, f"2.1 {prose.heading()}" if seed % 3 else prose.heading())
            book.paragraph(prose.paragraph(), indent=False)
            _figures(book, prose, page.text_width, _RULES[seed % 4])
            book.paragraph(prose.paragraph())
            book.list([(0, f"{n}.", prose.sentence()) for n in range(1, 5)])
        if chapter == 3:
            book.figure(0.7 * page.text_width, 150.0, f"Figure 1. {prose.heading()}", "bars")
            book.paragraph(prose.paragraph())
            book.heading(2, f"3.1 {prose.heading()}" if seed % 3 else prose.heading())
            book.paragraph(prose.paragraph(), indent=False)
            book.paragraph(prose.paragraph())
    head = Running(left=f"Bulletin No. {rng.randint(3, 40)}", right=prose.heading(), rule=True)
    foot = Running(center="{page}") if seed % 2 else Running(right="Page {page}")
    book.section(page, furnishing=Furnishing((head, foot)))
    return book.manuscript()


def _figures(book: Builder, prose: Prose, width: float, rules: Rules) -> None:
    """A table of numbers."""
    rows: list[list[str]] = [["Item", "2023", "2024", "Change"]]
    rows += [[prose.item(), prose.number(), prose.number(), prose.percent()] for _ in range(6)]
    rows.append(["Total", prose.number(), prose.number(), prose.percent()])
    align: list[Align] = ["left", "right", "right", "right"]
    shares = (0.46, 0.18, 0.18, 0.18)
    book.table(
        rows,
        [share * width for share in shares],
        rules=rules,
        align=align,
        caption=f"Table 1. {prose.heading()}",
        bold_last=True,
        fill="DDE4EE" if rules == "grid" else None,
    )


def paper_in_columns(seed: int) -> Manuscript:
    """A scientific paper in two columns; title, abstract and one table reach over both."""
    rng = Random(f"paper {seed}")
    prose = Prose(rng, hyphens=True)
    size = (10.0, 9.5, 9.0)[seed % 3]
    body = Style(size=size, family="serif", align="justify", first_indent=1.2 * size)
    bold = seed % 3 != 1
    heads = [
        Style(size=size + 1.5, bold=bold, family="serif", align="left", space_before=10.0),
        Style(size=size, bold=True, family="serif", align="left", space_before=7.0),
        Style(size=size, italic=True, family="serif", align="left", space_before=6.0),
    ]
    title = Style(size=18.0, bold=bold, family="serif", align="center", space_before=6.0)
    page = paper((LETTER, A4, A4)[seed % 3], 54.0, 60.0)
    look = Look(SERIF)
    book = Builder(rng, body, look, headings=heads, title=title)
    small = replace(body, size=size - 0.5, first_indent=0.0)
    numbers = ("{} ", "{}. ", "")[seed % 3]
    head = Running(left="Journal of Regional Studies", right=f"Vol. {rng.randint(3, 60)}")
    furniture = Furnishing((head, Running(center="{page}")))
    gap = (18.0, 14.0, 24.0)[seed % 3]
    column = (page.text_width - gap) / 2

    book.title(prose.title())
    authors = f"{prose.name()}, {prose.name()} and {prose.name()}"
    book.text(authors, replace(small, size=size + 1, align="center", space_before=8.0))
    place = (
        f"Institute of {prose.word('noun').replace(chr(0xAD), '').title()} Studies, {prose.place()}"
    )
    book.text(place, replace(small, italic=True, align="center", space_before=2.0))
    abstract = f"Abstract. {prose.paragraph(4, 5)}"
    wide = replace(small, left_indent=0.0, space_before=10.0)
    book.text(abstract, wide, spans=[Span(0, 9, bold=True)])
    book.section(page, furnishing=furniture)

    for chapter in range(1, 3):
        book.heading(1, numbers.format(chapter) + prose.heading())
        book.paragraph(prose.paragraph(4, 6), indent=False)
        book.paragraph(prose.paragraph(4, 7))
        if chapter == 1:
            book.heading(2, (f"{chapter}.1 " if numbers else "") + prose.heading())
            book.paragraph(prose.paragraph(4, 6), indent=False)
        else:
            book.figure(0.9 * column, 110.0, f"Figure 1: {prose.heading()}.", "curve")
            book.paragraph(prose.paragraph(4, 6))
        book.paragraph(prose.paragraph(4, 7))
    book.section(page, columns=2, gap=gap, new_page=False, furnishing=furniture)

    rows: list[list[str | tuple[str, int, int] | None]] = [
        [("Method", 2, 1), ("First series", 1, 2), None, ("Second series", 1, 2), None],
        [None, "Mean", "Error", "Mean", "Error"],
    ]
    rows += [[prose.item(), *(f"{rng.uniform(1, 99):.2f}" for _ in range(4))] for _ in range(5)]
    width = page.text_width
    book.table(
        rows,
        [0.36 * width] + [0.16 * width] * 4,
        header=2,
        rules=_RULES[(seed + 1) % 3],
        align=["left", "right", "right", "right", "right"],
        caption=f"Table 1: {prose.heading()} and {prose.heading().lower()}.",
    )
    book.section(page, new_page=False, furnishing=furniture)

    for chapter in range(3, 5):
        book.heading(1, numbers.format(chapter) + prose.heading())
        book.paragraph(prose.paragraph(4, 6), indent=False)
        book.list([(0, f"({c})", prose.sentence()) for c in "abc"])
        book.paragraph(prose.paragraph(4, 7))
        book.paragraph(prose.paragraph(3, 6))
    book.heading(1, "References")
    hanging = replace(small, left_indent=16.0, first_indent=-16.0, space_before=1.5)
    for n in range(1, 9):
        entry = (
            f"[{n}] {prose.name()}, {rng.choice('ABCDEFGH')}. and {prose.name()}, "
            f"{rng.choice('JKLM')}.: {prose.title()}. {prose.place()} Press, {prose.year()}."
        )
        book.text(entry, hanging, "reference")
    book.section(page, columns=2, gap=gap, new_page=False, furnishing=furniture)
    return book.manuscript()


def news(seed: int) -> Manuscript:
    """A newspaper in three columns under a headline that reaches over all of them."""
    rng = Random(f"news {seed}")
    prose = Prose(rng, hyphens=True)
    size = (9.0, 9.5, 8.5)[seed % 3]
    body = Style(size=size, family="serif", align="justify", first_indent=10.0)
    sans = seed % 2 == 0
    heads = [
        Style(size=26.0, bold=True, family="sans" if sans else "serif", align="left"),
        Style(
            size=13.0,
            bold=True,
            family="sans" if sans else "serif",
            align="left",
            space_before=10.0,
        ),
        Style(size=size + 1, bold=True, family="sans", align="left", space_before=6.0),
    ]
    page = paper((A4, A4, LETTER)[seed % 3], 42.0, 54.0)
    look = Look((SERIF, WIDE, SERIF)[seed % 3])
    if look.fonts is WIDE:
        body = replace(body, size=8.0)
    title = Style(size=30.0, bold=True, family="serif", align="center")
    book = Builder(rng, body, look, headings=heads, title=title)
    gap = (16.0, 12.0, 20.0)[seed % 3]
    column = (page.text_width - 2 * gap) / 3
    name = f"The {prose.place()} {rng.choice(('Courier', 'Herald', 'Post'))}"
    furniture = Furnishing((Running(left=name, right=prose.date()), Running(center="{page}")))
    dateline = Style(size=size + 1, italic=True, family="serif", align="left", space_before=4.0)
    for story in range(2):
        headline = f"{prose.heading()} as {prose.place()} waits for {prose.heading().lower()}"
        if story == 0:
            book.title(headline)
        else:
            book.heading(1, prose.heading())
        book.text(prose.sentence().replace("\u00ad", ""), dateline)
        book.section(page, new_page=story == 0, furnishing=furniture)
        book.paragraph(f"{prose.place().upper()}. {prose.paragraph(3, 4)}", indent=False)
        for part in range(4):
            book.paragraph(prose.paragraph(3, 5))
            if part == 1:
                if story == 0:
                    caption = f"{prose.heading()} near {prose.place()}."
                    book.figure(column - 4, 95.0, caption, "landscape")
                book.heading(2, prose.heading())
            book.paragraph(prose.paragraph(3, 5))
        book.section(
            page,
            columns=3,
            gap=gap,
            rule=seed % 2 == 1,
            new_page=False,
            furnishing=furniture,
        )
    return book.manuscript()
