"""Picture files as pages, decoded by Pillow.

OpenCV's own reader is not used: it accepts a JPEG cut at 2 % of its bytes without a sign, reads
only the first page of a TIFF, and paints black ink on transparent paper black.
"""

from __future__ import annotations

import math
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from structure.core.analysis import Bookmark, Notice
from structure.core.errors import InputError, LimitError, one_line
from structure.core.geometry import Affine
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.core.limits import Limits
from structure.reading.chatter import captured_stderr
from structure.reading.paper import assumed_dpi, is_known_size

_FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/tiff": "TIFF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/gif": "GIF",
}
# What Pillow's decoders are known to raise on damaged input. None of them means a mistake of ours:
# they are caught around Pillow's calls only.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_ORIENTATION_TAG = 0x0112
_SUBFILE_TAG = 254
_WIDTH_TAG, _HEIGHT_TAG = 256, 257
_SMALL_SIDE = 8  # pixels under which no letter can be read
_MIN_DECODED = 0.3  # share of the rows; with less, a page is damaged and not only cut short
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BACK = {6: 8, 8: 6}
"""Orientations that another one undoes; all others undo themselves."""
_pillow_state = threading.RLock()


class PictureFile:
    """The pages of one picture file; each is decoded when it is asked for.

    Args:
        path: A picture.
        media_type: As `kinds.media_type` found it.
        limits: For the size of the picture and of the page.

    Raises:
        InputError: damaged: no page of it can be decoded.
        LimitError: a page has more pixels than allowed.
    """

    reader = "pillow"
    outline: tuple[Bookmark, ...] = ()

    def __init__(self, path: Path, media_type: str, limits: Limits) -> None:
        self._path, self._format, self._limits = path, _FORMATS[media_type], limits
        self.notices: tuple[Notice, ...] = ()
        try:
            with self._opened() as image:
                self._check_pixels(image)
                self._frames = self._count(image)
        except _DECODER_ERRORS as error:
            raise self._damaged(error) from error
        self._first: PageImage | None = None
        if len(self._frames) == 1:
            # A single picture is decoded now: nothing but decoding shows whether there is one.
            try:
                self._first = self._decode(1)
            except _DECODER_ERRORS as error:
                raise self._damaged(error) from error

    @property
    def page_count(self) -> int:
        """Number of pages in the file."""
        return len(self._frames)

    def read(self, number: int) -> PageImage | PageFailure:
        """Page `number`, from 1."""
        page, self._first = self._first, None
        if page is not None and number == 1:
            return page
        try:
            return self._decode(number)
        except LimitError as error:
            return PageFailure(number, error.what)
        except _DECODER_ERRORS as error:
            return PageFailure(number, f"the picture is damaged ({_reason(error)})")

    def close(self) -> None:
        """Let go of what is held."""
        self._first = None

    @contextmanager
    def _opened(self, *, tolerant: bool = False) -> Iterator[Image.Image]:
        # Pillow keeps its limits in module variables; they are put back whatever happens.
        with _pillow_state, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
            Image.MAX_IMAGE_PIXELS = None
            ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
            try:
                with Image.open(self._path, formats=[self._format]) as image:
                    yield image
            finally:
                Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = before

    def _check_pixels(self, image: Image.Image) -> None:
        pixels = image.width * image.height
        if self._limits.pixels and pixels > self._limits.pixels:
            raise LimitError(
                f"{image.width} x {image.height} pixels are more than "
                f"{self._limits.pixels / 1e6:g} megapixels",
                hint="scale it down, or raise the limit",
                path=self._path,
                code="E_PIXELS",
            )

    def _count(self, image: Image.Image) -> tuple[int, ...]:
        """Indices of the frames that are pages."""
        if self._format != "TIFF":
            if getattr(image, "is_animated", False) and self._format in ("GIF", "WEBP", "PNG"):
                self.notices = (Notice("W_ANIMATION", "an animation; its first frame was taken"),)
            return (0,)
        pages: list[int] = []
        thumbnails: list[int] = []
        index = 0
        # One more than allowed is enough to know that the limit is passed. Pillow stops at loops.
        while not self._limits.pages or index <= self._limits.pages:
            try:
                image.seek(index)
            except EOFError:
                break
            except _DECODER_ERRORS as error:
                message = f"the pages after page {index} are damaged ({_reason(error)})"
                self.notices = (Notice("W_TRUNCATED", message, loss=True),)
                break
            reduced = int(image.tag_v2.get(_SUBFILE_TAG, 0)) & 1  # type: ignore[attr-defined]
            (thumbnails if reduced else pages).append(index)
            index += 1
        return tuple(pages or thumbnails)

    def _decode(self, number: int) -> PageImage:
        if self._format != "TIFF":
            return self._decode_once_or_twice(number)
        with captured_stderr() as complaints:
            page = self._decode_once_or_twice(number)
        if complaints and not any(notice.code == "W_TRUNCATED" for notice in page.notices):
            notice = _damage_notice(complaints[0], number)
            page = replace(page, notices=(*page.notices, notice))
        return page

    def _decode_once_or_twice(self, number: int) -> PageImage:
        try:
            with self._opened() as image:
                return self._page(image, number, [])
        except MemoryError:
            raise
        except _DECODER_ERRORS as error:
            damage = _damage_notice(_reason(error), number)
            with self._opened(tolerant=True) as image:
                return self._page(image, number, [damage])

    def size(self, number: int) -> tuple[int, int]:
        """Width and height in pixels of page `number` as it lies in the file.

        Raises:
            InputError: it cannot be read.
        """
        try:
            with captured_stderr(), self._opened() as image:
                if self._frames[number - 1]:
                    image.seek(self._frames[number - 1])
                if self._format == "TIFF":
                    # Pillow tells how large it will be once turned.
                    tags = image.tag_v2  # type: ignore[attr-defined]
                    return int(tags[_WIDTH_TAG]), int(tags[_HEIGHT_TAG])
                return image.size
        except _DECODER_ERRORS as error:
            raise self._damaged(error) from error

    def stored(self, number: int) -> Image.Image:
        """Page `number` as it lies in the file: neither turned nor scaled, in its own colours.

        Raises:
            InputError: it cannot be decoded.
        """
        try:
            with captured_stderr(), self._opened(tolerant=True) as image:
                if self._frames[number - 1]:
                    image.seek(self._frames[number - 1])
                orientation = _orientation(image)
                image.load()
                stored = image.copy()
                if orientation in _TURNS and _orientation(image) != orientation:
                    # Pillow has turned it by itself.
                    stored = image.transpose(_TURNS[_BACK.get(orientation, orientation)])
                stored.format, stored.info = image.format, dict(image.info)
                return stored
        except _DECODER_ERRORS as error:
            raise self._damaged(error) from error

    def _page(self, image: Image.Image, number: int, notices: list[Notice]) -> PageImage:
        damaged = bool(notices)
        if self._frames[number - 1]:
            image.seek(self._frames[number - 1])
        self._check_pixels(image)
        orientation = _orientation(image)
        resolution = _resolution(image)
        image.load()
        width, height = image.size
        shrunk = 1.0 if damaged else self._limits.raster_scale(width, height)
        pixels = to_rgb(_shrunk(image, shrunk))
        if damaged:
            upwards = self._format == "BMP"  # stored from the last row to the first
            pixels = _whiten_undecoded(pixels[::-1])[::-1] if upwards else _whiten_undecoded(pixels)
        turned = orientation in _TURNS and _orientation(image) != orientation
        if orientation in _TURNS and not turned:
            # Pillow turns a TIFF by itself and then forgets the tag.
            pixels = np.asarray(Image.fromarray(pixels).transpose(_TURNS[orientation]))
        if orientation >= 5 and not turned:
            width, height = height, width
        source = (height, width) if orientation >= 5 else (width, height)
        to_source = _turn_back(orientation, *source)
        if orientation >= 5 and resolution is not None:
            resolution = resolution[1], resolution[0]
        x_scale, y_scale, dpi, known = _scales(width, height, resolution)
        limit = self._limits.raster_scale(width * x_scale, height * y_scale)
        if limit < 1:
            notices.append(
                Notice(
                    "W_SCALED", f"scaled down to {limit:.0%}: the page is very large", page=number
                )
            )
        x_scale, y_scale, dpi = x_scale * limit, y_scale * limit, dpi * limit
        if (x_scale, y_scale) != (1.0, 1.0):
            size = max(1, round(width * x_scale)), max(1, round(height * y_scale))
            if size != pixels.shape[1::-1]:
                resized = Image.fromarray(pixels).resize(
                    size, Image.Resampling.BICUBIC, reducing_gap=3.0
                )
                pixels = np.asarray(resized)
            to_source = Affine.scale(width / size[0], height / size[1]).then(to_source)
        if min(width, height) < _SMALL_SIDE:
            notices.append(
                Notice(
                    "W_BLANK",
                    f"{width} x {height} pixels are too few to hold text",
                    page=number,
                )
            )
        return PageImage(
            number,
            np.ascontiguousarray(pixels),
            dpi,
            known,
            to_source=to_source,
            notices=tuple(notices),
        )

    def _damaged(self, error: BaseException) -> InputError:
        return InputError(
            f"the picture is damaged ({_reason(error)})",
            hint="scan or fetch it again",
            path=self._path,
            code="E_DAMAGED",
        )


