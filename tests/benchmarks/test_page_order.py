from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.accuracy.page_order import (
    Found,
    KindCounts,
    OrderScore,
    assigned,
    count_kinds,
    items_of,
    kendall_tau,
    order_score,
    top_left,
    xy_cut,
)
from benchmarks.accuracy.page_truth import FOOT, FORMULA, TABLE, TEXT, TrueBlock, cvat, docbank
from structure.core.document import (
    Document,
    Furniture,
    Line,
    Page,
    Place,
    Producer,
    Source,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import Affine, Box

WIDTH, HEIGHT = 1000, 1000

BLOCKS = [TrueBlock(Box(100, 100 * n, 900, 100 * n + 80), TEXT, n) for n in range(4)]
LINES = [
    Found(Box(110, y, 800, y + 20), TEXT) for n in range(4) for y in (100 * n + 5, 100 * n + 35)
]


def score(lines: list[Found]) -> OrderScore:
    found = order_score(lines, assigned(lines, BLOCKS), BLOCKS)
    assert found is not None
    return found


def test_the_true_order_is_perfect() -> None:
    assert score(LINES) == OrderScore(order=1, tau=1, missing=0, whole=1)


def test_the_order_backwards_is_the_worst() -> None:
    assert score(LINES[::-1]) == OrderScore(order=0, tau=-1, missing=0, whole=1)


def test_a_missing_block_counts_twice_and_is_not_in_tau() -> None:
    assert score(LINES[2:]) == OrderScore(order=0.5, tau=1, missing=0.25, whole=1)


def test_text_outside_the_body_has_no_place() -> None:
    head = Found(LINES[0].box, FOOT, body=False)
    assert score([*LINES[2:], head, head]).missing == 0.25


def test_blocks_that_are_mixed_are_not_whole() -> None:
    mixed = [LINES[i] for i in (0, 2, 1, 3, 4, 5, 6, 7)]
    assert score(mixed).whole == 0.5
    assert score(mixed).order == 1


def test_one_block_has_no_order() -> None:
    assert order_score(LINES[:2], [0, 0], BLOCKS[:1]) is None


@given(st.permutations(range(8)))
def test_scores_stay_within_their_bounds(order: list[int]) -> None:
    found = score([LINES[i] for i in order])
    assert 0 <= found.order <= 1
    assert found.tau is not None
    assert -1 <= found.tau <= 1


def test_tau_counts_pairs() -> None:
    assert kendall_tau([0, 2, 1]) == pytest.approx(1 / 3)
    assert kendall_tau([5]) is None


def test_a_line_belongs_to_the_smallest_block_around_it() -> None:
    blocks = [TrueBlock(Box(0, 0, 500, 500), TABLE, 0), TrueBlock(Box(0, 0, 200, 40), TEXT, 1)]
    lines = [Found(Box(10, 10, 190, 30), TEXT), Found(Box(10, 300, 190, 330), TABLE)]
    assert assigned([*lines, Found(Box(600, 600, 700, 620), TEXT)], blocks) == [1, 0, None]


def test_kinds_are_counted_by_block() -> None:
    counts: dict[str, KindCounts] = {}
    lines = [Found(line.box, FORMULA if n < 2 else TEXT) for n, line in enumerate(LINES[:6])]
    count_kinds(lines, assigned(lines, BLOCKS), BLOCKS, counts)
    assert counts[TEXT].taken_for == {TEXT: 2, FORMULA: 1, "nothing": 1}
    assert counts[TEXT].f1 == pytest.approx(2 * 2 / (4 + 2), abs=1e-4)
    assert counts[FORMULA].f1 == 0


def test_xy_cut_reads_columns_and_top_left_does_not() -> None:
    boxes = [Box(x, y, x + 400, y + 20) for x in (0, 500) for y in range(0, 300, 30)]
    assert xy_cut(boxes, gap=10) == list(range(20))
    assert top_left(boxes) != list(range(20))


def test_lines_of_a_document_come_in_reading_order_and_pixels() -> None:
    def place(y: float) -> Place:
        return Place(1, Box(10, y, 90, y + 10), (Line("text", Box(10, y, 90, y + 10)),))

    lower, upper = place(50), place(20)
    document = Document(
        Producer("test", "1"),
        Source("page.png", "image/png", "0" * 64, 1),
        pages=(Page(1, 100, 100, to_source=Affine.scale(2)),),
        body=(
            TextBlock("p1.b1", "heading", 1, lower.box, "text", level=1, at=(lower,)),
            TextBlock("p1.b2", "paragraph", 1, upper.box, "text", at=(upper,)),
        ),
        furniture=(Furniture("p1.f1", "footer", 1, Box(10, 90, 90, 95), "foot"),),
    )
    assert items_of(document) == [
        Found(Box(20, 100, 180, 120), "heading"),
        Found(Box(20, 40, 180, 60), "text"),
        Found(Box(20, 180, 180, 190), "foot", body=False),
    ]


def test_lines_of_a_table_come_cell_by_cell() -> None:
    upper, lower, stray = (Line("text", Box(10, y, 40, y + 8)) for y in (10, 20, 70))
    cells = (
        TableCell("c1", 0, 0, text="text text", box=Box(8, 8, 45, 30)),
        TableCell("c2", 0, 1, text="drawn", box=Box(50, 8, 90, 30)),
        TableCell("c3", 1, 0, box=Box(8, 32, 45, 50)),
    )
    table = TableBlock("p1.b1", 1, Box(5, 5, 95, 60), 2, 2, cells, lines=(stray, lower, upper))
    document = Document(
        Producer("test", "1"),
        Source("page.png", "image/png", "0" * 64, 1),
        pages=(Page(1, 100, 100),),
        body=(table,),
    )
    boxes = [found.box for found in items_of(document)]
    assert boxes == [lower.box, upper.box, cells[1].box, stray.box]


def tokens(rows: Sequence[tuple[str, float, float, float, str]]) -> str:
    return "\n".join(
        f"{text}\t{x0}\t{y}\t{x1}\t{y + 10}\t0\t0\t0\tfont\t{kind}"
        for text, x0, x1, y, kind in rows
    )


def page(folder: Path, rows: Sequence[tuple[str, float, float, float, str]]) -> list[TrueBlock]:
    path = folder / "page.txt"
    path.write_text(tokens(rows), "utf-8")
    return docbank(path, WIDTH, HEIGHT)


def test_two_columns_of_docbank_are_read_one_after_the_other(tmp_path: Path) -> None:
    rows = [("title", 100, 900, 50, "title")]
    for n in range(10):
        rows += [("left", 100, 480, 100 + 15 * n, "paragraph")]
        rows += [("right", 520, 900, 107 + 15 * n, "paragraph")]
    found = page(tmp_path, rows)
    assert [(block.kind, block.rank, block.box.x0) for block in found] == [
        ("heading", 0, 100),
        ("text", 1, 100),
        ("text", 2, 520),
    ]


def test_docbank_rows_take_the_class_of_most_of_them(tmp_path: Path) -> None:
    rows = [("Figure", 100, 150, 50, "paragraph"), ("seen", 160, 800, 50, "caption")]
    (found,) = page(tmp_path, rows)
    assert found.kind == "caption"


def test_page_numbers_of_docbank_are_no_blocks(tmp_path: Path) -> None:
    rows = [("words", 100, 800, 50, "paragraph"), ("12", 450, 470, 950, "paragraph")]
    rows += [("note", 100, 800, 900, "footer"), ("##LTFigure##", 100, 900, 300, "figure")]
    found = page(tmp_path, rows)
    kinds = [(block.kind, block.rank) for block in found]
    assert kinds == [("text", 0), ("foot", None), ("picture", None)]


CVAT = """<annotations><image name="a.png" width="100" height="100">
<box label="picture" xtl="0" ytl="0" xbr="100" ybr="50"/>
<box label="text" xtl="10" ytl="10" xbr="40" ybr="40"/>
<box label="text" xtl="60" ytl="10" xbr="90" ybr="40"/>
<box label="section_header" xtl="0" ytl="60" xbr="100" ybr="70"/>
<box label="empty_value" xtl="0" ytl="80" xbr="100" ybr="90"/>
<polyline label="reading_order" points="50,5;50,65">
<attribute name="level">1</attribute></polyline>
<polyline label="reading_order" points="75,25;25,25">
<attribute name="level">2</attribute></polyline>
<polyline label="to_value" points="75,25;25,25"/>
</image></annotations>"""


def test_an_order_inside_a_picture_follows_upon_it(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(CVAT, "utf-8")
    found = cvat(tmp_path / "a.xml")["a.png"]
    assert [(block.kind, block.rank) for block in found] == [
        ("picture", 0),
        ("text", 2),
        ("text", 1),
        ("heading", 3),
    ]
