"""Lines to words: order, places, characters."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from kie.features import FEATURES, word_features
from kie.folding import fold, squeeze
from kie.types import KiePage
from kie.words import grid_box, page_of
from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box


def texts(page: KiePage) -> list[str]:
    return [word.text for word in page.words]


def test_a_line_is_split_in_proportion_to_its_characters() -> None:
    page = page_of([TextLine("ab cd", Box(100, 10, 150, 30))], 1000, 1000)
    assert texts(page) == ["ab", "cd"]
    assert [place.as_tuple() for place in page.places] == [(100, 10, 120, 30), (130, 10, 150, 30)]
    assert [word.char_span for word in page.words] == [(0, 2), (3, 5)]


def test_a_key_is_cut_from_the_value_that_is_glued_to_it() -> None:
    page = page_of([TextLine("No.:4711 12:30 http://a.b", Box(0, 0, 250, 20))], 1000, 1000)
    assert texts(page) == ["No.:", "4711", "12:30", "http://a.b"]


def test_chinese_keys_are_cut_from_numbers_and_dates_stay_whole() -> None:
    line = TextLine("发票号码12345678 2024年5月3日", Box(0, 0, 300, 20))
    assert texts(page_of([line], 1000, 1000)) == ["发票号码", "12345678", "2024年5月3日"]


def test_words_of_a_line_from_right_to_left_keep_the_order_of_its_text() -> None:
    line = TextLine("שלום עולם", Box(0, 0, 90, 20))
    page = page_of([line], 1000, 1000)
    assert texts(page) == ["שלום", "עולם"]
    assert page.places[0].x0 > page.places[1].x0


def test_words_that_the_line_brings_keep_their_boxes() -> None:
    words = (Word("a", Box(0, 0, 10, 20), 0.5), Word("b", Box(50, 0, 60, 20), 0.9))
    page = page_of([TextLine("a b", Box(0, 0, 60, 20), 0.7, words)], 1000, 1000)
    assert [w.score for w in page.words] == [0.5, 0.9]
    assert page.places[1] == Box(50, 0, 60, 20)


def test_lone_surrogates_are_replaced() -> None:
    page = page_of([TextLine("a\ud800b", Box(0, 0, 30, 20))], 1000, 1000)
    assert texts(page) == ["a\ufffdb"]
    "".join(texts(page)).encode()


def test_an_empty_page_has_no_words() -> None:
    page = page_of([], 1000, 1000)
    assert page.words == ()
    assert word_features(page.words).shape == (0, len(FEATURES))


def test_five_thousand_words_are_kept() -> None:
    lines = [TextLine("a b c d e", Box(10, 2 * y, 200, 2 * y + 1)) for y in range(1000)]
    assert len(page_of(lines, 1000, 2000).words) == 5000


@given(st.integers(0, 99))
def test_the_order_of_the_lines_does_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    lines = [
        TextLine(f"w{i}", Box(x := rng.randrange(900), y := rng.randrange(900), x + 50, y + 20))
        for i in range(30)
    ]
    shuffled = lines.copy()
    rng.shuffle(shuffled)
    assert page_of(lines, 1000, 1000) == page_of(shuffled, 1000, 1000)


def test_twice_the_resolution_gives_the_same_words_and_boxes(
    page_from: Callable[..., KiePage], invoice_texts: list[tuple[str, float, float]]
) -> None:
    assert page_from(invoice_texts).words == page_from(invoice_texts, 2.0).words


def test_boxes_are_clipped_ordered_and_cut_to_whole_numbers() -> None:
    assert grid_box(Box(-5, 10.9, 2000, 5), 1000, 1000) == (0, 5, 1000, 10)
    assert grid_box(Box(3, 3, 3, 3), 1000, 1000) == (3, 3, 3, 3)


@given(st.text(max_size=40))
def test_every_folded_character_knows_where_it_comes_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    start, end = folded.span(0, len(folded.text))
    assert text[start:end] == text or not folded.text


def test_folding_a_ligature_and_full_width_digits_keeps_their_places() -> None:
    folded = fold("ﬁn １２")  # noqa: RUF001
    assert folded.text == "fin 12"
    start = folded.text.index("12")
    assert folded.span(start, start + 2) == (3, 5)
    assert squeeze("Rechnungs-Nr.:") == squeeze("RECHNUNGS NR")
    assert squeeze("N° 5") == "no5"


def test_features_tell_keys_amounts_and_what_stands_beside_keys(
    page_from: Callable[..., KiePage],
) -> None:
    page = page_from([("Rechnungsnummer", 100, 100), ("4711", 400, 100), ("99,00", 100, 500)])
    flags = {
        word.text: {name for name, on in zip(FEATURES, row, strict=True) if on}
        for word, row in zip(page.words, word_features(page.words), strict=True)
    }
    assert flags["Rechnungsnummer"] == {"key"}
    assert {"has_digit", "beside_id_key"} <= flags["4711"]
    assert {"money", "largest_amount"} <= flags["99,00"]
