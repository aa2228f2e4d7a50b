"""Results of several files as CSV (a row per document) and as a workbook."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kie.serializing import plain
from kie.types import FieldValue, KieResult
from structure.core.text import clean, csv_text

MOST_CHARACTERS = 32_000
"""In a cell; Excel refuses 32768."""

_FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_EPOCH = datetime(1980, 1, 1)
_UNSURE = PatternFill("solid", fgColor="FFF2CC")
_BOLD = Font(bold=True)


@dataclass(frozen=True, slots=True)
class Named:
    """A result and the name of the file that it comes from."""

    name: str
    result: KieResult


def documents_of(results: Sequence[Named]) -> list[Named]:
    """One entry per document: files that hold several are taken apart."""
    return [
        Named(named.name, part)
        for named in results
        for part in (named.result.parts or (named.result,))
    ]


def to_csv(results: Sequence[Named]) -> bytes:
    """UTF-8 with a byte order mark, as spreadsheets want it; fields not found are empty.

    The generic schema has a row per pair instead of a row per document.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    documents = documents_of(results)
    if documents and all(d.result.schema == "generic" for d in documents):
        writer.writerow(["file", "page", "key", "value", "score"])
        for document in documents:
            for pair in document.result.pairs:
                row = [document.name, str(pair.page), pair.key, pair.value,
                       "" if pair.score is None else str(pair.score)]  # fmt: skip
                writer.writerow([csv_text(cell) for cell in row])
        return text.getvalue().encode("utf-8-sig")
    names = _names(documents)
    writer.writerow(["file", "pages", *map(csv_text, names), "needs_review"])
    for document in documents:
        fields = document.result.fields
        values = [plain(fields[n].value) or "" if n in fields else "" for n in names]
        doubtful = " ".join(n for n in names if n in fields and not fields[n].accepted)
        row = [document.name, _pages(document.result), *values, doubtful]
        writer.writerow([csv_text(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(results: Sequence[Named]) -> bytes:
    """A workbook: Documents (a row each), Fields (a row per field), Line items, Pairs.

    Amounts and dates are typed; values that are not accepted are marked. There are no formulas.
    Equal results give equal bytes.
    """
    book = Workbook()
    documents = documents_of(results)
    first = book.active
    assert isinstance(first, Worksheet)
    _documents(first, documents)
    _fields(book.create_sheet("Fields"), documents)
    if any(d.result.line_items for d in documents):
        _items(book.create_sheet("Line items"), documents)
    if any(d.result.pairs for d in documents):
        _pairs(book.create_sheet("Pairs"), documents)
    for sheet in book.worksheets:
        sheet.freeze_panes = "A2"
        _widths(sheet)
    book.properties.creator = "structure"
    book.properties.created = book.properties.modified = _EPOCH
    data = io.BytesIO()
    book.save(data)
    return _stamped(data.getvalue())


def _names(documents: Sequence[Named]) -> list[str]:
    """Fields that any document has, in the order of their schema."""
    found: dict[str, None] = {}
    for document in documents:
        found.update(dict.fromkeys(document.result.fields))
    return list(found)


def _pages(result: KieResult) -> str:
    if not result.pages:
        return ""
    first, last = min(result.pages), max(result.pages)
    return str(first) if first == last else f"{first}-{last}"


def _documents(sheet: Worksheet, documents: Sequence[Named]) -> None:
    sheet.title = "Documents"
    names = _names(documents)
    _head(sheet, ["file", "pages", *names])
    for row, document in enumerate(documents, start=2):
        _put(sheet, row, 1, document.name)
        _put(sheet, row, 2, _pages(document.result))
        for column, name in enumerate(names, start=3):
            field = document.result.fields.get(name)
            if field is not None:
                _put_field(sheet, row, column, field)


def _fields(sheet: Worksheet, documents: Sequence[Named]) -> None:
    _head(sheet, ["file", "field", "value", "currency", "raw", "score", "accepted", "page",
                  "source"])  # fmt: skip
    row = 2
    for document in documents:
        for name, field in document.result.fields.items():
            _put(sheet, row, 1, document.name)
            _put(sheet, row, 2, name)
            _put_field(sheet, row, 3, field)
            _put(sheet, row, 4, field.currency)
            _put(sheet, row, 5, field.raw)
            _put(sheet, row, 6, field.score)
            _put(sheet, row, 7, "yes" if field.accepted else "no")
            _put(sheet, row, 8, field.page)
            _put(sheet, row, 9, field.source)
            row += 1


def _items(sheet: Worksheet, documents: Sequence[Named]) -> None:
    names: dict[str, None] = {}
    for document in documents:
        for item in document.result.line_items:
            names.update(dict.fromkeys(item))
    _head(sheet, ["file", "row", *names])
    row = 2
    for document in documents:
        for number, item in enumerate(document.result.line_items, start=1):
            _put(sheet, row, 1, document.name)
            _put(sheet, row, 2, number)
            for column, name in enumerate(names, start=3):
                if name in item:
                    _put_field(sheet, row, column, item[name], mark=False)
            row += 1


def _pairs(sheet: Worksheet, documents: Sequence[Named]) -> None:
    _head(sheet, ["file", "page", "key", "value", "score"])
    row = 2
    for document in documents:
        for pair in document.result.pairs:
            cells = (document.name, pair.page, pair.key, pair.value, pair.score)
            for column, value in enumerate(cells, start=1):
                _put(sheet, row, column, value)
            row += 1


def _head(sheet: Worksheet, names: Sequence[str]) -> None:
    for column, name in enumerate(names, start=1):
        _put(sheet, 1, column, name)
        sheet.cell(1, column).font = _BOLD


def _put_field(
    sheet: Worksheet, row: int, column: int, field: FieldValue, *, mark: bool = True
) -> None:
    value = field.value if field.value is not None else field.raw
    _put(sheet, row, column, value)
    cell = sheet.cell(row, column)
    if isinstance(value, Decimal):
        places = (
            -int(value.as_tuple().exponent) if isinstance(value.as_tuple().exponent, int) else 0
        )
        cell.number_format = "0" + ("." + "0" * min(places, 6) if places > 0 else "")
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if mark and not field.accepted:
        cell.fill = _UNSURE


def _put(
    sheet: Worksheet, row: int, column: int, value: str | int | float | Decimal | date | None
) -> None:
    """A cell; text stays text, whatever it begins with."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        text = clean(value)[:MOST_CHARACTERS]
        cell.value = text
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top", wrap_text="\n" in text or len(text) > 60)
        if text.startswith(_FORMULA):
            cell.quotePrefix = True
    else:
        cell.value = value


def _widths(sheet: Worksheet) -> None:
    for column in range(1, sheet.max_column + 1):
        lengths = [
            len(str(sheet.cell(row, column).value or "")) for row in range(1, sheet.max_row + 1)
        ]
        sheet.column_dimensions[get_column_letter(column)].width = min(max(lengths) + 2, 60)


def _stamped(data: bytes) -> bytes:
    """The same archive with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                # The library writes the time of saving over what it was told.
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content
                )
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, content)
    return out.getvalue()
