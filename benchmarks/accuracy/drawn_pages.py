"""Pages of digital PDFs drawn as pictures, with their own characters as the truth."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c

from benchmarks.accuracy.text_metrics import Glyph
from structure.core.images import RGBImage

DPI = 200
_FINE = 16
"""pdfium maps points to whole pixels; asking for a page so many times as large keeps fractions."""

_MIN_CONTRAST = 48
"""A character whose box shows less difference in brightness is not seen: white on white."""

_INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-"}


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page picture and what it says.

    Attributes:
        glyphs: Its visible characters; no white space.
        text: The same in the order of the file, with spaces and line ends.
    """

    pixels: RGBImage
    glyphs: tuple[Glyph, ...]
    text: str


def page_count(path: Path) -> int:
    """Pages of a PDF."""
    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)


def evenly(count: int, most: int) -> list[int]:
    """At most `most` page numbers from 1 to `count`, evenly chosen, first and last among them."""
    if count <= most:
        return list(range(1, count + 1))
    if most == 1:
        return [1]
    return [1 + round(n * (count - 1) / (most - 1)) for n in range(most)]


def draw(path: Path, number: int, *, dpi: int = DPI) -> DrawnPage:
    """Draw page `number` (from 1) of a PDF and read its visible characters."""
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[number - 1]
        picture = page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()
        pixels = np.ascontiguousarray(picture[..., :3])
        glyphs, text = _read(page, pixels)
    return DrawnPage(pixels, tuple(glyphs), text)


def _read(page: Any, pixels: RGBImage) -> tuple[list[Glyph], str]:
    height, width = pixels.shape[:2]
    text_page = page.get_textpage()
    glyphs: list[Glyph] = []
    text = ""
    x, y = ctypes.c_int(), ctypes.c_int()
    for n in range(text_page.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text_page, n)
        char = _HYPHENS.get(code, chr(code))
        if char.isspace():
            text += "\n" if char in "\r\n" else " "
            continue
        if not char.isprintable():
            continue
        corners = []
        left, bottom, right, top = text_page.get_charbox(n)
        for px, py in ((left, bottom), (right, top)):
            pdfium_c.FPDF_PageToDevice(page, 0, 0, width * _FINE, height * _FINE, 0, px, py, x, y)
            corners.append((x.value / _FINE, y.value / _FINE))
        if _is_seen(text_page, n, corners, pixels):
            (x0, y0), (x1, y1) = corners
            glyphs.append(Glyph(char, (x0 + x1) / 2, (y0 + y1) / 2))
            text += char
    return glyphs, text


def _is_seen(
    text_page: Any, n: int, corners: Sequence[tuple[float, float]], pixels: RGBImage
) -> bool:
    owner = pdfium_c.FPDFText_GetTextObject(text_page, n)
    if owner and pdfium_c.FPDFTextObj_GetTextRenderMode(owner) in _INVISIBLE:
        return False
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    x0, y0 = max(0, int(xs[0]) - 1), max(0, int(ys[0]) - 1)
    box = pixels[y0 : max(0, int(ys[1]) + 2), x0 : max(0, int(xs[1]) + 2)]
    return bool(box.size) and int(box.max()) - int(box.min()) >= _MIN_CONTRAST
