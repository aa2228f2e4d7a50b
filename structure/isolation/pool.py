"""Workers that carry out tasks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache, partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from structure.core.errors import ConfigError
from structure.core.limits import Limits
from structure.isolation.tasks import ModelOptions, Outcome, Progress, Task
from structure.isolation.work import carry_out, load

if TYPE_CHECKING:
    from structure.isolation.supervisor import Slot


class WorkerPool:
    """Processes that carry out tasks, several at a time; use it as a context manager.

    A worker that hangs, swells or dies costs a page or a file, never the pool. Workers stay for
    several calls of `run`, and start when there is something to do; they end with the thread that
    started them, so run it in one that lives as long as the pool. Systems other than Linux and
    macOS do the work in this process.

    Args:
        jobs: How many tasks are in work at once.
        models: What each worker loads.
        limits: For each file.
        in_process: Do all work in this process, one task after the other: for a debugger. A file
            that crashes a library then ends this process, and nobody stops one that hangs.
        debug: Whether what libraries print in the workers is shown, and tracebacks with it.

    Raises:
        ConfigError: `jobs` is less than 1.
    """

    def __init__(
        self,
        jobs: int,
        models: ModelOptions | None = None,
        limits: Limits | None = None,
        *,
        in_process: bool = False,
        debug: bool = False,
    ) -> None:
        if jobs < 1:
            raise ConfigError(f"{jobs} workers cannot work", hint="use 1 or more")
        self._limits, self._options = limits or Limits(), models or ModelOptions()
        self._models = cache(partial(load, self._options))
        self._stopped = False
        self._slots: list[Slot] = []
        self._separate = os.name == "posix" and not in_process
        if self._separate:
            # Imported here: other systems lack what it is made of.
            from structure.isolation.supervisor import Slot

            self._slots = [Slot(self._options, self._limits, debug=debug) for _ in range(jobs)]

    def run(self, tasks: Iterable[Task], *, on_page: Progress | None = None) -> Iterator[Outcome]:
        """Carry out tasks; outcomes come as they are ready, and tasks are taken as workers are.

        One outcome per task, whatever happens to it. Ends early once the pool is stopped. Nobody
        watches over the workers while the caller holds on to an outcome or thinks about the next
        task: be quick about both.
        """
        if self._separate:
            from structure.isolation.supervisor import supervise

            yield from supervise(self._slots, tasks, self._limits, on_page, lambda: self._stopped)
            return
        for task in tasks:
            if self._stopped:
                return
            yield self._here(task, on_page)

    def _here(self, task: Task, on_page: Progress | None) -> Outcome:
        if task.errand == "document":
            seen = None if on_page is None else partial(on_page, task.key)
            return carry_out(task, self._models, self._limits, on_page=seen)
        # Imported here: documents do not need it.
        from structure.isolation.errands import run_errand
        from structure.reading import open_source

        return run_errand(task, self._options, partial(open_source, limits=self._limits))

    def stop(self) -> None:
        """Take no more tasks and drop those in work; they have no outcome. Safe in any thread."""
        self._stopped = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        for slot in self._slots:
            slot.close()
