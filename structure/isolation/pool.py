"""Workers that carry out tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from types import TracebackType
from typing import Self

from structure.core.errors import ConfigError
from structure.core.limits import Limits
from structure.isolation.tasks import ModelOptions, Outcome, Task
from structure.isolation.work import carry_out, load

Progress = Callable[[str, int, int], None]
"""Called after each page with the key of the task, how many pages are done, and of how many."""


class WorkerPool:
    """Processes that carry out tasks, several at a time; use it as a context manager.

    Args:
        jobs: How many tasks are in work at once.
        models: What each worker loads.
        limits: For each file.

    Raises:
        ConfigError: `jobs` is less than 1.
    """

    def __init__(
        self, jobs: int, models: ModelOptions | None = None, limits: Limits | None = None
    ) -> None:
        if jobs < 1:
            raise ConfigError(f"{jobs} workers cannot work", hint="use 1 or more")
        self._jobs, self._limits = jobs, limits or Limits()
        self._models = cache(partial(load, models or ModelOptions()))
        self._stopped = False

    def run(self, tasks: Iterable[Task], *, on_page: Progress | None = None) -> Iterator[Outcome]:
        """Carry out tasks; outcomes come as they are ready, and tasks are taken as workers are.

        One outcome per task, whatever happens to it. Ends early once the pool is stopped.
        """
        for task in tasks:
            if self._stopped:
                return
            seen = None if on_page is None else partial(on_page, task.key)
            yield carry_out(task, self._models, self._limits, on_page=seen)

    def stop(self) -> None:
        """End all workers now; tasks in work have no outcome. Harmless when repeated."""
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
