"""A batch whose engine copies files slowly, in processes of its own: something to be killed.

python slow_copy.py IN OUT SECONDS
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from structure.batch import BatchOptions, Folder, Plan, Work, run_batch
from structure.core.errors import ExitCode
from structure.isolation import Outcome, Progress

WORKER = """
import os, sys, time
from pathlib import Path
from structure.core.output import write_atomic

seconds = float(sys.argv[1])
for line in sys.stdin:  # ends with the death of the parent
    source, target = line.rstrip("\\n").split("\\t")
    data = Path(source).read_bytes()
    def write(file):
        for k in range(4):
            file.write(data[k * len(data) // 4 : (k + 1) * len(data) // 4])
            file.flush()
            time.sleep(seconds / 4)
    write_atomic(target, write)
    print("done", flush=True)
"""


class SlowEngine:
    """One worker process, one file at a time."""

    def __init__(self, source: Folder, target: Folder, seconds: float) -> None:
        self._source, self._target = source, target
        self._worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, works: Iterable[Work], *, on_page: Progress | None = None) -> Iterator[Outcome]:
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        for work in works:
            (name,) = work.outputs
            paths = self._source.locate(work.path), self._target.locate(os.fsencode(name))
            print(*paths, sep="\t", file=self._worker.stdin, flush=True)
            assert self._worker.stdout.readline() == "done\n"
            yield Outcome(work.key, ExitCode.OK, pages_done=1)

    def stop(self) -> None:
        self._worker.kill()
        self._worker.wait()

    def __enter__(self) -> SlowEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def main(inputs: Path, outputs: Path, seconds: float) -> None:
    outputs.mkdir(exist_ok=True)
    source, target = Folder(inputs), Folder(outputs)
    result = run_batch(
        source,
        target,
        outputs / ".structure",
        lambda: SlowEngine(source, target, seconds),
        BatchOptions(Plan((".txt",), "one")),
    )
    sys.stdout.write(f"{result.done_now} of {result.counts.files}\n")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
