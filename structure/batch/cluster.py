"""A batch on a Ray cluster: one driver with the ledger, and work on as many nodes as there are.

Short files are done in one piece. A long one is split into ranges of pages, which nodes analyse in
any order; its document is made from all of them at once, so it is the same as if one process had
read it. The driver reads inputs and writes outputs; between it and the nodes everything travels as
values. Ray tries again what was lost with a node.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO, cast

from structure.batch import node_work
from structure.batch.engines import Work
from structure.batch.node_work import LoadModels, Long, Made, Order
from structure.batch.places import Place
from structure.core.errors import ConfigError, ExitCode, StructureError, bug, one_line
from structure.core.limits import Limits
from structure.isolation import ModelOptions, Outcome, Progress, TaskOptions
from structure.isolation.work import load

if TYPE_CHECKING:
    from ray import ObjectRef

PAGES_PER_PART = 8
"""Of a long file. Opening the file again for each part costs about as much as half a page."""

RETRIES = 3
"""How often Ray begins a piece of work anew when the process or the node that did it has died."""

STORE_BYTES = 1 << 30
"""Shared memory for values, where this program starts Ray itself."""

_PATIENCE = 5.0  # seconds for a connection

_BUSY = 2
"""Pieces of work on their way per core of the cluster."""


@dataclass(slots=True, eq=False)
class _File:
    """A file that is in work.

    Attributes:
        data: Its bytes, in the cluster.
        parts: Analysed pages, in the cluster, by the first of their numbers.
        open_parts: How many of them are not there yet.
        pages: How many pages it has, where it is a long one.
        done: How many are analysed.
        ended: Whether it has its outcome already.
    """

    work: Work
    order: Order
    data: ObjectRef[bytes]
    size: int
    parts: dict[int, ObjectRef[Any]] = field(default_factory=dict)
    open_parts: int = 0
    pages: int = 0
    done: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A call on its way to a node: of which file, and which of its pages; () for all."""

    file: _File
    numbers: tuple[int, ...] = ()


