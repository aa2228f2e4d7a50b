"""Keys with their values, whatever they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kie.candidates import ReadPage
from kie.linker import FARTHEST, link_costs
from kie.types import IntBox, PagePrediction, Pair
from structure.core.text import is_rtl

MAX_KEY_WORDS = 7
NEAR = 220.0
"""Cost up to which a value belongs to a key that ends with a colon."""

NEAR_NAME = 60.0
"""The same for keys that are only known by their names."""


@dataclass(frozen=True, slots=True)
class _Span:
    words: tuple[int, ...]
    box: IntBox
    sure: bool = True


def find_pairs(page: ReadPage, prediction: PagePrediction | None = None) -> list[Pair]:
    """Pairs in the order of their keys.

    Args:
        page: Read page.
        prediction: Entities and relations of a network win over the rules, where there are any.
    """
    if prediction is not None and any(e.label == "QUESTION" for e in prediction.entities):
        return _predicted(page, prediction)
    return _by_rules(page)


def _predicted(page: ReadPage, prediction: PagePrediction) -> list[Pair]:
    entities = {entity.id: entity for entity in prediction.entities}
    answers: dict[int, list[tuple[int, float]]] = {}
    for relation in prediction.relations:
        if relation.type == "key_value":
            answers.setdefault(relation.head, []).append((relation.tail, relation.score))
    pairs = []
    for entity in prediction.entities:
        if entity.label != "QUESTION":
            continue
        linked = sorted(answers.get(entity.id, []))
        key = _clean_key(entity.text)
        if not key:
            continue
        if not linked:
            pairs.append(Pair(key, "", None, page.page.number, entity.box))
            continue
        words = [w for tail, _ in linked for w in entities[tail].words]
        text = " ".join(entities[tail].text for tail, _ in linked)
        score = min(score for _, score in linked)
        box = page.box_of(words)
        pairs.append(Pair(key, text, round(score, 4), page.page.number, entity.box, box))
    return pairs


def _by_rules(page: ReadPage) -> list[Pair]:
    """Keys end with a colon or are known by name; the value follows, or is linked by geometry."""
    keys, inline, values = _segments(page)
    found: list[tuple[_Span, tuple[int, ...], float]] = [
        (key, rest, 0.95) for key, rest in inline if rest
    ]
    free = [key for key in keys if key.words not in {k.words for k, rest in inline if rest}]
    if free and values:
        rtl = is_rtl(" ".join(word.text for word in page.page.words))
        costs = link_costs(
            [k.box for k in free], [v.box for v in values], aspect=page.page.aspect, rtl=rtl
        )
        taken: set[int] = set()
        order = sorted(
            ((costs[v, k], k, v) for v in range(len(values)) for k in range(len(free))),
            key=lambda c: c[0],
        )
        used: set[int] = set()
        for cost, k, v in order:
            limit = NEAR if free[k].sure else NEAR_NAME
            if cost > limit or k in used or v in taken:
                continue
            used.add(k)
            taken.add(v)
            found.append((free[k], values[v].words, max(0.3, 0.9 - cost / FARTHEST)))
        free = [key for k, key in enumerate(free) if k not in used]
    pairs = [
        Pair(
            _clean_key(_text(page, key.words)), _text(page, rest), round(float(score), 4),
            page.page.number, page.box_of(key.words), page.box_of(rest),
        )
        for key, rest, score in found
    ]  # fmt: skip
    pairs += [
        Pair(_clean_key(_text(page, k.words)), "", None, page.page.number, page.box_of(k.words))
        for k in free
        if k.sure
    ]
    pairs = [pair for pair in pairs if pair.key]
    return sorted(pairs, key=lambda p: (p.key_box.y0, p.key_box.x0))


def _segments(
    page: ReadPage,
) -> tuple[list[_Span], list[tuple[_Span, tuple[int, ...]]], list[_Span]]:
    """Keys, keys with what follows them in their line, and lines that may be values."""
    keys: list[_Span] = []
    inline: list[tuple[_Span, tuple[int, ...]]] = []
    values: list[_Span] = []
    named = {key.start: key for key in page.keys}
    for line in range(len(page.page.lines)):
        words = page.words_of[line]
        ends = [
            i
            for i, w in enumerate(words)
            if page.page.words[w].text.endswith((":", "\uff1a")) and not _is_time(page, w)
        ]
        if ends:
            start = 0
            for position, end in enumerate(ends):
                key = tuple(words[start : end + 1])
                after = ends[position + 1] if position + 1 < len(ends) else len(words)
                rest = words[end + 1 : after + 1 if after < len(words) else after]
                if position + 1 < len(ends):
                    # "Tel.: 123 Fax: 456": the words before the next colon are its key.
                    cut = _next_key(page, rest)
                    rest, start = rest[:cut], end + 1 + cut
                if 0 < len(key) <= MAX_KEY_WORDS and any(
                    char.isalpha() for char in _text(page, key)
                ):
                    span = _Span(key, _hull(page, key))
                    keys.append(span)
                    inline.append((span, tuple(rest)))
            continue
        known = named.get(words[0]) if words else None
        if known is not None and known.end - known.start >= len(words):
            strong = max(known.names.values()) == 1.0
            keys.append(_Span(tuple(words), _hull(page, words), False)) if strong else None
            continue
        if words:
            values.append(_Span(tuple(words), _hull(page, words)))
    return keys, inline, values


def _is_time(page: ReadPage, word: int) -> bool:
    return page.page.words[word].text[:-1].isdigit()


def _next_key(page: ReadPage, rest: Sequence[int]) -> int:
    """Where the last key among some words begins; they end with its colon."""
    for k in range(len(rest) - 1, 0, -1):
        text = page.page.words[rest[k - 1]].text
        if any(char.isdigit() for char in text) or text.endswith((",", ";")):
            return k
    return max(len(rest) - 1, 0)


def _hull(page: ReadPage, words: Sequence[int]) -> IntBox:
    boxes = [page.page.words[w].box for w in words]
    return (
        min(b[0] for b in boxes), min(b[1] for b in boxes),
        max(b[2] for b in boxes), max(b[3] for b in boxes),
    )  # fmt: skip


def _text(page: ReadPage, words: Sequence[int]) -> str:
    return " ".join(page.page.words[w].text for w in words)


def _clean_key(text: str) -> str:
    return text.strip().rstrip(":\uff1a").strip()
