"""Values that a field could take, with all the places that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np

from kie.candidates import Candidate, ReadPage
from kie.evidence import Anchor, Evidence, kinds_of
from kie.folding import squeeze
from kie.schema import FIELD_BIO, FIELDS
from kie.types import PagePrediction

MODEL_WEIGHT = 0.7
"""How much the network's probability counts beside the strength of a key, which is 1 at most."""

MODEL_SURENESS = 0.3
"""The same where confidence is told."""

REPEATED = 0.06
"""For every further place that shows the value, three at most."""

_COLUMNS = {f.name: FIELD_BIO.index(f"B-{f.name}") for f in FIELDS}


@dataclass(slots=True)
class Option:
    """A value for one field.

    Attributes:
        best: The place that speaks for it most.
        keyed: Strength of the keys there, 0 to 1.
        modelled: Probability of the network there, 0 to 1; None without a network.
        prior: What else speaks for it.
        count: Places that show the value.
    """

    best: Candidate
    keyed: float = 0.0
    modelled: float | None = None
    prior: float = 0.0
    count: int = 1

    @property
    def score(self) -> float:
        """All together; not a probability."""
        return self._with_model(MODEL_WEIGHT)

    @property
    def sureness(self) -> float:
        """The same for confidence: a network alone is too sure of itself on pages it never saw."""
        return self._with_model(MODEL_SURENESS)

    def _with_model(self, weight: float) -> float:
        seen = REPEATED * min(self.count - 1, 3)
        return self.keyed + weight * (self.modelled or 0.0) + self.prior + seen


@dataclass(slots=True)
class Pool:
    """The candidates of a document with all that speaks for them.

    Attributes:
        pages: In order.
        candidates: Of each page.
        evidence: Likewise.
        predictions: Likewise; empty without a network.
    """

    pages: Sequence[ReadPage]
    candidates: Sequence[Sequence[Candidate]]
    evidence: Sequence[Evidence]
    predictions: Sequence[PagePrediction] = ()
    _options: dict[str, list[Option]] = field(default_factory=dict)
    _keyed: dict[tuple[int, tuple[int, ...]], dict[str, float]] = field(default_factory=dict)
    _anchors: dict[tuple[int, tuple[int, ...]], dict[str, Anchor]] = field(default_factory=dict)

    def options(self, name: str) -> list[Option]:
        """The values for a field, without priors, best first; equal values are one."""
        if name not in self._options:
            self._options[name] = self._collect(name)
        return self._options[name]

    def _collect(self, name: str) -> list[Option]:
        kinds = kinds_of(name)
        found: dict[object, Option] = {}
        for p, candidates in enumerate(self.candidates):
            for i, candidate in enumerate(candidates):
                if candidate.kind not in kinds:
                    continue
                keyed = self.evidence[p].strengths[i].get(name, 0.0)
                modelled = self._modelled(p, candidate, name)
                option = Option(candidate, keyed, modelled)
                same = same_value(candidate)
                known = found.get(same)
                if known is None:
                    found[same] = option
                    continue
                option.count = known.count = known.count + 1
                if keyed + (modelled or 0.0) > known.keyed + (known.modelled or 0.0):
                    found[same] = option
        return sorted(found.values(), key=lambda o: -o.score)

    def claimed(self, name: str, candidate: Candidate) -> float:
        """How strongly keys say that what stands at a place is another field than `name`."""
        if not self._keyed:
            for candidates, evidence in zip(self.candidates, self.evidence, strict=True):
                for one, strengths in zip(candidates, evidence.strengths, strict=True):
                    known = self._keyed.setdefault((one.page, one.words), {})
                    for field_name, strength in strengths.items():
                        known[field_name] = max(strength, known.get(field_name, 0.0))
        known = self._keyed.get((candidate.page, candidate.words), {})
        return max((strength for other, strength in known.items() if other != name), default=0.0)

    def key_strength(self, name: str, candidate: Candidate) -> float:
        """How plainly the key of a place means a field, however far it stands; 0 without one."""
        anchor = self._anchor(name, candidate)
        return 0.0 if anchor is None else anchor.names.get(name, 0.0)

    def key_words(self, name: str, candidate: Candidate) -> tuple[int, ...]:
        """The words of that key on the page of the place; none without one."""
        anchor = self._anchor(name, candidate)
        return () if anchor is None else anchor.words

    def _anchor(self, name: str, candidate: Candidate) -> Anchor | None:
        if not self._anchors:
            for candidates, evidence in zip(self.candidates, self.evidence, strict=True):
                for one, anchors in zip(candidates, evidence.anchors, strict=True):
                    self._anchors.setdefault((one.page, one.words), {}).update(anchors)
        return self._anchors.get((candidate.page, candidate.words), {}).get(name)

    def _modelled(self, page: int, candidate: Candidate, name: str) -> float | None:
        if not self.predictions:
            return None
        column = _COLUMNS.get(name)
        if column is None:
            return 0.0
        rows = self.predictions[page].fields[list(candidate.words)]
        return float(np.mean(rows[:, column] + rows[:, column + 1]))

    def all_of(self, kinds: Iterable[str]) -> list[Candidate]:
        """Candidates of some kinds on all pages, in reading order."""
        wanted = frozenset(kinds)
        return [c for page in self.candidates for c in page if c.kind in wanted]


def columns_of(name: str) -> tuple[int, int] | None:
    """Columns B and I of a field in the predictions; None where it is no label."""
    column = _COLUMNS.get(name)
    return None if column is None else (column, column + 1)


def same_value(candidate: Candidate) -> object:
    """What two places have in common that show the same value."""
    value = candidate.value
    if isinstance(value, Decimal | date):
        return value
    return squeeze(value)


def reading_of(pool: Pool, candidate: Candidate) -> float:
    """The least confidence with which a word of a candidate was read."""
    words = next(p.page.words for p in pool.pages if p.page.number == candidate.page)
    return min((words[w].score for w in candidate.words), default=1.0)


def range_end(pool: Pool, start: Candidate) -> Candidate | None:
    """The other end of a range of dates: the next one to the right in the same row."""
    page = next(p for p in pool.pages if p.page.number == start.page)
    box, reach = start.box, 6 * page.line_height
    dates = pool.all_of(["date"])
    for one, other in pairwise(dates):
        # "01/27/20-02/23/20" is one word.
        if one is start and other.words == start.words and other.page == start.page:
            return other
    later = [
        c
        for c in dates
        if c.page == start.page
        and c.words != start.words
        and c.box.overlap_y(box) > 0.5 * min(c.box.height, box.height)
        and -1 <= c.box.x0 - box.x1 <= reach
    ]
    return min(later, key=lambda c: c.box.x0, default=None)


def share_of_page(pool: Pool, candidate: Candidate) -> tuple[int, float]:
    """Index of a candidate's page, and how far down it stands, 0 to 1."""
    for index, page in enumerate(pool.pages):
        if page.page.number == candidate.page:
            return index, candidate.box.y0 / max(page.page.height, 1.0)
    return 0, 0.0


def best_of(options: Sequence[Option], priors: Mapping[int, float]) -> list[Option]:
    """Options with a prior added to each (by index), best first."""
    for index, prior in priors.items():
        options[index].prior = prior
    return sorted(options, key=lambda option: -option.score)
