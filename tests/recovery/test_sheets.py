from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from recovery.writers.sheets import column_widths, joined_tables, row_lines, sheet_names
from structure.core.document import TableBlock

TableOf = Callable[..., TableBlock]


def test_sheets_are_named_after_captions_else_after_their_place() -> None:
    tables = [
        (3, "Table 14. Actual and projected numbers of pupils"),
        (3, "in thousands"),
        (4, "=1 + 1 + 1"),
    ]
    assert sheet_names(tables) == ["Table 14. Actual and projected", "P3 T2", "P4 T1"]


@pytest.mark.parametrize(
    "caption", ["Sales of: a/b [net] *?", "Preise 2026", "\u8868 1", "Table 1" + "x" * 99]
)
def test_names_fit_a_sheet_and_are_unique(caption: str) -> None:
    names = sheet_names([(1, caption)] * 12 + [(1, caption.upper())])
    assert len({name.casefold() for name in names}) == 13
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_equal_captions_are_numbered() -> None:
    assert sheet_names([(1, "Text 1"), (1, "Text 1")]) == ["Text 1", "Text 1 (2)"]


def test_a_table_with_its_own_header_does_not_join_the_one_before(table_of: TableOf) -> None:
    first = table_of([["a"], ["1"]])
    again = replace(table_of([["b"], ["2"]]), id="p2.b1", continued_from=first.id)
    assert again.header_rows
    assert len(joined_tables([first, again], most=100)) == 2
    rest = replace(again, header_rows=0)
    assert [table.rows for table in joined_tables([first, rest], most=100)] == [4]
    assert len(joined_tables([first, rest], most=3)) == 2


def test_columns_are_as_wide_as_needed_and_long_texts_wrap(table_of: TableOf) -> None:
    table = table_of([["n", "text"], ["1,234,567,890.00", "some words " * 20], ["1", "x"]])
    table = replace(table, col_widths=(30.0, 150.0))
    widths = column_widths(table, {(1, 0)}, 11.0)
    assert widths[0] >= len("1,234,567,890.00")
    assert 20 < widths[1] < 40
    assert row_lines(table, widths)[1] >= 6
    assert 2 not in row_lines(table, widths)


def test_dots_that_lead_to_the_next_column_are_left_out(table_of: TableOf) -> None:
    table = table_of([["0.95 ..........", "1. . . . .", "and so on..."]])
    (joined,) = joined_tables([table], most=9)
    assert [cell.text for cell in joined.cells] == ["0.95", "1", "and so on..."]
