"""Text lines of a page."""

from structure.ocr.reader import PageReader, ReadText, default_reader

__all__ = ["PageReader", "ReadText", "default_reader"]
