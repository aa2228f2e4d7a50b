from __future__ import annotations

import io
import struct
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from structure.core.errors import InputError, LimitError
from structure.core.geometry import Box
from structure.core.images import PageFailure, PageImage
from structure.reading import Limits, open_source
from structure.reading.pictures import _turn_back

ORIENTATION = 0x0112


def save(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def only_page(path: Path, **options: object) -> PageImage:
    with open_source(path, **options) as source:  # type: ignore[arg-type]
        (page,) = source
    assert isinstance(page, PageImage)
    return page


def codes(page: PageImage) -> set[str]:
    return {notice.code for notice in page.notices}


def marked(width: int = 60, height: int = 40) -> Image.Image:
    """White, with a black patch at the top left and a grey one at the top right."""
    pixels = np.full((height, width, 3), 255, dtype=np.uint8)
    pixels[:10, :20] = 0
    pixels[:10, -10:] = 128
    return Image.fromarray(pixels)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF"])
def test_every_supported_kind_is_read_whatever_its_name(tmp_path: Path, form: str) -> None:
    page = only_page(save(tmp_path / "misnamed.pdf", marked(), format=form))
    assert page.pixels.shape == (40, 60, 3)
    assert page.pixels.dtype == np.uint8
    assert page.pixels[5, 5].max() < 30
    assert page.pixels[30, 30].min() > 225


@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG"])
@pytest.mark.parametrize("code", range(1, 9))
def test_all_eight_orientations_come_upright_and_lead_back(
    tmp_path: Path, code: int, form: str
) -> None:
    upright = np.asarray(marked())
    # Undo what the code asks for, so that a reader that obeys it sees the upright picture.
    undo = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright),
        7: upright.transpose(1, 0, 2)[::-1, ::-1],
        8: np.rot90(upright, -1),
    }
    stored = np.ascontiguousarray(undo[code])
    exif = Image.Exif()
    exif[ORIENTATION] = code
    options = {"tiffinfo": {ORIENTATION: code}} if form == "TIFF" else {"exif": exif}
    if form == "JPEG":
        options |= {"quality": 100, "subsampling": 0}
    path = save(tmp_path / "turned", Image.fromarray(stored), format=form, **options)
    page = only_page(path)
    assert np.abs(page.pixels.astype(int) - upright).max() <= 8
    patch = page.to_source.box(Box(0, 0, 20, 10))
    x0, y0, x1, y1 = (round(value) for value in patch.as_tuple())
    assert stored[y0:y1, x0:x1].size == 20 * 10 * 3
    assert stored[y0:y1, x0:x1].max() == 0


@given(st.integers(1, 8), st.integers(1, 500), st.integers(1, 500))
def test_the_way_back_stays_inside_the_file_and_can_be_inverted(
    code: int, width: int, height: int
) -> None:
    back = _turn_back(code, width, height)
    turned = Box(0, 0, height, width) if code >= 5 else Box(0, 0, width, height)
    assert back.box(turned).as_tuple() == pytest.approx((0, 0, width, height))
    x, y = back.inverse().point(*back.point(3.5, 1.25))
    assert (x, y) == pytest.approx((3.5, 1.25))


