"""One page through reading: upright, with its text lines, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from structure.core.analysis import Notice, TextLine
from structure.core.geometry import Affine
from structure.core.images import PageImage, RGBImage
from structure.ocr import ReadText, default_reader
from structure.orientation import OrientationClassifier
from structure.transcription.pages import FindTurn, TextSource, Turn, read_text, set_upright


@dataclass(frozen=True, slots=True)
class Readers:
    """What it takes to read text; each may be replaced by a function of the caller's own."""

    turn: FindTurn
    read: ReadText


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text of one upright page.

    Attributes:
        number: 1-based page number in its file.
        width: Pixels of the upright page.
        height: Likewise.
        lines: In pixels of the upright page.
        pixels: (H, W, 3) uint8 RGB of the upright page; None where they were let go.
        to_source: From pixels of the upright page to the source (see `PageImage.to_source`).
        failure: Why this page could not be read; then it has no lines.
    """

    number: int
    width: float
    height: float
    lines: tuple[TextLine, ...]
    source: TextSource = "none"
    dpi: float = 72.0
    turn: Turn = 0
    skew: float = 0.0
    to_source: Affine = field(default_factory=Affine)
    notices: tuple[Notice, ...] = ()
    pixels: RGBImage | None = None
    failure: str | None = None


def load_readers(*, device: str = "cpu", threads: int = 1) -> Readers:
    """Load what is installed.

    Args:
        device: "cpu" or a torch device, for the classifier of orientations; text is always read on
            the CPU.
        threads: CPU threads of one call.
    """
    return Readers(
        OrientationClassifier.from_pretrained(device=device, threads=threads),
        default_reader(threads=threads),
    )


def transcribe(page: PageImage, readers: Readers) -> Transcript:
    """Set a page upright and read its text."""
    straight = set_upright(page, readers.turn)
    lines, source, notices = read_text(straight, readers.read)
    height, width = straight.pixels.shape[:2]
    return Transcript(
        page.number,
        width,
        height,
        tuple(lines),
        source,
        page.dpi,
        straight.turn,
        straight.skew,
        straight.to_page.then(page.to_source),
        tuple(
            replace(notice, page=page.number)
            for notice in (*page.notices, *straight.notices, *notices)
        ),
        straight.pixels,
    )
