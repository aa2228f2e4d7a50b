"""One page through the pipeline, with functions in the place of models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from structure.core.analysis import Label, Region, Table, TextLine, Word
from structure.core.geometry import Affine, Box
from structure.core.grid import Cell, Grid
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.orientation import Orientation
from structure.pipeline.models import Models
from structure.pipeline.pages import analyze_page
from table import Recognition

WHITE = np.full((1000, 800, 3), 255, np.uint8)


def line(text: str, x0: float, y0: float, x1: float, y1: float, angle: float = 0.0) -> TextLine:
    box = Box(x0, y0, x1, y1)
    return TextLine(text, box, 0.99, (Word(text, box, 0.99),), angle)


class Read:
    """An OCR engine that knows what is on the page."""

    def __init__(self, lines: Sequence[TextLine] = (), single: str = "") -> None:
        self.lines, self.single, self.calls = list(lines), single, 0

    def __call__(self, image: RGBImage) -> list[TextLine]:
        self.calls += 1
        return self.lines

    def read_lines(self, lines: Sequence[RGBImage]) -> list[tuple[str, float]]:
        return [(self.single, 0.9)] * len(lines)


def models(
    read: Read,
    regions: Sequence[Region] = (),
    turn: Orientation | None = None,
    grid: Grid | None = None,
    leftovers: Sequence[TextLine] = (),
    *,
    review: bool = False,
) -> Models:
    seen = turn or Orientation(0, 0.93, True)

    def tables(
        crops: Sequence[RGBImage], lines: Sequence[Sequence[TextLine]] | None = None
    ) -> list[Recognition]:
        box = Box(0, 0, crops[0].shape[1], crops[0].shape[0])
        own = tuple(lines[0]) if lines else ()
        if grid is None:
            return [Recognition(Table(box, Grid()), own)]
        table = Table(box, grid, lines=own, needs_review=review)
        return [Recognition(table, tuple(leftovers))]

    return Models(
        turn=lambda pages: [seen] * len(pages),
        read=read,
        regions=lambda pages: [list(regions)] * len(pages),
        tables=tables,
        names={},
    )


def page(pixels: RGBImage = WHITE, lines: tuple[TextLine, ...] | None = None) -> PageImage:
    return PageImage(1, pixels, 100.0, lines=lines)


def test_lines_without_a_region_are_kept() -> None:
    lines = [line("alone", 50, 50, 200, 70), line("covered", 60, 400, 300, 420)]
    found = analyze_page(
        page(), models(Read(lines), [Region(Box(50, 390, 400, 430), Label.TEXT, 0.99)])
    )
    assert {x.text for x in found.lines} == {"alone", "covered"}
    assert found.text_source == "ocr"


def test_a_blank_page_has_no_text_source() -> None:
    found = analyze_page(page(), models(Read()))
    assert found.text_source == "none"
    assert found.failure is None


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_turned_back_and_boxes_lead_to_the_source(turn: int) -> None:
    where = Box(100, 50, 180, 90)
    pixels = WHITE.copy()
    pixels[50:90, 100:180] = 0
    seen = Orientation(turn, 0.93, True)  # type: ignore[arg-type]
    found = analyze_page(page(pixels), models(Read(), turn=seen))
    assert found.turn == turn
    assert (found.width, found.height) == ((1000, 800) if turn != 180 else (800, 1000))
    upright = found.to_source.inverse().box(where)
    assert found.to_source.box(upright).as_tuple() == pytest.approx(where.as_tuple())
    assert 0 <= upright.x0 < upright.x1 <= found.width


def test_an_unsure_turn_is_reported_and_not_made() -> None:
    found = analyze_page(page(), models(Read(), turn=Orientation(90, 0.4, False)))
    assert found.turn == 0
    assert [notice.code for notice in found.notices] == ["W_ORIENTATION"]


def test_a_sideways_text_layer_turns_its_page() -> None:
    # Text that runs upwards stands on a page turned 270 degrees clockwise.
    layer = (line("a line of text that runs upwards", 100, 100, 130, 700, angle=90.0),)
    read = Read(single="a line of text that runs upwards")
    found = analyze_page(page(lines=layer), models(read))
    assert found.turn == 270
    (kept,) = found.lines
    assert kept.angle == pytest.approx(0)
    assert kept.box.width > kept.box.height
    assert read.calls == 0


def test_a_text_layer_that_lies_loses_against_the_pixels() -> None:
    layer = tuple(
        line(f"qwertz uiop asdf {i}", 50, 100 + 60 * i, 600, 130 + 60 * i) for i in range(9)
    )
    read = Read([line("what the page really says", 50, 100, 600, 130)], single="what the page says")
    found = analyze_page(page(lines=layer), models(read))
    assert [x.text for x in found.lines] == ["what the page really says"]
    assert found.text_source == "ocr"
    assert "W_TEXT_LAYER" in {notice.code for notice in found.notices}


def test_the_number_of_a_formula_goes_with_its_picture() -> None:
    lines = [line("a = b", 300, 400, 400, 420), line("(8)", 740, 400, 770, 420)]
    equation = Region(Box(290, 395, 410, 425), Label.EQUATION, 0.95)
    found = analyze_page(page(), models(Read(lines), [equation]))
    (picture,) = found.pictures
    assert [x.text for x in picture.lines] == ["a = b"]
    assert picture.number is not None
    assert picture.number.text == "(8)"
    assert found.lines == ()


def test_a_picture_on_a_digital_page_is_read_too() -> None:
    layer = tuple(
        line("the printed text of it", 50, 100 + 60 * i, 600, 130 + 60 * i) for i in range(5)
    )
    read = Read([line("in the picture", 10, 10, 200, 40)], single="the printed text of it")
    found = analyze_page(
        replace(page(lines=layer), unread=(Box(100, 600, 500, 900),)), models(read)
    )
    assert found.text_source == "mixed"
    (extra,) = [x for x in found.lines if x.text == "in the picture"]
    assert extra.box == Box(110, 610, 300, 640)


def test_text_that_the_layer_lays_over_a_picture_comes_once() -> None:
    layer = tuple(
        line("the printed text of it", 50, 100 + 60 * i, 600, 130 + 60 * i) for i in range(5)
    )
    read = Read([line("the printed text of it", 2, 2, 552, 32)], single="the printed text of it")
    found = analyze_page(replace(page(lines=layer), unread=(Box(48, 98, 700, 300),)), models(read))
    assert len(found.lines) == 5
    assert found.text_source == "text"


def test_table_lines_are_in_the_table_and_its_leftovers_in_the_page() -> None:
    lines = [
        line("Item", 100, 310, 180, 330), line("Price", 400, 310, 480, 330),
        line("Bolt", 100, 350, 180, 370), line("1.20", 400, 350, 480, 370),
        line("Nut", 100, 390, 180, 410), line("0.35", 400, 390, 480, 410),
    ]  # fmt: skip
    ruled = WHITE.copy()
    for y in (300, 340, 420):
        ruled[y : y + 2, 80:520] = 0
    cells = tuple(Cell(r, c, text="x", box=Box(0, 0, 5, 5)) for r in range(3) for c in range(2))
    rest = line("rest", 5, 6, 7, 8)
    found = analyze_page(
        page(ruled),
        models(
            Read(lines),
            [Region(Box(80, 300, 522, 422), Label.TABLE, 0.99)],
            grid=Grid(3, 2, cells),
            leftovers=[rest],
        ),
    )
    (table,) = found.tables
    assert {x.text for x in table.lines} == {x.text for x in lines}
    assert [x.text for x in found.lines] == ["rest"]
    first = table.grid.cells[0].box
    assert first is not None
    assert table.box.contains(first.x0 + 1, first.y0 + 1)
    (original,) = [x for x in table.lines if x.text == "Item"]
    assert original.box == lines[0].box


def test_a_table_of_one_column_is_text() -> None:
    lines = [line(f"{i + 1}.20", 100, 310 + 40 * i, 180, 330 + 40 * i) for i in range(3)]
    lines += [line("Bolt", 400, 310 + 40 * i, 480, 330 + 40 * i) for i in range(3)]
    cells = tuple(Cell(r, 0, text="x", box=Box(0, 40 * r, 420, 40 * r + 30)) for r in range(3))
    found = analyze_page(
        page(),
        models(
            Read(lines),
            [Region(Box(80, 300, 522, 422), Label.TABLE, 0.99)],
            grid=Grid(3, 1, cells),
        ),
    )
    assert found.tables == ()
    assert sorted(x.text for x in found.lines) == sorted(x.text for x in lines)


@pytest.mark.parametrize(
    ("columns", "review", "rows"),
    [(3, False, 6), (2, False, 7), (3, True, 7)],
    ids=["sure of them", "lost one", "not sure"],
)
def test_the_network_knows_the_rows_of_drawn_columns_only_where_it_is_sure_of_these(
    columns: int, review: bool, rows: int
) -> None:
    ruled = WHITE.copy()
    for y in (300, 340, 700):
        ruled[y : y + 2, 80:720] = 0
    for x in (80, 300, 500, 718):
        ruled[300:702, x : x + 2] = 0
    heads = [
        line(t, x, 310, x + 60, 330)
        for t, x in zip(("No", "Day", "Sum"), (90, 310, 510), strict=True)
    ]
    items = [
        line(f"{i}{part}", x, 360 + 50 * i, x + 60, 380 + 50 * i)
        for i in range(6)
        for part, x in zip(("", ".5.", ",50"), (90, 310, 510), strict=True)
    ]
    size = (400 // 6, 640 // columns)
    boxes = [
        (r, c, Box(c * size[1], r * size[0], (c + 1) * size[1], (r + 1) * size[0]))
        for r in range(6)
        for c in range(columns)
    ]
    cells = tuple(Cell(r, c, box=box) for r, c, box in boxes)
    found = analyze_page(
        page(ruled), models(Read([*heads, *items]), grid=Grid(6, columns, cells), review=review)
    )
    (table,) = found.tables
    assert table.grid.rows - (table.grid.rows > 7) == rows
    assert len(table.lines) == 21


@pytest.mark.parametrize(
    ("score", "stroke"), [(0.5, None), (0.9, 2.0)], ids=["hardly read", "thin as a pen"]
)
def test_a_signature_in_a_form_is_kept_as_a_picture_with_what_was_read(
    score: float, stroke: float | None
) -> None:
    drawn = WHITE.copy()
    for y in (300, 400, 600):
        drawn[y : y + 2, 80:520] = 0
    drawn[300:402, 300:302] = 0
    signature = replace(line("yory", 310, 335, 420, 398), score=score, stroke=stroke, size=60.0)
    lines = [
        line("1. Name", 90, 310, 160, 330),
        line("2. Signature", 310, 308, 420, 328),
        line("3. Remarks", 90, 405, 190, 425),
        signature,
    ]
    found = analyze_page(page(drawn), models(Read(lines)))
    (picture,) = found.pictures
    assert picture.lines == (signature,)
    # With room around it, but without the rule below.
    assert picture.box.as_tuple() == (308, 333, 422, 397)
    assert "yory" not in {x.text for x in (*found.lines, *found.tables[0].lines)}


def test_the_cells_of_a_form_are_those_that_are_drawn() -> None:
    lines = [
        line("1. Name", 90, 310, 160, 330),
        line("Jane Doe", 90, 345, 200, 365),
        line("2. Number", 310, 310, 400, 330),
        line("3. Remarks", 90, 405, 190, 425),
        line("under the form", 90, 640, 300, 660),
    ]
    drawn = WHITE.copy()
    drawn[300:402, 80:300] -= 40
    for y in (300, 400, 600):
        drawn[y : y + 2, 80:520] = 0
    drawn[300:402, 300:302] = 0
    found = analyze_page(page(drawn), models(Read(lines)))
    (table,) = found.tables
    assert [(c.row, c.col, c.colspan, c.text, c.borders) for c in table.grid.cells] == [
        (0, 0, 1, "1. Name\nJane Doe", "trb"),
        (0, 1, 1, "2. Number", "tbl"),
        (1, 0, 2, "3. Remarks", "tb"),
    ]
    assert [c.fill for c in table.grid.cells] == ["D7D7D7", None, None]
    assert table.ys == pytest.approx((301, 401, 601), abs=1.5)
    assert [x.text for x in found.lines] == ["under the form"]


def test_a_table_that_cannot_be_rebuilt_gives_its_lines_back() -> None:
    lines = [line(f"word {i}", 100, 310 + 30 * i, 180, 330 + 30 * i) for i in range(4)]
    found = analyze_page(
        page(), models(Read(lines), [Region(Box(80, 300, 522, 450), Label.TABLE, 0.99)])
    )
    kept = [*found.lines, *(x for picture in found.pictures for x in picture.lines)]
    assert sorted(x.text for x in kept) == sorted(x.text for x in lines)
    assert found.tables == ()


def test_of_too_many_lines_the_surest_are_kept_and_the_loss_is_told() -> None:
    lines = [line(f"line {n}", 50, 50 + 40 * n, 300, 70 + 40 * n) for n in range(4)]
    lines[1] = replace(lines[1], score=0.5)
    whole = analyze_page(page(), models(Read(lines)), most_lines=4)
    assert (len(whole.lines), whole.notices) == (4, ())
    cut = analyze_page(page(), models(Read(lines)), most_lines=3)
    assert [found.text for found in cut.lines] == ["line 0", "line 2", "line 3"]
    assert [(notice.code, notice.loss) for notice in cut.notices] == [("W_MANY", True)]


def test_a_failed_page_keeps_its_place_and_says_why() -> None:
    found = analyze_page(PageFailure(7, "the page tree is a loop", 300.0, 400.0), models(Read()))
    assert (found.number, found.failure) == (7, "the page tree is a loop")
    assert (found.width, found.height, found.dpi) == (300.0, 400.0, 72.0)
    assert found.notices[0].loss


def test_a_model_that_breaks_costs_its_page_only() -> None:
    def broken(pages: Sequence[RGBImage]) -> list[list[Region]]:
        raise RuntimeError("out of luck")

    found = analyze_page(page(), replace(models(Read()), regions=broken))
    assert found.failure == "RuntimeError: out of luck"
    assert found.to_source == Affine()
