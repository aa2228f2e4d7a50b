"""The characters of a PDF page with their places and looks, as pdfium sees them."""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from structure.core.analysis import Font
from structure.core.document import Named
from structure.core.geometry import Affine
from structure.reading.page_objects import INVISIBLE_MODES, address

# The same function, but giving a plain number: four times as fast as a pointer object a character.
_object_address = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
_MAX_CHARACTERS = 200_000
_STROKED_FILL = pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE
_FIXED_PITCH, _SERIF, _ITALIC, _FORCE_BOLD = 1, 1 << 1, 1 << 6, 1 << 18
_BOLD_WEIGHT = 600
_SLANT = math.tan(math.radians(8))

_BOLD_NAME = re.compile(r"bold|black|heavy|demi|cmbx|[-,](?:bd|b)(?:i|it)?$", re.IGNORECASE)
_ITALIC_NAME = re.compile(
    r"italic|oblique|slanted|kursiv|cmti|cmmi|cmsl|[-,](?:bd?)?(?:it?|i)$", re.IGNORECASE
)
_FAMILIES: tuple[tuple[Literal["serif", "sans", "mono"], re.Pattern[str]], ...] = (
    (
        "mono",
        re.compile(
            r"mono|courier|consol|menlo|typewriter|cmtt|fixed|terminal|lettergothic|ocr-?[ab]",
            re.IGNORECASE,
        ),
    ),
    (
        "sans",
        re.compile(
            r"sans|arial|helvet|verdana|calibri|tahoma|trebuchet|segoe|roboto|gothic|univers"
            r"|futura|frutiger|myriad|cmss|lato|inter|simhei|heiti|yahei|grotes|swiss|aptos",
            re.IGNORECASE,
        ),
    ),
    (
        "serif",
        re.compile(
            r"serif|times|roman|georgia|garamond|palatino|cambria|minion|book|cmr|cmbx|cmti|cmmi"
            r"|song|simsun|ming|mincho|century|bodoni|baskerville|caslon|kai|nimbusrom|tiro",
            re.IGNORECASE,
        ),
    ),
)

