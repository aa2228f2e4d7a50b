from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream
from PIL import Image

from structure.core.images import PageImage
from structure.reading import open_source

TEXT = b"BT /F1 24 Tf 105 100 Td (Printed over it all) Tj ET\n"
UPRIGHT, MIRRORED, TURNED = b"100 0 0 80", b"-100 0 0 80", b"0 80 -100 0"
SHIFTS = {UPRIGHT: b"100 60", MIRRORED: b"200 60", TURNED: b"200 60"}


def photo(mode: str = "RGB") -> Image.Image:
    """A picture that looks different however it is turned."""
    y, x = np.mgrid[0:240, 0:300]
    pixels = np.stack([x * 255 // 300, y * 255 // 240, 255 - (x + y) * 255 // 540], axis=2)
    return Image.fromarray(pixels.astype(np.uint8)).convert(mode)


def with_picture(
    path: Path, *, matrix: bytes = UPRIGHT, over: bytes = b"", jpeg: bool = True, mode: str = "RGB"
) -> bytes:
    """A PDF with one picture, 100 x 80 points; returns the bytes of the picture."""
    buffer = io.BytesIO()
    image = photo(mode)
    image.save(buffer, "JPEG", quality=85)
    data = buffer.getvalue() if jpeg else image.tobytes()
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    picture = Stream(pdf, data)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = image.width, image.height, 8
    picture.ColorSpace = Name.DeviceCMYK if mode == "CMYK" else Name.DeviceRGB
    if jpeg:
        picture.Filter = Name.DCTDecode
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(XObject=Dictionary(Im1=picture), Font=Dictionary(F1=font))
    drawn = b"q " + matrix + b" " + SHIFTS[matrix] + b" cm /Im1 Do Q\n"
    page.obj.Contents = Stream(pdf, drawn + over)
    pdf.save(path, compress_streams=True)
    return data


def read(path: Path) -> PageImage:
    with open_source(path, dpi=100) as source:
        (page,) = source
    assert isinstance(page, PageImage)
    return page


def test_a_jpeg_on_the_page_keeps_its_bytes(tmp_path: Path, renderer: str) -> None:
    path = tmp_path / "a.pdf"
    data = with_picture(path)
    (picture,) = read(path).embedded
    assert picture.data == data
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 300, 240)
    assert picture.box.as_tuple() == pytest.approx((138.9, 83.3, 277.8, 194.4), abs=1)


def test_a_picture_without_loss_comes_in_all_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with_picture(path, jpeg=False)
    (picture,) = read(path).embedded
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.format == "PNG"
        assert (np.asarray(image) == np.asarray(photo())).all()


@pytest.mark.parametrize(
    "changed",
    [{"matrix": MIRRORED}, {"matrix": TURNED}, {"over": 9 * TEXT}, {"mode": "CMYK"}],
    ids=["mirrored", "turned", "printed over", "in four colours"],
)
def test_a_picture_that_looks_otherwise_on_the_page_is_left(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    path = tmp_path / "a.pdf"
    with_picture(path, **changed)  # type: ignore[arg-type]
    assert read(path).embedded == ()


def test_a_clipped_picture_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with_picture(path, over=b"1 g 100 60 50 80 re f\n")
    assert read(path).embedded == ()
