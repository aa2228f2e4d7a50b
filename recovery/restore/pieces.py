"""Text lines in points and what is built from them on the way to blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from recovery.metrics import text_width
from structure.core.analysis import (
    DrawnLine,
    Font,
    Label,
    PageAnalysis,
    Picture,
    Region,
    Table,
    TextLine,
)
from structure.core.document import Line, Span, WordBox
from structure.core.geometry import Box, union
from structure.core.lines import is_sideways
from structure.core.text import is_rtl

_BOX_TO_EM = 0.95
"""Type size over the height of a line's box; detectors leave a little air around the ink."""
_SURE_LINE = 12
_SHORT_LINE = 8
_FEW_LETTERS = 3
"""Letters from which the width of a line tells its size surely, in doubt, and not at all."""
_WIDE_SET = 1.3
"""A short line of wide letters is set at most so much larger than its width tells."""


@dataclass(frozen=True)
class Piece:
    """One text line as it was read, in points.

    Attributes:
        label: Class of the layout region that holds it, None for a leftover.
        region: Index of that region on its page.
        font: Of most of its letters, where words state one.
        marks: Words of `line.text` that are bold, italic or links.
        ink_em: Em size as the height of the letters tells it; None where nobody looked.
        stroke: Mean width of the pen strokes, None likewise.
        slant: Degrees by which the letters lean to the right, None likewise.
        color: "RRGGBB" of coloured ink, where no font states it.
        bold: Whether all of it is set in bold type.
        italic: Whether all of it is set in italic type.
        code: Whether it is code.
        initial: Height in lines of its first letter, a drop capital; 0 without one.
        sideways: Whether it runs up or down the page.
    """

    line: Line
    label: Label | None = None
    region: int | None = None
    font: Font | None = None
    marks: tuple[Span, ...] = ()
    ink_em: float | None = None
    stroke: float | None = None
    slant: float | None = None
    color: str | None = None
    bold: bool = False
    italic: bool = False
    code: bool = False
    initial: int = 0
    sideways: bool = False

    @property
    def box(self) -> Box:
        """Where it stands."""
        return self.line.box

    @property
    def text(self) -> str:
        """What it says."""
        return self.line.text

    @cached_property
    def em(self) -> float:
        """Size of its type in points; but for code the family of its letters is unknown."""
        if self.code:
            return self.em_by(text_width(self.text, "mono"))
        wide = text_width(self.text, "serif") + text_width(self.text, "sans")
        return self.em_by(wide / 2)

    @property
    def height_em(self) -> float:
        """What the height of the letters says of the type size."""
        return self.ink_em if self.ink_em is not None else _BOX_TO_EM * self.box.height

    def em_by(self, width: float) -> float:
        """Size of its type in points: from its font, else from its width, else from its height.

        Args:
            width: Of the text in em.
        """
        if self.font is not None:
            return max(self.font.size, 0.5)
        height = self.height_em
        if self.ink_em is not None and is_rtl(self.text):
            return max(height, 0.5)  # of these letters no widths are known
        by_width = self.box.width / width if width > 0 else height
        letters = sum(char.isalnum() for char in self.text)
        if letters < _FEW_LETTERS or letters < 0.5 * len(self.text.replace(" ", "")):
            return max(height, 0.5)
        if letters < _SHORT_LINE:
            return max(min(height, _WIDE_SET * by_width), 0.5)
        least, most = (0.75, 1.3) if self.ink_em is not None else (0.6, 1.6)
        if letters >= _SURE_LINE:
            least, most = 0.6, 1.6
        # Spaced type and leaders are too wide; a rule, a stamp or handwriting through a line and a
        # long line that leans are too high: where the two disagree, the smaller one is right.
        agree = least < by_width / max(height, 1e-6) < most
        return max(by_width if agree else min(by_width, height), 0.5)


@dataclass(frozen=True)
class Row:
    """One visual line: pieces from left to right."""

    pieces: tuple[Piece, ...]

    @cached_property
    def box(self) -> Box:
        """Around all pieces."""
        return union(piece.box for piece in self.pieces)

    @cached_property
    def em(self) -> float:
        """Type size of the widest piece."""
        return max(self.pieces, key=lambda piece: piece.box.width).em

    @property
    def ink_em(self) -> float:
        """What the height of the letters, or a font, says of the size of the widest piece."""
        piece = max(self.pieces, key=lambda piece: piece.box.width)
        return piece.font.size if piece.font is not None else piece.height_em

    @property
    def label(self) -> Label | None:
        """Class of the widest piece."""
        return max(self.pieces, key=lambda piece: piece.box.width).label

    @property
    def region(self) -> int | None:
        """Region of the widest piece."""
        return max(self.pieces, key=lambda piece: piece.box.width).region

    @property
    def text(self) -> str:
        """The texts with spaces between them, for looking at; joining proper is done elsewhere."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def bold(self) -> bool:
        """Whether all pieces are bold."""
        return all(piece.bold for piece in self.pieces)

    @property
    def code(self) -> bool:
        """Whether all pieces are code."""
        return all(piece.code for piece in self.pieces)


@dataclass(frozen=True)
class Sheet:
    """A page in points, before anything is decided.

    Attributes:
        scale: Points per pixel of the analysis.
        drawn: Lines that are drawn on it, in points.
    """

    analysis: PageAnalysis
    width: float
    height: float
    scale: float
    pieces: tuple[Piece, ...] = ()
    regions: tuple[Region, ...] = ()
    drawn: tuple[DrawnLine, ...] = ()

    @property
    def number(self) -> int:
        """1-based page number."""
        return self.analysis.number

    @cached_property
    def line_height(self) -> float:
        """Median height of the text lines in points; of those in tables where all text is there."""
        heights = [p.box.height for p in self.pieces if p.box.height > 0 and not p.sideways]
        if not heights:
            inside = [line for table in self.analysis.tables for line in table.lines]
            heights = [line.box.height * self.scale for line in inside if not is_sideways(line)]
        return median(heights) if heights else 10.0

    @cached_property
    def em(self) -> float:
        """Median type size in points, each line counted by its length (10 where there is none)."""
        sizes = sorted((piece.em, len(piece.text)) for piece in self.pieces)
        half, total = sum(count for _, count in sizes) / 2, 0
        for size, count in sizes:
            total += count
            if total >= half:
                return size
        return 10.0


def commonest(fonts: Sequence[tuple[int, Font]]) -> Font | None:
    """The font of most letters; None where there is none.

    Args:
        fonts: How many letters are in which font.
    """
    counted: Counter[Font] = Counter()
    for letters, font in fonts:
        counted[font] += letters
    return max(counted, key=lambda font: counted[font]) if counted else None


def to_line(line: TextLine, scale: float) -> Line:
    """The same line in points."""
    words = tuple(WordBox(w.text, w.box.scaled(scale), w.score) for w in line.words)
    return Line(line.text, line.box.scaled(scale), line.score, words)


def to_lines(owner: Table | Picture, scale: float) -> tuple[Line, ...]:
    """The lines of a table or picture in points."""
    return tuple(to_line(line, scale) for line in owner.lines)
