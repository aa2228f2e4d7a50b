"""One table of the fields of all documents, from what lies beside their outputs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.util import find_spec
from typing import Any

from kie import FieldValue, KieResult, Pair
from kie.schema import FIELDS
from kie.sheets import Named, documents_of, to_csv, to_xlsx
from structure.batch.ledger import Ledger, State
from structure.batch.places import Place
from structure.core.geometry import Box
from structure.isolation.fields import SUFFIX

NAME = "fields"
MOST_ROWS = 1_000_000
"""Of a sheet; of more fields than that no workbook is made."""

_KINDS = {field.name: field.kind for field in FIELDS}
_NUMBERS = ("amount", "number", "percent")


def write_tables(ledger: Ledger, place: Place) -> list[str]:
    """Write `fields.csv`, `fields.xlsx` and, where pyarrow is installed, `fields.parquet`.

    Args:
        ledger: Says which documents there are; those that the last run met.
        place: Where their outputs lie; the tables come to its root.

    Returns:
        The names of the files.

    Raises:
        OutputError: one cannot be written.
    """
    results = list(_results(ledger, place))
    makers: dict[str, Callable[[list[Named]], bytes]] = {f"{NAME}.csv": to_csv}
    if sum(len(named.result.fields) for named in documents_of(results)) < MOST_ROWS:
        makers[f"{NAME}.xlsx"] = to_xlsx
    if find_spec("pyarrow") is not None:
        makers[f"{NAME}.parquet"] = to_parquet
    for name, make in makers.items():
        path, data = name.encode(), make(results)
        if place.look(path) is None or place.read(path) != data:
            place.write(path, data)
    return list(makers)


def _results(ledger: Ledger, place: Place) -> Iterator[Named]:
    for job in ledger.jobs((State.DONE, State.PARTIAL)):
        for output in job.outputs:
            if output.suffix == SUFFIX and output.source == job.sha256:
                data = place.read(output.name.encode())
                yield Named(job.path.decode("utf-8", "replace"), from_dict(json.loads(data)))


def from_dict(data: Mapping[str, Any], kinds: Mapping[str, str] = _KINDS) -> KieResult:
    """A result from what `kie.serializing.to_dict` made of it; warnings and boxes apart.

    Args:
        data: The plain data.
        kinds: Of its fields, where they are not ours; other fields are text.
    """
    kinds = {**_KINDS, **kinds}
    return KieResult(
        schema=data["schema"],
        fields={name: _field(name, value, kinds) for name, value in data["fields"].items()},
        line_items=tuple(
            {name: _field(f"line_{name}", cell, kinds) for name, cell in item.items()}
            for item in data["line_items"]
        ),
        pairs=tuple(
            Pair(p["key"], p["value"], p["score"], p["page"], Box(*p["key_box"]))
            for p in data["pairs"]
        ),
        pages=tuple(data["pages"]),
        parts=tuple(from_dict(part, kinds) for part in data.get("parts", ())),
    )


def _field(name: str, data: Mapping[str, Any], kinds: Mapping[str, str]) -> FieldValue:
    return FieldValue(
        name,
        data["raw"],
        _value(kinds.get(name, "text"), data["value"]),
        data.get("currency"),
        data.get("score", 1.0),
        data.get("accepted", True),
        data.get("page"),
        source=data.get("source", "rule"),
    )


def _value(kind: str, text: str | None) -> str | Decimal | date | None:
    if text is None:
        return None
    try:
        if kind in _NUMBERS:
            return Decimal(text)
        return date.fromisoformat(text) if kind == "date" else text
    except (InvalidOperation, ValueError):
        return text


def to_parquet(results: list[Named]) -> bytes:
    """A row per document; amounts as decimals, dates as dates, the rest as text."""
    import pyarrow as pa
    from pyarrow import parquet

    documents = documents_of(results)
    columns: dict[str, Any] = {
        "file": pa.array([document.name for document in documents], pa.string())
    }
    for field in FIELDS:
        values = [document.result.fields.get(field.name) for document in documents]
        if any(values):
            columns[field.name] = pa.array(
                [None if value is None else _typed(field.kind, value) for value in values],
                _column_type(field.kind),
            )
    columns["needs_review"] = pa.array(
        [
            " ".join(n for n, value in document.result.fields.items() if not value.accepted)
            for document in documents
        ],
        pa.string(),
    )
    data = io.BytesIO()
    parquet.write_table(pa.table(columns), data)
    return data.getvalue()


def _column_type(kind: str) -> Any:
    import pyarrow as pa

    if kind in _NUMBERS:
        return pa.decimal128(38, 6)
    return pa.date32() if kind == "date" else pa.string()


def _typed(kind: str, field: FieldValue) -> str | Decimal | date | None:
    """The value as its column wants it; what is of another type is left out, not bent."""
    wanted = Decimal if kind in _NUMBERS else date if kind == "date" else str
    if not isinstance(field.value, wanted):
        return None
    if isinstance(field.value, Decimal):
        return round(field.value, 6) if abs(field.value) < 10**30 else None
    return field.value
