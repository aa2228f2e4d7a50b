"""Text whose lines stand beside a picture and run on above or below it over the full width."""

from __future__ import annotations

import io
from dataclasses import replace

import cv2
import docx
import numpy as np
import pytest

from recovery import restore
from recovery.metrics import text_width
from recovery.writers import render
from recovery.writers.ooxml import NAMESPACES
from structure.core.analysis import Font, Label, PageAnalysis, Picture, TextLine, Word
from structure.core.document import Document, FigureBlock, Producer, Source, TextBlock
from structure.core.geometry import Box

NARROW = "and the boat of the old"
WIDE = "and the boat of the old river went down in the morning to the mill"
SIZE, STEP = 9.0, 11.0
WIDTH = text_width(WIDE, "serif") * SIZE
PICTURE = Box(72, 100, 72 + WIDTH - text_width(NARROW, "serif") * SIZE - 8, 188)


def line(text: str, y: float, x0: float, size: float = SIZE) -> TextLine:
    box = Box(x0, y, x0 + text_width(text, "serif") * size, y + size)
    return TextLine(text, box, words=(Word(text, box, font=Font(size)),))


def around(*more: TextLine, first: str = "The wind") -> PageAnalysis:
    """Ten lines beside a picture, six below it, all one sentence."""
    pixels = np.full((20, 20, 3), 80, np.uint8)
    data = cv2.imencode(".png", pixels)[1].tobytes()
    right = PICTURE.x1 + 8
    lines = [line(f"{first} {NARROW[4:]}"[: len(NARROW)], 100, right)]
    lines += [line(NARROW, 100 + STEP * k, right) for k in range(1, 10)]
    lines += [line(WIDE, 100 + STEP * k, 72) for k in range(10, 16)]
    lines += more
    picture = Picture(PICTURE, data, "image/png", 20, 20, label=Label.FIGURE)
    return PageAnalysis(
        1, 612, 400, 72, lines=tuple(lines), line_regions=(None,) * len(lines), pictures=(picture,)
    )


def restored(page: PageAnalysis) -> Document:
    return restore([page], source=Source("x", "x", "0", 1), producer=Producer("x", "1"))


def texts(document: Document) -> list[TextBlock]:
    return [block for block in document.body if isinstance(block, TextBlock)]


def test_lines_beside_and_below_a_picture_are_one_paragraph_without_indents_in_one_column() -> None:
    document = restored(around())
    (block,) = texts(document)
    assert [len(place.lines) for place in block.at] == [10, 6]
    assert (block.style.left_indent, block.style.first_indent) == (0.0, 0.0)
    assert [len(band.columns) for band in document.pages[0].bands] == [1]


def test_a_paragraph_that_begins_below_a_picture_stays_one_of_its_own() -> None:
    page = around()
    lines = list(page.lines)
    lines[9] = line("and sank.", 100 + STEP * 9, PICTURE.x1 + 8)
    lines[10] = line(f"Then {WIDE[5:]}"[: len(WIDE) - 4], 100 + STEP * 10, 84)
    assert len(texts(restored(replace(page, lines=tuple(lines))))) == 2


def test_a_small_line_under_such_a_picture_is_its_caption() -> None:
    document = restored(around(line("ON THE RIVER", 192, 100, 5.0)))
    picture = next(block for block in document.body if isinstance(block, FigureBlock))
    caption = next(block for block in texts(document) if block.caption_of)
    assert (caption.text, picture.caption) == ("ON THE RIVER", caption.id)


def test_word_gets_the_picture_at_its_place_with_the_room_to_the_text_free() -> None:
    data = render(restored(around(line("ON THE RIVER", 192, 100, 5.0))), ".docx").data
    body = docx.Document(io.BytesIO(data)).element.body
    (anchor,) = body.findall(".//wp:anchor", NAMESPACES)
    assert anchor.find("wp:wrapSquare", NAMESPACES) is not None
    assert int(anchor.get("distR")) == pytest.approx(8 * 12700, rel=0.02)
    frames = body.findall(".//w:framePr", NAMESPACES)
    assert len(frames) == 1  # the caption


def test_text_beside_a_picture_that_never_runs_below_it_stays_a_column() -> None:
    page = around()
    page = replace(page, lines=page.lines[:10], line_regions=(None,) * 10)
    (block,) = texts(restored(page))
    assert len(block.at) == 1
