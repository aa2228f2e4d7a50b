"""Pages of the sets for key information extraction, with their text lines kept between runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box
from structure.core.images import PageFailure
from structure.reading import open_source
from structure.transcription import Readers, Transcript, load_readers, transcribe

OcrChoice = Literal["auto", "always"]


def transcripts(
    path: Path, *, ocr: OcrChoice = "auto", keep: Path | None = None, pages: str | None = None
) -> list[Transcript]:
    """The text of the pages of a file, without their pixels.

    Args:
        path: PDF or picture.
        ocr: "always" reads the pixels also where a PDF has a text layer.
        keep: Folder in which the lines are kept for the next run; None keeps nothing.
        pages: Which pages; None for all.
    """
    key = sha256(f"{ocr} {pages} ".encode() + path.read_bytes()).hexdigest()[:20]
    kept = None if keep is None else keep / f"{key}.json"
    if kept is not None and kept.is_file():
        return [_from_json(entry) for entry in json.loads(kept.read_text("utf-8"))]
    found = list(_read(path, ocr, pages))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([_to_json(page) for page in found]), "utf-8")
    return found


def _read(path: Path, ocr: OcrChoice, pages: str | None) -> Iterator[Transcript]:
    with open_source(path, ocr=ocr, pages=pages) as source:
        for page in source:
            if not isinstance(page, PageFailure):
                yield transcribe(page, _readers())


@cache
def _readers() -> Readers:
    return load_readers()


def _to_json(page: Transcript) -> dict[str, Any]:
    return {
        "number": page.number,
        "size": [page.width, page.height],
        "source": page.source,
        "dpi": page.dpi,
        "lines": [
            [
                line.text,
                line.box.as_tuple(),
                line.score,
                line.angle,
                [[word.text, word.box.as_tuple(), word.score] for word in line.words],
            ]
            for line in page.lines
        ],
    }


def _from_json(entry: dict[str, Any]) -> Transcript:
    lines = tuple(
        TextLine(
            text,
            Box(*box),
            score,
            tuple(Word(word, Box(*place), sure) for word, place, sure in words),
            angle,
        )
        for text, box, score, angle, words in entry["lines"]
    )
    width, height = entry["size"]
    return Transcript(entry["number"], width, height, lines, entry["source"], entry["dpi"])
