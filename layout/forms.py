"""Forms: drawn cells with labels and values in them, found by their rules alone.

A form is a system of rules that encloses cells, open at the sides or not. A frame around the page
or around one text is none, nor are the axes and grid lines of a chart, nor the rule between two
columns of running text.
"""

from __future__ import annotations

from collections.abc import Sequence

from layout import limits
from layout.form_rows import with_rows_of_text
from layout.geometry import Chunk, PageGeometry
from layout.table_finder import visual_rows
from structure.core.drawn import DrawnGrid, drawn_grid
from structure.core.geometry import Box
from structure.core.rules import Rules, connected, extent, without_strokes


def find_forms(page: PageGeometry, taken: Sequence[Box] = ()) -> list[DrawnGrid]:
    """The forms and fully ruled tables of a page.

    Args:
        page: The measured page.
        taken: Where there are pictures.

    Returns:
        From top to bottom, in pixels of the page, none overlapping another.
    """
    found: list[DrawnGrid] = []
    for rules in _systems(page):
        drawn = drawn_grid(rules, em=page.em)
        grid = _without_frames(page, drawn) if drawn else None
        grid = with_rows_of_text(page, grid) if grid else None
        if (
            grid is not None
            and not any(grid.box.covered_by(box) > 0.5 for box in taken)
            and _is_form(page, grid)
        ):
            found.append(grid)
    apart: list[DrawnGrid] = []
    for grid in sorted(found, key=lambda g: -g.box.area):
        if not any(grid.box.intersection(other.box).area > 0 for other in apart):
            apart.append(grid)
    return sorted(apart, key=lambda g: (g.box.y0, g.box.x0))


def _systems(page: PageGeometry) -> list[Rules]:
    """Connected rules; what lies between two rules of one length belongs to both of their systems.

    In a form that is open at the sides, nothing touches the rule under a cell as wide as the page.
    """
    words = [word.box for line in page.lines for word in line.words]
    rules = without_strokes(page.rules, words, em=page.em)
    groups = connected(rules, em=page.em)
    held = {rule for group in groups for rule in group.horizontal}
    groups += [Rules((rule,)) for rule in rules.horizontal if rule not in held]
    groups.sort(key=lambda g: (extent(g).y0, extent(g).x0))
    done: list[Rules] = []
    for group in groups:
        for i, upper in enumerate(done):
            if _goes_on(page, upper, group):
                done[i] = _joined(upper, group)
                break
        else:
            done.append(group)
    return [group for group in done if group.vertical]


def _joined(a: Rules, b: Rules) -> Rules:
    return Rules(
        tuple(sorted((*a.horizontal, *b.horizontal), key=lambda r: (r.at, r.start))),
        tuple(sorted((*a.vertical, *b.vertical), key=lambda r: (r.at, r.start))),
    )


def _goes_on(page: PageGeometry, upper: Rules, lower: Rules) -> bool:
    """Whether a form goes on below its last rule as far as the first rule of `lower`."""
    a, b = extent(upper), extent(lower)
    slack = limits.FORM_ENDS * page.em
    if abs(a.x0 - b.x0) > slack or abs(a.x1 - b.x1) > slack:
        return False
    if any(
        min(abs(v.at - a.x0), abs(v.at - a.x1)) <= slack for v in (*upper.vertical, *lower.vertical)
    ):
        return False  # closed at its sides, so that it ends where it is closed
    if b.y0 <= a.y1:
        return True
    between = Box(b.x0, a.y1, b.x1, b.y0)
    # Instructions stand over a form, not in it.
    return _has_text(page, between) and (
        bool(upper.vertical) or not _has_prose(page, between, limits.PROSE_LINES)
    )


def _has_text(page: PageGeometry, box: Box) -> bool:
    return any(box.contains(*chunk.box.center) for chunk in page.chunks)


def _has_prose(page: PageGeometry, box: Box, least: int) -> bool:
    inside = [i for i in page.prose if page.lines[i].box.covered_by(box) > 0.5]
    return len(inside) >= least


