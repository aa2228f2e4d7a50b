from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from recovery.writers import render
from structure.core.document import Document, Page, TextBlock
from structure.core.geometry import Box

Make = Callable[..., Document]
BOX = Box(72, 100, 523, 120)


def opened(document: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(document, ".xlsx").data))


def test_tables_text_and_index_have_their_sheets(rich_document: Document) -> None:
    book = opened(rich_document)
    assert book.sheetnames == ["Table 1. Cost of heating in", "Text"]
    text = book["Text"]
    rows = [[cell.value for cell in row] for row in text.iter_rows()]
    assert rows[0] == ["Page", "Block", "Type", "Text"]
    assert [1, "p1.b1", "title", "Report on the Buildings of the County"] in rows
    assert [1, "p1.b7.i3", "list item", "3. New windows in all offices"] in rows
    assert [3, None, "page not read", "the picture is damaged"] in rows
    assert "North" not in str(rows)


def test_from_two_tables_on_an_index_lists_them(document_of: Make, table_of) -> None:
    caption = TextBlock("p1.b0", "caption", 1, BOX, "Table 1. Prices")
    first = table_of([["a"], ["1"]], caption="p1.b0", needs_review=True)
    second = replace(table_of([["b", "c"]]), page=2, id="p2.b1")
    pages = (Page(1, 595.0, 842.0), Page(2, 595.0, 842.0))
    book = opened(document_of(caption, first, second, pages=pages))
    assert book.sheetnames == ["Index", "Table 1. Prices", "P2 T1", "Text"]
    rows = [[cell.value for cell in row] for row in book["Index"].iter_rows(min_row=2)]
    assert rows[0] == ["Table 1. Prices", 1, "Table 1. Prices", 2, 1, None, "check"]
    assert [book["Index"][f"A{n}"].hyperlink.location for n in (2, 3)] == [
        "'Table 1. Prices'!A1",
        "'P2 T1'!A1",
    ]


def test_cells_are_typed_merged_and_shown_as_printed(rich_document: Document) -> None:
    sheet = opened(rich_document).worksheets[0]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:A2", "B1:C1", "D1:D2"}
    north = [cell.value for cell in sheet[3]]
    assert north == ["North", 12400, 13100, pytest.approx(0.056)]
    assert [cell.number_format for cell in sheet[3]] == ["General", "#,##0", "#,##0", "0.0 %"]
    assert sheet["D4"].value == pytest.approx(-0.2)
    assert sheet["A5"].value == "East & West\n(together)"
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref is None
    assert sheet["A1"].font.bold
    assert not sheet["A3"].font.bold
    assert sheet["B1"].border.left.style == "thin"


def test_one_header_row_without_spans_gets_a_filter(document_of: Make, table_of) -> None:
    sheet = opened(document_of(table_of([["a", "b"], ["1", "x"]])))["P1 T1"]
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.freeze_panes == "A2"


def test_a_table_over_two_pages_is_one_sheet(document_of: Make, table_of) -> None:
    first = table_of([["a", "b"], ["x", "1"]])
    rest = replace(table_of([["y", "2"], ["z", "3"]]), id="p2.b1", page=2, continued_from=first.id)
    rest = replace(rest, header_rows=0, cells=tuple(replace(c, header=False) for c in rest.cells))
    sheet = opened(document_of(first, rest))["P1 T1"]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["a", "b"],
        ["x", 1],
        ["y", 2],
        ["z", 3],
    ]


def test_the_marks_of_numbers_are_learnt_from_all_tables(document_of: Make, table_of) -> None:
    clear = table_of([["a"], ["1,234,567"], ["7,654,321"]])
    doubtful = replace(table_of([["b"], ["1,234"]]), id="p1.b9")
    sheet = opened(document_of(clear, doubtful, lang=()))["P1 T2"]
    assert sheet["A2"].value == 1234


def test_numbers_that_were_read_badly_are_marked(document_of: Make, table_of) -> None:
    table = table_of([["a", "b"], ["12", "34"]])
    cells = tuple(replace(c, conf=0.5 if c.text == "12" else 0.99) for c in table.cells)
    sheet = opened(document_of(replace(table, cells=cells)))["P1 T1"]
    assert sheet["A2"].value == 12
    assert sheet["A2"].comment.text == "Read with 50% confidence"
    assert sheet["A2"].fill.fgColor.rgb.endswith("FFF2CC")
    assert sheet["B2"].comment is None


