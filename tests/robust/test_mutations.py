"""Files that were good once: cut, with bytes exchanged, with headers that lie, with loops.

Whatever becomes of them, it is one of three things: a whole output, an output with named gaps, or
one clear error and no output.
"""

from __future__ import annotations

import json
import random
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from structure.core.errors import ExitCode
from structure.core.limits import Limits
from structure.isolation import Outcome, Task, WorkerPool

ROOT = Path(__file__).resolve().parents[2]
HOOKS = Path(__file__).parent / "hooks"

KINDS = ("pdf", "png", "jpg", "tiff")
CUTS = 16
NUMBERS = (0, 1, -1, 2**31 - 1, 2**16 - 1, 0x41414141)
LIMITS = Limits(page_seconds=6, file_seconds=30, file_size=10_000_000, pages=20)
WRITTEN = (ExitCode.OK, ExitCode.PARTIAL)
ENDINGS = (*WRITTEN, ExitCode.INPUT, ExitCode.LOCKED, ExitCode.LIMIT)


def mutant(data: bytes, seed: int) -> bytes:
    """A damaged copy: in turn cut short, with bytes exchanged, or with a number set."""
    dice = random.Random(seed)
    way = seed % 3
    if way == 0:
        return data[: len(data) * dice.randrange(1, CUTS) // CUTS]
    changed = bytearray(data)
    if way == 1:
        for _ in range(2 ** dice.randrange(11)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        return bytes(changed)
    number = dice.choice(NUMBERS)
    digits = [m.span() for m in re.finditer(rb"(?<=[ \[])\d+(?=[ \]/>])", data)]
    if data.startswith(b"%PDF") and digits:
        start, end = dice.choice(digits)
        return data[:start] + str(number).encode() + data[end:]
    place = dice.randrange(min(len(data), 400) - 4)
    changed[place : place + 4] = struct.pack(dice.choice("<>") + "I", number % 2**32)
    return bytes(changed)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(HOOKS))
        patch.setenv("STRUCTURE_TEST_MODELS", "stub")
        with WorkerPool(2, limits=LIMITS) as workers:
            yield workers


def keeps_its_word(outcome: Outcome, target: Path) -> None:
    assert outcome.exit_code in ENDINGS, outcome
    if outcome.exit_code in WRITTEN:
        pages = json.loads(target.read_text("utf-8"))["pages"]
        empty = tuple(page["n"] for page in pages if page.get("failure"))
        assert pages
        assert outcome.pages_failed == empty
        assert outcome.pages_done == len(pages) - len(empty) > 0
        assert (outcome.exit_code is ExitCode.OK) == (
            not any(warning.severity == "loss" for warning in outcome.warnings)
        )
        return
    assert not target.exists()
    assert outcome.error_code is not None
    assert outcome.message
    assert len(outcome.message.splitlines()) == 1
    assert len(outcome.message) <= 300


def run(pool: WorkerPool, files: dict[str, bytes], folder: Path) -> list[Outcome]:
    tasks = []
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    for name, data in files.items():
        (folder / "in" / name).write_bytes(data)
        target = folder / "out" / f"{name}.json"
        tasks.append(Task(name, folder / "in" / name, (target,)))
    outcomes = list(pool.run(tasks))
    assert sorted(outcome.key for outcome in outcomes) == sorted(files)
    for outcome in outcomes:
        keeps_its_word(outcome, folder / "out" / f"{outcome.key}.json")
    made = {path.name for path in (folder / "out").iterdir()}
    assert made == {f"{o.key}.json" for o in outcomes if o.exit_code in WRITTEN}
    return outcomes


@pytest.mark.parametrize(
    "seeds", [range(32), pytest.param(range(32, 300), marks=pytest.mark.slow)], ids=["few", "all"]
)
@pytest.mark.timeout(900)
def test_damaged_files_give_an_output_or_an_error_and_nothing_else(
    seeds: range, pool: WorkerPool, good: dict[str, Path], tmp_path: Path
) -> None:
    files = {}
    for seed in seeds:
        kind = KINDS[seed // 3 % len(KINDS)]
        files[f"{seed}.{kind}"] = mutant(good[kind].read_bytes(), seed)
    outcomes = run(pool, files, tmp_path)
    # Some of each: a test in which all fail, or none, would show little.
    assert any(outcome.exit_code in WRITTEN for outcome in outcomes)
    assert any(outcome.exit_code not in WRITTEN for outcome in outcomes)


def pdf_of(body: bytes, count: bytes = b"1", kids: bytes = b"[3 0 R]") -> bytes:
    """A PDF by hand, with objects from number 3 on; without a table of places."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count " + count + b"/Kids" + kids + b">>endobj\n" + body + b"\n"
        b"trailer<</Root 1 0 R/Size 99>>\n%%EOF\n"
    )


PAGE = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]"


def nested_forms(depth: int) -> bytes:
    """Each form draws the next one ten times."""
    parts = [
        PAGE + b"/Resources<</XObject<</F 10 0 R>>>>/Contents 4 0 R>>endobj\n",
        b"4 0 obj<</Length 4>>stream\n/F Do\nendstream endobj\n",
    ]
    for n in range(depth):
        inner = b"/F Do " * 10 if n + 1 < depth else b"0 0 5 5 re f"
        parts.append(
            b"%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<</XObject"
            b"<</F %d 0 R>>>>/Length %d>>stream\n"
            % (10 + n, 11 + n, len(inner))
            + inner
            + b"\nendstream endobj\n"
        )
    return pdf_of(b"".join(parts))


def bomb() -> bytes:
    """A content stream that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    chunk = b"0 0 5 5 re f\n" * 100_000
    data = b"".join(packer.compress(chunk) for _ in range(800)) + packer.flush()
    return pdf_of(
        PAGE
        + b"/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(data)
        + data
        + b"\nendstream endobj"
    )


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


TRAPS = {
    "loop-in-the-page-tree": pdf_of(PAGE + b">>endobj", kids=b"[2 0 R 3 0 R]"),
    "a-page-is-its-own-parent": pdf_of(b"3 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj"),
    "a-thousand-million-pages": pdf_of(PAGE + b">>endobj", count=b"1000000000"),
    "fewer-than-no-pages": pdf_of(PAGE + b">>endobj", count=b"-5"),
    "no-pages": pdf_of(b"", count=b"0", kids=b"[]"),
    "a-page-as-large-as-a-country": pdf_of(
        PAGE.replace(b"200 100", b"14400000 14400000") + b">>endobj"
    ),
    "a-page-without-extent": pdf_of(PAGE.replace(b"200 100", b"0 0") + b">>endobj"),
    "a-page-of-nonsense": pdf_of(PAGE.replace(b"200 100", b"/A null") + b">>endobj"),
    "a-page-inside-out": pdf_of(PAGE.replace(b"0 0 200 100", b"200 100 0 0") + b">>endobj"),
    "turned-by-a-seventh": pdf_of(PAGE + b"/Rotate 51>>endobj"),
    "a-unit-of-nothing": pdf_of(PAGE + b"/UserUnit 0>>endobj"),
    "contents-that-are-the-page": pdf_of(PAGE + b"/Contents 3 0 R>>endobj"),
    "forms-in-forms": nested_forms(12),
    "brackets-without-end": pdf_of(PAGE + b"/X " + b"[" * 100_000 + b">>endobj"),
    "only-a-header": b"%PDF-1.7\n",
    "postscript-named-pdf": b"%!PS-Adobe-3.0\n(%PDF-1.4) print quit\n",
    "a-png-of-four-thousand-million-pixels": (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 65535, 65535, 8, 2, 0, 0, 0))
        + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")
    ),
    "a-tiff-that-is-a-circle": (
        b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 256, 4, 1, 10)
        + struct.pack("<I", 8)
    ),
}  # fmt: skip


