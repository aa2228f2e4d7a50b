"""Exact places of everything in a rendered truth, read from a twin in colours.

The twin is the same document with every text in a colour of its own and every table cell on a
background of its own. Neither moves a glyph, so what PDFium says of the glyphs and rectangles of
one colour holds for the plain rendering as well (`shift` measures it).
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from structure.core.document import Line, WordBox
from structure.core.geometry import Box, union
from structure.core.text import is_wide

_HYPHENS = "-\u2010\u00ad\x02\ufffe"
"""What PDFium reports for a hyphen, above all at the end of a line."""
_NEW_LINE, _NEW_COLUMN = 0.75, 1.0
"""A glyph this many em below the one before, or left of it, begins a line."""


class Tints:
    """Hands out a colour for every key, always the same for the same order of keys."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def __call__(self, key: str) -> str:
        """RRGGBB; neither black nor white, and no two alike."""
        if key not in self._of:
            # An odd factor permutes the 24-bit numbers, so the colours stay apart.
            self._of[key] = f"{((len(self._of) + 1) * 2654435761) % 0xFFFFFE + 1:06X}"
        return self._of[key]

    def keys(self) -> dict[str, str]:
        """Key by colour."""
        return {color: key for key, color in self._of.items()}


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn character.

    Attributes:
        box: Its ink in points of the page, origin top left.
        x: Where its origin stands on the baseline.
        y: Height of the baseline.
        size: Em size in points.
    """

    page: int
    text: str
    box: Box
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Rendering:
    """What is drawn on the pages of a PDF.

    Attributes:
        sizes: Width and height of each page in points.
        glyphs: By colour, in the order of drawing; without spaces.
        fills: Filled rectangles by colour, as (page, box).
        pictures: (page, box) in the order of drawing.
    """

    sizes: tuple[tuple[float, float], ...]
    glyphs: Mapping[str, Sequence[Glyph]]
    fills: Mapping[str, Sequence[tuple[int, Box]]]
    pictures: Sequence[tuple[int, Box]] = field(default=())


def read_rendering(pdf: bytes) -> Rendering:
    """All glyphs, filled rectangles and pictures of a PDF."""
    glyphs: dict[str, list[Glyph]] = defaultdict(list)
    fills: dict[str, list[tuple[int, Box]]] = defaultdict(list)
    pictures: list[tuple[int, Box]] = []
    sizes: list[tuple[float, float]] = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            sizes.append(page.get_size())
            for color, glyph in _glyphs(page, number):
                glyphs[color].append(glyph)
            for item in page.get_objects(max_depth=4):
                box = _top_left(item.get_bounds(), page.get_height())
                if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                    pictures.append((number, box))
                elif item.type == pdfium.FPDF_PAGEOBJ_PATH and _is_filled(item.raw):
                    fills[_color(pdfium.FPDFPageObj_GetFillColor, item.raw)].append((number, box))
            page.close()
    finally:
        document.close()
    return Rendering(tuple(sizes), dict(glyphs), dict(fills), tuple(pictures))


def _glyphs(page: Any, number: int) -> Iterator[tuple[str, Glyph]]:
    text = page.get_textpage()
    height = page.get_height()
    try:
        for i in range(pdfium.FPDFText_CountChars(text)):
            code = pdfium.FPDFText_GetUnicode(text, i)
            if pdfium.FPDFText_IsGenerated(text, i) == 1 or chr(code).isspace() or code == 0:
                continue
            bounds = [ctypes.c_double() for _ in range(4)]
            left, right, bottom, top = bounds
            pdfium.FPDFText_GetCharBox(text, i, left, right, bottom, top)
            x, y = ctypes.c_double(), ctypes.c_double()
            pdfium.FPDFText_GetCharOrigin(text, i, x, y)
            yield (
                _color(pdfium.FPDFText_GetFillColor, text, i),
                Glyph(
                    number,
                    chr(code),
                    _top_left((left.value, bottom.value, right.value, top.value), height),
                    x.value,
                    height - y.value,
                    pdfium.FPDFText_GetFontSize(text, i),
                ),
            )
    finally:
        text.close()


def _color(getter: Any, *owner: Any) -> str:
    parts = [ctypes.c_uint() for _ in range(4)]
    getter(*owner, *parts)
    return "".join(f"{part.value:02X}" for part in parts[:3])


def _is_filled(path: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, mode, stroke)
    return mode.value != pdfium.FPDF_FILLMODE_NONE


def _top_left(bounds: tuple[float, float, float, float], height: float) -> Box:
    left, bottom, right, top = bounds
    return Box(left, height - top, right, height - bottom)


def shift(one: Rendering, two: Rendering) -> float:
    """The largest distance in points between a glyph of one rendering and its like in the other.

    Infinite where they do not show the same characters on the same pages.
    """
    first, second = _sorted(one), _sorted(two)
    if [(g.page, g.text) for g in first] != [(g.page, g.text) for g in second]:
        return float("inf")
    pairs = zip(first, second, strict=True)
    return max((max(abs(a.x - b.x), abs(a.y - b.y)) for a, b in pairs), default=0.0)


def _sorted(rendering: Rendering) -> list[Glyph]:
    glyphs = [glyph for own in rendering.glyphs.values() for glyph in own]
    return sorted(glyphs, key=lambda g: (g.page, round(g.y, 1), round(g.x, 1), g.text))


def lines_of(
    glyphs: Sequence[Glyph], text: str, *, rtl: bool = False
) -> list[tuple[int, Line, float]]:
    """The printed lines of one text.

    Args:
        glyphs: Of the text's colour, in the order of drawing.
        text: What was written; soft hyphens in it may or may not be printed.
        rtl: Whether it is set from right to left.

    Returns:
        Page, line and baseline of each, in reading order. A tab stays in the text of a line.

    Raises:
        ValueError: the glyphs do not spell the text.
    """
    rows = _rows(glyphs, rtl)
    written = [(i, char) for i, char in enumerate(_plain(text)) if not char.isspace()]
    lines: list[tuple[int, Line, float]] = []
    at = 0
    for row in rows:
        own = _ordered(row, rtl)
        places: list[tuple[int | None, Glyph]] = []
        for glyph in own:
            if at < len(written) and (rtl or _same(glyph.text, written[at][1])):
                places.append((written[at][0], glyph))
                at += 1
            elif glyph.text in _HYPHENS and glyph is own[-1]:
                places.append((None, glyph))
            else:
                wanted = written[at][1] if at < len(written) else "nothing"
                raise ValueError(f"{glyph.text!r} is drawn where {wanted!r} is meant in {text!r}")
        lines.append((row[0].page, _line(places, _plain(text)), row[0].y))
    if at < len(written):
        raise ValueError(f"only {at} of {len(written)} characters are drawn of {text!r}")
    return lines


def _plain(text: str) -> str:
    return text.replace("\u00ad", "")


def _same(drawn: str, written: str) -> bool:
    if written in _HYPHENS:
        return drawn in _HYPHENS
    return unicodedata.normalize("NFKC", drawn) == unicodedata.normalize("NFKC", written)


def _rows(glyphs: Sequence[Glyph], rtl: bool) -> list[list[Glyph]]:
    """Glyphs line by line: a step down or up, back to the left, or to another page begins one."""
    rows: list[list[Glyph]] = []
    usual = max((glyph.size for glyph in glyphs), default=1.0)
    base = 0.0
    for glyph in glyphs:
        new = (
            not rows
            or rows[-1][-1].page != glyph.page
            or abs(glyph.y - base) > _NEW_LINE * usual
            or (not rtl and glyph.x < rows[-1][-1].x - _NEW_COLUMN * usual)
        )
        if new:
            rows.append([])
        if new or glyph.size > 0.9 * usual:
            base = glyph.y
        rows[-1].append(glyph)
    return rows


def _ordered(row: Sequence[Glyph], rtl: bool) -> list[Glyph]:
    return sorted(row, key=lambda g: -g.box.x1) if rtl else list(row)


def _line(places: Sequence[tuple[int | None, Glyph]], text: str) -> Line:
    """One line: its text as printed, its words with the boxes of their ink."""
    known = [i for i, _ in places if i is not None]
    content = text[known[0] : known[-1] + 1].replace("\n", " ")
    if places[-1][0] is None:
        content += "-"
    words: list[WordBox] = []
    for part in _words(places, text):
        box = union(glyph.box for _, glyph in part)
        words.append(WordBox("".join(text[i] if i is not None else "-" for i, _ in part), box))
    return Line(content, union(word.box for word in words), words=tuple(words))


def _words(
    places: Sequence[tuple[int | None, Glyph]], text: str
) -> Iterator[list[tuple[int | None, Glyph]]]:
    """Cut at spaces and where Chinese or Japanese meets another script."""
    part: list[tuple[int | None, Glyph]] = []
    for place in places:
        before, here = part[-1][0] if part else None, place[0]
        if before is not None and here is not None:
            spaced = any(char.isspace() for char in text[before:here])
            if spaced or is_wide(text[before]) != is_wide(text[here]):
                yield part
                part = []
        part.append(place)
    yield part
