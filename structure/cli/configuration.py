"""Options from a file: TOML or JSON, one entry for each option, under its name."""

from __future__ import annotations

import json
import math
import re
import tomllib
from pathlib import Path

from structure.core.errors import ConfigError

_MAX_BYTES = 1_000_000
_NAME = re.compile("[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_NOT_HERE = frozenset({"config", "help", "version", "debug"})


def configured(path: Path) -> list[str]:
    """The options in a file, as arguments of a command.

    An entry is a text, a number of at least 0, true for an option without a value (false leaves it
    out), or a list of these for one that may be repeated.

    Raises:
        ConfigError: it cannot be read, or holds anything else.
    """
    found = _read(path)
    arguments: list[str] = []
    for name, value in found.items():
        option = name.replace("_", "-")
        if not _NAME.fullmatch(name) or option in _NOT_HERE:
            raise _refused(path, f"{name!r} is no option")
        for one in value if isinstance(value, list) else [value]:
            arguments += _argument(path, option, one)
    return arguments


def _read(path: Path) -> dict[str, object]:
    try:
        # A device may have no end.
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(path, f"the configuration cannot be read ({reason})") from error
    if len(data) > _MAX_BYTES:
        raise _refused(path, "the configuration is too long")
    try:
        text = data.decode()
        found = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
        raise _refused(path, f"the configuration is no {kind} ({error})") from error
    if not isinstance(found, dict):
        raise _refused(path, "the configuration is no table of options")
    return found


def _argument(path: Path, option: str, value: object) -> list[str]:
    if isinstance(value, bool):
        return [f"--{option}"] if value else []
    if isinstance(value, int | float):
        if not (math.isfinite(value) and value >= 0):
            raise _refused(path, f"{option} cannot be {value}")
        return [f"--{option}={value}"]
    if isinstance(value, str):
        return [f"--{option}={value}"]
    raise _refused(path, f"{option} has a value that is no text, number, truth or list of these")


def _refused(path: Path, what: str) -> ConfigError:
    return ConfigError(what, hint="see --help for the options", path=path)
