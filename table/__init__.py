"""Table recognition: SLANet, drawn cells, matching of text to cells, HTML."""

from structure.core.grid import to_html
from table.forms import read_form
from table.recognizer import Recognition, TableRecognizer

__all__ = ["Recognition", "TableRecognizer", "read_form", "to_html"]
