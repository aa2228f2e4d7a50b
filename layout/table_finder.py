"""Tables that drawn rules and aligned text show, without any network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from layout import limits
from layout.geometry import Chunk, PageGeometry
from structure.core.geometry import Box, union
from structure.core.rules import Rule, Rules, connected, extent, lattice


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table that geometry shows.

    Attributes:
        ruled: Whether drawn rules separate rows and columns.
        filled: Share of the cells that hold text, 0 to 1.
    """

    box: Box
    rows: int
    columns: int
    ruled: bool
    filled: float


def find_tables(page: PageGeometry, taken: Sequence[Box] = ()) -> list[FoundTable]:
    """Tables by drawn lattices, by stacked horizontal rules, and by columns that align.

    Running text in columns is never a table, nor is a form of labels and values in two columns.

    Args:
        page: The measured page.
        taken: Where there is something else (a chart, a formula): its text is not looked at.

    Returns:
        From top to bottom, none overlapping another.
    """
    found = [t for t in ruled_tables(page) if not any(t.box.covered_by(b) > 0.5 for b in taken)]
    for run in _free_runs(page, [*taken, *(t.box for t in found)]):
        found += _tables_of(page, run)
    return sorted(_merged(found), key=lambda t: (t.box.y0, t.box.x0))


def ruled_tables(page: PageGeometry) -> list[FoundTable]:
    """Tables by drawn lattices alone."""
    groups = connected(page.rules, em=page.em)
    return [t for group in groups if (t := _ruled_table(page, group))]


def find_pairs(page: PageGeometry, taken: Sequence[Box] = ()) -> list[Box]:
    """Blocks of labels with their values beside them, which must be read row by row."""
    return [run.box for run in _free_runs(page, taken) if _are_pairs(run.rows)]


def grown_over_rows(page: PageGeometry, box: Box) -> Box:
    """A table grown over the rows directly above and below that stand in its columns."""
    slack = limits.ALIGNED * page.em
    beside = [
        c
        for c in page.chunks
        if c.line not in page.prose and box.x0 - slack <= c.box.x0 and c.box.x1 <= box.x1 + slack
    ]
    rows = visual_rows(beside)
    inside = [row for row in rows if box.y0 <= row[0].box.center[1] < box.y1]
    if not inside:
        return box
    first = rows.index(inside[0])
    last = rows.index(inside[-1])
    for row in reversed(rows[max(0, first - limits.HEADER_ROWS) : first]):
        if not _belongs(row, inside, box.y0 - max(c.box.y1 for c in row), page.em):
            break
        box = union([box, *(c.box for c in row)])
    for row in rows[last + 1 :]:
        gap = min(c.box.y0 for c in row) - box.y1
        if not (_belongs(row, inside, gap, page.em) and _fits(row, inside, page.em)):
            break
        box = union([box, *(c.box for c in row)])
    return box


def visual_rows(parts: Sequence[Chunk]) -> list[list[Chunk]]:
    """Chunks at one height, from left to right; rows from top to bottom."""
    rows: list[list[Chunk]] = []
    middle = height = 0.0
    for chunk in sorted(parts, key=lambda c: (c.box.center[1], c.box.x0)):
        y = chunk.box.center[1]
        if rows and abs(y - middle) <= 0.45 * min(chunk.box.height, height):
            rows[-1].append(chunk)
            middle += (y - middle) / len(rows[-1])
        else:
            rows.append([chunk])
            middle, height = y, chunk.box.height
    return [sorted(row, key=lambda c: c.box.x0) for row in rows]


# --- Lattices


def _ruled_table(page: PageGeometry, group: Rules) -> FoundTable | None:
    """The table of a group of crossing rules, if text stands in at least 2 x 2 of its cells."""
    box = extent(group)
    lines = lattice(group, box, em=page.em)
    if lines is None:
        return None
    xs, ys = lines
    inside = [c for c in page.chunks if box.contains(*c.box.center)]
    cells = {
        (int(np.searchsorted(ys, c.box.center[1])), int(np.searchsorted(xs, c.box.center[0])))
        for c in inside
    }
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    places = (len(xs) - 1) * (len(ys) - 1)
    if len(rows) < 2 or len(columns) < 2 or len(cells) < max(4, limits.FILLED_CELLS * places):
        return None
    prose = sum(c.box.area for c in inside if c.line in page.prose)
    if places <= 4 and prose > 0.5 * sum(c.box.area for c in inside):
        return None
    return FoundTable(box, len(ys) - 1, len(xs) - 1, ruled=True, filled=len(cells) / places)


