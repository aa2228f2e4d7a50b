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

from recovery.writers.docx_writer import render_docx
from recovery.writers.json_writer import render_json
from recovery.writers.rendered import Rendered
from structure.core.document import Document, Warning
from structure.core.errors import ConfigError, StructureError
from structure.core.output import output_target, write_atomic, write_folder

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how a document becomes bytes, and how a finished file is read back."""

    render: Callable[[Document], Rendered]
    check: Callable[[Path], object]


def _check_docx(path: Path) -> None:
    with path.open("rb") as file:
        docx.Document(file)


def _check_json(path: Path) -> None:
    Document.from_dict(json.loads(path.read_bytes()))


FORMATS: dict[str, Format] = {
    ".docx": Format(render_docx, _check_docx),
    ".json": Format(render_json, _check_json),
}


def render(document: Document, suffix: str) -> Rendered:
    """`document` in the format of a file suffix (".docx").

    Raises:
        ConfigError: no writer has this suffix.
    """
    return _format(suffix).render(document)


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
    rendered = format_.render(document)
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


def write_json(document: Document, path: PathLike) -> tuple[Warning, ...]:
    """Write JSON, whatever the suffix of `path`; otherwise like `write`."""
    return _write(FORMATS[".json"], document, path, ())
