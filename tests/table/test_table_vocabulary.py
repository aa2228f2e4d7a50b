from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from table.vocabulary import CHINESE, CLOSED, END, ENGLISH, grammar, span


def walk(text: list[str], vocabulary: tuple[str, ...] = CHINESE) -> int:
    following, state = grammar(vocabulary), 0
    for token in text:
        if state == CLOSED:
            return CLOSED
        state = int(following[state, vocabulary.index(token)])
    return state


def test_the_vocabularies_have_the_sizes_of_the_released_weights() -> None:
    assert len(CHINESE) == len(set(CHINESE)) == 50
    assert len(ENGLISH) == len(set(ENGLISH)) == 30
    assert CHINESE[48] == "<td></td>"
    assert CHINESE[10] == ' colspan="2"'
    assert CHINESE[47] == ' rowspan="20"'


@pytest.mark.parametrize("vocabulary", [CHINESE, ENGLISH])
def test_a_table_with_spans_is_well_formed(vocabulary: tuple[str, ...]) -> None:
    head = ["<thead>", "<tr>", "<td", ' colspan="2"', ' rowspan="3"', ">", "</td>", "</tr>"]
    body = ["</thead>", "<tbody>", "<tr>", "<td></td>", "</tr>", "</tbody>", END]
    assert walk(head + body, vocabulary) == 0


@pytest.mark.parametrize(
    "text",
    [
        ["</tr>"],
        ["<td></td>"],
        ["<tr>", "</tr>"],
        ["<tr>", "<td", ">"],
        ["<tr>", "<td", ' colspan="2"', ' colspan="3"'],
        ["<tr>", "<td></td>", END],
        ["<thead>", "<tr>", "<td></td>", "</tr>", "</tbody>"],
        [END],
        ["sos"],
    ],
)
def test_what_is_no_table_is_closed(text: list[str]) -> None:
    assert walk(text) == CLOSED


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_every_state_but_the_end_has_a_way_on(choices: list[int]) -> None:
    following, state = grammar(CHINESE), 0
    for choice in choices:
        legal = [i for i in range(len(CHINESE)) if following[state, i] != CLOSED]
        assert legal
        state = int(following[state, legal[choice % len(legal)]])


def test_only_span_tokens_are_spans() -> None:
    assert span(' rowspan="12"') == ("rowspan", 12)
    assert span("<td></td>") is None
