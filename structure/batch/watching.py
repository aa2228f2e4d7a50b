"""Waiting for files that somebody else is still writing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from structure.batch.places import Found
from structure.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Watch:
    """How a folder is watched.

    Attributes:
        interval: Seconds between two looks.
        settle: Seconds for which a file must not have changed.

    Raises:
        ConfigError: a value that is no positive number.
    """

    interval: float = 2.0
    settle: float = 5.0

    def __post_init__(self) -> None:
        for name, value in (("interval", self.interval), ("settle", self.settle)):
            if not (math.isfinite(value) and value > 0):
                raise ConfigError(f"{name} cannot be {value}", hint="give seconds, more than 0")


class Settling:
    """Lets through the files that have not changed for a while.

    What counts is what was seen here, not the times that the files carry: a copied file may carry
    the time of its original, and the clock of a file server may differ from ours.
    """

    def __init__(self, watch: Watch, clock: Callable[[], float] = time.monotonic) -> None:
        self._settle, self._clock = watch.settle, clock
        self._known: dict[bytes, tuple[int, str, float]] = {}

    def __call__(self, files: Iterable[Found]) -> Iterator[Found]:
        """Those of `files` that are at rest."""
        met: dict[bytes, tuple[int, str, float]] = {}
        for found in files:
            now = self._clock()
            size, stamp, since = self._known.get(found.path, (0, "", now))
            if (size, stamp) != (found.size, found.stamp):
                since = now
            met[found.path] = (found.size, found.stamp, since)
            if now - since >= self._settle:
                yield found
        self._known = met
