"""Orientation: pages that lie on a side, stand on their head or lean come out straight.

    python -m benchmarks.accuracy.turns

First part: pages with a known turn or lean, whose angles are compared. Second part: the examples,
turned to all four sides (pictures by their pixels, PDFs by their /Rotate entry; digital PDFs once
more as pictures), whose text has to be that of the upright page.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from PIL import Image
from rapidfuzz import fuzz

from benchmarks.accuracy.contents import body_text, loose_text
from benchmarks.accuracy.drawn_pages import DPI, draw
from benchmarks.report import DATA, manifest, print_table, released_weights, write_report
from structure import Models, analyze, load_models
from structure.core.analysis import PageAnalysis
from structure.core.images import PageFailure, PageImage

ALIKE = 0.99
MAX_LEAN = 0.5
"""Degrees; the references were checked to within this much."""

PAGES = "1-3"
TURNED_ALREADY = ("rotated-scan",)
DIGITAL = ("digital-invoice", "two-column-page", "tables", "chinese-article")


def angles(models: Models) -> list[dict[str, Any]]:
    """Every page of a known angle with what was found."""
    rows: list[dict[str, Any]] = []
    for entry in manifest("orientation"):
        found: list[PageAnalysis] = []

        def keep(
            page: PageImage | PageFailure,
            analysis: PageAnalysis,
            total: int,
            into: list[PageAnalysis] = found,
        ) -> None:
            into.append(analysis)

        analyze(DATA / "orientation" / entry["file"], models=models, on_page=keep)
        turns = entry.get("clockwise_deg_per_page", [entry.get("clockwise_deg", 0)] * len(found))
        lean = entry.get("expected_angle_deg")
        for page, turn in zip(found, turns, strict=True):
            # A page that leans to the left is set straight by turning it to the right.
            right = page.turn == turn and (lean is None or abs(-page.skew - lean) <= MAX_LEAN)
            rows.append(
                {
                    "page": f"{entry['id']}-{page.number}",
                    "expected_turn": turn,
                    "found_turn": page.turn,
                    "expected_lean": lean,
                    "found_lean": round(-page.skew, 2),
                    "right": right,
                }
            )
    return rows


def likeness(models: Models, folder: Path) -> list[dict[str, Any]]:
    """Every example turned to three sides, compared with the upright one."""
    rows = []
    for entry in manifest("examples"):
        if entry["id"] in TURNED_ALREADY:
            continue
        source = DATA / "examples" / entry["file"]
        rows += _compare(entry["id"], source, models, folder)
        if entry["id"] in DIGITAL:
            picture = folder / f"{source.stem}.png"
            Image.fromarray(draw(source, 1).pixels).save(picture, dpi=(DPI, DPI))
            rows += _compare(f"{entry['id']}, drawn", picture, models, folder)
    return rows


def _compare(name: str, source: Path, models: Models, folder: Path) -> list[dict[str, Any]]:
    upright, rows = "", []
    for degrees in (0, 90, 180, 270):
        found: list[int] = []

        def keep(
            page: PageImage | PageFailure,
            analysis: PageAnalysis,
            total: int,
            into: list[int] = found,
        ) -> None:
            into.append(analysis.turn)

        turned = _turned(source, degrees, folder)
        document = analyze(turned, pages=PAGES, models=models, on_page=keep)
        text = " ".join(f"{body_text(document)} {loose_text(document)}".split())
        if degrees == 0:
            upright = text
            first = found
            continue
        same = fuzz.ratio(upright, text) / 100
        right = found == [(turn + degrees) % 360 for turn in first]
        rows.append(
            {
                "page": name,
                "clockwise": degrees,
                "turns_found": found,
                "likeness": round(same, 4),
                "right": right and same >= ALIKE,
            }
        )
    return rows


def _turned(source: Path, clockwise: int, folder: Path) -> Path:
    target = folder / f"{source.stem}-{clockwise}{'.pdf' if source.suffix == '.pdf' else '.png'}"
    if source.suffix == ".pdf":
        with pikepdf.open(source) as pdf:
            for page in pdf.pages:
                page.rotate(clockwise, relative=True)
            pdf.save(target)
        return target
    with Image.open(source) as picture:
        dpi = picture.info.get("dpi")
        pixels = np.rot90(np.asarray(picture.convert("RGB")), -(clockwise // 90))
    options = {} if dpi is None else {"dpi": dpi}
    Image.fromarray(np.ascontiguousarray(pixels)).save(target, compress_level=1, **options)
    return target


def main() -> None:
    """Run, print and keep the figures."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    ).parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    models = load_models()
    known = angles(models)
    with tempfile.TemporaryDirectory() as folder:
        turned = likeness(models, Path(folder))
    print_table(tuple(known[0]), [tuple(row.values()) for row in known])
    print_table(tuple(turned[0]), [tuple(row.values()) for row in turned])
    totals = {
        "known_angles": {"pages": len(known), "right": sum(row["right"] for row in known)},
        "examples_turned": {
            "files": len(turned),
            "right": sum(row["right"] for row in turned),
            "lowest_likeness": min(row["likeness"] for row in turned),
        },
    }
    print(totals)
    command = {"command": "python -m benchmarks.accuracy.turns"}
    figures = {**command, **totals, "known": known, "turned": turned}
    print(write_report("turns", figures, released_weights()))


if __name__ == "__main__":
    main()
