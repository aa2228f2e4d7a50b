"""Lines to text, in a way that can be undone: every line end is joined by a named rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from recovery.restore.options import RestoreOptions
from recovery.restore.pieces import Piece, Row
from structure.core.text import is_unspaced

_HYPHENS = "-\u2010"
_DASHES = "\u2013\u2014"
_SOFT_HYPHEN = "\u00ad"
_NO_SPACE = re.compile("[\u0e00-\u0eff\u1780-\u17ff]")
"""Thai, Lao, Khmer: written without spaces between words."""

_ADDRESS = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
_IN_ADDRESS = "/-_=&?%#"
_TOKEN = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of the document, lower case: those without and those with a hyphen inside.

    Attributes:
        glued: Whether its lines have no space between Chinese and Latin letters.
    """

    plain: frozenset[str] = frozenset()
    hyphenated: frozenset[str] = frozenset()
    glued: bool = False


def vocabulary(texts: Iterable[str]) -> Vocabulary:
    """The words of `texts` (one line each) that are not cut at a line's end."""
    plain: set[str] = set()
    hyphenated: set[str] = set()
    glued = 0
    for text in texts:
        glued += _borders(text)
        for found in _TOKEN.finditer(text):
            word = found.group().lower().replace("\u2010", "-")
            if text[found.end() : found.end() + 1] not in (*_HYPHENS, _SOFT_HYPHEN):
                (hyphenated if "-" in word else plain).add(word)
    return Vocabulary(frozenset(plain), frozenset(hyphenated), glued > 0)


def _borders(text: str) -> int:
    """How many Chinese letters stand right beside Latin ones, less those with a space between."""
    if text.isascii():
        return 0
    sides = ["c" if is_unspaced(char) else "l" if char.isalnum() else char for char in text]
    kinds = "".join(side if side in ("c", "l", " ") else "." for side in sides)
    near = sum(kinds.count(border) for border in ("cl", "lc"))
    return near - sum(kinds.count(border) for border in ("c l", "l c"))


def join_texts(texts: Sequence[str], joins: Sequence[str]) -> str:
    """The text of lines joined as `joins` says; the inverse of cutting it.

    Args:
        texts: The lines as read.
        joins: One entry less than `texts`: "space", "none", "dehyphen" (the hyphen at the end
            goes), "hyphen" (it stays), "tab" or "break".
    """
    between = {"space": " ", "tab": "\t", "break": "\n"}
    parts = [texts[0]] if texts else []
    for text, join in zip(texts[1:], joins, strict=True):
        if join == "dehyphen":
            parts[-1] = parts[-1].rstrip()[:-1]
        parts.extend((between.get(join, ""), text))
    return "".join(parts)


def offsets(texts: Sequence[str], joins: Sequence[str]) -> list[int]:
    """Where each line starts in the joined text."""
    starts: list[int] = []
    length = 0
    for text, join, before in zip(texts, ["", *joins], ["", *texts[:-1]], strict=True):
        if join == "dehyphen":
            length -= len(before) - len(before.rstrip()[:-1])
        length += join in ("space", "tab", "break")
        starts.append(length)
        length += len(text)
    return starts


def join_rows(
    rows: Sequence[Row],
    breaks: Sequence[bool],
    tab_em: float,
    words: Vocabulary,
    options: RestoreOptions,
) -> tuple[str, ...]:
    """How the pieces of `rows` are joined, one entry less than there are pieces.

    Args:
        rows: Of one paragraph, at least one.
        breaks: One entry less than `rows`: whether the line after it starts anew within the
            paragraph.
        tab_em: A gap of this width inside a row is a tab.
        words: Words of the whole document.
        options: Thresholds.
    """
    joins: list[str] = []
    for k, row in enumerate(rows):
        if k:
            ahead = rows[k - 1].pieces[-1].text
            behind = row.pieces[0].text
            joins.append("break" if breaks[k - 1] else join_of_lines(ahead, behind, words))
        joins += [_join_of_pieces(a, b, tab_em, options) for a, b in pairwise(row.pieces)]
    return tuple(joins)


def _join_of_pieces(left: Piece, right: Piece, tab_em: float, options: RestoreOptions) -> str:
    gap = (right.box.x0 - left.box.x1) / max(right.em, 1e-6)
    if gap >= tab_em:
        return "tab"
    if not left.text or not right.text:
        return "none"
    sides = is_unspaced(left.text[-1]) + is_unspaced(right.text[0])
    least = (options.space_em, options.cjk_space_em, float("inf"))[sides]
    return "space" if gap > least else "none"


def join_of_lines(ahead: str, behind: str, words: Vocabulary) -> str:
    """How a line that ends in `ahead` is joined to the next one of its paragraph, `behind`."""
    ahead, behind = ahead.rstrip(), behind.lstrip()
    if not ahead or not behind:
        return "none"
    if ahead[-1] == _SOFT_HYPHEN:
        return "dehyphen"
    if _goes_on(ahead, behind) or _at_dash(ahead, behind):
        return "none"
    if ahead[-1] in _HYPHENS and len(ahead) > 1 and not ahead[-2].isspace():
        return _join_at_hyphen(ahead, behind, words)
    unspaced = is_unspaced(ahead[-1]) + is_unspaced(behind[0])
    if unspaced == 2 or (unspaced and (words.glued or ahead[-1].isdigit() or behind[0].isdigit())):
        return "none"
    if _NO_SPACE.match(ahead[-1]) and _NO_SPACE.match(behind[0]):
        return "none"
    return "space"


def _goes_on(ahead: str, behind: str) -> bool:
    """Whether a web address is cut by the line end: at a mark of its own, or before one."""
    address = ahead.split()[-1]
    if not _ADDRESS.search(address):
        return False
    return address[-1] in _IN_ADDRESS or behind[0] in "/?&=#_" or "/" in behind.split()[0]


def _at_dash(ahead: str, behind: str) -> bool:
    """Whether the line ends in a dash that touches the word before it."""
    return ahead[-1] in _DASHES and ahead[-2:-1].isalnum() and behind[0].isalnum()


def _join_at_hyphen(ahead: str, behind: str, words: Vocabulary) -> str:
    first = re.search(r"[^\W_]+(?:[-\u2010][^\W_]+)*$", ahead[:-1])
    second = re.match(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*", behind)
    if second is None or first is None or not behind[0].islower():
        return "hyphen"
    if second.group() in _CONJUNCTIONS:
        return "space"  # onderhouds- en bouwkosten
    head, tail = first.group().lower(), second.group().lower()
    last = head.rsplit("-", 1)[-1]
    if last + tail in words.plain or head + tail in words.hyphenated:
        return "dehyphen"
    if f"{head}-{tail}" in words.hyphenated:
        return "hyphen"
    both_words = min(len(last), len(tail)) >= 4 and last in words.plain and tail in words.plain
    if len(last) == 1 or any(char.isdigit() for char in last) or both_words:
        return "hyphen"
    return "dehyphen"


_CONJUNCTIONS = frozenset(
    {"und", "oder", "en", "of", "and", "or", "et", "ou", "och", "og", "y", "e"}
)
