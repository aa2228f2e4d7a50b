"""How well the network of key information extraction reads generated pages it never saw.

    python -m benchmarks.accuracy.kie_synthetic [--pages N] [--weights model.safetensors]

The pages are of families and locales (together) that no training run saw. Such pages come from the
same generator as the training pages: the figures say how well the network learned, not how well it
reads real documents.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import print_table, write_report
from kie.labelled import LabelledPage
from kie.metrics import Counts, count, relation_counts, ser_counts
from kie.predictor import NetworkPredictor
from kie.schema import GENERIC_LABELS
from kie.ser import best_tags, entity_of
from kie.training.config import NAMED
from kie.training.generated import held_out_pages
from kie.training.pages import make_sample, read_page
from kie.types import Entity, Relation
from kie.weights import RELEASED

Pairs = list[tuple[tuple[int, ...], tuple[int, ...]]]


def score(predictor: NetworkPredictor, page: LabelledPage) -> dict[str, Counts]:
    """All measures on one page."""
    sample = make_sample(page, predictor.config, predictor.tokenizer)
    if sample is None:
        return {}
    read, _ = read_page(page)
    words = len(sample.fields)
    read = replace(read, words=read.words[:words])
    found = predictor.predict(read)
    tags = best_tags(np.log(np.maximum(found.fields, 1e-9)))
    sure = np.ones(words)
    gold = [
        entity_of(i, GENERIC_LABELS[(2, 0, 1)[kind]], members, read, sure)
        for i, (members, kind) in enumerate(zip(sample.entities, sample.kinds, strict=True))
    ]
    truth = [
        (sample.entities[h], sample.entities[t], k)
        for h, t, k in zip(sample.heads, sample.tails, sample.related, strict=True)
        if k
    ]
    best = max(found.page_type, key=lambda name: found.page_type[name])
    right = int(best == page.page_type)
    measures = {
        "fields": ser_counts(tags.tolist(), sample.fields.tolist()),
        "generic": _entities(found.entities, gold),
        "page_type": Counts(right, 1, 1),
    }
    for number, kind in ((1, "key_value"), (2, "same_row")):
        wanted: Pairs = [(h, t) for h, t, k in truth if k == number]
        given = _pairs(gold, predictor.relate(read, gold), kind)
        measures[f"{kind}, true entities"] = relation_counts(given, wanted)
        own = _pairs(found.entities, found.relations, kind)
        measures[f"{kind}, own entities"] = relation_counts(own, wanted)
    return measures


def _entities(found: Sequence[Entity], gold: Sequence[Entity]) -> Counts:
    return count(
        ((e.label, tuple(sorted(e.words))) for e in found),
        ((e.label, tuple(sorted(e.words))) for e in gold),
    )


def _pairs(entities: Sequence[Entity], relations: Sequence[Relation], kind: str) -> Pairs:
    words = {e.id: tuple(sorted(e.words)) for e in entities}
    return [(words[r.head], words[r.tail]) for r in relations if r.type == kind]


def measure(predictor: NetworkPredictor, pages: int) -> dict[str, Any]:
    """Hmean of every measure, over all held-out pages and for every pair of family and locale."""
    totals: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
    for page in held_out_pages(NAMED["kie-mini"].held_out, pages):
        for name, counts in score(predictor, page).items():
            for group in ("all", f"{page.family} {page.locale}"):
                totals[group][name] += counts
    return {
        group: {name: round(counts.hmean, 4) for name, counts in measures.items()}
        for group, measures in totals.items()
    }


def main() -> None:
    """Measure, print and write the report."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("--pages", type=int, default=60, help="of each family and locale")
    command.add_argument("--weights", type=Path, help="default: the released ones")
    command.add_argument("--dry", action="store_true", help="write no report")
    options = command.parse_args()
    released = options.weights is None
    predictor = (
        NetworkPredictor.from_pretrained()
        if released
        else NetworkPredictor.from_file(options.weights)
    )
    figures = measure(predictor, options.pages)
    names = list(figures["all"])
    print_table(
        ["pages", *names], [[group, *(row[n] for n in names)] for group, row in figures.items()]
    )
    if not options.dry:
        settings = {"pages_each": options.pages, "measure": "Hmean over all pages"}
        weights = list(RELEASED.values()) if released else []
        print(write_report("kie-synthetic", {**settings, "hmean": figures}, weights))


if __name__ == "__main__":
    main()
