from __future__ import annotations

from typing import Any

import pytest

from benchmarks.accuracy.markdown_checks import check, near_matches, normalized, unescaped

PIPES = "| Name | Size |\n|---|---:|\n| ant | 1 |\n| bee | 2 |\n"
SPANS = (
    "<table><thead><tr><th></th><th colspan='2'>Size</th></tr></thead>"
    "<tr><th rowspan='2'>insects</th><td>ant</td><td>1</td></tr>"
    "<tr><td>bee</td><td>2</td></tr></table>"
)


def passes(markdown: str, kind: str, **asked: Any) -> bool:
    return not check({"type": kind, **asked}, markdown)


def test_emphasis_and_fancy_signs_make_no_difference() -> None:
    assert (
        normalized("**bold**  *and*\n\u201cquoted\u201d \u2013 text<br/>")
        == 'bold and "quoted" - text '
    )


def test_text_is_present_with_so_many_differences_at_most() -> None:
    assert passes("The quick brown fox", "present", text="quick brown")
    assert not passes("The quick brawn fox", "present", text="quick brown")
    assert passes("The quick brawn fox", "present", text="quick brown", max_diffs=1)


def test_a_page_without_text_holds_no_text() -> None:
    assert not passes("\n", "present", text="a long phrase")
    assert passes("\n", "absent", text="a long phrase")


def test_case_counts_unless_it_shall_not() -> None:
    assert not passes("MASTER BATH", "present", text="Master Bath")
    assert passes("MASTER BATH", "present", text="Master Bath", case_sensitive=False)


def test_absent_looks_at_the_end_alone_where_it_is_told_to() -> None:
    assert passes("1 and then much more text", "absent", text="1", last_n=10)
    assert not passes("much more text 1", "absent", text="1", last_n=10)


def test_order_compares_where_texts_begin() -> None:
    assert passes("first, second", "order", before="first", after="second")
    assert not passes("second, first", "order", before="first", after="second")
    assert not passes("second, third", "order", before="first", after="second")
    assert passes("frist, second", "order", before="first", after="second", max_diffs=2)


def test_near_matches_begin_where_the_text_does() -> None:
    assert near_matches("word", "a word, a word", 0) == [2, 10]
    assert min(near_matches("middle", "in the midle of it", 1)) == 7
    assert not near_matches("middle", "in the mle of it", 1)


@pytest.mark.parametrize("table", [PIPES, SPANS])
def test_cells_have_their_neighbours_and_headings(table: str) -> None:
    assert passes(table, "table", cell="bee", right="2", up="ant")
    assert passes(table, "table", cell="2", top_heading="Size", left="bee", up="1")
    assert not passes(table, "table", cell="bee", right="1")
    assert not passes(table, "table", cell="wasp")


def test_a_heading_of_rows_must_be_one() -> None:
    assert passes(SPANS, "table", cell="2", left_heading="insects")
    plain = SPANS.replace("<th rowspan='2'>insects</th>", "<td rowspan='2'>insects</td>")
    assert not passes(plain, "table", cell="2", left_heading="insects")


def test_formulas_are_equal_but_for_white_space() -> None:
    assert passes("Then\n$$\na^2 + b\n$$\n", "math", math="a^2+b")
    assert not passes("Then a^2+b", "math", math="a^2+b")


def test_backslashes_stay_until_they_are_taken_away() -> None:
    assert not passes("150\\. Find it", "present", text="150.")
    assert passes(unescaped("150\\. Find it"), "present", text="150.")


def test_a_check_of_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        check({"type": "smell"}, "")
