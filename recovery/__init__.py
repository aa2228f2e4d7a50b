"""Layout restoration: from page analyses to a document, and from the document to files."""

from recovery.restore import RestoreOptions, restore
from recovery.writers import (
    Original,
    Rendered,
    WriteOptions,
    render,
    write,
    write_docx,
    write_html,
    write_json,
    write_markdown,
    write_text,
    write_xlsx,
)

__all__ = [
    "Original",
    "Rendered",
    "RestoreOptions",
    "WriteOptions",
    "render",
    "restore",
    "write",
    "write_docx",
    "write_html",
    "write_json",
    "write_markdown",
    "write_text",
    "write_xlsx",
]
