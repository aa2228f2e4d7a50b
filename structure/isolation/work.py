"""Carry out one task in this process."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from structure.core.document import Document
from structure.core.errors import ExitCode, LimitError, StructureError, bug, one_line
from structure.core.limits import Limits
from structure.core.output import check_space
from structure.isolation.tasks import ModelOptions, Outcome, Task

if TYPE_CHECKING:
    from structure.core.analysis import PageAnalysis
    from structure.core.images import PageFailure, PageImage
    from structure.pipeline import Models, Steps

logger = logging.getLogger(__name__)

OnPage = Callable[[int, int], None]
"""Called after each page with how many are done, and how many there are."""


def load(options: ModelOptions) -> Models:
    """Load the models of a worker.

    Raises:
        StructureError: as `structure.pipeline.load_models`.
    """
    import cv2

    from structure.pipeline import WeightFiles, load_models

    cv2.setNumThreads(options.threads)
    weights = WeightFiles(layout=options.layout, table=options.table)
    return load_models(device=options.device, threads=options.threads, weights=weights)


def carry_out(
    task: Task,
    models: Callable[[], Models],
    limits: Limits,
    *,
    on_page: OnPage | None = None,
    steps: Steps | None = None,
) -> Outcome:
    """Read, analyse and write; whatever goes wrong is in the outcome, nothing is raised.

    Args:
        task: What to do.
        models: Called once the files have proved readable.
        limits: For reading and writing.
        on_page: For progress.
        steps: Who opens files and analyses pages; this process where None.
    """
    return guarded(task, lambda: done(task, _convert(task, models, limits, on_page, steps)))


def guarded(task: Task, work: Callable[[], Outcome]) -> Outcome:
    """The outcome of some work, or of what it raised, with its time."""
    began = time.monotonic()
    try:
        outcome = work()
    except StructureError as error:
        logger.debug("task %s failed", task.key, exc_info=True)
        outcome = failed(task, error)
    except MemoryError:
        outcome = out_of_memory(task)
    except Exception as error:
        # Border: one bad file costs itself, not the batch.
        logger.debug("task %s failed", task.key, exc_info=True)
        outcome = failed(task, bug(error, task.source))
    return replace(outcome, seconds=time.monotonic() - began)


def done(task: Task, document: Document) -> Outcome:
    """The outcome of a document that was written."""
    empty = tuple(page.n for page in document.pages if page.failure is not None)
    gaps = any(warning.severity == "loss" for warning in document.warnings)
    return Outcome(
        task.key,
        ExitCode.PARTIAL if gaps or empty else ExitCode.OK,
        pages_done=len(document.pages) - len(empty),
        pages_failed=empty,
        warnings=document.warnings,
        outputs=task.outputs,
    )


def failed(task: Task, error: StructureError) -> Outcome:
    """The outcome of a task that an error ended."""
    return Outcome(task.key, error.exit_code, error.code, one_line(str(error)))


def out_of_memory(task: Task) -> Outcome:
    """The outcome of a task that needed more memory than there is."""
    hint = "select fewer pages, a lower resolution, or raise the limit"
    return failed(
        task, LimitError("needs too much memory", hint=hint, path=task.source, code="E_MEMORY")
    )


def _convert(
    task: Task,
    models: Callable[[], Models],
    limits: Limits,
    on_page: OnPage | None,
    steps: Steps | None,
) -> Document:
    # Imported here: writers and readers take half a second, and the processes that only watch over
    # others do not need them.
    from recovery import WriteOptions
    from structure.isolation.fields import SUFFIX, FieldCollector
    from structure.pipeline import Steps, analyze, analyze_page, convert
    from structure.pipeline.overlay import OverlayFolder
    from structure.reading import Reading

    for folder in {Path(tempfile.gettempdir()), *(path.parent for path in task.outputs)}:
        check_space(folder, limits.free)
    options = task.options
    writing = WriteOptions(options.layout, options.template, options.mark_uncertain)
    overlays = OverlayFolder(options.visualize) if options.visualize is not None else None
    finished = 0

    def see(page: PageImage | PageFailure, found: PageAnalysis, total: int) -> None:
        nonlocal finished
        finished += 1
        if overlays is not None:
            overlays.add(page, found)
        if on_page is not None:
            on_page(finished, total)

    documents = tuple(path for path in task.outputs if not path.name.endswith(SUFFIX))
    collector = None if options.fields is None else FieldCollector(options.fields)
    if collector is not None:
        usual = Steps(analyze=partial(analyze_page, most_lines=limits.boxes))
        steps = collector.watch(steps or usual)
    sources = (task.source, *task.more)
    reading = Reading(
        pages=options.pages,
        dpi=options.dpi,
        ocr=options.ocr,
        password=options.password,
        limits=limits,
    )
    if collector is not None and not documents:
        document = analyze(sources, models=models, on_page=see, steps=steps, **reading)
    else:
        document = convert(
            sources,
            documents,
            writing=writing,
            models=models,
            on_page=see,
            steps=steps,
            replace_existing=options.replace,
            fields=options.with_fields,
            **reading,
        )
    for path in task.outputs:
        if collector is not None and path not in documents:
            told = collector.write(task.source, path, options.password)
            document = replace(document, warnings=(*document.warnings, *told))
    if overlays is not None:
        overlays.add_order(document)
    return document
