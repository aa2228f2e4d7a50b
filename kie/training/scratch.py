"""A run from scratch, on pages from the generator."""

from __future__ import annotations

from pathlib import Path

import torch

from kie.tokenizer import WordTokenizer
from kie.training.batches import Noise, PageBatches
from kie.training.config import TrainingConfig
from kie.training.generated import GeneratedPages
from kie.training.loop import Trainer
from kie.training.losses import Learner


def from_scratch(
    config: TrainingConfig, folder: Path, pieces: Path, device: str, *, resume: bool = False
) -> tuple[Trainer, PageBatches]:
    """A trainer with a new network, and the pages that it has not seen yet.

    Args:
        config: Of the run.
        folder: Where checkpoints and weights go.
        pieces: The `tokenizer.json`.
        device: As PyTorch names it.
        resume: Whether to go on from the checkpoint in the folder, where there is one.

    Raises:
        ModelError: tokenizer or checkpoint cannot be used.
    """
    tokenizer = WordTokenizer.read(pieces)
    torch.manual_seed(config.seed)
    learner = Learner(config.network(tokenizer.size))
    trainer = Trainer(learner, config, folder, pieces, device)
    if resume:
        trainer.resume()
    batches = PageBatches(
        GeneratedPages(config.seed, config.held_out),
        learner.network.config,
        tokenizer,
        pages=config.pages,
        noise=Noise(),
        seed=config.seed,
        start=trainer.progress.next_page,
    )
    return trainer, batches
