"""What the driver of a cluster makes of work that is lost; Ray is played by functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from structure.batch import Folder, Work, node_work
from structure.batch.cluster import RayEngine
from structure.batch.node_work import Long, Made, Order
from structure.core.errors import ExitCode, InputError, StructureError
from structure.isolation import Outcome, TaskOptions

pytest.importorskip("ray", reason="Ray is not installed (extra `cluster`)")


class RayError(Exception):
    pass


class TaskError(RayError):
    """An exception of the function itself."""

    def __init__(self, cause: Exception) -> None:
        self.cause = cause


class Call:
    def __init__(self, function: Callable[..., Any], values: int = 1) -> None:
        self.function, self.values = function, values

    def options(self, num_returns: int) -> Call:
        return Call(self.function, num_returns)

    def remote(self, *arguments: Any) -> Any:
        try:
            result: Any = self.function(*(a() if callable(a) else a for a in arguments))
        except (RayError, StructureError, KeyError) as error:
            lost = Reference(error if isinstance(error, RayError) else TaskError(error))
            return (lost, lost) if self.values == 2 else lost
        return tuple(map(Reference, result)) if self.values == 2 else Reference(result)


class Reference:
    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self) -> Any:
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


def ray() -> Any:
    """As much of Ray as the driver uses."""
    return SimpleNamespace(
        exceptions=SimpleNamespace(RayError=RayError, RayTaskError=TaskError),
        cluster_resources=lambda: {"CPU": 2.0},
        put=Reference,
        get=lambda ref: ref(),
        wait=lambda refs, **_: (refs[:1], refs[1:]),
        cancel=lambda *_, **__: None,
        shutdown=lambda: None,
    )


@pytest.fixture
def outcomes(tmp_path: Path) -> Callable[..., list[Outcome]]:
    (tmp_path / "a.pdf").write_bytes(b"a file")

    def call(**calls: Callable[..., Any]) -> list[Outcome]:
        place = Folder(tmp_path)
        engine = RayEngine(place, place, TaskOptions())
        engine._ray = ray()
        engine._calls = {
            name: Call(calls.get(name, getattr(node_work, name)))
            for name in ("begin", "analyse", "finish")
        }
        work = Work("key", b"a.pdf", ("sub/a.json",))
        (tmp_path / "sub").mkdir(exist_ok=True)
        return list(engine.run([work]))

    return call


def long(order: Order, data: bytes, split: int) -> Long:
    return Long(tuple(range(1, 21)))


def finish(order: Order, data: bytes, *parts: Sequence[Any]) -> Made:
    pages = [p if isinstance(p, int) else [p.number, p.failure] for part in parts for p in part]
    return Made(Outcome(order.key, ExitCode.OK), {"a.json": json.dumps(pages).encode()})


def test_a_page_that_ends_its_process_costs_only_itself(
    outcomes: Callable[..., list[Outcome]], tmp_path: Path
) -> None:
    def analyse(order: Order, data: bytes, numbers: Sequence[int]) -> tuple[int, list[int]]:
        if 13 in numbers:
            raise RayError("the worker died")
        return len(numbers), list(numbers)

    (outcome,) = outcomes(begin=long, analyse=analyse, finish=finish)
    assert outcome.exit_code is ExitCode.OK
    pages = json.loads((tmp_path / "sub" / "a.json").read_text())
    assert pages[:12] + pages[13:] == [n for n in range(1, 21) if n != 13]
    assert pages[12] == [13, "the program that works on it crashes at it"]


def test_a_file_that_cannot_be_opened_any_more_fails_once(
    outcomes: Callable[..., list[Outcome]],
) -> None:
    def analyse(*_: Any) -> None:
        raise InputError("is damaged", code="E_DAMAGED")

    (outcome,) = outcomes(begin=long, analyse=analyse, finish=finish)
    assert (outcome.exit_code, outcome.error_code) == (ExitCode.INPUT, "E_DAMAGED")


def test_a_file_that_ends_every_process_fails(outcomes: Callable[..., list[Outcome]]) -> None:
    def begin(*_: Any) -> None:
        raise RayError("the worker died")

    (outcome,) = outcomes(begin=begin)
    assert (outcome.exit_code, outcome.error_code) == (ExitCode.INPUT, "E_CRASH")


def test_a_mistake_of_ours_is_told_as_such(outcomes: Callable[..., list[Outcome]]) -> None:
    def begin(*_: Any) -> None:
        raise KeyError("x")

    (outcome,) = outcomes(begin=begin)
    assert (outcome.exit_code, outcome.error_code) == (ExitCode.INTERNAL, "E_INTERNAL")


def test_a_signal_inside_ray_ends_the_run_as_elsewhere(
    outcomes: Callable[..., list[Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        pass

    def wait(*_: Any, **__: Any) -> None:
        # As compiled code does when a handler has raised while it was waiting.
        raise SystemError("returned a result with an exception set") from Ended()

    played = ray()
    played.wait = wait
    monkeypatch.setitem(globals(), "ray", lambda: played)
    with pytest.raises(Ended):
        outcomes(begin=long)


def test_a_node_with_another_version_is_refused(
    outcomes: Callable[..., list[Outcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_work, "version", lambda _: "99")
    (outcome,) = outcomes()
    assert (outcome.exit_code, outcome.error_code) == (ExitCode.MODEL, "E_INSTALL")
