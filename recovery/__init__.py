"""Layout restoration: from page analyses to a document, and from the document to files."""

from recovery.writers import Rendered, render, write, write_docx, write_json

__all__ = ["Rendered", "render", "write", "write_docx", "write_json"]
