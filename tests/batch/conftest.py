from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from structure.batch import (
    BatchOptions,
    BatchResult,
    Folder,
    Plan,
    Work,
    run_batch,
)
from structure.core.document import Warning
from structure.core.errors import ExitCode
from structure.core.output import write_atomic
from structure.isolation import Outcome, Progress


class StubEngine:
    """Copies inputs to outputs; the words in an input say what becomes of it."""

    def __init__(self, source: Folder, target: Folder) -> None:
        self.source, self.target = source, target
        self.worked: list[str] = []
        self.stopped = False
        self.before: Callable[[Work], None] = lambda work: None

    def run(self, works: Iterable[Work], *, on_page: Progress | None = None) -> Iterator[Outcome]:
        for work in works:
            if self.stopped:
                return
            self.worked.append(os.fsdecode(work.path))
            self.before(work)
            yield self.outcome(work)

    def outcome(self, work: Work) -> Outcome:
        data = self.source.read(work.path)
        if b"bad" in data:
            return Outcome(work.key, ExitCode.INPUT, "E_DAMAGED", "it is bad; mend it")
        if b"no room" in data:
            return Outcome(work.key, ExitCode.OUTPUT, "E_OUTPUT", "no space left")
        if b"no model" in data:
            return Outcome(work.key, ExitCode.MODEL, "E_WEIGHTS", "the file is missing")
        for name in work.outputs:
            write_atomic(self.target.locate(os.fsencode(name)), name.encode() + b"|" + data)
            if name.endswith(".md"):
                folder = os.fsencode(f"{name.removesuffix('.md')}_assets")
                self.target.write_side(folder, {"1.png": data})
        if b"gap" in data:
            lost = Warning("W_PAGE", "page 2 could not be processed", "loss", 2)
            return Outcome(
                work.key, ExitCode.PARTIAL, pages_done=2, pages_failed=(2,), warnings=(lost,)
            )
        return Outcome(work.key, ExitCode.OK, pages_done=3)

    def stop(self) -> None:
        self.stopped = True

    def __enter__(self) -> StubEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Bench:
    """An input folder, an output folder, and runs between them."""

    def __init__(self, folder: Path) -> None:
        self.inputs, self.outputs = folder / "in", folder / "out"
        self.inputs.mkdir()
        self.engine: StubEngine | None = None
        self.before: Callable[[Work], None] = lambda work: None

    @property
    def state(self) -> Path:
        return self.outputs / ".structure"

    def put(self, **files: str) -> None:
        """Write inputs; `a__b` is the file b.pdf in the folder a."""
        for name, text in files.items():
            path = self.inputs / f"{name.replace('__', '/')}.pdf"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run(
        self,
        *,
        to: tuple[str, ...] = (".txt",),
        config: str = "one",
        retry_failed: bool = False,
        follow_links: bool = False,
        **options: Any,
    ) -> BatchResult:
        self.outputs.mkdir(exist_ok=True)
        source = Folder(self.inputs, follow_links=follow_links, skip=[self.outputs])
        target = Folder(self.outputs)
        engine = self.engine = StubEngine(source, target)
        engine.before = self.before
        plan = Plan(to, config, retry_failed)
        return run_batch(source, target, self.state, lambda: engine, BatchOptions(plan, **options))

    @property
    def worked(self) -> list[str]:
        """What the last run worked on."""
        assert self.engine is not None
        return self.engine.worked

    def made(self) -> list[str]:
        """All outputs, the ledger and the report apart."""
        return sorted(
            path.relative_to(self.outputs).as_posix()
            for path in self.outputs.rglob("*")
            if path.is_file()
            and ".structure" not in path.relative_to(self.outputs).parts
            and path.name != "report.jsonl"
        )

    def stamps(self) -> dict[str, int]:
        return {name: (self.outputs / name).stat().st_mtime_ns for name in self.made()}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
