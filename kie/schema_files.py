"""Schemas that users write down: a TOML or JSON file of fields."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from structure.core.errors import ConfigError

TYPES: dict[str, type] = {
    "text": str,
    "id": str,
    "amount": Decimal,
    "number": Decimal,
    "date": date,
}
"""What a field may be, by the word in the file."""

MAX_BYTES = 1_000_000
MAX_FIELDS = 200


def read_schema(path: Path) -> dict[str, tuple[Any, ...]]:
    """A schema for `extract_fields`.

    The file maps names to a type ("text", "id", "amount", "number", "date"), or to a table with
    `type` and `names`, a list of what the field is called on the page:

        [contract_number]
        type = "id"
        names = ["contract no.", "order number"]

    Raises:
        ConfigError: it cannot be read, or says something else.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError("is too large for a schema", path=path)
        text = path.read_text("utf-8")
        data = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError("the schema cannot be read", path=path, hint="check it") from error
    except ValueError as error:
        raise ConfigError(f"is no schema ({error})", path=path, hint="use TOML or JSON") from error
    if not isinstance(data, dict) or not data or len(data) > MAX_FIELDS:
        raise ConfigError(f"a schema names 1 to {MAX_FIELDS} fields", path=path)
    return {name: _field(name, wanted, path) for name, wanted in data.items()}


def _field(name: str, wanted: Any, path: Path) -> tuple[Any, ...]:
    table = {"type": wanted} if isinstance(wanted, str) else wanted
    if not isinstance(table, dict) or table.keys() - {"type", "names"}:
        raise ConfigError(f"{name}: only type and names are known", path=path)
    kind, names = table.get("type", "text"), table.get("names", [])
    if kind not in TYPES:
        raise ConfigError(
            f"{name}: {kind!r} is no type", path=path, hint=f"use one of {' '.join(TYPES)}"
        )
    if not isinstance(names, list) or not all(isinstance(n, str) and n.strip() for n in names):
        raise ConfigError(f"{name}: names is no list of texts", path=path)
    # "id" tells that the value is one word with digits; the name says so in `kie.custom`.
    more = (f"{name.replace('_', ' ')} number",) if kind == "id" else ()
    return (TYPES[kind], *names, *more)
