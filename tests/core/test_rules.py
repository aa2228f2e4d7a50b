from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from structure.core.geometry import Box
from structure.core.rules import Rule, Rules, connected, extent, find_rules, lattice

Page = NDArray[np.uint8]


def paper(height: int = 600, width: int = 800) -> Page:
    return np.full((height, width, 3), 255, np.uint8)


def write(page: Page, text: str, x: int, y: int, scale: float = 0.8) -> None:
    cv2.putText(page, text, (x, y), cv2.FONT_HERSHEY_DUPLEX, scale, (20, 20, 20), 1, cv2.LINE_AA)


def draw_grid(page: Page, xs: list[int], ys: list[int], grey: int = 0, thick: int = 1) -> None:
    for x in xs:
        cv2.line(page, (x, ys[0]), (x, ys[-1]), (grey,) * 3, thick)
    for y in ys:
        cv2.line(page, (xs[0], y), (xs[-1], y), (grey,) * 3, thick)


def test_a_blank_page_has_no_rules() -> None:
    assert find_rules(paper()) == Rules()


def test_a_single_pixel_has_no_rules() -> None:
    assert find_rules(paper(1, 1)) == Rules()


@pytest.mark.parametrize("grey", [0, 120, 200])
@pytest.mark.parametrize("thick", [1, 3, 6])
def test_a_rule_is_found_where_it_was_drawn(grey: int, thick: int) -> None:
    page = paper()
    cv2.line(page, (100, 300), (700, 300), (grey,) * 3, thick)
    (rule,) = find_rules(page).horizontal
    assert rule.at == pytest.approx(300, abs=3)
    assert (rule.start, rule.end) == (pytest.approx(100, abs=8), pytest.approx(700, abs=8))
    assert find_rules(page).vertical == ()


def test_turning_the_page_swaps_horizontal_and_vertical() -> None:
    page = paper(600, 600)
    draw_grid(page, [100, 300, 500], [150, 250, 400])
    rules = find_rules(page)
    turned = find_rules(np.ascontiguousarray(page.transpose(1, 0, 2)))
    assert (turned.vertical, turned.horizontal) == (rules.horizontal, rules.vertical)


@pytest.mark.parametrize("period", [4, 8])
def test_a_dotted_rule_is_one_rule(period: int) -> None:
    page = paper()
    for x in range(100, 700, period):
        page[300:302, x : x + period // 2] = 0
    (rule,) = find_rules(page).horizontal
    assert rule.length == pytest.approx(600, abs=20)


@pytest.mark.parametrize("degrees", [-1.0, 0.5, 1.0])
def test_a_leaning_rule_is_one_rule(degrees: float) -> None:
    page = paper()
    rise = round(600 * np.tan(np.radians(degrees)))
    cv2.line(page, (100, 300), (700, 300 + rise), (0, 0, 0), 2, cv2.LINE_AA)
    (rule,) = find_rules(page).horizontal
    assert rule.length == pytest.approx(600, abs=30)
    assert rule.at == pytest.approx(300 + rise / 2, abs=4)


def test_text_holds_no_rules() -> None:
    page = paper()
    for row in range(12):
        write(page, "EFFECTIVE little lines TITLE illness 1111 HHH", 40, 60 + 40 * row)
    assert find_rules(page) == Rules()


def test_a_bar_is_no_rule() -> None:
    page = paper()
    page[280:320, 100:700] = 30
    assert find_rules(page).horizontal == ()


@pytest.mark.parametrize("zoom", [0.75, 1.0, 1.5])
def test_a_lattice_is_found_from_150_to_300_dpi(zoom: float) -> None:
    xs = [round(zoom * x) for x in (100, 250, 450, 700)]
    ys = [round(zoom * y) for y in (100, 150, 200, 260)]
    page = paper(round(600 * zoom), round(800 * zoom))
    draw_grid(page, xs, ys)
    for row in range(3):
        for column in range(3):
            write(page, "12.50", xs[column] + 12, ys[row + 1] - 12, 0.6 * zoom)
    found = lattice(find_rules(page), Box(xs[0], ys[0], xs[-1], ys[-1]))
    assert found is not None
    assert found[0] == pytest.approx(xs, abs=4)
    assert found[1] == pytest.approx(ys, abs=4)


def test_a_frame_is_no_lattice() -> None:
    page = paper()
    draw_grid(page, [100, 700], [100, 500])
    assert lattice(find_rules(page), Box(100, 100, 700, 500)) is None


def test_separate_grids_are_separate_groups() -> None:
    page = paper()
    draw_grid(page, [50, 150, 350], [50, 120, 190])
    draw_grid(page, [450, 550, 750], [300, 370, 440])
    first, second = (extent(group).as_tuple() for group in connected(find_rules(page)))
    assert first == pytest.approx((50, 50, 350, 190), abs=4)
    assert second == pytest.approx((450, 300, 750, 440), abs=4)


def test_the_extent_of_no_rules_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rules"):
        extent(Rules())


def test_an_em_of_zero_is_an_error() -> None:
    with pytest.raises(ValueError, match="positive"):
        find_rules(paper(), em=0)


def test_rules_are_cut_to_a_box_and_moved() -> None:
    rules = Rules((Rule(50, 0, 200), Rule(150, 0, 200)), (Rule(20, 0, 200),))
    part = rules.within(Box(10, 40, 100, 120))
    assert part == Rules((Rule(50, 10, 100),), (Rule(20, 40, 120),))
    assert part.shifted(-10, -40) == Rules((Rule(10, 0, 90),), (Rule(10, 0, 80),))


@pytest.mark.data
def test_a_page_of_two_column_prose_has_hardly_a_rule(shared_data: Path) -> None:
    with Image.open(shared_data / "examples" / "two-column-scan.png") as picture:
        page = np.asarray(picture.convert("RGB"))
    rules = find_rules(page, em=45)
    assert len(rules.horizontal) + len(rules.vertical) <= 6
    assert connected(rules) == []
