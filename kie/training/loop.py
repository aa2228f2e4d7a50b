"""The run itself: batches in, checkpoints out, within a budget of time or steps."""

from __future__ import annotations

import copy
import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from kie.network.model import KieNetwork
from kie.training.batches import Batch
from kie.training.checkpoint import Progress, export, read_progress, restore, save
from kie.training.config import TrainingConfig
from kie.training.losses import Answer, Learner, mutual_loss

CHECKPOINT_SECONDS = 120.0
_LOG_STEPS = 50

logger = logging.getLogger(__name__)


def learning_rate(done: float, base: float, warm_up: float) -> float:
    """A straight rise, then half a cosine down to zero.

    Args:
        done: Share of the run, 0 to 1.
        base: Highest value.
        warm_up: Share in which it rises.
    """
    if done < warm_up:
        return base * max(0.01, done / warm_up)
    fall = (done - warm_up) / max(1e-9, 1 - warm_up)
    return 0.5 * base * (1 + math.cos(math.pi * min(1.0, fall)))


class Trainer:
    """One or two learners and their optimizer.

    Args:
        learner: What is kept in the end.
        config: Of the run.
        folder: Where checkpoints and weights go.
        tokenizer: The `tokenizer.json` to lay beside the weights.
        device: As PyTorch names it; on a GPU most is computed in bfloat16.
    """

    def __init__(
        self, learner: Learner, config: TrainingConfig, folder: Path, tokenizer: Path, device: str
    ) -> None:
        self.config, self.folder, self.tokenizer, self.device = config, folder, tokenizer, device
        self.learners = nn.ModuleList([learner]).to(device)
        self.optimizer = torch.optim.AdamW(
            _groups(learner, config.weight_decay), lr=config.learning_rate, betas=(0.9, 0.98)
        )
        self.progress = Progress()

    @property
    def student(self) -> KieNetwork:
        """The network that is kept."""
        network = self.learners[0].network
        assert isinstance(network, KieNetwork)
        return network

    def resume(self) -> bool:
        """Go on from the checkpoint in the folder; False where there is none.

        Raises:
            ModelError: it cannot be used.
        """
        progress = read_progress(self.folder)
        if progress is None:
            return False
        if progress.mutual:
            self._join()
        restore(self.folder, self.learners, self.optimizer, self.device)
        self.progress = progress
        return True

    def run(
        self,
        batches: Iterable[Batch],
        *,
        seconds: float = math.inf,
        steps: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Learn until the time or the steps are used up; both count from the run's very start.

        Args:
            batches: Without end.
            seconds: For the whole run.
            steps: Likewise.
            clock: Tells seconds.
        """
        self.learners.train()
        started = clock() - self.progress.seconds
        saved = clock()
        for batch in batches:
            self.progress = replace(self.progress, seconds=clock() - started)
            done = max(self.progress.seconds / seconds, self.progress.steps / steps)
            if done >= 1:
                break
            answers = self._step(batch.to(self.device), done)
            self.progress = replace(
                self.progress, steps=self.progress.steps + 1, next_page=batch.next_page
            )
            if self.progress.steps % _LOG_STEPS == 0:
                logger.info("%s", _line(self.progress, done, answers[0]))
            if clock() - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = clock()
        self.save()

    def save(self) -> None:
        """Write checkpoint and weights."""
        save(self.folder, self.learners, self.optimizer, self.progress)
        self.export()

    def export(self) -> Path:
        """Write the weights that extraction loads; the path of their file."""
        return export(self.folder, self.student, self.tokenizer)

    def _step(self, batch: Batch, done: float) -> list[Answer]:
        if done >= self.config.mutual_from and not self.progress.mutual:
            self._join()
        rate = learning_rate(done, self.config.learning_rate, self.config.warm_up)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        kind = torch.device(self.device).type
        with torch.autocast(kind, torch.bfloat16, enabled=kind == "cuda"):
            answers = [learner(batch) for learner in self.learners]
        total = torch.stack([answer.total for answer in answers]).sum()
        if len(answers) == 2:
            total = total + mutual_loss(answers[0], answers[1], batch)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.learners.parameters(), self.config.clip)
        self.optimizer.step()
        return answers

    def _join(self) -> None:
        """Let a second network learn along: a copy whose heads begin elsewhere."""
        second = copy.deepcopy(self.learners[0])
        assert isinstance(second, Learner)
        heads = Learner(second.network.config).network.to(self.device)
        for name in ("fields", "generic", "page_type"):
            getattr(second.network, name).load_state_dict(getattr(heads, name).state_dict())
        self.learners.append(second)
        for group in _groups(second, self.config.weight_decay):
            self.optimizer.add_param_group(group)
        self.progress = replace(self.progress, mutual=True)


def _groups(learner: nn.Module, decay: float) -> list[dict[str, object]]:
    """Matrices decay, vectors do not; what is frozen is left out."""
    trained = [p for p in learner.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _line(progress: Progress, done: float, answer: Answer) -> str:
    losses = " ".join(f"{name} {loss.item():.3f}" for name, loss in answer.losses.items())
    return f"step {progress.steps}, {done:.1%}, {progress.seconds:.0f} s: {losses}"
