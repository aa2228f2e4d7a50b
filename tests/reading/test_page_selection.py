from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core.errors import ConfigError
from structure.reading.selection import parse_ranges, select_pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("1-3,7", (1, 2, 3, 7)),
        ("5-", (5, 6, 7, 8, 9)),
        ("-2", (1, 2)),
        (" 2 , 2 - 3 ", (2, 3)),
        ("9,1", (1, 9)),
        ("8-999999999", (8, 9)),
        ("12", ()),
    ],
)
def test_ranges_select_existing_pages_once_and_ascending(text: str, pages: tuple[int, ...]) -> None:
    assert select_pages(parse_ranges(text), 9) == pages


@pytest.mark.parametrize(
    "text", ["", "-", "a", "1,,2", "0", "3-1", "-0", "1-2-3", "1.5", "٣", "9" * 50, "1;2"]
)
def test_anything_else_is_a_usage_error(text: str) -> None:
    with pytest.raises(ConfigError, match="page selection"):
        parse_ranges(text)


@given(st.sets(st.integers(1, 60), min_size=1), st.integers(1, 60))
def test_what_is_written_is_what_is_selected(wanted: set[int], count: int) -> None:
    text = ",".join(str(number) for number in wanted)
    assert select_pages(parse_ranges(text), count) == tuple(sorted(n for n in wanted if n <= count))


@given(st.text(max_size=12))
def test_no_text_crashes_the_parser(text: str) -> None:
    try:
        ranges = parse_ranges(text)
    except ConfigError:
        return
    assert ranges
    assert all(first >= 1 and (last is None or last >= first) for first, last in ranges)
