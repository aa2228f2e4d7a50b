from __future__ import annotations

import pytest

from kie.metrics import Counts, count, relation_counts, ser_counts


def test_an_inside_tag_after_nothing_or_another_label_begins_an_entity() -> None:
    # B-0 I-0 | O I-0 | I-1
    assert ser_counts([1, 2, 0, 2, 4], [1, 2, 0, 1, 3]) == Counts(3, 3, 3)


def test_an_entity_with_one_word_too_few_is_wrong() -> None:
    assert ser_counts([1, 2, 0], [1, 2, 2]) == Counts(0, 1, 1)
    assert ser_counts([3, 4, 4], [1, 2, 2]) == Counts(0, 1, 1)


def test_two_entities_side_by_side_are_not_one() -> None:
    assert ser_counts([1, 2], [1, 1]) == Counts(0, 1, 2)


def test_the_rule_agrees_with_seqeval_on_all_short_rows() -> None:
    pytest.importorskip("seqeval", reason="seqeval serves as the oracle")
    from itertools import product

    from seqeval.metrics import f1_score

    names = ["O", "B-a", "I-a", "B-b", "I-b"]
    rows = list(product(range(5), repeat=3))
    for predicted in rows[::7]:
        for true in rows[::11]:
            expected = f1_score(
                [[names[t] for t in true]], [[names[t] for t in predicted]], zero_division=0
            )
            assert ser_counts(predicted, true).hmean == pytest.approx(expected)


def test_counts_of_pages_add_up_before_the_mean_is_taken() -> None:
    total = count([1, 2], [1]) + count([], [3, 4, 5])
    assert total == Counts(1, 2, 4)
    assert (total.precision, total.recall) == (0.5, 0.25)
    assert total.hmean == pytest.approx(1 / 3)
    assert Counts().hmean == Counts().precision == Counts().recall == 0


def test_a_relation_counts_once_and_only_with_both_ends_whole() -> None:
    pair = ((0, 1), (2,))
    assert relation_counts([pair, pair, ((0,), (2,))], [pair]) == Counts(1, 2, 1)
