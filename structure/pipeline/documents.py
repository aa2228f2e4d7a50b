"""A whole file: its pages one by one, then the document, then the files asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import Unpack

from recovery import Original, WriteOptions, restore, write
from recovery.writers.files import require, suffix_of
from structure.core.analysis import Bookmark, PageAnalysis, Table
from structure.core.document import Document, Producer, Source, Warning
from structure.core.errors import ConfigError, InputError, public
from structure.core.geometry import Box
from structure.core.grid import Grid
from structure.core.images import PageFailure, PageImage
from structure.core.output import output_target
from structure.pipeline.fields import FieldPages, with_table
from structure.pipeline.models import Models, load_models
from structure.pipeline.pages import analyze_page, analyze_table
from structure.reading import Limits, OpenFile, Reading, SourceFile, open_source

PathLike = str | os.PathLike[str]

FIELD_TABLES = (".docx", ".html", ".md", ".txt")
"""Formats that people read: facts stand in them as a table."""

OnPage = Callable[[PageImage | PageFailure, PageAnalysis, int], None]
"""Called after each page with what was read, what was found, and how many pages there are."""

LoadModels = Callable[[], Models]

AnalyzePage = Callable[[PageImage | PageFailure, Models], PageAnalysis]


def _nothing(number: int) -> PageAnalysis | None:
    return None


@dataclass(frozen=True, slots=True)
class Steps:
    """Who does the parts of the work, for callers that have them done elsewhere.

    Attributes:
        open: Opens the files.
        recall: What is known of the page of that number from an earlier attempt; such a page is
            neither read nor analysed again.
        analyze: Analyses a page; never raises for a bad one.
    """

    open: OpenFile = open_source
    recall: Callable[[int], PageAnalysis | None] = _nothing
    analyze: AnalyzePage = analyze_page


@public
def analyze(
    paths: PathLike | Sequence[PathLike],
    *,
    models: Models | LoadModels | None = None,
    on_page: OnPage | None = None,
    steps: Steps | None = None,
    **reading: Unpack[Reading],
) -> Document:
    """Read a file and restore its document.

    Args:
        paths: PDF, PNG, JPEG, TIFF, WebP or BMP. Several files become one document, in their order.
        models: From `load_models`; loaded anew where None. Keep them for several documents. A
            function is called for them once the files have proved readable.
        on_page: Called after each page, for progress and pictures.
        steps: Who opens files and analyses pages; this process where None.
        **reading: pages, dpi, ocr, password, limits (see `Reading`).

    Returns:
        The document; a page that could not be processed is in it, empty, with its reason.

    Raises:
        StructureError: nothing could be read; its class tells why (see `structure.core.errors`).
    """
    steps = steps or _own_steps(reading)
    with _opened(paths, reading, steps) as sources:
        return _document(sources, models, on_page, steps)


@public
def convert(
    paths: PathLike | Sequence[PathLike],
    outputs: PathLike | Sequence[PathLike],
    *,
    writing: WriteOptions | None = None,
    models: Models | LoadModels | None = None,
    on_page: OnPage | None = None,
    steps: Steps | None = None,
    replace_existing: bool = True,
    fields: str | None = None,
    **reading: Unpack[Reading],
) -> Document:
    """Read a file and write its document in one or more formats, told by the extensions.

    Args:
        paths: See `analyze`, as for models, on_page and reading.
        outputs: One path or several; `recovery.writers.FORMATS` has the extensions.
        writing: How to write it; the defaults where None.
        models: See `analyze`.
        on_page: See `analyze`.
        steps: Who opens files and analyses pages; this process where None.
        replace_existing: Whether outputs that exist are replaced; otherwise they are refused.
        fields: "invoice", "receipt" or "generic": extract fields as well. They are in
            `Document.fields`, in JSON and in a sheet of a workbook, and as a table at the end of
            docx, html, md and txt.
        **reading: pages, dpi, ocr, password, limits (see `Reading`).

    Returns:
        What was written; its warnings also say what a format could not express.

    Raises:
        StructureError: nothing was read, or an output could not be written.
    """
    steps = steps or _own_steps(reading)
    targets = _listed(outputs)
    template = [] if writing is None or writing.template is None else [writing.template]
    check_outputs(targets, [*_listed(paths), *template], replace_existing=replace_existing)
    with _opened(paths, reading, steps) as sources:
        originals = [
            Original(source.path, source.numbers, reading.get("password")) for source in sources
        ]
        for target in targets:
            require(suffix_of(target), originals)
        document = _document(sources, models, on_page, steps, fields)
    shown = with_table(document)
    told = [
        warning
        for target in targets
        for warning in write(
            shown if suffix_of(target) in FIELD_TABLES else document,
            target,
            options=writing,
            sources=originals,
            replace=replace_existing,
            largest=(reading.get("limits") or Limits()).output,
        )
    ]
    return replace(document, warnings=tuple(dict.fromkeys((*document.warnings, *told))))


def _own_steps(reading: Reading) -> Steps:
    limits = reading.get("limits") or Limits()
    return Steps(analyze=partial(analyze_page, most_lines=limits.boxes))


def _listed(paths: PathLike | Sequence[PathLike]) -> list[PathLike]:
    return [paths] if isinstance(paths, str | os.PathLike) else list(paths)


@contextmanager
def _opened(
    paths: PathLike | Sequence[PathLike], reading: Reading, steps: Steps
) -> Iterator[list[SourceFile]]:
    files = _listed(paths)
    if not files:
        raise ConfigError("no input is named")
    unknown = sorted(reading.keys() - Reading.__annotations__.keys())
    if unknown:
        raise ConfigError(
            f"there is no option {unknown[0]!r}", hint="see structure.reading.Reading"
        )
    with ExitStack() as opened:
        yield [opened.enter_context(steps.open(path, **reading)) for path in files]


def _document(
    sources: Sequence[SourceFile],
    models: Models | LoadModels | None,
    on_page: OnPage | None,
    steps: Steps,
    fields: str | None = None,
) -> Document:
    used = models() if callable(models) else models or load_models()
    collected = None if fields is None else FieldPages(fields)
    analyses = _analyses(sources, used, on_page, steps)
    document = restore(
        analyses if collected is None else collected.watch(analyses),
        source=_describe(sources),
        producer=_producer(used),
        outline=_outline(sources),
    )
    if document.pages and all(page.failure is not None for page in document.pages):
        raise InputError(
            f"no page could be processed ({document.pages[0].failure})",
            hint="check the file in a viewer",
            path=sources[0].path,
            code="E_NO_PAGE",
        )
    if collected is not None:
        document = collected.add_to(document)
    return _noted(document, sources)


def _analyses(
    sources: Sequence[SourceFile], models: Models, on_page: OnPage | None, steps: Steps
) -> Iterator[PageAnalysis]:
    """The pages of all files one after the other, numbered through."""
    number, total = 0, sum(len(source) for source in sources)
    for source in sources:
        for own in source.numbers:
            # A single file keeps its own page numbers, also where only some pages are asked for.
            number = own if len(sources) == 1 else number + 1
            found = steps.recall(number)
            if found is None:
                page = replace(source.read(own), number=number)
                found = steps.analyze(page, models)
                if on_page is not None:
                    on_page(page, found, total)
            yield found


def _outline(sources: Sequence[SourceFile]) -> list[Bookmark]:
    """The bookmarks of all files, with the page numbers of `_analyses`."""
    if len(sources) == 1:
        return list(sources[0].outline)
    found: list[Bookmark] = []
    before = 0
    for source in sources:
        places = {number: before + k for k, number in enumerate(source.numbers, start=1)}
        found += [replace(b, page=places[b.page]) for b in source.outline if b.page in places]
        before += len(source)
    return found


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


def check_outputs(
    outputs: Sequence[PathLike], inputs: Sequence[PathLike], *, replace_existing: bool = True
) -> None:
    """Refuse impossible targets before any work is done.

    Raises:
        ConfigError: no target, an extension that no writer knows, or the same target twice.
        OutputError: a folder is missing, a target is no regular file or one of the inputs, or
            exists and is not to be replaced.
    """
    if not outputs:
        raise ConfigError("no output is named")
    seen: set[str] = set()
    for output in outputs:
        suffix_of(output)
        target = os.fspath(output_target(output, forbidden=inputs, replace=replace_existing))
        if target in seen:
            raise ConfigError("is named twice as output", path=output)
        seen.add(target)


@public
def convert_table(
    path: PathLike,
    outputs: PathLike | Sequence[PathLike],
    *,
    dpi: int = 200,
    models: Models | LoadModels | None = None,
    open_file: OpenFile = open_source,
) -> Table:
    """Recognise a picture of one table and write it.

    Args:
        path: A picture, or a PDF with one page, that shows a table and nothing else.
        outputs: One path or several: .html, .xlsx, .json and the other formats of `convert`.
        dpi: Resolution at which a PDF page is drawn.
        models: See `analyze`.
        open_file: Opens the picture.

    Returns:
        The table, in pixels of the picture; without cells where none was found (then nothing is
        written).

    Raises:
        StructureError: nothing could be read or written.
    """
    targets = _listed(outputs)
    check_outputs(targets, [path])
    with open_file(path, dpi=dpi) as source:
        if len(source) != 1:
            raise InputError(f"holds {len(source)} pages", hint="give one table picture", path=path)
        used = models() if callable(models) else models or load_models()
        found = analyze_table(source.read(1), used)
        if found.failure is not None:
            raise InputError(found.failure, path=path, page=1, code="E_NO_PAGE")
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
