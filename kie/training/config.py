"""Settings of a training run, by name or from a JSON file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kie.network.config import SIZES, KieConfig
from kie.schema import FIELDS, PAGE_TYPES
from structure.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What a run depends on, besides the code.

    Attributes:
        size: Name in `kie.network.config.SIZES`.
        pages: Of a batch.
        learning_rate: Highest.
        warm_up: Share of the run in which it rises.
        weight_decay: Of AdamW.
        clip: Longest gradient.
        workers: Processes that make pages.
        seed: Of pages, weights and noise.
        mutual_from: Share of the run after which a second network learns along (U-DML); 1 for
            never.
        held_out: Pairs of family and locale whose pages are never trained on.
    """

    size: str = "mini"
    pages: int = 8
    learning_rate: float = 1e-3
    warm_up: float = 0.02
    weight_decay: float = 0.01
    clip: float = 1.0
    workers: int = 1
    seed: int = 1
    mutual_from: float = 1.0
    held_out: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            raise ConfigError(f"there is no network {self.size!r}", hint=f"take one of {[*SIZES]}")

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TrainingConfig:
        """The reverse of `to_dict`; what is absent keeps its default.

        Raises:
            ConfigError: a setting is unknown.
        """
        try:
            pairs = tuple((family, locale) for family, locale in data.get("held_out", ()))
            return cls(**{**data, "held_out": pairs})
        except (TypeError, ValueError) as error:
            raise ConfigError(f"not the settings of a training run ({error})") from error

    def network(self, pieces: int) -> KieConfig:
        """The network to train from scratch.

        Args:
            pieces: Size of the vocabulary.
        """
        return KieConfig(
            replace(SIZES[self.size], vocab_size=pieces),
            tuple(field.name for field in FIELDS),
            PAGE_TYPES,
        )


_HELD_OUT = (
    ("letter", "nl-NL"),
    ("letter", "de-AT"),
    ("einvoice", "fr-FR"),
    ("sheet", "en-AU"),
    ("receipt", "it-IT"),
    ("form", "pt-PT"),
    ("utility", "pl-PL"),
)

NAMED = {
    "kie-mini": TrainingConfig(held_out=_HELD_OUT),
    "kie-small": TrainingConfig(
        size="small", pages=256, workers=14, mutual_from=0.8, held_out=_HELD_OUT
    ),
}
"""For a CPU, and for a GPU with a core per worker."""


def read_config(name: str) -> TrainingConfig:
    """A named run, or the settings in a JSON file.

    Raises:
        ConfigError: neither.
    """
    if name in NAMED:
        return NAMED[name]
    try:
        data = json.loads(Path(name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no settings could be read from {name}", hint=f"name a file, or one of {[*NAMED]}"
        ) from error
    if not isinstance(data, dict):
        raise ConfigError(f"no settings could be read from {name}")
    return TrainingConfig.from_dict(data)
