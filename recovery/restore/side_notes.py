"""Lines that run up or down the margin: stamps of preprint servers, numbers of forms."""

from __future__ import annotations

from collections.abc import Sequence

from recovery.restore.furniture import Running
from recovery.restore.pieces import Sheet


def find_side_notes(sheets: Sequence[Sheet]) -> list[Running]:
    """Lines on their side that stand beside everything else on their page, as margin notes."""
    return [note for sheet in sheets for note in _of_sheet(sheet)]


def _of_sheet(sheet: Sheet) -> list[Running]:
    analysis = sheet.analysis
    others = [piece.box for piece in sheet.pieces if not piece.sideways]
    others += [table.box.scaled(sheet.scale) for table in analysis.tables]
    others += [picture.box.scaled(sheet.scale) for picture in analysis.pictures]
    if not others:
        return []
    left, right = min(box.x0 for box in others), max(box.x1 for box in others)
    return [
        Running(sheet.number, "margin_note", (piece,), "left", None)
        for piece in sheet.pieces
        if piece.sideways and (piece.box.x1 <= left or piece.box.x0 >= right)
    ]
