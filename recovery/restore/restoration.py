"""Page analyses in, one document out: the stages of restoration in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Literal

from recovery.direction import mirrored_document, mirrored_page, pages_rtl
from recovery.restore import attach, joining, lists, markers, tables
from recovery.restore.assemble import Assembler, to_furniture
from recovery.restore.blanks import with_blanks, with_ends
from recovery.restore.borders import with_borders, with_room, with_running_borders
from recovery.restore.code import code_runs, with_code
from recovery.restore.contents import entry_levels, entry_runs, with_contents_as_text
from recovery.restore.continuation import join_continued
from recovery.restore.drafting import Draft, Unit, draft_pages, find_strips, margins_of, with_rows
from recovery.restore.elements import Element, Paragraph, Part
from recovery.restore.footnotes import bind_footnotes, find_footnotes
from recovery.restore.furniture import chapters, find_furniture, pieces_of, without
from recovery.restore.furniture_pictures import find_pictures
from recovery.restore.headings import find_headings
from recovery.restore.inks import with_looks
from recovery.restore.language import languages
from recovery.restore.line_numbers import find_line_numbers
from recovery.restore.lists import ListElement
from recovery.restore.options import RestoreOptions
from recovery.restore.outline import match_outline
from recovery.restore.pages import to_pages
from recovery.restore.paragraphs import split_paragraphs
from recovery.restore.pieces import Row, Sheet
from recovery.restore.sections import Strip
from recovery.restore.side_notes import find_side_notes
from recovery.restore.stacks import Stack
from recovery.restore.style import styled, survey
from recovery.restore.units import to_sheet
from recovery.restore.wrapping import paragraphs_around
from structure.core.analysis import Bookmark, Notice, PageAnalysis
from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    Producer,
    Source,
    Style,
    TableBlock,
    TextBlock,
    TextType,
    Warning,
)

_LARGE = 1.5
"""Type this many times as large as its surroundings is set large on purpose."""


def restore(
    pages: Iterable[PageAnalysis],
    *,
    source: Source,
    producer: Producer,
    options: RestoreOptions | None = None,
    outline: Sequence[Bookmark] = (),
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
        outline: Of the source, with the page numbers of `pages`; it tells headings and their
            levels.

    Returns:
        The document, in points of the upright pages.
    """
    options = options or RestoreOptions()
    found = [with_contents_as_text(page) for page in pages]
    rtl, turned = pages_rtl(found)
    found = [mirrored_page(page, rtl=page.number in turned, document=rtl) for page in found]
    sheets = [with_blanks(to_sheet(page, options)) for page in found]
    sheets = with_code(with_looks(sheets, options))
    aside = find_line_numbers(sheets) + find_side_notes(sheets) if options.furniture else []
    running = aside + find_furniture(without(sheets, aside), options)
    running += find_pictures(sheets, options)
    drafts = draft_pages(sheets, pieces_of(running), options)
    drafts = with_rows(drafts, find_strips(drafts, options), options)
    strips = find_strips(drafts, options)
    elements, owners = _elements(drafts, strips, options)
    elements, body = _shaped(elements, outline, chapters(running), options)
    words = joining.vocabulary(piece.text for sheet in sheets for piece in sheet.pieces)
    assembler = Assembler(words, options)
    listed = lists.find_lists(elements, options)
    blocks = [assembler.block(element) for element in listed]
    blocks = _with_captions(listed, blocks, owners)
    blocks = bind_footnotes(_with_continued_tables(blocks, options))
    outside = [(item.page, item.box) for item in running]
    furniture = to_furniture(running, assembler.assets)
    drawn = {sheet.number: sheet.drawn for sheet in sheets}
    paper = to_pages(drafts, strips, listed, blocks, options)
    blocks = with_borders(blocks, paper, drawn, outside)
    document = Document(
        producer=producer,
        source=source,
        pages=with_room(paper, blocks),
        body=tuple(blocks),
        furniture=with_running_borders(furniture, blocks, paper, drawn),
        style=body,
        lang=languages(piece.text for sheet in sheets for piece in sheet.pieces),
        assets=assembler.assets,
        warnings=_warnings(sheets),
    )
    widths = {sheet.number: sheet.analysis.width * sheet.scale for sheet in sheets}
    return mirrored_document(document, rtl=rtl, pages=turned, widths=widths)


def _elements(
    drafts: Sequence[Draft], strips: Sequence[Sequence[Strip]], options: RestoreOptions
) -> tuple[list[Element], dict[int, int]]:
    """All elements in reading order, and id(caption) -> id(its picture or table)."""
    margins = margins_of(drafts, strips, options)
    elements: list[Element] = []
    owners: dict[int, int] = {}
    for draft, page_strips, margin in zip(drafts, strips, margins, strict=True):
        text_width = (margin.left, draft.sheet.width - margin.right)
        stacks = [unit.stack for unit in draft.units if unit.stack is not None]
        entries = entry_levels([row for stack in stacks for row in stack.rows])
        for strip in page_strips:
            columns = strip.columns if len(strip.columns) > 1 else (text_width,)
            for i in strip.members:
                unit = draft.units[i]
                made, captions = _of_unit(unit, draft.sheet.number, columns, entries, options)
                elements += made
                if unit.float_ is not None:
                    owners.update({id(caption.rows[0]): id(unit.float_) for caption in captions})
    return _with_common_sizes(elements), owners


