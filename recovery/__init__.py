"""Layout restoration: from page analyses to a document, and from the document to files."""

from recovery.restore import RestoreOptions, restore
from recovery.writers import Rendered, render, write, write_docx, write_json

__all__ = ["Rendered", "RestoreOptions", "render", "restore", "write", "write_docx", "write_json"]
