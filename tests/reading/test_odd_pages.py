"""Pages and files that few programs make, and every reader meets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Stream, String

from structure.core.images import PageFailure, PageImage
from structure.reading import open_source

MakePdf = Callable[..., Path]
SQUARE = b"60 50 40 40 re f"


def test_pages_of_several_sizes_keep_theirs(make_pdf: MakePdf, tmp_path: Path) -> None:
    path = tmp_path / "sizes.pdf"
    with pikepdf.open(make_pdf(SQUARE, SQUARE, SQUARE)) as pdf:
        for page, box in zip(pdf.pages, [(300, 200), (595, 842), (100, 700)], strict=True):
            page.obj.MediaBox = Array([0, 0, *box])
        pdf.save(path)
    with open_source(path, dpi=72) as source:
        sizes = [(page.width, page.height) for page in source if isinstance(page, PageImage)]
    assert sizes == [(300, 200), (595, 842), (100, 700)]


@pytest.mark.parametrize(("sides", "shown"), [((20_000, 300), 1000), ((200_000, 200_000), 6000)])
def test_a_page_larger_than_viewers_accept_is_scaled_down(
    make_pdf: MakePdf, renderer: str, sides: tuple[int, int], shown: int
) -> None:
    with open_source(make_pdf(SQUARE, page_keys={"MediaBox": (0, 0, *sides)})) as source:
        (page,) = source
    assert isinstance(page, PageImage), page
    assert max(page.width, page.height) >= shown
    assert page.width * page.height <= 40_100_000
    assert "W_SCALED" in [notice.code for notice in page.notices]


def test_a_page_without_area_has_the_size_of_a_sheet_or_fails(make_pdf: MakePdf) -> None:
    with open_source(make_pdf(SQUARE, page_keys={"MediaBox": (0, 0, 0, 0)})) as source:
        (page,) = source
    assert isinstance(page, PageFailure) or (page.width > 1 and page.height > 1)


def test_a_visible_box_outside_of_the_sheet_shows_the_sheet(
    make_pdf: MakePdf, renderer: str
) -> None:
    path = make_pdf(SQUARE, page_keys={"CropBox": (1000, 1000, 1200, 1100)})
    with open_source(path, dpi=72) as source:
        (page,) = source
    assert isinstance(page, PageImage), page
    assert (page.width, page.height) == (300, 200)
    assert (page.pixels[130, 70] == 0).all()


def test_a_dynamic_form_is_read_as_far_as_its_static_pages_go(
    make_pdf: MakePdf, tmp_path: Path
) -> None:
    path = tmp_path / "xfa.pdf"
    with pikepdf.open(make_pdf(SQUARE)) as pdf:
        template = Stream(pdf, b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"/>')
        pdf.Root.AcroForm = Dictionary(
            Fields=Array([]), XFA=Array([String("template"), pdf.make_indirect(template)])
        )
        pdf.Root.NeedsRendering = True
        pdf.save(path)
    with open_source(path, dpi=72) as source:
        (page,) = source
        (notice,) = source.notices
    assert isinstance(page, PageImage)
    assert (page.width, page.height) == (300, 200)
    assert notice.code == "W_XFA"
    assert notice.loss
