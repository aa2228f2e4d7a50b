"""Lost ink: how much of what is printed or written on scanned pages nothing in the result shows.

    python -m benchmarks.accuracy.ink

`lost` starts from what OCR read and cannot see what OCR overlooked. Here the scan itself is the
truth: of the ink of a page, how much lies in the box of a text line or of a picture. Drawn rules,
specks as low as a dash and what hangs together with the edge of the scan do not count as ink. Dirt,
bleed-through, punch holes and bars thicker than a rule do, so that a page may be kept whole and
still fall short of 1.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.report import DATA, half, manifest, print_table, released_weights, write_report
from structure import Models, analyze, load_models
from structure.core.analysis import PageAnalysis
from structure.core.geometry import Box
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.core.lines import with_room
from structure.orientation import deskew, upright

SETS = ("form-fara", "kie-fcc-deepform", "ocr-typewritten-fr", "docs-mixed")
PAGES = "1-2"
"""Of each file."""

DARK = 0.65
"""Ink is darker than this share of the paper around it."""

PAPER, RULE, SPECK = 1 / 30, 1 / 40, 1 / 250
"""Of the height of the page: the neighbourhood that shows the paper, the least length of a rule and
the greatest height of a speck."""

AROUND = 0.2
"""Room around a line for the feet and heads of its letters, in heights of it."""

WORST = 8


@dataclass(frozen=True, slots=True)
class Page:
    """The ink of one page, in pixels, and how much of it is shown."""

    place: str
    half: str
    ink: int
    shown: int

    @property
    def kept(self) -> float:
        """Share that is shown, 0 to 1."""
        return self.shown / self.ink if self.ink else 1.0


def ink_of(pixels: RGBImage) -> NDArray[np.bool_]:
    """(H, W) where a page (H, W, 3) has ink that counts."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    coarse = cv2.resize(
        grey, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA
    )
    reach = max(3, round(PAPER * height / 4))
    paper = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    ink = (grey < DARK * paper.astype(np.float32)).astype(np.uint8)
    long = max(3, round(RULE * height))
    for shape in ((1, long), (long, 1)):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink[cv2.dilate(rules, np.ones((5, 5), np.uint8)) > 0] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, w, h = (stats[:, column] for column in range(4))
    speck = np.minimum(w, h) <= SPECK * height
    edge = (x == 0) | (y == 0) | (x + w == width) | (y + h == height)
    counts = ~(speck | edge)
    counts[0] = False
    return np.asarray(counts[labels]) if count > 1 else np.zeros(grey.shape, np.bool_)


def shown(ink: NDArray[np.bool_], boxes: Iterable[Box]) -> int:
    """How many pixels of ink lie in boxes."""
    left = ink.copy()
    for box in boxes:
        x0, y0, x1, y1 = (max(0, round(v)) for v in box.as_tuple())
        left[y0:y1, x0:x1] = False
    return int(ink.sum()) - int(left.sum())


def boxes_of(page: PageAnalysis) -> list[Box]:
    """Where the result shows something: its lines, with a little room, and its pictures."""
    lines = [*page.lines, *(line for table in page.tables for line in table.lines)]
    lines += [line for picture in page.pictures for line in picture.lines]
    numbers = [picture.number for picture in page.pictures if picture.number is not None]
    around = [with_room(line, AROUND, AROUND) for line in (*lines, *numbers)]
    return [*around, *(picture.box for picture in page.pictures)]


def measured(name: str, models: Models, limit: int | None) -> list[Page]:
    """The scanned pages of a set; those with a text layer to be trusted are left out."""
    pages: list[Page] = []
    for entry in manifest(name)[:limit]:

        def keep(
            page: PageImage | PageFailure,
            found: PageAnalysis,
            total: int,
            place: str = str(entry["id"]),
        ) -> None:
            if not isinstance(page, PageImage) or found.text_source != "ocr":
                return
            pixels, _ = upright(page.pixels, found.turn)
            if found.skew:
                pixels, _ = deskew(pixels, found.skew)
            ink = ink_of(pixels)
            number = shown(ink, boxes_of(found))
            pages.append(Page(f"{place} p{found.number}", half(place), int(ink.sum()), number))

        analyze(DATA / name / entry["file"], models=models, on_page=keep, pages=PAGES)
    return pages


def summary(pages: list[Page]) -> dict[str, Any]:
    """Shares over all pages: of all ink, of the median page, and pages that keep 99 %."""
    kept = [page.kept for page in pages]
    ink = sum(page.ink for page in pages)
    return {
        "pages": len(pages),
        "kept": round(sum(page.shown for page in pages) / ink, 5) if ink else 1.0,
        "median": round(float(np.median(kept)), 5) if kept else 1.0,
        "at_99": sum(value >= 0.99 for value in kept),
    }


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--set", choices=SETS, action="append", dest="sets", help="only these")
    parser.add_argument("--limit", type=int, help="only so many files of each set")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    models = load_models()
    found = {name: measured(name, models, arguments.limit) for name in arguments.sets or SETS}
    figures = {
        name: {
            part: summary([p for p in pages if part in ("all", f"half_{p.half}")])
            for part in ("all", "half_a", "half_b")
        }
        for name, pages in found.items()
    }
    head = ("set", "part", "pages", "kept", "median", "at_99")
    rows = [
        (n, part, *values.values())
        for n, parts in figures.items()
        for part, values in parts.items()
    ]
    print_table(head, rows)
    worst = sorted((p for pages in found.values() for p in pages), key=lambda p: p.kept)[:WORST]
    print_table(("worst", "kept"), [(page.place, page.kept) for page in worst])
    if not arguments.limit and not arguments.sets:
        result = {
            "command": "python -m benchmarks.accuracy.ink",
            "sets": figures,
            "worst": {page.place: round(page.kept, 4) for page in worst},
        }
        print(write_report("ink", result, released_weights()))


if __name__ == "__main__":
    main()