def test_an_invalid_orientation_is_ignored(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 99
    page = only_page(save(tmp_path / "a.jpg", marked(), exif=exif))
    assert page.pixels.shape == (40, 60, 3)


def test_transparent_parts_show_white_paper(tmp_path: Path) -> None:
    pixels = np.zeros((20, 20, 4), dtype=np.uint8)  # black, and fully transparent
    pixels[5:10, 5:10, 3] = 255
    page = only_page(save(tmp_path / "a.png", Image.fromarray(pixels)))
    assert page.pixels[0, 0].tolist() == [255, 255, 255]
    assert page.pixels[7, 7].tolist() == [0, 0, 0]


def test_a_transparent_palette_entry_shows_white_paper(tmp_path: Path) -> None:
    image = Image.new("P", (20, 20), 0)
    image.putpalette([10, 20, 30, 200, 0, 0])
    image.paste(1, (5, 5, 10, 10))
    page = only_page(save(tmp_path / "a.png", image, transparency=0))
    assert page.pixels[0, 0].tolist() == [255, 255, 255]
    assert page.pixels[7, 7].tolist() == [200, 0, 0]


@pytest.mark.parametrize(
    ("data", "white"),
    [
        (np.uint16([[0, 4095]]), 255),  # twelve bits in sixteen
        (np.uint16([[0, 65535]]), 255),
        (np.float32([[0.0, 1.0]]), 255),
        (np.float32([[0.0, 255.0]]), 255),
        (np.float32([[-5.0, 5.0]]), 255),
        (np.int32([[0, 1_000_000]]), 243),
    ],
)
def test_deep_grey_is_scaled_by_the_range_it_uses(
    tmp_path: Path, data: np.ndarray, white: int
) -> None:
    picture = np.repeat(np.repeat(data, 20, axis=0), 20, axis=1)
    page = only_page(save(tmp_path / "a.tif", Image.fromarray(picture)))
    assert page.pixels[0, 0].tolist() == [0, 0, 0]
    assert page.pixels[0, -1].tolist() == pytest.approx([white] * 3, abs=2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "YCbCr", "LAB", "I;16", "RGBA"])
def test_every_mode_becomes_rgb_with_dark_ink_on_light_paper(tmp_path: Path, mode: str) -> None:
    grey = np.full((30, 30), 255, dtype=np.uint8)
    grey[10:20, 10:20] = 0
    if mode == "LAB":
        neutral = np.zeros_like(grey)
        image = Image.frombytes("LAB", (30, 30), np.dstack([grey, neutral, neutral]).tobytes())
    elif mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    else:
        image = Image.fromarray(grey).convert("RGB" if mode == "YCbCr" else mode)
    form = "JPEG" if mode == "YCbCr" else "PNG" if mode in ("LA", "RGBA") else "TIFF"
    page = only_page(save(tmp_path / "a", image, format=form))
    assert page.pixels[15, 15].max() < 40
    assert page.pixels[2, 2].min() > 215


def test_every_page_of_a_tiff_is_read_without_its_thumbnail(tmp_path: Path) -> None:
    pages = [Image.new("L", (30 + i, 40), 255) for i in range(3)]
    thumbnail = Image.new("L", (10, 10))
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    path = tmp_path / "a.tif"
    pages[0].save(path, save_all=True, append_images=[pages[1], thumbnail, pages[2]])
    with open_source(path, pages="2-") as source:
        assert (source.page_count, source.numbers) == (3, (2, 3))
        assert [page.width for page in source if isinstance(page, PageImage)] == [31, 32]


