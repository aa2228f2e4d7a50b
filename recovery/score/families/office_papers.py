"""Papers of an office: letters and invoices."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from recovery.score.families.builder import A4, LETTER, SANS, SERIF, Builder, paper
from recovery.score.families.words import Prose
from recovery.score.manuscript import Furnishing, Look, Manuscript, Running
from structure.core.document import Style


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
