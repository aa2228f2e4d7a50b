"""Who sells and who buys: names and addresses from blocks of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from kie.address_blocks import (
    BUYER,
    COLUMN,
    OTHER,
    POSTAL,
    SELLER,
    Block,
    blocks_of,
    goes_on,
    is_key_line,
    is_lower,
    keys_by_line,
    lines_under,
    name_of,
    nearest_right,
    neighbour,
    pieces_of,
    role_of,
    text_of,
    widened,
)
from kie.candidates import ReadPage
from kie.folding import squeeze
from kie.keys import Key
from kie.model_spans import probability, spans_of
from kie.options import Pool
from kie.party_names import (
    TITLE,
    completed,
    is_formal,
    is_name,
    is_person,
    is_salutation,
    is_street,
    matches_domain,
)

BESIDE = 18.0
"""Heights of a line over which a value stands beside its key alone; in columns it is `COLUMN`."""

FOOT = 0.85
"""Share of the page from which its foot begins."""

MODEL, MODEL_ALONE = 0.5, 0.1
"""What the network's probability is worth for a name, and a name that it alone finds."""


@dataclass(slots=True)
class Party:
    """A name and the lines of an address.

    Attributes:
        name: Words of the name on its page.
        address: Words of each line of the address.
        page: Index of the page.
        score: Not a probability.
        name_text: The name as it is printed, pieces that OCR cut apart joined by blanks.
    """

    page: int
    name: tuple[int, ...]
    address: list[tuple[int, ...]] = field(default_factory=list)
    score: float = 0.0
    name_text: str = ""


def find_parties(pool: Pool) -> dict[str, Party]:
    """`seller_name` and `buyer_name` with their addresses, as far as they are found."""
    found: dict[str, list[Party]] = {SELLER: [], BUYER: []}
    domains = _domains(pool)
    seen = Counter(
        squeeze(text_of(page, piece))
        for page in pool.pages
        for line in range(len(page.page.lines))
        for piece in pieces_of(page, line)
    )
    addresses = [blocks_of(page) for page in pool.pages]
    for index, (page, blocks) in enumerate(zip(pool.pages, addresses, strict=True)):
        _add_keyed(page, index, blocks, found)
        addressed = _addressed(page)
        found[SELLER] += _sellers(page, index, blocks, addressed, seen)
        found[BUYER] += _buyers(page, index, blocks, addressed, seen, domains)
    for name, parties in found.items():
        _complete(pool, parties)
        for span in spans_of(pool, name):
            page = pool.pages[span.page]
            words = _whole(page, span.words)
            text = text_of(page, words)
            if is_name(text):
                address = lines_under(page, words, addresses[span.page])
                parties.append(Party(span.page, words, address, MODEL_ALONE, text))
        for party in parties:
            party.score += MODEL * probability(pool, party.page, party.name, name)
            party.score += (
                0.3 * matches_domain(party.name_text, domains) * (parties is found[SELLER])
            )
            party.score -= 0.1 * party.page
    return _distinct(found)


def _distinct(found: Mapping[str, list[Party]]) -> dict[str, Party]:
    """The best pair of different names."""
    sellers = sorted(found[SELLER], key=lambda p: -p.score)[:8]
    buyers = sorted(found[BUYER], key=lambda p: -p.score)[:8]
    best: tuple[float, dict[str, Party]] = (-1.0, {})
    for seller in [None, *sellers]:
        for buyer in [None, *buyers]:
            if seller and buyer and _alike(seller.name_text, buyer.name_text):
                continue
            chosen = {}
            if seller:
                chosen[SELLER] = seller
            if buyer:
                chosen[BUYER] = buyer
            score = sum(party.score for party in chosen.values())
            if score > best[0]:
                best = (score, chosen)
    return best[1]


def _alike(one: str, other: str) -> bool:
    """Whether two names are one, perhaps cut off."""
    short, long = sorted((squeeze(one), squeeze(other)), key=len)
    return short == long or (len(short) > 5 and (long.startswith(short) or long.endswith(short)))


def _whole(page: ReadPage, words: tuple[int, ...]) -> tuple[int, ...]:
    """All of the name that the network found some words of."""
    line = page.page.words[words[0]].line_id
    piece = next((p for p in pieces_of(page, line) if set(words) <= set(p)), words)
    if len(piece) > len(words) and is_name(text_of(page, piece)):
        words = words if is_key_line(page, line, piece) else piece
    return widened(page, words)


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


