"""Class names of the known detectors, and what they are on a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from structure.core.analysis import Label
from structure.core.weights import refuse

CDLA = (
    "text",
    "title",
    "figure",
    "figure_caption",
    "table",
    "table_caption",
    "header",
    "footer",
    "reference",
    "equation",
)
PUBLAYNET = ("text", "title", "list", "table", "figure")
TABLE = ("table",)

_KNOWN_SETS = (CDLA, PUBLAYNET, TABLE)

# Names of PP-DocLayout and of other detectors that differ from ours.
_OTHER_NAMES = {
    "abstract": Label.TEXT,
    "algorithm": Label.TEXT,
    "aside_text": Label.TEXT,
    "chart": Label.FIGURE,
    "chart_title": Label.FIGURE_CAPTION,
    "content": Label.TEXT,
    "doc_title": Label.TITLE,
    "figure_title": Label.FIGURE_CAPTION,
    "footer_image": Label.FIGURE,
    "footnote": Label.TEXT,
    "formula": Label.EQUATION,
    "formula_number": Label.TEXT,
    "header_image": Label.FIGURE,
    "image": Label.FIGURE,
    "number": Label.FOOTER,
    "paragraph_title": Label.TITLE,
    "seal": Label.FIGURE,
    "table_title": Label.TABLE_CAPTION,
}


def to_labels(names: Sequence[str], classes: int, path: Path) -> tuple[Label, ...]:
    """The label of every class of a detector.

    Args:
        names: Class names; where there are none, a known set of as many classes is taken.
        classes: Number of classes that the network has.
        path: The weight file, for the message.

    Raises:
        ModelError: another number of names than classes, or a name without a meaning here.
    """
    known = {len(kind): kind for kind in _KNOWN_SETS}
    names = names or known.get(classes, ())
    if len(names) != classes:
        raise refuse(path, f"{len(names)} class names for {classes} classes")
    return tuple(_label(name.strip().lower(), path) for name in names)


def _label(name: str, path: Path) -> Label:
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    try:
        return Label(name)
    except ValueError as error:
        raise refuse(path, f"the class {name} is unknown") from error
