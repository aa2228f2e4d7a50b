from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from layout.domain import Settled, assign_lines, settle
from structure.core.analysis import Label, Region, TextLine, Word
from structure.core.geometry import Box, union

Page = NDArray[np.uint8]
ADVANCE = 0.5  # Width of a drawn character against the height of its line.


class Sheet:
    """A drawn page and the text lines that an OCR engine would read from it."""

    def __init__(self, width: int = 1240, height: int = 1754) -> None:
        self.pixels: Page = np.full((height, width, 3), 255, np.uint8)
        self.lines: list[TextLine] = []

    def line(self, text: str, x: float, y: float, size: float = 24, *, right: bool = False) -> Box:
        """One line of text, its box `size` high; `x` is its left (or right) edge."""
        words, at = [], x - (len(text) * ADVANCE * size if right else 0)
        for part in text.split(" "):
            box = Box(at, y, at + len(part) * ADVANCE * size, y + size)
            words.append(Word(part, box))
            cv2.putText(
                self.pixels,
                part,
                (round(box.x0), round(y + 0.8 * size)),
                cv2.FONT_HERSHEY_SIMPLEX,
                size / 45,
                (0, 0, 0),
                max(1, round(size / 20)),
                cv2.LINE_AA,
            )
            at = box.x1 + ADVANCE * size
        box = union(w.box for w in words)
        self.lines.append(TextLine(text, box, 0.99, tuple(words)))
        return box

    def paragraph(self, x: float, y: float, width: float, rows: int) -> Box:
        """Lines of running text, 34 pixels apart, each nearly as long as `width`."""
        count = int(width / (ADVANCE * 24))
        text = ("the quick brown fox jumps over a lazy dog and then it rests " * 9).strip()
        boxes = []
        for row in range(rows):
            start = text.index(" ", 7 * row) + 1
            boxes.append(self.line(text[start : start + count].strip(), x, y + 34 * row))
        return union(boxes)

    def items(self, x: float, y: float, rows: int) -> Box:
        """A borderless table of four columns, 40 pixels a row."""
        edges = (x, x + 560, x + 720, x + 900)
        boxes = [
            self.line("Description", edges[0], y),
            *(
                self.line(t, e, y, right=True)
                for t, e in zip(("Qty", "Price", "Total"), edges[1:], strict=True)
            ),
        ]
        for row in range(rows):
            top = y + 40 * (row + 1)
            boxes.append(self.line(f"Article number {row}", edges[0], top))
            for k, edge in enumerate(edges[1:]):
                boxes.append(self.line(f"{(row + 2) * (k + 3)}.50", edge, top, right=True))
        return union(boxes)

    def noise(self, box: Box) -> None:
        """A photo: random grey."""
        x0, y0, x1, y1 = map(round, box.as_tuple())
        grey = np.random.default_rng(0).integers(0, 200, (y1 - y0, x1 - x0, 1))
        self.pixels[y0:y1, x0:x1] = cv2.blur(grey.astype(np.uint8), (5, 5))[..., None]

    def grid(self, xs: Sequence[int], ys: Sequence[int]) -> None:
        for x in xs:
            cv2.line(self.pixels, (x, ys[0]), (x, ys[-1]), (0, 0, 0), 2)
        for y in ys:
            cv2.line(self.pixels, (xs[0], y), (xs[-1], y), (0, 0, 0), 2)


def only(settled: Settled, label: Label) -> list[Box]:
    return [r.box for r in settled.regions if r.label == label]


def text_of(sheet: Sheet, settled: Settled, label: Label) -> str:
    return " ".join(
        line.text
        for line, owner in zip(sheet.lines, settled.line_regions, strict=True)
        if owner is not None and settled.regions[owner].label == label
    )


def invoice() -> tuple[Sheet, Box]:
    sheet = Sheet()
    for row, text in enumerate(("Example Company Ltd", "1 Long Street", "Sometown")):
        sheet.line(text, 100, 100 + 34 * row)
    table = sheet.items(100, 600, 4)
    sheet.paragraph(100, 1200, 1000, 3)
    return sheet, table


