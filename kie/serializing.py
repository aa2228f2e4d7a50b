"""Results as plain data: JSON with stable keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kie.types import FieldValue, KieResult, Pair, Value
from structure.core.geometry import Box
from structure.core.text import clean


def to_dict(result: KieResult) -> dict[str, Any]:
    """With decimals and dates as text, which loses nothing; boxes in pixels of their page."""
    found: dict[str, Any] = {
        "schema": result.schema,
        "pages": list(result.pages),
        "fields": {clean(name): field_dict(value) for name, value in result.fields.items()},
        "line_items": [_item(item) for item in result.line_items],
        "pairs": [_pair(pair) for pair in result.pairs],
        "warnings": [
            {"code": n.code, "message": clean(n.message), "page": n.page} for n in result.warnings
        ],
    }
    if result.parts:
        found["parts"] = [to_dict(part) for part in result.parts]
    return found


def to_json(result: KieResult) -> str:
    """Strict JSON with two spaces of indent."""
    return json.dumps(to_dict(result), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def field_dict(field: FieldValue) -> dict[str, Any]:
    """One field."""
    found: dict[str, Any] = {"value": plain(field.value), "raw": clean(field.raw)}
    if field.currency is not None:
        found["currency"] = field.currency
    return found | {
        "score": field.score,
        "accepted": field.accepted,
        "page": field.page,
        "boxes": [_box(box) for box in field.boxes],
        "source": field.source,
    }


def plain(value: Value | None) -> str | None:
    """A value as text: ISO 8601 dates, decimals with a point."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if value is None else clean(value)


def _item(item: Mapping[str, FieldValue]) -> dict[str, Any]:
    return {
        name: {"value": plain(cell.value), "raw": clean(cell.raw), "page": cell.page,
               "boxes": [_box(box) for box in cell.boxes]}
        for name, cell in item.items()
    }  # fmt: skip


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "key": clean(pair.key),
        "value": clean(pair.value),
        "score": pair.score,
        "page": pair.page,
        "key_box": _box(pair.key_box),
        "value_box": None if pair.value_box is None else _box(pair.value_box),
    }


def _box(box: Box) -> list[float]:
    return [round(value, 1) for value in box.as_tuple()]
