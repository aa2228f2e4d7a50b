from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from recovery.writers import render
from structure.core.document import (
    Document,
    FigureBlock,
    Furniture,
    Line,
    Page,
    Place,
    TableBlock,
    TextBlock,
    WordBox,
)
from structure.core.geometry import Affine, Box

HTML = {"h": "http://www.w3.org/1999/xhtml"}
PAGE = Page(1, 300, 400, text_source="ocr", dpi=144, to_source=Affine.scale(2.0))


def line(text: str, x: float, y: float) -> Line:
    words = tuple(
        WordBox(word, Box(x + 14 * n, y, x + 14 * n + 10, y + 10), 0.934)
        for n, word in enumerate(text.split())
    )
    return Line(text, Box(x, y, words[-1].box.x1, y + 10), 0.9, words)


def block(text: str, *lines: Line, type_: Any = "paragraph") -> TextBlock:
    box = Box(20, lines[0].box.y0, 200, lines[-1].box.y1)
    return TextBlock("p1.b1", type_, 1, box, text, at=(Place(1, box, lines),))


def hocr(document: Document, *sources: Path) -> etree._Element:
    # As OCRmyPDF does: by a strict XML parser.
    return etree.fromstring(render(document, ".hocr.html", sources=sources).data)


def of(root: etree._Element, kind: str) -> list[etree._Element]:
    found = root.xpath(f'//h:*[@class="{kind}"]', namespaces=HTML)
    assert isinstance(found, list)
    return found


def facts(element: etree._Element) -> dict[str, list[str]]:
    title = element.get("title", "")
    return {key: rest for part in title.split("; ") for key, *rest in [part.split(" ")]}


def bbox(element: etree._Element) -> tuple[float, ...]:
    return tuple(map(int, facts(element)["bbox"]))


def test_words_have_boxes_and_confidence_in_a_page_with_its_resolution(document_of) -> None:
    root = hocr(document_of(block("Hello world", line("Hello world", 20, 30)), pages=(PAGE,)))
    (page,) = of(root, "ocr_page")
    assert page.get("title") == ('image "scan.png"; bbox 0 0 600 800; ppageno 0; scan_res 144 144')
    (area,), (par,), (own,) = (of(root, k) for k in ("ocr_carea", "ocr_par", "ocr_line"))
    assert par.getparent() is area
    assert own.getparent() is par
    assert facts(own) == {
        "bbox": ["40", "60", "88", "80"],
        "baseline": ["0.000", "-4.0"],
        "x_size": ["20.00"],
    }
    first, second = of(root, "ocrx_word")
    assert (first.text, second.text) == ("Hello", "world")
    assert bbox(first) == (40, 60, 60, 80)
    assert facts(first)["x_wconf"] == ["93"]
    assert first.tail == " "


def test_chinese_words_have_no_space_between_them(document_of) -> None:
    own = replace(line("\u4e2d \u6587", 20, 30), text="\u4e2d\u6587")
    (row,) = of(hocr(document_of(block(own.text, own), pages=(PAGE,))), "ocr_line")
    assert "".join(row.itertext()).strip() == "\u4e2d\u6587"


def test_headers_captions_tables_and_pictures_have_their_classes(
    document_of: Callable[..., Document], table_of: Callable[..., TableBlock]
) -> None:
    table = replace(table_of([["a"]]), lines=(line("a", 80, 102),))
    caption = block("Figure 1", line("Figure 1", 20, 310), type_="caption")
    figure = FigureBlock("p1.b2", 1, Box(20, 200, 120, 300), "none")
    furniture = (
        Furniture("p1.f1", "header", 1, Box(20, 5, 60, 15), "above"),
        Furniture("p1.f2", "footer", 1, Box(20, 380, 40, 390), "below"),
        Furniture("p1.f3", "page_number", 1, Box(200, 380, 210, 390), "7"),
    )
    document = document_of(table, figure, caption, pages=(PAGE,), furniture=furniture)
    root = hocr(document)
    kinds = [e.get("class") for e in root.xpath("//h:div", namespaces=HTML)]
    assert kinds == [
        "ocr_page", "ocr_header", "ocr_table", "ocr_photo", "ocr_caption", "ocr_footer",
        "ocr_pageno",
    ]  # fmt: skip
    assert bbox(of(root, "ocr_photo")[0]) == (40, 400, 240, 600)
    assert "".join(of(root, "ocr_header")[0].itertext()).strip() == "above"
    (capable,) = root.xpath('//h:meta[@name="ocr-capabilities"]/@content', namespaces=HTML)
    assert set(kinds) <= set(str(capable).split())


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_picture_is_told_as_it_stands_upright(
    document_of: Callable[..., Document], tmp_path: Path, turn: int
) -> None:
    upright = 600, 800
    stored = (800, 600) if turn != 180 else upright
    Image.new("L", stored, 255).save(tmp_path / "scan.png")
    way = Affine.scale(2.0).then(Affine.quarter_turn(turn, *upright))
    page = replace(PAGE, to_source=way)
    document = document_of(block("Hello", line("Hello", 20, 30)), pages=(page,))
    root = hocr(document, tmp_path / "scan.png")
    assert bbox(of(root, "ocr_page")[0]) == (0, 0, *upright)
    assert bbox(of(root, "ocrx_word")[0]) == (40, 60, 60, 80)


def test_a_leaning_line_says_how_its_baseline_leans(document_of, tmp_path: Path) -> None:
    Image.new("L", (600, 800), 255).save(tmp_path / "scan.png")
    way = Affine.scale(2.0).then(Affine.rotation(3.0, 300, 400))
    page = replace(PAGE, to_source=way)
    words = Line("far apart", Box(20, 100, 280, 110), 0.9)
    document = document_of(block("far apart", words), pages=(page,))
    (own,) = of(hocr(document, tmp_path / "scan.png"), "ocr_line")
    slope, offset = map(float, facts(own)["baseline"])
    assert slope == pytest.approx(-0.0524, abs=0.001)  # tan 3 degrees, up to the right
    x0, _, _, y1 = bbox(own)
    for x, y in (way.point(20, 108), way.point(280, 108)):
        assert y1 + offset + slope * (x - x0) == pytest.approx(y, abs=1.5)


def test_each_page_names_its_own_file(document_of, tmp_path: Path) -> None:
    for name in ("a.png", "b&b.png"):
        Image.new("L", (600, 800), 255).save(tmp_path / name)
    pages = (PAGE, replace(PAGE, n=2))
    root = hocr(document_of(pages=pages), tmp_path / "a.png", tmp_path / "b&b.png")
    assert [facts(page)["image"] for page in of(root, "ocr_page")] == [['"a.png"'], ['"b&b.png"']]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_document_is_well_formed_and_its_words_lie_on_their_page(
    data: st.DataObject, any_documents: st.SearchStrategy[Document]
) -> None:
    document = data.draw(any_documents)
    root = hocr(document)
    ids = [str(value) for value in root.xpath("//@id")]
    assert len(ids) == len(set(ids))
    for page in of(root, "ocr_page"):
        _, _, width, height = bbox(page)
        for element in page.iterdescendants("{*}span", "{*}div", "{*}p"):
            x0, y0, x1, y1 = bbox(element)
            assert 0 <= x0 < x1 <= width
            assert 0 <= y0 < y1 <= height
