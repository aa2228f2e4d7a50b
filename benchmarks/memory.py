"""Memory: the peak of converting a long scan against that of a short one.

    python -m benchmarks.memory

Two PDFs of scanned pages (JPEG, small so that the run is short) of 10 and 100 pages are made from
`examples/`, each with its pages in the same mix, and converted to docx in fresh processes. Aim: the
long one needs at most 10 % more.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.report import ROOT, print_table, released_weights, write_report

EXAMPLES = ROOT / "examples"
SHORT, LONG = 10, 100
AIM = 1.1
DPI = 150
SIZE = 620, 874
"""Pixels of the pages made: postcards, which cost a fraction of the time of a letter."""

SOURCES = (
    ("scanned-letter.pdf", 2),
    ("scanned-letter.pdf", 3),
    ("scanned-invoice.pdf", 1),
    ("form.pdf", 1),
    ("rotated-scan.pdf", 1),
)


def build(path: Path, pages: int) -> None:
    """Write a scan of `pages` pages as PDF, cut from different places of the example scans."""
    import pypdfium2
    from PIL import Image

    sheets = []
    for name, number in SOURCES:
        with pypdfium2.PdfDocument(EXAMPLES / name) as pdf:
            page = pdf[number - 1]
            scale = 2 * SIZE[0] / page.get_width()
            sheets.append(page.render(scale=scale).to_pil().convert("RGB"))

    def cards() -> Iterator[Image.Image]:
        for n in range(pages):
            sheet = sheets[n % len(sheets)]
            x = SIZE[0] // 2 + 37 * n % (SIZE[0] // 2)
            y = 101 * n % max(1, sheet.height - SIZE[1])
            yield sheet.crop((x, y, x + SIZE[0], y + SIZE[1]))

    first, *others = cards()
    first.save(path, save_all=True, append_images=others, resolution=DPI, quality=85)


def work(path: Path, target: Path) -> dict[str, Any]:
    """Convert one file and say what it took; the body of a process of its own."""
    from structure import convert

    resident: list[int] = []
    document = convert(path, target, on_page=lambda *_: resident.append(_status("VmRSS")))
    return {
        "pages": len(document.pages),
        "failed": sum(page.failure is not None for page in document.pages),
        "peak_mb": round(_peak() / 1024),
        "after_page_mb": [round(kb / 1024) for kb in resident],
        "cpu_seconds": round(time.process_time(), 1),
    }


def _peak() -> int:
    """Most memory of this process so far, in KiB.

    Linux hands `ru_maxrss` on from the process that started this one, so its own mark is better.
    """
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _status(name: str) -> int:
    """A figure of /proc/self/status in KiB; 0 where there is none."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--work", nargs=2, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        print(json.dumps(work(*arguments.work)))
        return
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for pages in (SHORT, LONG):
            scan = Path(folder) / f"{pages}.pdf"
            build(scan, pages)
            target = scan.with_suffix(".docx")
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.memory", "--work", scan, target],
                cwd=ROOT,
                env=os.environ | {"OMP_NUM_THREADS": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise SystemExit(done.stderr)
            found[pages] = json.loads(done.stdout.splitlines()[-1])
    ratio = round(found[LONG]["peak_mb"] / found[SHORT]["peak_mb"], 3)
    print_table(
        ("pages", "peak MB", "after page 10", "after the last page", "CPU s"),
        [
            (pages, x["peak_mb"], x["after_page_mb"][9], x["after_page_mb"][-1], x["cpu_seconds"])
            for pages, x in found.items()
        ],
    )
    print(f"long / short: {ratio} (aim: at most {AIM})")
    result = {
        "command": "python -m benchmarks.memory",
        "aim": AIM,
        "long_by_short": ratio,
        "runs": found,
    }
    print(write_report("memory", result, released_weights()))


if __name__ == "__main__":
    main()
