"""How far scores and `accepted` can be believed on a source that nobody saw; fits their curves.

    python -m benchmarks.accuracy.kie_confidence --cache /tmp/kie

Each set (half "a"), and each family of generated pages, is left out in turn: curves are fitted on
the others (Platt, each set counting with the root of its size) and tried on the one left out. The
constants printed at the end are those of all sets together, for `kie.confidence.CURVES`.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from benchmarks.accuracy.kie_generated import NOT_ASKED, drawn_pages, means, schema_of
from benchmarks.accuracy.kie_pages import transcripts
from benchmarks.accuracy.kie_sets import SETS, same
from benchmarks.report import print_table
from kie import KieExtractor
from kie.confidence import ACCEPT, CURVES
from kie.proof import proven
from kie.schema import BY_NAME
from kie.serializing import plain
from kie.types import FieldValue
from structure.transcription import Transcript

STEPS, RATE, PULL = 2000, 0.3, 0.03
REAL = ("zugferd", "invoice2data", "sroie", "wildreceipt")
SEED = 1


@dataclass(frozen=True)
class Point:
    """A chosen value: the score before `kie.proof` has its say, and whether that would pass."""

    source: str
    kind: str
    score: float
    proven: bool
    right: bool


class Watched:
    """An extractor that tells the scores that `kie.proof` would cap, and what it says."""

    def __init__(self) -> None:
        self.extractor = KieExtractor()

    def __call__(
        self, pages: Sequence[Transcript], schema: str
    ) -> dict[str, tuple[FieldValue, bool]]:
        """Values that compete by score, with whether they are proven."""
        said: dict[str, bool] = {}

        def watch(*arguments: object) -> bool:
            said[str(arguments[1])] = proven(*arguments)  # type: ignore[arg-type]
            return True

        with patch("kie.assembly.proven", watch):
            fields = self.extractor.extract(pages, schema).fields
        return {name: (fields[name], sure) for name, sure in said.items() if name in fields}


def points(keep: Path, rounds: int) -> Iterator[Point]:
    """Of half "a" of the real sets and of generated pages."""
    watched = Watched()
    for source in REAL:
        chosen = SETS[source]
        for item in chosen.load():
            if item.part != "a":
                continue
            pages = transcripts(item.file, ocr=chosen.ocr, keep=keep, pages=chosen.pages)
            for name, (value, sure) in watched(pages, chosen.schema).items():
                if name in item.truth:
                    right = same(name, plain(value.value), item.truth[name])
                    yield Point(source, _kind(name), value.score, sure, right)
    for drawn in drawn_pages(SEED, rounds, keep / "generated"):
        page = drawn.page
        pages = transcripts(drawn.file, ocr="always", keep=keep)
        for name, (value, sure) in watched(pages, schema_of(page)).items():
            if name in page.truth and name not in NOT_ASKED:
                right = means(name, value.value, page.truth[name], page.locale)
                yield Point(page.family, _kind(name), value.score, sure, right)


def _kind(name: str) -> str:
    kind = BY_NAME[name].kind
    return kind if kind in CURVES else "id"


def fit(own: Sequence[Point]) -> tuple[float, float]:
    """Slope and offset of the logistic curve over logits; pulled a little to 1 and 0."""
    sizes = {p.source: sum(q.source == p.source for q in own) for p in own}
    weighted = [(_logit(p.score), p.right, 1 / math.sqrt(sizes[p.source])) for p in own]
    total = sum(weight for _, _, weight in weighted)
    slope, offset = 1.0, 0.0
    for _ in range(STEPS if len(own) >= 10 else 0):
        grad_slope, grad_offset = PULL * (slope - 1.0), PULL * offset
        for z, right, weight in weighted:
            error = 1 / (1 + math.exp(-(slope * z + offset))) - right
            grad_slope += weight * error * z / total
            grad_offset += weight * error / total
        slope -= RATE * grad_slope
        offset -= RATE * grad_offset
    return slope, offset


def _logit(score: float) -> float:
    inside = min(max(score, 0.011), 0.989)
    return math.log(inside / (1 - inside))


def left_out(known: Sequence[Point]) -> list[tuple[str, int, float, float | None, float | None]]:
    """Per source: values, share accepted, right among them, and the same without `kie.proof`."""
    rows = []
    for source in dict.fromkeys(p.source for p in known):
        others = [p for p in known if p.source != source]
        curves = {kind: fit([p for p in others if p.kind == kind]) for kind in CURVES}
        own = [p for p in known if p.source == source]
        sure = [
            p
            for p in own
            if 1 / (1 + math.exp(-curves[p.kind][0] * _logit(p.score) - curves[p.kind][1]))
            >= ACCEPT
        ]
        taken = [p for p in sure if p.proven]
        rows.append((source, len(own), len(taken) / len(own), _right(taken), _right(sure)))
    return rows


def _right(chosen: Sequence[Point]) -> float | None:
    return sum(p.right for p in chosen) / len(chosen) if chosen else None


def main() -> None:
    """Leave out, fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder for pictures and text")
    parser.add_argument("--rounds", type=int, default=3, help="of 14 generated pages")
    arguments = parser.parse_args()
    known = list(points(arguments.cache, arguments.rounds))
    print_table(
        ("left out", "values", "accepted", "right among them", "without proof"), left_out(known)
    )
    rows = []
    for kind, curve in CURVES.items():
        slope, offset = fit([p for p in known if p.kind == kind])
        rows.append((kind, slope * curve.score, slope * curve.margin,
                     slope * curve.offset + offset))  # fmt: skip
    print_table(("kind", "score", "margin", "offset"), rows)


if __name__ == "__main__":
    main()
