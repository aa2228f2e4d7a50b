"""Searchable PDF: the pages of the source as they are, with the text that was read under them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack

import pikepdf
from pikepdf import Dictionary, Name

from recovery.writers.cleaning import cleaned
from recovery.writers.options import Original
from recovery.writers.originals import OpenedOriginal, matched
from recovery.writers.pdf_content import (
    balance,
    own_resources,
    shows_text,
    without_invisible_text,
)
from recovery.writers.pdf_outline import copy_outline
from recovery.writers.pdf_pictures import picture_page
from recovery.writers.pdf_text import FONT, InvisibleFont, packed_stream, text_layer
from recovery.writers.placed_words import areas_of
from recovery.writers.rendered import Rendered
from structure.core.document import Document, Line, Page, Warning
from structure.core.errors import ConfigError, LockedError
from structure.core.geometry import Affine

_SIGNED = 1  # of /SigFlags


def render_pdf(document: Document, originals: Sequence[Original]) -> Rendered:
    """The pages that the document was made from, with its text where it stands; nothing is drawn.

    Pages of a PDF keep all they have; a page whose own text was trusted gets nothing. Pictures are
    embedded without loss, upright and in their size. A PDF of which all pages are wanted stays the
    file it is, with outline, forms and metadata; selected pages and several files make a new one.

    Args:
        document: What was read.
        originals: The files it was made from, with their pages in the order of the document's.

    Raises:
        ConfigError: no originals, or other ones than those of the document.
        InputError: an original cannot be read any more.
        LockedError: an original may not be copied into a file without restrictions.
    """
    document = cleaned(document)
    with ExitStack() as stack:
        opened = [_opened(original, stack) for original in _given(originals)]
        pages = matched(document, opened)
        if not pages:
            raise ConfigError("a document without pages makes no PDF")
        writer = _PdfWriter(document)
        pdf = opened[0].pdf
        if len(opened) == 1 and pdf is not None and _is_whole(opened[0], [n for _, _, n in pages]):
            writer.extend(pdf, [page for page, _, _ in pages])
        else:
            writer.assemble(stack.enter_context(pikepdf.new()), pages)
        return Rendered(writer.to_bytes(), warnings=tuple(writer.warnings))


def check_originals(originals: Sequence[Original]) -> None:
    """Refuse before any work what cannot become a searchable PDF.

    Raises:
        ConfigError: there are no originals.
        LockedError: see `render_pdf`.
    """
    for original in _given(originals):
        with ExitStack() as stack:
            _opened(original, stack)


def _given(originals: Sequence[Original]) -> Sequence[Original]:
    if not originals:
        raise ConfigError(
            "a PDF is made of the pages that were read, and they are not given",
            hint="convert from the original files",
        )
    return originals


def _opened(original: Original, stack: ExitStack) -> OpenedOriginal:
    """An original that may be copied without restrictions."""
    opened = OpenedOriginal(original, stack)
    pdf = opened.pdf
    if (
        pdf is not None
        and pdf.is_encrypted
        and not pdf.owner_password_matched
        and not _is_free(pdf)
    ):
        raise LockedError(
            "its owner does not allow a copy that others can change",
            hint="give the owner password, or choose another format",
            path=original.path,
        )
    return opened


def _is_free(pdf: pikepdf.Pdf) -> bool:
    """Whether anybody may do anything with an encrypted PDF, so that nothing is circumvented."""
    allowed = pdf.allow
    open_to_all = not pdf.user_password_matched or pdf.encryption.user_password == b""
    return open_to_all and all(getattr(allowed, name) for name in allowed._fields)


def _is_whole(opened: OpenedOriginal, numbers: Sequence[int]) -> bool:
    """Whether `numbers` are all of its pages, in order."""
    return list(numbers) == list(range(1, opened.count + 1))


class _PdfWriter:
    """State of writing one file."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.warnings: list[Warning] = []
        self._font = InvisibleFont()
        self._resources: list[tuple[Dictionary, str]] = []
        self._areas = areas_of(document)
        self._pdf: pikepdf.Pdf

    def extend(self, pdf: pikepdf.Pdf, pages: Sequence[Page]) -> None:
        """Add text to a PDF as it is."""
        self._pdf = pdf
        for page, stored in zip(pages, pdf.pages, strict=True):
            self._add_text(stored, page, page.to_source)
        form = pdf.Root.get(Name.AcroForm)
        signed = isinstance(form, Dictionary) and int(form.get(Name.SigFlags, 0)) & _SIGNED
        if signed and self._resources:
            message = "its digital signature does not cover the text that was added"
            self.warnings.append(Warning("W_SIGNATURE", message))

    def assemble(self, pdf: pikepdf.Pdf, pages: Sequence[tuple[Page, OpenedOriginal, int]]) -> None:
        """Put pages of several files, or some of one, into a new PDF."""
        self._pdf = pdf
        for page, one, number in pages:
            way = page.to_source
            if one.pdf is not None:
                pdf.pages.append(one.pdf.pages[number - 1])
            elif page.failure is not None:
                pdf.add_blank_page(page_size=(page.w, page.h))
                continue
            else:
                way = way.then(picture_page(pdf, one.picture, one.original.path, number, page))
            self._add_text(pdf.pages[-1], page, way)
        sources = {id(one): one.pdf for _, one, _ in pages if one.pdf is not None}
        if len(sources) == 1:
            (source,) = sources.values()
            copy_outline(source, pdf, [number for _, _, number in pages])
            for key, value in source.docinfo.items():
                pdf.docinfo[key] = pdf.copy_foreign(value) if value.is_indirect else value
        else:
            producer = self.document.producer
            pdf.docinfo[Name.Producer] = f"{producer.name} {producer.version}".strip()
        if self.document.lang:
            pdf.Root.Lang = pikepdf.String(self.document.lang[0])

    def to_bytes(self) -> bytes:
        """The file; equal pages and text give equal bytes."""
        if self._resources:
            font = self._font.to_object(self._pdf)
            for fonts, name in self._resources:
                fonts[f"/{name}"] = font
        buffer = io.BytesIO()
        self._pdf.save(buffer, deterministic_id=True, fix_metadata_version=False)
        return buffer.getvalue()

    def _add_text(self, stored: pikepdf.Page, page: Page, way: Affine) -> None:
        """Lay the text that was read under a page; `way` leads from its points to user space."""
        lines = self._lines(page)
        resources = own_resources(stored)
        fonts = Dictionary(resources.get(Name.Font, Dictionary()))
        name = FONT
        while f"/{name}" in fonts:
            name += "X"
        layer = text_layer(lines, way, self._font, name=name, upside_down=_runs_left(stored, way))
        if not layer:
            return
        before, after = b"", b""
        on_top = True
        try:
            if page.text_source == "ocr":
                without_invisible_text(self._pdf, stored)
                if shows_text(stored):
                    message = "it keeps its visible text, so that a search may find words twice"
                    self.warnings.append(Warning("W_TEXT_TWICE", message, page=page.n))
            state = balance(stored)
            on_top = not state.surplus
            if on_top:
                before = b"q\n"
                after = (b"\nET" if state.in_text else b"") + b"\nQ" * (state.open + 1) + b"\n"
        except pikepdf.PdfError:
            on_top = False
        if on_top:
            stored.contents_add(self._pdf.make_stream(before), prepend=True)
            stored.contents_add(packed_stream(self._pdf, after + layer), prepend=False)
        else:
            # State that cannot be restored after the content: the text goes before it.
            stored.contents_add(packed_stream(self._pdf, layer + b"\n"), prepend=True)
        stored.obj.Resources.Font = fonts
        self._resources.append((stored.obj.Resources.Font, name))

    def _lines(self, page: Page) -> list[Line]:
        if page.failure is not None or page.text_source not in ("ocr", "mixed"):
            return []
        lines = [line for area in self._areas.get(page.n, []) for line in area.lines]
        if page.text_source == "mixed":
            # What has no confidence comes from the text layer and is in the file.
            lines = [line for line in lines if line.conf is not None]
        return lines


def _runs_left(stored: pikepdf.Page, way: Affine) -> bool:
    """Whether lines that lead in user space as `way` does run to the left in a viewer."""
    quarters = int(stored.rotation) // 90 % 4
    x, y = way.a, way.b
    for _ in range(quarters):
        x, y = y, -x  # a quarter clockwise, y upwards
    return x < 0 and abs(x) > abs(y)