def test_the_names_of_the_rows_of_a_wide_table_stay_in_view(document_of: Make, table_of) -> None:
    years = [str(year) for year in range(2001, 2008)]
    table = table_of([["Office", *years], ["North", *"1234567"], ["South", *"2345678"]])
    sheet = opened(document_of(table))["P1 T1"]
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.fitToHeight == 0


def test_drawn_rules_and_fills_reach_every_place_of_a_cell(document_of: Make, table_of) -> None:
    table = table_of([["a", "b"], ["c", "d"]])
    wide = replace(table.cells[0], colspan=2, borders="tbl", fill="D9E2F3")
    others = tuple(replace(cell, borders="") for cell in table.cells[2:])
    sheet = opened(document_of(replace(table, cells=(wide, *others))))["P1 T1"]
    assert sheet["A1"].border.left.style == "thin"
    assert sheet["B1"].border.bottom.style == "thin"
    assert sheet["B1"].border.right.style is None
    assert sheet["A1"].fill.fgColor.rgb.endswith("D9E2F3")
    assert sheet["A2"].border.top is None


def test_codes_stay_text(document_of: Make, table_of) -> None:
    rows = [["Invoice No.", "Amount", "Code"], ["123", "1.50", "0012"], ["124", "12.25", "1034"]]
    sheet = opened(document_of(table_of(rows)))["P1 T1"]
    assert [cell.value for cell in sheet[2]] == ["123", 1.5, "0012"]
    assert [cell.value for cell in sheet[3]] == ["124", 12.25, "1034"]


def test_dates_are_dates(document_of: Make, table_of) -> None:
    rows = [["Day"], ["31.12.2025"], ["1.1.2026"], ["about 1890"]]
    sheet = opened(document_of(table_of(rows)))["P1 T1"]
    assert [sheet[f"A{n}"].value for n in (2, 3, 4)] == [
        datetime(2025, 12, 31),
        datetime(2026, 1, 1),
        "about 1890",
    ]
    assert sheet["A3"].number_format == "d.m.yyyy"


def test_facts_have_a_sheet(document_of: Make) -> None:
    fields = ({"key": "total", "value": "=1+1", "conf": 0.9}, {"key": "date", "box": [1, 2]})
    sheet = opened(document_of(fields=fields))["Fields"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["key", "value", "conf", "box"],
        ["total", "=1+1", 0.9, None],
        ["date", None, None, "[1, 2]"],
    ]
    assert sheet["B2"].data_type == "s"


def test_a_table_wider_than_a_sheet_goes_on_in_the_next(
    document_of: Make, table_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recovery.writers.xlsx_writer.MOST_COLUMNS", 2)
    table = table_of([["a", "b", "c"], ["d", "e", "f"]])
    first = replace(table.cells[0], colspan=3)
    book = opened(document_of(replace(table, cells=(first, *table.cells[3:]))))
    assert [[cell.value for cell in row] for row in book["P1 T1"]] == [["a", None], ["d", "e"]]
    assert book["P1 T1 (2)"]["A2"].value == "f"


def test_nothing_at_all_is_still_a_workbook(document_of: Make) -> None:
    assert opened(document_of()).sheetnames == ["Text"]


def test_libreoffice_shows_what_was_printed(
    document_of: Make, table_of, office: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    rows = [
        ["Text", "Number", "Share", "Amount", "Day"],
        ["=1+1", "1,234.50", "5.6%", "\u20ac 12.00", "2026-01-02"],
        ["_x0041_", "-7.00", "-20.0%", "\u20ac 3.50", "2025-12-31"],
        ["#N/A", ".05", "0.1%", "(1)", "none"],
    ]
    path = tmp_path / "a.xlsx"
    path.write_bytes(render(document_of(table_of(rows)), ".xlsx").data)
    shown = office(path, "csv:Text - txt - csv (StarCalc):44,34,76")
    assert list(csv.reader(io.StringIO(shown.read_text("utf-8")))) == rows
