"""Samples to batches of tensors, made by worker processes while the network learns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import count
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from kie.labelled import LabelledPage
from kie.network.config import KieConfig
from kie.network.embeddings import Pieces
from kie.network.heads import Entities
from kie.tokenizer import MASK, WordTokenizer
from kie.training.pages import HEADS, IGNORED, Sample, make_sample

_POOL = 8
"""Batches' worth of pages that are sorted by length together."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How pages are spoiled, so that no single signal is trusted alone.

    Attributes:
        pages: Share of pages that are spoiled at all.
        masked: Share of words that are hidden and guessed.
        boxes: Share of words that lose their place.
        lines: Share of words that lose their text without being guessed.
        features: Share of spoiled pages that lose all marks of the rules.
    """

    pages: float = 0.5
    masked: float = 0.15
    boxes: float = 0.04
    lines: float = 0.04
    features: float = 0.15


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages side by side, padded to the longest.

    Attributes:
        pieces: Of all words.
        boxes: (B, L, 4).
        mask: (B, L) True for words.
        features: (B, L, features).
        masked: (B, L) True for words that are hidden and guessed.
        shapes: (B, L) kind of each word's characters.
        generic: (B, L) tags, `IGNORED` behind the end.
        fields: Likewise.
        page_type: (B,).
        entities: Of all pages, with their pairs.
        related: (P,) answer for each pair.
        next_page: Index of the first page that was not yet read when the batch was made.
    """

    pieces: Pieces
    boxes: Tensor
    mask: Tensor
    features: Tensor
    masked: Tensor
    shapes: Tensor
    generic: Tensor
    fields: Tensor
    page_type: Tensor
    entities: Entities
    related: Tensor
    next_page: int

    def to(self, device: torch.device | str) -> Batch:
        """The same on another device."""
        moved = {
            field.name: value.to(device)
            for field in fields(self)
            if not isinstance(value := getattr(self, field.name), int)
        }
        return replace(self, **moved)


def collate(samples: Sequence[Sample], noise: Noise | None, rng: Random, next_page: int) -> Batch:
    """Put samples into a batch.

    Args:
        samples: At least one.
        noise: How to spoil them; None for not at all.
        rng: What decides about it.
        next_page: See `Batch`.
    """
    rows, columns = len(samples), max(len(s.generic) for s in samples)
    generator = np.random.default_rng(rng.getrandbits(63))
    boxes = np.zeros((rows, columns, 4), np.int64)
    mask = np.zeros((rows, columns), bool)
    features = np.zeros((rows, columns, samples[0].arrays.features.shape[1]), np.float32)
    shapes = np.zeros((rows, columns), np.int64)
    generic = np.full((rows, columns), IGNORED, np.int64)
    tags = generic.copy()
    for row, sample in enumerate(samples):
        words = len(sample.generic)
        boxes[row, :words] = sample.arrays.boxes
        mask[row, :words] = True
        features[row, :words] = sample.arrays.features
        shapes[row, :words] = sample.shapes
        generic[row, :words] = sample.generic
        tags[row, :words] = sample.fields
    offsets = [row * columns for row in range(rows)]
    word = np.concatenate([s.arrays.word + o for s, o in zip(samples, offsets, strict=True)])
    ids = np.concatenate([s.arrays.ids for s in samples])
    masked = np.zeros((rows, columns), bool)
    if noise is not None:
        spoiled = (generator.random((rows, 1)) < noise.pages) & mask
        masked = spoiled & (generator.random(mask.shape) < noise.masked)
        silent = spoiled & ~masked & (generator.random(mask.shape) < noise.lines)
        boxes[spoiled & (generator.random(mask.shape) < noise.boxes)] = 0
        features[masked | silent] = 0
        features[spoiled & (generator.random((rows, 1)) < noise.features)] = 0
        ids = np.where(silent.reshape(-1)[word], MASK, ids)
    return Batch(
        Pieces(
            torch.from_numpy(ids),
            torch.from_numpy(word),
            torch.from_numpy(np.concatenate([s.arrays.place for s in samples])),
        ),
        torch.from_numpy(boxes),
        torch.from_numpy(mask),
        torch.from_numpy(features),
        torch.from_numpy(masked),
        torch.from_numpy(shapes),
        torch.from_numpy(generic),
        torch.from_numpy(tags),
        torch.tensor([s.page_type for s in samples]),
        _entities(samples, offsets),
        torch.from_numpy(np.concatenate([s.related for s in samples])),
        next_page,
    )


