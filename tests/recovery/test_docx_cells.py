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
from structure.core.document import Document, TableBlock, TableCell
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