def test_an_empty_page_has_no_regions() -> None:
    assert settle([], [], np.full((100, 80, 3), 255, np.uint8)) == Settled((), (), True)


def test_a_page_the_detector_is_sure_of_keeps_its_regions() -> None:
    sheet = Sheet()
    top, low = sheet.paragraph(100, 100, 1000, 6), sheet.paragraph(100, 500, 1000, 6)
    regions = [Region(top, Label.TEXT, 0.97), Region(low, Label.TEXT, 0.96)]
    settled = settle(regions, sheet.lines, sheet.pixels)
    assert settled.trusted
    assert settled.regions == tuple(regions)
    assert settled.line_regions == (0,) * 6 + (1,) * 6


def test_an_invoice_called_a_figure_becomes_text_and_a_table() -> None:
    sheet, table = invoice()
    page = Region(Box(50, 50, 1200, 1400), Label.FIGURE, 0.96)
    settled = settle([page], sheet.lines, sheet.pixels)
    assert not settled.trusted
    assert not only(settled, Label.FIGURE)
    (found,) = only(settled, Label.TABLE)
    assert found.iou(table) > 0.9
    assert None not in settled.line_regions


def test_a_table_that_swallows_the_address_is_cut_to_its_rows() -> None:
    sheet, table = invoice()
    page = Region(Box(50, 50, 1200, 1400), Label.TABLE, 0.7)
    (found,) = only(settle([page], sheet.lines, sheet.pixels), Label.TABLE)
    assert found.iou(table) > 0.9


def test_a_table_that_cuts_its_rows_grows_over_them() -> None:
    sheet, table = invoice()
    part = Region(Box(90, 640, 1100, 760), Label.TABLE, 0.9)
    text = [
        Region(Box(90, 90, 500, 210), Label.TEXT, 0.95),
        Region(Box(90, 1190, 1150, 1310), Label.TEXT, 0.95),
    ]
    (found,) = only(settle([part, *text], sheet.lines, sheet.pixels), Label.TABLE)
    assert table.covered_by(found) > 0.99


def test_two_tables_that_share_rows_are_one() -> None:
    sheet = Sheet()
    names = ("Ohio", "Iowa", "Utah", "Maine", "Texas", "Idaho", "Guam", "Oregon", "Alaska", "Ural")
    tops = [300 + 40 * i + 120 * (i > 3) + 120 * (i > 5) for i in range(len(names))]
    rows = [
        union([sheet.line(name, 100, top), sheet.line("open", 600, top)])
        for name, top in zip(names, tops, strict=True)
    ]
    parts = [
        Region(union(rows[:6]).padded(4), Label.TABLE, 0.95),
        Region(union(rows[4:]).padded(4), Label.TABLE, 0.9),
    ]
    (found,) = only(settle(parts, sheet.lines, sheet.pixels), Label.TABLE)
    assert union(rows).covered_by(found) == pytest.approx(1)


def test_a_ruled_table_is_found_without_the_detector() -> None:
    sheet = Sheet()
    xs, ys = (100, 400, 700, 1100), (300, 350, 400, 450)
    sheet.grid(xs, ys)
    for row in range(3):
        for column in range(3):
            sheet.line("alpha beta", xs[column] + 15, ys[row] + 13)
    (found,) = only(settle([], sheet.lines, sheet.pixels), Label.TABLE)
    assert found.iou(Box(100, 300, 1100, 450)) > 0.95


def test_a_box_around_a_paragraph_is_no_table() -> None:
    sheet = Sheet()
    sheet.paragraph(120, 320, 1000, 5)
    sheet.grid((100, 1140), (300, 500))
    assert not only(settle([], sheet.lines, sheet.pixels), Label.TABLE)


@pytest.mark.parametrize("columns", [2, 3])
def test_columns_of_prose_are_no_table(columns: int) -> None:
    sheet = Sheet()
    width = 1080 / columns
    for column in range(columns):
        sheet.paragraph(80 + column * width, 100, width - 40, 30)
    settled = settle([], sheet.lines, sheet.pixels)
    assert not only(settled, Label.TABLE)
    assert len(only(settled, Label.TEXT)) == columns


