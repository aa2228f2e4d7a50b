"""From a document to files."""

from recovery.writers.files import render, write, write_docx, write_json
from recovery.writers.rendered import Rendered

__all__ = ["Rendered", "render", "write", "write_docx", "write_json"]
