"""Lines that each state a fact (addresses, labels with values) against lines of running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from recovery.restore.pieces import Row
from structure.core.text import is_unspaced

SHORT_CHARS = 45
"""Lines shorter than this may be facts; Chinese characters count twice."""

_LABEL = re.compile(r"[^\W\d_][^:\uff1a]{0,28}[:\uff1a](?:\s|$)")
_PLACE = re.compile(r"(?:https?://|www\.)|\S+@\S+\.", re.IGNORECASE)
_HYPHENS = ("-", "\u2010", "\u00ad")
_RUNS_ON = (".", ";", "!", "?", *_HYPHENS)
_ABBREVIATION = re.compile(r"\b[A-Z][a-z]{0,3}\.$")
_ENOUGH_ROWS = 4
"""So many lines do not all begin with a capital in running text."""
_RAGGED = 0.2
"""Spread of the right edges of facts, as a share of the width of their block."""
_NARROW = 0.6
"""Share of the column's width that an address fills at most."""


def are_facts(rows: Sequence[Row], column_width: float) -> bool:
    """Whether every one of `rows` is a line of its own.

    All are short, begin like a fact and do not end like a part of a sentence; and they are narrow
    in their column, or so many or so ragged that it cannot be chance.

    Args:
        rows: Of one paragraph, from top to bottom.
        column_width: In the unit of the rows.
    """
    if len(rows) < 2 or longest(rows) >= SHORT_CHARS or not all(opens(r.text) for r in rows[1:]):
        return False
    if not any(char.isalpha() for row in rows for char in row.text):
        return True  # numbers below each other
    inner = [row.text.rstrip() for row in rows[:-1]]
    if any(text.endswith(_RUNS_ON) and not _ABBREVIATION.search(text) for text in inner):
        return False
    width = max(row.box.x1 for row in rows) - min(row.box.x0 for row in rows)
    if width < _NARROW * column_width:
        return True
    capitals = not any(char.islower() for row in rows for char in row.text)
    if capitals or any(text.endswith(",") for text in inner):
        return False
    rights = [row.box.x1 for row in rows[:-1]]
    ragged = len(rows) > 2 and max(rights) - min(rights) > _RAGGED * width
    return ragged or len(rows) >= _ENOUGH_ROWS


def labelled(rows: Sequence[Row]) -> list[bool]:
    """For every line but the first whether it and the one before open with a label and a colon."""
    return [bool(_LABEL.match(a.text) and _LABEL.match(b.text)) for a, b in pairwise(rows)]


def opens(text: str) -> bool:
    """Whether `text` begins like a line of its own: a capital, a digit, an address of the web."""
    first = text[:1]
    return first.isupper() or first.isdigit() or first in "([+*" or bool(_PLACE.match(text))


def hyphenated(text: str) -> bool:
    """Whether the last word of `text` goes on in the next line."""
    return text.rstrip().endswith(_HYPHENS)


def longest(rows: Sequence[Row]) -> int:
    """Characters of the longest line; Chinese ones count twice."""
    return max(sum(2 if is_unspaced(char) else 1 for char in row.text) for row in rows)