def _add_keyed(
    page: ReadPage, index: int, blocks: Sequence[Block], found: dict[str, list[Party]]
) -> None:
    """Names that a key announces, beside it, under it, or in a form under the heading."""
    keys = keys_by_line(page)
    for line, line_keys in keys.items():
        for key in line_keys:
            role = role_of(key)
            if role is None or role == OTHER:
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
            target = widened(page, rest) if rest else _beside_or_below(page, line, keys, blocks)
            if target is None:
                continue
            text = text_of(page, target)
            if not is_name(text):
                continue
            party = Party(index, target, [], 0.75 * strength + 0.15 * is_formal(text), text)
            party.address = lines_under(page, target, blocks)
            found[role].append(party)
    for block in blocks:
        name = name_of(page, block) if block.role in found else None
        if block.role is not None and name is not None:
            text = text_of(page, name)
            score = 0.72 * block.strength + 0.15 * is_formal(text)
            found[block.role].append(
                Party(index, name, lines_under(page, name, blocks), score, text)
            )


def _end_of_role(key: Key, keys: Sequence[Key]) -> int:
    """After a key of a party, and "name" behind it: "Seller name"."""
    following = (k for k in keys if k.start == key.end and "_party_name" in k.names)
    return next((k.end for k in following), key.end)


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
        pieces = [(text_of(page, piece), piece) for piece in pieces_of(page, line)]
        known = completed(party.name_text, [text for text, _ in pieces])
        if known is not None and not is_key_line(page, line, pieces[known][1]):
            party.name_text, party.name = pieces[known]


