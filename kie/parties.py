# ruff: noqa: RUF001, SIM905 (letters of other alphabets are meant; one line holds many words)
"""Who sells and who buys: names and addresses from blocks of lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kie.candidates import ReadPage
from kie.folding import squeeze
from kie.keys import Key
from kie.model_spans import probability, spans_of
from kie.options import Pool
from structure.core.geometry import Box

LEGAL_FORM = re.compile(
    r"(?<![^\W_])(?:GMBH|LTD\.?|INC\.?|CORP\.?|LIMITED|KFT\.?|g?GmbH(?:\s*&\s*Co\.?\s*KG)?|mbH|AG|KG|OHG|GbR|UG|e\.?\s?K\.?|e\.?\s?V\.?|eG|"
    r"Inc\.?|LLC|L\.L\.C\.?|Ltd\.?|Limited|Corp\.?|Corporation|PLC|plc|LLP|Co\.|Company|S\.?A\.?|"
    r"SARL|S\.?A\.?R\.?L\.?|SAS|S\.?A\.?S\.?|EURL|SASU|S\.?L\.?U?\.?|S\.?p\.?A\.?|S\.?r\.?l\.?|"
    r"B\.?V\.?|N\.?V\.?|sp\.?\s*z\s*o\.?\s*o\.?|s\.\s*r\.\s*o\.|a\.\s*s\.|AB|A/S|ApS|AS|ASA|Oy|Oyj|"
    r"Kft\.?|Zrt\.?|d\.o\.o\.|Lda\.?|Ltda\.?|A\.?[SŞ]\.?|Sdn\.?\s*Bhd\.?|SDN\.?\s*BHD\.?|Bhd\.?|"
    r"Pte\.?|Pty\.?|Enterprise|ENTERPRISE|Trading|TRADING|ΑΕ|ΕΠΕ|ООО|ОАО|ЗАО|ТОВ|SE|SNC|"
    r"\(株\)|\(주\))(?![^\W_])",
)
_CJK_FORM = re.compile("公司|株式会社|有限会社|合同会社|주식회사|유한회사|集团|商事|商店|商行")
TITLE = re.compile(
    r"(?:rechnung|gutschrift|beleg|quittung|lieferschein|invoice|receipt|credit note|facture|avoir|"
    r"fattura|factura|fatura|factuur|faktura|lasku|számla|kvittering|kvitto|nota|請求書|領収書|"
    r"账单|发票|收据|세금계산서|영수증|счет|рахунок|τιμολόγιο)s?\W*$",
    re.IGNORECASE,
)
_POSTAL = re.compile(
    r"(?:^|[\s,])(?:[A-Z]{1,2}-?\s?)?\d{4,6}(?:-\d{3,4})?[\s,]+[^\W\d_]{2,}"
    r"|[^\W\d_]{2,}[.,]?\s+[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b\d{3}\s\d{2}\s+[^\W\d_]{2,}|\u3012\s?\d{3}-\d{4}"
    r"|\b\d{2}-\d{3}\s+[^\W\d_]{2,}|\b\d{4}\s?[A-Z]{2}\s+[^\W\d_]{2,}"
)
_SEPARATOR = re.compile(r"\s+[\u00b7\u2022|*\u2219\u25cf~\u2013\u2014-]\s+|\s*[\u00b7\u2022|]\s*")
_SALUTATION = frozenset(
    "firma herrn herr frau an the to mr mrs ms m mme monsieur madame sr sra spett attn von".split()
)
_LABELS = frozenset("nummer number numero id name details code gln kennung land country".split())
_SELLER, _BUYER = "seller_name", "buyer_name"


MODEL, MODEL_ALONE = 0.35, 0.1
"""What the network's probability is worth for a name, and a name that it alone finds."""


@dataclass(slots=True)
class Party:
    """A name and the lines of an address.

    Attributes:
        name: Words of the name on its page.
        address: Words of each line of the address.
        page: Index of the page.
        score: Not a probability.
    """

    page: int
    name: tuple[int, ...]
    address: list[tuple[int, ...]] = field(default_factory=list)
    score: float = 0.0
    name_text: str = ""


@dataclass(slots=True)
class _Block:
    lines: list[int]
    box: Box
    role: str | None = None


