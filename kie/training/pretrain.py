"""Training on pages from the generator, from scratch or from a network that began there."""

from __future__ import annotations

from pathlib import Path

import torch

from kie.tokenizer import WordTokenizer
from kie.training.batches import Noise, PageBatches
from kie.training.config import TrainingConfig
from kie.training.generated import GeneratedPages
from kie.training.loop import Trainer
from kie.training.losses import Learner
from kie.weights import read_user_weights
from structure.core.nn.loading import load_arrays


def pretraining(
    config: TrainingConfig,
    folder: Path,
    pieces: Path,
    device: str,
    *,
    weights: Path | None = None,
    resume: bool = False,
) -> tuple[Trainer, PageBatches]:
    """A trainer, and the pages that its network has not seen yet.

    Args:
        config: Of the run.
        folder: Where checkpoints and weights go.
        pieces: The `tokenizer.json`.
        device: As PyTorch names it.
        weights: A network of this configuration to begin with; its seed should be another than
            that of its own run. A new one if None.
        resume: Whether to go on from the checkpoint in the folder, where there is one.

    Raises:
        ModelError: tokenizer, weights or checkpoint cannot be used.
    """
    tokenizer = WordTokenizer.read(pieces)
    torch.manual_seed(config.seed)
    learner = Learner(config.network(tokenizer.size))
    if weights is not None:
        load_arrays(learner.network, read_user_weights(weights).arrays, weights)
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
