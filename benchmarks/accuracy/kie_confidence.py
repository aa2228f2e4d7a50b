"""Fit the curves of `kie.confidence` on half "a" of the sets; prints constants to put there.

    python -m benchmarks.accuracy.kie_confidence --cache /tmp/kie

For each kind of field a logistic curve over the present score is fitted (Platt), each set counting
the same; the constants printed are those of the curves with that correction worked in.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.kie_fields import Found, run
from benchmarks.accuracy.kie_sets import SETS
from benchmarks.report import print_table
from kie import KieExtractor
from kie.confidence import ACCEPT, CURVES
from kie.schema import BY_NAME

STEPS, RATE, PULL = 4000, 0.2, 0.02


def kind_of(name: str) -> str:
    """The curve that a field uses."""
    if name in BY_NAME:
        kind = BY_NAME[name].kind
        return kind if kind in CURVES else "id"
    return "custom"


def fit(points: Sequence[tuple[float, bool, float]]) -> tuple[float, float]:
    """Slope and offset of the logistic curve over logits; pulled a little to 1 and 0.

    Args:
        points: Score, whether it was right, weight.
    """
    slope, offset = 1.0, 0.0
    total = sum(weight for _, _, weight in points)
    for _ in range(STEPS):
        grad_slope, grad_offset = PULL * (slope - 1.0), PULL * offset
        for score, right, weight in points:
            z = math.log(score / (1 - score))
            error = 1 / (1 + math.exp(-(slope * z + offset))) - right
            grad_slope += weight * error * z / total
            grad_offset += weight * error / total
        slope -= RATE * grad_slope
        offset -= RATE * grad_offset
    return slope, offset


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cache", type=Path, help="folder for the text lines of pages")
    parser.add_argument("--rules-only", action="store_true", help="without the network")
    arguments = parser.parse_args()
    extractor = KieExtractor(rules_only=arguments.rules_only)
    found: list[tuple[str, Found]] = []
    for name in SETS:
        if name != "zugferd-digital":
            found += [(name, f) for f in run(name, "a", arguments.cache, 0, extractor)[0]]
    rows = []
    for kind, curve in CURVES.items():
        own = [(s, f) for s, f in found if kind_of(f.name) == kind and f.value is not None]
        if len(own) < 10:
            continue
        sizes = {s: sum(1 for t, _ in own if t == s) for s, _ in own}
        points = [
            (min(max(f.score, 0.011), 0.989), f.right, 1 / math.sqrt(sizes[s])) for s, f in own
        ]
        slope, offset = fit(points)
        accepted = [f.right for _, f in own if f.accepted]
        rows.append((kind, len(own), sum(accepted) / len(accepted) if accepted else None,
                     len(accepted) / len(own), slope * curve.score, slope * curve.margin,
                     slope * curve.offset + offset))  # fmt: skip
    print_table(
        ("kind", "values", f"right at {ACCEPT}", "accepted", "score", "margin", "offset"), rows
    )


if __name__ == "__main__":
    main()
