"""Restoration: how much of a document is in the docx that is made of its pages.

    python -m benchmarks.accuracy.restoration --track oracle --peers
    python -m benchmarks.accuracy.restoration --track end-to-end --level clean,light
    python -m benchmarks.accuracy.restoration --track digital --peers

Levels may be run one after the other: at one commit they are kept in one file.

The documents are generated, so that all of their truth is known, and rendered by LibreOffice.

    writer      the truth itself goes to the docx writer: what the writer alone loses
    oracle      perfect regions and lines go to restoration: what restoration and writer lose
    end-to-end  pictures of the pages go through the whole program
    digital     the PDF goes through the whole program

Structure is the mean of text, order, para_f1, type_f1, head, teds, list, furn; Fidelity that of
page, pages, cols, size, widths, placed, box_iou, ssim, fig. Scores that say nothing about a
document (no table in it) are left out of its mean.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks.accuracy.restoration_peers import PEERS, Input
from benchmarks.accuracy.restoration_views import beside
from benchmarks.accuracy.text_metrics import read_share
from benchmarks.report import COMMIT, RESULTS, print_table, released_weights, write_report
from recovery import render, restore
from recovery.score.drawn_words import read_drawing
from recovery.score.oracle import oracle_pages
from recovery.score.raster import rasterize, worn
from recovery.score.rendering import find_office, to_pdf
from recovery.score.sample import FAMILIES, Sample, make_sample
from recovery.score.scores import FIDELITY, HYGIENE, MORE, STRUCTURE, Scores, score
from recovery.score.structure_scores import mean
from structure.core.analysis import PageAnalysis
from structure.core.document import Document, Producer, Source
from structure.core.images import PageFailure, PageImage

DPI = 200
WORST = 5
LAST_DEVELOPMENT_SEED = 9
"""Up to here seeds may serve to choose constants; later ones only measure."""
TRACKS = ("writer", "oracle", "end-to-end", "digital")
LEVELS = ("clean", "light", "heavy")
BARS: Mapping[str, float] = {
    "text": 0.995,
    "order": 0.98,
    "para_f1": 0.95,
    "type_f1": 0.95,
    "teds": 0.99,
    "furn": 0.95,
    "page": 1.0,
    "pages": 0.95,
    "cols": 0.97,
    "size": 0.9,
    "placed": 0.6,
    "ssim": 0.7,
}
"""Least means over families that restoration should reach with perfect regions and lines."""
NEAR_ORACLE = 0.05
"""End to end, Structure may stay so far behind that of perfect regions times the text read."""
_ROUNDING = 5e-4
_SHORT = ("text_read", "structure", "fidelity", "seconds")

Make = Callable[[Sample], tuple[Document, float | None]]
"""From a sample to our document, and the share of its text that was read."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one system made of one document.

    Attributes:
        read: Share of the text that was read, wherever it ended; None where it was given.
        seconds: From the file to the docx.
    """

    sample: Sample
    level: str
    system: str
    docx: bytes
    pdf: bytes | None
    scores: Scores
    read: float | None = None
    seconds: float | None = None


def from_truth(sample: Sample) -> tuple[Document, float | None]:
    """The truth itself."""
    return sample.document, None


def from_oracle(sample: Sample) -> tuple[Document, float | None]:
    """What restoration makes of perfect regions and lines."""
    pages = oracle_pages(sample, DPI)
    source = Source(f"{sample.name}.pdf", "application/pdf", "", len(pages))
    return restore(pages, source=source, producer=Producer("oracle", "1")), None


def from_files(level: str | None) -> Make:
    """The whole program, on pictures of a quality, or on the PDF where `level` is None."""
    from structure import analyze, load_models

    models = load_models()

    def make(sample: Sample) -> tuple[Document, float | None]:
        words: list[list[str]] = []

        def listen(page: PageImage | PageFailure, found: PageAnalysis, total: int) -> None:
            lines = [
                *found.lines,
                *(line for table in found.tables for line in table.lines),
                *(line for picture in found.pictures for line in picture.lines),
            ]
            words.append([word for line in lines for word in line.text.split()])

        with tempfile.TemporaryDirectory() as folder:
            files = _files(sample, level, Path(folder))
            document = analyze(
                files,
                models=models,
                dpi=DPI,
                ocr="auto" if level is None else "always",
                on_page=listen,
            )
        drawn = read_drawing(sample.pdf)
        truth = [
            [word.text for word in drawn.words if word.page == n + 1]
            for n in range(len(drawn.sizes))
        ]
        return document, read_share(truth, words)

    return make


def _files(sample: Sample, level: str | None, folder: Path) -> list[Path]:
    if level is None:
        path = folder / f"{sample.name}.pdf"
        path.write_bytes(sample.pdf)
        return [path]
    paths: list[Path] = []
    for n, page in enumerate(rasterize(sample.pdf, DPI), start=1):
        paths.append(folder / f"{sample.name}-{n:03}.png")
        pixels = np.ascontiguousarray(worn(page, level, 1000 * sample.seed + n))
        Image.fromarray(pixels).save(paths[-1], dpi=(DPI, DPI), compress_level=1)
    return paths


def run(track: str, level: str, samples: Sequence[Sample], peers: Sequence[str]) -> list[Result]:
    """All systems on all samples; ours is called "ours"."""
    make = _maker(track, level)
    results: list[Result] = []
    for sample in samples:
        begun = perf_counter()
        document, read = make(sample)
        made = {"ours": render(document, ".docx").data}
        seconds = perf_counter() - begun
        for name in peers:
            data = PEERS[name].make(Input(sample.pdf, sample.document, document))
            if data is not None:
                made[name] = data
        pdfs = to_pdf({f"{name}.docx": data for name, data in made.items()})
        for name, data in made.items():
            pdf = pdfs.get(f"{name}.docx")
            scores = score(sample.document, sample.pdf, data, pdf)
            own = (read, seconds) if name == "ours" else (None, None)
            results.append(Result(sample, level, name, data, pdf, scores, *own))
        ours = next(r for r in results[::-1] if r.system == "ours").scores
        print(f"{sample.name} {level}: {ours.structure:.3f} {ours.fidelity or 0:.3f}", flush=True)
    return results


def _maker(track: str, level: str) -> Make:
    if track == "writer":
        return from_truth
    if track == "oracle":
        return from_oracle
    return from_files(None if track == "digital" else level)


def means(results: Sequence[Result]) -> dict[str, Any]:
    """Mean scores and aggregates of some results."""
    figures: dict[str, Any] = {
        "documents": len(results),
        "structure": _mean([r.scores.structure for r in results]),
        "fidelity": _mean([r.scores.fidelity for r in results]),
    }
    for name in (*STRUCTURE, *FIDELITY, *MORE, *HYGIENE):
        figures[name] = _mean([r.scores.values[name] for r in results])
    more = {
        "text_read": _mean([r.read for r in results]),
        "seconds": _mean([r.seconds for r in results]),
    }
    return {**figures, **{name: value for name, value in more.items() if value is not None}}


def _mean(values: Sequence[float | None]) -> float | None:
    found = mean(values)
    return None if found is None else round(found, 4)


def over_families(families: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Mean of the means of families, so that each counts alike."""
    names = next(iter(families.values())).keys() - {"documents"}
    return {
        "documents": sum(figures["documents"] for figures in families.values()),
        **{
            name: _mean([figures.get(name) for figures in families.values()])
            for name in sorted(names)
        },
    }


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """By level and system: all families together, and each of them."""
    found: dict[str, Any] = {}
    for level in dict.fromkeys(r.level for r in results):
        found[level] = {}
        for system in dict.fromkeys(r.system for r in results):
            own = [r for r in results if (r.level, r.system) == (level, system)]
            if not own:
                continue
            names = dict.fromkeys(r.sample.family for r in own)
            families = {name: means([r for r in own if r.sample.family == name]) for name in names}
            found[level][system] = {"all": over_families(families), "families": families}
    return found


