"""Who issued a receipt: its head holds the name and the address, and hardly ever a key."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from kie.address_blocks import POSTAL, is_key_line
from kie.candidates import ReadPage
from kie.folding import squeeze
from kie.model_spans import probability, spans_of
from kie.options import Pool
from kie.ordering import rows_of
from kie.parties import Party
from kie.party_names import LEGAL_FORM, TITLE, is_form_alone, is_phrase, is_street

GAP = 1.6
"""Heights of a line between pieces of a name in one row, at most."""

HEAD_LINES = 20
"""Lines from the top among which the head of a receipt ends."""

MODEL, MODEL_BELOW, LINES_BELOW = 0.15, 0.6, 8
"""What the network's word is worth for a name in the head, and below it; lines from there on."""

UNKNOWN, FOLLOWS, FORM, COMMA, ADDRESS_MODEL = -0.45, 0.15, 0.7, 0.15, 1.6
"""What speaks for a line of an address: nothing, that one is above, its form, a comma, the network.
"""

OTHER, KEYED = 0.6, 1.8
"""What speaks against it: a word of other lines, the name of a field at its start."""

SURE_KEY = 0.6
"""Strength from which a key begins a line that is no part of an address."""

_STREET = re.compile(
    r"\b(?:no\.?\s?\d|lot\b|jalan|jln|street|st\.|road|rd\.?\b|avenue|ave\b|blvd|lane|drive|plaza|"
    r"taman|wisma|level|floor|suite|unit\b|stra(?:ss|ß)e|str\.|rue\b|calle|via\b|bandar|mall\b|"
    r"city\b|p\.?o\.?\s?box|tmn\b|persiaran|lorong|lebuh|kampung|seksyen)|(?<!\d)\d{5}(?!\d)",
    re.IGNORECASE,
)
_LOT = re.compile(r"(?:lot|shop|plot|unit)\b", re.IGNORECASE)
_SHOP = re.compile(
    r"\b(?:sdn|bhd|s/b|enterprise|trading|company|restaurant|restoran|mart|store(?!\s*(?:#|no|\d)))\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:invoice|receipt|welcome|thank|goods\s?sold|gst|reg(?:istration)?\b|tel\b|phone|fax|date|time|table|order|"
    r"cashier|guest|copy|duplicate|formerly|served|server|rechnung|quittung|beleg|ticket|"
    r"vat\b|co\.?\s?(?:no|reg)|company\s?no|licensee|bill\b|check\b|open\b|id\b|hours)|www\.|@",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"^\W*\d{4,}\s+")
_NUMBER = re.compile(r"(?<![\w#])\d{1,5}[A-Za-z]?\s[^\W\d_]{3}")
_PRICED = re.compile(r"\d\.\d\d\b")
_PRICE = re.compile(r"\d[.,]\d\d$")
_PHONE_ALONE = re.compile(r"[\d\s()+./,-]{7,}")
_CONTACT = re.compile(
    r"\b(?:gst|sst|vat|tel|fax|phone|hp|invoice|receipt|date|reg\.?\s*no)\b", re.IGNORECASE
)
_REGISTER = re.compile(
    r"[\s,]*(?:\(?(?:co\.?\s*)?(?:reg\.?\s*)?(?:no\.?\s*)?:?\s*\(?\d{4,}-?\s?[A-Z]{0,2}\)?|"
    r"\(\s*\w*\d{3,}[\w-]*\s*\))\.?(?:\s*\([A-Z]{2,4}\))?\s*$",
    re.IGNORECASE,
)


def receipt_seller(pool: Pool) -> Party | None:
    """Name and address from the first page: from its head, or from where the network sees them."""
    if not pool.pages:
        return None
    page = pool.pages[0]
    lines = _lines_of(page)
    head = lines[: _end_of_head(page, lines)]
    best: tuple[float, int] | None = None
    streets = 0
    for place, line in enumerate(head):
        score = _score(page, line, place, streets)
        streets += bool(_STREET.search(page.page.lines[line].text)) and place > 0
        if score is None:
            continue
        score += MODEL * probability(pool, 0, page.words_of[line], "seller_name")
        if best is None or score > best[0] + 1e-9:
            best = (score, line)
    for span in spans_of(pool, "seller_name"):
        line = page.page.words[span.words[0]].line_id
        score = MODEL_BELOW * span.probability
        below = span.page == 0 and line in lines and line not in head
        if below and (best is None or score > best[0]):
            best = (score, line)
    if best is None:
        return None
    score, line = best
    near = head if line in head else lines[lines.index(line) :][:LINES_BELOW]
    own = _whole_name(page, near, line)
    words, name = _without_register(page, own)
    address = _address(pool, near, own)
    return Party(0, words, address, score, name)


def _lines_of(page: ReadPage) -> list[int]:
    """All upright lines, row by row."""
    rows = rows_of([line.box.as_tuple() for line in page.page.lines])
    return [i for row in rows for i in row if abs(page.page.lines[i].angle) < 20]


def _end_of_head(page: ReadPage, lines: Sequence[int]) -> int:
    """How many lines stand above the first price."""
    priced = (k for k, i in enumerate(lines) if k > 1 and _PRICED.search(page.page.lines[i].text))
    return min(HEAD_LINES, next(priced, len(lines)))


