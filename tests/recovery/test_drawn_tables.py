"""Drawn cells in a document: widths, heights, borders, fills, sizes and places of their text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from recovery.metrics import text_width
from recovery.restore import restore
from recovery.restore.cells import cell_looks
from structure.core.analysis import PageAnalysis, Picture, Table, TextLine
from structure.core.document import Producer, Source, TableBlock
from structure.core.geometry import Box
from structure.core.grid import Cell, Grid

SCALE = 72 / 200


def line(text: str, x0: float, y0: float, x1: float, y1: float) -> TextLine:
    return TextLine(text, Box(x0, y0, x1, y1), 0.9)


def table(lines: tuple[TextLine, ...] = ()) -> Table:
    """A row of two cells, 400 and 200 pixels wide, over a cell as wide as both."""
    grid = Grid(
        2,
        2,
        (
            Cell(0, 0, text="Name\nJane", borders="tbr"),
            Cell(0, 1, text="7", borders="tbl", fill="DDDDDD"),
            Cell(1, 0, 1, 2, text="Remarks", borders="tb"),
        ),
    )
    return Table(
        Box(100, 200, 700, 500),
        grid,
        lines=lines,
        ruled=True,
        xs=(100, 500, 700),
        ys=(200, 300, 500),
    )


def block(lines: tuple[TextLine, ...] = ()) -> TableBlock:
    page = PageAnalysis(1, 1654, 2339, 200, tables=(table(lines),))
    document = restore(
        [page],
        source=Source("form.png", "image/png", "0" * 64, 1),
        producer=Producer("test", "0"),
    )
    (found,) = document.body
    assert isinstance(found, TableBlock)
    return found


def test_edges_become_widths_and_heights_in_points() -> None:
    found = block()
    assert found.col_widths == pytest.approx((400 * SCALE, 200 * SCALE))
    assert found.row_heights == pytest.approx((100 * SCALE, 200 * SCALE))
    assert found.rules == "grid"


def test_borders_and_fills_reach_the_cells() -> None:
    cells = block().cells
    assert [cell.borders for cell in cells] == ["tbr", "tbl", "tb"]
    assert [cell.fill for cell in cells] == [None, "DDDDDD", None]


def test_text_in_the_middle_of_its_cell_stays_there() -> None:
    looks = cell_looks(table((line("7", 590, 238, 606, 262),)), SCALE)
    assert (looks[1].align, looks[1].valign) == ("center", "middle")
    assert looks[0].size is None


def test_text_at_the_right_edge_stays_there() -> None:
    looks = cell_looks(table((line("17.50", 620, 238, 692, 262),)), SCALE)
    assert looks[1].align == "right"


def test_cells_of_one_row_that_begin_at_one_height_begin_at_the_top() -> None:
    lines = (
        line("Name", 110, 210, 170, 234),
        line("Jane Doe of Somewhere", 110, 262, 330, 286),
        line("Number", 510, 210, 600, 234),
    )
    assert [look.valign for look in cell_looks(table(lines), SCALE)[:2]] == ["top", "top"]


def test_text_is_never_set_too_large_for_its_cell() -> None:
    lines = tuple(line("a line of text", 110, 205 + 23 * i, 290, 235 + 23 * i) for i in range(4))
    (look, *_) = cell_looks(table(lines), SCALE)
    assert look.size is not None
    assert 4 * look.size <= 100 * SCALE


def test_odd_sizes_of_single_words_follow_the_rest() -> None:
    many = tuple(
        line("words of one size in a form", 110, 310 + 30 * i, 430, 334 + 30 * i) for i in range(6)
    )
    odd = line("7", 560, 205, 640, 295)
    looks = cell_looks(table((*many, odd)), SCALE)
    assert looks[1].size == looks[2].size


def column(*lines: TextLine, width: float = 100) -> Table:
    """One column of cells, 40 pixels high."""
    edges = tuple(40.0 * i for i in range(len(lines) + 1))
    cells = tuple(Cell(i, 0, text=own.text) for i, own in enumerate(lines))
    grid = Grid(len(lines), 1, cells)
    box = Box(0, 0, width, edges[-1])
    return Table(box, grid, 1.0, lines=lines, ruled=True, xs=(0.0, width), ys=edges)


def test_numbers_that_fill_their_cell_are_flush_right_with_the_others() -> None:
    lines = [line("7", 80, 8 + 40 * i, 95, 32 + 40 * i) for i in range(5)]
    lines.insert(2, line("7,777", 5, 88, 95, 112))
    lines[3:] = [line("7", 80, 8 + 40 * i, 95, 32 + 40 * i) for i in range(3, 6)]
    looks = cell_looks(column(*lines), SCALE)
    assert [look.align for look in looks] == ["right"] * 6


def test_words_that_begin_at_the_left_edge_stay_there() -> None:
    texts = [line("name", 5, 8 + 40 * i, 50 + 8 * (i % 3), 32 + 40 * i) for i in range(6)]
    looks = cell_looks(column(*texts), SCALE)
    assert {look.align for look in looks} <= {"left", None}


def test_narrow_type_is_set_smaller_in_all_cells_of_its_size() -> None:
    # As wide as their cell in a condensed face; ours needs a quarter more.
    lines = [line("CONTRACTED LINE", 4, 8 + 40 * i, 216, 32 + 40 * i) for i in range(4)]
    short = line("NOTE", 4, 168, 60, 192)
    alone = cell_looks(column(*lines, short, width=220), SCALE)
    assert {look.size for look in alone} == {alone[0].size}
    assert alone[0].size is not None
    assert alone[0].size * text_width("CONTRACTED LINE", "sans") <= 220 * SCALE


def info_box(*pictures: Picture, boxes: Sequence[Box | None] = ()) -> TableBlock:
    """A table without rules: a title, a caption and a fact, with room between the first two."""
    tops = boxes or (Box(300, 210, 400, 240), Box(150, 600, 600, 640), Box(110, 660, 300, 690))
    cells = tuple(
        Cell(row, 0, 1, 1, text=text, box=box)
        for row, (text, box) in enumerate(zip(("Edgar", "A roll", "Reign"), tops, strict=True))
    )
    own = Table(Box(100, 200, 700, 720), Grid(3, 1, cells))
    page = PageAnalysis(1, 1654, 2339, 200, tables=(own,), pictures=pictures)
    document = restore(
        [page], source=Source("a.png", "image/png", "0" * 64, 1), producer=Producer("test", "0")
    )
    return next(block for block in document.body if isinstance(block, TableBlock))


def photo(box: Box) -> Picture:
    return Picture(box, b"photo", "image/png", 1, 1)


def test_rows_of_a_table_leave_room_for_the_picture_on_it() -> None:
    found = info_box(photo(Box(150, 250, 600, 590)))
    assert found.row_heights == pytest.approx((400 * SCALE, 60 * SCALE, 60 * SCALE))


def test_rows_without_pictures_or_places_have_no_heights() -> None:
    picture = photo(Box(150, 250, 600, 590))
    assert info_box().row_heights == ()
    assert info_box(photo(Box(800, 250, 900, 590))).row_heights == ()
    assert info_box(picture, boxes=(Box(300, 210, 400, 240), None, None)).row_heights == ()
    upwards = (Box(300, 610, 400, 640), Box(150, 600, 600, 640), Box(110, 560, 300, 590))
    assert info_box(picture, boxes=upwards).row_heights == ()
