"""Which line ends are meant: addresses, title pages, questions with their answers."""

from __future__ import annotations

import pytest

from recovery.metrics import text_width
from recovery.restore.elements import Part
from recovery.restore.line_ends import meant
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row
from recovery.restore.style import alignment
from structure.core.document import Line
from structure.core.geometry import Box

OPTIONS = RestoreOptions()
COLUMN = (72.0, 472.0)
PROSE = (
    "the seal of the letter was broken when it came to the house on the hill",
    "and nobody there could say who had read it before the master of the",
    "house had come home from the fair with his two sons and the old horse",
    "that had carried all of them over the bridge.",
)


def stack(*texts: str, align: str, size: float = 10.0) -> list[Row]:
    rows: list[Row] = []
    for k, text in enumerate(texts):
        width = text_width(text, "serif") * size
        x0 = {
            "left": COLUMN[0],
            "right": COLUMN[1] - width,
            "center": (COLUMN[0] + COLUMN[1] - width) / 2,
        }[align]
        box = Box(x0, 14.0 * k, x0 + width, 14.0 * k + 10.5)
        rows.append(Row((Piece(Line(text, box), ink_em=size),)))
    return rows


def ends(*texts: str, align: str) -> list[bool]:
    return meant(stack(*texts, align=align), COLUMN, OPTIONS)


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_every_line_of_an_address_is_a_line_of_its_own(align: str) -> None:
    assert ends("Moreau & Weber Ltd.", "18 Station Road", "Dornach", align=align) == [True, True]


def test_centred_lines_with_room_for_the_next_word_were_broken_by_hand() -> None:
    head = (
        "Lot 6, Jalan Batai,",
        "Plaza Batai, Damansara Heights",
        "50490, Kuala Lumpur",
        "T: 03-2093 7358 | F: 03-2093 7359",
    )
    assert ends(*head, align="center") == [True] * 3


def test_a_wrapped_centred_title_is_one_text() -> None:
    title = (
        "On the keeping of letters and of seals in the houses of the northern towns",
        "before the fair of the year in which the bridge was built",
    )
    assert meant(stack(*title, align="center", size=13.0), COLUMN, OPTIONS) == [False]


def test_running_text_that_is_centred_in_a_narrow_frame_is_one_text() -> None:
    quote = (
        "the seal of the letter was broken",
        "when it came to the old house and",
        "nobody could say who had read the",
        "words before the master was home.",
    )
    assert ends(*quote, align="center") == [False] * 3


def test_running_text_has_no_line_ends_of_its_own() -> None:
    assert ends(*PROSE, align="left") == [False] * 3


def test_an_answer_begins_on_the_line_after_its_question() -> None:
    question = ("5). How is the abstract set in two languages?", *PROSE)
    assert ends(*question, align="left") == [True, False, False, False]


def test_chinese_questions_and_answers_stay_apart() -> None:
    asked = "如何删除版本信息\uff1f"
    answer = "需要注意的是与版本不同的是导言区不写或注释的话仍然会打印出当日日期原因是"
    assert ends(asked, answer, "这个命令有默认参数", align="left") == [True, False]


def test_a_hyphen_at_the_line_end_is_never_a_line_end_that_is_meant() -> None:
    ends_here = ends("Moreau & Weber Ltd.", "18 Station-", "Road", "Dornach", align="center")
    assert ends_here == [True, False, True]


def test_a_block_set_in_from_both_sides_is_not_centred() -> None:
    rows = [
        Row((Piece(Line("x" * 80, Box(x0, y, x1, y + 10.0)), ink_em=10.0),))
        for x0, x1, y in ((99, 464, 0), (99, 472, 14), (99, 471, 28), (99, 471, 42))
    ]
    assert alignment(Part(1, tuple(rows), (72.0, 500.0)), OPTIONS) == "justify"


def test_lines_with_a_common_middle_are_centred() -> None:
    rows = stack("A short line", "A line that is longer", "Short", align="center")
    assert alignment(Part(1, tuple(rows), COLUMN), OPTIONS) == "center"
