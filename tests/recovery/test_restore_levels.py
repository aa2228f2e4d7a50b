"""Titles, levels of headings and lists on pages that state no fonts, as scans do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recovery import render, restore
from recovery.restore.markers import heading_number, list_marker
from recovery.score.docx_reader import read_docx
from structure.core.analysis import Label, PageAnalysis, Region, TextLine
from structure.core.document import Document, ListBlock, Producer, Source, TextBlock
from structure.core.geometry import Box

BODY = "the delays of the model were measured by the new library and by the station"


def line(text: str, x: float, y: float, size: float, *, bold: bool = False) -> TextLine:
    """A scanned line of Times in points: average letters are 0.43 em wide."""
    box = Box(x, y, x + 0.43 * size * len(text), y + size)
    return TextLine(text, box, 1.0, stroke=(0.11 if bold else 0.07) * size, size=size)


def page(*groups: tuple[Label, list[TextLine]]) -> Document:
    """A page of 600 by 800 points, one region for each group of lines."""
    regions, lines, owners = [], [], []
    for label, own in groups:
        box = Box(
            min(k.box.x0 for k in own),
            own[0].box.y0,
            max(k.box.x1 for k in own),
            own[-1].box.y1,
        )
        regions.append(Region(box, label, 1.0))
        lines += own
        owners += [len(regions) - 1] * len(own)
    analysis = PageAnalysis(
        1,
        600,
        800,
        72.0,
        regions=tuple(regions),
        lines=tuple(lines),
        line_regions=tuple(owners),
    )
    source = Source("page.png", "image/png", "", 1)
    return restore([analysis], source=source, producer=Producer("test", "1"))


def body(y: float, count: int = 3) -> tuple[Label, list[TextLine]]:
    return Label.TEXT, [line(BODY, 60, y + 12 * n, 10) for n in range(count)]


def head(text: str, y: float, size: float, x: float = 60) -> tuple[Label, list[TextLine]]:
    return Label.TITLE, [line(text, x, y, size, bold=True)]


def kinds(document: Document) -> dict[str, tuple[str, int | None]]:
    return {
        block.text: (block.type, block.level)
        for block in document.body
        if isinstance(block, TextBlock) and block.type in ("title", "heading")
    }


def test_the_only_heading_without_a_number_over_numbered_ones_of_its_size_is_the_title() -> None:
    found = kinds(
        page(
            head("Annual accounts", 40, 15),
            body(70),
            head("1. Statement of income", 130, 15),
            body(160),
            head("2. Balance sheet", 220, 15),
            body(250),
        )
    )
    assert found["Annual accounts"] == ("title", None)
    assert found["2. Balance sheet"] == ("heading", 1)


def test_headings_of_one_size_without_numbers_have_no_title_among_them() -> None:
    found = kinds(
        page(
            head("Annual accounts", 40, 15),
            body(70),
            head("Statement of income", 130, 15),
            body(160),
            head("Balance sheet", 220, 15),
            body(250),
        )
    )
    assert set(found.values()) == {("heading", 1)}


def test_a_centred_heading_a_little_larger_than_those_at_the_left_is_the_title() -> None:
    found = kinds(
        page(
            body(40),
            head("Plans for the market", 100, 14, x=163),
            body(130),
            head("Results of the year", 190, 12.5),
            body(215),
            head("Dates of the year", 280, 12.5),
            body(305),
        )
    )
    assert found["Plans for the market"] == ("title", None)


@pytest.mark.parametrize("text", ["Chapter IV Large customers", "1 Large customers"])
def test_a_large_numbered_heading_is_no_title(text: str) -> None:
    found = kinds(page(head(text, 40, 20), body(80), head("The model", 140, 12), body(165)))
    assert found == {text: ("heading", 1), "The model": ("heading", 2)}


def test_two_sizes_of_headings_a_third_apart_are_two_levels() -> None:
    found = kinds(
        page(
            head("At a glance", 40, 11.5),
            body(65),
            head("Modern engine of the region", 130, 15.5),
            body(160),
            head("Contact", 230, 11.5),
            body(255),
        )
    )
    assert {text: level for text, (_, level) in found.items()} == {
        "At a glance": 2,
        "Modern engine of the region": 1,
        "Contact": 2,
    }


def test_headings_numbered_alike_keep_one_level_though_a_scan_tells_their_sizes_apart() -> None:
    found = kinds(
        page(
            head("1 Model", 40, 14),
            body(70),
            head("1.1 Results of the market", 130, 12),
            body(160),
            head("2 Station", 220, 12.3),
            body(250),
        )
    )
    assert found["1 Model"] == found["2 Station"] == ("heading", 1)
    assert found["1.1 Results of the market"] == ("heading", 2)


def test_full_width_numbers_are_numbers_of_headings() -> None:
    number = heading_number("\uff12\uff0e住民の日程")
    assert number is not None
    assert (number.family, number.value) == ("decimal", 2)


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        (".2 כ־3699 מבקרים", "2.", 2),
        ("3. בשנת 2019", "3.", 3),
        ("\u0661- التقرير القديم", "\u0661-", 1),
        (")4 التقرير القديم", "4)", 4),
    ],
)
def test_numbers_of_lists_from_right_to_left_are_markers(text: str, label: str, value: int) -> None:
    marker = list_marker(text)
    assert marker is not None
    assert (marker.label, marker.value, marker.format) == (label, value, "decimal")


@pytest.mark.parametrize("text", [".2 results", "12 التقرير", "2019 التقرير"])
def test_years_and_stops_of_other_lines_are_no_markers(text: str) -> None:
    assert list_marker(text) is None


def test_a_list_from_right_to_left_is_one_list() -> None:
    texts = [".1 הנמל הציבורי מתאר את", ".2 כ־3699 מבקרים ראו", ".3 בשנת 2019 היה התחנה"]
    rows = [line(text, 500 - 4.3 * len(text), 100 + 14 * n, 10) for n, text in enumerate(texts)]
    (block,) = page((Label.LIST, rows)).body
    assert isinstance(block, ListBlock)
    assert [(item.label, item.text) for item in block.items] == [
        (f"{text[1]}.", text[3:]) for text in texts
    ]


def test_inner_items_with_letters_are_counted_by_the_word_processor() -> None:
    rows = [
        line("1. The delays of the market.", 60, 100, 10),
        line("a) the first of them.", 80, 114, 10),
        line("b) the second of them.", 80, 128, 10),
        line("2. The results of the year.", 60, 142, 10),
    ]
    document = page((Label.LIST, rows))
    found = [
        (p.kind, p.level, p.number) for p in read_docx(render(document, ".docx").data).paragraphs
    ]
    assert found == [("list", 0, "1"), ("list", 1, "a"), ("list", 1, "b"), ("list", 0, "2")]
    html = render(document, ".html").data.decode()
    assert '<ol type="a">' in html


def test_a_number_and_type_a_little_larger_than_the_text_below_make_a_heading() -> None:
    numbered = (Label.TEXT, [line("2. Station and temperature", 60, 150, 11.5)])
    assert kinds(page(body(100), numbered, body(170)))["2. Station and temperature"][0] == "heading"
    plain = (Label.TEXT, [line("2. Station and temperature", 60, 150, 10)])
    found = kinds(page(body(100), plain, body(170)))
    assert ("heading", 1) not in found.values()


def test_a_line_in_the_middle_between_running_text_is_a_heading() -> None:
    middle = (Label.TEXT, [line("Repairs of the result", 180, 160, 10)])
    assert kinds(page(body(100), middle, body(190)))["Repairs of the result"][0] == "heading"
    authors = (Label.TEXT, [line("Grieve and Farrow", 180, 160, 10)])
    title = head("A survey of the harbour", 100, 20)
    assert "Grieve and Farrow" not in kinds(page(title, authors, body(190)))


def test_one_heading_with_fainter_strokes_keeps_the_level_of_its_like() -> None:
    faint = (Label.TITLE, [line("3 Harbour", 60, 320, 13)])
    document = page(
        head("1 Water", 60, 13), body(80), head("2 Roads", 200, 13), body(220), faint, body(340)
    )
    levels = [level for kind, level in kinds(document).values() if kind == "heading"]
    assert levels == [1, 1, 1]


def test_notes_in_series_are_paragraphs_of_their_own() -> None:
    notes = (
        Label.TEXT,
        [
            line("1 One contract shows the early meetings near the port.", 60, 700, 8),
            line("2 What the result confirms is the bridge of the town.", 60, 710, 8),
        ],
    )
    found = [block.text[:1] for block in page(body(100), notes).body if block.type == "footnote"]
    assert found == ["1", "2"]


def leaning(own: TextLine, **look: object) -> TextLine:
    return replace(own, **look)  # type: ignore[arg-type]


def test_a_scanned_line_that_leans_is_italic_and_may_be_a_heading() -> None:
    heading = Label.TEXT, [leaning(line("Cold readings", 60, 150, 10), slant=12.0)]
    upright = [(Label.TEXT, [leaning(own, slant=0.0) for own in body(y)[1]]) for y in (100, 170)]
    document = page(upright[0], heading, upright[1])
    found = {b.text: b for b in document.body if isinstance(b, TextBlock)}["Cold readings"]
    assert found.type == "heading"
    assert found.style.italic


def test_a_page_that_leans_as_a_whole_is_not_italic() -> None:
    document = page((Label.TEXT, [leaning(own, slant=4.0) for own in body(100, 9)[1]]))
    assert not any(b.style.italic for b in document.body if isinstance(b, TextBlock))


def test_nearly_equal_colours_are_one() -> None:
    red, other = "7D2020", "742829"
    heads = [
        (Label.TITLE, [leaning(head(text, y, 16)[1][0], color=color)])
        for text, y, color in (("Dry repairs", 80, other), ("Prices of the signal", 180, red))
    ]
    document = page(heads[0], body(110), heads[1], body(210))
    colors = {b.text: b.style.color for b in document.body if isinstance(b, TextBlock)}
    assert colors["Dry repairs"] == colors["Prices of the signal"] == red
    assert None in colors.values()
