"""Table recognition: SLANet, matching of text to cells, HTML."""

from structure.core.grid import to_html
from table.recognizer import Recognition, TableRecognizer

__all__ = ["Recognition", "TableRecognizer", "to_html"]
