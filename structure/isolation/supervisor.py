"""The parent's side: hands out tasks, and ends workers that hang, swell or die.

The parent itself reads no file and loads no model; nothing in a file can reach it.
"""

from __future__ import annotations

import os
import select
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum

from structure.core.errors import InputError, LimitError, StructureError
from structure.core.limits import Limits
from structure.core.output import remove_leftovers
from structure.isolation import confine, watch
from structure.isolation.channel import GoneError, LateError
from structure.isolation.messages import Assignment, FailedPage, Hiring, PageNews
from structure.isolation.tasks import ModelOptions, Outcome, Progress, Task

_TICK = 0.2
"""Seconds between two looks at the clock and the memory."""
_SLACK = 60.0
"""Seconds that models may take to load, and a document to be written, beyond the time of a page."""
_TALK = 30.0
"""Seconds in which a message that has begun must have come."""
_ATTEMPTS = 2
"""Workers that may be lost at the same place."""
_MOST_LOSSES = 12
"""Workers that may be lost at one file."""
_FILES = 500
"""After so many files a worker is replaced: libraries leak."""


class Cause(StrEnum):
    """Why a worker was lost."""

    CRASH = "crash"
    TIME = "time"
    MEMORY = "memory"


@dataclass(slots=True)
class Job:
    """A task in work, over all its workers.

    Attributes:
        began: When the first worker got it.
        losses: Where workers were lost: the number of a page, or None between pages.
        failed: The pages that were given up.
        cause: Why the last worker was lost.
    """

    task: Task
    began: float
    losses: list[int | None] = field(default_factory=list)
    failed: list[FailedPage] = field(default_factory=list)
    cause: Cause | None = None

    def lose(self, cause: Cause, page: int | None, limits: Limits) -> Outcome | None:
        """Note that a worker was lost; the outcome, where another one would fare no better.

        A page that takes too long, or that costs two workers, is given up, and the others go on.
        """
        self.cause = cause
        self.losses.append(page)
        hopeless = self.losses.count(page) >= _ATTEMPTS or cause is Cause.TIME
        if len(self.losses) >= _MOST_LOSSES or (hopeless and page is None):
            return self._failed()
        if hopeless and page is not None:
            reason = {
                Cause.CRASH: "the program crashed at it",
                Cause.MEMORY: "needs too much memory",
                Cause.TIME: f"took longer than {limits.page_seconds:g} s",
            }[cause]
            self.failed.append(FailedPage(page, reason))
        return None

    def finish(self, outcome: Outcome) -> Outcome:
        """The outcome with its time; where pages given up are all there was, with their cause."""
        if outcome.error_code == "E_NO_PAGE" and self.failed:
            outcome = self._failed()
        return replace(outcome, seconds=time.monotonic() - self.began)

    def _failed(self) -> Outcome:
        path = self.task.source
        error: StructureError
        if self.cause is Cause.CRASH:
            hint = "check the file in a viewer"
            what = "the program that works on it crashes"
            error = InputError(what, hint=hint, path=path, code="E_CRASH")
        elif self.cause is Cause.MEMORY:
            hint = "select fewer pages, a lower resolution, or raise the limit"
            error = LimitError("needs too much memory", hint=hint, path=path, code="E_MEMORY")
        else:
            hint = "select fewer pages, or raise the limit"
            error = LimitError("took too long", hint=hint, path=path, code="E_TIME")
        return Outcome(self.task.key, error.exit_code, error.code, str(error))


