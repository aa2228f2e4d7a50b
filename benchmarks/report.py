"""The one place where figures are written down: what was measured, on which code and machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from structure.core.weights import Weights

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
DATA = ROOT.parent / "shared" / "data"
"""The real pages with ground truth that lie beside a development checkout."""

RUNTIMES = ("openvino", "onnxruntime", "torch", "rapidocr", "opencv-python-headless", "numpy")


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def _commit() -> str:
    """The commit, with a plus sign where tracked files differ from it."""
    head = _git("rev-parse", "HEAD")
    # Reports of other runs change no figure.
    changed = _git(
        "status", "--porcelain", "--untracked-files=no", "--", ".", ":!benchmarks/results"
    )
    return head + ("+" if changed else "")


# Taken when the run begins: in a long run others may commit, which changes nothing of the run.
COMMIT = _commit()


def half(document: str) -> str:
    """The half of a set that a document belongs to, by its name alone.

    Half "a" may serve to choose constants, half "b" only to measure.
    """
    return "ab"[sha256(document.encode()).digest()[0] % 2]


def write_report(name: str, figures: Mapping[str, Any], weights: Iterable[Weights] = ()) -> Path:
    """Write `figures` to `benchmarks/results/<name>.json`, with all that they depend on.

    Args:
        name: File name without its suffix.
        figures: Anything that JSON can hold.
        weights: The weight files in use; their digests are written.
    """
    report = {
        "commit": COMMIT,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": _machine(),
        "versions": {found: v for found in RUNTIMES if (v := _version(found)) is not None},
        "weights_sha256": {used.name: used.sha256 for used in weights},
        **figures,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    target = RESULTS / f"{name}.json"
    target.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return target.relative_to(ROOT)


def released_weights() -> list[Weights]:
    """All weight files that the whole pipeline uses."""
    from layout.weights import RELEASED as LAYOUT
    from structure.orientation.weights import RELEASED as ORIENTATION
    from table.weights import RELEASED as TABLE

    return [*LAYOUT.values(), *ORIENTATION.values(), *TABLE.values()]


def manifest(name: str) -> list[dict[str, Any]]:
    """The items of a set of real pages.

    Raises:
        SystemExit: the pages are not beside this checkout.
    """
    path = DATA / name / "manifest.jsonl"
    if not path.is_file():
        raise SystemExit(f"the real pages are not beside this checkout ({name} is missing)")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in markdown; numbers stand on the right."""
    cells = [[_shown(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    print(_row(head, widths))
    print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    for row in cells:
        print(_row(row, widths))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (f"{c:<{w}}" if n == 0 else f"{c:>{w}}" for n, (c, w) in enumerate(
        zip(cells, widths, strict=True)
    ))  # fmt: skip
    return "| " + " | ".join([first, *rest]) + " |"


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
