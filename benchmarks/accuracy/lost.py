"""Lost text: how much of what was read from a page arrives in the JSON and in the docx.

    python -m benchmarks.accuracy.lost

The characters that OCR or the text layer gave, before layout has seen them, are looked for in the
finished document, as multisets (each occurrence counts) of characters without white space after
NFKC: page by page in the JSON, file by file in the docx. Two kinds of signs may go, because they
belong to the setting and not to the text: a hyphen at the end of a line, and the bullet before a
list item. Where a page has a good text layer, text of its pictures that the layer has as well
counts once, as the layer has it. Word shows a page header or footer on every page but stores it
once, with a field for the page number; so in the docx each running head counts once, and page
numbers do not count.
"""

from __future__ import annotations

import argparse
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from benchmarks.accuracy.contents import docx_text, text_of_page
from benchmarks.report import DATA, half, manifest, print_table, released_weights, write_report
from recovery import render
from structure import Models, analyze, load_models
from structure.core.analysis import PageAnalysis, TextLine
from structure.core.document import Document
from structure.core.images import PageFailure, PageImage, RGBImage
from structure.ocr import ReadText

SETS = ("kie-fcc-deepform", "kie-zugferd", "docs-mixed")
TARGET = 0.995
WORST = 5
SAME_TEXT = 80
"""Per cent of similarity that make a line read from a picture the same as one of the layer."""

_BULLET = re.compile(
    r"^[\u2022\u2023\u2043\u25aa\u25ab\u25a0\u25a1\u25cb\u25cf\u25e6\u2219\u00b7\uf0b7*-]\s"
)
_DIGITS = re.compile(r"\d+")
_LINE_END = re.compile(r"[-\u2010\u00ad\u00ac]$")


@dataclass(frozen=True, slots=True)
class Loss:
    """What of one page or file did not arrive.

    Attributes:
        read: Number of characters read.
        missing: Those that are not in the output, with how many of each.
    """

    place: str
    half: str
    read: int
    missing: Counter[str]

    @property
    def kept(self) -> float:
        """Share that arrived, 0 to 1."""
        return 1 - self.missing.total() / self.read if self.read else 1.0


def characters(text: str) -> Counter[str]:
    """The characters of a text without white space, each with its number."""
    return Counter(c for c in unicodedata.normalize("NFKC", text) if not c.isspace())


def characters_of_lines(lines: list[str]) -> Counter[str]:
    """The same of lines as they were read, without what belongs to the setting."""
    bare = (_LINE_END.sub("", _BULLET.sub("", line.strip())) for line in lines)
    return characters("\n".join(bare))


class _Listening:
    """An OCR engine that keeps all lines until they are taken."""

    def __init__(self, read: ReadText) -> None:
        self._read = read
        self.read_lines = read.read_lines
        self._kept: list[TextLine] = []

    def __call__(self, image: RGBImage) -> list[TextLine]:
        lines = self._read(image)
        self._kept += lines
        return lines

    def take(self) -> list[TextLine]:
        """The lines since the last time."""
        lines, self._kept = self._kept, []
        return lines


def losses(path: Path, name: str, models: Models) -> tuple[list[Loss], Loss]:
    """The loss of every page in the JSON, and that of the file in the docx."""
    read = _Listening(models.read)
    pages: dict[int, Counter[str]] = {}

    def keep(page: PageImage | PageFailure, found: PageAnalysis, total: int) -> None:
        lines = [line.text for line in read.take()]
        if isinstance(page, PageImage) and page.lines and found.text_source != "ocr":
            layer = [line.text for line in page.lines]
            lines = [line for line in lines if not read_twice(line, layer)] + layer
        pages[found.number] = characters_of_lines(lines)

    document = analyze(path, models=replace(models, read=read), on_page=keep)
    part = half(name)
    in_json = [
        _loss(f"{name} p{n}", part, seen, characters(text_of_page(document, n)))
        for n, seen in pages.items()
    ]
    written = characters(docx_text(render(document, ".docx").data))
    expected = sum(pages.values(), Counter[str]()) - stored_once(document)
    return in_json, _loss(name, part, expected, written)


def read_twice(line: str, layer: Sequence[str]) -> bool:
    """Whether a line read from a picture is one that the text layer has over it, misread or not."""
    return any(fuzz.ratio(line, other) >= SAME_TEXT for other in layer)


def stored_once(document: Document) -> Counter[str]:
    """The characters of page headers and footers that a docx need not repeat.

    All but the first of those that differ in digits at most, and the digits of those that do.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for item in document.furniture:
        groups.setdefault((item.type, _DIGITS.sub("0", item.text)), []).append(item.text)
    spared = Counter[str]()
    for texts in groups.values():
        for text in texts[1:]:
            spared += characters(text)
        if len(set(texts)) > 1:
            spared += characters("".join(_DIGITS.findall(texts[0])))
    return spared


def _loss(place: str, part: str, read: Counter[str], found: Counter[str]) -> Loss:
    return Loss(place, part, read.total(), read - found)


def summary(found: list[Loss]) -> dict[str, Any]:
    """How many reach the target, and what is kept over all."""
    read = sum(loss.read for loss in found)
    missing = sum(loss.missing.total() for loss in found)
    return {
        "items": len(found),
        "at_target": sum(loss.kept >= TARGET for loss in found),
        "characters": read,
        "kept": round(1 - missing / read, 5) if read else 1.0,
        "lowest": round(min((loss.kept for loss in found), default=1.0), 4),
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
    by_page: dict[str, list[Loss]] = {}
    by_file: dict[str, list[Loss]] = {}
    for name in arguments.sets or SETS:
        by_page[name], by_file[name] = [], []
        for entry in manifest(name)[: arguments.limit]:
            pages, file = losses(DATA / name / entry["file"], entry["id"], models)
            by_page[name] += pages
            by_file[name].append(file)
    figures = {
        f"{name}, {kind}": {
            part: summary([x for x in found[name] if part in ("all", f"half_{x.half}")])
            for part in ("all", "half_a", "half_b")
        }
        for kind, found in (("json", by_page), ("docx", by_file))
        for name in found
    }
    head = ("set", "items", "at_target", "characters", "kept", "lowest")
    print_table(head, [(name, *parts["all"].values()) for name, parts in figures.items()])
    everything = [loss for found in (by_page, by_file) for part in found.values() for loss in part]
    worst = sorted((x for x in everything if x.kept < 1), key=lambda x: x.kept)
    print_table(
        ("worst", "kept", "read", "missing"),
        [(x.place, x.kept, x.read, _shown(x.missing)) for x in worst[:WORST]],
    )
    if not arguments.limit and not arguments.sets:
        result = {
            "command": "python -m benchmarks.accuracy.lost",
            "target": TARGET,
            "sets": figures,
            "below_target": {
                x.place: {"kept": round(x.kept, 4), "read": x.read, "missing": _shown(x.missing)}
                for x in worst
                if x.kept < TARGET
            },
        }
        print(write_report("lost", result, released_weights()))


def _shown(missing: Counter[str]) -> str:
    return " ".join(f"{char}{number}" for char, number in missing.most_common(20))


if __name__ == "__main__":
    main()