def test_labels_with_values_are_no_table_but_one_block() -> None:
    sheet = Sheet()
    for row in range(6):
        sheet.line(f"Label {row}:", 100, 100 + 40 * row)
        sheet.line(f"value {row}", 300, 100 + 40 * row)
    settled = settle([], sheet.lines, sheet.pixels)
    assert [r.label for r in settled.regions] == [Label.TEXT]
    assert set(settled.line_regions) == {0}


def test_three_addresses_side_by_side_are_no_table() -> None:
    sheet = Sheet()
    for column in range(3):
        for row, text in enumerate(("Example Ltd", "Long Street", "Sometown", "Country")):
            sheet.line(text, 100 + 380 * column, 100 + 34 * row)
    assert not only(settle([], sheet.lines, sheet.pixels), Label.TABLE)


def test_a_photo_with_many_labels_stays_a_figure() -> None:
    sheet = Sheet()
    sheet.paragraph(100, 100, 1000, 6)
    box = Box(100, 500, 1100, 1200)
    sheet.noise(box)
    for row in range(6):
        sheet.line(f"label {row}", 150 + 120 * row, 560 + 90 * row)
    regions = [Region(Box(95, 95, 1105, 305), Label.TEXT, 0.97), Region(box, Label.FIGURE, 0.95)]
    settled = settle(regions, sheet.lines, sheet.pixels)
    assert only(settled, Label.FIGURE) == [box]
    assert not only(settled, Label.TABLE)
    assert "label 3" in text_of(sheet, settled, Label.FIGURE)


def test_a_missed_logo_becomes_a_figure_and_dirt_does_not() -> None:
    sheet, _ = invoice()
    logo = Box(900, 90, 1100, 220)
    sheet.noise(logo)
    sheet.pixels[1500:1508, 300:309] = 0
    sheet.pixels[:, :12] = 0
    (found,) = only(settle([], sheet.lines, sheet.pixels), Label.FIGURE)
    assert found.iou(logo) > 0.85


def test_references_without_numbers_are_text() -> None:
    sheet = Sheet()
    box = sheet.paragraph(100, 100, 1000, 6)
    (region,) = settle([Region(box, Label.REFERENCE, 0.95)], sheet.lines, sheet.pixels).regions
    assert region.label == Label.TEXT


def test_references_with_numbers_stay_references() -> None:
    sheet = Sheet()
    boxes = [
        sheet.line(f"[{n}] Some author, some title of some length", 100, 100 + 34 * n)
        for n in range(6)
    ]
    found = settle([Region(union(boxes), Label.REFERENCE, 0.95)], sheet.lines, sheet.pixels)
    assert [r.label for r in found.regions] == [Label.REFERENCE]


def test_text_inside_a_table_goes_and_its_caption_stays() -> None:
    sheet, table = invoice()
    inside = Region(Box(110, 650, 500, 700), Label.TEXT, 0.9)
    caption = Region(Box(110, 610, 500, 640), Label.TABLE_CAPTION, 0.9)
    around = [
        Region(Box(90, 90, 500, 210), Label.TEXT, 0.95),
        Region(Box(90, 1190, 1150, 1310), Label.TEXT, 0.95),
    ]
    settled = settle(
        [Region(table, Label.TABLE, 0.97), inside, caption, *around], sheet.lines, sheet.pixels
    )
    assert len(only(settled, Label.TABLE_CAPTION)) == 1
    assert len(only(settled, Label.TEXT)) == 2


def test_a_line_goes_to_the_smallest_region_that_holds_it() -> None:
    line = TextLine("x", Box(10, 10, 30, 20))
    large, small = (
        Region(Box(0, 0, 100, 100), Label.TEXT, 0.9),
        Region(Box(5, 5, 40, 25), Label.TITLE, 0.6),
    )
    assert assign_lines([line], [large, small]) == (1,)
    assert assign_lines([line], [Region(Box(0, 0, 19, 20), Label.TEXT, 1.0)]) == (None,)


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_the_order_of_lines_does_not_matter(seed: int) -> None:
    sheet, _ = invoice()
    order = list(range(len(sheet.lines)))
    random.Random(seed).shuffle(order)
    before = settle([], sheet.lines, sheet.pixels)
    after = settle([], [sheet.lines[i] for i in order], sheet.pixels)
    assert after.regions == before.regions
    assert after.line_regions == tuple(before.line_regions[i] for i in order)


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(0, 300),
    st.integers(0, 300),
    st.integers(1, 200),
    st.integers(1, 60),
)


