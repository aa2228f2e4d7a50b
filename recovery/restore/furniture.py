"""Running headers, footers and page numbers: what recurs at the edge of pages leaves the body."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from recovery.restore.markers import roman_number
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Sheet
from structure.core.analysis import Label
from structure.core.document import Align, FurnitureType
from structure.core.geometry import Box, union

_PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:p(?:age|agina|\.)|seite|página|s\.|第)?\s*(?P<n>\d{1,5}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|von|van|de|sur|/)\s*\d{1,4})?\s*页?[\W_]*$",
    re.IGNORECASE,
)
_PROSE_LINES = 8
"""A document of one or two pages has running text if so many lines are long; a receipt has not."""
_PAGE_LINES = 25
"""So many such lines make a page of a book or a journal, which has page numbers."""
_PROSE_EM = 14.0
"""Width of a line of running text, in em."""
_MOST_PAGES = 10_000
"""A lone number from here on is a file number or the like; volumes of a year may count higher."""
_SHORT = 3
"""In a document of so many pages a page header stands on all, counts them or has its label."""
_MAX_ROWS = 3
"""Rows at one edge of a page that are looked at."""
_GAP_LH = 0.9
"""Free space, in heights of a line, between a page header and the body."""
_FLOOR = 0.08
"""Share of the page height, at the bottom, where a lone number is the page number."""


@dataclass(frozen=True)
class Running:
    """One piece of furniture; `rows` of pieces become one entry each."""

    page: int
    kind: FurnitureType
    pieces: tuple[Piece, ...]
    align: Align
    group: str | None

    @property
    def box(self) -> Box:
        """Around its pieces."""
        return union(piece.box for piece in self.pieces)


@dataclass(frozen=True)
class _Edge:
    """A row at the upper or lower edge of a page, with the text that all such rows share."""

    sheet: int
    top: bool
    pieces: tuple[Piece, ...]
    distance: float
    text: str

    @property
    def masked(self) -> str:
        return re.sub(r"\d+", "#", self.text).casefold()


def find_furniture(sheets: Sequence[Sheet], options: RestoreOptions) -> list[Running]:
    """Everything on `sheets` that belongs into page headers and footers."""
    if not options.furniture:
        return []
    edges = [edge for k, sheet in enumerate(sheets) for edge in _edges(k, sheet, options)]
    numbers = _page_numbers(edges, sheets, options)
    rest = [edge for edge in edges if edge not in numbers]
    if len(sheets) >= 3:
        running = _recurring(rest, sheets, options)
    else:
        running = _by_label(rest, sheets, options)
    found = [_running(edge, "page_number", sheets, "page") for edge in numbers]
    found += [
        _running(edge, "header" if edge.top else "footer", sheets, group) for edge, group in running
    ]
    return sorted(found, key=lambda r: (r.page, r.box.y0, r.box.x0))


def without(sheets: Sequence[Sheet], running: Sequence[Running]) -> list[Sheet]:
    """The pages without furniture that is already known."""
    known = {id(piece) for item in running for piece in item.pieces}
    return [
        replace(sheet, pieces=tuple(piece for piece in sheet.pieces if id(piece) not in known))
        for sheet in sheets
    ]


def _edges(k: int, sheet: Sheet, options: RestoreOptions) -> list[_Edge]:
    zone = options.margin_zone * sheet.height
    edges: list[_Edge] = []
    for top in (True, False):
        near = [
            piece
            for piece in sheet.pieces
            if piece.text.strip()
            and (piece.box.y1 <= zone * 1.2 if top else piece.box.y0 >= sheet.height - zone * 1.2)
        ]
        for row in _apart(_rows(near, top), sheet, top):
            box = union(piece.box for piece in row)
            distance = box.center[1] if top else sheet.height - box.center[1]
            edges.append(_Edge(k, top, row, distance, " ".join(p.text.strip() for p in row)))
    return edges


def _apart(
    rows: Sequence[tuple[Piece, ...]], sheet: Sheet, top: bool
) -> Sequence[tuple[Piece, ...]]:
    """The rows before the first clear gap; none where the body begins at the very edge.

    A letterhead of many lines is no page header.
    """
    inner = [piece.box for piece in sheet.pieces]
    for count, row in enumerate(rows[:_MAX_ROWS], start=1):
        box = union(piece.box for piece in row)
        near = [
            other
            for other in inner
            if (other.center[1] > box.y1 and other.y0 - box.y1 < _GAP_LH * box.height)
            or (other.center[1] < box.y0 and box.y0 - other.y1 < _GAP_LH * box.height)
        ]
        further = [
            o for o in near if (o.center[1] > box.y1) == top and o.center[1] != box.center[1]
        ]
        if not further:
            return rows[:count]
    return []


def _rows(pieces: Sequence[Piece], top: bool) -> list[tuple[Piece, ...]]:
    """Pieces on one line each, from the edge of the page inwards."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.box.center[1], p.box.x0)):
        if rows and rows[-1][0].box.overlap_y(piece.box) > 0.5 * piece.box.height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    ordered = [tuple(sorted(row, key=lambda p: p.box.x0)) for row in rows]
    return ordered if top else ordered[::-1]


