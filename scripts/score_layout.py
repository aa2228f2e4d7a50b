"""Score the layout detector on pages with COCO labels (PubLayNet's classes).

    python scripts/score_layout.py FOLDER      # with coco.json and images/

Prints AP and, at the usual score of 0.5, how much of the true area lies in any region.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from layout import LayoutDetector
from layout.metrics import average_precision
from structure.core.analysis import Label, Region
from structure.core.geometry import Box

# The detector has no lists, and calls numbered ones and authors references.
_MERGED = {Label.LIST: Label.TEXT, Label.REFERENCE: Label.TEXT}


def merge(regions: list[Region]) -> list[Region]:
    """The same regions with the labels that both sides know."""
    return [replace(r, label=_MERGED.get(r.label, r.label)) for r in regions]


def coverage(found: list[Region], truth: list[Region]) -> float:
    """Share of the true area that lies in a region of any label."""
    width = int(max(r.box.x1 for r in truth)) + 1
    height = int(max(r.box.y1 for r in truth)) + 1
    masks = np.zeros((2, height, width), bool)
    for mask, regions in zip(masks, (truth, found), strict=True):
        for region in regions:
            x0, y0, x1, y1 = (max(0, round(v)) for v in region.box.as_tuple())
            mask[y0:y1, x0:x1] = True
    return float((masks[0] & masks[1]).sum() / masks[0].sum())


def main() -> None:
    """Score one folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, help="other weights than the installed ones")
    options = parser.parse_args()
    coco = json.loads((options.folder / "coco.json").read_text(encoding="utf-8"))
    names = {c["id"]: Label(c["name"]) for c in coco["categories"]}
    detector = (
        LayoutDetector.from_file(options.weights)
        if options.weights
        else LayoutDetector.from_pretrained()
    )
    found: list[list[Region]] = []
    truth: list[list[Region]] = []
    covered: list[float] = []
    for entry in coco["images"]:
        with Image.open(options.folder / "images" / entry["file_name"]) as image:
            pixels = np.asarray(image.convert("RGB"))
        own = [a for a in coco["annotations"] if a["image_id"] == entry["id"]]
        gold = [
            Region(Box(x, y, x + w, y + h), names[a["category_id"]], 1.0)
            for a in own
            for x, y, w, h in [a["bbox"]]
        ]
        regions = detector([pixels], min_score=0.025)[0]
        found.append(merge(regions))
        truth.append(merge(gold))
        covered.append(coverage([r for r in regions if r.score >= 0.5], gold))
    strict = average_precision(found, truth)
    loose = average_precision(found, truth, thresholds=(0.5,))
    print(f"{len(truth)} pages, {sum(map(len, truth))} regions")
    for label, value in strict.items():
        print(f"{label:8s} AP .5:.95 {value:.3f}   AP50 {loose[label]:.3f}")
    print(f"mean     AP .5:.95 {np.mean(list(strict.values())):.3f}")
    print(f"area in any region at 0.5: {np.mean(covered):.3f}")


if __name__ == "__main__":
    main()
