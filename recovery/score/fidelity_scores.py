"""How much a document looks like its source; every score is 0 to 1, higher is better.

A score is None where there is nothing to measure: no table, no picture, no rendering.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from recovery.score.matching import Matches
from recovery.score.reading import Item, Paragraph, Picture, Reading, Sheet, Table, TableCell, bare
from recovery.score.thumbnail import likeness

_MM = 72 / 25.4
_PAGE_TOLERANCE = 2 * _MM
_WORST_MARGIN = 20 * _MM
_SIZE_TOLERANCE = 0.5
_PICTURE_TOLERANCE = 0.05
_ROUNDING = 1e-6

_Look = TypeVar("_Look")


def page(matches: Matches) -> float | None:
    """Share of what was matched that stands on paper of the right size (2 mm) and orientation."""
    return _over_sheets(matches, lambda one, two: float(_same_paper(one, two)))


def margins(matches: Matches) -> float | None:
    """1 - mean error of the four margins / 20 mm, over what was matched."""
    return _over_sheets(matches, _margin_likeness)


def _over_sheets(matches: Matches, likeness: Callable[[Sheet, Sheet], float]) -> float | None:
    """Mean over matched parts, each with the length of its text; else over the first sections."""
    total = weight = 0.0
    for i, j in matches.items.items():
        item = matches.truth.items[i]
        share = _weight(item)
        total += share * likeness(item.sheet, matches.found.items[j].sheet)
        weight += share
    if weight:
        return total / weight
    if matches.truth.sheets and matches.found.sheets:
        return likeness(matches.truth.sheets[0], matches.found.sheets[0])
    return None


def _weight(item: Item) -> float:
    return 1.0 if isinstance(item, Picture) else 1.0 + len(bare(item.text))


def _same_paper(one: Sheet, two: Sheet) -> bool:
    return (
        abs(one.width - two.width) <= _PAGE_TOLERANCE
        and abs(one.height - two.height) <= _PAGE_TOLERANCE
        and one.landscape == two.landscape
    )


def _margin_likeness(one: Sheet, two: Sheet) -> float:
    errors = [abs(a - b) for a, b in zip(one.margins, two.margins, strict=True)]
    return max(0.0, 1.0 - sum(errors) / len(errors) / _WORST_MARGIN)


def cols(matches: Matches) -> float | None:
    """Share of the characters outside tables in a section with the right number of columns."""
    return _over_characters(matches, lambda one, two: one.sheet.columns == two.sheet.columns)


def align(matches: Matches) -> float | None:
    """Share of the characters outside tables with the right alignment.

    A single line looks the same left or justified.
    """
    return _over_characters(matches, _same_align)


def _over_characters(
    matches: Matches, same: Callable[[Paragraph, Paragraph], bool]
) -> float | None:
    total = sum(len(bare(paragraph.text)) for paragraph in matches.truth.paragraphs)
    if not total:
        return None
    return sum(len(bare(a.text)) for a, b in matches.text_pairs() if same(a, b)) / total


def _same_align(one: Paragraph, two: Paragraph) -> bool:
    sides = {one.align, two.align}
    return len(sides) == 1 or (one.one_line and sides == {"left", "justify"})


def size(matches: Matches) -> float | None:
    """Share of the characters, tables included, that are set within 0.5 pt of the right size."""
    return _over_looks(matches, lambda p: p.sizes, lambda c: c.size, _same_size)


def bold(matches: Matches) -> float | None:
    """Share of the characters, tables included, with the right weight."""
    return _over_looks(matches, lambda p: p.bolds, lambda c: c.bold, lambda one, two: one == two)


def _same_size(one: float | None, two: float | None) -> bool:
    if one is None or two is None:
        return False
    return abs(one - two) <= _SIZE_TOLERANCE + _ROUNDING


def _over_looks(
    matches: Matches,
    of_paragraph: Callable[[Paragraph], Sequence[_Look]],
    of_cell: Callable[[TableCell], _Look],
    same: Callable[[_Look, _Look], bool],
) -> float | None:
    total = sum(len(bare(text)) for text in matches.truth.texts())
    if not total:
        return None
    right = 0
    for one, two in matches.text_pairs():
        own, other = of_paragraph(one), of_paragraph(two)
        right += sum(same(own[i], other[j]) for i, j in _aligned(bare(one.text), bare(two.text)))
    for table, drawn in matches.table_pairs():
        there = {(cell.row, cell.col): cell for cell in drawn.cells}
        for cell in table.cells:
            found = there.get((cell.row, cell.col))
            if found is not None and same(of_cell(cell), of_cell(found)):
                pairs = _aligned(bare(cell.text), bare(found.text))
                right += len(pairs)
    return right / total


def _aligned(one: str, two: str) -> list[tuple[int, int]]:
    """Pairs of places of the same or a misread character."""
    if one == two:
        return [(n, n) for n in range(len(one))]
    return [
        (part.src_start + n, part.dest_start + n)
        for part in Levenshtein.opcodes(one, two)
        if part.tag in ("equal", "replace")
        for n in range(part.src_end - part.src_start)
    ]


def widths(matches: Matches) -> float | None:
    """Mean over tables of 1 - mean relative error of their columns; a missing table counts 0."""
    if not matches.truth.tables:
        return None
    found = sum(_width_likeness(one, two) for one, two in matches.table_pairs())
    return found / len(matches.truth.tables)


def _width_likeness(one: Table, two: Table) -> float:
    if len(one.widths) != len(two.widths) or not one.widths:
        return 0.0
    errors = [abs(b - a) / a for a, b in zip(one.widths, two.widths, strict=True) if a > 0]
    return max(0.0, 1.0 - sum(errors) / len(errors)) if errors else 0.0


def fig(matches: Matches) -> float | None:
    """Mean over pictures of: there, within 5 % of its size, alike; extra ones count 0."""
    count = max(len(matches.truth.pictures), len(matches.found.pictures))
    if not count:
        return None
    total = 0.0
    for one, two in matches.picture_pairs():
        alike = likeness(one.thumbnail, two.thumbnail)
        total += (1.0 + _same_extent(one, two) + alike) / 3
    return total / count


def _same_extent(one: Picture, two: Picture) -> bool:
    return all(
        abs(a - b) <= _PICTURE_TOLERANCE * a
        for a, b in ((one.width, two.width), (one.height, two.height))
    )


def direct(found: Reading) -> float:
    """Share of paragraphs without direct formatting."""
    return 1.0 - found.direct
