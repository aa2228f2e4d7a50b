"""Small pictures in the margins, and logos that recur a little off their place."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from recovery import restore
from recovery.metrics import text_width
from recovery.restore.options import RestoreOptions
from recovery.restore.sections import find_bands
from structure.core.analysis import Label, PageAnalysis, Picture, TextLine
from structure.core.document import Document, FigureBlock, Producer, Source
from structure.core.geometry import Box

SENTENCE = "the seal of the letter was broken when it came to the house on the hill by the sea"
WIDTH = 10 * text_width(SENTENCE, "serif")
RIGHT = 72 + WIDTH


def icon(box: Box, seed: int = 0) -> Picture:
    pixels = np.random.default_rng(seed).integers(0, 2, (4, 4, 3)).astype(np.uint8) * 255
    pixels = cv2.resize(pixels, (80, 80), interpolation=cv2.INTER_NEAREST)
    data = cv2.imencode(".png", pixels)[1].tobytes()
    return Picture(box, data, "image/png", 80, 80, label=Label.FIGURE)


def page(n: int, *pictures: Picture) -> PageAnalysis:
    lines = tuple(
        TextLine(SENTENCE, Box(72, y, RIGHT, y + 10), size=10) for y in range(80, 400, 12)
    )
    regions = (None,) * len(lines)
    return PageAnalysis(n, 612, 792, 72, lines=lines, line_regions=regions, pictures=pictures)


def restored(*pages: PageAnalysis) -> Document:
    return restore(list(pages), source=Source("x", "x", "0", 1), producer=Producer("x", "1"))


def figures(document: Document) -> list[FigureBlock]:
    return [block for block in document.body if isinstance(block, FigureBlock)]


@pytest.mark.parametrize("x", [20, RIGHT + 30])
def test_an_icon_in_the_margin_says_nothing_about_the_margins(x: float) -> None:
    plain = restored(page(1))
    document = restored(page(1, icon(Box(x, 760, x + 20, 780))))
    assert document.pages[0].margins == plain.pages[0].margins
    assert len(figures(document)) == 1
    (band,) = document.pages[0].bands
    assert band.columns == plain.pages[0].bands[0].columns
    assert band.blocks == tuple(block.id for block in document.body)


def test_a_picture_larger_than_an_icon_widens_the_text() -> None:
    document = restored(page(1, icon(Box(RIGHT + 10, 600, RIGHT + 90, 680))))
    assert document.pages[0].margins.right < restored(page(1)).pages[0].margins.right


def test_a_logo_that_the_scanner_moved_is_still_the_same() -> None:
    places = [Box(577, 763, 597, 781), Box(579, 765, 599.5, 783)]
    document = restored(*(page(n, icon(box)) for n, box in enumerate(places, start=1)))
    assert [item.type for item in document.furniture] == ["footer", "footer"]
    assert figures(document) == []


def test_other_pictures_and_other_places_make_no_logo() -> None:
    box = Box(577, 763, 597, 781)
    assert len(figures(restored(page(1, icon(box)), page(2, icon(box, seed=1))))) == 2
    assert len(figures(restored(page(1, icon(box)), page(2, icon(box.shifted(-12, 0)))))) == 2


def test_a_firm_beside_its_long_address_stands_in_a_column() -> None:
    address, firm = Box(90, 40, 180, 134), Box(357, 63, 530, 93)
    (band,) = find_bands((address, firm), 11.0, RestoreOptions())
    assert len(band.columns) == 2
    (band,) = find_bands((Box(90, 40, 180, 94), firm), 11.0, RestoreOptions())
    assert len(band.columns) == 1  # two low ones are rows
