"""What each score says of small files, in which one thing differs."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from PIL import Image, ImageDraw

from recovery.score.docx_reader import read_docx
from recovery.score.matching import match
from recovery.score.scores import compare

TEXTS = (
    "The committee met on three days in March and heard from eleven offices.",
    "Heating had become the largest single expense, ahead of cleaning and security.",
    "Two offices had replaced their windows in the year before.",
    "The others asked for money to do the same before the winter.",
)


def picture(flipped: bool = False) -> bytes:
    image = Image.new("L", (80, 40), 255)
    ImageDraw.Draw(image).polygon([(5, 35), (40, 5), (45, 35)], 30)
    if flipped:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def original() -> Docx:
    """Everything that scores look at, once."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Pt(595.3), Pt(841.9)
    section.header.paragraphs[0].text = "Annual report of the committee"
    _page_field(section.footer.paragraphs[0])
    document.add_heading("Buildings", 1)
    document.add_paragraph(TEXTS[0])
    document.add_paragraph(TEXTS[1])
    document.add_heading("Windows", 2)
    document.add_paragraph(TEXTS[2])
    document.add_paragraph(TEXTS[3])
    document.add_paragraph("first the roof", style="List Number")
    document.add_paragraph("then the cellar", style="List Number")
    table = document.add_table(3, 2)
    for n, text in enumerate(("Office", "Cost", "North", "1,200", "South", "980")):
        table.cell(n // 2, n % 2).text = text
    document.add_picture(io.BytesIO(picture()), width=Pt(120))
    document.add_paragraph("Figure 1: A roof.", style="Caption")
    return document


def _page_field(paragraph: Paragraph) -> None:
    for kind in ("begin", "separate", "end"):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
        if kind == "begin":
            code = OxmlElement("w:instrText")
            code.text = " PAGE "
            paragraph.add_run()._r.append(code)
        elif kind == "separate":
            paragraph.add_run("7")


def to_bytes(document: Docx) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def scores_after(change: Callable[[Docx], object]) -> dict[str, float | None]:
    """The scores of the original after `change`, against the original."""
    changed = original()
    change(changed)
    truth, found = read_docx(to_bytes(original())), read_docx(to_bytes(changed))
    return compare(match(truth, found))


def paragraph(document: Docx, start: str) -> Paragraph:
    return next(p for p in document.paragraphs if p.text.startswith(start))


def fallen(scores: dict[str, float | None]) -> set[str]:
    return {name for name, value in scores.items() if value is not None and value < 0.9995}


def test_a_document_is_worth_one_on_every_score_against_itself() -> None:
    scores = scores_after(lambda document: None)
    assert scores == dict.fromkeys(scores, pytest.approx(1.0))
    assert len(scores) == 18


def test_two_paragraphs_in_the_wrong_order_cost_order_and_a_little_text() -> None:
    def swap(document: Docx) -> None:
        one, two = paragraph(document, TEXTS[0]), paragraph(document, TEXTS[3])
        one.text, two.text = two.text, one.text

    scores = scores_after(swap)
    # Two of eleven places hold something else.
    assert scores["order"] == pytest.approx(1 - 2 / 11)
    assert 0.6 < (scores["text"] or 0) < 0.95
    assert (scores["kendall"] or 0) < 1
    assert fallen(scores) - {"para_f1"} == {"text", "order", "kendall"}


def test_a_heading_without_its_style_costs_only_type_and_outline() -> None:
    def flatten(document: Docx) -> None:
        paragraph(document, "Windows").style = document.styles["Normal"]

    scores = scores_after(flatten)
    assert fallen(scores) - {"size", "bold"} == {"type_f1", "head"}
    assert scores["type_f1"] == pytest.approx(8 / 9)
    assert scores["head"] == pytest.approx(1 / 2)


def test_a_heading_of_another_level_is_of_another_type() -> None:
    def deepen(document: Docx) -> None:
        paragraph(document, "Windows").style = document.styles["Heading 3"]

    scores = scores_after(deepen)
    assert scores["type_f1"] == pytest.approx(8 / 9)
    assert scores["head"] == pytest.approx(1 / 2)


def test_a_style_with_a_foreign_name_is_a_heading_by_its_place_in_the_outline() -> None:
    def translate(document: Docx) -> None:
        style = document.styles.add_style("Kapitel", 1)
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "1")
        style.element.get_or_add_pPr().append(level)
        paragraph(document, "Windows").style = style

    assert scores_after(translate)["head"] == 1.0