class RayEngine:
    """The nodes of a Ray cluster, or processes of this machine under Ray.

    Args:
        source: Where inputs lie.
        target: Where outputs go.
        options: How each file is read and written.
        models: What each process of the cluster loads.
        limits: For each file.
        address: Of a running cluster: "auto" or "HOST:PORT"; None to start one here.
        jobs: Cores to use of this machine where `address` is None.
        load: Loads the models; a function that the nodes can import.
        store_bytes: Shared memory for values where `address` is None.

    Raises:
        ConfigError: Ray is not installed; on entering, the cluster cannot be reached.
    """

    def __init__(
        self,
        source: Place,
        target: Place,
        options: TaskOptions,
        models: ModelOptions | None = None,
        limits: Limits | None = None,
        *,
        address: str | None = None,
        jobs: int = 1,
        load: LoadModels = load,
        store_bytes: int = STORE_BYTES,
    ) -> None:
        try:
            # Ray reports to its makers unless told otherwise; nothing may leave the machines.
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            import ray
        except ImportError as error:
            raise ConfigError(
                "Ray is not installed", hint="install it: pip install 'docstructure[cluster]'"
            ) from error
        self._ray: Any = ray
        self._source, self._target = source, target
        self._order = Order(
            "", "", (), options, models or ModelOptions(), limits or Limits(),
            version("docstructure"), load,
        )  # fmt: skip
        self._address, self._jobs, self._store = address, jobs, store_bytes
        self._calls: dict[str, Any] = {}
        self._waiting: dict[ObjectRef[Any], _Piece] = {}
        self._stopped = False
        self._quiet = ExitStack()

    def __enter__(self) -> Self:
        own: dict[str, Any] = {}
        if self._address is not None:
            _check_reachable(self._address)
        else:
            own = {
                "num_cpus": self._jobs,
                "object_store_memory": self._store,
                "include_dashboard": False,
            }
        previous = signal.getsignal(signal.SIGTERM)
        self._quiet.enter_context(redirect_stdout(cast(TextIO, _WithoutRay(sys.stdout))))
        try:
            self._ray.init(
                address=self._address or "local",
                logging_level=logging.ERROR,
                log_to_driver=False,
                **own,
            )
        except (ConnectionError, RuntimeError, ValueError, OSError, TimeoutError) as error:
            self._quiet.close()
            raise ConfigError(
                one_line(f"the Ray cluster cannot be reached ({error})", 200),
                hint="check --address, and that Ray has the same version everywhere",
            ) from error
        finally:
            # Ray ends the process in its own way on SIGTERM; ours closes the ledger before.
            if previous is not None and signal.getsignal(signal.SIGTERM) is not previous:
                signal.signal(signal.SIGTERM, previous)
        remote = self._ray.remote(num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD")
        for call in (node_work.begin, node_work.analyse, node_work.finish):
            self._calls[call.__name__] = remote(call)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._ray.shutdown()
        self._quiet.close()

    def stop(self) -> None:
        """End what is in work; it has no outcome."""
        self._stopped = True
        for ref in self._waiting:
            self._ray.cancel(ref, force=True)
        self._waiting.clear()

    def run(self, works: Iterable[Work], *, on_page: Progress | None = None) -> Iterator[Outcome]:
        """One outcome per work, as they are ready."""
        coming = iter(works)
        exhausted = False
        while not self._stopped:
            while not exhausted and self._has_room():
                work = next(coming, None)
                if work is None:
                    exhausted = True
                else:
                    failure = self._start(work)
                    if failure is not None:
                        yield failure
            if not self._waiting:
                if exhausted:
                    return
                continue
            with _signals_whole():
                ready, _ = self._ray.wait(list(self._waiting), num_returns=1, timeout=1.0)
            for ref in ready:
                outcome = self._advance(ref, self._waiting.pop(ref), on_page)
                if outcome is not None:
                    yield outcome

    def _has_room(self) -> bool:
        cores = max(1.0, self._ray.cluster_resources().get("CPU", 1.0))
        files = {id(piece.file): piece.file.size for piece in self._waiting.values()}
        return not self._waiting or (
            len(self._waiting) < _BUSY * cores and sum(files.values()) < self._store
        )

    def _start(self, work: Work) -> Outcome | None:
        """Send a file to a node; its outcome if it cannot even be read."""
        limits = self._order.limits
        found = self._source.look(work.path)
        size = 0 if found is None else found.size
        try:
            if limits.file_size and size > limits.file_size:
                # The reader refuses it in the same words; but so much need not travel.
                message = f"{size / 1e6:.0f} MB are more than {limits.file_size / 1e6:g} MB"
                return Outcome(work.key, ExitCode.LIMIT, "E_FILE_SIZE", message)
            data = self._source.read(work.path)
        except OSError as error:
            message = f"cannot be read ({error.strerror})"
            return Outcome(work.key, ExitCode.INPUT, "E_UNREADABLE", message)
        order = replace(
            self._order,
            key=work.key,
            name=os.fsdecode(work.path).rpartition("/")[2],
            outputs=tuple(PurePosixPath(name).name for name in work.outputs),
        )
        file = _File(work, order, self._ray.put(data), len(data))
        ref = self._calls["begin"].remote(order, file.data, PAGES_PER_PART)
        self._waiting[ref] = _Piece(file)
        return None

    def _advance(
        self, ref: ObjectRef[Any], piece: _Piece, on_page: Progress | None
    ) -> Outcome | None:
        """Take a result, and send what follows from it; the outcome of a file that is done."""
        file = piece.file
        if file.ended:
            return None
        try:
            with _signals_whole():
                result = self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            return self._lost(piece, error)
        if isinstance(result, Made):
            if not file.pages:
                _tell(file, result.outcome.pages_done, on_page)
            return self._deliver(file, result)
        if isinstance(result, Long):
            file.pages = len(result.numbers)
            for first in range(0, file.pages, PAGES_PER_PART):
                self._send_part(file, result.numbers[first : first + PAGES_PER_PART])
            return None
        self._part_done(piece, on_page)
        return None

    def _send_part(self, file: _File, numbers: tuple[int, ...]) -> None:
        # Two values: a small one that comes here to say that the other, the pages, is there. The
        # pages stay in the cluster until the document is made of them.
        call = self._calls["analyse"].options(num_returns=2)
        ref, pages = call.remote(file.order, file.data, numbers)
        file.parts[numbers[0]] = pages
        file.open_parts += 1
        self._waiting[ref] = _Piece(file, numbers)

    def _part_done(self, piece: _Piece, on_page: Progress | None) -> None:
        file = piece.file
        file.open_parts -= 1
        _tell(file, len(piece.numbers), on_page)
        if not file.open_parts:
            parts = [file.parts[first] for first in sorted(file.parts)]
            self._waiting[self._calls["finish"].remote(file.order, file.data, *parts)] = _Piece(
                file
            )

    def _lost(self, piece: _Piece, error: Exception) -> Outcome | None:
        """What follows from work that did not end, though it was begun several times."""
        file = piece.file
        cause = getattr(error, "cause", None)
        if isinstance(cause, StructureError):
            return self._end(file, cause.exit_code, cause.code, str(cause))
        if isinstance(error, self._ray.exceptions.RayTaskError):
            return self._end(file, ExitCode.INTERNAL, "E_INTERNAL", str(bug(cause or error)))
        if len(piece.numbers) > 1:
            # One of the pages ends whoever works on it; the others shall not suffer.
            del file.parts[piece.numbers[0]]
            file.open_parts -= 1
            for number in piece.numbers:
                self._send_part(file, (number,))
            return None
        if piece.numbers:
            from structure.core.images import PageFailure
            from structure.pipeline.pages import failed_page

            (number,) = piece.numbers
            reason = "the program that works on it crashes at it"
            file.parts[number] = self._ray.put([failed_page(PageFailure(number, reason))])
            self._part_done(piece, None)
            return None
        message = "the program that works on it crashes at it; check the file in a viewer"
        return self._end(file, ExitCode.INPUT, "E_CRASH", message)

    def _deliver(self, file: _File, made: Made) -> Outcome:
        """Write outputs where they belong, side files first."""
        folder = file.work.outputs[0].rpartition("/")[0]
        above = f"{folder}/" if folder else ""
        try:
            for name, files in made.folders.items():
                self._target.write_side(os.fsencode(above + name), files)
            for name, data in made.files.items():
                self._target.write(os.fsencode(above + name), data)
        except StructureError as error:
            return self._end(file, error.exit_code, error.code, str(error))
        return made.outcome

    @staticmethod
    def _end(file: _File, exit_code: ExitCode, code: str, message: str) -> Outcome:
        file.ended = True
        return Outcome(file.work.key, exit_code, code, one_line(message))


class _WithoutRay:
    """A stream for everybody but the threads of Ray, which print what nodes and their ends say."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        if threading.current_thread().name.startswith("ray_"):
            return len(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _signals_whole() -> Iterator[None]:
    """What a signal handler raises inside Ray's compiled code comes out as it was raised."""
    try:
        yield
    except SystemError as error:
        raised = error.__cause__ or error.__context__
        if raised is None or isinstance(raised, Exception):
            raise
        raise raised from None


def _check_reachable(address: str) -> None:
    """Ask for a connection, once: Ray itself goes on trying for minutes.

    Raises:
        ConfigError: nobody answers there.
    """
    host, colon, port = address.rpartition(":")
    if "://" in address or not colon:
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, ValueError, OverflowError) as error:
        raise ConfigError(
            one_line(f"no Ray cluster answers at {address} ({error})", 200),
            hint="check --address",
        ) from error


def _tell(file: _File, pages: int, on_page: Progress | None) -> None:
    for _ in range(pages):
        file.done += 1
        if on_page is not None:
            on_page(file.work.key, file.done, file.pages or pages)
