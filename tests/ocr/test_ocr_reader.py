from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from structure.core.images import RGBImage
from structure.ocr import PageReader, default_reader


@pytest.fixture(scope="module")
def read() -> PageReader:
    return default_reader()


def page(
    *texts: tuple[int, int, str], size: int = 32, shape: tuple[int, int] = (900, 600)
) -> RGBImage:
    picture = Image.new("RGB", shape, "white")
    draw = ImageDraw.Draw(picture)
    for x, y, text in texts:
        draw.text((x, y), text, fill="black", font=ImageFont.load_default(size))
    return np.asarray(picture)


def test_printed_lines_are_read_from_top_to_bottom(read: PageReader) -> None:
    lines = read(page((60, 300, "second line of 1984"), (60, 100, "The first line")))
    assert [line.text for line in lines] == ["The first line", "second line of 1984"]
    assert all(line.score is not None and line.score > 0.9 for line in lines)


def test_word_boxes_stand_on_the_ink_of_their_words(read: PageReader) -> None:
    picture = page((60, 100, "wide   gap"))
    (line,) = read(picture)
    assert [word.text for word in line.words] == ["wide", "gap"]
    dark = picture.min(axis=2) < 128
    for word in line.words:
        x0, y0, x1, y1 = (round(v) for v in word.box.as_tuple())
        assert dark[y0:y1, x0:x1].any()
        assert word.box.covered_by(line.box.padded(1)) == pytest.approx(1)
    between = dark[:, round(line.words[0].box.x1) + 2 : round(line.words[1].box.x0) - 2]
    assert not between.any()


@pytest.mark.parametrize("shape", [(1, 1), (7, 300), (40, 40), (900, 30)])
def test_a_blank_picture_of_any_size_has_no_text(read: PageReader, shape: tuple[int, int]) -> None:
    assert read(np.full((*shape, 3), 255, np.uint8)) == []


def test_a_lone_digit_is_not_laid_on_its_side(read: PageReader) -> None:
    texts = [line.text for line in read(page((100, 80, "Total of the year"), (700, 80, "7")))]
    assert "7" in texts


def test_a_line_that_stands_on_its_head_is_read(read: PageReader) -> None:
    upside_down = np.ascontiguousarray(page((60, 100, "Upside down it is"))[::-1, ::-1])
    (line,) = read(upside_down)
    assert line.text == "Upside down it is"
    assert abs(line.angle) == pytest.approx(180, abs=3)
    assert line.words[0].box.x0 > line.words[-1].box.x0


def test_a_hard_line_that_stands_upright_is_not_turned_over(
    read: PageReader, examples: Path
) -> None:
    picture = np.asarray(Image.open(examples / "receipt.jpg").convert("RGB"))
    lines = read(picture)
    assert all(abs(line.angle) < 90 for line in lines)
    assert any(line.text.replace(" ", "").lower() == "z=0%" for line in lines)


def test_a_line_picture_is_read_alone(read: PageReader) -> None:
    ((text, score),) = read.read_lines([page((10, 8, "Invoice 4711"), shape=(260, 48))])
    assert text == "Invoice 4711"
    assert score > 0.9


def test_a_real_scan_is_read(read: PageReader, examples: Path) -> None:
    picture = np.asarray(Image.open(examples / "two-column-scan.png").convert("RGB"))
    words = (examples / "two-column-scan.txt").read_text("utf-8").split()
    # The reference has a zero for each bullet.
    truth = Counter(word for word in words if len(word) > 1)
    read_words = (word for line in read(picture) for word in line.text.split())
    found = Counter(word for word in read_words if len(word) > 1)
    hits = sum((truth & found).values())
    assert 2 * hits / (truth.total() + found.total()) > 0.95
