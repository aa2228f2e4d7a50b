"""Fields of the caller's own, found by what they are called; nothing is trained."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kie.candidates import Candidate, Conventions, ReadPage
from kie.evidence import Anchor, anchors_of, weigh
from kie.folding import squeeze
from kie.keys import Key, find_keys
from kie.options import Option, Pool, range_end, same_value
from kie.values.amounts import find_amounts
from structure.core.errors import ConfigError

_NUMBERED = re.compile(r"\d{1,2}\s?[.)]\s*[^\W\d]")
LOWEST = 0.12
"""Score under which a value is not worth showing."""

EARLIER = 0.04
"""Names that the caller gave first count a little more."""

IN_SENTENCE = 0.25
"""Factor for names that stand inside a sentence, for fields whose values are texts."""

LARGEST = 0.3
"""What it is worth for a total to be the largest amount, and for a date to be the first."""

_TOTAL_WORDS = frozenset(
    ("total", "gross", "sum", "amount", "brutto", "summe", "gesamt", "montant")
)
_END_WORDS = frozenset("end ends until to through till thru bis fin fine last close".split())  # noqa: SIM905
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
) -> dict[str, tuple[Option, float]]:
    """The best value of each field, and the score of the best other value."""
    names: dict[str, dict[str, float]] = {}
    for field in fields:
        for phrase, strength in _spellings(field):
            known = names.setdefault(squeeze(phrase), {})
            mark = _MARK + field.name
            known[mark] = max(strength, known.get(mark, 0.0))
    kinds = {_MARK + field.name: _kinds(field) for field in fields}
    texts = {_MARK + field.name for field in fields if field.kind == "text"}
    best: dict[str, list[Option]] = {field.name: [] for field in fields}
    for index, page in enumerate(pool.pages):
        anchors = _anchors(page, names, texts)
        if not any(name in kinds for anchor in anchors for name in anchor.names):
            continue
        candidates = [*pool.candidates[index], *_texts(page, anchors)]
        evidence = weigh(page, candidates, anchors, lambda name: kinds.get(name, ()))
        for i, candidate in enumerate(candidates):
            for name, strength in evidence.strengths[i].items():
                if name not in kinds:
                    continue
                field_name = name.removeprefix(_MARK)
                bonus = -0.02 * index
                if candidate.kind == "id" and len(str(candidate.value)) < 3:
                    bonus -= 0.2
                best[field_name].append(Option(candidate, strength, None, bonus))
    for field in fields:
        if field.kind == "date":
            best[field.name] = _dates(pool, field, fields, best)
        elif field.kind == "amount":
            best[field.name] = _amounts(pool, field, best[field.name])
    found = {}
    for name, options in best.items():
        ranked = sorted(options, key=lambda o: -o.score)
        if ranked and ranked[0].score > LOWEST:
            same = same_value(ranked[0].best)
            others = (o.score for o in ranked if same_value(o.best) != same)
            found[name] = ranked[0], next(others, 0.0)
    return found


def _amounts(pool: Pool, field: CustomField, options: Sequence[Option]) -> list[Option]:
    """What is written like money, if anything is; totals may be the largest amount of all."""
    money = [o for o in options if o.best.money]
    words = {word for phrase in field.phrases for word in phrase.lower().split()}
    if words & _TOTAL_WORDS:
        known = [c for c in pool.all_of(["amount"]) if c.money and isinstance(c.value, Decimal)]
        largest = max(known, key=lambda c: c.value, default=None)
        if largest is not None:
            for option in money:
                option.prior += LARGEST * (option.best.value == largest.value)
            money.append(Option(largest, 0.0, None, LARGEST))
    return money or list(options)


def _dates(
    pool: Pool,
    field: CustomField,
    fields: Sequence[CustomField],
    best: Mapping[str, list[Option]],
) -> list[Option]:
    """Dates of a field: the second of a range for its end, and the first of all where none fits."""
    options = list(best[field.name])
    is_end = bool(_END_WORDS & set(field.name.replace("_", " ").lower().split()))
    if is_end:
        others = [f for f in fields if f.kind == "date" and f.name != field.name]
        starts = [o for f in others for o in best[f.name] if o.keyed > 0.3]
        seconds = [(o, second) for o in starts if (second := range_end(pool, o.best)) is not None]
        options += [Option(second, 0.97 * o.keyed, None, 0.05) for o, second in seconds]
        return options
    dates = pool.all_of(["date"])
    if dates:
        for option in options:
            option.prior += LARGEST * (option.best.value == dates[0].value)
        options.append(Option(dates[0], 0.0, None, LARGEST))
    return options


def _spellings(field: CustomField) -> list[tuple[str, float]]:
    """The phrases, and each with other words for "number", or without."""
    found: list[tuple[str, float]] = []
    for place, phrase in enumerate(field.phrases):
        found += _variants(field, phrase, 1.0 - EARLIER * min(place, 6))
    return found


def _variants(field: CustomField, phrase: str, strength: float) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = [(phrase, strength)]
    words = phrase.split()
    if words:
        numbers = [i for i, word in enumerate(words) if word.lower() in _NUMBER_WORDS]
        for i in numbers:
            rest = " ".join(words[:i] + words[i + 1 :])
            found += [
                (" ".join([*words[:i], other, *words[i + 1 :]]), 0.98 * strength)
                for other in _NUMBER_WORDS
            ]
            if rest:
                found.append((rest, 0.75 * strength))
        if not numbers and field.kind != "text":
            found += [(f"{phrase} {more}", 0.9 * strength) for more in ("amount", "date", "total")]
        found += [(f"{phrase} name", 0.9 * strength)] if field.kind == "text" else []
    return found


def _kinds(field: CustomField) -> frozenset[str]:
    if field.kind == "id":
        return frozenset({"id", "vat", "iban", "tax", "ein"})
    return frozenset({"label" if field.kind == "text" else field.kind})


def _in_sentence(page: ReadPage, key: Key) -> bool:
    """Whether words stand before a key in its line, or many after it and no colon."""
    words = page.page.words
    line = page.words_of[words[key.start].line_id]
    if words[key.end - 1].text.endswith((":", "\uff1a")):
        return False
    before = [
        w
        for w in line
        if w < key.start
        and any(c.isalpha() for c in words[w].text)
        # "I." and "b)" count the items of a form.
        and not (len(words[w].text) < 5 and words[w].text.endswith((".", ")")))
    ]
    after = [w for w in line if w >= key.end and any(c.isalpha() for c in words[w].text)]
    first = words[after[0]].text if after else ""
    return bool(before) or len(after) > 6 or (first[:1].islower() and len(first) > 1)


def _weakened(page: ReadPage, key: Key, texts: Collection[str]) -> dict[str, float]:
    """In running text a name is a key only if a name or number follows ("the laws of Ohio")."""
    words = page.page.words
    follows = words[key.end].text if key.end < len(words) else ""
    proper = follows[:1].isupper() and words[key.end].line_id == words[key.start].line_id
    if words[key.end - 1].text.endswith((".", ",", ";", ")")):
        proper = False
    return {
        name: strength
        * (IN_SENTENCE if name in texts and not proper else 0.6 if name in texts else 1)
        for name, strength in key.names.items()
    }


def _anchors(
    page: ReadPage, names: Mapping[str, Mapping[str, float]], texts: Collection[str]
) -> list[Anchor]:
    """The caller's keys, and ours, which own the values beside them."""
    words = page.page.words
    own = [
        Anchor(
            tuple(range(key.start, key.end)),
            page.box_of(range(key.start, key.end)),
            _weakened(page, key, texts) if _in_sentence(page, key) else key.names,
            words[key.start].line_id,
        )
        for key in find_keys(words, names)
        if any(name.startswith(_MARK) for name in key.names)
    ]
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
                sentence = any(
                    w < anchor.words[0] and page.page.words[w].text.isalpha() for w in words
                )
                found += _text(page, line, _proper(page, rest) if sentence else rest)
        elif not (here and len(here[0].words) >= len(words)):
            found += _text(page, line, words)
    return found


