"""Pictures as PDF pages, without loss: JPEG and PNG data as they are, black and white as fax G4."""

from __future__ import annotations

import io
import math
import struct
import zlib
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from recovery.writers.page_frames import quarter
from recovery.writers.pdf_text import packed_stream
from structure.core.document import Page
from structure.core.geometry import Affine, Box
from structure.reading.pictures import PictureFile, to_rgb

_PNG_START = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1}  # PNG colour types without transparency
_SPACES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_STRIP_OFFSETS, _STRIP_SIZES, _PHOTOMETRIC = 273, 279, 262


def picture_page(
    pdf: pikepdf.Pdf, file: PictureFile, path: Path, number: int, page: Page
) -> Affine:
    """Add one picture to `pdf` as a page of its size, upright; its pixels are not changed.

    Args:
        pdf: What the page is added to.
        file: The opened picture file.
        path: Where it lies.
        number: Which of its pictures, from 1.
        page: What the document says of it: how large it is and which way is up.

    Returns:
        From pixels of the stored picture to the user space of the page.

    Raises:
        InputError: the picture cannot be decoded.
    """
    image = file.stored(number)
    width, height = image.size
    stored = _embedded(pdf, image, path)
    way, paper = _placed(page.to_source, width, height)
    fresh = pdf.add_blank_page(page_size=(round(paper.width, 2), round(paper.height, 2)))
    fresh.obj.Resources = Dictionary(XObject=Dictionary(Scan=stored))
    # A picture fills the unit square, its first row on top.
    square = Affine(width, 0.0, 0.0, -height, 0.0, height).then(way)
    numbers = " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in square.as_tuple())
    fresh.obj.Contents = pdf.make_stream(f"q {numbers} cm /Scan Do Q".encode("ascii"))
    return way


def _placed(to_source: Affine, width: int, height: int) -> tuple[Affine, Box]:
    """Where the pixels of a picture go on a page that is as large as it, by the nearest quarter.

    Args:
        to_source: From points of the upright page to these pixels.
        width: Pixels.
        height: Pixels.

    Returns:
        From pixels to user space (y upwards), and the page.
    """
    back = to_source.inverse()
    x_scale, y_scale = math.hypot(back.a, back.b), math.hypot(back.c, back.d)
    turned = quarter(back, x_scale, y_scale)
    box = turned.box(Box(0.0, 0.0, width, height))
    upwards = Affine(1.0, 0.0, 0.0, -1.0, -box.x0, box.y1)
    return turned.then(upwards), box


def _embedded(pdf: pikepdf.Pdf, image: Image.Image, path: Path) -> pikepdf.Stream:
    if image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB", "CMYK"):
        return _jpeg(pdf, image, path.read_bytes())
    if image.format == "PNG":
        stored = _png(pdf, path.read_bytes(), image)
        if stored is not None:
            return stored
    if image.mode == "1" and "transparency" not in image.info:
        return _fax(pdf, image)
    if image.mode == "CMYK":
        stored = packed_stream(pdf, image.tobytes())
        stored.stream_dict.update(_facts(image.width, image.height, 8))
        stored.ColorSpace = _space(pdf, 4, image)
        return stored
    if image.mode not in ("L", "RGB") or "transparency" in image.info:
        profile = image.info.get("icc_profile") if image.mode in ("RGBA", "P", "PA") else None
        image = Image.fromarray(to_rgb(image))
        if profile:
            image.info["icc_profile"] = profile
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=9)
    return _checked(_png(pdf, buffer.getvalue(), image))


def _checked(stream: pikepdf.Stream | None) -> pikepdf.Stream:
    if stream is None:
        raise ValueError("a PNG of our own making cannot be embedded")
    return stream


def _jpeg(pdf: pikepdf.Pdf, image: Image.Image, data: bytes) -> pikepdf.Stream:
    stream = pdf.make_stream(data, Filter=Name.DCTDecode)
    stream.stream_dict.update(_facts(image.width, image.height, 8))
    stream.ColorSpace = _space(pdf, len(image.getbands()), image)
    if image.mode == "CMYK" and "adobe" in image.info:
        stream.Decode = Array([1, 0] * 4)  # Adobe stores ink as light
    return stream


def _png(pdf: pikepdf.Pdf, data: bytes, image: Image.Image) -> pikepdf.Stream | None:
    """The compressed rows of a PNG, which a PDF takes as they are; None where it has others."""
    chunks = _chunks(data)
    if "IHDR" not in chunks or "tRNS" in chunks:
        return None
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks["IHDR"][:13])
    if kind not in _CHANNELS or bits > 8 or interlaced or (width, height) != image.size:
        return None
    channels = _CHANNELS[kind]
    rows = chunks.get("IDAT", b"")
    try:
        whole = len(zlib.decompress(rows)) == height * (1 + (width * channels * bits + 7) // 8)
    except zlib.error:
        whole = False
    if not whole:
        return None
    predictor = Dictionary(Predictor=15, Colors=channels, BitsPerComponent=bits, Columns=width)
    stream = pdf.make_stream(rows, Filter=Name.FlateDecode, DecodeParms=predictor)
    stream.stream_dict.update(_facts(width, height, bits))
    if kind == 3:
        palette = chunks.get("PLTE", b"")
        colours = pikepdf.String(palette)
        stream.ColorSpace = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, colours])
    else:
        stream.ColorSpace = _space(pdf, channels, image)
    return stream


def _chunks(data: bytes) -> dict[str, bytes]:
    """The chunks of a PNG by name, those of one name joined; as far as they are whole."""
    found: dict[str, bytearray] = {}
    at = len(_PNG_START)
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if at + 12 + length > len(data):
            break
        found.setdefault(name.decode("latin-1"), bytearray()).extend(data[at + 8 : at + 8 + length])
        at += 12 + length
    return {name: bytes(content) for name, content in found.items()}


def _fax(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    buffer = io.BytesIO()
    plain = Image.frombytes("1", image.size, image.tobytes())
    plain.save(buffer, format="TIFF", compression="group4", strip_size=1 << 30)
    with Image.open(io.BytesIO(buffer.getvalue()), formats=["TIFF"]) as coded:
        tags: Any = coded.tag_v2  # type: ignore[attr-defined]
        (start,), (size,) = tags[_STRIP_OFFSETS], tags[_STRIP_SIZES]
        white_is_zero = tags[_PHOTOMETRIC] == 0
    parameters = Dictionary(
        K=-1, Columns=image.width, Rows=image.height, BlackIs1=not white_is_zero
    )
    data = buffer.getvalue()[start : start + size]
    stream = pdf.make_stream(data, Filter=Name.CCITTFaxDecode, DecodeParms=parameters)
    stream.stream_dict.update(_facts(image.width, image.height, 1))
    stream.ColorSpace = Name.DeviceGray
    return stream


def _facts(width: int, height: int, bits: int) -> dict[str, Any]:
    return {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": width,
        "/Height": height,
        "/BitsPerComponent": bits,
    }


def _space(pdf: pikepdf.Pdf, channels: int, image: Image.Image) -> Any:
    """The colour profile of a picture where it has a fitting one, else the plain colour space."""
    profile = image.info.get("icc_profile")
    plain = _SPACES[channels]
    kinds = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
    if not isinstance(profile, bytes) or profile[16:20] != kinds[channels]:
        return plain
    stream = packed_stream(pdf, profile)
    stream.N, stream.Alternate = channels, plain
    return Array([Name.ICCBased, pdf.make_indirect(stream)])
