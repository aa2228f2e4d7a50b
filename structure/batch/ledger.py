"""What has become of every file: a table in SQLite that survives any death of the program.

A file is claimed before work on it begins and written off after its outputs have their final names,
each in a transaction of its own that is on the disk before the next step. So a row that says "done"
is true, and one that says "running" in a ledger that nobody works on is work to be done again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from structure.core.errors import OutputError

VERSION = 1
"""Of the tables below."""

HEARTBEAT = 5.0
"""Seconds between two signs of life of a run."""

_WAIT = 30.0  # seconds for a lock that somebody who reads the ledger may hold

_TABLES = """
CREATE TABLE job (
    id           TEXT PRIMARY KEY,
    path         BLOB NOT NULL UNIQUE,
    size         INTEGER NOT NULL,
    stamp        TEXT NOT NULL,
    sha256       TEXT NOT NULL DEFAULT '',
    config       TEXT NOT NULL,
    stem         TEXT NOT NULL,
    stem_key     TEXT NOT NULL UNIQUE,
    state        TEXT NOT NULL CHECK (state IN
                     ('pending', 'running', 'done', 'partial', 'failed', 'skipped')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    worker       TEXT,
    heartbeat    REAL,
    started      REAL,
    finished     REAL,
    seconds      REAL NOT NULL DEFAULT 0,
    pages        INTEGER NOT NULL DEFAULT 0,
    failed_pages TEXT NOT NULL DEFAULT '[]',
    exit_code    INTEGER,
    error_code   TEXT,
    message      TEXT,
    outputs      TEXT NOT NULL DEFAULT '[]',
    seen         INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX job_queue ON job (state, attempts, path);
CREATE TABLE run (
    id           INTEGER PRIMARY KEY,
    pid          INTEGER NOT NULL,
    host         TEXT NOT NULL,
    version      TEXT NOT NULL,
    config       TEXT NOT NULL,
    options      TEXT NOT NULL,
    started      REAL NOT NULL,
    heartbeat    REAL NOT NULL,
    finished     REAL,
    exit_code    INTEGER
);
"""


class State(StrEnum):
    """What has become of a file."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Written:
    """An output as it was written.

    Attributes:
        suffix: Its format, for example ".docx"; also for the side files of that format.
        name: Relative to the output folder, parts separated by "/".
        size: Bytes.
        stamp: See `structure.batch.places.Found`.
        source: SHA-256 of the input that it was made from.
        config: Hash of the options that it was made with.
    """

    suffix: str
    name: str
    sha256: str
    size: int
    stamp: str
    source: str
    config: str


@dataclass(frozen=True, slots=True)
class Job:
    """One file. The attributes are the columns of the table.

    Attributes:
        path: Relative to the input folder, as bytes.
        size: Bytes of the input when it was last looked at.
        stamp: Likewise (see `structure.batch.places.Found`).
        sha256: Of its content when it was last worked on; empty before.
        config: Hash of the options it was last queued for.
        stem: Name of its outputs without suffix, relative to the output folder.
        attempts: How often work on it has begun since it or the options last changed.
        seconds: What the last attempt took.
        pages: Pages that are in the outputs with their content.
        failed_pages: Pages that are there empty.
        exit_code: Of the last attempt; None before.
        error_code: Why there is no output, `E_...`.
        message: Likewise, in words.
        outputs: What has been written.
        seen: The last run that met the file.
    """

    path: bytes
    size: int
    stamp: str
    config: str
    stem: str
    state: State
    seen: int
    sha256: str = ""
    attempts: int = 0
    seconds: float = 0.0
    pages: int = 0
    failed_pages: tuple[int, ...] = ()
    exit_code: int | None = None
    error_code: str | None = None
    message: str | None = None
    outputs: tuple[Written, ...] = ()

    @property
    def id(self) -> str:
        """The key of the row."""
        return job_id(self.path)


@dataclass(frozen=True, slots=True)
class Counts:
    """Files of the last run by their state, and their pages."""

    states: Mapping[State, int] = field(default_factory=dict)
    pages: int = 0
    failed_pages: int = 0

    def of(self, state: State) -> int:
        """How many files are in this state."""
        return self.states.get(state, 0)

    @property
    def files(self) -> int:
        """How many files there are."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the program over the folder. Times are seconds since the epoch."""

    id: int
    pid: int
    host: str
    version: str
    started: float
    heartbeat: float
    finished: float | None
    exit_code: int | None


def job_id(path: bytes) -> str:
    """The key of the row of a file, from the bytes of its relative path."""
    return hashlib.sha256(path).hexdigest()[:32]


class Ledger:
    """The ledger of one output folder; use it as a context manager, from one thread.

    Args:
        path: The database; made where it does not exist.
        read_only: Only look, also while another process writes.

    Raises:
        OutputError: the file is no ledger, of a later version, or cannot be written.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        with _explained(path):
            if read_only:
                self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True,
                                           timeout=_WAIT, isolation_level=None)  # fmt: skip
            else:
                self._db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
            self._db.row_factory = sqlite3.Row
            try:
                self._prepare(read_only)
            except BaseException:
                self._db.close()
                raise

    def _prepare(self, read_only: bool) -> None:
        if not read_only:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version == 0 and not read_only:
            with self.transaction():
                for statement in _TABLES.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise OutputError(
                f"the ledger has version {version}, not {VERSION}",
                hint="begin anew with --fresh",
                path=self.path,
                code="E_LEDGER",
            )

    def close(self) -> None:
        """Let go of the database; harmless when repeated."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what happens inside; nobody else writes meanwhile."""
        with _explained(self.path):
            if self._db.in_transaction:  # a signal came between its beginning and its end
                self._db.execute("ROLLBACK")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def begin_run(self, *, host: str, version: str, config: str, options: str) -> int:
        """Note a new run, and put back in the queue what earlier runs left unfinished.

        Only the holder of the lock of the folder may do this: it takes every other run for dead.
        """
        now = time.time()
        with self.transaction():
            row = self._db.execute(
                "INSERT INTO run (pid, host, version, config, options, started, heartbeat) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (os.getpid(), host, version, config, options, now, now),
            ).fetchone()
            self._db.execute(
                "UPDATE job SET state = 'pending', worker = NULL WHERE state = 'running'"
            )
        return int(row["id"])

    def end_run(self, run: int, exit_code: int) -> None:
        """Note how a run ended, and put back in the queue what it had begun."""
        with self.transaction():
            self._db.execute(
                "UPDATE job SET state = 'pending', worker = NULL, attempts = attempts - 1 "
                "WHERE state = 'running'"
            )
            self._db.execute(
                "UPDATE run SET finished = ?, exit_code = ? WHERE id = ?",
                (time.time(), exit_code, run),
            )

    def last_run(self) -> Run | None:
        """The latest run, or None where there was none."""
        with _explained(self.path):
            row = self._db.execute(
                "SELECT id, pid, host, version, started, heartbeat, finished, exit_code "
                "FROM run ORDER BY id DESC LIMIT 1"
            ).fetchone()
        return None if row is None else Run(**dict(row))

    def get(self, path: bytes) -> Job | None:
        """The row of a file."""
        with _explained(self.path):
            row = self._db.execute("SELECT * FROM job WHERE id = ?", (job_id(path),)).fetchone()
        return None if row is None else _job(row)

    def has_stem(self, key: str) -> bool:
        """Whether the outputs of some file have this name already."""
        return (
            self._db.execute("SELECT 1 FROM job WHERE stem_key = ?", (key,)).fetchone() is not None
        )

    def put(self, job: Job, *, stem_key: str | None = None) -> None:
        """Write the row of a file as it is given; within a `transaction`.

        Args:
            job: The row. Its state is not "running": that takes a claim.
            stem_key: For a new row, what must be different for different names of outputs.
        """
        values = _columns(job)
        if stem_key is not None:
            values["stem_key"] = stem_key
            names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
            self._db.execute(f"INSERT INTO job ({names}) VALUES ({marks})", values)
            return
        changes = ", ".join(f"{name} = :{name}" for name in values if name != "id")
        self._db.execute(f"UPDATE job SET {changes}, worker = NULL WHERE id = :id", values)

    def claim(self, worker: str, run: int) -> Job | None:
        """Take the next file of this run; None where nothing is left.

        Files that were begun before come after the others, so that one that ends the whole program
        each time does not keep the others from being done.
        """
        now = time.time()
        with self.transaction():
            row = self._db.execute(
                "UPDATE job SET state = 'running', worker = :worker, started = :now, "
                "heartbeat = :now, finished = NULL, attempts = attempts + 1 WHERE id = "
                "(SELECT id FROM job WHERE state = 'pending' AND seen = :run "
                "ORDER BY attempts, path LIMIT 1) RETURNING *",
                {"worker": worker, "now": now, "run": run},
            ).fetchone()
        return None if row is None else _job(row)

    def finish(self, job: Job) -> None:
        """Write off a claimed file: its new state and what came of it."""
        with self.transaction():
            self.put(job)
            self._db.execute("UPDATE job SET finished = ? WHERE id = ?", (time.time(), job.id))

    def release(self, job: Job) -> None:
        """Put a claimed file back as if it had not been begun."""
        with self.transaction():
            self.put(replace(job, state=State.PENDING, attempts=max(0, job.attempts - 1)))

    def has_pending(self, run: int) -> bool:
        """Whether anything is left to be claimed."""
        with _explained(self.path):
            row = self._db.execute(
                "SELECT 1 FROM job WHERE state = 'pending' AND seen = ? LIMIT 1", (run,)
            ).fetchone()
        return row is not None

    def counts(self, run: int | None = None) -> Counts:
        """Files by state: those that `run` has met, or the last run where None."""
        with _explained(self.path):
            rows = self._db.execute(
                "SELECT state, count(*) AS files, sum(pages) AS pages, "
                "sum(json_array_length(failed_pages)) AS failed "
                "FROM job WHERE seen = coalesce(?, (SELECT max(seen) FROM job)) GROUP BY state",
                (run,),
            ).fetchall()
        return Counts(
            {State(row["state"]): row["files"] for row in rows},
            sum(row["pages"] for row in rows),
            sum(row["failed"] for row in rows),
        )

    def jobs(self, states: Iterable[State], run: int | None = None) -> Iterator[Job]:
        """The files in these states that `run` (the last one where None) has met, by path."""
        wanted = list(states)
        marks = ", ".join("?" for _ in wanted)
        with _explained(self.path), closing(self._db.cursor()) as cursor:
            cursor.execute(
                f"SELECT * FROM job WHERE state IN ({marks}) AND "
                "seen = coalesce(?, (SELECT max(seen) FROM job)) ORDER BY path",
                (*wanted, run),
            )
            for row in cursor:
                yield _job(row)


class Heart:
    """A thread that gives signs of life in the ledger; use it as a context manager."""

    def __init__(self, path: Path, run: int, interval: float = HEARTBEAT) -> None:
        self._path, self._run, self._interval = path, run, interval
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="ledger-heartbeat", daemon=True)

    def _beat(self) -> None:
        with closing(sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)) as db:
            while not self._end.wait(self._interval):
                now = time.time()
                try:
                    db.execute("BEGIN IMMEDIATE")
                    db.execute("UPDATE run SET heartbeat = ? WHERE id = ?", (now, self._run))
                    db.execute("UPDATE job SET heartbeat = ? WHERE state = 'running'", (now,))
                    db.execute("COMMIT")
                except sqlite3.Error:
                    # A sign of life that is not given costs nothing; a real fault of the ledger
                    # shows where work is claimed and written off.
                    if db.in_transaction:
                        db.execute("ROLLBACK")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()


