from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.geometry import Affine, Box
from structure.orientation import deskew, estimate_skew, upright
from structure.orientation.postprocess import TURNS, Turn

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@given(SIZES, st.sampled_from(TURNS))
def test_turning_keeps_every_pixel_and_knows_the_way_back(
    size: tuple[int, int], turn: Turn
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    turned, back = upright(pixels, turn)
    assert turned.flags.c_contiguous
    for y in range(turned.shape[0]):
        for x in range(turned.shape[1]):
            there = back.box(Box(x, y, x + 1, y + 1))
            source = pixels[round(there.y0), round(there.x0)]
            assert there.area == pytest.approx(1)
            assert (turned[y, x] == source).all()


def test_a_page_turned_clockwise_is_turned_counter_clockwise() -> None:
    page = np.zeros((2, 3, 3), np.uint8)
    page[0, 0] = 255
    assert (upright(np.rot90(page, -1), 90).pixels == page).all()
    assert (upright(np.rot90(page, 1), 270).pixels == page).all()


def lined_page(height: int = 1100, width: int = 850, margin: int = 120) -> np.ndarray:
    """Words of random length on lines, as a page of text looks from far away."""
    random = np.random.default_rng(7)
    page = np.full((height, width, 3), 255, np.uint8)
    for y in range(margin, height - margin, 24):
        x = margin
        while x < width - margin - 40:
            length = int(random.integers(15, 60))
            page[y : y + 10, x : min(x + length, width - margin)] = 0
            x += length + 9
    return page


@pytest.mark.parametrize("angle", [-15.0, -3.0, -0.3, 0.0, 0.2, 1.0, 6.5])
def test_the_lean_is_found_to_a_tenth_of_a_degree(angle: float) -> None:
    leaning = deskew(lined_page(), -angle).pixels
    assert estimate_skew(leaning) == pytest.approx(angle, abs=0.1)


def test_a_straightened_page_is_straight() -> None:
    leaning = deskew(lined_page(), 4).pixels
    straight = deskew(leaning, estimate_skew(leaning)).pixels
    assert estimate_skew(straight) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (40, 30), (800, 600)])
def test_a_blank_page_has_no_lean(size: tuple[int, int]) -> None:
    assert estimate_skew(np.full((*size, 3), 255, np.uint8)) == 0


def test_noise_has_no_lean() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (800, 600, 3), np.uint8)
    assert estimate_skew(noise) == 0


def test_a_page_without_lean_is_left_alone() -> None:
    page = lined_page()
    turned, back = deskew(page, 0.0)
    assert turned is page
    assert back.as_tuple() == (1, 0, 0, 1, 0, 0)


def test_straightening_keeps_the_size_where_only_paper_is_cut_off() -> None:
    page = lined_page()
    assert deskew(page, 3).pixels.shape == page.shape


def test_straightening_grows_the_page_where_ink_would_be_cut_off() -> None:
    page = lined_page(margin=0)
    turned, back = deskew(page, 5)
    assert turned.shape[0] > page.shape[0]
    assert turned.shape[1] > page.shape[1]
    assert (turned < 128).sum() == pytest.approx((page < 128).sum(), rel=0.02)
    assert (turned[0, 0] == 255).all()
    corners = back.box(Box(0, 0, turned.shape[1], turned.shape[0]))
    assert corners.x0 < 0 < page.shape[1] < corners.x1


@pytest.mark.parametrize("angle", [-15.0, -5.0, -1.0, 2.0, 8.0])
@pytest.mark.parametrize("size", [(160, 120), (90, 200)])
def test_the_page_grows_just_where_ink_of_the_whole_page_would_leave_it(
    size: tuple[int, int], angle: float
) -> None:
    height, width = size
    way = Affine.rotation(-angle, width / 2, height / 2)
    for y in (*range(24), height // 2, *range(height - 29, height - 4)):
        for x in (*range(0, 24, 3), width // 2, *range(width - 28, width - 4, 3)):
            page = np.full((height, width, 3), 255, np.uint8)
            page[y : y + 5, x : x + 5] = 0
            rows, columns = np.nonzero(cv2.medianBlur(page[..., 0].copy(), 3) == 0)
            ends = (way.point(u, v) for v, u in zip(rows, columns, strict=True))
            gone = sum(not (0 <= u <= width and 0 <= v <= height) for u, v in ends)
            assert (deskew(page, angle).pixels.shape != page.shape) == (gone > 12)


@pytest.mark.parametrize(("margin", "angle"), [(120, 3.0), (0, 3.0), (120, -7.0), (0, -7.0)])
def test_the_way_back_leads_to_the_pixel(margin: int, angle: float) -> None:
    page = np.full((400, 300, 3), 255, np.uint8)
    if margin == 0:
        page[[0, -1]] = 0
    page[150:161, 80:91] = (255, 0, 0)
    turned, back = deskew(page, angle)
    red = np.clip(turned[..., 0].astype(float) - turned[..., 1], 0, None)
    y, x = (np.average(i + 0.5, weights=red) for i in np.indices(red.shape))
    assert back.point(x, y) == pytest.approx((85.5, 155.5), abs=0.1)
