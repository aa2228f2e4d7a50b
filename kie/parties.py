# ruff: noqa: SIM905 (one line holds many words)
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
from kie.party_names import (
    TITLE,
    completed,
    is_form_alone,
    is_formal,
    is_name,
    is_salutation,
    is_street,
    matches_domain,
)
from structure.core.geometry import Box

_POSTAL = re.compile(
    r"(?:^|[\s,])(?:[A-Z]{1,2}-?\s?)?\d{4,6}(?:-\d{3,4})?[\s,]+[^\W\d_]{2,}"
    r"|[^\W\d_]{2,}[.,]?\s+[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b\d{3}\s\d{2}\s+[^\W\d_]{2,}|\u3012\s?\d{3}-\d{4}"
    r"|[^\W\d_]{2,}[\s,-]{1,3}\d{6}$|\b\d{6},?\s+\u0433\.\s?[^\W\d_]{2,}"  # India, Russia
    r"|\b\d{2}-\d{3}\s+[^\W\d_]{2,}|\b\d{4}\s?[A-Z]{2}\s+[^\W\d_]{2,}"
)
_SEPARATOR = re.compile(r"\s+[\u00b7\u2022|*\u2219\u25cf~\u2013\u2014-]\s+|\s*[\u00b7\u2022|]\s*")
_LABELS = frozenset("nummer number numero id name details code gln kennung land country".split())
_SELLER, _BUYER = "seller_name", "buyer_name"


BESIDE, COLUMN = 18.0, 45.0
"""Line heights over which a value stands beside its key, alone and in a column of values."""

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
        _complete(pool, parties)
        for span in spans_of(pool, name):
            page = pool.pages[span.page]
            text = _text(page, span.words)
            if is_name(text):
                address = _address(page, span.words, _blocks(page))
                parties.append(Party(span.page, span.words, address, MODEL_ALONE, text))
        for party in parties:
            party.score += MODEL * probability(pool, party.page, party.name, name)
            party.score += (
                0.3 * matches_domain(party.name_text, domains) * (parties is found[_SELLER])
            )
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


def _blocks(page: ReadPage) -> list[_Block]:
    """Lines under each other at one left edge, with a line of postal code and town among them."""
    lines = page.page.lines
    order = sorted(range(len(lines)), key=lambda i: lines[i].box.y0)
    blocks = []
    used: set[int] = set()
    for index in order:
        if index in used or not _POSTAL.search(lines[index].text):
            continue
        if len(_pieces(page, index)) > 1:
            continue  # an address in one line, as over the window of an envelope
        stack = [index]
        while len(stack) < 7:
            above = _neighbour(page, stack[0], up=True)
            if above is None or above in used or len(_pieces(page, above)) > 1:
                break
            stack.insert(0, above)
        below = _neighbour(page, index, up=False)
        # "15260 Ventura Blvd" looks like a code and a town: the town, or the country, follows.
        if below is not None and (
            _POSTAL.search(lines[below].text) or not any(c.isdigit() for c in lines[below].text)
        ):
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
            end = _end_of_role(key, line_keys)
            rest = [w for w in own if w >= end]
            marks = [w for w in rest if not any(c.isalnum() for c in page.page.words[w].text)]
            head = [w for w in own if w < key.start]
            ends = page.page.words[end - 1].text.endswith((":", "\uff1a")) or bool(
                marks and marks[0] == rest[0]
            )
            rest = [w for w in rest if w not in marks[:1]] if ends else rest
            if head or (strength < 0.8 and not ends and not (rest == [] and len(own) <= 3)):
                continue
            if rest and not ends:
                # "Kunden AG Mitte" begins with a key and is none.
                continue
            target = widened(page, rest) if rest else _beside_or_below(page, line, keys)
            if target is None:
                continue
            text = _text(page, target)
            if not is_name(text):
                continue
            party = Party(index, target, [], 0.75 * strength + 0.15 * is_formal(text), text)
            party.address = _address(page, target, blocks)
            found[role].append(party)


def _end_of_role(key: Key, keys: Sequence[Key]) -> int:
    """After a key of a party, and "name" behind it: "Seller name"."""
    following = (k for k in keys if k.start == key.end and "_party_name" in k.names)
    return next((k.end for k in following), key.end)


