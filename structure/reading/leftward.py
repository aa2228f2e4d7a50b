"""Characters that run from right to left, in the order in which they are read.

Pdfium turns such text round, letter by letter: what a page shows from right to left it gives from
first to last. What remains are the letters of one ligature, which it turns round too, and numbers,
of which it does not know the text around them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_FIRST = 0x590
"""The first code point of a script that runs from right to left."""
_ALSO_NUMBER = "%\u066a$\u20ac\u20aa\u00a3+-\u2212\u00b0#"
"""Signs that keep their side of a number in Hebrew, but not in Arabic."""
_MIRRORED = str.maketrans("()[]{}<>\u00ab\u00bb", ")(][}{><\u00bb\u00ab")
_NUMBER = re.compile(r"\d(?:.*\d)?", re.DOTALL)


def leftward(codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(N,) which characters run from right to left."""
    if not len(codes) or int(codes.max()) < _FIRST:
        return np.zeros(len(codes), dtype=bool)
    known = [code for code in np.unique(codes).tolist() if _FIRST <= code <= 0x10FFFF]
    found = [code for code in known if unicodedata.bidirectional(chr(code)) in ("R", "AL")]
    return np.isin(codes, found)


def ligatures_in_order(
    texts: Mapping[int, str], origins: NDArray[np.float64], leftward: NDArray[np.bool_]
) -> dict[int, str]:
    """The texts of all characters, those of one ligature (they begin in one place) turned back.

    Args:
        texts: By the index of the character.
        origins: (N, 2) where each begins.
        leftward: (N,) which run from right to left.
    """
    turned = dict(texts)
    group: list[int] = []
    for index in [*texts, -1]:
        if group and (
            index < 0
            or index != group[-1] + 1
            or not leftward[index]
            or np.abs(origins[index] - origins[group[0]]).max() > 0
        ):
            own = [texts[i] for i in reversed(group)]
            turned.update(zip(group, own, strict=True))
            group = []
        if index >= 0 and leftward[index]:
            group.append(index)
    return turned


def number_as_read(seen: str, *, arabic: bool) -> str:
    """A number among text from right to left, as it is read: its punctuation is turned round.

    Args:
        seen: Its characters from left to right, without letters.
        arabic: Whether the text is Arabic, where signs like that of per cent follow the number.
    """
    found = _NUMBER.search(seen)
    if found is None:
        return seen
    start, end = found.span()
    while not arabic and start and seen[start - 1] in _ALSO_NUMBER:
        start -= 1
    while not arabic and end < len(seen) and seen[end] in _ALSO_NUMBER:
        end += 1
    before, after = (part[::-1].translate(_MIRRORED) for part in (seen[end:], seen[:start]))
    return before + seen[start:end] + after


def runs_leftward(texts: Sequence[str]) -> tuple[bool, bool]:
    """Whether most letters of all texts run from right to left, and whether these are Arabic."""
    kinds = [unicodedata.bidirectional(char) for text in texts for char in text]
    hebrew, arabic, other = (kinds.count(kind) for kind in ("R", "AL", "L"))
    return hebrew + arabic > other, arabic > hebrew
