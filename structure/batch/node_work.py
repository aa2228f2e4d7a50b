"""What a node of a cluster does: whole files where they are short, ranges of pages of long ones.

Everything comes and goes as values; nodes share no file system with the driver. The file lies in a
folder of its own while it is worked on, and is opened by a decoder, as on a single machine.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from structure.batch.leftovers import is_alive
from structure.core.errors import ExitCode, StructureError
from structure.core.limits import Limits
from structure.isolation import ModelOptions, Outcome, Task, TaskOptions

if TYPE_CHECKING:
    from structure.core.analysis import PageAnalysis
    from structure.isolation.remote import Clock
    from structure.pipeline import Models
    from structure.reading import OpenFile

LoadModels = Callable[[ModelOptions], "Models"]

_PREFIX = "structure-node-"
_models: dict[ModelOptions, Models] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """One document, and how it is made.

    Attributes:
        key: Comes back in the outcome.
        name: Base name of the input.
        outputs: Base names of the files to make.
        version: Of the driver's program.
        load: Loads the models of a node.
    """

    key: str
    name: str
    outputs: tuple[str, ...]
    options: TaskOptions
    models: ModelOptions
    limits: Limits
    version: str
    load: LoadModels


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a file.

    Attributes:
        files: The outputs by their names.
        folders: Side files by the names of their folders.
    """

    outcome: Outcome
    files: dict[str, bytes] = field(default_factory=dict)
    folders: dict[str, dict[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Long:
    """A file that is worth to be split: the numbers of its pages."""

    numbers: tuple[int, ...]


def begin(order: Order, data: bytes, split: int) -> Made | Long:
    """Open a file; make its document at once if it has at most `split` pages."""
    from structure.isolation.remote import Opener, clock_of

    if order.version != version("docstructure"):
        message = f"a node has version {version('docstructure')}, the driver {order.version}"
        return Made(Outcome(order.key, ExitCode.MODEL, "E_INSTALL", message))
    with _lying(order, data) as path:
        clock, options = clock_of(order.limits), order.options
        opener = Opener(clock)
        try:
            source = opener(
                path,
                pages=options.pages,
                dpi=options.dpi,
                ocr=options.ocr,
                password=options.password,
                limits=order.limits,
            )
        except StructureError:
            # Making the document says the same, in the words of an outcome.
            return _make(order, path, {}, opener, clock)
        with source:
            if len(source) > split:
                return Long(source.numbers)
            return _make(order, path, {}, lambda path, **reading: source, clock)


def analyse(order: Order, data: bytes, numbers: Sequence[int]) -> tuple[int, list[PageAnalysis]]:
    """Some pages of a long file; how many, and what was found on them.

    Raises:
        StructureError: it cannot be opened any more.
    """
    from structure.isolation.remote import Opener, clock_of
    from structure.pipeline import analyze_page

    options = order.options
    with _lying(order, data) as path:
        opener = Opener(clock_of(order.limits))
        with opener(
            path,
            pages=",".join(map(str, numbers)),
            dpi=options.dpi,
            ocr=options.ocr,
            password=options.password,
            limits=order.limits,
        ) as source:
            most = order.limits.boxes
            pages = [analyze_page(page, _loaded(order), most_lines=most) for page in source]
    return len(pages), pages


def finish(order: Order, data: bytes, *parts: Sequence[PageAnalysis]) -> Made:
    """One document from the pages of a long file, wherever they were analysed."""
    from structure.isolation.remote import Opener, clock_of

    clock = clock_of(order.limits)
    with _lying(order, data) as path:
        known = {page.number: page for part in parts for page in part}
        return _make(order, path, known, Opener(clock), clock)


def _make(
    order: Order, path: Path, known: dict[int, PageAnalysis], open_file: OpenFile, clock: Clock
) -> Made:
    from structure.isolation.work import carry_out
    from structure.pipeline import Steps, analyze_page

    folder = path.parent.parent / "out"
    folder.mkdir()
    outputs = tuple(folder / name for name in order.outputs)
    outcome = carry_out(
        Task(order.key, path, outputs, order.options),
        lambda: _loaded(order),
        order.limits,
        steps=Steps(open_file, known.get, partial(analyze_page, most_lines=order.limits.boxes)),
    )
    outcome = replace(clock.explain(outcome), outputs=())
    if outcome.exit_code not in (ExitCode.OK, ExitCode.PARTIAL):
        return Made(outcome)
    return Made(
        outcome,
        {name: (folder / name).read_bytes() for name in order.outputs},
        {
            side.name: {file.name: file.read_bytes() for file in sorted(side.iterdir())}
            for side in sorted(folder.iterdir())
            if side.is_dir()
        },
    )


def _loaded(order: Order) -> Models:
    """The models of this process, which works on many files."""
    if order.models not in _models:
        _models[order.models] = order.load(order.models)
    return _models[order.models]


@contextmanager
def _lying(order: Order, data: bytes) -> Iterator[Path]:
    """The input as a file under its own name."""
    root = Path(tempfile.gettempdir())
    _sweep(root)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        path = folder / "in" / order.name
        path.parent.mkdir()
        path.write_bytes(data)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Remove what processes left that were killed on this node."""
    for folder in root.glob(f"{_PREFIX}*"):
        match = re.match(rf"{_PREFIX}(\d+)-", folder.name)
        if match is not None and not is_alive(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)
