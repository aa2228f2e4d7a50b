# ruff: noqa: SIM905 (one line holds many words)
"""Lines that make an address, and what the heading over them says of whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kie.candidates import ReadPage
from kie.folding import squeeze
from kie.keys import Key
from kie.party_names import (
    is_country,
    is_form_alone,
    is_formal,
    is_name,
    is_person,
    is_phrase,
    is_salutation,
    is_street,
)
from structure.core.geometry import Box

SELLER, BUYER, OTHER = "seller_name", "buyer_name", "_other_party"
"""Who owns an address; the third is where goods are sent, or who is paid."""

POSTAL = re.compile(
    r"(?:^|[\s,])(?:[A-Z]{1,2}-?\s?)?\d{4,6}(?:-\d{3,4})?[\s,]+[^\W\d_]{2,}"
    r"|[^\W\d_]{2,}[.,]?\s+[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b\d{3}\s\d{2}\s+[^\W\d_]{2,}|\u3012\s?\d{3}-\d{4}"
    r"|[^\W\d_]{2,}[\s,-]{1,3}\d{6}$|\b\d{6},?\s+\u0433\.\s?[^\W\d_]{2,}"  # India, Russia
    r"|\b\d{2}-\d{3}\s+[^\W\d_]{2,}|\b\d{4}\s?[A-Z]{2}\s+[^\W\d_]{2,}"
    r"|^\d{5}\s-\s[^\W\d_]{3,}|,\s[A-Z][a-z]{3,}(?:\s[A-Z][a-z]+)?\s\d{5}(?:-\d{4})?$"
    # Canada, Australia, Ireland
    r"|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b|\b(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT)\s+\d{4}\b"
    r"|\b[A-Z]\d[\dW]\s[A-Z\d]{4}\b"
)
_SEPARATOR = re.compile(r"\s+[\u00b7\u2022|*/\u2219\u25cf~\u2013\u2014-]\s+|\s*[\u00b7\u2022|]\s*")
_LABELS = frozenset("nummer number numero id name details code gln kennung land country".split())

CLOSE = 0.7
"""Heights of a line between the pieces of one name that OCR cut apart, at most."""

HEADING = 2.6
"""Heights of a line between an address and the heading over it, at most."""

COLUMN = 45.0
"""Heights of a line between a heading and an address beside it, at most."""


@dataclass(slots=True)
class Block:
    """An address.

    Attributes:
        lines: From the name to the town or the country.
        town: Index in `lines` of the line with postal code and town.
        box: Pixels.
        role: What a heading says of it; None without one.
        strength: Of that heading, 0 to 1.
    """

    lines: list[int]
    town: int
    box: Box
    role: str | None = None
    strength: float = 0.0


def keys_by_line(page: ReadPage) -> dict[int, list[Key]]:
    """Keys of each line."""
    found: dict[int, list[Key]] = {}
    for key in page.keys:
        found.setdefault(page.page.words[key.start].line_id, []).append(key)
    return found


def role_of(key: Key) -> str | None:
    """Whose name a key announces."""
    best = max((SELLER, BUYER, OTHER), key=lambda role: key.names.get(role, 0.0))
    return best if key.names.get(best, 0.0) > 0 else None


def blocks_of(page: ReadPage) -> list[Block]:
    """Lines under each other at one left edge, with a line of postal code and town among them."""
    lines = page.page.lines
    headings = _headings(page)
    order = sorted(range(len(lines)), key=lambda i: lines[i].box.y0)
    blocks = []
    used: set[int] = set()
    for index in order:
        if index in used or not POSTAL.search(lines[index].text):
            continue
        if len(pieces_of(page, index)) > 1:
            continue  # an address in one line, as over the window of an envelope
        stack = [index]
        while len(stack) < 7 and stack[0] not in headings:
            above = neighbour(page, stack[0], up=True)
            if above is None or above in used or len(pieces_of(page, above)) > 2:
                break
            stack.insert(0, above)
        town = len(stack) - 1
        below = neighbour(page, index, up=False)
        # "15260 Ventura Blvd" looks like a code and a town: the town, or the country, follows.
        if below is not None and _ends_address(page, below):
            stack.append(below)
        used.update(stack)
        role, strength = headings.get(stack[0], (None, 0.0))
        if role is not None and town > 0:
            stack, town = stack[1:], town - 1
        box = page.box_of([w for i in stack for w in page.words_of[i]])
        if role is None:
            role, strength = _heading_near(page, stack, box, headings)
        blocks.append(Block(stack, town, box, role, strength))
    return blocks


def _ends_address(page: ReadPage, line: int) -> bool:
    """Whether a line under code and town is another of them, or a country: no number, no label."""
    text = page.page.lines[line].text
    if POSTAL.search(text) or is_country(text):
        return True
    labelled = any(key.start == page.words_of[line][0] for key in page.keys)
    return (
        not labelled
        and "@" not in text
        and not any(char.isdigit() for char in text)
        and not is_phrase(text)
    )


def _headings(page: ReadPage) -> dict[int, tuple[str, float]]:
    """Lines that are headings of parties and nothing else."""
    found = {}
    for line, keys in keys_by_line(page).items():
        words = page.words_of[line]
        role = role_of(keys[0])
        whole = keys[0].start == words[0] and keys[-1].end > words[-1]
        if role is not None and whole:
            found[line] = (role, keys[0].names[role])
    return found


def _heading_near(
    page: ReadPage, stack: Sequence[int], box: Box, headings: Mapping[int, tuple[str, float]]
) -> tuple[str | None, float]:
    """The heading closely above an address, or to the left of its first line."""
    best: tuple[float, str | None, float] = (HEADING * page.line_height, None, 0.0)
    first = page.page.lines[stack[0]].box
    for line, (role, strength) in headings.items():
        head = page.page.lines[line].box
        gap = box.y0 - head.y1
        near = abs(head.x0 - box.x0) < 2 * page.line_height or (
            abs(head.center[0] - box.center[0]) < page.line_height
        )
        if near and -0.3 * head.height <= gap < best[0]:
            best = (gap, role, strength)
        beside = head.overlap_y(first) > 0.5 * min(head.height, first.height)
        if beside and nearest_right(page, line, COLUMN) == stack[0]:
            return role, strength
    return best[1], best[2]


def name_of(page: ReadPage, block: Block) -> tuple[int, ...] | None:
    """The words of the name in an address: above the street, and the company before a person."""
    lines = page.page.lines
    upper = block.lines[: block.town]
    streets = [at for at, i in enumerate(upper) if is_street(lines[i].text)]
    names = []
    for i in upper[: streets[-1]] if streets else upper:
        words = tuple(page.words_of[i])
        alone = len(words) == 1 and is_salutation(lines[i].text)
        if not alone and is_name(lines[i].text) and not is_key_line(page, i, words):
            names.append(i)
    if not names:
        return None
    texts = {i: lines[i].text for i in names}
    companies = [i for i in names if not is_person(texts[i])] or names
    best = next((i for i in companies if is_formal(texts[i])), companies[0])
    words = tuple(page.words_of[best])
    if len(words) > 1 and is_salutation(texts[best].split()[0]):
        words = words[1:]
    return widened(page, words)


def neighbour(page: ReadPage, index: int, *, up: bool) -> int | None:
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


def nearest_right(page: ReadPage, line: int, reach: float) -> int | None:
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


def goes_on(page: ReadPage, line: int) -> bool:
    """Whether a line is the rest of one that OCR cut in two."""
    box = page.page.lines[line].box
    for i, other in enumerate(page.page.lines):
        gap = box.x0 - other.box.x1
        if (
            i != line
            and -2 <= gap < CLOSE * box.height
            and 0.6 < other.box.height / max(box.height, 1.0) < 1.7
            and other.box.overlap_y(box) > 0.5 * min(box.height, other.box.height)
            and not other.text.rstrip().endswith(":")
            and sum(char.isalpha() for char in other.text) > 1
        ):
            return True
    return False


def widened(page: ReadPage, words: Sequence[int]) -> tuple[int, ...]:
    """A name with the pieces to its right that OCR cut off, and a legal form under it."""
    found = list(words)
    while len(found) < 12:
        box = page.box_of(found[-1:])
        line = page.page.words[found[-1]].line_id
        if found[-1] != page.words_of[line][-1]:
            break
        right = nearest_right(page, line, 4.0)
        if right is None:
            break
        other = page.page.lines[right].box
        text = page.page.lines[right].text
        gap = (other.x0 - box.x1) / max(box.height, 1.0)
        alike = 0.6 < other.height / max(box.height, 1.0) < 1.7
        close = (gap < CLOSE and ":" not in text) or (gap < 4 and is_form_alone(text))
        if not alike or not close:
            break
        found += pieces_of(page, right)[0]
    below = neighbour(page, page.page.words[found[0]].line_id, up=False)
    if below is not None and is_form_alone(page.page.lines[below].text):
        found += page.words_of[below]
    return tuple(found)


def is_lower(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether another address begins clearly above."""
    return any(
        other.box.y1 <= block.box.y0 + 0.3 * block.box.height
        for other in blocks
        if other is not block
    )


