"""Tables up to the rules that close them: a rule on top, one below the header, one at the end.

Where a detector sees a part of such a table only, its rules say how far it goes: they all begin and
end at the same places.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from layout import limits
from layout.geometry import Chunk, PageGeometry
from layout.table_finder import columns_of, visual_rows
from structure.core.geometry import Box, union
from structure.core.rules import Rule


def closed(page: PageGeometry, box: Box) -> Box:
    """A table grown to the rules that close it above and below, over rows that fit its columns.

    Args:
        page: The measured page.
        box: The table as far as it is known.
    """
    rules = _alike(page, box)
    if not rules:
        return box
    grown = box
    for rule in rules:
        if rule.at > grown.y1:
            between = _between(page, rule, grown.y1, rule.at)
            if not _are_rows(page, grown, between, rule.at - grown.y1):
                break
            grown = union([grown, _line(rule)])
    for rule in reversed(rules):
        if rule.at < grown.y0:
            between = _between(page, rule, rule.at, grown.y0)
            if not _is_header(page, between, rule, grown.y0 - rule.at):
                break
            grown = union([grown, _line(rule)])
    return grown


def _alike(page: PageGeometry, box: Box) -> list[Rule]:
    """Horizontal rules from side to side of a table and beyond it, from top to bottom."""
    near = box.padded(0, page.em)
    own = [
        r
        for r in page.rules.horizontal
        if near.y0 <= r.at <= near.y1
        and min(r.end, box.x1) - max(r.start, box.x0) >= 0.7 * box.width
        and r.length <= 1.3 * box.width
    ]
    if not own:
        return []
    start, end = median(r.start for r in own), median(r.end for r in own)
    slack = limits.CLOSING_ENDS * page.em
    alike = [
        r
        for r in _whole(page, start - slack, end + slack)
        if abs(r.start - start) <= slack and abs(r.end - end) <= slack
    ]
    return sorted(alike, key=lambda r: r.at)


def _whole(page: PageGeometry, start: float, end: float) -> list[Rule]:
    """Horizontal rules between two places; pieces of one that text close to it hides are one."""
    inside = [r for r in page.rules.horizontal if r.start >= start and r.end <= end]
    rows: list[list[Rule]] = []
    for rule in sorted(inside, key=lambda r: r.at):
        if rows and rule.at - rows[-1][-1].at <= limits.CLOSING_PIECES * page.em:
            rows[-1].append(rule)
        else:
            rows.append([rule])
    return [
        Rule(
            median(r.at for r in row),
            min(r.start for r in row),
            max(r.end for r in row),
            max(r.thickness for r in row),
        )
        for row in rows
        if sum(r.length for r in row) >= limits.CLOSING_SEEN * (end - start)
    ]


def _line(rule: Rule) -> Box:
    return Box(rule.start, rule.at, rule.end, rule.at)


def _between(page: PageGeometry, rule: Rule, top: float, bottom: float) -> list[Chunk]:
    """The text under or over a rule, between two heights."""
    return [
        c
        for c in page.chunks
        if top < c.box.center[1] < bottom and rule.start < c.box.center[0] < rule.end
    ]


def _are_rows(page: PageGeometry, box: Box, chunks: Sequence[Chunk], height: float) -> bool:
    """Whether text is rows of a table: each part in one column, several columns, no wide gap."""
    if not chunks:
        return height <= limits.RULE_REACH * page.em
    rows = visual_rows([c for c in page.chunks if box.contains(*c.box.center)])
    columns = columns_of(rows, page.em) if rows else []
    used = [
        [k for k, (a, b) in enumerate(columns) if c.box.x0 < b and c.box.x1 > a] for c in chunks
    ]
    if any(len(places) != 1 for places in used) or len({k for (k,) in used}) < 2:
        return False
    edges = [box.y1]
    for row in visual_rows(chunks):
        if min(c.box.y0 for c in row) - edges[-1] > limits.CLOSED_ROW_GAP * page.em:
            return False
        edges.append(max(c.box.y1 for c in row))
    return True


def _is_header(page: PageGeometry, chunks: Sequence[Chunk], rule: Rule, height: float) -> bool:
    """Whether text above a table is its header: low, in several parts beside each other."""
    if not chunks:
        return height <= limits.NEXT_ROW_GAP * page.em
    return (
        height <= limits.CLOSED_HEADER * page.em
        and max(len(row) for row in visual_rows(chunks)) >= 2
        and all(c.box.width <= limits.HEADER_PART * rule.length for c in chunks)
        and not any(c.line in page.prose for c in chunks)
    )
