"""`structure batch` with real workers and stub models, among bad files, stopped, and watched."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from structure.core.errors import ExitCode

Command = Callable[..., Any]
CODE = "import sys; from structure.cli import main; sys.exit(main())"

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def wait_for(condition: Callable[[], object], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def report(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "report.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bad_files(good: dict[str, Path]) -> dict[str, bytes]:
    """Ten that give nothing, each for another reason."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(good["pdf"].with_name("locked"), encryption=pikepdf.Encryption("o", "u"))
    locked = good["pdf"].with_name("locked")
    files = {
        "cut.png": good["png"].read_bytes()[:60],
        "empty.pdf": b"",
        "head.tiff": good["tiff"].read_bytes()[:8],
        "locked.pdf": locked.read_bytes(),
        "magic.jpg": b"\xff\xd8\xff\xe0" + bytes(100),
        "many.png": b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 65535, 65535, 8, 2, 0, 0, 0))
        + png_chunk(b"IDAT", b"")
        + png_chunk(b"IEND", b""),
        "noise.pdf": bytes(range(256)) * 20,
        "only-a-header.pdf": b"%PDF-1.7\n",
        "page.pdf": b"<!DOCTYPE html><html><body>not here</body></html>",
        "script.pdf": b"%!PS-Adobe-3.0\nquit\n",
    }
    locked.unlink()
    return files


def test_ten_bad_files_cost_twelve_good_ones_nothing(
    command: Command, good: dict[str, Path], inputs: Path, tmp_path: Path
) -> None:
    kinds = sorted(good)
    for number in range(12):
        kind = kinds[number % len(kinds)]
        (inputs / f"good{number:02}.{kind}").write_bytes(good[kind].read_bytes())
    bad = bad_files(good)
    for name, data in bad.items():
        (inputs / name).write_bytes(data)
    out = tmp_path / "out"
    arguments = ("batch", inputs, "-o", out, "--to", "txt", "--jobs", "2")
    done = command(*arguments)
    assert (done.code, done.err) == (ExitCode.PARTIAL, "")
    done.keeps_its_word()
    assert done.out.decode().startswith("22 files: 12 done, 10 failed; 24 pages")
    made = sorted(path.name for path in out.glob("*.txt"))
    assert made == [f"good{number:02}.txt" for number in range(12)]
    lines = report(out)
    assert [line["path"] for line in lines] == sorted(bad)
    codes = {line["path"]: line["exit_code"] for line in lines}
    assert codes.pop("locked.pdf") == ExitCode.LOCKED
    assert codes.pop("many.png") == ExitCode.LIMIT
    assert set(codes.values()) == {ExitCode.INPUT}
    assert all(line["code"] and line["message"] for line in lines)
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.txt")}
    assert command(*arguments).code == ExitCode.PARTIAL
    assert {path: path.stat().st_mtime_ns for path in out.glob("*.txt")} == before


def test_a_bad_page_is_named_in_the_document_and_in_the_report(
    command: Command, good: dict[str, Path], inputs: Path, tmp_path: Path
) -> None:
    (inputs / "a.pdf").write_bytes(good["pdf"].read_bytes())
    out = tmp_path / "out"
    done = command("batch", inputs, "-o", out, "--to", "json", fault="analyze:crash:2")
    assert (done.code, done.err) == (ExitCode.PARTIAL, "")
    pages = json.loads((out / "a.json").read_text("utf-8"))["pages"]
    assert [page["n"] for page in pages] == [1, 2, 3]
    assert [page["n"] for page in pages if page.get("failure")] == [2]
    (line,) = report(out)
    assert (line["state"], line["failed_pages"], line["pages"]) == ("partial", [2], 2)
    assert "page 2" in line["message"]


@pytest.mark.parametrize(
    ("options", "failed"), [(["--fail-fast"], 1), (["--max-failures", "2"], 3)]
)
def test_a_run_may_end_after_some_failures(
    options: Sequence[str], failed: int, command: Command, inputs: Path, tmp_path: Path
) -> None:
    for number in range(6):
        (inputs / f"{number}.pdf").write_text("no PDF")
    done = command("batch", inputs, "-o", tmp_path / "out", "--jobs", "1", *options)
    assert (done.code, done.err) == (ExitCode.PARTIAL, "")
    assert done.out.decode().startswith(f"6 files: 0 done, {failed} failed, {6 - failed} left")