def _is_form(page: PageGeometry, grid: DrawnGrid) -> bool:
    """Whether the drawn cells are those that the text stands in, and hold no running text."""
    if grid.closed_share < limits.FORM_CLOSED:
        return False
    cells = [cell.box for cell in grid.grid.cells if cell.box is not None]
    inside = [[c for c in page.chunks if box.contains(*c.box.center)] for box in cells]
    filled = [own for own in inside if own]
    if len(filled) < 2 or len(filled) < limits.FORM_FILLED * len(cells):
        return False
    prose = sum(
        len({c.line for c in own} & page.prose) >= limits.FORM_PROSE_LINES for own in filled
    )
    if prose >= 0.5 * len(filled):
        return False
    return not _rows_undrawn(grid, inside) and not _is_header(page, grid)


def _is_header(page: PageGeometry, grid: DrawnGrid) -> bool:
    """Whether it is the drawn head of a table whose body has no rules."""
    if grid.grid.rows > 1 or grid.grid.cols < 3:
        return False
    box = grid.box
    below = Box(box.x0, box.y1, box.x1, box.y1 + limits.ROW_GAP * page.em)
    return len([c for c in page.chunks if below.contains(*c.box.center)]) >= 2


def _without_frames(page: PageGeometry, drawn: DrawnGrid) -> DrawnGrid | None:
    """Without first and last rows that are frames around blocks of text beside each other."""
    bands = drawn.bands()
    while bands and _is_framed(page, drawn, bands[0], limits.HEAD_FRAME):
        bands = bands[1:]
    while bands and _is_framed(page, drawn, bands[-1], 1.0):
        bands = bands[:-1]
    return drawn.rows_between(bands[0][0], bands[-1][1]) if bands else None


def _is_framed(page: PageGeometry, drawn: DrawnGrid, band: tuple[int, int], share: float) -> bool:
    """Whether a frame takes so much of the width of some rows."""
    boxes = [c.box for c in drawn.grid.cells if band[0] <= c.row < band[1] and c.box is not None]
    widest = max(boxes, key=lambda box: box.width)
    return widest.width >= 0.999 * share * drawn.box.width and _is_frame(page, widest)


def _is_frame(page: PageGeometry, box: Box) -> bool:
    inside = [c for c in page.chunks if box.contains(*c.box.center)]
    rows = visual_rows(inside)
    several = sum(len(row) > 1 for row in rows)
    return len(rows) >= limits.FRAME_ROWS and several >= 0.5 * len(rows)


def _with_columns(inside: Sequence[Sequence[Chunk]]) -> list[Sequence[Chunk]]:
    """The cells that hold at least a row of several chunks."""
    return [
        chunks
        for chunks in inside
        if max(map(len, visual_rows(chunks)), default=0) >= limits.FORM_COLUMNS_IN_CELL
    ]


def _rows_undrawn(grid: DrawnGrid, inside: Sequence[Sequence[Chunk]]) -> bool:
    """Whether rows or columns of text have no rules between them, as in many printed tables."""
    wide = _with_columns(
        [
            chunks
            for cell, chunks in zip(grid.grid.cells, inside, strict=True)
            if cell.colspan >= limits.FORM_COLUMNS_IN_CELL
        ]
    )
    if len(wide) >= limits.FORM_WIDE_CELLS:
        return True
    if grid.grid.cols == 1 and len(_with_columns(inside)) > 0.5 * len(inside):
        return True
    aligned = 0
    for row in range(grid.grid.rows):
        own = [
            (chunk, k)
            for k, (cell, chunks) in enumerate(zip(grid.grid.cells, inside, strict=True))
            if cell.row == row
            for chunk in chunks
        ]
        cell_of = {id(chunk): k for chunk, k in own}
        rows = visual_rows([chunk for chunk, _ in own])
        full = [r for r in rows if len({cell_of[id(chunk)] for chunk in r}) >= 3]
        if len(full) >= limits.FORM_ROWS_IN_CELL:
            aligned += len(own)
    for cell, chunks in zip(grid.grid.cells, inside, strict=True):
        # Rows that are drawn beside it, but not in it.
        rows_in = len(visual_rows(chunks))
        if cell.rowspan >= limits.FORM_ROWS_IN_CELL and rows_in >= 0.7 * cell.rowspan:
            return True
    return aligned > 0.4 * sum(map(len, inside))
