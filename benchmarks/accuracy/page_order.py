"""How well an order of lines fits true blocks, and simple ways to put lines in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import fmean, median

from rapidfuzz.distance import Levenshtein

from benchmarks.accuracy.page_truth import (
    CAPTION,
    FOOT,
    FORMULA,
    HEADING,
    LIST,
    PICTURE,
    TABLE,
    TEXT,
    TrueBlock,
)
from structure.core.document import (
    Document,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    Place,
    TableBlock,
    TextBlock,
)
from structure.core.geometry import Box

_TEXT_KINDS = {
    "title": HEADING,
    "heading": HEADING,
    "caption": CAPTION,
    "footnote": FOOT,
}
_INSIDE = 0.5
"""Share of a line that must lie in a true block to belong to it."""
_PICTURE_IOU = 0.4


@dataclass(frozen=True, slots=True)
class Found:
    """A line of a document, or a picture without lines.

    Attributes:
        box: In pixels of the source.
        kind: As in `TrueBlock`.
        body: Whether it has a place in the reading order.
    """

    box: Box
    kind: str
    body: bool = True


@dataclass(frozen=True, slots=True)
class OrderScore:
    """How an order fits the true one.

    Attributes:
        order: 1 - edits between the sequences of blocks / their number, blocks that are missing
            counted twice, not below 0.
        tau: Kendall's, over pairs of blocks that were found; None with fewer than two.
        missing: Share of the true blocks without any line.
        whole: Share of the blocks found whose lines follow each other without one of another block.
    """

    order: float
    tau: float | None
    missing: float
    whole: float


@dataclass(slots=True)
class KindCounts:
    """True blocks of one kind: how many there are, were taken for it, and rightly so."""

    true: int = 0
    found: int = 0
    right: int = 0
    taken_for: Counter[str] = field(default_factory=Counter)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where there is nothing to find."""
        both = self.true + self.found
        return round(2 * self.right / both, 4) if both else None


def items_of(document: Document) -> list[Found]:
    """All lines and pictures of a document of one page, those of the body in reading order."""
    way = document.pages[0].to_source
    body = [Found(way.box(box), kind) for box, kind in _body(document)]
    outside = [
        Found(way.box(box), FOOT, body=False)
        for item in document.furniture
        for box in ([line.box for line in item.lines] or [item.box])
    ]
    return body + outside


def _body(document: Document) -> Iterator[tuple[Box, str]]:
    for block in document.body:
        if isinstance(block, TextBlock):
            kind = _TEXT_KINDS.get(block.type, TEXT)
            yield from ((box, kind) for box in _boxes(block.at, block.box))
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from ((box, LIST) for box in _boxes(item.at, item.box))
        elif isinstance(block, TableBlock):
            yield from ((box, TABLE) for box in _in_table(block))
        elif isinstance(block, FigureBlock):
            yield block.box, PICTURE
            yield from ((line.box, PICTURE) for line in block.lines)
        elif isinstance(block, FormulaBlock):
            lines = [line.box for line in block.lines]
            yield from ((box, FORMULA) for box in lines or [block.box])


def _in_table(block: TableBlock) -> Iterator[Box]:
    """The lines of a table cell by cell; what is in no cell comes last."""
    rest = [line.box for line in block.lines]
    for cell in block.cells:
        if not cell.text or cell.box is None:
            continue
        inside = [box for box in rest if cell.box.contains(*box.center)]
        rest = [box for box in rest if box not in inside]
        yield from inside or [cell.box]
    yield from rest


def _boxes(places: Sequence[Place], whole: Box) -> list[Box]:
    return [line.box for place in places for line in place.lines] or [whole]


def assigned(items: Sequence[Found], truth: Sequence[TrueBlock]) -> list[int | None]:
    """The true block that each item belongs to: the smallest around most of it."""
    return [_block_around(item, truth) for item in items]


def _block_around(item: Found, truth: Sequence[TrueBlock]) -> int | None:
    around = [
        i
        for i, block in enumerate(truth)
        if item.box.covered_by(block.box.padded(2)) >= _INSIDE and block.kind != PICTURE
    ]
    if item.kind == PICTURE or not around:
        around += [
            i
            for i, block in enumerate(truth)
            if block.kind == PICTURE
            and (
                item.box.iou(block.box) >= _PICTURE_IOU
                or (item.box.covered_by(block.box) >= _INSIDE and item.box.area < block.box.area)
            )
        ]
    return min(around, key=lambda i: truth[i].box.area, default=None)