def _number(text: str) -> int | None:
    found = _PAGE_NUMBER.match(text.strip())
    if found is None:
        return None
    core = found.group("n")
    return int(core) if core.isdigit() else roman_number(core) or None


def _page_numbers(
    edges: Sequence[_Edge], sheets: Sequence[Sheet], options: RestoreOptions
) -> list[_Edge]:
    """Rows, or single pieces of rows, that count the pages."""
    singles = [part for edge in edges for part in _parts(edge) if _number(part.text) is not None]
    if len(sheets) < 3:
        return [
            edge
            for edge in edges
            if not edge.top
            and 0 < (_number(edge.text) or 0) < _MOST_PAGES
            and edge.distance <= _FLOOR * sheets[edge.sheet].height
        ]
    shifts = Counter(
        (part.top, (_number(part.text) or 0) - sheets[part.sheet].number) for part in singles
    )
    kept: list[_Edge] = []
    for top in (True, False):
        counts = [(count, shift) for (side, shift), count in sorted(shifts.items()) if side == top]
        count, shift = max(counts, default=(0, 0))
        if count >= max(2, options.furniture_share * len(sheets)):
            kept += [
                part
                for part in singles
                if part.top == top and _number(part.text) == shift + sheets[part.sheet].number
            ]
    return _whole(kept, edges)


def _parts(edge: _Edge) -> list[_Edge]:
    """The row itself and, if it has several pieces, each of them."""
    if len(edge.pieces) == 1:
        return [edge]
    return [
        edge,
        *(_Edge(edge.sheet, edge.top, (p,), edge.distance, p.text.strip()) for p in edge.pieces),
    ]


def _whole(kept: Sequence[_Edge], edges: Sequence[_Edge]) -> list[_Edge]:
    """The rows that are a page number as a whole; beside a running title it stays in its row."""
    return [edge for edge in edges if edge in kept]


def _recurring(
    edges: Sequence[_Edge], sheets: Sequence[Sheet], options: RestoreOptions
) -> list[tuple[_Edge, str]]:
    clusters: list[list[_Edge]] = []
    for edge in edges:
        for cluster in clusters:
            if _alike(cluster[0], edge, sheets, options):
                cluster.append(edge)
                break
        else:
            clusters.append([edge])
    found: list[tuple[_Edge, str]] = []
    for cluster in clusters:
        pages = {sheets[edge.sheet].number for edge in cluster}
        known = _counts(cluster, sheets) or any(_labelled(e, sheets, options) for e in cluster)
        # The letterhead of a short letter recurs on a copy of it, and is still its text.
        least = 3 if cluster[0].top and len(sheets) <= _SHORT and not known else 2
        if len(pages) >= least and _often(pages, sheets, options):
            name = ("h" if cluster[0].top else "f") + str(1 + len({g for _, g in found}))
            found += [(edge, name) for edge in cluster]
    taken = {id(edge) for edge, _ in found}
    return found + [
        (edge, "h0" if edge.top else "f0")
        for edge in edges
        if id(edge) not in taken and _labelled(edge, sheets, options)
    ]


