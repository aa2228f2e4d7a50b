"""Have tasks carried out as the options ask for it, and tell what came of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from structure.cli.messages import complain, warn
from structure.cli.options import limits_of
from structure.isolation import ModelOptions, Outcome, Progress, Task, WorkerPool


def carry_out(
    options: argparse.Namespace,
    models: ModelOptions,
    tasks: Iterable[Task],
    on_page: Progress | None = None,
) -> Iterator[Outcome]:
    """One outcome per task, one after the other, within the limits of `add_limits`."""
    with WorkerPool(
        1, models, limits_of(options), in_process=options.in_process, debug=options.debug
    ) as pool:
        yield from pool.run(tasks, on_page=on_page)


def report(outcome: Outcome, *, quiet: bool = False) -> int:
    """Say what went wrong, and (unless `quiet`) what else the user should know; the exit code."""
    if outcome.error_code is not None:
        complain(outcome.error_code, outcome.message or "", outcome.exit_code)
    elif not quiet:
        for warning in outcome.warnings:
            warn(warning.code, warning.message, warning.page)
    return int(outcome.exit_code)
