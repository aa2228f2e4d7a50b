"""Loaded by every Python below a test that puts this folder on PYTHONPATH.

STRUCTURE_TEST_MODELS=stub    models that find one line of text on each page
STRUCTURE_TEST_FAULT=STAGE:FAULT[:PAGE]    a fault at a named stage, on one page or on all
STRUCTURE_TEST_ONCE=FILE      only the first process that can create this file has the fault
STRUCTURE_TEST_REACHED=FILE   made when a fault begins
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

STUBS = os.environ.get("STRUCTURE_TEST_MODELS") == "stub"
STAGE, _, _rest = os.environ.get("STRUCTURE_TEST_FAULT", "").partition(":")
FAULT, _, _page = _rest.partition(":")
PAGE = int(_page) if _page else None


def trip(page: int | None = None) -> None:
    """Have the fault, if it is due."""
    if PAGE is not None and page != PAGE:
        return
    once = os.environ.get("STRUCTURE_TEST_ONCE")
    if once:
        try:
            os.close(os.open(once, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
    reached = os.environ.get("STRUCTURE_TEST_REACHED")
    if reached:
        os.close(os.open(reached, os.O_CREAT))
    _FAULTS[FAULT]()


def _hang() -> None:
    while True:
        time.sleep(1)


def _spin() -> None:
    """Hang inside a library that does not let go of the interpreter."""
    import re

    re.match("(a*)*b", "a" * 60)


def _crash() -> None:
    import ctypes

    ctypes.string_at(0)


def _swell() -> None:
    blocks = []
    while True:
        blocks.append(bytearray(b"x" * (16 << 20)))
        time.sleep(0.002)


def _chatter() -> None:
    os.write(1, b"error: garbage\n" * 1000)
    os.write(2, b"error: garbage\n" * 1000)


_FAULTS: dict[str, Callable[[], object]] = {
    "hang": _hang,
    "spin": _spin,
    "exit": lambda: os._exit(7),
    "crash": _crash,
    "swell": _swell,
    "chatter": _chatter,
    "huge": lambda: None,  # see `_reading`
}


def _stub_models() -> Any:
    from structure.core.analysis import Table, TextLine
    from structure.core.geometry import Box
    from structure.core.grid import Grid
    from structure.orientation import Orientation
    from structure.pipeline import Models
    from table import Recognition

    class Read:
        def __call__(self, image: Any) -> list[TextLine]:
            height, width = image.shape[:2]
            return [TextLine("read by a stub", Box(0, 0, width / 2, height / 20), 0.9)]

        def read_lines(self, lines: Sequence[Any]) -> list[tuple[str, float]]:
            return [("stub", 0.9) for _ in lines]

    return Models(
        turn=lambda pages: [Orientation(0, 0.9, True) for _ in pages],
        read=Read(),
        regions=lambda pages: [[] for _ in pages],
        tables=lambda crops, lines=None: [
            Recognition(Table(Box(0, 0, crop.shape[1], crop.shape[0]), Grid())) for crop in crops
        ],
        names={"all": "stub"},
    )


def _work(module: ModuleType) -> None:
    load = module.load

    def loaded(options: Any) -> Any:
        if STAGE == "load":
            trip()
        return _stub_models() if STUBS else load(options)

    module.load = loaded


def _pipeline(module: ModuleType) -> None:
    analyze = module.analyze_page

    def analyzed(page: Any, *args: Any, **more: Any) -> Any:
        trip(page.number)
        return analyze(page, *args, **more)

    if STAGE == "analyze":
        module.analyze_page = analyzed


def _extraction(module: ModuleType) -> None:
    transcribe = module.transcribe

    def transcribed(page: Any, *args: Any) -> Any:
        trip(page.number)
        return transcribe(page, *args)

    if STAGE == "analyze":
        module.transcribe = transcribed


def _errands(module: ModuleType) -> None:
    load = module._detector

    def loaded(options: Any) -> Any:
        detector = load(options)

        def detect(*args: Any, **more: Any) -> Any:
            trip()
            return detector(*args, **more)

        return detect

    if STAGE == "analyze":
        module._detector = loaded


def _one_table(module: ModuleType) -> None:
    analyze = module.analyze_table

    def analyzed(page: Any, *args: Any) -> Any:
        if hasattr(page, "pixels"):  # and is no page that has failed
            trip(page.number)
        return analyze(page, *args)

    if STAGE == "analyze":
        module.analyze_table = analyzed


def _reading(module: ModuleType) -> None:
    opened = module.open_source

    def open_source(*args: Any, **more: Any) -> Any:
        if STAGE == "open":
            trip()
        source = opened(*args, **more)
        if STAGE == "read":
            read = source.read

            def faulty(number: int) -> Any:
                trip(number)
                if FAULT == "huge" and number == PAGE:
                    import numpy as np

                    from structure.core.images import PageImage

                    return PageImage(number, np.zeros((20_000, 20_000, 3), np.uint8), 200.0)
                return read(number)

            source.read = faulty
        return source

    module.open_source = open_source


def _writing(module: ModuleType) -> None:
    write = module.write_atomic

    def written(target: Any, data: Any, **more: Any) -> None:
        def pour(file: Any) -> None:
            file.write(data[: len(data) // 2])
            file.flush()
            trip()
            file.write(data[len(data) // 2 :])

        write(target, pour, **more)

    if STAGE == "write":
        module.write_atomic = written


def _renaming(module: ModuleType) -> None:
    sync = module._sync_folder

    def synced(folder: Any) -> None:
        # The file has its name, and nobody knows it yet.
        trip()
        sync(folder)

    if STAGE == "rename":
        module._sync_folder = synced


def _originals(module: ModuleType) -> None:
    begin = module.OpenedOriginal.__init__

    def begun(self: Any, *args: Any) -> None:
        trip()
        begin(self, *args)

    if STAGE == "original":
        module.OpenedOriginal.__init__ = begun


_CHANGES: dict[str, Callable[[ModuleType], None]] = {
    "recovery.writers.originals": _originals,
    "structure.core.output": _renaming,
    "kie.extractor": _extraction,
    "structure.isolation.errands": _errands,
    "structure.pipeline.documents": _one_table,
    "structure.isolation.work": _work,
    "structure.pipeline": _pipeline,
    "structure.reading": _reading,
    "recovery.writers.files": _writing,
}


class _Finder(importlib.abc.MetaPathFinder):
    """Lets a change follow the import of a module."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in _CHANGES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        loader = spec.loader
        execute = loader.exec_module

        def changed(module: ModuleType) -> None:
            execute(module)
            _CHANGES[name](module)

        loader.exec_module = changed  # type: ignore[method-assign]
        return spec


if STUBS or STAGE:
    sys.meta_path.insert(0, _Finder())
