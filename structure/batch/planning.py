"""What is to be done: the files that a walk meets, compared with what the ledger says of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from structure.batch.ledger import Job, Ledger, State, Written
from structure.batch.naming import stem_key, stem_of
from structure.batch.places import Found, Place
from structure.core.errors import ExitCode, InputError

SUFFIXES = frozenset(b".pdf .png .jpg .jpeg .jpe .jfif .tif .tiff .webp .bmp .dib .gif".split())
"""A file with one of these claims to be readable: what it turns out to be is success or failure.
Any other file is looked into, and skipped where it is of no kind that can be read."""

_CHUNK = 500
_PASSING = frozenset({ExitCode.OUTPUT, ExitCode.MODEL})
"""Failures that say nothing about the file; each run tries again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to bring about.

    Attributes:
        formats: Suffixes of the outputs that each file shall have, for example ".docx".
        config: Hash of all that may change what is in the outputs, formats apart.
        retry_failed: Try again what failed or has gaps.
    """

    formats: tuple[str, ...]
    config: str
    retry_failed: bool = False


class Planner:
    """Brings a ledger up to date with a walk.

    Args:
        ledger: Of this run.
        run: The number of this run.
        source: Where inputs lie.
        target: Where outputs lie.
        plan: What is wanted.
    """

    def __init__(self, ledger: Ledger, run: int, source: Place, target: Place, plan: Plan) -> None:
        self._ledger, self._run = ledger, run
        self._source, self._target, self._plan = source, target, plan

    def update(self, files: Iterable[Found]) -> None:
        """Queue what is to be done; what is as it should be is left alone."""
        walk = iter(files)
        while chunk := list(islice(walk, _CHUNK)):
            with self._ledger.transaction():
                for found in chunk:
                    self._note(found)

    def open_formats(self, job: Job) -> tuple[str, ...]:
        """The formats that a file still lacks."""
        there = self._valid(job)
        return tuple(suffix for suffix in self._plan.formats if suffix not in there)

    def _note(self, found: Found) -> None:
        known = self._ledger.get(found.path)
        if found.problem is not None:
            job = known or self._new(found)
            self._put(known, failed(job, "E_UNREADABLE", found.problem))
        elif known is None:
            self._put(None, self._sorted(self._new(found), found))
        elif known.state is State.RUNNING:
            # Met again by a watch while it is in work; the next look after that will tell.
            return
        else:
            self._put(known, self._again(known, found))

    def _put(self, known: Job | None, job: Job) -> None:
        job = replace(job, seen=self._run)
        if known is None:
            self._ledger.put(job, stem_key=stem_key(job.stem))
        elif job != known:
            self._ledger.put(job)

    def _new(self, found: Found) -> Job:
        stem = stem_of(found.path)
        if self._ledger.has_stem(stem_key(stem)):
            stem = stem_of(found.path, distinct=True)
        return Job(
            path=found.path,
            size=found.size,
            stamp=found.stamp,
            config=self._plan.config,
            stem=stem,
            state=State.PENDING,
            seen=self._run,
        )

    def _again(self, job: Job, found: Found) -> Job:
        """The row of a file that is known, after a look at the file."""
        if (found.size, found.stamp) != (job.size, job.stamp):
            same = found.size == job.size and job.sha256 == self._digest(found.path)
            job = replace(job, size=found.size, stamp=found.stamp)
            if not same:
                return self._sorted(_queued(replace(job, sha256=""), self._plan.config), found)
        if job.config != self._plan.config:
            return self._sorted(_queued(job, self._plan.config), found)
        # A run tries once: what it has met before, it has tried.
        retry = self._plan.retry_failed and job.seen != self._run
        if job.state in (State.DONE, State.PARTIAL):
            if job.state is State.PARTIAL and retry:
                return _queued(replace(job, outputs=()), self._plan.config)
            return _queued(job, self._plan.config) if self.open_formats(job) else job
        if job.state is State.FAILED:
            passing = job.exit_code in _PASSING and job.seen != self._run
            return _queued(job, self._plan.config) if retry or passing else job
        return job

    def _sorted(self, job: Job, found: Found) -> Job:
        """The row as it is, or skipped where the file is of no kind that can be read."""
        if os.path.splitext(found.path)[1].lower() in SUFFIXES:  # noqa: PTH122 (bytes)
            return job
        # Imported here: the readers take long to load, and most files are told by their names.
        from structure.reading.kinds import SNIFF_BYTES, media_type

        try:
            media_type(self._source.head(found.path, SNIFF_BYTES), path="")
        except InputError as error:
            return replace(job, state=State.SKIPPED, error_code="E_KIND", message=error.what)
        except OSError:
            return job  # the attempt to read it will say why it cannot be read
        return job

    def _digest(self, path: bytes) -> str | None:
        try:
            return self._source.digest(path)
        except OSError:
            return None

    def _valid(self, job: Job) -> set[str]:
        """Formats whose outputs are there, unchanged, made from this input in this way."""
        fine: dict[str, bool] = {}
        for output in job.outputs:
            good = (
                output.source == job.sha256
                and output.config == self._plan.config
                and unchanged(output, self._target)
            )
            fine[output.suffix] = fine.get(output.suffix, True) and good
        return {suffix for suffix, good in fine.items() if good}


def failed(job: Job, code: str, message: str, exit_code: ExitCode = ExitCode.INPUT) -> Job:
    """The row of a file that failed."""
    return replace(
        job,
        state=State.FAILED,
        exit_code=int(exit_code),
        error_code=code,
        message=message,
        pages=0,
        failed_pages=(),
    )


def unchanged(output: Written, place: Place) -> bool:
    """Whether an output is still what was written."""
    name = os.fsencode(output.name)
    found = place.look(name)
    if found is None or found.size != output.size:
        return False
    if found.stamp == output.stamp:
        return True
    try:
        return place.digest(name) == output.sha256
    except OSError:
        return False


def written(names: Iterable[tuple[str, str]], place: Place, job: Job) -> Iterator[Written]:
    """What the ledger keeps of outputs.

    Args:
        names: (suffix, name relative to the output folder).
        place: Where they are.
        job: What they were made from.

    Raises:
        OSError: one cannot be read.
    """
    for suffix, name in names:
        path = os.fsencode(name)
        found = place.look(path)
        if found is None:
            raise FileNotFoundError(name)
        yield Written(
            suffix, name, place.digest(path), found.size, found.stamp, job.sha256, job.config
        )


def _queued(job: Job, config: str) -> Job:
    return replace(
        job,
        state=State.PENDING,
        config=config,
        attempts=0,
        seconds=0.0,
        pages=0,
        failed_pages=(),
        exit_code=None,
        error_code=None,
        message=None,
    )
