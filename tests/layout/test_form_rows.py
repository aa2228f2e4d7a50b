"""Tables whose columns are drawn and whose rows are not: the text tells the rows."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from layout.forms import find_forms
from layout.geometry import measure
from structure.core.analysis import TextLine, Word
from structure.core.drawn import DrawnGrid
from structure.core.geometry import Box
from table import read_form

EDGES = (100, 260, 520, 700, 900)
TOP, HEAD, BOTTOM = 100, 160, 900


def ruled(*edges: int, bottom: int = BOTTOM) -> NDArray[np.uint8]:
    """A page with a table: a row of heads, and columns below it."""
    pixels = np.full((1400, 1000, 3), 255, np.uint8)
    for y in (TOP, HEAD, bottom):
        cv2.line(pixels, (edges[0], y), (edges[-1], y), (0, 0, 0), 2)
    for x in edges:
        cv2.line(pixels, (x, TOP), (x, bottom), (0, 0, 0), 2)
    return pixels


def line(text: str, x: float, y: float) -> TextLine:
    words, at = [], x
    for part in text.split():
        words.append(Word(part, Box(at, y, at + 12 * len(part), y + 24)))
        at += 12 * (len(part) + 1)
    return TextLine(text, Box(x, y, at - 12, y + 24), 0.9, tuple(words))


def row(y: float, *texts: str) -> list[TextLine]:
    return [line(text, x + 10, y) for x, text in zip(EDGES, texts, strict=False) if text]


def items(count: int, step: float = 40) -> list[TextLine]:
    rows = [
        row(HEAD + 10 + step * i, f"{i}.0", "News at 10", f"{i}:30", "$20.00") for i in range(count)
    ]
    return [
        part
        for own in [row(TOP + 15, "Line", "Program", "Length", "Amount"), *rows]
        for part in own
    ]


def cut(lines: list[TextLine], pixels: NDArray[np.uint8]) -> DrawnGrid | None:
    found = [form for form in find_forms(measure(lines, pixels)) if form.by_text]
    return found[0] if found else None


def texts(form: DrawnGrid, lines: list[TextLine]) -> list[list[str]]:
    return [[cell.text for cell in own] for own in read_form(form, lines).grid.by_row()]


@given(st.integers(4, 12), st.floats(34, 58))
def test_every_row_of_text_is_a_row(count: int, step: float) -> None:
    lines, pixels = items(count, step), ruled(*EDGES)
    form = cut(lines, pixels)
    assert form is not None
    found = texts(form, lines)
    assert found[1 : count + 1] == [
        [f"{i}.0", "News at 10", f"{i}:30", "$20.00"] for i in range(count)
    ]
    assert all(not any(own) for own in found[count + 1 :])
    assert form.ys[-1] == pytest.approx(BOTTOM, abs=3)
    for cell in form.grid.cells:
        assert cell.box is not None
        assert cell.box.y0 == form.ys[cell.row]
        assert cell.box.y1 == form.ys[cell.row + 1]


def test_the_room_below_the_last_row_is_one_empty_row() -> None:
    form = cut(items(6), ruled(*EDGES))
    assert form is not None
    assert form.grid.rows == 1 + 6 + 1
    low = ruled(*EDGES, bottom=HEAD + 6 * 40)
    form = cut(items(6), low)
    assert form is not None
    assert form.grid.rows == 1 + 6


def test_nothing_is_drawn_between_the_rows_but_around_them() -> None:
    form = cut(items(5), ruled(*EDGES))
    assert form is not None
    rows = form.grid.by_row()[1:]
    assert {cell.borders for cell in rows[0]} == {"trl"}
    assert {cell.borders for own in rows[1:-1] for cell in own} == {"rl"}
    assert {cell.borders for cell in rows[-1]} == {"rbl"}


def test_words_written_over_an_edge_join_the_cells() -> None:
    lines = items(5)
    y = HEAD + 10 + 40 * 5
    remark = line("News remarked by nobody here", EDGES[1] + 10, y)
    lines += [*row(y, "9.0"), remark]
    assert any(w.box.x0 < EDGES[2] - 8 and w.box.x1 > EDGES[2] + 8 for w in remark.words)
    form = cut(lines, ruled(*EDGES))
    assert form is not None
    cells = form.grid.by_row()[6]
    assert [(cell.col, cell.colspan) for cell in cells] == [(0, 1), (1, 2), (3, 1)]
    assert texts(form, lines)[6] == ["9.0", remark.text, ""]


def test_a_row_goes_on_with_what_has_no_number_of_its_own() -> None:
    lines = items(5, 80) + row(HEAD + 10 + 80 + 30, "", "and the weather")
    form = cut(lines, ruled(*EDGES))
    assert form is not None
    assert form.grid.rows == 1 + 5 + 1
    assert texts(form, lines)[2][1].split() == ["News", "at", "10", "and", "the", "weather"]


def test_columns_of_running_text_are_no_rows() -> None:
    prose = ["13 lorem ips", "ipsum dolor 1 sit amet", "3 sit amet 5", "amet 7 lorem ip"]
    lines = [part for i in range(12) for part in row(HEAD + 10 + 30 * i, *prose)]
    assert cut(row(TOP + 15, "a", "b", "c", "d") + lines, ruled(*EDGES)) is None


def test_wrapped_text_in_a_few_cells_is_no_rows() -> None:
    words = ["Achieve", "Students who need", "Modified", "Grade level"]
    lines = [part for i in range(5) for part in row(HEAD + 10 + 30 * i, *words)]
    assert cut(row(TOP + 15, "a", "b", "c", "d") + lines, ruled(*EDGES)) is None


def test_rows_that_are_drawn_stay_as_they_are() -> None:
    pixels = ruled(*EDGES)
    for i in range(1, 8):
        y = HEAD + 5 + 40 * i
        cv2.line(pixels, (EDGES[0], y), (EDGES[-1], y), (0, 0, 0), 2)
    lines = items(8)
    assert cut(lines, pixels) is None
    (form,) = find_forms(measure(lines, pixels))
    assert all(b - a > 30 for a, b in pairwise(form.ys))
