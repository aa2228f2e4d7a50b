"""`structure batch`: folders of files, resumable."""

from __future__ import annotations

import argparse
import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structure.cli.options import (
    FORMATS,
    add_docx_styles,
    add_limits,
    add_models,
    add_reading,
    limits_of,
    positive,
    printable,
    quantity,
    read_password,
)
from structure.core.errors import ConfigError, ExitCode, InputError
from structure.isolation import SCHEMAS

if TYPE_CHECKING:
    from structure.batch import BatchResult, Engine, Place
    from structure.core.limits import Limits
    from structure.isolation import ModelOptions, TaskOptions

DESCRIPTION = """\
Convert all files below a folder, several at a time. The tree of folders is kept. The same command
again goes on where the last one ended: what is done and unchanged is not touched. What has become
of every file stands in OUT/.structure/ledger.sqlite, what failed in OUT/report.jsonl.

  structure batch IN -o OUT           all files that are there
  structure batch watch IN -o OUT     these, and those to come (a scanner's folder), until stopped
  structure batch status OUT          how far it is, also while it runs
"""

_ACTIONS = ("watch", "status")


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "batch",
        help="whole folders, resumable",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="structure batch [watch] IN -o OUT [options]\n       structure batch status OUT",
    )
    command.add_argument("words", nargs="+", metavar="IN", help="the folder with the inputs")
    command.add_argument("-o", dest="output", metavar="OUT", help="the folder for the outputs")
    command.add_argument(
        "--to", type=formats, metavar="LIST",
        help=f"formats, separated by commas (default: docx): {' '.join(FORMATS)}",
    )  # fmt: skip
    command.add_argument(
        "--fields", choices=SCHEMAS,
        help="also extract fields: a .fields.json beside each output, and one table of them all, "
        "OUT/fields.xlsx and .csv (and .parquet where pyarrow is installed)",
    )  # fmt: skip
    command.add_argument(
        "--jobs", type=positive, default=_cores(), metavar="N",
        help="files in work at once, each on one core (default: all cores)",
    )  # fmt: skip
    _add_running(command)
    _add_converting(command)
    watching = command.add_argument_group("watch")
    watching.add_argument(
        "--interval",
        type=float,
        default=2.0,
        metavar="S",
        help="seconds between looks (default: 2)",
    )
    watching.add_argument(
        "--settle", type=float, default=5.0, metavar="S",
        help="seconds for which a file must not have changed (default: 5)",
    )  # fmt: skip
    cluster = command.add_argument_group("cluster")
    cluster.add_argument(
        "--engine", choices=("local", "ray"), default="local",
        help="who does the work: processes of this machine (default), or Ray; then IN and OUT may "
        "be URLs such as s3://bucket/folder",
    )  # fmt: skip
    cluster.add_argument(
        "--address", metavar="HOST:PORT",
        help="of a Ray cluster, or auto for the one that this machine belongs to (default: start "
        "Ray here)",
    )  # fmt: skip
    add_models(command)
    command.add_argument(
        "--layout-weights", type=Path, metavar="FILE", help=".safetensors, .onnx or .pdparams"
    )
    command.add_argument("--table-weights", type=Path, metavar="FILE", help="likewise")
    add_limits(command)
    command.set_defaults(run=run, threads=1)


