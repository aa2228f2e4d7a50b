"""The pool as its users meet it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from structure.core.errors import ConfigError, ExitCode, InputError
from structure.core.limits import Limits
from structure.isolation import Outcome, Task, WorkerPool, watch
from structure.isolation.messages import OpenRequest, start_decoder
from structure.isolation.remote import Clock, Opener

HOOKS = Path(__file__).resolve().parents[1] / "robust" / "hooks"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HOOKS))
    monkeypatch.setenv("STRUCTURE_TEST_MODELS", "stub")


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{n}.png" for n in range(6)]
    for n, path in enumerate(paths):
        Image.new("L", (100 + n, 120), 255).save(path)
    return paths


def tasks_for(paths: list[Path]) -> list[Task]:
    return [Task(path.name, path, (path.with_suffix(".txt"),)) for path in paths]


@pytest.mark.usefixtures("stubs")
def test_tasks_are_taken_as_workers_are_free_and_each_has_one_outcome(pictures: list[Path]) -> None:
    taken: list[str] = []
    news: list[tuple[str, int, int]] = []

    def source() -> Iterator[Task]:
        for task in tasks_for(pictures):
            taken.append(task.key)
            yield task

    with WorkerPool(2) as pool:
        outcomes: list[Outcome] = []
        for outcome in pool.run(source(), on_page=lambda *facts: news.append(facts)):
            outcomes.append(outcome)
            assert len(taken) <= len(outcomes) + 2
        first = set(watch.family(os.getpid()))
        again = list(pool.run(tasks_for(pictures[:1])))
        assert set(watch.family(os.getpid())) & first >= {os.getpid()}
    assert sorted(outcome.key for outcome in outcomes) == [path.name for path in pictures]
    assert {outcome.exit_code for outcome in [*outcomes, *again]} == {ExitCode.OK}
    assert sorted(news) == [(path.name, 1, 1) for path in pictures]
    assert all(path.with_suffix(".txt").is_file() for path in pictures)
    assert watch.family(os.getpid()) == [os.getpid()]


@pytest.mark.usefixtures("stubs")
def test_a_caller_who_stops_listening_leaves_no_worker(pictures: list[Path]) -> None:
    with WorkerPool(1) as pool:
        run = pool.run(tasks_for(pictures))
        next(run)
        run.close()
        pool.stop()
        assert list(pool.run(tasks_for(pictures))) == []
    assert watch.family(os.getpid()) == [os.getpid()]


def test_a_pool_without_workers_is_wrong_usage() -> None:
    with pytest.raises(ConfigError):
        WorkerPool(0)


def request(path: Path) -> OpenRequest:
    return OpenRequest(path, None, 100, "auto", None, Limits())


def test_a_decoder_is_held_and_loads_no_network(pictures: list[Path]) -> None:
    child = start_decoder(request(pictures[0]), debug=False)
    try:
        assert child.channel.receive(time.monotonic() + 30).kind == "facts"
        proc = Path(f"/proc/{child.process.pid}")
        limits = proc.joinpath("limits").read_text()
        held = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
        assert held["Max address space"] == str(2 << 30)
        assert held["Max open files"] == "256"
        assert held["Max core file size"] == "0"
        assert held["Max cpu time"] == "1801"
        assert int(held["Max file size"]) == 4 * Limits().file_size
        assert os.getsid(child.process.pid) == child.process.pid
        maps = proc.joinpath("maps").read_text()
        assert not any(name in maps for name in ("torch", "openvino", "onnxruntime"))
        assert "pdfium" in maps
    finally:
        child.kill()


def test_a_file_in_another_process_reads_as_in_this_one(examples: Path) -> None:
    from structure.reading import open_source

    path = examples / "digital-invoice.pdf"
    opener = Opener(Clock(60))
    with opener(path, dpi=100) as remote, open_source(path, dpi=100) as local:
        assert (remote.sha256, remote.numbers, remote.media_type) == (
            local.sha256, local.numbers, local.media_type,
        )  # fmt: skip
        assert (remote.outline, remote.reader) == (local.outline, local.reader)
        for one, two in zip(remote, local, strict=True):
            assert (one.pixels == two.pixels).all()
            assert (one.lines, one.embedded, one.to_source) == (
                two.lines, two.embedded, two.to_source,
            )  # fmt: skip
    assert watch.family(os.getpid()) == [os.getpid()]


def test_errors_of_another_process_are_those_of_this_one(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("plain text, and nothing else\n" * 10)
    with pytest.raises(InputError, match=r"a\.pdf: this is plain text") as caught:
        Opener(Clock(60))(tmp_path / "a.pdf")
    assert caught.value.code == "E_KIND"
    assert watch.family(os.getpid()) == [os.getpid()]


def test_resident_memory_of_a_family_is_known() -> None:
    assert watch.resident(os.getpid()) > 10_000_000
    assert watch.resident(2**22 + 1) == 0
