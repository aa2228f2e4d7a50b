"""From a document to files."""

from recovery.writers.files import (
    FORMATS,
    render,
    write,
    write_docx,
    write_html,
    write_json,
    write_markdown,
    write_text,
    write_xlsx,
)
from recovery.writers.options import Original, WriteOptions
from recovery.writers.rendered import Rendered

__all__ = [
    "FORMATS",
    "Original",
    "Rendered",
    "WriteOptions",
    "render",
    "write",
    "write_docx",
    "write_html",
    "write_json",
    "write_markdown",
    "write_text",
    "write_xlsx",
]
