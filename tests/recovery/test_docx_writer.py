from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from recovery.writers import render
from recovery.writers.docx_check import check_order
from recovery.writers.docx_furniture import strips
from recovery.writers.docx_looks import StyleSheet
from recovery.writers.docx_sections import strip_room
from recovery.writers.ooxml import NAMESPACES, node
from structure.core.document import (
    Band,
    Document,
    FigureBlock,
    Furniture,
    ListBlock,
    ListItem,
    Margins,
    Page,
    Place,
    Span,
    Style,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Box

Make = Callable[..., Document]
BOX = Box(72, 100, 523, 120)


def para(n: int, text: str = "text", **more: object) -> TextBlock:
    page = int(more.pop("page", 1))  # type: ignore[call-overload]
    box = more.pop("box", BOX)
    kind = more.pop("type", "paragraph")
    return TextBlock(f"p{page}.b{n}", kind, page, box, text, **more)  # type: ignore[arg-type]


def opened(document: Document) -> docx.document.Document:
    return docx.Document(io.BytesIO(render(document, ".docx").data))


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMESPACES)


def attribute(element: etree._Element, name: str) -> str | None:
    return element.get(qn(name))


@pytest.fixture(scope="module")
def rich(rich_document: Document) -> docx.document.Document:
    return opened(rich_document)


def paragraph_with(document: docx.document.Document, text: str) -> Paragraph:
    return next(p for p in document.paragraphs if text in p.text)


def test_every_part_is_in_order_and_every_reference_resolves(
    rich_document: Document, tmp_path: Path
) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(render(rich_document, ".docx").data)
    assert check_order(path) == []


def test_the_order_checker_finds_what_stands_wrong(tmp_path: Path) -> None:
    body = etree.fromstring(
        f"""<w:document xmlns:w="{NAMESPACES["w"]}" xmlns:r="{NAMESPACES["r"]}"><w:body>
        <w:p><w:pPr><w:jc w:val="left"/><w:pStyle w:val="Title"/></w:pPr></w:p>
        <w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr/></w:tc></w:tr></w:tbl>
        <w:p><w:hyperlink r:id="rId9"/></w:p></w:body></w:document>"""
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", etree.tostring(body))
    faults = "\n".join(check_order(tmp_path / "a.docx"))
    assert "children of <w:pPr> out of order" in faults
    assert "does not end with a paragraph" in faults
    assert "rId9" in faults
    assert "section properties" in faults


def test_a_child_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"<w:jc> is not allowed in <w:rPr>"):
        node("w:rPr", node("w:jc", val="left"))


def test_blocks_get_the_named_styles_of_word(rich: docx.document.Document) -> None:
    styles = {
        "Report on the Buildings": "Title",
        "1 Introduction": "Heading 1",
        "2.1 In Chinese": "Heading 2",
        "New windows": "List Paragraph",
        "Table 1.": "Caption",
        "Whoever heats": "Quote",
        "cost = price": "Code",
        "1 Figures of": "footnote text",
    }
    found = {text: paragraph_with(rich, text).style.name for text in styles}  # type: ignore[union-attr]
    assert found == styles


def test_most_paragraphs_need_no_direct_formatting(document_of: Make) -> None:
    style = Style(size=11, family="serif", align="justify", pitch=13, space_before=5)
    blocks = [para(n, "word " * 20, style=style) for n in range(2, 22)]  # a page full
    odd = para(30, "small print", style=replace(style, size=8))
    document = opened(document_of(*blocks, odd, style=replace(style, space_before=0)))
    body = document.element.body
    direct = [p for p in find(body, "w:p") if len(find(p, "w:pPr/*")) > 1 or find(p, "w:r/w:rPr")]
    assert len(direct) == 2  # the first on its page, and the odd one
    assert document.styles["Body Text"].font.size.pt == 11
    assert document.paragraphs[-1].runs[0].font.size.pt == 8


def test_bands_become_sections_with_their_columns(rich: docx.document.Document) -> None:
    kinds = [section.start_type for section in rich.sections]
    assert kinds == [
        WD_SECTION.NEW_PAGE,
        WD_SECTION.CONTINUOUS,
        WD_SECTION.CONTINUOUS,
        WD_SECTION.NEW_PAGE,
    ]
    columns = [find(s._sectPr, "w:cols")[0] for s in rich.sections]
    assert [attribute(c, "w:num") for c in columns] == [None, "2", None, None]
    assert attribute(columns[1], "w:sep") == "1"
    assert "nextColumn" not in etree.tostring(rich.element.body).decode()


