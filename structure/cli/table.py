"""`structure table`: one table picture."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from structure.cli.messages import warn
from structure.cli.options import add_limits, add_models, limits_of
from structure.core.errors import ConfigError, InputError

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
    from structure.isolation.opening import file_opener
    from structure.pipeline import WeightFiles, check_outputs, convert_table, load_models

    for output in options.outputs:
        if output.suffix.lower() not in KINDS:
            raise ConfigError(
                f"a table cannot be written as {output.suffix or 'a file without extension'}",
                hint=f"use {', '.join(KINDS)}",
            )
    check_outputs(options.outputs, [options.input])
    table = convert_table(
        options.input,
        options.outputs,
        dpi=options.dpi,
        models=partial(
            load_models,
            device=options.device,
            threads=options.threads,
            weights=WeightFiles(table=options.table_weights),
        ),
        open_file=file_opener(
            limits_of(options), in_process=options.in_process, debug=options.debug
        ),
    )
    if not table.grid.cells:
        raise InputError(
            "no table was found", path=options.input, hint="check the picture", code="E_NO_TABLE"
        )
    if table.needs_review:
        warn("W_TABLE", "the table may be read wrong; compare it with the picture")
    return 0
