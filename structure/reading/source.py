"""Open a file and hand out its pages, one at a time."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypedDict, Unpack

from structure.core.analysis import Bookmark, Notice
from structure.core.errors import ConfigError, InputError, LimitError
from structure.core.images import PageFailure, PageImage
from structure.core.limits import Limits
from structure.reading.kinds import SNIFF_BYTES, media_type
from structure.reading.pdf_pages import OcrChoice, PdfFile
from structure.reading.pictures import PictureFile
from structure.reading.selection import parse_ranges, select_pages

_DPI_RANGE = (36, 1200)


class Reading(TypedDict, total=False):
    """How files are read; all of it may be left out (see `open_source`).

    Attributes:
        pages: Which pages of each file, for example "1-3,7"; None for all.
        dpi: Resolution at which PDF pages are drawn; 200 by default.
        ocr: "auto" trusts a text layer that proves good, "always" reads all text from the picture,
            "never" trusts any text layer.
        password: For an encrypted PDF.
        limits: Upper bounds for size, pages and pixels.
    """

    pages: str | None
    dpi: int
    ocr: OcrChoice
    password: str | None
    limits: Limits | None


class OpenFile(Protocol):
    """Opens a file as `open_source` does."""

    def __call__(self, path: str | os.PathLike[str], **reading: Unpack[Reading]) -> SourceFile:
        """One file; raises what `open_source` raises."""
        ...


class _Pages(Protocol):
    """What a kind of file has to offer."""

    notices: tuple[Notice, ...]

    @property
    def page_count(self) -> int: ...

    @property
    def reader(self) -> str: ...

    @property
    def outline(self) -> tuple[Bookmark, ...]: ...

    def read(self, number: int) -> PageImage | PageFailure: ...

    def close(self) -> None: ...


class SourceFile:
    """An opened file. Iterate over it for its selected pages; use it as a context manager.

    Pages are read when they are asked for and not kept: memory does not grow with their number.
    A page that cannot be read comes as a `PageFailure`; iterating never raises for a bad page.
    Use one from one thread at a time.

    Attributes:
        path: As given.
        media_type: By content, for example "application/pdf".
        sha256: Of the file's bytes, in hexadecimal.
        page_count: Pages in the file.
        numbers: The selected pages, from 1, ascending.
        notices: What concerns the file as a whole.
    """

    def __init__(
        self,
        path: Path,
        media_type: str,
        sha256: str,
        numbers: tuple[int, ...],
        notices: tuple[Notice, ...],
        pages: _Pages,
    ) -> None:
        self.path, self.media_type, self.sha256 = path, media_type, sha256
        self.numbers, self.notices = numbers, notices
        self.page_count = pages.page_count
        self._pages = pages

    @property
    def name(self) -> str:
        """Base name of the file."""
        return self.path.name

    @property
    def reader(self) -> str:
        """Who draws the pages: "poppler", "pdfium" or "pillow"."""
        return self._pages.reader

    @property
    def outline(self) -> tuple[Bookmark, ...]:
        """The bookmarks of a PDF that lead to a page, with the page numbers of the file."""
        return self._pages.outline

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[PageImage | PageFailure]:
        for number in self.numbers:
            yield self._pages.read(number)

    def read(self, number: int) -> PageImage | PageFailure:
        """One page by its number.

        Raises:
            ConfigError: the file has no such page.
        """
        if not 1 <= number <= self.page_count:
            raise ConfigError(f"there is no page {number}", path=self.path, code="E_PAGES")
        return self._pages.read(number)

    def close(self) -> None:
        """Let go of the file; harmless when repeated."""
        self._pages.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_source(
    path: str | os.PathLike[str],
    *,
    pages: str | None = None,
    dpi: int = 200,
    ocr: OcrChoice = "auto",
    password: str | None = None,
    limits: Limits | None = None,
) -> SourceFile:
    """Open a PDF or a picture and check all that can be checked before a page is drawn.

    The kind is told by the content, not by the name. The file is only read, never changed.

    Args:
        path: PDF, PNG, JPEG, TIFF (all pages), WebP, BMP or GIF.
        pages: Which pages, for example "1-3,7" or "5-"; None for all.
        dpi: Resolution at which PDF pages are drawn. A page that is one scanned picture is drawn
            at the resolution of that picture, between 150 and 300.
        ocr: Whether to trust the text layer of a PDF: "auto" where it proves good, "always" never
            (so that all text comes from the picture), "never" always.
        password: For an encrypted PDF. An empty user password needs none.
        limits: Upper bounds; the defaults where None.

    Raises:
        ConfigError: `pages`, `dpi`, `ocr` or `password` make no sense.
        InputError: missing, not a regular file, empty, of another kind, damaged beyond repair, or
            without any selected page.
        LimitError: the file, its pages or its pixels are more than `limits` allows.
        LockedError: the password is missing or wrong.
    """
    ranges = parse_ranges("1-" if pages is None else pages)
    if ocr not in ("auto", "always", "never"):
        raise ConfigError(f"ocr is {ocr!r}", hint="choose auto, always or never")
    if not _DPI_RANGE[0] <= dpi <= _DPI_RANGE[1]:
        raise ConfigError(
            f"{dpi} dpi is out of range", hint=f"choose {_DPI_RANGE[0]} to {_DPI_RANGE[1]}"
        )
    try:
        (password or "").encode()
    except UnicodeEncodeError as error:
        raise ConfigError("the password holds half a character", hint="check it") from error
    limits = limits or Limits()
    source = Path(path)
    head, digest = _inspect(source, limits)
    kind = media_type(head, path=str(source))
    opened: _Pages
    if kind == "application/pdf":
        opened = PdfFile(source, dpi=dpi, ocr=ocr, password=password, limits=limits)
    else:
        opened = PictureFile(source, kind, limits)
    try:
        numbers = select_pages(ranges, opened.page_count)
        notices = opened.notices + _selection_notices(source, ranges, numbers, opened, limits)
    except BaseException:
        opened.close()
        raise
    return SourceFile(source, kind, digest, numbers, notices, opened)


def _inspect(path: Path, limits: Limits) -> tuple[bytes, str]:
    """First bytes and SHA-256 of a regular file."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        # Without waiting: a pipe that nobody writes to would block for ever.
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123
            info = os.fstat(file.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise _not_a_file(path, info.st_mode)
            if limits.file_size and info.st_size > limits.file_size:
                raise LimitError(
                    f"{info.st_size / 1e6:.0f} MB are more than {limits.file_size / 1e6:g} MB",
                    hint="raise the limit for file sizes",
                    path=path,
                    code="E_FILE_SIZE",
                )
            if info.st_size == 0:
                raise InputError("the file is empty", path=path, code="E_EMPTY")
            head = file.read(SNIFF_BYTES)
            file.seek(0)
            return head, hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise InputError(
            "there is no such file", hint="check the path", path=path, code="E_MISSING"
        ) from error
    except IsADirectoryError as error:
        raise _not_a_file(path, stat.S_IFDIR) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read ({reason})", path=path, code="E_UNREADABLE") from error


def _not_a_file(path: Path, mode: int) -> InputError:
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    kind = kinds.get(stat.S_IFMT(mode), "a device")
    hint = "name the files in it" if stat.S_ISDIR(mode) else "save it to a file first"
    return InputError(f"this is {kind}, not a file", hint=hint, path=path, code="E_NOT_A_FILE")


def _selection_notices(
    path: Path,
    ranges: list[tuple[int, int | None]],
    numbers: tuple[int, ...],
    opened: _Pages,
    limits: Limits,
) -> tuple[Notice, ...]:
    count = opened.page_count
    if not numbers:
        raise InputError(
            f"none of the selected pages exists; the file has {count}",
            hint="choose others",
            path=path,
            code="E_PAGES",
        )
    if limits.pages and len(numbers) > limits.pages:
        raise LimitError(
            f"{len(numbers)} pages are more than {limits.pages}",
            hint="select some of them, or raise the limit",
            path=path,
            code="E_PAGE_COUNT",
        )
    last = max((max(first, last or first) for first, last in ranges), default=0)
    if last > count:
        return (Notice("W_PAGES", f"the selection goes to page {last}; the file has {count}"),)
    return ()
