"""Pieces to rows, rows to stacks: what stands on one line, and which lines stand below each other.

Layout regions group whole columns, cut lines and miss half of an invoice, so that geometry decides
and the region is only a witness. A stack is a run of lines in one column; a ledger is a group of
narrow stacks whose lines stand beside each other as label and value, and is read row by row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean, median

from recovery.restore.markers import is_lone_marker
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row
from recovery.restore.strips import Strips
from structure.core.analysis import Label
from structure.core.geometry import Box, union
from structure.core.text import width

_ALONE = frozenset({Label.TITLE, Label.FIGURE_CAPTION, Label.TABLE_CAPTION, Label.EQUATION})
"""Lines of these regions never stack with lines of another kind."""

_TEXT_ROWS = 3
"""Text that a short line may cut has at least so many lines on either side."""
_WORD_GAP, _OTHER_SIZE = 0.4, 1.2
"""Type this much larger, so many em away, is of another line, however near."""
_PROSE_CHARS = 28
"""Mean width in Latin letters of a line from which a stack of lines is running text."""
_TAIL_EM = 4.0
"""The last line of a paragraph that the first line of the next may pass is at most so long."""
_NEXT_LINE = 2.0
"""Heights of a line within which the next one follows."""

_WIDEST_GAP = 1.4
"""The usual gap between lines, in heights of a line, is at most this wide."""
_LOWEST = 0.7
"""A line is at least so high, as a share of its neighbour, when the gap between is judged."""
_LEDGER_GAP_EM = 12.0
"""Rows of labels and values that belong together are at most so far from each other."""
_SURE_ROWS = 2
"""Columns that begin or end at a row show on so many rows, or on one where they are far apart."""
_NEAR_ROWS = 3.0
"""How far, in heights of a row, its surroundings reach."""

_VALUE = re.compile(
    r"""^\W*(
        [\d][\d.,:/' %-]*\w{0,3}            # numbers, dates, times, amounts
        | (usd|eur|gbp|chf|rm|rs|[$€£¥])\W*\d.*
        | \d{1,2}[ ./-]\w{3,9}[ ./-]\d{2,4} # 3 March 1998
        | \w*\d[\w./-]*                     # codes
        | [xX✓✔☑☐□] | yes | no
    )\W*$""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Stack:
    """Rows of one column from top to bottom; read as a whole before anything beside it.

    Attributes:
        ledger: Rows of labels and values: every row is a paragraph of its own.
    """

    rows: tuple[Row, ...]
    ledger: bool = False

    @cached_property
    def box(self) -> Box:
        """Around all rows."""
        return union(row.box for row in self.rows)

    @property
    def prose(self) -> bool:
        """Whether this is running text rather than labels, values, addresses."""
        return fmean(width(row.text) for row in self.rows) >= _PROSE_CHARS


def build_stacks(pieces: Sequence[Piece], options: RestoreOptions) -> list[Stack]:
    """Every piece in exactly one row of exactly one stack, in no particular order of stacks."""
    rows = merge_rows(pieces, options)
    stacks = merge_ledgers(rejoin(link_rows(rows, options), options), options)
    return part_columns(extend_ledgers(stacks, options))


def on_one_row(a: Box, b: Box, options: RestoreOptions) -> bool:
    """Whether two boxes stand beside each other on one line."""
    return a.overlap_y(b) >= options.same_row * max(min(a.height, b.height), 1e-6)


def merge_rows(pieces: Sequence[Piece], options: RestoreOptions) -> list[Row]:
    """Join the pieces of one line that detection split; never over a gap between columns."""
    rows: list[Row] = []
    lanes = Lanes(pieces)
    places = Strips([piece.box for piece in pieces])
    for piece in sorted(pieces, key=lambda p: (p.box.x0, p.box.y0)):
        best: tuple[float, int] | None = None
        for i in places.near(piece.box.y0, piece.box.y1):
            row = rows[i]
            gap = piece.box.x0 - row.pieces[-1].box.x1
            if (
                -0.5 * piece.em <= gap < options.tab_em * piece.em
                and on_one_row(row.pieces[-1].box, piece.box, options)
                and (
                    _is_item(row, piece)
                    or (
                        _same_kind(row.pieces[-1], piece)
                        and not lanes.gutter(row.pieces[-1], piece)
                    )
                )
                and (best is None or gap < best[0])
            ):
                best = (gap, i)
        if best is None:
            places.add(len(rows), piece.box)
            rows.append(Row((piece,)))
        else:
            places.add(best[1], piece.box)
            rows[best[1]] = Row((*rows[best[1]].pieces, piece))
    return sorted(rows, key=lambda row: (row.box.y0, row.box.x0))


def _is_item(row: Row, piece: Piece) -> bool:
    """Whether `piece` is the text of a list item whose marker is all that the row holds."""
    return len(row.pieces) == 1 and is_lone_marker(row.text) and not is_lone_marker(piece.text)


def _same_kind(a: Piece, b: Piece) -> bool:
    ratio = a.box.height / max(b.box.height, 1e-6)
    if a.font is not None and b.font is not None and b.box.x0 - a.box.x1 > _WORD_GAP * b.font.size:
        sizes = sorted((a.font.size, b.font.size))
        if sizes[1] > _OTHER_SIZE * sizes[0]:
            return False
    alone = a.label != b.label and (a.label in _ALONE or b.label in _ALONE)
    return not alone and 0.5 <= ratio <= 2.0


class Lanes:
    """Tells a gap between two columns from a gap between two words."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._boxes = [piece.box for piece in pieces]
        regions: dict[int, list[Box]] = {}
        for piece in pieces:
            if piece.region is not None:
                regions.setdefault(piece.region, []).append(piece.box)
        self._regions = {region: union(own) for region, own in regions.items() if len(own) > 1}
        self._strips = Strips.of(self._boxes)

    def gutter(self, left: Piece, right: Piece) -> bool:
        """Whether the gap between two pieces of one line goes on in the lines above or below.

        A line across the gap closes it. Where nothing is near, a gap of more than one em counts as
        one.
        """
        x0, x1 = left.box.x1, right.box.x0
        if x1 - x0 < 0.3 * right.em:
            return False
        if self._between_regions(left, right):
            return True
        reach = _NEAR_ROWS * max(left.box.height, right.box.height)
        top, bottom = left.box.y0 - reach, right.box.y1 + reach
        near = [
            box
            for box in (self._boxes[k] for k in self._strips.near(top, bottom))
            if box is not left.box and box is not right.box and top < box.center[1] < bottom
        ]
        # The lines of a ragged column end anywhere in the gap; only those beyond it close it.
        slack = 0.3 * right.em
        crossing = [box for box in near if box.x0 < x0 and box.x1 > x1 - slack]
        ending = [box for box in near if x0 - 2 * right.em < box.x1 <= x1 - slack]
        starting = [box for box in near if x0 + slack <= box.x0 < x1 + 2 * right.em]
        if crossing and x1 - x0 > 0.5 * right.em:
            # Under a heading across columns they begin, above a line across them they end.
            middle = (left.box.center[1] + right.box.center[1]) / 2
            for sign in (1, -1):
                ends, starts, crosses = (
                    sum(sign * (box.center[1] - middle) > 0 for box in found)
                    for found in (ending, starting, crossing)
                )
                sure = 1 if x1 - x0 > right.em else _SURE_ROWS
                if min(ends, starts) >= sure and not crosses:
                    return True
        if crossing:
            return len(starting) > 2 * len(crossing) and len(ending) > 0
        return (len(starting) > 0 and x1 - x0 > 0.5 * right.em) or x1 - x0 > right.em

    def _between_regions(self, left: Piece, right: Piece) -> bool:
        """Whether two regions of several lines each end and begin at the gap."""
        if left.region == right.region or left.region is None or right.region is None:
            return False
        one, two = self._regions.get(left.region), self._regions.get(right.region)
        return one is not None and two is not None and one.x1 < two.x0


def link_rows(rows: Sequence[Row], options: RestoreOptions) -> list[Stack]:
    """Stack rows that follow each other closely in one column and nowhere branch."""
    strips = Strips.of([row.box for row in rows])
    below = [_below(i, rows, strips, options) for i in range(len(rows))]
    gaps = [_gap(rows[i], rows[j]) for i, found in enumerate(below) for j in found]
    # Typescripts have a full empty line between any two.
    reach = options.link_gap + min(max(median(gaps), 0.0), _WIDEST_GAP) if gaps else 0.0
    above: list[list[int]] = [[] for _ in rows]
    for i, found in enumerate(below):
        for j in found:
            above[j].append(i)
    follower = {
        i: found[0]
        for i, found in enumerate(below)
        if len(found) == 1
        and len(above[found[0]]) == 1
        and _linked(rows[i], rows[found[0]], reach, options)
    }
    stacks: list[Stack] = []
    followers = set(follower.values())
    for i in range(len(rows)):
        if i in followers:
            continue
        chain = [i]
        while chain[-1] in follower:
            chain.append(follower[chain[-1]])
        stacks.append(Stack(tuple(rows[k] for k in chain)))
    return stacks


def _below(i: int, rows: Sequence[Row], strips: Strips, options: RestoreOptions) -> list[int]:
    """The rows directly under row `i`: those that no other row hides."""
    upper = rows[i].box
    reach = (_WIDEST_GAP + options.link_gap) * upper.height
    candidates = [
        j
        for j in strips.near(upper.y0, upper.y1 + reach)
        if j != i
        and rows[j].box.center[1] > upper.center[1]
        and _beneath(upper, rows[j].box, options)
    ]
    near = [k for k in strips.near(upper.y0, upper.y1 + reach) if k != i]
    return [
        j
        for j in candidates
        if not any(
            rows[k].box.center[1] < rows[j].box.center[1]
            and not on_one_row(rows[k].box, rows[j].box, options)
            and (_beneath(rows[k].box, rows[j].box, options) or _passes(rows[k], rows[j]))
            for k in candidates
            if k != j
        )
        and not any(
            _passes(rows[i], rows[k]) and _beneath(rows[k].box, rows[j].box, options)
            for k in near
            if k != j
        )
    ]


def _passes(tail: Row, first: Row) -> bool:
    """Whether `first` is set in so far that it stands beside, not below, the short line above."""
    step = first.box.center[1] - tail.box.center[1]
    return (
        0 < step < _NEXT_LINE * max(tail.box.height, first.box.height)
        and tail.box.width < _TAIL_EM * tail.em
        and 0 < first.box.x0 - tail.box.x0 < _TAIL_EM * tail.em
        and first.box.width > 3 * tail.box.width
    )


def _beneath(upper: Box, lower: Box, options: RestoreOptions) -> bool:
    height = min(upper.height, lower.height)
    share = min(options.overlap_lh * height, options.overlap_share * min(upper.width, lower.width))
    return (
        upper.overlap_x(lower) > share
        and not on_one_row(upper, lower, options)
        and lower.y0 - upper.y1 < (_WIDEST_GAP + options.link_gap) * height
    )


def _gap(a: Row, b: Row) -> float:
    """Distance of row `b` below row `a` in heights of the lower of the two.

    A word or two without tall letters are lower than a line is.
    """
    low, high = sorted((a.box.height, b.box.height))
    return (b.box.y0 - a.box.y1) / max(low, _LOWEST * high, 1e-6)


def _linked(a: Row, b: Row, reach: float, options: RestoreOptions) -> bool:
    size = max(a.em, b.em) / max(min(a.em, b.em), 1e-6)
    alone = a.label != b.label and (a.label in _ALONE or b.label in _ALONE)
    return not alone and size <= options.link_size and _gap(a, b) <= reach


def rejoin(stacks: Sequence[Stack], options: RestoreOptions) -> list[Stack]:
    """Join running text that a short line cut: the first line of the next paragraph is set in.

    The indented line begins where the short one ends, so that neither stands below the other.
    """
    waiting = sorted(stacks, key=lambda stack: (stack.box.y0, stack.box.x0))
    joined: list[Stack] = []
    while waiting:
        stack = waiting.pop(0)
        while True:
            below = [other for other in waiting if _goes_on(stack, other, options)]
            if len(below) != 1:
                break
            waiting.remove(below[0])
            stack = Stack((*stack.rows, *below[0].rows))
        joined.append(stack)
    return joined


def _goes_on(upper: Stack, lower: Stack, options: RestoreOptions) -> bool:
    a, b = upper.rows[-1], lower.rows[0]
    if len(upper.rows) < _TEXT_ROWS or len(lower.rows) < _TEXT_ROWS:
        return False
    if not (upper.prose and lower.prose) or _beneath(a.box, b.box, options):
        return False
    before, behind = upper.rows[-2], lower.rows[1]
    room = behind.box.center[1] - b.box.center[1]
    step = b.box.center[1] - a.box.center[1]
    return (
        a.box.x1 > before.box.x0 + 0.5 * a.em
        and a.box.x0 < b.box.x0
        and b.box.x1 > a.box.x1
        and b.box.overlap_x(before.box) > 0.5 * min(b.box.width, before.box.width)
        and abs(a.box.x0 - min(before.box.x0, behind.box.x0)) < 2 * a.em
        and 0 < step <= options.loose_paragraph_gap * room
        and a.label == b.label
    )


def merge_ledgers(stacks: Sequence[Stack], options: RestoreOptions) -> list[Stack]:
    """Join stacks that stand beside each other as labels and values into ledgers."""
    group = list(range(len(stacks)))

    def root(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    rows = [(j, row) for j, stack in enumerate(stacks) for row in stack.rows]
    strips = Strips.of([row.box for _, row in rows])
    for i in range(len(stacks)):
        pairs = _pairs(i, stacks, rows, strips, options)
        if sum(_entry(a, b) for _, a, b in pairs) >= max(1.0, 0.25 * len(pairs)):
            for j, _, _ in pairs:
                group[root(j)] = root(i)
    members: dict[int, list[Stack]] = {}
    for i, stack in enumerate(stacks):
        members.setdefault(root(i), []).append(stack)
    return [
        group_[0] if len(group_) == 1 else ledger_of(group_, options) for group_ in members.values()
    ]


def _pairs(
    i: int,
    stacks: Sequence[Stack],
    rows: Sequence[tuple[int, Row]],
    strips: Strips,
    options: RestoreOptions,
) -> list[tuple[int, Row, Row]]:
    """(index of the stack to the right, row, its neighbour) for the rows that have one.

    Args:
        i: Index of the stack to the left.
        stacks: All of them.
        rows: The rows of all stacks, each with the index of its stack.
        strips: Where those rows are.
        options: Thresholds.
    """
    if not _may_enter(stacks[i]):
        return []
    found: list[tuple[int, Row, Row]] = []
    for row in stacks[i].rows:
        beside = [
            (other.box.x0, j, other)
            for j, other in (rows[k] for k in strips.near(row.box.y0, row.box.y1))
            if j != i
            and other.box.x0 >= row.box.x1 - 0.5 * row.em
            and on_one_row(row.box, other.box, options)
        ]
        if beside:
            _, j, other = min(beside, key=lambda entry: (entry[0], entry[1]))
            if _may_enter(stacks[j]) and _near_enough(row, other, options):
                found.append((j, row, other))
    return found


def _near_enough(label: Row, value: Row, options: RestoreOptions) -> bool:
    is_number = _VALUE.match(value.text) is not None
    reach = options.number_gap_em if is_number else options.ledger_gap_em
    return value.box.x0 - label.box.x1 <= reach * label.em


def _may_enter(stack: Stack) -> bool:
    return not stack.prose and all(row.label not in _ALONE for row in stack.rows)


def _entry(label: Row, value: Row) -> bool:
    last = value.text.split()[-1] if value.text.split() else ""
    return label.text.rstrip(" .…_").endswith((":", "\uff1a", "#")) or bool(_VALUE.match(last))


def ledger_of(stacks: Sequence[Stack], options: RestoreOptions) -> Stack:
    """Stacks that stand beside each other as one ledger, read row by row."""
    lines: list[list[Row]] = []
    for row in sorted((r for s in stacks for r in s.rows), key=lambda r: r.box.center[1]):
        for line in lines[-2:]:
            if all(
                on_one_row(row.box, other.box, options)
                and row.box.overlap_x(other.box) <= 0.5 * row.em
                for other in line
            ):
                line.append(row)
                break
        else:
            lines.append([row])
    rows = [
        Row(tuple(p for r in sorted(line, key=lambda r: r.box.x0) for p in r.pieces))
        for line in lines
    ]
    return Stack(tuple(rows), ledger=True)


def extend_ledgers(stacks: Sequence[Stack], options: RestoreOptions) -> list[Stack]:
    """Give ledgers the rows below and above them whose labels and values stand at the same edges.

    Names and places beside a label look like any other words; that they stand in a row with it, as
    numbers and dates above them do, shows that they are its values.
    """
    result = list(stacks)
    for ledger in [stack for stack in stacks if stack.ledger]:
        own = ledger
        while True:
            others = [s for s in result if s is not own and not s.ledger and _may_enter(s)]
            pairs = [
                (label, value)
                for label in others
                if _at_edge(label, own, 0, options)
                for value in others
                if value is not label
                and _at_edge(value, own, 1, options)
                and sum(_in_a_row(row, value, options) for row in label.rows)
                > 0.5 * min(len(label.rows), len(value.rows))
            ]
            if not pairs:
                break
            label, value = pairs[0]
            joined = ledger_of([own, label, value], options)
            kept = (own, label, value)
            result = [s for s in result if all(s is not other for other in kept)] + [joined]
            own = joined
    return result


def _at_edge(stack: Stack, ledger: Stack, column: int, options: RestoreOptions) -> bool:
    """Whether `stack` begins where the labels (0) or values (1) of a ledger do, close to it."""
    edges = [row.pieces[column].box.x0 for row in ledger.rows if len(row.pieces) > 1]
    em = stack.rows[0].em
    away = max(stack.box.y0 - ledger.box.y1, ledger.box.y0 - stack.box.y1)
    return (
        bool(edges)
        and abs(stack.box.x0 - median(edges)) < options.ledger_tab_em * em
        and away < _LEDGER_GAP_EM * em
    )


def _in_a_row(row: Row, stack: Stack, options: RestoreOptions) -> bool:
    return any(on_one_row(row.box, other.box, options) for other in stack.rows)


def part_columns(stacks: Sequence[Stack]) -> list[Stack]:
    """Cut stacks that run on from beside another stack to above or below it.

    The last lines of a column and the full line under both columns follow each other as closely
    as any two lines; only what stands beside them tells that a new band begins.
    """
    waiting = list(stacks)
    parted: list[Stack] = []
    while waiting:
        stack = waiting.pop()
        others = [other for other in (*parted, *waiting) if len(other.rows) > 1]
        cut = next((c for c in (_cut(stack, other.box) for other in others) if c), None)
        if cut is None:
            parted.append(stack)
        else:
            waiting += [
                Stack(stack.rows[:cut], stack.ledger),
                Stack(stack.rows[cut:], stack.ledger),
            ]
    return parted


def _cut(stack: Stack, other: Box) -> int | None:
    """The row before which `stack` must be cut as `other` stands beside part of it."""
    if stack.box.overlap_x(other) <= 0 or stack.box.overlap_y(other) <= 0:
        return None
    sides = [
        0
        if other.y0 <= row.box.center[1] <= other.y1
        else (1 if row.box.center[1] > other.y1 else -1)
        for row in stack.rows
    ]
    beside = [k for k, side in enumerate(sides) if side == 0]
    if not beside or any(
        stack.rows[k].box.overlap_x(other) > 0.5 * stack.rows[k].em for k in beside
    ):
        return None
    covers = [
        side
        for row, side in zip(stack.rows, sides, strict=True)
        if side and row.box.overlap_x(other) > 0.5 * other.width
    ]
    if 1 in covers:
        return beside[-1] + 1
    return beside[0] if -1 in covers and beside[0] > 0 else None
