"""The docx writer on much content: a long document, and a large table.

    python -m benchmarks.docx_size

Documents of 50 and 500 pages of drawn-up text (paragraphs with their lines, and a table on every
page) are written as docx in fresh processes; nothing is recognised. What the document itself takes
is told apart from what writing it adds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from typing import Any

from benchmarks.memory import _peak, _status
from benchmarks.report import ROOT, print_table, write_report
from structure.core.document import (
    Document,
    Line,
    Margins,
    Page,
    Place,
    Producer,
    Source,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import Box

PAGES = 50, 500
ROWS, COLUMNS = 200, 8
WORDS = "The committee met on three days in March and heard from eleven offices about it all"
STYLE = Style(size=10, family="serif", align="justify", pitch=12, space_before=6)


def long_document(pages: int) -> Document:
    """Twelve paragraphs of four lines and a table of ten rows on every page."""
    return Document(
        Producer("docstructure", "0"),
        Source("long.pdf", "application/pdf", "0" * 64, pages),
        pages=tuple(Page(n, 595.0, 842.0, margins=Margins()) for n in range(1, pages + 1)),
        body=tuple(
            block
            for page in range(1, pages + 1)
            for block in (*(_paragraph(page, n) for n in range(12)), table(page, 10, 4))
        ),
        style=STYLE,
        lang=("en",),
    )


def _paragraph(page: int, number: int) -> TextBlock:
    y = 72.0 + 42 * number
    lines = tuple(
        Line(f"{WORDS} {page}.{number}.{n}", Box(72, y + 10 * n, 523, y + 10 * n + 9))
        for n in range(4)
    )
    box, text = Box(72, y, 523, y + 39), " ".join(line.text for line in lines)
    place = Place(page, box, lines)
    return TextBlock(f"p{page}.b{number}", "paragraph", page, box, text, style=STYLE, at=(place,))


def table(page: int, rows: int, columns: int) -> TableBlock:
    """A table of short words."""
    cells = tuple(
        TableCell(f"p{page}.t.r{row}c{col}", row, col, text=f"{row},{col}")
        for row in range(rows)
        for col in range(columns)
    )
    return TableBlock(f"p{page}.t", page, Box(72, 600, 523, 740), rows, columns, cells)


def work(pages: int) -> dict[str, Any]:
    """Write one document and say what it took; the body of a process of its own."""
    from recovery.writers.docx_writer import render_docx

    document = long_document(pages)
    before, start = _status("VmRSS"), time.process_time()
    size = len(render_docx(document).data)
    return {
        "pages": pages,
        "document_mb": round(before / 1024),
        "peak_mb": round(_peak() / 1024),
        "added_mb": round((_peak() - before) / 1024),
        "file_mb": round(size / 2**20, 1),
        "cpu_seconds": round(time.process_time() - start, 2),
    }


def table_seconds() -> float:
    """Time for a document with one table of `ROWS` x `COLUMNS`, the best of three."""
    from dataclasses import replace

    from recovery.writers.docx_writer import render_docx

    document = replace(long_document(1), body=(table(1, ROWS, COLUMNS),))
    found = []
    for _ in range(3):
        start = time.process_time()
        render_docx(document)
        found.append(time.process_time() - start)
    return round(min(found), 2)


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--work", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        print(json.dumps(work(arguments.work)))
        return
    runs = []
    for pages in PAGES:
        command = [sys.executable, "-m", "benchmarks.docx_size", "--work", str(pages)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    short, long = runs
    head = ("pages", "document_mb", "peak_mb", "added_mb", "file_mb", "cpu_seconds")
    print_table(head, [[run[name] for name in head] for run in runs])
    more = (long["added_mb"] - short["added_mb"]) / (PAGES[1] - PAGES[0])
    found: dict[str, Any] = {
        "runs": runs,
        "added_kb_per_page": round(1024 * more),
        "table": {"rows": ROWS, "columns": COLUMNS, "cpu_seconds": table_seconds()},
    }
    print(f"a table of {ROWS} x {COLUMNS}: {found['table']['cpu_seconds']} s")
    print(write_report("docx-size", found))


if __name__ == "__main__":
    main()
