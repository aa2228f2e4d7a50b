"""Labelled pages to what the network reads and what it should answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kie.inputs import PageArrays, page_arrays
from kie.labelled import LINE_PREFIX, LabelledPage
from kie.network.config import ENTITY_KINDS, RELATION_KINDS, KieConfig
from kie.relations import candidate_pairs, pair_costs, pair_geometry
from kie.schema import GENERIC_LABELS
from kie.ser import union
from kie.tokenizer import WordTokenizer
from kie.types import GRID, IntBox, KiePage
from kie.words import page_of
from structure.core.analysis import TextLine, Word
from structure.core.geometry import Box

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]

_KEY_VALUE = RELATION_KINDS.index("key_value")

IGNORED = -100
"""Label of what no loss counts."""

HEADS = frozenset({"generic", "fields", "relations", "page_type"})
"""What a page may have answers for."""

MAX_WORDS = 512
"""Of a page in training; longer ones are cut."""

_SHAPES = (
    r"\d+",
    r"[^\w]*\d[\d.,'\s]*[.,]\d{2}\W*(?:[A-Z]{3}|[€$£])?-?",
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}",
    r".*%",
    r".*@.*|www\..*|https?:.*",
    r"(?=.*\d)(?=.*[^\W\d_]).*",
    r".*\d.*",
    r"[^\w\s]+",
    r"[^\W\d_a-z]{2,}\W*",
    r"[A-Z\u00c0-\u00de\u0410-\u042f\u0391-\u03a9].*",
    r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]+.*",
    r".*",
)
_SHAPE = tuple(re.compile(pattern, re.DOTALL) for pattern in _SHAPES)
SHAPES = len(_SHAPES)
"""Kinds of words that masked words are guessed to be of."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One page as arrays, with its answers.

    Attributes:
        arrays: What the network reads.
        generic: (n,) tag of the generic head.
        fields: (n,) tag of the field head.
        page_type: Index into the page types.
        shapes: (n,) kind of each word's characters.
        entities: Words of each entity.
        kinds: (E,) index into `ENTITY_KINDS`.
        heads: (P,) entity at the head of each pair.
        tails: (P,) entity at its tail.
        related: (P,) index into `RELATION_KINDS`.
        geometry: (P, GEOMETRY).
        costs: (P,) of the geometric rule.
    """

    arrays: PageArrays
    generic: IntArray
    fields: IntArray
    page_type: int
    shapes: IntArray
    entities: tuple[tuple[int, ...], ...]
    kinds: IntArray
    heads: IntArray
    tails: IntArray
    related: IntArray
    geometry: FloatArray
    costs: FloatArray


def read_page(page: LabelledPage) -> tuple[KiePage, list[int]]:
    """The page as extraction sees it, and for each of its words the labelled word it is part of."""
    lines: dict[int, list[int]] = {}
    for index, word in enumerate(page.words):
        lines.setdefault(word.line, []).append(index)
    sx, sy = page.width / GRID, page.height / GRID
    found = []
    for members in lines.values():
        # The score carries the index: it is the one mark that words keep when they are ordered
        # and cut.
        words = tuple(
            Word(page.words[i].text, _scaled(page.words[i].box, sx, sy), float(i)) for i in members
        )
        hull = union([page.words[i].box for i in members])
        text = " ".join(word.text for word in words)
        found.append(TextLine(text, _scaled(hull, sx, sy), -1.0, words))
    read = page_of(found, page.width, page.height)
    origins = [int(word.score) for word in read.words]
    return replace(read, words=tuple(replace(word, score=1.0) for word in read.words)), origins


def _scaled(box: IntBox, sx: float, sy: float) -> Box:
    return Box(box[0] * sx, box[1] * sy, box[2] * sx, box[3] * sy)


def make_sample(
    page: LabelledPage,
    config: KieConfig,
    tokenizer: WordTokenizer,
    taught: frozenset[str] = HEADS,
) -> Sample | None:
    """Arrays and answers of a page; None for one without words.

    Args:
        page: With its labels.
        config: Of the network, which says what the fields are.
        tokenizer: Of the network.
        taught: The heads that the page has answers for; those of the others are left open.
    """
    read, origins = read_page(page)
    read = replace(read, words=read.words[:MAX_WORDS])
    if not read.words:
        return None
    places: dict[int, list[int]] = {}
    for index, origin in enumerate(origins[:MAX_WORDS]):
        places.setdefault(origin, []).append(index)
    entities = [
        tuple(sorted(i for word in entity.words for i in places.get(word, ())))
        for entity in page.entities
    ]
    if any(len(parts) > 1 for parts in places.values()):
        entities = _unglued(page, entities, read)
    count = len(read.words)
    order = {name: i for i, name in enumerate(config.fields)}
    fields = [
        order.get(entity.field.replace(LINE_PREFIX, "line_")) if entity.field else None
        for entity in page.entities
    ]
    generic = [GENERIC_LABELS.index(entity.kind.upper()) for entity in page.entities]
    kept = [i for i, words in enumerate(entities) if words]
    numbers = {old: new for new, old in enumerate(kept)}
    links = [
        (numbers[link.head], numbers[link.tail], RELATION_KINDS.index(link.kind))
        for link in page.links
        if link.head in numbers and link.tail in numbers
    ]
    kinds = np.array([ENTITY_KINDS.index(page.entities[i].kind) for i in kept], np.int64)
    boxes = [union([read.words[w].box for w in entities[i]]) for i in kept]
    heads, tails = candidate_pairs(boxes, kinds.tolist(), read.aspect)
    if "relations" not in taught:
        heads, tails = heads[:0], tails[:0]
    return Sample(
        page_arrays(read, tokenizer, config.encoder.max_pieces),
        _open(word_tags(count, entities, generic, goes_on=True), "generic" in taught),
        _open(word_tags(count, entities, fields, goes_on=False), "fields" in taught),
        config.page_types.index(page.page_type) if "page_type" in taught else IGNORED,
        np.array([shape_of(word.text) for word in read.words], np.int64),
        tuple(entities[i] for i in kept),
        kinds,
        heads,
        tails,
        _related(heads, tails, links),
        pair_geometry(boxes, heads, tails, read.aspect),
        pair_costs(boxes, heads, tails, read.aspect),
    )


def _unglued(
    page: LabelledPage, entities: list[tuple[int, ...]], read: KiePage
) -> list[tuple[int, ...]]:
    """The words of entities, with keys that were glued to values given back to the keys.

    "Date:05/03/18" is labelled as a value, and read as two words.

    Args:
        page: With its labels.
        entities: Words of each.
        read: The page as it was read.
    """
    keys = {link.tail: link.head for link in page.links if link.kind == "key_value"}
    found = list(entities)
    for entity, words in zip(page.entities, entities, strict=True):
        if entity.kind != "answer" or len(words) < 2:
            continue
        first, second = (read.words[i] for i in words[:2])
        glued = first.line_id == second.line_id and first.char_span[1] == second.char_span[0]
        if glued and first.text.endswith((":", "\uff1a")):
            found[entity.id] = words[1:]
            if entity.id in keys:
                key = keys[entity.id]
                found[key] = tuple(sorted((*found[key], words[0])))
    return found


def _open(tags: IntArray, known: bool) -> IntArray:
    return tags if known else np.full_like(tags, IGNORED)


def word_tags(
    count: int,
    entities: Sequence[Sequence[int]],
    labels: Sequence[int | None],
    *,
    goes_on: bool,
) -> IntArray:
    """The tag of every word.

    Args:
        count: Number of words.
        entities: Words of each, ascending.
        labels: Of each, from 0; None for O.
        goes_on: Whether a further line of an entity beside another column begins with I, so that
            `kie.ser.join_lines` can put it back; else every such line begins anew.
    """
    tags = np.zeros(count, np.int64)
    for words, label in zip(entities, labels, strict=True):
        if label is None:
            continue
        for word in words:
            inside = word != words[0] if goes_on else word - 1 in words
            tags[word] = 1 + 2 * label + inside
    return tags


def _related(heads: IntArray, tails: IntArray, links: Sequence[tuple[int, int, int]]) -> IntArray:
    """(P,) the kind of each pair."""
    known = {(head, tail): kind for head, tail, kind in links}
    # A key is always the head, whichever way its link was stored.
    known |= {(tail, head): kind for head, tail, kind in links if kind == _KEY_VALUE}
    found = np.zeros(len(heads), np.int64)
    for p, pair in enumerate(zip(heads.tolist(), tails.tolist(), strict=True)):
        found[p] = known.get(pair, 0)
    return found


def shape_of(text: str) -> int:
    """The kind of a word's characters, from 0 to `SHAPES` - 1."""
    return next(i for i, pattern in enumerate(_SHAPE) if pattern.fullmatch(text) or i + 1 == SHAPES)
