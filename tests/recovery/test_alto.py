from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from recovery.writers import render
from recovery.writers.alto_writer import NAMESPACE
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
from structure.core.errors import ConfigError
from structure.core.geometry import Affine, Box

NS = {"a": NAMESPACE}
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("alto.rng")))
DPI = 144
PAGE = Page(1, 300, 400, text_source="ocr", dpi=DPI, to_source=Affine.scale(2.0))


def line(text: str, x: float, y: float, width: float = 10.0) -> Line:
    words = tuple(
        WordBox(word, Box(x + n * (width + 4), y, x + n * (width + 4) + width, y + 10), 0.5)
        for n, word in enumerate(text.split())
    )
    return Line(text, Box(x, y, words[-1].box.x1, y + 10), 0.9, words)


def block(name: str, text: str, *lines: Line, page: int = 1, **more: Any) -> TextBlock:
    box = Box(20, lines[0].box.y0, 200, lines[-1].box.y1)
    at = (Place(page, box, lines),)
    return TextBlock(name, more.pop("type", "paragraph"), page, box, text, at=at, **more)


def alto(document: Document, *sources: Path) -> etree._Element:
    root = etree.fromstring(render(document, ".alto.xml", sources=sources).data)
    SCHEMA.assertValid(root)
    return root


def place(element: etree._Element) -> tuple[int, ...]:
    return tuple(int(element.get(key, "-1")) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))


def test_the_schema_of_these_tests_refuses_what_the_standard_does() -> None:
    broken = etree.fromstring(f'<alto xmlns="{NAMESPACE}"><Layout/></alto>'.encode())
    assert not SCHEMA.validate(broken)


def test_words_stand_in_pixels_of_the_picture_with_their_confidence(document_of) -> None:
    root = alto(
        document_of(block("p1.b1", "Hello world", line("Hello world", 20, 30)), pages=(PAGE,))
    )
    assert root.findtext(".//a:MeasurementUnit", namespaces=NS) == "pixel"
    assert root.findtext(".//a:fileName", namespaces=NS) == "scan.png"
    (page,) = root.iterfind(".//a:Page", NS)
    assert (page.get("WIDTH"), page.get("HEIGHT")) == ("600", "800")
    first, second = root.iterfind(".//a:String", NS)
    assert (first.get("CONTENT"), second.get("CONTENT")) == ("Hello", "world")
    assert place(first) == (40, 60, 20, 20)
    assert first.get("WC") == "0.5"
    assert len(root.findall(".//a:SP", NS)) == 1
    (own,) = root.iterfind(".//a:TextLine", NS)
    assert own.get("BASELINE") == "40,76 88,76"


def test_a_hyphenated_word_is_told_in_both_parts(document_of) -> None:
    lines = line("a broken hy-", 20, 30), line("phen and a self-", 20, 45), line("made end", 20, 60)
    text = "a broken hyphen and a self-made end"
    root = alto(document_of(block("p1.b1", text, *lines), pages=(PAGE,)))
    parts = [
        (s.get("CONTENT"), s.get("SUBS_TYPE"), s.get("SUBS_CONTENT"))
        for s in root.iterfind(".//a:String[@SUBS_TYPE]", NS)
    ]
    assert parts == [("hy", "HypPart1", "hyphen"), ("phen", "HypPart2", "hyphen")]
    assert [h.get("CONTENT") for h in root.iterfind(".//a:HYP", NS)] == ["-"]
    assert "self-" in [s.get("CONTENT") for s in root.iterfind(".//a:String", NS)]


def test_a_word_that_a_page_breaks_is_told_on_both_pages(document_of) -> None:
    box = Box(20, 30, 200, 40)
    one, two = line("the hy-", 20, 30), line("phen", 20, 30)
    at = Place(1, box, (one,)), Place(2, box, (two,))
    whole = TextBlock("p1.b1", "paragraph", 1, box, "the hyphen", at=at)
    root = alto(document_of(whole, pages=(PAGE, replace(PAGE, n=2))))
    first, second = root.iterfind(".//a:Page", NS)
    assert first.findall(".//a:String", NS)[-1].get("SUBS_TYPE") == "HypPart1"
    assert second.find(".//a:String", NS).get("SUBS_TYPE") == "HypPart2"


def test_blocks_have_types_styles_and_an_order_across_the_margins(document_of) -> None:
    heading = block("p1.b1", "Title", line("Title", 20, 60), type="heading", level=2)
    furniture = (
        Furniture("p1.f1", "header", 1, Box(20, 5, 60, 15), "above"),
        Furniture("p1.f2", "page_number", 1, Box(20, 380, 40, 390), "7"),
    )
    root = alto(document_of(heading, pages=(PAGE,), furniture=furniture))
    assert root.find(".//a:TopMargin//a:String", NS).get("CONTENT") == "above"
    assert root.find(".//a:BottomMargin//a:String", NS).get("CONTENT") == "7"
    tags = {tag.get("ID"): tag for tag in root.iterfind(".//a:LayoutTag", NS)}
    own = root.find(".//a:PrintSpace/a:TextBlock", NS)
    tag = tags[own.get("TAGREFS")]
    assert (tag.get("LABEL"), tag.get("DESCRIPTION")) == ("heading", "level 2")
    by_id = {b.get("ID"): b for b in root.iterfind(".//a:TextBlock", NS)}
    order = ["p1.f1"]
    while by_id[order[-1]].get("IDNEXT"):
        order.append(by_id[order[-1]].get("IDNEXT"))
    assert order == ["p1.f1", "p1.b1", "p1.f2"]