@given(
    st.lists(st.builds(TextLine, st.text("ab 1.:", min_size=1), boxes), max_size=12),
    st.lists(st.builds(Region, boxes, st.sampled_from(Label), st.floats(0, 1)), max_size=6),
)
def test_whatever_comes_every_line_has_at_most_one_region(
    lines: list[TextLine], regions: list[Region]
) -> None:
    settled = settle(regions, lines, np.full((360, 400, 3), 255, np.uint8))
    assert len(settled.line_regions) == len(lines)
    for line, owner in zip(lines, settled.line_regions, strict=True):
        assert owner is None or line.box.covered_by(settled.regions[owner].box) > 0.5
    if not settled.trusted:
        assert None not in settled.line_regions


def test_twice_the_resolution_gives_the_same_regions() -> None:
    sheet, _ = invoice()
    sheet.noise(Box(900, 90, 1100, 220))
    large = cv2.resize(sheet.pixels, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    doubled = [
        replace(
            line,
            box=line.box.scaled(2),
            words=tuple(replace(w, box=w.box.scaled(2)) for w in line.words),
        )
        for line in sheet.lines
    ]
    once, twice = settle([], sheet.lines, sheet.pixels), settle([], doubled, np.asarray(large))
    assert [r.label for r in once.regions] == [r.label for r in twice.regions]
    assert once.line_regions == twice.line_regions
    for a, b in zip(once.regions, twice.regions, strict=True):
        assert a.box.iou(b.box.scaled(0.5)) > 0.9


@pytest.mark.data
def test_real_pages_of_prose_get_no_table(shared_data: Path) -> None:
    folder = shared_data / "layout-publaynet"
    coco = json.loads((folder / "coco.json").read_text())
    kinds = {c["id"]: c["name"] for c in coco["categories"]}
    checked = 0
    for entry in coco["images"]:
        marked = [a for a in coco["annotations"] if a["image_id"] == entry["id"]]
        if {kinds[a["category_id"]] for a in marked} & {"table", "figure"}:
            continue
        with Image.open(folder / "images" / entry["file_name"]) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        lines = [line for a in marked for line in _lines_in(pixels, *a["bbox"])]
        assert not only(settle([], lines, pixels), Label.TABLE), entry["file_name"]
        checked += 1
    assert checked >= 3


def _lines_in(pixels: Page, x: float, y: float, w: float, h: float) -> list[TextLine]:
    """Lines of a marked text region by its rows of ink; a word a gap of three pixels."""
    x0, y0, x1, y1 = round(x), round(y), round(x + w), round(y + h)
    ink = (pixels[y0:y1, x0:x1].min(axis=2) < 160).astype(np.uint8)
    lines = []
    for top, low in _spans(ink.any(axis=1), 1):
        columns = cv2.morphologyEx(ink[top:low], cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8)).any(
            axis=0
        )
        words = [
            Word("word", Box(x0 + a, y0 + top, x0 + b, y0 + low)) for a, b in _spans(columns, 2)
        ]
        if words and low - top >= 4:
            lines.append(
                TextLine(
                    " ".join("word" for _ in words), union(v.box for v in words), 1.0, tuple(words)
                )
            )
    return lines


