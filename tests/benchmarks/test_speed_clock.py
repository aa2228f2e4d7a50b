from __future__ import annotations

import pytest

from benchmarks.report import half
from benchmarks.speed import Clock, _least, ratios, stages


def spin(clock: Clock, stage: str, steps: int) -> None:
    with clock.stage(stage):
        sum(range(steps))


def test_a_stage_inside_another_is_not_counted_twice() -> None:
    clock = Clock()
    with clock.stage("outer"):
        spin(clock, "inner", 3_000_000)
    cpu, wall = clock.take()
    assert cpu["inner"] > cpu["outer"] >= 0
    assert set(wall) == {"outer", "inner"}


def test_taking_the_times_starts_anew() -> None:
    clock = Clock()
    spin(clock, "work", 1000)
    clock.take()
    assert clock.take() == ({}, {})


def test_a_stage_ends_with_an_error() -> None:
    clock = Clock()
    with pytest.raises(ZeroDivisionError), clock.stage("fails"):
        clock.timed("divides", lambda: 1 // 0)()
    spin(clock, "after", 10)
    assert set(clock.take()[0]) == {"fails", "divides", "after"}


def test_the_least_time_of_each_page_is_summed() -> None:
    rounds = [[{"ocr": 2.0}, {"ocr": 5.0}], [{"ocr": 3.0}, {"ocr": 4.0, "table": 1.0}]]
    assert _least(rounds) == {"ocr": 6.0, "table": 0.0}


def test_ratios_need_no_peers() -> None:
    times = {"ours": {"cpu": {"ocr": 4.0, "layout": 1.0}}}
    assert ratios(times) == {"pipeline": 1.25}
    times["rapidocr"] = {"cpu": {"ocr": 10.0}}
    assert ratios(times)["ocr"] == 0.4


def test_the_halves_of_a_set_hang_on_the_name_alone() -> None:
    names = [f"document-{n}" for n in range(200)]
    assert [half(name) for name in names] == [half(name) for name in names]
    assert 70 < sum(half(name) == "a" for name in names) < 130


def test_the_stages_of_the_pipeline_have_these_names() -> None:
    for module, name, _ in stages():
        assert callable(getattr(module, name))