def _alike(a: _Edge, b: _Edge, sheets: Sequence[Sheet], options: RestoreOptions) -> bool:
    reach = 1.5 * max(sheets[a.sheet].line_height, sheets[b.sheet].line_height)
    if a.top != b.top or abs(a.distance - b.distance) > reach:
        return False
    same = SequenceMatcher(None, a.masked, b.masked, autojunk=False)
    return (
        same.quick_ratio() >= options.furniture_similarity
        and same.ratio() >= options.furniture_similarity
    )


def _counts(cluster: Sequence[_Edge], sheets: Sequence[Sheet]) -> bool:
    """Whether a number in the rows grows with the page."""
    shifts = Counter(
        number - sheets[edge.sheet].number
        for edge in cluster
        for piece in edge.pieces
        if (number := _number(piece.text)) is not None
    )
    return max(shifts.values(), default=0) > 1


def _often(pages: set[int], sheets: Sequence[Sheet], options: RestoreOptions) -> bool:
    """On half of all pages, or of the odd, or of the even ones; and on two at least."""
    if len(pages) < 2:
        return False
    numbers = {sheet.number for sheet in sheets}
    groups: dict[int, set[int]] = defaultdict(set)
    for number in numbers:
        groups[number % 2].add(number)
    return any(
        len(pages & group) >= max(2.0, options.furniture_share * len(group))
        for group in (numbers, *groups.values())
    )


def _labelled(edge: _Edge, sheets: Sequence[Sheet], options: RestoreOptions) -> bool:
    """Whether layout detection is sure that the row is a header or footer, and it lies there."""
    sheet = sheets[edge.sheet]
    wanted = Label.HEADER if edge.top else Label.FOOTER
    return (
        sheet.analysis.layout_trusted
        and edge.distance <= options.margin_zone * sheet.height
        and all(
            piece.label == wanted
            and piece.region is not None
            and sheet.regions[piece.region].score >= options.furniture_score
            for piece in edge.pieces
        )
    )


def _by_label(
    edges: Sequence[_Edge], sheets: Sequence[Sheet], options: RestoreOptions
) -> list[tuple[_Edge, str]]:
    """One or two pages: the layout class or a page number beside it decides, over running text."""
    return [
        (edge, "h0" if edge.top else "f0")
        for edge in edges
        if (_labelled(edge, sheets, options) and _has_prose(sheets[edge.sheet], _PROSE_LINES))
        or (_is_numbered(edge) and _has_prose(sheets[edge.sheet], _PAGE_LINES))
    ]


def _is_numbered(edge: _Edge) -> bool:
    """Whether one piece of the row is a page number and the others are not."""
    return len(edge.pieces) > 1 and sum(_number(p.text) is not None for p in edge.pieces) == 1


def _has_prose(sheet: Sheet, count: int) -> bool:
    long = [p for p in sheet.pieces if p.label == Label.TEXT and p.box.width > _PROSE_EM * p.em]
    return len(long) >= count


def _running(
    edge: _Edge, kind: FurnitureType, sheets: Sequence[Sheet], group: str | None
) -> Running:
    sheet = sheets[edge.sheet]
    middle = union(piece.box for piece in edge.pieces).center[0] / max(sheet.width, 1e-6)
    wide = union(piece.box for piece in edge.pieces).width > 0.5 * sheet.width
    align: Align = "left"
    if not wide and 0.4 <= middle <= 0.6:
        align = "center"
    elif not wide and middle > 0.6:
        align = "right"
    return Running(sheet.number, kind, edge.pieces, align, group)
