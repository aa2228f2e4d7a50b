"""The models that a page meets, loaded once and shared by all pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from layout import LayoutDetector
from structure.core.analysis import Region, TextLine
from structure.core.errors import ConfigError, public
from structure.core.images import RGBImage
from structure.ocr import ReadText, default_reader
from structure.orientation import OrientationClassifier
from structure.transcription import FindTurn
from table import Recognition, TableRecognizer


class FindRegions(Protocol):
    """What stands where on each page."""

    def __call__(self, pages: Sequence[RGBImage]) -> list[list[Region]]:
        """Regions in pixels of the page, best first."""
        ...


class ReadTables(Protocol):
    """Tables from their pictures and the text lines in them, both in pixels of the picture."""

    def __call__(
        self, crops: Sequence[RGBImage], lines: Sequence[Sequence[TextLine]] | None = None
    ) -> list[Recognition]:
        """One recognition per crop."""
        ...


@dataclass(frozen=True, slots=True)
class Models:
    """Four callables; each may be replaced by one of the caller's own.

    Attributes:
        names: What is used for what, as it is written into documents.
    """

    turn: FindTurn
    read: ReadText
    regions: FindRegions
    tables: ReadTables
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class WeightFiles:
    """Weight files of the user's own; None for those that are installed."""

    layout: Path | None = None
    table: Path | None = None


@public
def load_models(
    *, device: str = "cpu", threads: int = 1, weights: WeightFiles | None = None
) -> Models:
    """Load what is installed, or what the user brings.

    Args:
        device: "cpu" or a torch device such as "cuda" for our own networks; text is always read on
            the CPU.
        threads: CPU threads of one call.
        weights: Files to use instead of the installed ones.

    Raises:
        ConfigError: `threads` is less than 1.
        ModelError: weights are missing, refused or wrong, or the device is not there.
    """
    if threads < 1:
        raise ConfigError(f"{threads} threads cannot work", hint="use 1 or more")
    weights = weights or WeightFiles()
    names = {"ocr": "PP-OCRv6 small (rapidocr)", "orientation": "PP-LCNet x1.0"}
    if weights.layout is None:
        regions = LayoutDetector.from_pretrained(device=device, threads=threads)
        names["layout"] = "PicoDet LCNet x1.0, CDLA"
    else:
        regions = LayoutDetector.from_file(weights.layout, device=device)
        names["layout"] = weights.layout.name
    if weights.table is None:
        tables = TableRecognizer.from_pretrained(device=device, threads=threads)
        names["table"] = "SLANet-plus"
    else:
        tables = TableRecognizer.from_file(weights.table, device=device)
        names["table"] = weights.table.name
    return Models(
        turn=OrientationClassifier.from_pretrained(device=device, threads=threads),
        read=default_reader(threads=threads),
        regions=regions,
        tables=tables,
        names=names,
    )