def _spans(filled: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], filled, [False]]).astype(np.int8)))
    return [
        (int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= least
    ]


def test_most_text_of_a_page_is_no_chart_however_sure_the_detector_is() -> None:
    sheet = Sheet()
    for row in range(46):
        sheet.line("Order type", 120, 160 + 30 * row)
        sheet.line("general", 720, 160 + 30 * row)
        cv2.line(sheet.pixels, (720, 188 + 30 * row), (1100, 188 + 30 * row), (0, 0, 0), 2)
    found = settle(
        [Region(Box(60, 140, 1150, 1100), Label.FIGURE, 0.95)], sheet.lines, sheet.pixels
    )
    assert Label.FIGURE not in {region.label for region in found.regions}


def worn(sheet: Sheet) -> None:
    """Paper that darkens to the right, with grain and dust, as a bad copier leaves it."""
    noise = np.random.default_rng(3)
    height, width = sheet.pixels.shape[:2]
    light = 1 - 0.3 * np.clip(np.linspace(-1.5, 1, width), 0, 1)
    pixels = 0.8 * sheet.pixels.astype(np.float64) * light[None, :, None]
    pixels += noise.normal(0, 6, (height, width))[..., None]
    for x, y in noise.integers(0, (width, height), (400, 2)):
        pixels[y : y + 2, x : x + 2] = 30
    sheet.pixels = np.clip(pixels, 0, 255).astype(np.uint8)


def test_a_table_on_worn_paper_that_the_detector_takes_for_a_picture_is_a_table() -> None:
    sheet = Sheet()
    box = ruled_schedule(sheet)
    worn(sheet)
    settled = settle([Region(box.padded(10), Label.FIGURE, 0.85)], sheet.lines, sheet.pixels)
    assert len(only(settled, Label.TABLE)) == 1
    assert only(settled, Label.FIGURE) == []


def test_rules_below_each_other_make_no_diagram() -> None:
    sheet = Sheet()
    box = ruled_schedule(sheet)
    for y in (585, 635, 685):
        sheet.pixels[y : y + 3, 158:1180] = 0
    settled = settle([Region(box.padded(10), Label.FIGURE, 0.95)], sheet.lines, sheet.pixels)
    assert len(only(settled, Label.TABLE)) == 1
    assert only(settled, Label.FIGURE) == []


def test_the_dots_of_a_chart_are_no_dust() -> None:
    sheet = Sheet()
    box = Box(200, 400, 1000, 1000)
    for k in range(6):
        sheet.line(f"{10 * k}", 210, 420 + 90 * k)
        sheet.line(f"{k}", 300 + 110 * k, 960)
    cv2.line(sheet.pixels, (260, 410), (260, 950), (0, 0, 0), 2)
    cv2.line(sheet.pixels, (260, 950), (990, 950), (0, 0, 0), 2)
    noise = np.random.default_rng(4)
    for x, y in noise.integers((290, 430), (970, 930), (700, 2)):
        cv2.circle(sheet.pixels, (int(x), int(y)), 5, (0, 0, 0), -1)
    settled = settle([Region(box, Label.FIGURE, 0.9)], sheet.lines, sheet.pixels)
    assert only(settled, Label.FIGURE) == [box]


def ruled_schedule(sheet: Sheet) -> Box:
    """Words in three columns between three rules that go on beyond the last of them."""
    for row in range(5):
        for x, text in ((160, "Monday"), (460, "Old town"), (760, "Open to all")):
            sheet.line(text, x, 500 + 50 * row)
    for y in (485, 535, 740):
        sheet.pixels[y : y + 3, 158:1180] = 0
    return Box(158, 485, 1180, 743)


def test_rules_may_go_on_beyond_the_short_texts_of_the_last_column() -> None:
    sheet = Sheet()
    box = ruled_schedule(sheet)
    (found,) = only(settle([], sheet.lines, sheet.pixels), Label.TABLE)
    assert found.iou(box) > 0.95


def test_the_rule_under_a_page_header_does_not_belong_to_the_table_below_it() -> None:
    sheet = Sheet()
    box = ruled_schedule(sheet)
    sheet.line("Timetable", 160, 390)
    sheet.pixels[420:423, 158:1180] = 0
    (found,) = only(settle([], sheet.lines, sheet.pixels), Label.TABLE)
    assert found.iou(box) > 0.95


def test_a_line_of_the_next_column_beside_a_table_is_none_of_its_cells() -> None:
    sheet = Sheet(width=1700)
    box = ruled_schedule(sheet)
    line = sheet.line("the column ends", 1240, 700)
    (found,) = only(settle([], sheet.lines, sheet.pixels), Label.TABLE)
    assert found.iou(box) > 0.95
    assert line.covered_by(found) == 0
