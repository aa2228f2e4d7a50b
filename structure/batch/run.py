"""A folder of files to a folder of documents, resumable at any point."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from structure.batch.engines import Engine, Work
from structure.batch.ledger import Counts, Heart, Job, Ledger, State, Written
from structure.batch.leftovers import remove_stale
from structure.batch.locking import FolderLock
from structure.batch.places import LEDGER_NAME, Folder, Place
from structure.batch.planning import Plan, Planner, failed, unchanged, written
from structure.batch.report import REPORT_NAME, report
from structure.batch.signals import Signals
from structure.batch.watching import Settling, Watch
from structure.core.errors import (
    ExitCode,
    ModelError,
    OutputError,
    StructureError,
    display_name,
    one_line,
)
from structure.core.output import write_atomic
from structure.isolation import Outcome
from structure.isolation.fields import SUFFIX as FIELDS_SUFFIX

LOCK_NAME = "lock"
STOPPED = (ExitCode.INTERRUPTED, ExitCode.TERMINATED)


class Listener:
    """Hears how a batch goes; override what is of interest."""

    def planned(self, counts: Counts) -> None:
        """What there is to do, and what was done before."""

    def page(self, key: str, done: int, total: int) -> None:
        """A page of a file is done."""

    def finished(self, job: Job) -> None:
        """A file is done, or has failed."""


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a batch is run, the work on each file apart.

    Attributes:
        plan: What is to be there in the end.
        fresh: Forget what earlier runs did.
        max_failures: End early after more failed files than this; None for never.
        watch: Go on waiting for files; None to end when all is done.
        file_size: Files of more bytes are not hashed: they will be refused.
    """

    plan: Plan
    fresh: bool = False
    max_failures: int | None = None
    watch: Watch | None = None
    file_size: int = 0


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How a batch ended.

    Attributes:
        exit_code: OK, or PARTIAL where files failed, have gaps or were left.
        counts: Files by what became of them.
        done_now: Files that this run worked on.
        pages_now: Pages that this run wrote.
        seconds: How long it took.
        report: Where failures are listed.
    """

    exit_code: ExitCode
    counts: Counts
    done_now: int
    pages_now: int
    seconds: float
    report: Path


def run_batch(
    source: Place,
    target: Place,
    state: Path,
    engine: Callable[[], Engine],
    options: BatchOptions,
    *,
    listener: Listener | None = None,
) -> BatchResult:
    """Bring about what the plan asks for, going on where an earlier run ended.

    Args:
        source: The inputs.
        target: Where outputs go.
        state: Folder of ledger and lock; made where it does not exist.
        engine: Called once there is work.
        options: How.
        listener: Hears how it goes.

    Raises:
        BusyError: another run is at work here.
        OutputError: the ledger cannot be written.
        ModelError: the models cannot be loaded.
        KeyboardInterrupt: stopped; the ledger is closed, and the same call goes on from here.
    """
    make_state(state)
    report_path = (target.root if isinstance(target, Folder) else state) / REPORT_NAME
    with ExitStack() as stack:
        signals = stack.enter_context(Signals())
        stack.enter_context(FolderLock(state / LOCK_NAME, state.parent))
        if options.fresh:
            forget(state)
        ledger = stack.enter_context(Ledger(state / LEDGER_NAME))
        batch = _Batch(source, target, ledger, options, listener or Listener(), signals)
        exit_code = ExitCode.INTERNAL
        try:
            exit_code = batch.run(engine)
        except StructureError as error:
            exit_code = error.exit_code
            raise
        except BaseException:
            exit_code = ExitCode.INTERRUPTED
            raise
        finally:
            # A second Ctrl-C waits: what is left takes no time that anybody would notice.
            with signals.shield():
                ledger.end_run(batch.number, int(exit_code))
                write_atomic(report_path, report(ledger))
                if isinstance(target, Folder):
                    remove_stale(target.root)
        if FIELDS_SUFFIX in options.plan.formats:
            # Imported here: other batches need nothing of extraction.
            from structure.batch.tables import write_tables

            write_tables(ledger, target)
        return BatchResult(
            exit_code,
            ledger.counts(),
            batch.done,
            batch.pages,
            time.monotonic() - batch.began,
            report_path,
        )


def check_free(state: Path) -> None:
    """Find out whether another run is at work, before anything that takes time.

    Raises:
        BusyError: there is one.
        OutputError: the folder of ledger and lock cannot be made.
    """
    make_state(state)
    with FolderLock(state / LOCK_NAME, state.parent):
        pass


def make_state(state: Path) -> None:
    """Make the folder of ledger and lock.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the folder cannot be made ({error.strerror})",
            hint="choose another output folder",
            path=state.parent,
        ) from error


