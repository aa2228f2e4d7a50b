"""`python -m kie.training`: train on generated pages, or fine-tune on one's own."""

from __future__ import annotations

import argparse
import logging
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from kie.training.batches import load
from kie.training.config import NAMED, TrainingConfig, read_config
from kie.training.finetune import finetune
from kie.training.pretrain import pretraining
from kie.weights import TOKENIZER
from structure.core.errors import ConfigError, StructureError

PIECES = Path(__file__).parents[1] / "pretrained" / TOKENIZER


def parser() -> argparse.ArgumentParser:
    """The command line."""
    command = argparse.ArgumentParser(prog="python -m kie.training", description=__doc__)
    command.add_argument("--out", type=Path, required=True, help="folder of the run")
    command.add_argument(
        "--config", default="kie-mini", help=f"one of {', '.join(NAMED)}, or a JSON file"
    )
    command.add_argument("--budget-minutes", type=float, default=math.inf, metavar="N")
    command.add_argument("--steps", type=int, help="stop after so many batches")
    command.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    command.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    command.add_argument("--threads", type=int, default=1, help="of the processor")
    command.add_argument("--pieces", type=Path, default=PIECES, help="tokenizer.json")
    command.add_argument(
        "--finetune", type=Path, metavar="PAGES", help="labelled pages: XFUND or PaddleOCR format"
    )
    command.add_argument(
        "--weights", type=Path, help="what to begin with; to fine-tune, the released by default"
    )
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; the exit status."""
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    torch.set_num_threads(options.threads)
    try:
        if options.finetune is not None:
            finetune(
                options.finetune,
                options.out,
                weights=options.weights,
                seconds=60 * options.budget_minutes,
                steps=options.steps,
                device=options.device,
            )
        else:
            _train(options)
    except StructureError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return int(error.exit_code)
    return 0


def _train(options: argparse.Namespace) -> None:
    config: TrainingConfig = read_config(options.config)
    if options.steps is None and math.isinf(options.budget_minutes):
        raise ConfigError("the run would never end", hint="give --budget-minutes or --steps")
    if not options.resume and (options.out / "checkpoint").exists():
        raise ConfigError(f"{options.out} holds a run already", hint="give --resume")
    trainer, batches = pretraining(
        config,
        options.out,
        options.pieces,
        options.device,
        weights=options.weights,
        resume=options.resume,
    )
    trainer.run(
        load(batches, config.workers),
        seconds=60 * options.budget_minutes,
        steps=options.steps or math.inf,
    )


if __name__ == "__main__":
    raise SystemExit(main())