def test_a_landscape_page_is_turned(rich: docx.document.Document) -> None:
    last = rich.sections[-1]
    assert last.orientation == WD_ORIENT.LANDSCAPE
    assert (last.page_width.pt, last.page_height.pt) == (842, 595)
    assert last.left_margin.pt == 60


def test_unequal_columns_keep_their_widths(document_of: Make) -> None:
    band = Band(72, 700, ((72, 200), (230, 523)), ("p1.b1", "p1.b2"))
    page = Page(1, 595.0, 842.0, margins=Margins(72, 72, 72, 72), bands=(band,))
    blocks = (para(1, box=Box(72, 72, 200, 700)), para(2, box=Box(230, 72, 523, 700)))
    (section,) = opened(document_of(*blocks, pages=(page,))).sections
    (columns,) = find(section._sectPr, "w:cols")
    assert attribute(columns, "w:equalWidth") == "0"
    widths = [(attribute(c, "w:w"), attribute(c, "w:space")) for c in columns]
    assert widths == [("2560", "600"), ("5860", None)]


@pytest.mark.parametrize("left_end", [300, 690])
def test_a_block_in_the_next_column_starts_with_a_column_break(
    document_of: Make, left_end: float
) -> None:
    band = Band(72, 700, ((72, 284), (311, 523)), ("p1.b1", "p1.b2"))
    page = Page(1, 595.0, 762.0, margins=Margins(72, 72, 72, 72), bands=(band,))
    blocks = (para(1, box=Box(72, 72, 284, left_end)), para(2, box=Box(311, 72, 523, 690)))
    document = opened(document_of(*blocks, pages=(page,)))
    found = find(document.paragraphs[1]._p, "w:r[1]/w:br")
    assert [attribute(b, "w:type") for b in found] == ["column"]
    assert len(find(document.element.body, ".//w:br")) == 1


def test_no_column_break_behind_a_paragraph_that_runs_on(document_of: Make) -> None:
    band = Band(72, 700, ((72, 284), (311, 523)), ("p1.b1", "p1.b2"))
    page = Page(1, 595.0, 762.0, margins=Margins(72, 72, 72, 72), bands=(band,))
    both = (Place(1, Box(72, 72, 284, 690)), Place(1, Box(311, 72, 523, 90)))
    blocks = (para(1, box=both[0].box, at=both), para(2, box=Box(311, 100, 523, 690)))
    document = opened(document_of(*blocks, pages=(page,)))
    assert find(document.element.body, ".//w:br") == []


def test_a_wide_gutter_gives_some_of_its_room_to_ragged_text(document_of: Make) -> None:
    band = Band(72, 700, ((72, 172), (422, 523)), ("p1.b1", "p1.b2"))
    page = Page(1, 595.0, 842.0, margins=Margins(72, 72, 72, 72), bands=(band,))
    blocks = (para(1, box=Box(72, 72, 172, 700)), para(2, box=Box(422, 72, 523, 700)))
    (section,) = opened(document_of(*blocks, pages=(page,))).sections
    (columns,) = find(section._sectPr, "w:cols")
    widths = [(attribute(c, "w:w"), attribute(c, "w:space")) for c in columns]
    assert widths == [("2400", "4600"), ("2020", None)]


def test_a_picture_below_a_paragraph_that_runs_on_stays_in_its_column(document_of: Make) -> None:
    band = Band(72, 700, ((72, 284), (311, 523)), ("p1.b1", "p1.b2", "p1.b3"))
    page = Page(1, 595.0, 842.0, margins=Margins(72, 72, 72, 72), bands=(band,))
    places = (Place(1, Box(72, 72, 284, 200)), Place(1, Box(311, 72, 523, 200)))
    running = para(1, "running on", box=places[0].box, at=places)
    below = FigureBlock("p1.b2", 1, Box(72, 210, 284, 600), "none", alt="picture")
    beside = FigureBlock("p1.b3", 1, Box(311, 210, 523, 600), "none", alt="other")
    document = opened(document_of(running, below, beside, pages=(page,)))
    assert [p.text for p in document.paragraphs] == ["picture", "running on", "other"]