# --- Rows whose parts align


@dataclass(slots=True)
class _Run:
    """Consecutive rows whose chunks align; between them single chunks, and after them perhaps."""

    rows: list[list[Chunk]]
    singles: list[Chunk]
    waiting: list[Chunk]

    @property
    def box(self) -> Box:
        return union(c.box for row in self.rows for c in row)

    @property
    def bottom(self) -> float:
        return max(c.box.y1 for c in [*self.rows[-1], *self.waiting])


def _free_runs(page: PageGeometry, taken: Sequence[Box]) -> list[_Run]:
    """Runs among the chunks that are neither running text nor inside `taken`."""
    free = [
        c
        for c in page.chunks
        if c.line not in page.prose and not any(b.contains(*c.box.center) for b in taken)
    ]
    walls = [page.lines[i].box for i in sorted(page.prose)] + list(taken)
    return _runs(visual_rows(free), walls, page.em)


def _runs(rows: Sequence[list[Chunk]], walls: Sequence[Box], em: float) -> list[_Run]:
    runs: list[_Run] = []
    current: _Run | None = None
    for row in rows:
        top = min(c.box.y0 for c in row)
        if current is not None and (
            top - current.bottom > limits.ROW_GAP * em or _walled(current, row, walls)
        ):
            current = None
        if len(row) == 1:
            if current is not None:
                current.waiting.append(row[0])
        elif current is not None and _fits(row, current.rows, em):
            current.singles += current.waiting
            current.waiting = []
            current.rows.append(row)
        else:
            current = _Run([row], [], [])
            runs.append(current)
    return runs


def _walled(run: _Run, row: Sequence[Chunk], walls: Sequence[Box]) -> bool:
    """Whether something else stands between a run and the next row, across most of both."""
    above, here = union(c.box for c in run.rows[-1]), union(c.box for c in row)
    both = union([above, here])
    return any(
        above.center[1] < w.center[1] < here.center[1]
        and w.overlap_x(both) >= 0.5 * min(here.width, above.width)
        for w in walls
    )


def _fits(row: Sequence[Chunk], rows: Sequence[Sequence[Chunk]], em: float) -> bool:
    """Whether at least two chunks of `row`, and half of it, align with chunks of the last rows."""
    recent = [c.box for other in rows[-3:] for c in other]
    slack = limits.ALIGNED * em
    aligned = sum(
        any(
            b.overlap_x(c.box) > 0
            and min(abs(b.x0 - c.box.x0), abs(b.x1 - c.box.x1), abs(b.center[0] - c.box.center[0]))
            <= slack
            for b in recent
        )
        for c in row
    )
    return aligned >= 2 and aligned >= 0.5 * min(len(row), len(rows[-1]))


def _belongs(row: Sequence[Chunk], rows: Sequence[Sequence[Chunk]], gap: float, em: float) -> bool:
    """Whether a row next to a table has several parts, each above or below some column."""
    boxes = [c.box for other in rows for c in other]
    return (
        len(row) >= 2
        and gap <= limits.NEXT_ROW_GAP * em
        and len(row) >= 0.5 * max(len(other) for other in rows)
        and all(any(b.overlap_x(c.box) > 0 for b in boxes) for c in row)
    )


def _tables_of(page: PageGeometry, run: _Run) -> list[FoundTable]:
    """The table of a run of rows, if the evidence is good enough; two that stand side by side."""
    run = _between_ends(page, run)
    columns = columns_of(run.rows, page.em)
    cut = _gutter(run.rows, columns, page.em)
    if cut is not None and not _crossed(page, run.box, cut):
        halves = _split(run, cut)
        return [t for half in halves if len(half.rows) > 1 for t in _tables_of(page, half)]
    rules = _rules_of(page, run.box)
    least = limits.RULED_ROWS if len(rules) >= 2 else limits.TABLE_ROWS
    if len(run.rows) < least or len(columns) < 2 or not _convinces(run, columns, len(rules)):
        return []
    whole = union([run.box, *(c.box for c in run.singles)])
    box = _to_rules(page, whole, rules)
    filled = sum(len(row) for row in run.rows) / (len(run.rows) * len(columns))
    return [FoundTable(box, len(run.rows), len(columns), ruled=False, filled=min(1.0, filled))]