def test_traps_catch_nobody(pool: WorkerPool, tmp_path: Path) -> None:
    outcomes = {o.key: o for o in run(pool, dict(TRAPS), tmp_path)}
    assert outcomes["a-page-inside-out"].exit_code is ExitCode.OK
    assert outcomes["turned-by-a-seventh"].exit_code is ExitCode.OK
    assert outcomes["no-pages"].exit_code is ExitCode.INPUT
    assert outcomes["a-png-of-four-thousand-million-pixels"].error_code == "E_PIXELS"
    assert outcomes["postscript-named-pdf"].error_code == "E_KIND"


@pytest.mark.slow
def test_a_stream_that_unpacks_to_a_gigabyte_costs_its_page(
    pool: WorkerPool, tmp_path: Path
) -> None:
    (outcome,) = run(pool, {"bomb.pdf": bomb()}, tmp_path)
    assert outcome.seconds < 60


def test_a_bad_page_in_the_middle_of_a_good_document_is_named(
    pool: WorkerPool, good: dict[str, Path], tmp_path: Path
) -> None:
    with pikepdf.open(good["pdf"]) as pdf:
        pdf.pages[1].obj.MediaBox = pikepdf.Array([0, 0, 0, 0])
        pdf.save(tmp_path / "middle.pdf")
    files = {"middle.pdf": (tmp_path / "middle.pdf").read_bytes()}
    (outcome,) = run(pool, files, tmp_path)
    assert outcome.pages_failed in ((), (2,))
