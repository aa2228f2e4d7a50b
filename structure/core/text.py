"""Text that every format can hold, and links that are safe to click."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

REPLACEMENT = "\ufffd"

# What XML 1.0 and strict JSON cannot hold: C0 controls but tab and line feed, DEL and the C1
# controls, lone surrogates, the two non-characters at the end of the basic plane.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Embeddings, overrides and isolates reorder what is shown against what is stored; the mere marks
# (U+200E, U+200F, U+061C) do not, and Arabic needs them.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_WRONG = re.compile(
    f"{_ILLEGAL.pattern[:-1]}\r\x85\u2028\u2029{_REORDERING.pattern[1:]}"  # one pass says "clean"
)
# What begins a formula in some spreadsheet, also in full width, and what some skip before it.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
# Radicals to Bopomofo, strokes and Katakana extensions, ideographs, vertical and full-width forms.
_UNSPACED = (
    ("\u2e80", "\u312f"),
    ("\u3190", "\u31ff"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\ufe30", "\ufe4f"),
    ("\uff00", "\uffef"),
    ("\U00020000", "\U0003ffff"),
)


def clean(text: str) -> str:
    """`text` without what file formats refuse or what makes it look like something else.

    Illegal characters become U+FFFD, reordering controls vanish, every line end becomes a line
    feed. `clean(clean(text)) == clean(text)`.
    """
    if _WRONG.search(text) is None:
        return text
    text = _LINE_ENDS.sub("\n", text)
    return _ILLEGAL.sub(REPLACEMENT, _REORDERING.sub("", text))


def csv_text(text: str) -> str:
    """`text` as a field of a CSV file, in a form that no spreadsheet takes for a formula.

    Spreadsheets look at the content, quoted or not. A leading apostrophe makes it text; plain
    numbers need none. Quotes are left to the `csv` module.
    """
    text = clean(text)
    risky = text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def safe_link(url: str | None) -> str | None:
    """`url` if it is an absolute http, https or mailto address, else None."""
    if not url or url != clean(url) or any(char.isspace() for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        return url if parts.netloc else None
    return url if parts.scheme == "mailto" and parts.path else None


def is_wide(char: str) -> bool:
    """Whether `char` fills a square: Chinese, Japanese, Korean, full-width forms."""
    return unicodedata.east_asian_width(char) in "WF"


def is_unspaced(char: str) -> bool:
    """Whether `char` is written without spaces between words: Chinese and Japanese, not Korean."""
    # The common case first: pages have thousands of characters.
    return char >= _UNSPACED[0][0] and any(low <= char <= high for low, high in _UNSPACED)


def width(text: str) -> int:
    """Columns of `text` in a fixed-pitch font: 2 for wide East Asian characters, 0 for marks."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 2 if is_wide(char) else 1
        for char in text
    )


def is_rtl(text: str, *, default: bool = False) -> bool:
    """Whether more letters of `text` run from right to left than from left to right.

    `default` is the answer for text without letters.
    """
    classes = [unicodedata.bidirectional(char) for char in text if char.isalpha()]
    return sum(kind in ("R", "AL") for kind in classes) * 2 > len(classes) if classes else default


def is_cjk(text: str) -> bool:
    """Whether at least half of the letters of `text` are Chinese, Japanese or Korean."""
    letters = [char for char in text if char.isalpha()]
    wide = sum(is_wide(char) for char in letters)
    return bool(letters) and wide * 2 >= len(letters)
