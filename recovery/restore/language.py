"""The languages of a document, told by its script and its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from recovery.restore.style import has_cjk

_WORDS = {
    "en": "the of and to in is that for it as was with be by on not he his are this at from",
    "de": "der die und das den von zu mit sich des auf nicht ein eine ist im dem auch werden aus",
    "fr": "le la les des et est un une du que qui dans pour pas sur au par avec ce sont nous",
    "es": "el la los las que en un por con una su para como del se lo al es m\u00e1s pero",
    "it": "il di che la per un non una sono del della nel con gli alla dei come si le anche",
    "pt": "o que n\u00e3o uma um para com os as do da dos em se mais por foi ao das pelo",
    "nl": "het een van en dat niet zijn op met voor aan er te bij ook worden naar uit wordt is",
    "sv": "och att det som en \u00e4r av f\u00f6r p\u00e5 med den till inte har de ett om var",
    "da": "og at det er en af for p\u00e5 med den til ikke har de et som der var fra blev",
    "pl": "nie si\u0119 na to jest \u017ce do co jak ale po od za tak ten przez kt\u00f3ry dla",
}
_SCRIPTS = (
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
)
_KANA = re.compile("[\u3040-\u30ff]")
_KANA_SHARE = 0.1
_LETTER = re.compile(r"[^\W\d_]+")
_FEWEST = 5
"""So many common words must be found before they tell a language ..."""
_LEAD = 1.3
"""... and so many times as many as in any other."""
_SHARE = 0.06
"""Common words are at least this share of running text."""


def languages(texts: Iterable[str]) -> tuple[str, ...]:
    """BCP 47 tag of the main language, or nothing where the texts do not tell."""
    text = " ".join(texts)
    letters = sum(char.isalpha() for char in text)
    if has_cjk(text):
        return ("ja",) if len(_KANA.findall(text)) > _KANA_SHARE * letters else ("zh-Hans",)
    for tag, pattern in _SCRIPTS:
        if letters and len(pattern.findall(text)) > 0.5 * letters:
            return (tag,)
    words = Counter(word.casefold() for word in _LETTER.findall(text))
    found = sorted(
        ((sum(words[word] for word in common.split()), tag) for tag, common in _WORDS.items()),
        reverse=True,
    )
    (most, tag), (other, _) = found[:2]
    sure = most >= max(_FEWEST, _SHARE * words.total()) and most >= _LEAD * other
    return (tag,) if sure else ()
