from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kie.ser import Span, best_tags, entity_of, join_lines, spans_of
from kie.types import KiePage, Word


def logs(*rows: list[float]) -> np.ndarray:
    return np.log(np.array(rows))


def test_an_entity_begins_before_it_goes_on() -> None:
    # Word by word I-0 would win; the row as a whole begins with B-0.
    found = best_tags(logs([0.1, 0.4, 0.5], [0.1, 0.2, 0.7]))
    assert found.tolist() == [1, 2]


def test_a_line_may_go_on_where_that_is_allowed() -> None:
    rows = logs([0.8, 0.1, 0.1], [0.1, 0.2, 0.7])
    assert best_tags(rows).tolist() != [0, 2]
    assert best_tags(rows, np.array([True, True])).tolist() == [0, 2]


def test_no_words_have_no_tags() -> None:
    assert best_tags(np.zeros((0, 7))).tolist() == []
    assert spans_of([]) == []


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=5, max_size=5), min_size=1, max_size=6))
def test_the_best_row_is_the_best_of_all_allowed_rows(rows: list[list[float]]) -> None:
    from itertools import product

    table = np.log(np.array(rows))

    def allowed(tags: tuple[int, ...]) -> bool:
        return all(
            tag == 0 or tag % 2 or (i > 0 and tags[i - 1] in (tag, tag - 1))
            for i, tag in enumerate(tags)
        )

    def score(tags: tuple[int, ...]) -> float:
        return float(sum(table[i, tag] for i, tag in enumerate(tags)))

    found = tuple(best_tags(table).tolist())
    assert allowed(found)
    best = max(score(t) for t in product(range(5), repeat=len(rows)) if allowed(t))
    assert abs(score(found) - best) < 1e-9


def word(text: str, x: int, y: int, line: int) -> Word:
    return Word(text, (x, y, x + 60, y + 10), line)


PAGE = KiePage(
    (
        word("Acme", 100, 100, 0),
        word("Date", 600, 100, 1),
        word("Road", 105, 114, 2),
        word("3", 175, 114, 2),
        word("Due", 600, 114, 3),
    ),
    1000,
    1400,
)


def test_a_line_that_goes_on_joins_what_stands_above_it() -> None:
    spans = spans_of([1, 3, 2, 2, 3])
    assert spans == [Span(0, (0,)), Span(1, (1,)), Span(0, (2, 3), True), Span(1, (4,))]
    joined = join_lines(spans, PAGE.words)
    assert joined == [Span(0, (0, 2, 3)), Span(1, (1,)), Span(1, (4,))]


def test_a_line_that_goes_on_below_joins_not_the_word_before_it() -> None:
    # "Due" stands below "Date" and right behind "3", whose label it shares.
    starts = [True, True, True, False, True]
    spans = spans_of([1, 1, 2, 2, 2], starts)
    assert join_lines(spans, PAGE.words) == [Span(0, (0, 2, 3)), Span(0, (1, 4))]


def test_a_line_that_was_cut_in_two_is_put_together() -> None:
    words = (word("Net", 100, 100, 0), word("total", 165, 101, 1))
    assert join_lines(spans_of([1, 2], [True, True]), words) == [Span(0, (0, 1))]


def test_a_line_that_goes_on_from_nowhere_is_an_entity() -> None:
    assert join_lines([Span(0, (4,), True)], PAGE.words) == [Span(0, (4,), True)]


def test_an_entity_knows_its_text_its_place_in_pixels_and_the_mean_of_its_words() -> None:
    found = entity_of(7, "ANSWER", (0, 2), PAGE, np.array([0.9, 1, 0.4, 1, 1]))
    assert (found.id, found.label, found.text) == (7, "ANSWER", "Acme Road")
    assert found.box.as_tuple() == (100, 140, 165, 173.6)
    assert abs(found.score - 0.6) < 1e-6
