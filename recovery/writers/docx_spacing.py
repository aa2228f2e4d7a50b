"""Distances of a docx file: every block as near as can be to where it stood on its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recovery.writers.content import raw_text
from recovery.writers.docx_borders import room_of
from recovery.writers.docx_looks import SPACE_STEP, Look, StyleSheet, line_widths, seen
from recovery.writers.docx_numbering import Indent, indents
from recovery.writers.docx_pictures import MOST_OF_PAGE, picture_size
from recovery.writers.docx_tables import squeezed, table_height
from recovery.writers.fitting import SQUEEZES, Part, Squeeze, count_lines, settle
from recovery.writers.flow import Piece, Section, places, usable_margins
from structure.core.document import Asset, ListBlock, Page, Place, TableBlock, TextBlock

# Points by which the lower margin is smaller than in the source: what still runs a line longer
# must not spill over. Word keeps text off the footer by itself.
BOTTOM_SLACK = 24.0
RESERVE = 18.0  # of them, for what takes more room in Word than it seems
RUNNING_SLACK = (
    12.0  # where text or rows run on, and more room would draw up those of the next page
)
_DESCENT = 0.25  # of the type size: what a line with a picture in it is higher than the picture


@dataclass(slots=True)
class Fit:
    """How one piece is set.

    Attributes:
        look: Its look, set closer where its page is full.
        squeeze: What its page is set with.
        before: Distance above it, or above each item of a list; None as the style has it.
        after: Distance below it; None as the style has it.
        indents: Of the levels of a list.
    """

    look: Look
    before: list[float | None]
    after: float | None = None
    indents: Mapping[int, Indent] = field(default_factory=dict)
    squeeze: Squeeze = SQUEEZES[0]


@dataclass(frozen=True, slots=True)
class _Spot:
    """What of a piece stands in one column of one page; `item`: of a list, or part of a table."""

    piece: int
    item: int
    place: Place
    begins: bool
    whole: bool


@dataclass(slots=True)
class _Strip:
    """A section on one page: the spots in each of its columns."""

    columns: dict[int, list[_Spot]] = field(default_factory=dict)


def bottom_slack(page: Page, *, running: bool = False) -> float:
    """Points by which the lower margin of a page is made smaller; `running`: see `runs_on`."""
    return min(RUNNING_SLACK if running else BOTTOM_SLACK, 0.75 * usable_margins(page).bottom)


def runs_on(section: Section) -> bool:
    """Whether something in a section goes on from one page to the next."""
    return any(
        len({place.page for place in places(piece.block)}) > 1
        for piece in section.pieces
        if not piece.floating
    )


def fit(
    sections: Sequence[Section],
    sheet: StyleSheet,
    assets: Mapping[str, Asset],
    room: Callable[[Page], tuple[float, float]],
) -> list[Fit]:
    """Look and distances of every piece of all sections, in order.

    `room` says where the text of a page may begin and must end.
    """
    return _Fitter(sections, sheet, assets).run(room)


def usual_fits(section: Section, sheet: StyleSheet, *, styled: bool = False) -> list[Fit]:
    """Look of every piece of a section, with the distances that its style has.

    Where they are `styled`, looks are those of the styles as well.
    """
    found = []
    for piece in section.pieces:
        block = piece.block
        look = sheet.named[sheet.style_of(block)] if styled else sheet.look_of(block)
        if isinstance(block, ListBlock):
            own = indents(block, block.box.x0, look.size, look.face)
            found.append(Fit(look, [None] * max(1, len(block.items)), indents=own))
        else:
            found.append(Fit(look, [None]))
    return found


class _Fitter:
    """State of fitting one document."""

    def __init__(
        self, sections: Sequence[Section], sheet: StyleSheet, assets: Mapping[str, Asset]
    ) -> None:
        self.sheet, self.assets = sheet, assets
        self.pieces = [piece for section in sections for piece in section.pieces]
        self.pages: dict[int, Page] = {}
        self.strips: dict[int, list[_Strip]] = {}
        self.fits = [self._first_fit(piece) for piece in self.pieces]
        self._collect(sections)

    def run(self, room: Callable[[Page], tuple[float, float]]) -> list[Fit]:
        for n in sorted(self.strips):
            top, bottom = room(self.pages[n])
            squeeze = next(
                (one for one in SQUEEZES if self._settle(n, top, one) <= bottom), SQUEEZES[1]
            )
            self._settle(n, top, squeeze, keep=True)
        for piece, own in zip(self.pieces, self.fits, strict=True):
            if isinstance(piece.block, ListBlock):
                usual = self.sheet.named[self.sheet.style_of(piece.block)]
                own.before[1:] = _even(own.before[1:], usual)
        return self.fits

    def _first_fit(self, piece: Piece) -> Fit:
        block = piece.block
        look = self.sheet.look_of(block)
        if isinstance(block, ListBlock):
            return Fit(
                look,
                [None] * max(1, len(block.items)),
                indents=indents(block, piece.column[0], look.size, look.face),
            )
        return Fit(look, [None])

    def _collect(self, sections: Sequence[Section]) -> None:
        number = 0
        for section in sections:
            strips: dict[int, _Strip] = {}
            for piece in section.pieces:
                if not piece.floating:
                    for spot in _spots(piece, number):
                        page = spot.place.page
                        if page not in strips:
                            strips[page] = _Strip()
                            self.strips.setdefault(page, []).append(strips[page])
                            self.pages.setdefault(page, section.page)
                        column = section.columns.index(spot.place.box)
                        strips[page].columns.setdefault(column, []).append(spot)
                number += 1

    def _settle(self, page: int, top: float, squeeze: Squeeze, *, keep: bool = False) -> float:
        """Where the content of a page ends when it is set so; with `keep` this is how it is set."""
        cursor = top
        above: _Spot | None = None
        for strip in self.strips[page]:
            columns = {
                column: [self._part(spot, squeeze) for spot in spots]
                for column, spots in strip.columns.items()
            }
            lead = 0.0
            if len(columns) > 1 and above is not None:
                # Columns begin at one height only if none has space above; it goes to the block
                # before them.
                lead = max(0.0, min(parts[0].top for parts in columns.values()) - cursor)
            ends = []
            for column, parts in columns.items():
                found, end = settle(parts, cursor + lead, squeeze, step=SPACE_STEP)
                ends.append(end)
                if keep:
                    self._keep(strip.columns[column], found, squeeze)
            if keep and lead and above is not None:
                self.fits[above.piece].after = self._after(above.piece) + lead
            cursor = max(ends)
            above = strip.columns[next(iter(columns))][-1] if len(columns) == 1 else None
        return cursor

    def _keep(
        self, spots: Sequence[_Spot], found: Sequence[float | None], squeeze: Squeeze
    ) -> None:
        for spot, before in zip(spots, found, strict=True):
            if spot.begins:
                fit = self.fits[spot.piece]
                fit.before[spot.item] = before
                if spot.item == 0:
                    fit.look = self._look(spot.piece, squeeze)
                    fit.squeeze = squeeze

    def _after(self, piece: int) -> float:
        return self.sheet.named[self.sheet.style_of(self.pieces[piece].block)].after

    def _look(self, piece: int, squeeze: Squeeze) -> Look:
        look = self.fits[piece].look
        base = self.sheet.named[self.sheet.style_of(self.pieces[piece].block)]
        return seen(
            replace(look, line=look.line * squeeze.line, size=look.size - squeeze.size), base
        )

    def _part(self, spot: _Spot, squeeze: Squeeze) -> Part:
        piece = self.pieces[spot.piece]
        block, box = piece.block, spot.place.box
        base = self.sheet.named[self.sheet.style_of(block)]
        width = piece.column[1] - piece.column[0]
        if isinstance(block, TableBlock) and block.cells:
            sized = squeezed(block, squeeze, self.sheet)
            height = table_height(sized, piece.column, self.sheet, spot.item)
            return Part(box.y0, box.y1, height, begins=spot.begins)
        look = self._look(spot.piece, squeeze)
        if not isinstance(block, TextBlock | ListBlock):
            asset = self.assets.get(getattr(block, "asset", None) or "")
            page = self.pages[spot.place.page]
            margins = usable_margins(page)
            room = (width, (page.h - margins.top - margins.bottom) * MOST_OF_PAGE)
            height = self.sheet.height_of(base)
            if asset is not None:
                height = picture_size(asset, box, room)[1] + _DESCENT * base.size
            return Part(box.y0, box.y1, height, base.before, base.after, spot.begins)
        lead, lines = self.sheet.height_of(look), self._lines(spot, look, width)
        above, below = self._borders(spot)
        first = spot.place.lines[0].box if spot.place.lines else None
        top = box.y0
        if first is not None:
            top = first.center[1] - lead + self.sheet.natural_height(look) / 2
        height = above + lines * lead + below
        return Part(top - above, box.y1 + below, height, base.before, base.after, spot.begins)

    def _borders(self, spot: _Spot) -> tuple[float, float]:
        """Points that borders take above and below what stands in a spot."""
        block = self.pieces[spot.piece].block
        if isinstance(block, ListBlock):
            last = spot.item == len(block.items) - 1
            return room_of(block, first=spot.item == 0, last=last)
        return room_of(block, first=spot.begins, last=spot.whole)

    def _lines(self, spot: _Spot, look: Look, width: float) -> int:
        block = self.pieces[spot.piece].block
        if not spot.whole:
            return max(1, len(spot.place.lines))
        text, room = raw_text(block), line_widths(look, width)
        if isinstance(block, ListBlock):
            item = block.items[spot.item]
            indent = self.fits[spot.piece].indents[min(max(item.level, 0), 8)]
            text, room = item.text, (width - indent.left, width - indent.left)
        size = look.size * self.sheet.stretch_of(look.face)
        return count_lines(text, look.face, size, room, bold=look.bold, tracking=look.tracking)


def _even(distances: Sequence[float | None], usual: Look) -> list[float | None]:
    """The distances above the items of a list made equal, where they nearly are.

    Small ones are left out one by one and made up for at the next item, which reads as a limp.
    """
    known = [usual.before if distance is None else distance for distance in distances]
    if not known or max(known) - min(known) > usual.size:
        return list(distances)
    mean = round(sum(known) / len(known), 1)
    return [mean] * len(known)


def _spots(piece: Piece, number: int) -> Iterator[_Spot]:
    block = piece.block
    if isinstance(block, ListBlock):
        for n, item in enumerate(block.items):
            own = item.at or (Place(item.page, item.box),)
            for k, place in enumerate(own):
                yield _Spot(number, n, place, k == 0, len(own) == 1)
        return
    own = tuple(places(block))
    for k, place in enumerate(own):
        part = k if isinstance(block, TableBlock) else 0
        yield _Spot(number, part, place, k == 0, len(own) == 1)
