"""The process that holds the models: it sees pages as plain pixels and typed values only.

Files are opened by a decoder of their own. Some things need the original again: a searchable PDF
contains it, ALTO and hOCR tell its exact size, an electronic invoice lies inside it. Then this
process opens it: one more process would cost each file what only a bad one shall cost.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Unpack

from structure.isolation.channel import Channel, GoneError
from structure.isolation.messages import Assignment, Hiring, PageNews, request_of, start_decoder
from structure.isolation.tasks import Outcome

if TYPE_CHECKING:
    from structure.core.analysis import PageAnalysis
    from structure.core.images import PageFailure, PageImage
    from structure.isolation.remote import Opener
    from structure.pipeline import Models
    from structure.reading import Reading, SourceFile


def main(reader: int, writer: int, *, debug: bool) -> None:
    """Carry out one task after the other, until there are no more."""
    logging.basicConfig(level=logging.DEBUG if debug else logging.CRITICAL, stream=sys.stderr)
    channel = Channel(reader, writer)
    with suppress(GoneError):
        hiring = channel.receive().value(Hiring)
        models = cache(partial(_load, hiring))
        while True:
            assignment = channel.receive().value(Assignment)
            outcome = _carry_out(channel, hiring, assignment, models, debug=debug)
            channel.send("outcome", outcome)
    # Not the long way: libraries with threads may hang in their own ending.
    os._exit(0)


def _load(hiring: Hiring) -> Models:
    from structure.isolation.work import load

    return load(hiring.models)


def _carry_out(
    channel: Channel,
    hiring: Hiring,
    assignment: Assignment,
    models: Callable[[], Models],
    *,
    debug: bool,
) -> Outcome:
    task, limits = assignment.task, hiring.limits
    request = request_of(task, task.source, limits)
    # The decoder starts now: the imports below take longer than it needs to open the file.
    ahead = request, start_decoder(request, debug=debug)
    from structure.isolation.remote import Clock, Opener

    until = None if assignment.seconds is None else time.monotonic() + assignment.seconds
    clock = Clock(limits.page_seconds, until)
    opener = Opener(clock, ahead=ahead, debug=debug)
    do = _document if task.errand == "document" else _errand
    try:
        return clock.explain(do(channel, hiring, assignment, models, opener))
    finally:
        opener.close()


def _document(
    channel: Channel,
    hiring: Hiring,
    assignment: Assignment,
    models: Callable[[], Models],
    opener: Opener,
) -> Outcome:
    from structure.core.images import PageFailure
    from structure.isolation.spool import Spool
    from structure.isolation.work import carry_out
    from structure.pipeline import Steps, analyze_page
    from structure.pipeline.pages import failed_page

    spool = Spool(hiring.spool, fresh=not assignment.again)
    for page in assignment.failed:
        spool.keep(failed_page(PageFailure(page.number, page.reason)))

    def analyze(page: PageImage | PageFailure, models: Models) -> PageAnalysis:
        channel.send("begin", PageNews(page.number, 0, 0))
        found = analyze_page(page, models, most_lines=hiring.limits.boxes)
        spool.keep(found)
        return found

    def tell(done: int, total: int) -> None:
        channel.send("end", PageNews(0, done, total))

    return carry_out(
        assignment.task,
        models,
        hiring.limits,
        on_page=tell,
        steps=Steps(opener, spool.recall, analyze),
    )


def _errand(
    channel: Channel,
    hiring: Hiring,
    assignment: Assignment,
    models: Callable[[], Models],
    opener: Opener,
) -> Outcome:
    from structure.isolation.announced import announced
    from structure.isolation.errands import run_errand

    def begin(number: int) -> None:
        channel.send("begin", PageNews(number, 0, 0))

    def end(done: int, total: int) -> None:
        channel.send("end", PageNews(0, done, total))

    def opened(path: str | os.PathLike[str], **reading: Unpack[Reading]) -> SourceFile:
        reading["limits"] = hiring.limits
        return announced(opener(path, **reading), assignment.failed, begin, end)

    return run_errand(assignment.task, hiring.models, opened)
