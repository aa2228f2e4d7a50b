"""What came of a batch: a line per file that failed or has gaps, and one line with counts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, BinaryIO

from structure.batch.ledger import Counts, Job, Ledger, Run, State
from structure.core.output import Content

REPORT_NAME = "report.jsonl"


def report(ledger: Ledger) -> Content:
    """The report of the last run, for a writer of files: JSON, one object per line."""

    def write(file: BinaryIO) -> None:
        for job in ledger.jobs((State.FAILED, State.PARTIAL)):
            file.write(json.dumps(line_of(job), ensure_ascii=False).encode() + b"\n")

    return write


def line_of(job: Job) -> dict[str, Any]:
    """One line of the report."""
    line: dict[str, Any] = {"path": job.path.decode("utf-8", "replace")}
    if line["path"].encode() != job.path:
        line["path_bytes"] = job.path.hex()
    return line | {
        "state": job.state.value,
        "exit_code": job.exit_code,
        "code": job.error_code,
        "message": job.message,
        "pages": job.pages,
        "failed_pages": list(job.failed_pages),
        "attempts": job.attempts,
        "seconds": round(job.seconds, 3),
        "outputs": [output.name for output in job.outputs],
    }


def counted(counts: Counts) -> str:
    """The files of a batch by what became of them, on one line."""
    parts = [f"{counts.of(State.DONE)} done"]
    names = {
        State.PARTIAL: "with gaps",
        State.FAILED: "failed",
        State.SKIPPED: "skipped",
        State.RUNNING: "in work",
        State.PENDING: "left to do",
    }
    parts += [f"{counts.of(state)} {name}" for state, name in names.items() if counts.of(state)]
    return f"{_several(counts.files, 'file')}: {', '.join(parts)}; {_several(counts.pages, 'page')}"


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def status_lines(ledger: Ledger, now: float) -> Iterator[str]:
    """What `structure batch status` says.

    Args:
        ledger: Of the folder.
        now: Seconds since the epoch.
    """
    run = ledger.last_run()
    if run is not None:
        yield _run_line(run, now)
    yield counted(ledger.counts())
    for job in ledger.jobs((State.RUNNING,)):
        yield f"in work: {os.fsdecode(job.path)}"
    for job in ledger.jobs((State.FAILED, State.PARTIAL)):
        yield f"{job.state.value}: {os.fsdecode(job.path)}: {job.message or 'pages are missing'}"


def _run_line(run: Run, now: float) -> str:
    who = f"run {run.id}, version {run.version}, process {run.pid} on {run.host}"
    if run.finished is not None:
        took = run.finished - run.started
        return f"{who}: ended with exit code {run.exit_code} after {took:.0f} s"
    return (
        f"{who}: began {now - run.started:.0f} s ago, "
        f"last sign of life {now - run.heartbeat:.0f} s ago"
    )