def pages(count: int, **more: object) -> tuple[Page, ...]:
    return tuple(Page(n, 595.0, 842.0, **more) for n in range(1, count + 1))  # type: ignore[arg-type]


def test_a_source_page_starts_on_a_new_page(document_of: Make) -> None:
    document = opened(document_of(para(1), para(1, page=2), para(2, page=2), pages=pages(2)))
    broken = [bool(p.paragraph_format.page_break_before) for p in document.paragraphs]
    assert broken == [False, True, False]


def test_no_break_where_a_paragraph_runs_on(document_of: Make) -> None:
    running = para(1, at=(Place(1, BOX), Place(2, BOX)))
    document = opened(document_of(running, para(1, "next", page=2), pages=pages(2)))
    assert not paragraph_with(document, "next").paragraph_format.page_break_before


def test_unread_and_empty_pages_keep_their_number(document_of: Make) -> None:
    some = (*pages(2), Page(3, 595.0, 842.0, failure="torn"), *pages(4)[3:])
    document = opened(document_of(para(1), para(1, "last", page=4), pages=some))
    texts = [p.text for p in document.paragraphs]
    assert texts == ["text", "", "[Page 3 could not be read: torn]", "last"]
    breaks = [bool(p.paragraph_format.page_break_before) for p in document.paragraphs]
    assert breaks == [False, True, True, True]


def test_a_table_at_the_top_of_a_page_gets_a_section(document_of: Make, table_of) -> None:
    table = replace(table_of([["a"]]), page=2, id="p2.b1")
    document = opened(document_of(para(1), table, pages=pages(2)))
    assert [s.start_type for s in document.sections] == [WD_SECTION.NEW_PAGE] * 2


def test_spans_of_cells_are_spans_in_word(rich: docx.document.Document) -> None:
    (table,) = rich.tables
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert table.cell(0, 1)._tc is table.cell(0, 2)._tc
    assert [cell.text for cell in table.rows[2].cells] == ["North", "12,400", "13,100", "5.6 %"]
    assert table.cell(4, 0).text == "East & West\n(together)"
    headers = [bool(find(row._tr, "w:trPr/w:tblHeader")) for row in table.rows]
    assert headers == [True, True, False, False, False]
    grid = [int(attribute(c, "w:w") or 0) for c in find(table._tbl, "w:tblGrid/w:gridCol")]
    assert grid == [3200, 1800, 1800, 1800]
    cells = [int(attribute(c, "w:w") or 0) for c in find(table.rows[0]._tr, "w:tc/w:tcPr/w:tcW")]
    assert cells == [3200, 3600, 1800]


def test_a_three_line_table_has_its_three_lines(document_of: Make, table_of) -> None:
    document = opened(document_of(table_of([["a"], ["b"], ["c"]], rules="three-line")))
    table = document.tables[0]._tbl
    sides = {etree.QName(e).localname for e in find(table, "w:tblPr/w:tblBorders/*")}
    assert sides == {"top", "bottom"}
    assert len(find(table, "w:tr[1]//w:tcBorders/w:bottom")) == 1
    assert len(find(table, ".//w:tcBorders")) == 1


@pytest.mark.parametrize(
    ("row_height", "size", "line"), [(20, 9.5, 1.0), (10.5, 9.5, 0.92), (7, 6.5, 0.85)]
)
def test_table_text_fits_rows_that_are_low(
    document_of: Make, table_of, row_height: float, size: float, line: float
) -> None:
    table = table_of([["a"]] * 10)
    low = replace(table, box=Box(72, 100, 523, 100 + 10 * row_height))
    style = opened(document_of(low)).styles["Table Text"]
    assert style.font.size.pt == size
    assert style.paragraph_format.line_spacing == pytest.approx(line, abs=0.01)


def test_the_distance_above_a_table_is_not_in_its_cells(
    document_of: Make, table_of: Callable[..., TableBlock]
) -> None:
    table = table_of([["a", "b"], ["c", "d"]], style=Style(size=9, space_before=5))
    document = opened(document_of(para(1, "Above."), table))
    assert document.styles["Table Text"].paragraph_format.space_before == 0


