"""Turn upright pictures to all four sides and count what the classifier makes of them.

    python scripts/score_orientation.py FOLDER... [--limit 20]

Reads PNG, JPEG and TIFF files. A page that is kept although it is turned is a miss; a page that is
turned wrongly is worse.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from structure.orientation import OrientationClassifier
from structure.orientation.postprocess import TURNS

_SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}


def main() -> None:
    """Score the pictures of some folders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--limit", type=int, default=20, help="pictures per folder, first by name")
    options = parser.parse_args()
    classifier = OrientationClassifier.from_pretrained()
    counts: Counter[str] = Counter()
    for folder in options.folders:
        pictures = sorted(p for p in folder.iterdir() if p.suffix.lower() in _SUFFIXES)
        for path in pictures[: options.limit]:
            with Image.open(path) as image:
                page = np.asarray(image.convert("RGB"))
            for turn in TURNS:
                (found,) = classifier([np.rot90(page, -turn // 90)])
                right, kept = found.turn == turn, found.turn == 0
                counts["right" if right else "kept" if kept else "wrong"] += 1
                counts["unsure"] += not found.sure
    total = counts["right"] + counts["kept"] + counts["wrong"]
    print(f"{total} pages: " + ", ".join(f"{counts[k]} {k}" for k in ("right", "kept", "wrong")))
    print(f"{counts['unsure']} of them unsure")


if __name__ == "__main__":
    main()
