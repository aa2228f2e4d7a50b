"""A source beside what was made of it, for the eye."""

from __future__ import annotations

from PIL import Image

from recovery.score.raster import rasterize

_DPI = 60.0
_PAGES = 4
_GAP = 8
_GREY = (120, 120, 120)


def beside(source: bytes, found: bytes | None) -> Image.Image:
    """The first pages of two PDFs, one pair a row, the source on the left."""
    left = rasterize(source, _DPI)[:_PAGES]
    right = rasterize(found, _DPI)[: _PAGES + 1] if found else []
    rows = max(len(left), len(right))
    width = [max((page.shape[1] for page in pages), default=1) for pages in (left, right)]
    height = max(page.shape[0] for page in (*left, *right))
    size = (sum(width) + 3 * _GAP, rows * (height + _GAP) + _GAP)
    sheet = Image.new("RGB", size, _GREY)
    for pages, x in ((left, _GAP), (right, width[0] + 2 * _GAP)):
        for n, page in enumerate(pages):
            sheet.paste(Image.fromarray(page), (x, _GAP + n * (height + _GAP)))
    return sheet
