"""What is ordered as one on a page, and in which order it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from recovery.restore import attach, sections, stacks, tables, wrapping
from recovery.restore.attach import Float, Sides
from recovery.restore.elements import PictureElement, TableElement
from recovery.restore.options import RestoreOptions
from recovery.restore.order import form_order, reading_order
from recovery.restore.paragraphs import ends_sentence, split_paragraphs
from recovery.restore.pieces import Row, Sheet
from recovery.restore.sections import Strip
from recovery.restore.stacks import Stack
from structure.core.analysis import Label
from structure.core.document import Margins
from structure.core.geometry import Box, union

_HEADING_GAP_LH = 2.0
"""A heading stands at most this far above what it starts."""
_HEADLINE_LH = 6.0
"""A headline over columns with what is under it, or a row of small boxes, is at most so high."""
_REST_LH, _REST_EM = 1.8, 0.1
"""The second line of a caption follows within so many line heights, in type of one size."""
_FRAGMENT_ROWS = 2
"""Stacks of so many lines that stand beside each other are read row by row."""
_ICON_LH = 4.0
"""A picture that may stand in the margin of a page is so many lines wide and high at most."""
_FLOWING_ROWS = 3
"""A column of running text has at least so many lines."""


@dataclass(frozen=True)
class Unit:
    """What is ordered as one: a stack, or a picture or table with its caption.

    Attributes:
        around: The picture that the lines of the stack run around.
    """

    box: Box
    stack: Stack | None = None
    float_: TableElement | PictureElement | None = None
    caption: Stack | None = None
    around: Box | None = None


@dataclass(frozen=True)
class Draft:
    """A page with its units in reading order."""

    sheet: Sheet
    units: tuple[Unit, ...]


def draft_pages(sheets: Sequence[Sheet], outside: set[int], options: RestoreOptions) -> list[Draft]:
    """Order what stands on each page.

    Args:
        sheets: The pages.
        outside: `id` of every piece and picture that is furniture and has no place in the order.
        options: Thresholds.
    """
    stacked = [_stacks(sheet, outside, options) for sheet in sheets]
    floats = [_floats(sheet, outside) for sheet in sheets]
    sides = Sides()
    for _ in range(2):  # the second time with what the first taught about this document
        owned = [
            _captions(sheet, own, found, sides, options)
            for sheet, own, found in zip(sheets, stacked, floats, strict=True)
        ]
        sides = attach.usual_sides(
            [
                (_kind(found[k]), own[i].box.center[1] < found[k].box.center[1])
                for own, found, pairs in zip(stacked, floats, owned, strict=True)
                for i, k in pairs.items()
            ]
        )
    return [
        Draft(
            sheet,
            tuple(_ordered(_units(own, found, pairs, sheet.line_height, options), sheet, options)),
        )
        for sheet, own, found, pairs in zip(sheets, stacked, floats, owned, strict=True)
    ]


def _stacks(sheet: Sheet, outside: set[int], options: RestoreOptions) -> list[Stack]:
    """The stacks of a page; a caption is a stack of its own."""
    pieces = [piece for piece in sheet.pieces if id(piece) not in outside]
    found: list[Stack] = []
    for stack in stacks.build_stacks(pieces, options):
        if attach.caption_of_stack(stack) is None or len(stack.rows) == 1:
            found.append(stack)
            continue
        first = split_paragraphs(stack.rows, options)[0]
        found.append(Stack(first))
        if len(first) < len(stack.rows):
            found.append(Stack(stack.rows[len(first) :]))
    return _with_rest_of_captions(found)


def _with_rest_of_captions(found: Sequence[Stack]) -> list[Stack]:
    """Give captions of one line the set-in line below that a layout model left out."""
    result = list(found)
    for stack in found:
        if len(stack.rows) > 1 or attach.caption_of_stack(stack) is None:
            continue
        rest = [other for other in result if _is_rest(stack.rows[0], other)]
        if len(rest) == 1:
            result = [other for other in result if other is not rest[0]]
            result[result.index(stack)] = Stack((*stack.rows, *rest[0].rows))
    return result


def _is_rest(caption: Row, stack: Stack) -> bool:
    row = stack.rows[0]
    return (
        len(stack.rows) == 1
        and 0 < row.box.center[1] - caption.box.center[1] < _REST_LH * caption.box.height
        and caption.box.x0 + caption.em < row.box.x0
        and row.box.x1 <= caption.box.x1
        and row.bold == caption.bold
        and abs(row.em / caption.em - 1) < _REST_EM
        and not ends_sentence(caption.text)
        and attach.caption_of_stack(stack) is None
    )


def _floats(sheet: Sheet, outside: set[int]) -> list[TableElement | PictureElement]:
    page, scale = sheet.analysis, sheet.scale
    pictures = [picture.box.scaled(scale) for picture in page.pictures]
    found: list[TableElement | PictureElement] = [
        TableElement(
            page.number,
            box := table.box.scaled(scale),
            table,
            scale,
            tuple(picture for picture in pictures if box.contains(*picture.center)),
        )
        for table in page.tables
        if tables.has_content(table.grid)
    ]
    found += [
        PictureElement(page.number, picture.box.scaled(scale), picture, scale)
        for picture in page.pictures
        if id(picture) not in outside
    ]
    return found


def _kind(element: TableElement | PictureElement) -> attach.FloatKind:
    is_table = isinstance(element, TableElement) or element.picture.label == Label.TABLE
    return "table" if is_table else "figure"


def _captions(
    sheet: Sheet,
    own: Sequence[Stack],
    floats: Sequence[TableElement | PictureElement],
    sides: Sides,
    options: RestoreOptions,
) -> dict[int, int]:
    boxes = [Float(element.box, _kind(element)) for element in floats]
    return attach.attach_captions(own, boxes, sheet.line_height, sides, options)


def _units(
    own: Sequence[Stack],
    floats: Sequence[TableElement | PictureElement],
    captions: dict[int, int],
    line_height: float,
    options: RestoreOptions,
) -> list[Unit]:
    caption_of = {k: own[i] for i, k in captions.items()}
    pictures = [e.box for k, e in enumerate(floats) if isinstance(e, PictureElement)]
    lone = [stack for i, stack in enumerate(own) if i not in captions]
    around = {
        id(stack): wrapping.picture_within(stack, pictures, line_height, options) for stack in lone
    }
    for k, element in enumerate(floats):
        if k in caption_of or not isinstance(element, PictureElement):
            continue
        for stack in lone:
            if around[id(stack)] is element.box:
                under = wrapping.caption_under(element.box, lone, stack, line_height)
                if under is not None:
                    caption_of[k] = under
    taken = {id(stack) for stack in caption_of.values()}
    units = [
        Unit(stack.box, stack, around=around[id(stack)]) for stack in lone if id(stack) not in taken
    ]
    for k, element in enumerate(floats):
        caption = caption_of.get(k)
        box = union([element.box, caption.box]) if caption else element.box
        units.append(Unit(box, float_=element, caption=caption))
    return units


def _ordered(units: Sequence[Unit], sheet: Sheet, options: RestoreOptions) -> list[Unit]:
    """The units in reading order; a heading goes with what it stands over."""
    groups = _with_headings(units, sheet.line_height)
    boxes = [union(unit.box for unit in group) for group in groups]
    return [unit for i in _order_of(groups, boxes, sheet, options) for unit in groups[i]]


def _with_headings(units: Sequence[Unit], line_height: float) -> list[list[Unit]]:
    """Each heading above the unit that it starts, everything else alone."""
    group_of: dict[int, list[Unit]] = {id(unit): [unit] for unit in units}
    for unit in sorted(units, key=lambda u: -u.box.y0):
        # A flat title may already stand under one that begins a little lower.
        if not _is_title(unit) or id(unit) not in group_of:
            continue
        below = [
            other
            for other in units
            if 0 <= other.box.y0 - unit.box.y1 + 0.5 * line_height < _HEADING_GAP_LH * line_height
            and abs(other.box.x0 - unit.box.x0) < 2 * line_height
            and other.box.x1 > unit.box.x1
        ]
        if below:
            nearest = min(below, key=lambda other: (other.box.y0, other.box.x0))
            group = [unit, *group_of.pop(id(nearest), [])]
            if len(group) > 1:
                del group_of[id(unit)]
                group_of[id(unit)] = group
    return list(group_of.values())


def _is_title(unit: Unit) -> bool:
    return unit.stack is not None and all(row.label == Label.TITLE for row in unit.stack.rows)


def _order_of(
    groups: Sequence[Sequence[Unit]], boxes: Sequence[Box], sheet: Sheet, options: RestoreOptions
) -> list[int]:
    """Indices in reading order; where nothing flows in columns, one level after the other.

    Pictures and tables may stand in columns of running text, where there is any on their level.
    """
    prose = [any(_is_running_text(unit) for unit in group) for group in groups]
    levels = sections.levels(boxes, sheet.line_height)
    around = {i: any(prose[k] for k in level) for level in levels for i in level}
    flowing = [
        prose[i] or (around[i] and any(unit.stack is None for unit in group))
        for i, group in enumerate(groups)
    ]
    ordered: list[int] = []
    for level in _separate_levels(flowing, boxes, levels, sheet.line_height, options):
        in_order = reading_order if any(flowing[i] for i in level) else form_order
        order = in_order([boxes[i] for i in level], sheet.line_height, options)
        ordered += [level[k] for k in order]
    return ordered


def _separate_levels(
    flowing: Sequence[bool],
    boxes: Sequence[Box],
    levels: Sequence[Sequence[int]],
    line_height: float,
    options: RestoreOptions,
) -> list[list[int]]:
    """Join levels over which columns may run on; the rows of a form and page headers stay apart."""
    joined: list[list[int]] = []
    flowed = True
    before: Sequence[int] = ()
    for level in levels:
        flows = len(level) > 1 and any(flowing[i] for i in level)
        own, above = [boxes[i] for i in level], [boxes[i] for i in before]
        cut = _heads(above, own, line_height, options) or _heads(own, above, line_height, options)
        if joined and (flows or flowed) and not cut:
            # A column may be longer than those beside it: below them it goes on alone.
            columns = sections.columns_of([boxes[i] for i in joined[-1]], line_height, options)
            flows = flows or (flowed and len(columns) > 1 and _in_one(own, columns))
            joined[-1] += level
            before = joined[-1]
        else:
            joined.append(list(level))
            before = level
        flowed = flows
    return joined


def _in_one(boxes: Sequence[Box], columns: Sequence[sections.Column]) -> bool:
    """Whether all of `boxes` share room with one of the columns only, and that with the same."""
    touched = {
        k
        for box in boxes
        for k, (x0, x1) in enumerate(columns)
        if min(box.x1, x1) - max(box.x0, x0) > 0.1 * box.width
    }
    return len(touched) == 1


def _heads(
    row: Sequence[Box], level: Sequence[Box], line_height: float, options: RestoreOptions
) -> bool:
    """Whether `row` is one low row of boxes one of which reaches over a gutter of `level`."""
    if not row or any(box.height > _HEADLINE_LH * line_height for box in row):
        return False
    columns = sections.columns_of(level, line_height, options) if level else ()
    least = options.overlap_lh * line_height
    return any(
        sum(min(box.x1, x1) - max(box.x0, x0) > least for x0, x1 in columns) > 1 for box in row
    )


def _is_running_text(unit: Unit) -> bool:
    stack = unit.stack
    return (
        stack is not None and not stack.ledger and stack.prose and len(stack.rows) >= _FLOWING_ROWS
    )


def find_strips(drafts: Sequence[Draft], options: RestoreOptions) -> list[list[Strip]]:
    """The strips of each page and their columns, snapped to each other over the document."""
    found = [_strips_of(draft, options) for draft in drafts]
    heights = [d.sheet.line_height for d in drafts if d.units]
    line_height = median(heights) if heights else 10.0
    snapped = sections.snap_columns(found, line_height, options)
    return sections.with_empty_columns(snapped, line_height)


def _strips_of(draft: Draft, options: RestoreOptions) -> list[Strip]:
    """The strips of one page; what stands in its margins goes with what is read before it."""
    units, line_height = draft.units, draft.sheet.line_height
    aside = _in_margins(units, line_height)
    inner = [i for i in range(len(units)) if i not in aside]
    strips = sections.find_bands(
        [units[i].box for i in inner],
        line_height,
        options,
        text=[not isinstance(units[i].float_, PictureElement) for i in inner],
    )
    firsts = [0, *(inner[strip.members[0]] for strip in strips[1:]), len(units)]
    return [
        replace(strip, members=tuple(range(first, end)))
        for strip, first, end in zip(strips, firsts, firsts[1:], strict=False)
    ]


def _in_margins(units: Sequence[Unit], line_height: float) -> set[int]:
    """Small pictures beside everything else on the page: they say nothing about its margins."""
    icons = {
        i
        for i, unit in enumerate(units)
        if isinstance(unit.float_, PictureElement)
        and unit.caption is None
        and max(unit.box.width, unit.box.height) <= _ICON_LH * line_height
    }
    rest = [unit.box for i, unit in enumerate(units) if i not in icons]
    if not rest:
        return set()
    x0, x1 = min(box.x0 for box in rest), max(box.x1 for box in rest)
    return {i for i in icons if units[i].box.x1 <= x0 or units[i].box.x0 >= x1}


def with_rows(
    drafts: Sequence[Draft], strips: Sequence[Sequence[Strip]], options: RestoreOptions
) -> list[Draft]:
    """Where a band has one column, what stands beside each other in it becomes rows with tabs."""
    return [
        replace(
            draft,
            units=tuple(
                unit
                for strip in own
                for unit in (
                    _rows_of(
                        [draft.units[i] for i in strip.members], draft.sheet.line_height, options
                    )
                    if len(strip.columns) == 1
                    else [draft.units[i] for i in strip.members]
                )
            ),
        )
        for draft, own in zip(drafts, strips, strict=True)
    ]


def _rows_of(units: Sequence[Unit], line_height: float, options: RestoreOptions) -> list[Unit]:
    result: list[Unit] = []
    # A table with loose lines in it does not stand beside them.
    around = [i for i, unit in enumerate(units) if _holds_lines(unit, units)]
    beside = [i for i in range(len(units)) if i not in around]
    found_levels = sections.levels([units[i].box for i in beside], line_height)
    levels = [[beside[i] for i in level] for level in found_levels] + [[i] for i in around]
    level_of = {i: k for k, level in enumerate(levels) for i in level}
    for k, run in groupby(range(len(units)), key=lambda i: level_of[i]):
        own = [units[i] for i in run]
        own_stacks = [unit.stack for unit in own if unit.stack is not None]
        asked = any(_is_label(stack) for stack in own_stacks)
        found = [stack for stack in own_stacks if _is_fragment(stack, titles=asked)]
        parts = [stack for stack in own_stacks if _is_part_of_form(stack)]
        if len(own_stacks) == len(own) and any(stack.ledger for stack in parts):
            found = parts
        elif len(found) < len(own):
            found = []
        if len(own) < len(levels[k]) or not found:
            result += own
            continue
        # A row has one type size, so that fine print stays out of it.
        usual = median(_em(stack) for stack in found)
        alike = [s for s in found if 1 / options.link_size < _em(s) / usual < options.link_size]
        if len(alike) > 1:
            row = stacks.ledger_of(alike, options)
            others = [unit for unit in own if not any(unit.stack is stack for stack in alike)]
            result += [Unit(row.box, row), *others]
        else:
            result += own
    return result


def _holds_lines(unit: Unit, units: Sequence[Unit]) -> bool:
    return isinstance(unit.float_, TableElement) and any(
        other.stack is not None and other.box.covered_by(unit.box) > 0.5 for other in units
    )


def _is_part_of_form(stack: Stack) -> bool:
    """Whether this is labels, values or a few words beside them: no title and no running text."""
    return stack.ledger or not (stack.prose or any(row.label == Label.TITLE for row in stack.rows))


def _em(stack: Stack) -> float:
    return median(row.em for row in stack.rows)


def _is_fragment(stack: Stack, *, titles: bool) -> bool:
    """Whether this is a line or two of a form or letterhead, or a title where `titles` may be."""
    if not titles and any(row.label == Label.TITLE for row in stack.rows):
        return False
    short = len(stack.rows) == 1 or not stack.prose
    return short and len(stack.rows) <= _FRAGMENT_ROWS


def _is_label(stack: Stack) -> bool:
    """Whether this is one line that asks for the value beside it, such as a total in large type."""
    return len(stack.rows) == 1 and stack.rows[0].text.rstrip().endswith((":", "\uff1a"))


def margins_of(
    drafts: Sequence[Draft], strips: Sequence[Sequence[Strip]], options: RestoreOptions
) -> list[Margins]:
    """The margins of each page, alike where the pages are."""
    return sections.page_margins(
        [(d.sheet.width, d.sheet.height, own) for d, own in zip(drafts, strips, strict=True)],
        options,
    )
