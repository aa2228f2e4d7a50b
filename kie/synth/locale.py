"""Wording and habits of the places that pages come from, read from `locales/*.txt`.

A line of such a file reads `name = one | another | a third`. `base = de-DE` takes over all that the
file does not say itself. Lines that begin with a hash are comments.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

_FOLDER = Path(__file__).with_name("locales")


@dataclass(frozen=True, slots=True)
class Locale:
    """The lists of one locale.

    Attributes:
        name: Such as "de-DE".
        lists: Name of a list to its entries.
    """

    name: str
    lists: dict[str, tuple[str, ...]]

    @property
    def country(self) -> str:
        """Two letters."""
        return self.name[-2:]

    @property
    def language(self) -> str:
        """Two letters."""
        return self.name[:2]

    def list(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """All entries; `default`, or else an error, where the locale has none."""
        found = self.lists.get(name, default)
        if not found:
            raise KeyError(f"{self.name} has no {name}")
        return found

    def has(self, name: str) -> bool:
        """Whether the locale has such a list."""
        return name in self.lists

    def one(self, name: str, default: str = "") -> str:
        """The first entry."""
        found = self.lists.get(name)
        return found[0] if found else default

    def pick(self, rng: Random, name: str) -> str:
        """An entry at random."""
        return rng.choice(self.list(name))


@cache
def load_locales() -> dict[str, Locale]:
    """All locales by name, in the order of their names."""
    raw = {path.stem: _parse(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.txt"))}
    return {name: Locale(name, _with_base(name, raw)) for name in raw}


@cache
def locale_weights() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Names of the locales and how often pages come from each."""
    locales = load_locales()
    weights = tuple(float(locale.one("weight", "1")) for locale in locales.values())
    return tuple(locales), weights


def _parse(text: str) -> dict[str, tuple[str, ...]]:
    lists = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(" = ")
        lists[name.strip()] = tuple(part.strip() for part in rest.split(" | "))
    return lists


def _with_base(name: str, raw: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    own = raw[name]
    base = own.get("base")
    return {**_with_base(base[0], raw), **own} if base else own
