"""How tables become sheets: their names, which of them are one, and the sizes of their cells."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from structure.core.document import TableBlock, TableCell
from structure.core.text import width

LONGEST_NAME = 31  # UTF-16 units
NARROWEST, WIDEST = 6.0, 80.0  # characters
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\s]+")
_NUMBERED = re.compile(r"^[^\W\d_]+\.? ?(?:\d|[IVXA-Z]\b)")
"""Table 14, Appendix A; other captions may be a line of a heading or a unit of measurement."""
_LEADERS = re.compile(r"\s*(?:(?:[.\u00b7_] ?){4,}|\u2026{2,})$")
_RESERVED = {"history", "index", "text", "fields"}
_SHEET_SIZE = 11.0
"""Points of the letters in a sheet; smaller ones on the page need wider columns here."""
_WIDEN = (1.0, 1.6)
_FULL = 0.92
"""Share of a line that words fill on the average when they wrap."""


def sheet_names(tables: Sequence[tuple[int, str]]) -> list[str]:
    """A name for the sheet of every table, unique whatever the case.

    Args:
        tables: (page, caption or "") of each.

    Returns:
        The beginning of the caption where it tells, else `P{page} T{number on the page}`.
    """
    names: list[str] = []
    taken = set(_RESERVED)
    counted: dict[int, int] = {}
    for page, caption in tables:
        counted[page] = counted.get(page, 0) + 1
        name = _from_caption(caption) or f"P{page} T{counted[page]}"
        base, n = name, 1
        while name.casefold() in taken:
            n += 1
            name = f"{_cut(base, LONGEST_NAME - len(str(n)) - 3)} ({n})"
        taken.add(name.casefold())
        names.append(name)
    return names


def _from_caption(caption: str) -> str:
    plain = _FORBIDDEN.sub(" ", caption).strip(" '")
    telling = _NUMBERED.match(plain) or (plain[:1].isupper() and len(plain.split()) > 2)
    return _cut(plain, LONGEST_NAME) if telling else ""


def _cut(text: str, most: int) -> str:
    """`text` in at most so many UTF-16 units, at a space where one is near."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * most:
        return text
    kept = units[: 2 * most].decode("utf-16-le", "ignore")
    head, _, _ = kept.rpartition(" ")
    return (head if len(head) > most // 2 else kept).rstrip(" ',;.-\u2013")


def joined_tables(tables: Sequence[TableBlock], *, most: int) -> list[TableBlock]:
    """Tables that go on from the one before without a header of their own become one with it.

    Dots that lead from a text to the next column are left out.

    Args:
        tables: In reading order.
        most: Rows in a sheet.
    """
    joined: list[TableBlock] = []
    last = ""
    for table in tables:
        upper = joined[-1] if joined else None
        if (
            upper is not None
            and table.continued_from == last
            and table.cols == upper.cols
            and not table.header_rows
            and upper.rows + table.rows <= most
        ):
            moved = tuple(
                replace(_without_leaders(cell), row=cell.row + upper.rows) for cell in table.cells
            )
            joined[-1] = replace(
                upper,
                rows=upper.rows + table.rows,
                cells=upper.cells + moved,
                needs_review=upper.needs_review or table.needs_review,
                conf=min((c for c in (upper.conf, table.conf) if c is not None), default=None),
            )
        else:
            joined.append(replace(table, cells=tuple(map(_without_leaders, table.cells))))
        last = table.id
    return joined


def _without_leaders(cell: TableCell) -> TableCell:
    """The cell without the dots that lead the eye to the next column."""
    text = _LEADERS.sub("", cell.text)
    return replace(cell, text=text) if text and text != cell.text else cell


def column_widths(
    block: TableBlock, numbers: Collection[tuple[int, int]], size: float | None
) -> list[float]:
    """Width of every column in characters: as on the page, but no wider than its content needs.

    Numbers and single words are never cut.

    Args:
        block: The table.
        numbers: (row, column) of the cells that hold a number or date, which cannot wrap.
        size: Points of the letters on the page, None where unknown.
    """
    longest, needed = [0] * block.cols, [0] * block.cols
    for cell in block.cells:
        if cell.colspan > 1:
            continue
        text = cell.text[:2000]
        longest[cell.col] = max(longest[cell.col], *map(width, text.split("\n")))
        whole = (cell.row, cell.col) in numbers
        parts = [text] if whole else [word for word in text.split() if len(word) <= WIDEST / 2]
        needed[cell.col] = max([needed[cell.col], *map(width, parts)])
    factor = min(max(_SHEET_SIZE / size, _WIDEN[0]), _WIDEN[1]) if size else 1.2
    drawn = [(points * factor * 96 / 72 - 5) / 7 for points in block.col_widths]
    known = drawn if len(drawn) == block.cols else [WIDEST * 0.75] * block.cols
    return [
        round(min(max(NARROWEST, need + 2, min(on_page, most + 2)), WIDEST), 1)
        for on_page, most, need in zip(known, longest, needed, strict=True)
    ]


def row_lines(block: TableBlock, widths: Sequence[float]) -> dict[int, int]:
    """Lines of text in every row that has more than one."""
    lines: dict[int, int] = {}
    for cell in block.cells:
        if cell.rowspan == 1:
            count = _lines(cell, sum(widths[cell.col : cell.col + cell.colspan]))
            if count > max(1, lines.get(cell.row, 1)):
                lines[cell.row] = count
    return lines


def _lines(cell: TableCell, room: float) -> int:
    return sum(
        math.ceil(width(line) / (room * _FULL)) if width(line) > room else 1
        for line in cell.text[:4000].split("\n")
    )
