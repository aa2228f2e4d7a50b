"""Files to page images."""

from structure.reading.limits import Limits
from structure.reading.source import SourceFile, open_source

__all__ = ["Limits", "SourceFile", "open_source"]
