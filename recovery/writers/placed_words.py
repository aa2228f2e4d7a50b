"""Words and lines of a document where they stand on its pages, for formats that lie over a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from recovery.metrics import text_width
from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    Furniture,
    Line,
    ListBlock,
    ListItem,
    Page,
    Place,
    TableBlock,
    TableCell,
    TextBlock,
    WordBox,
)
from structure.core.geometry import Box, union
from structure.core.text import is_cjk, is_unspaced

Turn = Literal[0, 90, 270]
"""Degrees counter-clockwise by which a line runs against the upright page."""

_HYPHENS = "-\u2010\u00ad"
_TALL = 1.5
"""A line this much higher than wide, of several letters, runs up or down the page."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word on its page.

    Attributes:
        box: Points of the upright page.
        conf: 0 to 1; None where no model read it.
        space: Whether a space separates it from the next word of its line.
    """

    text: str
    box: Box
    conf: float | None = None
    space: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """What stands in one place of one page: a block, or the part of it that is on that page.

    Attributes:
        owner: The block, list item or piece of furniture.
        first: Whether this is the beginning of its owner.
    """

    owner: Block | ListItem | Furniture
    box: Box
    lines: tuple[Line, ...]
    first: bool = True

    @property
    def type(self) -> str:
        """Type of the owner."""
        return "list_item" if isinstance(self.owner, ListItem) else self.owner.type


def areas_of(document: Document) -> dict[int, list[Area]]:
    """By page number: all areas in reading order, page headers first and footers last."""
    found: dict[int, list[Area]] = {page.n: [] for page in document.pages}
    pages = {page.n: page for page in document.pages}
    below: list[Furniture] = []
    for item in document.furniture:
        if _is_above(item, pages.get(item.page)):
            found.setdefault(item.page, []).append(_furniture(item))
        else:
            below.append(item)
    for block in document.body:
        for page, area in _areas(block):
            found.setdefault(page, []).append(area)
    for item in below:
        found.setdefault(item.page, []).append(_furniture(item))
    return found


def words_of(line: Line) -> list[PlacedWord]:
    """The words of a line that say something, each with whether a space follows."""
    words = [word for word in line.words if word.text.strip()] or _spread(line)
    spaces = _spaces(line.text, [word.text.strip() for word in words])
    return [
        PlacedWord(" ".join(word.text.split()), word.box, word.conf, space)
        for word, space in zip(words, spaces, strict=True)
    ]


def turn_of(line: Line) -> Turn:
    """Which way a line runs: what is much higher than wide runs up, or down as its words tell."""
    box = line.box
    if len(line.text.strip()) < 2 or box.height <= _TALL * box.width:
        return 0
    if len(line.words) > 1:
        return 90 if line.words[0].box.center[1] > line.words[-1].box.center[1] else 270
    return 270 if is_cjk(line.text) else 90


def _is_above(item: Furniture, page: Page | None) -> bool:
    height = page.h if page is not None else 842.0
    return item.type == "header" or (item.type == "page_number" and item.box.y1 < height / 2)


def _furniture(item: Furniture) -> Area:
    return Area(item, item.box, item.lines or _stacked(item.text.replace("\t", " "), item.box))


def _areas(block: Block) -> Iterator[tuple[int, Area]]:
    if isinstance(block, TextBlock):
        yield from _places(block, block.at, block.text)
    elif isinstance(block, ListBlock):
        for item in block.items:
            yield from _places(item, item.at, f"{item.label} {item.text}".strip())
    else:
        yield block.page, Area(block, block.box, _inner_lines(block))


def _places(
    owner: TextBlock | ListItem, at: Sequence[Place], text: str
) -> Iterator[tuple[int, Area]]:
    if not any(place.lines for place in at):
        yield owner.page, Area(owner, owner.box, _stacked(text, owner.box))
        return
    for n, place in enumerate(at):
        yield place.page, Area(owner, place.box, place.lines, first=n == 0)


def _inner_lines(block: TableBlock | FigureBlock | FormulaBlock) -> tuple[Line, ...]:
    if block.lines:
        return block.lines
    if isinstance(block, TableBlock):
        return tuple(
            line for cell in block.cells if cell.box for line in _stacked(cell.text, cell.box)
        )
    return _stacked(block.text, block.box) if isinstance(block, FormulaBlock) else ()


def _stacked(text: str, box: Box) -> tuple[Line, ...]:
    """Text of which only the box is known: its lines at equal heights."""
    rows = [row for row in text.split("\n") if row.strip()]
    height = box.height / max(len(rows), 1)
    return tuple(
        Line(row, Box(box.x0, box.y0 + n * height, box.x1, box.y0 + (n + 1) * height))
        for n, row in enumerate(rows)
    )


def _spread(line: Line) -> list[WordBox]:
    """The words of a line of which only the whole box is known, by the width of their letters."""
    texts = line.text.split()
    widths = [text_width(text, "serif") for text in texts]
    space = text_width(" ", "serif")
    total = sum(widths) + space * (len(texts) - 1)
    along = line.box.width / total if total > 0 else 0.0
    words: list[WordBox] = []
    x = line.box.x0
    for text, width in zip(texts, widths, strict=True):
        words.append(WordBox(text, Box(x, line.box.y0, x + width * along, line.box.y1), line.conf))
        x += (width + space) * along
    return words


def _spaces(text: str, words: Sequence[str]) -> list[bool]:
    """For each word whether `text` has a space behind it; False for the last one."""
    spaces: list[bool] = []
    end = 0
    for n, word in enumerate(words):
        at = text.find(word, end)
        end = at + len(word) if at >= 0 else end
        following = words[n + 1] if n + 1 < len(words) else None
        if following is None:
            spaces.append(False)
        elif at >= 0 and text.find(following, end) >= 0:
            spaces.append(text.find(following, end) > end)
        else:
            spaces.append(not (is_unspaced(word[-1]) and is_unspaced(following[0])))
    return spaces


def joined_words(area: Area) -> list[tuple[str | None, str | None]]:
    """For each line of an area the word that a hyphen breaks at its beginning and at its end.

    A word is broken where the text of the owner has it whole.
    """
    owner = area.owner
    if not isinstance(owner, TextBlock | ListItem):
        return [(None, None)] * len(area.lines)
    lines = [line for place in owner.at for line in place.lines] or list(area.lines)
    whole = set(owner.text.split())
    breaks: dict[int, str] = {}
    for n, (line, following) in enumerate(pairwise(lines)):
        first, second = line.text.split()[-1:], following.text.split()[:1]
        if first and second and first[0][-1] in _HYPHENS and len(first[0]) > 1:
            word = first[0][:-1] + second[0]
            if word in whole:
                breaks[n] = word
    start = next((n for n, line in enumerate(lines) if area.lines and line is area.lines[0]), 0)
    return [(breaks.get(start + n - 1), breaks.get(start + n)) for n in range(len(area.lines))]


def inside_cells(
    table: TableBlock, lines: Sequence[Line]
) -> list[tuple[TableCell | None, Box, tuple[Line, ...]]]:
    """The lines of a table by cell, each cell with the box of its lines; None for leftovers."""
    found: dict[int, list[Line]] = {}
    for line in lines:
        x, y = line.box.center
        at = (
            n
            for n, cell in enumerate(table.cells)
            if cell.box is not None and cell.box.contains(x, y)
        )
        found.setdefault(next(at, len(table.cells)), []).append(line)
    return [
        (
            table.cells[n] if n < len(table.cells) else None,
            union(line.box for line in own),
            tuple(own),
        )
        for n, own in sorted(found.items())
    ]
