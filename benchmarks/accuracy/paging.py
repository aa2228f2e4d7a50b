"""Pages: whether the docx of real documents has as many pages as they have.

    python -m benchmarks.accuracy.paging

The first two pages of each document go through the whole program, LibreOffice renders the docx, and
the pages of both are counted. The first documents of each set were looked at when constants were
chosen, the others were not.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2

from benchmarks.report import DATA, manifest, print_table, released_weights, write_report
from recovery import render
from recovery.score.rendering import to_pdf
from structure import Models, analyze, load_models

LOOKED_AT = {
    "form-fara": 20,
    "kie-fcc-deepform": 20,
    "kie-zugferd": 12,
    "docs-mixed": 16,
    "docs-olmocr-bench": 11,
    "layout-publaynet": 12,
    "layout-docbank": 15,
    "layout-docling-cvat": 4,
    "ocr-oldbooks": 8,
    "ocr-typewritten-fr": 10,
    "kie-kleister-nda": 6,
    "kie-invoice2data": 6,
}
"""How many documents of each set were looked at."""
MOST = 40
"""Documents of a set at most."""


@dataclass(frozen=True, slots=True)
class Count:
    """The pages of one document; `written` is None where it could not be rendered."""

    name: str
    looked_at: bool
    printed: int
    written: int | None


def files_of(name: str) -> list[Path]:
    """The documents of a set, each once, in the order of its manifest."""
    paths = (DATA / name / entry["file"] for entry in manifest(name) if entry.get("file"))
    return [path for path in dict.fromkeys(paths) if path.is_file()][:MOST]


def count(path: Path, models: Models, *, looked_at: bool) -> Count:
    """Convert a document, render it and count."""
    document = analyze(path, models=models, pages="1-2")
    pdf = to_pdf({"x.docx": render(document, ".docx").data}).get("x.docx")
    written = None
    if pdf is not None:
        with pypdfium2.PdfDocument(pdf) as rendered:
            written = len(rendered)
    return Count(path.stem, looked_at, len(document.pages), written)


def summary(counts: Iterable[Count]) -> dict[str, Any]:
    """How many have as many pages as printed, and how many pages they have too many."""
    known = [one for one in counts if one.written is not None]
    same = sum(one.written == one.printed for one in known)
    extra = sum(max(0, (one.written or 0) - one.printed) for one in known)
    return {
        "documents": len(known),
        "same": same,
        "share": round(same / len(known), 4) if known else None,
        "pages_too_many": extra,
    }


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--set", choices=LOOKED_AT, action="append", dest="sets", help="only these")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    models = load_models()
    found: dict[str, list[Count]] = {}
    for name in arguments.sets or LOOKED_AT:
        found[name] = []
        for n, path in enumerate(files_of(name)):
            one = count(path, models, looked_at=n < LOOKED_AT[name])
            found[name].append(one)
            if one.written != one.printed:
                print(f"{name} {one.name}: {one.printed} pages became {one.written}", flush=True)
    found["all"] = [one for counts in found.values() for one in counts]
    figures = {
        name: {
            "looked_at": summary(one for one in counts if one.looked_at),
            "not_looked_at": summary(one for one in counts if not one.looked_at),
        }
        for name, counts in found.items()
    }
    head = ("set", "documents", "same", "share", "pages_too_many")
    for part in ("looked_at", "not_looked_at"):
        print_table(
            (part.replace("_", " "), *head[1:]),
            [(name, *own[part].values()) for name, own in figures.items()],
        )
    if not arguments.sets:
        command = "python -m benchmarks.accuracy.paging"
        write_report("paging", {"command": command, "sets": figures}, released_weights())


if __name__ == "__main__":
    main()
