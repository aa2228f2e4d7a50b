"""Pages that no columns can hold keep everything in its place; all others flow."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
from pypdfium2 import PdfDocument

from recovery.writers import WriteOptions, render
from recovery.writers.docx_check import check_bytes
from recovery.writers.irregular import irregular_pages
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import Band, Document, Line, Page, Place, TextBlock
from structure.core.geometry import Box

Make = Callable[..., Document]
WORDS = "the seal of the letter was broken when it came to the house"


def block(page: int, n: int, x0: float, y0: float, lines: int = 2) -> TextBlock:
    rows = tuple(
        Line(WORDS[:30], Box(x0, y0 + 11 * k, x0 + 120, y0 + 11 * k + 9)) for k in range(lines)
    )
    box = Box(x0, y0, x0 + 120, y0 + 11 * lines)
    text = " ".join(line.text for line in rows)
    return TextBlock(f"p{page}.b{n}", "paragraph", page, box, text, at=(Place(page, box, rows),))


def scattered(make: Make, pages: int = 1) -> Document:
    """Blocks all over each page, of which no two begin at one height or stand in one column."""
    body = tuple(
        block(n, k, 40 + 137 * (k % 4) + 5 * (k % 3), 50 + 9 * k)
        for n in range(1, pages + 1)
        for k in range(40)
    )
    found = tuple(
        Page(
            n=n,
            w=595.0,
            h=842.0,
            bands=(Band(50, 480, ((40, 560),), tuple(b.id for b in body if b.page == n)),),
        )
        for n in range(1, pages + 1)
    )
    return replace(make(), pages=found, body=body)


def with_columns(document: Document) -> Document:
    """The same blocks in four columns side by side."""
    (page,) = document.pages
    columns = tuple((40 + 137.0 * k, 175 + 137.0 * k) for k in range(4))
    return replace(
        document, pages=(replace(page, bands=(replace(page.bands[0], columns=columns),)),)
    )


def test_a_page_with_text_beside_text_in_one_column_is_irregular(document_of: Make) -> None:
    assert irregular_pages(scattered(document_of)) == {1}


def test_a_page_with_columns_is_regular(document_of: Make) -> None:
    assert irregular_pages(with_columns(scattered(document_of))) == set()


def test_a_page_that_a_paragraph_runs_on_into_is_left_to_flow(document_of: Make) -> None:
    document = scattered(document_of, 2)
    running = document.body[39]
    assert isinstance(running, TextBlock)
    running = replace(running, at=(*running.at, Place(2, Box(40, 40, 160, 50))))
    document = replace(document, body=(*document.body[:39], running, *document.body[40:]))
    assert irregular_pages(document) == set()


def test_the_blocks_of_such_a_page_stand_in_boxes_and_a_warning_says_so(document_of: Make) -> None:
    rendered = render(scattered(document_of), ".docx")
    assert check_bytes(rendered.data) == []
    assert [warning.code for warning in rendered.warnings] == ["W_PLACED"]
    body = docx.Document(io.BytesIO(rendered.data)).element.body
    assert len(body.findall(".//wps:txbx", NAMESPACES)) == 40
    flowing = [p for p in body.findall("w:p", NAMESPACES) if p.findall("w:r/w:t", NAMESPACES)]
    assert flowing == []


def test_the_other_pages_flow_and_every_page_keeps_its_number(document_of: Make) -> None:
    document = scattered(document_of, 3)
    middle = replace(document.pages[1], bands=())
    kept = [b for b in document.body if b.page != 2]
    own = block(2, 0, 60, 60, 6)
    document = replace(
        document,
        pages=(document.pages[0], middle, document.pages[2]),
        body=(*kept[:40], own, *kept[40:]),
    )
    body = docx.Document(io.BytesIO(render(document, ".docx").data)).element.body
    texts = ["".join(p.itertext()) for p in body.findall("w:p", NAMESPACES)]
    flowing = [p for p in body.findall("w:p", NAMESPACES) if p.findall("w:r/w:t", NAMESPACES)]
    assert len(flowing) == 1
    assert [bool(text) for text in texts].count(True) == 3


def test_what_is_only_placed_is_not_written_without_any_form(document_of: Make) -> None:
    rendered = render(scattered(document_of), ".docx", options=WriteOptions(layout="plain"))
    assert "W_PLACED" not in [warning.code for warning in rendered.warnings]


def test_such_a_page_stays_one_page(
    document_of: Make, office: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "placed.docx"
    path.write_bytes(render(scattered(document_of, 2), ".docx").data)
    with PdfDocument(office(path, "pdf")) as pdf:
        assert len(pdf) == 2
