"""Who does the work of a batch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from structure.batch.places import Folder
from structure.isolation import Outcome, Progress, Task, TaskOptions, WorkerPool


@dataclass(frozen=True, slots=True)
class Work:
    """One document to make.

    Attributes:
        key: Comes back in the outcome.
        path: The input, relative to the input folder.
        outputs: The files to write, relative to the output folder; their folder exists.
    """

    key: str
    path: bytes
    outputs: tuple[str, ...]


class Engine(Protocol):
    """Carries out works, several at a time; a context manager."""

    def run(self, works: Iterable[Work], *, on_page: Progress | None = None) -> Iterator[Outcome]:
        """One outcome per work, as they are ready; works are taken as there is room for them."""
        ...

    def stop(self) -> None:
        """End what is in work; it has no outcome."""
        ...

    def __enter__(self) -> Self:
        """Get ready."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and leave nobody behind."""
        ...


class LocalEngine:
    """The worker processes of this machine.

    Args:
        pool: The workers.
        source: Where inputs lie.
        target: Where outputs go.
        options: How each file is read and written.
    """

    def __init__(
        self, pool: WorkerPool, source: Folder, target: Folder, options: TaskOptions
    ) -> None:
        self._pool, self._source, self._target = pool, source, target
        self._options = options

    def run(self, works: Iterable[Work], *, on_page: Progress | None = None) -> Iterator[Outcome]:
        """One outcome per work, as they are ready."""
        return self._pool.run(map(self._task, works), on_page=on_page)

    def _task(self, work: Work) -> Task:
        return Task(
            work.key,
            self._source.locate(work.path),
            tuple(self._target.locate(os.fsencode(name)) for name in work.outputs),
            self._options,
        )

    def stop(self) -> None:
        """End all workers now."""
        self._pool.stop()

    def __enter__(self) -> Self:
        self._pool.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.__exit__(kind, error, trace)