def _between_ends(page: PageGeometry, run: _Run) -> _Run:
    """A run without the odd line beside its rules, if these all begin and end at the same places.

    Such a line belongs to the next column of the page.
    """
    slack = limits.CLOSING_ENDS * page.em
    area = run.box.padded(0, page.em)
    rules = [r for r in page.rules.horizontal if area.y0 <= r.at <= area.y1]
    alike = [
        [r for r in rules if max(abs(r.start - o.start), abs(r.end - o.end)) <= slack]
        for o in rules
    ]
    group = max(alike, key=len, default=[])
    if len(group) < limits.CLOSING_RULES:
        return run
    start, end = min(r.start for r in group) - slack, max(r.end for r in group) + slack
    rows = [[c for c in row if start <= c.box.x0 and c.box.x1 <= end] for row in run.rows]
    odd = sum(len(own) < len(row) for own, row in zip(rows, run.rows, strict=True))
    if min(map(len, rows)) < 2 or odd > limits.BESIDE_RULES * len(rows):
        return run
    singles = [c for c in run.singles if start <= c.box.x0 and c.box.x1 <= end]
    return _Run(rows, singles, [])


def _split(run: _Run, cut: float) -> tuple[_Run, _Run]:
    """What stands left and right of `cut`."""

    def side(parts: Iterable[Chunk], *, left: bool) -> list[Chunk]:
        return [c for c in parts if (c.box.center[0] < cut) == left]

    def half(*, left: bool) -> _Run:
        rows = [part for row in run.rows if (part := side(row, left=left))]
        return _Run(rows, side(run.singles, left=left), [])

    return half(left=True), half(left=False)


def _convinces(run: _Run, columns: Sequence[tuple[float, float]], rules: int) -> bool:
    """Whether aligned rows are a table: filled, with numbers or rules, no labels with values."""
    body = [c for row in run.rows[1:] for c in row]
    cells = len(body) + len(run.rows[0])
    if cells < limits.FILLED_COLUMNS * len(run.rows) * len(columns):
        return False
    if len(columns) > 2:
        numeric = sum(c.numeric for c in body) / len(body)
        return numeric >= limits.NUMERIC_SHARE or rules >= 2
    share = sum(row[-1].numeric for row in run.rows) / len(run.rows)
    if rules >= 3:
        return share >= 0.5
    return (
        len(run.rows) >= limits.NUMERIC_PAIR_ROWS
        and share >= limits.NUMERIC_PAIR_SHARE
        and _labels(run.rows) < limits.LABEL_SHARE
    )


def _are_pairs(rows: Sequence[Sequence[Chunk]]) -> bool:
    pairs = [row for row in rows if len(row) == 2]
    if len(pairs) < max(2.0, 0.8 * len(rows)):
        return False
    numeric = sum(row[1].numeric and not row[0].numeric for row in pairs) / len(pairs)
    return numeric >= 0.5 or _labels(rows) >= 0.5


def _labels(rows: Sequence[Sequence[Chunk]]) -> float:
    """Share of the rows that begin with something like `Date:`."""
    return sum(row[0].text.rstrip().endswith((":", "\uff1a")) for row in rows) / len(rows)


def _gutter(
    rows: Sequence[Sequence[Chunk]], columns: Sequence[tuple[float, float]], em: float
) -> float | None:
    """Where two blocks that only happen to stand side by side part: few rows have text in both."""
    for (_, left), (right, _) in pairwise(columns):
        cut = (left + right) / 2
        both = sum(row[0].box.center[0] < cut < row[-1].box.center[0] for row in rows)
        if right - left > limits.GUTTER * em and both < limits.GUTTER_CROSSED * len(rows):
            return cut
    return None


def _crossed(page: PageGeometry, box: Box, cut: float) -> bool:
    """Whether rules run through between the rows on both sides of `cut`: one table with a gap."""
    through = [
        r
        for r in page.rules.horizontal
        if box.y0 < r.at < box.y1
        and min(cut, r.end) - max(box.x0, r.start) > 0.5 * (cut - box.x0)
        and min(box.x1, r.end) - max(cut, r.start) > 0.5 * (box.x1 - cut)
    ]
    return len(through) >= limits.GUTTER_RULES


