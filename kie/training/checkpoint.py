"""Checkpoints that a run goes on from, and the weight files that come out of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from kie.network.model import KieNetwork
from kie.weights import TOKENIZER
from structure.core.errors import ModelError

WEIGHTS = "model.safetensors"
_FOLDER = "checkpoint"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Attributes:
        steps: Batches learned from.
        seconds: Time spent.
        next_page: The first page not yet read.
        mutual: Whether the second network has joined.
    """

    steps: int = 0
    seconds: float = 0.0
    next_page: int = 0
    mutual: bool = False


def save(
    folder: Path, learners: nn.ModuleList, optimizer: torch.optim.Optimizer, progress: Progress
) -> None:
    """Write a checkpoint; the last one stays whole until the new one is.

    Args:
        folder: Of the run.
        learners: All that is trained.
        optimizer: Its state.
        progress: How far the run has come.
    """
    new = folder / f"{_FOLDER}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    save_file({k: v.contiguous() for k, v in learners.state_dict().items()}, new / WEIGHTS)
    torch.save(optimizer.state_dict(), new / "optimizer.pt")
    (new / "progress.json").write_text(json.dumps(asdict(progress)), "utf-8")
    last, old = folder / _FOLDER, folder / f"{_FOLDER}.old"
    shutil.rmtree(old, ignore_errors=True)
    if last.is_dir():
        last.rename(old)
    new.rename(last)
    shutil.rmtree(old, ignore_errors=True)


def read_progress(folder: Path) -> Progress | None:
    """How far the run in `folder` has come; None where there is no checkpoint.

    Raises:
        ModelError: the checkpoint is damaged.
    """
    path = _last(folder) / "progress.json"
    if not path.is_file():
        return None
    try:
        return Progress(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError("the checkpoint is damaged", path=path) from error


def restore(
    folder: Path, learners: nn.ModuleList, optimizer: torch.optim.Optimizer, device: str
) -> None:
    """Fill learners and optimizer from the checkpoint in `folder`.

    Raises:
        ModelError: the checkpoint is damaged or of another network.
    """
    last = _last(folder)
    try:
        learners.load_state_dict(load_file(last / WEIGHTS, device=device))
        state = torch.load(last / "optimizer.pt", map_location=device, weights_only=True)
        optimizer.load_state_dict(state)
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise ModelError(f"the checkpoint cannot be used ({error})", path=last) from error


def _last(folder: Path) -> Path:
    """The checkpoint; the one before it where a run died between two renames."""
    last = folder / _FOLDER
    return last if last.is_dir() else folder / f"{_FOLDER}.old"


def export(folder: Path, network: KieNetwork, tokenizer: Path) -> Path:
    """Write what extraction loads: weights in half precision, and the tokenizer beside them.

    Args:
        folder: Where to.
        network: What to write.
        tokenizer: Its `tokenizer.json`.

    Returns:
        The weight file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = {k: v.detach().cpu().half().contiguous() for k, v in network.state_dict().items()}
    target, new = folder / WEIGHTS, folder / f"{WEIGHTS}.new"
    metadata = {"config": json.dumps(network.config.to_dict(), sort_keys=True)}
    save_file(dict(sorted(state.items())), new, metadata)
    new.replace(target)
    if tokenizer.resolve() != (folder / TOKENIZER).resolve():
        shutil.copyfile(tokenizer, folder / TOKENIZER)
    return target
