from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from recovery.writers import render
from recovery.writers.text_writer import table_text
from structure.core.document import Document
from structure.core.text import width

Make = Callable[..., Document]


def test_pages_are_set_apart_by_form_feeds(rich_document: Document) -> None:
    pages = render(rich_document, ".txt").data.decode("utf-8").split("\f")
    assert len(pages) == 4
    assert pages[0].startswith("County Papers No. 7\n\nReport on the Buildings")
    assert "3. New windows in all offices\n4. A plan" in pages[0]
    assert "  \u2013 of the north front" in pages[1]
    assert "see also p. 40" in pages[1]
    assert pages[2] == "[Page 3 could not be read: the picture is damaged]\n"


def test_columns_are_aligned_with_wide_characters_counted_twice(table_of) -> None:
    table = table_of([["a", "b", "c"], ["\u4e2d\u6587", "x", "1"], ["abc", "yy", "22"]])
    lines = table_text(table).split("\n")
    assert lines == ["a     b   c", "\u4e2d\u6587  x   1", "abc   yy  22"]
    assert {width(line[: line.rindex(" ")]) for line in lines} == {9}


def test_numbers_stand_right_and_spans_show_their_text_once(table_of) -> None:
    table = table_of([["a", "b"], ["1", "22"]], head=0)
    wide = (replace(table.cells[0], colspan=2, text="both"), *table.cells[2:])
    right = tuple(replace(cell, align="right") for cell in wide)
    assert table_text(replace(table, cells=right)) == " both\n1  22"


def test_a_very_wide_table_is_set_apart_by_tabs(table_of) -> None:
    table = table_of([["x" * 150, "y" * 150]])
    assert table_text(table) == "x" * 150 + "\t" + "y" * 150


def test_nothing_gives_an_empty_file(document_of: Make) -> None:
    assert render(document_of(pages=()), ".txt").data == b""
