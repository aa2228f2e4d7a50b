"""PDF files as pages: poppler draws them where it is installed, pdfium otherwise.

Both draw what a viewer shows: the crop box, turned by /Rotate, with annotations and filled form
fields. The page is drawn and read as it lies in the file and turned afterwards, pixel by pixel: so
the same page gives the same text however it is turned. Boxes, encryption and the text layer always
come from pdfium.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import math
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pdf2image
import pdf2image.exceptions
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from structure.core.analysis import Bookmark, Notice
from structure.core.errors import InputError, LockedError, one_line
from structure.core.geometry import Affine, Box
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.core.limits import Limits
from structure.core.lines import move_line
from structure.core.text import clean
from structure.reading.embedded import embedded_pictures
from structure.reading.page_objects import PageObjects, links, page_objects
from structure.reading.paper import assumed_dpi, is_known_size
from structure.reading.text_layer import TextLayer, read_layer

OcrChoice = Literal["auto", "always", "never"]
Reader = Literal["poppler", "pdfium"]

_POINTS = 72.0
# Renderers round sides up or down; a failed page has other sides altogether (1 x 1, say).
_SIZE_TOLERANCE = 2
# A picture over so much of the page is a scan of it; at how many dots per inch it is drawn then.
_SCAN_COVER = 0.8
_SCAN_DPI = (150, 300)
_DEFAULT_SIZE = (595.0, 842.0)  # A4
# With so many visible text objects the picture is a background of a page that was made.
_FEW_TEXTS = 3
# Programs that do not know the size of a picture write 72 or 96 dots per inch.
_SCREEN_DPI = (60, 100)
_MAX_BOOKMARKS = 10_000


class _RenderError(Exception):
    """This renderer did not give a usable picture of the page."""


class PdfFile:
    """The pages of one PDF; each is drawn when it is asked for, and only one is held.

    Not safe for several threads at once: pdfium is not.

    Args:
        path: A PDF.
        dpi: Resolution of pages that are drawn, not scanned.
        ocr: See `open_source`.
        password: User or owner password.
        limits: For pixels and time per page.

    Raises:
        InputError: damaged beyond repair, or without pages.
        LockedError: needs another password, or a certificate.
    """

    def __init__(
        self, path: Path, *, dpi: int, ocr: OcrChoice, password: str | None, limits: Limits
    ) -> None:
        self._path, self._name = path, path
        self._dpi, self._ocr, self._limits, self._password = dpi, ocr, limits, password
        self._cleanup = contextlib.ExitStack()
        self._links: dict[int, list[tuple[Box, str]]] = {}
        self._turns: dict[int, int] = {}
        self._unturned: Path | None = None
        self.notices: tuple[Notice, ...] = ()
        try:
            self._document = self._open()
            self._units, counted = self._page_facts()
            self.page_count = min(len(self._document), counted)
            if self.page_count < 1:
                raise InputError("the PDF has no pages", path=path, code="E_EMPTY")
            if self._document.get_formtype() != pdfium_c.FORMTYPE_NONE:
                self._prepare_forms()
        except BaseException:
            self.close()
            raise
        # Poppler takes a password on its command line only, where all users of a machine see it.
        with_poppler = shutil.which("pdftoppm") and shutil.which("pdfinfo") and not password
        self.reader: Reader = "poppler" if with_poppler else "pdfium"

    def close(self) -> None:
        """Close the document and delete the repaired copy, if one was made."""
        self._cleanup.close()

    @property
    def outline(self) -> tuple[Bookmark, ...]:
        """The bookmarks of the file that name a page."""
        entries: list[Bookmark] = []
        with contextlib.suppress(pdfium.PdfiumError):
            for item in itertools.islice(self._document.get_toc(), _MAX_BOOKMARKS):
                target = item.get_dest()
                page = target.get_index() if target is not None else None
                title = " ".join(clean(item.get_title()).split())
                if page is not None and page >= 0 and title:
                    entries.append(Bookmark(title, page + 1, item.level))
        return tuple(entries)

    def read(self, number: int) -> PageImage | PageFailure:
        """Page `number`, from 1."""
        width, height = _DEFAULT_SIZE
        try:
            with self._page(number) as page:
                unit = self._units.get(number, 1.0)
                width, height = (side * unit for side in page.get_size())
                drawn = self._draw(page, number, width, height)
            return _turned(drawn, self._turns[number])
        except (pdfium.PdfiumError, _RenderError, MemoryError) as error:
            reason = one_line(str(error), 200) or "not enough memory"
            if self._turns.get(number, 0) in (90, 270):
                width, height = height, width
            return PageFailure(number, reason, width, height)

    def _open(self) -> pdfium.PdfDocument:
        try:
            return self._load()
        except pdfium.PdfiumError as error:
            if error.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
                raise self._locked(error.err_code) from error
            self._repair(error)
        try:
            return self._load()
        except pdfium.PdfiumError as error:
            raise self._damaged(error) from error

    def _load(self) -> pdfium.PdfDocument:
        document = pdfium.PdfDocument(self._path, password=self._password)
        self._cleanup.callback(document.close)
        return document

    def _repair(self, cause: Exception) -> None:
        folder = self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="structure-"))
        repaired = Path(folder) / "repaired.pdf"
        try:
            with self._opened_by_qpdf() as pdf:
                pdf.save(repaired)
        except pikepdf.PasswordError as error:
            raise self._locked(pdfium_c.FPDF_ERR_PASSWORD) from error
        except (pikepdf.PdfError, OSError, ValueError, RuntimeError) as error:
            raise self._damaged(cause) from error
        self._path = repaired
        self.notices += (Notice("W_REPAIRED", "the PDF is damaged; a repaired copy was read"),)

    def _page_facts(self) -> tuple[dict[int, float], int]:
        """UserUnit of the pages that have one (pdfium ignores it), and how many pages there are."""
        units: dict[int, float] = {}
        stray = False
        try:
            with self._opened_by_qpdf() as pdf:
                for number, page in enumerate(pdf.pages, 1):
                    unit = float(page.obj.get("/UserUnit", 1))
                    if unit != 1 and 0 < unit < 1e6:
                        units[number] = unit
                    if _is_outside(page.cropbox, page.mediabox):
                        # As viewers do; pdfium and poppler would draw nothing.
                        page.obj.CropBox = page.obj.MediaBox = page.mediabox
                        stray = True
                if stray:
                    self._reload(pdf)
                return units, len(pdf.pages)
        except (pikepdf.PdfError, OSError, ValueError, TypeError, RuntimeError):
            return units, len(self._document)

    def _reload(self, changed: pikepdf.Pdf) -> None:
        """Read a changed copy of the file from here on."""
        folder = self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="structure-"))
        copy = Path(folder) / "changed.pdf"
        changed.save(copy, encryption=bool(changed.is_encrypted))
        self._path = copy
        self._document = self._load()

    def _opened_by_qpdf(self) -> pikepdf.Pdf:
        with warnings.catch_warnings():
            # It warns of a password that was not needed, and of nothing else.
            warnings.simplefilter("ignore", UserWarning)
            return pikepdf.open(self._path, password=self._password or "")

    def _prepare_forms(self) -> None:
        if self._document.get_formtype() == pdfium_c.FORMTYPE_XFA_FULL:
            message = "the form is XFA; only its static pages can be read"
            self.notices += (Notice("W_XFA", message, loss=True),)
        with warnings.catch_warnings(), contextlib.suppress(pdfium.PdfiumError):
            warnings.simplefilter("ignore", pdfium.PdfiumWarning)
            self._document.init_forms()

    @contextlib.contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        """A pdfium page as it lies, with annotations and form fields drawn into its content."""
        page = self._document.get_page(number - 1)
        try:
            self._turns.setdefault(number, page.get_rotation())
            page.set_rotation(0)
            if number not in self._links:
                self._links[number] = links(page, self._document)
            if _flatten(page):
                page.close()
                page = self._document.get_page(number - 1)
            yield page
        finally:
            page.close()

    def _draw(self, page: Any, number: int, width_pt: float, height_pt: float) -> PageImage:
        if not (math.isfinite(width_pt * height_pt) and width_pt > 0 and height_pt > 0):
            raise _RenderError("the page has no usable size")
        notices: list[Notice] = []
        objects = page_objects(page)
        drawn_dpi, dpi, known = self._resolution(page, objects, width_pt, height_pt)
        limit = self._limits.raster_scale(
            width_pt * drawn_dpi / _POINTS, height_pt * drawn_dpi / _POINTS
        )
        if limit < 1:
            notices.append(
                Notice("W_SCALED", f"drawn at {limit:.0%}: the page is very large", page=number)
            )
        scale = limit * drawn_dpi / _POINTS
        size = max(1, round(width_pt * scale)), max(1, round(height_pt * scale))
        pixels = self._render(page, number, size, objects.count > 0, notices)
        height, width = pixels.shape[:2]
        to_source = page_to_source(page, width, height)
        layer = TextLayer()
        if self._ocr != "always":
            layer = read_layer(
                page,
                pixels,
                to_source,
                objects,
                self._links[number],
                number=number,
                dpi=dpi * limit,
                ocr=self._ocr,
            )
        return PageImage(
            number,
            pixels,
            dpi * limit,
            known,
            layer.lines,
            layer.unread,
            to_source,
            (*notices, *layer.notices),
            embedded_pictures(page, pixels, to_source.inverse()) if objects.pictures else (),
        )

    def _resolution(
        self, page: Any, objects: PageObjects, width_pt: float, height_pt: float
    ) -> tuple[float, float, bool]:
        """At how many dots per inch to draw, how many that really are, and whether that is known.

        A page that is one scanned picture is drawn at the resolution of that picture: less would
        lose small print, and more would make up pixels. Programs that wrap a picture into a page
        of one point a pixel do not know its size; then it is assumed, as for a picture file.
        """
        dpi = float(self._dpi)
        left, bottom, right, top = page.get_bbox()
        sheet = Box(left, bottom, right, top)
        scans = [p for p in objects.pictures if sheet.covered_by(p.box) >= _SCAN_COVER]
        if not scans:
            return dpi, dpi, True
        scan = max(scans, key=lambda p: p.width * p.height)
        inches = width_pt * height_pt / _POINTS**2 * scan.box.area / max(sheet.area, 1e-9)
        natural = math.sqrt(scan.width * scan.height / inches)
        most = max(dpi, _SCAN_DPI[1])
        if natural >= dpi:
            return min(natural, most), min(natural, most), True
        if objects.visible_texts >= _FEW_TEXTS:
            return dpi, dpi, True
        wrapped = _SCREEN_DPI[0] <= natural <= _SCREEN_DPI[1]
        if wrapped and not is_known_size(width_pt / _POINTS, height_pt / _POINTS):
            pixels = width_pt * natural / _POINTS, height_pt * natural / _POINTS
            assumed = assumed_dpi(max(1, round(pixels[0])), max(1, round(pixels[1])))
            shrink = min(1.0, most / assumed)
            return natural * shrink, assumed * shrink, False
        if objects.visible_texts:
            return dpi, dpi, True
        natural = max(natural, min(dpi, _SCAN_DPI[0]))
        return natural, natural, True

    def _render(
        self,
        page: Any,
        number: int,
        size: tuple[int, int],
        has_content: bool,
        notices: list[Notice],
    ) -> RGBImage:
        order: tuple[Reader, ...] = (
            ("poppler", "pdfium") if self.reader == "poppler" else ("pdfium",)
        )
        blank: RGBImage | None = None
        reasons: list[str] = []
        for reader in order:
            try:
                pixels = (
                    self._render_poppler(number, size)
                    if reader == "poppler"
                    else _render_pdfium(page, size)
                )
            except _RenderError as error:
                reasons.append(str(error))
                continue
            if not _is_white(pixels) or not has_content:
                if reader != self.reader:
                    reason = "drew it white" if blank is not None else reasons[-1]
                    message = f"drawn by pdfium, because poppler {reason}"
                    notices.append(Notice("W_READER", message, page=number))
                return pixels
            blank = pixels
        if blank is None:
            raise _RenderError("the page cannot be drawn: " + "; ".join(reasons))
        notices.append(
            Notice("W_BLANK", "the page has content, but its picture is white", page=number)
        )
        return blank

    def _unturned_copy(self) -> Path:
        """A copy of the file in which no page is turned: poppler always obeys /Rotate."""
        if self._unturned is None:
            folder = self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="structure-"))
            copy = Path(folder) / "unturned.pdf"
            try:
                with self._opened_by_qpdf() as pdf:
                    for page in pdf.pages:
                        page.obj["/Rotate"] = 0
                    pdf.save(copy)
            except (pikepdf.PdfError, OSError, ValueError, RuntimeError) as error:
                raise _RenderError("could not turn it") from error
            self._unturned = copy
        return self._unturned

    def _render_poppler(self, number: int, size: tuple[int, int]) -> RGBImage:
        path = self._unturned_copy() if self._turns[number] else self._path.absolute()
        try:
            images = pdf2image.convert_from_path(
                path,
                first_page=number,
                last_page=number,
                use_cropbox=True,
                # Only the longer side: then the other one shows whether poppler sees the same box.
                size=max(size),
                # Half of the time, so that some is left for the other renderer.
                timeout=math.ceil(self._limits.page_seconds / 2) or None,
            )
        except pdf2image.exceptions.PDFPopplerTimeoutError as error:
            raise _RenderError("took too long") from error
        except (
            pdf2image.exceptions.PDFPageCountError,
            pdf2image.exceptions.PDFInfoNotInstalledError,
            OSError,
            ValueError,
        ) as error:
            raise _RenderError("could not read it") from error
        if len(images) != 1:
            raise _RenderError("gave no picture")
        got = images[0].size
        if any(abs(a - b) > _SIZE_TOLERANCE for a, b in zip(got, size, strict=True)):
            raise _RenderError(f"gave {got[0]} x {got[1]} pixels for {size[0]} x {size[1]}")
        return np.asarray(images[0].convert("RGB"))

    def _locked(self, code: int) -> LockedError:
        if code == pdfium_c.FPDF_ERR_SECURITY:
            return LockedError(
                "the PDF is encrypted in a way that is not supported",
                hint="save an unprotected copy with the program that made it",
                path=self._name,
            )
        if self._password is None:
            what, hint = "the PDF needs a password", "give it with the password option"
        else:
            what, hint = "the password is wrong", "check it"
        return LockedError(what, hint=hint, path=self._name)

    def _damaged(self, error: Exception) -> InputError:
        return InputError(
            "the PDF is damaged beyond repair",
            hint="fetch or export it again",
            path=self._name,
            code="E_DAMAGED",
        )


def _is_outside(crop: pikepdf.Array, media: pikepdf.Array) -> bool:
    """Whether the visible box of a page and its sheet have nothing in common."""
    one, two = (
        Box(*(f(float(box[i]), float(box[i + 2])) for f in (min, max) for i in (0, 1)))
        for box in (crop, media)
    )
    return one.intersection(two).area <= 0 < two.area


def _turned(page: PageImage, clockwise: int) -> PageImage:
    """The page as a viewer shows it, turned clockwise by 0, 90, 180 or 270 degrees."""
    if clockwise == 0:
        return page
    counter = 360 - clockwise
    way = Affine.quarter_turn(counter, page.width, page.height)
    lines = page.lines
    if lines is not None:
        lines = tuple(move_line(line, way, turned=counter) for line in lines)
    return replace(
        page,
        pixels=np.ascontiguousarray(np.rot90(page.pixels, counter // 90)),
        lines=lines,
        embedded=(),
        unread=tuple(way.box(box) for box in page.unread),
        to_source=way.inverse().then(page.to_source),
    )


def page_to_source(page: Any, width: int, height: int) -> Affine:
    """From pixels of a page drawn at `width` x `height` to its user space (y upwards)."""
    x, y = ctypes.c_double(), ctypes.c_double()

    def source(px: int, py: int) -> tuple[float, float]:
        ok = pdfium_c.FPDF_DeviceToPage(page, 0, 0, width, height, 0, px, py, x, y)
        if not ok:
            raise _RenderError("the page has no usable size")
        return x.value, y.value

    origin, right, below = source(0, 0), source(width, 0), source(0, height)
    return Affine(
        (right[0] - origin[0]) / width,
        (right[1] - origin[1]) / width,
        (below[0] - origin[0]) / height,
        (below[1] - origin[1]) / height,
        *origin,
    )


def _render_pdfium(page: Any, size: tuple[int, int]) -> RGBImage:
    width, height = size
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGR)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
        pdfium_c.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
        if page.formenv:
            pdfium_c.FPDF_FFLDraw(page.formenv, bitmap, page, 0, 0, width, height, 0, flags)
        return np.ascontiguousarray(bitmap.to_numpy())
    finally:
        bitmap.close()


def _is_white(pixels: RGBImage) -> bool:
    return bool(pixels.min() >= 250)


def _flatten(page: Any) -> bool:
    """Draw annotations and form fields into the content, so that their text is text of the page."""
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if annotation:
            kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
            pdfium_c.FPDFPage_CloseAnnot(annotation)
            if kind not in (pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP):
                result = pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
                return bool(result == pdfium_c.FLATTEN_SUCCESS)
    return False
