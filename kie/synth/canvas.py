"""A page that text is put on: words with boxes and marks, no pixels."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from kie.labelled import EntityKind

ASCENT, DESCENT = 0.76, 0.22
"""Of the type size: how far the box of a line reaches above and below its baseline."""

MONO_WIDTH = 0.6


class Mark:
    """An entity in the making: all words put on the page with it belong to it."""

    __slots__ = ("field", "kind", "row")

    def __init__(self, kind: EntityKind, field: str | None = None, row: int | None = None) -> None:
        self.kind = kind
        self.field = field
        self.row = row


Span = str | tuple[str, Mark | None]
"""Text, with the entity that it belongs to."""


class _Widths(dict[str, float]):
    """Advance of a character in type sizes, about that of a common sans serif."""

    def __missing__(self, sign: str) -> float:
        if unicodedata.east_asian_width(sign) in "WF":
            width = 1.0
        elif unicodedata.category(sign) == "Mn":
            width = 0.0
        elif sign in "MWmw@%ЖШЩЮжшщюФ":
            width = 0.85
        elif sign in "iljtfI.,:;'|!()[]/\\-\u00a0":
            width = 0.3
        elif sign.isupper():
            width = 0.68
        else:
            width = 0.54
        self[sign] = width
        return width


_WIDTHS = _Widths()


@dataclass(slots=True)
class Placed:
    """A word on the page; x0 and x1 in points."""

    text: str
    x0: float
    x1: float
    mark: Mark | None


@dataclass(slots=True)
class Segment:
    """Words on one baseline that were put down together.

    Attributes:
        words: From left to right.
        baseline: Points from the top of the page.
        size: Type size in points.
        bold: Set in bold.
    """

    words: list[Placed]
    baseline: float
    size: float
    bold: bool

    @property
    def top(self) -> float:
        """Upper edge of its box."""
        return self.baseline - ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Lower edge of its box."""
        return self.baseline + DESCENT * self.size

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.words[-1].x1


@dataclass(slots=True)
class Canvas:
    """Segments on a page of `width` by `height` points; y points downwards."""

    width: float
    height: float
    size: float
    mono: bool = False
    stretch: float = 1.0
    segments: list[Segment] = field(default_factory=list)

    def measure(self, text: str, size: float = 0.0, bold: bool = False) -> float:
        """Width of a text in points."""
        size = size or self.size
        if self.mono:
            return MONO_WIDTH * size * len(text)
        return sum(map(_WIDTHS.__getitem__, text)) * size * self.stretch * (1.06 if bold else 1.0)

    def put(
        self,
        x: float,
        y: float,
        *spans: Span,
        size: float = 0.0,
        align: str = "left",
        bold: bool = False,
    ) -> float:
        """Put one line on the page.

        Args:
            x: Its left edge, right edge or middle, after `align`.
            y: Its baseline.
            spans: What it says; spans are parted by a blank, two blanks make a wider gap.
            size: Type size in points; 0 is that of the page.
            align: "left", "right" or "center".
            bold: In bold.

        Returns:
            The right edge of the line, or `x` if there was nothing to put.
        """
        size = size or self.size
        space = MONO_WIDTH * size if self.mono else 0.29 * size
        words: list[Placed] = []
        cursor = 0.0
        for span in spans:
            text, mark = (span, None) if isinstance(span, str) else span
            for token in text.split(" "):
                if token:
                    width = self.measure(token, size, bold)
                    words.append(Placed(token, cursor, cursor + width, mark))
                    cursor += width
                cursor += space
        if not words:
            return x
        length = words[-1].x1
        left = x - (length if align == "right" else length / 2 if align == "center" else 0.0)
        # What is too long for the page is set in a narrower face, as forms do.
        squeeze = min(1.0, max(0.55, (self.width - 6 - left) / length)) if align == "left" else 1.0
        for word in words:
            word.x0 = left + word.x0 * squeeze
            word.x1 = left + word.x1 * squeeze
        self.segments.append(Segment(words, y, size, bold))
        return words[-1].x1

    def wrap(
        self,
        x: float,
        y: float,
        width: float,
        *spans: Span,
        size: float = 0.0,
        leading: float = 1.25,
        align: str = "left",
        bold: bool = False,
    ) -> float:
        """Put a paragraph on the page, broken where the next word would pass `width`.

        Returns:
            The baseline of the line after it.
        """
        size = size or self.size
        space = MONO_WIDTH * size if self.mono else 0.29 * size
        line: list[Span] = []
        length = 0.0
        for span in spans:
            text, mark = (span, None) if isinstance(span, str) else span
            for token in _tokens(text):
                advance = self.measure(token, size, bold)
                if line and length + advance > width:
                    self.put(x, y, *line, size=size, align=align, bold=bold)
                    y += leading * size
                    line, length = [], 0.0
                line.append((token, mark))
                length += advance + space
        if line:
            self.put(x, y, *line, size=size, align=align, bold=bold)
            y += leading * size
        return y


def _tokens(text: str) -> list[str]:
    """Words; a text without blanks in a script without blanks is cut every eight characters."""
    tokens = []
    for token in text.split():
        if len(token) > 12 and unicodedata.east_asian_width(token[0]) == "W":
            tokens += [token[start : start + 8] for start in range(0, len(token), 8)]
        else:
            tokens.append(token)
    return tokens