_NAMED: tuple[tuple[Named, re.Pattern[str]], ...] = (
    ("Calibri", re.compile(r"calibri|carlito", re.IGNORECASE)),
    ("Cambria", re.compile(r"cambria(?!math)|caladea", re.IGNORECASE)),
    ("Verdana", re.compile(r"verdana|dejavusans(?!mono|cond)|verasans", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Style:
    """What all characters of one text object have in common; lengths in pixels.

    Attributes:
        font: Size, family, weight, slant, colour.
        along: Unit vector of the writing direction, y downwards.
        visible: Whether the object is painted at all.
        order: Place of the object in the order of painting.
        key: Tells text objects apart.
    """

    font: Font
    along: tuple[float, float]
    visible: bool
    order: int
    key: int

    @property
    def em(self) -> float:
        """Size of the font in pixels."""
        return self.font.size


@dataclass(frozen=True, slots=True)
class Characters:
    """All characters of a page in the order of the file; N entries each, places in pixels.

    Attributes:
        codes: Unicode code points.
        styles: Index into `looks`; -1 for a space or line end that pdfium inferred.
        cells: (N, 4) x0 y0 x1 y1 of the place a character takes, including its side bearings.
        origins: (N, 2) start of the baseline.
        looks: The styles.
        unmapped: Share of the characters whose font does not say what they are, 0 to 1.
    """

    codes: NDArray[np.int64]
    styles: NDArray[np.int64]
    cells: NDArray[np.float64]
    origins: NDArray[np.float64]
    looks: tuple[Style, ...]
    unmapped: float


def read_characters(page: Any, from_source: Affine, text_order: dict[int, int]) -> Characters:
    """Ask pdfium for every character of `page`.

    Args:
        page: A pdfium page.
        from_source: User space to pixels.
        text_order: As in `PageObjects`.
    """
    text = pdfium_c.FPDFText_LoadPage(page)
    if not text:
        return _empty()
    try:
        return _read(text, from_source, text_order)
    finally:
        pdfium_c.FPDFText_ClosePage(text)


def _read(text: Any, from_source: Affine, text_order: dict[int, int]) -> Characters:
    count = min(max(pdfium_c.FPDFText_CountChars(text), 0), _MAX_CHARACTERS)
    if not count:
        return _empty()
    # A page has thousands of characters: names are bound once, and results go into plain lists.
    unicode_of, cell_of = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    origin_of, error_of = pdfium_c.FPDFText_GetCharOrigin, pdfium_c.FPDFText_HasUnicodeMapError
    rect, x, y = pdfium_c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    text_address = address(text)
    reader = _StyleReader(text, from_source, text_order)
    codes, styles, unmapped, real = [], [], 0, 0
    cells: list[float] = []
    origins: list[float] = []
    for index in range(count):
        codes.append(unicode_of(text, index))
        key = _object_address(text_address, index)
        styles.append(-1 if key is None else reader.style(key, index))
        cell_of(text, index, rect)
        cells += (rect.left, rect.bottom, rect.right, rect.top)
        origin_of(text, index, x, y)
        origins += (x.value, y.value)
        # Slower than the rest; every fourth character is enough for a share.
        if key is not None and index % 4 == 0:
            real += 1
            unmapped += error_of(text, index) == 1
    return Characters(
        np.array(codes, dtype=np.int64),
        np.array(styles, dtype=np.int64),
        _map_boxes(np.array(cells).reshape(-1, 4), from_source),
        _map_points(np.array(origins).reshape(-1, 2), from_source),
        tuple(reader.looks),
        unmapped / real if real else 0.0,
    )


def _empty() -> Characters:
    none = np.zeros(0, dtype=np.int64)
    return Characters(none, none, np.zeros((0, 4)), np.zeros((0, 2)), (), 0.0)


def _map_points(points: NDArray[np.float64], affine: Affine) -> NDArray[np.float64]:
    a, b, c, d, e, f = affine.as_tuple()
    x, y = points[:, 0], points[:, 1]
    return np.nan_to_num(np.stack([a * x + c * y + e, b * x + d * y + f], axis=1))


def _map_boxes(boxes: NDArray[np.float64], affine: Affine) -> NDArray[np.float64]:
    one, two = _map_points(boxes[:, :2], affine), _map_points(boxes[:, 2:], affine)
    # Pages are turned by quarters only, so two opposite corners are enough.
    return np.concatenate([np.minimum(one, two), np.maximum(one, two)], axis=1)


class _StyleReader:
    """Styles of text objects, each asked for once."""

    def __init__(self, text: Any, from_source: Affine, text_order: dict[int, int]) -> None:
        self._text, self._from_source, self._text_order = text, from_source, text_order
        self._known: dict[int, int] = {}
        self._fonts: dict[int, _Face] = {}
        self.looks: list[Style] = []

    def style(self, key: int, index: int) -> int:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = len(self.looks)
            self.looks.append(self._read(key, index))
        return known

    def _read(self, key: int, index: int) -> Style:
        owner = ctypes.cast(key, pdfium_c.FPDF_PAGEOBJECT)
        matrix = pdfium_c.FS_MATRIX(1, 0, 0, 1, 0, 0)
        pdfium_c.FPDFText_GetMatrix(self._text, index, matrix)
        page = self._from_source
        along = _direction(page, matrix.a, matrix.b)
        up = _direction(page, matrix.c, matrix.d)
        length = math.hypot(*along)
        size = abs(pdfium_c.FPDFText_GetFontSize(self._text, index))
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(owner)
        face = self._face(owner)
        if length > 0:
            em = size * abs(along[0] * up[1] - along[1] * up[0]) / length
            unit = along[0] / length, along[1] / length
            # A slanted matrix makes an upright face oblique.
            slant = abs(along[0] * up[0] + along[1] * up[1]) / (length * max(math.hypot(*up), 1e-9))
        else:
            em, unit, slant = size, (1.0, 0.0), 0.0
        font = Font(
            em,
            face.family,
            face.named,
            bold=face.bold or mode == _STROKED_FILL,
            italic=face.italic or _SLANT < slant < 0.5,
            color=_fill_color(owner),
        )
        visible = mode not in INVISIBLE_MODES
        return Style(font, unit, visible, self._text_order.get(key, 0), key)

    def _face(self, owner: Any) -> _Face:
        font = pdfium_c.FPDFTextObj_GetFont(owner)
        key = address(font)
        if key not in self._fonts:
            self._fonts[key] = _read_face(font) if key else _Face()
        return self._fonts[key]


def _direction(affine: Affine, x: float, y: float) -> tuple[float, float]:
    return affine.a * x + affine.c * y, affine.b * x + affine.d * y


@dataclass(frozen=True, slots=True)
class _Face:
    """What a font says about itself."""

    family: Literal["serif", "sans", "mono"] = "serif"
    bold: bool = False
    italic: bool = False
    named: Named | None = None


def _read_face(font: Any) -> _Face:
    size = pdfium_c.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 1))
    pdfium_c.FPDFFont_GetBaseFontName(font, buffer, size)
    angle = ctypes.c_int(0)
    pdfium_c.FPDFFont_GetItalicAngle(font, angle)
    return face_of(
        buffer.value.decode("utf-8", "replace"),
        max(pdfium_c.FPDFFont_GetFlags(font), 0),
        pdfium_c.FPDFFont_GetWeight(font),
        angle.value,
    )


def face_of(name: str, flags: int, weight: int, italic_angle: int) -> _Face:
    """Family, weight and slant from a font's name, its descriptor flags, StemV and angle.

    The name counts most: many programs write the same flags for every font. The weight that follows
    from StemV is believed only where the name is silent and the flags agree.

    Args:
        name: PostScript name, perhaps with a subset tag ("ABCDEF+").
        flags: Of the font descriptor, PDF 1.7 table 123.
        weight: 100 to 900; 0 or less where unknown.
        italic_angle: Degrees, negative for a slant to the right.
    """
    plain = name.split("+", 1)[-1].replace(" ", "")
    family: Literal["serif", "sans", "mono"] | None = next(
        (kind for kind, pattern in _FAMILIES if pattern.search(plain)), None
    )
    if family is None:
        family = "mono" if flags & _FIXED_PITCH else "serif" if flags & _SERIF else "sans"
    bold = bool(_BOLD_NAME.search(plain)) or (bool(flags & _FORCE_BOLD) and weight >= _BOLD_WEIGHT)
    italic = bool(_ITALIC_NAME.search(plain)) or bool(flags & _ITALIC) or italic_angle <= -4
    named = next((face for face, pattern in _NAMED if pattern.search(plain)), None)
    return _Face(family, bold, italic, named)


def _fill_color(owner: Any) -> str:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetFillColor(owner, red, green, blue, alpha):
        return "000000"
    return f"{red.value & 255:02X}{green.value & 255:02X}{blue.value & 255:02X}"
