"""`structure layout`: the regions of a page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from structure.cli.options import add_limits, add_models, share
from structure.cli.running import carry_out, report
from structure.core.errors import ConfigError
from structure.core.output import output_target
from structure.isolation import ModelOptions, Task, TaskOptions

KINDS = (".json", ".png")


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "layout",
        help="regions of a page, as json or as a picture",
        description="Find the regions of each page. OUT ends in .json, or in .png for one page.",
    )
    command.add_argument("input", type=Path, metavar="IMAGE", help="PDF or picture")
    command.add_argument("-o", dest="output", required=True, type=Path, metavar="OUT")
    command.add_argument("--pages", metavar="LIST", help="which pages, for example 1-3,7")
    command.add_argument("--dpi", type=int, default=200, help="resolution for PDF pages")
    command.add_argument(
        "--min-score", type=share, default=0.5, metavar="S", help="lowest score (default: 0.5)"
    )
    add_models(command)
    command.add_argument(
        "--layout-weights", type=Path, metavar="FILE", help=".safetensors, .onnx or .pdparams"
    )
    add_limits(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Detect and write."""
    kind = options.output.suffix.lower()
    if kind not in KINDS:
        raise ConfigError(
            f"cannot write {kind or 'a file without extension'}", hint="use .json or .png"
        )
    output_target(options.output, forbidden=[options.input])
    task = Task(
        "layout",
        options.input,
        (options.output,),
        # The text of a page has no say in where its regions lie.
        TaskOptions(
            pages=options.pages, dpi=options.dpi, ocr="always", min_score=options.min_score
        ),
        errand="layout",
    )
    models = ModelOptions(options.device, options.threads, layout=options.layout_weights)
    (outcome,) = carry_out(options, models, [task])
    return report(outcome)
