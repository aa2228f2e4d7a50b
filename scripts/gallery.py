"""Draw `docs/gallery/restoration`: pages of generated documents, and what becomes of them in Word.

    PYTHONPATH=. python scripts/gallery.py

On the left a page of the source, on the right the same page of the docx that restoration and
writer make of it with perfect regions and lines, both rendered by LibreOffice. Documents are those
of seed 1, which is for development; no figure is measured on them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.accuracy.restoration import from_oracle
from recovery import render
from recovery.score.raster import rasterize
from recovery.score.rendering import to_pdf
from recovery.score.sample import FAMILIES, make_sample

FOLDER = Path(__file__).parents[1] / "docs" / "gallery" / "restoration"
SEED = 1
DPI = 66.0
GAP = 6
GREY = (120, 120, 120)
COLORS = 256
PAGE = {"report": 2, "statement": 2, "minutes": 2, "handbook": 4, "manual": 2}
"""The page that shows most of a document of several, where that is not the first."""


def beside(left: np.ndarray, right: np.ndarray) -> Image.Image:
    """Two pages on grey, in few colours so that the file is small."""
    height = max(left.shape[0], right.shape[0]) + 2 * GAP
    sheet = Image.new("RGB", (left.shape[1] + right.shape[1] + 3 * GAP, height), GREY)
    sheet.paste(Image.fromarray(left), (GAP, GAP))
    sheet.paste(Image.fromarray(right), (left.shape[1] + 2 * GAP, GAP))
    return sheet.quantize(COLORS, dither=Image.Dither.NONE)


def draw(family: str, folder: Path) -> Path:
    """Write the picture of one family.

    Raises:
        RuntimeError: LibreOffice is missing or fails.
    """
    sample = make_sample(family, SEED)
    document, _ = from_oracle(sample)
    pdf = to_pdf({"found.docx": render(document, ".docx").data}).get("found.docx")
    if pdf is None:
        raise RuntimeError(f"{family}: LibreOffice could not render the docx")
    pages = [rasterize(data, DPI) for data in (sample.pdf, pdf)]
    n = PAGE.get(family, 1) - 1
    left, right = (own[min(n, len(own) - 1)] for own in pages)
    path = folder / f"{family}.png"
    beside(left, right).save(path, optimize=True)
    return path


def main() -> None:
    """Draw all of them, or those that are named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("families", nargs="*", default=[*FAMILIES], help="default: all")
    parser.add_argument("-o", "--output", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for family in arguments.families:
        print(draw(family, arguments.output))


if __name__ == "__main__":
    main()
