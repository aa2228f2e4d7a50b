"""The door to all writers: a document and a path in, a checked file out."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError
from lxml import etree
from openpyxl import load_workbook

from recovery.writers.docx_writer import render_docx
from recovery.writers.html_writer import render_html
from recovery.writers.json_writer import render_json
from recovery.writers.markdown_writer import render_markdown
from recovery.writers.rendered import Rendered
from recovery.writers.text_writer import render_text
from recovery.writers.xlsx_writer import render_xlsx
from structure.core.document import Document, Warning
from structure.core.errors import ConfigError, StructureError
from structure.core.output import output_target, write_atomic, write_folder

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Attributes:
        render: From a document, and the name its file will have without suffix, to bytes.
        check: Reads a finished file back; raises what its library raises.
    """

    render: Callable[[Document, str], Rendered]
    check: Callable[[Path], object]


def _check_docx(path: Path) -> None:
    with path.open("rb") as file:
        docx.Document(file)


def _check_json(path: Path) -> None:
    Document.from_dict(json.loads(path.read_bytes()))


def _check_xlsx(path: Path) -> None:
    with path.open("rb") as file:
        load_workbook(file, read_only=True).close()


def _check_html(path: Path) -> None:
    etree.HTML(path.read_text("utf-8")).find("body/main")


def _check_text(path: Path) -> None:
    path.read_text("utf-8")


def _nameless(render: Callable[[Document], Rendered]) -> Callable[[Document, str], Rendered]:
    """A writer that does not care what its file is called."""
    return lambda document, name: render(document)


FORMATS: dict[str, Format] = {
    ".docx": Format(_nameless(render_docx), _check_docx),
    ".xlsx": Format(_nameless(render_xlsx), _check_xlsx),
    ".html": Format(_nameless(render_html), _check_html),
    ".md": Format(render_markdown, _check_text),
    ".json": Format(_nameless(render_json), _check_json),
    ".txt": Format(_nameless(render_text), _check_text),
}


def render(document: Document, suffix: str, *, name: str = "document") -> Rendered:
    """`document` in the format of a file suffix (".docx"), without writing it.

    Args:
        document: What to write.
        suffix: A key of `FORMATS`, in either case.
        name: Name of the file without suffix, where links to side files need it.

    Raises:
        ConfigError: no writer has this suffix.
    """
    return _format(suffix).render(document, name)


def write(
    document: Document, path: PathLike, *, sources: Iterable[PathLike] = ()
) -> tuple[Warning, ...]:
    """Write a document in the format that the suffix of `path` names; whole or not at all.

    The finished file is read back by an ordinary library before it takes its name. Side files (the
    pictures of a markdown file) lie in `<name>_assets` beside it and are there before it.

    Args:
        document: What to write.
        path: The target; an existing file is replaced.
        sources: The inputs; they are never overwritten.

    Returns:
        What the format could not express.

    Raises:
        ConfigError: no writer has this suffix.
        OutputError: the file cannot be written.
    """
    return _write(_format(Path(path).suffix), document, path, sources)


def _write(
    format_: Format, document: Document, path: PathLike, sources: Iterable[PathLike]
) -> tuple[Warning, ...]:
    target = output_target(path, forbidden=sources)
    rendered = format_.render(document, target.stem)
    if rendered.side_files:
        write_folder(target.with_name(f"{target.stem}_assets"), rendered.side_files)
    write_atomic(target, rendered.data, check=partial(_read_back, format_.check))
    return rendered.warnings


def _read_back(check: Callable[[Path], object], path: Path) -> None:
    try:
        check(path)
    except (OpcError, etree.XMLSyntaxError, zipfile.BadZipFile, ValueError, LookupError) as error:
        raise StructureError(
            "the written file could not be read back", hint="please report this as a bug"
        ) from error


def _format(suffix: str) -> Format:
    try:
        return FORMATS[suffix.lower()]
    except KeyError:
        known = " ".join(sorted(FORMATS))
        raise ConfigError(
            f"no writer for the suffix {suffix!r}", hint=f"known are {known}"
        ) from None


def write_docx(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write a Word document, whatever the suffix of `path`; otherwise like `write`."""
    return _write(FORMATS[".docx"], document, path, ())


def write_xlsx(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write a workbook, whatever the suffix of `path`; otherwise like `write`."""
    return _write(FORMATS[".xlsx"], document, path, ())


def write_html(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write an HTML page, whatever the suffix of `path`; otherwise like `write`."""
    return _write(FORMATS[".html"], document, path, ())


def write_markdown(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write markdown and its pictures, whatever the suffix of `path`; otherwise like `write`."""
    return _write(FORMATS[".md"], document, path, ())


def write_json(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write JSON, whatever the suffix of `path`; otherwise like `write`."""
    return _write(FORMATS[".json"], document, path, ())


def write_text(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write plain text, whatever the suffix of `path`; otherwise like `write`."""
    return _write(FORMATS[".txt"], document, path, ())
