"""Several invoices in one file: which pages belong together."""

from __future__ import annotations

from collections.abc import Sequence

from kie.candidates import ReadPage, conventions_of, find_candidates
from kie.evidence import anchors_of, weigh
from kie.folding import squeeze

SURE = 0.6
"""Strength of the key from which a page says which invoice it belongs to."""


def split_documents(pages: Sequence[ReadPage]) -> list[range]:
    """Runs of pages, as indices; one run for an ordinary file.

    A page begins a document where it names another invoice number than the pages before it do, with
    a date and a total of its own, and does not mention theirs.
    """
    if len(pages) < 2:
        return [range(len(pages))]
    conventions = conventions_of(pages)
    starts = [0]
    current: str | None = None
    for index, page in enumerate(pages):
        candidates = find_candidates(page, conventions)
        evidence = weigh(page, candidates, anchors_of(page))
        best, number = 0.0, None
        total = False
        for candidate, strengths in zip(candidates, evidence.strengths, strict=True):
            strength = strengths.get("invoice_number", 0.0)
            text = squeeze(str(candidate.value))
            if candidate.kind == "id" and strength > max(best, SURE) and len(text) >= 4:
                best, number = strength, text
            total = total or (candidate.money and strengths.get("total_gross", 0.0) > 0.4)
        if number is None:
            continue
        if current is None:
            current = number
        elif number != current and total:
            here = "".join(squeeze(word.text) for word in page.page.words)
            before = pages[starts[-1] : index]
            earlier = "".join(squeeze(w.text) for p in before for w in p.page.words)
            if current not in here and number not in earlier:
                starts.append(index)
                current = number
    return [range(a, b) for a, b in zip(starts, [*starts[1:], len(pages)], strict=True)]