def test_tables_do_not_touch_each_other_or_the_end(document_of: Make, table_of) -> None:
    tables = (replace(table_of([[text]]), box=Box(72, 72, 523, 90)) for text in "ab")
    body = opened(document_of(*tables)).element.body
    tags = [etree.QName(child).localname for child in body]
    assert tags == ["tbl", "p", "tbl", "p", "sectPr"]


def test_a_table_wider_than_word_takes_becomes_text(document_of: Make, table_of) -> None:
    rendered = render(document_of(table_of([["x"] * 64, ["y"] * 64])), ".docx")
    (warning,) = rendered.warnings
    assert (warning.code, warning.block) == ("W_BLOCK_FALLBACK", "p1.b1")
    document = docx.Document(io.BytesIO(rendered.data))
    assert document.paragraphs[0].text.count("y") == 64


def test_a_large_table_is_written_whole(document_of: Make, table_of) -> None:
    table: TableBlock = table_of([[f"{r},{c}" for c in range(8)] for r in range(200)])
    written = opened(document_of(table)).tables[0]._tbl
    assert [len(find(row, "w:tc")) for row in find(written, "w:tr")] == [8] * 200


def items(*labels: str, level: int = 0, **more: object) -> tuple[ListItem, ...]:
    return tuple(
        ListItem(f"p1.b1.i{n}", label, f"item {n}", level, 1, BOX, **more)  # type: ignore[arg-type]
        for n, label in enumerate(labels, start=1)
    )


def levels(document: docx.document.Document) -> Iterator[tuple[str | None, ...]]:
    numbering = document.part.numbering_part.element
    for level in find(numbering, "w:abstractNum/w:lvl[@w:ilvl='0']"):
        yield tuple(
            attribute(find(level, f"w:{name}")[0], "w:val")
            for name in ("start", "numFmt", "lvlText")
        )


def test_every_list_has_a_numbering_of_its_own(document_of: Make) -> None:
    first = ListBlock(
        "p1.b1", 1, BOX, items("(c)", "(d)"), ordered=True, start=3, format="lower_alpha"
    )
    second = ListBlock("p1.b2", 1, BOX, items("1.", "2."), ordered=True, format="decimal")
    document = opened(document_of(first, second, ListBlock("p1.b3", 1, BOX, items("-", "-"))))
    assert list(levels(document)) == [
        ("3", "lowerLetter", "(%1)"),
        ("1", "decimal", "%1."),
        ("1", "bullet", "-"),
    ]
    numbers = [attribute(n, "w:val") for n in find(document.element.body, ".//w:numId")]
    assert numbers == ["1", "1", "2", "2", "3", "3"]
    assert [p.text for p in document.paragraphs] == ["item 1", "item 2"] * 3


@pytest.mark.parametrize("labels", [("1.", "3.", "7."), ("1.", "2)"), ("1.", "")])
def test_labels_that_no_counter_gives_stay_text(document_of: Make, labels: tuple[str, ...]) -> None:
    block = ListBlock("p1.b1", 1, BOX, items(*labels), ordered=True, format="decimal")
    document = opened(document_of(block))
    assert find(document.element.body, ".//w:numPr") == []
    assert [p.text.split("\t")[0] for p in document.paragraphs] == list(labels)


def test_ticked_boxes_stay_visible(document_of: Make) -> None:
    boxes = items("", checked=True) + items("", checked=False)
    document = opened(document_of(ListBlock("p1.b1", 1, BOX, boxes)))
    assert [p.text for p in document.paragraphs] == ["\u2612\titem 1", "\u2610\titem 1"]


def test_spans_are_runs_and_links_are_links(rich: docx.document.Document) -> None:
    paragraph = paragraph_with(rich, "H2O")
    assert [r.text for r in paragraph.runs if r.font.subscript] == ["2"]
    assert [r.text for r in paragraph.runs if r.font.superscript] == ["2"]
    (link,) = paragraph.hyperlinks
    assert (link.address, link.text) == ("https://example.org/report", "site of the offi")
    assert [r.text for r in paragraph_with(rich, "committee met").runs if r.bold] == ["committee"]


def test_an_unsafe_link_is_only_text(document_of: Make) -> None:
    block = para(1, "click", spans=(Span(0, 5, link="javascript:alert(1)"),))
    document = opened(document_of(block))
    assert document.paragraphs[0].hyperlinks == []
    assert document.paragraphs[0].text == "click"


