from __future__ import annotations

import pytest

from benchmarks.accuracy.contents import body_text, docx_text, loose_text, text_of_page
from benchmarks.accuracy.drawn_pages import evenly
from benchmarks.accuracy.lost import characters, characters_of_lines, read_twice, stored_once
from recovery import render
from structure.core.document import (
    Asset,
    Document,
    FigureBlock,
    Furniture,
    FurnitureType,
    Line,
    ListBlock,
    ListItem,
    Page,
    Place,
    Producer,
    Source,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import Box

BOX = Box(72, 72, 300, 90)


def item(number: int, text: str) -> ListItem:
    return ListItem(f"p1.b2.i{number}", f"{number}.", text, 0, 1, BOX)


@pytest.fixture
def document() -> Document:
    lines = (Line("It began on one", BOX), Line("page", BOX))
    return Document(
        producer=Producer("test", "1"),
        source=Source("scan.pdf", "application/pdf", "0" * 64, 2),
        pages=(Page(1, 595, 842), Page(2, 595, 842)),
        body=(
            TextBlock(
                "p1.b1",
                "paragraph",
                1,
                BOX,
                "It began on one page",
                at=(Place(1, BOX, lines[:1]), Place(2, BOX, lines[1:])),
            ),
            ListBlock(
                "p1.b2", 1, BOX, (item(1, "first"), item(2, "second")), ordered=True,
                format="decimal",
            ),
            TableBlock(
                "p1.b3", 1, BOX, 1, 2,
                (TableCell("c1", 0, 0, text="left"), TableCell("c2", 0, 1, text="right")),
            ),
            FigureBlock("p1.b4", 1, BOX, "a1", alt="inside"),
        ),
        furniture=(Furniture("f1", "header", 1, Box(72, 20, 300, 30), "Head"),),
        assets={"a1": Asset(PIXEL, "image/png", 1, 1, "0" * 64)},
    )  # fmt: skip


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082"
)


def test_the_body_is_in_order_and_without_pictures(document: Document) -> None:
    assert body_text(document).split() == (
        ["It", "began", "on", "one", "page", "1.", "first", "2.", "second", "left", "right"]
    )
    assert loose_text(document).split() == ["Head", "inside"]


def test_a_paragraph_over_two_pages_counts_on_both(document: Document) -> None:
    assert "It began on one" in text_of_page(document, 1)
    assert text_of_page(document, 2) == "page"


def test_an_item_over_two_pages_counts_on_both() -> None:
    lines = (Line("It began on one", BOX), Line("page", BOX))
    places = (Place(1, BOX, lines[:1]), Place(2, BOX, lines[1:]))
    long = ListItem("p1.b1.i1", "(a)", "It began on one page", 0, 1, BOX, at=places)
    document = Document(
        producer=Producer("test", "1"),
        source=Source("scan.pdf", "application/pdf", "0" * 64, 2),
        body=(ListBlock("p1.b1", 1, BOX, (long,)),),
    )
    assert text_of_page(document, 1).split() == ["(a)", "It", "began", "on", "one"]
    assert text_of_page(document, 2) == "page"


def test_a_docx_shows_all_text_of_its_document(document: Document) -> None:
    seen = characters(docx_text(render(document, ".docx").data))
    wanted = characters(f"{body_text(document)} {loose_text(document)}")
    assert not wanted - seen


def test_missing_text_is_missed(document: Document) -> None:
    seen = characters(docx_text(render(document, ".docx").data))
    assert characters("Zebra") - seen == {"Z": 1}


def test_line_end_hyphens_and_bullets_are_no_text() -> None:
    assert characters_of_lines(["\u2022 divi-", "ded"]) == characters("divided")
    assert characters_of_lines(["- 5 well-known"]) == characters("5well-known")


def test_text_of_a_picture_that_the_layer_has_is_read_twice() -> None:
    assert read_twice("Elexloc nut.", ["Boots aircraft nut", "Flexloc nut"])
    assert not read_twice("Fiber locknut", ["Boots aircraft nut", "Flexloc nut"])


@pytest.mark.parametrize(
    ("count", "most", "pages"), [(2, 3, [1, 2]), (16, 3, [1, 9, 16]), (9, 1, [1]), (5, 2, [1, 5])]
)
def test_pages_are_chosen_evenly(count: int, most: int, pages: list[int]) -> None:
    assert evenly(count, most) == pages


def test_a_running_head_is_expected_once_and_page_numbers_not_at_all() -> None:
    def head(page: int, text: str, kind: FurnitureType) -> Furniture:
        return Furniture(f"p{page}.f1", kind, page, Box(0, 0, 1, 1), text)

    document = Document(
        Producer("structure", "0"),
        Source("x.pdf", "application/pdf", "0", 3),
        furniture=tuple(
            item
            for n in (1, 2, 3)
            for item in (head(n, "Bulletin", "header"), head(n, f"p {n}", "page_number"))
        ),
    )
    spared = stored_once(document)
    assert spared["B"] == 2
    assert spared["p"] == 2
    assert [spared[digit] for digit in "123"] == [1, 1, 1]
