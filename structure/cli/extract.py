"""`structure extract`: fields of invoices, receipts and forms."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structure.cli.messages import warn
from structure.cli.options import add_limits, add_models, limits_of, read_password
from structure.core.errors import ConfigError, ExitCode, InputError, StructureError

if TYPE_CHECKING:
    from kie import KieResult
    from kie.extractor import KieExtractor
    from kie.sheets import Named
    from structure.transcription import Transcript

KINDS = (".json", ".csv", ".xlsx")
SCHEMAS = ("invoice", "receipt", "generic")

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
    command.add_argument("inputs", nargs="+", type=Path, metavar="IN", help="PDF or picture")
    command.add_argument(
        "-o", dest="outputs", action="append", required=True, type=Path, metavar="OUT",
        help=".json, .csv or .xlsx; repeat for several",
    )  # fmt: skip
    command.add_argument(
        "--schema", default="invoice", metavar="NAME",
        help="invoice (default), receipt, generic, or a TOML or JSON file with fields of your own",
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
        "--password-file", type=Path, metavar="FILE",
        help="password of an encrypted PDF; - for stdin",
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
    # Imported here: models take seconds to load, and `--help` must not.
    from kie import KieExtractor
    from kie.schema_files import read_schema
    from structure.core.output import output_target

    _check_outputs(options)
    for output in options.outputs:
        output_target(output, forbidden=options.inputs)
    schema = (
        options.schema if options.schema in SCHEMAS else read_schema(_schema_file(options.schema))
    )
    password = read_password(options.password_file)
    extractor = KieExtractor(
        weights=options.kie_weights,
        device=options.device,
        threads=options.threads,
        rules_only=options.rules_only,
    )
    found, failures = _extract(options, extractor, schema, password)
    if not found:
        raise failures[0][1]
    _write(options, found, failures)
    lost = bool(failures)
    for named in found:
        for notice in named.result.warnings:
            lost = lost or notice.loss
            if not options.quiet:
                warn(notice.code, notice.message, notice.page)
    if not options.quiet:
        for _, error in failures:
            warn(error.code, str(error))
    return int(ExitCode.PARTIAL if lost else ExitCode.OK)


def _check_outputs(options: argparse.Namespace) -> None:
    for output in options.outputs:
        if output.suffix.lower() not in KINDS:
            raise ConfigError(
                f"fields cannot be written as {output.suffix or 'a file without extension'}",
                hint=f"use {', '.join(KINDS)}",
            )
    if len(set(options.outputs)) < len(options.outputs):
        raise ConfigError("an output is named twice", hint="name it once")


def _schema_file(name: str) -> Path:
    path = Path(name)
    if path.suffix.lower() not in (".toml", ".json"):
        raise ConfigError(
            f"there is no schema {name!r}", hint="use invoice, receipt, generic or a TOML file"
        )
    return path


def _extract(
    options: argparse.Namespace, extractor: KieExtractor, schema: Any, password: str | None
) -> tuple[list[Named], list[tuple[Path, StructureError]]]:
    """Results of the files that could be read, and why others could not."""
    from kie.sheets import Named
    from structure.isolation.opening import file_opener

    found: list[Named] = []
    failures: list[tuple[Path, StructureError]] = []
    opened = file_opener(limits_of(options), in_process=options.in_process, debug=options.debug)
    for path in options.inputs:
        pictures = _Pictures(options, path)
        try:
            result = extractor.extract_file(
                path,
                schema,
                on_page=pictures.add if options.visualize is not None else None,
                open_file=opened,
                pages=options.pages,
                dpi=options.dpi,
                ocr=options.ocr,
                password=password,
            )
        except StructureError as error:
            if len(options.inputs) == 1 or not isinstance(error, InputError):
                raise
            failures.append((path, error))
            continue
        found.append(Named(path.name, result))
        pictures.finish(result)
    return found, failures


def _write(
    options: argparse.Namespace, found: list[Named], failures: list[tuple[Path, StructureError]]
) -> None:
    from kie.serializing import to_dict
    from kie.sheets import to_csv, to_xlsx
    from structure.core.errors import display_name
    from structure.core.output import write_atomic

    for output in options.outputs:
        kind = output.suffix.lower()
        if kind == ".csv":
            data = to_csv(found)
        elif kind == ".xlsx":
            data = to_xlsx(found)
        else:
            documents = [{"file": display_name(n.name), **to_dict(n.result)} for n in found]
            failed = [{"file": display_name(p), "failure": str(e)} for p, e in failures]
            tree = documents[0] if len(options.inputs) == 1 else {"documents": documents + failed}
            data = (json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
        write_atomic(output, data, forbidden=options.inputs)


class _Pictures:
    """Pictures of the pages of one file; they are drawn when the fields are known."""

    def __init__(self, options: argparse.Namespace, path: Path) -> None:
        self.folder: Path | None = options.visualize
        self.prefix = f"{path.stem}-" if len(options.inputs) > 1 else ""
        self.pages: list[int] = []

    def add(self, page: Transcript, total: int) -> None:
        """Keep the pixels of a page as a file."""
        from structure.pipeline.field_overlay import write_page

        assert self.folder is not None
        if page.pixels is not None:
            write_page(self.folder, self._name(page.number), page.pixels)
            self.pages.append(page.number)

    def finish(self, result: KieResult) -> None:
        """Draw the fields."""
        if self.folder is None:
            return
        from structure.pipeline.field_overlay import draw_fields

        for number in self.pages:
            draw_fields(self.folder, self._name(number), result, number)

    def _name(self, number: int) -> str:
        return f"{self.prefix}page-{number:03d}.png"
