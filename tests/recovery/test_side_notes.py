"""Lines that run up the margin: no text of the page, but kept where they stand."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from lxml import etree

from recovery import restore
from recovery.metrics import text_width
from recovery.writers import render
from recovery.writers.ooxml import NAMESPACES
from structure.core.analysis import PageAnalysis, Table, TextLine
from structure.core.document import Document, Producer, Source
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid

SENTENCE = "the seal of the letter was broken when it came to the house on the hill by the sea"
RIGHT = 72 + 10 * text_width(SENTENCE, "serif")
STAMP = "arXiv:2210.05391v1 [cs.CV] 11 Oct 2022"


def sideways(x: float, text: str = STAMP) -> TextLine:
    return TextLine(text, Box(x, 200, x + 10, 200 + 5 * len(text)), angle=90.0, size=10)


def restored(*lines: TextLine, tables: tuple[Table, ...] = ()) -> Document:
    page = PageAnalysis(
        1, 612, 792, 72, lines=lines, line_regions=(None,) * len(lines), tables=tables
    )
    return restore([page], source=Source("x", "x", "0", 1), producer=Producer("x", "1"))


def body() -> list[TextLine]:
    return [TextLine(SENTENCE, Box(72, y, RIGHT, y + 10), size=10) for y in range(80, 600, 12)]


@pytest.mark.parametrize(("x", "way"), [(30.0, "vert270"), (RIGHT + 20, "vert")])
def test_a_line_up_the_margin_is_a_note_on_its_side(x: float, way: str) -> None:
    document = restored(*body(), sideways(x))
    assert [(item.type, item.text) for item in document.furniture] == [("margin_note", STAMP)]
    assert document.pages[0].margins == restored(*body()).pages[0].margins
    with zipfile.ZipFile(io.BytesIO(render(document, ".docx").data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    (box,) = root.findall(".//wps:bodyPr", NAMESPACES)
    assert box.get("vert") == way
    assert STAMP in "".join(root.itertext())


def test_a_note_of_a_page_that_is_not_there_or_too_low_for_its_text_is_written() -> None:
    document = restored(*body(), sideways(30.0))
    (note,) = document.furniture
    low = replace(note, page=7, box=Box(30, 200, 31, 206))
    assert render(replace(document, furniture=(low,)), ".docx").data


def test_a_line_on_its_side_within_the_text_stays_there() -> None:
    assert restored(*body(), sideways(300.0)).furniture == ()


def test_a_page_with_nothing_else_keeps_its_only_line() -> None:
    assert len(restored(sideways(30.0)).body) == 1


def table(x0: float, y0: float) -> Table:
    cells = tuple(
        Cell(
            r, c, text="some", box=Box(x0 + 60 * c, y0 + 30 * r, x0 + 60 * c + 50, y0 + 30 * r + 10)
        )
        for r in range(4)
        for c in range(3)
    )
    lines = tuple(TextLine(c.text, c.box, size=10) for c in cells if c.box is not None)
    return Table(Box(x0, y0, x0 + 170, y0 + 100), Grid(4, 3, cells), lines=lines)


def test_tables_beside_each_other_stand_in_columns_though_a_line_runs_up_the_page() -> None:
    document = restored(sideways(20.0), tables=(table(60, 80), table(350, 80)))
    (band,) = document.pages[0].bands
    assert len(band.columns) == 2


def test_a_table_knows_the_size_of_its_type() -> None:
    document = restored(*body(), tables=(table(60, 650),))
    (found,) = [block for block in document.body if block.type == "table"]
    assert found.style.size == pytest.approx(10, abs=1)


def test_lines_without_extent_end_the_search_for_sizes() -> None:
    flat = table(60, 80)
    lines = tuple(TextLine(line.text, Box(60, 80, 60, 80)) for line in flat.lines)
    empty = Table(flat.box, flat.grid, lines=lines)
    assert len(restored(tables=(empty,)).body) == 1