def test_arabic_runs_from_right_to_left(rich: docx.document.Document) -> None:
    paragraph = paragraph_with(rich, "\u0627\u0644\u0644\u062c\u0646\u0629")._p
    assert len(find(paragraph, "w:pPr/w:bidi")) == 1
    assert len(find(paragraph, "w:r/w:rPr/w:rtl")) == len(find(paragraph, "w:r"))


def test_chinese_quotes_are_set_in_the_chinese_face(rich: docx.document.Document) -> None:
    paragraph = paragraph_with(rich, "\u59d4\u5458\u4f1a")._p
    hints = {attribute(f, "w:hint") for f in find(paragraph, "w:r/w:rPr/w:rFonts")}
    assert hints == {"eastAsia"}


def test_pictures_have_size_text_and_a_place_of_their_own(rich: docx.document.Document) -> None:
    (shape,) = rich.inline_shapes
    assert (shape.width.pt, shape.height.pt) == (240, 150)
    inline = shape._inline
    assert {inline.get(f"dist{side}") for side in "TBLR"} == {"0"}
    assert inline.docPr.get("descr") == "A gradient"


def test_a_picture_that_word_cannot_show_is_told(document_of: Make) -> None:
    figure = FigureBlock("p1.b1", 1, BOX, "missing", alt="a map")
    rendered = render(document_of(figure), ".docx")
    assert [warning.code for warning in rendered.warnings] == ["W_BLOCK_FALLBACK"]
    assert docx.Document(io.BytesIO(rendered.data)).paragraphs[0].text == "a map"


def strip(kind: str, page: int, text: str, **more: object) -> Furniture:
    y = 40 if kind == "header" else 800
    return Furniture(f"p{page}.f{kind}", kind, page, Box(72, y, 300, y + 10), text, **more)  # type: ignore[arg-type]


def test_headers_and_page_numbers_are_words_own(rich: docx.document.Document) -> None:
    first = rich.sections[0]
    assert first.header.paragraphs[0].text == "County Papers No. 7"
    others = [s for s in rich.sections if s.page_width == first.page_width]
    assert all(section.header.is_linked_to_previous for section in others[1:])
    footer = first.footer._element
    assert [f.text for f in find(footer, ".//w:instrText")] == [" PAGE "]
    assert attribute(find(first._sectPr, "w:pgNumType")[0], "w:start") == "12"
    assert "County Papers" not in "".join(p.text for p in rich.paragraphs)


def test_a_first_page_of_its_own(document_of: Make) -> None:
    blocks = [para(1, page=n) for n in (1, 2, 3)]
    furniture = [strip("header", 1, "Letterhead"), *(strip("header", n, "Usual") for n in (2, 3))]
    document = opened(document_of(*blocks, pages=pages(3), furniture=tuple(furniture)))
    (section,) = document.sections
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == "Letterhead"
    assert section.header.paragraphs[0].text == "Usual"


def test_a_first_page_without_footer_gives_it_no_room(document_of: Make) -> None:
    lines = [para(n, "word", page=1) for n in range(1, 40)]
    below = [strip("footer", n, f"{text} of this page") for n in (2, 3) for text in ("one", "two")]
    blocks = (*lines, para(1, page=2), para(1, page=3))
    document = opened(document_of(*blocks, pages=pages(3), furniture=tuple(below)))
    section = document.sections[0]
    (empty,) = section.first_page_footer.paragraphs
    assert not empty.text
    assert empty.paragraph_format.line_spacing.pt == 1


def test_only_the_footer_of_a_page_takes_its_room(document_of: Make) -> None:
    blocks = tuple(para(1, page=n) for n in (1, 2, 3))
    below = tuple(strip("footer", n, "of this page") for n in (2, 3))
    document = document_of(*blocks, pages=pages(3), furniture=below)
    sheet, found = StyleSheet(document), strips(document)
    rooms = [strip_room(document, page, found, sheet) for page in document.pages]
    assert rooms[0] == (0, 0)
    assert rooms[1] == rooms[2]
    assert rooms[1][1] >= 842 - 810


