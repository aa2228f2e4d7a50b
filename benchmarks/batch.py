"""Batches: speed, resuming, kills, stopping, memory, and what Ray costs.

    python -m benchmarks.batch                    all of it, about half an hour on two idle cores
    python -m benchmarks.batch --only kills busy  some of it; other figures stay as they were

    speed     pages per minute with one worker and with two, start-up included; wants an
              idle machine                                                          aim 1.8 times
    again     a second run over 500 files that are done                             aim 10 s
    kills     20 kills at random moments, of the whole group and of the parent only;
              then one run: all outputs there, whole, equal to those of a run in peace
    workers   two workers killed in the middle
    busy      how soon a second run is refused                                      aim 2 s
    stop      how soon Ctrl-C and termination end a run                             aim 10 s
    memory    peak of all processes together for 400 pages against 40               aim 1.3 times
    thousand  a PDF of 1000 pages
    ray       pages per minute on two nodes of a Ray cluster against two processes of this
              machine; wants an idle machine                                        aim 0.85 times
    node      two nodes of a Ray cluster, one of them killed in the middle

Wall times depend on what else the machine does; the load before and after stands beside each part.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from benchmarks.report import (
    COMMIT,
    DATA,
    RESULTS,
    ROOT,
    manifest,
    print_table,
    released_weights,
    write_report,
)
from structure.batch import BatchOptions, Folder, Plan, Work, run_batch
from structure.batch.setup import configuration
from structure.core.errors import ExitCode
from structure.core.limits import Limits
from structure.isolation import ModelOptions, Outcome, Progress, TaskOptions

EXAMPLES = ROOT / "examples"
COMMAND = [sys.executable, "-c", "import sys; from structure.cli import main; sys.exit(main())"]
KILLS = 20
AGAIN = 500
PAGES = 60
STORE = 200_000_000
"""Bytes of shared memory of a node."""
SEED = 20


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """`structure batch` in a session of its own."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [*COMMAND, "batch", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=environment,
        # Whoever starts this in the background makes it deaf for Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def run(*arguments: str | Path) -> tuple[float, int, str]:
    """Seconds, exit code, and last line of `structure batch`."""
    began = time.monotonic()
    process = start(*arguments)
    out, err = process.communicate()
    if err:
        print(err, file=sys.stderr)
    return time.monotonic() - began, process.returncode, out.strip()


def write_pdf(path: Path, pages: int) -> None:
    """A PDF with a line of text on each page."""
    import pikepdf

    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=(300, 200))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            text = f"BT /F1 14 Tf 30 100 Td (This is page {number} of {path.stem}.) Tj ET"
            page.Contents = pdf.make_stream(text.encode())
        pdf.save(path, deterministic_id=True)


def small_files(folder: Path, count: int) -> None:
    """PDFs of one small page each."""
    folder.mkdir()
    for number in range(count):
        write_pdf(folder / f"{number:04}.pdf", 1)


