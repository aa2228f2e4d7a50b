"""Workbooks: a sheet for every table with typed values, and one for all other text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from recovery.direction import document_rtl, table_rtl
from recovery.writers.cleaning import cleaned
from recovery.writers.content import header_rows, raw_text, title_of
from recovery.writers.ooxml import core_properties, zip_bytes
from recovery.writers.rendered import Rendered
from recovery.writers.sheets import column_widths, joined_tables, row_lines, sheet_names
from recovery.writers.values import DecimalMark, Value, column_values, decimal_mark
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
UNSURE = 0.8  # a number that was read with less confidence is marked
LINE_HEIGHT, HIGHEST = 15.0, 409.0  # points
_PORTRAIT = 95  # characters across an upright sheet of paper
_WIDE_TABLE = 6  # columns from which the names of the rows stay in view
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_REVIVED = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_BOLD = Font(name="Calibri", size=11, bold=True)
_LINK = Font(name="Calibri", size=11, color="0563C1", underline="single")
_THIN, _MEDIUM = Side(style="thin"), Side(style="medium")
_DOUBT = PatternFill("solid", fgColor="FFF2CC")


def render_xlsx(document: Document) -> Rendered:
    """The document as a workbook; equal documents give equal bytes.

    Each table has a sheet, named after its caption or `P{page} T{n}`; one that goes on over pages
    is one sheet. From two tables on, `Index` in front lists and links them. All other text is in
    the sheet `Text` (page, block, type, text), facts in `Fields`. There are no formulas, macros or
    links to anything outside.
    """
    return _XlsxWriter(cleaned(document)).render()


class _XlsxWriter:
    """State of writing one workbook."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.rtl = document_rtl(document)
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])
        self.warnings: list[Warning] = []

    def render(self) -> Rendered:
        tables = [b for b in self.document.body if isinstance(b, TableBlock) and b.cells]
        captions = {b.id: b.text for b in self.document.body if isinstance(b, TextBlock)}
        sheets = joined_tables(tables, most=MOST_ROWS)
        names = sheet_names([(t.page, captions.get(t.caption or "", "")) for t in sheets])
        if len(sheets) > 1:
            self._index(names, sheets, captions)
        mark = decimal_mark(cell.text for table in sheets for cell in table.cells)
        for name, table in zip(names, sheets, strict=True):
            self._table(table, name, mark)
        text = self._text_rows(tables)
        if text or not tables:
            self._rows("Text", ("Page", "Block", "Type", "Text"), text)
        if self.document.fields:
            keys = list(dict.fromkeys(key for entry in self.document.fields for key in entry))
            rows = [[_plain(entry.get(key)) for key in keys] for entry in self.document.fields]
            self._rows("Fields", keys, rows)
        return Rendered(self._bytes(), warnings=tuple(self.warnings))

    def _index(
        self, names: Sequence[str], tables: Sequence[TableBlock], captions: dict[str, str]
    ) -> None:
        columns = ("Sheet", "Page", "Caption", "Rows", "Columns", "Confidence", "Review")
        rows = [
            (
                name,
                table.page,
                captions.get(table.caption or "", ""),
                table.rows,
                table.cols,
                None if table.conf is None else round(table.conf, 2),
                "check" if table.needs_review else "",
            )
            for name, table in zip(names, tables, strict=True)
        ]
        self._rows("Index", columns, rows)
        sheet = self.book.worksheets[0]
        for r, name in enumerate(names, start=2):
            cell = _cell(sheet, r, 1)
            location = "'" + name.replace("'", "''") + "'!A1"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, display=name)
            cell.font = _LINK

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
                    cell.alignment = Alignment(vertical="top")
                    if isinstance(value, int | float):
                        cell.value = value
                    elif value:
                        self._put_text(cell, str(value))
                        cell.alignment = Alignment(vertical="top", wrap_text=c == len(row))
            sheet.freeze_panes = "A2"
            _fit_paper(sheet)
            for c in range(1, len(columns) + 1):
                texts = [columns[c - 1], *(str(row[c - 1]) for row in rows[:1000])]
                _set_width(sheet, c, max(map(_longest, texts), default=0))

    def _table(self, block: TableBlock, name: str, mark: DecimalMark | None) -> None:
        head = header_rows(block)
        values = _typed(block, head, self.document.lang, mark)
        size = block.style.size or self.document.style.size
        widths = column_widths(block, set(values), size)
        lines = row_lines(block, widths)
        for n, first in enumerate(range(0, max(block.cols, 1), MOST_COLUMNS)):
            sheet = self.book.create_sheet(name if n == 0 else f"{name[:24]} ({n + 1})")
            sheet.sheet_view.rightToLeft = table_rtl(block, self.rtl) or None
            last = min(first + MOST_COLUMNS, block.cols)
            merged = False
            for cell in block.cells:
                if not first <= cell.col < last or cell.row >= MOST_ROWS:
                    continue
                room = sum(widths[cell.col : cell.col + cell.colspan])
                self._table_cell(sheet, cell, first, values.get((cell.row, cell.col)), head, room)
                self._draw_rules(sheet, cell, first, block, head)
                wide = min(cell.colspan, last - cell.col)
                if cell.rowspan > 1 or wide > 1:
                    merged = True
                    sheet.merge_cells(
                        start_row=cell.row + 1,
                        end_row=cell.row + cell.rowspan,
                        start_column=cell.col - first + 1,
                        end_column=cell.col - first + wide,
                    )
            for c in range(first, last):
                sheet.column_dimensions[get_column_letter(c - first + 1)].width = widths[c]
            for row, count in lines.items():
                if row < MOST_ROWS:
                    sheet.row_dimensions[row + 1].height = min(count * LINE_HEIGHT, HIGHEST)
            _set_up(sheet, block, head, names=n == 0 and _has_row_names(block, values, head))
            if head == 1 and not merged and block.rows > 1:
                sheet.auto_filter.ref = f"A1:{get_column_letter(last - first)}{block.rows}"

    def _table_cell(
        self,
        sheet: Worksheet,
        source: TableCell,
        first: int,
        value: Value | None,
        head: int,
        room: float,
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
        if source.fill is not None:
            cell.fill = PatternFill("solid", fgColor=source.fill)
        unsure = source.conf is not None and source.conf < UNSURE
        if unsure and any(char.isdigit() for char in source.text):
            cell.fill = _DOUBT
            cell.comment = Comment(f"Read with {source.conf:.0%} confidence", "structure")
        long = "\n" in source.text or _longest(source.text) > room
        align: Any = source.align if source.align in ("left", "right", "center") else None
        cell.alignment = Alignment(
            horizontal=align if value is None else None,
            vertical="center" if header or source.rowspan > 1 else "top",
            wrap_text=(long or header) if value is None else None,
        )

    def _draw_rules(
        self, sheet: Worksheet, source: TableCell, first: int, block: TableBlock, head: int
    ) -> None:
        """Borders on every place of a cell; a merged range shows those of its own places."""
        if source.borders is not None:
            for row in range(source.row, min(source.row + source.rowspan, MOST_ROWS)):
                for col in range(source.col, source.col + source.colspan):
                    if first <= col < first + MOST_COLUMNS:
                        place = _cell(sheet, row + 1, col - first + 1)
                        place.border = _drawn(source, row, col)
            return
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


def _typed(
    block: TableBlock, head: int, lang: Sequence[str], mark: DecimalMark | None
) -> dict[tuple[int, int], Value]:
    """The typed values of a table by (row, column); `mark` is that of the whole document."""
    body: dict[int, list[TableCell]] = {}
    titles: dict[int, str] = {}
    for cell in block.cells:
        if cell.header or cell.row < head:
            titles.update(dict.fromkeys(range(cell.col, cell.col + cell.colspan), cell.text))
        elif cell.colspan == 1:
            body.setdefault(cell.col, []).append(cell)
    mark = decimal_mark(cell.text for cells in body.values() for cell in cells) or mark
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


def _drawn(source: TableCell, row: int, col: int) -> Border:
    """The rules around one place of a cell, as they are drawn on the page."""
    sides = source.borders or ""
    edges = {
        "top": ("t", row == source.row),
        "bottom": ("b", row == source.row + source.rowspan - 1),
        "left": ("l", col == source.col),
        "right": ("r", col == source.col + source.colspan - 1),
    }
    drawn: dict[str, Any] = {
        name: _THIN for name, (letter, at) in edges.items() if at and letter in sides
    }
    return Border(**drawn)


def _has_row_names(block: TableBlock, values: dict[tuple[int, int], Value], head: int) -> bool:
    """Whether the first column of a wide table names the rows: texts before columns of numbers."""
    if block.cols < _WIDE_TABLE:
        return False
    first = [cell for cell in block.cells if cell.col == 0 and cell.row >= head]
    named = sum(bool(cell.text.strip()) and (cell.row, 0) not in values for cell in first)
    numbers = {col for _, col in values}
    return named >= 0.5 * len(first) and 2 * len(numbers) >= block.cols


def _set_up(sheet: Worksheet, block: TableBlock, head: int, *, names: bool) -> None:
    """Panes that stay in view, and a print-out as wide as the paper with its header on each page.

    Args:
        sheet: Of the table.
        block: The table.
        head: Number of header rows.
        names: Whether the first column names the rows.
    """
    rows = head if head < block.rows else 0
    if rows or names:
        sheet.freeze_panes = f"{'B' if names else 'A'}{rows + 1}"
    if rows:
        sheet.print_title_rows = f"1:{rows}"
    _fit_paper(sheet)
    wide = sum(dimension.width for dimension in sheet.column_dimensions.values())
    sheet.page_setup.orientation = "landscape" if wide > _PORTRAIT else "portrait"


def _fit_paper(sheet: Worksheet) -> None:
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell: Any = sheet.cell(row, column)
    return cell


def _longest(text: str) -> int:
    return max(map(width, text[:2000].split("\n")), default=0)


def _set_width(sheet: Worksheet, column: int, longest: int) -> None:
    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = min(max(longest + 3, NARROWEST), WIDEST)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | str) or value is None else str(value)
