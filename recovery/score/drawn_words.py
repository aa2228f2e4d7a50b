"""The words that stand on the pages of a PDF, and pictures of its pages."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from structure.core.geometry import Box, union
from structure.core.text import is_wide

_HYPHENS = "\u00ad\x02\ufffe\u2010"
"""What PDFium reports for a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True)
class DrawnWord:
    """A run of characters without a space, or one Chinese or Japanese character.

    Attributes:
        page: From 1.
        box: Its ink in points of the page, origin top left.
    """

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: the size of every page in points, and all words in the order of drawing."""

    sizes: tuple[tuple[float, float], ...]
    words: tuple[DrawnWord, ...]


def read_drawing(pdf: bytes) -> Drawing:
    """Sizes and words of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        sizes = tuple(document[n].get_size() for n in range(len(document)))
        words = tuple(word for n in range(len(document)) for word in _words(document[n], n + 1))
    finally:
        document.close()
    return Drawing(sizes, words)


def _words(page: Any, number: int) -> Iterator[DrawnWord]:
    text, boxes = "", list[Box]()
    for char, box in _characters(page):
        ends = char.isspace() or is_wide(char)
        if boxes and (ends or not _follows(boxes[-1], box)):
            yield DrawnWord(text, number, union(boxes))
            text, boxes = "", []
        if is_wide(char):
            yield DrawnWord(char, number, box)
        elif not char.isspace():
            text += char
            boxes.append(box)
    if boxes:
        yield DrawnWord(text, number, union(boxes))


def _follows(one: Box, two: Box) -> bool:
    """Whether two characters may be of one word: on one line (PDFium joins divided words)."""
    return min(one.y1, two.y1) > max(one.y0, two.y0) - 0.5 * max(one.height, two.height)


def _characters(page: Any) -> Iterator[tuple[str, Box]]:
    text = page.get_textpage()
    height = page.get_height()
    corners = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = corners
    try:
        for n in range(pdfium.FPDFText_CountChars(text)):
            code = pdfium.FPDFText_GetUnicode(text, n)
            char = chr(code) if code else " "
            pdfium.FPDFText_GetCharBox(text, n, left, right, bottom, top)
            box = Box(left.value, height - top.value, right.value, height - bottom.value)
            yield ("-" if char in _HYPHENS else char), box
    finally:
        text.close()


def draw_pages(pdf: bytes, dpi: float) -> list[NDArray[np.uint8]]:
    """Grey pictures of all pages."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            cv2.cvtColor(
                document[n].render(scale=dpi / 72).to_numpy()[:, :, :3], cv2.COLOR_BGR2GRAY
            )
            for n in range(len(document))
        ]
    finally:
        document.close()
