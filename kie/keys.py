"""What fields are called on paper, in the languages of Europe and East Asia, and finding it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from kie.folding import squeeze
from kie.key_names import NAMES, NUMBER_WORDS, WIDE
from kie.schema import BY_NAME
from kie.synth.locale import load_locales
from kie.types import Word

MAX_TOKENS = 7
"""Words of the longest key."""

_COMPOUND = re.compile(
    r"^[a-z]{3,14}?s?(rechnung(?:s?(?:nr|no|nummer|vom)|sdatum)|faktura(?:nr|c|no))$"
)

FOREIGN, MIN_FOREIGN = 0.85, 3
"""Strength of the names that only the generator knows, and the fewest letters they have."""

_OTHERS = {
    "period": "_period", "print_date": "_other_date", "valid_until": "_other_date",
    "project": "_other_id", "contract": "_other_id", "meter": "_other_id",
    "supplier_number": "_other_id", "quote_number": "_other_id", "tracking": "_other_id",
    "mandate": "_other_id", "creditor": "_other_id", "statement_number": "_other_id",
    "register": "_other_id", "bank": "_other_id", "account": "_other_id", "pages": "_other_id",
    "ship_to": "_other_party", "other_party": "_other_party",
    "fax": "_fax", "name": "_party_name", "address": "_party_address",
}  # fmt: skip
"""Names of the generator's keys that are no fields, to what they own here."""

MIN_FUZZY = 9
"""Letters of a name from which one may be wrong."""

MIN_WORD = 5
"""Letters of a word of longer names, from which one may be wrong ("Totel amt peyable")."""

WEAK = 0.55
"""Strength of names that mean the field only where nothing better does ("Date", "Betrag")."""


@dataclass(frozen=True, slots=True)
class Key:
    """The name of a field on a page.

    Attributes:
        start: Index of its first word.
        end: After its last one.
        names: Fields that it may name, with the strength of each, 0 to 1. Names with a leading
            underscore are no fields: they own the values beside them.
    """

    start: int
    end: int
    names: Mapping[str, float]


@cache
def index() -> dict[str, dict[str, float]]:
    """Squeezed names to the fields they mean and how strongly."""
    found: dict[str, dict[str, float]] = {}
    _add(found, NAMES)
    return found


def _add(found: dict[str, dict[str, float]], table: Mapping[str, str]) -> None:
    """The names of a table, with their fields."""
    for field, text in table.items():
        for phrase in text.replace("\n", "|").split("|"):
            spelling = phrase.strip()
            if not spelling:
                continue
            strength = WEAK if spelling.endswith("?") else 1.0
            for expanded in _expanded(spelling.rstrip("?")):
                names = found.setdefault(squeeze(expanded), {})
                names[field] = max(strength, names.get(field, 0.0))
    found.pop("", None)


@cache
def _misspelled() -> dict[str, str]:
    """Long names with one letter left out, to the names; what several would become is left out."""
    found: dict[str, str | None] = {}
    for name in index():
        if len(name) < MIN_FUZZY:
            continue
        for shorter in _shorter(name):
            found[shorter] = None if found.get(shorter, name) != name else name
    return {shorter: name for shorter, name in found.items() if name is not None}


@cache
def _vocabulary() -> tuple[frozenset[str], dict[str, str]]:
    """Words of keys, and long ones with one letter left out to the word, where it is but one."""
    words = frozenset(
        squeeze(word)
        for table in (NAMES, WIDE)
        for text in table.values()
        for word in re.findall(r"[^\W\d_]+", text)
    )
    found: dict[str, str | None] = {}
    for word in words:
        if len(word) >= MIN_WORD:
            for shorter in _shorter(word):
                found[shorter] = None if found.get(shorter, word) != word else word
    return words, {shorter: word for shorter, word in found.items() if word is not None}


@lru_cache(maxsize=65536)
def _as_meant(word: str) -> str:
    """A word of keys for a word with one other letter; else the word itself."""
    words, shortened = _vocabulary()
    if len(word) < MIN_WORD or word in words:
        return word
    alike = {shortened[s] for s in _shorter(word) if len(shortened.get(s, "")) == len(word)}
    near = [a for a in alike if sum(x != y for x, y in zip(a, word, strict=True)) == 1]
    return near[0] if len(near) == 1 else word


