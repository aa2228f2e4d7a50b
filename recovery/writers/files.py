"""The door to all writers: a document and a path in, a checked file out."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import docx
import pikepdf
from docx.opc.exceptions import OpcError
from lxml import etree
from openpyxl import load_workbook

from recovery.writers.alto_writer import render_alto
from recovery.writers.docx_writer import render_docx
from recovery.writers.hocr_writer import render_hocr
from recovery.writers.html_writer import render_html
from recovery.writers.json_writer import render_json
from recovery.writers.markdown_writer import render_markdown
from recovery.writers.options import Original, Request, WriteOptions
from recovery.writers.pdf_writer import check_originals, render_pdf
from recovery.writers.rendered import Rendered
from recovery.writers.text_writer import render_text
from recovery.writers.xlsx_writer import render_xlsx
from structure.core.document import Document, Warning
from structure.core.errors import ConfigError, LimitError, StructureError
from structure.core.output import output_target, write_atomic, write_folder

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Attributes:
        render: From a document, and what else is asked for, to bytes.
        check: Reads a finished file back; raises what its library raises.
        need: Refuses originals that this format cannot be made of, before any work.
    """

    render: Callable[[Document, Request], Rendered]
    check: Callable[[Path], object]
    need: Callable[[Sequence[Original]], None] | None = None


def _check_docx(path: Path) -> None:
    with path.open("rb") as file:
        docx.Document(file)


def _check_pdf(path: Path) -> None:
    with pikepdf.open(path) as pdf:
        if not pdf.pages:
            raise ValueError("a PDF without pages")


def _check_json(path: Path) -> None:
    Document.from_dict(json.loads(path.read_bytes()))


def _check_xlsx(path: Path) -> None:
    with path.open("rb") as file:
        load_workbook(file, read_only=True).close()


def _check_xml(path: Path) -> None:
    etree.fromstring(path.read_bytes())


def _check_html(path: Path) -> None:
    etree.HTML(path.read_text("utf-8")).find("body/main")


def _check_text(path: Path) -> None:
    path.read_text("utf-8")


def _plain(render: Callable[[Document], Rendered]) -> Callable[[Document, Request], Rendered]:
    """A writer that needs nothing but the document."""
    return lambda document, request: render(document)


FORMATS: dict[str, Format] = {
    ".docx": Format(lambda document, request: render_docx(document, request.options), _check_docx),
    ".xlsx": Format(_plain(render_xlsx), _check_xlsx),
    ".html": Format(_plain(render_html), _check_html),
    ".md": Format(lambda document, request: render_markdown(document, request.name), _check_text),
    ".pdf": Format(
        lambda document, request: render_pdf(document, request.originals),
        _check_pdf,
        check_originals,
    ),
    ".alto.xml": Format(
        lambda document, request: render_alto(document, request.originals), _check_xml
    ),
    ".hocr.html": Format(
        lambda document, request: render_hocr(document, request.originals), _check_xml
    ),
    ".json": Format(_plain(render_json), _check_json),
    ".txt": Format(_plain(render_text), _check_text),
}
"""By suffix; of several that a name ends with, the longest counts."""


def suffix_of(path: PathLike) -> str:
    """The longest suffix in `FORMATS` that the name of `path` ends with, in lower case.

    Raises:
        ConfigError: no writer has a suffix of this name.
    """
    name = Path(path).name
    found = [s for s in FORMATS if name.lower().endswith(s) and len(name) > len(s)]
    if not found:
        raise ConfigError(
            f"no writer for the suffix {Path(path).suffix!r}",
            hint=f"use one of {' '.join(sorted(FORMATS))}",
            path=path,
        )
    return max(found, key=len)


def require(suffix: str, originals: Sequence[Original]) -> None:
    """Refuse originals that a format cannot be made of.

    Args:
        suffix: A key of `FORMATS`.
        originals: What the document will be made from.

    Raises:
        StructureError: as writing would raise.
    """
    need = FORMATS[suffix].need
    if need is not None:
        need(originals)


