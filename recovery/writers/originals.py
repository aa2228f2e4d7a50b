"""The files that a document was made from, for formats that need more than the document."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property

import pikepdf

from recovery.writers.options import Original
from structure.core.document import Document, Page
from structure.core.errors import ConfigError, InputError, LockedError
from structure.core.geometry import Box
from structure.core.limits import Limits
from structure.reading.kinds import SNIFF_BYTES, media_type
from structure.reading.pictures import PictureFile

_PDF = "application/pdf"


class OpenedOriginal:
    """An original, opened as what it is; a picture not before it is needed.

    Args:
        original: The file.
        stack: Closes it.

    Attributes:
        pdf: None for a picture.

    Raises:
        InputError: it cannot be read any more.
        LockedError: it needs another password.
    """

    def __init__(self, original: Original, stack: ExitStack) -> None:
        self.original = original
        self.pdf: pikepdf.Pdf | None = None
        try:
            with original.path.open("rb") as file:
                self._kind = media_type(file.read(SNIFF_BYTES), path=str(original.path))
        except OSError as error:
            raise InputError("cannot be read any more", path=original.path) from error
        if self._kind == _PDF:
            self.pdf = stack.enter_context(_opened_pdf(original))

    @cached_property
    def picture(self) -> PictureFile:
        """The picture file that this is."""
        # It has been read once, under the limits that held then.
        unlimited = Limits(file_size=0, pages=0, pixels=0)
        return PictureFile(self.original.path, self._kind, unlimited)

    @cached_property
    def count(self) -> int:
        """How many pages it has."""
        return self.picture.page_count if self.pdf is None else len(self.pdf.pages)

    def extent(self, number: int) -> Box:
        """What of the source page `number` shows: pixels of the picture, or PDF user space."""
        if self.pdf is None:
            width, height = self.picture.size(number)
            return Box(0.0, 0.0, width, height)
        page = self.pdf.pages[number - 1]
        media, crop = (_sorted(box) for box in (page.mediabox, page.cropbox))
        shown = media.intersection(crop)
        return shown if shown.area > 0 else media


def matched(
    document: Document, opened: Sequence[OpenedOriginal]
) -> list[tuple[Page, OpenedOriginal, int]]:
    """Each page of the document with its original and its number there.

    Raises:
        ConfigError: the originals have other pages than the document.
    """
    pages = document.pages
    if len(opened) == 1 and opened[0].original.numbers is None:
        numbered = [(opened[0], page.n) for page in pages]
    else:
        numbered = [
            (one, number)
            for one in opened
            for number in (
                range(1, one.count + 1) if one.original.numbers is None else one.original.numbers
            )
        ]
    fits = all(1 <= number <= one.count for one, number in numbered)
    if len(numbered) != len(pages) or not fits:
        raise ConfigError(
            f"the document has {len(pages)} pages that the given files do not have",
            hint="give the files that it was made from",
        )
    return [(page, one, number) for page, (one, number) in zip(pages, numbered, strict=True)]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of its source.

    Attributes:
        name: Of the file.
        extent: As `OpenedOriginal.extent`.
    """

    name: str
    extent: Box


def shown(document: Document, originals: Sequence[Original]) -> list[Shown]:
    """For each page what it shows of which file.

    Without originals the extent is what the size of the page says, good to a millimetre or two:
    documents snap their pages to usual paper.

    Raises:
        ConfigError: the originals have other pages than the document.
        InputError: one cannot be read any more.
        LockedError: one needs another password.
    """
    if not originals:
        return [
            Shown(document.source.name, page.to_source.box(Box(0.0, 0.0, page.w, page.h)))
            for page in document.pages
        ]
    with ExitStack() as stack:
        opened = [OpenedOriginal(original, stack) for original in originals]
        return [
            Shown(one.original.path.name, _extent(page, one, number))
            for page, one, number in matched(document, opened)
        ]


def _extent(page: Page, one: OpenedOriginal, number: int) -> Box:
    if page.failure is not None:
        return page.to_source.box(Box(0.0, 0.0, page.w, page.h))
    return one.extent(number)


@contextmanager
def _opened_pdf(original: Original) -> Iterator[pikepdf.Pdf]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a password that was not needed
            pdf = pikepdf.open(original.path, password=original.password or "")
    except pikepdf.PasswordError as error:
        raise LockedError("the PDF needs a password", path=original.path) from error
    except (pikepdf.PdfError, OSError) as error:
        raise InputError(
            "the PDF is damaged too much for this format",
            hint="choose another format, or export it again",
            path=original.path,
        ) from error
    with pdf:
        yield pdf


def _sorted(box: pikepdf.Array) -> Box:
    x0, y0, x1, y1 = (float(value) for value in box)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
