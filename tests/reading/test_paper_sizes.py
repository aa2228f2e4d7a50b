from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.reading.paper import assumed_dpi, is_known_size


@pytest.mark.parametrize(
    ("millimetres", "known"),
    [
        ((210, 297), True),
        ((297, 210), True),
        ((215.9, 279.4), True),
        ((213, 301), True),
        ((216, 310), False),
        ((80, 300), True),
        ((300, 80), False),
        ((100, 100), False),
    ],
)
def test_sheets_and_rolls_are_known_within_two_per_cent(
    millimetres: tuple[float, float], known: bool
) -> None:
    assert is_known_size(millimetres[0] / 25.4, millimetres[1] / 25.4) is known


@pytest.mark.parametrize(
    ("size", "dpi"),
    [
        ((1654, 2339), 200),  # the aspect of A4
        ((2339, 1654), 200),
        ((2550, 3300), 300),  # of Letter
        ((827, 827), 100),  # of no sheet: as wide as A4
        ((40, 40), 72),
        ((9000, 9000), 600),
    ],
)
def test_an_assumed_resolution_makes_a_usual_sheet(size: tuple[int, int], dpi: float) -> None:
    assert assumed_dpi(*size) == pytest.approx(dpi, rel=0.002)


@given(st.integers(1, 20000), st.integers(1, 20000))
def test_an_assumed_resolution_is_positive_and_does_not_depend_on_orientation_of_sheets(
    width: int, height: int
) -> None:
    assert assumed_dpi(width, height) > 0


def test_a_known_sheet_has_one_resolution_in_both_orientations() -> None:
    assert assumed_dpi(1275, 1650) == pytest.approx(assumed_dpi(1650, 1275))
