"""Being stopped at moments of our own choosing: never in the middle of a step of the ledger."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

Handler = Callable[[int, FrameType | None], object]


class Signals:
    """Holds back Ctrl-C and termination inside `shield`, and lets them through elsewhere.

    What a signal does is left to the handler that was installed before: it raises. Where there is
    none (the system's own action), or outside of the main thread, nothing is changed.
    """

    def __init__(self) -> None:
        self._previous: dict[int, Handler] = {}
        self._held: tuple[int, FrameType | None] | None = None
        self._depth = 0

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                previous = signal.getsignal(number)
                if callable(previous):
                    self._previous[number] = previous
                    signal.signal(number, self._receive)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, previous in self._previous.items():
            signal.signal(number, previous)
        self._previous.clear()

    @contextmanager
    def shield(self) -> Iterator[None]:
        """Signals wait until the end of the block; an error of the block goes before them."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
        self.check()

    def check(self) -> None:
        """Act on a signal that was held back."""
        if self._held is not None and not self._depth:
            number, frame = self._held
            self._held = None
            self._previous[number](number, frame)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self._held = self._held or (number, frame)
        self.check()
