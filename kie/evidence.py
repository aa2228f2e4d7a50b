"""How strongly the keys of a page speak for each candidate."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kie.candidates import Candidate, ReadPage
from kie.keys import WEAK, Key
from kie.schema import BY_NAME, Kind
from structure.core.geometry import Box

FARTHEST = 4.5
"""Cost above which a key says nothing about a value."""

LOWEST = 4.0
"""Line heights under a key in which its value may stand."""

NEARBY = 0.6
"""Per line height in a row of its own, the cost of distance is this small: totals stand far off."""

_AMOUNTS = frozenset(name for name, f in BY_NAME.items() if f.kind == "amount")

KINDS: Mapping[Kind, frozenset[str]] = {
    "id": frozenset({"id"}),
    "date": frozenset({"date"}),
    "amount": frozenset({"amount"}),
    "number": frozenset({"amount"}),
    "percent": frozenset({"percent"}),
    "time": frozenset({"time"}),
}
"""Kinds of candidates for each kind of field; codes have their own (see `CODE_KINDS`)."""

CODE_KINDS: Mapping[str, frozenset[str]] = {
    "iban": frozenset({"iban"}),
    "bic": frozenset({"bic"}),
    "seller_tax_id": frozenset({"vat", "ein", "id"}),
    "buyer_tax_id": frozenset({"vat", "id"}),
    "seller_tax_number": frozenset({"tax", "ein", "id"}),
    "seller_phone": frozenset({"phone"}),
    "seller_email": frozenset({"email"}),
    "seller_web": frozenset({"web"}),
    "card_tail": frozenset({"card"}),
    "_period": frozenset({"date"}),
}


def kinds_of(name: str) -> frozenset[str]:
    """Kinds of candidates that a field may take; empty for text and unknown names."""
    if name in CODE_KINDS:
        return CODE_KINDS[name]
    found = BY_NAME.get(name)
    return KINDS.get(found.kind, frozenset()) if found is not None else frozenset()


PARTY_REACH = 4.5
"""Line heights below a heading that belong to its party for sure."""

DOUBTED = 0.5
"""What is left of a vague key with an unknown word beside it."""

SLANTED = 0.6
"""What it costs that a key and a value beside it do not stand on one line."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One key, or several in a row that mean one thing together ("Total incl. VAT").

    Attributes:
        words: Their indices.
        box: Pixels.
        names: Fields and the strength for each, 0 to 1.
        line: Index of the line.
    """

    words: tuple[int, ...]
    box: Box
    names: Mapping[str, float]
    line: int


@dataclass(slots=True)
class Evidence:
    """What the keys say: candidate index to field to strength, 0 to 1."""

    strengths: list[dict[str, float]] = field(default_factory=list)
    anchors: list[dict[str, Anchor]] = field(default_factory=list)


def anchors_of(page: ReadPage) -> list[Anchor]:
    """The keys of a page; keys of amounts in one line are read together."""
    anchors: list[Anchor] = []
    group: list[Key] = []

    def close() -> None:
        if group:
            anchors.append(_merged(page, group))
            group.clear()

    for key in page.keys:
        joins = (
            group
            and page.page.words[key.start].line_id == page.page.words[group[-1].end - 1].line_id
            and key.start - group[-1].end <= 2
            and _about_amounts(group[0])
            and _about_amounts(key)
            and not any(
                char.isdigit()
                for word in page.page.words[group[-1].end : key.start]
                for char in word.text
                if not word.text.rstrip(")").endswith("%")
            )
        )
        if not joins:
            close()
        group.append(key)
    close()
    kept = [a for a in anchors if set(a.names) - {"_excl", "_incl"}]
    return [_of_party(page, _doubted(page, anchor), kept) for anchor in kept]


def _doubted(page: ReadPage, anchor: Anchor) -> Anchor:
    """A vague key inside of a longer one that nobody knows: "Departure date", "Gate no."."""
    if max(anchor.names.values()) > WEAK:
        return anchor
    words = page.page.words
    before, after = anchor.words[0] - 1, anchor.words[-1] + 1
    inside = before >= 0 and words[before].line_id == anchor.line and _unknown(page, before)
    ends = words[after - 1].text.endswith((":", "\uff1a"))
    line = page.words_of[anchor.line]
    rest = [w for w in line if w >= after]
    # "Date de départ: ..."
    goes_on = not ends and bool(rest) and all(_unknown(page, w) for w in rest)
    if not inside and not goes_on:
        return anchor
    return replace(anchor, names={name: DOUBTED * s for name, s in anchor.names.items()})


def _unknown(page: ReadPage, word: int) -> bool:
    """Whether a word of letters belongs to no key."""
    text = page.page.words[word].text
    known = any(key.start <= word < key.end for key in page.keys)
    return not known and text.rstrip(":.").isalpha() and len(text) > 1 and not text.endswith(":")


def _of_party(page: ReadPage, anchor: Anchor, anchors: Sequence[Anchor]) -> Anchor:
    """A bare "Number" under the heading of a party is that party's number."""
    if set(anchor.names) != {"invoice_number"} or anchor.names["invoice_number"] > WEAK:
        return anchor
    unit = page.line_height
    for other in anchors:
        under = 0 < anchor.box.y0 - other.box.y0 < PARTY_REACH * unit
        if under and abs(anchor.box.x0 - other.box.x0) < unit:
            if other.names.get("buyer_name", 0.0) > 0.8:
                return replace(anchor, names={"customer_number": 1.0})
            if other.names.get("seller_name", 0.0) > 0.8:
                return replace(anchor, names={"_other_id": 1.0})
    return anchor


