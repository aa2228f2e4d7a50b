"""`structure table`: one table picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from structure.cli.options import add_limits, add_models
from structure.cli.running import carry_out, report
from structure.core.errors import ConfigError
from structure.core.output import output_target
from structure.isolation import ModelOptions, Task, TaskOptions

KINDS = (".html", ".xlsx", ".json")


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "table",
        help="one table picture to html, xlsx, json",
        description="Recognise a picture that shows one table and nothing else.",
    )
    command.add_argument("input", type=Path, metavar="IMAGE", help="picture, or PDF with one page")
    command.add_argument(
        "-o", dest="outputs", action="append", required=True, type=Path, metavar="OUT",
        help=".html, .xlsx or .json; repeat for several",
    )  # fmt: skip
    command.add_argument("--dpi", type=int, default=200, help="resolution for a PDF page")
    add_models(command)
    command.add_argument(
        "--table-weights", type=Path, metavar="FILE", help=".safetensors, .onnx or .pdparams"
    )
    add_limits(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Recognise and write."""
    for output in options.outputs:
        if output.suffix.lower() not in KINDS:
            raise ConfigError(
                f"a table cannot be written as {output.suffix or 'a file without extension'}",
                hint=f"use {', '.join(KINDS)}",
            )
        output_target(output, forbidden=[options.input])
    task = Task(
        "table",
        options.input,
        tuple(options.outputs),
        TaskOptions(dpi=options.dpi),
        errand="table",
    )
    models = ModelOptions(options.device, options.threads, table=options.table_weights)
    (outcome,) = carry_out(options, models, [task])
    return report(outcome)
