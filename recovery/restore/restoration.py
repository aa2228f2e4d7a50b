"""Page analyses in, one document out: the stages of restoration in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import fmean, median
from typing import Literal

from recovery.restore import attach, joining, lists, markers, sections, stacks, tables
from recovery.restore.assemble import Assembler, to_furniture
from recovery.restore.attach import Float, Sides
from recovery.restore.code import code_runs, with_code
from recovery.restore.continuation import join_continued
from recovery.restore.elements import Element, Paragraph, Part, PictureElement, TableElement
from recovery.restore.footnotes import find_footnotes
from recovery.restore.furniture import find_furniture
from recovery.restore.headings import find_headings
from recovery.restore.lists import ListElement
from recovery.restore.options import RestoreOptions
from recovery.restore.order import form_order, reading_order
from recovery.restore.paragraphs import split_paragraphs
from recovery.restore.pieces import Piece, Row, Sheet
from recovery.restore.sections import Strip
from recovery.restore.stacks import Stack
from recovery.restore.style import has_cjk, styled, survey, with_weights
from recovery.restore.units import to_sheet
from structure.core.analysis import Label, Notice, PageAnalysis
from structure.core.document import (
    Band,
    Block,
    Document,
    FigureBlock,
    Margins,
    Page,
    Producer,
    Source,
    Style,
    TableBlock,
    TextBlock,
    TextType,
    Warning,
)
from structure.core.geometry import Affine, Box, union


def restore(
    pages: Iterable[PageAnalysis],
    *,
    source: Source,
    producer: Producer,
    options: RestoreOptions | None = None,
) -> Document:
    """Rebuild a document from what was found on its pages.

    Every text line of every page ends in exactly one block, piece of furniture, table or picture.
    Odd input (no lines, equal boxes, a page without size) never raises; a failed page stays as a
    page with its failure.

    Args:
        pages: In page order, in pixels of the upright pages.
        source: The file they come from.
        producer: What analysed them.
        options: Thresholds.

    Returns:
        The document, in points of the upright pages.
    """
    options = options or RestoreOptions()
    sheets = with_code(with_weights([to_sheet(page, options) for page in pages], options))
    running = find_furniture(sheets, options)
    outside = {id(piece) for item in running for piece in item.pieces}
    drafts = _drafts(sheets, outside, options)
    drafts = _with_rows(drafts, _bands(drafts, options), options)
    strips = _bands(drafts, options)
    elements, owners = _elements(drafts, strips, options)
    elements, body = _shaped(elements, options)
    words = joining.vocabulary(piece.text for sheet in sheets for piece in sheet.pieces)
    assembler = Assembler(words, options)
    listed = lists.find_lists(elements, options)
    blocks = [assembler.block(element) for element in listed]
    blocks = _with_captions(listed, blocks, owners)
    blocks = _with_continued_tables(blocks, options)
    return Document(
        producer=producer,
        source=source,
        pages=_pages(drafts, strips, listed, blocks, options),
        body=tuple(blocks),
        furniture=to_furniture(running),
        style=body,
        lang=_languages(sheets),
        assets=assembler.assets,
        warnings=_warnings(sheets),
    )


_HEADING_GAP_LH = 2.0
"""A heading stands at most this far above what it starts."""
_FRAGMENT_ROWS = 2
"""Stacks of so many lines that stand beside each other are read row by row."""
_FLOWING_ROWS = 3
"""A column of running text has at least so many lines."""


@dataclass(frozen=True)
class _Unit:
    """What is ordered as one: a stack, or a picture or table with its caption."""

    box: Box
    stack: Stack | None = None
    float_: TableElement | PictureElement | None = None
    caption: Stack | None = None


@dataclass(frozen=True)
class _Draft:
    """A page with its units in reading order."""

    sheet: Sheet
    units: tuple[_Unit, ...]


# -- pages to ordered units
# --------------------------------------------------------------------------------


def _drafts(sheets: Sequence[Sheet], outside: set[int], options: RestoreOptions) -> list[_Draft]:
    stacked = [_stacks(sheet, outside, options) for sheet in sheets]
    floats = [_floats(sheet) for sheet in sheets]
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
        _Draft(sheet, tuple(_ordered(_units(own, found, pairs), sheet, options)))
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
    return found


def _floats(sheet: Sheet) -> list[TableElement | PictureElement]:
    page, scale = sheet.analysis, sheet.scale
    found: list[TableElement | PictureElement] = [
        TableElement(page.number, table.box.scaled(scale), table, scale)
        for table in page.tables
        if tables.has_content(table.grid)
    ]
    found += [
        PictureElement(page.number, picture.box.scaled(scale), picture, scale)
        for picture in page.pictures
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
) -> list[_Unit]:
    caption_of = {k: own[i] for i, k in captions.items()}
    units = [_Unit(stack.box, stack) for i, stack in enumerate(own) if i not in captions]
    for k, element in enumerate(floats):
        caption = caption_of.get(k)
        box = union([element.box, caption.box]) if caption else element.box
        units.append(_Unit(box, float_=element, caption=caption))
    return units


def _ordered(units: Sequence[_Unit], sheet: Sheet, options: RestoreOptions) -> list[_Unit]:
    """The units in reading order; a heading goes with what it stands over."""
    groups = _with_headings(units, sheet.line_height)
    boxes = [union(unit.box for unit in group) for group in groups]
    return [unit for i in _order_of(groups, boxes, sheet, options) for unit in groups[i]]


def _with_headings(units: Sequence[_Unit], line_height: float) -> list[list[_Unit]]:
    """Each heading above the unit that it starts, everything else alone."""
    group_of: dict[int, list[_Unit]] = {id(unit): [unit] for unit in units}
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


def _is_title(unit: _Unit) -> bool:
    return unit.stack is not None and all(row.label == Label.TITLE for row in unit.stack.rows)


def _order_of(
    groups: Sequence[Sequence[_Unit]], boxes: Sequence[Box], sheet: Sheet, options: RestoreOptions
) -> list[int]:
    """Indices in reading order; where nothing flows in columns, one level after the other."""
    flowing = [any(_flows(unit) for unit in group) for group in groups]
    ordered: list[int] = []
    levels = sections.levels(boxes, sheet.line_height)
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
            joined[-1] += level
        else:
            joined.append(list(level))
        flowed, before = flows, level
    return joined


def _heads(
    row: Sequence[Box], level: Sequence[Box], line_height: float, options: RestoreOptions
) -> bool:
    """Whether `row` is one low row of boxes one of which reaches over a gutter of `level`."""
    if len(row) < 2 or any(box.height > options.run_box_lh * line_height for box in row):
        return False
    columns = sections.columns_of(level, line_height, options) if level else ()
    least = options.overlap_lh * line_height
    return any(
        sum(min(box.x1, x1) - max(box.x0, x0) > least for x0, x1 in columns) > 1 for box in row
    )


def _flows(unit: _Unit) -> bool:
    """Whether this is a column of running text, or a picture or table that may stand in one."""
    if unit.stack is None:
        return True
    return not unit.stack.ledger and unit.stack.prose and len(unit.stack.rows) >= _FLOWING_ROWS


# -- units to elements
# -------------------------------------------------------------------------------------


def _bands(drafts: Sequence[_Draft], options: RestoreOptions) -> list[list[Strip]]:
    found = [
        sections.find_bands(
            [unit.box for unit in d.units],
            d.sheet.line_height,
            options,
            text=[unit.stack is not None for unit in d.units],
        )
        for d in drafts
    ]
    heights = [d.sheet.line_height for d in drafts if d.units]
    return sections.snap_columns(found, median(heights) if heights else 10.0, options)


def _with_rows(
    drafts: Sequence[_Draft], strips: Sequence[Sequence[Strip]], options: RestoreOptions
) -> list[_Draft]:
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


def _rows_of(units: Sequence[_Unit], line_height: float, options: RestoreOptions) -> list[_Unit]:
    result: list[_Unit] = []
    levels = sections.levels([unit.box for unit in units], line_height)
    level_of = {i: k for k, level in enumerate(levels) for i in level}
    for k, run in groupby(range(len(units)), key=lambda i: level_of[i]):
        own = [units[i] for i in run]
        found = [unit.stack for unit in own if unit.stack is not None and _is_fragment(unit.stack)]
        if len(own) < len(levels[k]) or len(found) < len(own):
            result += own
            continue
        # A row has one type size, so that fine print stays out of it.
        usual = median(_em(stack) for stack in found)
        alike = [s for s in found if 1 / options.link_size < _em(s) / usual < options.link_size]
        if len(alike) > 1:
            row = stacks.ledger_of(alike, options)
            others = [unit for unit in own if not any(unit.stack is stack for stack in alike)]
            result += [_Unit(row.box, row), *others]
        else:
            result += own
    return result


def _em(stack: Stack) -> float:
    return median(row.em for row in stack.rows)


def _is_fragment(stack: Stack) -> bool:
    """Whether this is a line or two of a form or letterhead."""
    if any(row.label == Label.TITLE for row in stack.rows):
        return False
    short = len(stack.rows) == 1 or not stack.prose
    return short and len(stack.rows) <= _FRAGMENT_ROWS


def _elements(
    drafts: Sequence[_Draft], strips: Sequence[Sequence[Strip]], options: RestoreOptions
) -> tuple[list[Element], dict[int, int]]:
    """All elements in reading order, and id(caption) -> id(its picture or table)."""
    margins = _margins(drafts, strips, options)
    elements: list[Element] = []
    owners: dict[int, int] = {}
    for draft, page_strips, margin in zip(drafts, strips, margins, strict=True):
        text_width = (margin.left, draft.sheet.width - margin.right)
        for strip in page_strips:
            columns = strip.columns if len(strip.columns) > 1 else (text_width,)
            for i in strip.members:
                unit = draft.units[i]
                made, captions = _of_unit(unit, draft.sheet.number, columns, options)
                elements += made
                if unit.float_ is not None:
                    owners.update({id(caption.rows[0]): id(unit.float_) for caption in captions})
    return _with_common_sizes(elements), owners


def _with_common_sizes(elements: Sequence[Element]) -> list[Element]:
    """Give the rows of labels and values of a page one type size: alone they tell it badly."""
    sizes: dict[int, list[float]] = {}
    for element in elements:
        if isinstance(element, Paragraph) and element.ledger:
            sizes.setdefault(element.page, []).append(element.em)
    return [
        replace(element, common_em=median(sizes[element.page]))
        if isinstance(element, Paragraph) and element.ledger
        else element
        for element in elements
    ]


def _of_unit(
    unit: _Unit, page: int, columns: Sequence[tuple[float, float]], options: RestoreOptions
) -> tuple[list[Element], list[Paragraph]]:
    column = max(columns, key=lambda c: min(c[1], unit.box.x1) - max(c[0], unit.box.x0))
    if unit.stack is not None:
        return list(_paragraphs(unit.stack, page, column, options)), []
    floats: list[Element] = [unit.float_] if unit.float_ is not None else []
    if unit.caption is None:
        return floats, []
    caption = Paragraph((Part(page, unit.caption.rows, column),), kind="caption")
    above = unit.float_ is None or unit.caption.box.center[1] < unit.float_.box.center[1]
    return ([caption, *floats] if above else [*floats, caption]), [caption]


def _paragraphs(
    stack: Stack, page: int, column: tuple[float, float], options: RestoreOptions
) -> list[Paragraph]:
    if stack.ledger:
        return [
            Paragraph((Part(page, (row,), column),), "key_value", ledger=True) for row in stack.rows
        ]
    found: list[Paragraph] = []
    for is_code, run in code_runs(stack.rows):
        parts = [run] if is_code else split_paragraphs(run, options)
        found += [
            Paragraph(
                (Part(page, rows, column),), kind="code" if is_code else _text_type(stack, rows)
            )
            for rows in parts
        ]
    return found


def _text_type(stack: Stack, rows: Sequence[Row]) -> TextType:
    if attach.caption_of_stack(stack) is not None:
        return "caption"
    return "reference" if markers.is_reference_entry(rows[0].text) else "paragraph"


def _shaped(elements: Sequence[Element], options: RestoreOptions) -> tuple[list[Element], Style]:
    """Continuations joined, headings found, styles set; and the style of the body."""
    joined = join_continued(find_footnotes(elements, options), options)
    texts = {i: e for i, e in enumerate(joined) if isinstance(e, Paragraph)}
    look = survey(list(texts.values()), options)
    sizes = dict(zip(texts, look.sizes, strict=True))
    body = look.body
    headed, sizes = find_headings(joined, sizes, body.size or 10.0, options)
    result: list[Element] = []
    for i, element in enumerate(headed):
        if isinstance(element, Paragraph):
            above = _above(element, headed[i - 1]) if i else None
            element = styled(element, sizes[i], body, above, options)
        result.append(element)
    return result, body


def _above(paragraph: Paragraph, before: Element) -> Paragraph | None:
    """The paragraph before this one if it stands over it."""
    if not isinstance(before, Paragraph):
        return None
    last = before.parts[-1]
    over = last.page == paragraph.page and last.box.y0 < paragraph.box.y0
    return before if over and last.box.overlap_x(paragraph.box) > 0 else None


# -- blocks
# ------------------------------------------------------------------------------------------------


def _with_captions(
    elements: Sequence[Element | ListElement], blocks: Sequence[Block], owners: dict[int, int]
) -> list[Block]:
    """Name captions and their owners in each other."""
    by_float = {id(e): b.id for e, b in zip(elements, blocks, strict=True)}
    linked = list(blocks)
    caption_of: dict[str, str] = {}
    for k, (element, block) in enumerate(zip(elements, blocks, strict=True)):
        if isinstance(element, Paragraph) and isinstance(block, TextBlock):
            owner = by_float.get(owners.get(id(element.rows[0]), -1))
            if owner is not None:
                linked[k] = replace(block, caption_of=owner)
                caption_of[owner] = block.id
    for k, block in enumerate(linked):
        if isinstance(block, TableBlock | FigureBlock) and block.id in caption_of:
            linked[k] = replace(block, caption=caption_of[block.id])
    return linked


def _with_continued_tables(blocks: Sequence[Block], options: RestoreOptions) -> list[Block]:
    result = list(blocks)
    for k in range(1, len(result)):
        upper, lower = result[k - 1], result[k]
        if (
            isinstance(upper, TableBlock)
            and isinstance(lower, TableBlock)
            and tables.continues(upper, lower, options)
        ):
            result[k] = tables.without_repeated_header(upper, lower)
    return result


# -- pages
# -------------------------------------------------------------------------------------------------


def _margins(
    drafts: Sequence[_Draft], strips: Sequence[Sequence[Strip]], options: RestoreOptions
) -> list[Margins]:
    return sections.page_margins(
        [(d.sheet.width, d.sheet.height, own) for d, own in zip(drafts, strips, strict=True)],
        options,
    )


def _pages(
    drafts: Sequence[_Draft],
    strips: Sequence[Sequence[Strip]],
    elements: Sequence[Element | ListElement],
    blocks: Sequence[Block],
    options: RestoreOptions,
) -> tuple[Page, ...]:
    starts = {
        key: block.id
        for element, block in zip(elements, blocks, strict=True)
        for key in _keys(element)
    }
    margins = _margins(drafts, strips, options)
    return tuple(
        _page(draft, own, margin, starts)
        for draft, own, margin in zip(drafts, strips, margins, strict=True)
    )


def _keys(element: Element | ListElement) -> list[int]:
    """What an element is recognised by in a unit: its first row, or itself."""
    if isinstance(element, Paragraph):
        return [id(element.rows[0])]
    if isinstance(element, ListElement):
        return [id(element.items[0].paragraph.rows[0])]
    return [id(element)]


def _page(draft: _Draft, strips: Sequence[Strip], margins: Margins, starts: dict[int, str]) -> Page:
    sheet, page = draft.sheet, draft.sheet.analysis
    scores = [piece.line.conf for piece in sheet.pieces if piece.line.conf is not None]
    dpi = 72.0 / sheet.scale
    return Page(
        n=page.number,
        w=sheet.width,
        h=sheet.height,
        rotation_applied=page.turn,
        skew_deg=page.skew,
        text_source=page.text_source,
        dpi=dpi,
        to_source=Affine.scale(1 / sheet.scale).then(page.to_source),
        margins=margins,
        bands=tuple(_band(draft, strip, starts) for strip in strips),
        mean_conf=fmean(scores) if scores else None,
        failure=page.failure,
    )


def _band(draft: _Draft, strip: Strip, starts: dict[int, str]) -> Band:
    keys = [key for i in strip.members for key in _unit_keys(draft.units[i])]
    return Band(
        strip.y0, strip.y1, strip.columns, tuple(starts[key] for key in keys if key in starts)
    )


def _unit_keys(unit: _Unit) -> list[int]:
    caption = [id(unit.caption.rows[0])] if unit.caption else []
    if unit.stack is not None:
        return [id(row) for row in unit.stack.rows]
    owner = [id(unit.float_)]
    above = (
        unit.caption is not None
        and unit.float_ is not None
        and unit.caption.box.center[1] < unit.float_.box.center[1]
    )
    return [*caption, *owner] if above else [*owner, *caption]


def _languages(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    texts: list[Piece] = [piece for sheet in sheets for piece in sheet.pieces]
    return ("zh-Hans",) if has_cjk("".join(piece.text for piece in texts)) else ()


def _warnings(sheets: Sequence[Sheet]) -> tuple[Warning, ...]:
    found: list[Warning] = []
    for sheet in sheets:
        page = sheet.analysis
        notices = [*page.notices, *(notice for table in page.tables for notice in table.notices)]
        if page.failure is not None and not any(notice.loss for notice in notices):
            notices.append(Notice("W_PAGE", f"page {page.number}: {page.failure}", loss=True))
        for notice in notices:
            severity: Literal["info", "loss"] = "loss" if notice.loss else "info"
            number = notice.page or page.number
            found.append(Warning(notice.code, notice.message, severity, number))
    return tuple(found)
