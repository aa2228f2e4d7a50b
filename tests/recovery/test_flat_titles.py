from __future__ import annotations

from recovery.restore.drafting import Unit, _with_headings
from recovery.restore.pieces import Piece, Row
from recovery.restore.stacks import Stack
from structure.core.analysis import Label
from structure.core.document import Line
from structure.core.geometry import Box


def title(box: Box) -> Unit:
    return Unit(box, Stack((Row((Piece(Line("Title", box), label=Label.TITLE),)),)))


def test_a_flat_title_under_one_that_begins_lower_stays() -> None:
    units = [title(Box(72, 100, 120, 102)), title(Box(72, 98, 160, 108))]
    assert sorted(len(group) for group in _with_headings(units, 10.0)) == [2]