def columns_of(rows: Sequence[Sequence[Chunk]], em: float) -> list[tuple[float, float]]:
    """Intervals in x that several rows fill, with gaps between them that hardly a row bridges."""
    step = em / 4
    left = min(c.box.x0 for row in rows for c in row)
    right = max(c.box.x1 for row in rows for c in row)
    counts = np.zeros(int((right - left) / step) + 2)
    for row in rows:
        for c in row:
            counts[int((c.box.x0 - left) / step + 0.5) : int((c.box.x1 - left) / step + 0.5)] += 1
    # In short tables every row counts; in longer ones a heading over two columns may bridge a gap.
    bridged = 0.0 if len(rows) < 5 else max(1.0, 0.12 * len(rows))
    filled = np.concatenate([[False], counts > bridged, [False]])
    edges = np.flatnonzero(filled[1:] != filled[:-1])
    return [
        (left + a * step, left + b * step)
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if counts[a:b].max() >= max(2.0, 0.25 * len(rows))
    ]


def _rules_of(page: PageGeometry, box: Box) -> list[Rule]:
    """Horizontal rules in or near a table that run along most of it and hardly further.

    They may run further where the texts of its last column are short: if three or more begin above
    its text, where this begins, and end at one place.
    """
    area = box.padded(0, limits.RULE_REACH * page.em)
    along = [
        r
        for r in page.rules.horizontal
        if area.y0 <= r.at <= area.y1
        and min(r.end, box.x1) - max(r.start, box.x0) >= 0.7 * box.width
    ]
    own = [r for r in along if r.length <= limits.RULE_LENGTH * box.width]
    return own or _open_at_right(along, box, page.em)


def _open_at_right(rules: Sequence[Rule], box: Box, em: float) -> list[Rule]:
    """The rules that close a table whose last column is wider than its texts, or none."""
    slack = limits.CLOSING_ENDS * em
    ends = [r.end for r in rules]
    closes = (
        len(rules) >= limits.CLOSING_RULES
        and rules[0].at <= box.y0 + slack
        and rules[-1].at >= box.y1 - slack
        and max(ends) - min(ends) <= slack
        and all(0 <= box.x0 - r.start + slack <= 2 * slack for r in rules)
    )
    return list(rules) if closes else []


def _to_rules(page: PageGeometry, box: Box, rules: Sequence[Rule]) -> Box:
    """`box`, up to the rules that close it above and below, unless running text lies between."""
    if len(rules) < 2:
        return box
    prose = [line for i in page.prose if (line := page.lines[i].box).covered_by(box) <= 0.5]
    grown = box
    for rule in rules:
        if _lies_beyond(page, rule, box, rules):
            continue
        larger = union([box, Box(rule.start, rule.at, rule.end, rule.at)])
        if not any(line.covered_by(larger) > 0.5 for line in prose):
            grown = union([grown, larger])
    return grown


def _lies_beyond(page: PageGeometry, rule: Rule, box: Box, rules: Sequence[Rule]) -> bool:
    """Whether nothing but blank paper lies between a rule and one that closes the table already."""
    if box.y0 <= rule.at <= box.y1:
        return False
    above = rule.at < box.y0
    nearer = [
        r.at for r in rules if (rule.at < r.at <= box.y0 if above else box.y1 <= r.at < rule.at)
    ]
    if not nearer:
        return False
    low, high = sorted((rule.at, min(nearer) if above else max(nearer)))
    return high - low > limits.NEXT_ROW_GAP * page.em and not any(
        low < c.box.center[1] < high and c.box.overlap_x(box) > 0 for c in page.chunks
    )


def _merged(tables: Iterable[FoundTable]) -> list[FoundTable]:
    """Overlapping tables as one: the ruled one, else the one with more cells, grown over both."""
    kept: list[FoundTable] = []
    for table in sorted(tables, key=lambda t: (-t.ruled, -t.rows * t.columns, t.box.as_tuple())):
        for i, other in enumerate(kept):
            small = min(table.box.area, other.box.area)
            if table.box.intersection(other.box).area > 0.3 * small:
                both = union([table.box, other.box])
                kept[i] = replace(other, box=both)
                break
        else:
            kept.append(table)
    return kept
