"""Pages as pictures: plain for reading by an OCR engine, or with boxes around what is labelled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kie.labelled import LabelledPage

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
)
"""The first that there is serves for all pages, as only a CJK font has the signs of all locales."""


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in _FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)


def render(
    page: LabelledPage, dpi: float = 72, colours: Mapping[int, str] | None = None
) -> Image.Image:
    """Draw a page.

    Args:
        page: Its words are fitted into their boxes.
        dpi: Pixels per inch.
        colours: Of the box around a word, by the word's index; none if None.

    Returns:
        An RGB picture of `page.width * dpi / 72` by `page.height * dpi / 72` pixels.
    """
    width, height = round(page.width * dpi / 72), round(page.height * dpi / 72)
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for index, word in enumerate(page.words):
        x0, y0, x1, y1 = (
            value * side / 1000 for value, side in zip(word.box, (width, height) * 2, strict=True)
        )
        if colours is not None and index in colours:
            pen.rectangle((x0 - 1, y0, x1 + 1, y1), fill=colours[index])
        size = max(4, round(y1 - y0))
        font = _font(size)
        if (length := pen.textlength(word.text, font)) > x1 - x0 + 1:
            font = _font(max(4, int(size * (x1 - x0) / max(1.0, length))))
        pen.text((x0, (y0 + y1) / 2), word.text, fill="black", font=font, anchor="lm")
    return picture
