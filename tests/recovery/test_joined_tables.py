"""A table that goes on on the next page is one table in every format that flows."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest

from recovery.writers import render
from recovery.writers.joined_tables import JoinedTable, parts_of, with_joined_tables
from recovery.writers.ooxml import NAMESPACES
from recovery.writers.options import WriteOptions
from structure.core.document import Document, Page, TableBlock, TextBlock
from structure.core.geometry import Box

Make = Callable[..., Document]


@pytest.fixture
def parts(table_of: Callable[..., TableBlock]) -> tuple[TableBlock, TableBlock]:
    first = replace(
        table_of([["Year", "Sum"], ["1990", "1"], ["1991", "2"]]),
        col_widths=(100.0, 60.0),
        box=Box(72, 600, 232, 645),
    )
    rest = replace(
        table_of([["1992", "3"], ["1993", "4"]], head=0),
        id="p2.b1",
        page=2,
        box=Box(72, 72, 232, 117),
        col_widths=(90.0, 70.0),
        continued_from=first.id,
    )
    return first, rest


def test_a_table_of_two_pages_is_one_in_word_with_its_header_on_both(
    document_of: Make, parts: tuple[TableBlock, TableBlock]
) -> None:
    document = docx.Document(io.BytesIO(render(document_of(*parts), ".docx").data))
    (table,) = document.tables
    assert [row.cells[0].text for row in table.rows] == ["Year", "1990", "1991", "1992", "1993"]
    assert len(table._tbl.findall("w:tr/w:trPr/w:tblHeader", NAMESPACES)) == 1
    widths = [column.width.pt for column in table.columns]  # type: ignore[union-attr]
    assert widths == [100, 60]  # of the first part
    assert len(document.sections) == 1
    assert not document.element.body.findall(".//w:pageBreakBefore", NAMESPACES)


@pytest.mark.parametrize(("suffix", "mark"), [(".html", b"<table"), (".md", b"| --- | --- |")])
def test_it_is_one_in_html_and_markdown(
    document_of: Make, parts: tuple[TableBlock, TableBlock], suffix: str, mark: bytes
) -> None:
    data = render(document_of(*parts), suffix).data
    assert data.count(mark) == 1
    assert b"1993" in data


def test_where_everything_keeps_its_place_it_stays_two(
    document_of: Make, parts: tuple[TableBlock, TableBlock]
) -> None:
    options = WriteOptions(layout="exact")
    pages = (Page(1, 595.0, 842.0), Page(2, 595.0, 842.0))
    data = render(document_of(*parts, pages=pages), ".docx", options=options).data
    document = docx.Document(io.BytesIO(data))
    assert len(document.element.body.findall(".//w:tbl", NAMESPACES)) == 2


def test_a_footnote_may_stand_between_but_no_paragraph(
    document_of: Make, parts: tuple[TableBlock, TableBlock]
) -> None:
    first, rest = parts
    note = TextBlock("p1.b9", "footnote", 1, Box(72, 700, 300, 710), "Rounded.")
    joined = with_joined_tables(document_of(first, note, rest)).body
    assert [type(block) for block in joined] == [JoinedTable, TextBlock]
    apart = document_of(first, replace(note, type="paragraph"), rest)
    assert with_joined_tables(apart) is apart


def test_a_part_with_a_header_of_its_own_stays_apart(
    document_of: Make, parts: tuple[TableBlock, TableBlock]
) -> None:
    first, rest = parts
    document = document_of(first, replace(rest, header_rows=1))
    assert with_joined_tables(document) is document


def test_all_parts_become_one_and_know_their_rows(
    document_of: Make, parts: tuple[TableBlock, TableBlock]
) -> None:
    first, rest = parts
    third = replace(rest, id="p3.b1", page=3, continued_from=rest.id)
    (table,) = with_joined_tables(document_of(first, rest, third)).body
    assert isinstance(table, TableBlock)
    assert parts_of(table) == ((0, 3), (3, 5), (5, 7))
    assert [cell.row for cell in table.cells] == sorted(cell.row for cell in table.cells)