def is_key_line(page: ReadPage, line: int, words: Sequence[int]) -> bool:
    """Whether half of a line are names of fields, or one ends with a colon."""
    covered = sum(
        len(page.page.words[w].text)
        for key in page.keys
        # "Kunden AG Mitte" begins with a key and is none.
        if not _of_names(key) or {key.start, key.end - 1} >= {words[0], words[-1]}
        for w in range(key.start, key.end)
        if w in words
    )
    total = sum(len(page.page.words[w].text) for w in words)
    text = text_of(page, words)
    # "Transports Blanc S.A." is a name, though most of it is a key.
    most = 0.8 if is_formal(text) else 0.5
    return ":" in text or squeeze(text) in _LABELS or covered > most * total


def _of_names(key: Key) -> bool:
    """Whether a key is a word with which names begin as well."""
    return bool({SELLER, BUYER, "_party_name"} & set(key.names))


def pieces_of(page: ReadPage, line: int) -> list[tuple[int, ...]]:
    """A line cut at dots and bars, as return addresses are written."""
    text = page.folded[line].text
    cuts = [0]
    spans = []
    for match in _SEPARATOR.finditer(text):
        spans.append((cuts[-1], match.start()))
        cuts.append(match.end())
    spans.append((cuts[-1], len(text)))
    if len(spans) == 1 and text.count(",") >= 2 and POSTAL.search(text):
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


