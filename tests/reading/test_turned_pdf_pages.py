from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest

from structure.core.geometry import Affine
from structure.core.images import PageImage
from structure.core.lines import move_line
from structure.reading import open_source


def read(path: Path, *, ocr: str = "auto") -> PageImage:
    with open_source(path, ocr=ocr) as source:  # type: ignore[arg-type]
        (page,) = source
    assert isinstance(page, PageImage)
    return page


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("name", ["two-column-page.pdf", "form.pdf"])
def test_a_page_is_the_same_however_it_is_turned(
    name: str, turn: int, examples: Path, tmp_path: Path
) -> None:
    with pikepdf.open(examples / name) as pdf:
        pdf.pages[0].Rotate = turn
        del pdf.pages[1:]
        pdf.save(tmp_path / "turned.pdf")
        pdf.pages[0].Rotate = 0
        pdf.save(tmp_path / "upright.pdf")
    upright, turned = read(tmp_path / "upright.pdf"), read(tmp_path / "turned.pdf")
    assert np.array_equal(np.rot90(turned.pixels, turn // 90), upright.pixels)
    way = Affine.quarter_turn(turn, turned.width, turned.height)
    assert (turned.lines is None) == (upright.lines is None)
    back = [move_line(line, way, turned=turn) for line in turned.lines or ()]
    assert [line.text for line in back] == [line.text for line in upright.lines or ()]
    for mine, theirs in zip(back, upright.lines or (), strict=True):
        assert mine.box.as_tuple() == pytest.approx(theirs.box.as_tuple(), abs=1e-6)
        assert mine.angle == pytest.approx(theirs.angle, abs=1e-6)
    corner = turned.to_source.point(0, 0)
    assert corner == pytest.approx(upright.to_source.point(*way.point(0, 0)), abs=1e-6)