def _add_running(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("the run")
    group.add_argument(
        "--retry-failed", action="store_true", help="try again what failed or has gaps"
    )
    group.add_argument(
        "--fresh", action="store_true", help="forget what earlier runs did, and do all again"
    )
    group.add_argument(
        "--max-failures",
        type=quantity,
        metavar="N",
        help="end early when more than N files have failed",
    )
    group.add_argument("--fail-fast", action="store_true", help="end at the first failure")
    group.add_argument("--follow-links", action="store_true", help="follow symbolic links below IN")
    group.add_argument(
        "--state", type=Path, metavar="DIR",
        help="folder of ledger and lock, on this machine (default: OUT/.structure)",
    )  # fmt: skip
    group.add_argument("--quiet", action="store_true", help="no progress, no counts")


def _add_converting(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("each file")
    add_reading(group)
    group.add_argument(
        "--password-file", type=Path, metavar="FILE", help="a password to try on encrypted PDFs"
    )
    group.add_argument(
        "--layout", choices=("editable", "formatted", "exact", "plain"), default="editable",
        help="docx: see convert (default: editable)",
    )  # fmt: skip
    add_docx_styles(group)


def formats(text: str) -> tuple[str, ...]:
    """Suffixes from a list such as "docx,json", for argparse."""
    names = [name.strip().lower().removeprefix(".") for name in text.split(",")]
    for name in names:
        if name not in FORMATS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {' '.join(FORMATS)}")
    return tuple(dict.fromkeys(f".{name}" for name in names))


def run(options: argparse.Namespace) -> int:
    """Convert a folder, watch one, or tell how far it is."""
    action, folder = _action(options.words)
    if action == "status":
        return status(options.output or folder, options.state)
    if options.output is None:
        raise ConfigError("no output folder is named", hint="name it with -o")
    if options.fail_fast and options.max_failures is not None:
        raise ConfigError("--fail-fast and --max-failures contradict each other", hint="use one")
    if options.address is not None and options.engine != "ray":
        raise ConfigError("--address is for --engine ray", hint="add it")
    return _convert(options, folder, watch=action == "watch")


def _action(words: list[str]) -> tuple[str, str]:
    """What to do, and with which folder."""
    if len(words) == 1:
        return "convert", words[0]
    if len(words) == 2 and words[0] in _ACTIONS:
        return words[0], words[1]
    raise ConfigError(
        "one input folder is needed", hint="write: structure batch IN -o OUT; see --help"
    )


def status(output: str, state: Path | None) -> int:
    """Say how far a batch is."""
    from structure.batch import Ledger
    from structure.batch.buckets import local_path
    from structure.batch.places import LEDGER_NAME, STATE_FOLDER
    from structure.batch.report import status_lines

    path = (state or local_path(output) / STATE_FOLDER) / LEDGER_NAME
    if not path.is_file():
        raise InputError(
            "no batch has been run into this folder", path=output, hint="check the path"
        )
    with Ledger(path, read_only=True) as ledger:
        for line in status_lines(ledger, time.time()):
            print(printable(line))
    return int(ExitCode.OK)


def _convert(options: argparse.Namespace, folder: str, *, watch: bool) -> int:
    # Imported here: `--help` must not wait for them.
    from structure.batch import BatchOptions, Plan, Watch, run_batch
    from structure.batch.buckets import is_url, local_path, open_place
    from structure.batch.places import STATE_FOLDER
    from structure.batch.run import check_free
    from structure.batch.setup import check_folders, configuration
    from structure.cli.progress import Progress

    output: str = options.output
    remote = is_url(folder) or is_url(output)
    if remote and options.engine != "ray":
        raise ConfigError("URLs are for --engine ray", hint="add it, or name folders")
    if is_url(output) and options.state is None:
        raise ConfigError(
            "the ledger cannot lie behind a URL", hint="name a folder for it with --state"
        )
    if not remote:
        check_folders(local_path(folder), local_path(output))
    state = options.state or local_path(output) / STATE_FOLDER
    check_free(state)
    source = open_place(
        folder, follow_links=options.follow_links, skip=[] if remote else [local_path(output)]
    )
    target = open_place(output)
    task, models, limits = _task(options), _models(options), limits_of(options)
    suffixes = options.to or (() if options.fields else (".docx",))
    if options.fields:
        suffixes = (*suffixes, ".fields.json")
    plan = Plan(suffixes, configuration(task, models, limits), options.retry_failed)
    with Progress(quiet=options.quiet, each=watch) as progress:
        result = run_batch(
            source,
            target,
            state,
            partial(_engine, options, source, target, task, models, limits),
            BatchOptions(
                plan,
                fresh=options.fresh,
                max_failures=0 if options.fail_fast else options.max_failures,
                watch=Watch(options.interval, options.settle) if watch else None,
                file_size=limits.file_size,
            ),
            listener=progress,
        )
    if not options.quiet:
        print(_last_line(result))
    return int(result.exit_code)


def _task(options: argparse.Namespace) -> TaskOptions:
    from structure.isolation import TaskOptions

    return TaskOptions(
        dpi=options.dpi,
        ocr=options.ocr,
        password=read_password(options.password_file),
        layout=options.layout,
        template=options.template,
        mark_uncertain=options.mark_uncertain,
        fields=options.fields,
    )


def _models(options: argparse.Namespace) -> ModelOptions:
    from structure.isolation import ModelOptions

    return ModelOptions(
        options.device, options.threads, options.layout_weights, options.table_weights
    )


def _engine(
    options: argparse.Namespace,
    source: Place,
    target: Place,
    task: TaskOptions,
    models: ModelOptions,
    limits: Limits,
) -> Engine:
    from structure.batch import Folder, LocalEngine
    from structure.isolation import WorkerPool

    if options.engine == "ray":
        from structure.batch.cluster import RayEngine

        return RayEngine(
            source, target, task, models, limits, address=options.address, jobs=options.jobs
        )
    assert isinstance(source, Folder)
    assert isinstance(target, Folder)
    pool = WorkerPool(
        options.jobs, models, limits, in_process=options.in_process, debug=options.debug
    )
    return LocalEngine(pool, source, target, task)


def _last_line(result: BatchResult) -> str:
    from structure.batch.report import counted

    speed = ""
    if result.pages_now:
        speed = (
            f"; now {result.pages_now} pages in {result.seconds:.0f} s"
            f" ({result.pages_now / result.seconds * 60:.1f} per minute)"
        )
    return f"{counted(result.counts)}{speed}"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
