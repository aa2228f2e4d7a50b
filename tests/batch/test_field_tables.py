"""One table of the fields of all documents."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from kie import FieldValue, KieResult, Pair
from kie.serializing import to_dict, to_json
from kie.sheets import Named
from structure.batch import Folder, Job, Ledger, State
from structure.batch.ledger import Written
from structure.batch.tables import from_dict, to_parquet, write_tables
from structure.core.geometry import Box


def result(number: str, gross: str) -> KieResult:
    fields = {
        "invoice_number": FieldValue("invoice_number", number, number),
        "invoice_date": FieldValue("invoice_date", "1.2.2024", date(2024, 2, 1), page=1),
        "total_gross": FieldValue("total_gross", gross, Decimal(gross), "EUR", 0.4, False, 2),
    }
    items = ({"amount": FieldValue("line_amount", "3,50", Decimal("3.50"))},)
    pairs = (Pair("Key", "Value", 0.5, 1, Box(1, 2, 3, 4)),)
    return KieResult("invoice", fields, items, pairs, pages=(1, 2))


def test_a_result_comes_back_from_its_file() -> None:
    found = replace(result("R-1", "10.00"), parts=(result("R-1", "10.00"), result("R-2", "7")))
    assert to_dict(from_dict(to_dict(found))) == to_dict(found)
    assert from_dict(to_dict(found)).parts[1].fields["total_gross"].value == Decimal(7)


@pytest.fixture
def filled(tmp_path: Path) -> tuple[Ledger, Folder]:
    ledger, place = Ledger(tmp_path / "ledger.sqlite"), Folder(tmp_path / "out")
    run = ledger.begin_run(host="h", version="1", config="c", options="")
    for name, state, source in (("a", "done", "s"), ("b", "failed", "s"), ("c", "partial", "old")):
        file = f"{name}.fields.json"
        place.write(file.encode(), to_json(result(f"=R-{name}", "12.50")).encode())
        written = Written(".fields.json", file, "", 0, "", source, "c")
        job = Job(
            f"{name}.pdf".encode(), 1, "1", "c", name, State(state), run, "s", outputs=(written,)
        )
        with ledger.transaction():
            ledger.put(job, stem_key=name)
    return ledger, place


def test_the_table_holds_what_is_done_and_no_formula(filled: tuple[Ledger, Folder]) -> None:
    ledger, place = filled
    with ledger:
        names = write_tables(ledger, place)
        assert {"fields.csv", "fields.xlsx"} <= set(names)
        before = place.look(b"fields.xlsx")
        write_tables(ledger, place)
        assert place.look(b"fields.xlsx") == before
    text = place.read(b"fields.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["file"] == "a.pdf"
    assert row["invoice_number"] == "'=R-a"
    assert row["total_gross"] == "12.50"
    book = openpyxl.load_workbook(place.locate(b"fields.xlsx"))
    header, values = book["Documents"].iter_rows(values_only=True)
    assert dict(zip(header, values, strict=True))["total_gross"] == 12.5


def test_parquet_keeps_types() -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    odd = result("R-2", "1.25")
    odd = replace(odd, fields={**odd.fields, "total_gross": replace(
        odd.fields["total_gross"], value=None)})  # fmt: skip
    data = to_parquet([Named("a.pdf", result("R-1", "12.50")), Named("b.pdf", odd)])
    rows = parquet.read_table(io.BytesIO(data)).to_pylist()
    assert rows[0] == {
        "file": "a.pdf",
        "invoice_number": "R-1",
        "invoice_date": date(2024, 2, 1),
        "total_gross": Decimal("12.50"),
        "needs_review": "total_gross",
    }
    assert rows[1]["total_gross"] is None