def test_odd_and_even_pages(document_of: Make) -> None:
    blocks = [para(1, page=n) for n in range(1, 7)]
    furniture = tuple(strip("header", n, "odd" if n % 2 else "even") for n in range(1, 7))
    document = opened(document_of(*blocks, pages=pages(6), furniture=furniture))
    (section,) = document.sections
    assert document.settings.odd_and_even_pages_header_footer
    assert section.header.paragraphs[0].text == "odd"
    assert section.even_page_header.paragraphs[0].text == "even"
    assert not section.different_first_page_header_footer


def test_running_heads_of_chapters_begin_sections(document_of: Make) -> None:
    heads = ("One", "One", "Two", "Two", "Two")
    blocks = [para(1, page=n) for n in range(1, 6)]
    furniture = tuple(strip("header", n, head) for n, head in enumerate(heads, start=1))
    document = opened(document_of(*blocks, pages=pages(5), furniture=furniture))
    assert [s.header.paragraphs[0].text for s in document.sections] == ["One", "Two"]


def test_page_numbers_in_words_and_roman(document_of: Make) -> None:
    furniture = tuple(strip("page_number", n, f"Page {n} of 2", align="right") for n in (1, 2))
    blocks = (para(1), para(1, page=2))
    document = opened(document_of(*blocks, pages=pages(2), furniture=furniture))
    footer = document.sections[0].footer._element
    codes = [f.text for f in find(footer, ".//w:instrText")]
    assert codes == [" PAGE ", " NUMPAGES "]
    roman = tuple(strip("page_number", n, text) for n, text in ((1, "iv"), (2, "v")))
    document = opened(document_of(*blocks, pages=pages(2), furniture=roman))
    (number,) = find(document.sections[0]._sectPr, "w:pgNumType")
    assert (attribute(number, "w:fmt"), attribute(number, "w:start")) == ("lowerRoman", "4")


def test_one_misread_letter_makes_no_header_of_its_own(document_of: Make) -> None:
    texts = ("Annual Report", "Annual Rep0rt", "Annual Report")
    furniture = tuple(strip("header", n, text, group="g") for n, text in enumerate(texts, start=1))
    blocks = [para(1, page=n) for n in (1, 2, 3)]
    document = opened(document_of(*blocks, pages=pages(3), furniture=furniture))
    assert len(document.sections) == 1
    assert document.sections[0].header.paragraphs[0].text == "Annual Report"


def test_properties_are_ours_and_fonts_have_every_script(
    rich_document: Document, rich: docx.document.Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    properties = rich.core_properties
    assert properties.title == "Report on the Buildings of the County"
    assert (properties.author, properties.language) == ("docstructure 0.1.0", "en")
    names = {part.partname for part in rich.part.package.iter_parts()}
    assert not [name for name in names if "theme" in name or "thumbnail" in name]
    fonts = find(rich.styles.element, "w:docDefaults//w:rFonts")[0]
    assert attribute(fonts, "w:eastAsia") == "SimSun"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    dated = opened(rich_document).core_properties
    assert dated.created is not None
    assert dated.created.isoformat().startswith("1970-01-02")


@pytest.mark.parametrize(("w", "h"), [(3000.0, 200.0), (20.0, 5.0), (1.0, 900.0)])
def test_paper_of_any_size_opens_in_word(document_of: Make, table_of, w: float, h: float) -> None:
    page = Page(1, w, h)
    section = opened(document_of(table_of([["a", "b"]]), para(2), pages=(page,))).sections[0]
    assert min(section.page_width.pt, section.page_height.pt) >= 7
    assert max(section.page_width.pt, section.page_height.pt) <= 1584
    if max(w, h) / min(w, h) < 100:
        assert section.page_width.pt / section.page_height.pt == pytest.approx(w / h, rel=0.05)


def pdf_words(path: Path) -> list[str]:
    text = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    return [page.strip() for page in text.split("\f") if page.strip()]


@pytest.mark.skipif(
    not any((Path(folder) / "pdftotext").exists() for folder in os.get_exec_path()),
    reason="poppler is not installed",
)
def test_libreoffice_lays_it_out_as_in_the_source(
    rich_document: Document, office: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "rich.docx"
    path.write_bytes(render(rich_document, ".docx").data)
    shown = pdf_words(office(path, "pdf"))
    assert len(shown) == 4
    assert "Figure 1." in shown[0]
    assert "Figures of the treasury" in shown[1]
    assert "could not be read" in shown[2]
    assert [f"\u2013 {n} \u2013" in page for n, page in enumerate(shown, start=12)] == [True] * 4