def test_a_disk_without_room_is_no_fault_of_the_files(
    command: Command, good: dict[str, Path], inputs: Path, tmp_path: Path
) -> None:
    (inputs / "a.png").write_bytes(good["png"].read_bytes())
    arguments = ("batch", inputs, "-o", tmp_path / "out", "--to", "txt")
    done = command(*arguments, "--min-free", "900000G")
    assert done.code == ExitCode.PARTIAL
    (line,) = report(tmp_path / "out")
    assert (line["exit_code"], line["code"]) == (ExitCode.OUTPUT, "E_SPACE")
    assert command(*arguments).code == ExitCode.OK
    assert report(tmp_path / "out") == []


def test_folders_may_be_named_by_file_urls(
    command: Command, good: dict[str, Path], inputs: Path, tmp_path: Path
) -> None:
    (inputs / "a b.png").write_bytes(good["png"].read_bytes())
    out = tmp_path / "o t"
    done = command("batch", inputs.as_uri(), "-o", out.as_uri(), "--to", "txt")
    assert (done.code, done.err) == (ExitCode.OK, "")
    assert (out / "a b.txt").is_file()
    assert command("batch", "status", out.as_uri()).code == ExitCode.OK


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start `structure batch` and go on."""
    processes: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: object, fault: str = "") -> subprocess.Popen[bytes]:
        more = {"STRUCTURE_TEST_FAULT": fault} if fault else {}
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, "batch", *map(str, arguments)],
            env={**environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # Whoever runs the tests in the background makes them deaf for Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        processes.append(process)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


@linux
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_batch_that_is_stopped_tells_how_far_it_is_and_goes_on_later(
    number: signal.Signals,
    code: int,
    start: Start,
    command: Command,
    good: dict[str, Path],
    inputs: Path,
    tmp_path: Path,
) -> None:
    (inputs / "a.png").write_bytes(good["png"].read_bytes())
    (inputs / "b.pdf").write_bytes(good["pdf"].read_bytes())
    (inputs / "c.png").write_bytes(good["png"].read_bytes())
    out = tmp_path / "out"
    arguments = (inputs, "-o", out, "--to", "txt", "--jobs", "1")
    process = start(*arguments, fault="analyze:hang:3")
    assert wait_for((out / "a.txt").is_file), process.poll()
    assert wait_for(lambda: b"in work: b.pdf" in command("batch", "status", out).out)
    told = command("batch", "status", out).out.decode().splitlines()
    assert f"process {process.pid} on " in told[0]
    assert "last sign of life" in told[0]
    assert told[1] == "3 files: 1 done, 1 in work, 1 left to do; 1 page"
    second = command("batch", *arguments)
    assert (second.code, second.error) == (ExitCode.BUSY, "E_BUSY")
    assert f"process {process.pid} " in second.err
    os.kill(process.pid, number)
    assert process.wait(10) == code
    assert sorted(path.name for path in out.iterdir()) == [".structure", "a.txt", "report.jsonl"]
    before = (out / "a.txt").stat().st_mtime_ns
    done = command("batch", *arguments)
    assert (done.code, done.err) == (ExitCode.OK, "")
    assert done.out.decode().startswith("3 files: 3 done; 5 pages; now 4 pages")
    assert (out / "a.txt").stat().st_mtime_ns == before


@linux
def test_a_watch_converts_what_comes_later_until_it_is_stopped(
    start: Start, good: dict[str, Path], inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = start(
        "watch", inputs, "-o", out, "--to", "txt", "--interval", "0.1", "--settle", "0.3"
    )
    assert wait_for((out / ".structure" / "ledger.sqlite").is_file), process.poll()
    for name in ("a.png", "b.png"):
        (inputs / name).write_bytes(good["png"].read_bytes())
        assert wait_for((out / name).with_suffix(".txt").is_file), process.poll()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == ExitCode.INTERRUPTED
