"""Lines between blocks become borders, and lines to write on underscores and tabs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from recovery import restore
from recovery.metrics import text_width
from recovery.restore.borders import with_borders, with_running_borders
from recovery.writers import write
from recovery.writers.docx_borders import moved, with_tabs
from recovery.writers.ooxml import NAMESPACES
from structure.core.analysis import DrawnLine, PageAnalysis, TextLine, Word
from structure.core.document import (
    Block,
    Border,
    Document,
    Furniture,
    ListBlock,
    Margins,
    Page,
    Producer,
    Source,
    Span,
    TextBlock,
)
from structure.core.geometry import Box

W = f"{{{NAMESPACES['w']}}}"
SENTENCE = "the seal of the letter was broken when it came to the house on the hill by the sea"


def line(text: str, y: float, x0: float = 72.0, size: float = 10.0) -> TextLine:
    box = Box(x0, y, x0 + text_width(text, "serif") * size, y + size)
    return TextLine(text, box, words=(Word(text, box),), size=size)


def body(y: float, count: int = 5) -> list[TextLine]:
    """Running text as wide as its column, from x = 72 to 540."""
    words = SENTENCE + " and stayed there for long"
    scale = 468 / text_width(words, "serif")
    lines = [line(words, y + 13 * k, size=scale) for k in range(count - 1)]
    return [*lines, line("until the spring.", y + 13 * (count - 1), size=scale)]


def rule(y: float, x0: float = 72.0, x1: float = 540.0, thick: float = 1.0) -> DrawnLine:
    return DrawnLine(Box(x0, y - thick / 2, x1, y + thick / 2))


def restored(lines: Sequence[TextLine], drawn: Sequence[DrawnLine]) -> Document:
    page = PageAnalysis(
        1,
        612,
        792,
        72,
        lines=tuple(lines),
        line_regions=(None,) * len(lines),
        drawn=tuple(drawn),
    )
    return restore([page], source=Source("x", "x", "0", 1), producer=Producer("x", "1"))


def borders(document: Document) -> list[tuple[str, str, Border]]:
    """(beginning of the text, side, border) of all that have one."""
    return [
        (_text(block)[:8], side, border)
        for block in document.body
        if isinstance(block, TextBlock | ListBlock)
        for side, border in (
            ("above", block.style.border_above),
            ("below", block.style.border_below),
        )
        if border is not None
    ]


def _text(block: Block) -> str:
    return block.text if isinstance(block, TextBlock) else ""


def paragraphs(document: Document, folder: Path) -> list[etree._Element]:
    path = folder / "out.docx"
    write(document, path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    return list(root.iter(f"{W}p"))


def printed(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t"))


def test_a_line_under_a_letterhead_is_the_border_below_it() -> None:
    document = restored([line("Harbour Office", 72), *body(130)], [rule(88)])
    ((text, side, border),) = borders(document)
    assert (text, side) == ("Harbour ", "below")
    assert border.width == 1.0
    assert 5 <= border.space <= 6


def test_a_line_nearer_to_the_text_below_is_the_border_above_that() -> None:
    document = restored([line("Harbour Office", 72), *body(130)], [rule(125)])
    assert [found[:2] for found in borders(document)] == [("the seal", "above")]


def test_a_short_line_is_no_border() -> None:
    lines = [line("Harbour Office", 72), *body(130)]
    assert borders(restored(lines, [rule(88, 72, 300)])) == []
    assert borders(restored(lines, [rule(88, 5, 607)])) == []


def test_a_line_far_from_any_text_is_no_border() -> None:
    assert borders(restored([*body(100), *body(500)], [rule(320)])) == []


def test_the_thickness_of_a_border_is_in_eighths_of_a_point() -> None:
    document = restored([line("Harbour Office", 72), *body(130)], [rule(88, thick=0.83)])
    ((_, _, border),) = borders(document)
    assert border.width == 0.875


def test_the_line_above_a_bound_footnote_is_left_to_the_word_processor() -> None:
    page = Page(1, 612, 792, margins=Margins())
    note = TextBlock("p1.b2", "footnote", 1, Box(72, 700, 540, 708), "1 See the second volume.")
    lines = {1: [rule(694)]}
    for spans, count in (((Span(3, 4, note="p1.b2"),), 0), ((), 1)):
        text = TextBlock("p1.b1", "paragraph", 1, Box(72, 400, 540, 460), "seal1", spans=spans)
        found = with_borders([text, note], [page], lines, [])
        drawn = [b for b in found if isinstance(b, TextBlock) and b.style.border_above is not None]
        assert len(drawn) == count


def test_the_line_below_a_running_head_is_no_border_of_the_text() -> None:
    page = Page(1, 612, 792, margins=Margins())
    text = TextBlock("p1.b1", "paragraph", 1, Box(72, 100, 540, 460), "seal")
    for head, count in (([(1, Box(72, 40, 540, 50))], 0), ([], 1)):
        (found,) = with_borders([text], [page], {1: [rule(54 if head else 90)]}, head)
        assert isinstance(found, TextBlock)
        assert (found.style.border_above is not None) == bool(count)


def headed(n: int, heads: Sequence[Box]) -> tuple[list[Furniture], list[Block], list[Page]]:
    """`n` pages of text, each with these page headers, which recur."""
    furniture = [
        Furniture(f"p{k}.f{i}", "header", k, box, "Harbour", group=f"g{i}")
        for k in range(1, n + 1)
        for i, box in enumerate(heads)
    ]
    blocks: list[Block] = [
        TextBlock(f"p{k}.b1", "paragraph", k, Box(72, 100, 540, 460), "seal")
        for k in range(1, n + 1)
    ]
    return furniture, blocks, [Page(k, 612, 792, margins=Margins()) for k in range(1, n + 1)]


def test_a_line_below_a_page_header_is_on_all_pages_if_it_is_on_most() -> None:
    furniture, blocks, pages = headed(3, [Box(72, 40, 200, 50), Box(500, 41, 540, 50)])
    for seen, count in (((1, 3), 6), ((2,), 0)):
        drawn = {k: [rule(54)] for k in seen}
        found = with_running_borders(furniture, blocks, pages, drawn)
        assert sum(item.border is not None for item in found) == count


def test_a_line_nearer_to_the_text_is_not_that_of_the_page_header() -> None:
    furniture, blocks, pages = headed(1, [Box(72, 40, 200, 50)])
    drawn = {1: [rule(94)]}
    (item,) = with_running_borders(furniture, blocks, pages, drawn)
    assert item.border is None
    (block,) = with_borders(blocks, pages, drawn, [(1, item.box)])
    assert isinstance(block, TextBlock)
    assert block.style.border_above is not None


def test_the_line_of_a_page_header_stands_in_the_header_of_docx_and_html(tmp_path: Path) -> None:
    furniture, blocks, pages = headed(2, [Box(72, 40, 200, 50)])
    drawn = {1: [rule(54)], 2: [rule(54)]}
    document = Document(
        Producer("x", "1"),
        Source("x", "x", "0", 2),
        tuple(pages),
        tuple(blocks),
        with_running_borders(furniture, blocks, pages, drawn),
    )
    write(document, tmp_path / "out.docx")
    with zipfile.ZipFile(tmp_path / "out.docx") as archive:
        heads = [name for name in archive.namelist() if name.startswith("word/header")]
        roots = [etree.fromstring(archive.read(name)) for name in heads]
    sides = [side for root in roots for side in root.iter(f"{W}pBdr")]
    assert [child.tag for side in sides for child in side] == [f"{W}bottom"]
    write(document, tmp_path / "out.html")
    assert (tmp_path / "out.html").read_text("utf-8").count("border-bottom: 1pt") == 2
    assert Document.from_dict(document.to_dict()).furniture == document.furniture


@given(
    st.lists(st.floats(60, 760), max_size=8),
    st.lists(st.tuples(st.floats(60, 760), st.floats(60, 200), st.floats(300, 560)), max_size=8),
)
def test_no_line_is_drawn_twice(tops: list[float], strokes: list[tuple[float, ...]]) -> None:
    lines = [line(f"{SENTENCE} {k}", y) for k, y in enumerate(tops)]
    document = restored(lines, [rule(y, x0, x1) for y, x0, x1 in strokes])
    blanks = sum("___" in _text(block) for block in document.body)
    assert len(borders(document)) + blanks <= len(strokes)


def test_a_border_above_the_first_text_of_a_page_takes_its_room_from_the_margin() -> None:
    plain = restored(body(130), [])
    ruled = restored(body(130), [rule(120)])
    ((_, side, border),) = borders(ruled)
    assert side == "above"
    lost = plain.pages[0].margins.top - ruled.pages[0].margins.top
    assert lost == pytest.approx(border.space + border.width)


def test_equal_borders_of_neighbours_differ_so_that_word_draws_both() -> None:
    lines = [line("Harbour Office", 72), line("Pilots", 172), *body(272)]
    found = borders(restored(lines, [rule(90), rule(190)]))
    assert [side for _, side, _ in found] == ["below", "below"]
    assert found[0][2] != found[1][2]


def test_a_border_survives_json_and_stands_in_docx_and_html(tmp_path: Path) -> None:
    document = restored([line("Harbour Office", 72), *body(130)], [rule(88)])
    assert Document.from_dict(document.to_dict()) == Document.from_dict(
        Document.from_dict(document.to_dict()).to_dict()
    )
    assert borders(Document.from_dict(document.to_dict())) == borders(document)
    (side,) = [
        p.find(f"{W}pPr/{W}pBdr/{W}bottom")
        for p in paragraphs(document, tmp_path)
        if p.find(f"{W}pPr/{W}pBdr") is not None
    ]
    assert side is not None
    assert (side.get(f"{W}sz"), side.get(f"{W}val")) == ("8", "single")
    assert 5 <= int(side.get(f"{W}space") or 0) <= 6
    write(document, tmp_path / "out.html")
    html = (tmp_path / "out.html").read_text("utf-8")
    assert html.count("border-bottom: 1pt solid #000000; padding-bottom:") == 1
    write(document, tmp_path / "out.md")
    assert "---" not in (tmp_path / "out.md").read_text("utf-8")


def test_a_line_behind_a_label_is_a_tab_with_underscores(tmp_path: Path) -> None:
    document = restored([*body(72), line("Name:", 200), *body(300)], [rule(209, 100, 300)])
    (block,) = [b for b in document.body if isinstance(b, TextBlock) and "Name" in b.text]
    assert block.text.startswith("Name: ____")
    assert set(block.text[6:]) == {"_"}
    assert block.style.blanks == (228.0,)
    (shown,) = [p for p in paragraphs(document, tmp_path) if "Name:" in printed(p)]
    stop = shown.find(f"{W}pPr/{W}tabs/{W}tab")
    assert stop is not None
    assert (stop.get(f"{W}leader"), stop.get(f"{W}pos")) == ("underscore", "4560")
    assert len(shown.findall(f"{W}r/{W}tab")) == 1
    assert "_" not in printed(shown)


def test_a_line_may_lie_lower_behind_a_label_that_asks() -> None:
    for label, found in (("Name:", True), ("Name", False)):
        lines = [*body(72), line(label, 200), *body(300)]
        document = restored(lines, [rule(217, 100, 300)])
        texts = [block.text for block in document.body if isinstance(block, TextBlock)]
        assert any(text.startswith(f"{label} ___") for text in texts) == found


def test_two_labels_of_a_row_have_their_own_lines(tmp_path: Path) -> None:
    lines = [*body(72), line("Name:", 200), line("Date:", 200, 330), *body(300)]
    document = restored(lines, [rule(209, 100, 300), rule(209, 356, 520)])
    (block,) = [b for b in document.body if isinstance(b, TextBlock) and "Name" in b.text]
    assert [part.strip("_") for part in block.text.split("\t")] == ["Name: ", "Date: "]
    assert block.style.blanks == (228.0, 448.0)
    (shown,) = [p for p in paragraphs(document, tmp_path) if "Name:" in printed(p)]
    stops = shown.findall(f"{W}pPr/{W}tabs/{W}tab")
    assert [stop.get(f"{W}leader") for stop in stops] == ["underscore", None, "underscore"]
    assert len(shown.findall(f"{W}r/{W}tab")) == 3


def test_a_signature_line_with_its_label_below_is_a_line_of_its_own() -> None:
    document = restored([*body(72), line("Signature of the master", 320, 80)], [rule(316, 72, 260)])
    _, blank, label = [block for block in document.body if isinstance(block, TextBlock)]
    assert set(blank.text) == {"_"}
    assert blank.style.blanks == (188.0,)
    assert label.text == "Signature of the master"
    assert borders(document) == []


def test_a_line_that_was_filled_in_is_not_drawn() -> None:
    lines = [*body(72), line("Name:", 200), line("J. Harker", 198, 120), *body(300)]
    document = restored(lines, [rule(209, 100, 300)])
    assert not any("__" in block.text for block in document.body if isinstance(block, TextBlock))


def test_underscores_that_were_read_are_drawn_once(tmp_path: Path) -> None:
    document = restored([*body(72), line("Name: ____________________", 200), *body(300)], [])
    (block,) = [b for b in document.body if isinstance(b, TextBlock) and "Name" in b.text]
    assert block.text == "Name: ____________________"
    assert len(block.style.blanks) == 1
    (shown,) = [p for p in paragraphs(document, tmp_path) if "Name:" in printed(p)]
    assert "_" not in printed(shown)


def test_parts_of_a_text_move_with_its_blanks() -> None:
    text = "Name: _____ Date: ____ end"
    spans = (Span(0, 5, bold=True), Span(6, 11), Span(12, 17, bold=True), Span(23, 26))
    shown = with_tabs(text)
    assert [shown[s.start : s.end] for s in moved(text, spans)] == ["Name:", "\t", "Date:", "end"]


@pytest.mark.data
def test_the_signature_lines_of_a_contract_are_drawn(shared_data: Path, tmp_path: Path) -> None:
    from structure import convert

    source = shared_data / "kie-kleister-nda" / "pdf" / "116d39507d6bb61c0dec66872bd13e1c.pdf"
    if not source.is_file():
        pytest.skip("the contract is not among the data")
    document = convert(source, tmp_path / "out.docx", pages="10")
    found = [b for b in document.body if isinstance(b, TextBlock) and "By: ____" in b.text]
    assert len(found) == 2
    assert all(len(block.style.blanks) == 1 for block in found)
    leaders = [
        tab.get(f"{W}leader")
        for p in paragraphs(document, tmp_path)
        for tab in p.iter(f"{W}tab")
        if tab.get(f"{W}leader")
    ]
    assert leaders == ["underscore", "underscore"]
