"""What a caller may ask of the writers."""

from __future__ import annotations

import os
import typing
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import docx
from docx.document import Document as DocxDocument
from docx.opc.exceptions import OpcError
from lxml import etree

from structure.core.errors import ConfigError

Layout = Literal["editable", "formatted", "exact", "plain"]


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a document is written; a format ignores what does not concern it.

    Attributes:
        layout: How a docx keeps the look of the page: "editable" text that flows with the sections,
            columns and breaks of the pages, "formatted" with styles and tables in one column,
            without forced breaks and furniture, "exact" with every block in its place, "plain"
            without columns, sizes and furniture.
        template: A docx whose styles, paper, headers and footers a docx takes over.
        mark_uncertain: Words read with a confidence below this, 0 to 1, are marked; None for none.

    Raises:
        ConfigError: a value that is none of these; the template is missing or no docx.
    """

    layout: Layout = "editable"
    template: Path | None = None
    mark_uncertain: float | None = None

    def __post_init__(self) -> None:
        known = typing.get_args(Layout)
        if self.layout not in known:
            raise ConfigError(f"layout is {self.layout!r}", hint=f"choose {', '.join(known)}")
        if self.mark_uncertain is not None and not 0 <= self.mark_uncertain <= 1:
            raise ConfigError(f"{self.mark_uncertain} is no confidence", hint="choose 0 to 1")
        if self.template is not None:
            open_template(self.template)


@dataclass(frozen=True, slots=True)
class Original:
    """A file that a document was made from, for the formats that need more than the document.

    Attributes:
        path: The file.
        numbers: Its pages in the document, from 1; None for all.
        password: For an encrypted PDF.
    """

    path: Path
    numbers: tuple[int, ...] | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a writer is told besides the document.

    Attributes:
        name: Name of the file without its suffix, for links to side files.
        originals: What the document was made from, in the order of its pages.
    """

    name: str = "document"
    options: WriteOptions = WriteOptions()
    originals: tuple[Original, ...] = ()


def open_template(path: str | os.PathLike[str]) -> DocxDocument:
    """Open a docx whose styles are to be used.

    Raises:
        ConfigError: it is missing, cannot be read, or is no docx.
    """
    try:
        with Path(path).open("rb") as file:
            return docx.Document(file)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"the template cannot be read ({reason})", hint="check its path", path=path
        ) from error
    except (
        OpcError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        NotImplementedError,  # zipfile's word for a compression that it does not know
        ValueError,
        LookupError,
    ) as error:
        raise ConfigError(
            "the template is no docx", hint="save it as a Word document (.docx)", path=path
        ) from error