def render(
    document: Document,
    suffix: str,
    *,
    name: str = "document",
    options: WriteOptions | None = None,
    sources: Iterable[PathLike | Original] = (),
) -> Rendered:
    """`document` in the format of a file suffix (".docx"), without writing it.

    Args:
        document: What to write.
        suffix: A key of `FORMATS`, in either case.
        name: Name of the file without suffix, where links to side files need it.
        options: How to write it; the defaults where None.
        sources: See `write`.

    Raises:
        ConfigError: no writer has this suffix.
    """
    request = Request(name, options or WriteOptions(), _originals(sources))
    return FORMATS[suffix_of(f"document{suffix}")].render(document, request)


def write(
    document: Document,
    path: PathLike,
    *,
    options: WriteOptions | None = None,
    sources: Iterable[PathLike | Original] = (),
    replace: bool = True,
    largest: int = 0,
) -> tuple[Warning, ...]:
    """Write a document in the format that the suffix of `path` names; whole or not at all.

    The finished file is read back by an ordinary library before it takes its name. Side files (the
    pictures of a markdown file) lie in `<name>_assets` beside it and are there before it.

    Args:
        document: What to write.
        path: The target; an existing file is replaced.
        options: How to write it; the defaults where None.
        sources: The files it was made from, in their order; they are never overwritten. An
            `Original` also says which of their pages the document has.
        replace: Whether an existing file is replaced; otherwise it is refused.
        largest: Bytes that the file may have; 0 for any number.

    Returns:
        What the format could not express.

    Raises:
        ConfigError: no writer has this suffix, or it needs sources and gets others.
        InputError: it needs the sources, and one cannot be read any more.
        LimitError: the file would be larger than `largest`.
        LockedError: it needs the sources, and one may not be copied.
        OutputError: the file cannot be written.
    """
    return _write(
        suffix_of(path), document, path, options, sources, replace=replace, largest=largest
    )


def _write(
    suffix: str,
    document: Document,
    path: PathLike,
    options: WriteOptions | None = None,
    sources: Iterable[PathLike | Original] = (),
    *,
    replace: bool = True,
    largest: int = 0,
) -> tuple[Warning, ...]:
    options = options or WriteOptions()
    originals = _originals(sources)
    template = () if options.template is None else (options.template,)
    forbidden = (*(one.path for one in originals), *template)
    target = output_target(path, forbidden=forbidden, replace=replace)
    name = target.name[: -len(suffix)] if target.name.lower().endswith(suffix) else target.stem
    format_ = FORMATS[suffix]
    rendered = format_.render(document, Request(name, options, originals))
    size = len(rendered.data) + sum(len(data) for data in rendered.side_files.values())
    if 0 < largest < size:
        raise LimitError(
            f"would have {size / 1e6:.0f} MB, more than {largest / 1e6:g} MB",
            hint="select fewer pages, or raise the limit",
            path=path,
            code="E_OUTPUT_SIZE",
        )
    if rendered.side_files:
        write_folder(target.with_name(f"{name}_assets"), rendered.side_files)
    check = partial(_read_back, format_.check)
    write_atomic(target, rendered.data, check=check, replace=replace)
    return rendered.warnings


def _originals(sources: Iterable[PathLike | Original]) -> tuple[Original, ...]:
    return tuple(one if isinstance(one, Original) else Original(Path(one)) for one in sources)


def _read_back(check: Callable[[Path], object], path: Path) -> None:
    try:
        check(path)
    except (
        OpcError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        pikepdf.PdfError,
        ValueError,
        LookupError,
    ) as error:
        raise StructureError(
            "the written file could not be read back", hint="please report this as a bug"
        ) from error


def write_docx(
    document: Document, path: PathLike, *, options: WriteOptions | None = None
) -> tuple[Warning, ...]:
    """Write a Word document, whatever the suffix of `path`; otherwise like `write`."""
    return _write(".docx", document, path, options)


def write_xlsx(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write a workbook, whatever the suffix of `path`; otherwise like `write`."""
    return _write(".xlsx", document, path)


def write_html(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write an HTML page, whatever the suffix of `path`; otherwise like `write`."""
    return _write(".html", document, path)


def write_markdown(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write markdown and its pictures, whatever the suffix of `path`; otherwise like `write`."""
    return _write(".md", document, path)


def write_json(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write JSON, whatever the suffix of `path`; otherwise like `write`."""
    return _write(".json", document, path)


def write_text(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write plain text, whatever the suffix of `path`; otherwise like `write`."""
    return _write(".txt", document, path)
