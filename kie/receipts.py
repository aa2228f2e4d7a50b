"""Who issued a receipt: its head holds the name and the address, and hardly ever a key."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kie.address_blocks import is_key_line
from kie.candidates import ReadPage
from kie.folding import squeeze
from kie.model_spans import probability
from kie.options import Pool
from kie.ordering import rows_of
from kie.parties import MODEL, Party
from kie.party_names import LEGAL_FORM, TITLE, is_form_alone, is_phrase

GAP = 1.6
"""Heights of a line between pieces of a name in one row, at most."""

HEAD_ROWS = 14
"""Rows from the top among which the head of a receipt ends."""

_STREET = re.compile(
    r"\b(?:no\.?\s?\d|lot\b|jalan|jln|street|st\.|road|rd\.?\b|avenue|ave\b|blvd|lane|drive|plaza|"
    r"taman|wisma|level|floor|suite|unit\b|stra(?:ss|ß)e|str\.|rue\b|calle|via\b|bandar|mall\b|"
    r"city\b|p\.?o\.?\s?box|\d{5})",
    re.IGNORECASE,
)
_SHOP = re.compile(
    r"\b(?:sdn|bhd|s/b|enterprise|trading|company|restaurant|restoran|mart|store(?!\s*(?:#|no|\d)))\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:invoice|receipt|welcome|thank|gst|reg(?:istration)?\b|tel\b|phone|fax|date|time|table|order|"
    r"cashier|guest|copy|duplicate|formerly|served|server|rechnung|quittung|beleg|ticket|"
    r"vat\b|co\.?\s?(?:no|reg)|company\s?no|licensee|bill\b|check\b|open\b|id\b|hours)|www\.|@",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"^\W*\d{4,}\s+")
_PRICE = re.compile(r"\d[.,]\d\d$")
_PHONE_ALONE = re.compile(r"[\d\s()+./,-]{7,}")
_CONTACT = re.compile(
    r"\b(?:gst|sst|vat|tel|fax|phone|hp|invoice|receipt|date|reg\.?\s*no)\b", re.IGNORECASE
)
_COMPANY_NUMBER = re.compile(
    r"^\W*(?:roc|br|ssm|co|company|business)\.?\s*(?:reg\w*\.?\s*)?(?:no|number|id)?\b\W*\d[\w-]*\W*$",
    re.IGNORECASE,
)
_REGISTER = re.compile(
    r"[\s,]*(?:\(?(?:co\.?\s*)?(?:reg\.?\s*)?(?:no\.?\s*)?:?\s*\(?\d{4,}-?\s?[A-Z]{0,2}\)?|"
    r"\(\s*\w*\d{3,}[\w-]*\s*\))\.?(?:\s*\([A-Z]{2,4}\))?\s*$",
    re.IGNORECASE,
)


def receipt_seller(pool: Pool) -> Party | None:
    """Name and address from the head of the first page."""
    if not pool.pages:
        return None
    page = pool.pages[0]
    rows = rows_of([line.box.as_tuple() for line in page.page.lines])[:HEAD_ROWS]
    lines = [i for row in rows for i in row if abs(page.page.lines[i].angle) < 20]
    best: tuple[float, int] | None = None
    streets = 0
    for place, line in enumerate(lines):
        text = page.page.lines[line].text
        if place > 1 and re.search(r"\d\.\d\d\b", text):
            break
        score = _score(page, line, place, streets)
        if score is not None:
            score += MODEL * probability(pool, 0, page.words_of[line], "seller_name")
        streets += bool(_STREET.search(text)) and place > 0
        if score is not None and (best is None or score > best[0] + 1e-9):
            best = (score, line)
    if best is None:
        return None
    score, line = best
    own = _whole_name(page, lines, line)
    words, name = _without_register(page, own)
    address = _address(page, lines, own[-1])
    return Party(0, words, address, score, name)


def _score(page: ReadPage, line: int, place: int, streets: int) -> float | None:
    text = page.page.lines[line].text
    own = page.words_of[line]
    bare = _REGISTER.sub("", text)
    letters = sum(char.isalpha() for char in bare)
    digits = sum(char.isdigit() for char in bare)
    if letters < 3 or digits > letters or len(bare) > 60:
        return None
    score = 0.5 - 0.07 * place
    if LEGAL_FORM.search(bare) or _SHOP.search(bare):
        score += 0.35
    if re.fullmatch(r"\W*(?:sdn\.?\s*)?bhd\.?\W*", bare, re.IGNORECASE):
        score -= 0.5
    no_name = _NO_NAME.search(bare) or TITLE.search(bare) or is_phrase(bare)
    score -= 0.6 * bool(no_name) + 0.45 * (":" in bare or is_key_line(page, line, own))
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


def _address(page: ReadPage, lines: Sequence[int], name: int) -> list[tuple[int, ...]]:
    """Lines after the name that look like parts of an address, up to the first that is none."""
    after = lines[lines.index(name) + 1 :]
    found: list[tuple[int, ...]] = []
    for line in after:
        text = page.page.lines[line].text
        digits = sum(char.isdigit() for char in text)
        letters = sum(char.isalpha() for char in text)
        is_street = bool(_STREET.search(text))
        is_other = bool(_NO_NAME.search(text)) or (digits > letters and not is_street)
        is_register = _REGISTER.fullmatch(" " + text.strip("() ")) is not None
        if is_register or _COMPANY_NUMBER.search(text) or (not found and not is_street):
            if len(found) == 0 and line in after[:3]:
                continue
            break
        contact = _CONTACT.search(text) or _PHONE_ALONE.fullmatch(text)
        if (is_other and not is_street) or contact or _PRICE.search(text):
            break
        if squeeze(text):
            found.append(tuple(page.words_of[line]))
        if len(found) >= 5:
            break
    return found
