from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import recovery
from recovery.writers import FORMATS, render, write
from recovery.writers.cleaning import cleaned
from recovery.writers.docx_check import check_order
from structure.core import document as model
from structure.core.document import Document, Span, TableBlock, TextBlock
from structure.core.errors import ConfigError, OutputError, StructureError
from structure.core.geometry import Box

SUFFIXES = sorted(FORMATS.keys() - {".pdf"})  # a PDF is made of its sources
SCHEMA = json.loads(Path(model.__file__).with_name("document.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_documents_give_equal_bytes(rich_document: Document, suffix: str) -> None:
    first, second = (Document.from_dict(rich_document.to_dict()) for _ in range(2))
    assert render(first, suffix) == render(second, suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_written_and_read_back(
    rich_document: Document, tmp_path: Path, suffix: str
) -> None:
    assert write(rich_document, tmp_path / f"report{suffix.upper()}") == ()
    names = {path.name for path in tmp_path.iterdir()}
    assert names - {"report_assets"} == {f"report{suffix.upper()}"}
    assert ("report_assets" in names) == (suffix == ".md")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_document_without_pages_is_still_a_file(document_of, tmp_path: Path, suffix: str) -> None:
    write(document_of(pages=()), tmp_path / f"empty{suffix}")


def test_the_named_doors_ignore_the_suffix(rich_document: Document, tmp_path: Path) -> None:
    for name in ("docx", "xlsx", "html", "markdown", "json", "text"):
        getattr(recovery, f"write_{name}")(rich_document, tmp_path / f"{name}.out")
    assert zipfile.is_zipfile(tmp_path / "docx.out")
    assert json.loads((tmp_path / "json.out").read_bytes())["schema"] == "structure-document"


def test_an_unknown_suffix_names_the_known_ones(rich_document: Document, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\.doc'.*\.docx .*\.xlsx"):
        write(rich_document, tmp_path / "a.doc")


def test_the_source_is_never_overwritten(rich_document: Document, tmp_path: Path) -> None:
    source = tmp_path / "scan.md"
    source.write_text("mine")
    with pytest.raises(OutputError, match="input itself"):
        write(rich_document, source, sources=[source])
    assert source.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["scan.md"]


def test_a_file_that_cannot_be_read_back_is_not_delivered(
    rich_document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> None:
        raise zipfile.BadZipFile("no zip")

    docx = FORMATS[".docx"]
    monkeypatch.setitem(FORMATS, ".docx", type(docx)(docx.render, broken))
    with pytest.raises(StructureError, match="could not be read back"):
        write(rich_document, tmp_path / "a.docx")
    assert list(tmp_path.iterdir()) == []


# Without shrinking: every example writes six files.
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_any_document_is_written_in_every_format(
    data: st.DataObject, any_documents: st.SearchStrategy[Document], tmp_path_factory
) -> None:
    document = data.draw(any_documents)
    folder = tmp_path_factory.mktemp("any")
    for suffix in SUFFIXES:
        write(document, folder / f"a{suffix}")
    assert check_order(folder / "a.docx") == []


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_json_is_valid_and_comes_back_as_the_document(
    data: st.DataObject, tidy_documents: st.SearchStrategy[Document]
) -> None:
    document = data.draw(tidy_documents)
    written = json.loads(render(document, ".json").data)
    Draft202012Validator(SCHEMA).validate(written)
    assert Document.from_dict(written) == Document.from_dict(cleaned(document).to_dict())
    assert Document.from_dict(json.loads(json.dumps(document.to_dict()))) == document


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_json_of_any_document_is_strict_and_valid(
    data: st.DataObject, any_documents: st.SearchStrategy[Document]
) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    document = data.draw(any_documents)
    written = json.loads(render(document, ".json").data, parse_constant=refuse)
    Draft202012Validator(SCHEMA).validate(written)
    assert cleaned(cleaned(document)) == cleaned(document)


def test_spans_move_with_the_text_they_belong_to(document_of) -> None:
    text = "a\u202eb\r\nbold\x00"
    block = TextBlock(
        "p1.b1", "paragraph", 1, Box(0, 0, 9, 9), text, spans=(Span(5, 9, bold=True), Span(1, 2))
    )
    (fresh,) = cleaned(document_of(block)).body
    assert isinstance(fresh, TextBlock)
    assert fresh.text == "ab\nbold\ufffd"
    assert [fresh.text[span.start : span.end] for span in fresh.spans] == ["bold"]


def test_boxes_end_up_on_their_page_and_in_order(document_of) -> None:
    block = TextBlock("p1.b1", "paragraph", 1, Box(-5, 900, float("nan"), 10), "x")
    (fresh,) = cleaned(document_of(block)).body
    assert fresh.box == Box(0, 10, 0, 842)


def test_overlapping_cells_are_put_apart_and_no_text_is_lost(document_of, table_of) -> None:
    table = table_of([["a", "b"], ["c", "d"]], head=0)
    wild = (
        replace(table.cells[0], rowspan=5, colspan=2),
        *table.cells[1:],
        replace(table.cells[0], row=2, col=3, text="outside"),
        replace(table.cells[0], text="on top"),
    )
    (fresh,) = cleaned(document_of(replace(table, cells=wild))).body
    assert isinstance(fresh, TableBlock)
    assert (fresh.rows, fresh.cols) == (3, 4)
    covered = [
        (row, col)
        for cell in fresh.cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for col in range(cell.col, cell.col + cell.colspan)
    ]
    assert sorted(covered) == [(row, col) for row in range(3) for col in range(4)]
    texts = "\n".join(cell.text for cell in fresh.cells).split("\n")
    assert {"a", "b", "c", "d", "outside", "on top"} <= set(texts)


def test_a_table_of_absurd_size_does_not_eat_the_memory(document_of, table_of) -> None:
    table = table_of([["a", "b"]], head=0)
    wild = replace(table, rows=10**9, cols=10**6)
    (fresh,) = cleaned(document_of(wild)).body
    assert isinstance(fresh, TableBlock)
    assert (fresh.rows, fresh.cols) == (2, 1)