def forget(state: Path) -> None:
    """Remove the ledger; outputs stay until they are replaced."""
    for suffix in ("", "-wal", "-shm"):
        (state / f"{LEDGER_NAME}{suffix}").unlink(missing_ok=True)


class _Batch:
    """One run over the ledger."""

    def __init__(
        self,
        source: Place,
        target: Place,
        ledger: Ledger,
        options: BatchOptions,
        listener: Listener,
        signals: Signals,
    ) -> None:
        self._source, self._target, self._ledger = source, target, ledger
        self._options, self._listener, self._signals = options, listener, signals
        self._among_inputs = _inputs_below(source, target)
        self._open: dict[str, tuple[Job, tuple[str, ...]]] = {}
        self._failures = 0
        self._looked = 0.0
        self._settling = Settling(options.watch) if options.watch is not None else None
        self.began = time.monotonic()
        self.done = self.pages = 0
        with signals.shield():
            self.number = ledger.begin_run(
                host=socket.gethostname(),
                version=version("docstructure"),
                config=options.plan.config,
                options=" ".join(options.plan.formats),
            )
        self._planner = Planner(ledger, self.number, source, target, options.plan)

    def run(self, engine: Callable[[], Engine]) -> ExitCode:
        """Work until nothing is left, or until enough has failed."""
        if isinstance(self._target, Folder):
            remove_stale(self._target.root)
        self._look()
        self._listener.planned(self._counts())
        with ExitStack() as stack:
            stack.enter_context(Heart(self._ledger.path, self.number))
            working: Engine | None = None
            while True:
                if self._ledger.has_pending(self.number):
                    working = working or stack.enter_context(engine())
                    self._work(working)
                if self._options.watch is None or self._enough():
                    break
                time.sleep(self._options.watch.interval)
                self._look()
        counts = self._counts()
        fine = counts.of(State.DONE) + counts.of(State.SKIPPED) == counts.files
        return ExitCode.OK if fine else ExitCode.PARTIAL

    def _work(self, engine: Engine) -> None:
        for outcome in engine.run(self._works(), on_page=self._listener.page):
            with self._signals.shield():
                self._record(outcome)
            if self._enough():
                engine.stop()
                return

    def _look(self) -> None:
        """Compare the inputs with the ledger."""
        files = self._source.walk()
        with self._signals.shield():
            self._planner.update(files if self._settling is None else self._settling(files))
        self._looked = time.monotonic()

    def _works(self) -> Iterator[Work]:
        while not self._enough():
            watch = self._options.watch
            if watch is not None and time.monotonic() - self._looked > watch.interval:
                self._look()
            with self._signals.shield():
                job = self._ledger.claim(f"{self.number}", self.number)
                work = None if job is None else self._prepared(job)
            if job is None:
                return
            if work is not None:
                yield work

    def _enough(self) -> bool:
        most = self._options.max_failures
        return most is not None and self._failures > most

    def _counts(self) -> Counts:
        return self._ledger.counts(self.number)

    def _prepared(self, job: Job) -> Work | None:
        """What to do for a claimed file; None where it has failed already."""
        found = self._source.look(job.path)
        try:
            if found is None:
                raise FileNotFoundError(0, "it has gone since the folder was looked through")
            digest = ""
            if not self._options.file_size or found.size <= self._options.file_size:
                digest = self._source.digest(job.path)
        except OSError as error:
            self._finish(failed(job, "E_UNREADABLE", f"cannot be read ({error.strerror})"))
            return None
        job = replace(job, size=found.size, stamp=found.stamp, sha256=digest)
        suffixes = self._planner.open_formats(job)
        if self._among_inputs and job.stem.startswith(self._among_inputs):
            message = "its output would lie among the inputs; choose another output folder"
            self._finish(failed(job, "E_OUTPUT", message, ExitCode.OUTPUT))
            return None
        try:
            self._target.make_folder(os.fsencode(job.stem))
        except OSError as error:
            message = f"the output folder cannot be made ({error.strerror})"
            self._finish(failed(job, "E_OUTPUT", message, ExitCode.OUTPUT))
            return None
        self._open[job.id] = job, suffixes
        return Work(job.id, job.path, tuple(job.stem + suffix for suffix in suffixes))

    def _record(self, outcome: Outcome) -> None:
        """Write off what an engine has done."""
        job, suffixes = self._open.pop(outcome.key)
        if outcome.exit_code in STOPPED:
            self._ledger.release(job)
        elif outcome.exit_code is ExitCode.MODEL:
            # No file's fault, and every other would end the same way.
            self._ledger.release(job)
            raise ModelError(
                outcome.message or "the models cannot be used", code=outcome.error_code
            )
        elif outcome.exit_code in (ExitCode.OK, ExitCode.PARTIAL):
            self._finish(self._succeeded(job, suffixes, outcome))
        else:
            code, message = outcome.error_code or "E_INTERNAL", outcome.message or "it failed"
            message = message.removeprefix(f"{display_name(os.fsdecode(job.path))}: ")
            self._finish(failed(job, code, message, outcome.exit_code), outcome.seconds)

    def _succeeded(self, job: Job, suffixes: tuple[str, ...], outcome: Outcome) -> Job:
        names = [(suffix, job.stem + suffix) for suffix in suffixes]
        if ".md" in suffixes:
            folder = os.fsencode(f"{job.stem}_assets")
            names += [(".md", os.fsdecode(path)) for path in self._target.list_folder(folder)]
        try:
            new = tuple(written(names, self._target, job))
        except OSError as error:
            reason = f"the output cannot be read back ({error.strerror or error})"
            return failed(job, "E_OUTPUT", one_line(reason), ExitCode.OUTPUT)
        kept = tuple(output for output in job.outputs if output.suffix not in suffixes)
        self.pages += outcome.pages_done
        return replace(
            job,
            state=State.DONE if outcome.exit_code is ExitCode.OK else State.PARTIAL,
            seconds=outcome.seconds,
            pages=outcome.pages_done,
            failed_pages=outcome.pages_failed,
            exit_code=int(outcome.exit_code),
            error_code=None,
            message=_gaps(outcome),
            outputs=kept + new,
        )

    def _finish(self, job: Job, seconds: float = 0.0) -> None:
        if job.state is State.FAILED:
            self._failures += 1
            job = replace(job, seconds=seconds, outputs=tuple(self._still_true(job)))
        self.done += 1
        self._ledger.finish(job)
        self._listener.finished(job)

    def _still_true(self, job: Job) -> Iterator[Written]:
        """Outputs of a failed file that may stay; those of what it was before go."""
        for output in job.outputs:
            if output.source == job.sha256 or not job.sha256:
                yield output
            elif unchanged(output, self._target):
                with suppress(OSError):
                    self._target.remove(os.fsencode(output.name))


def _gaps(outcome: Outcome) -> str | None:
    losses = [warning.message for warning in outcome.warnings if warning.severity == "loss"]
    return one_line("; ".join(losses)) if losses else None


def _inputs_below(source: Place, target: Place) -> str:
    """Where inputs lie within the output folder, with a "/" at its end; empty if they do not."""
    if not (isinstance(source, Folder) and isinstance(target, Folder)):
        return ""
    inside, outside = source.root.resolve(), target.root.resolve()
    if inside == outside or not inside.is_relative_to(outside):
        return ""
    return inside.relative_to(outside).as_posix() + "/"
