"""Shipped examples, converted as README says: as many pages in an office program as printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from structure import convert


@pytest.mark.parametrize(
    "name", ["scanned-letter.pdf", "scanned-invoice.pdf", "digital-invoice.pdf"]
)
def test_an_example_keeps_its_pages(
    name: str, examples: Path, tmp_path: Path, office: Callable[[Path, str], Path]
) -> None:
    source, target = examples / name, tmp_path / f"{Path(name).stem}.docx"
    convert(source, target)
    assert _pages(office(target, "pdf")) == _pages(source)


def test_the_letter_of_the_example_has_its_list_signature_and_footer(
    examples: Path, tmp_path: Path, office: Callable[[Path, str], Path]
) -> None:
    target = tmp_path / "letter.docx"
    convert(examples / "scanned-letter.pdf", target, pages="2")
    text = office(target, "txt:Text (encoded):UTF8").read_text("utf-8-sig")
    items = re.findall(r"^\W+(Chile\S* \w+)", text, re.MULTILINE)
    assert items == ["Chile's economy", "Chile can", "Chile is"]
    assert re.search(r"Sincerely,\s+Jeffrey M. Surrell", text)  # between them nothing misread


def _pages(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)
