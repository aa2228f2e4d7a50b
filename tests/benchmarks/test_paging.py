from __future__ import annotations

from benchmarks.accuracy.paging import Count, summary


def test_pages_too_many_and_too_few_are_both_wrong() -> None:
    counts = [Count("a", True, 2, 2), Count("b", True, 1, 3), Count("c", True, 2, 1)]
    assert summary(counts) == {"documents": 3, "same": 1, "share": 0.3333, "pages_too_many": 2}


def test_what_could_not_be_rendered_is_left_out() -> None:
    assert summary([Count("a", True, 2, None)])["documents"] == 0
