"""Lines in a docx file: the borders of paragraphs, and tabs with lines to write on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from recovery.metrics import text_width
from recovery.writers.docx_looks import Look
from recovery.writers.docx_paper import LARGEST_SIDE
from recovery.writers.docx_uncertain import Doubt
from recovery.writers.ooxml import Element, node, twips
from structure.core.document import BLANK, Block, Border, ListBlock, Span, Style, TextBlock

_Part = TypeVar("_Part", Span, Doubt)
_SHORT = 0.25
"""Share of its column up to which text may be set to end at the edge of it."""
_MOST_EIGHTHS, _MOST_SPACE = 48, 31
"""What Word takes for the width of a border and its distance from the text."""


def borders(style: Style, *, first: bool = True, last: bool = True) -> Element | None:
    """`w:pBdr` of a paragraph; of a block of several, `first` and `last` say which one it is."""
    above = style.border_above if first else None
    below = style.border_below if last else None
    if above is None and below is None:
        return None
    return node("w:pBdr", _side("w:top", above), _side("w:bottom", below))


def _side(name: str, border: Border | None) -> Element | None:
    if border is None:
        return None
    return node(
        name,
        val="single",
        sz=min(max(round(8 * border.width), 2), _MOST_EIGHTHS),
        space=min(max(round(border.space), 0), _MOST_SPACE),
        color=border.color,
    )


def room_of(block: Block, *, first: bool = True, last: bool = True) -> tuple[float, float]:
    """Points that the borders of a block take above and below its text, with their distances."""
    if not isinstance(block, TextBlock | ListBlock):
        return 0.0, 0.0
    above = block.style.border_above if first else None
    below = block.style.border_below if last else None
    return _height(above), _height(below)


def _height(border: Border | None) -> float:
    return 0.0 if border is None else border.space + border.width


def ends_known(block: TextBlock) -> bool:
    """Whether every blank in a text has a place where it ends."""
    count = len(BLANK.findall(block.text)) if block.style.blanks else 0
    return 0 < count == len(block.style.blanks)


def with_tabs(text: str) -> str:
    """`text` with a tab for each blank."""
    return BLANK.sub("\t", text)


def moved(text: str, parts: Sequence[_Part]) -> tuple[_Part, ...]:
    """Parts of `text` as parts of `with_tabs(text)`."""
    runs = [match.span() for match in BLANK.finditer(text)]

    def place(at: int) -> int:
        return at - sum(max(min(at, end) - start - 1, 0) for start, end in runs)

    return tuple(replace(part, start=place(part.start), end=place(part.end)) for part in parts)


def tab_stops(
    block: TextBlock, look: Look, widest: float, inset: float, *, drawn: bool
) -> Element | None:
    """Tab stops of a paragraph; Word too counts them from the edge of the column.

    Args:
        block: With the stops in its style.
        look: Of its type.
        widest: Width of the column in points; no line to write on goes beyond it, and text that
            would is set to end there.
        inset: How much further left the column begins than it did on the page.
        drawn: Whether the blanks are tabs with lines.
    """
    style = block.style
    found: dict[int, str | None] = {
        twips(stop + inset): None for stop in style.tabs if 0 < stop < LARGEST_SIDE
    }
    if drawn:
        found |= {twips(min(end, widest) + inset): "underscore" for end in style.blanks}
    if not found:
        return None
    stops = [node("w:tab", val="left", leader=found[at], pos=at) for at in sorted(found)]
    if style.tabs and not drawn and _last_runs_over(block, look, widest):
        stops[-1] = node("w:tab", val="right", pos=twips(widest + inset))
    return node("w:tabs", *stops)


def _last_runs_over(block: TextBlock, look: Look, widest: float) -> bool:
    """Whether what stands at the last stop would take another line in our type, but for a word."""
    fields = [line.split("\t") for line in block.text.split("\n")]
    last = [own[-1] for own in fields if len(own) == len(block.style.tabs) + 1]
    width = max((text_width(text, look.face) * look.size for text in last), default=0.0)
    # Signs that the face lacks come from another one and are wider.
    end = block.style.tabs[-1] + width + look.size / 2
    return 0 < width <= _SHORT * widest and end > widest