def _score(page: ReadPage, line: int, place: int, streets: int) -> float | None:
    text = page.page.lines[line].text
    own = page.words_of[line]
    bare = _REGISTER.sub("", text)
    letters = sum(char.isalpha() for char in bare)
    digits = sum(char.isdigit() for char in bare)
    if letters < 3 or digits > letters or len(bare) > 60:
        return None
    score = 0.5 - 0.07 * place
    # "Restaurant" and "store" are words of slogans as well.
    score += 0.35 if LEGAL_FORM.search(bare) else 0.2 * bool(_SHOP.search(bare))
    if re.fullmatch(r"\W*(?:sdn\.?\s*)?bhd\.?\W*", bare, re.IGNORECASE):
        score -= 0.5
    no_name = _NO_NAME.search(bare) or TITLE.search(bare) or is_phrase(bare)
    keyed = ":" in bare or is_key_line(page, line, own) or _is_keyed(page, own)
    score -= 0.6 * bool(no_name) + 0.45 * keyed
    score -= 0.45 * bool(_STREET.search(bare)) + 0.25 * min(streets, 2)
    score += 0.12 * (page.page.lines[line].box.height > 1.3 * page.line_height)
    score -= 0.15 * (letters < 5) + 0.12 * bare.islower()
    return score


def _whole_name(page: ReadPage, lines: Sequence[int], line: int) -> list[int]:
    """The lines of a name that OCR broke apart, or that goes on with "(Town) Ltd" below."""
    boxes = {i: page.page.lines[i].box for i in lines}
    own = boxes[line]
    row = [
        i
        for i, box in boxes.items()
        if box.overlap_y(own) > 0.6 * min(box.height, own.height)
        and 0.6 < box.height / max(own.height, 1.0) < 1.7
        and not _NO_NAME.search(page.page.lines[i].text)
        and any(char.isalpha() for char in page.page.lines[i].text)
    ]
    row.sort(key=lambda i: boxes[i].x0)
    at = first = row.index(line) if line in row else 0
    while first > 0 and boxes[row[first]].x0 - boxes[row[first - 1]].x1 < GAP * own.height:
        first -= 1
    while at + 1 < len(row) and boxes[row[at + 1]].x0 - boxes[row[at]].x1 < GAP * own.height:
        at += 1
    found = row[first : at + 1] or [line]
    text = _REGISTER.sub("", page.page.lines[found[0]].text)
    if is_form_alone(text) or text.startswith("("):
        above = [
            i
            for i, box in boxes.items()
            if -0.3 * own.height < own.y0 - box.y1 < own.height
            and abs(box.center[0] - own.center[0]) < 2 * own.height
            and not _NO_NAME.search(page.page.lines[i].text)
        ]
        found = [*above[-1:], *found]
    elif LEGAL_FORM.search(text) is None:
        below = [
            i
            for i, box in boxes.items()
            if -0.3 * own.height < box.y0 - own.y1 < own.height
            and abs(box.center[0] - own.center[0]) < 2 * own.height
            and is_form_alone(_REGISTER.sub("", page.page.lines[i].text))
        ]
        found += below[:1]
    return found


def _without_register(page: ReadPage, lines: Sequence[int]) -> tuple[tuple[int, ...], str]:
    """The words and the text of a name without the number of the company behind it."""
    words: list[int] = []
    texts: list[str] = []
    for line in lines:
        text = page.page.lines[line].text
        kept = _REGISTER.sub("", text)
        own = page.words_of[line]
        words += [w for w in own if page.page.words[w].char_span[0] < len(kept)] or own
        texts.append(kept or text)
    return tuple(words), _NUMBER_BEFORE.sub("", " ".join(texts))


def _address(pool: Pool, lines: Sequence[int], name: Sequence[int]) -> list[tuple[int, ...]]:
    """The run of lines that speaks most for an address, without the name: its sum is greatest."""
    page = pool.pages[0]
    title = squeeze("".join(page.page.lines[line].text for line in name))
    best: tuple[float, list[int]] = (0.0, [])
    run: list[int] = []
    total = 0.0
    for line in lines:
        text = squeeze(page.page.lines[line].text)
        if len(text) < 2:
            continue  # a speck
        named = line in name or text.startswith(title)
        value = -math.inf if named else _address_evidence(pool, line) + FOLLOWS * bool(run)
        if total + value <= 0:
            run, total = [], 0.0
            continue
        run, total = [*run, line], total + value
        if total > best[0]:
            best = (total, run)
    return [tuple(page.words_of[line]) for line in best[1]]


def _is_keyed(page: ReadPage, words: Sequence[int]) -> bool:
    """Whether a line begins with the name of a field that is not the seller's.

    "Tip Top Meats" begins with one too: where there is no number, only the buyer counts.
    """
    numbered = any(char.isdigit() for w in words for char in page.page.words[w].text)
    return any(
        key.start == words[0] and max(key.names.values()) >= SURE_KEY
        for key in page.keys
        if not {"seller_name", "_party_name", "_party_address"} & set(key.names)
        and (numbered or "buyer_name" in key.names)
    )


def _address_evidence(pool: Pool, line: int) -> float:
    """How much speaks for a line to be a part of an address; below 0 if nothing does."""
    page = pool.pages[0]
    text = page.page.lines[line].text
    words = page.words_of[line]
    digits = sum(char.isdigit() for char in text)
    letters = sum(char.isalpha() for char in text)
    if (
        _REGISTER.fullmatch(" " + text.strip("() "))
        or _CONTACT.search(text)
        or _PHONE_ALONE.fullmatch(text)
        or _PRICE.search(text)
        or letters < 2
    ):
        return -math.inf
    street = bool(_STREET.search(text)) or is_street(text)
    postal = POSTAL.search(text) is not None
    numbered = _NUMBER.search(text) is not None
    value = UNKNOWN + FORM * (street + postal) + COMMA * (("," in text) + numbered)
    value += ADDRESS_MODEL * probability(pool, 0, words, "seller_address")
    other = bool(_NO_NAME.search(text)) or ":" in text or digits > letters
    keyed = _is_keyed(page, words) and not _LOT.match(text)
    return value - OTHER * (other and not street) - KEYED * keyed
