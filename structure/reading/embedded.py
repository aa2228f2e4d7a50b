"""Pictures that lie in a PDF: taken as they are where the page shows them unchanged."""

from __future__ import annotations

import contextlib
import ctypes
import io
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from structure.core.analysis import Picture
from structure.core.geometry import Affine, Box
from structure.core.images import RGBImage
from structure.reading.page_objects import walk

# Share of the page from which a picture is worth the look, and up to which it is no scan of it.
_LEAST, _MOST = 0.002, 0.8
_MOST_PICTURES = 40
_MOST_PIXELS = 40_000_000
_MOST_BYTES = 40_000_000
# Grey levels by which the page and the picture may differ on the average: resampling and colour
# profiles stay below, text or another picture on it, a turn, a clip or a mirror do not.
_DIFFERENCE = 8.0
# A Flate picture is taken only where it has more to show than the drawn page.
_FINER = 1.2
_SIDE = 160
"""Pixels of the longer side at which the two are compared."""


def embedded_pictures(page: Any, pixels: RGBImage, from_source: Affine) -> tuple[Picture, ...]:
    """The pictures of a pdfium page that stand on it alone and untransformed.

    A JPEG keeps its bytes; what is stored without loss becomes a PNG where it is finer than the
    drawn page. Whether a picture is shown as it is, is seen by comparing it with the page.

    Args:
        page: A pdfium page.
        pixels: The page as it is seen.
        from_source: User space to `pixels`.
    """
    height, width = pixels.shape[:2]
    found: list[Picture] = []
    for item, box in _candidates(page, from_source, width * height):
        if box.clipped(width, height) != box:
            continue
        with contextlib.suppress(pdfium.PdfiumError, OSError, ValueError, MemoryError):
            picture = _jpeg(item, box) or _lossless(item, box)
            if picture is not None and _is_shown(picture, pixels):
                found.append(picture)
        if len(found) >= _MOST_PICTURES:
            break
    return tuple(found)


def _candidates(page: Any, from_source: Affine, area: float) -> Iterator[tuple[Any, Box]]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for item, kind, to_page in walk(page):
        if kind != pdfium_c.FPDF_PAGEOBJ_IMAGE or pdfium_c.FPDFPageObj_HasTransparency(item):
            continue
        if pdfium_c.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            own = Box(left.value, bottom.value, right.value, top.value)
            box = from_source.box(to_page.box(own))
            if _LEAST * area <= box.area <= _MOST * area:
                yield item, box


def _filters(item: Any) -> list[str]:
    names = []
    buffer = ctypes.create_string_buffer(64)
    for index in range(pdfium_c.FPDFImageObj_GetImageFilterCount(item)):
        pdfium_c.FPDFImageObj_GetImageFilter(item, index, buffer, 64)
        names.append(buffer.value.decode("ascii", "replace"))
    return names


def _jpeg(item: Any, box: Box) -> Picture | None:
    """The bytes of a JPEG that every program shows: grey or RGB."""
    if _filters(item) != ["DCTDecode"]:
        return None
    size = pdfium_c.FPDFImageObj_GetImageDataRaw(item, None, 0)
    if not 0 < size <= _MOST_BYTES:
        return None
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDFImageObj_GetImageDataRaw(item, buffer, size)
    data = buffer.raw
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        if image.mode not in ("L", "RGB") or image.width * image.height > _MOST_PIXELS:
            return None
        return Picture(box, data, "image/jpeg", image.width, image.height)


def _lossless(item: Any, box: Box) -> Picture | None:
    """A PNG of a picture that is stored without loss."""
    if set(_filters(item)) - {"FlateDecode", "LZWDecode", "RunLengthDecode"}:
        return None
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(item, width, height)
    if not _FINER * box.width <= width.value <= _MOST_PIXELS / max(height.value, 1):
        return None
    handle = pdfium_c.FPDFImageObj_GetBitmap(item)
    if not handle:
        return None
    try:
        image = pdfium.PdfBitmap.from_raw(handle).to_pil().convert("RGB")
    finally:
        pdfium_c.FPDFBitmap_Destroy(handle)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return Picture(box, buffer.getvalue(), "image/png", image.width, image.height)


def _is_shown(picture: Picture, pixels: RGBImage) -> bool:
    """Whether the page shows just this picture in its box."""
    x0, y0, x1, y1 = (round(value) for value in picture.box.as_tuple())
    part = pixels[y0:y1, x0:x1]
    if min(part.shape[:2]) < 2:
        return False
    scale = min(1.0, _SIDE / max(part.shape[:2]))
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    with Image.open(io.BytesIO(picture.data)) as image:
        image.draft("RGB", (2 * size[0], 2 * size[1]))
        own = cv2.resize(np.asarray(image.convert("RGB")), size, interpolation=cv2.INTER_AREA)
    seen = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    return float(cv2.absdiff(own, seen).mean()) <= _DIFFERENCE
