"""How much of the structure of a document was recovered; every score is 0 to 1, higher is better.

A score is None where neither document has what it measures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import accumulate

from apted import APTED
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from recovery.score.matching import Matches
from recovery.score.reading import Paragraph, Reading, Table, bare, fold
from structure.core.teds import teds

_DIGITS = re.compile(r"\d+")
_RUNNING_LIKENESS = 90.0
"""From 0 to 100: a header is there where a part of the text is so much like it."""


def text(truth: Reading, found: Reading) -> float:
    """1 - edit distance / longest length of the text outside tables, in order."""
    return Levenshtein.normalized_similarity(_whole(truth), _whole(found))


def _whole(reading: Reading) -> str:
    return fold(" ".join(paragraph.text for paragraph in reading.paragraphs))


def order(matches: Matches) -> float | None:
    """1 - edits of the sequence of matched parts / number of parts - share of missing parts."""
    count = len(matches.truth.items)
    if not count:
        return None
    there = sorted(matches.items)
    as_found = sorted(there, key=lambda index: matches.items[index])
    edits = Levenshtein.distance(there, as_found)
    return max(0.0, 1.0 - edits / count - (count - len(there)) / count)


def kendall(matches: Matches) -> float | None:
    """(1 + Kendall's tau) / 2: the share of pairs of matched parts that are in order."""
    places = list(matches.items.values())
    pairs = len(places) * (len(places) - 1) // 2
    if not pairs:
        return None
    right = sum(a < b for n, b in enumerate(places) for a in places[:n])
    return right / pairs


def para_f1(truth: Reading, found: Reading) -> float | None:
    """F1 of the boundaries of paragraphs, as positions in the aligned stream of characters."""
    own, other = _stream(truth), _stream(found)
    if not own[0]:
        return None
    if not other[0]:
        return 0.0
    if not own[1] and not other[1]:
        return 1.0
    there = {}
    for part in Levenshtein.opcodes(own[0], other[0]):
        if part.tag in ("equal", "replace"):
            for n in range(part.src_end - part.src_start):
                there[part.src_start + n] = part.dest_start + n
    hits: set[int] = set()
    for place in own[1]:
        # The boundary lies behind one character and before the next; either may be misread.
        before, after = there.get(place - 1), there.get(place)
        candidates = [b for b in (None if before is None else before + 1, after) if b is not None]
        hits.update([b for b in candidates if b in other[1]][:1])
    return 2 * len(hits) / (len(own[1]) + len(other[1]))


def _stream(reading: Reading) -> tuple[str, set[int]]:
    """The characters without white space, and where paragraphs meet."""
    texts = [bare(paragraph.text) for paragraph in reading.paragraphs]
    return "".join(texts), set(list(accumulate(map(len, texts)))[:-1])


def type_f1(matches: Matches) -> float | None:
    """F1 of paragraphs that are there and of the right kind, headings of the right level."""
    count = len(matches.truth.paragraphs) + len(matches.found.paragraphs)
    if not count:
        return None
    return 2 * sum(_same_kind(a, b) for a, b in matches.text_pairs()) / count


def _same_kind(one: Paragraph, two: Paragraph) -> bool:
    return one.kind == two.kind and (one.kind != "heading" or one.level == two.level)


def listed(matches: Matches) -> float | None:
    """F1 of list items with their level and number; a label that is mere text is none."""
    count = sum(
        paragraph.kind == "list"
        for reading in (matches.truth, matches.found)
        for paragraph in reading.paragraphs
    )
    if not count:
        return None
    right = sum(
        one.kind == two.kind == "list" and (one.level, one.number) == (two.level, two.number)
        for one, two in matches.text_pairs()
    )
    return 2 * right / count


@dataclass(slots=True)
class _Heading:
    text: str
    level: int
    children: list[_Heading] = field(default_factory=list)


class _OutlineCosts:
    """What edits of an outline cost, in the form that `APTED` asks for."""

    valuecls = float

    def children(self, node: _Heading) -> list[_Heading]:
        return node.children

    def delete(self, node: _Heading) -> float:
        return 1.0

    def insert(self, node: _Heading) -> float:
        return 1.0

    def rename(self, node1: _Heading, node2: _Heading) -> float:
        if node1.level != node2.level:
            return 1.0
        return Levenshtein.normalized_distance(node1.text, node2.text)


def head(truth: Reading, found: Reading) -> float | None:
    """1 - tree edit distance / number of headings of the outlines."""
    own, other = _outline(truth), _outline(found)
    longest = max(own[1], other[1])
    if not longest:
        return None
    distance = float(APTED(own[0], other[0], _OutlineCosts()).compute_edit_distance())
    return max(0.0, 1.0 - distance / longest)


def _outline(reading: Reading) -> tuple[_Heading, int]:
    root = _Heading("", 0)
    path = [root]
    count = 0
    for paragraph in reading.paragraphs:
        if paragraph.kind == "heading":
            node = _Heading(paragraph.text, paragraph.level or 1)
            while path[-1].level >= node.level:
                path.pop()
            path[-1].children.append(node)
            path.append(node)
            count += 1
    return root, count


def table_likeness(matches: Matches, *, structure_only: bool = False) -> float | None:
    """Mean TEDS over tables; missing and extra ones count 0."""
    count = max(len(matches.truth.tables), len(matches.found.tables))
    if not count:
        return None
    return (
        sum(
            teds(to_html(two), to_html(one), structure_only=structure_only, stripped=True)
            for one, two in matches.table_pairs()
        )
        / count
    )


def to_html(table: Table) -> str:
    """A table as HTML, white space folded."""
    rows: dict[int, list[str]] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col)):
        spans = f' rowspan="{cell.rowspan}" colspan="{cell.colspan}"'
        rows.setdefault(cell.row, []).append(f"<td{spans}>{escape(fold(cell.text))}</td>")
    inner = "".join(f"<tr>{''.join(cells)}</tr>" for _, cells in sorted(rows.items()))
    return f"<table>{inner}</table>"


def furniture(matches: Matches) -> float | None:
    """Half for headers and footers that are in theirs, half for those that are not in the body.

    A text that counts pages is right only where a field counts them.
    """
    wanted = list(dict.fromkeys((_numberless(r.text), r.counts) for r in matches.truth.running))
    if not wanted:
        return None
    place = " ".join(_numberless(r.text) for r in matches.found.running)
    counted = any(r.counts for r in matches.found.running)
    matched = set(matches.paragraphs.values())
    loose = [
        _numberless(paragraph.text)
        for n, paragraph in enumerate(matches.found.paragraphs)
        if n not in matched
    ]
    inside = sum(_stands_in(t, place) and (counted or not counts) for t, counts in wanted)
    outside = sum(not any(_alike(text, other) for other in loose) for text, _ in wanted)
    return 0.5 * inside / len(wanted) + 0.5 * outside / len(wanted)


def _numberless(text: str) -> str:
    return _DIGITS.sub("#", fold(text))


def _stands_in(wanted: str, place: str) -> bool:
    if len(wanted) > len(place):
        return bool(place) and _alike(wanted, place)
    return wanted in place or fuzz.partial_ratio(wanted, place) >= _RUNNING_LIKENESS


def _alike(one: str, two: str) -> bool:
    return fuzz.ratio(one, two) >= _RUNNING_LIKENESS


def mean(scores: Sequence[float | None]) -> float | None:
    """Mean of the scores that say something; None where none does."""
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else None
