"""Mutual learning of two networks (U-DML) beside plain training, on the same time.

    python -m benchmarks.accuracy.kie_udml --minutes 6

Both runs see the same pages in the same order, from the same seed, on one thread and for the same
CPU time (not counting the process that makes pages); a step of mutual learning costs about twice as
much, so that run makes half as many. A third run has as many steps as the mutual one, to part the
two effects. All are scored on generated pages
of families and locales that none of them saw.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from benchmarks.accuracy.kie_synthetic import measure
from benchmarks.report import print_table, write_report
from kie.predictor import NetworkPredictor
from kie.training.__main__ import PIECES
from kie.training.batches import load
from kie.training.config import NAMED
from kie.training.pretrain import pretraining

CONFIG = replace(NAMED["kie-mini"], seed=11)


def train(folder: Path, mutual: bool, *, seconds: float, steps: float) -> dict[str, Any]:
    """One run, and its scores.

    Args:
        folder: For its files.
        mutual: Whether a second network learns along from the start.
        seconds: CPU time.
        steps: Likewise; how fast the learning rate falls depends on the tighter one.
    """
    config = replace(CONFIG, mutual_from=0.0 if mutual else 1.0)
    trainer, batches = pretraining(config, folder, PIECES, "cpu")
    trainer.run(
        load(batches, config.workers), seconds=seconds, steps=steps, clock=time.process_time
    )
    predictor = NetworkPredictor.from_file(trainer.export())
    return {
        "mutual": mutual,
        "steps": trainer.progress.steps,
        "cpu_seconds": round(trainer.progress.seconds),
        "hmean": measure(predictor, 20)["all"],
    }


def main() -> None:
    """Run, print and keep the figures."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("--minutes", type=float, default=6.0, help="CPU time of each timed run")
    options = command.parse_args()
    torch.set_num_threads(1)
    seconds = 60 * options.minutes
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        mutual = train(root / "mutual", True, seconds=seconds, steps=math.inf)
        plain = train(root / "plain", False, seconds=seconds, steps=math.inf)
        short = train(root / "short", False, seconds=math.inf, steps=mutual["steps"])
    rows = {"U-DML": mutual, "plain, same time": plain, "plain, same steps": short}
    names = list(plain["hmean"])
    print_table(
        ["training", "steps", *names],
        [[name, row["steps"], *(row["hmean"][n] for n in names)] for name, row in rows.items()],
    )
    print(write_report("kie-udml", {"minutes": options.minutes, "runs": rows}))


if __name__ == "__main__":
    main()
