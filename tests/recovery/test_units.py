"""How large a page is whose resolution nobody states."""

from __future__ import annotations

import pytest

from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Sheet
from recovery.restore.units import to_sheet
from structure.core.analysis import Font, PageAnalysis, TextLine, Word
from structure.core.geometry import Box

ROLL = 80 / 25.4 * 72


def sheet(width: int, height: int, size: float, *, dpi: float = 72.0, known: bool = False) -> Sheet:
    """A page of 20 lines of type; width, height and size in pixels."""
    lines = []
    for k in range(20):
        box = Box(20, 40 + 1.5 * size * k, 20 + 9 * size, 40 + size * (1.5 * k + 1))
        text = "a line of a page"
        lines.append(TextLine(text, box, words=(Word(text, box, font=Font(size)),)))
    page = PageAnalysis(
        1, width, height, dpi, lines=tuple(lines), line_regions=(None,) * 20, dpi_known=known
    )
    return to_sheet(page, RestoreOptions())


def test_a_till_receipt_is_as_wide_as_the_roll() -> None:
    receipt = sheet(800, 1800, 28.0)
    assert receipt.width == pytest.approx(ROLL)
    assert receipt.height == pytest.approx(ROLL * 1800 / 800)


def test_a_photographed_receipt_of_the_shape_of_a_page_is_no_page() -> None:
    receipt = sheet(1240, 1754, 60.0, dpi=150.0)
    assert receipt.width == pytest.approx(1240 * 10 / 60)


def test_a_guessed_resolution_that_makes_a_page_with_usual_type_is_kept() -> None:
    assert sheet(1240, 1754, 22.0, dpi=150.0).width == pytest.approx(595.28)


def test_large_type_on_a_page_of_known_resolution_is_large_type() -> None:
    assert sheet(1240, 1754, 60.0, dpi=150.0, known=True).width == pytest.approx(595.28)
