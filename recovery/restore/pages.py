"""The pages of the document, from their drafts and the blocks made of them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from recovery.restore.drafting import Draft, Unit, margins_of
from recovery.restore.elements import Element, Paragraph
from recovery.restore.lists import ListElement
from recovery.restore.options import RestoreOptions
from recovery.restore.sections import Strip
from structure.core.document import Band, Block, Margins, Page
from structure.core.geometry import Affine


def to_pages(
    drafts: Sequence[Draft],
    strips: Sequence[Sequence[Strip]],
    elements: Sequence[Element | ListElement],
    blocks: Sequence[Block],
    options: RestoreOptions,
) -> tuple[Page, ...]:
    """What the document says of each page; a band names the blocks that begin in it."""
    starts = {
        key: block.id
        for element, block in zip(elements, blocks, strict=True)
        for key in _keys(element)
    }
    margins = margins_of(drafts, strips, options)
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


def _page(draft: Draft, strips: Sequence[Strip], margins: Margins, starts: dict[int, str]) -> Page:
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


def _band(draft: Draft, strip: Strip, starts: dict[int, str]) -> Band:
    keys = [key for i in strip.members for key in _unit_keys(draft.units[i])]
    return Band(
        strip.y0, strip.y1, strip.columns, tuple(starts[key] for key in keys if key in starts)
    )


def _unit_keys(unit: Unit) -> list[int]:
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