def test_the_names_that_pandoc_gives_to_captions_and_text_are_known() -> None:
    def rename(document: Docx) -> None:
        for name, start in (("Image Caption", "Figure 1"), ("First Paragraph", TEXTS[0])):
            paragraph(document, start).style = document.styles.add_style(name, 1)

    assert scores_after(rename)["type_f1"] == 1.0


def test_two_paragraphs_in_one_cost_boundaries_and_little_text() -> None:
    def fuse(document: Docx) -> None:
        one, two = paragraph(document, TEXTS[0]), paragraph(document, TEXTS[1])
        one.text = f"{one.text} {two.text}"
        two._p.getparent().remove(two._p)

    scores = scores_after(fuse)
    assert scores["text"] == 1.0
    # Eight boundaries between nine paragraphs, of which one is missing.
    assert scores["para_f1"] == pytest.approx(2 * 7 / (8 + 7))


def test_a_wrong_character_at_the_end_of_a_paragraph_costs_no_boundary() -> None:
    def misread(document: Docx) -> None:
        one = paragraph(document, TEXTS[0])
        one.text = one.text[:-1] + ","

    scores = scores_after(misread)
    assert scores["para_f1"] == 1.0
    assert fallen(scores) == {"text"}


def test_labels_that_are_mere_text_make_no_list() -> None:
    def flatten(document: Docx) -> None:
        for n, start in enumerate(("first", "then"), start=1):
            item = paragraph(document, start)
            item.style = document.styles["Normal"]
            item.text = f"{n}. {item.text}"

    scores = scores_after(flatten)
    assert scores["list"] == 0.0
    assert scores["type_f1"] == pytest.approx(7 / 9)


def test_an_item_with_another_number_is_wrong() -> None:
    def insert(document: Docx) -> None:
        paragraph(document, "first").insert_paragraph_before("before all", style="List Number")

    assert scores_after(insert)["list"] == 0.0


def test_an_item_that_is_missing_leaves_the_other_right() -> None:
    def drop(document: Docx) -> None:
        last = paragraph(document, "then")
        last._p.getparent().remove(last._p)

    assert scores_after(drop)["list"] == pytest.approx(2 / 3)


def test_a_bullet_is_no_number() -> None:
    def unnumber(document: Docx) -> None:
        paragraph(document, "first").style = document.styles["List Bullet"]

    # The second item has become the first.
    assert scores_after(unnumber)["list"] == 0.0


def test_merged_cells_cost_structure_and_a_wrong_word_does_not() -> None:
    def merge(document: Docx) -> None:
        cell = document.tables[0].cell(1, 1).merge(document.tables[0].cell(2, 1))
        cell.paragraphs[-1].text = ""

    def misread(document: Docx) -> None:
        document.tables[0].cell(1, 1).text = "7,2OO"

    merged, misread_scores = scores_after(merge), scores_after(misread)
    assert (merged["teds_s"] or 0) < 1
    assert misread_scores["teds_s"] == 1.0
    assert 0.9 < (misread_scores["teds"] or 0) < 1


def test_a_table_too_many_costs_half_of_the_tables() -> None:
    scores = scores_after(lambda document: document.add_table(1, 1))
    assert scores["teds"] == pytest.approx(0.5)


def test_a_header_in_the_body_costs_both_halves_of_its_score() -> None:
    def move(document: Docx) -> None:
        header = document.sections[0].header.paragraphs[0]
        paragraph(document, TEXTS[2]).insert_paragraph_before(header.text)
        header.text = ""

    # Two texts: the page number stays right.
    assert scores_after(move)["furn"] == pytest.approx(0.5)


def test_a_page_number_that_is_mere_text_counts_no_pages() -> None:
    def freeze(document: Docx) -> None:
        document.sections[0].footer.paragraphs[0].text = "7"

    assert scores_after(freeze)["furn"] == pytest.approx(0.75)