def order_score(
    items: Sequence[Found], owners: Sequence[int | None], truth: Sequence[TrueBlock]
) -> OrderScore | None:
    """Score items in the order given; None where the truth has no two blocks to put in order."""
    ranks = {i: block.rank for i, block in enumerate(truth) if block.rank is not None}
    if len(ranks) < 2:
        return None
    places: dict[int, list[int]] = {}
    for n, (item, owner) in enumerate(zip(items, owners, strict=True)):
        if item.body and owner in ranks:
            places.setdefault(owner, []).append(n)
    wanted = sorted(ranks, key=lambda i: ranks[i])
    found = sorted(places, key=lambda i: (median(places[i]), places[i][0]))
    missing = 1 - len(found) / len(wanted)
    edits = Levenshtein.distance(wanted, found)
    sequence = [o for i, o in zip(items, owners, strict=True) if i.body and o in ranks]
    runs = Counter(o for n, o in enumerate(sequence) if n == 0 or sequence[n - 1] != o)
    return OrderScore(
        max(0.0, 1 - edits / len(wanted) - missing),
        kendall_tau([ranks[i] for i in found]),
        missing,
        fmean(runs[i] == 1 for i in found) if found else 0.0,
    )


def kendall_tau(ranks: Sequence[int | None]) -> float | None:
    """Pairs in the true order less those in the other, over all pairs; ranks differ."""
    pairs = [(a, b) for a, b in combinations(ranks, 2) if a is not None and b is not None]
    return fmean(1 if a < b else -1 for a, b in pairs) if pairs else None


def count_kinds(
    items: Sequence[Found],
    owners: Sequence[int | None],
    truth: Sequence[TrueBlock],
    counts: dict[str, KindCounts],
) -> None:
    """Count each true block with what most of its lines were taken for."""
    for i, block in enumerate(truth):
        if block.kind is None:
            continue
        own = counts.setdefault(block.kind, KindCounts())
        own.true += 1
        weights = Counter[str]()
        for item, owner in zip(items, owners, strict=True):
            if owner == i:
                weights[item.kind] += max(1, round(item.box.width))
        taken = weights.most_common(1)[0][0] if weights else "nothing"
        own.taken_for[taken] += 1
        own.right += taken == block.kind
        if weights:
            counts.setdefault(taken, KindCounts()).found += 1


def top_left(boxes: Sequence[Box]) -> list[int]:
    """From the top down, then from the left, as if the page had one column."""
    return sorted(range(len(boxes)), key=lambda i: (boxes[i].y0, boxes[i].x0))


def xy_cut(boxes: Sequence[Box], *, gap: float) -> list[int]:
    """Cut at the widest empty row or column, and so on in both parts, rows first when equal.

    Args:
        boxes: Of one page.
        gap: Least width of a cut.

    Source: Nagy and Seth, "Hierarchical representation of optically scanned documents", 1984.
    """
    return _cut(list(range(len(boxes))), boxes, gap)


def _cut(part: list[int], boxes: Sequence[Box], gap: float) -> list[int]:
    rows = _widest(part, [(boxes[i].y0, boxes[i].y1) for i in part])
    columns = _widest(part, [(boxes[i].x0, boxes[i].x1) for i in part])
    width, first, rest = max(rows, columns, key=lambda cut: cut[0])
    if width < gap or not first:
        return sorted(part, key=lambda i: (boxes[i].y0, boxes[i].x0))
    return _cut(first, boxes, gap) + _cut(rest, boxes, gap)


def _widest(
    part: Sequence[int], intervals: Sequence[tuple[float, float]]
) -> tuple[float, list[int], list[int]]:
    """(width, before, after) of the widest empty interval."""
    order = sorted(range(len(part)), key=lambda n: intervals[n])
    best, at, end = 0.0, 0, intervals[order[0]][1]
    for n in range(1, len(order)):
        start = intervals[order[n]][0]
        if start - end > best:
            best, at = start - end, n
        end = max(end, intervals[order[n]][1])
    sorted_part = [part[n] for n in order]
    return best, sorted_part[:at], sorted_part[at:]