def _shrunk(image: Image.Image, scale: float) -> Image.Image:
    """The picture at the size in which it will be used, where its own colours allow that.

    Copies of a very large picture in further colours would take more memory than there is.
    """
    if scale >= 1 or image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)


def _damage_notice(reason: str, number: int) -> Notice:
    message = f"damaged or cut off ({one_line(reason, 100)}); the readable part is kept"
    return Notice("W_TRUNCATED", message, loss=True, page=number)


def _reason(error: BaseException) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "its header makes no sense"  # Pillow names the file, with its folders
    return one_line(str(error), 100) or type(error).__name__


def _orientation(image: Image.Image) -> int:
    """The EXIF or TIFF orientation, 1 to 8; 1 where it is absent, damaged or invalid."""
    try:
        code = image.getexif().get(_ORIENTATION_TAG, 1)
    except _DECODER_ERRORS:
        return 1
    return code if isinstance(code, int) and 1 <= code <= 8 else 1


def _turn_back(orientation: int, width: int, height: int) -> Affine:
    """From pixels of the turned picture to those of the file, which has `width` x `height`."""
    return {
        2: Affine(-1.0, 0.0, 0.0, 1.0, width, 0.0),
        3: Affine(-1.0, 0.0, 0.0, -1.0, width, height),
        4: Affine(1.0, 0.0, 0.0, -1.0, 0.0, height),
        5: Affine(0.0, 1.0, 1.0, 0.0, 0.0, 0.0),
        6: Affine(0.0, -1.0, 1.0, 0.0, 0.0, height),
        7: Affine(0.0, -1.0, -1.0, 0.0, width, height),
        8: Affine(0.0, 1.0, -1.0, 0.0, width, 0.0),
    }.get(orientation, Affine())


