"""`structure batch` as a user meets it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from structure.cli import main
from structure.core.errors import ExitCode

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = main(["batch", *(str(a) for a in arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def assert_one_error(err: str, code: str) -> None:
    (line,) = err.splitlines()
    assert line.startswith(f"structure: error[{code}]: ")
    assert len(line) <= 300


def test_a_folder_is_converted_once(tmp_path: Path, examples: Path, run: Run) -> None:
    inputs, outputs = tmp_path / "in", tmp_path / "out"
    (inputs / "sub").mkdir(parents=True)
    shutil.copy(examples / "digital-invoice.pdf", inputs / "sub" / "invoice.pdf")
    shutil.copy(examples / "receipt.jpg", inputs)
    (inputs / "bad.pdf").write_text("no PDF")
    (inputs / "notes.txt").write_text("text")
    arguments = (inputs, "-o", outputs, "--to", "docx,json", "--jobs", "2")
    code, out, err = run(*arguments)
    assert (code, err) == (ExitCode.PARTIAL, "")
    assert out.startswith("4 files: 2 done, 1 failed, 1 skipped; 2 pages; now 2 pages in ")
    made = ["receipt.docx", "receipt.json", "sub/invoice.docx", "sub/invoice.json"]
    assert [(outputs / name).is_file() for name in made] == [True] * 4
    before = [(outputs / name).stat().st_mtime_ns for name in made]
    (line,) = (outputs / "report.jsonl").read_text().splitlines()
    assert json.loads(line)["path"] == "bad.pdf"
    assert not json.loads(line)["message"].startswith("bad.pdf")

    code, out, err = run(*arguments)
    assert (code, out, err) == (4, "4 files: 2 done, 1 failed, 1 skipped; 2 pages\n", "")
    assert [(outputs / name).stat().st_mtime_ns for name in made] == before

    code, out, err = run("status", outputs)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert "ended with exit code 4" in lines[0]
    assert lines[1] == "4 files: 2 done, 1 failed, 1 skipped; 2 pages"
    assert lines[2].startswith("failed: bad.pdf: this is")

    with sqlite3.connect(outputs / ".structure" / "ledger.sqlite") as db:
        rows = db.execute("SELECT config FROM job WHERE state = 'done'").fetchall()
    db.close()
    assert len(set(rows)) == 1


def test_an_empty_folder_is_nothing_to_do(tmp_path: Path, run: Run) -> None:
    (tmp_path / "in").mkdir()
    code, out, err = run(tmp_path / "in", "-o", tmp_path / "out" / "deep")
    assert (code, out, err) == (0, "0 files: 0 done; 0 pages\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["{in}"], ExitCode.USAGE, "E_USAGE"),
        (["{in}", "{in}", "-o", "{out}"], ExitCode.USAGE, "E_USAGE"),
        (["{in}", "-o", "{in}"], ExitCode.USAGE, "E_USAGE"),
        (["{in}", "-o", "{out}", "--to", "doc"], ExitCode.USAGE, "E_USAGE"),
        (["{in}", "-o", "{out}", "--fail-fast", "--max-failures", "3"], ExitCode.USAGE, "E_USAGE"),
        (["{in}", "-o", "{out}", "--address", "auto"], ExitCode.USAGE, "E_USAGE"),
        (["{in}", "-o", "s3://bucket/x"], ExitCode.USAGE, "E_USAGE"),
        (["{in}", "-o", "s3://bucket/x", "--engine", "ray"], ExitCode.USAGE, "E_USAGE"),
        (["watch", "{in}", "-o", "{out}", "--interval", "0"], ExitCode.USAGE, "E_USAGE"),
        (["{in}/none", "-o", "{out}"], ExitCode.INPUT, "E_MISSING"),
        (["{in}/file", "-o", "{out}"], ExitCode.INPUT, "E_INPUT"),
        (["status", "{in}"], ExitCode.INPUT, "E_INPUT"),
        (["{in}", "-o", "{in}/file"], ExitCode.OUTPUT, "E_OUTPUT"),
        (["{in}", "-o", "{in}/file/below"], ExitCode.OUTPUT, "E_OUTPUT"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_in_one_line(
    tmp_path: Path, run: Run, arguments: list[str], code: ExitCode, error: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file").write_text("text")
    places = {"in": tmp_path / "in", "out": tmp_path / "out"}
    done, out, err = run(*(a.format(**places) for a in arguments))
    assert (done, out) == (code, "")
    assert_one_error(err, error)


def test_a_template_that_changes_makes_all_again(tmp_path: Path) -> None:
    from structure.batch.setup import configuration
    from structure.core.limits import Limits
    from structure.isolation import ModelOptions, TaskOptions

    template = tmp_path / "template.docx"
    template.write_bytes(b"one")
    one = configuration(TaskOptions(template=template), ModelOptions(), Limits())
    template.write_bytes(b"two")
    two = configuration(TaskOptions(template=template), ModelOptions(), Limits())
    dpi = configuration(TaskOptions(template=template, dpi=150), ModelOptions(), Limits())
    secret = configuration(TaskOptions(template=template, password="x"), ModelOptions(), Limits())
    assert len({one, two, dpi}) == 3
    assert secret == two


def test_a_new_network_for_fields_makes_those_again_and_no_documents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import kie.weights
    from structure.batch.setup import configuration
    from structure.core.limits import Limits
    from structure.isolation import ModelOptions, TaskOptions

    def names() -> tuple[str, str]:
        plain, fields = TaskOptions(), TaskOptions(fields="invoice")
        return (
            configuration(plain, ModelOptions(), Limits()),
            configuration(fields, ModelOptions(), Limits()),
        )

    before = names()
    monkeypatch.setattr(kie.weights, "RELEASED", {})
    after = names()
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_fields_of_all_invoices_come_into_one_table(
    tmp_path: Path, examples: Path, run: Run
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(examples / "digital-invoice.pdf", tmp_path / "in")
    code, _, err = run(tmp_path / "in", "-o", tmp_path / "out", "--fields", "invoice")
    assert (code, err) == (0, "")
    outputs = tmp_path / "out"
    assert not list(outputs.glob("*.docx"))
    found = json.loads((outputs / "digital-invoice.fields.json").read_text("utf-8"))
    assert found["fields"]["total_gross"]["value"] == "717.97"
    header, row = (outputs / "fields.csv").read_text("utf-8-sig").splitlines()
    assert "total_gross" in header
    assert "717.97" in row
