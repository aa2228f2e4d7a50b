from __future__ import annotations

import numpy as np
import pytest

from layout.geometry import chunks, line_height, measure, text_blocks
from layout.pictures import find_pictures
from layout.table_finder import find_pairs, find_tables, grown_over_rows, visual_rows
from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box
from structure.core.rules import Rule, Rules


def line(text: str, x: float, y: float, height: float = 20) -> TextLine:
    words, at = [], x
    for part in text.split(" "):
        words.append(Word(part, Box(at, y, at + 10 * len(part), y + height)))
        at += 10 * len(part) + 10
    return TextLine(text, Box(x, y, at - 10, y + height), 1.0, tuple(words))


def blank(height: int = 1000, width: int = 1000) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((height, width, 3), 255, np.uint8)


def table_lines() -> list[TextLine]:
    return [
        line(text, x, 300 + 30 * row)
        for row in range(5)
        for x, text in ((100, f"name {row}"), (400, f"{row}.00"), (600, f"{2 * row}.50"))
    ]


def test_the_height_of_a_line_is_that_of_most_characters() -> None:
    lines = [line("a long line of body text", 0, 0, 20), line("BIG", 0, 50, 60)]
    assert line_height(lines, 1000) == 20


def test_a_page_without_text_has_a_height_of_line_all_the_same() -> None:
    assert line_height([], 1600) == 20


def test_a_line_is_cut_at_a_column_gap_and_not_at_a_space() -> None:
    words = (Word("two", Box(0, 0, 30, 20)), Word("words", Box(40, 0, 90, 20)))
    far = Word("12.50", Box(200, 0, 250, 20))
    parts = chunks([TextLine("two words 12.50", Box(0, 0, 250, 20), 1.0, (*words, far))])
    assert [p.text for p in parts] == ["two words", "12.50"]


def test_leader_dots_are_left_out() -> None:
    parts = chunks([line("Introduction ..... . . 7", 0, 0)])
    assert [p.text for p in parts] == ["Introduction", "7"]
    assert parts[1].numeric
    assert not parts[0].numeric


@pytest.mark.parametrize(
    "text", ["12.50", "€ 1.200,00", "21%", "(3.4)", "2014-04-18", "EUR 5", "-7"]
)
def test_numbers_amounts_and_dates_are_numeric(text: str) -> None:
    (part,) = chunks([TextLine(text, Box(0, 0, 100, 20))])
    assert part.numeric


def test_chunks_at_one_height_are_one_row() -> None:
    parts = chunks([line("a", 100, 52), line("b", 10, 50), line("c", 10, 80)])
    assert [[c.text for c in row] for row in visual_rows(parts)] == [["b", "a"], ["c"]]


def test_lines_below_each_other_are_one_block_and_a_gap_parts_them() -> None:
    lines = [line("one line here", 0, y) for y in (100, 0, 25, 50)]
    assert text_blocks(lines) == [[1, 2, 3], [0]]


def test_columns_are_separate_blocks() -> None:
    lines = [line("left side", 0, 0), line("right side", 300, 0), line("left side", 0, 25)]
    assert text_blocks(lines) == [[0, 2], [1]]


def test_a_rule_between_lines_parts_them() -> None:
    lines = [line("one line here", 0, 0), line("one line here", 0, 25)]
    assert text_blocks(lines, Rules((Rule(22, 0, 200),))) == [[0], [1]]


def test_rows_of_numbers_that_align_are_a_table() -> None:
    (table,) = find_tables(measure(table_lines(), blank()))
    assert (table.rows, table.columns, table.ruled) == (5, 3, False)
    assert table.box == Box(100, 300, 640, 440)


def test_what_is_taken_is_not_looked_at() -> None:
    assert find_tables(measure(table_lines(), blank()), [Box(0, 0, 1000, 1000)]) == []


def test_two_rows_are_no_table() -> None:
    assert find_tables(measure(table_lines()[:6], blank())) == []


def test_labels_and_values_are_pairs() -> None:
    lines = [line(t, x, 100 + 30 * r) for r in range(4) for x, t in ((0, "Date:"), (200, "today"))]
    page = measure(lines, blank())
    assert find_tables(page) == []
    assert find_pairs(page) == [Box(0, 100, 250, 210)]


def test_a_table_grows_over_its_header_and_stops_at_prose() -> None:
    header = [line(t, x, 270) for x, t in ((100, "item"), (400, "net"), (600, "total"))]
    prose = [
        line("many words of running text that fill the line to its end", 100, y)
        for y in (500, 525, 550, 575)
    ]
    page = measure([*header, *table_lines(), *prose], blank())
    assert grown_over_rows(page, Box(100, 300, 650, 400)) == Box(100, 270, 650, 440)


def test_a_coloured_fill_behind_text_is_no_picture_and_a_photo_is() -> None:
    pixels = blank()
    pixels[100:150, 50:900] = (200, 220, 240)
    photo = np.random.default_rng(1).integers(0, 255, (200, 300, 1))
    pixels[500:700, 300:600] = photo
    page = measure([line("some text on a coloured bar", 60, 115)], pixels)
    (found,) = find_pictures(page)
    assert found.iou(Box(300, 500, 600, 700)) > 0.9
    assert find_pictures(page, [found]) == []


def test_ink_knows_photos_from_plain_fills() -> None:
    pixels = blank()
    pixels[100:300, 100:400] = (90, 120, 180)
    pixels[500:700, 100:400] = np.random.default_rng(1).integers(0, 255, (200, 300, 1))
    ink = measure([line("text", 600, 600)], pixels).ink
    plain, photo = ink.shares(Box(100, 100, 400, 300)), ink.shares(Box(100, 500, 400, 700))
    assert plain[0] > 0.9
    assert plain[1] < 0.05
    assert photo[1] > 0.9
