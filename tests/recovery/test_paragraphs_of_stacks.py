"""Where paragraphs begin, how their lines are joined, and what their first characters say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.metrics import text_width
from recovery.restore import markers
from recovery.restore.joining import (
    Vocabulary,
    join_of_lines,
    join_texts,
    offsets,
    vocabulary,
)
from recovery.restore.options import RestoreOptions
from recovery.restore.paragraphs import split_paragraphs
from recovery.restore.pieces import Piece, Row
from structure.core.document import Line
from structure.core.geometry import Box

OPTIONS = RestoreOptions()
SENTENCE = "the seal of the letter was broken when it came to the house on the hill and nobody"


def row(text: str, y: float, x0: float = 72.0, size: float = 10.0) -> Row:
    width = text_width(text, "serif") * size
    return Row((Piece(Line(text, Box(x0, y, x0 + width, y + 1.05 * size)), ink_em=size),))


def split(*rows: Row) -> list[list[str]]:
    return [[r.text for r in paragraph] for paragraph in split_paragraphs(rows, OPTIONS)]


def lines(count: int, y: float, **more: float) -> list[Row]:
    return [row(SENTENCE, y + 12 * k, **more) for k in range(count)]


def test_a_wide_step_starts_a_paragraph() -> None:
    assert [len(p) for p in split(*lines(3, 0), *lines(4, 44))] == [3, 4]


def test_an_indented_first_line_starts_a_paragraph() -> None:
    first = row(SENTENCE, 36, x0=84)
    assert [len(p) for p in split(*lines(3, 0), first, *lines(3, 48))] == [3, 4]


def test_a_short_last_line_ends_a_paragraph_where_nothing_else_does() -> None:
    last = row("the end of it.", 36)
    assert [len(p) for p in split(*lines(3, 0), last, *lines(3, 48))] == [4, 3]


def test_a_full_line_that_ends_a_sentence_goes_on() -> None:
    rows = [*lines(2, 0), row(SENTENCE[:-1] + ".", 24), *lines(2, 36)]
    assert len(split(*rows)) == 1


def test_a_change_of_size_starts_a_paragraph() -> None:
    assert [len(p) for p in split(*lines(1, 0, size=13), *lines(3, 15))] == [1, 3]


def test_items_of_a_list_are_paragraphs_with_their_later_lines() -> None:
    rows = [
        row("• " + SENTENCE, 0),
        row("and the dog.", 12, x0=80),
        row("• " + SENTENCE, 24),
        row("• the end", 36),
    ]
    assert [len(p) for p in split(*rows)] == [2, 1, 1]


def test_running_text_below_a_list_item_begins_a_paragraph() -> None:
    rows = [
        row("(c) " + SENTENCE, 0),
        row("had seen it.", 12, x0=92),
        row(SENTENCE, 24, x0=84),
        *lines(3, 36),
    ]
    assert [len(p) for p in split(*rows)] == [2, 4]


def test_the_last_line_of_a_list_item_belongs_to_it_although_text_follows() -> None:
    rows = [row("(c) " + SENTENCE, 0), row("had seen it.", 12, x0=92), *lines(3, 24)]
    assert [len(p) for p in split(*rows)] == [2, 3]


def test_an_address_is_one_paragraph_although_its_lines_end_early() -> None:
    address = ("Tamm Print Ltd.", "38 Calden Street", "Dornach", "VAT no. GB868591307")
    assert len(split(*(row(text, 12 * k) for k, text in enumerate(address)))) == 1


def test_sentences_that_end_early_are_paragraphs_of_their_own() -> None:
    said = ("Nobody had read the letter.", "So it was.", "The seal was broken.")
    assert len(split(*(row(text, 12 * k) for k, text in enumerate(said)))) == 2


def test_a_line_that_leaves_half_of_its_column_ends_its_paragraph() -> None:
    texts = [
        "3 litres",
        "flour, butter",
        "2 cups of milk",
        "bay leaves, cloves, curry, salt and rye",
    ]
    assert split(*(row(text, 12 * k) for k, text in enumerate(texts))) == [[t] for t in texts]


def test_a_word_cut_at_the_end_of_a_short_line_goes_on() -> None:
    assert len(split(row("the won-", 0), row("derful " + SENTENCE, 12), *lines(2, 24))) == 1


def test_abbreviations_and_what_they_mean_are_paragraphs() -> None:
    texts = [
        "vf = voice of a woman",
        "vp = voice spoken in a hall",
        "fst. = the voice in the feast",
    ]
    assert split(*(row(text, 12 * k) for k, text in enumerate(texts))) == [[t] for t in texts]


def test_every_row_stays_in_its_place() -> None:
    rows = [*lines(3, 0), *lines(2, 44), row("1. one", 80), row("2. two", 92)]
    assert [text for part in split(*rows) for text in part] == [r.text for r in rows]
    assert split() == []


@pytest.mark.parametrize(
    ("ahead", "behind", "join"),
    [
        ("the seal of", "the letter", "space"),
        ("won-", "derful", "dehyphen"),
        ("won\u00ad", "derful", "dehyphen"),
        ("non-", "Dutch", "hyphen"),
        ("e-", "mail", "hyphen"),
        ("B2-", "format", "hyphen"),
        ("onderhouds-", "en bouwkosten", "space"),
        ("state-of-the-", "art", "hyphen"),
        ("well-", "known", "hyphen"),
        ("中文", "文字", "none"),
        ("中文", "LaTeX", "space"),
        ("", "text", "none"),
    ],
)
def test_line_ends_are_joined_by_rule(ahead: str, behind: str, join: str) -> None:
    words = Vocabulary(frozenset({"seal"}), frozenset({"state-of-the-art", "well-known"}))
    assert join_of_lines(ahead, behind, words) == join


def test_the_document_knows_its_words_but_not_those_cut_at_a_line_end() -> None:
    words = vocabulary(["a wonderful well-known thing, won-", "derful"])
    assert "wonderful" in words.plain
    assert "won" not in words.plain
    assert words.hyphenated == {"well-known"}


texts = st.lists(st.text("ab-\u00ad cd中", min_size=1, max_size=8), min_size=1, max_size=6)
kinds = ["space", "none", "hyphen", "tab", "break", "dehyphen"]


@given(texts, st.data())
def test_the_offsets_of_lines_find_them_in_the_joined_text(
    parts: list[str], data: st.DataObject
) -> None:
    joins = [data.draw(st.sampled_from(kinds)) for _ in parts[1:]]
    text = join_texts(parts, joins)
    starts = offsets(parts, joins)
    for part, start, after in zip(parts, starts, [*joins, "none"], strict=True):
        kept = part.rstrip()[:-1] if after == "dehyphen" else part
        assert text[start : start + len(kept)] == kept


@pytest.mark.parametrize(
    ("text", "label", "format_", "value"),
    [
        ("• point", "•", "bullet", 0),
        ("- dash", "-", "bullet", 0),
        ("3. third", "3.", "decimal", 3),
        ("(b) second", "(b)", "lower_alpha", 2),
        ("iv) fourth", "iv)", "lower_roman", 4),
        ("②第二", "②", "decimal", 2),
        ("三、第三", "三、", "decimal", 3),
    ],
)
def test_list_markers_are_read(text: str, label: str, format_: str, value: int) -> None:
    marker = markers.list_marker(text)
    assert marker is not None
    assert (marker.label, marker.format, marker.value) == (label, format_, value)


@pytest.mark.parametrize(
    "text", ["3.14 is pi", "J. R. Tolkien", "word", "12", "", "•", "-5 degrees"]
)
def test_what_only_looks_like_a_marker_is_none(text: str) -> None:
    assert markers.list_marker(text) is None


@pytest.mark.parametrize(
    ("text", "family", "depth", "value"),
    [
        ("1 Introduction", "decimal", 1, 1),
        ("2.3.1 Data", "decimal", 3, 1),
        ("IV. Results", "roman", 1, 4),
        ("Chapter 7", "chapter", 1, 7),
        ("第三章 总则", "第章", 1, 3),
        ("十二、其他", "zh", 1, 12),
    ],
)
def test_heading_numbers_are_read(text: str, family: str, depth: int, value: int) -> None:
    number = markers.heading_number(text)
    assert number is not None
    assert (number.family, number.depth, number.value) == (family, depth, value)


@pytest.mark.parametrize(
    ("text", "kind", "plain"),
    [
        ("Figure 3: the house", "figure", True),
        ("Fig. 3 shows the house", "figure", False),
        ("Table 2. Prices", "table", True),
        ("表1\uff1a价格", "table", True),
        ("Tableau 4 : prix", "table", True),
        ("The figure 3", None, False),
    ],
)
def test_captions_are_told_from_sentences(text: str, kind: str | None, plain: bool) -> None:
    assert markers.caption_kind(text) == kind
    assert markers.is_plain_caption(text) is plain
