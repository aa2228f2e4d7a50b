"""Tags of words to entities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kie.types import Entity as PageEntity
from kie.types import IntBox, KiePage, Word
from structure.core.geometry import Box

_GAP = 2.0
"""In line heights: how far below a line its continuation may stand."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words with one label.

    Attributes:
        label: From 0, without O.
        words: Their indices.
        goes_on: Whether the first tag is an I: the line continues an entity further up.
    """

    label: int
    words: tuple[int, ...]
    goes_on: bool = False


def best_tags(
    logs: NDArray[np.floating], free: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """The most probable tags of which none is inside an entity that did not begin.

    Args:
        logs: (n, 1 + 2 F) logarithms of probabilities: O, then B and I of each label.
        free: (n,) where an I may follow anything, since it continues an entity further up; nowhere
            if None.

    Returns:
        (n,) tags; elsewhere an I follows only a B or I of the same label.
    """
    count, tags = logs.shape
    if not count:
        return np.zeros(0, np.int64)
    inside = np.arange(2, tags, 2)
    came = np.zeros((count, tags), np.int64)
    score = np.asarray(logs[0], np.float64).copy()
    score[inside] = -np.inf
    for i in range(1, count):
        best = int(score.argmax())
        came[i] = best
        following = np.full(tags, score[best])
        opened = score[inside - 1] >= score[inside]
        came[i, inside] = np.where(opened, inside - 1, inside)
        following[inside] = np.where(opened, score[inside - 1], score[inside])
        if free is not None and free[i]:
            came[i], following = best, np.full(tags, score[best])
        score = following + logs[i]
    path = np.zeros(count, np.int64)
    path[-1] = score.argmax()
    for i in range(count - 1, 0, -1):
        path[i - 1] = came[i, path[i]]
    return path


def spans_of(tags: Sequence[int], starts: Sequence[bool] | None = None) -> list[Span]:
    """The entities that tags stand for.

    An I after O, or after another label, begins an entity, as seqeval counts.

    Args:
        tags: Of the words of a page.
        starts: Whether a word is the first of its line; if given, an I there begins a span too,
            which `join_lines` puts where it belongs.
    """
    found: list[tuple[int, list[int]]] = []
    last = 0
    for i, tag in enumerate(tags):
        if tag:
            label = (tag - 1) // 2
            parted = starts is not None and starts[i]
            if tag % 2 or parted or not last or (last - 1) // 2 != label:
                found.append((label, []))
            found[-1][1].append(i)
        last = tag
    return [Span(label, tuple(words), tags[words[0]] % 2 == 0) for label, words in found]


def join_lines(spans: Sequence[Span], words: Sequence[Word]) -> list[Span]:
    """Spans that go on joined with the nearest one of their label above, or else on their left.

    Args:
        spans: In reading order.
        words: Of the page.
    """
    boxes = [union([words[i].box for i in span.words]) for span in spans]
    joined: list[tuple[Span, IntBox]] = []
    for span, box in zip(spans, boxes, strict=True):
        alike = [k for k, (other, _) in enumerate(joined) if other.label == span.label]
        above = [k for k in alike if _is_below(box, joined[k][1])]
        beside = [k for k in alike if _is_beside(box, joined[k][1])]
        if not span.goes_on or not above + beside:
            joined.append((span, box))
            continue
        nearest = max(above or beside, key=lambda k: (joined[k][1][3], joined[k][1][2]))
        first, _ = joined[nearest]
        # Its last line is what the next one is compared with.
        joined[nearest] = (Span(span.label, first.words + span.words, first.goes_on), box)
    return [span for span, _ in joined]


def _is_below(box: IntBox, upper: IntBox) -> bool:
    """Whether a line stands right below another."""
    height = min(box[3] - box[1], upper[3] - upper[1])
    below = (box[1] + box[3]) / 2 > upper[3] - 0.3 * height
    across = min(box[2], upper[2]) > max(box[0], upper[0])
    return below and across and box[1] - upper[3] < _GAP * height


def _is_beside(box: IntBox, left: IntBox) -> bool:
    """Whether a line stands right behind another, in the same row."""
    height = min(box[3] - box[1], left[3] - left[1])
    common = min(box[3], left[3]) - max(box[1], left[1])
    return common > 0.5 * height and -height < box[0] - left[2] < 2 * _GAP * height


def union(boxes: Sequence[IntBox]) -> IntBox:
    """The hull of at least one box."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def entity_of(
    number: int, label: str, words: Sequence[int], page: KiePage, sure: NDArray[np.floating]
) -> PageEntity:
    """An entity of a page.

    Args:
        number: Its id.
        label: Its name.
        words: Indices of its words, at least one.
        page: Where they are.
        sure: (n,) probability of the tag chosen for each word of the page; the score of the entity
            is the geometric mean.
    """
    places = [page.place(i) for i in words]
    box = Box(
        min(p.x0 for p in places),
        min(p.y0 for p in places),
        max(p.x1 for p in places),
        max(p.y1 for p in places),
    )
    score = float(np.exp(np.log(np.maximum(sure[list(words)], 1e-9)).mean()))
    text = " ".join(page.words[i].text for i in words)
    return PageEntity(number, label, tuple(words), text, box, min(1.0, score))