def real_files(folder: Path, pages: int) -> None:
    """Real pages: two thirds are scanned forms of two pages each, the others receipts, articles."""
    forms = [f"form-fara/{item['file']}" for item in manifest("form-fara")][: pages // 3]
    articles = [f"docs-olmocr-bench/{item['file']}" for item in manifest("docs-olmocr-bench")]
    receipts = [f"kie-sroie/{item['file']}" for item in manifest("kie-sroie")]
    rest = pages - 2 * len(forms)
    single = [*articles[: min(8, rest // 2)], *receipts]
    folder.mkdir()
    for number, name in enumerate([*forms, *single[:rest]]):
        # All kinds spread over the run.
        shutil.copy(DATA / name, folder / f"{number * 7 % 60:02}-{name.replace('/', '-')}")


def pages_of(line: str) -> int:
    """Pages that a run did, by its last line."""
    found = re.search(r"now (\d+) pages", line)
    return int(found[1]) if found else 0


def speed(folder: Path, pages: int = PAGES) -> dict[str, Any]:
    """One worker and two."""
    real_files(folder / "in", pages)
    found: dict[str, Any] = {}
    for jobs in (1, 2):
        before = _cpu()
        seconds, code, line = run(folder / "in", "-o", folder / f"out{jobs}", "--jobs", str(jobs))
        assert code == 0, line
        found["pages"] = pages_of(line)
        found[f"seconds_{jobs}"] = round(seconds, 1)
        found[f"cpu_seconds_per_page_{jobs}"] = round((_cpu() - before) / pages_of(line), 2)
        found[f"pages_per_minute_{jobs}"] = round(pages_of(line) / seconds * 60, 1)
        found[f"load_after_{jobs}"] = _load()
    ratio = found["pages_per_minute_2"] / found["pages_per_minute_1"]
    return found | {"two_by_one": round(ratio, 2)}


class _Copies:
    """An engine that makes an output of nothing, to fill a ledger quickly."""

    def __init__(self, target: Folder) -> None:
        self._target = target

    def run(self, works: Iterable[Work], *, on_page: Progress | None = None) -> Iterator[Outcome]:
        for work in works:
            for name in work.outputs:
                self._target.write(name.encode(), b"text")
            yield Outcome(work.key, ExitCode.OK, pages_done=1)

    def stop(self) -> None:
        """Nothing is in work."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def again(folder: Path) -> dict[str, Any]:
    """The command over files that an earlier run has done; that one is played."""
    small_files(folder / "in", AGAIN)
    source, target = Folder(folder / "in"), Folder(folder / "out")
    config = configuration(TaskOptions(dpi=72), ModelOptions(), Limits())
    options = BatchOptions(Plan((".txt",), config))
    state = folder / "out" / ".structure"
    run_batch(source, target, state, lambda: _Copies(target), options)
    before = _stamps(folder / "out")
    seconds, code, line = run(folder / "in", "-o", folder / "out", "--to", "txt", "--dpi", "72")
    assert code == 0, line
    return {
        "files": len(before),
        "seconds": round(seconds, 2),
        "line": line,
        "touched": sum(before[name] != stamp for name, stamp in _stamps(folder / "out").items()),
    }


def kills(folder: Path) -> dict[str, Any]:
    """Killed at random moments, half of the times only the parent."""
    small_files(folder / "in", 60)
    options = ("--to", "docx", "--dpi", "72", "--jobs", "2")
    _, code, _ = run(folder / "in", "-o", folder / "peace", *options)
    assert code == 0
    chance = random.Random(SEED)
    broken = orphans = 0
    out = folder / "out"
    progress = []
    for kill in range(KILLS):
        process = start(folder / "in", "-o", out, *options)
        had = len(list(out.rglob("*.docx")))
        end = time.monotonic() + 60
        # Half of the kills come while it starts, half once it has done something.
        while kill % 4 > 1 and len(list(out.rglob("*.docx"))) == had and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(chance.random() * 3)
        below = _children(process.pid)
        if kill % 2:
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        time.sleep(3)
        orphans += len(_alive(process.pid, below))
        broken += sum(
            path.read_bytes() != (folder / "peace" / path.name).read_bytes()
            for path in out.rglob("*.docx")
        )
        progress.append(len(list(out.rglob("*.docx"))))
    seconds, code, line = run(folder / "in", "-o", out, *options)
    return {
        "kills": KILLS,
        "files": 60,
        "done_after_each_kill": progress,
        "broken_outputs": broken,
        "processes_left_after_3_s": orphans,
        "last_run": {"exit_code": code, "seconds": round(seconds, 1), "line": line},
        **_compared(folder / "peace", out),
    }


def workers(folder: Path) -> dict[str, Any]:
    """Two workers killed while they are at work."""
    small_files(folder / "in", 40)
    options = ("--to", "docx", "--dpi", "72", "--jobs", "2")
    run(folder / "in", "-o", folder / "peace", *options)
    out = folder / "out"
    process = start(folder / "in", "-o", out, *options)
    killed = 0
    for count in (5, 15):
        while len(list(out.rglob("*.docx"))) < count and process.poll() is None:
            time.sleep(0.02)
        children = [pid for pid in _children(process.pid) if "worker" in _command(pid)]
        if children:
            os.kill(children[0], signal.SIGKILL)
            killed += 1
    line, _ = process.communicate()
    return {
        "killed": killed,
        "exit_code": process.returncode,
        "line": line.strip(),
        **_compared(folder / "peace", out),
    }


def busy(folder: Path) -> dict[str, Any]:
    """A second run beside the first."""
    small_files(folder / "in", 200)
    first = start(folder / "in", "-o", folder / "out", "--to", "txt", "--jobs", "1")
    while not list((folder / "out").rglob("*.txt")):
        time.sleep(0.05)
    began = time.monotonic()
    second = start(folder / "in", "-o", folder / "out", "--to", "txt")
    _, err = second.communicate()
    seconds = time.monotonic() - began
    first.terminate()
    first.communicate()
    return {
        "exit_code": second.returncode,
        "seconds": round(seconds, 2),
        "names_the_first": f"process {first.pid} " in err,
    }


def stop(folder: Path) -> dict[str, Any]:
    """Ctrl-C and termination in the middle of long files."""
    found: dict[str, Any] = {}
    (folder / "in").mkdir()
    for number in range(3):
        write_pdf(folder / "in" / f"{number}.pdf", 400)
    for name, number in (("ctrl_c", signal.SIGINT), ("termination", signal.SIGTERM)):
        process = start(folder / "in", "-o", folder / "out", "--to", "txt", "--jobs", "2")
        time.sleep(15)
        began = time.monotonic()
        below = _children(process.pid)
        # As a terminal does it: the whole group gets Ctrl-C, the parent alone a termination.
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, err = process.communicate()
        found[name] = {
            "seconds": round(time.monotonic() - began, 2),
            "exit_code": process.returncode,
            "stderr": err.strip(),
            "processes_left": len(_alive(process.pid, below)),
        }
    return found


def memory(folder: Path) -> dict[str, Any]:
    """A tenth of the pages, and all of them."""
    found: dict[str, Any] = {}
    for pages in (40, 400):
        source = folder / f"in{pages}"
        source.mkdir()
        write_pdf(source / "long.pdf", pages)
        with _peak() as peak:
            process = start(source, "-o", folder / f"out{pages}", "--to", "docx", "--jobs", "1")
            peak.append(process.pid)
            line, _ = process.communicate()
        assert process.returncode == 0, line
        found[f"peak_mb_{pages}"] = round(peak[0] / 1e6)
    ratio = found["peak_mb_400"] / found["peak_mb_40"]
    return found | {"long_by_short": round(ratio, 3)}


def thousand(folder: Path) -> dict[str, Any]:
    """A thousand pages in one file."""
    (folder / "in").mkdir()
    write_pdf(folder / "in" / "long.pdf", 1000)
    with _peak() as peak:
        began = time.monotonic()
        process = start(folder / "in", "-o", folder / "out", "--to", "docx,json", "--jobs", "1")
        peak.append(process.pid)
        line, _ = process.communicate()
        seconds = time.monotonic() - began
    pages = json.loads((folder / "out" / "long.json").read_bytes())["pages"]
    return {
        "exit_code": process.returncode,
        "line": line.strip(),
        "pages_in_the_output": len(pages),
        "seconds": round(seconds),
        "peak_mb": round(peak[0] / 1e6),
    }


@contextmanager
def _cluster() -> Iterator[Any]:
    """A Ray cluster of two nodes with a core each, in processes of their own; its head has none."""
    # Ray reports to its makers unless told otherwise.
    os.environ.update(RAY_USAGE_STATS_ENABLED="0")
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 0, "object_store_memory": STORE, "include_dashboard": False}
    nodes = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(2):
            nodes.add_node(num_cpus=1, object_store_memory=STORE)
        nodes.wait_for_nodes()
        yield nodes
    finally:
        nodes.shutdown()


def ray(folder: Path, pages: int = PAGES) -> dict[str, Any]:
    """The same files on two nodes and in two processes."""
    real_files(folder / "in", pages)
    found: dict[str, Any] = {}
    with _cluster() as cluster:
        for engine in ("local", "ray"):
            where = ("--address", cluster.address) if engine == "ray" else ("--jobs", "2")
            before = _cpu()
            seconds, code, line = run(
                folder / "in", "-o", folder / engine, "--engine", engine, *where
            )
            assert code == 0, line
            found["pages"] = pages_of(line)
            found[f"seconds_{engine}"] = round(seconds, 1)
            found[f"pages_per_minute_{engine}"] = round(pages_of(line) / seconds * 60, 1)
            found[f"load_after_{engine}"] = _load()
            if engine == "local":
                found["cpu_seconds_per_page_local"] = round((_cpu() - before) / pages_of(line), 2)
    ratio = found["pages_per_minute_ray"] / found["pages_per_minute_local"]
    return found | {"ray_by_local": round(ratio, 2), **_compared(folder / "local", folder / "ray")}


def node(folder: Path) -> dict[str, Any]:
    """A node killed while both are at work; what is there in the end, against a run in peace."""
    small_files(folder / "in", 40)
    write_pdf(folder / "in" / "long.pdf", 60)
    options = ("--to", "docx", "--dpi", "72")
    run(folder / "in", "-o", folder / "peace", "--jobs", "2", *options)
    out = folder / "out"
    with _cluster() as cluster:
        process = start(
            folder / "in", "-o", out, "--engine", "ray", "--address", cluster.address, *options
        )
        while len(list(out.rglob("*.docx"))) < 10 and process.poll() is None:
            time.sleep(0.02)
        done = len(list(out.rglob("*.docx")))
        cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)
        line, err = process.communicate()
    return {
        "done_before_the_kill": done,
        "exit_code": process.returncode,
        "line": line.strip(),
        "stderr": err.strip(),
        **_compared(folder / "peace", out),
    }


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    part.__name__: part
    for part in (speed, again, kills, workers, busy, stop, memory, thousand, ray, node)
}
SIZED = ("speed", "ray")


def _load() -> float:
    return round(os.getloadavg()[0], 1)


def _cpu() -> float:
    """CPU seconds of all processes below this one that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*.txt")}


def _compared(peace: Path, out: Path) -> dict[str, Any]:
    expected = {path.name: path.read_bytes() for path in peace.rglob("*.docx")}
    made = {path.name: path.read_bytes() for path in out.rglob("*.docx")}
    return {
        "lost": len(expected.keys() - made.keys()),
        "surplus": len(made.keys() - expected.keys()),
        "different": sum(expected[name] != made[name] for name in expected.keys() & made.keys()),
        "hidden_files_left": sum(p.name.startswith(".structure-") for p in out.rglob(".*")),
    }


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on; empty where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _children(pid: int) -> list[int]:
    """All processes below one, itself not counted."""
    parents = {child: int(stat[1]) for child in _processes() if (stat := _stat(child))}
    found, ahead = [], [pid]
    while ahead:
        above = ahead.pop()
        below = [child for child, parent in parents.items() if parent == above]
        found += below
        ahead += below
    return found


def _alive(pid: int, below: Sequence[int]) -> list[int]:
    """Living processes of a run: in its session, or once below it."""
    return [
        each
        for each in _processes()
        if (stat := _stat(each)) and stat[0] not in "ZX" and (int(stat[3]) == pid or each in below)
    ]


@contextmanager
def _peak() -> Iterator[list[int]]:
    """The most memory that a process and all below it had together, in bytes.

    The list takes the id of the process; in the end it holds the peak.
    """
    watched: list[int] = []
    most = 0
    end = threading.Event()

    def watch() -> None:
        nonlocal most
        while not end.wait(0.2):
            if watched:
                most = max(most, sum(map(_proportional, [watched[0], *_children(watched[0])])))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield watched
    finally:
        end.set()
        thread.join()
        watched[:] = [most]


def _proportional(pid: int) -> int:
    """Bytes of a process; what it shares with others is divided among them."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def main() -> None:
    """Measure and write down."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    arguments.add_argument(
        "--pages", type=int, default=PAGES, help="real pages of the parts speed and ray"
    )
    chosen = arguments.parse_args()
    path = RESULTS / "batch.json"
    figures: dict[str, Any] = {}
    if path.exists():
        known = json.loads(path.read_text("utf-8"))
        figures = {name: known[name] for name in PARTS if name in known}
    for name in chosen.only:
        size = {"pages": chosen.pages} if name in SIZED else {}
        before = _load()
        with tempfile.TemporaryDirectory() as folder:
            found = PARTS[name](Path(folder), **size)
        # Parts are measured at different times, so each carries its own commit.
        told = {"commit": COMMIT, "load_before": before, "load_after": _load()}
        figures[name] = told | found
        print_table((name, ""), [(key, str(value)) for key, value in figures[name].items()])
        write_report("batch", {"command": "python -m benchmarks.batch", **figures},
                     released_weights())  # fmt: skip


if __name__ == "__main__":
    main()