def widened(page: ReadPage, words: Sequence[int]) -> tuple[int, ...]:
    """A name with the pieces to its right that OCR cut off, and a legal form under it."""
    found = list(words)
    while len(found) < 12:
        box = page.box_of(found[-1:])
        line = page.page.words[found[-1]].line_id
        if found[-1] != page.words_of[line][-1]:
            break
        right = _nearest_right(page, line)
        if right is None:
            break
        other = page.page.lines[right].box
        text = page.page.lines[right].text
        gap = (other.x0 - box.x1) / max(box.height, 1.0)
        alike = 0.6 < other.height / max(box.height, 1.0) < 1.7
        if not alike or not ((gap < 0.7 and ":" not in text) or (gap < 4 and is_form_alone(text))):
            break
        found += page.words_of[right]
    below = _neighbour(page, page.page.words[found[0]].line_id, up=False)
    if below is not None and is_form_alone(page.page.lines[below].text):
        found += page.words_of[below]
    return tuple(found)


def _may_name(text: str) -> bool:
    """Whether a line of an address may be the name, and is no street or salutation."""
    alone = len(text.split()) == 1 and is_salutation(text)
    return is_name(text) and not is_street(text) and not alone


def _complete(pool: Pool, parties: Sequence[Party]) -> None:
    """Give names the legal form with which they stand elsewhere on their page."""
    texts = {
        party.page: [line.text for line in pool.pages[party.page].page.lines] for party in parties
    }
    for party in parties:
        page = pool.pages[party.page]
        line = completed(party.name_text, texts[party.page])
        if line is None:
            continue
        pieces = [(_text(page, piece), piece) for piece in _pieces(page, line)]
        known = completed(party.name_text, [text for text, _ in pieces])
        if known is not None and not _is_key_line(page, line, pieces[known][1]):
            party.name_text, party.name = pieces[known]