def find_parties(pool: Pool) -> dict[str, Party]:
    """`seller_name` and `buyer_name` with their addresses, as far as they are found."""
    found: dict[str, list[Party]] = {_SELLER: [], _BUYER: []}
    domains = _domains(pool)
    seen = Counter(
        squeeze(line.text) for page in pool.pages for line in page.page.lines if len(line.text) > 3
    )
    for index, page in enumerate(pool.pages):
        blocks = _blocks(page)
        _add_keyed(page, index, blocks, found)
        _add_free(page, index, blocks, found, domains, seen)
    for name, parties in found.items():
        for span in spans_of(pool, name):
            page = pool.pages[span.page]
            text = _text(page, span.words)
            if _is_name(text):
                address = _address(page, span.words, _blocks(page))
                parties.append(Party(span.page, span.words, address, MODEL_ALONE, text))
        for party in parties:
            party.score += MODEL * probability(pool, party.page, party.name, name)
            party.score += 0.3 * _matches(party.name_text, domains) * (parties is found[_SELLER])
            party.score -= 0.1 * party.page
    return _distinct(found)


def _distinct(found: Mapping[str, list[Party]]) -> dict[str, Party]:
    """The best pair of different names."""
    sellers = sorted(found[_SELLER], key=lambda p: -p.score)[:8]
    buyers = sorted(found[_BUYER], key=lambda p: -p.score)[:8]
    best: tuple[float, dict[str, Party]] = (-1.0, {})
    for seller in [None, *sellers]:
        for buyer in [None, *buyers]:
            if seller and buyer and squeeze(seller.name_text) == squeeze(buyer.name_text):
                continue
            chosen = {}
            if seller:
                chosen[_SELLER] = seller
            if buyer:
                chosen[_BUYER] = buyer
            score = sum(party.score for party in chosen.values())
            if score > best[0]:
                best = (score, chosen)
    return best[1]


def _domains(pool: Pool) -> list[str]:
    """Names of sites and mail servers, without their endings."""
    found = []
    for code in pool.all_of(["email", "web"]):
        host = str(code.value).lower().rpartition("@")[2].removeprefix("http://")
        host = host.removeprefix("https://").removeprefix("www.").partition("/")[0]
        name = squeeze(host.rsplit(".", 1)[0].rpartition(".")[2])
        if len(name) > 3 and name not in ("gmail", "gmx", "yahoo", "hotmail", "outlook", "web"):
            found.append(name)
    return found


def _matches(name: str, domains: Sequence[str]) -> bool:
    plain = squeeze(name)
    return any(
        domain in plain or plain in domain or _initials(name) == domain
        for domain in domains
        if len(plain) > 3
    )


def _initials(name: str) -> str:
    return "".join(squeeze(part)[:1] for part in name.split())


def _key_lines(page: ReadPage) -> dict[int, list[Key]]:
    found: dict[int, list[Key]] = {}
    for key in page.keys:
        found.setdefault(page.page.words[key.start].line_id, []).append(key)
    return found


def _role(key: Key) -> str | None:
    seller, buyer = key.names.get(_SELLER, 0.0), key.names.get(_BUYER, 0.0)
    if max(seller, buyer) == 0:
        return None
    return _SELLER if seller > buyer else _BUYER


def _is_name(text: str) -> bool:
    """Whether a line may be the name of somebody."""
    letters = sum(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in text)
    if "@" in text or text.lower().startswith(("www.", "http")):
        return False
    return 3 <= len(text) <= 70 and letters >= 3 and digits <= 0.3 * letters


def _blocks(page: ReadPage) -> list[_Block]:
    """Lines under each other at one left edge, with a line of postal code and town among them."""
    lines = page.page.lines
    order = sorted(range(len(lines)), key=lambda i: lines[i].box.y0)
    blocks = []
    used: set[int] = set()
    for index in order:
        if index in used or not _POSTAL.search(lines[index].text):
            continue
        stack = [index]
        while len(stack) < 7:
            above = _neighbour(page, stack[0], up=True)
            if above is None or above in used:
                break
            stack.insert(0, above)
        below = _neighbour(page, index, up=False)
        if below is not None and not any(c.isdigit() for c in lines[below].text):
            stack.append(below)
        used.update(stack)
        blocks.append(_Block(stack, page.box_of([w for i in stack for w in page.words_of[i]])))
    return blocks


def _neighbour(page: ReadPage, index: int, *, up: bool) -> int | None:
    """The next line above or below at the same left edge (or middle), closely."""
    box = page.page.lines[index].box
    unit = max(box.height, page.line_height * 0.8)
    best: tuple[float, int] | None = None
    for other, line in enumerate(page.page.lines):
        if other == index or abs(line.angle) > 20:
            continue
        gap = box.y0 - line.box.y1 if up else line.box.y0 - box.y1
        aligned = abs(line.box.x0 - box.x0) < 0.8 * unit or (
            abs(line.box.center[0] - box.center[0]) < 0.6 * unit
        )
        if aligned and -0.5 * unit <= gap <= 1.5 * unit and (best is None or gap < best[0]):
            best = (gap, other)
    return None if best is None else best[1]


