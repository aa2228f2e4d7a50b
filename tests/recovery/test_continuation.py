"""Paragraphs that run on over the end of a column or page, and those that do not."""

from __future__ import annotations

import pytest

from recovery.metrics import text_width
from recovery.restore.continuation import join_continued
from recovery.restore.elements import Paragraph, Part
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row
from structure.core.document import Line, TextType
from structure.core.geometry import Box

OPTIONS = RestoreOptions()
WIDTH = 240.0
COLUMNS = (50.0, 310.0)
"""Left edges."""
FULL = "the seal of the letter was broken when it came to"


def row(text: str, column: int, y: float, indent: float = 0.0, *, full: bool = True) -> Row:
    x0 = COLUMNS[column] + indent
    x1 = COLUMNS[column] + WIDTH if full else x0 + 10.0 * text_width(text, "serif")
    return Row((Piece(Line(text, Box(x0, y, x1, y + 10)), ink_em=10.0),))


def paragraph(
    *texts: str,
    y: float,
    column: int = 0,
    indent: float = 0.0,
    full: bool = True,
    kind: TextType = "paragraph",
) -> Paragraph:
    """`indent` sets in the first line; `full` says whether the last one fills the column."""
    last = len(texts) - 1
    rows = tuple(
        row(text, column, y + 12 * k, 0.0 if k else indent, full=full or k < last)
        for k, text in enumerate(texts)
    )
    x0 = COLUMNS[column]
    return Paragraph((Part(1, rows, (x0, x0 + WIDTH)),), kind)


def joined(*elements: Paragraph) -> list[int]:
    """How many rows the paragraphs have afterwards."""
    found = join_continued(elements, OPTIONS)
    return [len(element.rows) for element in found if isinstance(element, Paragraph)]


def test_a_sentence_goes_on_in_the_next_column_with_a_name() -> None:
    above = paragraph(FULL, "and the costs were internal, those from", y=700)
    assert joined(above, paragraph("Ravensholm at first quiet.", FULL, y=60, column=1)) == [4]


def test_a_short_last_line_is_the_end_of_its_paragraph() -> None:
    above = paragraph(FULL, "and the costs were internal", y=700, full=False)
    assert joined(above, paragraph("Ravensholm at first quiet.", FULL, y=60, column=1)) == [2, 2]


def test_a_paragraph_runs_on_behind_a_caption_at_the_end_of_its_column() -> None:
    above = paragraph(FULL, "and the costs were internal, those", y=600)
    caption = paragraph("Figure 1. The house.", y=700, full=False, kind="caption")
    below = paragraph("from the hill at first quiet.", FULL, y=60, column=1)
    assert joined(above, caption, below) == [4, 1]


@pytest.mark.parametrize(("indent", "rows"), [(12.0, [2, 2, 2, 4]), (0.0, [2, 2, 2, 2, 2])])
def test_where_indents_tell_paragraphs_a_full_stop_at_the_end_of_a_column_does_not(
    indent: float, rows: list[int]
) -> None:
    others = [paragraph(FULL, "was home.", y=60 + 24 * k, indent=indent) for k in range(4)]
    cut = paragraph(FULL, "and came home to the house again.", y=156, indent=indent)
    rest = paragraph("No letter was read before the master", FULL, y=60, column=1)
    assert joined(*others[:3], cut, rest) == rows


def test_an_indented_paragraph_at_the_top_of_a_column_is_new() -> None:
    above = paragraph(FULL, "and the costs were internal, those", y=700)
    below = paragraph("from the hill at first quiet.", FULL, y=60, column=1, indent=12.0)
    assert joined(above, below) == [2, 2]


def test_a_line_of_an_address_does_not_run_on_in_the_next_column() -> None:
    above = paragraph("18 Station Road and the long lane behind it", y=700)
    assert joined(above, paragraph("Dornach on the River", y=60, column=1)) == [1, 1]


def test_facts_of_two_columns_stay_apart() -> None:
    left = paragraph("Order no.: 12572103", "Ordered on: 18 April 2014", y=158)
    right = paragraph("Chamber of Commerce 24330087", "VAT NL810433941B01", y=133, column=1)
    assert joined(left, right) == [2, 2]
