"""Captions that count, contents that line up, first letters over several lines."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from recovery.writers import render
from recovery.writers.docx_fields import contents_line
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import (
    Document,
    FigureBlock,
    Span,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import Box

Make = Callable[..., Document]


def text(n: int, type_: str, content: str, **more: object) -> TextBlock:
    box = Box(72, 60 + 30 * n, 523, 80 + 30 * n)
    return TextBlock(f"p1.b{n}", type_, 1, box, content, **more)  # type: ignore[arg-type]


def table(n: int) -> TableBlock:
    box = Box(72, 60 + 30 * n, 523, 80 + 30 * n)
    return TableBlock(f"p1.b{n}", 1, box, 1, 1, (TableCell("c", 0, 0, text="x"),))


def paragraphs(document: Document) -> list[Paragraph]:
    return docx.Document(io.BytesIO(render(document, ".docx").data)).paragraphs


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMESPACES)


def codes(paragraph: Paragraph) -> list[str]:
    return [(code.text or "").strip() for code in find(paragraph._p, ".//w:instrText")]


def test_captions_count_their_figures_and_tables(document_of: Make) -> None:
    document = document_of(
        text(1, "caption", "Table 1. Cost", caption_of="p1.b2"),
        table(2),
        text(3, "caption", "Table 2: Use", caption_of="p1.b4"),
        table(4),
        FigureBlock("p1.b5", 1, Box(72, 300, 200, 400), "none", alt="a map"),
        text(6, "caption", "图3 a map", caption_of="p1.b5"),
    )
    captions = [p for p in paragraphs(document) if codes(p)]
    assert [p.text for p in captions] == ["Table 1. Cost", "Table 2: Use", "图3 a map"]
    assert [codes(p) for p in captions] == [
        ["SEQ Table \\* ARABIC"],
        ["SEQ Table \\* ARABIC"],
        ["SEQ Figure \\* ARABIC \\r 3"],
    ]
    kept = [p.paragraph_format.keep_with_next for p in captions]
    assert kept == [True, True, False]  # above its table, above its table, below its picture


@pytest.mark.parametrize("content", ["Table 2.1 Cost", "Table A Cost", "Table 3a", "Cost", "T 007"])
def test_a_number_that_word_would_not_show_stays_text(document_of: Make, content: str) -> None:
    found = paragraphs(document_of(text(1, "caption", content, caption_of="p1.b2"), table(2)))
    assert (found[0].text, codes(found[0])) == (content, [])


def test_bold_label_and_number_stay_bold(document_of: Make) -> None:
    caption = text(
        1, "caption", "Table 1. Cost", caption_of="p1.b2", spans=(Span(0, 8, bold=True),)
    )
    (found, *_) = paragraphs(document_of(caption, table(2)))
    assert "".join(r.text for r in found.runs if r.bold) == "Table 1."
    assert codes(found) == ["SEQ Table \\* ARABIC"]


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("1 Introduction ........ 3", "1 Introduction\t3"),
        ("1 Introduction\t3", "1 Introduction\t3"),
        ("Preface . . . . . ix", "Preface\tix"),
        ("第一章 …… 12", "第一章\t12"),
        ("A     1\nB ..... 22", "A\t1\nB\t22"),
        ("Version 1.2 of 2024", None),
        ("A ..... 1\nand more", None),
    ],
)
def test_lines_of_contents_end_with_a_tab_and_the_page(line: str, new: str | None) -> None:
    found = contents_line(line, ())
    assert (found[0] if found else None) == new


def test_formats_move_with_the_lines_of_contents() -> None:
    found = contents_line(
        "One ..... 1\nTwo ..... 2", (Span(0, 3, bold=True), Span(12, 15, italic=True))
    )
    assert found is not None
    assert found[1] == (Span(0, 3, bold=True), Span(6, 9, italic=True))


def test_page_numbers_of_contents_stand_at_a_right_tab_with_dots(document_of: Make) -> None:
    (found,) = paragraphs(document_of(text(1, "toc", "1 Introduction ........ 3")))
    assert found.text == "1 Introduction\t3"
    assert found.style is not None
    assert found.style.name == "toc 1"
    (tab,) = find(found._p, "w:pPr/w:tabs/w:tab")
    assert (tab.get(qn("w:val")), tab.get(qn("w:leader"))) == ("right", "dot")
    assert int(tab.get(qn("w:pos")) or 0) == pytest.approx(451 * 20, abs=20)


def test_a_first_letter_over_three_lines_is_a_drop_cap(document_of: Make) -> None:
    style = Style(size=10, family="serif", pitch=12, drop_cap=3)
    block = text(1, "paragraph", "Once upon a time", style=style, spans=(Span(0, 4, bold=True),))
    first, rest = paragraphs(document_of(block, style=Style(size=10, family="serif", pitch=12)))
    (frame,) = find(first._p, "w:pPr/w:framePr")
    assert (frame.get(qn("w:dropCap")), frame.get(qn("w:lines"))) == ("drop", "3")
    assert (first.text, rest.text) == ("O", "nce upon a time")
    assert [r.text for r in rest.runs if r.bold] == ["nce"]
    assert first.runs[0].font.size is not None
    assert first.runs[0].font.size.pt == pytest.approx(46.5, abs=1)
