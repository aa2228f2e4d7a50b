"""Where blocks of a docx file stand: columns, distances, pictures, margins."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from recovery.metrics import text_width
from recovery.writers import render
from recovery.writers.docx_looks import Look
from recovery.writers.docx_spacing import _even
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import (
    Asset,
    Band,
    Document,
    FigureBlock,
    Line,
    ListBlock,
    ListItem,
    Margins,
    Page,
    Place,
    Style,
    TableBlock,
    TextBlock,
    WordBox,
)
from structure.core.geometry import Box

Make = Callable[..., Document]
MARGINS = Margins(72, 72, 72, 72)
STYLE = Style(size=10, family="serif", align="justify", pitch=12)


def opened(document: Document) -> docx.document.Document:
    return docx.Document(io.BytesIO(render(document, ".docx").data))


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMESPACES)


def number(element: etree._Element, name: str) -> int:
    return int(element.get(qn(name)) or 0)


def para(n: int, box: Box, text: str = "text", **more: object) -> TextBlock:
    return TextBlock(f"p1.b{n}", "paragraph", 1, box, text, **more)  # type: ignore[arg-type]


def page(*bands: Band, **more: object) -> Page:
    return Page(1, 595.0, 842.0, margins=MARGINS, bands=bands, **more)  # type: ignore[arg-type]


def test_a_block_keeps_the_distance_that_it_had(document_of: Make) -> None:
    first = para(1, Box(72, 72, 523, 84))
    second = para(2, Box(72, 184, 523, 196))
    document = opened(document_of(first, second, style=STYLE))
    spacing = document.paragraphs[1].paragraph_format.space_before
    assert spacing is not None
    assert spacing.pt == pytest.approx(100, abs=1)


def test_lines_that_a_break_ends_are_not_stretched(document_of: Make) -> None:
    lines = para(1, Box(72, 72, 523, 96), "Name\nStreet", style=STYLE)
    plain = para(2, Box(72, 110, 523, 134), "Name Street", style=STYLE)
    document = opened(document_of(lines, plain, plain, style=STYLE))
    alignments = [find(p._p, "w:pPr/w:jc") for p in document.paragraphs[:2]]
    assert [[e.get(qn("w:val")) for e in found] for found in alignments] == [["left"], []]


def bullet(n: int, y: float) -> ListItem:
    words = (WordBox("-", Box(90, y, 93, y + 10)), WordBox("text", Box(99, y, 140, y + 10)))
    line = Line("- text", Box(90, y, 140, y + 10), words=words)
    return ListItem(f"p1.b1.i{n}", "-", "text", 0, 1, line.box, at=(Place(1, line.box, (line,)),))


def listing(*ys: float) -> ListBlock:
    items = tuple(bullet(n, y) for n, y in enumerate(ys))
    return ListBlock("p1.b1", 1, Box(90, ys[0], 140, ys[-1] + 10), items, style=Style(size=10))


def test_labels_and_texts_of_a_list_stand_where_they_stood(document_of: Make) -> None:
    document = opened(document_of(listing(72, 84), pages=(page(),)))
    (indent,) = find(
        document.part.numbering_part.element, "w:abstractNum/w:lvl[@w:ilvl='0']/w:pPr/w:ind"
    )
    assert (number(indent, "w:left"), number(indent, "w:hanging")) == (27 * 20, 9 * 20)


def test_the_room_below_a_list_stands_below_its_last_item(document_of: Make) -> None:
    bands = (
        Band(72, 110, ((72, 523),), ("p1.b1",)),
        Band(160, 400, ((72, 284), (311, 523)), ("p1.b2", "p1.b3")),
    )
    left, right = para(2, Box(72, 160, 284, 400)), para(3, Box(311, 160, 523, 400))
    document = opened(document_of(listing(72, 84), left, right, pages=(page(*bands),), style=STYLE))
    after = [p.paragraph_format.space_after for p in document.paragraphs[:2]]
    assert after[0] is None
    assert after[1] is not None
    assert after[1].pt > 40


def test_sections_of_a_page_share_its_widest_margins(document_of: Make) -> None:
    bands = (
        Band(72, 200, ((100, 250), (300, 480)), ("p1.b1", "p1.b2")),
        Band(210, 400, ((72, 523),), ("p1.b3",)),
    )
    blocks = (
        para(1, Box(100, 72, 250, 200)),
        para(2, Box(300, 72, 480, 200)),
        para(3, Box(72, 210, 523, 400)),
    )
    document = opened(document_of(*blocks, pages=(page(*bands),)))
    edges = {(s.left_margin.pt, s.right_margin.pt) for s in document.sections}
    assert edges == {(72, 72)}
    first = document.paragraphs[0].paragraph_format
    assert first.left_indent is not None
    assert first.left_indent.pt == 28


def figure(asset: Asset, box: Box) -> tuple[FigureBlock, dict[str, Asset]]:
    return FigureBlock("p1.b1", 1, box, "a1", alt="logo"), {"a1": asset}


@pytest.fixture
def asset(rich_document: Document) -> Asset:
    return next(iter(rich_document.assets.values()))


def test_a_picture_beside_text_keeps_its_place_on_the_page(document_of: Make, asset: Asset) -> None:
    logo, assets = figure(asset, Box(72, 72, 172, 172))
    beside = para(2, Box(190, 80, 400, 160), style=Style(size=10, left_indent=118))
    body = opened(document_of(logo, beside, pages=(page(),), assets=assets)).element.body
    (anchor,) = find(body, ".//wp:anchor")
    offsets = [int(e.text or 0) / 12700 for e in find(anchor, ".//wp:posOffset")]
    assert offsets == [72, 72]
    assert len(find(anchor, "wp:wrapSquare")) == 1
    assert len(find(body, "w:p")) == 1


def test_a_picture_under_text_stands_behind_it(document_of: Make, asset: Asset) -> None:
    stamp, assets = figure(asset, Box(200, 90, 300, 150))
    over = para(2, Box(72, 80, 523, 160))
    body = opened(document_of(stamp, over, pages=(page(),), assets=assets)).element.body
    (anchor,) = find(body, ".//wp:anchor")
    assert anchor.get("behindDoc") == "1"
    assert len(find(anchor, "wp:wrapNone")) == 1


def test_a_stamp_beside_the_short_last_line_of_a_paragraph_is_in_nobodys_way(
    document_of: Make, asset: Asset
) -> None:
    stamp, assets = figure(asset, Box(400, 94, 430, 120))
    lines = (Line("x", Box(72, 80, 523, 90)), Line("y", Box(72, 94, 200, 104)))
    over = para(2, Box(72, 80, 523, 104), at=(Place(1, Box(72, 80, 523, 104), lines),))
    body = opened(document_of(stamp, over, pages=(page(),), assets=assets)).element.body
    assert len(find(body, ".//wp:anchor/wp:wrapNone")) == 1
    near = replace(lines[1], box=Box(72, 94, 396, 104))
    over = para(2, Box(72, 80, 523, 104), at=(Place(1, Box(72, 80, 523, 104), (lines[0], near)),))
    body = opened(document_of(stamp, over, pages=(page(),), assets=assets)).element.body
    assert len(find(body, ".//wp:anchor/wp:wrapSquare")) == 1
    alone = para(2, lines[1].box, at=(Place(1, lines[1].box, lines[1:]),))
    body = opened(document_of(stamp, alone, pages=(page(),), assets=assets)).element.body
    assert len(find(body, ".//wp:anchor/wp:wrapSquare")) == 1  # it may need the room below


def test_an_address_beside_a_logo_keeps_its_lines_in_a_column(
    document_of: Make, asset: Asset
) -> None:
    logo, assets = figure(asset, Box(72, 72, 172, 172))
    bands = (Band(72, 300, ((72, 284), (311, 523)), ("p1.b1", "p1.b2", "p1.b3")),)
    lines = tuple(Line("x", Box(170, y, 270, y + 10)) for y in (80, 94, 108))
    around = Box(170, 80, 270, 118)
    indented = Style(size=10, left_indent=98)
    address = para(2, around, style=indented, at=(Place(1, around, lines),))
    other = para(3, Box(311, 72, 523, 300))
    made = document_of(logo, address, other, pages=(page(*bands),), assets=assets)
    assert len(find(opened(made).element.body, ".//wp:anchor/wp:wrapNone")) == 1
    (extent,) = find(opened(made).element.body, ".//wp:anchor/wp:extent")
    assert int(extent.get("cx", 0)) < 98 * 12700  # and hides none of their letters


def test_a_picture_in_the_margin_pushes_no_text_aside(document_of: Make, asset: Asset) -> None:
    logo, assets = figure(asset, Box(540, 700, 565, 725))
    band = Band(72, 730, ((72.0, 523.0),), ("p1.b1", "p1.b2"))
    above = para(2, Box(72, 80, 523, 160))
    body = opened(document_of(above, logo, pages=(page(band),), assets=assets)).element.body
    assert len(find(body, ".//wp:anchor/wp:wrapNone")) == 1


def test_a_picture_in_the_flow_stays_in_the_flow(document_of: Make, asset: Asset) -> None:
    plain, assets = figure(asset, Box(100, 200, 300, 300))
    above = para(2, Box(72, 80, 523, 160))
    body = opened(document_of(above, plain, pages=(page(),), assets=assets)).element.body
    assert find(body, ".//wp:anchor") == []
    assert len(find(body, ".//wp:inline")) == 1


def test_a_picture_that_a_paragraph_runs_around_stands_in_a_frame(
    document_of: Make, asset: Asset
) -> None:
    band = Band(72, 700, ((72, 284), (311, 523)), ("p1.b1", "p1.b2"))
    places = (Place(1, Box(72, 72, 284, 200)), Place(1, Box(311, 72, 523, 200)))
    running = para(2, places[0].box, "running on", at=places)
    below, assets = figure(asset, Box(80, 500, 284, 700))
    document = opened(document_of(running, below, pages=(page(band),), assets=assets))
    (frame,) = find(document.element.body, ".//w:framePr")
    assert (number(frame, "w:x"), number(frame, "w:y")) == (1600, 10000)
    assert [p.text for p in document.paragraphs] == ["", "running on"]


def test_a_paragraph_breaks_off_where_its_column_ended(document_of: Make) -> None:
    def place(x: float, text: str) -> Place:
        box = Box(x, 72, x + 212, 84)
        return Place(1, box, (Line(text, box),))

    bands = (
        Band(72, 90, ((72, 284), (311, 523)), ("p1.b1",)),
        Band(100, 700, ((72, 523),), ("p1.b2",)),
    )
    at = (place(72, "the first part of the func-"), place(311, "tion and the second part"))
    text = "the first part of the function and the second part"
    running = para(1, at[0].box, text, at=at)
    below = para(2, Box(72, 100, 523, 700))
    document = opened(document_of(running, below, pages=(page(*bands),)))
    assert [r.text for r in document.paragraphs[0].runs if r.text.strip()] == [
        "the first part of the ",
        "function and the second part",
    ]
    assert len(find(document.paragraphs[0]._p, "w:r/w:br[@w:type='column']")) == 1


def test_a_heading_at_the_end_of_a_column_is_not_kept_to_the_next(document_of: Make) -> None:
    band = Band(72, 700, ((72, 284), (311, 523)), ("p1.b1", "p1.b2"))
    heading = TextBlock("p1.b1", "heading", 1, Box(72, 72, 284, 90), "Head", level=1)
    document = opened(document_of(heading, para(2, Box(311, 72, 523, 90)), pages=(page(band),)))
    assert document.paragraphs[0].paragraph_format.keep_with_next is False


def test_a_section_that_ends_with_a_table_ends_with_two_small_paragraphs(
    document_of: Make, table_of: Callable[..., TableBlock]
) -> None:
    bands = (
        Band(72, 120, ((72, 523),), ("p1.b1",)),
        Band(160, 400, ((72, 284), (311, 523)), ("p1.b2", "p1.b3")),
    )
    left, right = para(2, Box(72, 160, 284, 400)), para(3, Box(311, 160, 523, 400))
    document = opened(document_of(table_of([["a"]]), left, right, pages=(page(*bands),)))
    tags = [etree.QName(child).localname for child in document.element.body]
    at = tags.index("tbl")
    assert tags[at : at + 3] == ["tbl", "p", "p"]
    assert find(document.element.body[at + 2], "w:pPr/w:sectPr")


def test_letters_move_closer_where_a_line_would_not_hold_them(document_of: Make) -> None:
    text = "Sphinx of black quartz, judge my vow, and pack my box with dozens of jugs"
    width = text_width(text, "serif") * 10 - 3
    box = Box(72, 72, 72 + width, 84)
    tight = para(1, box, text, at=(Place(1, box, (Line(text, box),)),))
    narrow = Page(1, 144 + width, 842.0, margins=MARGINS)
    document = opened(document_of(tight, pages=(narrow,), style=STYLE))
    spacing = find(document.styles["Body Text"].element, "w:rPr/w:spacing")
    assert [number(e, "w:val") for e in spacing] == [-2]


def test_a_word_wider_than_its_column_is_set_smaller(document_of: Make) -> None:
    band = Band(72, 100, ((72, 172), (300, 523)), ("p1.b1", "p1.b2"))
    style = Style(size=36, family="sans")
    word = para(1, Box(72, 72, 172, 100), "EDELMAN", style=style)
    other = para(2, Box(300, 72, 523, 100), "EDELMAN", style=style)
    document = opened(document_of(word, other, pages=(page(band),)))
    sizes = [p.runs[-1].font.size or p.style.font.size for p in document.paragraphs]  # type: ignore[union-attr]
    assert sizes[0].pt < 30
    assert sizes[1].pt == 36


def test_a_narrow_table_column_gets_the_room_for_its_widest_word(
    document_of: Make, table_of: Callable[..., TableBlock]
) -> None:
    table = table_of([["Description of it", "123,456,789.00"]])
    widths = (table.box.width - 30, 30.0)
    cells = TableBlock(
        **{**{f: getattr(table, f) for f in table.__dataclass_fields__}, "col_widths": widths}
    )
    document = opened(document_of(cells))
    grid = [number(c, "w:w") for c in find(document.tables[0]._tbl, "w:tblGrid/w:gridCol")]
    assert sum(grid) == pytest.approx(table.box.width * 20, abs=2)
    assert grid[1] > 55 * 20


def test_chinese_lines_keep_their_distance_in_any_face(document_of: Make) -> None:
    text = "\u59d4\u5458\u4f1a\u5728\u4e09\u6708\u4e3e\u884c\u4e86\u4f1a\u8bae"
    style = Style(size=10, family="serif", align="left", pitch=18)
    block = para(1, Box(72, 72, 523, 90), text, style=style)
    small = para(2, Box(72, 100, 523, 112), text, style=Style(size=8, pitch=12))
    document = opened(document_of(block, block, small, style=style, lang=("zh-Hans",)))
    rule = document.styles["Body Text"].paragraph_format
    assert (rule.line_spacing_rule, rule.line_spacing.pt) == (4, 18)  # type: ignore[union-attr]
    own = document.paragraphs[2].paragraph_format.line_spacing
    assert own.pt == 12  # type: ignore[union-attr]


def test_columns_begin_at_one_height(document_of: Make) -> None:
    band = Band(72, 700, ((72, 284), (311, 523)), ("p1.b1", "p1.b2"))
    left, right = para(1, Box(72, 172, 284, 190)), para(2, Box(311, 72, 523, 90))
    document = opened(document_of(left, right, pages=(page(band),)))
    space = [p.paragraph_format.space_before for p in document.paragraphs]
    assert [p.text for p in document.paragraphs] == ["", "text", "text"]
    assert not space[0]
    assert not space[1]
    assert document.paragraphs[0].paragraph_format.space_after.pt > 80  # type: ignore[union-attr]


def test_a_large_picture_does_not_double_the_text_over_it(document_of: Make, asset: Asset) -> None:
    scan, assets = figure(asset, Box(72, 72, 400, 600))
    over = para(2, Box(72, 80, 523, 600))
    body = opened(document_of(scan, over, pages=(page(),), assets=assets)).element.body
    assert find(body, ".//wp:anchor") == []
    assert len(find(body, ".//wp:inline")) == 1


def test_a_poster_keeps_its_distances_in_proportion(document_of: Make) -> None:
    def line(n: int, y: float) -> TextBlock:
        box = Box(100, y, 2000, y + 40)
        return para(n, box, at=(Place(1, box, (Line("text", box),)),))

    poster = Page(1, 2400.0, 3168.0, margins=Margins(100, 100, 100, 100))
    document = opened(document_of(line(1, 100), line(2, 1140), pages=(poster,), style=STYLE))
    space = document.paragraphs[1].paragraph_format.space_before
    assert space is not None
    assert space.pt == pytest.approx(520, abs=20)


def test_the_items_of_a_list_stand_at_even_distances_unless_they_clearly_do_not() -> None:
    look = Look(size=10.0)
    assert _even([4.0, None, 5.0, None], look) == [2.2] * 4
    assert _even([None, 30.0, None], look) == [None, 30.0, None]
    assert _even([], look) == []
