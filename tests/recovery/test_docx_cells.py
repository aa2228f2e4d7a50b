"""Cells of tables with rules, fills, heights and sizes of their own, as forms have them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree

from recovery.writers import render
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import (
    Document,
    Margins,
    Page,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import Box

Make = Callable[..., Document]


def form(*cells: TableCell, rows: int = 2, cols: int = 2, **more: object) -> TableBlock:
    return TableBlock("p1.b1", 1, Box(72, 100, 523, 200), rows, cols, cells, **more)  # type: ignore[arg-type]


@pytest.fixture
def cells() -> tuple[TableCell, ...]:
    return (
        TableCell("a", 0, 0, text="Name\nAddress", borders="trbl", fill="d9e2f3", valign="top"),
        TableCell("b", 0, 1, text="", borders="b", valign="bottom"),
        TableCell("c", 1, 0, 1, 2, text="Remarks", borders="", size=7, valign="middle"),
    )


def opened(document: Document) -> Table:
    return docx.Document(io.BytesIO(render(document, ".docx").data)).tables[0]


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMESPACES)


def test_each_cell_draws_the_rules_it_has(document_of: Make, cells) -> None:
    table = opened(document_of(form(*cells)))._tbl
    drawn = [
        [etree.QName(side).localname for side in find(cell, "w:tcPr/w:tcBorders/*")]
        for cell in find(table, "w:tr/w:tc")
    ]
    assert drawn == [["top", "left", "bottom", "right"], ["bottom"], []]
    assert find(table, "w:tblPr/w:tblStyle")[0].get(qn("w:val")) == "TableNormal"
    assert find(table, "w:tblPr/w:tblBorders") == []


def test_a_cell_over_two_rows_is_ruled_around_both(document_of: Make) -> None:
    table = form(
        TableCell("a", 0, 0, 2, 1, text="tall", borders="trbl"),
        TableCell("b", 0, 1, text="x", borders=""),
        TableCell("c", 1, 1, text="y", borders=""),
    )
    rows = find(opened(document_of(table))._tbl, "w:tr")
    drawn = [
        [etree.QName(side).localname for side in find(row, "w:tc[1]/w:tcPr/w:tcBorders/*")]
        for row in rows
    ]
    assert drawn == [["top", "left", "right"], ["left", "bottom", "right"]]


def test_fill_place_and_size_are_those_of_the_cell(document_of: Make, cells) -> None:
    table = opened(document_of(form(*cells)))
    fills = [s.get(qn("w:fill")) for s in find(table._tbl, ".//w:shd")]
    assert fills == ["D9E2F3"]
    places = [a.get(qn("w:val")) for a in find(table._tbl, ".//w:vAlign")]
    assert places == ["top", "bottom", "center"]
    paragraph = table.cell(1, 0).paragraphs[0]
    assert paragraph.style is not None
    size = paragraph.runs[0].font.size or paragraph.style.font.size
    assert size is not None
    assert size.pt == 7


@pytest.mark.parametrize("fill", ["", "red", "12345", '"/><w:x', "1234567"])
def test_a_fill_that_is_no_colour_is_left_out(document_of: Make, cells, fill: str) -> None:
    table = form(replace(cells[0], fill=fill), *cells[1:])
    assert find(opened(document_of(table))._tbl, ".//w:shd") == []


def test_rows_are_at_least_as_high_as_drawn(document_of: Make, cells) -> None:
    table = opened(document_of(form(*cells, row_heights=(70.0, 25.5))))._tbl
    heights = [(h.get(qn("w:val")), h.get(qn("w:hRule"))) for h in find(table, ".//w:trHeight")]
    assert heights == [("1400", "atLeast"), ("510", "atLeast")]
    pads = [m.get(qn("w:w")) for m in find(table, "w:tblPr/w:tblCellMar/w:top")]
    assert pads == ["60"]


def test_heights_that_do_not_fit_the_rows_are_left_out(document_of: Make, cells) -> None:
    table = opened(document_of(form(*cells, row_heights=(70.0,))))._tbl
    assert find(table, ".//w:trHeight") == []


def test_lines_of_a_cell_are_paragraphs(document_of: Make, cells) -> None:
    table = opened(document_of(form(*cells)))
    assert [p.text for p in table.cell(0, 0).paragraphs] == ["Name", "Address"]
    assert find(table._tbl, ".//w:br") == []


def heights_of(root: etree._Element) -> list[int]:
    return [int(h.get(qn("w:val"), 0)) for h in find(root, "w:tr/w:trPr/w:trHeight")]


def test_drawn_rows_give_up_room_before_a_page_runs_over(document_of: Make) -> None:
    rows = tuple(TableCell(f"c{r}", r, 0, text="x", borders="trbl") for r in range(6))
    table = form(*rows, rows=6, cols=1, row_heights=(110.0,) * 6)
    table = replace(table, box=Box(72, 72, 523, 732))
    after = TextBlock("p1.b2", "paragraph", 1, Box(72, 736, 523, 800), "a " * 600)
    alone = opened(document_of(table))
    assert heights_of(alone._tbl) == [2200] * 6
    crowded = opened(document_of(table, after))
    assert max(heights_of(crowded._tbl)) < 2200


def test_tables_of_a_full_page_are_set_smaller_empty_cells_too(document_of: Make) -> None:
    words = "words that take several lines in a narrow column of a table " * 2
    tall = TableCell("tall", 0, 0, 2, 1, text="")
    cells = (
        tall,
        *(
            TableCell(f"c{r}{c}", r, c, text=words if c else "")
            for r in range(26)
            for c in range(2)
            if c or r > 1
        ),
    )
    table = form(*cells, rows=26, cols=2, style=Style(size=10), col_widths=(225.0, 226.0))
    table = replace(table, box=Box(72, 72, 523, 760))
    found = opened(document_of(table))
    assert {p.style.font.size.pt for p in found.cell(0, 1).paragraphs} == {9}  # type: ignore[union-attr]
    marks = find(found._tbl, ".//w:pPr/w:rPr/w:sz")
    assert [int(mark.get(qn("w:val"), 0)) for mark in marks] == [18] * 26


def test_a_page_with_a_narrow_lower_margin_keeps_some_room_free(document_of: Make) -> None:
    page = Page(1, 595.0, 842.0, margins=Margins(72, 72, 72, 14.2))
    top = TextBlock("p1.b1", "paragraph", 1, Box(72, 72, 523, 84), "Invoice")
    foot = TextBlock("p1.b2", "paragraph", 1, Box(72, 815, 523, 827), "Printed in May")
    document = document_of(top, foot, pages=(page,), style=Style(size=10, pitch=12))
    _, last = docx.Document(io.BytesIO(render(document, ".docx").data)).paragraphs
    assert last.paragraph_format.space_before is not None
    assert last.paragraph_format.space_before.pt < 700  # not the 731 that stand on the page
