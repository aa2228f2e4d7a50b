"""Fine-tuning the released network on some dozens of one's own pages, in minutes on a CPU."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from kie.labelled import LabelledPage
from kie.network.config import KieConfig
from kie.network.model import KieNetwork
from kie.tokenizer import WordTokenizer
from kie.training.batches import Noise, PageBatches, load
from kie.training.config import TrainingConfig
from kie.training.labels import read_labels
from kie.training.loop import Trainer
from kie.training.losses import Learner
from kie.weights import RELEASED, TOKENIZER, config_of, read_user_weights
from structure.core.nn.loading import load_arrays

SETTINGS = TrainingConfig(pages=4, learning_rate=5e-4, warm_up=0.1, workers=0)
_MINUTES = 3.0
_TRAINED_LAYERS = 2
_NOISE = Noise(pages=0.5, masked=0.05, boxes=0.02, lines=0.02, features=0.05)


@dataclass(frozen=True, slots=True)
class RepeatedPages:
    """Page k is page k of a list that begins anew at its end."""

    pages: tuple[LabelledPage, ...]

    def __call__(self, index: int) -> LabelledPage:
        """Page `index`."""
        return self.pages[index % len(self.pages)]


def finetune(
    labels: Path,
    out: Path,
    *,
    weights: Path | None = None,
    seconds: float = math.inf,
    steps: int | None = None,
    device: str = "cpu",
) -> Path:
    """Teach a network the labels of a file; new labels become fields of the network.

    The embeddings and the lower layers stay as they are: some dozens of pages cannot improve them.

    Args:
        labels: See `kie.training.labels.read_labels`.
        out: Folder for the new weights.
        weights: What to begin with; the released weights if None.
        seconds: Budget; three minutes where neither this nor `steps` is given.
        steps: Budget in batches.
        device: As PyTorch names it.

    Returns:
        The new weight file.

    Raises:
        InputError: the labels cannot be read.
        ModelError: the weights cannot be read.
    """
    pages = read_labels(labels)
    path = weights if weights is not None else RELEASED["kie"].path
    file = read_user_weights(path)
    tokenizer = WordTokenizer.read(path.parent / TOKENIZER)
    old = KieNetwork(config_of(file, path))
    load_arrays(old, file.arrays, path)
    torch.manual_seed(SETTINGS.seed)
    learner = Learner(with_fields(old.config, pages))
    copy_into(learner.network, old)
    freeze(learner)
    trainer = Trainer(learner, SETTINGS, out, path.parent / TOKENIZER, device)
    batches = PageBatches(
        RepeatedPages(tuple(pages)),
        learner.network.config,
        tokenizer,
        pages=min(SETTINGS.pages, len(pages)),
        noise=_NOISE,
        seed=SETTINGS.seed,
        taught=taught_by(pages),
    )
    if steps is None and math.isinf(seconds):
        seconds = 60 * _MINUTES
    trainer.run(load(batches, 0), seconds=seconds, steps=steps or math.inf)
    return trainer.export()


def with_fields(config: KieConfig, pages: Sequence[LabelledPage]) -> KieConfig:
    """The same network with the fields that the pages name added at the end."""
    named = {e.field for page in pages for e in page.entities if e.field is not None}
    return replace(config, fields=(*config.fields, *sorted(named.difference(config.fields))))


def copy_into(new: KieNetwork, old: KieNetwork) -> None:
    """Take over all that `old` knows; the rows of new fields keep their beginning."""
    state = new.state_dict()
    for name, value in old.state_dict().items():
        if value.ndim:
            state[name][: len(value)] = value
        else:
            state[name] = value
    new.load_state_dict(state)


def freeze(learner: Learner) -> None:
    """Train the last layers and the heads only."""
    encoder = learner.network.encoder
    trained = {
        id(p) for layer in encoder.encoder.layer[-_TRAINED_LAYERS:] for p in layer.parameters()
    }
    for parameter in encoder.parameters():
        parameter.requires_grad_(id(parameter) in trained)


def taught_by(pages: Sequence[LabelledPage]) -> frozenset[str]:
    """The heads that the pages have answers for; others must not learn that there is nothing."""
    entities = [entity for page in pages for entity in page.entities]
    taught = {
        "generic": any(e.kind != "answer" for e in entities),
        "fields": any(e.field is not None for e in entities),
        "relations": any(page.links for page in pages),
        "page_type": all(page.page_type for page in pages),
    }
    return frozenset(name for name, there in taught.items() if there)
