"""The rows of the table of goods and services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from kie.candidates import Conventions, ReadPage
from kie.folding import squeeze
from kie.key_names import HEADS
from kie.ordering import rows_of
from kie.schema import BY_NAME, LINE_PREFIX
from kie.types import FieldValue, LineItem, Value
from kie.values.amounts import find_amounts
from structure.core.geometry import Box

MIN_HEADS = 3
"""Names of columns that make a row the head of the table."""

_NUMBERS = ("quantity", "unit_price", "tax_rate", "amount")
_TOTALS = frozenset(
    "total_net total_gross total_tax amount_due prepaid discount shipping charge".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    box: Box


def find_items(pages: Sequence[ReadPage], conventions: Conventions) -> list[LineItem]:
    """Line items in reading order; the table may run over several pages."""
    items: list[LineItem] = []
    columns: list[_Column] = []
    for page in pages:
        rows = rows_of([line.box.as_tuple() for line in page.page.lines])
        found = _head(page, rows)
        if found is not None:
            start, columns = found
        elif columns and items:
            start = 0
        else:
            continue
        items += _rows(page, rows[start:], columns, conventions)
    return _alike([_corrected(item) for item in items])


def _corrected(item: LineItem) -> LineItem:
    """With the amount where it belongs: no tax rate is above 100 %."""
    rate = item.get("tax_rate")
    if rate is None or not isinstance(rate.value, Decimal) or rate.value <= 100:
        return item
    rest = {name: cell for name, cell in item.items() if name != "tax_rate"}
    return {"amount": replace(rate, name="line_amount"), **rest}


def _alike(items: Sequence[LineItem]) -> list[LineItem]:
    """Without rows that lack what most rows have: they explain the row above, or follow the table.

    The row above keeps its own cells; what such a row says is not an item.
    """
    kept = list(items)
    for name in ("amount", "unit_price", "position", "quantity"):
        having = [item for item in kept if name in item]
        if 0.6 * len(kept) <= len(having) < len(kept):
            kept = having
    return kept


@cache
def _heads() -> dict[str, str]:
    return {
        squeeze(phrase): name
        for name, phrases in HEADS.items()
        for phrase in phrases.replace("\n", "|").split("|")
        if squeeze(phrase)
    }


def _head(page: ReadPage, rows: Sequence[Sequence[int]]) -> tuple[int, list[_Column]] | None:
    """Index of the first row under the head, and the columns; heads may have two rows."""
    best: tuple[int, list[_Column]] | None = None
    for at, row in enumerate(rows):
        columns = _columns(page, row)
        after = at + 1
        if len(columns) >= 2 and after < len(rows):
            more = [
                c for c in _columns(page, rows[after]) if c.name not in {x.name for x in columns}
            ]
            if more and len(more) >= len(rows[after]) / 2:
                columns += more
                after += 1
        names = {column.name for column in columns}
        enough = len(names) >= MIN_HEADS and names & {"description", "article_number", "position"}
        if (
            enough
            and names & {"amount", "unit_price"}
            and (best is None or len(names) > len({c.name for c in best[1]}))
        ):
            best = (after, columns)
    return best


def _columns(page: ReadPage, row: Sequence[int]) -> list[_Column]:
    """Names of columns in a row of lines, each once."""
    known = _heads()
    found: dict[str, _Column] = {}
    for line in row:
        words = page.words_of[line]
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + 4), at, -1):
                text = squeeze("".join(page.page.words[w].text for w in words[at:end]))
                name = known.get(text)
                if name is not None:
                    found.setdefault(name, _Column(name, page.box_of(words[at:end])))
                    at = end - 1
                    break
            at += 1
    return list(found.values())


def _rows(
    page: ReadPage,
    rows: Sequence[Sequence[int]],
    columns: Sequence[_Column],
    conventions: Conventions,
) -> Iterator[LineItem]:
    """A row with an amount begins an item; rows without one go on with its description."""
    totals = _lines_of_totals(page)
    cells: dict[str, list[int]] = {}
    last: float | None = None
    needed = [c.name for c in columns if c.name in ("amount", "unit_price")]
    for row in rows:
        if any(line in totals for line in row):
            break
        split = _split(page, row, columns)
        bottom = max(page.page.lines[line].box.y1 for line in row)
        top = min(page.page.lines[line].box.y0 for line in row)
        starts = any(_number(page, split.get(name, []), conventions) is not None for name in needed)
        starts = starts and any(
            name in split for name in ("description", "article_number", "position")
        )
        if starts:
            if cells:
                yield _item(page, cells, conventions)
            cells = split
        elif cells and last is not None and top - last < 1.5 * page.line_height:
            text = split.get("description")
            if text and set(split) <= {"description", "article_number", "position"}:
                cells.setdefault("description", []).extend(text)
        elif cells and last is not None and top - last > 6 * page.line_height:
            break
        last = bottom
    if cells:
        yield _item(page, cells, conventions)


def _lines_of_totals(page: ReadPage) -> set[int]:
    """Lines that begin with the name of a total."""
    found = set()
    for key in page.keys:
        line = page.page.words[key.start].line_id
        strong = any(name in _TOTALS and value == 1.0 for name, value in key.names.items())
        if strong and key.start == page.words_of[line][0]:
            box = page.page.lines[line].box
            # The head of the table has such names too, but no amount in its row.
            if any(
                amount.is_money
                for other, amounts in enumerate(page.amounts)
                if page.page.lines[other].box.overlap_y(box) > 0.5 * box.height
                for amount in amounts
            ):
                found.add(line)
    return found


def _split(page: ReadPage, row: Sequence[int], columns: Sequence[_Column]) -> dict[str, list[int]]:
    """Words of a row by column: the one that they lie under, or are nearest to."""
    found: dict[str, list[int]] = {}
    ordered = sorted(columns, key=lambda c: c.box.x0)
    for line in row:
        for word in page.words_of[line]:
            place = page.page.place(word)
            nearest = min(ordered, key=lambda c: _distance(place, c))
            found.setdefault(nearest.name, []).append(word)
    return found


def _distance(place: Box, column: _Column) -> float:
    box = column.box
    if column.name in _NUMBERS:
        return min(abs(place.x1 - box.x1), abs(place.center[0] - box.center[0])) * 0.9
    gap = max(box.x0 - place.x1, place.x0 - box.x1, 0.0)
    # A description is as wide as the room to its right.
    return gap * (0.6 if column.name == "description" and place.x0 >= box.x0 else 1.0) + (
        0.1 * abs(place.x0 - box.x0) if column.name != "description" else 0.0
    )


def _number(page: ReadPage, words: Sequence[int], conventions: Conventions) -> Decimal | None:
    for word in words:
        for amount in find_amounts(page.page.words[word].text):
            value = amount.value(conventions.mark)
            if value is not None:
                return value
    return None


def _item(page: ReadPage, cells: Mapping[str, Sequence[int]], conventions: Conventions) -> LineItem:
    found = {}
    for name, words in cells.items():
        if f"{LINE_PREFIX}{name}" not in BY_NAME or not words:
            continue
        raw = " ".join(page.page.words[w].text for w in words)
        value: Value | None = raw
        currency = None
        if name in _NUMBERS:
            value = _number(page, words, conventions)
            currency = conventions.currency if name in ("unit_price", "amount") else None
        if value is None:
            continue
        boxes = tuple(page.page.place(w) for w in words)
        found[name] = FieldValue(
            f"{LINE_PREFIX}{name}", raw, value, currency, 0.7, False, page.page.number, boxes
        )
    if "quantity" in found and "unit" not in found:
        words = cells["quantity"]
        units = [w for w in words if page.page.words[w].text.strip(".").isalpha()]
        if units:
            raw = " ".join(page.page.words[w].text for w in units)
            boxes = tuple(page.page.place(w) for w in units)
            found["unit"] = FieldValue(
                "line_unit", raw, raw, None, 0.6, False, page.page.number, boxes
            )
    return found
