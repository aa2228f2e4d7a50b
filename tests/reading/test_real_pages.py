from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from structure.core.images import PageImage
from structure.reading import open_source

pytestmark = pytest.mark.data


@pytest.mark.parametrize(
    ("file", "trusted"),
    [
        ("examples/digital-invoice.pdf", True),
        ("examples/tables.pdf", True),
        ("examples/two-column-page.pdf", True),
        ("examples/chinese-article.pdf", True),
        ("docs-mixed/files/federal-register-2020-17221.pdf", True),
        ("examples/form.pdf", False),
        ("examples/rotated-scan.pdf", False),
        ("examples/scanned-letter.pdf", False),
        ("docs-mixed/files/newspaper-1898.pdf", False),
    ],
)
def test_digital_pages_keep_their_text_and_scans_do_not(
    shared_data: Path, file: str, trusted: bool
) -> None:
    with open_source(shared_data / file, pages="1", dpi=100) as source:
        (page,) = source
    assert isinstance(page, PageImage)
    assert (page.lines is not None) is trusted, page.notices
    marked = page.pixels.min(axis=2) < 160
    for line in page.lines or ():
        for word in line.words:
            box = word.box.padded(1).clipped(page.width, page.height)
            area = marked[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
            assert area.any() or word.text in ("\ufffd", "-", "."), word.text


def test_cells_of_a_table_are_lines_of_their_own(shared_data: Path) -> None:
    with open_source(shared_data / "examples/tables.pdf", pages="1", dpi=100) as source:
        (page,) = source
    assert isinstance(page, PageImage)
    assert page.lines is not None
    texts = [line.text for line in page.lines]
    assert {"Rhode Island", "9,258", "9,881", "10,108"} <= set(texts)
    assert np.mean([len(text.split()) for text in texts]) < 2
