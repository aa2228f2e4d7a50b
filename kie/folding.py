"""Text made comparable, with the way back to the characters on the page."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4`"), "'")
_NUMBER_SIGNS = {"#": "no", "\u2116": "no", "n\u00b0": "no", "n\u00ba": "no", "n\u030a": "no"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in NFKC, with plain dashes and apostrophes.

    Attributes:
        offsets: For every character of `text`, and once past its end, the index in the original.
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that text[start:end] was made from."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        last = self.offsets[end - 1]
        after = next((o for o in self.offsets[end:] if o > last), self.offsets[-1])
        return self.offsets[start], after


def fold(text: str) -> Folded:
    """NFKC character by character, so that every character knows where it comes from."""
    if text.isascii():
        return Folded(text, tuple(range(len(text) + 1)))
    parts: list[str] = []
    offsets: list[int] = []
    for begin, end in _clusters(text):
        part = unicodedata.normalize("NFKC", text[begin:end]).translate(_DASHES).translate(_QUOTES)
        # Spaces of all widths count as one kind: they group digits in many countries.
        part = "".join(" " if char.isspace() else char for char in part)
        parts.append(part)
        offsets += [begin] * len(part)
    return Folded("".join(parts), (*offsets, len(text)))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Characters with the marks that combine with them, which NFKC may merge."""
    starts = [i for i, char in enumerate(text) if i == 0 or not unicodedata.combining(char)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """Only the letters and digits of `text`, without case and accents: what keys are told by.

    Signs for "number" become the letters "no".
    """
    plain = text.casefold()
    for sign, meaning in _NUMBER_SIGNS.items():
        plain = plain.replace(sign, meaning)
    plain = plain.replace("\u00df", "ss").replace("\u0131", "i")
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in decomposed if char.isalnum())
