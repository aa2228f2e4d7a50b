"""`structure convert`: pages to documents."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structure.cli.options import add_models, read_password, share, warn
from structure.core.errors import ExitCode

if TYPE_CHECKING:
    from structure.core.analysis import PageAnalysis
    from structure.core.document import Document
    from structure.core.images import PageFailure, PageImage

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
    command.add_argument("inputs", nargs="+", type=Path, metavar="IN", help="PDF or picture")
    command.add_argument(
        "-o", dest="outputs", action="append", required=True, type=Path, metavar="OUT",
        help="file to write; repeat for several formats",
    )  # fmt: skip
    command.add_argument("--pages", metavar="LIST", help="which pages, for example 1-3,7 or 5-")
    command.add_argument(
        "--dpi", type=int, default=200, help="resolution for PDF pages (default: 200)"
    )
    command.add_argument(
        "--ocr", choices=("auto", "always", "never"), default="auto",
        help="whether to read text from pixels where a PDF has a text layer (default: auto)",
    )  # fmt: skip
    command.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="password of an encrypted PDF; - for stdin",
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
    command.add_argument(
        "--template", type=Path, metavar="FILE", help="docx: a document whose styles are used"
    )
    command.add_argument(
        "--mark-uncertain", type=share, metavar="T",
        help="mark words read with a confidence below T (0 to 1)",
    )  # fmt: skip
    command.add_argument("--quiet", action="store_true", help="no progress bar, no warnings")
    add_models(command)
    command.add_argument(
        "--layout-weights", type=Path, metavar="FILE", help=".safetensors, .onnx or .pdparams"
    )
    command.add_argument("--table-weights", type=Path, metavar="FILE", help="likewise")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Convert and report."""
    # Imported here: models take seconds to load, and `--help` must not.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from recovery import WriteOptions
    from structure.pipeline import WeightFiles, convert, load_models
    from structure.pipeline.overlay import OverlayFolder

    password = read_password(options.password_file)
    writing = WriteOptions(options.layout, options.template, options.mark_uncertain)
    overlays = OverlayFolder(options.visualize) if options.visualize is not None else None
    console = Console(stderr=True, quiet=options.quiet)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=options.quiet or not console.is_terminal,
    )
    with progress:
        task = progress.add_task("loading", total=None)

        def on_page(page: PageImage | PageFailure, found: PageAnalysis, total: int) -> None:
            progress.update(task, description="reading", total=total, advance=1)
            if overlays is not None:
                overlays.add(page, found)

        document = convert(
            options.inputs,
            options.outputs,
            pages=options.pages,
            dpi=options.dpi,
            ocr=options.ocr,
            password=password,
            writing=writing,
            models=partial(
                load_models,
                device=options.device,
                threads=options.threads,
                weights=WeightFiles(layout=options.layout_weights, table=options.table_weights),
            ),
            on_page=on_page,
        )
    if overlays is not None:
        overlays.add_order(document)
    if not options.quiet:
        _report(document)
    gaps = any(warning.severity == "loss" for warning in document.warnings)
    return int(ExitCode.PARTIAL if gaps else ExitCode.OK)


def _report(document: Document) -> None:
    for warning in document.warnings:
        place = "" if warning.page is None else f"page {warning.page}: "
        warn(warning.code, place + warning.message)
