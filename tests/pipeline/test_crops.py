from __future__ import annotations

from structure.core.analysis import Label, Picture, TextLine
from structure.core.geometry import Box
from structure.pipeline.crops import with_originals

CUT = Picture(Box(98, 98, 202, 202), b"cut", "image/png", 104, 104, label=Label.FIGURE)
WHOLE = Picture(Box(100, 100, 200, 200), b"whole", "image/jpeg", 900, 900)


def test_the_picture_of_the_file_replaces_what_was_cut_and_keeps_its_text() -> None:
    inside = (TextLine("axis", Box(110, 110, 130, 120)),)
    cut = Picture(CUT.box, b"cut", "image/png", 104, 104, inside)
    (found,) = with_originals([cut], [WHOLE])
    assert (found.data, found.box, found.lines) == (b"whole", WHOLE.box, inside)


def test_a_picture_with_text_beside_it_or_several_parts_stays_cut() -> None:
    beside = (TextLine("axis", Box(80, 110, 99, 120)),)
    cut = Picture(CUT.box, b"cut", "image/png", 104, 104, beside)
    assert with_originals([cut], [WHOLE]) == [cut]
    half = Picture(Box(100, 100, 150, 200), b"half", "image/jpeg", 900, 900)
    assert with_originals([CUT], [half]) == [CUT]
