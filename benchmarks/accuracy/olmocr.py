"""Facts about pages, checked in our markdown: olmOCR-bench's own sample.

    python -m benchmarks.accuracy.olmocr

Texts that must be there or must not (page headers and footers), texts in their order, cells beside
their neighbours, formulas; see `benchmarks.accuracy.markdown_checks` for the rules. The page is
analysed at the defaults, so a good text layer is used. What failed is listed with the reason, and
whether it passes once markdown's backslashes are taken away, which the bench does not do.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.accuracy.markdown_checks import check, unescaped
from benchmarks.report import DATA, half, manifest, print_table, released_weights, write_report
from recovery import render
from structure import analyze, load_models

SET = "docs-olmocr-bench"
KINDS = ("present", "absent", "order", "table", "math")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check of a page; `reason` is empty where it passed."""

    page: str
    rule: dict[str, Any]
    reason: str
    unescaped_passes: bool

    @property
    def asked(self) -> dict[str, Any]:
        """What the check asks for."""
        return {k: v for k, v in self.rule.items() if k not in ("pdf", "page", "checked")}


def run(limit: int | None) -> list[Outcome]:
    """All checks of the first so many pages."""
    folder = DATA / SET
    lines = (folder / "dataset.jsonl").read_text("utf-8").splitlines()
    rules: dict[str, list[dict[str, Any]]] = {}
    for rule in map(json.loads, lines):
        rules.setdefault(f"pdfs/{rule['pdf']}", []).append(rule)
    models = load_models()
    found = []
    for entry in manifest(SET)[:limit]:
        document = analyze(folder / entry["file"], models=models)
        markdown = render(document, ".md").data.decode()
        plain = unescaped(markdown)
        for rule in rules[entry["file"]]:
            reason = check(rule, markdown)
            found.append(Outcome(entry["id"], rule, reason, not check(rule, plain)))
    return found


def summary(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Checks passed of all, by kind and in total."""
    return {
        kind: f"{sum(not o.reason for o in chosen)}/{len(chosen)}"
        for kind in (*KINDS, "total")
        for chosen in [[o for o in outcomes if kind in ("total", o.rule["type"])]]
    }


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--limit", type=int, help="only so many pages")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    outcomes = run(arguments.limit)
    parts = {
        "all": summary(outcomes),
        **{f"half_{p}": summary([o for o in outcomes if half(o.page) == p]) for p in "ab"},
    }
    failed = [o for o in outcomes if o.reason]
    print_table(("part", *KINDS, "total"), [(part, *row.values()) for part, row in parts.items()])
    print_table(("failed", "of page", "reason"), [(o.rule["id"], o.page, o.reason) for o in failed])
    if arguments.limit is None:
        result = {
            "command": "python -m benchmarks.accuracy.olmocr",
            "passed": parts,
            "passed_without_backslashes": sum(o.unescaped_passes for o in outcomes),
            "failed": [
                {
                    "page": o.page,
                    "half": half(o.page),
                    "check": o.asked,
                    "reason": o.reason,
                    "passes_without_backslashes": o.unescaped_passes,
                }
                for o in failed
            ],
        }
        print(write_report("olmocr", result, released_weights()))


if __name__ == "__main__":
    main()
