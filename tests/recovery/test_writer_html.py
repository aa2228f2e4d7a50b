from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from recovery.writers import render
from recovery.writers.content import pages_of, pieces
from recovery.writers.html_writer import table_html
from structure.core.document import (
    Document,
    ListBlock,
    ListItem,
    Page,
    Span,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import Box

Make = Callable[..., Document]
BOX = Box(72, 100, 523, 120)


def opened(document: Document) -> Any:
    return etree.HTML(render(document, ".html").data.decode("utf-8"))


def words(element: Any) -> str:
    return "".join(element.itertext())


@pytest.fixture(scope="module")
def rich(rich_document: Document) -> Any:
    return opened(rich_document)


def test_each_page_is_a_section_and_headings_follow_the_title(rich: Any) -> None:
    assert [s.get("data-page") for s in rich.findall(".//section")] == ["1", "2", "3", "4"]
    assert [words(h) for h in rich.findall(".//h1")] == ["Report on the Buildings of the County"]
    assert [words(h) for h in rich.findall(".//h2")] == ["1 Introduction", "2 Findings"]
    assert rich.get("lang") == "en"
    assert "could not be read: the picture is damaged" in words(rich.find(".//p[@class='failure']"))


def test_blocks_say_where_they_stand(rich: Any) -> None:
    heading = rich.find(".//h1")
    assert (heading.get("data-id"), heading.get("data-box")) == ("p1.b1", "90 72 505 100")


def test_tables_have_heads_scopes_and_spans(rich: Any) -> None:
    table = rich.find(".//table")
    heads = table.findall("thead/tr/th")
    assert [(h.get("scope"), h.get("rowspan"), h.get("colspan")) for h in heads] == [
        ("col", "2", None),
        ("colgroup", None, "2"),
        ("col", "2", None),
        ("col", None, None),
        ("col", None, None),
    ]
    assert len(table.findall("tbody/tr")) == 3
    assert words(table.find("caption")) == "Table 1. Cost of heating in euros by office"
    assert table.find("tbody/tr[3]/td[1]/br") is not None


def test_a_picture_is_inside_with_its_caption(rich: Any, rich_document: Document) -> None:
    figure = rich.find(".//figure")
    source = figure.find("img").get("src")
    assert b64decode(source.removeprefix("data:image/png;base64,")) == (
        rich_document.assets["p1.b11.img"].data
    )
    assert figure.find("img").get("alt") == "A gradient"
    assert words(figure.find("figcaption")).startswith("Figure 1.")
    assert words(rich).count("Figure 1.") == 1


def test_lists_nest_and_start_where_they_did(rich: Any) -> None:
    assert rich.find(".//ol").get("start") == "3"
    assert [words(item).strip() for item in rich.findall(".//ul/li/ul/li")] == [
        "of the north front",
        "of the south front",
    ]


def test_links_arabic_and_code(rich: Any) -> None:
    link = rich.find(".//a")
    assert (link.get("href"), link.get("rel")) == (
        "https://example.org/report",
        "noopener noreferrer",
    )
    assert len(rich.findall(".//p[@dir='rtl']")) == 1
    assert words(rich.find(".//pre")).splitlines()[2] == "    stop()"


def test_nothing_is_fetched_and_nothing_runs(rich: Any) -> None:
    (policy,) = rich.xpath(".//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy
    assert rich.findall(".//script") == []
    assert rich.findall(".//link") == []


def test_a_list_without_a_counter_keeps_its_labels(document_of: Make) -> None:
    items = tuple(ListItem(f"i{n}", label, "x", 0, 1, BOX) for n, label in enumerate("ace"))
    block = ListBlock("p1.b1", 1, BOX, items, ordered=True, format="lower_alpha")
    root = opened(document_of(block))
    assert [words(item).strip() for item in root.findall(".//li")] == ["a x", "c x", "e x"]
    assert root.findall(".//ol") == []


def test_every_page_and_every_block_comes_once(document_of: Make) -> None:
    blocks = [
        TextBlock(f"b{n}", "paragraph", page, BOX, "x") for n, page in enumerate((2, 2, 1, 4))
    ]
    pages = tuple(Page(n, 595.0, 842.0) for n in (1, 2, 3, 4, 5))
    found = list(pages_of(document_of(*blocks, pages=pages)))
    assert [number for number, _, _ in found] == [1, 2, 3, 4, 5]
    assert [block for _, _, own in found for block in own] == blocks


def test_text_is_cut_where_its_look_changes_and_nothing_is_lost() -> None:
    spans = (Span(0, 4, bold=True), Span(2, 6, italic=True), Span(5, 6, link="https://a.b"))
    parts = list(pieces("abcdefgh", spans))
    assert [part for part, _ in parts] == ["ab", "cd", "e", "f", "gh"]
    assert [(span.bold, span.italic, bool(span.link)) for _, span in parts] == [
        (True, False, False),
        (True, True, False),
        (False, True, False),
        (False, True, True),
        (False, False, False),
    ]


def test_cells_have_their_own_rules_fill_and_place() -> None:
    cells = (
        TableCell("a", 0, 0, text="Name", borders="tl", fill="D9E2F3", valign="bottom"),
        TableCell("b", 0, 1, text="x", borders="", fill="red; x"),
    )
    html = table_html(TableBlock("p1.b1", 1, Box(0, 0, 9, 9), 1, 2, cells))
    assert (
        '<td style="border-top: 1px solid #888; border-left: 1px solid #888; '
        'background: #D9E2F3; vertical-align: bottom">Name</td><td>x</td>'
    ) in html


def test_a_mark_is_a_link_to_its_footnote(document_of: Make) -> None:
    text = TextBlock(
        "p1.b1", "paragraph", 1, BOX, "Shown2.", spans=(Span(5, 6, sup=True, note="n"),)
    )
    note = TextBlock("n", "footnote", 1, BOX, "2 See the annex.")
    html = render(document_of(text, note), ".html").data.decode()
    assert 'Shown<a href="#n" role="doc-noteref"><sup>2</sup></a>.' in html
    assert '<p class="footnote" id="n"' in html
