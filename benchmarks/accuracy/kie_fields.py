"""Fields of real invoices, receipts, contracts and forms, beside regular expressions.

    python -m benchmarks.accuracy.kie_fields --set zugferd --cache /tmp/kie

Exact match per field after normalisation; "readable" is the share of truths that stand among what
was read, which nothing can exceed by much. Half "a" of each set (by case, company or document)
served to choose rules and constants; half "b" is what counts. Text comes from our own OCR, but for
the digital pages of zugferd-digital, invoice2data, deepform and nda, where a text layer that
deserves trust is used. The XML inside the invoices is never used.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy.kie_baseline import baseline
from benchmarks.accuracy.kie_pages import transcripts
from benchmarks.accuracy.kie_sets import SETS, Item, same
from benchmarks.report import print_table, write_report
from kie import KieExtractor, page_of
from kie.candidates import ReadPage, conventions_of, find_candidates
from kie.folding import squeeze
from kie.schema import BY_NAME
from kie.serializing import plain
from structure.transcription import Transcript


@dataclass(frozen=True)
class Found:
    """One field of one document; `readable` where the truth stands among what was read."""

    item: Item
    name: str
    truth: str
    value: str | None
    score: float
    accepted: bool
    right: bool
    by_regex: bool
    readable: bool = True


def run(name: str, part: str, keep: Path | None, limit: int, extractor: KieExtractor) -> tuple[
    list[Found], list[float]
]:  # fmt: skip
    """All fields of a part of a set, and the seconds per page after reading."""
    chosen = SETS[name]
    found: list[Found] = []
    seconds: list[float] = []
    items = [item for item in chosen.load() if part in ("all", item.part)]
    for item in items[:limit] if limit else items:
        pages = transcripts(item.file, ocr=chosen.ocr, keep=keep, pages=chosen.pages)
        start = time.perf_counter()
        result = extractor.extract(pages, chosen.schema)
        seconds.append((time.perf_counter() - start) / max(1, len(pages)))
        plainly = baseline(pages, list(item.truth))
        for field, truth in item.truth.items():
            got = result.fields.get(field)
            value = None if got is None else plain(got.value)
            found.append(
                Found(
                    item, field, truth, value, got.score if got else 0.0,
                    bool(got and got.accepted), same(field, value, truth),
                    same(field, plainly.get(field), truth),
                    stands_there(pages, field, truth),
                )
            )  # fmt: skip
    return found, seconds


def stands_there(pages: Sequence[Transcript], field: str, truth: str) -> bool:
    """Whether a truth is among what was read; the data of e-invoices may differ from the print."""
    read = [ReadPage(page_of(p.lines, p.width, p.height, p.number)) for p in pages]
    conventions = conventions_of(read)
    known = BY_NAME.get(field)
    if field in ("currency", *_NEVER_LITERAL):
        return True
    if known is not None and known.kind not in ("amount", "date", "time"):
        lines = [line.text for page in read for line in page.page.lines]
        if squeeze(truth) in "".join(map(squeeze, lines)):
            return True
    values = (c.value for page in read for c in find_candidates(page, conventions))
    return any(same(field, plain(value), truth) for value in values)


_NEVER_LITERAL = ("advertiser", "registrant", "signer", "jurisdiction")
"""Truths that those who labelled them shortened or normalised."""


def summary(found: Sequence[Found]) -> dict[str, Any]:
    """Per field: documents with a truth, shares right, macro over groups, what was accepted."""
    fields: dict[str, Any] = {}
    for name in dict.fromkeys(f.name for f in found):
        own = [f for f in found if f.name == name]
        groups: dict[str, list[bool]] = {}
        for f in own:
            groups.setdefault(f.item.group, []).append(f.right)
        fields[name] = {
            "documents": len(own),
            "right": _share([f.right for f in own]),
            "macro": round(statistics.fmean(statistics.fmean(g) for g in groups.values()), 4),
            "readable": _share([f.readable for f in own]),
            "regex": _share([f.by_regex for f in own]),
            "accepted": _share([f.accepted for f in own]),
            "right_among_accepted": _share([f.right for f in own if f.accepted]),
        }
    accepted = [f for f in found if f.accepted]
    return {
        "fields": fields,
        "all_fields_right": _share([f.right for f in found]),
        "accepted": _share([f.accepted for f in found]),
        "right_among_accepted": _share([f.right for f in accepted]),
        "right_among_accepted_readable": _share([f.right for f in accepted if f.readable]),
    }


def _share(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None


def show(title: str, figures: Mapping[str, Any]) -> None:
    """Print one part."""
    print(f"\n{title}: right {figures['all_fields_right']}, accepted {figures['accepted']}, "
          f"right among accepted {figures['right_among_accepted']}")  # fmt: skip
    head = ("documents", "right", "macro", "readable", "regex", "accepted",
            "right_among_accepted")  # fmt: skip
    print_table(
        ("field", *head),
        [(name, *(row[key] for key in head)) for name, row in figures["fields"].items()],
    )


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--set", choices=[*SETS, "all"], required=True, dest="name")
    parser.add_argument("--half", choices=("a", "b", "all"), default="all")
    parser.add_argument("--limit", type=int, default=0, help="only so many documents")
    parser.add_argument("--cache", type=Path, help="folder for the text lines of pages")
    parser.add_argument("--rules-only", action="store_true", help="without the network")
    parser.add_argument("--misses", action="store_true", help="print what was not found")
    arguments = parser.parse_args()
    extractor = KieExtractor(rules_only=arguments.rules_only)
    for name in SETS if arguments.name == "all" else [arguments.name]:
        found, seconds = run(name, arguments.half, arguments.cache, arguments.limit, extractor)
        parts = {p: summary([f for f in found if f.item.part == p]) for p in "ab"
                 if any(f.item.part == p for f in found)}  # fmt: skip
        for part, figures in parts.items():
            show(f"{name}, half {part}", figures)
        if arguments.misses:
            for f in found:
                if not f.right:
                    print(f"  {f.item.name} {f.name}: want {f.truth!r} got {f.value!r} "
                          f"{f.score:.2f}{' accepted' if f.accepted else ''}")  # fmt: skip
        milliseconds = 1000 * statistics.median(seconds) if seconds else 0.0
        print(f"{milliseconds:.0f} ms per page after reading")
        if arguments.half == "all" and not arguments.limit:
            extra = "--rules-only" if arguments.rules_only else ""
            report = {
                "command": f"python -m benchmarks.accuracy.kie_fields --set {name} {extra}".strip(),
                "set": name,
                "network": extractor.predictor is not None,
                "ms_per_page_after_reading": round(milliseconds, 1),
                **{f"half_{part}": figures for part, figures in parts.items()},
            }
            suffix = "-rules" if arguments.rules_only else ""
            print(write_report(f"kie-{name}{suffix}", report))


if __name__ == "__main__":
    main()
