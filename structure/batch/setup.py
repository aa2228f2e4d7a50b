"""What a batch must know before it begins: are the folders possible, and what makes its outputs."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from structure.core.errors import ConfigError, InputError, OutputError
from structure.core.limits import Limits
from structure.isolation import ModelOptions, TaskOptions

_WITHOUT_EFFECT = ("password", "template", "visualize", "replace")
"""Options that outputs do not depend on, or not by their plain values."""


def check_folders(source: Path, target: Path) -> None:
    """Refuse folders that no batch can use, and make the one for outputs.

    Raises:
        InputError: there is no input folder.
        ConfigError: both are the same.
        OutputError: the output folder cannot be made.
    """
    if not source.is_dir():
        if os.path.lexists(source):
            raise InputError(
                "is not a folder", path=source, hint="use structure convert for single files"
            )
        raise InputError(
            "there is no such folder", path=source, hint="check the path", code="E_MISSING"
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror if not os.path.lexists(target) else "it is not a folder"
        raise OutputError(
            f"the output folder cannot be made ({reason})",
            hint="choose another one",
            path=target,
        ) from error
    if os.path.samestat(source.stat(), target.stat()):
        raise ConfigError(
            "is input and output folder at once", hint="choose another one with -o", path=target
        )


def configuration(task: TaskOptions, models: ModelOptions, limits: Limits) -> str:
    """A name for all that decides what is in an output, the input and its format apart.

    Options, the version of this program and the digests of all weights; of the limits those that
    change a page, while a higher limit of time or size leaves alone what is done.

    Raises:
        ConfigError: the template or a weight file cannot be read.
    """
    options = {name: v for name, v in asdict(task).items() if name not in _WITHOUT_EFFECT}
    facts = {
        "version": version("docstructure"),
        "options": options,
        "template": _digest(task.template),
        "limits": [limits.raster, limits.side, limits.boxes],
        "models": [*_released(), _digest(models.layout), _digest(models.table)],
        "fields": _released_for_fields() if task.fields is not None else [],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def _released() -> list[str]:
    # Imported here: a run that finds the folder locked has no use for them.
    import layout.weights
    import structure.orientation.weights
    import table.weights
    from structure.ocr.weights import INSTALLED

    ours = (
        *structure.orientation.weights.RELEASED.values(),
        *layout.weights.RELEASED.values(),
        *table.weights.RELEASED.values(),
    )
    return [weights.sha256 for weights in ours] + [str(row["origin"]) for row in INSTALLED]


def _released_for_fields() -> list[str]:
    # Documents alone do not depend on them.
    from kie.weights import RELEASED

    return [weights.sha256 for weights in RELEASED.values()]


def _digest(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"cannot be read ({reason})", path=path) from error