def _add_keyed(
    page: ReadPage, index: int, blocks: Sequence[_Block], found: dict[str, list[Party]]
) -> None:
    """Names that a key announces, beside it, under it, or in a form under the heading."""
    keys = _key_lines(page)
    for line, line_keys in keys.items():
        for key in line_keys:
            role = _role(key)
            if role is None:
                continue
            strength = key.names[role]
            own = page.words_of[line]
            rest = [w for w in own if w >= key.end]
            marks = [w for w in rest if not any(c.isalnum() for c in page.page.words[w].text)]
            head = [w for w in own if w < key.start]
            ends = page.page.words[key.end - 1].text.endswith((":", "\uff1a")) or bool(
                marks and marks[0] == rest[0]
            )
            rest = [w for w in rest if w not in marks[:1]] if ends else rest
            if head or (strength < 0.8 and not ends and not (rest == [] and len(own) <= 3)):
                continue
            if rest and not ends:
                # "Kunden AG Mitte" begins with a key and is none.
                continue
            target = tuple(rest) if rest else _beside_or_below(page, line, keys)
            if target is None:
                continue
            text = _text(page, target)
            if not _is_name(text):
                continue
            party = Party(index, target, [], 0.75 * strength + 0.15 * _formal(text), text)
            party.address = _address(page, target, blocks)
            found[role].append(party)