def lines_under(
    page: ReadPage, name: tuple[int, ...], blocks: Iterable[Block]
) -> list[tuple[int, ...]]:
    """The lines of an address under a name, down to the town (and the country under it)."""
    line = page.page.words[name[0]].line_id
    for block in blocks:
        if line in block.lines:
            at = block.lines.index(line)
            rest = block.lines[at + 1 :]
            return [tuple(page.words_of[i]) for i in rest if ":" not in page.page.lines[i].text]
    pieces = pieces_of(page, line)
    if len(pieces) > 1 and name in pieces:
        return pieces[pieces.index(name) + 1 :]
    return _lines_below(page, page.page.words[name[-1]].line_id)


def _lines_below(page: ReadPage, line: int) -> list[tuple[int, ...]]:
    """Lines under a name that may be an address, though no postal code is known in them."""
    found: list[tuple[int, ...]] = []
    below = neighbour(page, line, up=False)
    while (
        below is not None and len(found) < 5 and not is_key_line(page, below, page.words_of[below])
    ):
        text = page.page.lines[below].text
        if "@" in text or sum(c.isdigit() for c in text) > sum(c.isalpha() for c in text):
            break
        found.append(tuple(page.words_of[below]))
        below = neighbour(page, below, up=False)
    has_number = any(c.isdigit() for words in found for c in text_of(page, words))
    return found if has_number else []


def text_of(page: ReadPage, words: Sequence[int]) -> str:
    """Words with blanks between them."""
    return " ".join(page.page.words[w].text for w in words)