def test_tables_and_pictures_are_composed_of_their_parts(
    document_of: Callable[..., Document], table_of: Callable[..., TableBlock]
) -> None:
    table = table_of([["a", "b"], ["c", "d"]])
    cells = tuple(
        replace(c, box=Box(72 + 50 * c.col, 100 + 14 * c.row, 122 + 50 * c.col, 114 + 14 * c.row))
        for c in table.cells
    )
    lines = tuple(line(c.text, c.box.x0 + 2, c.box.y0 + 2) for c in cells if c.box)
    table = replace(table, cells=cells, lines=(*lines, line("loose", 250, 100)))
    figure = FigureBlock("p1.b2", 1, Box(20, 200, 120, 300), "none", lines=(line("in", 30, 210),))
    root = alto(document_of(table, figure, pages=(PAGE,)))
    composed = root.findall(".//a:ComposedBlock", NS)
    assert [c.get("TYPE") for c in composed] == ["table", "figure"]
    texts = [
        b.find(".//a:String", NS).get("CONTENT") for b in composed[0].iterfind("a:TextBlock", NS)
    ]
    assert texts == ["a", "b", "c", "d", "loose"]
    assert place(composed[1].find("a:Illustration", NS)) == (40, 400, 200, 200)
    assert composed[1].find(".//a:String", NS).get("CONTENT") == "in"


def test_a_scan_on_its_side_keeps_its_own_pixels_and_says_how_it_is_turned(
    document_of: Callable[..., Document], tmp_path: Path
) -> None:
    Image.new("L", (803, 600), 255).save(tmp_path / "scan.png")
    # The stored picture lies on its side: its left edge is the bottom of the upright page.
    way = Affine.scale(2.0).then(Affine(0.0, 1.0, -1.0, 0.0, 803.0, 0.0))
    page = replace(PAGE, to_source=way, rotation_applied=90)
    document = document_of(block("p1.b1", "Hello", line("Hello", 20, 30)), pages=(page,))
    root = alto(document, tmp_path / "scan.png")
    element = root.find(".//a:Page", NS)
    assert (element.get("WIDTH"), element.get("HEIGHT")) == ("803", "600")
    assert place(root.find(".//a:String", NS)) == (803 - 80, 40, 20, 20)
    assert root.find(".//a:TextBlock", NS).get("ROTATION") == "-90"


def test_a_pdf_is_told_in_pixels_of_its_upright_page(
    document_of: Callable[..., Document], tmp_path: Path
) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(301, 400))
        page.obj.CropBox = [0, 0, 301, 400]
        pdf.save(tmp_path / "a.pdf")
    page = replace(PAGE, to_source=Affine(1, 0, 0, -1, 0, 400))
    document = document_of(block("p1.b1", "Hello", line("Hello", 20, 30)), pages=(page,))
    root = alto(document, tmp_path / "a.pdf")
    assert root.find(".//a:Page", NS).get("WIDTH") == "602"
    assert place(root.find(".//a:String", NS)) == (40, 60, 20, 20)
    with pytest.raises(ConfigError):
        alto(document, tmp_path / "a.pdf", tmp_path / "a.pdf")


def test_a_page_that_failed_is_there_and_says_so(document_of) -> None:
    root = alto(document_of(pages=(Page(1, 300, 400, failure="torn"),)))
    assert root.find(".//a:Page", NS).get("QUALITY_DETAIL") == "torn"


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_document_is_valid_and_stays_inside_its_pages(
    data: st.DataObject, any_documents: st.SearchStrategy[Document]
) -> None:
    document = data.draw(any_documents.filter(lambda d: d.pages))
    written = render(document, ".alto.xml").data
    root = etree.fromstring(written)
    SCHEMA.assertValid(root)
    assert written == render(document, ".alto.xml").data
    assert not re.search(rb"nan|inf\b", written.lower().split(b"<layout>")[1].split(b"content")[0])
    for page in root.iterfind(".//a:Page", NS):
        width, height = int(page.get("WIDTH", "")), int(page.get("HEIGHT", ""))
        for element in page.iterfind(".//*[@HPOS]"):
            x, y, w, h = place(element)
            assert x + w <= width
            assert y + h <= height


@pytest.mark.parametrize("suffix", ["tif", "jpg", "png"])
def test_the_page_is_as_large_as_the_stored_picture_however_it_is_turned(
    document_of: Callable[..., Document], tmp_path: Path, suffix: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (803, 600), 255).save(tmp_path / f"scan.{suffix}", exif=exif)
    page = replace(PAGE, to_source=Affine.scale(2.0).then(Affine(0.0, -1.0, 1.0, 0.0, 0.0, 600.0)))
    element = alto(document_of(pages=(page,)), tmp_path / f"scan.{suffix}").find(".//a:Page", NS)
    assert (element.get("WIDTH"), element.get("HEIGHT")) == ("803", "600")
