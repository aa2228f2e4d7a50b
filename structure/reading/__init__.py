"""Files to page images."""

from structure.core.limits import Limits
from structure.reading.source import OpenFile, Reading, SourceFile, open_source
from structure.reading.text_layer import layer_agrees, probe_lines

__all__ = [
    "Limits",
    "OpenFile",
    "Reading",
    "SourceFile",
    "layer_agrees",
    "open_source",
    "probe_lines",
]