def _resolution(image: Image.Image) -> tuple[float, float] | None:
    """Pixels per inch in x and y as the file states them."""
    try:
        x, y = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    return (x, y) if 20 <= x <= 4800 and 20 <= y <= 4800 else None


def _scales(
    width: int, height: int, resolution: tuple[float, float] | None
) -> tuple[float, float, float, bool]:
    """Factors in x and y that make pixels square, the resolution then, and whether it is known."""
    x_scale = y_scale = 1.0
    if resolution is not None:
        dpi = max(resolution)
        # Fax machines write 204 x 98 dots per inch.
        if max(resolution) > 1.02 * min(resolution) and max(resolution) < 4 * min(resolution):
            x_scale, y_scale = dpi / resolution[0], dpi / resolution[1]
        if is_known_size(width * x_scale / dpi, height * y_scale / dpi):
            return x_scale, y_scale, dpi, True
    square = max(1, round(width * x_scale)), max(1, round(height * y_scale))
    return x_scale, y_scale, assumed_dpi(*square), False


def to_rgb(image: Image.Image) -> RGBImage:
    """Eight bits of red, green and blue; transparent parts show white paper."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _grey_to_rgb(np.asarray(image.convert("F") if image.mode == "F" else image))
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        return np.asarray(converted)
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        if image.mode in ("La", "RGBa"):
            image = image.convert(image.mode[:-1] + "A")
        shown = image.convert("RGBA")
        paper = Image.new("RGBA", shown.size, "white")
        return np.asarray(Image.alpha_composite(paper, shown).convert("RGB"))
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _grey_to_rgb(values: NDArray[np.generic]) -> RGBImage:
    """Scale 16-bit, 32-bit and float grey by the range that it really uses.

    Twelve bits in a container of sixteen are common (medical and camera scans), and so are floats
    from 0 to 1 or from 0 to 255.
    """
    data = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(data.min()), float(data.max())
    if np.issubdtype(values.dtype, np.integer) and low >= 0:
        low, high = 0.0, float(max(255, 2 ** math.ceil(math.log2(high + 1)) - 1))
    elif low >= 0 and high <= 255:
        low, high = 0.0, 1.0 if high <= 1 else 255.0
    grey = np.rint((data - low) * (255 / max(high - low, 1e-12))).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _whiten_undecoded(pixels: RGBImage) -> RGBImage:
    """Paint the rows below the last decoded one white.

    Raises:
        ValueError: too little of it was decoded.
    """
    rows = pixels.reshape(len(pixels), -1)
    differs = np.flatnonzero((rows != rows[-1]).any(axis=1))
    decoded = int(differs[-1]) + 1 if len(differs) else 0
    if decoded < _MIN_DECODED * len(rows) or decoded == 0:
        raise ValueError("too little of it can be decoded")
    painted = pixels.copy()
    painted[decoded:] = 255
    return painted