def _about_amounts(key: Key) -> bool:
    return any(name in _AMOUNTS or name in ("_excl", "_incl", "_tax_rate") for name in key.names)


def _merged(page: ReadPage, keys: Sequence[Key]) -> Anchor:
    words = tuple(i for key in keys for i in range(key.start, key.end))
    names = keys[0].names if len(keys) == 1 else _combined([key.names for key in keys])
    return Anchor(words, page.box_of(words), names, page.page.words[words[0]].line_id)


def _combined(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """What several names of amounts in a row mean: "Summe" + "Umsatzsteuer" is the tax."""
    found: dict[str, float] = {}
    for part in parts:
        for name, strength in part.items():
            found[name] = max(found.get(name, 0.0), strength)
    if "_excl" in found and "total_tax" in found:
        return {"total_net": 1.0}
    if "_incl" in found and "total_tax" in found and "_incl" not in parts[0]:
        return {"total_gross": 1.0}
    if "total_net" in found and ("total_gross" in found or "_excl" in found):
        return {"total_net": 1.0}
    if "total_tax" in found and ("total_gross" in found or "total_net" in found):
        return {"total_tax": 1.0}
    if "amount_due" in found and "total_gross" in found:
        return {"amount_due": 1.0, "total_gross": WEAK}
    return {name: strength for name, strength in found.items() if name not in ("_excl", "_incl")}


def weigh(
    page: ReadPage,
    candidates: Sequence[Candidate],
    anchors: Sequence[Anchor],
    kinds: Callable[[str], Iterable[str]] = kinds_of,
) -> Evidence:
    """Strength of every field for every candidate of a page.

    A key speaks for the candidates beside and below it, less for those that another key is nearer
    to, and less where it has a nearer candidate of the same kind.

    Args:
        page: Read page.
        candidates: Of that page.
        anchors: Likewise.
        kinds: Kinds of candidates that a field takes.
    """
    spans = [(cand.box.y0, cand.box.y1, cand.line) for cand in candidates]
    rows = [_costs(page, anchor, candidates, spans) for anchor in anchors]
    nearest_key = [math.inf] * len(candidates)
    for anchor, row in zip(anchors, rows, strict=True):
        groups = {name: frozenset(kinds(name)) for name in anchor.names}
        for i, cost in row.items():
            wanted = any(candidates[i].kind in g for g in groups.values())
            blocks = any(name.startswith("_") and _blocks(name, candidates[i]) for name in groups)
            if wanted or blocks:
                nearest_key[i] = min(nearest_key[i], cost)
    evidence = Evidence([{} for _ in candidates], [{} for _ in candidates])
    for anchor, row in zip(anchors, rows, strict=True):
        for name, strength in anchor.names.items():
            wanted_kinds = frozenset(kinds(name))
            own = {i: cost for i, cost in row.items() if candidates[i].kind in wanted_kinds}
            if not own:
                continue
            best = min(own.values())
            for i, cost in own.items():
                value = strength * math.exp(-0.35 * cost)
                value *= math.exp(-1.2 * (cost - best)) * math.exp(-1.2 * (cost - nearest_key[i]))
                if value > evidence.strengths[i].get(name, 0.0):
                    evidence.strengths[i][name] = value
                    evidence.anchors[i][name] = anchor
    return evidence


def _blocks(name: str, candidate: Candidate) -> bool:
    """Whether a key that names no field of ours may own a candidate."""
    if name == "_other_id":
        return candidate.kind in ("id", "phone", "bic", "tax", "ein")
    if name in ("_other_date", "_period"):
        return candidate.kind == "date"
    if name == "_fax":
        return candidate.kind == "phone"
    return name == "_other_amount" and candidate.kind == "amount"


def _costs(
    page: ReadPage,
    anchor: Anchor,
    candidates: Sequence[Candidate],
    spans: Sequence[tuple[float, float, int]],
) -> dict[int, float]:
    """Costs by the index of those candidates that a key reaches.

    Args:
        page: Read page.
        anchor: The key.
        candidates: All of the page.
        spans: Top, bottom and line of each, which rule most of them out.
    """
    top = anchor.box.y0 - page.line_height
    bottom = anchor.box.y1 + LOWEST * page.line_height
    found = {}
    for i, (y0, y1, line) in enumerate(spans):
        if (y0 <= bottom and y1 >= top) or line == anchor.line:
            cost = _cost(page, anchor, candidates[i])
            if cost is not None:
                found[i] = cost
    return found


def _cost(page: ReadPage, anchor: Anchor, candidate: Candidate) -> float | None:
    """0 right beside the key; None where the candidate is out of its reach."""
    if set(anchor.words) & set(candidate.words):
        return None
    unit = page.line_height
    box, key = candidate.box, anchor.box
    if anchor.line == candidate.line:
        first, last = anchor.words[-1], candidate.words[0]
        if last <= first:
            return None
        return _in_between(page, range(first + 1, last)) if last - first <= 9 else None
    overlap = key.overlap_y(box) / max(min(key.height, box.height), 1e-6)
    if overlap > 0.25 and box.x0 >= key.x1 - 0.5 * unit:
        between = _row_between(page, anchor, candidate)
        cost = 0.2 + NEARBY * 0.1 * min((box.x0 - key.x1) / unit, 25.0)
        cost += SLANTED * (1.0 - min(overlap, 1.0))
        return cost + _in_between(page, between) if len(between) <= 8 else None
    down = (box.y0 - key.y1) / unit
    if not -0.5 <= down <= LOWEST:
        return None
    offset = (
        min(abs(box.x0 - key.x0), abs(box.x1 - key.x1), abs(box.center[0] - key.center[0])) / unit
    )
    if key.overlap_x(box) <= 0 and offset > 1.0:
        return None
    if offset > 8.0:
        return None
    blocked = _column_between(page, anchor, candidate)
    return 0.7 + 0.5 * max(0.0, down) + 0.12 * offset + 0.8 * blocked


def _in_between(page: ReadPage, words: Iterable[int]) -> float:
    """Cost of words between a key and a value; currencies and marks cost nothing."""
    cost = 0.0
    for i in words:
        text = page.page.words[i].text
        if not any(char.isalnum() for char in text):
            continue
        if any(char.isdigit() for char in text):
            cost += 0.2 if text.endswith("%") else 0.5
        else:
            cost += 0.1 if len(text) <= 3 else 0.3
    return cost


def _row_between(page: ReadPage, anchor: Anchor, candidate: Candidate) -> list[int]:
    key, box = anchor.box, candidate.box
    low, high = max(key.y0, box.y0), min(key.y1, box.y1)
    return [
        i
        for i in page.between(low, high)
        if key.x1 - 1 <= page.centers[i][0] <= box.x0
        and i not in anchor.words
        and i not in candidate.words
    ]


def _column_between(page: ReadPage, anchor: Anchor, candidate: Candidate) -> int:
    """How many lines stand between a key and a value below it."""
    key, box = anchor.box, candidate.box
    left, right = max(key.x0, box.x0), min(key.x1, box.x1)
    if right < left:
        left, right = right, left
    return sum(
        1
        for line in page.page.lines
        if key.y1 - 1 <= line.box.center[1] <= box.y0 + 1
        and line.box.x0 <= right
        and line.box.x1 >= left
    )
