"""CSV and workbooks that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import openpyxl

from kie import KieExtractor, KieResult, extract_fields
from kie.sheets import Named, to_csv, to_xlsx
from kie.types import FieldValue, KiePage

HOSTILE = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\uff1d1+1", "#REF!", "a\x00b\ud800"]


def hostile() -> KieResult:
    fields = {f"f{i}": FieldValue(f"f{i}", t, t, page=1) for i, t in enumerate(HOSTILE)}
    return KieResult("custom", fields | {"n": FieldValue("n", "-5", Decimal("-12.50"))})


def test_csv_cells_are_no_formulas_and_numbers_stay_numbers() -> None:
    text = to_csv([Named("=x.pdf", hostile())]).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(text))
    assert not any(cell.startswith(tuple("=+@\t\uff1d")) for cell in row)
    assert row[0] == "'=x.pdf"
    assert "-12.50" in row
    assert "'-1+1" in row


def test_workbook_cells_are_texts(page_from: Callable[..., KiePage]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([Named("a.pdf", hostile())])))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
            assert all(cell.data_type != "e" for cell in row)


def test_a_workbook_has_typed_amounts_and_dates_and_equal_bytes(
    page_from: Callable[..., KiePage], invoice_texts: list[tuple[str, float, float]]
) -> None:
    rules = KieExtractor(rules_only=True)
    named = [Named("a.pdf", extract_fields([page_from(invoice_texts)], extractor=rules))]
    assert to_xlsx(named) == to_xlsx(named)
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(named)))
    assert book.sheetnames == ["Documents", "Fields", "Line items", "Pairs"] or (
        book.sheetnames == ["Documents", "Fields", "Line items"]
    )
    head, row = list(book["Documents"].iter_rows(values_only=True))
    cells = dict(zip(head, row, strict=True))
    assert cells["total_gross"] == 119
    assert cells["invoice_date"].date() == date(2024, 3, 5)