def _without_marks(page: ReadPage, words: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(w for w in words if any(c.isalnum() for c in page.page.words[w].text))


def _beside_or_below(
    page: ReadPage, line: int, keys: Mapping[int, list[Key]], blocks: Sequence[Block]
) -> tuple[int, ...] | None:
    """The first line under a heading that is a name and no label, or what stands beside it."""
    below = neighbour(page, line, up=False)
    right = nearest_right(page, line, COLUMN)
    near = nearest_right(page, line, BESIDE)
    if below is not None and right is not None and _is_column(page, line, below):
        found = _name_in(page, right, keys)
        if found is not None:
            return found
    for _ in range(5):
        if below is None:
            break
        named = _after_name_key(page, below, keys)
        if named is not None:
            return named
        block = next((b for b in blocks if below in b.lines[: b.town]), None)
        if block is not None and (found := name_of(page, block)) is not None:
            return found
        text = page.page.lines[below].text
        if any(role_of(key) for key in keys.get(below, [])) and text.rstrip().endswith(":"):
            break
        if _may_name(text) and not _is_label(page, below, keys):
            return widened(page, page.words_of[below])
        below = neighbour(page, below, up=False)
    return None if near is None else _name_in(page, near, keys)


def _name_in(page: ReadPage, line: int, keys: Mapping[int, list[Key]]) -> tuple[int, ...] | None:
    """The words of a line beside a heading, where they are a name and no other key."""
    words = _without_marks(page, tuple(page.words_of[line]))
    if not words or (
        _is_label(page, line, keys) and not page.page.lines[line].text.startswith(":")
    ):
        return None
    text = text_of(page, words)
    return widened(page, words) if ":" not in text and is_name(text) else None


def _is_column(page: ReadPage, line: int, below: int) -> bool:
    """Whether two keys under each other have their values to the right, at one edge."""
    first = nearest_right(page, line, COLUMN)
    second = nearest_right(page, below, COLUMN)
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
            after = [w for w in page.words_of[line] if w >= key.end]
            rest = _without_marks(page, tuple(after))
            # "Société Nouvelle" begins with such a word and is a name.
            if rest and len(rest) == len(after) and ":" not in page.page.words[key.end - 1].text:
                return None
            right = nearest_right(page, line, BESIDE)
            if not rest and right is not None:
                rest = _without_marks(page, tuple(page.words_of[right]))
            return rest if rest and is_name(text_of(page, rest)) else None
    return None


def _is_label(page: ReadPage, line: int, keys: Mapping[int, list[Key]]) -> bool:
    """Whether a line is the name of something: it has a colon, or is a key from end to end."""
    words = page.words_of[line]
    text = page.page.lines[line].text
    if ":" in text or is_key_line(page, line, words):
        return True
    if any(key.start == words[0] and key.end > words[-1] for key in keys.get(line, [])):
        return True
    right = nearest_right(page, line, BESIDE)
    return right is not None and page.page.lines[right].text.startswith(":")


def _sellers(
    page: ReadPage,
    index: int,
    blocks: Sequence[Block],
    addressed: Set[int],
    seen: Counter[str],
) -> list[Party]:
    """Names without a key that may be the seller's: in letterheads, return addresses, footers."""
    lines = page.page.lines
    height = max(page.page.height, 1.0)
    priced = _priced(page)
    names = {name[0]: block for block in blocks if (name := name_of(page, block)) is not None}
    owner = {i: block for block in blocks for i in block.lines}
    found = []
    for i, line in enumerate(lines):
        if abs(line.angle) > 20 or goes_on(page, i):
            continue
        pieces = pieces_of(page, i)
        is_address = len(pieces) > 1 and POSTAL.search(line.text) is not None
        down = line.box.y0 / height
        for k, words in enumerate(pieces):
            text = text_of(page, words)
            if not is_name(text) or (k > 0 and not is_formal(text)):
                continue
            block = owner.get(i)
            heads = words[0] in names or (is_address and k == 0 and _leads(page, pieces))
            if k + 1 == len(pieces) and ":" not in text:
                words = widened(page, words)
                text = text_of(page, words)
            formal = is_formal(text)
            score = 0.05 - 0.3 * (is_street(text) and not heads) + 0.08 * (down < 0.07)
            score += 0.28 * formal
            score += 0.12 * (down < 0.2) + 0.12 * (len(pieces) > 1 and k == 0)
            score += 0.15 * (k == 0 and len(pieces) > 2) - 0.2 * (i in addressed)
            score += 0.1 * (line.box.height > 1.4 * page.line_height and down < 0.3)
            score += 0.06 * min(seen[squeeze(text)] - 1, 2)
            score += 0.15 * (i == 0 or down < 0.05) * (page.page.aspect < 0.62)
            score -= 0.3 * (down > 0.4 and not formal and not (heads and down > FOOT))
            score += 0.12 * (heads and down > FOOT) + 0.06 * heads
            score -= 0.45 * is_key_line(page, i, words) + 0.4 * (i in priced)
            score -= 0.2 * (len(words) > 8) + 0.3 * (TITLE.search(text) is not None)
            score -= 0.25 * is_person(text)
            if block is not None and words[0] not in names:
                score -= 0.15  # a person, a street or a country of an address
            if block is not None and block.role in (BUYER, OTHER):
                score -= 0.5
            # Under another address stands the one it is sent to.
            elif block is not None and is_lower(block, blocks) and down < FOOT:
                score -= 0.12
            if score > 0.1:
                found.append(Party(index, words, lines_under(page, words, blocks), score, text))
    return found


def _buyers(
    page: ReadPage,
    index: int,
    blocks: Sequence[Block],
    addressed: Set[int],
    seen: Counter[str],
    domains: Sequence[str],
) -> list[Party]:
    """Names without a key that may be the buyer's: in address fields of the first page."""
    height = max(page.page.height, 1.0)
    found = []
    for block in blocks:
        down = block.box.y0 / height
        if not 0.03 < down < 0.55 or index > 0:
            continue
        words = name_of(page, block)
        if words is None:
            continue
        text = text_of(page, words)
        score = 0.32 + 0.1 * (block.box.x0 < 0.4 * page.page.width)
        score -= 0.25 * matches_domain(text, domains)
        score += 0.25 * bool(addressed & set(block.lines))
        score += 0.08 * (down > 0.12) - 0.05 * (down < 0.08)
        score -= 0.08 * (seen[squeeze(text)] > 1)
        score -= 0.3 * (block.role in (SELLER, OTHER))
        if len(blocks) > 1:
            score += 0.1 if is_lower(block, blocks) else -0.1
        found.append(Party(index, words, lines_under(page, words, blocks), score, text))
    return found


def _leads(page: ReadPage, pieces: Sequence[tuple[int, ...]]) -> bool:
    """Whether an address in one line begins with a name, even one like "Blende 8"."""
    first, second = (text_of(page, piece) for piece in pieces[:2])
    return not is_street(first) or is_street(second)


def _priced(page: ReadPage) -> set[int]:
    """Lines with an amount of money to their right in the same row: items and sums."""
    money = [
        page.page.lines[i].box
        for i, amounts in enumerate(page.amounts)
        if any(amount.is_money for amount in amounts)
    ]
    return {
        i
        for i, line in enumerate(page.page.lines)
        if any(
            box.x0 > line.box.x0
            and box.overlap_y(line.box) > 0.5 * min(box.height, line.box.height)
            for box in money
        )
    }


def _addressed(page: ReadPage) -> set[int]:
    """Lines right under an address in one line: who gets the letter, in the window."""
    found = set()
    for i, line in enumerate(page.page.lines):
        if line.box.y0 < 0.4 * page.page.height and len(pieces_of(page, i)) > 2:
            below = neighbour(page, i, up=False)
            if below is not None:
                found.add(below)
    return found
