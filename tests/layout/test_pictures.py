from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from layout import settle
from layout.geometry import measure
from layout.pictures import find_pictures
from structure.core.analysis import Label, Region, TextLine
from structure.core.geometry import Box

Pixels = NDArray[np.uint8]


def page(height: int = 1200, width: int = 900) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)


def with_photo(pixels: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    x0, y0, x1, y1 = box
    grain = np.random.default_rng(1).integers(0, 200, (y1 - y0, x1 - x0, 1), np.uint8)
    pixels[y0:y1, x0:x1] = cv2.GaussianBlur(grain, (7, 7), 0)[..., None]
    return pixels


def text(y: int, x: int = 400, width: int = 300) -> TextLine:
    return TextLine("a line of usual text", Box(x, y, x + width, y + 20))


def pictures(pixels: Pixels, lines: list[TextLine] | None = None) -> list[Box]:
    return find_pictures(measure(lines if lines is not None else [text(100), text(130)], pixels))


def test_a_photograph_that_bleeds_off_the_page_is_a_picture() -> None:
    (found,) = pictures(with_photo(page(), (0, 700, 300, 1200)))
    assert found.iou(Box(0, 700, 300, 1200)) > 0.9


def test_a_photograph_is_cut_off_the_black_border_of_the_scan_below_it() -> None:
    pixels = with_photo(page(), (0, 700, 300, 1100))
    pixels[1100:] = 0
    pixels[:, 870:] = 0
    (found,) = pictures(pixels)
    assert found.iou(Box(0, 700, 300, 1100)) > 0.9


def test_a_black_border_on_all_sides_is_no_picture() -> None:
    pixels = page()
    pixels[:40] = pixels[-90:] = 0
    pixels[:, :60] = pixels[:, -25:] = 0
    assert pictures(pixels) == []


def test_the_shadow_of_a_book_along_a_side_is_no_picture() -> None:
    pixels = page()
    pixels[:, :140] = np.linspace(90, 255, 140, dtype=np.uint8)[None, :, None]
    assert pictures(pixels) == []


def test_punch_holes_are_no_pictures_and_a_logo_as_small_is_one() -> None:
    pixels = page()
    for y in (400, 800):
        cv2.circle(pixels, (45, y), 19, (40, 40, 40), -1)
    for turn in range(0, 360, 30):
        cv2.ellipse(pixels, (600, 300), (40, 14), turn, 0, 360, (30, 30, 120), 2)
    (found,) = pictures(pixels, [text(500), text(530)])
    assert found.iou(Box(560, 260, 640, 340)) > 0.7


def test_a_barcode_is_one_picture_from_its_first_bar_to_its_last() -> None:
    pixels = page()
    at = 300
    for bar in [2, 4, 2, 3, 6, 2, 2, 5, 3, 2, 7, 2, 3, 4, 2, 2, 6, 3] * 2:
        pixels[600:660, at : at + bar] = 0
        at += bar + (3 if bar != 6 else 18)
    (found,) = pictures(pixels)
    assert found.iou(Box(300, 600, at, 660)) > 0.8


def test_a_coloured_panel_behind_text_does_not_swallow_the_photograph_on_it() -> None:
    pixels = page()
    pixels[500:1200, 500:] = (20, 180, 190)
    pixels = with_photo(pixels, (540, 300, 840, 700))
    lines = [text(100), text(130), text(900, 560, 280), text(930, 560, 280)]
    (found,) = pictures(pixels, lines)
    assert found.iou(Box(540, 300, 840, 700)) > 0.85


def test_a_photograph_on_a_black_page_with_white_text_is_found() -> None:
    pixels = with_photo(page(), (100, 600, 500, 1000))
    pixels[600:1000, 100:500] = np.maximum(pixels[600:1000, 100:500], 60)
    black = pixels.copy()
    black[:600] = black[1000:] = 0
    black[600:1000, :100] = black[600:1000, 500:] = 0
    (found,) = pictures(black)
    assert found.iou(Box(100, 600, 500, 1000)) > 0.8


def test_a_photograph_that_fills_the_page_is_a_picture() -> None:
    shades = np.random.default_rng(1).integers(0, 255, (60, 45), np.uint8)
    photo = cv2.resize(shades, (900, 1200), interpolation=cv2.INTER_CUBIC)
    pixels = np.repeat(photo[..., None], 3, axis=2)
    assert pictures(pixels, []) == [Box(0, 0, 900, 1200)]
    assert pictures(pixels, [text(100)]) == [Box(0, 0, 900, 1200)]


def test_boxes_of_a_flow_chart_are_one_drawing_and_two_photographs_stay_two() -> None:
    pixels = page()
    for y in (300, 375, 450):
        cv2.rectangle(pixels, (100, y), (200, y + 45), (0, 0, 0), 2)
        cv2.ellipse(pixels, (150, y + 22), (30, 15), 20, 0, 360, (0, 0, 0), 2)
    pixels = with_photo(pixels, (100, 700, 400, 1000))
    pixels = with_photo(pixels, (420, 700, 720, 1000))
    found = pictures(pixels)
    assert len(found) == 3
    assert found[0].iou(Box(98, 298, 202, 497)) > 0.7


def test_the_portrait_in_an_info_box_is_not_lost_in_its_table() -> None:
    pixels = with_photo(page(), (400, 150, 700, 450))
    lines = [text(100), *(text(y, x, 90) for y in range(480, 700, 30) for x in (400, 560, 700))]
    table = Region(Box(390, 90, 820, 720), Label.TABLE, 0.95)
    regions = settle([table], lines, pixels).regions
    (figure,) = [r for r in regions if r.label == Label.FIGURE]
    assert figure.box.iou(Box(400, 150, 700, 450)) > 0.9
    assert any(r.label == Label.TABLE for r in regions)


def test_specks_all_over_the_page_do_not_make_a_picture_grow() -> None:
    pixels = with_photo(page(), (300, 500, 500, 700))
    for x in range(10, 890, 38):
        for y in range(400, 1190, 38):
            pixels[y : y + 18, x : x + 3] = 0
    found = pictures(pixels)
    assert max(box.area for box in found) < 4 * 200 * 200
