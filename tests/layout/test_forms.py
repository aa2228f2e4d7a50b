"""Forms by their drawn cells: what is one, what is none, how far it goes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from layout import settle
from layout.forms import find_forms
from layout.geometry import measure
from structure.core.analysis import Label, Region, TextLine, Word
from structure.core.drawn import DrawnGrid
from structure.core.geometry import Box

Pixels = NDArray[np.uint8]


def page() -> Pixels:
    return np.full((1400, 1000, 3), 255, np.uint8)


def across(pixels: Pixels, *ys: int, x0: int = 100, x1: int = 900) -> None:
    for y in ys:
        cv2.line(pixels, (x0, y), (x1, y), (0, 0, 0), 2)


def down(pixels: Pixels, *xs: int, y0: int, y1: int) -> None:
    for x in xs:
        cv2.line(pixels, (x, y0), (x, y1), (0, 0, 0), 2)


def line(text: str, x: float, y: float) -> TextLine:
    words = []
    at = x
    for part in text.split():
        words.append(Word(part, Box(at, y, at + 12 * len(part), y + 24)))
        at += 12 * (len(part) + 1)
    return TextLine(text, Box(x, y, at - 12, y + 24), 0.9, tuple(words))


def prose(
    x: float, y: float, count: int, words: str = "lorem ipsum dolor sit amet con"
) -> list[TextLine]:
    return [line(words, x, y + 30 * i) for i in range(count)]


def forms(lines: list[TextLine], pixels: Pixels) -> list[DrawnGrid]:
    return find_forms(measure(lines, pixels))


def open_form() -> tuple[list[TextLine], Pixels]:
    """Three rows, open at the sides; the second is one cell as wide as the form."""
    pixels = page()
    across(pixels, 200, 300, 400, 520)
    down(pixels, 600, y0=200, y1=300)
    down(pixels, 400, y0=400, y1=520)
    lines = [
        line("1. Name of registrant", 110, 210),
        line("2. Number", 610, 210),
        line("3. Nature of material", 110, 310),
        line("4. Date", 110, 410),
        line("5. Signature", 410, 410),
    ]
    return lines, pixels


def test_rows_as_wide_as_the_form_belong_to_it() -> None:
    (form,) = forms(*open_form())
    assert (form.grid.rows, form.grid.cols) == (3, 3)
    assert [(c.row, c.col, c.colspan) for c in form.grid.cells] == [
        (0, 0, 2), (0, 2, 1), (1, 0, 3), (2, 0, 1), (2, 1, 2),
    ]  # fmt: skip


def test_a_rule_below_with_nothing_between_is_not_of_the_form() -> None:
    lines, pixels = open_form()
    across(pixels, 700)
    (form,) = forms(lines, pixels)
    assert form.ys[-1] == pytest.approx(520, abs=3)


def test_instructions_over_a_form_stay_outside() -> None:
    lines, pixels = open_form()
    across(pixels, 50)
    (form,) = forms(
        [
            *lines,
            *prose(
                110,
                60,
                4,
                "report must be in duplicate and all items in this form must be answered",
            ),
        ],
        pixels,
    )
    assert form.ys[0] == pytest.approx(200, abs=3)


def test_boxes_that_are_closed_stay_apart() -> None:
    pixels = page()
    for top in (100, 300):
        across(pixels, top, top + 50, top + 100)
        down(pixels, 100, 500, 900, y0=top, y1=top + 100)
    lines = [
        line(f"cell {i}", x, y)
        for i, (x, y) in enumerate((x, y) for y in (110, 160, 310, 360) for x in (110, 510))
    ]
    lines.append(line("between the two", 110, 230))
    assert [form.grid.rows for form in forms(lines, pixels)] == [2, 2]


def test_a_frame_around_text_is_no_form() -> None:
    pixels = page()
    cv2.rectangle(pixels, (50, 50), (950, 1350), (0, 0, 0), 2)
    assert forms(prose(100, 100, 12), pixels) == []


def test_a_rule_between_two_columns_makes_no_form() -> None:
    pixels = page()
    across(pixels, 80, 1300, x0=50, x1=950)
    down(pixels, 500, y0=80, y1=1300)
    assert forms([*prose(60, 100, 20), *prose(520, 100, 20)], pixels) == []


def test_the_axes_and_grid_of_a_chart_are_no_form() -> None:
    pixels = page()
    across(pixels, *range(200, 601, 100), x0=200, x1=800)
    down(pixels, *range(200, 801, 100), y0=200, y1=600)
    labels = [line(str(10 * i), 150, 190 + 100 * i) for i in range(5)]
    labels += [line(str(2000 + i), 190 + 100 * i, 620) for i in range(7)]
    assert forms(labels, pixels) == []


def test_rows_with_undrawn_columns_are_left_to_the_network() -> None:
    pixels = page()
    across(pixels, *range(100, 401, 60))
    down(pixels, 100, 900, y0=100, y1=400)
    down(pixels, 300, 500, 700, y0=100, y1=160)
    lines = [line(f"{i}.50", x, 115 + 60 * i) for i in range(5) for x in (110, 310, 510, 710)]
    assert forms(lines, pixels) == []


def test_rules_between_the_items_of_a_list_in_columns_make_no_form() -> None:
    pixels = page()
    across(pixels, *range(100, 501, 100), x1=800)
    down(pixels, 800, y0=100, y1=500)
    lines = [
        line(text, x, 110 + 100 * i + 34 * k)
        for i in range(4)
        for k, row in enumerate((("N 7", "News", ":30", "2"), ("Week", "11/02", "2", "380.00")))
        for text, x in zip(row, (110, 260, 420, 600), strict=True)
    ]
    assert forms(lines, pixels) == []


def test_a_frame_with_a_table_in_it_gives_the_table() -> None:
    pixels = page()
    across(pixels, 50, 700, 750, 800)
    down(pixels, 100, 900, y0=50, y1=800)
    down(pixels, 500, y0=700, y1=800)
    lines = [line(f"label {i}", x, 60 + 40 * i) for i in range(12) for x in (110, 610)]
    lines += [line("cell", x, y) for x in (110, 510) for y in (710, 760)]
    (form,) = forms(lines, pixels)
    assert form.grid.rows == 2
    assert form.ys[0] == pytest.approx(700, abs=3)


def test_the_stem_of_a_letter_divides_no_cell() -> None:
    lines, pixels = open_form()
    down(pixels, 152, y0=300, y1=400)  # from rule to rule
    lines[2] = TextLine("|", Box(120, 302, 184, 398), 0.9, (Word("|", Box(120, 302, 184, 398)),))
    lines.append(line("3. Nature of material", 310, 310))
    (form,) = forms(lines, pixels)
    assert [(c.col, c.colspan) for c in form.grid.cells if c.row == 1] == [(0, 3)]


def test_settling_keeps_the_lines_of_a_form_in_its_cells() -> None:
    lines, pixels = open_form()
    below = line("under the form", 110, 900)
    detected = [
        Region(Box(90, 190, 910, 1000), Label.TABLE, 0.95),
        Region(Box(100, 300, 500, 340), Label.TITLE, 0.9),
    ]
    settled = settle(detected, [*lines, below], pixels)
    (number,) = [i for i, grid in enumerate(settled.drawn) if grid is not None]
    assert settled.line_regions[:-1] == (number,) * len(lines)
    assert settled.line_regions[-1] != number
    assert [r.label for r in settled.regions].count(Label.TABLE) == 1


def test_a_signature_in_a_cell_is_a_picture_and_printed_words_are_none() -> None:
    lines, pixels = open_form()
    before = settle([], lines, pixels)
    assert all(region.label != Label.FIGURE for region in before.regions)
    xs = np.linspace(480, 760, 200)
    points = np.stack([xs, 470 + 28 * np.sin(xs / 9) * np.sin(xs / 40)], axis=1)
    cv2.polylines(pixels, [points.round().astype(np.int32)], False, (0, 0, 0), 3, cv2.LINE_AA)
    (signature,) = [r for r in settle([], lines, pixels).regions if r.label == Label.FIGURE]
    drawn = Box(points[:, 0].min(), points[:, 1].min(), points[:, 0].max(), points[:, 1].max())
    assert drawn.covered_by(signature.box.padded(4)) > 0.95
    assert signature.box.y0 > 400


def test_a_photo_in_a_cell_is_a_picture_and_a_plain_ground_is_none() -> None:
    pixels = page()
    across(pixels, 100, 160, 460, 760)
    down(pixels, 100, 500, 900, y0=100, y1=760)
    cells = [("Picture", 110, 115), ("Name", 510, 115), ("Valve 7", 510, 300), ("Gear 8", 510, 600)]
    lines = [line(*cell) for cell in cells]
    pixels[470:750, 110:490] = (190, 200, 210)
    assert all(region.label != Label.FIGURE for region in settle([], lines, pixels).regions)
    y, x = np.indices((240, 320))
    waves = 128 + 110 * np.sin(y / 11) * np.cos(x / 13)
    pixels[190:430, 140:460] = waves[..., None].astype(np.uint8)
    (photo,) = [r for r in settle([], lines, pixels).regions if r.label == Label.FIGURE]
    assert photo.box.iou(Box(140, 190, 460, 430)) > 0.9
