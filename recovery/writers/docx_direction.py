"""Documents from right to left in Word, which counts left and right from where lines begin.

The writer gets such a document in the mirror (see `recovery.direction`): what it calls left is
where lines begin, and Word agrees. What has a place of its own on the page is put back there.
"""

from __future__ import annotations

import re
import unicodedata

from recovery.direction import document_rtl, mirrored_document
from recovery.writers.ooxml import NAMESPACES, Element, emu, twips
from structure.core.document import Document, Span

_HEBREW = "\u0590"
"""The first letter from right to left; most texts have none from here on."""
_AGAINST = {True: re.compile("L[^R]*L|L"), False: re.compile("R[^L]*R|R")}
_STRONG = {"L": "L", "R": "R", "AL": "R"}
RTL_LANGUAGES = ("ar", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi")
_TAGS = {"he": "he-IL", "iw": "he-IL", "yi": "yi-001", "fa": "fa-IR", "ur": "ur-PK", "ps": "ps-AF"}


def for_word(document: Document) -> Document:
    """The document in the mirror where it runs from right to left; tables that do in any case."""
    rtl = document_rtl(document)
    widths = {page.n: page.w for page in document.pages} if rtl else {}
    return mirrored_document(document, rtl=rtl, pages=widths, widths=widths)


def with_tables_turned(document: Document) -> Document:
    """The document as it is, but for the inside of its tables from right to left."""
    return mirrored_document(document, rtl=document_rtl(document), pages=(), widths={})


def against(text: str, *, rtl: bool) -> list[Span]:
    """The parts of a text that run against its direction, as a name in Latin letters in Arabic.

    Args:
        text: Of one paragraph.
        rtl: Whether the paragraph runs from right to left.
    """
    if not rtl and max(text, default="") < _HEBREW:
        return []
    kinds = "".join(_STRONG.get(unicodedata.bidirectional(char), "-") for char in text)
    return [Span(found.start(), found.end()) for found in _AGAINST[rtl].finditer(kinds)]


def is_rtl_tag(tag: str) -> bool:
    """Whether a language of this tag is written from right to left."""
    return tag.lower().split("-")[0] in RTL_LANGUAGES


def language_tag(tag: str) -> str:
    """What Word calls a language from right to left."""
    return _TAGS.get(tag.lower().split("-")[0], tag if "-" in tag else "ar-SA")


def put_back(element: Element, width: float) -> None:
    """Give frames and pictures the place on the page that they have outside the mirror.

    Args:
        element: A child of `w:body`, changed in place.
        width: Of the page, in points.
    """
    w, wp = f"{{{NAMESPACES['w']}}}", f"{{{NAMESPACES['wp']}}}"
    for frame in element.iter(f"{w}framePr"):
        at, wide = frame.get(f"{w}x"), frame.get(f"{w}w")
        if at is not None and wide is not None:
            frame.set(f"{w}x", str(max(1, twips(width) - int(at) - int(wide))))
    for anchor in element.iter(f"{wp}anchor"):
        offset = anchor.find("wp:positionH/wp:posOffset", NAMESPACES)
        extent = anchor.find("wp:extent", NAMESPACES)
        if offset is not None and extent is not None:
            offset.text = str(emu(width) - int(offset.text or 0) - int(extent.get("cx", "0")))
        left, right = anchor.get("distL", "0"), anchor.get("distR", "0")
        anchor.set("distL", right)
        anchor.set("distR", left)