def _with_common_sizes(elements: Sequence[Element]) -> list[Element]:
    """Give the rows of labels and values of a page one type size: alone they tell it badly.

    A row in much larger type, such as the total of a receipt, keeps its own.
    """
    sizes: dict[int, list[float]] = {}
    for element in elements:
        if isinstance(element, Paragraph) and element.ledger:
            sizes.setdefault(element.page, []).append(median(row.ink_em for row in element.rows))
    common = {page: median(found) for page, found in sizes.items()}
    return [
        replace(element, common_em=common[element.page])
        if isinstance(element, Paragraph)
        and element.ledger
        and element.em < _LARGE * common[element.page]
        else element
        for element in elements
    ]


def _of_unit(
    unit: Unit,
    page: int,
    columns: Sequence[tuple[float, float]],
    entries: Mapping[int, int],
    options: RestoreOptions,
) -> tuple[list[Element], list[Paragraph]]:
    column = max(columns, key=lambda c: min(c[1], unit.box.x1) - max(c[0], unit.box.x0))
    if unit.stack is not None and unit.around is not None:
        runs = paragraphs_around(unit.stack, unit.around, column, options)
        return [
            Paragraph(tuple(Part(page, rows, own) for rows, own in parts)) for parts in runs
        ], []
    if unit.stack is not None:
        return list(_paragraphs(unit.stack, page, column, entries, options)), []
    floats: list[Element] = [unit.float_] if unit.float_ is not None else []
    if unit.caption is None:
        return floats, []
    caption = Paragraph((Part(page, unit.caption.rows, column),), kind="caption")
    above = unit.float_ is None or unit.caption.box.center[1] < unit.float_.box.center[1]
    return ([caption, *floats] if above else [*floats, caption]), [caption]


def _paragraphs(
    stack: Stack,
    page: int,
    column: tuple[float, float],
    entries: Mapping[int, int],
    options: RestoreOptions,
) -> list[Paragraph]:
    found: list[Paragraph] = []
    for level, rows in entry_runs(stack.rows, entries):
        if level is not None:
            found.append(Paragraph((Part(page, rows, column),), "toc", level=level))
        elif stack.ledger:
            found += [
                Paragraph((Part(page, (row,), column),), "key_value", ledger=True) for row in rows
            ]
        else:
            found += _of_text(stack, rows, page, column, options)
    return found


def _of_text(
    stack: Stack,
    rows: Sequence[Row],
    page: int,
    column: tuple[float, float],
    options: RestoreOptions,
) -> list[Paragraph]:
    found: list[Paragraph] = []
    for is_code, run in code_runs(rows):
        parts = [run] if is_code else split_paragraphs(run, options)
        found += [
            Paragraph(
                (Part(page, part, column),), kind="code" if is_code else _text_type(stack, part)
            )
            for part in parts
        ]
    return found


def _text_type(stack: Stack, rows: Sequence[Row]) -> TextType:
    if attach.caption_of_stack(stack) is not None:
        return "caption"
    return "reference" if markers.is_reference_entry(rows[0].text) else "paragraph"


def _shaped(
    elements: Sequence[Element],
    outline: Sequence[Bookmark],
    own_chapters: Collection[str],
    options: RestoreOptions,
) -> tuple[list[Element], Style]:
    """Continuations joined, headings found, styles set; and the style of the body."""
    joined = join_continued(find_footnotes(elements, options), options)
    texts = {i: e for i, e in enumerate(joined) if isinstance(e, Paragraph)}
    look = survey(list(texts.values()), options)
    sizes = dict(zip(texts, look.sizes, strict=True))
    body = look.body
    named = match_outline(joined, outline, options)
    headed, sizes = find_headings(joined, sizes, body.size or 10.0, options, named, own_chapters)
    result: list[Element] = []
    for i, element in enumerate(headed):
        if isinstance(element, Paragraph):
            above = _above(element, headed[i - 1]) if i else None
            element = with_ends(styled(element, sizes[i], body, above, options), options)
        result.append(element)
    return result, body


def _above(paragraph: Paragraph, before: Element) -> Paragraph | None:
    """The paragraph before this one if it stands over it."""
    if not isinstance(before, Paragraph):
        return None
    last = before.parts[-1]
    over = last.page == paragraph.page and last.box.y0 < paragraph.box.y0
    return before if over and last.box.overlap_x(paragraph.box) > 0 else None


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
