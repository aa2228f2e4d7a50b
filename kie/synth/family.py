"""What a family of layouts is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kie.synth.draft import Draft


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One layout, written for itself.

    Attributes:
        draw: Puts a document on the page.
        kinds: Page types that it may show; repeated ones are more frequent.
        lines: Least and largest number of line items.
        retail: With prices of a shop, which contain the tax.
        narrow: On a paper roll in place of a sheet.
        mono: How often in type of even width.
        sizes: Smallest and largest type size.
        languages: Only in these languages; in all if empty.
    """

    draw: Callable[[Draft], None]
    kinds: tuple[str, ...] = ("invoice",)
    lines: tuple[int, int] = (1, 10)
    retail: bool = False
    narrow: bool = False
    mono: float = 0.08
    sizes: tuple[float, float] = (7.5, 10.5)
    languages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the layout within its family."""
        return self.draw.__name__


@dataclass(frozen=True, slots=True)
class Family:
    """Layouts of one sort, and how often pages are made with them."""

    name: str
    weight: float
    skeletons: tuple[Skeleton, ...]
