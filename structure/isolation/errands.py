"""What the smaller commands do with a file: find its regions, read one table, extract fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structure.core.document import Warning
from structure.core.errors import ConfigError, ExitCode, InputError
from structure.core.output import write_atomic
from structure.isolation import work
from structure.isolation.tasks import SCHEMAS, ModelOptions, Outcome, Task

if TYPE_CHECKING:
    from kie import KieExtractor, KieResult
    from layout import LayoutDetector
    from structure.core.images import PageFailure
    from structure.pipeline import Models
    from structure.reading import OpenFile
    from structure.transcription import Transcript


def run_errand(task: Task, models: ModelOptions, open_file: OpenFile) -> Outcome:
    """Do what `task.errand` names; whatever goes wrong is in the outcome, nothing is raised.

    Args:
        task: What to do.
        models: What to load for it; loaded once in a process.
        open_file: Opens the file of the task.
    """
    return work.guarded(task, lambda: _ERRANDS[task.errand](task, models, open_file))


def _table(task: Task, models: ModelOptions, open_file: OpenFile) -> Outcome:
    """One table picture to files."""
    from structure.pipeline import convert_table

    table = convert_table(
        task.source,
        task.outputs,
        dpi=task.options.dpi,
        models=lambda: _models(models),
        open_file=open_file,
    )
    if not table.grid.cells:
        raise InputError(
            "no table was found", path=task.source, hint="check the picture", code="E_NO_TABLE"
        )
    told = Warning("W_TABLE", "the table may be read wrong; compare it with the picture", "info")
    return _done(task, 1, *([told] if table.needs_review else []))


def _layout(task: Task, models: ModelOptions, open_file: OpenFile) -> Outcome:
    """The regions of each page, as JSON or drawn on the one page."""
    from structure.core.images import PageFailure
    from structure.pipeline.overlay import draw_regions

    (target,) = task.outputs
    options = task.options
    as_picture = target.suffix.lower() == ".png"
    pages: list[dict[str, Any]] = []
    failures: list[PageFailure] = []
    data = b""
    with open_file(task.source, pages=options.pages, dpi=options.dpi, ocr=options.ocr) as source:
        if as_picture and len(source) > 1:
            raise ConfigError("a picture shows one page", hint="choose it with --pages")
        detector = _detector(models)
        for page in source:
            if isinstance(page, PageFailure):
                failures.append(page)
                pages.append(_failure(page))
                continue
            (regions,) = detector([page.pixels], min_score=options.min_score)
            found = [
                {
                    "label": region.label,
                    "box": [round(v, 2) for v in region.box.as_tuple()],
                    "score": round(region.score, 4),
                }
                for region in regions
            ]
            size = {"width": page.width, "height": page.height}
            pages.append({"page": page.number, **size, "regions": found})
            if as_picture:
                data = draw_regions(page.pixels, regions)
    if len(failures) == len(pages):
        raise InputError(
            f"no page could be processed ({failures[0].reason})",
            hint="check the file in a viewer",
            path=task.source,
            code="E_NO_PAGE",
        )
    if not as_picture:
        data = (json.dumps({"pages": pages}, indent=1) + "\n").encode()
    write_atomic(target, data, forbidden=[task.source])
    return _done(task, len(pages) - len(failures), *map(_lost, failures))


def _failure(page: PageFailure) -> dict[str, Any]:
    return {"page": page.number, "failure": page.reason, "regions": []}


def _lost(page: PageFailure) -> Warning:
    what = f"page {page.number} could not be processed ({page.reason})"
    return Warning("W_PAGE", what, "loss", page.number)


def _fields(task: Task, models: ModelOptions, open_file: OpenFile) -> Outcome:
    """The fields of one document, as JSON."""
    from kie.schema_files import read_schema
    from kie.serializing import to_json

    (target,) = task.outputs
    options = task.options
    schema = options.fields or SCHEMAS[0]
    pictures = None if options.visualize is None else _Pictures(options.visualize, task.key)
    result = _extractor(models, options.rules_only).extract_file(
        task.source,
        schema if schema in SCHEMAS else read_schema(Path(schema)),
        on_page=None if pictures is None else pictures.add,
        open_file=open_file,
        pages=options.pages,
        dpi=options.dpi,
        ocr=options.ocr,
        password=options.password,
    )
    write_atomic(target, to_json(result).encode())
    if pictures is not None:
        pictures.finish(result)
    told = [
        Warning(notice.code, notice.message, "loss" if notice.loss else "info", notice.page)
        for notice in result.warnings
    ]
    return _done(task, len(result.pages), *told)


class _Pictures:
    """Pictures of the pages of one file; they are drawn on when the fields are known.

    Args:
        folder: Where they come to.
        prefix: What their names begin with.
    """

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder, self._prefix = folder, prefix
        self._numbers: list[int] = []

    def add(self, page: Transcript, total: int) -> None:
        """Keep the pixels of a page as a file."""
        from structure.pipeline.field_overlay import write_page

        if page.pixels is not None:
            write_page(self._folder, self._name(page.number), page.pixels)
            self._numbers.append(page.number)

    def finish(self, result: KieResult) -> None:
        """Draw the fields."""
        from structure.pipeline.field_overlay import draw_fields

        for number in self._numbers:
            draw_fields(self._folder, self._name(number), result, number)

    def _name(self, number: int) -> str:
        return f"{self._prefix}page-{number:03d}.png"


def _done(task: Task, pages: int, *warnings: Warning) -> Outcome:
    lost = [warning.page for warning in warnings if warning.severity == "loss"]
    failed = tuple(sorted({page for page in lost if page is not None}))
    return Outcome(
        task.key,
        ExitCode.PARTIAL if lost else ExitCode.OK,
        pages_done=pages,
        pages_failed=failed,
        warnings=warnings,
        outputs=task.outputs,
    )


_ERRANDS: dict[str, Callable[[Task, ModelOptions, OpenFile], Outcome]] = {
    "table": _table,
    "layout": _layout,
    "fields": _fields,
}


@cache
def _models(options: ModelOptions) -> Models:
    return work.load(options)


@cache
def _detector(options: ModelOptions) -> LayoutDetector:
    from layout import LayoutDetector

    if options.layout is not None:
        return LayoutDetector.from_file(options.layout, device=options.device)
    return LayoutDetector.from_pretrained(device=options.device, threads=options.threads)


@cache
def _extractor(options: ModelOptions, rules_only: bool) -> KieExtractor:
    from kie import KieExtractor

    return KieExtractor(
        weights=options.fields,
        device=options.device,
        threads=options.threads,
        rules_only=rules_only,
    )