def test_letter_paper_costs_the_page_and_nothing_else() -> None:
    def cut(document: Docx) -> None:
        section = document.sections[0]
        section.page_width, section.page_height = Pt(612), Pt(792)

    assert fallen(scores_after(cut)) == {"page"}


def test_paper_lies_across_only_where_the_file_says_so() -> None:
    def turn(document: Docx) -> None:
        document.sections[0].orientation = WD_ORIENT.LANDSCAPE

    assert scores_after(turn)["page"] == 0.0


def test_margins_fall_with_their_error() -> None:
    def widen(document: Docx) -> None:
        section = document.sections[0]
        section.left_margin = Pt(section.left_margin.pt + 20 / 25.4 * 72)

    # One of four margins is 20 mm off.
    assert scores_after(widen)["margins"] == pytest.approx(0.75, abs=0.01)


def test_a_section_in_two_columns_costs_the_share_of_its_text() -> None:
    def split(document: Docx) -> None:
        columns = document.sections[0]._sectPr.find(qn("w:cols"))
        columns.set(qn("w:num"), "2")

    assert scores_after(split)["cols"] == 0.0


def test_size_weight_and_alignment_are_counted_by_character() -> None:
    def restyle(document: Docx) -> None:
        one = paragraph(document, TEXTS[1])
        one.runs[0].font.size = Pt(14)
        two = paragraph(document, TEXTS[2])
        two.runs[0].font.bold = True
        paragraph(document, TEXTS[3]).alignment = WD_ALIGN_PARAGRAPH.CENTER

    scores = scores_after(restyle)
    assert fallen(scores) == {"size", "bold", "align"}
    inside = [len(text.replace(" ", "")) for text in TEXTS]
    rest = ["Buildings", "Windows", "firsttheroof", "thenthecellar", "Figure1:Aroof."]
    table = ["Office", "Cost", "North", "1,200", "South", "980"]
    outside = sum(inside) + sum(map(len, rest))
    total = outside + sum(map(len, table))
    assert scores["size"] == pytest.approx(1 - inside[1] / total)
    assert scores["bold"] == pytest.approx(1 - inside[2] / total)
    assert scores["align"] == pytest.approx(1 - inside[3] / outside)


def test_half_a_point_is_the_same_size() -> None:
    def grow(document: Docx) -> None:
        paragraph(document, TEXTS[1]).runs[0].font.size = Pt(11.5)

    assert scores_after(grow)["size"] == 1.0


def test_column_widths_are_compared_in_points() -> None:
    def widen(document: Docx) -> None:
        column = document.tables[0].columns[0]
        assert column.width is not None
        column.width = Pt(1.2 * column.width.pt)

    assert scores_after(widen)["widths"] == pytest.approx(0.9, abs=0.005)


def test_a_picture_of_another_size_or_content_costs_its_share() -> None:
    def shrink(document: Docx) -> None:
        shape = document.inline_shapes[0]
        shape.width, shape.height = Pt(60), Pt(30)

    assert scores_after(shrink)["fig"] == pytest.approx(2 / 3)


def test_another_picture_is_a_lost_one_and_one_too_many() -> None:
    def replace(document: Docx) -> None:
        part = next(p for p in document.part.related_parts.values() if "image" in p.partname)
        part._blob = picture(flipped=True)

    scores = scores_after(replace)
    assert scores["fig"] == 0.0
    assert scores["order"] == pytest.approx(10 / 11)


def test_an_empty_file_is_worth_next_to_nothing() -> None:
    def clear(document: Docx) -> None:
        for element in list(document.element.body)[:-1]:
            document.element.body.remove(element)
        for part in (document.sections[0].header, document.sections[0].footer):
            part.paragraphs[0].text = ""

    scores = scores_after(clear)
    assert {name for name, value in scores.items() if value} == {"furn", "page", "margins"}
    assert scores["furn"] == 0.5


def test_a_file_that_is_no_zip_is_refused() -> None:
    with pytest.raises(ValueError, match="not a docx file"):
        read_docx(b"PK but nothing else")
