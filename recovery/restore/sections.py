"""Bands and columns: which strip of a page has how many columns, and where their edges are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from recovery.restore.options import RestoreOptions
from structure.core.document import Margins
from structure.core.geometry import Box, union

Column = tuple[float, float]

_NARROWEST_MARGIN = 0.024
"""Least margin of a narrow page, such as a till receipt, as a share of its width."""
_LOWER = 0.67
"""Share of its least height that a column must have beside a high one."""
_STICKS_OUT = 0.15
"""Share of its width by which a picture may be wider than its column."""
_MANY_LINES = 4
"""Text in one of several columns is higher than so many lines."""
_SAME_MARGIN_PT = 4.0
"""Margins of two pages that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A band before its blocks have names.

    Attributes:
        columns: (x0, x1) from left to right.
        members: Indices into the boxes it was made from, in reading order.
    """

    y0: float
    y1: float
    columns: tuple[Column, ...]
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    boxes: tuple[Box, ...]
    members: tuple[int, ...]
    columns: tuple[Column, ...]

    @property
    def box(self) -> Box:
        return union(self.boxes)


def find_bands(
    boxes: Sequence[Box],
    line_height: float,
    options: RestoreOptions,
    *,
    text: Sequence[bool] | None = None,
) -> list[Strip]:
    """Cut a page into bands with one set of columns each.

    Args:
        boxes: Of the body in reading order: stacks of lines, tables, pictures with their captions.
        line_height: Median height of a text line.
        options: Thresholds.
        text: Which boxes are text or tables; pictures, the others, may stick out of their column a
            little and do not say where its edges are.

    Returns:
        Bands in reading order; every box is in exactly one, and each band holds a run of
        consecutive boxes.
    """
    is_text = text or [True] * len(boxes)
    whole = boxes
    boxes = _standing(boxes, is_text, line_height)
    boxes = [
        box if own else _narrowed(box, line_height) for box, own in zip(boxes, is_text, strict=True)
    ]
    groups = [
        _group(part, boxes, line_height, options)
        for part in _contiguous(levels(_with_headings(boxes, line_height), line_height))
    ]
    merged: list[_Group] = []
    for group in groups:
        if merged and _same_columns(merged[-1], group, boxes, line_height):
            together = (*merged[-1].members, *group.members)
            merged[-1] = _group(together, boxes, line_height, options)
        else:
            merged.append(group)
    return [
        Strip(
            group.box.y0,
            group.box.y1,
            _edges(group, whole, is_text, 2 * line_height),
            group.members,
        )
        for group in merged
    ]


def _standing(boxes: Sequence[Box], is_text: Sequence[bool], line_height: float) -> tuple[Box, ...]:
    """The boxes, those of large pictures cut down to the band and the column that they begin in.

    A picture with text around it reaches beside several bands and into the gutter; it must make
    neither one band of them nor one column.
    """
    texts = [i for i, own in enumerate(is_text) if own]
    bands = [
        union(boxes[texts[k]] for k in level)
        for level in levels([boxes[i] for i in texts], line_height)
    ]
    found = list(boxes)
    for i, box in enumerate(boxes):
        beside = [band for band in bands if band.overlap_y(box) > line_height]
        if is_text[i] or len(beside) < 2:
            continue
        before = [boxes[k] for k in texts if k < i] or [boxes[k] for k in texts[:1]]
        band = next((b for b in beside if b.overlap_y(before[-1]) > 0), beside[0])
        y0, y1 = max(box.y0, band.y0), min(box.y1, band.y1)
        middle = box.center[0]
        right = min(
            (
                boxes[k].x0
                for k in texts
                if boxes[k].x0 > middle and min(boxes[k].y1, y1) > max(boxes[k].y0, y0)
            ),
            default=box.x1,
        )
        left = max(
            (
                boxes[k].x1
                for k in texts
                if boxes[k].x1 < middle and min(boxes[k].y1, y1) > max(boxes[k].y0, y0)
            ),
            default=box.x0,
        )
        gutter = line_height
        found[i] = Box(
            box.x0 if left <= box.x0 else min(left + gutter, middle),
            y0,
            box.x1 if right >= box.x1 else max(right - gutter, middle),
            y1,
        )
    return tuple(found)


def _narrowed(box: Box, line_height: float) -> Box:
    """A picture without what it may stick out of its column."""
    inset = min(_STICKS_OUT * box.width / 2, 1.5 * line_height)
    return Box(box.x0 + inset, box.y0, box.x1 - inset, box.y1)


def _with_headings(boxes: Sequence[Box], line_height: float) -> list[Box]:
    """The boxes, low ones over the next in their column drawn down to it: they begin it."""
    found = list(boxes)
    for i, (upper, lower) in enumerate(pairwise(boxes)):
        gap = lower.y0 - upper.y1
        inside = _inside((upper.x0, upper.x1), (lower.x0, lower.x1), line_height)
        if upper.height <= 2 * line_height and inside and 0 <= gap < 1.2 * line_height:
            found[i] = Box(upper.x0, upper.y0, upper.x1, lower.y0 + min(line_height, lower.height))
    return found


def _edges(
    group: _Group, boxes: Sequence[Box], is_text: Sequence[bool], slack: float
) -> tuple[Column, ...]:
    """The columns of a group, drawn to the edges of their text where that is a small step."""
    if len(group.columns) == 1:
        around = union(boxes[i] for i in group.members)
        return ((around.x0, around.x1),)
    texts = [boxes[i] for i in group.members if is_text[i]]
    found: list[Column] = []
    for x0, x1 in group.columns:
        own = [box for box in texts if x0 <= box.center[0] < x1]
        left = min((box.x0 for box in own), default=x0)
        right = max((box.x1 for box in own), default=x1)
        found.append((left if left - x0 <= slack else x0, right if x1 - right <= slack else x1))
    return tuple(found)


def levels(boxes: Sequence[Box], line_height: float) -> list[list[int]]:
    """Groups of boxes that stand beside each other, directly or through others, downwards."""
    found: list[list[int]] = []
    bottom = float("-inf")
    for i in sorted(range(len(boxes)), key=lambda i: (boxes[i].y0, i)):
        slack = min(0.5 * line_height, 0.4 * boxes[i].height)
        if boxes[i].y0 + slack >= bottom:
            found.append([])
            bottom = float("-inf")
        found[-1].append(i)
        bottom = max(bottom, boxes[i].y1 - slack)
    return found


def _contiguous(rows: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Join levels until each is a run of consecutive indices: columns go on over a gap."""
    runs: list[list[int]] = []
    for level in rows:
        current = sorted(level)
        while runs and runs[-1][-1] > current[0]:
            current = sorted(runs.pop() + current)
        runs.append(current)
    return [tuple(run) for run in runs]


