"""Pages from the generator, for training and for measuring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kie.labelled import LabelledPage
from kie.synth import FAMILIES, load_locales, make_page

VALIDATION_SEED = 900_001


@dataclass(frozen=True, slots=True)
class GeneratedPages:
    """Page k of a seed; None where its family and locale are kept for measuring."""

    seed: int
    held_out: tuple[tuple[str, str], ...]

    def __call__(self, index: int) -> LabelledPage | None:
        """Page `index`."""
        page = make_page(self.seed, index)
        return None if (page.family, page.locale) in self.held_out else page


def held_out_pages(held_out: tuple[tuple[str, str], ...], count: int) -> Iterator[LabelledPage]:
    """Pages of the pairs of family and locale that no training saw, `count` of each pair."""
    families, locales = {family.name for family in FAMILIES}, set(load_locales())
    for family, locale in held_out:
        if family in families and locale in locales:
            for index in range(count):
                yield make_page(VALIDATION_SEED, index, families=[family], locales=[locale])