def _columns(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "path": job.path,
        "size": job.size,
        "stamp": job.stamp,
        "sha256": job.sha256,
        "config": job.config,
        "stem": job.stem,
        "state": job.state.value,
        "attempts": job.attempts,
        "seconds": job.seconds,
        "pages": job.pages,
        "failed_pages": json.dumps(job.failed_pages),
        "exit_code": job.exit_code,
        "error_code": job.error_code,
        "message": job.message,
        "outputs": json.dumps([asdict(output) for output in job.outputs]),
        "seen": job.seen,
    }


def _job(row: sqlite3.Row) -> Job:
    return Job(
        path=row["path"],
        size=row["size"],
        stamp=row["stamp"],
        sha256=row["sha256"],
        config=row["config"],
        stem=row["stem"],
        state=State(row["state"]),
        attempts=row["attempts"],
        seconds=row["seconds"],
        pages=row["pages"],
        failed_pages=tuple(json.loads(row["failed_pages"])),
        exit_code=row["exit_code"],
        error_code=row["error_code"],
        message=row["message"],
        outputs=tuple(Written(**output) for output in json.loads(row["outputs"])),
        seen=row["seen"],
    )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError(
            f"the ledger cannot be used ({error})",
            hint="check the disk, or begin anew with --fresh",
            path=path,
            code="E_LEDGER",
        ) from error