def _group(
    members: Sequence[int], boxes: Sequence[Box], line_height: float, options: RestoreOptions
) -> _Group:
    own = tuple(boxes[i] for i in members)
    columns = columns_of(own, line_height, options)
    if not _in_turn(own, columns):
        columns = ((columns[0][0], columns[-1][1]),)
    return _Group(own, tuple(members), columns)


def _in_turn(boxes: Sequence[Box], columns: Sequence[Column]) -> bool:
    """Whether boxes in reading order fill one column after the other and never return to one."""
    places = [sum(x0 <= box.center[0] for x0, _ in columns) for box in boxes]
    return all(a <= b for a, b in pairwise(places))


def columns_of(
    boxes: Sequence[Box], line_height: float, options: RestoreOptions
) -> tuple[Column, ...]:
    """The columns that `boxes` stand in: their intervals in x, where clear gutters part them."""
    slack = options.overlap_lh * line_height
    intervals: list[list[Box]] = []
    right = float("-inf")
    for box in sorted(boxes, key=lambda box: (box.x0, box.x1)):
        # An edge that sticks out a little does not close a gutter.
        if box.x0 >= right - min(slack, options.overlap_share * box.width):
            intervals.append([])
        intervals[-1].append(box)
        right = max(right, box.x1)
    intervals = _without_specks(intervals, line_height, options)
    columns = [union(group) for group in intervals]
    least = max(options.gutter_pt, options.gutter_lh * line_height)
    wide = all(b.x0 - a.x1 >= least - slack for a, b in pairwise(columns))
    # A sender at the right and an address below at the left are no columns.
    beside = all(
        any(one.overlap_y(two) > 0.5 * line_height for one in a for two in b)
        for a, b in pairwise(intervals)
    )
    real = _are_columns(columns, line_height, options)
    if len(columns) > 1 and wide and real and beside:
        return tuple((column.x0, column.x1) for column in columns)
    whole = union(boxes)
    return ((whole.x0, whole.x1),)


def _without_specks(
    intervals: Sequence[list[Box]], line_height: float, options: RestoreOptions
) -> list[list[Box]]:
    """The intervals, a word or two between two others joined to the nearer one."""
    found = list(intervals)
    i = 1
    while i < len(found) - 1:
        if not _is_speck(found[i], line_height, options):
            i += 1
            continue
        left, own, right = (union(group) for group in found[i - 1 : i + 2])
        k = i - 1 if own.x0 - left.x1 <= right.x0 - own.x1 else i
        found[k : k + 2] = [found[k] + found[k + 1]]
        i = max(1, k)
    return found


def _is_speck(boxes: Sequence[Box], line_height: float, options: RestoreOptions) -> bool:
    around = union(boxes)
    return (
        around.width < options.column_width_lh * line_height
        and around.height < options.column_height_lh * line_height
    )


def _are_columns(parts: Sequence[Box], line_height: float, options: RestoreOptions) -> bool:
    """Whether parts of a page are as wide and as high as columns are at least.

    Beside one that is twice as high as it must be, a part may be lower: the name of a firm, for
    example, beside its address.
    """
    least = options.column_height_lh * line_height
    if max(part.height for part in parts) >= 2 * least:
        least *= _LOWER
    return all(
        part.width >= options.column_width_lh * line_height and part.height >= least
        for part in parts
    )


