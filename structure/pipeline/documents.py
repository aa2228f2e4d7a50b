"""A whole file: its pages one by one, then the document, then the files asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from recovery import restore, write
from recovery.writers.files import FORMATS
from structure.core.analysis import PageAnalysis, Table
from structure.core.document import Document, Producer, Source, Warning
from structure.core.errors import ConfigError, InputError
from structure.core.geometry import Box
from structure.core.grid import Grid
from structure.core.images import PageFailure, PageImage
from structure.core.output import output_target
from structure.pipeline.models import Models, load_models
from structure.pipeline.pages import analyze_page, analyze_table
from structure.reading import Limits, SourceFile, open_source

PathLike = str | os.PathLike[str]
OcrChoice = Literal["auto", "always", "never"]

OnPage = Callable[[PageImage | PageFailure, PageAnalysis, int], None]
"""Called after each page with what was read, what was found, and how many pages there are."""


def analyze(
    paths: PathLike | Sequence[PathLike],
    *,
    pages: str | None = None,
    dpi: int = 200,
    ocr: OcrChoice = "auto",
    password: str | None = None,
    models: Models | None = None,
    limits: Limits | None = None,
    on_page: OnPage | None = None,
) -> Document:
    """Read a file and restore its document.

    Args:
        paths: PDF, PNG, JPEG, TIFF, WebP or BMP. Several files become one document, in their order.
        pages: Which pages of each file, for example "1-3,7"; None for all.
        dpi: Resolution at which PDF pages are drawn.
        ocr: "auto" trusts a text layer that proves good, "always" reads all text from the picture,
            "never" trusts any text layer.
        password: For an encrypted PDF.
        models: From `load_models`; loaded anew where None. Keep them for several documents.
        limits: Upper bounds for size, pages and pixels.
        on_page: Called after each page, for progress and pictures.

    Returns:
        The document; a page that could not be processed is in it, empty, with its reason.

    Raises:
        StructureError: nothing could be read; its class tells why (see `structure.core.errors`).
    """
    files = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not files:
        raise ConfigError("no input is named")
    with ExitStack() as opened:
        sources = [
            opened.enter_context(
                open_source(path, pages=pages, dpi=dpi, ocr=ocr, password=password, limits=limits)
            )
            for path in files
        ]
        used = models or load_models()
        document = restore(
            _analyses(sources, used, on_page),
            source=_describe(sources),
            producer=_producer(used),
        )
        document = _noted(document, sources)
    if document.pages and all(page.failure is not None for page in document.pages):
        raise InputError(
            f"no page could be processed ({document.pages[0].failure})",
            hint="check the file in a viewer",
            path=files[0],
            code="E_NO_PAGE",
        )
    return document


def convert(
    paths: PathLike | Sequence[PathLike],
    outputs: PathLike | Sequence[PathLike],
    *,
    pages: str | None = None,
    dpi: int = 200,
    ocr: OcrChoice = "auto",
    password: str | None = None,
    models: Models | None = None,
    limits: Limits | None = None,
    on_page: OnPage | None = None,
) -> Document:
    """Read a file and write its document in one or more formats, told by the extensions.

    Args:
        paths: See `analyze`, as for all that follows.
        outputs: One path or several: .docx, .xlsx, .html, .md, .json, .txt.
        pages: See `analyze`.
        dpi: See `analyze`.
        ocr: See `analyze`.
        password: See `analyze`.
        models: See `analyze`.
        limits: See `analyze`.
        on_page: See `analyze`.

    Returns:
        What was written.

    Raises:
        StructureError: nothing was read, or an output could not be written.
    """
    sources = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    targets = [outputs] if isinstance(outputs, str | os.PathLike) else list(outputs)
    check_outputs(targets, sources)
    document = analyze(
        sources,
        pages=pages,
        dpi=dpi,
        ocr=ocr,
        password=password,
        models=models,
        limits=limits,
        on_page=on_page,
    )
    for target in targets:
        write(document, target, sources=sources)
    return document


def _analyses(
    sources: Sequence[SourceFile], models: Models, on_page: OnPage | None
) -> Iterator[PageAnalysis]:
    """The pages of all files one after the other, numbered through."""
    number, total = 0, sum(len(source) for source in sources)
    for source in sources:
        for page in source:
            # A single file keeps its own page numbers, also where only some pages are asked for.
            number = page.number if len(sources) == 1 else number + 1
            numbered = replace(page, number=number)
            found = analyze_page(numbered, models)
            if on_page is not None:
                on_page(numbered, found, total)
            yield found


def _producer(models: Models) -> Producer:
    return Producer("structure", version("docstructure"), models.names)


def _noted(document: Document, sources: Sequence[SourceFile]) -> Document:
    """With what the readers had to say about the files as a whole."""
    told = tuple(
        Warning(notice.code, notice.message, "loss" if notice.loss else "info", notice.page)
        for source in sources
        for notice in source.notices
    )
    return replace(document, warnings=told + document.warnings)


def _describe(sources: Sequence[SourceFile]) -> Source:
    first = sources[0]
    if len(sources) == 1:
        return Source(first.name, first.media_type, first.sha256, first.page_count)
    digest = sha256("\n".join(source.sha256 for source in sources).encode()).hexdigest()
    name = f"{first.name} and {len(sources) - 1} more"
    pages = sum(source.page_count for source in sources)
    return Source(name, first.media_type, digest, pages)


def check_outputs(outputs: Sequence[PathLike], inputs: Sequence[PathLike]) -> None:
    """Refuse impossible targets before any work is done.

    Raises:
        ConfigError: no target, an extension that no writer knows, or the same target twice.
        OutputError: a folder is missing, a target is no regular file or one of the inputs.
    """
    if not outputs:
        raise ConfigError("no output is named")
    seen: set[str] = set()
    for output in outputs:
        if Path(output).suffix.lower() not in FORMATS:
            raise ConfigError(
                "no writer knows this extension",
                hint=f"use one of {' '.join(sorted(FORMATS))}",
                path=output,
            )
        target = os.fspath(output_target(output, forbidden=inputs))
        if target in seen:
            raise ConfigError("is named twice as output", path=output)
        seen.add(target)


def convert_table(
    path: PathLike,
    outputs: PathLike | Sequence[PathLike],
    *,
    dpi: int = 200,
    models: Models | None = None,
) -> Table:
    """Recognise a picture of one table and write it.

    Args:
        path: A picture, or a PDF with one page, that shows a table and nothing else.
        outputs: One path or several: .html, .xlsx, .json and the other formats of `convert`.
        dpi: Resolution at which a PDF page is drawn.
        models: From `load_models`; loaded anew where None.

    Returns:
        The table, in pixels of the picture; without cells where none was found (then nothing is
        written).

    Raises:
        StructureError: nothing could be read or written.
    """
    targets = [outputs] if isinstance(outputs, str | os.PathLike) else list(outputs)
    check_outputs(targets, [path])
    with open_source(path, dpi=dpi) as source:
        if len(source) != 1:
            raise InputError(f"holds {len(source)} pages", hint="give one table picture", path=path)
        used = models or load_models()
        found = analyze_table(source.read(1), used)
        if found.failure is not None:
            raise InputError(found.failure, path=path, page=1)
        if found.tables:
            document = restore(
                [found],
                source=_describe([source]),
                producer=_producer(used),
            )
            for target in targets:
                write(document, target, sources=[path])
            return found.tables[0]
    return Table(Box(0.0, 0.0, found.width, found.height), Grid(), needs_review=True)
