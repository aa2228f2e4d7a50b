"""Text: word accuracy and character errors, ours beside rapidocr as shipped, on the same pixels.

    python -m benchmarks.accuracy.text --peer

Three sets: two example scans, 52 pages of old books (both with their text), and pages of digital
PDFs drawn at 200 dpi (at most three of a document), whose own characters are the truth.

    word_f1     words wherever they stand
    word_order  1 - edits between the words in reading order / number of true words
    cer         edits between characters without white space / number of true characters: in
                reading order for scans, matched by position for drawn pages

Ours is the whole pipeline told to read all text from the picture: its order is that of the
document. Page headers and footers and text inside pictures have no place in it; they may stand for
missing words wherever these are. The peer's order is that of its lines.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.accuracy.contents import body_text, loose_text, text_from_top
from benchmarks.accuracy.drawn_pages import DPI, draw, evenly, page_count
from benchmarks.accuracy.text_metrics import (
    Errors,
    Glyph,
    ReadLine,
    bag_f1,
    character_errors,
    errors_in_order,
    placed_character_errors,
    words,
)
from benchmarks.report import (
    DATA,
    half,
    manifest,
    print_table,
    released_weights,
    write_report,
)
from structure import analyze, load_models
from structure.core.analysis import PageAnalysis, TextLine
from structure.core.geometry import Affine, Box
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.ocr import ReadText

PAGES_PER_DOCUMENT = 3
OLD_OCR = ("newspaper-1898",)
"""Documents whose text layer is an old recognition: no truth."""


@dataclass(frozen=True, slots=True)
class Item:
    """One page picture with its truth.

    Attributes:
        glyphs: The characters with their places; None where only the text is known.
    """

    name: str
    kind: str
    half: str
    picture: Path
    truth: str
    glyphs: tuple[Glyph, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of a page.

    Attributes:
        text: In reading order.
        loose: Text that has no place in the order.
        whole: Both, from the top of the page to its bottom.
        lines: As they were read.
    """

    text: str
    loose: str
    whole: str
    lines: list[ReadLine]


Engine = Callable[[Path], Reading]


@dataclass(frozen=True, slots=True)
class Score:
    """How one engine did on one page."""

    word_f1: float
    in_order: Errors
    characters: Errors


def load(folder: Path) -> list[Item]:
    """All pages, their pictures written to `folder` where they are not files already."""
    return [*_examples(folder), *_books(), *_drawn(folder)]


def _examples(folder: Path) -> list[Item]:
    source = DATA / "examples"
    truth = (source / "two-column-scan.txt").read_text("utf-8")
    picture = source / "two-column-scan.png"
    items = [Item("two-column-scan", "examples", half("two-column-scan"), picture, truth)]
    pages = (source / "typewritten-archive.txt").read_text("utf-8").split("\f")
    for number, text in enumerate(pages, start=1):
        name = f"typewritten-archive-{number}"
        pixels = draw(source / "typewritten-archive.pdf", number).pixels
        where = _save(pixels, folder / f"{name}.png")
        items.append(Item(name, "examples", half("typewritten-archive"), where, text))
    return items


def _books() -> list[Item]:
    folder = DATA / "ocr-oldbooks"
    return [
        Item(
            f"book-{entry['id']}",
            "books",
            half(f"book-{entry['book']}"),
            folder / entry["file"],
            (folder / entry["label"]).read_text("utf-8"),
        )
        for entry in manifest("ocr-oldbooks")
    ]


def _drawn(folder: Path) -> list[Item]:
    items = []
    for entry in manifest("docs-mixed"):
        if not entry.get("text_layer_chars") or entry["id"] in OLD_OCR:
            continue
        source = DATA / "docs-mixed" / entry["file"]
        for number in evenly(page_count(source), PAGES_PER_DOCUMENT):
            name = f"{entry['id']}-{number}"
            page = draw(source, number)
            where = _save(page.pixels, folder / f"{name}.png")
            items.append(Item(name, "drawn", half(entry["id"]), where, page.text, page.glyphs))
    return items


def _save(pixels: RGBImage, path: Path) -> Path:
    Image.fromarray(pixels).save(path, dpi=(DPI, DPI), compress_level=1)
    return path


class _Listening:
    """An OCR engine that remembers the lines of the last page."""

    def __init__(self, read: ReadText) -> None:
        self._read = read
        self.read_lines = read.read_lines
        self.lines: list[TextLine] = []

    def __call__(self, image: RGBImage) -> list[TextLine]:
        self.lines = self._read(image)
        return self.lines


def ours() -> Engine:
    """This project, from the picture to the document."""
    loaded = load_models()
    read = _Listening(loaded.read)
    models = replace(loaded, read=read)

    def run(picture: Path) -> Reading:
        lines: list[ReadLine] = []

        def keep(page: PageImage | PageFailure, found: PageAnalysis, total: int) -> None:
            lines.extend(_on_picture(line, found.to_source) for line in read.lines)

        document = analyze(picture, ocr="always", models=models, on_page=keep)
        return Reading(body_text(document), loose_text(document), text_from_top(document), lines)

    return run