def _shorter(text: str) -> set[str]:
    return {text[:i] + text[i + 1 :] for i in range(len(text))}


@lru_cache(maxsize=65536)
def _nearly(joined: str) -> str:
    """The long name that differs from a text by one letter, as OCR makes them; else nothing."""
    if not MIN_FUZZY - 1 <= len(joined) <= 40:
        return ""
    known, misspelled = index(), _misspelled()
    if joined in misspelled:
        return misspelled[joined]
    for shorter in _shorter(joined):
        if shorter in known and len(shorter) >= MIN_FUZZY:
            return shorter
        name = misspelled.get(shorter)
        if name is not None:
            return name
    return ""


@cache
def wide_index() -> dict[str, dict[str, float]]:
    """`index`, and what the locales of the page generator call the same things."""
    found = {name: dict(fields) for name, fields in index().items()}
    more: dict[str, dict[str, float]] = {}
    _add(more, WIDE)
    for name, fields in more.items():
        # Where goods go is nobody's name, whatever else a heading may mean.
        found[name] = fields if "_other_party" in fields else fields | found.get(name, {})
    for locale in load_locales().values():
        for entry, phrases in locale.lists.items():
            kind = entry.removeprefix("key.")
            field = kind if kind in BY_NAME else _OTHERS.get(kind)
            if not entry.startswith("key.") or field is None:
                continue
            for phrase in phrases:
                name = squeeze(phrase)
                if name in index() or (len(name) < MIN_FOREIGN and name.isascii()):
                    continue
                found.setdefault(name, {})[field] = FOREIGN
    return found


def _expanded(phrase: str) -> list[str]:
    """A phrase with each of the words for "number" in the place of {n}."""
    if "{" not in phrase:
        return [phrase]
    before, _, rest = phrase.partition("{")
    language, _, after = rest.partition("}")
    return [before + word + after for word in NUMBER_WORDS[language].split("|")]


def _plain(joined: str) -> str:
    """Without what stands before the word for an invoice ("Mietrechnung Nr." is one)."""
    match = _COMPOUND.search(joined)
    return "" if match is None else match[1]


def find_keys(
    words: Sequence[Word],
    extra: Mapping[str, Mapping[str, float]] | None = None,
    *,
    wide: bool = False,
) -> list[Key]:
    """The keys on a page, longest first where several begin at the same word, none overlapping.

    Args:
        words: In reading order; a key lies within one line.
        extra: More names, squeezed, as `index` has them; they win over the built-in ones.
        wide: Whether to know the names of `wide_index`, and long names with one wrong letter. The
            flags that networks are trained with do not.
    """
    known = wide_index() if wide else index()
    keys: list[Key] = []
    at = 0
    squeezed = [squeeze(word.text) for word in words]
    while at < len(words):
        best: Key | None = None
        joined = meant = ""
        for end in range(at, min(len(words), at + MAX_TOKENS)):
            if words[end].line_id != words[at].line_id:
                break
            joined += squeezed[end]
            meant += _as_meant(squeezed[end])
            if not squeezed[end] and end == at:
                break
            names = (extra or {}).get(joined) or known.get(joined) or known.get(_plain(joined))
            if not names and wide and (best is None or len(squeezed[end]) > 2):
                # "Your order CI 30495" does not begin with "Your order ID".
                names = known.get(_nearly(joined)) or (
                    known.get(meant) if len(meant) >= MIN_FUZZY else None
                )
            if not names and end == at and "/" in words[at].text:
                # "Buyer/Recipient:" is called by its first name.
                names = known.get(squeeze(words[at].text.partition("/")[0]))
            if names:
                best = Key(at, end + 1, names)
            # A colon or a bracket ends a key.
            if words[end].text.endswith((":", "\uff1a")):
                break
        if best is not None and best.end < len(words) and squeezed[best.end] == "box":
            best = None  # "PO Box"
        if best is None:
            at += 1
        else:
            keys.append(best)
            at = best.end
    return keys
