"""From a file to a document: reading, orientation, text, layout, tables, restoration."""

from structure.pipeline.documents import (
    Steps,
    analyze,
    check_outputs,
    convert,
    convert_table,
)
from structure.pipeline.models import Models, WeightFiles, load_models
from structure.pipeline.pages import analyze_page

__all__ = [
    "Models",
    "Steps",
    "WeightFiles",
    "analyze",
    "analyze_page",
    "check_outputs",
    "convert",
    "convert_table",
    "load_models",
]
