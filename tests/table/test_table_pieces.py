from __future__ import annotations

import cv2
import numpy as np
import pytest

from structure.core.geometry import Affine, Box
from structure.core.grid import Cell, Grid, arrange
from structure.core.images import RGBImage
from table.cutting import cut, text_rows
from table.decoder import Decoded
from table.postprocess import Structure, read_structure, stack
from table.preprocess import SIDE, Prepared, prepare, to_input
from table.ruling import drawn_lines, with_drawn_cells
from table.vocabulary import CHINESE


def bars(rows: int, pitch: int = 20, height: int = 10) -> RGBImage:
    """Rows of black blocks in place of words."""
    picture = np.full((rows * pitch, 200, 3), 255, np.uint8)
    for row in range(rows):
        for x in range(10, 180, 36):
            picture[row * pitch + 5 : row * pitch + 5 + height, x : x + 24] = 0
    return picture


def decoded(*tokens: str) -> Decoded:
    """Tokens, each with the location of the upper left quarter."""
    corners = np.tile(np.float32([0, 0, 0.5, 0, 0.5, 0.5, 0, 0.5]), (len(tokens), 1))
    ids = np.array([CHINESE.index(token) for token in tokens])
    return Decoded(ids, np.full(len(tokens) + 1, 0.9, np.float32), corners, False, 0)


def test_the_longer_side_fills_the_input_and_the_rest_is_zero() -> None:
    image = to_input(np.full((10, 40, 3), 255, np.uint8))
    assert image.shape == (3, SIDE, SIDE)
    assert (image[:, : SIDE // 4] > 2).all()
    assert not image[:, SIDE // 4 :].any()


def test_red_is_the_last_channel() -> None:
    image = to_input(np.full((4, 4, 3), (255, 0, 0), np.uint8))
    assert image[2, 0, 0] > 0 > image[0, 0, 0]


def test_a_crop_is_cut_to_its_ink() -> None:
    picture = np.full((100, 200, 3), 240, np.uint8)
    picture[30:50, 60:90] = 20
    picture[5, 5] = 0  # a speck
    prepared = prepare(picture)
    assert prepared.pixels.shape == (24, 34, 3)
    assert prepared.to_crop.point(2, 2) == (60, 30)


def test_a_dark_picture_is_inverted_and_a_framed_one_is_not() -> None:
    framed = bars(5)
    framed[[0, -1]] = 0
    framed[:, [0, -1]] = 0
    assert (prepare(framed).pixels == framed).all()
    assert (prepare(255 - bars(5)).pixels == prepare(bars(5)).pixels).all()


def test_a_lean_is_taken_out_and_found_again() -> None:
    picture = np.full((400, 600, 3), 255, np.uint8)
    for y in range(60, 340, 24):
        for x in range(60, 520, 60):
            cv2.putText(picture, "1234", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    turn = cv2.getRotationMatrix2D((300, 200), 3, 1)
    leaning = cv2.warpAffine(picture, turn, (600, 400), borderValue=(255, 255, 255))
    prepared = prepare(leaning)
    assert len(text_rows(prepared.pixels)) == 12
    x, y = prepared.to_crop.point(0, 0)
    expected = turn @ (58, 46, 1)
    assert (x, y) == pytest.approx(tuple(expected), abs=6)


def test_rules_are_no_rows_of_text() -> None:
    picture = bars(6)
    picture[::20] = 0
    picture[:, [2, 100, 197]] = 0
    assert len(text_rows(picture)) == 6


def test_pieces_hold_all_rows_and_know_their_place() -> None:
    whole = Prepared(bars(60), Affine.shift(7, 9))
    rows = text_rows(whole.pixels)
    pieces = cut(whole, rows, 3)
    assert [len(text_rows(piece.pixels)) for piece in pieces] == [20, 20, 20]
    assert pieces[1].to_crop.point(0, 0) == (7 + 8, 9 + 400 + 3)


def test_a_picture_without_rows_stays_in_one_piece() -> None:
    whole = Prepared(bars(1), Affine())
    assert len(cut(whole, text_rows(whole.pixels), 4)) == 1


def test_spans_header_and_boxes_are_read_from_the_tokens() -> None:
    found = read_structure(
        decoded(
            *("<thead>", "<tr>", "<td", ' colspan="2"', ' rowspan="3"', ">", "</td>"),
            *("<td></td>", "</tr>", "</thead>", "<tbody>", "<tr>", "<td></td>", "</tr>"),
            "</tbody>",
        ),
        CHINESE,
        200,
        80,
    )
    (first, second), (third,) = found.rows
    assert (first.rowspan, first.colspan, first.header) == (3, 2, True)
    assert (second.rowspan, second.colspan, second.header) == (1, 1, True)
    assert not third.header
    assert first.box == Box(0, 0, 100, 80)  # half of the square of 200, cut at the picture's end
    assert found.score == pytest.approx(0.9)


def test_boxes_may_be_fractions_of_the_picture_itself() -> None:
    tokens = decoded("<tr>", "<td></td>", "</tr>")
    ((cell,),) = read_structure(tokens, CHINESE, 200, 80, square=False).rows
    assert cell.box == Box(0, 0, 100, 40)


def test_stacked_pieces_keep_one_header_and_no_span_across_the_cut() -> None:
    row = (Cell(0, 0, rowspan=9, header=True), Cell(0, 0, header=True))
    piece = Structure((row, row[1:]), 0.9, 10, truncated=False, fixes=1)
    both = stack([piece, piece])
    assert [cell.header for cells in both.rows for cell in cells] == [True] * 3 + [False] * 3
    assert [cells[0].rowspan for cells in both.rows] == [2, 1, 2, 1]
    assert both.fixes == 2
    assert arrange(both.rows)[1] == []


def test_drawn_cells_are_found_with_or_without_a_frame() -> None:
    picture = np.full((121, 301, 3), 255, np.uint8)
    picture[[30, 60, 90], :] = 0
    picture[:, [75, 150, 225]] = 0
    open_sides = drawn_lines(picture, 14)
    picture[[1, 119], :] = 0
    picture[:, [1, 299]] = 0
    framed = drawn_lines(picture, 14)
    for found in (open_sides, framed):
        assert found is not None
        assert found[0] == pytest.approx((0, 75, 150, 225, 300), abs=2)
        assert found[1] == pytest.approx((0, 30, 60, 90, 120), abs=2)
    assert drawn_lines(bars(8), 10) is None


def test_drawn_cells_count_only_where_they_fit_the_grid() -> None:
    grid = Grid(1, 2, (Cell(0, 0), Cell(0, 1)))
    exact = with_drawn_cells(grid, ((0.0, 10.0, 30.0), (0.0, 5.0)))
    assert exact is not None
    assert [cell.box for cell in exact.cells] == [Box(0, 0, 10, 5), Box(10, 0, 30, 5)]
    assert with_drawn_cells(grid, ((0.0, 10.0), (0.0, 5.0))) is None
