from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from structure.core.images import RGBImage
from structure.ocr.ink import em_size, find_ink


def line_of(text: str, size: int, *, blur: float = 0.7) -> RGBImage:
    """A line picture of a text, in the type that comes with Pillow."""
    font = ImageFont.load_default(size)
    picture = Image.new("L", (round(font.getlength(text)) + 20, 2 * size), 255)
    ImageDraw.Draw(picture).text((10, size // 2), text, font=font, fill=0)
    grey = cv2.GaussianBlur(np.asarray(picture), (0, 0), blur)
    return np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2))


def test_the_ink_of_neighbouring_lines_is_left_out() -> None:
    line = np.full((40, 100, 3), 255, np.uint8)
    line[:4, 20:80] = 0  # feet of the line above
    line[14:30, 5:95:3] = 0
    found = find_ink(line)
    assert (found.top, found.bottom) == (14, 30)


def test_white_ink_on_black_is_ink() -> None:
    line = np.zeros((30, 60, 3), np.uint8)
    line[10:20, 20:40] = 255
    found = find_ink(line)
    assert (found.top, found.bottom) == (10, 20)
    assert np.flatnonzero(found.columns).tolist() == list(range(20, 40))


def test_a_blank_line_picture_has_ink_nowhere_in_particular() -> None:
    found = find_ink(np.full((10, 20, 3), 255, np.uint8))
    assert 0 <= found.top < found.bottom <= 10


def test_bold_strokes_are_wider_than_regular_ones() -> None:
    def bars(stroke: int) -> float:
        line = np.full((40, 200, 3), 255, np.uint8)
        for x in range(10, 190, 15):
            line[8:32, x : x + stroke] = 0
        return find_ink(line).stroke

    assert bars(3) == pytest.approx(3, rel=0.15)
    assert bars(5) == pytest.approx(5, rel=0.2)


def test_the_feet_of_a_touching_line_above_do_not_count() -> None:
    line = np.full((60, 200, 3), 255, np.uint8)
    line[25:40, 10:190:4] = 0  # small letters
    line[17:25, 10:190:40] = 0  # ascenders
    line[0:17, 20:190:60] = 0  # what hangs down from above and touches
    found = find_ink(line)
    assert 12 <= found.top <= 17


@pytest.mark.parametrize("text", ["so no one saw us", "CAPITALS 1402", "Figure of the harbour"])
def test_the_size_of_type_is_finer_than_a_pixel(text: str) -> None:
    found = [em_size(text, find_ink(line_of(text, size))) or 0.0 for size in (20, 24, 28, 29, 40)]
    ratios = np.array(found) / (20, 24, 28, 29, 40)
    assert ratios.max() / ratios.min() < 1.09
    assert 0.9 < ratios.mean() < 1.15


def leaning(line: RGBImage, degrees: float) -> RGBImage:
    lean = np.tan(np.radians(degrees))
    height, width = line.shape[:2]
    way = np.array([[1, -lean, lean * height / 2], [0, 1, 0]])
    moved = cv2.warpAffine(line, way, (width, height), borderValue=(255, 255, 255))
    return np.asarray(moved, np.uint8)


@pytest.mark.parametrize("degrees", [0, 8, 14])
def test_the_slant_of_type_is_found(degrees: int) -> None:
    line = leaning(line_of("Department and their network", 28), degrees)
    assert find_ink(line).slant == pytest.approx(degrees, abs=3)


def colored(ink: tuple[int, int, int], paper: tuple[int, int, int]) -> RGBImage:
    share = line_of("Figure of the harbour", 28).astype(float) / 255
    return np.round(share * paper + (1 - share) * ink).astype(np.uint8)


@pytest.mark.parametrize(
    ("ink", "paper", "color"),
    [
        ((125, 32, 32), (250, 248, 244), "7D2020"),
        ((30, 30, 30), (250, 250, 250), None),
        ((60, 52, 50), (250, 250, 250), None),  # worn black
        ((125, 32, 32), (250, 220, 120), None),  # on coloured paper nobody knows
        ((250, 250, 250), (20, 40, 160), None),  # white on blue
    ],
)
def test_ink_has_a_colour_where_it_is_clear(
    ink: tuple[int, int, int], paper: tuple[int, int, int], color: str | None
) -> None:
    found = find_ink(colored(ink, paper)).color
    assert (found is None) == (color is None)
    if found and color:
        apart = np.subtract([*bytes.fromhex(found)], [*bytes.fromhex(color)])
        assert np.abs(apart).max() < 24


def test_blur_hardly_changes_the_size_of_type() -> None:
    sharp = em_size("about thirty houses", find_ink(line_of("about thirty houses", 28, blur=0.4)))
    soft = em_size("about thirty houses", find_ink(line_of("about thirty houses", 28, blur=1.4)))
    assert sharp is not None
    assert soft == pytest.approx(sharp, rel=0.06)


def test_marks_without_letters_have_no_size() -> None:
    assert em_size("...", find_ink(line_of("...", 30))) is None


def test_leaning_rules_of_a_table_do_not_make_a_number_larger() -> None:
    plain = line_of("12,840", 28)
    ruled = plain.copy()
    height, width = ruled.shape[:2]
    cv2.line(ruled, (0, height - 6), (width, height - 4), (0, 0, 0), 2)
    cv2.line(ruled, (0, 3), (width, 5), (0, 0, 0), 2)
    size = em_size("12,840", find_ink(plain))
    assert em_size("12,840", find_ink(ruled)) == pytest.approx(size, rel=0.03)


def test_the_rules_of_a_table_are_no_ink_of_a_number() -> None:
    picture = np.full((40, 60, 3), 255, np.uint8)
    picture[12:28, 20:40] = 0
    picture[12:28, 24:36] = 255
    picture[34:37] = 0
    picture[:, 55:58] = 0
    ink = find_ink(picture)
    assert (ink.top, ink.bottom) == (12, 28)
    assert list(np.flatnonzero(ink.columns)[[0, -1]]) == [20, 39]


@pytest.mark.parametrize("text", ["7", "T", "1", "5"])
def test_a_lone_letter_is_as_high_as_it_is(text: str) -> None:
    line = line_of(text, 40)
    dark = np.flatnonzero((line.min(axis=2) < 128).any(axis=1))
    found = find_ink(line)
    assert (found.top, found.bottom) == pytest.approx((dark[0], dark[-1] + 1), abs=2)
