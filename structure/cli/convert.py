"""`structure convert`: pages to documents."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from structure.cli.options import (
    FORMATS,
    add_docx_styles,
    add_inputs,
    add_limits,
    add_models,
    read_password,
)
from structure.cli.running import carry_out, report
from structure.core.errors import ConfigError
from structure.core.output import output_target
from structure.isolation import SCHEMAS, ModelOptions, Task, TaskOptions

STANDARD_OUTPUT = Path("-")

DESCRIPTION = """\
Turn scans, photos and PDFs into editable documents. Several inputs become one document, in their
order; several -o write several formats of it. Formats by extension: docx xlsx html md json txt;
pdf (searchable: the pages as they are, with text to find and copy); alto.xml and hocr.html (every
word with its place).
"""


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "convert",
        help="pages to docx, xlsx, html, md, json, txt, pdf, alto.xml, hocr.html",
        description=DESCRIPTION,
    )
    add_inputs(command)
    command.add_argument(
        "-o", dest="outputs", action="append", required=True, type=Path, metavar="OUT",
        help="file to write; repeat for several formats; - for standard output, with --to",
    )  # fmt: skip
    command.add_argument("--to", metavar="FORMAT", help="format of standard output, as docx")
    command.add_argument(
        "--no-clobber", action="store_true", help="refuse outputs that exist already"
    )
    command.add_argument(
        "--visualize", type=Path, metavar="DIR",
        help="also write a picture of each page with regions, order, cells and lines",
    )  # fmt: skip
    command.add_argument(
        "--layout", choices=("editable", "formatted", "exact", "plain"), default="editable",
        help="docx: text that flows (default), with the line breaks of the page, with every block "
        "in its place, or without any form",
    )  # fmt: skip
    add_docx_styles(command)
    command.add_argument(
        "--fields", choices=SCHEMAS,
        help="also extract fields: in JSON, a sheet of xlsx, a table at the end of docx, html, md",
    )  # fmt: skip
    command.add_argument("--quiet", action="store_true", help="no progress bar, no warnings")
    add_models(command)
    command.add_argument(
        "--layout-weights", type=Path, metavar="FILE", help=".safetensors, .onnx or .pdparams"
    )
    command.add_argument("--table-weights", type=Path, metavar="FILE", help="likewise")
    add_limits(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Convert and report."""
    with ExitStack() as stack:
        outputs = _files(options, stack)
        task = Task(
            "convert",
            options.inputs[0],
            tuple(outputs),
            TaskOptions(
                pages=options.pages,
                dpi=options.dpi,
                ocr=options.ocr,
                password=read_password(options.password_file),
                layout=options.layout,
                template=options.template,
                mark_uncertain=options.mark_uncertain,
                visualize=options.visualize,
                replace=not options.no_clobber,
                with_fields=options.fields,
            ),
            tuple(options.inputs[1:]),
        )
        models = ModelOptions(
            options.device, options.threads, options.layout_weights, options.table_weights
        )
        with _progress(options) as on_page:
            (outcome,) = carry_out(options, models, [task], on_page)
        if outcome.error_code is None:
            for path, target in zip(outputs, options.outputs, strict=True):
                if target == STANDARD_OUTPUT:
                    _pour(path)
    return report(outcome, quiet=options.quiet)


def _files(options: argparse.Namespace, stack: ExitStack) -> list[Path]:
    """The files to write; that for standard output is a temporary one.

    Raises:
        ConfigError: the format of standard output is not known, or known and not needed.
        OutputError: a target cannot be written.
    """
    to_stdout = STANDARD_OUTPUT in options.outputs
    if to_stdout != (options.to is not None):
        raise ConfigError(
            "standard output (-o -) and its format (--to) come together", hint="give both"
        )
    if options.outputs.count(STANDARD_OUTPUT) > 1:
        raise ConfigError("standard output is named twice", hint="name it once")
    if options.to is not None and options.to not in FORMATS:
        raise ConfigError(f"{options.to!r} is no format", hint=f"use one of {' '.join(FORMATS)}")
    files = []
    for output in options.outputs:
        if output == STANDARD_OUTPUT:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="structure-"))
            files.append(Path(folder) / f"document.{options.to}")
        else:
            # What is wrong with a target is told at once, not after the work.
            if not output.name.lower().endswith(tuple(f".{name}" for name in FORMATS)):
                raise ConfigError(
                    f"no writer for the suffix {output.suffix!r}",
                    hint=f"use one of {' '.join(FORMATS)}",
                    path=output,
                )
            output_target(output, forbidden=options.inputs, replace=not options.no_clobber)
            files.append(output)
    return files


def _pour(path: Path) -> None:
    with path.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()


@contextmanager
def _progress(options: argparse.Namespace) -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar on a terminal, and nothing elsewhere."""
    if options.quiet or not sys.stderr.isatty():
        yield None
        return
    # Imported here: it is not always needed.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("loading", total=None)

        def on_page(key: str, done: int, total: int) -> None:
            bar.update(task, description="reading", total=total, completed=done)

        yield on_page