def verdicts(figures: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The bars beside what was reached; `lost` must be 0."""
    found = {
        name: {"bar": bar, "reached": figures[name], "ok": figures[name] >= bar - _ROUNDING}
        for name, bar in BARS.items()
        if figures.get(name) is not None
    }
    found["lost"] = {"bar": 0.0, "reached": figures["lost"], "ok": figures["lost"] == 0}
    return found


def worst(results: Sequence[Result]) -> list[Result]:
    """Our documents with the lowest sums of both aggregates."""

    def total(result: Result) -> float:
        return (result.scores.structure or 0.0) + (result.scores.fidelity or 0.0)

    return sorted((r for r in results if r.system == "ours"), key=total)[:WORST]


def main() -> None:
    """Run, print and keep the figures."""
    arguments = _arguments()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    cv2.setNumThreads(1)
    if find_office() is None:
        raise SystemExit("the documents are rendered by LibreOffice, which is not installed")
    peers = _peers(arguments.track) if arguments.peers else []
    samples = [
        make_sample(family, seed, cache=arguments.cache)
        for family in arguments.families
        for seed in arguments.seeds
    ]
    results = [
        result
        for level in arguments.level
        for result in run(arguments.track, level, samples, peers)
    ]
    figures = summary(results)
    report: dict[str, Any] = {
        "command": _command(arguments),
        "track": arguments.track,
        "levels": figures,
        "worst": [f"{r.sample.name} {r.level}" for r in worst(results)],
        "scores": [_entry(result) for result in results],
    }
    if arguments.track == "oracle":
        report["bars"] = verdicts(figures["clean"]["ours"]["all"])
    if arguments.track == "end-to-end":
        report["near_oracle"] = _near_oracle(figures, samples)
    _print(arguments.track, figures, report)
    if arguments.pictures is not None:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
        for result in worst(results):
            name = f"{arguments.track}-{result.level}-{result.sample.name}.png"
            beside(result.sample.pdf, result.pdf).save(arguments.pictures / name)
            print(arguments.pictures / name)
    if arguments.whole:
        weights = released_weights() if arguments.track in ("end-to-end", "digital") else ()
        name = f"restoration-{arguments.track}"
        print(write_report(name, with_other_levels(report, RESULTS / f"{name}.json"), weights))


def with_other_levels(report: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """The report with the levels that an earlier run of this commit left in a file."""
    earlier = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    if earlier.get("commit") != COMMIT:
        return dict(report)
    others = earlier["levels"].keys() - report["levels"].keys()
    if not others:
        return dict(report)
    kept = [entry for entry in earlier["scores"] if entry["level"] in others]
    merged = {
        **report,
        "command": "\n".join([earlier["command"], report["command"]]),
        "levels": {name: earlier["levels"][name] for name in sorted(others)} | report["levels"],
        "scores": kept + report["scores"],
    }
    if "near_oracle" in report:
        near = {name: earlier["near_oracle"][name] for name in sorted(others)}
        merged["near_oracle"] = near | report["near_oracle"]
    return merged


def _near_oracle(figures: Mapping[str, Any], samples: Sequence[Sample]) -> dict[str, Any]:
    """Structure beside that of perfect regions times the share of the text that was read."""
    oracle = summary(run("oracle", "clean", samples, ()))["clean"]["ours"]["all"]["structure"]
    found = {}
    for level, systems in figures.items():
        own = systems["ours"]["all"]
        wanted = round(oracle * own["text_read"] - NEAR_ORACLE, 4)
        reached = own["structure"]
        found[level] = {
            "oracle": oracle,
            "text_read": own["text_read"],
            "bar": wanted,
            "reached": reached,
            "ok": reached >= wanted,
        }
    return found


def _peers(track: str) -> list[str]:
    """The peers that are installed; pdf2docx reads PDFs only."""
    found = []
    for name, peer in PEERS.items():
        if name == "pdf2docx" and track == "end-to-end":
            continue
        if peer.missing():
            print(f"skipped {name}: {peer.missing()} is not installed")
        else:
            found.append(name)
    return found


def _entry(result: Result) -> dict[str, Any]:
    scores = result.scores
    rounded = {k: None if v is None else round(v, 4) for k, v in scores.values.items()}
    return {
        "document": result.sample.name,
        "level": result.level,
        "system": result.system,
        "structure": _mean([scores.structure]),
        "fidelity": _mean([scores.fidelity]),
        **rounded,
        **({} if result.read is None else {"text_read": round(result.read, 4)}),
        **({} if result.seconds is None else {"seconds": round(result.seconds, 1)}),
        "faults": list(scores.faults[:5]),
        "lost_texts": [text[:80] for text in scores.lost[:5]],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--track", choices=TRACKS, default="oracle")
    parser.add_argument("--level", default="clean", help="clean,light,heavy; end-to-end only")
    parser.add_argument("--families", default=",".join(FAMILIES), help="default: all")
    parser.add_argument("--seeds", default="11,12,13", help="numbers; 1 to 9 are for development")
    parser.add_argument("--peers", action="store_true", help="also run other programs")
    parser.add_argument("--pictures", type=Path, help="folder for the worst five, side by side")
    default = Path(tempfile.gettempdir()) / "restoration-samples"
    parser.add_argument("--cache", type=Path, default=default, help="folder for renderings")
    found = parser.parse_args()
    found.families = found.families.split(",")
    found.seeds = [int(seed) for seed in found.seeds.split(",")]
    found.level = found.level.split(",") if found.track == "end-to-end" else ["clean"]
    unknown = {*found.families} - {*FAMILIES} | {*found.level} - {*LEVELS}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    # Figures of a part of the documents, or of those for development, are for the eye only.
    found.whole = [*found.families] == [*FAMILIES] and min(found.seeds) > LAST_DEVELOPMENT_SEED
    return found


def _command(arguments: argparse.Namespace) -> str:
    parts = [f"python -m benchmarks.accuracy.restoration --track {arguments.track}"]
    if arguments.track == "end-to-end":
        parts.append(f"--level {','.join(arguments.level)}")
    parts.append(f"--seeds {','.join(map(str, arguments.seeds))}")
    return " ".join([*parts, "--peers"] if arguments.peers else parts)


def _print(track: str, figures: Mapping[str, Any], report: Mapping[str, Any]) -> None:
    shown = ("structure", "fidelity", *STRUCTURE, *FIDELITY, *MORE, *HYGIENE)
    for part in (
        ("structure", *STRUCTURE, "kendall", "teds_s"),
        ("fidelity", *FIDELITY, *MORE[2:]),
    ):
        print_table(
            ("level", "system", "family", *part),
            [
                (level, system, family, *(own.get(name) for name in part if name in shown))
                for level, systems in figures.items()
                for system, found in systems.items()
                for family, own in (
                    ("all", found["all"]),
                    *(found["families"].items() if system == "ours" else ()),
                )
            ],
        )
    print_table(
        ("level", "system", *HYGIENE),
        [
            (level, system, *(found["all"][name] for name in HYGIENE))
            for level, systems in figures.items()
            for system, found in systems.items()
        ],
    )
    if track in ("end-to-end", "digital"):
        print_table(
            ("level", "family", "text read", "structure", "fidelity", "seconds"),
            [
                (level, family, *(own.get(n) for n in _SHORT))
                for level, systems in figures.items()
                for family, own in (
                    *systems["ours"]["families"].items(),
                    ("all", systems["ours"]["all"]),
                )
            ],
        )
    for name, more in (("bars", ()), ("near_oracle", ("oracle", "text_read"))):
        rows = report.get(name, {}).items()
        if rows:
            print_table(
                (name, *more, "bar", "reached", "verdict"),
                [
                    (
                        key,
                        *(found[n] for n in more),
                        found["bar"],
                        found["reached"],
                        "ok" if found["ok"] else "MISSED",
                    )
                    for key, found in rows
                ],
            )
    print(f"worst ({track}): {', '.join(report['worst'])}")


if __name__ == "__main__":
    main()
