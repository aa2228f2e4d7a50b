"""What the processes say to each other."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from structure.core.analysis import Bookmark, Notice
from structure.core.limits import Limits
from structure.isolation import confine
from structure.isolation.channel import GoneError
from structure.isolation.tasks import ModelOptions, Task

_TALK_BYTES = 1 << 28
"""Of a page besides its pixels: its text, and pictures as they lie in the file."""
_PIXEL_BYTES = 3


@dataclass(frozen=True, slots=True)
class Hiring:
    """What a worker is told first.

    Attributes:
        spool: Descriptor of the file for finished pages.
    """

    models: ModelOptions
    limits: Limits
    spool: int


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page that is not to be tried again, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task for a worker.

    Attributes:
        seconds: How much time is left for it; None for any time.
        again: Whether another worker was at it before, whose pages are in the spool.
        failed: Pages that ended the workers before.
    """

    task: Task
    seconds: float | None = None
    again: bool = False
    failed: tuple[FailedPage, ...] = ()


@dataclass(frozen=True, slots=True)
class PageNews:
    """How far a worker is: the page that it begins or has done, and how many there are."""

    number: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Which file a decoder opens, and how (see `structure.reading.open_source`)."""

    path: Path
    pages: str | None
    dpi: int
    ocr: Literal["auto", "always", "never"]
    password: str | None = field(repr=False)
    limits: Limits


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decoder knows of a file (see `structure.reading.SourceFile`)."""

    media_type: str
    sha256: str
    page_count: int
    numbers: tuple[int, ...]
    notices: tuple[Notice, ...]
    outline: tuple[Bookmark, ...]
    reader: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """A `StructureError` on its way: the name of its class, and its content."""

    kind: str
    what: str
    hint: str
    code: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The number of the page that a decoder shall send."""

    number: int


def request_of(task: Task, path: Path, limits: Limits) -> OpenRequest:
    """How a file of a task is opened."""
    options = task.options
    return OpenRequest(path, options.pages, options.dpi, options.ocr, options.password, limits)


def start_decoder(request: OpenRequest, *, debug: bool) -> confine.Child:
    """A child that opens a file and waits to be asked for its pages."""
    pixels = request.limits.raster or request.limits.pixels or (1 << 32)
    child = confine.start(
        "structure.isolation.decoder",
        largest=_TALK_BYTES + _PIXEL_BYTES * pixels,
        debug=debug,
        # More threads would only take address space.
        environment=[("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1")],
    )
    # A child that has died already is noticed where its answer is awaited.
    with suppress(GoneError):
        child.channel.send("open", request)
    return child