def _proper(page: ReadPage, words: Sequence[int]) -> list[int]:
    """The words of a name at the beginning of the rest of a sentence."""
    kept = []
    for w in words[:8]:
        text = page.page.words[w].text
        if not (text[:1].isupper() or text[:1].isdigit() or text in ("of", "the", "and", "&")):
            break
        kept.append(w)
        if text.endswith((",", ".", ";")) and len(text) > 3:
            break
    while kept and page.page.words[kept[-1]].text.islower():
        kept.pop()
    return kept


def _text(page: ReadPage, line: int, words: Sequence[int]) -> list[Candidate]:
    kept = [w for w in words if any(char.isalnum() for char in page.page.words[w].text)]
    if not kept:
        return []
    part = [w for w in words if kept[0] <= w <= kept[-1]]
    raw = " ".join(page.page.words[w].text for w in part).strip(" ,;")
    letters = sum(char.isalpha() for char in raw)
    if raw.endswith(":") or _NUMBERED.match(raw) or letters < 2:
        return []  # a key itself, an item of a form, a mere number
    box, number = page.box_of(part), page.page.number
    return [Candidate("label", tuple(part), raw, raw, box, line, number)]


def python_value(field: CustomField, candidate: Candidate) -> str | Decimal | date:
    """The value as the caller asked for it; numbers stay decimals, which lose nothing."""
    value = candidate.value
    if field.kind == "amount" and isinstance(value, str):
        numbers = [a.value(".") for a in find_amounts(value)]
        return numbers[0] if numbers and numbers[0] is not None else value
    return value
