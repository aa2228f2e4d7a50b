"""Names of outputs: where the outputs of an input lie below the output folder.

Folders are mirrored, and the last suffix of the name is taken away; that of the format comes in its
place (`reports/June.pdf` becomes `reports/June.docx`). Characters that some system reserves are
replaced, names are kept short enough for any file system, and where the names of two inputs would
meet (`a.pdf` and `a.png`, `A.pdf` and `a.pdf`, an accent written in two ways), the one that comes
later gets eight characters more, from its path: `a-1f2e3d4c.docx`. The ledger remembers the names,
so they never change.
"""

from __future__ import annotations

import hashlib
import unicodedata

from structure.core.text import clean

MAX_BYTES = 200
"""Of a name with its suffix; what writers add while they work must fit as well."""

_LONGEST_SUFFIX = 20
_RESERVED = frozenset('<>:"/\\|?*')
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))]
)


def stem_of(path: bytes, *, distinct: bool = False) -> str:
    """The name of the outputs of an input, without the suffix of a format.

    Args:
        path: Of the input, relative to the input folder, parts separated by "/".
        distinct: Add characters that make it differ from that of any other path.
    """
    *folders, name = path.split(b"/")
    stem, dot, _ = name.rpartition(b".")
    mark = f"-{hashlib.sha256(path).hexdigest()[:8]}" if distinct else ""
    last = _plain(stem if dot and stem else name, MAX_BYTES - _LONGEST_SUFFIX - len(mark))
    return "/".join([*(_plain(folder, MAX_BYTES) for folder in folders), last + mark])


def stem_key(stem: str) -> str:
    """Equal for stems that some file system takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())


def _plain(part: bytes, limit: int) -> str:
    text = "".join(_kept(char) for char in part.decode("utf-8", "replace"))
    text = text.encode()[:limit].decode("utf-8", "ignore").rstrip(" .") or "_"
    if text.partition(".")[0].lower() in _DEVICES or text.startswith("."):
        text = f"_{text}"
    return text


def _kept(char: str) -> str:
    bad = char in _RESERVED or char != clean(char) or unicodedata.category(char) == "Cc"
    return "_" if bad else char
