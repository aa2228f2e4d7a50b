"""The progress of a batch on a terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from structure.batch import Counts, Job, Listener, State
from structure.cli.options import printable


class Progress(Listener):
    """Files done, pages per minute, time left; silent where no terminal is there.

    Args:
        quiet: Show nothing.
        each: Also print a line for every file, on standard output.
    """

    def __init__(self, *, quiet: bool = False, each: bool = False) -> None:
        console = Console(stderr=True, quiet=quiet)
        self._each = each and not quiet
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._bar.add_task("looking", total=None, speed="")
        self._began = time.monotonic()
        self._left = self._files = self._pages = 0

    def planned(self, counts: Counts) -> None:
        """Show what there is to do."""
        self._began = time.monotonic()
        self._left = counts.of(State.PENDING)
        self._bar.update(
            self._task, description="files", total=counts.files, completed=counts.files - self._left
        )

    def page(self, key: str, done: int, total: int) -> None:
        """Count a page."""
        self._pages += 1
        self._bar.update(self._task, speed=self._speed())

    def finished(self, job: Job) -> None:
        """Count a file."""
        self._files += 1
        self._bar.update(self._task, advance=1, speed=self._speed())
        if self._each:
            said = job.message or ("1 page" if job.pages == 1 else f"{job.pages} pages")
            line = f"{job.state.value}: {job.path.decode('utf-8', 'replace')}: {said}"
            print(printable(line), flush=True)

    def _speed(self) -> str:
        seconds = time.monotonic() - self._began
        if seconds <= 0:
            return ""
        speed = f"{self._pages / seconds * 60:.0f} pages/min"
        left = self._left - self._files
        if not self._files or left <= 0:
            return speed
        return f"{speed}, {_duration(seconds / self._files * left)} left"

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.__exit__(kind, error, trace)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
