"""Workbooks: a sheet for every table with typed values, and one for all other text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from recovery.writers.cleaning import cleaned
from recovery.writers.content import header_rows, raw_text, title_of
from recovery.writers.ooxml import core_properties, zip_bytes
from recovery.writers.rendered import Rendered
from recovery.writers.values import Value, column_values, decimal_mark
from structure.core.document import (
    Document,
    ListBlock,
    TableBlock,
    TableCell,
    TextBlock,
    Warning,
)
from structure.core.text import width

MOST_CHARACTERS = 32767  # UTF-16 units in a cell
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
CUT_MARK = " [cut]"
NARROWEST, WIDEST = 6, 60
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_REVIVED = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_BOLD = Font(bold=True)
_THIN, _MEDIUM = Side(style="thin"), Side(style="medium")


def render_xlsx(document: Document) -> Rendered:
    """The document as a workbook; equal documents give equal bytes.

    Each table has a sheet `P{page} T{n}`. All other text is in the sheet `Text` (page, block, type,
    text), facts in `Fields`, and from two tables on `Index` lists them. There are no formulas,
    links or macros.
    """
    return _XlsxWriter(cleaned(document)).render()


class _XlsxWriter:
    """State of writing one workbook."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        self.warnings: list[Warning] = []

    def render(self) -> Rendered:
        tables = [b for b in self.document.body if isinstance(b, TableBlock) and b.cells]
        index: list[Sequence[object]] = []
        seen: dict[int, int] = {}
        for block in tables:
            seen[block.page] = seen.get(block.page, 0) + 1
            name = f"P{block.page} T{seen[block.page]}"
            self._table(block, name)
            check = "check" if block.needs_review else ""
            caption = self._caption(block)
            index.append((name, block.page, caption, block.rows, block.cols, block.conf, check))
        text = self._text_rows(tables)
        if text or not tables:
            self._rows("Text", ("Page", "Block", "Type", "Text"), text)
        if self.document.fields:
            names = list(dict.fromkeys(key for entry in self.document.fields for key in entry))
            rows = [[_plain(entry.get(name)) for name in names] for entry in self.document.fields]
            self._rows("Fields", names, rows)
        if len(tables) > 1:
            columns = ("Sheet", "Page", "Caption", "Rows", "Columns", "Confidence", "Review")
            self._rows("Index", columns, index)
        return Rendered(self._bytes(), warnings=tuple(self.warnings))

    def _bytes(self) -> bytes:
        """The saved workbook, packed again with fixed time stamps and our own properties."""
        out = io.BytesIO()
        self.book.save(out)
        producer = self.document.producer
        language = self.document.lang[0] if self.document.lang else None
        creator = f"{producer.name} {producer.version}".strip()
        with zipfile.ZipFile(out) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["docProps/core.xml"] = core_properties(title_of(self.document), language, creator)
        return zip_bytes(parts)

    def _caption(self, block: TableBlock) -> str:
        captions = (b for b in self.document.body if isinstance(b, TextBlock))
        return next((b.text for b in captions if block.caption and b.id == block.caption), "")

    def _text_rows(self, tables: Iterable[TableBlock]) -> list[tuple[object, ...]]:
        """(page, block, type, text) of all that stands in no table sheet, in reading order."""
        shown = {block.id for block in tables}
        rows: list[tuple[object, ...]] = []
        for block in self.document.body:
            if isinstance(block, ListBlock):
                rows += [
                    (item.page, item.id, "list item", f"{item.label} {item.text}".strip())
                    for item in block.items
                ]
            elif block.id not in shown and (text := raw_text(block)):
                rows.append((block.page, block.id, block.type, text))
        rows += [(f.page, f.id, f.type.replace("_", " "), f.text) for f in self.document.furniture]
        rows += [(p.n, "", "page not read", p.failure) for p in self.document.pages if p.failure]
        return rows

    def _rows(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """One sheet of plain rows under a header, or several where they are too many for one."""
        room = MOST_ROWS - 1
        for n, first in enumerate(range(0, max(len(rows), 1), room)):
            sheet = self.book.create_sheet(name if n == 0 else f"{name} {n + 1}")
            for c, title in enumerate(columns, start=1):
                self._put_text(_cell(sheet, 1, c), title).font = _BOLD
            for r, row in enumerate(rows[first : first + room], start=2):
                for c, value in enumerate(row, start=1):
                    cell = _cell(sheet, r, c)
                    if isinstance(value, int | float):
                        cell.value = value
                    elif value:
                        self._put_text(cell, str(value))
                        cell.alignment = Alignment(vertical="top", wrap_text=c == len(row))
            sheet.freeze_panes = "A2"
            for c in range(1, len(columns) + 1):
                texts = [columns[c - 1], *(str(row[c - 1]) for row in rows[:1000])]
                _set_width(sheet, c, max(map(_longest, texts), default=0))

    def _table(self, block: TableBlock, name: str) -> None:
        head = header_rows(block)
        values = _typed(block, head, self.document.lang)
        parts = range(0, max(block.cols, 1), MOST_COLUMNS)
        for n, first in enumerate(parts):
            sheet = self.book.create_sheet(name if n == 0 else f"{name} ({n + 1})")
            last = min(first + MOST_COLUMNS, block.cols)
            widths = [0] * (last - first)
            merged = False
            for cell in block.cells:
                if not first <= cell.col < last or cell.row >= MOST_ROWS:
                    continue
                self._table_cell(sheet, cell, first, values.get((cell.row, cell.col)), block, head)
                wide = min(cell.colspan, last - cell.col)
                if cell.rowspan > 1 or wide > 1:
                    merged = True
                    sheet.merge_cells(
                        start_row=cell.row + 1,
                        end_row=cell.row + cell.rowspan,
                        start_column=cell.col - first + 1,
                        end_column=cell.col - first + wide,
                    )
                else:
                    at = cell.col - first
                    widths[at] = max(widths[at], _longest(cell.text))
            for c, longest in enumerate(widths, start=1):
                _set_width(sheet, c, longest)
            if 0 < head < block.rows:
                sheet.freeze_panes = f"A{head + 1}"
                if head == 1 and not merged:
                    corner = f"{get_column_letter(last - first)}{block.rows}"
                    sheet.auto_filter.ref = f"A1:{corner}"

    def _table_cell(
        self,
        sheet: Worksheet,
        source: TableCell,
        first: int,
        value: Value | None,
        block: TableBlock,
        head: int,
    ) -> None:
        cell = _cell(sheet, source.row + 1, source.col - first + 1)
        header = source.header or source.row < head
        if value is not None:
            cell.value = value.value
            cell.number_format = value.number_format
        elif source.text:
            self._put_text(cell, source.text)
        if header or source.bold:
            cell.font = _BOLD
        long = "\n" in source.text or _longest(source.text) > WIDEST
        align: Any = source.align if source.align in ("left", "right", "center") else None
        cell.alignment = Alignment(
            horizontal=align if value is None else None,
            vertical="center" if header or source.rowspan > 1 else "top",
            wrap_text=long or header,
        )
        self._draw_rules(sheet, source, first, block, head)

    def _draw_rules(
        self, sheet: Worksheet, source: TableCell, first: int, block: TableBlock, head: int
    ) -> None:
        """Borders on every place of a cell; a merged range shows those of its own places."""
        if block.rules == "none":
            return
        for row in range(source.row, min(source.row + source.rowspan, MOST_ROWS)):
            border = _border(block, row, head)
            for col in range(source.col, min(source.col + source.colspan, first + MOST_COLUMNS)):
                _cell(sheet, row + 1, col - first + 1).border = border

    def _put_text(self, cell: Cell, text: str) -> Cell:
        """Write `text` so that no program takes it for a formula, an error value or an escape."""
        text = _ESCAPE.sub("_x005F_", text)
        units = text.encode("utf-16-le")
        if len(units) > 2 * MOST_CHARACTERS:
            kept = units[: 2 * (MOST_CHARACTERS - len(CUT_MARK))].decode("utf-16-le", "ignore")
            text = kept + CUT_MARK
            self.warnings.append(
                Warning("W_TEXT_CUT", f"a text is cut at {MOST_CHARACTERS} characters", "loss")
            )
        cell.value = text
        cell.data_type = "s"
        if text.startswith(_REVIVED):
            cell.quotePrefix = True
        return cell


def _typed(block: TableBlock, head: int, lang: Sequence[str]) -> dict[tuple[int, int], Value]:
    """The typed values of a table by (row, column)."""
    body: dict[int, list[TableCell]] = {}
    titles: dict[int, str] = {}
    for cell in block.cells:
        if cell.header or cell.row < head:
            titles.update(dict.fromkeys(range(cell.col, cell.col + cell.colspan), cell.text))
        elif cell.colspan == 1:
            body.setdefault(cell.col, []).append(cell)
    mark = decimal_mark(cell.text for cells in body.values() for cell in cells)
    found: dict[tuple[int, int], Value] = {}
    for col, cells in body.items():
        values = column_values(
            [cell.text for cell in cells], header=titles.get(col, ""), lang=lang, mark=mark
        )
        for cell, value in zip(cells, values, strict=True):
            if value is not None:
                found[cell.row, cell.col] = value
    return found


def _border(block: TableBlock, row: int, head: int) -> Border:
    first, last = row == 0, row == block.rows - 1
    if block.rules == "grid":
        return Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
    if block.rules == "horizontal":
        return Border(top=_THIN, bottom=_THIN)
    below = _MEDIUM if last else _THIN if row == head - 1 else None
    return Border(top=_MEDIUM if first else None, bottom=below)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell: Any = sheet.cell(row, column)
    return cell


def _longest(text: str) -> int:
    return max(map(width, text[:2000].split("\n")), default=0)


def _set_width(sheet: Worksheet, column: int, longest: int) -> None:
    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = min(max(longest + 2, NARROWEST), WIDEST)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | str) or value is None else str(value)
