from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy.restoration import (
    Result,
    over_families,
    summary,
    verdicts,
    with_other_levels,
    worst,
)
from benchmarks.accuracy.text_metrics import read_share
from benchmarks.report import COMMIT
from recovery.score.sample import Sample
from recovery.score.scores import FIDELITY, HYGIENE, MORE, STRUCTURE, Scores
from structure.core.document import Document, Producer, Source

NAMES = (*STRUCTURE, *FIDELITY, *MORE, *HYGIENE)


def result(
    name: str, value: float | None, system: str = "ours", changed: Mapping[str, float] | None = None
) -> Result:
    document = Document(Producer("", ""), Source(name, "", "", 1))
    family, seed = name.split("-")
    sample = Sample(family, int(seed), name, document, b"", b"", {}, 8.5)
    values = {**dict.fromkeys(NAMES, value), **(changed or {})}
    return Result(sample, "clean", system, b"", b"", Scores(values))


def test_every_family_counts_alike_however_many_documents_it_has() -> None:
    found = over_families({"a": {"documents": 3, "text": 1.0}, "b": {"documents": 1, "text": 0.5}})
    assert found == {"documents": 4, "text": 0.75}


def test_a_family_without_tables_does_not_lower_the_figure_of_tables() -> None:
    results = [result("report-1", 1.0), result("letter-1", None, changed={"text": 0.5})]
    figures = summary(results)["clean"]["ours"]
    assert figures["all"]["teds"] == 1.0
    assert figures["all"]["text"] == 0.75
    assert figures["families"]["letter"]["teds"] is None


def test_a_figure_is_ok_from_its_bar_on_and_nothing_may_be_lost() -> None:
    figures = {**dict.fromkeys(NAMES, 0.95), "lost": 0.0}
    found = verdicts(figures)
    assert found["para_f1"]["ok"]
    assert not found["text"]["ok"]
    assert found["lost"]["ok"]
    assert not verdicts({**figures, "lost": 0.01})["lost"]["ok"]


def test_the_worst_are_our_own_documents_with_the_lowest_sums() -> None:
    results = [result(f"report-{n}", n / 10) for n in range(1, 8)]
    results.append(result("report-9", 0.0, system="peer"))
    assert [r.sample.seed for r in worst(results)] == [1, 2, 3, 4, 5]


def test_text_counts_as_read_wherever_it_stands_on_its_page() -> None:
    assert read_share([["one", "two"]], [["two", "one", "more"]]) == 1.0
    assert read_share([["one"], ["two"]], [["two"], ["one"]]) < 1.0


def test_a_misread_word_counts_by_its_right_characters() -> None:
    assert read_share([["window", "door"]], [["door", "wind0w"]]) == pytest.approx(9 / 10)
    assert read_share([["window"]], [[]]) == 0.0
    assert read_share([], []) == 1.0


def test_levels_of_one_commit_are_kept_in_one_report(tmp_path: Path) -> None:
    def report(level: str) -> dict[str, Any]:
        entries = [{"document": "letter-11", "level": level}]
        near = {level: {"bar": 0.9}}
        levels = {level: {"ours": {}}}
        return {"command": level, "levels": levels, "scores": entries, "near_oracle": near}

    file = tmp_path / "figures.json"
    assert with_other_levels(report("light"), file) == report("light")
    file.write_text(json.dumps({"commit": COMMIT, **report("clean")}), "utf-8")
    merged = with_other_levels(report("light"), file)
    assert [*merged["levels"]] == [*merged["near_oracle"]] == ["clean", "light"]
    assert [entry["level"] for entry in merged["scores"]] == ["clean", "light"]
    file.write_text(json.dumps({"commit": "another", **report("clean")}), "utf-8")
    assert with_other_levels(report("light"), file) == report("light")