def _on_picture(line: TextLine, way: Affine) -> ReadLine:
    """A line in pixels of the picture, where the page was turned upright before it was read."""
    angle = math.radians(line.angle)
    x, y = line.box.center
    x0, y0 = way.point(x, y)
    x1, y1 = way.point(x + math.cos(angle), y - math.sin(angle))
    length = math.hypot(x1 - x0, y1 - y0)
    return ReadLine(line.text, way.box(line.box), ((x1 - x0) / length, (y1 - y0) / length))


def peer() -> Engine:
    """Rapidocr at its defaults (its messages apart)."""
    from rapidocr import RapidOCR

    read = RapidOCR(params={"Global.log_level": "critical"})

    def run(picture: Path) -> Reading:
        with Image.open(picture) as opened:
            pixels = np.asarray(opened.convert("RGB"))
        found = read(np.ascontiguousarray(pixels[:, :, ::-1]))
        if found.boxes is None:
            return Reading("", "", "", [])
        lines = [_quad_line(text, q) for text, q in zip(found.txts, found.boxes, strict=True)]
        text = "\n".join(found.txts)
        return Reading(text, "", text, lines)

    return run


def _quad_line(text: str, quad: Any) -> ReadLine:
    xs, ys = [float(x) for x, _ in quad], [float(y) for _, y in quad]
    box = Box(min(xs), min(ys), max(xs), max(ys))
    # Like the peer itself: a picture half as high again as wide is a line on its side.
    upright = box.height < 1.5 * box.width
    return ReadLine(text, box, (1.0, 0.0) if upright else (0.0, -1.0))


def score(item: Item, found: Reading) -> Score:
    """Compare a reading with the truth."""
    truth, text, loose = words(item.truth), words(found.text), words(found.loose)
    if item.glyphs is None:
        characters = character_errors(item.truth, found.whole)
    else:
        characters = placed_character_errors(item.glyphs, found.lines)
    return Score(bag_f1(truth, [*text, *loose]), errors_in_order(truth, text, loose), characters)


def summary(scores: Sequence[Score]) -> dict[str, Any]:
    """Means of the words' F1; words and characters of all pages together otherwise."""
    if not scores:
        return {"pages": 0}
    nothing = Errors(0, 0)
    in_order = sum((s.in_order for s in scores), nothing)
    characters = sum((s.characters for s in scores), nothing)
    return {
        "pages": len(scores),
        "word_f1": round(statistics.fmean(s.word_f1 for s in scores), 4),
        "word_order": round(1 - in_order.rate, 4),
        "cer": round(characters.rate, 5),
        "characters": characters.length,
    }


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--peer", action="store_true", help="also run rapidocr as shipped")
    parser.add_argument("--limit", type=int, help="only so many pages of each set")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    engines: dict[str, Engine] = {"ours": ours()}
    if arguments.peer:
        engines["rapidocr"] = peer()
    scores: dict[str, dict[str, Score]] = {}
    with tempfile.TemporaryDirectory() as folder:
        items = _limited(load(Path(folder)), arguments.limit)
        for item in items:
            scores[item.name] = {
                name: score(item, engine(item.picture)) for name, engine in engines.items()
            }
    kinds = list(dict.fromkeys(item.kind for item in items))
    figures = {
        kind: {
            name: {
                part: summary(
                    [
                        scores[item.name][name]
                        for item in items
                        if item.kind == kind and part in ("all", f"half_{item.half}")
                    ]
                )
                for part in ("all", "half_a", "half_b")
            }
            for name in engines
        }
        for kind in kinds
    }
    result = {
        "command": "python -m benchmarks.accuracy.text" + (" --peer" if arguments.peer else ""),
        "sets": figures,
        "pages": {
            item.name: {
                "half": item.half,
                **{name: summary([found]) for name, found in scores[item.name].items()},
            }
            for item in items
        },
    }
    _print(figures)
    if arguments.limit is None:
        print(write_report("text", result, released_weights()))


def _limited(items: list[Item], most: int | None) -> list[Item]:
    if most is None:
        return items
    kinds = dict.fromkeys(item.kind for item in items)
    return [x for kind in kinds for x in [i for i in items if i.kind == kind][:most]]


def _print(figures: dict[str, dict[str, dict[str, dict[str, Any]]]]) -> None:
    measures = ("pages", "word_f1", "word_order", "cer")
    print_table(
        ("set", "engine", "part", *measures),
        [
            (kind, name, part, *(found.get(measure) for measure in measures))
            for kind, engines in figures.items()
            for name, parts in engines.items()
            for part, found in parts.items()
        ],
    )


if __name__ == "__main__":
    main()
