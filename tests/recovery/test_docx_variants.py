"""Looks that paragraphs share, as styles."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest
from docx.document import Document as Opened
from docx.shared import Pt

from recovery.writers.docx_check import check_bytes
from recovery.writers.docx_variants import SHARED_BY, Variants
from recovery.writers.docx_writer import render_docx
from recovery.writers.ooxml import Element, document_bytes, node, val
from structure.core.document import Document, Page, Producer, Source, Style, TextBlock
from structure.core.geometry import Box

PRODUCER = Producer("test", "1")
PLAIN = Style(size=10.0, align="left")


def written(blocks: list[TextBlock]) -> Opened:
    document = Document(
        PRODUCER, Source("a.pdf", "application/pdf", "", 1), (Page(1, 595, 842),), tuple(blocks)
    )
    data = render_docx(replace(document, style=Style(size=10.0, align="left"))).data
    assert check_bytes(data) == []
    return docx.Document(io.BytesIO(data))


def lines(count: int, style: Style = PLAIN) -> list[TextBlock]:
    return [
        TextBlock(
            f"{style}{n}",
            "paragraph",
            1,
            Box(72, 100 + 14 * n, 300, 110 + 14 * n),
            f"Words of line {n}",
            style=style,
        )
        for n in range(count)
    ]


def paragraph(*runs: str, bold: int = 0) -> Element:
    """A body paragraph with 8 points; the first `bold` runs are bold."""
    return node(
        "w:p",
        node("w:pPr", val("w:pStyle", "BodyText"), val("w:jc", "right")),
        *(
            node(
                "w:r",
                node("w:rPr", node("w:b") if n < bold else None, val("w:sz", 16)),
                node("w:t"),
            )
            for n in range(len(runs))
        ),
    )


def test_a_look_of_several_paragraphs_is_a_style() -> None:
    found = written([*lines(9), *lines(SHARED_BY, Style(size=8.0, align="right"))])
    small = found.paragraphs[-SHARED_BY:]
    styles = [p.style for p in small if p.style is not None]
    assert {style.name for style in styles} == {"Body Text Right 8 pt"}
    assert {p.alignment for p in small} == {None}
    assert {run.font.size for p in small for run in p.runs} == {None}
    assert styles[0].font.size == Pt(8)
    assert styles[0].base_style is not None
    assert styles[0].base_style.name == "Body Text"


def test_a_look_of_few_paragraphs_stays_with_them() -> None:
    found = written([*lines(9), *lines(SHARED_BY - 1, Style(size=8.0))])
    for own in found.paragraphs[-SHARED_BY + 1 :]:
        assert own.style is not None
        assert own.style.name == "Body Text"
        assert own.runs[0].font.size == Pt(8)


@pytest.mark.parametrize("bold", [1, 2])
def test_what_only_some_runs_say_stays_with_them(bold: int) -> None:
    variants = Variants()
    parts = variants.document([paragraph("a", "b", bold=bold) for _ in range(SHARED_BY)])
    body = document_bytes(parts).decode()
    assert len(variants.styles) == 1
    assert "w:sz " not in body
    assert body.count("<w:b/>") == (SHARED_BY if bold == 1 else 0)


def test_names_of_styles_are_unique() -> None:
    variants = Variants()
    looks = [("right", n) for n in range(4)]
    elements = [
        node(
            "w:p",
            node("w:pPr", val("w:pStyle", "BodyText"), node("w:spacing", before=n), val("w:jc", j)),
        )
        for j, n in looks
        for _ in range(SHARED_BY)
    ]
    variants.document(elements)
    names = [style[0].get(style[0].keys()[0]) for style in variants.styles]
    assert len(set(names)) == len(looks)
