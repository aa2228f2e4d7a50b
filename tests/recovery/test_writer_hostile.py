"""One list of strings that try to be something else goes through every writer."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree

from recovery.writers import render
from recovery.writers.docx_check import check_order
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import Document, Furniture, TableBlock, TextBlock
from structure.core.geometry import Box
from structure.core.text import clean

BOX = Box(72, 72, 500, 90)
Make = Callable[..., Document]


@pytest.fixture(scope="module")
def dangerous(hostile: tuple[str, ...], document_of: Make, table_of) -> Document:
    paragraphs = [
        TextBlock(f"p1.b{n}", "paragraph", 1, BOX, text) for n, text in enumerate(hostile, start=2)
    ]
    headings = [
        TextBlock(f"p1.b{n}", "heading", 1, BOX, text, level=2)
        for n, text in enumerate(hostile, start=100)
    ]
    table: TableBlock = table_of([["head", "value"], *([text, "1"] for text in hostile)])
    title = TextBlock("p1.b1000", "title", 1, BOX, "<script>alert(1)</script>")
    furniture = tuple(
        Furniture(f"p1.f{n}", kind, 1, BOX, text)
        for n, (kind, text) in enumerate(zip(("header", "footer", "stamp"), hostile, strict=False))
    )
    return document_of(
        title, table, *paragraphs, *headings, furniture=furniture, lang=('en" onload="x',)
    )


def test_docx_holds_each_string_as_text_and_nothing_that_acts(
    dangerous: Document, hostile: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(render(dangerous, ".docx").data)
    assert check_order(path) == []
    document = docx.Document(str(path))
    shown = [p.text for p in document.paragraphs]
    cells = [row.cells[0].text for row in document.tables[0].rows]
    for text in hostile:
        assert clean(text) in shown
        assert clean(text) in cells
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
        assert root.findall(".//w:instrText", NAMESPACES) == []
        assert root.findall(".//w:hyperlink", NAMESPACES) == []
        assert b"TargetMode" not in archive.read("word/_rels/document.xml.rels")


def test_xlsx_holds_each_string_as_text_and_no_formula(
    dangerous: Document, hostile: tuple[str, ...]
) -> None:
    data = render(dangerous, ".xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    texts = {str(cell.value).replace("_x005F_", "_") for cell in cells}
    for text in hostile:
        wanted = clean(text)
        assert len(wanted) > 32767 or not wanted or wanted in texts, text
    for cell in cells:
        if isinstance(cell.value, str) and cell.value[:1] in "=+-@\t" and cell.value:
            assert cell.quotePrefix, cell.value
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert not [name for name in names if "externalLink" in name or "vba" in name]
        for name in names:
            assert b"<f>" not in archive.read(name)
            assert b"<hyperlink" not in archive.read(name)


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(document_of: Make, table_of) -> None:
    rendered = render(document_of(table_of([["a"], ["\U0001f600" * 20000]])), ".xlsx")
    (warning,) = rendered.warnings
    assert warning.severity == "loss"
    value = openpyxl.load_workbook(io.BytesIO(rendered.data))["P1 T1"]["A2"].value
    assert value.endswith("\U0001f600 [cut]")
    assert len(value.encode("utf-16-le")) // 2 <= 32767


def test_html_holds_each_string_as_text_and_no_active_element(
    dangerous: Document, hostile: tuple[str, ...]
) -> None:
    source = render(dangerous, ".html").data.decode("utf-8")
    root = etree.HTML(source)
    tags = {str(element.tag) for element in root.iter(etree.Element)}
    assert not tags & {"script", "svg", "iframe", "object", "embed", "link", "form", "img", "a"}
    for element in root.iter(etree.Element):
        assert not [name for name in element.attrib if str(name).startswith("on")]
    for line in hostile:
        assert html.escape(clean(line)).replace("\n", "<br>") in source


def test_markdown_holds_no_raw_html_and_no_foreign_link(
    dangerous: Document, hostile: tuple[str, ...]
) -> None:
    source = render(dangerous, ".md").data.decode("utf-8")
    prose = re.sub(r"(?s)<table>.*?</table>", "", source)
    prose = re.sub(r"<!-- page \d+ -->", "", prose)
    assert not re.search(r"(?<!\\)<(?!/?(?:em|strong|sup|sub)>)", prose)
    assert not re.search(r"(?<!\\)\]\(", prose)
    acting = ("# not a heading", "- not a list", "+ not a list", "> not a quote", "```", "~~~",
              "---", "===", "* * *", "    indented code", "[x]: http://evil.example")  # fmt: skip
    for text in acting:
        assert f"\n{text}\n" not in prose
    assert "\n1\\. not a list\n" in prose


def test_json_and_text_hold_each_string(dangerous: Document, hostile: tuple[str, ...]) -> None:
    written = json.loads(render(dangerous, ".json").data)
    texts = [block.get("text") for block in written["body"]]
    plain = render(dangerous, ".txt").data.decode("utf-8")
    for text in hostile:
        assert clean(text) in texts
        assert clean(text) in plain
