"""What a docx keeps of its pages: wide type, divided words, sections that run on, headers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from recovery.metrics import text_width, word_bearing
from recovery.writers import render
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import (
    Band,
    Document,
    Furniture,
    Line,
    Margins,
    Page,
    Place,
    Style,
    TextBlock,
    WordBox,
)
from structure.core.geometry import Box

Make = Callable[..., Document]
STYLE = Style(size=10, family="serif", align="justify", pitch=12)
SENTENCE = "The committee met on three days in March and heard from eleven offices"


def part(document: Document, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(render(document, ".docx").data)) as archive:
        return etree.fromstring(archive.read(f"word/{name}.xml"))


def found(element: etree._Element, path: str) -> list[str | None]:
    return [e.get(qn("w:val")) for e in element.findall(path, NAMESPACES)]


def printed(text: str, y: float, stretch: float) -> Line:
    """A line in Times of 10 points that is wider by a factor."""
    words, x = [], 72.0
    for word in text.split():
        ink = 10 * (text_width(word, "serif") - word_bearing("serif")) * stretch
        words.append(WordBox(word, Box(x, y, x + ink, y + 9)))
        x += ink + 3
    return Line(text, Box(72, y, x - 3, y + 9), words=tuple(words))


def paragraph(n: int, stretch: float = 1.0, **more: object) -> TextBlock:
    lines = tuple(printed(SENTENCE, 72 + 12 * k, stretch) for k in range(8))
    box = Box(72, 72, 523, 170)
    text = " ".join(line.text for line in lines)
    return TextBlock(f"p1.b{n}", "paragraph", 1, box, text, at=(Place(1, box, lines),), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("stretch", "written"), [(1.2, "120"), (1.0, None), (0.9, "90")])
def test_type_of_other_proportions_keeps_its_width(
    document_of: Make, stretch: float, written: str | None
) -> None:
    styles = part(document_of(paragraph(1, stretch), style=STYLE), "styles")
    (body,) = [
        s for s in styles.findall("w:style", NAMESPACES) if s.get(qn("w:styleId")) == "BodyText"
    ]
    assert found(body, "w:rPr/w:w") == ([written] if written else [])


def test_a_few_wide_lines_among_chinese_ones_stretch_nothing(document_of: Make) -> None:
    code = paragraph(1, 1.3)
    line = Line("\u4e00" * 40, Box(72, 200, 472, 210))
    box = Box(72, 200, 472, 350)
    chinese = TextBlock(
        "p1.b2", "paragraph", 1, box, line.text * 12, at=(Place(1, box, (line,) * 12),)
    )
    assert found(part(document_of(code, style=STYLE), "styles"), ".//w:w") != []
    assert found(part(document_of(code, chinese, style=STYLE), "styles"), ".//w:w") == []


@pytest.mark.parametrize("joins", [("dehyphen",) * 3 + ("space",) * 4, ("space",) * 7])
def test_words_are_divided_where_the_page_divided_them(
    document_of: Make, joins: tuple[str, ...]
) -> None:
    document = document_of(paragraph(1, joins=joins), style=STYLE)
    divides = "dehyphen" in joins
    settings, styles = part(document, "settings"), part(document, "styles")
    assert bool(settings.findall("w:autoHyphenation", NAMESPACES)) == divides
    kept_whole = [
        style.get(qn("w:styleId"))
        for style in styles.findall("w:style", NAMESPACES)
        if style.findall("w:pPr/w:suppressAutoHyphens", NAMESPACES)
    ]
    assert ("Heading1" in kept_whole) == divides
    assert "BodyText" not in kept_whole


def test_a_language_is_named_with_its_country(document_of: Make) -> None:
    styles = part(document_of(paragraph(1), lang=("de",)), "styles")
    assert found(styles, "w:docDefaults/w:rPrDefault/w:rPr/w:lang") == ["de-DE"]


def pages(*bottoms: float, w: float = 595.0) -> tuple[Page, ...]:
    return tuple(
        Page(
            n,
            w,
            842.0,
            margins=Margins(72, 72, 72, bottom),
            bands=(Band(72, 700, ((72.0, 523.0),), (f"p{n}.b1", f"p{n}.b2")),),
        )
        for n, bottom in enumerate(bottoms, start=1)
    )


def test_text_that_runs_on_is_followed_by_no_page_break(document_of: Make) -> None:
    places = (Place(1, Box(72, 72, 523, 170)), Place(2, Box(72, 72, 523, 84)))
    running = TextBlock("p1.b1", "paragraph", 1, places[0].box, SENTENCE, at=places)
    after = [
        TextBlock(f"p2.b{n}", "paragraph", 2, Box(72, 100 * n, 523, 100 * n + 12), SENTENCE)
        for n in (1, 2)
    ]
    document = document_of(running, *after, pages=pages(72, 110))
    body = part(document, "document")
    assert len(body.findall(".//w:sectPr", NAMESPACES)) == 1
    assert not body.findall(".//w:pageBreakBefore", NAMESPACES)


def test_a_header_on_wider_paper_reaches_to_its_margin(document_of: Make) -> None:
    def header(n: int, right: float) -> Furniture:
        lines = (
            Line("Minutes", Box(72, 40, 120, 50)),
            Line("Gorham", Box(right - 40, 40, right, 50)),
        )
        box = Box(72, 40, right, 50)
        return Furniture(f"p{n}.f1", "header", n, box, "Minutes\tGorham", group="h", lines=lines)

    wide = Page(2, 842.0, 595.0, margins=Margins(72, 72, 72, 72))
    blocks = [TextBlock(f"p{n}.b1", "paragraph", n, Box(72, 72, 300, 84), "x") for n in (1, 2)]
    document = document_of(
        *blocks, pages=(pages(72)[0], wide), furniture=(header(1, 523), header(2, 770))
    )
    opened = docx.Document(io.BytesIO(render(document, ".docx").data))
    stops = [
        section.header.paragraphs[0].paragraph_format.tab_stops[-1].position.pt
        for section in opened.sections
    ]
    assert stops == [pytest.approx(451, abs=1), pytest.approx(698, abs=1)]
    assert [section.header.paragraphs[0].text for section in opened.sections] == [
        "Minutes\tGorham"
    ] * 2


def test_a_paragraph_keeps_the_distance_of_its_style_where_it_says_nothing(
    document_of: Make,
) -> None:
    spaced = Style(size=10, family="serif", align="justify", pitch=12, space_before=6)
    blocks = [
        TextBlock(
            f"p1.b{n}", "paragraph", 1, Box(72, 72 + 18 * n, 523, 84 + 18 * n), "x", style=style
        )
        for n, style in enumerate((STYLE, spaced, spaced, spaced, STYLE))
    ]
    opened = docx.Document(
        io.BytesIO(render(document_of(*blocks, style=STYLE, pages=pages(72)), ".docx").data)
    )
    assert [p.paragraph_format.space_before for p in opened.paragraphs[1:]] == [None] * 4


def test_a_footer_of_all_pages_but_the_first_stands_between_their_margins(
    document_of: Make,
) -> None:
    first = Page(1, 595.0, 842.0, margins=Margins(30, 72, 30, 72))
    others = [Page(n, 595.0, 842.0, margins=Margins(72, 72, 72, 72)) for n in (2, 3)]
    lines = (Line("Atlanta", Box(72, 790, 120, 800)), Line("7", Box(517, 790, 523, 800)))
    footers = [
        Furniture(
            f"p{n}.f1", "footer", n, Box(72, 790, 523, 800), "Atlanta\t7", group="f", lines=lines
        )
        for n in (2, 3)
    ]
    blocks = [
        TextBlock(f"p{n}.b1", "paragraph", n, Box(30 if n == 1 else 72, 72, 523, 84), "x")
        for n in (1, 2, 3)
    ]
    document = document_of(*blocks, pages=(first, *others), furniture=tuple(footers))
    footer = part(document, "footer_default1")
    (tab,) = footer.findall(".//w:tabs/w:tab", NAMESPACES)
    assert int(tab.get(qn("w:pos"), 0)) == pytest.approx(20 * 451, abs=20)
    assert footer.findall(".//w:ind", NAMESPACES) == []


@pytest.mark.parametrize(("width", "size"), [(440.0, ["15"]), (300.0, [])])
def test_a_line_that_would_not_fit_keeps_its_own_size(
    document_of: Make, width: float, size: list[str]
) -> None:
    """8 points are near enough to the 8.5 of the style, but for what fills its line."""
    text = "Atlanta Chicago"
    while text_width(text, "serif") + text_width(text, "sans") < 2 * width / 8:
        text += " i"
    box = Box(297.5 - width / 2, 790, 297.5 + width / 2, 800)
    item = Furniture("p1.f1", "footer", 1, box, text, align="center", lines=(Line(text, box),))
    footer = part(
        document_of(paragraph(1), style=STYLE, pages=pages(72), furniture=(item,)),
        "footer_default1",
    )
    assert found(footer, ".//w:sz") == size


@pytest.mark.parametrize(("sign", "stops"), [("\u2610", ["right"]), (".", ["left"])])
def test_what_stands_at_the_edge_of_a_line_takes_no_second_one(
    document_of: Make, sign: str, stops: list[str]
) -> None:
    block = TextBlock(
        "p1.b1", "paragraph", 1, Box(72, 72, 523, 84), f"as was shown\t{sign}",
        style=Style(size=10, tabs=(442.0,)),
    )  # fmt: skip
    body = part(document_of(block, pages=pages(72), style=STYLE), "document")
    assert found(body, ".//w:tabs/w:tab") == stops
