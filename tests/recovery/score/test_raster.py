from __future__ import annotations

import numpy as np
import pytest

from recovery.score.raster import Image, Wear, worn


@pytest.fixture
def page() -> Image:
    """White paper with black bars like lines of text."""
    image = np.full((600, 440, 3), 255, np.uint8)
    for y in range(60, 540, 24):
        image[y : y + 8, 40:400] = 0
    return image


def test_a_clean_page_stays_as_it_is(page: Image) -> None:
    assert worn(page, "clean", 1) is page


@pytest.mark.parametrize("wear", ["light", "heavy"])
def test_wear_is_the_same_for_the_same_seed_and_differs_between_seeds(
    page: Image, wear: Wear
) -> None:
    assert (worn(page, wear, 3) == worn(page, wear, 3)).all()
    assert (worn(page, wear, 3) != worn(page, wear, 4)).any()


def test_a_heavier_wear_leaves_less_of_the_page(page: Image) -> None:
    def lost(wear: Wear) -> float:
        return float(
            np.mean([np.abs(worn(page, wear, s).astype(int) - page).mean() for s in range(5)])
        )

    assert 0 < lost("light") < lost("heavy")


@pytest.mark.parametrize("wear", ["light", "heavy"])
def test_worn_text_is_still_darker_than_its_paper(page: Image, wear: Wear) -> None:
    image = worn(page, wear, 7)
    assert image.shape == page.shape
    assert image.dtype == np.uint8
    rows = image[:, 150:290].mean(axis=(1, 2))
    assert rows[50:550].max() - rows[50:550].min() > 60