def test_a_loop_of_tiff_pages_ends(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("L", (16, 16), 255).save(buffer, format="TIFF")
    data = bytearray(buffer.getvalue())
    (offset,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, offset)
    struct.pack_into("<I", data, offset + 2 + 12 * entries, offset)
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    with open_source(path) as source:
        assert source.page_count == 1


def test_of_an_animation_the_first_frame_is_taken_and_said(tmp_path: Path) -> None:
    frames = [Image.new("L", (20, 20), shade) for shade in (200, 100)]
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    with open_source(path) as source:
        assert [notice.code for notice in source.notices] == ["W_ANIMATION"]
        (page,) = source
    assert isinstance(page, PageImage)
    assert page.pixels.mean() == pytest.approx(200, abs=3)


def noisy(width: int = 200, height: int = 200) -> Image.Image:
    generator = np.random.default_rng(1)
    return Image.fromarray(generator.integers(0, 255, (height, width, 3), dtype=np.uint8))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_cut_picture_is_delivered_as_far_as_it_goes(tmp_path: Path, form: str) -> None:
    buffer = io.BytesIO()
    noisy().save(buffer, format=form)
    path = tmp_path / "a"
    path.write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    page = only_page(path)
    (notice,) = page.notices
    assert (notice.code, notice.loss, notice.page) == ("W_TRUNCATED", True, 1)
    assert page.pixels[:60].std() > 30
    assert page.pixels[-20:].min() == 255
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize("form", ["JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF"])
@pytest.mark.parametrize("share", [0.002, 0.01])
def test_a_picture_of_which_nothing_is_left_is_refused(
    tmp_path: Path, form: str, share: float
) -> None:
    buffer = io.BytesIO()
    noisy().save(buffer, format=form)
    data = buffer.getvalue()
    path = tmp_path / "a"
    path.write_bytes(data[: max(60, int(share * len(data)))])
    with pytest.raises(InputError) as caught:
        open_source(path)
    assert caught.value.code == "E_DAMAGED"


def test_what_the_tiff_library_complains_of_becomes_a_notice(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    buffer = io.BytesIO()
    noisy(400, 400).convert("1").save(buffer, format="TIFF", compression="group4")
    data = bytearray(buffer.getvalue())
    data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    page = only_page(path)
    assert codes(page) == {"W_TRUNCATED"}
    assert capfd.readouterr().err == ""


@given(st.integers(0, 2**32 - 1))
def test_random_damage_gives_a_page_a_failure_or_an_input_error(seed: int) -> None:
    generator = np.random.default_rng(seed)
    form = ["JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP"][seed % 6]
    buffer = io.BytesIO()
    noisy(40, 40).save(buffer, format=form)
    data = bytearray(buffer.getvalue())
    for place in generator.integers(8, len(data), 12):
        data[place] = generator.integers(0, 256)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(data)
        with (
            suppress(InputError, LimitError),
            open_source(path, limits=Limits(pixels=10_000_000)) as source,
        ):
            assert all(isinstance(page, PageImage | PageFailure) for page in source)


def test_too_many_pixels_are_refused_from_the_header(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", Image.new("1", (300, 200)))
    with pytest.raises(LimitError, match="megapixels") as caught:
        open_source(path, limits=Limits(pixels=59_999))
    assert caught.value.code == "E_PIXELS"
    assert only_page(path, limits=Limits(pixels=60_000)).width == 300


def test_a_large_page_is_scaled_down_and_leads_back(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", marked(400, 300))
    page = only_page(path, limits=Limits(raster=30_000))
    assert page.width * page.height <= 30_000 * 1.02
    assert codes(page) == {"W_SCALED"}
    whole = page.to_source.box(Box(0, 0, page.width, page.height))
    assert whole.as_tuple() == pytest.approx((0, 0, 400, 300))
    assert only_page(path, limits=Limits(raster=120_000)).notices == ()


def test_a_tiny_picture_is_a_blank_page_with_a_notice(tmp_path: Path) -> None:
    page = only_page(save(tmp_path / "a.png", Image.new("L", (300, 3), 255)))
    assert codes(page) == {"W_BLANK"}


@pytest.mark.parametrize(
    ("size", "tag", "dpi", "known"),
    [
        ((827, 1169), (100, 100), 100, True),
        ((1654, 2339), (72, 72), 200, False),  # a tag that makes a sheet of 58 x 82 cm
        ((1654, 2339), None, 200, False),
        ((600, 600), (300, 300), 72.6, False),
        ((630, 1500), (200, 200), 200, True),  # a receipt of 80 mm
    ],
)
def test_a_resolution_counts_only_where_the_sheet_exists(
    tmp_path: Path,
    size: tuple[int, int],
    tag: tuple[int, int] | None,
    dpi: float,
    known: bool,
) -> None:
    options = {"dpi": tag} if tag else {}
    page = only_page(save(tmp_path / "a.png", Image.new("L", size, 255), **options))
    assert (page.dpi, page.dpi_known) == (pytest.approx(dpi, rel=0.005), known)


def test_a_fax_with_flat_pixels_becomes_square(tmp_path: Path) -> None:
    path = save(tmp_path / "a.tif", Image.new("1", (1728, 1078), 1), dpi=(204, 98))
    page = only_page(path)
    assert page.pixels.shape[:2] == (round(1078 * 204 / 98), 1728)
    assert page.dpi == 204
    assert page.to_source.point(0, page.height) == pytest.approx((0, 1078))
