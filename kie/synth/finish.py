"""From a drawn page to a labelled one: reading, with or without noise, and numbering."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from kie.labelled import LabelledEntity, LabelledLink, LabelledPage, LabelledWord
from kie.synth import noise
from kie.synth.canvas import Mark, Placed
from kie.synth.draft import Draft

HEAVY, LIGHT = 0.03, 0.006
"""Share of characters that are misread on heavy and on other noisy pages."""


def finish(draft: Draft, family: str, skeleton: str, rng: Random | None) -> LabelledPage:
    """Read the page that was drawn.

    Args:
        draft: The page.
        family: Group of its skeleton.
        skeleton: Name of the skeleton.
        rng: Source of the noise; None for a clean page.
    """
    lines = noise.in_reading_order(_read(draft))
    if rng is not None:
        lines = _spoil(rng, lines, draft.canvas.width, draft.canvas.height)
    return _number(draft, lines, family, skeleton)


def _read(draft: Draft) -> list[noise.ReadLine]:
    width, height = draft.canvas.width, draft.canvas.height
    lines = []
    for segment in draft.canvas.segments:
        top, bottom = segment.top, segment.bottom
        if top < 0 or bottom > height:
            continue
        words = [
            noise.ReadWord(word.text, word.x0, top, word.x1, bottom, word.mark)
            for word in segment.words
            if _fits(word, width)
        ]
        if words:
            lines.append(noise.ReadLine(words))
    return lines


def _fits(word: Placed, width: float) -> bool:
    return word.x0 >= 0 and word.x1 <= width


def _spoil(
    rng: Random, lines: list[noise.ReadLine], width: float, height: float
) -> list[noise.ReadLine]:
    """About a fifth of the pages come from a text layer: exact, only cut otherwise."""
    digital = rng.random() < 0.2
    merge = rng.choice((0.0, 0.0, 0.1, 0.5, 0.9))
    split = rng.choice((0.0, 0.0, 0.0, 0.03, 0.15, 1.0 if digital else 0.05))
    lines = noise.resegment(rng, lines, merge, split)
    if rng.random() < 0.06:
        noise.glue_keys(rng, lines, 0.8)
    if not digital:
        if rng.random() < 0.6:
            noise.proportional_boxes(lines)
        rate = HEAVY if rng.random() < 0.1 else LIGHT if rng.random() < 0.6 else 0.0
        if rate:
            noise.misread(rng, lines, rate)
        if rng.random() < 0.15:
            lines += noise.specks(rng, width, height, rng.randint(1, 8))
        noise.distort(rng, lines, width, height)
        lines = [line for line in lines if _inside(line, width, height)]
        lines = noise.in_reading_order(lines)
    if rng.random() < 0.05:
        lines = noise.shuffled(rng, lines)
    return lines


def _inside(line: noise.ReadLine, width: float, height: float) -> bool:
    """Whether most of a line is still on the page: what is cut off is not read."""
    return line.x0 > -5 and line.x1 < width + 5 and 0 < line.middle < height


def _number(draft: Draft, lines: list[noise.ReadLine], family: str, skeleton: str) -> LabelledPage:
    width, height = draft.canvas.width, draft.canvas.height
    across, down = 1000 / width, 1000 / height
    words: list[LabelledWord] = []
    found: dict[Mark, list[int]] = {}
    for number, line in enumerate(lines):
        for word in line.words:
            if word.mark is not None:
                found.setdefault(word.mark, []).append(len(words))
            box = (
                _clip(word.x0 * across),
                _clip(word.y0 * down),
                _clip(word.x1 * across),
                _clip(word.y1 * down),
            )
            words.append(LabelledWord(word.text, box, number))
    entities = tuple(
        LabelledEntity(index, mark.kind, mark.field, tuple(places), mark.row)
        for index, (mark, places) in enumerate(found.items())
    )
    ids = {mark: index for index, mark in enumerate(found)}
    links = tuple(
        LabelledLink(ids[head], ids[tail], kind)
        for head, tail, kind in dict.fromkeys(draft.links)
        if head in ids and tail in ids
    )
    return LabelledPage(
        words=tuple(words),
        entities=entities,
        links=links,
        page_type=draft.page_type,
        locale=draft.locale.name,
        family=family,
        skeleton=skeleton,
        width=width,
        height=height,
        truth=_truth(draft, ids),
    )


def _truth(draft: Draft, kept: Mapping[Mark, int]) -> dict[str, str]:
    """The first printing of each scalar field, in the order of drawing, before it is misread."""
    texts: dict[Mark, list[str]] = {}
    for segment in draft.canvas.segments:
        for word in segment.words:
            mark = word.mark
            if mark is None or mark not in kept or mark.field is None or mark.row is not None:
                continue
            if not _fits(word, draft.canvas.width):
                continue
            texts.setdefault(mark, []).append(word.text)
    truth: dict[str, str] = {}
    for mark, words in texts.items():
        truth.setdefault(str(mark.field), " ".join(words))
    return truth


def _clip(value: float) -> int:
    return min(1000, max(0, int(value)))