def _without_marks(page: ReadPage, words: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(w for w in words if any(c.isalnum() for c in page.page.words[w].text))


def _right_of(page: ReadPage, line: int, reach: float = BESIDE) -> tuple[int, ...] | None:
    right = _nearest_right(page, line, reach)
    return None if right is None else _without_marks(page, tuple(page.words_of[right])) or None


def _nearest_right(page: ReadPage, line: int, reach: float = BESIDE) -> int | None:
    """The next line of letters in the same row, at most so many line heights away."""
    box = page.page.lines[line].box
    near = [
        (other.box.x0, i)
        for i, other in enumerate(page.page.lines)
        if i != line
        and box.x1 - 2 <= other.box.x0 < box.x1 + reach * page.line_height
        and other.box.overlap_y(box) > 0.5 * min(box.height, other.box.height)
        and any(char.isalnum() for char in other.text)
    ]
    return min(near)[1] if near else None


def _beside_or_below(
    page: ReadPage, line: int, keys: Mapping[int, list[Key]]
) -> tuple[int, ...] | None:
    """The first line under a heading that is a name and no label, or what stands beside it."""
    below = _neighbour(page, line, up=False)
    if below is not None and _is_column(page, line, below):
        right = _right_of(page, line, COLUMN)
        if right is not None and is_name(_text(page, right)):
            return widened(page, right)
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
        if _may_name(text) and not _is_label(page, below, keys):
            return widened(page, words)
        below = _neighbour(page, below, up=False)
    right = _right_of(page, line)
    if right is not None and is_name(_text(page, right)):
        return widened(page, right)
    return None


def _is_column(page: ReadPage, line: int, below: int) -> bool:
    """Whether two keys under each other have their values to the right, at one edge."""
    first = _nearest_right(page, line, COLUMN)
    second = _nearest_right(page, below, COLUMN)
    if first is None or second is None:
        return False
    lines = page.page.lines
    return abs(lines[first].box.x0 - lines[second].box.x0) < page.line_height


def _after_name_key(
    page: ReadPage, line: int, keys: Mapping[int, list[Key]]
) -> tuple[int, ...] | None:
    """The value of "Name:" where a small form follows a heading."""
    for key in keys.get(line, []):
        if "_party_name" in key.names and key.start == page.words_of[line][0]:
            rest = _without_marks(page, tuple(w for w in page.words_of[line] if w >= key.end))
            found = rest or _right_of(page, line)
            return found if found and is_name(_text(page, found)) else None
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
    addressed = _addressed(page)
    for i, line in enumerate(lines):
        if abs(line.angle) > 20:
            continue
        pieces = _pieces(page, i)
        down = line.box.y0 / height
        for k, words in enumerate(pieces):
            text = _text(page, words)
            if not is_name(text) or (k > 0 and not is_formal(text)):
                continue
            if k + 1 == len(pieces) and not _is_key_line(page, i, words):
                words = widened(page, words)
                text = _text(page, words)
            score = 0.05 - 0.3 * is_street(text) + 0.08 * (down < 0.07)
            score += 0.28 * is_formal(text)
            score += 0.12 * (down < 0.2) + 0.12 * (len(pieces) > 1 and k == 0)
            score += 0.15 * (k == 0 and len(pieces) > 2) - 0.2 * (i in addressed)
            score += 0.1 * (line.box.height > 1.4 * page.line_height and down < 0.3)
            score += 0.06 * min(seen[squeeze(text)] - 1, 2)
            score += 0.15 * (i == 0 or down < 0.05) * (page.page.aspect < 0.62)
            score -= 0.3 * (down > 0.4 and not is_formal(text))
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
            if _is_key_line(page, i, words) or _POSTAL.search(text):
                continue
            if not _may_name(text) or len(_pieces(page, i)) > 1:
                continue
            if is_salutation(text.split()[0]):
                words = words[1:]
            words = widened(page, words)
            score = 0.32 + 0.1 * (block.box.x0 < 0.4 * page.page.width)
            score -= 0.25 * matches_domain(_text(page, words), domains)
            score += 0.25 * (i in addressed)
            score += 0.08 * (down > 0.12) - 0.05 * (down < 0.08)
            score -= 0.08 * (seen[squeeze(text)] > 1)
            if len(blocks) > 1:
                score += 0.1 if _is_lower(block, blocks) else -0.1
            party = Party(index, words, [], score, _text(page, words))
            party.address = _address(page, words, blocks)
            found[_BUYER].append(party)
            break


def _addressed(page: ReadPage) -> set[int]:
    """Lines right under an address in one line: who gets the letter, in the window."""
    found = set()
    for i, line in enumerate(page.page.lines):
        if line.box.y0 < 0.4 * page.page.height and len(_pieces(page, i)) > 2:
            below = _neighbour(page, i, up=False)
            if below is not None:
                found.add(below)
    return found


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
    if len(spans) == 1 and text.count(",") >= 2 and _POSTAL.search(text):
        spans = _between_commas(text)
    found = [page.words_at(line, a, b) for a, b in spans if b > a]
    return [words for words in found if words]


def _between_commas(text: str) -> list[tuple[int, int]]:
    """Name, street and town of an address in one line; a legal form belongs to the name."""
    spans: list[tuple[int, int]] = []
    start = 0
    for part in text.split(","):
        end = start + len(part)
        if spans and is_form_alone(part):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        start = end + 1
    return spans


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
    return _lines_below(page, page.page.words[name[-1]].line_id)


def _lines_below(page: ReadPage, line: int) -> list[tuple[int, ...]]:
    """Lines under a name that may be an address, though no postal code is known in them."""
    found: list[tuple[int, ...]] = []
    below = _neighbour(page, line, up=False)
    while (
        below is not None and len(found) < 5 and not _is_key_line(page, below, page.words_of[below])
    ):
        text = page.page.lines[below].text
        if "@" in text or sum(c.isdigit() for c in text) > sum(c.isalpha() for c in text):
            break
        found.append(tuple(page.words_of[below]))
        below = _neighbour(page, below, up=False)
    has_number = any(c.isdigit() for words in found for c in _text(page, words))
    return found if has_number else []


def _has_colon(page: ReadPage, line: int) -> bool:
    return ":" in page.page.lines[line].text


def _text(page: ReadPage, words: Sequence[int]) -> str:
    return " ".join(page.page.words[w].text for w in words)
