"""Running headers, footers and page numbers: what recurs at the edge of pages leaves the body."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain
from statistics import median

from recovery.restore.edges import Edge, edges_of, is_spelled_out, numbers_inside, page_number
from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Sheet
from structure.core.analysis import Label, Picture
from structure.core.document import Align, FurnitureType
from structure.core.geometry import Box, union

_PROSE_LINES = 8
"""A document of one or two pages has running text if so many lines are long; a receipt has not."""
_PAGE_LINES = 25
"""So many such lines make a page of a book or a journal, which has page numbers."""
_PROSE_EM = 14.0
"""Width of a line of running text, in em."""
_MOST_PAGES = 10_000
"""A lone number from here on is a file number or the like; volumes of a year may count higher."""
_MOST_OF_SIDE = 0.75
"""Share of the left or right pages on which their furniture must recur."""
_SHORT = 3
"""In a document of so many pages a page header stands on all or all but the first, counts them or
has its label."""
_FLOOR = 0.08
"""Share of the page height, at the bottom, where a lone number is the page number."""
_EDGE = 0.06
"""Share of the page height so near to whose edge small type is no text of the page ..."""
_SMALL = 0.92
"""... where it is at most this large, against the body ..."""
_FAR_LH = 1.4
"""... and so many heights of a line away from it."""
_VERY_FAR_LH = 4.0
"""So many heights of a line away from the body stands what a label alone tells."""
_SLENDER = 1.8
"""A page that is higher than this, against its width, is a receipt or the like."""
_SAME_PLACE_LH = 0.5
"""Running lines whose text changes stand at the same height up to this ..."""
_SAME_SIZE = 1.1
"""... are of one size up to this factor ..."""
_APART_LH = 1.0
"""... stand so far from the body ..."""
_APART_ROWS = 1.6
"""... and so many times as far as the rows of the body from each other."""


@dataclass(frozen=True)
class Running:
    """One piece of furniture: a row of text, or a picture.

    Attributes:
        group: Shared by what says the same on several pages.
        scale: Points per pixel of the picture.
    """

    page: int
    kind: FurnitureType
    pieces: tuple[Piece, ...]
    align: Align
    group: str | None
    picture: Picture | None = None
    scale: float = 1.0

    @property
    def box(self) -> Box:
        """Around its pieces, or of its picture."""
        boxes = [piece.box for piece in self.pieces]
        return union(boxes) if self.picture is None else self.picture.box.scaled(self.scale)


def find_furniture(sheets: Sequence[Sheet], options: RestoreOptions) -> list[Running]:
    """Every text on `sheets` that belongs into page headers and footers."""
    if not options.furniture:
        return []
    edges = [edge for k, sheet in enumerate(sheets) for edge in edges_of(k, sheet, options)]
    many = len(sheets) >= 3
    shifts = _shifts(edges, sheets, options) if many else {}
    counting = _counting(edges, sheets, shifts) if many else _counting_alone(edges, sheets)
    rest = [edge for edge in (_without(edge, counting) for edge in edges) if edge.pieces]
    beside = {
        id(edge)
        for edge in rest
        if any(_is_same_row(edge, row) for row, _ in counting)
        or _shift_inside(edge, sheets) & shifts.get(edge.top, set())
    }
    if many:
        found = _recurring(rest, beside, sheets, options)
    else:
        found = _by_looks(rest, beside, sheets, options)
    found += _beyond(rest, found, counting)
    running = [
        _running(edge.only([piece]), "page_number", sheets, "page") for edge, piece in counting
    ]
    running += [
        _running(edge, "header" if edge.top else "footer", sheets, group) for edge, group in found
    ]
    return sorted(running, key=lambda r: (r.page, r.box.y0, r.box.x0))


def pieces_of(items: Iterable[Running]) -> set[int]:
    """`id` of every piece and picture of some furniture."""
    return {id(part) for item in items for part in (*item.pieces, item.picture) if part is not None}


def without(sheets: Sequence[Sheet], running: Sequence[Running]) -> list[Sheet]:
    """The pages without furniture that is already known."""
    known = {id(piece) for item in running for piece in item.pieces}
    return [
        replace(sheet, pieces=tuple(piece for piece in sheet.pieces if id(piece) not in known))
        for sheet in sheets
    ]


# -- page numbers
# --------------------------------------------------------------------------------------

Numbered = tuple[Edge, Piece]
"""A row and the piece of it that is a page number."""


def _shifts(
    edges: Sequence[Edge], sheets: Sequence[Sheet], options: RestoreOptions
) -> dict[bool, set[int]]:
    """By edge (whether it is the upper): printed numbers of pages less their count, if any."""
    least = max(2.0, options.furniture_share * len(sheets))
    found: dict[bool, set[int]] = {}
    for top in (True, False):
        pages: dict[int, set[int]] = defaultdict(set)
        for edge in edges:
            if edge.top == top:
                for shift in _shift_inside(edge, sheets):
                    pages[shift].add(edge.sheet)
        shift, own = max(
            pages.items(), key=lambda item: (len(item[1]), -abs(item[0])), default=(0, set())
        )
        found[top] = {shift} if len(own) >= least else set()
    return found


def _shift_inside(edge: Edge, sheets: Sequence[Sheet]) -> set[int]:
    """All that the numbers in a row may say of how pages are counted."""
    numbers = {page_number(piece.text) for piece in edge.pieces} | numbers_inside(edge.text)
    return {number - sheets[edge.sheet].number for number in numbers if number is not None}


def _counting(
    edges: Sequence[Edge], sheets: Sequence[Sheet], shifts: Mapping[bool, set[int]]
) -> list[Numbered]:
    """Pieces that count the pages of a document of several pages."""
    # The first page of a chapter shows its number below, the others above.
    both = set[int]().union(*shifts.values())
    found: list[Numbered] = []
    for edge in edges:
        wanted = both if len(edge.pieces) == 1 else shifts[edge.top]
        found += [
            (edge, piece)
            for piece in edge.pieces
            if (number := page_number(piece.text)) is not None
            and number - sheets[edge.sheet].number in wanted
        ]
    return found


def _counting_alone(edges: Sequence[Edge], sheets: Sequence[Sheet]) -> list[Numbered]:
    """Page numbers of one or two pages: with no others to compare, their look decides."""
    found: list[Numbered] = []
    for edge in edges:
        numbers = [piece for piece in edge.pieces if page_number(piece.text) is not None]
        if len(numbers) != 1:
            continue
        number, sheet = numbers[0], sheets[edge.sheet]
        near = edge.distance <= _FLOOR * sheet.height
        lone = len(edge.pieces) == 1
        small = (page_number(number.text) or 0) < _MOST_PAGES
        first = not any(
            other.distance < edge.distance and _is_beside(other, edge) for other in edges
        )
        if (
            (near and is_spelled_out(number.text) and _has_prose(sheet, _PROSE_LINES))
            or (near and lone and small and not edge.top)
            or (small and (not lone or first) and _has_prose(sheet, _PAGE_LINES))
        ):
            found.append((edge, number))
    return found


def _without(edge: Edge, counting: Sequence[Numbered]) -> Edge:
    known = {id(piece) for _, piece in counting}
    if not any(id(piece) in known for piece in edge.pieces):
        return edge
    return edge.only([piece for piece in edge.pieces if id(piece) not in known])


def _is_same_row(edge: Edge, other: Edge) -> bool:
    return _is_beside(edge, other) and edge.distance == other.distance


def _is_beside(edge: Edge, other: Edge) -> bool:
    """Whether both stand at the same edge of the same page."""
    return (edge.sheet, edge.top) == (other.sheet, other.top)


# -- running lines
# --------------------------------------------------------------------------------------

Found = tuple[Edge, str | None]
"""A row of furniture and the name of its group."""


def _recurring(
    edges: Sequence[Edge], beside: set[int], sheets: Sequence[Sheet], options: RestoreOptions
) -> list[Found]:
    """Rows that recur, that stand beside a page number, or that have the place of such rows."""
    found: list[Found] = []
    names = Counter[bool]()
    sure: list[Edge] = []
    for cluster in _clusters(edges, sheets, options):
        pages = {sheets[edge.sheet].number for edge in cluster}
        counted = _counts(cluster, sheets)
        known = counted or any(
            id(edge) in beside or _labelled(edge, sheets, options) for edge in cluster
        )
        # The letterhead of a short letter recurs on a copy of it, and is still its text; what
        # spares the first page stands on copies or is none.
        short = cluster[0].top and len(sheets) <= _SHORT and not known
        least = 3 if short and (cluster[0].sheet == 0 or _on_copies(cluster, sheets)) else 2
        if (len(pages) >= least and recurs(pages, sheets, options)) or (
            len(pages) > 1 and all(id(edge) in beside for edge in cluster)
        ):
            names[cluster[0].top] += 1
            name = ("h" if cluster[0].top else "f") + str(names[cluster[0].top])
            found += [(edge, name) for edge in cluster]
            sure += cluster
    taken = {id(edge) for edge, _ in found}
    sure += _changing([edge for edge in edges if id(edge) not in taken], sheets, options)
    return found + [
        (edge, None)
        for edge in edges
        if id(edge) not in taken
        and (
            id(edge) in beside
            or (
                _labelled(edge, sheets, options)
                and (
                    is_spelled_out(edge.text)
                    or _is_small(edge, sheets[edge.sheet])
                    or _is_far_out(edge, edges, sheets)
                )
            )
            or _has_place_of(edge, sure, sheets, options)
        )
    ]


def _on_copies(cluster: Sequence[Edge], sheets: Sequence[Sheet]) -> bool:
    """Whether the pages of a cluster say the same: half of the texts of one stand on all others."""
    pages = [{piece.text for piece in sheets[edge.sheet].pieces} for edge in cluster]
    return len(set.intersection(*pages)) >= 0.5 * min(map(len, pages))


def _clusters(
    edges: Sequence[Edge], sheets: Sequence[Sheet], options: RestoreOptions
) -> list[list[Edge]]:
    """Rows at about the same place that say about the same, digits aside."""
    clusters: list[list[Edge]] = []
    for edge in edges:
        for cluster in clusters:
            if _alike(cluster[0], edge, sheets, options):
                cluster.append(edge)
                break
        else:
            clusters.append([edge])
    return clusters


def _alike(a: Edge, b: Edge, sheets: Sequence[Sheet], options: RestoreOptions) -> bool:
    reach = 1.5 * max(sheets[a.sheet].line_height, sheets[b.sheet].line_height)
    if a.top != b.top or abs(a.distance - b.distance) > reach:
        return False
    same = SequenceMatcher(None, a.masked, b.masked, autojunk=False)
    return (
        same.real_quick_ratio() >= options.furniture_similarity
        and same.quick_ratio() >= options.furniture_similarity
        and same.ratio() >= options.furniture_similarity
    )


def _counts(cluster: Sequence[Edge], sheets: Sequence[Sheet]) -> bool:
    """Whether a number in the rows grows with the page."""
    shifts = Counter(shift for edge in cluster for shift in _shift_inside(edge, sheets))
    return max(shifts.values(), default=0) > 1


def recurs(pages: set[int], sheets: Sequence[Sheet], options: RestoreOptions) -> bool:
    """On half of all pages, or on most of the odd or even ones after the first; on two at least."""
    numbers = sorted(sheet.number for sheet in sheets)
    if len(pages) < 2:
        return False
    if len(pages) >= options.furniture_share * len(numbers):
        return True
    sides = [{number for number in numbers[1:] if number % 2 == side} for side in (0, 1)]
    return any(len(pages & side) >= max(2.0, _MOST_OF_SIDE * len(side)) for side in sides)


def _changing(
    edges: Sequence[Edge], sheets: Sequence[Sheet], options: RestoreOptions
) -> list[Edge]:
    """Rows that stand alone at the same height of most pages and name chapters, say."""
    apart = [edge for edge in edges if _is_apart(edge, sheets)]
    found: list[Edge] = []
    for edge in apart:
        same = [other for other in apart if _in_one_place(edge, other, sheets)]
        pages = {sheets[other.sheet].number for other in same}
        if len(pages) > _SHORT and recurs(pages, sheets, options):
            found.append(edge)
    return found


def _is_apart(edge: Edge, sheets: Sequence[Sheet]) -> bool:
    sheet = sheets[edge.sheet]
    least = max(_APART_LH * sheet.line_height, _APART_ROWS * _usual_gap(sheet))
    return edge.gap >= least and edge.em <= _SAME_SIZE * sheet.em


def _usual_gap(sheet: Sheet) -> float:
    """Median free space between lines below each other, in points."""
    lines = sorted(sheet.pieces, key=lambda piece: piece.box.y0)
    gaps = [
        lower.box.y0 - upper.box.y1
        for k, upper in enumerate(lines)
        for lower in [
            next(
                (
                    p
                    for p in lines[k + 1 : k + 8]
                    if p.box.center[1] > upper.box.y1 and p.box.overlap_x(upper.box) > 0
                ),
                upper,
            )
        ]
        if lower is not upper
    ]
    return median(gaps) if gaps else 0.0


def _in_one_place(a: Edge, b: Edge, sheets: Sequence[Sheet]) -> bool:
    reach = _SAME_PLACE_LH * min(sheets[a.sheet].line_height, sheets[b.sheet].line_height)
    return (
        a.top == b.top
        and abs(a.distance - b.distance) <= reach
        and 1 / _SAME_SIZE <= a.em / b.em <= _SAME_SIZE
    )


def _has_place_of(
    edge: Edge, sure: Sequence[Edge], sheets: Sequence[Sheet], options: RestoreOptions
) -> bool:
    """Whether the row stands apart where most pages have furniture of changing text."""
    if len(sheets) <= _SHORT or not _is_apart(edge, sheets):
        return False
    others = [other for other in sure if _in_one_place(edge, other, sheets)]
    pages = {sheets[other.sheet].number for other in others}
    return len({other.masked for other in others}) > 1 and recurs(pages, sheets, options)


def _labelled(edge: Edge, sheets: Sequence[Sheet], options: RestoreOptions) -> bool:
    """Whether layout is sure that the row is a header or footer, and it lies there.

    Where the detector is not trusted, labels come from the geometry of the page.
    """
    sheet = sheets[edge.sheet]
    wanted = Label.HEADER if edge.top else Label.FOOTER
    least = options.furniture_score if sheet.analysis.layout_trusted else 0.0
    return edge.distance <= options.margin_zone * sheet.height and all(
        piece.label == wanted
        and piece.region is not None
        and sheet.regions[piece.region].score >= least
        for piece in edge.pieces
    )


def _by_looks(
    edges: Sequence[Edge], beside: set[int], sheets: Sequence[Sheet], options: RestoreOptions
) -> list[Found]:
    """One or two pages: what stands beside a page number, has the label, or is small type far out.

    Nothing at the top of a page without running text: it heads a letter, an invoice, a receipt.
    """
    found: list[Found] = []
    for edge in edges:
        sheet = sheets[edge.sheet]
        prose = _has_prose(sheet, _PROSE_LINES)
        low = not edge.top and edge.distance <= _FLOOR * sheet.height
        on_paper = sheet.height < _SLENDER * sheet.width
        far = edge.gap >= _FAR_LH * sheet.line_height
        if (
            id(edge) in beside
            or (_labelled(edge, sheets, options) and (prose or (low and on_paper)))
            or (prose and far and _is_small(edge, sheet))
        ):
            found.append((edge, None))
    return found


def _is_small(edge: Edge, sheet: Sheet) -> bool:
    """Whether the row is in smaller type than the body and very near to the edge of the page."""
    return edge.distance <= _EDGE * sheet.height and edge.em <= _SMALL * sheet.em


def _is_far_out(edge: Edge, edges: Sequence[Edge], sheets: Sequence[Sheet]) -> bool:
    """Whether much free space follows the row, or the row after it."""
    sheet = sheets[edge.sheet]
    gaps = [
        other.gap for other in edges if _is_beside(edge, other) and other.distance >= edge.distance
    ]
    return edge.distance <= _EDGE * sheet.height and max(gaps) >= _VERY_FAR_LH * sheet.line_height


def _beyond(
    edges: Sequence[Edge], found: Sequence[Found], counting: Sequence[Numbered]
) -> list[Found]:
    """Rows further out than furniture of their page."""
    known = {id(edge) for edge, _ in found}
    furthest: dict[tuple[int, bool], float] = {}
    for edge in chain((edge for edge, _ in found), (edge for edge, _ in counting)):
        key = edge.sheet, edge.top
        furthest[key] = max(furthest.get(key, 0.0), edge.distance)
    return [
        (edge, None)
        for edge in edges
        if id(edge) not in known and edge.distance < furthest.get((edge.sheet, edge.top), 0.0)
    ]


def _has_prose(sheet: Sheet, count: int) -> bool:
    long = [
        p
        for p in sheet.pieces
        if p.label in (Label.TEXT, Label.LIST, Label.REFERENCE) and p.box.width > _PROSE_EM * p.em
    ]
    return len(long) >= count


def _running(
    edge: Edge, kind: FurnitureType, sheets: Sequence[Sheet], group: str | None
) -> Running:
    sheet = sheets[edge.sheet]
    middle = edge.box.center[0] / max(sheet.width, 1e-6)
    wide = edge.box.width > 0.5 * sheet.width
    align: Align = "left"
    if not wide and 0.4 <= middle <= 0.6:
        align = "center"
    elif not wide and middle > 0.6:
        align = "right"
    return Running(sheet.number, kind, edge.pieces, align, group)


def chapters(running: Sequence[Running]) -> set[str]:
    """Texts, in small letters, over right-hand pages alone, where left-hand ones have another.

    By custom the book stands on the left and its chapter on the right.
    """
    sides: dict[str, set[int]] = {}
    for item in running:
        for piece in item.pieces if item.kind == "header" else ():
            sides.setdefault(piece.text.strip().casefold(), set()).add(item.page % 2)
    left = any(side == {0} and not text.isdecimal() for text, side in sides.items())
    return {text for text, side in sides.items() if left and side == {1}}
