"""`structure extract`: fields of invoices, receipts and forms."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from structure.cli.messages import warn
from structure.cli.options import add_inputs, add_limits, add_models, read_password
from structure.cli.running import carry_out, report
from structure.core.errors import ConfigError, ExitCode, display_name
from structure.core.output import output_target, write_atomic
from structure.isolation import SCHEMAS, ModelOptions, Outcome, Task, TaskOptions

KINDS = (".json", ".csv", ".xlsx")
OF_THE_FILE = (ExitCode.INPUT, ExitCode.LOCKED, ExitCode.LIMIT)
"""Ends that say nothing about the other inputs."""

DESCRIPTION = """\
Find the fields of invoices (number, dates, parties, totals, taxes, line items), of receipts, or the
pairs of keys and values on any form: typed values with their place and a score. The data of
electronic invoices inside PDFs (Factur-X, ZUGFeRD) are read directly. Several inputs give one
output.
"""


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "extract",
        help="fields of invoices, receipts and forms to json, csv, xlsx",
        description=DESCRIPTION,
    )
    add_inputs(command)
    command.add_argument(
        "-o", dest="outputs", action="append", required=True, type=Path, metavar="OUT",
        help=".json, .csv or .xlsx; repeat for several",
    )  # fmt: skip
    command.add_argument(
        "--schema", default="invoice", metavar="NAME",
        help="invoice (default), receipt, generic, or a TOML or JSON file with fields of your own",
    )  # fmt: skip
    command.add_argument(
        "--visualize", type=Path, metavar="DIR",
        help="also write a picture of each page with the fields that were found",
    )  # fmt: skip
    command.add_argument(
        "--rules-only", action="store_true", help="without the network: faster, less is found"
    )
    command.add_argument("--quiet", action="store_true", help="no warnings")
    add_models(command)
    command.add_argument("--kie-weights", type=Path, metavar="FILE", help=".safetensors")
    add_limits(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Extract from all inputs, then write."""
    _check_outputs(options)
    for output in options.outputs:
        output_target(output, forbidden=options.inputs)
    kinds = _kinds(options.schema)
    with tempfile.TemporaryDirectory(prefix="structure-") as folder:
        tasks = list(_tasks(options, Path(folder)))
        models = ModelOptions(options.device, options.threads, fields=options.kie_weights)
        outcomes = []
        for outcome in carry_out(options, models, tasks):
            if outcome.error_code is not None and (
                len(tasks) == 1 or outcome.exit_code not in OF_THE_FILE
            ):
                return report(outcome)
            outcomes.append(outcome)
        made = [outcome for outcome in outcomes if outcome.error_code is None]
        if not made:
            return report(outcomes[0])
        _write(options, outcomes, kinds)
    if not options.quiet:
        for outcome in outcomes:
            report(outcome) if outcome in made else warn(
                outcome.error_code or "", outcome.message or ""
            )
    whole = all(outcome.exit_code is ExitCode.OK for outcome in outcomes)
    return int(ExitCode.OK if whole else ExitCode.PARTIAL)


def _tasks(options: argparse.Namespace, folder: Path) -> Iterator[Task]:
    """A task per input; its fields come to a file in `folder`."""
    reading = TaskOptions(
        pages=options.pages,
        dpi=options.dpi,
        ocr=options.ocr,
        password=read_password(options.password_file),
        visualize=options.visualize,
        fields=options.schema,
        rules_only=options.rules_only,
    )
    for number, path in enumerate(options.inputs):
        # The key begins the names of pictures.
        key = f"{path.stem}-" if len(options.inputs) > 1 else ""
        yield Task(key, path, (folder / f"{number}.json",), reading, errand="fields")


def _check_outputs(options: argparse.Namespace) -> None:
    for output in options.outputs:
        if output.suffix.lower() not in KINDS:
            raise ConfigError(
                f"fields cannot be written as {output.suffix or 'a file without extension'}",
                hint=f"use {', '.join(KINDS)}",
            )
    if len(set(options.outputs)) < len(options.outputs):
        raise ConfigError("an output is named twice", hint="name it once")


def _kinds(schema: str) -> dict[str, str]:
    """Of which kind the fields of the user's own are; nothing for a schema that is ours.

    Raises:
        ConfigError: there is no such schema, or the file does not hold one.
    """
    if schema in SCHEMAS:
        return {}
    # Imported here: it takes a moment, and most have no schema of their own.
    from kie.custom import fields_of
    from kie.schema_files import read_schema

    path = Path(schema)
    if path.suffix.lower() not in (".toml", ".json"):
        raise ConfigError(
            f"there is no schema {schema!r}", hint="use invoice, receipt, generic or a TOML file"
        )
    return {field.name: field.kind for field in fields_of(read_schema(path))}


def _write(
    options: argparse.Namespace, outcomes: Sequence[Outcome], kinds: Mapping[str, str]
) -> None:
    from kie.sheets import Named, to_csv, to_xlsx
    from structure.batch.tables import from_dict

    documents: list[dict[str, Any]] = []
    named: list[Named] = []
    for path, outcome in zip(options.inputs, outcomes, strict=True):
        entry: dict[str, Any] = {"file": display_name(path)}
        if outcome.error_code is not None:
            documents.append(entry | {"failure": outcome.message})
            continue
        found = json.loads(outcome.outputs[0].read_bytes())
        documents.append(entry | found)
        named.append(Named(path.name, from_dict(found, kinds)))
    for output in options.outputs:
        kind = output.suffix.lower()
        if kind == ".csv":
            data = to_csv(named)
        elif kind == ".xlsx":
            data = to_xlsx(named)
        else:
            tree = documents[0] if len(documents) == 1 else {"documents": documents}
            data = (json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
        write_atomic(output, data, forbidden=options.inputs)