class Slot:
    """A place for one worker and the task that it has.

    Args:
        models: For the worker.
        limits: For each file.
        debug: Whether what workers print is shown.
    """

    def __init__(self, models: ModelOptions, limits: Limits, *, debug: bool) -> None:
        self._models, self._limits, self._debug = models, limits, debug
        self._folder: str | None = None
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the slot)
        self._files = 0
        self.child: confine.Child | None = None
        self.job: Job | None = None
        self.page: int | None = None
        self.since = 0.0

    def give(self, job: Job) -> None:
        """Let a worker begin a job, or go on with it after another worker."""
        self.job, self.page, self.since = job, None, time.monotonic()
        again = job.cause is not None
        if not again:
            # Here and not by the worker: one that is lost before it begins would leave the pages of
            # the last file for the next worker to find.
            os.ftruncate(self._spool.fileno(), 0)
        if self.child is None:
            self.child = self._hire()
        seconds = None
        if self._limits.file_seconds:
            seconds = max(0.0, job.began + self._limits.file_seconds - time.monotonic())
        # A worker that has died already is noticed like any other.
        with suppress(GoneError):
            self.child.channel.send("task", Assignment(job.task, seconds, again, tuple(job.failed)))

    def resume(self) -> None:
        """Let a fresh worker go on where the last one was lost."""
        if self.job is not None:
            self.give(self.job)

    def hear(self, on_page: Progress | None) -> Outcome | None:
        """Take one message of the worker.

        Raises:
            GoneError: it has ended, or talks nonsense.
            LateError: it stopped in the middle of a message.
        """
        if self.child is None or self.job is None:
            raise GoneError("nobody works")
        message = self.child.channel.receive(time.monotonic() + _TALK)
        if message.kind == "outcome":
            outcome = message.value(Outcome)
            self._files += 1
            return outcome
        news = message.value(PageNews)
        self.page = news.number if message.kind == "begin" else None
        self.since = time.monotonic()
        if message.kind == "end" and on_page is not None:
            on_page(self.job.task.key, news.done, news.total)
        return None

    def excess(self) -> Cause | None:
        """Which limit the worker has passed, if any."""
        if self.child is None:
            return None
        seconds = self._limits.page_seconds
        if seconds and self.page is None:
            seconds = 2 * seconds + _SLACK
        if seconds and time.monotonic() > self.since + seconds:
            return Cause.TIME
        if self._limits.memory and watch.resident(self.child.process.pid) > self._limits.memory:
            return Cause.MEMORY
        return None

    def rest(self) -> None:
        """Be free for another job; a worker that has grown old or large is let go."""
        self.job = None
        if self.child is None:
            return
        large = self._limits.memory / 2
        if self._files >= _FILES or 0 < large < watch.resident(self.child.process.pid):
            self.dismiss()

    def dismiss(self) -> None:
        """End the worker with all its children, and remove what it left in the middle of."""
        child, self.child = self.child, None
        if child is None:
            return
        below = watch.family(child.process.pid)
        child.kill()
        for pid in below[1:]:
            confine.kill_group(pid)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        if self.job is not None:
            for folder in {path.parent for path in self.job.task.outputs}:
                remove_leftovers(folder, child.process.pid)

    def close(self) -> None:
        """End the worker; harmless when repeated."""
        self.dismiss()
        self._spool.close()

    def _hire(self) -> confine.Child:
        self._files = 0
        self._folder = tempfile.mkdtemp(prefix="structure-")
        threads = str(self._models.threads)
        spool = self._spool.fileno()
        child = confine.start(
            "structure.isolation.worker",
            debug=self._debug,
            environment=[
                ("TMPDIR", self._folder),
                ("OMP_NUM_THREADS", threads),
                ("OPENBLAS_NUM_THREADS", threads),
            ],
            keep=[spool],
        )
        with suppress(GoneError):
            child.channel.send("hired", Hiring(self._models, self._limits, spool))
        return child


def supervise(
    slots: Sequence[Slot],
    tasks: Iterable[Task],
    limits: Limits,
    on_page: Progress | None,
    stopped: Callable[[], bool],
) -> Iterator[Outcome]:
    """Have tasks carried out in `slots`; outcomes come as they are ready.

    Whatever ends this early, an error of the caller included, leaves no worker at work.
    """
    source = iter(tasks)
    try:
        while not stopped():
            _hand_out(slots, source)
            if not any(slot.job for slot in slots):
                return
            for slot in _ready(slots):
                outcome = _attend(slot, limits, on_page)
                if outcome is not None and not stopped():
                    yield outcome
            for slot in slots:
                cause = slot.excess()
                outcome = None if cause is None else _lose(slot, cause, limits)
                if outcome is not None and not stopped():
                    yield outcome
    finally:
        for slot in slots:
            if slot.job is not None:
                slot.dismiss()
                slot.job = None


def _hand_out(slots: Sequence[Slot], source: Iterator[Task]) -> None:
    """Give work to whoever has none; a file that needs very much memory gets all of it."""
    held = [slot for slot in slots if slot.job is not None and slot.child is None]
    large = [slot for slot in slots if slot.job is not None and slot.job.cause is Cause.MEMORY]
    if large:
        if sum(slot.job is not None and slot.child is not None for slot in slots) == 0:
            large[0].resume()
        return
    for slot in held:
        slot.resume()
    for slot in slots:
        if slot.job is None:
            task = next(source, None)
            if task is None:
                return
            slot.give(Job(task, time.monotonic()))


def _ready(slots: Sequence[Slot]) -> list[Slot]:
    """Those whose workers have something to say, within one tick."""
    poll = select.poll()
    found = {}
    for slot in slots:
        if slot.job is not None and slot.child is not None:
            found[slot.child.channel.fileno()] = slot
            poll.register(slot.child.channel.fileno(), select.POLLIN)
    return [found[descriptor] for descriptor, _ in poll.poll(_TICK * 1000)]


def _attend(slot: Slot, limits: Limits, on_page: Progress | None) -> Outcome | None:
    try:
        outcome = slot.hear(on_page)
    except (GoneError, LateError):
        return _lose(slot, Cause.CRASH, limits)
    if outcome is None or slot.job is None:
        return None
    outcome = slot.job.finish(outcome)
    slot.rest()
    return outcome


def _lose(slot: Slot, cause: Cause, limits: Limits) -> Outcome | None:
    """End a worker that is of no more use; the outcome, where the task is not tried again."""
    job = slot.job
    if job is None:
        return None
    slot.dismiss()
    outcome = job.lose(cause, slot.page, limits)
    if outcome is None:
        return None
    slot.job = None
    return job.finish(outcome)
