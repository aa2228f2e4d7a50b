"""Headings, lists, furniture, footnotes and sizes over whole documents."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from recovery import restore
from recovery.metrics import text_width
from recovery.restore.attach import Float, Sides, attach_captions
from recovery.restore.joining import Vocabulary, join_of_lines
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row
from recovery.restore.sections import find_bands
from recovery.restore.stacks import Stack
from recovery.restore.style import cluster_sizes, snap_size
from recovery.restore.units import snapped
from structure.core.analysis import Bookmark, Font, Label, PageAnalysis, Region, TextLine, Word
from structure.core.document import (
    Document,
    FurnitureType,
    Line,
    ListBlock,
    Producer,
    Source,
    TextBlock,
)
from structure.core.geometry import Box

OPTIONS = RestoreOptions()
SENTENCE = "the seal of the letter was broken when it came to the house on the hill and nobody"


def line(text: str, y: float, x0: float = 72.0, size: float = 10.0, bold: bool = False) -> TextLine:
    box = Box(x0, y, x0 + text_width(text, "serif") * size, y + size)
    return TextLine(text, box, words=(Word(text, box, font=Font(size, bold=bold)),))


def body(y: float, count: int = 6) -> list[TextLine]:
    return [line(SENTENCE, y + 12 * k) for k in range(count)]


def page(*lines: TextLine, number: int = 1) -> PageAnalysis:
    return PageAnalysis(number, 595, 842, 72, lines=lines, line_regions=(None,) * len(lines))


def restored(*pages: PageAnalysis, outline: Sequence[Bookmark] = ()) -> Document:
    source = Source("x", "x", "0", len(pages))
    return restore(pages, source=source, producer=Producer("x", "1"), outline=outline)


def headings(document: Document) -> list[tuple[str, int | None]]:
    return [
        (block.text, block.level)
        for block in document.body
        if isinstance(block, TextBlock) and block.type == "heading"
    ]


def test_numbers_give_the_levels_of_headings() -> None:
    document = restored(
        page(
            line("1 Seals", 60, size=12, bold=True),
            *body(80),
            line("1.1 Letters", 170, size=12, bold=True),
            *body(190),
            line("1.1.1 Dogs", 280, size=12, bold=True),
            *body(300),
            line("2 Houses", 390, size=12, bold=True),
            *body(410),
        )
    )
    assert headings(document) == [
        ("1 Seals", 1),
        ("1.1 Letters", 2),
        ("1.1.1 Dogs", 3),
        ("2 Houses", 1),
    ]


def test_the_outline_of_the_file_names_headings_and_their_levels() -> None:
    lines = [
        line("Seals of the north", 60),
        *body(80),
        line("2 Wax", 170, size=14),
        *body(200),
        line("Colours", 290, size=14),
        *body(320),
    ]
    assert headings(restored(page(*lines)))[0][0] != "Seals of the north"
    outline = [Bookmark("1. SEALS OF THE NORTH", 1), Bookmark("Wax", 1, 1), Bookmark("Ink", 1, 1)]
    assert headings(restored(page(*lines), outline=outline)) == [
        ("Seals of the north", 1),
        ("2 Wax", 2),
        ("Colours", 2),
    ]


def test_an_outline_that_names_nothing_on_its_page_changes_nothing() -> None:
    lines = [line("1 Seals", 60, size=14), *body(90), line("2 Wax", 200, size=14), *body(230)]
    plain = restored(page(*lines))
    outline = [Bookmark("2 Wax", 7), Bookmark("Page 1", 1), Bookmark("1 Seal", 1, 40)]
    assert headings(restored(page(*lines), outline=outline)) == headings(plain)


def test_size_gives_the_levels_of_headings_without_numbers() -> None:
    document = restored(
        page(
            line("The house on the hill", 40, size=24),
            line("Seals", 90, size=16),
            *body(110),
            line("Letters", 200, size=13),
            *body(220),
            line("Dogs", 310, size=16),
            *body(330),
        )
    )
    assert headings(document) == [("Seals", 1), ("Letters", 2), ("Dogs", 1)]
    assert document.body[0].type == "title"


def test_numbered_items_make_a_list_that_remembers_its_start() -> None:
    items = [line(f"{n}. {SENTENCE}", 60 + 12 * n) for n in (3, 4, 5)]
    (block,) = restored(page(*items)).body
    assert isinstance(block, ListBlock)
    assert (block.ordered, block.format, block.start) == (True, "decimal", 3)
    assert [item.label for item in block.items] == ["3.", "4.", "5."]
    assert {item.text for item in block.items} == {SENTENCE}


def test_items_set_in_further_are_one_level_deeper() -> None:
    rows = [("• one", 72), ("\u2013 two", 90), ("\u2013 three", 90), ("• four", 72)]
    lines = [line(text, 60 + 12 * k, x0=x0) for k, (text, x0) in enumerate(rows)]
    (block,) = restored(page(*lines)).body
    assert isinstance(block, ListBlock)
    assert [item.level for item in block.items] == [0, 1, 1, 0]


def furniture(document: Document) -> list[tuple[FurnitureType, int, str]]:
    return [(item.type, item.page, item.text) for item in document.furniture]


def test_running_heads_and_page_numbers_leave_the_body() -> None:
    pages = [
        page(
            line("The house on the hill", 30, x0=200),
            *body(80),
            line(str(n + 6), 810, x0=290),
            number=n,
        )
        for n in (1, 2, 3, 4)
    ]
    document = restored(*pages)
    assert furniture(document) == [
        entry
        for n in (1, 2, 3, 4)
        for entry in (
            ("header", n, "The house on the hill"),
            ("page_number", n, str(n + 6)),
        )
    ]
    assert len({item.group for item in document.furniture if item.type == "header"}) == 1


def test_the_top_of_a_single_page_stays_in_the_body() -> None:
    document = restored(page(line("Corner Shop Ltd", 20), *body(80)))
    assert document.furniture == ()


def test_a_letterhead_of_many_lines_is_no_page_header() -> None:
    head = [line(f"Corner Shop {k}", 20 + 12 * k) for k in range(8)]
    pages = [page(*head, *body(200), number=n) for n in (1, 2, 3)]
    assert furniture(restored(*pages)) == []


def test_the_first_line_of_a_letterhead_stays_in_the_body_of_a_letter_and_its_copy() -> None:
    letter = [line("Daniel J. Example, Inc.", 41), line("1420 K Street", 63), *body(150)]
    pages = [page(*body(60), number=1), *(page(*letter, number=n) for n in (2, 3))]
    assert furniture(restored(*pages)) == []


def test_a_page_header_may_spare_the_first_of_three_pages() -> None:
    head = line("Annual accounts", 34)
    texts = {
        n: [line(f"page {n} says {k} of its own", 80 + 14 * k) for k in range(9)] for n in (2, 3)
    }
    pages = [page(*body(60), number=1), *(page(head, *texts[n], number=n) for n in (2, 3))]
    assert furniture(restored(*pages)) == [("header", n, "Annual accounts") for n in (2, 3)]


def test_a_running_head_that_counts_is_known_on_two_of_three_pages() -> None:
    pages = [page(*body(60), number=1)] + [
        page(line("Register of Letters", 34), line(str(47698 + n), 34, x0=500), *body(80), number=n)
        for n in (2, 3)
    ]
    assert furniture(restored(*pages)) == [
        entry
        for n in (2, 3)
        for entry in (
            ("header", n, "Register of Letters"),
            ("page_number", n, str(47698 + n)),
        )
    ]


def test_a_file_number_at_the_foot_of_a_single_page_is_no_page_number() -> None:
    assert furniture(restored(page(*body(60), line("43571", 810)))) == []
    assert furniture(restored(page(*body(60), line("435", 810)))) == [("page_number", 1, "435")]


def paged(lines: list[TextLine]) -> PageAnalysis:
    region = Region(Box(0, 70, 595, 780), Label.TEXT, 0.5)
    return PageAnalysis(
        1, 595, 842, 72, regions=(region,), lines=tuple(lines), line_regions=(0,) * len(lines)
    )


def test_a_row_with_a_page_number_heads_a_single_page_of_prose() -> None:
    head = [line("Register of Letters", 34), line("447", 34, x0=500)]
    assert furniture(restored(paged([*head, *body(80, 40)]))) == [
        ("header", 1, "Register of Letters"),
        ("page_number", 1, "447"),
    ]
    assert furniture(restored(paged([*head, *body(80, 9)]))) == []


def test_a_page_number_on_the_left_of_a_running_head_comes_before_it() -> None:
    head = [line("446", 34.2, x0=60), line("Register of Letters", 34, x0=300)]
    assert furniture(restored(paged([*head, *body(80, 40)]))) == [
        ("page_number", 1, "446"),
        ("header", 1, "Register of Letters"),
    ]


def test_small_numbered_text_at_the_foot_is_a_footnote() -> None:
    notes = [
        line(f"1Nobody knows {SENTENCE}.", 700, size=7),
        line("2Or so it is said.", 712, size=7),
    ]
    document = restored(page(*body(80), *body(200), *notes))
    assert [b.type for b in document.body][-2:] == ["footnote", "footnote"]


def test_sizes_that_are_near_become_one_usual_size() -> None:
    assert cluster_sizes([9.9, 10.2, 14.3, 9.7], [400, 300, 20, 10], 0.06) == [10, 10, 14, 10]
    assert cluster_sizes([], [], 0.06) == []
    assert snap_size(11.8) == 12


@pytest.mark.parametrize(
    ("size", "paper"),
    [
        ((594.0, 840.0), (595.28, 841.89)),
        ((792.5, 611.0), (792.0, 612.0)),
        ((500.0, 500.0), (500.0, 500.0)),
    ],
)
def test_pages_near_a_known_paper_take_its_size(
    size: tuple[float, float], paper: tuple[float, float]
) -> None:
    assert snapped(*size, 5.67) == paper


def test_two_figures_do_not_take_one_caption() -> None:
    def caption(text: str, y: float) -> Stack:
        return Stack((Row((Piece(Line(text, Box(72, y, 300, y + 10))),)),))

    floats = [Float(Box(72, 100, 300, 200), "figure"), Float(Box(72, 230, 300, 330), "figure")]
    captions = [caption("Figure 1: one", 212), caption("Figure 2: two", 335)]
    assert attach_captions(captions, floats, 10.0, Sides(), OPTIONS) == {0: 0, 1: 1}


def test_bands_part_a_page_where_its_columns_change() -> None:
    boxes = [
        Box(72, 40, 540, 90),
        Box(72, 100, 290, 400),
        Box(320, 100, 540, 380),
        Box(72, 420, 540, 500),
    ]
    bands = find_bands(boxes, 10.0, OPTIONS)
    assert [band.members for band in bands] == [(0,), (1, 2), (3,)]
    assert bands[1].columns == ((72, 290), (320, 540))


@pytest.mark.parametrize(
    ("ahead", "behind", "join"),
    [
        ("see https://example.org/a-", "b/c for more", "none"),
        ("see https://example.org", "/a for more", "none"),
        ("see www.example.org/a", "and the rest", "space"),
        ("a well-", "known either/or", "dehyphen"),
        ("Model 737\u2013", "9 airplanes", "none"),
        ("a pause \u2013", "and more", "space"),
    ],
)
def test_an_address_cut_by_the_line_end_is_whole_again(ahead: str, behind: str, join: str) -> None:
    assert join_of_lines(ahead, behind, Vocabulary()) == join
