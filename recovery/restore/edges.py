"""Rows of text at the upper and lower edge of a page, before the body begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from recovery.restore.markers import roman_number
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Sheet
from structure.core.analysis import Label
from structure.core.geometry import Box, union

_BETWEEN = r"(?:of|von|van|de|di|sur|av|/)"
_PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:p(?:age|agina|ágina|\.)|seite|sida|s\.|第)?\s*(?P<n>\d{1,5}|[ivxlc]{1,7})"
    rf"(?:\s*{_BETWEEN}\s*(?P<all>\d{{1,4}}))?\s*页?[\W_]*$",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"\b(?:page|pagina|página|seite|sida|p\.|s\.)\s*(\d{1,5})\b"
    r"|第\s*(\d{1,5})\s*页"
    rf"|\b(\d{{1,5}})\s*{_BETWEEN}\s*\d{{1,4}}\b",
    re.IGNORECASE,
)
_AT_END = re.compile(r"^(?:[\[(\u2013\u2014-]\s*)?(\d{1,5})\b(?=\W+\S)|(?<=\s)(\d{1,5})\W*$")
_SPELLED = re.compile(r"^(?:[-\u2013\u2014]\s*\d+\s*[-\u2013\u2014]|[^\W\d_]{3,}\.?\s*\d+|第.*页)$")
_MOST_SPELLED = 1000
_MAX_ROWS = 3
"""Rows at one edge of a page that are looked at."""
_GAP_LH = 0.9
"""Free space, in heights of a line, between a page header and the body."""
_INNER = 0.03
"""Share of the page height, from the first text on, that the rows may lie in ..."""
_MOST_INSET = 0.2
"""... where the text begins at most this far from the edge of the page."""
_REACH = 1.2
"""Rows are looked for in so many times the zone in which their middle must lie."""


_NOTE = re.compile(r"\d{1,3} ?[^\W\d_](?:.*\w{2})?[.!?]$")
_NOTE_CHARS = 30
"""A footnote of one line has at least so many characters."""


@dataclass(frozen=True)
class Edge:
    """A row at the upper or lower edge of a page.

    Attributes:
        sheet: Index of its page.
        pieces: From left to right.
        distance: Of its middle from the edge of the page, in points.
        gap: Free space between it and what is next to it inwards, in points.
    """

    sheet: int
    top: bool
    pieces: tuple[Piece, ...]
    distance: float
    gap: float

    @cached_property
    def box(self) -> Box:
        """Around its pieces."""
        return union(piece.box for piece in self.pieces)

    @cached_property
    def text(self) -> str:
        """What it says."""
        return " ".join(piece.text.strip() for piece in self.pieces)

    @cached_property
    def masked(self) -> str:
        """What such rows have in common."""
        return re.sub(r"\d+", "#", self.text).casefold()

    @cached_property
    def em(self) -> float:
        """Median type size in points."""
        return median(piece.em for piece in self.pieces)

    def only(self, pieces: Sequence[Piece]) -> Edge:
        """The same row with some of its pieces."""
        return replace(self, pieces=tuple(pieces))


def edges_of(k: int, sheet: Sheet, options: RestoreOptions) -> list[Edge]:
    """The rows at both edges of the `k`-th page, from the edge inwards.

    None at an edge where the body begins at once: a letterhead of many lines is no page header.
    """
    found: list[Edge] = []
    for top in (True, False):
        zone = _REACH * options.margin_zone * sheet.height
        # A book page scanned with the desk around it begins further down.
        zone = max(zone, _inset(sheet, top) + _INNER * sheet.height)
        near = [
            piece
            for piece in sheet.pieces
            if piece.text.strip()
            and (piece.box.y1 <= zone if top else piece.box.y0 >= sheet.height - zone)
        ]
        found += _before_gap(k, _rows(near, top), sheet, top)
    return found


def _inset(sheet: Sheet, top: bool) -> float:
    """Distance of what is on a page from its upper or lower edge, in points."""
    page = sheet.analysis
    boxes = [picture.box.scaled(sheet.scale) for picture in page.pictures]
    boxes += [table.box.scaled(sheet.scale) for table in page.tables]
    boxes += [piece.box for piece in sheet.pieces]
    if top:
        inset = min((box.y0 for box in boxes), default=0.0)
    else:
        inset = sheet.height - max((box.y1 for box in boxes), default=sheet.height)
    return min(max(inset, 0.0), _MOST_INSET * sheet.height)


def _before_gap(
    k: int, rows: Sequence[tuple[Piece, ...]], sheet: Sheet, top: bool
) -> Sequence[Edge]:
    found: list[Edge] = []
    for row in rows[:_MAX_ROWS]:
        if not top and _is_note(row):
            break
        box = union(piece.box for piece in row)
        beside = {id(piece) for piece in row}
        inwards = [
            (p.box.y0 - box.y1) if top else (box.y0 - p.box.y1)
            for p in sheet.pieces
            if id(p) not in beside
            and ((p.box.center[1] > box.y1) if top else (p.box.center[1] < box.y0))
        ]
        gap = min(inwards, default=sheet.height)
        distance = box.center[1] if top else sheet.height - box.center[1]
        found.append(Edge(k, top, row, distance, gap))
    clear = [n for n, edge in enumerate(found) if edge.gap >= _GAP_LH * edge.box.height]
    return found[: clear[-1] + 1] if clear else []


def _is_note(row: Sequence[Piece]) -> bool:
    """Whether a row at the foot of a page is a footnote: a number and a sentence."""
    text = " ".join(piece.text.strip() for piece in row)
    labelled = any(piece.label == Label.FOOTER for piece in row)
    return not labelled and len(text) >= _NOTE_CHARS and _NOTE.match(text) is not None


def _rows(pieces: Sequence[Piece], top: bool) -> list[tuple[Piece, ...]]:
    """Pieces on one line each, from the edge of the page inwards."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.box.center[1], p.box.x0)):
        if rows and rows[-1][0].box.overlap_y(piece.box) > 0.5 * piece.box.height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    ordered = [tuple(sorted(row, key=lambda p: p.box.x0)) for row in rows]
    return ordered if top else ordered[::-1]


def page_number(text: str) -> int | None:
    """The number of a text that is a page number and nothing else."""
    found = _PAGE_NUMBER.match(text.strip())
    if found is None:
        return None
    core = found.group("n")
    return int(core) if core.isdigit() else roman_number(core) or None


def is_spelled_out(text: str) -> bool:
    """Whether a text is a page number that says so itself: 3 / 16, Page 3, - 3 -."""
    found = _PAGE_NUMBER.match(text.strip())
    if found is None or not found.group("n").isdigit():
        return False
    number, total = int(found.group("n")), found.group("all")
    if total is not None:
        return 0 < number <= int(total)
    return 0 < number < _MOST_SPELLED and bool(_SPELLED.match(text.strip()))


def numbers_inside(text: str) -> set[int]:
    """Numbers of a longer text that may count pages: at its ends, or named as such."""
    found = {int(n) for groups in _INSIDE.findall(text) for n in groups if n}
    return found | {int(n) for groups in _AT_END.findall(text.strip()) for n in groups if n}
