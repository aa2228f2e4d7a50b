"""The layouts of a docx file besides the usual one, and marks on what was badly read."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from recovery.writers.docx_check import check_bytes
from recovery.writers.docx_writer import render_docx
from recovery.writers.ooxml import NAMESPACES
from recovery.writers.options import Layout, WriteOptions
from structure.core.document import (
    Asset,
    Document,
    FigureBlock,
    FormulaBlock,
    Line,
    ListBlock,
    ListItem,
    Place,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
    WordBox,
)
from structure.core.geometry import Box

Make = Callable[..., Document]


def opened(document: Document, layout: Layout, **more: object) -> docx.document.Document:
    options = WriteOptions(layout=layout, **more)  # type: ignore[arg-type]
    return docx.Document(io.BytesIO(render_docx(document, options).data))


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMESPACES)


def text_of(element: etree._Element) -> str:
    return "".join(t.text or "" for t in find(element, ".//w:t"))


def line(text: str, x0: float, y0: float, x1: float, *, conf: float | None = None) -> Line:
    return Line(text, Box(x0, y0, x1, y0 + 10), conf)


def block(n: int, *lines: Line) -> TextBlock:
    box = Box(
        min(one.box.x0 for one in lines),
        lines[0].box.y0,
        max(one.box.x1 for one in lines),
        lines[-1].box.y1,
    )
    text = " ".join(one.text for one in lines)
    style, at = Style(size=10, family="serif"), (Place(1, box, lines),)
    return TextBlock(f"p1.b{n}", "paragraph", 1, box, text, style=style, at=at)


def boxes(document: docx.document.Document) -> list[tuple[str, float, float]]:
    """(text, left, top) of every text box, in points of its page."""
    found = []
    for anchor in find(document.element.body, ".//wp:anchor"):
        x, y = (int(offset.text or 0) / 12700 for offset in find(anchor, ".//wp:posOffset"))
        text = "|".join(text_of(p) for p in find(anchor, ".//w:txbxContent/w:p"))
        if text:
            found.append((text, x, y))
    return found


def test_formatted_text_runs_through_one_column_without_breaks(rich_document: Document) -> None:
    document = opened(rich_document, "formatted")
    (section,) = document.sections
    assert find(section._sectPr, "w:cols")[0].get(qn("w:num")) is None
    assert not any(p.paragraph_format.page_break_before for p in document.paragraphs)
    assert find(document.element.body, ".//w:br[@w:type='column']") == []
    assert section.header.is_linked_to_previous
    assert "County Papers" not in text_of(document.element.body)
    styles = [p.style.name for p in document.paragraphs if p.style and p.text]
    assert styles[:3] == ["Title", "Body Text", "Heading 1"]
    assert len(document.tables) == 1
    assert len(document.inline_shapes) == 1


def test_plain_text_is_paragraphs_only(rich_document: Document) -> None:
    document = opened(rich_document, "plain")
    assert {p.style.name for p in document.paragraphs if p.style} == {"Body Text"}
    assert document.tables == []
    texts = [p.text for p in document.paragraphs]
    assert "3. New windows in all offices" in texts
    assert "North\t12,400\t13,100\t5.6 %" in texts
    assert find(document.element.body, ".//w:numPr") == []


def test_a_picture_without_words_is_missed_in_plain_text(document_of: Make) -> None:
    figure = FigureBlock("p1.b1", 1, Box(0, 0, 9, 9), "a")
    (warning,) = render_docx(document_of(figure), WriteOptions(layout="plain")).warnings
    assert (warning.severity, warning.block) == ("loss", "p1.b1")


def test_exact_lines_stand_where_they_stood(document_of: Make) -> None:
    first = block(1, line("one line", 72, 100, 110), line("and the next", 80, 112, 130))
    other = block(2, line("far away", 300, 500, 340))
    found = boxes(opened(document_of(first, other), "exact"))
    assert [text for text, _, _ in found] == ["one line|and the next", "far away"]
    assert found[0][1:] == pytest.approx((72, 98.5), abs=0.1)
    assert found[1][1] == pytest.approx(300, abs=0.1)


def test_the_number_of_a_formula_stands_beside_its_picture(document_of: Make) -> None:
    data = io.BytesIO()
    Image.new("RGB", (20, 4)).save(data, "PNG")
    asset = Asset(data.getvalue(), "image/png", 20, 4, "0" * 64)
    formula = FormulaBlock(
        "p1.b1", 1, Box(100, 100, 200, 120), "a", number="(8)", lines=(line("(8)", 500, 105, 515),)
    )
    document = replace(document_of(formula), assets={"a": asset})
    ((text, left, _),) = boxes(opened(document, "exact"))
    assert (text, left) == ("(8)", pytest.approx(500, abs=0.1))


def test_exact_lines_beside_each_other_get_boxes_of_their_own(document_of: Make) -> None:
    both = block(1, line("Total", 72, 100, 95), line("$5.00", 300, 100, 325))
    found = boxes(opened(document_of(both), "exact"))
    assert [(text, round(x)) for text, x, _ in found] == [("Total", 72), ("$5.00", 300)]
    assert found[0][2] == found[1][2]


def test_exact_tables_keep_their_distance_from_the_top(document_of: Make) -> None:
    cells = tuple(TableCell(f"c{n}", n, 0, text="x", borders="trbl") for n in range(2))
    table = TableBlock("p1.b1", 1, Box(100, 300, 400, 340), 2, 1, cells, row_heights=(20, 20))
    document = opened(document_of(table), "exact")
    (own,) = document.tables
    (indent,) = find(own._tbl, "w:tblPr/w:tblInd")
    assert int(indent.get(qn("w:w")) or 0) == 2000
    spaces = [
        int(s.get(qn("w:before")) or 0) / 20 for s in find(document.element.body, "w:p//w:spacing")
    ]
    assert sum(spaces) == pytest.approx(298, abs=2)
    (section,) = document.sections
    assert section.left_margin == 0


def test_exact_pages_are_sections_and_hold_their_headers(rich_document: Document) -> None:
    document = opened(rich_document, "exact")
    assert [s.page_width.pt for s in document.sections] == [595, 595, 595, 842]
    texts = [text for text, _, _ in boxes(document)]
    assert texts.count("County Papers No. 7") == 3
    assert any("could not be read" in text for text in texts)


def test_exact_type_shrinks_to_its_line(document_of: Make) -> None:
    tight = block(1, line("wide words in a narrow line", 72, 100, 160))
    runs = find(opened(document_of(tight), "exact").element.body, ".//w:txbxContent//w:sz")
    assert runs
    assert min(int(run.get(qn("w:val")) or 0) for run in runs) < 18


def words(text: str, *confs: float) -> Line:
    parts = text.split()
    found = tuple(
        WordBox(part, Box(72 + 30 * n, 100, 100 + 30 * n, 110), conf)
        for n, (part, conf) in enumerate(zip(parts, confs, strict=True))
    )
    return Line(text, Box(72, 100, 300, 110), min(confs), found)


def test_badly_read_words_are_marked_and_say_how_sure_they_are(document_of: Make) -> None:
    read = words("Pay 1O0 eur0 now", 0.9, 0.41, 0.55, 0.95)
    document = opened(document_of(block(1, read)), "editable", mark_uncertain=0.6)
    (paragraph,) = [p for p in document.paragraphs if p.text]
    assert paragraph.text == "Pay 1O0 eur0 now"
    marked = [run.text for run in paragraph.runs if run.font.highlight_color is not None]
    assert marked == ["1O0 eur0"]
    (comment,) = document.comments
    assert (comment.text, comment.author) == ("Confidence 0.41", "docstructure")


def test_items_and_cells_are_marked_too(document_of: Make) -> None:
    place = Place(1, Box(72, 100, 300, 110), (words("[] tick me", 0.9, 0.9, 0.3),))
    item = ListItem("i1", "[]", "tick me", 0, 1, place.box, checked=False, at=(place,))
    cell = TableCell("c", 0, 0, text="12,4O0", conf=0.2)
    document = document_of(
        ListBlock("p1.b1", 1, place.box, (item,)),
        TableBlock("p1.b2", 1, Box(72, 200, 300, 220), 1, 1, (cell,)),
    )
    body = opened(document, "editable", mark_uncertain=0.5).element.body
    marked = [text_of(run) for run in find(body, ".//w:r") if find(run, "w:rPr/w:highlight")]
    assert marked == ["me", "12,4O0"]


def test_nothing_is_marked_unless_asked_for(document_of: Make) -> None:
    document = opened(document_of(block(1, words("Pay 1O0", 0.1, 0.1))), "editable")
    assert find(document.element.body, ".//w:highlight") == []
    assert list(document.comments) == []


def test_a_joined_word_is_found_again(document_of: Make) -> None:
    first, second = words("the func-", 0.9, 0.2), line("tion of it", 72, 112, 200, conf=0.9)
    joined = replace(block(1, first, second), text="the function of it")
    body = opened(document_of(joined), "editable", mark_uncertain=0.5).element.body
    marked = [text_of(run) for run in find(body, ".//w:r") if find(run, "w:rPr/w:highlight")]
    assert marked == ["func"]


@pytest.mark.parametrize("layout", ["formatted", "exact", "plain"])
def test_equal_documents_give_equal_bytes(rich_document: Document, layout: Layout) -> None:
    options = WriteOptions(layout=layout, mark_uncertain=0.9)
    assert render_docx(rich_document, options).data == render_docx(rich_document, options).data


@pytest.mark.parametrize("layout", ["formatted", "exact", "plain"])
def test_any_document_is_written(
    any_documents: st.SearchStrategy[Document], layout: Layout
) -> None:
    @settings(max_examples=20)
    @given(any_documents)
    def check(document: Document) -> None:
        options = WriteOptions(layout=layout, mark_uncertain=0.9)
        assert check_bytes(render_docx(document, options).data) == []

    check()


def test_libreoffice_shows_exact_pages_as_they_were(
    rich_document: Document, office: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "exact.docx"
    path.write_bytes(render_docx(rich_document, WriteOptions(layout="exact")).data)
    from pypdfium2 import PdfDocument

    with PdfDocument(office(path, "pdf")) as pdf:
        sizes = [tuple(round(v) for v in page.get_size()) for page in pdf]
        shown = [page.get_textpage().get_text_bounded() for page in pdf]
    assert sizes == [(595, 842)] * 3 + [(842, 595)]
    assert "Report on the Buildings" in shown[0]
    assert "Chinese" in shown[1]