def _same_columns(upper: _Group, lower: _Group, boxes: Sequence[Box], line_height: float) -> bool:
    """Whether two groups in succession can share one set of columns without changing the order."""
    if len(upper.columns) == len(lower.columns) == 1:
        return True
    if len(upper.columns) == len(lower.columns):
        return False  # columns that start anew below: a band of their own keeps the order
    slack = line_height
    if len(lower.columns) == 1:
        return _inside(lower.columns[0], upper.columns[-1], slack) and _inside_box(
            boxes[upper.members[-1]], upper.columns[-1], slack
        )
    tops = [
        min((box.y0 for box in lower.boxes if x0 <= box.center[0] < x1), default=lower.box.y0)
        for x0, x1 in lower.columns
    ]
    return (
        len(upper.columns) == 1
        # What stands over columns that begin at one height stands over all of them.
        and max(tops) - min(tops) > 2 * line_height
        and _inside(upper.columns[0], lower.columns[0], slack)
        and upper.columns[0][1] - upper.columns[0][0]
        > 0.6 * (lower.columns[0][1] - lower.columns[0][0])
    )


def _inside(inner: Column, outer: Column, slack: float) -> bool:
    return inner[0] >= outer[0] - slack and inner[1] <= outer[1] + slack


def _inside_box(box: Box, column: Column, slack: float) -> bool:
    return _inside((box.x0, box.x1), column, slack)


def snap_columns(
    pages: Sequence[Sequence[Strip]], line_height: float, options: RestoreOptions
) -> list[list[Strip]]:
    """Give edges that nearly agree over the whole document one value, their median."""
    tolerance = options.snap_lh * line_height
    columns = [column for strips in pages for strip in strips for column in strip.columns]
    lefts = _clusters([column[0] for column in columns], tolerance)
    rights = _clusters([column[1] for column in columns], tolerance)
    return [
        [
            replace(strip, columns=tuple((lefts[x0], rights[x1]) for x0, x1 in strip.columns))
            for strip in strips
        ]
        for strips in pages
    ]


def with_empty_columns(pages: Sequence[Sequence[Strip]], line_height: float) -> list[list[Strip]]:
    """Give text in the first column of the bands before it, with nothing beside it, all of them.

    The last page of a paper in columns often ends before its second column begins.
    """
    result: list[list[Strip]] = []
    last: Strip | None = None
    for strips in pages:
        own: list[Strip] = []
        for strip in strips:
            if len(strip.columns) > 1:
                last = strip
            elif last is not None and _fills_first(strip, last.columns, line_height):
                strip = replace(strip, columns=last.columns)
            own.append(strip)
        result.append(own)
    return result


def _fills_first(strip: Strip, columns: Sequence[Column], line_height: float) -> bool:
    x0, x1 = strip.columns[0]
    edges = max(abs(x0 - columns[0][0]), abs(x1 - columns[0][1]))
    return edges < line_height and strip.y1 - strip.y0 > _MANY_LINES * line_height


def _clusters(values: Sequence[float], tolerance: float) -> dict[float, float]:
    found: dict[float, float] = {}
    cluster: list[float] = []
    for value in sorted(values):
        if cluster and value - cluster[0] > tolerance:
            found.update(dict.fromkeys(cluster, median(cluster)))
            cluster = []
        cluster.append(value)
    if cluster:
        found.update(dict.fromkeys(cluster, median(cluster)))
    return found


def page_margins(
    pages: Sequence[tuple[float, float, Sequence[Strip]]], options: RestoreOptions
) -> list[Margins]:
    """Margins of every page; pages of one size share them as far as their text fits in.

    Args:
        pages: (width, height, bands) in points.
        options: Thresholds.

    The shared margins are medians, but for the lower one: many pages end before they are full. A
    page whose text goes beyond them has its own.
    """
    own = [_own_margins(*page, options.min_margin_pt) if page[2] else None for page in pages]
    sizes = [(round(width), round(height)) for width, height, _ in pages]
    result: list[Margins] = []
    for size, margins in zip(sizes, own, strict=True):
        same = [m for s, m in zip(sizes, own, strict=True) if s == size and m is not None]
        if not same:
            result.append(Margins())
            continue
        shared = {side: median(getattr(m, side) for m in same) for side in ("left", "top", "right")}
        shared["bottom"] = sorted(m.bottom for m in same)[(len(same) - 1) // 4]
        if margins is not None:
            for side, value in shared.items():
                mine = getattr(margins, side)
                if mine < value - _SAME_MARGIN_PT:
                    shared[side] = mine
        result.append(Margins(**shared))
    return result


def _own_margins(width: float, height: float, strips: Sequence[Strip], least: float) -> Margins:
    left = min(column[0] for strip in strips for column in strip.columns)
    right = width - max(column[1] for strip in strips for column in strip.columns)
    top = min(strip.y0 for strip in strips)
    bottom = height - max(strip.y1 for strip in strips)
    least = min(least, _NARROWEST_MARGIN * width)
    return Margins(
        left=max(least, min(left, width / 3)),
        top=max(least, min(top, height / 3)),
        right=max(least, min(right, width / 3)),
        # White paper below the last line is room to write on, not a margin.
        bottom=max(least, min(bottom, height / 8)),
    )
