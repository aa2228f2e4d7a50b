"""Lines to write on, drawn on a page: they become underscores in the text, as people type them.

One that follows a label on its row goes on in the label's text. One that stands alone becomes a
line of its own, if it looks like the place for a signature: free above, and with a label near it or
lines of the same kind beside or below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recovery.restore.elements import Paragraph, line_breaks
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Sheet
from structure.core.document import BLANK, Line
from structure.core.geometry import Box

_UNDERSCORE_EM = 0.6
"""As wide as it is in any face, so that the text takes no more room than the line."""
_LEAST_EM = 3.0
_ALONE_EM = 8.0
"""A line that stands alone is no ornament from this length on ..."""
_MOST_WIDTH = 0.6
"""... and no line between blocks up to this share of the width of the page."""
_REACH_EM = 2.4
"""A line begins at most so far from the end of its label."""
_ABOVE, _UNDER = 0.45, 0.4
"""A line is at most so far above the lower edge of its label, in heights of the label, and so far
below, in em ..."""
_UNDER_ASKED = 0.9
"""... or this far, if the label ends in a colon and so asks for something."""
_FREE_EM = 1.2
"""Nothing stands so near above a line to write on ..."""
_SIGNATURE_EM = 1.9
"""... and a signature takes more."""
_LABEL_GAP_EM, _LABEL_CHARS = 1.6, 60
"""The label of a line stands so near below it, and is no longer than this."""
_STEP_EM = 4.0
"""Lines of one kind follow each other at most so far apart."""
_SAME_PT = 6.0
"""Ends of lines below each other that differ less are one end."""


def with_blanks(sheet: Sheet) -> Sheet:
    """The page with its lines to write on as text; other lines stay in `drawn`."""
    pieces = list(sheet.pieces)
    left: list[Box] = []
    for drawn in sheet.drawn:
        place = _label_of(drawn.box, pieces, sheet.em)
        if place is None:
            left.append(drawn.box)
        else:
            pieces[place] = _extended(pieces[place], drawn.box, sheet.em)
    alone = _alone(left, pieces, sheet)
    # Of those in a form that are filled in, the text alone is kept.
    written = [
        line
        for line in left
        if any(_are_alike(line, a) and abs(line.x0 - a.x0) <= sheet.em for a in alone)
    ]
    gone = {id(line) for line in (*alone, *written)}
    taken = {id(line) for line in left} - gone
    return replace(
        sheet,
        pieces=(*pieces, *(_line_of(line, sheet) for line in alone)),
        drawn=tuple(drawn for drawn in sheet.drawn if id(drawn.box) in taken),
    )


def _label_of(line: Box, pieces: Sequence[Piece], em: float) -> int | None:
    """Index of the piece that `line` follows, if nothing is written on the line."""
    if line.width < _LEAST_EM * em or _written(line, pieces, em):
        return None
    found = [
        (line.x0 - piece.box.x1, k)
        for k, piece in enumerate(pieces)
        if -0.5 * em <= line.x0 - piece.box.x1 <= _REACH_EM * em
        and -_ABOVE * piece.box.height <= line.y1 - piece.box.y1 <= _under(piece.text) * em
        and any(char.isalnum() for char in piece.text)
        and piece.box.height < 2.5 * em
    ]
    return min(found)[1] if found else None


def _under(label: str) -> float:
    """How far below a label its line may lie, in em."""
    return _UNDER_ASKED if label.rstrip().endswith((":", "\uff1a")) else _UNDER


def _written(line: Box, pieces: Sequence[Piece], em: float, *, room_em: float = _FREE_EM) -> bool:
    """Whether something stands on the line, or so near above it that nobody could write there."""
    room = Box(line.x0, line.y0 - room_em * em, line.x1, line.y1 + 0.2 * em)
    return any(
        piece.box.overlap_x(room) > 0.5 * em and room.y0 < piece.box.center[1] < room.y1
        for piece in pieces
    )


def _extended(piece: Piece, line: Box, em: float) -> Piece:
    text = f"{piece.text.rstrip()} {_underscores(line, em)}"
    box = Box(piece.box.x0, piece.box.y0, max(line.x1, piece.box.x1), piece.box.y1)
    return replace(piece, line=replace(piece.line, text=text, box=box))


def _underscores(line: Box, em: float) -> str:
    return "_" * max(3, int(line.width / (_UNDERSCORE_EM * em)))


def _line_of(line: Box, sheet: Sheet) -> Piece:
    box = Box(line.x0, line.y1 - 0.9 * sheet.em, line.x1, line.y1 + 0.1 * sheet.em)
    return Piece(Line(_underscores(line, sheet.em), box), ink_em=sheet.em)


def _alone(lines: Sequence[Box], pieces: Sequence[Piece], sheet: Sheet) -> list[Box]:
    """The lines that stand alone and are to be written on."""
    em = sheet.em
    open_ = [
        line
        for line in lines
        if _ALONE_EM * em <= line.width <= _MOST_WIDTH * sheet.width
        and not _written(line, pieces, em)
    ]
    sure = [
        line
        for line in open_
        if (
            not _written(line, pieces, em, room_em=_SIGNATURE_EM)
            and any(_is_label(piece, line, em) for piece in pieces)
        )
        or any(_in_series(line, other, pieces, em) for other in lines)
    ]
    beside = [line for line in open_ if any(_is_beside(line, other, em) for other in sure)]
    found = {id(line): line for line in (*sure, *beside)}
    return list(found.values())


def _is_label(piece: Piece, line: Box, em: float) -> bool:
    """Whether `piece` stands right under `line`, at its beginning or in its middle."""
    gap = piece.box.y0 - line.y1
    return (
        -0.3 * em <= gap <= _LABEL_GAP_EM * em
        and len(piece.text) <= _LABEL_CHARS
        and piece.box.width <= 1.1 * line.width
        and (
            abs(piece.box.x0 - line.x0) < 2 * em
            or abs(piece.box.center[0] - line.center[0]) < 2 * em
        )
    )


def _in_series(a: Box, b: Box, pieces: Sequence[Piece], em: float) -> bool:
    """Whether two lines are as long and stand below each other with nothing printed between."""
    if a is b or not _are_alike(a, b) or abs(a.x0 - b.x0) > em:
        return False
    upper, lower = sorted((a, b), key=lambda line: line.y0)
    if not _FREE_EM * em <= lower.y0 - upper.y1 <= _STEP_EM * em:
        return False
    between = Box(upper.x0, upper.y1, upper.x1, lower.y0)
    return not any(between.contains(*piece.box.center) for piece in pieces)


def _is_beside(a: Box, b: Box, em: float) -> bool:
    return _are_alike(a, b) and abs(a.y0 - b.y0) < 0.5 * em and a.overlap_x(b) <= 0


def _are_alike(a: Box, b: Box) -> bool:
    return abs(a.width - b.width) <= 0.1 * a.width


def with_ends(paragraph: Paragraph, options: RestoreOptions) -> Paragraph:
    """The paragraph with the ends of its blanks, in points from the left edge of its column.

    Nothing is said where they are not all known, or where lines run on, as in running text.
    """
    rows = paragraph.rows
    if not BLANK.search(paragraph.plain) or not all(line_breaks(paragraph, options)):
        return paragraph
    by_row = [[_ends(piece) for piece in row.pieces] for row in rows]
    if any(ends is None for row in by_row for ends in row):
        return paragraph
    found = [[end for ends in row for end in ends or ()] for row in by_row]
    left = paragraph.column[0]
    stops = tuple(round(end - left, 1) for row in found for end in row)
    if len(rows) > 1:
        # The tabs of all rows have the same stops.
        if max(map(len, found)) > 1 or max(stops) - min(stops) > _SAME_PT:
            return paragraph
        stops = (max(stops),) * len(stops)
    return replace(paragraph, style=replace(paragraph.style, blanks=stops))


def _ends(piece: Piece) -> list[float] | None:
    """Where the blank of a piece ends, if it has one; None where that is not known."""
    blanks = list(BLANK.finditer(piece.text))
    if len(blanks) > 1 or (blanks and piece.text[blanks[0].end() :].strip()):
        return None
    return [piece.box.x1 for _ in blanks]
