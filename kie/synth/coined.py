"""Names that nobody bears: letters follow each other as they do in the names of a locale.

A network that only ever sees the names of the lists learns these; one that meets new names on every
page has to look at their form and their place.
"""

from __future__ import annotations

import re
from functools import cache
from random import Random

from kie.synth.locale import Locale, load_locales

SHARE = 0.35
"""Of all names."""

_LISTS = ("surnames", "places", "streets")
_WORD = re.compile(r"[^\W\d_]{4,}")
_LENGTHS = range(4, 12)
_UNSPACED = frozenset(("zh", "ja", "ko"))


def coined(rng: Random, locale: Locale, name: str) -> str:
    """The name, or now and then one with a new word in place of one of its own.

    Args:
        rng: What decides.
        locale: Whose letters are used; names in Chinese, Japanese and Korean stay as they are.
        name: Such as "Baker" or "Oak Avenue".
    """
    if locale.language in _UNSPACED or rng.random() >= SHARE:
        return name
    words = [*_WORD.finditer(name)]
    if not words:
        return name
    old = rng.choice(words)
    new = _word(rng, locale.name)
    return name[: old.start()] + (new.upper() if old[0].isupper() else new) + name[old.end() :]


def _word(rng: Random, locale: str) -> str:
    following = _chain(locale)
    while True:
        word = ""
        while (letter := rng.choice(following[word[-2:]])) and len(word) < _LENGTHS.stop:
            word += letter
        if len(word) in _LENGTHS:
            return word.capitalize()


@cache
def _chain(locale: str) -> dict[str, list[str]]:
    """Every two letters, or fewer at the start of a word, to what follows; "" at its end."""
    known = load_locales()[locale]
    following: dict[str, list[str]] = {}
    for entry in (e for name in _LISTS for e in known.list(name)):
        for word in _WORD.findall(entry):
            spelled = [*word.lower(), ""]
            for at, letter in enumerate(spelled):
                following.setdefault(word.lower()[max(0, at - 2) : at], []).append(letter)
    return following
