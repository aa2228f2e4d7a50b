"""Pages as pictures: plain for reading by an OCR engine, or with boxes around what is labelled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from PIL import Image, ImageDraw, ImageFont

from kie.labelled import LabelledPage

_FOLDER = Path("/usr/share/fonts")
_LATIN = (
    "truetype/liberation/LiberationSans-Regular.ttf",
    "truetype/liberation/LiberationSerif-Regular.ttf",
    "truetype/liberation/LiberationMono-Regular.ttf",
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSansCondensed.ttf",
    "truetype/dejavu/DejaVuSerif.ttf",
    "truetype/dejavu/DejaVuSansMono.ttf",
)
_CJK = ("opentype/noto/NotoSansCJK-Regular.ttc", "truetype/wqy/wqy-zenhei.ttc")


@lru_cache(maxsize=512)
def _font(page: int, cjk: bool, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A face of its own for each page, as far as the machine has them."""
    found = [_FOLDER / name for name in (_CJK if cjk else _LATIN) if (_FOLDER / name).exists()]
    if not found:
        return ImageFont.load_default(size)
    return ImageFont.truetype(found[page % len(found)], size)


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
    face = crc32(" ".join(word.text for word in page.words).encode())
    cjk = page.locale[:2] in ("zh", "ja", "ko")
    for index, word in enumerate(page.words):
        x0, y0, x1, y1 = (
            value * side / 1000 for value, side in zip(word.box, (width, height) * 2, strict=True)
        )
        if colours is not None and index in colours:
            pen.rectangle((x0 - 1, y0, x1 + 1, y1), fill=colours[index])
        size = max(4, round(y1 - y0))
        font = _font(face % 16, cjk, size)
        if (length := pen.textlength(word.text, font)) > x1 - x0 + 1:
            font = _font(face % 16, cjk, max(4, int(size * (x1 - x0) / max(1.0, length))))
        pen.text((x0, (y0 + y1) / 2), word.text, fill="black", font=font, anchor="lm")
    return picture
