"""Fields of the caller's own, found by what they are called; nothing is trained."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kie.candidates import Candidate, Conventions, ReadPage
from kie.evidence import Anchor, anchors_of, weigh
from kie.folding import squeeze
from kie.keys import find_keys
from kie.options import Option, Pool
from kie.values.amounts import find_amounts
from structure.core.errors import ConfigError

_NUMBER_WORDS = ("number", "no", "num", "nr", "id", "nummer", "numero", "code", "#")
_MARK = "custom "


@dataclass(frozen=True, slots=True)
class CustomField:
    """One field.

    Attributes:
        name: In the result.
        kind: "text", "id", "amount" or "date".
        phrases: What it may be called on the page.
        python_type: What the value is turned into.
    """

    name: str
    kind: str
    phrases: tuple[str, ...]
    python_type: type = str


def fields_of(schema: Mapping[Any, Any] | type) -> list[CustomField]:
    """Read a schema.

    Args:
        schema: A dict from names to `str`, `Decimal`, `float`, `int` or `date`, or to a tuple of
            such a type and further names ("synonyms"); a name may be a tuple itself, the first of
            it counts in the result. Or a dataclass: its field names with spaces for underscores,
            and its annotations; `metadata={"names": (...)}` adds names.

    Raises:
        ConfigError: it is something else, or a type is none of these.
    """
    if isinstance(schema, type) and dataclasses.is_dataclass(schema):
        hints = typing.get_type_hints(schema)
        return [
            _field(f.name, (f.name.replace("_", " "), *f.metadata.get("names", ())), hints[f.name])
            for f in dataclasses.fields(schema)
        ]
    if not isinstance(schema, Mapping) or not schema:
        raise ConfigError(
            "this is no schema", hint="give invoice, receipt, generic, a dict or a dataclass"
        )
    found = []
    for key, wanted in schema.items():
        names = key if isinstance(key, tuple) else (key,)
        if isinstance(wanted, tuple):
            wanted, *more = wanted
            names = (*names, *more)
        if not names or not all(isinstance(name, str) and squeeze(name) for name in names):
            raise ConfigError(f"{key!r} is no name of a field", hint="use words")
        found.append(_field(names[0], tuple(n.replace("_", " ") for n in names), wanted))
    return found


def _field(name: str, phrases: tuple[str, ...], wanted: Any) -> CustomField:
    if isinstance(wanted, types.UnionType) or typing.get_origin(wanted) is typing.Union:
        wanted = next((a for a in typing.get_args(wanted) if a is not type(None)), str)
    if wanted in (Decimal, float, int):
        return CustomField(name, "amount", phrases, wanted)
    if wanted is date:
        return CustomField(name, "date", phrases, date)
    if wanted is not str:
        raise ConfigError(
            f"{name} cannot be {wanted!r}", hint="use str, int, float, Decimal or datetime.date"
        )
    words = {word for phrase in phrases for word in phrase.lower().split()}
    kind = "id" if words & set(_NUMBER_WORDS) else "text"
    return CustomField(name, kind, phrases, str)


def find_custom(
    pool: Pool, fields: Sequence[CustomField], conventions: Conventions
) -> dict[str, Option]:
    """The best value of each field, with its runner-up's score subtracted nowhere."""
    names: dict[str, dict[str, float]] = {}
    for field in fields:
        for phrase, strength in _spellings(field):
            known = names.setdefault(squeeze(phrase), {})
            mark = _MARK + field.name
            known[mark] = max(strength, known.get(mark, 0.0))
    kinds = {_MARK + field.name: _kinds(field) for field in fields}
    best: dict[str, list[Option]] = {field.name: [] for field in fields}
    for index, page in enumerate(pool.pages):
        anchors = _anchors(page, names)
        if not any(name in kinds for anchor in anchors for name in anchor.names):
            continue
        candidates = [*pool.candidates[index], *_texts(page, anchors)]
        evidence = weigh(page, candidates, anchors, lambda name: kinds.get(name, ()))
        for i, candidate in enumerate(candidates):
            for name, strength in evidence.strengths[i].items():
                if name not in kinds:
                    continue
                field_name = name.removeprefix(_MARK)
                bonus = 0.0
                if candidate.kind == "amount" and not candidate.money:
                    bonus -= 0.1
                if candidate.kind == "id" and len(str(candidate.value)) < 3:
                    bonus -= 0.2
                option = Option(candidate, strength, None, bonus - 0.02 * index)
                best[field_name].append(option)
    return {
        name: max(options, key=lambda o: o.score)
        for name, options in best.items()
        if options and max(o.score for o in options) > 0.12
    }


