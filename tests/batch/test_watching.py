"""Files are taken once nobody writes them any more."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest

from structure.batch import Found, Watch, Work
from structure.batch.watching import Settling
from structure.core.errors import ConfigError


def test_a_file_is_let_through_once_it_has_not_changed_for_a_while() -> None:
    now = 100.0
    settling = Settling(Watch(1, 5), clock=lambda: now)

    def look(*files: tuple[bytes, int]) -> list[bytes]:
        met: Iterable[Found] = [Found(path, size, f"{size}") for path, size in files]
        return [found.path for found in settling(met)]

    assert look((b"a", 1)) == []
    now = 104.0
    assert look((b"a", 2), (b"b", 1)) == []
    now = 109.0
    assert look((b"a", 2), (b"b", 7)) == [b"a"]
    now = 114.0
    assert look((b"b", 7)) == [b"b"]
    # A file that was away is a new one.
    assert look((b"a", 2), (b"b", 7)) == [b"b"]


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_impossible_times_are_refused(value: float) -> None:
    with pytest.raises(ConfigError):
        Watch(interval=value)
    with pytest.raises(ConfigError):
        Watch(settle=value)


def test_a_watch_takes_what_comes_later_and_what_grows_while_it_is_in_work(bench: Any) -> None:
    class Enough(BaseException):
        pass

    worked: list[str] = []

    def step(work: Work) -> None:
        name, text = os.fsdecode(work.path), bench.inputs.joinpath("a.pdf").read_text()
        worked.append(name)
        if worked == ["a.pdf"]:
            bench.put(a=text + " and more", b="new")
        if sorted(worked) == ["a.pdf", "a.pdf", "b.pdf"]:
            raise Enough

    bench.put(a="one")
    bench.before = step
    with pytest.raises(Enough):
        bench.run(watch=Watch(interval=0.05, settle=0.1))
    assert sorted(worked) == ["a.pdf", "a.pdf", "b.pdf"]


def test_a_watch_tries_a_bad_file_once(bench: Any) -> None:
    class Enough(BaseException):
        pass

    worked: list[str] = []

    def step(work: Work) -> None:
        worked.append(os.fsdecode(work.path))
        if worked[-1] == "b.pdf":
            raise Enough

    bench.put(a="no room")
    bench.before = step
    timer = threading.Timer(1.0, lambda: bench.put(b="fine"))
    timer.start()
    began = time.monotonic()
    with pytest.raises(Enough):
        bench.run(watch=Watch(interval=0.05, settle=0.1), retry_failed=True)
    assert time.monotonic() - began > 1
    assert worked == ["a.pdf", "b.pdf"]
