"""Typescripts are told from print by the widths of their words, and come in a typewriter's face."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import restore
from recovery.metrics import Shape, text_width, word_bearing
from recovery.restore.pieces import Piece
from recovery.restore.typewriting import is_typewritten
from structure.core.analysis import PageAnalysis, TextLine, Word
from structure.core.document import Line, Producer, Source, TextBlock, WordBox
from structure.core.geometry import Box

SENTENCE = (
    "the seal of this little letter was broken when it came to William at the mill on a hill while "
    "Mommy and many women met him in Illinois at will"
)


def typed(words: list[str], y: float, shape: Shape, wear: float, seed: int) -> list[WordBox]:
    """A line of words as they are placed on their ink, off by a share `wear` of their width."""
    rng, x, found = random.Random(seed), 72.0, []
    for word in words:
        width = (
            12 * (text_width(word, shape) - word_bearing(shape)) * rng.uniform(1 - wear, 1 + wear)
        )
        found.append(WordBox(word, Box(x, y, x + width, y + 11), 1.0))
        x += width + 12 * (text_width(" ", shape) + word_bearing(shape))
    return found


def piece(words: list[WordBox]) -> Piece:
    box = Box(words[0].box.x0, words[0].box.y0, words[-1].box.x1, words[0].box.y1)
    return Piece(Line(" ".join(word.text for word in words), box, 1.0, tuple(words)), ink_em=12.0)


def lines(shape: Shape, wear: float, seed: int, count: int = 8) -> list[list[WordBox]]:
    rng = random.Random(seed)
    return [
        typed(rng.sample(SENTENCE.split(), 9), 72 + 14 * k, shape, wear, seed + k)
        for k in range(count)
    ]


@given(st.integers(0, 10_000))
def test_worn_type_of_one_width_is_a_typewriters(seed: int) -> None:
    assert is_typewritten([[piece(words) for words in lines("mono", 0.04, seed)]])


@given(st.integers(0, 10_000), st.sampled_from(["serif", "sans", "Calibri", "Cambria", "Verdana"]))
def test_print_is_no_typewriters_however_badly_it_is_measured(seed: int, shape: Shape) -> None:
    assert not is_typewritten([[piece(words) for words in lines(shape, 0.08, seed)]])


@pytest.mark.parametrize("texts", [[], ["a", "b"], ["12 14 1999 2000 17 81"] * 9])
def test_words_that_tell_nothing_are_no_typewriters(texts: list[str]) -> None:
    pieces = [piece(typed(text.split(), 72 + 14 * k, "mono", 0, k)) for k, text in enumerate(texts)]
    assert not is_typewritten([pieces])


def page(*found: list[WordBox]) -> PageAnalysis:
    made = tuple(
        TextLine(
            " ".join(word.text for word in words),
            Box(words[0].box.x0, words[0].box.y0, words[-1].box.x1, words[0].box.y1),
            1.0,
            tuple(Word(word.text, word.box, 1.0) for word in words),
            stroke=0.9,
            size=12.0,
        )
        for words in found
    )
    return PageAnalysis(1, 612, 792, 72, lines=made, line_regions=(None,) * len(made))


def test_a_worn_typescript_under_a_printed_head_is_set_in_its_face_and_is_no_code() -> None:
    head = typed(["Ministry", "of", "Mills", "and", "Hills"], 40, "serif", 0, 1)
    # A line or two of even type alone would be code.
    even, worn = lines("mono", 0.0, 3, 3), lines("mono", 0.1, 4, 12)
    for k, words in enumerate(worn):
        worn[k] = typed([word.text for word in words], 120 + 14 * k, "mono", 0.1, k)
    document = restore(
        [page(head, *even, *worn)], source=Source("x", "x", "0", 1), producer=Producer("x", "1")
    )
    assert document.style.family == "mono"
    assert document.style.size == 12.0
    assert not any(isinstance(b, TextBlock) and b.type == "code" for b in document.body)
