"""Page analyses in, a document out: nothing is lost, nothing raises, the page is found again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery import RestoreOptions, restore
from recovery.metrics import text_width
from recovery.restore.joining import join_texts
from structure.core.analysis import (
    Font,
    Label,
    Notice,
    PageAnalysis,
    Picture,
    Region,
    Table,
    TextLine,
    Word,
)
from structure.core.document import (
    Document,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    Place,
    Producer,
    Source,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Affine, Box
from structure.core.grid import Cell, Grid, arrange

SOURCE = Source("scan.png", "image/png", "0" * 64, 1)
PRODUCER = Producer("structure", "0.1")
WORDS = [
    "the",
    "seal",
    "of",
    "the",
    "letter",
    "was",
    "broken",
    "when",
    "it",
    "came",
    "to",
    "the",
    "house",
    "on",
    "the",
    "hill",
    "where",
    "nobody",
    "had",
    "lived",
    "since",
    "the",
    "old",
    "man",
    "went",
    "away",
    "and",
    "left",
    "his",
    "dog",
    "with",
    "the",
    "neighbours",
]


def restored(*pages: PageAnalysis, options: RestoreOptions | None = None) -> Document:
    return restore(pages, source=SOURCE, producer=PRODUCER, options=options)


def analysis(
    lines: list[tuple[str, float, float, float]],
    *,
    regions: list[tuple[Label, Box]] | None = None,
    number: int = 1,
    height: float = 10.0,
    **more: object,
) -> PageAnalysis:
    """A page of 612 x 792 points at 72 dpi from (text, x0, y0, x1)."""
    boxes = [Region(box, label, 0.9) for label, box in regions or []]
    texts = [TextLine(text, Box(x0, y0, x1, y0 + height), 0.9) for text, x0, y0, x1 in lines]
    owners = tuple(
        next((k for k, r in enumerate(boxes) if line.box.covered_by(r.box) > 0.5), None)
        for line in texts
    )
    page = PageAnalysis(
        number, 612.0, 792.0, 72.0, regions=tuple(boxes), lines=tuple(texts), line_regions=owners
    )
    return replace(page, **more)


def prose(
    count: int, x0: float = 72.0, x1: float = 540.0, y0: float = 72.0, start: int = 0
) -> list[tuple[str, float, float, float]]:
    """Full lines of 10 point type, 12 points apart; the last ends early with a full stop."""
    lines = []
    at = start
    for k in range(count):
        text = WORDS[at % len(WORDS)]
        while text_width(text, "serif") * 10 < x1 - x0 - 12:
            at += 1
            text += " " + WORDS[at % len(WORDS)]
        lines.append((text, x0, y0 + 12 * k, x1))
    text, _, y, _ = lines[-1]
    lines[-1] = (text[: len(text) // 2].rstrip() + ".", x0, y, x0 + (x1 - x0) / 2)
    lines[0] = (lines[0][0].capitalize(), *lines[0][1:])
    return lines


def places_of(document: Document) -> list[Place]:
    places: list[Place] = []
    for block in document.body:
        if isinstance(block, TextBlock):
            places += block.at
        elif isinstance(block, ListBlock):
            places += [place for item in block.items for place in item.at]
    return places


def lines_of(document: Document) -> Counter[str]:
    found: Counter[str] = Counter(
        line.text for place in places_of(document) for line in place.lines
    )
    for item in document.furniture:
        found.update(line.text for line in item.lines)
    for block in document.body:
        if isinstance(block, TableBlock | FigureBlock | FormulaBlock):
            found.update(line.text for line in block.lines)
    return found


coordinates = st.floats(0, 800, allow_nan=False)
any_box = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    coordinates,
    coordinates,
    st.floats(0, 600),
    st.floats(0, 60),
)
any_text = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "1. One",
            "• point",
            "Figure 3: a seal",
            "[4] Nobody",
            "end-",
            "第一章 总则",
            "",
            "Total:",
            "12.50",
        ]
    ),
)
any_line = st.builds(TextLine, any_text, any_box, st.none() | st.floats(0, 1))
any_region = st.builds(Region, any_box, st.sampled_from(list(Label)), st.floats(0, 1))


@st.composite
def any_page(draw: st.DrawFn, number: int) -> PageAnalysis:
    regions = draw(st.lists(any_region, max_size=4))
    lines = draw(st.lists(any_line, max_size=9))
    owner = st.sampled_from([None, *range(len(regions))])
    grid = draw(st.sampled_from([Grid(), Grid(1, 1, (Cell(0, 0, text="x"),))]))
    tables = [
        Table(draw(any_box), grid, lines=tuple(draw(st.lists(any_line, max_size=2))))
        for _ in range(draw(st.integers(0, 2)))
    ]
    pictures = [
        Picture(
            draw(any_box),
            b"png",
            "image/png",
            3,
            2,
            tuple(draw(st.lists(any_line, max_size=2))),
            draw(st.sampled_from([Label.FIGURE, Label.EQUATION, Label.TABLE])),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    return PageAnalysis(
        number,
        draw(st.floats(0, 3000)),
        draw(st.floats(0, 3000)),
        draw(st.floats(0, 600)),
        draw(st.booleans()),
        regions=tuple(regions),
        lines=tuple(lines),
        line_regions=tuple(draw(owner) for _ in lines),
        tables=tuple(tables),
        pictures=tuple(pictures),
    )


def all_lines(page: PageAnalysis) -> list[TextLine]:
    owners = [*page.tables, *page.pictures]
    return [*page.lines, *(line for owner in owners for line in owner.lines)]


@settings(max_examples=25)
@given(st.data(), st.integers(1, 3))
def test_every_line_of_any_pages_ends_in_exactly_one_place(data: st.DataObject, count: int) -> None:
    pages = [data.draw(any_page(number)) for number in range(1, count + 1)]
    document = restored(*pages)
    assert lines_of(document) == Counter(line.text for page in pages for line in all_lines(page))
    assert [page.n for page in document.pages] == list(range(1, count + 1))
    names = [block.id for block in document.body]
    assert len(set(names)) == len(names)
    in_bands = [name for page in document.pages for band in page.bands for name in band.blocks]
    assert sorted(in_bands) == sorted(names)


@settings(max_examples=25)
@given(st.data())
def test_texts_are_the_lines_joined_as_the_joins_say(data: st.DataObject) -> None:
    document = restored(data.draw(any_page(1)), data.draw(any_page(2)))
    for block in document.body:
        if isinstance(block, TextBlock):
            lines = [line.text for place in block.at for line in place.lines]
            assert block.text == join_texts(lines, block.joins)


@settings(max_examples=25)
@given(st.data())
def test_documents_come_back_from_their_dictionary(data: st.DataObject) -> None:
    document = restored(data.draw(any_page(1)))
    assert Document.from_dict(document.to_dict()).to_dict() == document.to_dict()


def test_the_same_pages_give_the_same_document() -> None:
    page = analysis(prose(9) + prose(9, y0=300))
    assert restored(page) == restored(page)


def test_no_pages_and_empty_pages_are_documents() -> None:
    assert restored().body == ()
    document = restored(analysis([]))
    assert document.body == ()
    assert (document.pages[0].w, document.pages[0].h) == (612.0, 792.0)


def test_a_failed_page_stays_as_a_page_with_its_failure() -> None:
    failed = PageAnalysis(2, 595, 842, 72, failure="damaged")
    document = restored(analysis(prose(3)), failed)
    assert document.pages[1].failure == "damaged"
    assert [(w.severity, w.page) for w in document.warnings] == [("loss", 2)]


def test_notices_become_warnings_of_their_page() -> None:
    page = analysis([], notices=(Notice("W_TEXT_LAYER", "garbled"),))
    (warning,) = restored(page).warnings
    assert (warning.code, warning.severity, warning.page) == ("W_TEXT_LAYER", "info", 1)


def test_pixels_become_points_and_the_way_back_leads_to_the_source() -> None:
    line = TextLine("A line of text", Box(200, 300, 700, 342), 0.9)
    page = PageAnalysis(
        1,
        2480,
        3508,
        300,
        lines=(line,),
        line_regions=(None,),
        to_source=Affine.shift(5, 7),
    )
    document = restored(page)
    (block,) = document.body
    assert block.box.x0 == pytest.approx(200 * 72 / 300)
    assert document.pages[0].to_source.point(48, 72) == pytest.approx((205, 307))
    assert (document.pages[0].w, document.pages[0].h) == (595.28, 841.89)


def test_a_photo_of_unknown_resolution_takes_the_paper_of_its_shape() -> None:
    lines = [(t, 2 * x0, 2 * y0, 2 * x1) for t, x0, y0, x1 in prose(12)]
    page = analysis(lines, height=20.0)
    page = replace(page, width=1224, height=1584, dpi=300, dpi_known=False)
    found = restored(page).pages[0]
    assert (found.w, found.h) == (612.0, 792.0)


def test_two_columns_are_read_one_after_the_other_and_make_a_band() -> None:
    left, right = prose(20, 72, 290), prose(20, 320, 540, start=11)
    title = [("The house on the hill", 200.0, 40.0, 412.0)]
    regions = [(Label.TITLE, Box(190, 35, 420, 55))]
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    document = restored(analysis([*mixed, *title], regions=regions))
    texts = [block.text for block in document.body if isinstance(block, TextBlock)]
    assert texts[0] == "The house on the hill"
    assert texts[1].startswith(left[0][0])
    assert texts[-1].endswith(right[-1][0])
    bands = document.pages[0].bands
    assert [len(band.columns) for band in bands] == [1, 2]
    assert bands[1].columns[0] == pytest.approx((72, 290), abs=2)


def test_a_paragraph_cut_by_a_column_is_one_block_in_two_places() -> None:
    left, right = prose(20, 72, 290), prose(20, 320, 540, start=11)
    left[-1] = ("here the last line of the whole column is full and", 72.0, left[-1][2], 290.0)
    right[0] = ("goes on " + right[0][0].lower()[8:], *right[0][1:])
    document = restored(analysis(left + right))
    (block,) = document.body
    assert isinstance(block, TextBlock)
    assert len(block.at) == 2
    assert "full and goes on" in block.text


def test_a_word_cut_by_a_page_is_joined() -> None:
    first, second = prose(8), prose(8, start=5)
    first[-1] = (first[0][0].lower()[:-4] + " won-", 72.0, first[-1][2], 540.0)
    second[0] = ("derful word " + second[0][0].lower()[12:], *second[0][1:])
    document = restored(analysis(first), analysis(second, number=2))
    (block,) = document.body
    assert isinstance(block, TextBlock)
    assert "wonderful word" in block.text
    assert [place.page for place in block.at] == [1, 2]


def test_labels_and_values_become_rows_with_tabs() -> None:
    rows = [("Invoice number:", "A-1200"), ("Date:", "3 March 1998"), ("Total due:", "$ 120.50")]
    lines = [
        (text, x, 100.0 + 30 * k, x + 5.0 * len(text))
        for k, pair in enumerate(rows)
        for x, text in zip((72.0, 200.0), pair, strict=True)
    ]
    document = restored(analysis(lines))
    blocks = [block for block in document.body if isinstance(block, TextBlock)]
    assert [block.text for block in blocks] == ["\t".join(row) for row in rows]
    assert {block.type for block in blocks} == {"key_value"}
    assert blocks[0].style.tabs == pytest.approx((128.0,), abs=1)


def test_captions_name_their_figure_and_the_figure_names_them() -> None:
    def picture(y0: float) -> Picture:
        return Picture(Box(72, y0, 400, y0 + 150), b"png", "image/png", 30, 20)

    lines = [
        ("Figure 1: the house", 72.0, 225.0, 250.0),
        ("Figure 2: the hill", 72.0, 425.0, 250.0),
        *prose(6, y0=500),
    ]
    document = restored(analysis(lines, pictures=(picture(70), picture(270))))
    figures = [block for block in document.body if isinstance(block, FigureBlock)]
    captions = {b.id: b for b in document.body if isinstance(b, TextBlock) and b.type == "caption"}
    assert [captions[figure.caption or ""].text for figure in figures] == [
        "Figure 1: the house",
        "Figure 2: the hill",
    ]
    assert [captions[figure.caption or ""].caption_of for figure in figures] == [
        figure.id for figure in figures
    ]
    assert set(document.assets) == {figure.asset for figure in figures}


def test_an_equation_is_a_formula_with_its_picture() -> None:
    inside = TextLine("a = b", Box(100, 100, 150, 110))
    picture = Picture(Box(90, 95, 160, 115), b"png", "image/png", 7, 2, (inside,), Label.EQUATION)
    (block,) = restored(analysis([], pictures=(picture,))).body
    assert isinstance(block, FormulaBlock)
    assert block.text == "a = b"


def test_the_number_of_a_formula_is_not_in_its_text() -> None:
    inside, number = (
        TextLine(text, Box(x, 100, x + 50, 110)) for text, x in (("a = b", 100), ("(8)", 500))
    )
    box = Box(90, 95, 160, 115)
    picture = Picture(box, b"png", "image/png", 7, 2, (inside,), Label.EQUATION, number)
    (block,) = restored(analysis([], pictures=(picture,))).body
    assert isinstance(block, FormulaBlock)
    assert (block.text, block.number) == ("a = b", "(8)")
    assert [line.text for line in block.lines] == ["a = b", "(8)"]


def table(rows: list[list[str]], top: float, page_header: bool = True) -> Table:
    cells = [
        [
            Cell(
                0,
                0,
                text=text,
                header=page_header and r == 0,
                box=Box(
                    72 + 150 * c, top + 20 * r, 72 + 150 * c + 6 * len(text), top + 20 * r + 10
                ),
            )
            for c, text in enumerate(row)
        ]
        for r, row in enumerate(rows)
    ]
    grid, _ = arrange(cells)
    return Table(Box(72, top, 522, top + 20 * len(rows)), grid, ruled=True)


def test_a_table_keeps_its_cells_widths_and_numbers_to_the_right() -> None:
    rows = [["Item", "Note", "Price"], ["Seal", "old", "1.00"], ["Dog", "big", "12.50"]]
    (block,) = restored(analysis([], tables=(table(rows, 100),))).body
    assert isinstance(block, TableBlock)
    assert [cell.text for cell in block.cells] == [text for row in rows for text in row]
    assert sum(block.col_widths) == pytest.approx(450)
    assert (block.header_rows, block.rules) == (1, "grid")
    assert [cell.align for cell in block.cells if cell.row == 1] == [None, None, "right"]


def test_a_table_that_goes_on_over_a_page_drops_its_repeated_header() -> None:
    head = ["Item", "Note", "Price"]
    first = table([head, ["Seal", "old", "1.00"]], 600)
    second = table([head, ["Dog", "big", "12.50"]], 60)
    document = restored(
        analysis(prose(5), tables=(first,)), analysis([], number=2, tables=(second,))
    )
    upper, lower = [block for block in document.body if isinstance(block, TableBlock)]
    assert lower.continued_from == upper.id
    assert [cell.text for cell in lower.cells] == ["Dog", "big", "12.50"]
    assert {cell.row for cell in lower.cells} == {0}


def test_a_table_that_was_not_rebuilt_gives_its_lines_to_the_body() -> None:
    empty = Table(
        Box(72, 100, 300, 150), Grid(), lines=(TextLine("lost?", Box(72, 100, 120, 110)),)
    )
    (block,) = restored(analysis([], tables=(empty,))).body
    assert isinstance(block, TextBlock)
    assert block.text == "lost?"


def test_fonts_of_a_text_layer_are_kept() -> None:
    def line(text: str, y: float, font: Font, link: str | None = None) -> TextLine:
        words = []
        x = 72.0
        for part in text.split():
            words.append(Word(part, Box(x, y, x + 5 * len(part), y + 10), None, font, link))
            x += 5 * (len(part) + 1)
        return TextLine(text, Box(72, y, x - 5, y + 10), words=tuple(words))

    plain, bold = Font(10, "sans"), Font(14, "sans", bold=True, color="AA0000")
    lines = [
        line("2 The house on the hill", 60, bold),
        *(line(text, y0, plain) for text, _, y0, _ in prose(5, y0=90)),
    ]
    page = replace(analysis([]), lines=tuple(lines), line_regions=(None,) * len(lines))
    document = restored(page)
    heading, paragraph = document.body
    assert isinstance(heading, TextBlock)
    assert (heading.type, heading.style.bold, heading.style.color) == ("title", True, "AA0000")
    assert heading.style.size == 14
    assert document.style.size == 10
    assert document.style.family == "sans"
    assert isinstance(paragraph, TextBlock)
    assert not paragraph.style.bold
