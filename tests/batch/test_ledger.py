"""The ledger keeps what it is told, whoever dies, and gives each file to one worker."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from structure.batch.ledger import Heart, Job, Ledger, State, Written
from structure.core.errors import OutputError


def begin(ledger: Ledger) -> int:
    return ledger.begin_run(host="here", version="1", config="c", options=".txt")


def add(ledger: Ledger, run: int, *names: bytes) -> None:
    with ledger.transaction():
        for name in names:
            stem = name.decode("utf-8", "replace")
            job = Job(name, 1, "1.1", "c", stem, State.PENDING, run)
            ledger.put(job, stem_key=stem)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def test_a_row_comes_back_as_it_was_written(path: Path) -> None:
    output = Written(".txt", "a.txt", "12", 3, "4.5", "67", "c")
    with Ledger(path) as ledger:
        run = begin(ledger)
        add(ledger, run, b"\xff\n.pdf")
        job = ledger.get(b"\xff\n.pdf")
        assert job is not None
        whole = replace(
            job, state=State.PARTIAL, sha256="67", seconds=1.5, pages=7, failed_pages=(2, 9),
            exit_code=4, error_code="E_X", message="gaps", outputs=(output,), attempts=3,
        )  # fmt: skip
        ledger.finish(whole)
    with Ledger(path, read_only=True) as ledger:
        assert ledger.get(b"\xff\n.pdf") == whole


def test_every_file_is_claimed_once_and_in_order(path: Path) -> None:
    with Ledger(path) as one, Ledger(path) as two:
        run = begin(one)
        add(one, run, b"c", b"a", b"b", b"d")
        claimed = [ledger.claim("w", run) for ledger in (one, two, one, two, one)]
        assert [job and job.path for job in claimed] == [b"a", b"b", b"c", b"d", None]
        assert all(job is None or job.attempts == 1 for job in claimed)


def test_what_a_dead_run_had_claimed_is_queued_again(path: Path) -> None:
    with Ledger(path) as ledger:
        run = begin(ledger)
        add(ledger, run, b"a")
        ledger.claim("w", run)
    with Ledger(path) as ledger:
        begin(ledger)
        job = ledger.get(b"a")
        assert job is not None
        assert (job.state, job.attempts) == (State.PENDING, 1)


def test_a_file_of_an_earlier_run_is_not_claimed_before_it_was_met_again(path: Path) -> None:
    with Ledger(path) as ledger:
        add(ledger, begin(ledger), b"a")
        assert ledger.claim("w", begin(ledger)) is None


def test_what_breaks_inside_a_transaction_leaves_no_trace(path: Path) -> None:
    with Ledger(path) as ledger:
        run = begin(ledger)
        add(ledger, run, b"a")
        job = ledger.get(b"a")
        assert job is not None
        with suppress(KeyboardInterrupt), ledger.transaction():
            ledger.put(replace(job, state=State.FAILED))
            raise KeyboardInterrupt
        assert ledger.get(b"a") == job


def test_writing_is_on_the_disk_before_the_next_step(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert ledger._db.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_ledger_of_another_version_is_refused(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger._db.execute("PRAGMA user_version = 99")
    with pytest.raises(OutputError, match="version 99"):
        Ledger(path)


def test_a_ledger_can_be_read_while_it_is_written(path: Path) -> None:
    with Ledger(path) as ledger:
        run = begin(ledger)
        add(ledger, run, b"a", b"b")
        with ledger.transaction():
            ledger._db.execute("UPDATE job SET state = 'done'")
            with Ledger(path, read_only=True) as other:
                assert other.counts().of(State.PENDING) == 2


def test_counts_are_those_of_the_last_run(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.counts().files == 0
        first = begin(ledger)
        add(ledger, first, b"a", b"b")
        second = begin(ledger)
        add(ledger, second, b"c")
        assert (ledger.counts().files, ledger.counts(first).files) == (1, 2)


def test_a_run_gives_signs_of_life(path: Path) -> None:
    with Ledger(path) as ledger:
        run = begin(ledger)
        add(ledger, run, b"a")
        ledger.claim("w", run)
        with sqlite3.connect(path) as db:
            db.execute("UPDATE run SET heartbeat = 0")
            db.execute("UPDATE job SET heartbeat = 0")
        db.close()
        heart = Heart(path, run, interval=0.01)
        with heart:
            while (last := ledger.last_run()) is not None and not last.heartbeat:
                pass
        assert last is not None
        assert last.heartbeat > last.started - 1
