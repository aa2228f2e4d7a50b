"""`structure extract` as a user meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from structure.cli import main
from structure.core.errors import ExitCode

UBL = b"""<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">
<ID>U-9</ID><LegalMonetaryTotal><TaxInclusiveAmount>10.00</TaxInclusiveAmount></LegalMonetaryTotal>
</Invoice>"""


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    picture = Image.new("RGB", (900, 600), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(30)
    for i, (key, value) in enumerate(
        (("INVOICE", ""), ("Invoice No.: A-4711", ""), ("Date: 03 May 2024", ""),
         ("Net amount", "100.00"), ("VAT 19 %", "19.00"), ("Total", "119.00 EUR"))
    ):  # fmt: skip
        draw.text((90, 60 + 80 * i), key, fill="black", font=font)
        draw.text((560, 60 + 80 * i), value, fill="black", font=font)
    path = tmp_path_factory.mktemp("receipt") / "invoice.png"
    picture.save(path)
    return path


@pytest.fixture
def e_invoice(tmp_path: Path) -> Path:
    path = tmp_path / "e.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["xrechnung.xml"] = pikepdf.AttachedFileSpec(pdf, UBL)
        pdf.save(path)
    return path


def test_a_picture_becomes_json_csv_a_workbook_and_a_drawing(
    receipt: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = [tmp_path / f"out{kind}" for kind in (".json", ".csv", ".xlsx")]
    arguments = [argument for output in outputs for argument in ("-o", str(output))]
    drawn = tmp_path / "drawn"
    code = main(["extract", str(receipt), *arguments, "--visualize", str(drawn), "--rules-only"])
    assert code == ExitCode.OK
    tree = json.loads(outputs[0].read_text("utf-8"))
    found = {name: entry["value"] for name, entry in tree["fields"].items()}
    assert found["invoice_number"] == "A-4711"
    assert found["invoice_date"] == "2024-05-03"
    assert (found["total_net"], found["total_tax"], found["total_gross"]) == (
        "100.00",
        "19.00",
        "119.00",
    )
    head, row = csv.reader(outputs[1].read_text("utf-8-sig").splitlines())
    assert dict(zip(head, row, strict=True))["total_gross"] == "119.00"
    assert "Documents" in openpyxl.load_workbook(outputs[2]).sheetnames
    assert [path.name for path in drawn.iterdir()] == ["page-001.png"]
    assert capsys.readouterr().out == ""


def test_the_data_of_an_electronic_invoice_are_used(e_invoice: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert main(["extract", str(e_invoice), "-o", str(out), "--quiet"]) == ExitCode.OK
    fields = json.loads(out.read_text("utf-8"))["fields"]
    assert fields["invoice_number"]["value"] == "U-9"
    assert fields["invoice_number"]["source"] == "xml"


def test_a_bad_file_among_good_ones_is_named_and_the_rest_written(
    e_invoice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, bad = tmp_path / "out.json", tmp_path / "bad.pdf"
    bad.write_bytes(b"no pdf at all")
    assert main(["extract", str(e_invoice), str(bad), "-o", str(out)]) == ExitCode.PARTIAL
    good, failed = json.loads(out.read_text("utf-8"))["documents"]
    assert good["file"] == "e.pdf"
    assert failed["file"] == "bad.pdf"
    assert "failure" in failed
    assert "error" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["missing.pdf", "-o", "{tmp}/a.json"], ExitCode.INPUT),
        (["{e}", "-o", "{tmp}/a.docx"], ExitCode.USAGE),
        (["{e}", "-o", "{tmp}/a.json", "-o", "{tmp}/a.json"], ExitCode.USAGE),
        (["{e}", "-o", "{tmp}/none/a.json"], ExitCode.OUTPUT),
        (["{e}", "-o", "{tmp}/a.json", "--schema", "bill"], ExitCode.USAGE),
        (["{e}", "-o", "{tmp}/a.json", "--schema", "{tmp}/none.toml"], ExitCode.USAGE),
    ],
)
def test_what_goes_wrong_is_one_line_and_leaves_nothing(
    arguments: list[str],
    code: ExitCode,
    e_invoice: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sorted(tmp_path.iterdir())
    filled = [a.format(tmp=tmp_path, e=e_invoice) for a in arguments]
    assert main(["extract", *filled]) == code
    lines = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(lines) == 1
    assert lines[0].startswith("structure: error[E_")
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_of_ones_own_fields_is_a_schema(receipt: Path, tmp_path: Path) -> None:
    schema, out = tmp_path / "mine.toml", tmp_path / "out.json"
    schema.write_text('total = "amount"\n[number]\ntype = "id"\nnames = ["invoice no."]\n', "utf-8")
    arguments = ["extract", str(receipt), "--schema", str(schema), "-o", str(out)]
    assert main([*arguments, "--rules-only"]) == ExitCode.OK
    fields = json.loads(out.read_text("utf-8"))["fields"]
    assert {name: entry["value"] for name, entry in fields.items()} == {
        "total": "119.00",
        "number": "A-4711",
    }
