"""Signatures and notes by hand: ink that nobody could read stays as a picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from layout import settle
from layout.geometry import measure
from layout.script import find_script, unreadable
from structure.core.analysis import Label, Region, TextLine, Word
from structure.core.geometry import Box

LINES = [
    TextLine(
        "The undersigned swears that all of this is true to the best of his belief",
        Box(100, y, 900, y + 24),
        0.99,
        (Word("The", Box(100, y, 140, y + 24)),),
    )
    for y in range(100, 400, 36)
]


def paper() -> NDArray[np.uint8]:
    pixels = np.full((1000, 1000, 3), 255, np.uint8)
    for line in LINES:
        x0, y0, x1, y1 = map(round, line.box.as_tuple())
        pixels[y0 + 6 : y1 - 6 : 4, x0:x1:3] = 0
    return pixels


def signed(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """Loops of a pen that fill a box."""
    t = np.linspace(0, 6 * np.pi, 400)
    x = box.x0 + box.width * (t / t[-1] * 0.85 + 0.15 * (0.5 + np.sin(t * 2.1) / 2))
    y = box.center[1] + box.height / 2 * np.sin(t) * np.cos(t / 9)
    points = np.stack([x, y], axis=1).round().astype(np.int32)
    return cv2.polylines(pixels, [points], False, (0, 0, 0), 3)


def test_a_signature_that_has_no_line_is_a_picture() -> None:
    place = Box(500, 600, 760, 640)
    settled = settle([], LINES, signed(paper(), place))
    (picture,) = [r for r in settled.regions if r.label == Label.FIGURE]
    assert Box(522, 606, 758, 636).covered_by(picture.box) == 1
    assert picture.box.covered_by(place.padded(12)) == 1


@pytest.mark.parametrize("share", [0.03, 0.06, 0.09, 0.12, 0.3])
def test_grain_is_no_script(share: float) -> None:
    pixels = paper()
    rng = np.random.default_rng(1)
    pixels[600:640, 500:760][rng.random((40, 260)) < share] = 0
    assert find_script(measure(LINES, pixels)) == []


@pytest.mark.parametrize("kind", ["rule", "edge", "word"])
def test_other_ink_is_no_script(kind: str) -> None:
    pixels = paper()
    if kind == "rule":
        cv2.line(pixels, (300, 700), (700, 700), (0, 0, 0), 3)
    elif kind == "edge":
        signed(pixels, Box(-80, 600, 260, 640))
    else:
        signed(pixels, Box(500, 600, 540, 630))
    assert find_script(measure(LINES, pixels)) == []


def test_what_is_taken_is_not_found_again() -> None:
    place = Box(500, 600, 760, 640)
    page = measure(LINES, signed(paper(), place))
    assert len(find_script(page)) == 1
    assert find_script(page, [place.padded(10)]) == []


def hand(y: float, text: str = "Cotheatfe", score: float = 0.5, height: float = 60) -> TextLine:
    return TextLine(text, Box(500, y, 760, y + height), score)


def test_a_tall_line_hardly_made_out_is_a_picture_with_its_text() -> None:
    line = hand(600)
    settled = settle([], [*LINES, line], signed(paper(), Box(490, 606, 780, 650)))
    owner = settled.line_regions[-1]
    assert owner is not None
    region = settled.regions[owner]
    assert region.label == Label.FIGURE
    # The strokes that reach over the box of the line belong to its picture.
    assert Box(500, 608, 770, 648).covered_by(region.box) == 1
    assert sum(r.label == Label.FIGURE for r in settled.regions) == 1


@pytest.mark.parametrize(
    "line",
    [hand(600, score=0.9), hand(600, height=30), TextLine("I", Box(500, 600, 520, 660), 0.5)],
)
def test_lines_that_were_made_out_or_are_low_or_upright_stay_text(line: TextLine) -> None:
    assert unreadable([*LINES, line], [], paper()) == frozenset()


def test_many_such_lines_are_the_print_of_a_worn_page() -> None:
    few = [hand(500 + 80 * i) for i in range(4)]
    assert unreadable([*LINES, *few], [], paper()) == frozenset(range(9, 13))
    many = [*few, hand(900)]
    assert unreadable([*LINES, *many], [], paper()) == frozenset()


def test_a_formula_stays_a_formula() -> None:
    formula = Region(Box(480, 590, 780, 670), Label.EQUATION, 0.9)
    assert unreadable([*LINES, hand(600)], [formula], paper()) == frozenset()


def test_lines_in_drawn_cells_are_left_to_the_form() -> None:
    pixels = paper()
    for y in (560, 700, 840):
        cv2.line(pixels, (100, y), (900, y), (0, 0, 0), 3)
    for x in (100, 450, 900):
        cv2.line(pixels, (x, 560), (x, 840), (0, 0, 0), 3)
    labels = [
        TextLine(t, Box(x, y, x + 200, y + 24), 0.99)
        for t, x, y in (("Name", 120, 570), ("Signature", 470, 570), ("Date", 120, 710))
    ]
    assert unreadable([*LINES, *labels, hand(620)], [], pixels) == frozenset()


def test_a_picture_shows_nothing_of_the_lines_around_it() -> None:
    above = TextLine("sworn to before me on this day", Box(480, 590, 800, 616), 0.99)
    below = TextLine("(Notary or other officer)", Box(520, 642, 740, 664), 0.99)
    settled = settle([], [*LINES, above, below, hand(600)], paper())
    owner = settled.line_regions[-1]
    assert owner is not None
    assert settled.regions[owner].label == Label.FIGURE
    assert settled.regions[owner].box.as_tuple() == pytest.approx((500, 615, 760, 645), abs=1)
    assert owner not in settled.line_regions[:-1]


def stamped() -> tuple[NDArray[np.uint8], list[TextLine], Box]:
    """A form whose last cell holds a stamp on its side, four lines of it, one of them read."""
    pixels = paper()
    for y in (560, 640, 900):
        cv2.line(pixels, (100, y), (900, y), (0, 0, 0), 3)
    for x in (100, 500, 900):
        cv2.line(pixels, (x, 560), (x, 900), (0, 0, 0), 3)
    labels = [
        TextLine(t, Box(x, y, x + 200, y + 24), 0.99)
        for t, x, y in (("Name", 120, 570), ("Number", 520, 570), ("Kinds", 120, 650))
    ]
    for x in (700, 740, 780, 820):
        for y in range(690, 880, 24):
            cv2.ellipse(pixels, (x, y), (14, 9), 0, 0, 360, (0, 0, 0), 3)
            cv2.line(pixels, (x, y), (x + 12, y + 12), (0, 0, 0), 3)
    return pixels, labels, Box(682, 678, 722, 886)


@pytest.mark.parametrize("column", [0, 40, 80])
def test_a_stamp_on_its_side_is_a_picture_with_the_lines_that_were_read(column: int) -> None:
    pixels, labels, place = stamped()
    read = TextLine("REGISTRATION UNIT", place.shifted(column, 0), 0.98, angle=-90.0)
    settled = settle([], [*LINES, *labels, read], pixels)
    owner = settled.line_regions[-1]
    assert owner is not None
    region = settled.regions[owner]
    assert region.label == Label.FIGURE
    assert Box(690, 685, 830, 860).covered_by(region.box) == 1
    assert all(settled.regions[o].label == Label.TABLE for o in settled.line_regions[-4:-1] if o)


@pytest.mark.parametrize(("height", "pictures"), [(24, 0), (6, 1)])
def test_upright_text_over_much_of_the_ink_of_a_cell_is_no_stamp(
    height: int, pictures: int
) -> None:
    pixels, labels, _ = stamped()
    line = TextLine("crossed", Box(690, 774, 830, 774 + height), 0.9)
    settled = settle([], [*LINES, *labels, line], pixels)
    assert sum(r.label == Label.FIGURE for r in settled.regions) == pictures


def test_a_sideways_line_that_was_read_whole_stays_text() -> None:
    pixels, labels, place = stamped()
    pixels[650:890, 722:890] = 255
    read = TextLine("REGISTRATION UNIT", place, 0.98, angle=-90.0)
    settled = settle([], [*LINES, *labels, read], pixels)
    assert all(r.label != Label.FIGURE for r in settled.regions)
