"""Reading order and kinds of blocks on pages whose blocks are known.

    python -m benchmarks.accuracy.order

Two sets: pages of papers with labels made from their LaTeX (DocBank), and designed pages labelled
by hand (docling's). The page is analysed from its picture; each of our lines belongs to the true
block around it, and stands where our document has it.

    order    1 - edits between the sequences of blocks / number of blocks - share of missing blocks
    tau      Kendall's, over the blocks found
    missing  share of the true blocks without a line in the body
    whole    share of the blocks found whose lines are not parted by another block's

Beside ours the same lines from top to bottom, and by recursive XY-cut (which cuts at gaps of half a
line). The kind of a block is that of most of its lines.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Any

from PIL import Image

from benchmarks.accuracy.page_order import (
    Found,
    KindCounts,
    OrderScore,
    assigned,
    count_kinds,
    items_of,
    order_score,
    top_left,
    xy_cut,
)
from benchmarks.accuracy.page_truth import TrueBlock, cvat, docbank
from benchmarks.report import DATA, half, manifest, print_table, released_weights, write_report
from structure import analyze, load_models
from structure.core.document import Document

SETS = ("layout-docbank", "layout-docling-cvat")
MEASURES = ("order", "tau", "missing", "whole")


@dataclass(frozen=True, slots=True)
class Item:
    """A page with its truth; `group` is what the halves are made of."""

    name: str
    group: str
    file: str
    truth: list[TrueBlock]


@dataclass(frozen=True, slots=True)
class Page:
    """How a page came out: scores by order, and its lines with their true blocks."""

    item: Item
    scores: dict[str, OrderScore | None]
    found: list[Found]
    owners: list[int | None]


def load(name: str) -> list[Item]:
    """The pages of a set."""
    folder = DATA / name
    by_name = cvat(folder / "annotations.xml") if name.endswith("cvat") else {}
    items = []
    for entry in manifest(name):
        if by_name:
            truth = by_name[entry["file"].partition("/")[2]]
        else:
            with Image.open(folder / entry["file"]) as picture:
                truth = docbank(folder / entry["label"], *picture.size)
        items.append(Item(entry["id"], entry.get("paper", entry["id"]), entry["file"], truth))
    return items


def judged(item: Item, document: Document) -> Page:
    """Compare a document with the truth of its page, beside other orders of the same lines."""
    found = items_of(document)
    owners = assigned(found, item.truth)
    scores = {"ours": order_score(found, owners, item.truth)}
    for name, order in baselines(found).items():
        lines = [replace(found[i], body=True) for i in order]
        scores[name] = order_score(lines, [owners[i] for i in order], item.truth)
    return Page(item, scores, found, owners)


def baselines(found: Sequence[Found]) -> dict[str, list[int]]:
    """Simple orders of all lines of a page."""
    boxes = [item.box for item in found]
    half_a_line = 0.5 * median(box.height for box in boxes) if boxes else 0.0
    orders: dict[str, Callable[[], list[int]]] = {
        "top_left": lambda: top_left(boxes),
        "xy_cut": lambda: xy_cut(boxes, gap=half_a_line) if boxes else [],
    }
    return {name: order() for name, order in orders.items()}


def summary(pages: Sequence[Page]) -> dict[str, Any]:
    """Means over pages for each order, and F1 of each kind over all blocks."""
    result: dict[str, Any] = {"pages": len(pages)}
    for name in ("ours", "top_left", "xy_cut"):
        scores = [s for page in pages if (s := page.scores[name]) is not None]
        values = {m: [v for s in scores if (v := getattr(s, m)) is not None] for m in MEASURES}
        result[name] = {m: round(fmean(v), 4) if v else None for m, v in values.items()}
        result[name]["perfect"] = sum(score.order == 1 for score in scores)
    counts: dict[str, KindCounts] = {}
    for page in pages:
        count_kinds(page.found, page.owners, page.item.truth, counts)
    present = {kind: count for kind, count in sorted(counts.items()) if count.true}
    right, true = sum(c.right for c in present.values()), sum(c.true for c in present.values())
    result["kinds"] = {
        "all": {"blocks": true, "right": round(right / true, 4) if true else None},
        **{
            kind: {"blocks": c.true, "f1": c.f1, "taken_for": dict(c.taken_for.most_common())}
            for kind, c in present.items()
        },
    }
    return result


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--limit", type=int, help="only so many pages of each set")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    models = load_models()
    figures: dict[str, dict[str, Any]] = {}
    by_page: dict[str, Any] = {}
    for name in SETS:
        pages = [
            judged(item, analyze(DATA / name / item.file, models=models))
            for item in load(name)[: arguments.limit]
        ]
        figures[name] = {
            "all": summary(pages),
            **{f"half_{p}": summary([x for x in pages if half(x.item.group) == p]) for p in "ab"},
        }
        by_page |= {page.item.name: _of_page(page) for page in pages}
    _print(figures)
    if arguments.limit is None:
        command = "python -m benchmarks.accuracy.order"
        result = {"command": command, "sets": figures, "pages": by_page}
        print(write_report("order", result, released_weights()))


def _of_page(page: Page) -> dict[str, Any]:
    ours = page.scores["ours"]
    return {
        "half": half(page.item.group),
        "blocks": len(page.item.truth),
        **{
            measure: round(value, 4)
            for measure in MEASURES
            if ours is not None and (value := getattr(ours, measure)) is not None
        },
    }


def _print(figures: dict[str, dict[str, Any]]) -> None:
    print_table(
        ("set", "part", "pages", "order of", *MEASURES, "perfect"),
        [
            (name, part, found["pages"], engine, *found[engine].values())
            for name, parts in figures.items()
            for part, found in parts.items()
            for engine in ("ours", "top_left", "xy_cut")
        ],
    )
    print_table(
        ("set", "part", "kind", "blocks", "f1 or share right"),
        [
            (name, part, kind, values["blocks"], values.get("f1", values.get("right")))
            for name, parts in figures.items()
            for part, found in parts.items()
            for kind, values in found["kinds"].items()
        ],
    )


if __name__ == "__main__":
    main()