def _entities(samples: Sequence[Sample], offsets: Sequence[int]) -> Entities:
    words: list[int] = []
    owners: list[int] = []
    firsts: list[int] = []
    total = 0
    for sample, offset in zip(samples, offsets, strict=True):
        firsts.append(total)
        for entity in sample.entities:
            words += [word + offset for word in entity]
            owners += [total] * len(entity)
            total += 1
    pairs = list(zip(samples, firsts, strict=True))
    return Entities(
        torch.tensor(words, dtype=torch.long),
        torch.tensor(owners, dtype=torch.long),
        torch.from_numpy(np.concatenate([s.kinds for s in samples])),
        torch.from_numpy(np.concatenate([s.heads + first for s, first in pairs])),
        torch.from_numpy(np.concatenate([s.tails + first for s, first in pairs])),
        torch.from_numpy(np.concatenate([s.geometry for s in samples])),
        torch.from_numpy(np.concatenate([s.costs for s in samples])),
    )


PageSource = Callable[[int], LabelledPage | None]
"""Page k of an endless row; None for one that is to be left out."""


class PageBatches(IterableDataset[Batch]):
    """An endless row of batches; every worker reads its own part of the pages.

    Args:
        source: Where pages come from; is sent to the workers.
        config: Of the network.
        tokenizer: Its pieces.
        pages: Of a batch.
        noise: How pages are spoiled.
        seed: What decides about noise and order.
        start: The first page.
        taught: The heads that the pages have answers for.
    """

    def __init__(
        self,
        source: PageSource,
        config: KieConfig,
        tokenizer: WordTokenizer,
        *,
        pages: int,
        noise: Noise | None,
        seed: int,
        start: int = 0,
        taught: frozenset[str] = HEADS,
    ) -> None:
        self.source, self.config, self.tokenizer, self.taught = source, config, tokenizer, taught
        self.pages, self.noise, self.seed, self.start = pages, noise, seed, start

    def __iter__(self) -> Iterator[Batch]:
        # The trainer has a core of its own; a worker must not compete with it by threads.
        torch.set_num_threads(1)
        worker = get_worker_info()
        number, workers = (0, 1) if worker is None else (worker.id, worker.num_workers)
        rng = Random(f"{self.seed} {self.start} {number}")
        pool: list[Sample] = []
        for index in count(self.start + number, workers):
            page = self.source(index)
            sample = make_sample(page, self.config, self.tokenizer, self.taught) if page else None
            if sample is not None:
                pool.append(sample)
            if len(pool) == _POOL * self.pages:
                # Pages of one length together: padding costs as much as words.
                pool.sort(key=lambda s: len(s.generic))
                groups = [pool[i : i + self.pages] for i in range(0, len(pool), self.pages)]
                rng.shuffle(groups)
                for group in groups:
                    yield collate(group, self.noise, rng, index + 1)
                pool = []


def load(batches: PageBatches, workers: int) -> Iterable[Batch]:
    """The batches, made by so many processes; by this one if there are none."""
    return DataLoader(
        batches,
        batch_size=None,
        num_workers=workers,
        # Every tensor on its way holds a file open, and a process may open about a thousand.
        prefetch_factor=max(2, 32 // workers) if workers else None,
        multiprocessing_context="spawn" if workers else None,
    )
