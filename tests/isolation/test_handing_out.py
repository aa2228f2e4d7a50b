"""Who gets work when: a file that needs very much memory is tried again while nobody else works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from structure.isolation import Task
from structure.isolation.supervisor import Cause, Job, _hand_out


class Place:
    """A slot whose worker is only said to be there."""

    def __init__(self, job: Job | None = None, *, at_work: bool = False) -> None:
        self.job, self.child = job, object() if at_work else None

    def give(self, job: Job) -> None:
        self.job, self.child = job, object()

    def resume(self) -> None:
        self.child = object()


def job(name: str, cause: Cause | None = None) -> Job:
    return Job(Task(name, Path(name), ()), 0.0, cause=cause)


def hand_out(places: list[Place], source: Iterator[Task]) -> None:
    slots: Any = places
    _hand_out(slots, source)


def test_a_large_file_waits_for_the_others_and_then_works_alone() -> None:
    large, other = Place(job("large", Cause.MEMORY)), Place(job("small"), at_work=True)
    waiting = iter([job("next").task])
    hand_out([large, other], waiting)
    assert large.child is None
    other.job = None
    hand_out([large, other], waiting)
    assert large.child is not None
    hand_out([large, other], waiting)
    assert other.job is None
    large.job = None
    hand_out([large, other], waiting)
    assert [place.job.task.key for place in (large, other) if place.job] == ["next"]


def test_two_large_files_take_turns() -> None:
    places = [Place(job("a", Cause.MEMORY)), Place(job("b", Cause.MEMORY))]
    hand_out(places, iter([]))
    hand_out(places, iter([]))
    assert [place.child is not None for place in places] == [True, False]


def test_a_crash_is_tried_again_at_once_beside_the_others() -> None:
    places = [Place(job("a", Cause.CRASH)), Place(job("b"), at_work=True)]
    hand_out(places, iter([]))
    assert places[0].child is not None
