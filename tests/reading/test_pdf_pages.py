from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pdf2image
import pytest
from PIL import Image

from structure.core.geometry import Box
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.reading import Limits, open_source

MakePdf = Callable[..., Path]

# A black square of 40 points with its lower left corner at (60, 50).
SQUARE = b"60 50 40 40 re f"


def only_page(path: Path, **options: object) -> PageImage:
    with open_source(path, **options) as source:  # type: ignore[arg-type]
        (page,) = source
    assert isinstance(page, PageImage), page
    return page


def ink(pixels: RGBImage) -> Box:
    rows, columns = np.nonzero(pixels.max(axis=2) < 128)
    return Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize(
    "crop", [None, (20, 10, 220, 160), (220, 160, 20, 10), (-50, -50, 250, 170)]
)
def test_the_visible_box_is_drawn_turned_and_leads_back(
    make_pdf: MakePdf, renderer: str, rotate: int, crop: tuple[int, ...] | None
) -> None:
    keys: dict[str, object] = {"Rotate": rotate}
    if crop is not None:
        keys["CropBox"] = crop
    page = only_page(make_pdf(SQUARE, page_keys=keys), dpi=144)
    sides = {None: (300, 200), (-50, -50, 250, 170): (250, 170)}.get(crop, (200, 150))
    width, height = sides[::-1] if rotate % 180 else sides
    assert (page.width, page.height) == (2 * width, 2 * height)
    assert page.dpi == 144
    back = page.to_source.box(ink(page.pixels))
    assert back.as_tuple() == pytest.approx((60, 50, 100, 90), abs=0.6)


def test_a_rotation_that_is_no_quarter_turn_counts_as_none(make_pdf: MakePdf) -> None:
    page = only_page(make_pdf(SQUARE, page_keys={"Rotate": 45}), dpi=72)
    assert (page.width, page.height) == (300, 200)
    assert page.to_source.box(ink(page.pixels)).as_tuple() == pytest.approx(
        (60, 50, 100, 90), abs=1.1
    )


def test_a_box_away_from_the_origin_is_drawn(make_pdf: MakePdf, renderer: str) -> None:
    page = only_page(make_pdf(SQUARE, media=(50, 30, 150, 130)), dpi=72)
    assert (page.width, page.height) == (100, 100)
    assert page.to_source.box(ink(page.pixels)).as_tuple() == pytest.approx(
        (60, 50, 100, 90), abs=1.1
    )


def test_user_units_make_the_page_larger(make_pdf: MakePdf, renderer: str) -> None:
    page = only_page(make_pdf(SQUARE, page_keys={"UserUnit": 2}), dpi=72)
    assert (page.width, page.height) == (600, 400)
    assert page.to_source.box(ink(page.pixels)).as_tuple() == pytest.approx(
        (60, 50, 100, 90), abs=0.6
    )


def test_a_huge_page_is_scaled_down_before_it_is_drawn(make_pdf: MakePdf, renderer: str) -> None:
    page = only_page(make_pdf(SQUARE, media=(0, 0, 14400, 14400)), limits=Limits(side=1000))
    assert max(page.width, page.height) == 1000
    assert [notice.code for notice in page.notices] == ["W_SCALED"]
    assert page.dpi == pytest.approx(5)


def test_a_page_without_content_is_white_and_without_notice(
    make_pdf: MakePdf, renderer: str
) -> None:
    page = only_page(make_pdf(b""))
    assert page.pixels.min() == 255
    assert page.notices == ()


def test_content_that_leaves_no_mark_is_noticed(make_pdf: MakePdf, renderer: str) -> None:
    page = only_page(make_pdf(b"1 g 10 10 50 50 re f"))
    assert [notice.code for notice in page.notices] == ["W_BLANK"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda *args, **kwargs: [Image.new("RGB", (1, 1), "white")],
        lambda *args, **kwargs: [],
        lambda *args, size, **kwargs: [Image.new("RGB", (size, size * 2 // 3), "white")],
    ],
    ids=["wrong size", "no picture", "white"],
)
def test_pdfium_steps_in_where_poppler_fails(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., object]
) -> None:
    import shutil

    if shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not on PATH")
    monkeypatch.setattr(pdf2image, "convert_from_path", answer)
    page = only_page(make_pdf(SQUARE))
    assert [notice.code for notice in page.notices] == ["W_READER"]
    assert page.pixels.min() == 0


def test_a_page_that_cannot_be_loaded_is_a_failure_and_the_rest_is_read(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2 as pdfium

    from structure.reading.pdf_pages import PdfFile

    original = PdfFile._render

    def render(self: PdfFile, page: object, number: int, *rest: object) -> object:
        if number == 2:
            raise pdfium.PdfiumError("Failed\nto load page.")
        return original(self, page, number, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(PdfFile, "_render", render)
    with open_source(make_pdf(SQUARE, SQUARE, SQUARE)) as source:
        first, second, third = source
    assert isinstance(first, PageImage)
    assert isinstance(third, PageImage)
    assert isinstance(second, PageFailure)
    assert (second.number, second.reason) == (2, "Failed to load page.")
    assert (second.width_pt, second.height_pt) == (300, 200)


SCAN = b"q 300 0 0 200 0 0 cm /Im1 Do Q"


def scan(width: int, height: int) -> tuple[int, int, bytes]:
    generator = np.random.default_rng(0)
    return width, height, generator.integers(0, 255, width * height, dtype=np.uint8).tobytes()


@pytest.mark.parametrize(
    ("media", "pixels", "dpi", "known"),
    [
        ((0, 0, 595, 842), (1240, 1754), 150, True),
        ((0, 0, 595, 842), (1983, 2806), 240, True),
        ((0, 0, 595, 842), (620, 877), 150, True),
        ((0, 0, 595, 842), (2480, 3508), 300, True),
        ((0, 0, 595, 842), (3307, 4678), 300, True),
        # One point a pixel: the wrapper did not know the size; the picture has the aspect of A4.
        ((0, 0, 1240, 1754), (1240, 1754), 150, False),
    ],
)
def test_a_scan_is_drawn_at_the_resolution_of_its_picture(
    make_pdf: MakePdf,
    media: tuple[float, float, float, float],
    pixels: tuple[int, int],
    dpi: float,
    known: bool,
) -> None:
    content = b"q %d 0 0 %d 0 0 cm /Im1 Do Q" % (media[2], media[3])
    page = only_page(make_pdf(content, media=media, picture=scan(*pixels)))
    assert page.dpi == pytest.approx(dpi, rel=0.01)
    assert page.dpi_known is known
    assert page.width == pytest.approx(dpi * 595 / 72, rel=0.01)
    assert page.lines is None


def test_a_drawn_page_keeps_the_resolution_asked_for(make_pdf: MakePdf) -> None:
    path = make_pdf(b"q 50 0 0 50 0 0 cm /Im1 Do Q", picture=scan(400, 400))
    assert only_page(path, dpi=100).dpi == 100


def test_memory_does_not_grow_with_the_number_of_pages(make_pdf: MakePdf) -> None:
    import gc
    import weakref

    with open_source(make_pdf(*[SQUARE] * 4)) as source:
        seen: list[weakref.ref[PageImage]] = []
        alive = []
        for page in source:
            assert isinstance(page, PageImage)
            alive.append(sum(ref() is not None for ref in seen))
            seen.append(weakref.ref(page.pixels))  # type: ignore[arg-type]
            del page
            gc.collect()
    assert max(alive) <= 1