def _without_marks(page: ReadPage, words: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(w for w in words if any(c.isalnum() for c in page.page.words[w].text))


def _right_of(page: ReadPage, line: int) -> tuple[int, ...] | None:
    right = _nearest_right(page, line)
    return None if right is None else _without_marks(page, tuple(page.words_of[right])) or None


def _nearest_right(page: ReadPage, line: int) -> int | None:
    box = page.page.lines[line].box
    near = [
        (other.box.x0, i)
        for i, other in enumerate(page.page.lines)
        if i != line
        and box.x1 - 2 <= other.box.x0 < box.x1 + 18 * page.line_height
        and other.box.overlap_y(box) > 0.5 * min(box.height, other.box.height)
    ]
    return min(near)[1] if near else None


def _beside_or_below(
    page: ReadPage, line: int, keys: Mapping[int, list[Key]]
) -> tuple[int, ...] | None:
    """The first line under a heading that is a name and no label, or what stands beside it."""
    below = _neighbour(page, line, up=False)
    for _ in range(5):
        if below is None:
            break
        named = _after_name_key(page, below, keys)
        if named is not None:
            return named
        words = page.words_of[below]
        text = page.page.lines[below].text
        if any(_role(key) for key in keys.get(below, [])) and text.rstrip().endswith(":"):
            break
        if _is_name(text) and not _is_label(page, below, keys) and not _is_salutation(text):
            return tuple(words)
        below = _neighbour(page, below, up=False)
    right = _right_of(page, line)
    if right is not None and _is_name(_text(page, right)):
        return right
    return None


def _after_name_key(
    page: ReadPage, line: int, keys: Mapping[int, list[Key]]
) -> tuple[int, ...] | None:
    """The value of "Name:" where a small form follows a heading."""
    for key in keys.get(line, []):
        if "_party_name" in key.names and key.start == page.words_of[line][0]:
            rest = _without_marks(page, tuple(w for w in page.words_of[line] if w >= key.end))
            found = rest or _right_of(page, line)
            return found if found and _is_name(_text(page, found)) else None
    return None


def _is_label(page: ReadPage, line: int, keys: Mapping[int, list[Key]]) -> bool:
    """Whether a line is the name of something: it has a colon, or is a key from end to end."""
    words = page.words_of[line]
    text = page.page.lines[line].text
    if ":" in text or squeeze(text) in _LABELS:
        return True
    if any(key.start == words[0] and key.end > words[-1] for key in keys.get(line, [])):
        return True
    right = _nearest_right(page, line)
    return right is not None and page.page.lines[right].text.startswith(":")


def _is_salutation(text: str) -> bool:
    parts = text.split()
    return len(parts) == 1 and squeeze(parts[0]) in _SALUTATION


def _add_free(
    page: ReadPage,
    index: int,
    blocks: Sequence[_Block],
    found: dict[str, list[Party]],
    domains: Sequence[str],
    seen: Counter[str],
) -> None:
    """Names without a key: letterheads, return addresses, address fields."""
    lines = page.page.lines
    height = max(page.page.height, 1.0)
    for i, line in enumerate(lines):
        if abs(line.angle) > 20:
            continue
        pieces = _pieces(page, i)
        down = line.box.y0 / height
        for k, words in enumerate(pieces):
            text = _text(page, words)
            if not _is_name(text) or (k > 0 and not _formal(text)):
                continue
            score = 0.05
            score += 0.28 * _formal(text)
            score += 0.12 * (down < 0.2) + 0.12 * (len(pieces) > 1 and k == 0)
            score += 0.1 * (line.box.height > 1.4 * page.line_height and down < 0.3)
            score += 0.06 * min(seen[squeeze(text)] - 1, 2)
            score += 0.15 * (i == 0 or down < 0.05) * (page.page.aspect < 0.62)
            score -= 0.3 * (down > 0.4 and not _formal(text))
            score -= 0.45 * _is_key_line(page, i, words)
            score -= 0.2 * (len(words) > 8) + 0.3 * (TITLE.search(text) is not None)
            # Under another address stands the one it is sent to.
            score -= 0.12 * any(i in block.lines for block in blocks if _is_lower(block, blocks))
            if score > 0.1:
                party = Party(index, words, [], score, text)
                party.address = _address(page, words, blocks)
                score += 0.05 * bool(party.address)
                found[_SELLER].append(party)
    for block in blocks:
        down = block.box.y0 / height
        if not 0.03 < down < 0.55 or index > 0:
            continue
        for i in block.lines[:3]:
            text = lines[i].text
            words = tuple(page.words_of[i])
            if not _is_name(text) or _is_key_line(page, i, words) or _POSTAL.search(text):
                continue
            if _is_salutation(text) or len(_pieces(page, i)) > 1:
                continue
            if squeeze(text.split()[0]) in _SALUTATION:
                words = words[1:]
            score = 0.32 + 0.1 * (block.box.x0 < 0.4 * page.page.width)
            score -= 0.25 * _matches(_text(page, words), domains)
            score += 0.08 * (down > 0.12) - 0.05 * (down < 0.08)
            score -= 0.08 * (seen[squeeze(text)] > 1)
            if len(blocks) > 1:
                score += 0.1 if _is_lower(block, blocks) else -0.1
            party = Party(index, words, [], score, _text(page, words))
            party.address = _address(page, words, blocks)
            found[_BUYER].append(party)
            break


def _is_lower(block: _Block, blocks: Sequence[_Block]) -> bool:
    """Whether another address begins clearly above."""
    return any(
        other.box.y1 <= block.box.y0 + 0.3 * block.box.height
        for other in blocks
        if other is not block
    )


def _is_key_line(page: ReadPage, line: int, words: Sequence[int]) -> bool:
    """Whether half of a line are names of fields, or one ends with a colon."""
    covered = sum(
        len(page.page.words[w].text)
        for key in page.keys
        # "Kunden AG Mitte" begins with a key and is none.
        if _role(key) is None or {key.start, key.end - 1} >= {words[0], words[-1]}
        for w in range(key.start, key.end)
        if w in words
    )
    total = sum(len(page.page.words[w].text) for w in words)
    text = _text(page, words)
    return ":" in text or squeeze(text) in _LABELS or covered > 0.5 * total


def _pieces(page: ReadPage, line: int) -> list[tuple[int, ...]]:
    """A line cut at dots and bars, as return addresses are written."""
    text = page.folded[line].text
    cuts = [0]
    spans = []
    for match in _SEPARATOR.finditer(text):
        spans.append((cuts[-1], match.start()))
        cuts.append(match.end())
    spans.append((cuts[-1], len(text)))
    found = [page.words_at(line, a, b) for a, b in spans if b > a]
    return [words for words in found if words]


def _formal(text: str) -> bool:
    return LEGAL_FORM.search(text) is not None or _CJK_FORM.search(text) is not None


def _address(
    page: ReadPage, name: tuple[int, ...], blocks: Sequence[_Block]
) -> list[tuple[int, ...]]:
    """The lines under a name, down to the town (and the country under it)."""
    line = page.page.words[name[0]].line_id
    for block in blocks:
        if line in block.lines:
            at = block.lines.index(line)
            rest = block.lines[at + 1 :]
            return [tuple(page.words_of[i]) for i in rest if not _has_colon(page, i)]
    pieces = _pieces(page, line)
    if len(pieces) > 1 and name in pieces:
        return pieces[pieces.index(name) + 1 :]
    return []


def _has_colon(page: ReadPage, line: int) -> bool:
    return ":" in page.page.lines[line].text


def _text(page: ReadPage, words: Sequence[int]) -> str:
    return " ".join(page.page.words[w].text for w in words)
