"""From a manuscript and what was drawn to the document with every place in it: the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from recovery.score.manuscript import Manuscript, Section
from recovery.score.truth_docx import part_names, running_id
from recovery.score.twin import Glyph, Rendering, Tints, lines_of
from structure.core.document import (
    Align,
    Band,
    Block,
    Document,
    FigureBlock,
    Furniture,
    FurnitureType,
    Line,
    ListBlock,
    ListItem,
    Page,
    Place,
    Producer,
    Source,
    Span,
    TableBlock,
    TableCell,
    TextBlock,
    WordBox,
)
from structure.core.geometry import Affine, Box, union

_NO_TINT = "000000"
"""Colour of what has none of its own: leaders, and marks in front of notes."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A document and what it cannot say of the printed pages.

    Attributes:
        printed: By id, each part of a table as it stands on its page: with the header rows that are
            repeated there, which the document leaves out.
    """

    document: Document
    printed: Mapping[str, TableBlock]


def place(manuscript: Manuscript, tints: Tints, twin: Rendering, source: Source) -> Layout:
    """The manuscript with the places that its twin shows.

    Raises:
        ValueError: something of the manuscript is not drawn, or not as it was written.
    """
    return _Placer(manuscript, tints, twin).layout(source)


class _Placer:
    def __init__(self, manuscript: Manuscript, tints: Tints, twin: Rendering) -> None:
        self._manuscript, self._twin = manuscript, twin
        keys = tints.keys()
        self._glyphs = {keys[c]: own for c, own in twin.glyphs.items() if c in keys}
        self._fills = {keys[c]: own for c, own in twin.fills.items() if c in keys}
        self._pictures = iter(twin.pictures)
        self._printed: dict[str, TableBlock] = {}

    def layout(self, source: Source) -> Layout:
        placed: list[tuple[int, Block]] = []
        for number, section in enumerate(self._manuscript.sections):
            for block in section.blocks:
                placed += [(number, part) for part in self._placed(block)]
        notes = [self._text(note) for note in self._manuscript.notes]
        ordered = _with_notes(placed, notes)
        names = _names([block for _, block in ordered])
        blocks = [(number, _renamed(block, names)) for number, block in ordered]
        style = self._manuscript.body
        pitches = [
            b.style.pitch
            for _, b in blocks
            if isinstance(b, TextBlock) and b.type == "paragraph" and b.style.pitch
        ]
        document = Document(
            producer=Producer("truth", "1"),
            source=source,
            pages=tuple(self._pages(blocks)),
            body=tuple(block for _, block in blocks),
            furniture=tuple(self._furniture()),
            style=replace(style, pitch=median(pitches) if pitches else None),
            lang=(self._manuscript.lang,),
            assets=dict(self._manuscript.assets),
        )
        printed = {
            names[old]: replace(
                table,
                id=names[old],
                cells=tuple(replace(c, id=f"{names[old]}.r{c.row}c{c.col}") for c in table.cells),
            )
            for old, table in self._printed.items()
        }
        return Layout(document, printed)

    # -- blocks

    def _placed(self, block: Block) -> Iterator[Block]:
        if isinstance(block, TextBlock):
            yield self._text(block)
        elif isinstance(block, ListBlock):
            items = tuple(self._item(item) for item in block.items)
            page = items[0].page
            box = union(item.box for item in items if item.page == page)
            yield replace(block, items=items, page=page, box=box)
        elif isinstance(block, TableBlock):
            yield from self._tables(block)
        elif isinstance(block, FigureBlock):
            page, box = next(self._pictures)
            yield replace(block, page=page, box=box)
        else:
            raise ValueError(f"a {block.type} has no place in a manuscript")

    def _lines(self, key: str, text: str) -> list[tuple[int, Line, float]]:
        return lines_of(self._glyphs.get(key, ()), text, rtl=self._manuscript.rtl)

    def _text(self, block: TextBlock) -> TextBlock:
        """A block of text, a note with its mark in front."""
        found = self._lines(block.id, block.text)
        if block.type == "footnote":
            found = _labelled(self._mark(found), found)
        if block.type == "toc":
            found = [self._with_leaders(*entry) for entry in found]
        at = _places(found)
        spans, text = _without_soft_hyphens(block.spans, block.text)
        style = replace(block.style, pitch=_pitch(found))
        return replace(
            block, text=text, spans=spans, style=style, page=at[0].page, box=at[0].box, at=at
        )

    def _mark(self, found: Sequence[tuple[int, Line, float]]) -> list[Glyph]:
        """The mark in front of a note; LibreOffice gives it no colour of its own."""
        page, line, base = found[0]
        return [
            glyph
            for glyph in self._twin.glyphs.get(_NO_TINT, ())
            if glyph.page == page
            and abs(glyph.y - base) < 0.8 * line.box.height
            and glyph.box.x1 <= line.box.x0
        ]

    def _with_leaders(self, page: int, line: Line, base: float) -> tuple[int, Line, float]:
        """A line of a table of contents with the dots before its page number."""
        dots = [
            glyph
            for glyph in self._twin.glyphs.get(_NO_TINT, ())
            if glyph.page == page and abs(glyph.y - base) < 1.0 and glyph.text == "."
        ]
        if "\t" not in line.text or not dots:
            return page, line, base
        leader = WordBox("." * len(dots), union(glyph.box for glyph in dots))
        words = (*line.words[:-1], leader, line.words[-1])
        text = line.text.replace("\t", f" {leader.text} ")
        return page, Line(text, line.box, words=words), base

    def _item(self, item: ListItem) -> ListItem:
        label = self._glyphs.get(f"{item.id}.label", ())
        if self._manuscript.rtl:
            label = sorted(label, key=lambda glyph: -glyph.box.x1)
        at = _places(_labelled(label, self._lines(item.id, item.text)))
        spans, text = _without_soft_hyphens(item.spans, item.text)
        return replace(item, text=text, spans=spans, page=at[0].page, box=at[0].box, at=at)

    # -- tables

    def _tables(self, block: TableBlock) -> Iterator[TableBlock]:
        """One block for each page that the table stands on."""
        pages = sorted({page for cell in block.cells for page, _ in self._fills.get(cell.id, ())})
        if not pages:
            raise ValueError(f"no cell of {block.id} is drawn")
        first_id = block.id
        for page in pages:
            rows = self._rows(block, page)
            own_id = block.id if page == pages[0] else f"{block.id}@{page}"
            printed = self._part(block, page, rows, own_id)
            self._printed[own_id] = printed
            body = rows if page == pages[0] else [r for r in rows if r >= block.header_rows]
            part = self._part(block, page, body, own_id)
            yield replace(
                part,
                box=printed.box,
                continued_from=None if page == pages[0] else first_id,
                caption=block.caption if page == pages[0] else None,
            )
            first_id = own_id

    def _rows(self, block: TableBlock, page: int) -> list[int]:
        return sorted(
            {
                cell.row + k
                for cell in block.cells
                for k in range(cell.rowspan)
                if any(at == page for at, _ in self._fills.get(cell.id, ()))
            }
        )

    def _part(self, block: TableBlock, page: int, rows: Sequence[int], own_id: str) -> TableBlock:
        new = {row: n for n, row in enumerate(rows)}
        cells: list[TableCell] = []
        lines: list[Line] = []
        areas: dict[int, Box] = {}
        for cell in block.cells:
            if cell.row not in new:
                continue
            area = union(box for at, box in self._fills[cell.id] if at == page)
            if cell.rowspan == 1:
                known = areas.get(cell.row)
                areas[cell.row] = union([known, area]) if known else area
            else:
                areas.setdefault(-cell.row - 1, area)
            found = self._cell_lines(cell, page)
            lines += found
            box = union(line.box for line in found) if found else None
            row = new[cell.row]
            name = f"{own_id}.r{row}c{cell.col}"
            cells.append(replace(cell, id=name, row=row, box=box))
        return replace(
            block,
            id=own_id,
            page=page,
            box=union(areas.values()),
            rows=len(rows),
            header_rows=sum(row < block.header_rows for row in rows),
            row_heights=tuple(areas[row].height if row in areas else 0.0 for row in rows),
            cells=tuple(cells),
            lines=tuple(lines),
        )

    def _cell_lines(self, cell: TableCell, page: int) -> list[Line]:
        if not cell.text.strip():
            return []
        own = [glyph for glyph in self._glyphs.get(cell.id, ()) if glyph.page == page]
        return [line for _, line, _ in lines_of(own, cell.text, rtl=self._manuscript.rtl)]

    # -- pages

    def _pages(self, blocks: Sequence[tuple[int, Block]]) -> Iterator[Page]:
        sections = self._manuscript.sections
        last = 0
        for n, (width, height) in enumerate(self._twin.sizes, start=1):
            here: dict[int, list[tuple[str, Box]]] = defaultdict(list)
            for number, block in blocks:
                name = block.id if block.page == n else ""
                here_too = [(name, box) for page, box in _parts(block) if page == n]
                if here_too:
                    here[number] += here_too
            last = min(here, default=last)
            yield Page(
                n,
                width,
                height,
                text_source="text",
                to_source=Affine(1.0, 0.0, 0.0, -1.0, 0.0, height),
                margins=sections[last].paper.margins,
                bands=tuple(_band(sections[k], own) for k, own in sorted(here.items())),
            )

    def _furniture(self) -> Iterator[Furniture]:
        count: dict[int, int] = defaultdict(int)
        for number, section in enumerate(self._manuscript.sections, start=1):
            for part, what, kind, running in part_names(number, section.furnishing):
                for slot, content in running.parts():
                    drawn: dict[int, list[Glyph]] = defaultdict(list)
                    for glyph in self._glyphs.get(running_id(part, slot), ()):
                        drawn[glyph.page].append(glyph)
                    for page, glyphs in sorted(drawn.items()):
                        count[page] += 1
                        text = content.replace("{page}", str(page))
                        rtl = self._manuscript.rtl
                        lines = [line for _, line, _ in lines_of(glyphs, text, rtl=rtl)]
                        align: Align = slot
                        yield Furniture(
                            f"p{page}.f{count[page]}",
                            _kind(what, content),
                            page,
                            union(line.box for line in lines),
                            text,
                            align,
                            f"{what}-{kind}-{slot}-{number}",
                            tuple(lines),
                        )


def _kind(what: str, content: str) -> FurnitureType:
    if "{page}" in content:
        return "page_number"
    return "header" if what == "header" else "footer"


def _band(section: Section, own: Sequence[tuple[str, Box]]) -> Band:
    columns: list[tuple[float, float]] = []
    x = section.paper.margins.left
    for width in section.columns or (section.paper.text_width,):
        columns.append((x, x + width))
        x += width + section.gap
    box = union(box for _, box in own)
    ids = tuple(dict.fromkeys(id_ for id_, _ in own if id_))
    return Band(box.y0, box.y1, tuple(columns), ids, section.rule)


def _parts(block: Block) -> Iterator[tuple[int, Box]]:
    if isinstance(block, TextBlock):
        yield from ((place.page, place.box) for place in block.at)
    elif isinstance(block, ListBlock):
        yield from ((place.page, place.box) for item in block.items for place in item.at)
    else:
        yield block.page, block.box


def _places(found: Sequence[tuple[int, Line, float]]) -> tuple[Place, ...]:
    """Lines gathered by page and column."""
    groups: list[tuple[int, list[Line]]] = []
    for page, line, _ in found:
        if groups and groups[-1][0] == page and groups[-1][1][-1].box.y0 < line.box.y1:
            groups[-1][1].append(line)
        else:
            groups.append((page, [line]))
    return tuple(
        Place(page, union(line.box for line in lines), tuple(lines)) for page, lines in groups
    )


def _pitch(found: Sequence[tuple[int, Line, float]]) -> float | None:
    steps = [b[2] - a[2] for a, b in pairwise(found) if a[0] == b[0] and b[2] > a[2]]
    return round(median(steps), 2) if steps else None


def _labelled(
    label: Sequence[Glyph], found: Sequence[tuple[int, Line, float]]
) -> list[tuple[int, Line, float]]:
    """The lines with their label in front of the first."""
    if not label or not found:
        return list(found)
    page, line, base = found[0]
    text = "".join(glyph.text for glyph in label)
    box = union(glyph.box for glyph in label)
    words = (WordBox(text, box), *line.words)
    first = Line(f"{text} {line.text}", union([box, line.box]), words=words)
    return [(page, first, base), *found[1:]]


def _without_soft_hyphens(spans: Sequence[Span], text: str) -> tuple[tuple[Span, ...], str]:
    def moved(place: int) -> int:
        return place - text.count("\u00ad", 0, place)

    kept = tuple(replace(span, start=moved(span.start), end=moved(span.end)) for span in spans)
    return kept, text.replace("\u00ad", "")


def _with_notes(
    placed: Sequence[tuple[int, Block]], notes: Sequence[TextBlock]
) -> list[tuple[int, Block]]:
    """The notes after the last block that begins in their column of their page."""
    after: dict[int, list[TextBlock]] = defaultdict(list)
    for note in notes:
        before = [
            k
            for k, (_, block) in enumerate(placed)
            for page, box in _parts(block)
            if page == note.page and box.overlap_x(note.box) > 0
        ]
        after[max(before, default=len(placed) - 1)].append(note)
    result: list[tuple[int, Block]] = []
    for k, (number, block) in enumerate(placed):
        result.append((number, block))
        result += [(number, note) for note in after[k]]
    return result


def _names(blocks: Sequence[Block]) -> dict[str, str]:
    """The final id of every block: `p{page}.b{n}`."""
    count: dict[int, int] = defaultdict(int)
    names: dict[str, str] = {}
    for block in blocks:
        count[block.page] += 1
        names[block.id] = f"p{block.page}.b{count[block.page]}"
    return names


def _renamed(block: Block, names: Mapping[str, str]) -> Block:
    name = names[block.id]
    if isinstance(block, TextBlock):
        owner = names[block.caption_of] if block.caption_of else None
        return replace(block, id=name, caption_of=owner, spans=_named(block.spans, names))
    if isinstance(block, ListBlock):
        items = tuple(
            replace(item, id=f"{name}.i{n}", spans=_named(item.spans, names))
            for n, item in enumerate(block.items, start=1)
        )
        return replace(block, id=name, items=items)
    if isinstance(block, TableBlock):
        cells = tuple(replace(c, id=f"{name}.r{c.row}c{c.col}") for c in block.cells)
        before = names[block.continued_from] if block.continued_from else None
        caption = names[block.caption] if block.caption else None
        return replace(block, id=name, cells=cells, continued_from=before, caption=caption)
    if isinstance(block, FigureBlock):
        return replace(block, id=name, caption=names[block.caption] if block.caption else None)
    return replace(block, id=name)


def _named(spans: Sequence[Span], names: Mapping[str, str]) -> tuple[Span, ...]:
    return tuple(replace(span, note=names[span.note]) if span.note else span for span in spans)
