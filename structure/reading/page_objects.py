"""What a PDF page draws besides its text: pictures, the order of painting, and links."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c

from structure.core.geometry import Affine, Box

INVISIBLE_MODES = frozenset(
    (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
)
"""Ways of drawing text that leave no mark."""

_MAX_OBJECTS = 50_000
_MAX_DEPTH = 8
_MAX_LINKS = 5000
_GRID = 64
_LINK_SCHEMES = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture on a page.

    Attributes:
        box: User space (y upwards): x0, bottom, x1, top.
        order: Place in the order of painting; what is painted later covers what was earlier.
        width: Pixels of the embedded picture.
        height: Likewise.
        opaque: False for a stencil or a picture with transparent parts.
    """

    box: Box
    order: int
    width: int
    height: int
    opaque: bool


@dataclass(frozen=True, slots=True)
class PageObjects:
    """Pictures of a page, and when each of its text objects is painted.

    Attributes:
        pictures: In the order of painting.
        text_order: Address of a pdfium text object to its place in that order.
        visible_texts: Number of text objects that are painted.
        count: Number of drawn objects of all kinds.
    """

    pictures: tuple[Placed, ...]
    text_order: dict[int, int]
    visible_texts: int
    count: int

    def cover(self, page: Box) -> float:
        """Share of `page` (user space) under pictures, 0 to 1; a scan may come in strips."""
        grid = np.zeros((_GRID, _GRID), dtype=bool)
        if page.area <= 0:
            return 0.0
        x_step, y_step = page.width / _GRID, page.height / _GRID
        for picture in self.pictures:
            box = picture.box
            columns = slice(_cell(box.x0 - page.x0, x_step), _cell(box.x1 - page.x0, x_step))
            rows = slice(_cell(box.y0 - page.y0, y_step), _cell(box.y1 - page.y0, y_step))
            grid[rows, columns] = True
        return float(grid.mean())


def _cell(distance: float, step: float) -> int:
    return min(max(round(distance / step), 0), _GRID)


def page_objects(page: Any) -> PageObjects:
    """Walk over the objects of a pdfium page, into forms, up to a bound that no real page needs."""
    pictures: list[Placed] = []
    text_order: dict[int, int] = {}
    order = visible = 0
    for order, (item, kind, to_page) in enumerate(walk(page), 1):
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            text_order[address(item)] = order
            visible += pdfium_c.FPDFTextObj_GetTextRenderMode(item) not in INVISIBLE_MODES
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            picture = _picture(item, to_page, order)
            if picture is not None:
                pictures.append(picture)
        if order >= _MAX_OBJECTS:
            break
    return PageObjects(tuple(pictures), text_order, visible, order)


def address(pointer: Any) -> int:
    """The address in a ctypes pointer, 0 for null."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def links(page: Any, document: Any) -> list[tuple[Box, str]]:
    """Web and mail links of a page: box in user space (y upwards) and address."""
    found: list[tuple[Box, str]] = []
    position, link, rect = ctypes.c_int(0), pdfium_c.FPDF_LINK(), pdfium_c.FS_RECTF()
    while pdfium_c.FPDFLink_Enumerate(page, position, link) and len(found) < _MAX_LINKS:
        action = pdfium_c.FPDFLink_GetAction(link)
        if not action or pdfium_c.FPDFAction_GetType(action) != pdfium_c.PDFACTION_URI:
            continue
        size = pdfium_c.FPDFAction_GetURIPath(document, action, None, 0)
        buffer = ctypes.create_string_buffer(size)
        pdfium_c.FPDFAction_GetURIPath(document, action, buffer, size)
        target = buffer.value.decode("utf-8", "replace").strip()
        known = target.lower().startswith(_LINK_SCHEMES) and target.isprintable()
        if known and pdfium_c.FPDFLink_GetAnnotRect(link, rect):
            left, right = sorted((rect.left, rect.right))
            bottom, top = sorted((rect.bottom, rect.top))
            found.append((Box(left, bottom, right, top), target))
    return found


def walk(page: Any) -> Iterator[tuple[Any, int, Affine]]:
    """(object, kind, map from its parent's space to the page) in the order of painting."""
    stack: list[tuple[Any, int, int, Affine]] = [
        (page, pdfium_c.FPDFPage_CountObjects(page), 0, Affine())
    ]
    while stack:
        parent, count, index, to_page = stack.pop()
        if index >= count:
            continue
        stack.append((parent, count, index + 1, to_page))
        get = pdfium_c.FPDFFormObj_GetObject if len(stack) > 1 else pdfium_c.FPDFPage_GetObject
        item = get(parent, index)
        kind = pdfium_c.FPDFPageObj_GetType(item) if item else pdfium_c.FPDF_PAGEOBJ_UNKNOWN
        if kind == pdfium_c.FPDF_PAGEOBJ_FORM and len(stack) <= _MAX_DEPTH:
            matrix = pdfium_c.FS_MATRIX()
            pdfium_c.FPDFPageObj_GetMatrix(item, matrix)
            own = Affine(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
            stack.append((item, pdfium_c.FPDFFormObj_CountObjects(item), 0, own.then(to_page)))
        else:
            yield item, kind, to_page


def _picture(item: Any, to_page: Affine, order: int) -> Placed | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    box = to_page.box(Box(left.value, bottom.value, right.value, top.value))
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(item, width, height)
    opaque = not pdfium_c.FPDFPageObj_HasTransparency(item)
    return Placed(box, order, width.value, height.value, opaque)
