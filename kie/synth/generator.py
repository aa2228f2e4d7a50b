"""Pages without end: page k of a seed is always the same, and none is stored."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from kie.labelled import LabelledPage
from kie.synth import blocks
from kie.synth.canvas import Canvas
from kie.synth.content import make_content
from kie.synth.draft import Draft, choose_style
from kie.synth.families import (
    credit,
    einvoice,
    form,
    letter,
    prose,
    receipt,
    sheet,
    tabular,
    trade,
    utility,
)
from kie.synth.family import Family, Skeleton
from kie.synth.finish import finish
from kie.synth.formats import choose_formats
from kie.synth.locale import Locale, load_locales, locale_weights

FAMILIES: tuple[Family, ...] = (
    letter.FAMILY,
    einvoice.FAMILY,
    sheet.FAMILY,
    tabular.FAMILY,
    receipt.FAMILY,
    utility.FAMILY,
    credit.FAMILY,
    form.FAMILY,
    trade.FAMILY,
    prose.FAMILY,
)

A4, US_LETTER = (595.0, 842.0), (612.0, 792.0)


def make_page(
    seed: int,
    index: int,
    *,
    families: Sequence[str] | None = None,
    locales: Sequence[str] | None = None,
    clean: bool = False,
) -> LabelledPage:
    """Page `index` of the pages of a seed.

    Args:
        seed: Pages of different seeds have nothing to do with each other.
        index: From 0.
        families: Only these families of layouts, such as "receipt"; all if None.
        locales: Only these locales, such as "de-DE"; all if None.
        clean: Without any noise: no misread characters, exact boxes, lines as they were put down.

    Raises:
        ValueError: If a family or locale is not known.
    """
    draft, family, skeleton = draw_page(seed, index, families=families, locales=locales)
    return finish(draft, family, skeleton, None if clean else Random(f"noise {seed} {index}"))


def draw_page(
    seed: int,
    index: int,
    *,
    families: Sequence[str] | None = None,
    locales: Sequence[str] | None = None,
) -> tuple[Draft, str, str]:
    """The same page before it is read, with the names of its family and skeleton."""
    rng = Random(f"page {seed} {index}")
    family = _choose_family(rng, families)
    skeleton = rng.choice(family.skeletons)
    locale = _choose_locale(rng, locales, skeleton)
    draft = _start(rng, locale, skeleton)
    skeleton.draw(draft)
    if not skeleton.narrow and draft.chance(0.12):
        blocks.banner(draft)
    if draft.page_type in ("invoice", "credit_note", "order") and draft.chance(0.12):
        blocks.small_print(draft)
    return draft, family.name, skeleton.name


def _choose_family(rng: Random, names: Sequence[str] | None) -> Family:
    known = {family.name: family for family in FAMILIES}
    if names is not None and (strange := set(names) - set(known)):
        raise ValueError(f"no such family: {sorted(strange)}; known are {sorted(known)}")
    offered = FAMILIES if names is None else [known[name] for name in names]
    return rng.choices(offered, [family.weight for family in offered])[0]


def _choose_locale(rng: Random, names: Sequence[str] | None, skeleton: Skeleton) -> Locale:
    known = load_locales()
    all_names, weights = locale_weights()
    offered = dict(zip(all_names, weights, strict=True))
    if names is not None:
        if strange := set(names) - set(known):
            raise ValueError(f"no such locale: {sorted(strange)}; known are {sorted(known)}")
        offered = {name: offered[name] for name in names}
    fitting = {
        name: weight
        for name, weight in offered.items()
        if not skeleton.languages or name[:2] in skeleton.languages
    }
    # A caller who wants a locale gets it, also with a layout that is at home elsewhere.
    chosen = fitting or offered
    return known[rng.choices(list(chosen), list(chosen.values()))[0]]


def _start(rng: Random, locale: Locale, skeleton: Skeleton) -> Draft:
    kind = rng.choice(skeleton.kinds)
    lines = skeleton.lines
    if lines[1] >= 10 and rng.random() < 0.09:
        lines = (20, 60)
    if skeleton.narrow:
        width, height = rng.uniform(160, 300), 5000.0
    else:
        width, height = US_LETTER if locale.country in ("US", "CA") else A4
    size = rng.uniform(*skeleton.sizes)
    canvas = Canvas(
        width, height, size, mono=rng.random() < skeleton.mono, stretch=rng.uniform(0.88, 1.05)
    )
    return Draft(
        rng=rng,
        locale=locale,
        content=make_content(rng, locale, kind, lines, skeleton.retail),
        formats=choose_formats(rng, locale),
        style=choose_style(rng, locale),
        canvas=canvas,
        page_type=kind,
    )