def _spellings(field: CustomField) -> list[tuple[str, float]]:
    """The phrases, and each with other words for "number", or without."""
    found: list[tuple[str, float]] = []
    for phrase in field.phrases:
        found.append((phrase, 1.0))
        words = phrase.split()
        numbers = [i for i, word in enumerate(words) if word.lower() in _NUMBER_WORDS]
        for i in numbers:
            rest = " ".join(words[:i] + words[i + 1 :])
            found += [
                (" ".join([*words[:i], other, *words[i + 1 :]]), 0.98) for other in _NUMBER_WORDS
            ]
            if rest:
                found.append((rest, 0.75))
        if not numbers and field.kind != "text":
            found += [(f"{phrase} {other}", 0.9) for other in ("amount", "date", "total")]
        found += [(f"{phrase} name", 0.9)] if field.kind == "text" else []
    return found


def _kinds(field: CustomField) -> frozenset[str]:
    if field.kind == "id":
        return frozenset({"id", "vat", "iban", "tax", "ein"})
    return frozenset({"label" if field.kind == "text" else field.kind})


def _anchors(page: ReadPage, names: Mapping[str, Mapping[str, float]]) -> list[Anchor]:
    """The caller's keys, and ours, which own the values beside them."""
    words = page.page.words
    own = [
        Anchor(
            tuple(range(key.start, key.end)), page.box_of(range(key.start, key.end)), key.names,
            words[key.start].line_id,
        )
        for key in find_keys(words, names)
        if any(name.startswith(_MARK) for name in key.names)
    ]  # fmt: skip
    taken = {w for anchor in own for w in anchor.words}
    others = [a for a in anchors_of(page) if not taken & set(a.words)]
    return own + others


def _texts(page: ReadPage, anchors: Sequence[Anchor]) -> list[Candidate]:
    """What follows each of the caller's keys in its line, and other lines as a whole."""
    starts: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        starts.setdefault(anchor.line, []).append(anchor)
    found = []
    for line, words in enumerate(page.words_of):
        after = 0
        here = sorted(starts.get(line, []), key=lambda a: a.words[0])
        cuts = [a for a in here if any(n.startswith(_MARK) for n in a.names)]
        if cuts:
            for anchor in cuts:
                after = anchor.words[-1] + 1
                ends = [a.words[0] for a in here if a.words[0] >= after]
                rest = [w for w in words if after <= w < min(ends, default=words[-1] + 1)]
                found += _text(page, line, rest)
        elif not (here and len(here[0].words) >= len(words)):
            found += _text(page, line, words)
    return found


def _text(page: ReadPage, line: int, words: Sequence[int]) -> list[Candidate]:
    kept = [w for w in words if any(char.isalnum() for char in page.page.words[w].text)]
    if not kept:
        return []
    part = [w for w in words if kept[0] <= w <= kept[-1]]
    raw = " ".join(page.page.words[w].text for w in part).strip()
    box, number = page.box_of(part), page.page.number
    return [Candidate("label", tuple(part), raw, raw, box, line, number)]


def python_value(field: CustomField, candidate: Candidate) -> str | Decimal | date:
    """The value as the caller asked for it; numbers stay decimals, which lose nothing."""
    value = candidate.value
    if field.kind == "amount" and isinstance(value, str):
        numbers = [a.value(".") for a in find_amounts(value)]
        return numbers[0] if numbers and numbers[0] is not None else value
    return value
